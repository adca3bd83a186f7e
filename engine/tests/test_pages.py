"""Pages that show a submission: what they keep, and that nothing in them runs or is fetched."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from urllib.parse import quote, unquote

import hostile_pages
import pytest
from bs4 import BeautifulSoup
from cells import code_cell
from courses import CHAPTERS, instructor_notebook
from jinja2 import Environment
from jinja2.runtime import new_context
from nbformat.v4 import new_markdown_cell, new_output
from nbjudge.feedback import highlight, mathml, pages, patience, sanitise
from nbjudge.feedback.sanitise import clean_html
from submission_pages import exporter, page_of
from traitlets.config import Config

KINDS = ("formgrade", "feedback")
OUTPUTS = {
    name: [new_output("display_data", data=data, metadata=metadata)]
    for name, (data, metadata) in hostile_pages.BUNDLES.items()
}
HOSTILE = hostile_pages.MARKDOWN | hostile_pages.CLICKED | hostile_pages.CLOBBERING


@pytest.fixture(scope="module", params=KINDS)
def made(request):
    """What makes the pages of one kind, with the safe pages switched on."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_PATH", "")
        config = Config()
        pages.configure(config)
        made = exporter(request.param, config)
        made.honest = powers(page_of(made, new_markdown_cell("Text"), code_cell("1", "a")))
        yield made


def powers(page):
    """List what of a page could run, could be fetched, or could stand for a part of the page."""
    found = [
        str(tag)
        for tag in page(
            [
                "script",
                "style",
                "link",
                "meta",
                "base",
                "iframe",
                "object",
                "embed",
                "form",
                "svg",
                "video",
                "textarea",
            ]
        )
    ]
    for tag in page(True):
        for name, value in tag.attrs.items():
            value = " ".join(value) if isinstance(value, list) else value
            address = name in (
                "src",
                "href",
                "data",
                "action",
                "formaction",
                "srcset",
                "xlink:href",
            )
            own = (
                value.startswith(("data:image/", "#in-text:", "https://")) or value == "nothing.png"
            )
            if (address and not own) or name.startswith(("on", "data-")):
                found.append(f"{tag.name} {name}={value}")
            inside = tag.find_parent(class_="text_cell_render") or tag.find_parent(class_="output")
            free = ("in-text:", "cell-id=")
            if inside and ((name == "id" and not value.startswith(free)) or name == "name"):
                found.append(f"{tag.name} {name}={value}")
            if (
                inside
                and name == "class"
                and re.search("score|tabbable|nbgrader|nav|credit", value)
            ):
                found.append(f"{tag.name} {name}={value}")
            if name == "style" and inside and re.search("url|position|margin", value):
                found.append(f"{tag.name} {name}={value}")
    return sorted(re.sub("cell-id=[0-9a-f-]+", "", one) for one in found)


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_has_no_power(made, name):
    """Whatever Markdown says, the page can do what the page of an honest submission can."""
    assert (
        powers(page_of(made, new_markdown_cell(HOSTILE[name]), code_cell("1", "a"))) == made.honest
    )


@pytest.mark.parametrize("name", OUTPUTS)
def test_output_has_no_power(made, name):
    """Whatever a cell displays, the page can do what the page of an honest submission can."""
    cell = code_cell("1", "a")
    cell.outputs = OUTPUTS[name]
    assert powers(page_of(made, new_markdown_cell("Text"), cell)) == made.honest


def test_names_and_metadata_have_no_power(made):
    """Nor have names of students and files, tags, languages, titles, and attachments."""
    hostile = '"></title><script>steal()</script><img src=x onerror=steal()>'
    cell = code_cell("1", "a")
    cell.metadata.update(tags=[hostile], magics_language=hostile, alt=hostile, transient="x")
    raw = code_cell(hostile)
    raw.cell_type, raw.metadata["raw_mimetype"] = "raw", 7
    attached = new_markdown_cell("![x](attachment:a) ![x](attachment:b) ![x](attachment:none)")
    attached["attachments"] = {"a": {hostile: hostile}, "b": {}}
    widgets = {"application/vnd.jupyter.widget-state+json": {"state": hostile}}
    page = page_of(
        made, cell, raw, attached, name=hostile, metadata={"title": hostile, "widgets": widgets}
    )
    assert not [tag for tag in page("script") if tag.get_text().strip() == "steal()"]
    assert not page.find_all(onerror=True)
    assert len(page("script")) == len([one for one in made.honest if one.startswith("<script")])


@pytest.mark.parametrize(
    "name", ["script", "image", "style", "heading", "output-html", "output-png-width"]
)
def test_without_the_safe_pages_they_have(name, monkeypatch):
    """The check of these tests sees what nbgrader's own pages let through."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    stock = exporter("feedback", Config())
    cell = code_cell("1", "a")
    honest = powers(page_of(stock, new_markdown_cell("Text"), cell))
    cell.outputs = OUTPUTS.get(name, [])
    assert powers(page_of(stock, new_markdown_cell(HOSTILE.get(name, "Text")), cell)) != honest


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapters_text_is_kept(chapter):
    """Text, tables, formulas and folded hints of a chapter are what they are without cleaning."""
    context = new_context(Environment(), None, {}, None, False, None, {})
    text = "\n\n".join(
        c.source for c in instructor_notebook(chapter).cells if c.cell_type == "markdown"
    )
    before = BeautifulSoup(mathml.markdown2html(context, text), "html.parser")
    after = BeautifulSoup(clean_html(mathml.markdown2html(context, text)), "html.parser")
    assert after.get_text() == before.get_text()
    assert _shape(after) == _shape(before)


def _shape(page):
    changed = ("id", "href", "rel", "target")  # in the page itself, and out of it
    return [
        (tag.name, {k: v for k, v in tag.attrs.items() if k not in changed}) for tag in page(True)
    ]


def test_what_cells_show_is_kept(made):
    """Pictures with their sizes, tables of pandas, formulas, drawings, text and errors."""
    table = '<div>\n<style scoped>.dataframe { color: red }</style>\n<table border="1" class="dataframe"><thead><tr style="text-align: right;"><th></th><th>x</th></tr></thead><tbody><tr><th>0</th><td>1.5</td></tr></tbody></table>\n</div>'
    cell = code_cell("1", "a")
    cell.outputs = [
        new_output("display_data", data={"text/html": table, "text/plain": "x"}),
        new_output("display_data", data={"image/png": hostile_pages.PNG, "text/plain": "x"},
                   metadata={"image/png": {"width": 33, "height": 44}}),
        new_output("display_data", data={"image/svg+xml": "<svg/>"}),
        new_output("display_data", data={"text/markdown": "**bold** $x^2$ [link](https://a.org)"}),
        new_output("display_data", data={"application/vnd.vegalite.v5+json": {}, "text/plain": "alt.Chart(...)"}),
        new_output("display_data", data={"application/javascript": "steal()"}),
        new_output("stream", text="said <this>"),
        new_output("error", ename="ValueError", evalue="no", traceback=["\x1b[31mValueError\x1b[0m: no"]),
    ]  # fmt: skip
    page = page_of(made, cell)
    output = page.find(class_="output")
    assert [th.get_text() for th in output.find(class_="dataframe")("th")] == ["", "x", "0"]
    assert output.find("tr")["style"].replace(" ", "").rstrip(";") == "text-align:right"
    assert "color: red" not in output.get_text()
    picture = output.find("img", width="33")
    assert picture["height"] == "44" and hostile_pages.PNG in picture["src"]
    assert output.find("img", src=re.compile("^data:image/svg"))
    assert output.find("strong").get_text() == "bold" and output.find("msup")
    assert output.find("a", href="https://a.org")["rel"] == ["noopener", "noreferrer"]
    text = output.get_text()
    for said in (
        "An interactive figure",
        "said <this>",
        "ValueError: no",
        "[not shown: 'application/javascript']",
    ):
        assert said in text


@pytest.mark.parametrize(
    ("data", "shown"),
    [
        ({"image/gif": "R0lGODlh\n"}, 'src="data:image/gif;base64,R0lGODlh"'),
        ({"image/webp": "UklGRg=="}, 'src="data:image/webp;base64,UklGRg=="'),
        ({"application/pdf": "JVBERi0="}, "not shown: 'application/pdf'"),
        ({"image/bmp": "Qk0="}, "not shown: 'image/bmp'"),
        ({"text/latex": "$\\displaystyle x^{2}$"}, "<msup>"),
        (
            {"text/html": "<iframe src='a.html'></iframe>"},
            "not shown here: a page or file in a frame",
        ),
    ],
)
def test_what_an_answer_shows_is_shown_or_named(made, data, shown):
    """A film of pictures, a formula of sympy, and what a page has no place for."""
    cell = code_cell("1", "a")
    cell.outputs = [new_output("display_data", data={**data, "text/plain": "<an object>"})]
    assert shown in str(page_of(made, cell).find(class_="output"))


def test_attached_photo_and_files_beside_are_shown(made):
    """A derivation may be a photo, in the cell or beside the notebook."""
    cell = new_markdown_cell(
        "![a](attachment:a.png) ![b](photos/b%201.JPG) ![c](https://a.org/c.png)"
    )
    cell["attachments"] = {"a.png": {"image/png": hostile_pages.PNG}}
    text = page_of(made, cell).find(class_="rendered_html")
    shown = [i.get("src") for i in text("img")]
    assert shown == [f"data:image/png;base64,{hostile_pages.PNG}", "photos/b%201.JPG"]
    assert "a picture from another site, not fetched: https://a.org/c.png" in text.get_text()


NAMES = [
    *("photo.jpg", "IMG_1234.JPG", "./photo.jpg", "./pics/photo.jpg", "photo (1).jpg", "Größe.png"),
    *("naïve.jpg", "图片.png", "a+b.png", "scan,1.png", "Foto'1.jpg", "2026:10:05.jpg"),
    *("Screenshot 2026-10-05 at 3.00.00\u202fPM.png", "WhatsApp Image 2026.jpeg", "a;b&c=d.gif"),
    *("Gro\u0308ße.png", "100%.png", "[1].webp"),
]
"""Names that phones, messengers and systems give to pictures."""


@pytest.mark.parametrize("name", NAMES)
def test_pictures_are_shown_under_the_names_that_phones_give(made, name):
    """Beside the notebook and attached, linked with `%20` or in brackets, as Markdown and HTML."""
    plain = name.removeprefix("./")
    cell = new_markdown_cell(
        f'![a]({quote(name)}) ![b](<{name}>)\n\n<img src="{name}" width="300">\n\n'
        f'![c](attachment:{quote(plain)})\n\n<img src="attachment:{plain}" width="300">'
    )
    cell["attachments"] = {plain: {"image/png": hostile_pages.PNG}}
    images = page_of(made, cell).find(class_="rendered_html")("img")
    shown = [unquote(image.get("src", "")) for image in images]
    attached = f"data:image/png;base64,{hostile_pages.PNG}"
    if "%" in name:  # as HTML it is no address: a browser would look for another file, too
        del shown[2]
        assert shown == [plain, attached, attached] or shown == [plain, plain, attached, attached]
    else:
        assert shown == [plain, plain, plain, attached, attached]
    assert all(re.fullmatch(r"[A-Za-z0-9_.~/%-]+|data:.*", i.get("src", "")) for i in images)


@pytest.mark.parametrize("name", ["sheet.heic", "Blatt 1.tiff", "derivation.pdf", "scan.avif"])
def test_what_a_browser_cannot_show_is_named(made, name):
    """A person who grades is told of the file, and can open it."""
    beside = new_markdown_cell(f"![a](<{name}>) [my derivation](<{name}>)")
    rendered = page_of(made, beside).find(class_="rendered_html")
    assert f"a file was handed in that a browser does not show: {name}" in rendered.get_text()
    assert [link["href"] for link in rendered("a", href=True)] == [quote(name)] * 2
    attached = new_markdown_cell(f"![a](attachment:{quote(name)})")
    attached["attachments"] = {name: {"image/heic": "AAAA"}}
    said = page_of(made, attached).find(class_="rendered_html").get_text()
    assert f"attached, and no picture that a browser shows: {name} (image/heic)" in said
    assert "none.png" in page_of(made, new_markdown_cell("![a](attachment:none.png)")).get_text()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("![my sheet](file:///home/ada/sheet.png)", "not shown here: my sheet"),
        (r"![my sheet](C:\Users\ada\sheet.png)", "not shown here: my sheet"),
        ("![my sheet](blob:http://localhost/1)", "not shown here: my sheet"),
        ("<svg width='9' height='9'><circle r='4'/></svg>", "not shown here: a drawing"),
        ("<video src='film.mp4'></video>", "not shown here: a film"),
        ("[my notes](notes.ipynb)", "not opened here: notes.ipynb"),
        ("[my notes](code/my%20notes.py)", "not opened here: code/my notes.py"),
        ("see the sheet", "attached, and not in the text: sheet 1.png"),
    ],
)
def test_what_a_page_leaves_out_is_named(made, text, said):
    """Nothing that a student handed in is missing without a word."""
    cell = new_markdown_cell(text)
    if "attached" in said:
        cell["attachments"] = {"sheet 1.png": {"image/png": hostile_pages.PNG}}
    rendered = page_of(made, cell).find(class_="rendered_html")
    assert f"{said}]" in rendered.get_text()
    assert not rendered("a", href=re.compile("not-shown"))


@pytest.mark.parametrize("address", [
    "../a.png", "%2e%2e/a.png", "/a.png", "//h/a.png", r"\\h\a.png", "x\ty/../a.png", "a.png?b=.png",
    "pics//a.png", "javascript:a.png", "data:text/html,a.png", "file:///a.png",
])  # fmt: skip
def test_addresses_that_are_no_file_beside_are_not_fetched(made, address):
    """Neither as a picture nor as a link."""
    cell = new_markdown_cell(f'<img src="{address}"> <a href="{address}">x</a>')
    rendered = page_of(made, cell).find(class_="rendered_html")
    for tag in rendered(["img", "a"]):
        found = tag.get("src") or tag.get("href") or ""
        assert not re.search(r"^/|^[a-z]+:|\.\.|\\|\?", found), found


def test_commands_of_formulas_hold_through_the_page(made):
    """What one formula defines, all that follow know, in this cell and in later ones."""
    first = new_markdown_cell(
        r"$\newcommand{\R}{\mathbb{R}} \newcommand{\norm}[2][2]{\lVert #2 \rVert_{#1}}$"
        r" $\DeclareMathOperator{\Var}{Var} \def\half{\frac12}$ and $\R$"
    )
    second = new_markdown_cell(
        r"So $\norm{w}^2 \in \R$, $\norm[1]{w}$, $\Var(X) \ge \half$, $\arg\max_w L$, see \eqref{a}."
        "\n\n"
        r"$$x = -\infty \label{a} \tag{7}$$"
        "\n\n"
        r"By \eqref{a}, \qed $\qed$"
    )
    page = page_of(made, first, second)
    text = page.get_text()
    assert not re.search(r"\\(R|norm|Var|half|arg|label|eqref|newcommand)", text)
    assert "By (7)" in text and "Var" in text and "\u211d" in text.lower()
    assert page.find("mo", form="prefix")


def test_a_command_that_never_ends_is_shown_as_written(made):
    """Definitions that call themselves, or double themselves, cost a page nothing."""
    chain = "".join(
        rf"\def\{a}{{\{b}\{b}}}"
        for a, b in zip("abcdefghijklmnopq", "bcdefghijklmnopqr", strict=True)
    )
    cell = new_markdown_cell(rf"$\def\x{{\x\x}} \x$ ${chain}$ $\a$ after")
    assert "after" in page_of(made, cell).get_text()


def test_code_that_wears_out_a_lexer_is_shown_without_colours(made):
    """Blank lines, over which IPython's grammar takes a time that is squared."""
    started = time.process_time()
    cell = code_cell(" \n" * 20_000 + "last_line = 1", "a")
    fenced = new_markdown_cell("```ipython3\n" + " \n" * 8_000 + "last_fence = 1\n```")
    text = page_of(made, cell, fenced).get_text()
    assert "last_line" in text and "last_fence" in text
    assert time.process_time() - started < 60  # of minutes and hours


def test_html_that_grows_while_it_is_read_is_shown_as_written(made):
    """Elements that every paragraph opens again: a page of hundreds of megabytes otherwise."""
    bold = "".join(f"<b id={i}>" for i in range(6000))
    grown = f"<p>{bold}</p>" + "<p>x</p>" * 6000
    cell = code_cell("1", "a")
    cell.outputs = [new_output("display_data", data={"text/html": grown})]
    page = page_of(made, cell, new_markdown_cell(grown[:19_000]), new_markdown_cell("after"))
    assert len(str(page)) < 1_000_000 and "after" in page.get_text()


def test_a_page_of_what_wears_out_its_readers(made, monkeypatch):
    """Thousands of cells that are each just fast enough have ten seconds together."""
    asked = []
    usual = highlight.get_lexer_by_name
    monkeypatch.setattr(
        highlight, "get_lexer_by_name", lambda name: asked.append(name) or usual(name)
    )
    monkeypatch.setattr(patience, "_OF_A_PAGE", 0.1)
    highlight._highlighted.cache_clear()
    slow = [code_cell(" \n" * 3000 + f"slow = {number}") for number in range(6)]
    page = page_of(made, *slow[:5], code_cell("short = 1"))
    assert len(asked) <= 3
    assert "slow = 4" in page.get_text() and page.find("span", string="short")
    monkeypatch.setattr(sanitise, "_cleaned_elsewhere", lambda html: asked.append(html) or html)
    html = "<p>" + "<b>" * 500 + "</p>" + "<p>x</p>" * 500
    shown = code_cell("1")
    shown.outputs = [new_output("display_data", data={"text/html": html})]
    asked.clear()
    page_of(made, slow[5], shown)
    assert html not in asked
    page_of(made, shown)
    assert html in asked


def test_a_terminals_colours_without_number(made):
    """Text with hundreds of thousands of colour codes keeps its words."""
    cell = code_cell("1", "a")
    cell.outputs = [new_output("stream", text="\x1b[31mred\x1b[0m" * 200_000 + "the end")]
    assert "the end" in page_of(made, cell).get_text()
    cell.outputs = [new_output("stream", text="\x1b[31mred\x1b[0m")]
    assert page_of(made, cell).find(class_="ansi-red-fg").get_text() == "red"


def test_interactive_figures_are_a_sentence(made):
    """Not the words that tell an author to install a renderer; a still picture where there is one."""
    cell = code_cell("1", "a")
    told = (
        "<VegaLite 5 object>\n\nIf you see this message, it means the renderer has not been enabled"
    )
    data = {"application/vnd.vegalite.v5+json": {}, "text/plain": told}
    still = {**data, "image/png": hostile_pages.PNG}
    cell.outputs = [new_output("display_data", data=data), new_output("display_data", data=still)]
    output = page_of(made, cell).find(class_="output_wrapper")
    assert "renderer" not in output.get_text() and "An interactive figure" in output.get_text()
    assert len(output("img")) == 1


@pytest.mark.parametrize(
    "text",
    ["<div>" * 3_000, "[" * 50_000, "$$ x " * 3_000, "*a **b " * 2_000],
    ids=["deep", "brackets", "dollars", "stars"],
)
def test_markdown_that_wears_out_its_reader(made, text):
    """The page is made all the same; what is too long to be parsed is shown as it was written."""
    page = page_of(made, new_markdown_cell(text), new_markdown_cell("after"))
    assert "after" in page.get_text()


def test_a_student_draws_within_a_cell(made):
    """A link with a padding of thousands of pixels would lie over the score, and take the click."""
    style = "".join(tag.get_text() for tag in page_of(made, new_markdown_cell("Text"))("style"))
    assert re.search(
        r"\.text_cell_render, \.output_area, \.input_area \{ contain: paint; \}", style
    )


def test_policy_lets_nbgraders_own_scripts_run(made):
    """What the policy allows is what nbgrader's template says behind it, and nothing else."""
    page = page_of(made, new_markdown_cell("Text"), code_cell("1", "a"))
    policy = page.find("meta", {"http-equiv": "Content-Security-Policy"})
    behind = [tag.string for tag in policy.find_all_next("script")]
    behind += [tag["onclick"] for tag in policy.find_all_next(onclick=True)]
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in behind
    ]
    assert re.findall("'sha256-[^']*'", policy["content"]) == hashes
    assert policy["content"].startswith("default-src 'none';")
    assert "connect-src 'self'" in policy["content"] or not hashes
