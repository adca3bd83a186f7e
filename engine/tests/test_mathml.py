"""Formulas on nbgrader's pages are MathML, without a script."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from courses import CHAPTERS, ROOT, instructor_notebook
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from publishing.notebooks.plain_markdown import plain


def html_of(*cells):
    """Convert cells as the course's configuration has it converted."""
    filters = {"markdown2html": "nbjudge.feedback.mathml.markdown2html"}
    exporter = HTMLExporter(config=Config({"HTMLExporter": {"filters": filters}}))
    exporter.template_name = "basic"
    return exporter.from_notebook_node(new_notebook(cells=list(cells)))[0]


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_formulas_of_a_chapter(chapter):
    """Every formula of a chapter can be set: nothing of TeX is left over, nor of MyST."""
    released = plain(instructor_notebook(chapter), ROOT, f"book/{chapter}/{chapter}.ipynb")
    cells = [cell for cell in released.cells if cell.cell_type == "markdown"]
    html = html_of(*cells)
    assert html.count("<math") > 100
    for left in (
        "\\frac",
        "\\mathbf",
        "\\begin",
        "\\tag",
        "<mi>&</mi>",
        "<mi>\\",
        "{eq}",
        "{cite",
        "em]<",
    ):
        assert left not in html, left


def test_number_of_an_equation():
    """It stands at the right, in brackets, as the text names it; of several, behind its line."""
    html = html_of(new_markdown_cell("$$\na = b \\tag{3.1}\n$$\n\nBy (3.1)."))
    number = BeautifulSoup(html, "html.parser").select_one(".nbjudge-equation > math + span")
    assert number.get_text() == "(3.1)" and "<mtext>" not in html
    inline = r"$a = b \tag{1}$ and $$\begin{align} a &= b \tag{2} \\ c &= d \tag{3} \end{align}$$"
    html = html_of(new_markdown_cell(inline))
    assert "nbjudge-equation" not in html
    assert [f'<mspace width="2em"></mspace><mtext>({n})</mtext>' in html for n in "123"] == [
        True
    ] * 3


def set_formula(tex):
    """Return what a formula is made of: spaces as _, applications as @, signs in brackets."""
    found = BeautifulSoup(html_of(new_markdown_cell(f"${tex}$")), "html.parser").find("math")
    for space in found("mspace"):
        space.string = "_"
    for sign in found("mo", form="prefix"):
        if not sign.get("fence"):
            sign.string = f"[{sign.get_text()}]"
    return found.get_text().replace("\u2061", "@").replace("\u2212", "-")


@pytest.mark.parametrize(
    ("tex", "made"),
    [
        (r"a \log p", "a_log@_p"),
        (r"\log p_c", "log@_pc"),
        (r"N\log(1-p)", "N_log@(1-p)"),
        (r"(k-1)\log p", "(k-1)_log@_p"),
        (r"\log\left(x\right)", "log@(x)"),
        (r"\log_2 p", "log2@_p"),
        (r"\log\sum_c a", "log@_∑ca"),
        (r"\log\log n", "log@_log@_n"),
        (r"\exp = f", "exp=f"),
        (r"a\,\log b", "a_log@_b"),
        (r"\operatorname{softmax}(a)", "softmax@(a)"),
        (r"-a", "[-]a"),
        (r"x \to -\infty", "x→[-]∞"),
        (r"a = -b - c", "a=[-]b-c"),
        (r"(-1)^k - \frac{-a}{2}", "([-]1)k-[-]a2"),
        (r"\log p - q", "log@_p-q"),
        (r"|x| - 1", "|x|-1"),
        (r"a = \, -b", "a=_[-]b"),
    ],
)
def test_functions_and_signs_have_their_spaces(tex, made):
    """A thin space about a function, none before its bracket, and none after a sign."""
    assert set_formula(tex) == made


@pytest.mark.parametrize("tex", [r"f'(x)", r"a_{c'}", r"w_k''", r"\mathcal{L}'"])
def test_a_prime_is_at_its_own_height(tex):
    """Fonts have primes raised: as a superscript one would float above its letter."""
    found = BeautifulSoup(html_of(new_markdown_cell(f"${tex}$")), "html.parser")
    prime = found.find("mo", string=["\u2032", "\u2033"])
    assert prime["lspace"] == prime["rspace"] == "0"
    assert not prime.find_parent(["msup", "msubsup"])


def test_infinity_and_a_slash_stand_close():
    """MathML sets spaces about both, as about operators."""
    found = BeautifulSoup(html_of(new_markdown_cell(r"$a \to -\infty, n/N$")), "html.parser")
    assert found.find("mi", string="\u221e")
    slash = found.find("mo", string="/")
    assert slash["lspace"] == slash["rspace"] == "0"


def test_the_space_between_rows_is_no_text():
    """What stands in brackets after the end of a row, unless it is no length."""
    rows = r"$$\begin{aligned} a &= b \\[0.5em] &= c \\ [d] &= e \end{aligned}$$"
    found = BeautifulSoup(html_of(new_markdown_cell(rows)), "html.parser").find("math").get_text()
    assert "em" not in found and "[d]" in found


def test_a_name_that_is_an_operator_becomes_a_name():
    """MathML sets spaces about an operator: before the bracket of its argument, too."""
    found = BeautifulSoup(html_of(new_markdown_cell(r"$\max_w f + \lim_n g$")), "html.parser")
    assert [name.get_text() for name in found("mi") if len(name.get_text()) > 1] == ["max", "lim"]


def test_what_cannot_be_set_is_shown_as_written():
    """A formula with a slip does not break the page, and cannot bring HTML into it."""
    html = html_of(new_markdown_cell(r"So $\frac{1}{<b>$ follows."))
    assert "<math" in html or "<code>" in html
    assert "<b>" not in html


def test_attached_photo_is_shown():
    """A derivation may be a photo in the cell."""
    cell = new_markdown_cell("![sheet](attachment:sheet.png)")
    cell["attachments"] = {"sheet.png": {"image/png": "iVBORw0KGgo="}}
    assert "data:image/png;base64,iVBORw0KGgo=" in html_of(cell)
