"""A reader's comforts: the time that a chapter takes, and the scripts of a page."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes
from docutils.utils import new_document

from publishing.sphinx_extension.exercise_page import exercise_part
from publishing.sphinx_extension.reading_time import exercise_points, reading_minutes


def document(*children):
    made = new_document("page")
    made += list(children)
    return made


def test_minutes_follow_the_rule():
    """150 words, a displayed formula and twenty lines of code take one minute each."""
    words = nodes.paragraph("", "", nodes.Text("word " * 149), nodes.math("", "x + y + z"))
    formula = nodes.math_block("", "x = y")
    code = nodes.literal_block("", "\n".join(["a = 1"] * 20))
    markup = nodes.raw("", "<b>not a word</b>", format="html")
    assert reading_minutes(document(words, formula, code, markup)) == pytest.approx(3)


def test_points_of_exercises_are_read():
    """The marks of exercises hold them; other marks and frames do not count."""
    begins = [exercise_part("", part="begin", points=points) for points in (3.0, 1.0, 0.5, 0.0)]
    others = [exercise_part("", part="test", points=9.0), nodes.container("", classes=["exercise"])]
    assert exercise_points(document(*begins, *others)) == [3, 1, 0.5, 0]
    by_hand = exercise_part("", part="begin", points=4.0, by_hand=True)
    assert exercise_points(document(*begins, by_hand), by_hand=True) == [4]


def page(built, name):
    return BeautifulSoup((built / "_build/html" / name).read_text("utf-8"), "html.parser")


def test_chapters_tell_their_time(built_sample):
    """In the opener of a chapter, and on no other page."""
    chapter = page(built_sample, "book/alpha/alpha.html")
    (told,) = chapter.select(".chapter-opener .reading-time")
    assert told.get_text() == "½ hour with the exercises, 5 minutes to read alone"
    assert page(built_sample, "book/glossary.html").select(".reading-time") == []


def test_only_the_search_page_translates_symbols(built_sample):
    """Pages have the script of progress, the search page that of symbols."""
    assert page(built_sample, "book/alpha/alpha.html").select('script[src*="reading.js"]')
    assert not page(built_sample, "book/alpha/alpha.html").select('script[src*="search-symbols"]')
    assert page(built_sample, "search.html").select('script[src*="search-symbols.js"]')


def test_no_launch_button_by_default(built_sample):
    """Where no JupyterHub is named, nothing speaks of one."""
    assert page(built_sample, "book/alpha/alpha.html").select(".btn-chapter-launch") == []


HUB = "https://hub.example.edu/hub/user-redirect/lab/tree/{chapter}/{chapter}.ipynb"


def configure(course, hub):
    config = course / "_config.yml"
    line = f'    publishing_hub: "{hub}"\n    html_context:'
    config.write_text(config.read_text().replace("    html_context:", line))


def test_hub_gives_each_chapter_a_link(course, run):
    """A chapter's page links to its notebook there; other pages have no link."""
    configure(course, HUB)
    result = run(course, "build", "student")
    assert result.returncode == 0, result.stderr
    (button,) = page(course, "book/beta/beta.html").select("a.btn-chapter-launch")
    assert button["href"] == HUB.replace("{chapter}", "beta")
    assert button["aria-label"]
    assert page(course, "book/glossary.html").select(".btn-chapter-launch") == []


@pytest.mark.parametrize("hub", ["hub.example.edu/{chapter}", "https://hub.example.edu/"])
def test_hub_that_cannot_be_is_refused(course, run, hub):
    """An address without a scheme, or without a place for the chapter, stops the build."""
    configure(course, hub)
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "publishing_hub" in result.stderr
