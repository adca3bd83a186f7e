"""Quizzes: how the Markdown is read, what the page holds, and what is refused."""

import pytest
from bs4 import BeautifulSoup
from docutils import nodes

from publishing.notebooks.files import chapter_names
from publishing.sphinx_extension.quizzes import parts_of, question_problems


def paragraph(*children):
    made = [nodes.Text(child) if isinstance(child, str) else child for child in children]
    return nodes.paragraph("", "", *made)


def split(*children):
    return [(part.letters, part.text) for part in parts_of(paragraph(*children))]


def test_parts_are_split_at_their_letters():
    """Formulas stay within their part, wherever the marker stands."""
    formula = nodes.math("", "x^2")
    assert split("Which? (a) ", formula, " (b) ", formula.deepcopy(), " or so. (c) None") == [
        ("", "Which?"),
        ("a", "x^2"),
        ("b", "x^2 or so."),
        ("c", "None"),
    ]


def test_letter_out_of_turn_is_text():
    """An explanation may speak of another answer."""
    assert split("(a) No, unlike (c) here. (b) Yes, as in (a) above.") == [
        ("", ""),
        ("a", "No, unlike (c) here."),
        ("b", "Yes, as in (a) above."),
    ]


def test_answers_may_share_an_explanation():
    """'(a), (b) and (c) No' explains three answers."""
    assert split("(a), (b) and (c) No: never. (d) Yes.") == [
        ("", ""),
        ("abc", "No: never."),
        ("d", "Yes."),
    ]


GOOD = "Q? (a) One (b) Two"
BROKEN = {
    "no right answer": (GOOD, "(a) No. (b) No.", "begins with 'Yes'"),
    "two right answers": (GOOD, "(a) Yes. (b) Yes.", "begins with 'Yes'"),
    "a shared right answer": (GOOD, "(a), (b) Yes.", "begins with 'Yes'"),
    "an answer not explained": (GOOD, "(a) Yes.", "explains 'a'"),
    "an explanation too many": (GOOD, "(a) Yes. (b) No. (c) No.", "explains 'abc'"),
    "an empty explanation": (GOOD, "(a) Yes. (b)", "without words"),
    "an empty answer": ("Q? (a) One (b) ", "(a) Yes. (b) No.", "without words"),
    "one answer": ("Q? (a) One", "(a) Yes.", "fewer than two"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_question_is_told(name):
    """Each way in which a question cannot be answered has its sentence."""
    question, explanations, told = BROKEN[name]
    _, *choices = parts_of(paragraph(question))
    _, *explained = parts_of(paragraph(explanations))
    assert told in "; ".join(question_problems(choices, explained))


def test_sound_question_has_no_problem():
    """One right answer, each explained."""
    _, *choices = parts_of(paragraph(GOOD))
    _, *explained = parts_of(paragraph("(a) Yes: this. (b) No: that."))
    assert question_problems(choices, explained) == []


def soup(built, chapter, edition="_build/html"):
    page = built / edition / "book" / chapter / f"{chapter}.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


def test_question_in_the_page(built_sample):
    """A group with a legend, labelled radio buttons of one name, and explanations folded away."""
    (question,) = soup(built_sample, "alpha").select("fieldset.quiz-question")
    assert question["id"] == "quiz-question-1"
    assert question["data-right"] == "a"
    assert question.legend.get_text(" ", strip=True).startswith("Question 1.")
    assert question.legend.select_one("span.math")
    choices = question.select("label.quiz-choice")
    assert [choice.input["value"] for choice in choices] == list("abcd")
    assert {choice.input["name"] for choice in choices} == {"quiz-question-1"}
    assert choices[2].get_text().strip() == "(c) 8, as for (a) all,"
    assert question.select_one(".quiz-feedback")["role"] == "status"
    assert question.select_one("button.quiz-button")["type"] == "button"
    fold_out = question.select_one("details.quiz-explanations")
    assert [p["data-letters"] for p in fold_out.select("p")] == ["a", "bc", "d"]
    assert fold_out.select("p")[1].get_text().strip() == "(b), (c) No: not as in (a) and (b)."


def test_other_fold_outs_stay(built_sample):
    """What is no question is left as it was."""
    page = soup(built_sample, "alpha")
    assert page.find("summary", string="Is halving linear?")


@pytest.mark.parametrize("edition", ["_build/html", "_build/instructor/html"])
def test_every_chapter_has_five_questions(built_book, edition):
    """Each of a chapter's five questions has four answers, an explanation each, and one right."""
    for chapter in chapter_names(built_book):
        questions = soup(built_book, chapter, edition).select(".quiz-question")
        assert [question["id"] for question in questions] == [
            f"quiz-question-{number}" for number in range(1, 6)
        ], chapter
        for question in questions:
            offered = [radio["value"] for radio in question.select("input[type=radio]")]
            assert offered == list("abcd"), chapter
            explained = [p["data-letters"] for p in question.select(".quiz-explanation")]
            assert "".join(explained) == "abcd", chapter
            assert question["data-right"] in explained, chapter


def test_broken_quiz_fails_the_build(course, run):
    """A question without a right answer names the page."""
    for folder in ("book", "release"):
        path = course / folder / "beta" / "beta.ipynb"
        text = path.read_text(encoding="utf-8")
        assert "(a) Yes: $4" in text
        path.write_text(text.replace("(a) Yes: $4", "(a) Perhaps: $4"), encoding="utf-8")
    result = run(course, "build", "student")
    assert result.returncode == 1
    assert "book/beta/beta.ipynb" in result.stderr
    assert "quiz: question 1 needs one explanation that begins with 'Yes'" in result.stderr
