"""A submission's page: its button folds the chapter, and both colour schemes can be read."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from cells import code_cell, notebook
from hostile_pages import PNG
from nbformat.v4 import new_markdown_cell, new_output
from nbgrader.server_extensions.formgrader import handlers
from nbjudge.feedback import pages
from nbjudge.feedback.sanitise import CleanHTML
from playwright.sync_api import expect
from submission_pages import NAMES, exporter
from traitlets.config import Config

CHAPTER = ("The chapter's text.", "print('the chapter')")
NOTE = """A note of mine.

> A `name` and [a link](https://example.org).

| a | b |
|---|---|
| 1 | 2 |

```python
print("code")
```

$$a_1 = \\frac{1}{2} \\tag{3}$$"""
POINTS = "".join(
    f'<tr class="nbjudge-{state}"><td>{mark}</td><td><a href="#x">Exercise</a></td><td>1 of 2</td>'
    f'<td><p><a href="#y">Few tosses</a><span class="nbjudge-message">got 1</span></p></td></tr>'
    for state, mark in {"all": "✓", "lost": "✗", "waits": "…"}.items()
)
COLOURED = " ".join(
    f"\x1b[{code}mcolour\x1b[0m" for code in (7, "1;31", "30;43", *range(30, 38), *range(90, 98))
)
CODE = '''
@decorated
class Coin(Base):
    """What it says."""

    def toss(self, x=1.5):  # a comment
        if x is not None and len(x) > 0x1F:
            raise ValueError(f"no {x!r}\\n")
'''
OUTPUTS = [
    new_output("stream", name="stdout", text=COLOURED),
    new_output("stream", name="stderr", text="a warning"),
    new_output("display_data", {"image/png": PNG, "text/plain": "a figure"}),
    new_output("display_data", {"text/html": "<table border='1'><tr><td>1</td></tr></table>"}),
    new_output("error", ename="E", evalue="no", traceback=[COLOURED]),
]
TEST = {"grade": True, "locked": True, "score": 1, "points": 1}


@pytest.fixture(params=["formgrade", "feedback"])
def page(request, browser, tmp_path, monkeypatch):
    """A submission's page in a window."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    made = notebook(
        new_markdown_cell(CHAPTER[0]),
        code_cell(CHAPTER[1]),
        code_cell("answer = 42", "answer", solution=True),
        code_cell("assert answer == 42", "is_passed", **TEST),
    )
    (tmp_path / "release" / "n").mkdir(parents=True)
    nbformat.write(made, tmp_path / "release" / "n" / "n.ipynb")
    points = new_markdown_cell()
    points.source = CleanHTML(f'<table id="points-by-exercise" class="table">{POINTS}</table>')
    made.cells += [points, new_markdown_cell(NOTE), code_cell(CODE)]
    made.cells[-1].outputs = OUTPUTS
    config = Config()
    config.CourseDirectory.root = str(tmp_path)
    pages.configure(config)
    resources = {**dict.fromkeys(NAMES, "n"), "base_url": tmp_path.as_uri(), "index": 0, "total": 1}
    resources["nbgrader"] = {"notebook": "n", "late_penalty": 0, "score": 1, "max_score": 1}
    html, _ = exporter(request.param, config).from_notebook_node(made, resources=resources)
    (tmp_path / "page.html").write_text(html)
    (tmp_path / "formgrader").mkdir()
    (tmp_path / "formgrader" / "static").symlink_to(Path(handlers.static_path))
    visitor = Visitor(browser, bypass_csp=request.node.originalname.startswith("test_axe"))
    visitor.page.goto((tmp_path / "page.html").as_uri())
    yield visitor.page
    visitor.close()


def test_the_button_folds_and_unfolds(page, step):
    """A student's own cells are seen always; so is the line of a test that was passed."""
    folded = [page.get_by_text(text) for text in (*CHAPTER, "assert answer")]
    seen = [page.get_by_text(text) for text in ("answer = 42", "is_passed", "A note of mine.")]
    for visible in (False, True, False):
        for place in folded:
            expect(place).to_be_visible(visible=visible)
        for place in seen:
            expect(place).to_be_visible()
        step(page, "whole" if visible else "folded")
        page.get_by_label("Show the whole notebook").click()


@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_serious_in_either_scheme(page, width, step):
    """Of the whole notebook, on a phone and on a desk: code, outputs, tables, marks and fields."""
    page.set_viewport_size({"width": width, "height": 900})
    page.get_by_label("Show the whole notebook").check()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = Axe().run(page).response["violations"]
        step(page, f"{scheme}-{width}")
        assert [
            (scheme, one["id"], one["nodes"][0]["html"])
            for one in found
            if one["impact"] in ("serious", "critical")
        ] == []


def test_paper_is_light_and_pictures_stay_on_white(page):
    """What is printed from a dark screen has dark letters; a picture is never on a dark ground."""
    ink, ground = "color", "background-color"
    page.emulate_media(color_scheme="dark")
    picture = page.locator("#notebook img")
    expect(page.locator("body")).to_have_css(ink, "rgb(232, 235, 239)")
    expect(page.locator("body")).to_have_css(ground, "rgb(18, 18, 18)")
    expect(picture).to_have_css(ground, "rgb(255, 255, 255)")
    expect(picture).to_have_css("filter", "none")
    page.emulate_media(color_scheme="dark", media="print")
    text = page.get_by_text("A note of mine.")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "light"
    assert (
        page.evaluate("getComputedStyle(document.body).getPropertyValue('--course-page')").strip()
        == "#ffffff"
    )
    expect(text).to_have_css(ink, "rgb(0, 0, 0)")
