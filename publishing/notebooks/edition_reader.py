"""How a chapter's notebook is read for the book.

`_config.yml` registers `read_notebook` for ``.ipynb`` files; myst-nb then never sees the raw file.
The student's edition is what comes out when nobody asks for another.
"""

import ast
import json
import re

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import is_grade, is_solution

from .attachments import shown_inline
from .exercises import HEADING, find_exercises, points_in_words, purpose
from .student_version import clear, stages

PART = "exercise-part"
"""The directive that marks where a part of an exercise begins."""


def read_notebook(text, edition="student", settings=None):
    """Read a notebook as one edition of the book shows it.

    Parameters
    ----------
    text : str
        The content of the ``.ipynb`` file.
    edition : {'student', 'instructor'}
        Whether solutions, hidden tests and mark schemes are taken out or framed.
    settings : dict, optional
        nbgrader's, from `publishing.notebooks.student_version.nbgrader_settings`.

    Returns
    -------
    NotebookNode
        A notebook to be rendered, not to be completed or executed.

    Raises
    ------
    ValueError
        For an edition that there is not.
    publishing.notebooks.student_version.ReleaseError
        When nbgrader cannot take the secret parts out; neither edition is made then.
    """
    if edition not in ("student", "instructor"):
        raise ValueError(f"there is no edition {edition!r}, only 'student' and 'instructor'")
    notebook = nbformat.reads(text, as_version=4)
    cleared = clear(notebook, settings)
    if edition == "student":
        shown = _StudentsCells(notebook, cleared)
    else:
        shown = _InstructorsCells(notebook, cleared, stages(settings))
    exercises = {exercise.start: exercise for exercise in find_exercises(notebook.cells)}
    taken = {position for exercise in exercises.values() for position in exercise.cells}
    cells = []
    for position in range(len(notebook.cells)):
        if position in exercises:
            cells += _exercise(exercises[position], shown)
        elif position not in taken:
            cells += shown.cells(position)
    for cell in cells:
        if cell.cell_type == "code":
            cell.metadata["notebook_cell"] = cell.id
            _say_what_is_folded(cell)
    cleared.cells = cells
    return cleared


def _exercise(exercise, shown):
    """Show the cells of an exercise one after the other, each part behind a mark.

    What a notebook has between an answer and its tests, to see the answer at work, follows later.
    """
    statement = [cell for position in exercise.statement for cell in shown.cells(position)]
    words = "\n".join(cell.source for cell in statement)
    told = {"name": exercise.name, "points": exercise.points, "by_hand": exercise.by_hand}
    told["tells_points"] = "point" in words or not exercise.points
    heading = HEADING.match(statement[0].source.lstrip()) if statement else None
    if heading:  # Sphinx makes a section of it, which begins in front of the exercise
        first, _, rest = statement[0].source.lstrip()[heading.start() :].partition("\n")
        while not first.split("\n")[-1].startswith("#"):  # labels stand above their heading
            line, _, rest = rest.partition("\n")
            first += f"\n{line}"
        yield new_markdown_cell(first)
        statement[0].source = rest
    yield _mark("begin", **told, has_heading=bool(heading))
    yield from statement
    place = exercise.place
    yield _mark("place", cell="" if place is None else shown.identity(place))
    if place is not None:
        yield from shown.cells(place)
    for position in exercise.tests:
        yield from shown.test(position)
    yield _mark("end")


class _Cells:
    """How the cells of a notebook are shown in one edition, by their positions."""

    def __init__(self, notebook, cleared):
        self._written, self._cleared = notebook.cells, cleared.cells

    def identity(self, position):
        """Return the id that a cell has in the notebook."""
        return self._written[position].get("id", "")

    def _was_changed(self, position):
        return self._written[position].source != self._cleared[position].source

    def _mark_of_test(self, position, source, hides):
        cell = self._written[position]
        meta = cell.metadata.get("nbgrader", {})
        told = {"name": meta.get("grade_id", ""), "points": float(meta.get("points") or 0)}
        return _mark("test", **told, purpose=purpose(source), hides=hides)


class _StudentsCells(_Cells):
    """What is left of the cells; what ran in a secret part leaves no output either."""

    def cells(self, position):
        """Show a cell; a test that belongs to no exercise is folded, or a line if hidden."""
        cell = self._cleared[position]
        if cell.cell_type != "code":
            return [cell]
        if self._was_changed(position) or is_solution(cell):
            cell.outputs = []
        if is_solution(cell):
            return [_tagged(cell, "answer-cell")]
        if not is_grade(cell):
            return [cell]
        if _says_nothing(cell.source):
            return [_line(f"Hidden tests. {purpose(cell.source)}", "hidden-tests")]
        return [_folded(cell, f"Tests: {purpose(cell.source)}")]

    def test(self, position):
        """Show a test of an exercise: its purpose, and what of it is visible."""
        cell, hides = self._cleared[position], self._was_changed(position)
        yield self._mark_of_test(position, cell.source, hides)
        if not _says_nothing(cell.source):
            if hides:
                cell.outputs = []
            yield _tagged(cell, "test-cell")


class _InstructorsCells(_Cells):
    """All of the cells, each secret part under a heading that says so."""

    def __init__(self, notebook, cleared, delimiters):
        super().__init__(notebook, cleared)
        self._delimiters = delimiters

    def cells(self, position):
        """Show a cell."""
        cell = self._written[position]
        if cell.cell_type == "markdown":
            cell.source = shown_inline(cell)
            for kind, title in (("solution", "Solution"), ("mark scheme", "Mark scheme")):
                delimiters = _delimiters(self._delimiters[kind], kind)
                cell.source = _framed_region(cell.source, title, *delimiters)
            if is_solution(cell) and "{admonition} Solution" not in cell.source:
                cell.source = _framed(cell.source, "Solution")
            return [cell]
        if cell.cell_type != "code" or not (is_solution(cell) or is_grade(cell)):
            return [cell]
        if is_solution(cell):
            return [_label(f"Solution: {_grade(cell)}"), _tagged(cell, "solution-cell")]
        if self._was_changed(position):
            return [_label(f"Hidden tests: {_grade(cell)}"), _tagged(cell, "hidden-tests-cell")]
        return [_folded(cell, f"Tests: {purpose(cell.source)}")]

    def test(self, position):
        """Show a test of an exercise, hidden parts included."""
        cell, hides = self._written[position], self._was_changed(position)
        yield self._mark_of_test(position, cell.source, hides)
        if hides:
            yield _label(f"Hidden tests: {_grade(cell)}")
            yield _tagged(cell, "hidden-tests-cell")
        else:
            yield _tagged(cell, "test-cell")


def _mark(part, **told):
    """Mark where a part of an exercise begins, for `publishing.sphinx_extension.exercise_page`."""
    words = json.dumps({"part": part, **told}, ensure_ascii=False)
    return new_markdown_cell(_fenced(words, f"{{{PART}}}"))


def _grade(cell):
    """Return the words 'softmax_large_logits, 2 points', without points where there are none."""
    meta = cell.metadata.get("nbgrader", {})
    name, points = meta.get("grade_id", "no grade_id"), meta.get("points")
    if not is_grade(cell) or points is None:
        return name
    return f"{name}, {points_in_words(points)}"


def _says_nothing(source):
    """Tell whether no statement is left: blank, comments, docstrings."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # an IPython magic, say: there is something to show
        return False
    return all(_is_text(statement) for statement in body)


def _is_text(statement):
    value = getattr(statement, "value", None)
    return isinstance(statement, ast.Expr) and isinstance(getattr(value, "value", None), str)


def _label(text):
    return _line(text, "instructor-only")


def _line(text, name):
    return new_markdown_cell(_fenced(_verbatim(text.strip()), f"{{container}} {name}"))


def _verbatim(text):
    r"""Escape what Markdown would read as markup, in names like ``p_0`` most of all."""
    return re.sub(r"([\\`*_{}\[\]<>$#~|])", r"\\\1", text)


def _tagged(cell, *tags):
    """Add tags, which myst-nb makes css classes of."""
    present = cell.metadata.get("tags", [])
    cell.metadata["tags"] = [*present, *(tag for tag in tags if tag not in present)]
    return cell


def _folded(cell, prompt):
    """Fold a test cell that belongs to no exercise away under a line that says what it tests."""
    options = cell.metadata.setdefault("mystnb", NotebookNode())
    options.setdefault("code_prompt_show", prompt)
    options.setdefault("code_prompt_hide", prompt)
    return _tagged(cell, "test-cell", "hide-input")


def _say_what_is_folded(cell):
    """Name what a fold-out of a cell holds, where the author has not."""
    tags = cell.metadata.get("tags", [])
    if "hide-output" in tags:
        words = "Show what comes out", "What comes out"
    elif "hide-input" in tags:
        kinds = {kind for output in cell.get("outputs", []) for kind in output.get("data", {})}
        is_drawn = any(kind.startswith(("image/", "application/vnd.vega")) for kind in kinds)
        words = ("Code of this figure" if is_drawn else "Code of this step",) * 2
    else:
        return
    options = cell.metadata.setdefault("mystnb", NotebookNode())
    options.setdefault("code_prompt_show", words[0])
    options.setdefault("code_prompt_hide", words[1])


def _fenced(text, directive):
    """Wrap text in a directive, with a fence longer than any within."""
    longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}{directive}\n{text}\n{fence}"


def _framed(text, title):
    css = title.lower().replace(" ", "-")
    return _fenced(f":class: instructor-only {css}\n\n{text}", f"{{admonition}} {title}")


def _delimiters(stage, kind):
    # nbgrader spells them so.
    name = kind.replace(" ", "_")
    return (
        getattr(stage, f"begin_{name}_delimeter"),
        getattr(stage, f"end_{name}_delimeter"),
    )


def _framed_region(source, title, begin, end):
    """Put each region of a Markdown cell, delimiters left out, into a box with a title."""
    shown, region = [], None
    for line in source.split("\n"):
        if begin in line:
            region = []
        elif end in line and region is not None:
            shown += ["", *_framed("\n".join(region), title).split("\n"), ""]
            region = None
        else:
            (shown if region is None else region).append(line)
    return "\n".join(shown)
