"""How a chapter's notebook is read for the book.

`_config.yml` registers `read_notebook` for ``.ipynb`` files; myst-nb then never sees the raw file.
The student's edition is what comes out when nobody asks for another.
"""

import ast
import re

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.utils import is_grade, is_solution, is_task

from .release import clear, stages

EXERCISE = re.compile(r"\*\*(Exercise|Task)\b")
HEADING = re.compile(r"^#{1,6} ", re.MULTILINE)


def read_notebook(text, edition="student", settings=None):
    """Read a notebook as one edition of the book shows it.

    Parameters
    ----------
    text : str
        The content of the ``.ipynb`` file.
    edition : {'student', 'instructor'}
        Whether solutions, hidden tests and mark schemes are taken out or framed.
    settings : dict, optional
        nbgrader's, from `publishing.release.nbgrader_settings`.

    Returns
    -------
    NotebookNode
        A notebook to be rendered, not to be completed or executed.

    Raises
    ------
    ValueError
        For an edition that there is not.
    publishing.release.ReleaseError
        When nbgrader cannot take the secret parts out; neither edition is made then.
    """
    if edition not in ("student", "instructor"):
        raise ValueError(f"there is no edition {edition!r}, only 'student' and 'instructor'")
    notebook = nbformat.reads(text, as_version=4)
    cleared = clear(notebook, settings)
    cells = []
    for source, shown in zip(notebook.cells, cleared.cells, strict=True):
        if edition == "student":
            cells += _student_cells(shown, was_changed=source.source != shown.source)
        else:
            cells += _instructor_cells(source, shown, stages(settings))
    cleared.cells = cells
    return cleared


def _student_cells(cell, was_changed):
    """Show what is left of a cell; what ran in a secret part leaves no output either."""
    if cell.cell_type == "markdown":
        return [_framed_markdown(cell)]
    if cell.cell_type != "code":
        return [cell]
    if was_changed or is_solution(cell):
        cell.outputs = []
    if is_solution(cell):
        return [_tagged(cell, "answer-cell")]
    if not is_grade(cell):
        return [cell]
    if _says_nothing(cell.source):
        return [_hidden_tests_line(cell)]
    what = "Tests, some of them hidden" if was_changed else "Tests"
    return [_folded(cell, f"{what}: {_grade(cell)}")]


def _instructor_cells(cell, cleared, delimiters):
    """Show all of a cell, each secret part under a heading that says so."""
    if cell.cell_type == "markdown":
        for kind, title in (("solution", "Solution"), ("mark scheme", "Mark scheme")):
            cell.source = _framed_region(cell.source, title, *_delimiters(delimiters[kind], kind))
        if is_solution(cell) and "{admonition} Solution" not in cell.source:
            cell.source = _framed(cell.source, "Solution")
        return [_framed_markdown(cell)]
    if cell.cell_type != "code" or not (is_solution(cell) or is_grade(cell)):
        return [cell]
    if is_solution(cell):
        return [_label(f"Solution: {_grade(cell)}"), _tagged(cell, "solution-cell")]
    if cell.source != cleared.source:
        return [_label(f"Hidden tests: {_grade(cell)}"), _tagged(cell, "hidden-tests-cell")]
    return [_folded(cell, f"Tests: {_grade(cell)}")]


def _grade(cell):
    """Return the words 'softmax_large_logits, 2 points', without points where there are none."""
    meta = cell.metadata.get("nbgrader", {})
    name, points = meta.get("grade_id", "no grade_id"), meta.get("points")
    if not is_grade(cell) or points is None:
        return name
    return f"{name}, {points:g} point{'' if points == 1 else 's'}"


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


def _hidden_tests_line(cell):
    """Say in one line that hidden tests stand here, with their docstring where it is not hidden."""
    purpose = ast.get_docstring(ast.parse(cell.source)) or ""
    line = f"Hidden tests: {_grade(cell)}. {' '.join(purpose.split())}".strip()
    return new_markdown_cell(_fenced(_verbatim(line), "{container} hidden-tests"))


def _label(text):
    return new_markdown_cell(_fenced(_verbatim(text), "{container} instructor-only"))


def _verbatim(text):
    r"""Escape what Markdown would read as markup, in names like ``p_0`` most of all."""
    return re.sub(r"([\\`*_{}\[\]<>$#~|])", r"\\\1", text)


def _tagged(cell, *tags):
    """Add tags, which myst-nb makes css classes of."""
    present = cell.metadata.get("tags", [])
    cell.metadata["tags"] = [*present, *(tag for tag in tags if tag not in present)]
    return cell


def _folded(cell, prompt):
    """Fold a test cell away under a line that says which tests it holds."""
    options = cell.metadata.setdefault("mystnb", NotebookNode())
    options.setdefault("code_prompt_show", prompt)
    options.setdefault("code_prompt_hide", prompt)
    return _tagged(cell, "test-cell", "hide-input")


def _framed_markdown(cell):
    """Give exercises and tasks a frame, answers theirs.

    A cell with a heading is left alone: a heading within a directive is no section.
    """
    kind = None
    if EXERCISE.match(cell.source.lstrip()) or is_task(cell):
        kind = "exercise"
    elif is_solution(cell):
        kind = "written-answer"
    if kind and not HEADING.search(cell.source):
        cell.source = _fenced(cell.source, f"{{container}} {kind}")
    return cell


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
