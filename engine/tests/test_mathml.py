"""Formulas on nbgrader's pages are MathML, without a script."""

from __future__ import annotations

import pytest
from courses import CHAPTERS, ROOT, instructor_notebook
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook
from traitlets.config import Config

from publishing.plain import plain


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
    for left in ("\\frac", "\\mathbf", "\\begin", "\\tag", "<mi>&</mi>", "<mi>\\", "{eq}", "{cite"):
        assert left not in html, left


def test_number_of_an_equation():
    """It stands behind the formula, in brackets, as the text names it."""
    html = html_of(new_markdown_cell("$$\na = b \\tag{3.1}\n$$\n\nBy (3.1)."))
    assert '<mspace width="2em"></mspace><mtext>(3.1)</mtext>' in html


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
