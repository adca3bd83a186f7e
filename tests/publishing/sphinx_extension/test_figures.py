"""Interactive figures: what the page holds, what it loads, and what is refused."""

import json
import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from publishing.site.offline import find_requests
from publishing.sphinx_extension.figures import compiled, figure_problems


@pytest.fixture(name="page", scope="module")
def page_fixture(built_sample):
    """The page of alpha, which has one figure."""
    page = built_sample / "_build/html/book/alpha/alpha.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_figure_is_a_picture_with_a_description(page):
    """Without scripts there is a drawing, named by the specification's description."""
    (figure,) = page.select("div.vega-figure#vega-figure-1")
    still = figure.select_one(".vega-figure-still")
    assert still["role"] == "img"
    assert still["aria-label"].startswith("A line through the origin; the slider")
    assert still["aria-label"].endswith("a < b stays true.")
    assert still.svg["aria-hidden"] == "true"
    assert "A line and its slope" in still.svg.get_text()
    assert figure.select_one(".vega-figure-live").has_attr("hidden")
    assert figure.select_one(".vega-figure-controls").has_attr("hidden")


def test_drawing_takes_the_colour_of_the_text(page):
    """No word and no line is black or white: the page's colour serves light and dark."""
    drawing = page.select_one(".vega-figure-still svg")
    colours = {
        tag[name]
        for tag in drawing.find_all(True)
        for name in ("fill", "stroke")
        if name in tag.attrs
    }
    assert "currentColor" in colours
    assert not colours & {"black", "white", "#000", "#fff", "#000000", "#ffffff"}


def test_ids_of_a_drawing_are_its_own(page):
    """Two drawings on a page, or the drawing and the moving figure, share no id."""
    drawing = page.select_one(".vega-figure-still svg")
    names = [tag["id"] for tag in drawing.find_all(id=True)]
    assert names, "the figure is clipped, so it has an id"
    assert all(name.startswith("vega-figure-1-") for name in names)
    used = set(re.findall(r"url\(#([^)]+)\)", str(drawing)))
    assert used
    assert used <= set(names)


def test_specification_is_a_script_of_its_own(page, built_sample):
    """What is drawn, with the slider and the data, is not in the page, and holds no address."""
    (figure,) = page.select(".vega-figure")
    assert not figure.find_all("script")
    site = built_sample / "_build/html"
    (script,) = (site / "_static/figures").iterdir()
    assert script.name == f"{figure['data-spec']}.js"
    assert script.name not in (site / "book/alpha/alpha.html").read_text("utf-8")
    text = script.read_text(encoding="utf-8")
    head, text = text.removesuffix(";\n").split(" = ", 1)
    assert head == f'(window.vegaFigures ??= {{}})["{script.stem}"]'
    spec = json.loads(text)
    (slope,) = [signal for signal in spec["signals"] if signal["name"] == "slope"]
    assert slope["bind"]["input"] == "range"
    assert {"x": 1} in next(data["values"] for data in spec["data"] if "values" in data)
    assert "http" not in text


@pytest.mark.parametrize("edition", ["_build/html", "_build/instructor/html"])
def test_only_pages_with_figures_load_the_script(built_sample, edition):
    """The script is on alpha's page alone, and the bundle is in the site once."""
    site = built_sample / edition
    loading = {
        page.stem for page in site.rglob("*.html") if "vega-figure.js" in page.read_text("utf-8")
    }
    assert loading == {"alpha"}
    (bundle,) = site.rglob("*vega-bundle*")
    assert bundle.parent == site / "_static"
    assert bundle.stat().st_size < 1_000_000
    # Loaded by vega-figure.js when a figure comes into view, not by the page.
    assert "vega-bundle" not in (site / "book/alpha/alpha.html").read_text("utf-8")


def test_book_without_figures_has_no_bundle(course, run):
    """When the last figure goes, so do the bundle and the figure's specification."""
    path = course / "book" / "alpha" / "alpha.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "alpha-moves"]
    cell.outputs = []
    nbformat.write(notebook, path)
    result = run(course, "build", "student")
    assert result.returncode == 0, result.stderr
    assert not list((course / "_build/html").rglob("*vega-bundle*"))
    assert not list((course / "_build/html/_static").glob("figures/*"))


def test_figure_without_description_fails_the_build(course, run):
    """A figure that is not described in words is refused, and the page is named."""
    path = course / "book" / "alpha" / "alpha.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = [cell for cell in notebook.cells if cell.id == "alpha-moves"]
    del cell.outputs[0].data["application/vnd.vegalite.v5+json"]["description"]
    nbformat.write(notebook, path)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "book/alpha/alpha.ipynb" in result.stderr
    assert "interactive figure: has no description" in result.stderr


SPEC = {"description": "A dot.", "data": {"values": [{"x": 1}]}, "mark": "point", "encoding": {}}


def test_sound_figure_has_no_problem():
    """Data within, and a description."""
    assert figure_problems(SPEC) == []


def test_figure_that_fetches_is_found():
    """Data by address are named wherever they are nested, and rows named 'url' are no address."""
    foreign = {
        **SPEC,
        "hconcat": [{"layer": [{**SPEC, "data": {"url": "https://example.org/a.csv"}}]}],
    }
    assert figure_problems(foreign) == [
        "fetches 'https://example.org/a.csv'; its data must be in it"
    ]
    assert figure_problems({**SPEC, "datasets": {"d": [{"data": {"url": "a.csv"}}]}}) == []


def test_search_for_requests_reads_the_specification(tmp_path):
    """An address in a figure's specification is no blind spot of the search of the site."""
    spec = '{"data":[{"name":"source","url":"https://example.org/a.csv"}]}'
    (tmp_path / "spec.js").write_text(f'(window.vegaFigures ??= {{}})["0f"] = {spec};')
    (request,) = find_requests(tmp_path)
    assert request.address == "https://example.org/a.csv"


def test_own_settings_of_a_figure_have_precedence():
    """What the author sets stays; what is left open is the book's."""
    vega = compiled({**SPEC, "config": {"axis": {"labelFontSize": 20}}})
    assert vega["config"]["axis"]["labelFontSize"] == 20
    assert vega["config"]["axis"]["labelColor"] == "currentColor"
    assert "$schema" not in vega
