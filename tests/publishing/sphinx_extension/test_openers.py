"""How chapters and the book open: facts that are counted, a map, captions that can be linked to."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from publishing.sphinx_extension.book_map import lanes
from publishing.sphinx_extension.captions import Captions
from publishing.sphinx_extension.chapters import Facts, directly_needed


def page(built, name):
    return BeautifulSoup((built / "_build/html" / name).read_text("utf-8"), "html.parser")


def test_chapter_opens_with_its_facts(built_sample):
    """Number, title, question, what its exercises are worth, and the chapter that comes before."""
    opener = page(built_sample, "book/beta/beta.html").select_one("header.chapter-opener")
    assert opener.h1.get_text().startswith("2 Chapter beta")
    assert opener.select_one(".opener-question").get_text() == "What is half of beta?"
    facts = [item.get_text() for item in opener.select(".chapter-facts > li")]
    assert facts[1:] == [
        "2 exercises, 6 points, 3 of them graded by a person",
        "1 figure",
        "comes after 1 Chapter alpha",
    ]
    assert opener.select_one(".chapter-facts a")["href"] == "../alpha/alpha.html"


def test_question_is_said_once(built_sample):
    """What the opener shows is not in the text below it, too."""
    article = page(built_sample, "book/alpha/alpha.html").select_one("article")
    assert article.get_text().count("What is half of alpha?") == 1


def test_students_notebook_says_what_it_is_worth(built_sample):
    """Below the question, since JupyterLab shows no opener."""
    released = nbformat.read(built_sample / "release/alpha/alpha.ipynb", as_version=4)
    parts = released.cells[0].source.split("\n\n")
    assert parts[1] == "*What is half of alpha?*"
    assert parts[2] == "2 exercises, 6 points, 3 of them graded by a person."


def test_book_opens_with_its_sums(built_sample):
    """The first page counts chapters and exercises, and leads to the first chapter."""
    opener = page(built_sample, "book/intro.html").select_one("header.book-opener")
    assert opener.h1.get_text().startswith("A small course")
    assert opener.select_one(".home-start a")["href"] == "alpha/alpha.html"
    facts = [item.get_text() for item in opener.select(".chapter-facts > li")]
    assert facts[:2] == ["2 chapters", "4 exercises, tested while you write them"]


def test_map_lists_the_chapters_in_order(built_sample):
    """A row for each, with a link, its question, and what it comes after."""
    rows = page(built_sample, "book/intro.html").select("ol.book-map > li")
    assert [row.a["href"] for row in rows] == ["alpha/alpha.html", "beta/beta.html"]
    assert [row.select_one(".map-number").get_text() for row in rows] == [
        "Chapter 1",
        "Chapter 2, after 1",
    ]
    assert rows[1].select_one(".map-question").get_text() == "What is half of beta?"
    assert all(row.select_one(".map-lines")["aria-hidden"] == "true" for row in rows)


def test_only_direct_needs_are_drawn():
    """What a chapter needs by way of another is left out, and pages that are no chapters."""
    found = {
        "a": Facts("A"),
        "b": Facts("B", needs=["a"]),
        "c": Facts("C", needs=["a", "elsewhere"]),
        "d": Facts("D", needs=["a", "b", "c"]),
    }
    assert directly_needed(found) == {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"]}


@pytest.mark.parametrize(
    "needed",
    [
        {"a": [], "b": ["a"], "c": ["b"]},
        {"a": [], "b": ["a"], "c": ["a"], "d": ["a"], "e": ["b", "c", "d"]},
        {"a": [], "b": [], "c": ["a"], "d": ["b"], "e": ["d", "c"], "f": ["a", "e"]},
        {"a": [], "b": ["a"], "c": [], "d": ["c", "b"], "e": ["a"], "f": ["e", "c"]},
    ],
)
def test_lines_lead_from_what_is_needed_to_what_needs_it(needed):
    """Whoever follows the lines down from a dot comes to exactly the chapters that need it."""
    arranged = dict(zip(needed, lanes(needed), strict=True))
    names = list(needed)
    for start, (dot, _, below) in arranged.items():
        reached = set()
        for lane in [end for begin, end in below if begin == dot]:
            for name in names[names.index(start) + 1 :]:
                there, above, further = arranged[name]
                ends = [end for begin, end in above if begin == lane]
                assert len(ends) == 1, f"a line of {start} stops above {name}"
                if ends == [there] and not (lane == there and start not in needed[name]):
                    reached.add(name)
                    break
                assert (lane, lane) in further, f"a line of {start} stops at {name}"
        assert reached == {name for name in names if start in needed[name]}


def test_captions_are_recognised_and_mentioned(built_sample):
    """A paragraph that begins with the figure's number; mentions in the text lead there."""
    article = page(built_sample, "book/alpha/alpha.html").select_one("article")
    (caption,) = article.select("p.figure-caption")
    assert caption["id"] == "figure-1"
    assert caption.get_text().startswith("Figure 1. The line")
    mentions = article.select('a.figure-mention[href="#figure-1"]')
    assert [re.sub(r"\s", " ", mention.get_text()) for mention in mentions] == ["Figure 1"]
    assert mentions[0].find_parent("p") is not caption


def test_only_panels_are_said_to_stand_below_each_other():
    """What is *too* right stays so on a phone, where the right panel is at the bottom."""
    page = new_document("")
    page += nodes.paragraph(
        "",
        "",
        nodes.strong("", "Figure 3."),
        nodes.Text(" Left: a line. It punishes what is "),
        nodes.emphasis("", "too"),
        nodes.Text(" right, as before. Right: a curve."),
    )
    Captions(page).apply()
    both = [inline for inline in page.findall(nodes.inline) if inline["classes"]]
    assert [(inline["classes"], inline.astext()) for inline in both] == [
        (["beside"], "Left"),
        (["stacked"], "Top"),
        (["beside"], "Right"),
        (["stacked"], "Bottom"),
    ]


def test_worked_examples_are_recognised(built_sample):
    """By their first words; what stands later in a paragraph makes nothing of it."""
    article = page(built_sample, "book/alpha/alpha.html").select_one("article")
    (example,) = article.select("p.worked-example")
    assert example.get_text().startswith("A worked example, continued.")
    assert article.select("p.predict") == []


def test_fold_outs_say_what_they_hold(built_sample):
    """By the words that are seen, without another name for those who hear the page."""
    summaries = page(built_sample, "book/alpha/alpha.html").select("details.hide > summary")
    assert [summary.p.get_text() for summary in summaries] == ["Code of this figure"] * 2
    assert all("aria-label" not in summary.attrs for summary in summaries)
