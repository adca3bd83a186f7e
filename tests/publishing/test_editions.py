"""What the two editions hold, of the small course and of the real book alike."""

import base64
import functools

import nbformat
import pytest
from bs4 import BeautifulSoup

from publishing.notebooks.files import (
    chapter_names,
    chapter_notebook,
    page_notebooks,
    released_notebook,
)
from publishing.site.leaks import find_leaks
from publishing.site.offline import find_requests
from publishing.site.secret_lines import find_pictures, find_secrets
from publishing.sphinx_extension.api_reference import PAGE
from publishing.sphinx_extension.exercise_page import MORE_TESTS

SITES = {"student": "_build/html", "instructor": "_build/instructor/html"}


@functools.lru_cache(maxsize=40)  # the chapters of both editions
def page(root, edition, path):
    return BeautifulSoup((root / SITES[edition] / path).read_text(encoding="utf-8"), "html.parser")


def chapter_pages(root, edition="student"):
    """Return the page of each chapter by its name."""
    found = {}
    for name in chapter_names(root):
        found[name] = page(root, edition, f"book/{name}/{name}.html")
    assert found
    return found


@functools.cache
def notebook(root, chapter):
    return nbformat.read(chapter_notebook(root, chapter), as_version=4)


@functools.cache
def secrets_of(root):
    return find_secrets(root)


def collapsed(element):
    return " ".join(element.get_text().split())


def test_student_site_leaks_nothing(built):
    """No file of the student's site holds a solution, a hidden test or a mark scheme."""
    kinds = {secret.kind for secret in secrets_of(built)}
    assert {"solution", "hidden test", "mark scheme", "reference library"} <= kinds
    assert find_leaks(built / SITES["student"], built) == []


def test_instructor_site_would_be_a_leak(built):
    """The same search finds every chapter's secrets in the instructor's site: it does search."""
    leaks = find_leaks(built / SITES["instructor"], built)
    origins = {leak.secret.origin for leak in leaks if leak.secret}
    assert {f"book/{name}/{name}.ipynb" for name in chapter_names(built)} <= origins


def test_picture_of_a_solution_goes_with_it(built_sample):
    """What is attached to a solution is in no file that students get, and in the instructor's."""
    (picture, origin), _ = sorted(find_pictures(built_sample).items(), key=lambda p: p[1])
    assert origin == "book/alpha/alpha.ipynb: the curve.png"
    coded = base64.b64encode(picture)
    given = [
        *(built_sample / "release").rglob("*.*"),
        *(built_sample / SITES["student"]).rglob("*.*"),
    ]
    assert not [path for path in given if path.is_file() and coded in path.read_bytes()]
    leaks = find_leaks(built_sample / SITES["instructor"], built_sample)
    told = {leak.file for leak in leaks if "the picture of a solution" in str(leak)}
    assert {"book/alpha/alpha.html", "_downloads/alpha/alpha.ipynb"} <= told
    (shown,) = chapter_pages(built_sample, "instructor")["alpha"].select('img[alt="The curve"]')
    assert shown["src"].startswith("data:image/png;base64,")


@pytest.mark.parametrize("edition", SITES)
def test_site_needs_no_network(built, edition):
    """Nothing in a page is fetched from elsewhere."""
    assert find_requests(built / SITES[edition]) == []


def test_student_site_holds_no_raw_file(built):
    """Its notebooks are the released ones and pages; no sources, pickles, folders of a build."""
    site = built / SITES["student"]
    raw = [p for p in site.rglob("*") if p.suffix in (".ipynb", ".doctree", ".pickle", ".py")]
    offered = [*chapter_names(built), *(path.stem for path in page_notebooks(built))]
    assert sorted(p.relative_to(site).as_posix() for p in raw) == sorted(
        f"_downloads/{name}/{name}.ipynb" for name in offered
    )
    for name in ("_sources", "_modules", ".doctrees", "jupyter_execute", "publishing"):
        assert not (site / name).exists()


def test_chapter_offers_the_released_notebook(built):
    """The download button of a chapter links to what nbgrader released, byte for byte."""
    site = built / SITES["student"]
    for name, soup in chapter_pages(built).items():
        (link,) = soup.select("a[download]")
        offered = (site / "book" / name / link["href"]).resolve()
        assert link["download"] == f"{name}.ipynb"
        assert offered.read_bytes() == released_notebook(built, name).read_bytes()


def test_instructor_is_offered_the_source(built):
    """The instructor's edition links to the notebook of the book."""
    site = built / SITES["instructor"]
    for name, soup in chapter_pages(built, "instructor").items():
        (link,) = soup.select("a[download]")
        offered = (site / "book" / name / link["href"]).resolve()
        assert offered.read_bytes() == chapter_notebook(built, name).read_bytes()


@pytest.mark.parametrize("edition", SITES)
def test_page_that_is_a_notebook_is_offered(built, edition):
    """What is no chapter holds no secret: its cells are offered whole, and its outputs shown."""
    notebooks = page_notebooks(built)
    assert notebooks
    for path in notebooks:
        soup = page(built, edition, f"book/{path.stem}.html")
        (link,) = soup.select("a[download]")
        assert link["title"] == "Download the page's notebook"
        offered = (built / SITES[edition] / "book" / link["href"]).resolve()
        if edition == "instructor":
            assert offered.read_bytes() == path.read_bytes()
        source, given = (nbformat.read(file, as_version=4) for file in (path, offered))
        shown, kept = (
            [(cell.source, cell.outputs) for cell in whole.cells if cell.cell_type == "code"]
            for whole in (source, given)
        )
        assert shown == kept
        assert len(given.cells) >= len(source.cells)
        assert soup.select(".cell_output pre")


def test_other_pages_offer_no_download(built):
    """A page that is no chapter has a print button and nothing that leads nowhere."""
    soup = page(built, "student", "book/intro.html")
    assert soup.select(".btn-print-button")
    assert not soup.select("a[download], a[href*=_sources]")


def test_every_local_link_leads_somewhere(built):
    """No page links to a file that the site does not hold."""
    site = built / SITES["student"]
    for path in site.rglob("*.html"):
        if "_static" in path.parts:
            continue
        for link in BeautifulSoup(path.read_text(), "html.parser").select("a[href]"):
            href = link["href"].split("#")[0].split("?")[0]
            if href and "://" not in href and not href.startswith("mailto:"):
                assert (path.parent / href).is_file(), (path, link["href"])


def test_index_is_reached_from_every_page(built):
    """The sidebar links to the index."""
    for soup in chapter_pages(built).values():
        (link,) = soup.select(".sidebar-index a")
        assert link["href"] == "../../genindex.html"


def test_outputs_are_kept(built):
    """A chapter shows at least as many pictures as its cells without a grade put out."""
    for name, soup in chapter_pages(built).items():
        plain = [c for c in notebook(built, name).cells if "nbgrader" not in c.metadata]
        pictures = [
            output
            for cell in plain
            for output in cell.get("outputs", [])
            if {"image/png", "image/svg+xml"} & set(output.get("data", {}))
        ]
        assert pictures
        assert len(soup.select(".cell_output img")) == len(pictures)


def test_pictures_carry_their_words(built):
    """The alternative text of a cell's metadata is that of its picture."""
    for name, soup in chapter_pages(built).items():
        wanted = [
            cell.metadata.mystnb.image.alt
            for cell in notebook(built, name).cells
            if "image" in cell.metadata.get("mystnb", {})
        ]
        shown = [image.get("alt") for image in soup.select(".cell_output img")]
        assert wanted
        assert set(wanted) <= set(shown)


def is_test(cell):
    meta = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and meta.get("grade") and not meta.get("solution")


@pytest.mark.parametrize("edition", SITES)
def test_exercises_are_objects(built, edition):
    """Each answer and task is a section with its points, statement, place and tests, in order."""
    for name, soup in chapter_pages(built, edition).items():
        answers = [
            cell.metadata.nbgrader.grade_id
            for cell in notebook(built, name).cells
            if cell.metadata.get("nbgrader", {}).get("solution")
        ]
        found = {section["data-exercise"]: section for section in soup.select("section.exercise")}
        assert set(answers) <= set(found)
        assert not [section for section in found.values() if section.select("section.exercise")]
        for section in found.values():
            parts = [part["class"][0] for part in section.find_all(recursive=False)]
            by_hand = "by-hand" in section["class"]
            wanted = ["exercise-statement", "exercise-place", "exercise-tests"]
            assert parts == (wanted[:2] if by_hand else wanted)
            assert "point" in section.select_one(".exercise-statement").text
            lines = section.select(".exercise-tests > li")
            if lines:
                assert sum(float(line["data-points"]) for line in lines) == float(
                    section["data-points"]
                )


def test_every_test_cell_is_a_line(built):
    """Each test cell tells its purpose and points; what of it is visible is folded below."""
    for name, soup in chapter_pages(built).items():
        tests = [cell for cell in notebook(built, name).cells if is_test(cell)]
        lines = {line["data-test"]: line for line in soup.select(".exercise-tests > li")}
        assert set(lines) == {cell.metadata.nbgrader.grade_id for cell in tests}
        for cell in tests:
            meta, line = cell.metadata.nbgrader, lines[cell.metadata.nbgrader.grade_id]
            assert line.select_one(".test-points").text.startswith(f"{meta.points:g} point")
            assert line.select_one(".test-purpose").text.strip()
            assert meta.grade_id not in line.select_one(".test-line").text
            hidden = "BEGIN HIDDEN TESTS" in cell.source
            assert (MORE_TESTS in line.text) is hidden
            assert hidden or line.select("details:not([open]) pre")
            assert not line.select("details[open]")


def test_place_keeps_the_id_of_its_cell(built):
    """The stub stands in its place, with the id that it has in the notebook."""
    for name, soup in chapter_pages(built).items():
        for cell in notebook(built, name).cells:
            if cell.cell_type == "code" and cell.metadata.get("nbgrader", {}).get("solution"):
                (place,) = soup.select(f'.exercise-place[data-cell="{cell.id}"]')
                (shown,) = place.select(f'.cell[data-cell="{cell.id}"]')
                assert "def " in shown.text


def test_headings_of_an_exercise_are_within(built_sample):
    """Headings in a statement stand in the exercise, numbered, and the contents lead to them."""
    soup = chapter_pages(built_sample)["beta"]
    (statement,) = soup.select('[data-exercise="beta_halve"] > .exercise-statement')
    headings = statement.select("h2, h3")
    assert [" ".join(heading.text.split()) for heading in headings] == [
        "2.2. Exercise: halving",
        "2.2.1. Mind the sign",
    ]
    assert "3 points" in statement.select_one(".exercise-points").text
    for heading in headings[:1]:
        assert soup.select(f'.bd-sidebar-secondary a[href="#{heading["id"]}"]')
    assert not soup.select("section.exercise section")


def test_instructor_sees_every_secret_line(built):
    """Each secret line of code of a chapter is in the instructor's page, under a label."""
    pages = chapter_pages(built, "instructor")
    texts = {name: collapsed(soup) for name, soup in pages.items()}
    for secret in secrets_of(built):
        if secret.kind != "reference library" and not secret.is_text:
            name = secret.origin.split("/")[1]
            assert secret.line in texts[name]
    for soup in pages.values():
        labels = {
            label.get_text().strip().split(":")[0] for label in soup.select(".instructor-only")
        }
        assert {"Solution", "Hidden tests"} <= labels
        assert soup.select(".admonition.mark-scheme")


def test_reference_is_the_instructors_alone(built):
    """The library is documented in the instructor's edition, and nowhere in the student's."""
    soup = page(built, "instructor", f"{PAGE}.html")
    for name in chapter_names(built):
        assert soup.select(f'[id^="solutions.{name}."]')
    assert b"solutions." not in (built / SITES["student"] / "genindex.html").read_bytes()


def test_both_editions_have_the_title(built):
    """The title is the course's; the instructor's edition says which it is."""
    titles = {edition: page(built, edition, "book/intro.html").title.text for edition in SITES}
    assert titles["student"].endswith("Linear classification")
    assert titles["instructor"].endswith("Linear classification (instructor's edition)")


def test_chapters_number_their_figures_and_equations(built_sample):
    """Chapter 2 has Fig. 2.1 and equation (2.1), and refers to (1.1) in chapter 1."""
    soup = chapter_pages(built_sample)["beta"]
    assert soup.select_one(".caption-number").text.strip() == "Fig. 2.1"
    assert soup.select_one(".eqno").text.startswith("(2.1)")
    (link,) = soup.select('a[href="../alpha/alpha.html#equation-eq-alpha"]')
    assert link.text == "(1.1)"


def test_source_of_a_formula_is_a_mark_at_its_number(built_sample):
    """It says in a tooltip what the notebook says below the formula, which it is no part of."""
    soup = chapter_pages(built_sample)["beta"]
    (formula,) = soup.select("div.math")
    (mark,) = formula.select(".eqno > .formula-source")
    assert mark.text == "A (1), B"
    assert mark["title"] == "From A (1), n = 18; B, Halves"
    assert "Halves" not in soup.select_one("article").get_text()


def test_terms_in_bold_italics_are_indexed(built_sample):
    """Each place that explains a term is linked from the index, under one entry; no other word."""
    index = page(built_sample, "student", "genindex.html")
    links = [a["href"] for a in index.select("a") if "#term-halving" in a["href"]]
    assert links == [
        f"book/{name}/{name}.html#term-halving-map{again}"
        for name in ("alpha", "beta")
        for again in ("", "-2")
    ]
    entries = [li.get_text(" ", strip=True).split(" ")[0] for li in index.select("td > ul > li")]
    assert entries.count("halving") == 1
    assert "Abel" in entries
    assert "Abel's" in entries, "a name keeps its capital where a sentence begins"
    for name in ("alpha", "beta"):
        ids = {
            tag["id"]
            for tag in page(built_sample, "student", f"book/{name}/{name}.html").select("[id]")
        }
        assert {"term-halving-map", "term-halving-map-2"} <= ids


def test_index_and_bibliography_are_filled(built_sample):
    """A word marked in a chapter is in the index, a cited book in the references."""
    assert "odds ratio" in page(built_sample, "student", "genindex.html").text
    assert "Learning Algorithms" in page(built_sample, "student", "book/references.html").text
