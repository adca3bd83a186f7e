"""Self-check quizzes: Markdown that reads well everywhere becomes a quiz that answers.

A chapter writes a question as ``**Question n.** Which? (a) This. (b) That.`` and, folded away below
it, ``(a) No: because. (b) Yes: because.`` JupyterLab and GitHub show that as it stands. In the book
it becomes a group of radio buttons; ``static/quiz.js`` shows the explanation of the chosen answer.
Print and readers without scripts keep the fold-out.
"""

import re
import string
from dataclasses import dataclass, field

from docutils import nodes
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

LOGGER = logging.getLogger(__name__)
SCRIPT = "quiz.js"
QUESTION = re.compile(r"Question (\d+)\.")
# (a), or several answers that share an explanation: (a), (b) and (c)
MARKER = re.compile(r"(\([a-z]\)(?:(?:,| and|, and) \([a-z]\))*)")


class quiz_question(nodes.General, nodes.Element):
    """A question with its ``number`` and the letter of its right answer, ``right``."""


class quiz_prompt(nodes.General, nodes.TextElement):
    """What is asked."""


class quiz_choice(nodes.General, nodes.TextElement):
    """One answer to choose, with its ``letter`` and the ``number`` of the question."""


class quiz_check(nodes.General, nodes.Element):
    """The button that shows the explanation, and the place where it is shown."""


class quiz_explanations(nodes.General, nodes.Element):
    """All explanations of a question, folded away."""


class quiz_explanation(nodes.General, nodes.TextElement):
    """The explanation of the answers in ``letters``."""


@dataclass
class Part:
    """What stands between one marker and the next.

    Parameters
    ----------
    letters : str
        The letters of the marker, ``"a"`` or ``"abc"``; empty before the first.
    content : list of docutils.nodes.Node
        Text and formulas.
    """

    letters: str
    content: list = field(default_factory=list)

    @property
    def text(self):
        """Its words."""
        return "".join(node.astext() for node in self.content).strip()


def parts_of(paragraph):
    """Split a paragraph at its markers (a), (b) and so on.

    Only the letter that is next in the alphabet begins a part, so that a text may speak of an
    answer that came before.

    Parameters
    ----------
    paragraph : docutils.nodes.paragraph
        A question with its answers, or their explanations.

    Returns
    -------
    list of Part
        What stands before the first marker first.
    """
    parts = [Part("")]
    for child in paragraph.children:
        if not isinstance(child, nodes.Text):
            parts[-1].content.append(child)
            continue
        for position, piece in enumerate(MARKER.split(child.astext())):
            letters = "".join(re.findall(r"\(([a-z])\)", piece)) if position % 2 else ""
            used = "".join(part.letters for part in parts)
            if letters and string.ascii_lowercase.startswith(used + letters):
                parts.append(Part(letters))
            elif piece := piece if parts[-1].content else piece.lstrip():
                parts[-1].content.append(nodes.Text(piece))
    for part in parts:
        if part.content and isinstance(part.content[-1], nodes.Text):
            part.content[-1] = nodes.Text(part.content[-1].rstrip())
    return parts


def question_problems(choices, explanations):
    """Tell what is wrong with a question, given the parts of its answers and explanations."""
    found = []
    offered = "".join(part.letters for part in choices)
    explained = "".join(part.letters for part in explanations)
    right = [part for part in explanations if part.text.startswith("Yes")]
    if len(offered) < 2:
        found.append("offers fewer than two answers, (a) and (b)")
    if any(len(part.letters) > 1 or not part.text for part in choices):
        found.append("offers an answer without words of its own")
    if explained != offered:
        found.append(f"offers the answers {offered!r}, and explains {explained!r}")
    if any(not part.text for part in explanations):
        found.append("has an explanation without words")
    if len(right) != 1 or len(right[0].letters) != 1:
        found.append("needs one explanation that begins with 'Yes', of one answer")
    return found


class Quizzes(SphinxTransform):
    """Make a `quiz_question` of every question that is followed by a fold-out."""

    default_priority = 600

    def apply(self, **kwargs):
        """Replace paragraph and fold-out; a question that cannot be read is a warning."""
        for paragraph in list(self.document.findall(_is_question)):
            number = QUESTION.match(paragraph.astext())[1]
            fold_out = _fold_out_after(paragraph)
            if fold_out is None:
                self._warn(paragraph, number, "is not followed by its explanations in <details>")
                continue
            prompt, *choices = parts_of(paragraph)
            _, *explanations = parts_of(fold_out[1])
            problems = question_problems(choices, explanations)
            for problem in problems:
                self._warn(paragraph, number, problem)
            if not problems:
                for node in fold_out:
                    node.parent.remove(node)
                paragraph.replace_self(_question(number, prompt, choices, explanations))

    def _warn(self, paragraph, number, problem):
        LOGGER.warning("quiz: question %s %s", number, problem, location=paragraph)


def _is_question(node):
    if not isinstance(node, nodes.paragraph):
        return False
    spoken = [child for child in node if child.astext()]  # the parser leaves empty text behind
    first = spoken[0] if spoken else None
    return isinstance(first, nodes.strong) and bool(QUESTION.match(first.astext()))


def _fold_out_after(paragraph):
    """Return the opening tag, the paragraph and the closing tag of the fold-out, or None."""
    position = paragraph.parent.index(paragraph)
    following = paragraph.parent[position + 1 : position + 4]
    if len(following) == 3:
        opening, body, closing = following
        if (
            isinstance(opening, nodes.raw)
            and opening.astext().startswith("<details>")
            and isinstance(body, nodes.paragraph)
            and isinstance(closing, nodes.raw)
        ):
            return following
    return None


def _question(number, prompt, choices, explanations):
    (right,) = [part.letters for part in explanations if part.text.startswith("Yes")]
    question = quiz_question("", number=number, right=right)
    question += quiz_prompt("", "", *prompt.content)
    for part in choices:
        question += quiz_choice("", "", *part.content, letter=part.letters, number=number)
    question += quiz_check("")
    folded = quiz_explanations("")
    for part in explanations:
        folded += quiz_explanation("", "", *part.content, letters=part.letters)
    question += folded
    return question


def _open(template):
    def visit(translator, node):
        translator.body.append(template.format_map(node.attributes))

    return visit


def _close(tags):
    def depart(translator, node):
        translator.body.append(tags)

    return depart


def _visit_explanation(translator, node):
    label = ", ".join(f"({letter})" for letter in node["letters"])
    translator.body.append(
        f'<p class="quiz-explanation" data-letters="{node["letters"]}">'
        f'<span class="quiz-letter">{label}</span> '
    )


QUESTION_TAG = '<fieldset class="quiz-question" id="quiz-question-{number}" data-right="{right}">\n'
CHOICE_TAG = (
    '<label class="quiz-choice"><input type="radio" name="quiz-question-{number}"'
    ' value="{letter}" autocomplete="off"> <span class="quiz-letter">({letter})</span> <span>'
)
CHECK_TAG = (
    '<p class="quiz-check" hidden><button type="button" class="btn btn-sm quiz-button">'
    'Check<span class="visually-hidden"> the answer</span></button></p>\n'
    '<div class="quiz-feedback" role="status"></div>\n'
)
FOLD_TAG = '<details class="quiz-explanations"><summary>All explanations</summary>\n'

HTML = {
    quiz_question: (_open(QUESTION_TAG), _close("</fieldset>\n")),
    quiz_prompt: (_open('<legend class="quiz-prompt">'), _close("</legend>\n")),
    quiz_choice: (_open(CHOICE_TAG), _close("</span></label>\n")),
    quiz_check: (_open(CHECK_TAG), _close("")),
    quiz_explanations: (_open(FOLD_TAG), _close("</details>\n")),
    quiz_explanation: (_visit_explanation, _close("</p>\n")),
}


def note_quizzes(app, doctree):
    """Remember whether a page has a quiz."""
    app.env.metadata[app.env.docname]["has_quiz"] = any(doctree.findall(quiz_question))


def load_script(app, pagename, templatename, context, doctree):
    """Give a page with a quiz, and no other, the script that answers."""
    if app.env.metadata.get(pagename, {}).get("has_quiz"):
        app.add_js_file(SCRIPT, loading_method="defer")


def setup(app):
    """Connect the quizzes to Sphinx."""
    for node, methods in HTML.items():
        app.add_node(node, html=methods)
    app.add_transform(Quizzes)
    app.connect("doctree-read", note_quizzes)
    app.connect("html-page-context", load_script)
