"""What every chapter's notebook must be: canonical, complete, and fit to be graded."""

from __future__ import annotations

import ast
import re
import sys

import pytest
from courses import CHAPTERS, ROOT, instructor_notebook

from publishing.notebooks.canonical import deviations
from publishing.notebooks.plain_markdown import plain

EQUATION = re.compile(
    r"^\$\$\n(?P<body>.*?)\n\$\$(?: \((?P<label>[\w-]+)\))?$(?P<below>\n[^\n]+)?",
    re.DOTALL | re.MULTILINE,
)
MARK = re.compile(r"\n<small>\[[A-D]\b[^\n]*\]</small>")
SOLUTION = re.compile(r"### BEGIN SOLUTION\n.*?\n *### END SOLUTION", re.DOTALL)
HIDDEN = re.compile(r"### BEGIN HIDDEN TESTS\n(?P<code>.*?)\n### END HIDDEN TESTS", re.DOTALL)

chapters = pytest.mark.parametrize("chapter", CHAPTERS)


def nbgrader_of(cell):
    return cell.metadata.get("nbgrader", {})


def test_cells(chapter):
    return [cell for cell in instructor_notebook(chapter).cells if nbgrader_of(cell).get("grade")]


test_cells.__test__ = False


@chapters
def test_notebook_is_canonical(chapter):
    """The committed notebook is in the form that `make format` writes."""
    assert deviations(instructor_notebook(chapter)) == []


@chapters
def test_opening_says_what_to_expect(chapter):
    """A question stands below the title; then what the reader will do, learn and need.

    What the exercises are worth is calculated for the page, and for the notebook that students get.
    """
    notebook = instructor_notebook(chapter)
    opening = notebook.cells[0].source
    assert re.match(r"# [^\n]+\n\n\*[^*\n]+\?\*\n\n", opening)
    for promise in ["**You will** ", "**You will learn** ", "**You need** "]:
        assert promise in opening
    assert not re.search(r"\d+ (?:points|exercises|hours)", opening)
    total = sum(nbgrader_of(cell).get("points", 0) for cell in notebook.cells)
    told = plain(notebook, ROOT, f"book/{chapter}/{chapter}.ipynb").cells[0].source
    assert re.search(
        rf"^\d+ exercises, {total:g} points, \d+ of them graded by a person\.$", told, re.M
    )


@chapters
def test_ending_sums_up(chapter):
    """A summary, a quiz of five explained questions, and further reading close the chapter."""
    text = "\n".join(
        c.source for c in instructor_notebook(chapter).cells if c.cell_type == "markdown"
    )
    for heading in ["## Summary", "## Check yourself", "## Further reading"]:
        assert f"\n{heading}\n" in text
    questions = re.findall(r"^\*\*Question (\d)\.\*\*", text, re.MULTILINE)
    assert questions == list("12345")
    quiz = text[text.index("\n## Check yourself\n") :]
    assert quiz.count("<details>") == quiz.count("</details>") == 5
    for explanation in re.findall(r"<details>(.*?)</details>", quiz, re.DOTALL):
        for choice in ["(a)", "(b)", "(c)", "(d)"]:
            assert choice in explanation


@chapters
def test_exercises_are_complete(chapter):
    """Five exercises or more, each with visible and hidden tests; one task with a mark scheme."""
    exercises, task = {}, []
    for cell in instructor_notebook(chapter).cells:
        nbgrader = nbgrader_of(cell)
        if nbgrader.get("solution"):
            exercises[nbgrader.grade_id] = []
            current = exercises[nbgrader.grade_id]
            assert "### BEGIN SOLUTION" in cell.source
            assert f"def {nbgrader.grade_id}(" in cell.source
            assert f"solutions.{chapter}.{nbgrader.grade_id}(" in cell.source
        elif nbgrader.get("grade"):
            current.append(cell)
        elif nbgrader.get("task"):
            task.append(cell)
    assert len(exercises) >= 5
    for name, cells in exercises.items():
        assert any(HIDDEN.search(cell.source) for cell in cells), name
        assert any(
            re.search(r"^ *assert ", HIDDEN.sub("", c.source), re.MULTILINE) for c in cells
        ), name
        assert all(nbgrader_of(cell).grade_id.startswith(name) for cell in cells), name
    assert len(task) == 1
    assert "=== BEGIN MARK SCHEME ===" in task[0].source
    assert nbgrader_of(task[0]).points > 0


@chapters
def test_statements_state_their_points(chapter):
    """The points that a statement promises are those of its test cells."""
    promised, exercises = {}, {}
    for cell in instructor_notebook(chapter).cells:
        nbgrader = nbgrader_of(cell)
        match = re.match(
            r"\*\*Exercise (\d+) \((\d+) points?(, graded by a person)?\)\.\*\*", cell.source
        )
        if match:
            number = int(match[1])
            promised[number] = int(match[2])
            exercises[number] = nbgrader.get("points", 0) if nbgrader.get("task") else 0
        elif nbgrader.get("grade"):
            exercises[number] += nbgrader.points
    assert list(promised) == list(range(1, len(promised) + 1))
    assert exercises == promised


@chapters
def test_test_cells_are_fit_for_a_judge(chapter):
    """Test cells are locked, open with a docstring, and import all that they use.

    A test cell runs outside the student's process: of the notebook it may use only the function
    that its exercise asks for. Its visible part needs nothing but numpy and the standard library.
    """
    import builtins

    notebook = instructor_notebook(chapter)
    asked = {nbgrader_of(c).grade_id for c in notebook.cells if nbgrader_of(c).get("solution")}
    for cell in test_cells(chapter):
        where = nbgrader_of(cell).grade_id
        assert nbgrader_of(cell).locked, where
        tree = ast.parse(cell.source)
        assert ast.get_docstring(tree), f"{where}: no docstring"
        bound = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        bound |= {
            n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
        }
        bound |= {a.arg for a in ast.walk(tree) if isinstance(a, ast.arg)}
        bound |= {h.name for h in ast.walk(tree) if isinstance(h, ast.ExceptHandler) and h.name}
        for node in ast.walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                bound |= {(a.asname or a.name).split(".")[0] for a in node.names}
        used = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}
        foreign = used - bound - set(dir(builtins))
        owners = {name for name in asked if where.startswith(name)}
        assert foreign <= owners, f"{where}: uses {sorted(foreign - owners)}"
        visible = ast.parse(HIDDEN.sub("", cell.source))
        modules = [n for n in ast.walk(visible) if isinstance(n, (ast.Import, ast.ImportFrom))]
        names = {(getattr(n, "module", None) or n.names[0].name).split(".")[0] for n in modules}
        assert "solutions" not in names and names <= {"numpy", "warnings", "math"}, (
            f"{where}: {names}"
        )


@chapters
def test_a_student_needs_few_packages(chapter):
    """Outside of solutions and hidden tests a notebook imports numpy, matplotlib, altair,
    scikit-learn and what comes with Python: what requirements-student.txt installs."""
    text = (ROOT / "requirements-student.txt").read_text(encoding="utf-8")
    listed = set(re.findall(r"^([a-z-]+)", text, re.MULTILINE))
    assert listed == {"numpy", "matplotlib", "altair", "jupyterlab", "scikit-learn"}
    importable = (listed - {"scikit-learn"}) | {"sklearn"}
    for cell in instructor_notebook(chapter).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(SOLUTION.sub("pass", HIDDEN.sub("", cell.source)))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module]
                for name in names:
                    top = name.split(".")[0]
                    assert top in importable or top in sys.stdlib_module_names, f"{cell.id}: {name}"


@chapters
def test_asserts_speak(chapter):
    """Every assert of a test cell has a message for the student."""
    for cell in test_cells(chapter):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.Assert):
                assert node.msg is not None, f"{nbgrader_of(cell).grade_id}, line {node.lineno}"


@chapters
def test_equations_are_labelled_and_sourced(chapter):
    """Every displayed equation has a label; below it stands its source, or nothing at once."""
    text = "\n\n".join(
        c.source for c in instructor_notebook(chapter).cells if c.cell_type == "markdown"
    )
    text = re.sub(r"=== BEGIN MARK SCHEME ===.*?=== END MARK SCHEME ===", "", text, flags=re.DOTALL)
    equations = list(EQUATION.finditer(text))
    assert len(equations) * 2 == len(re.findall(r"^\$\$", text, re.MULTILINE)), (
        "a $$ that does not pair"
    )
    assert equations
    for equation in equations:
        assert equation["label"], f"no label: {equation['body']}"
        below = equation["below"]
        assert below is None or MARK.fullmatch(below), (equation["label"], below)
        assert "\\text{[" not in equation["body"], f"{equation['label']}: a source in the formula"
    labels = [equation["label"] for equation in equations]
    assert len(labels) == len(set(labels))
    everywhere = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "book").rglob("*.ipynb")
    )
    for reference in re.findall(r"\{eq\}`([\w-]+)`", text):
        assert f"$$ ({reference})" in everywhere, f"{{eq}}`{reference}` points nowhere"


@chapters
def test_figures_are_described(chapter):
    """At least three figures, and each carries a description in words."""
    figures = 0
    for cell in instructor_notebook(chapter).cells:
        for output in cell.get("outputs", []):
            assert "image/png" not in output.get("data", {}), f"{cell.id}: run `make outputs`"
            if "image/svg+xml" in output.get("data", {}):
                figures += 1
                alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
                assert len(alt) > 40, f"cell {cell.id}: describe the figure in mystnb.image.alt"
                own = re.findall("[\ue000-\uf8ff]", output["data"]["image/svg+xml"])
                assert not own, f"cell {cell.id}: only matplotlib's own fonts have these: {own}"
    assert figures >= 3


def test_figures_have_one_style():
    """The setup cells of all chapters say the same of figures: one palette, one size of letters."""
    styles = set()
    for chapter in CHAPTERS:
        setup = next(cell for cell in instructor_notebook(chapter).cells if cell.id == "setup")
        styles.add(re.search(r"plt\.rcParams\.update\(.*?\n\)", setup.source, re.DOTALL)[0])
    assert len(styles) == 1


def test_grade_ids_are_unique_across_the_course():
    """No two cells of the course share a grade_id, so that a report needs no chapter to be read."""
    seen = {}
    for chapter in CHAPTERS:
        for cell in instructor_notebook(chapter).cells:
            if "nbgrader" in cell.metadata:
                name = cell.metadata.nbgrader.grade_id
                assert name not in seen, f"{name} is in {seen.get(name)} and in {chapter}"
                seen[name] = chapter


def test_rules_are_the_same_in_all_chapters():
    """Below each opening the rules for all exercises are folded, word for word the same."""
    rules = {instructor_notebook(chapter).cells[1].source for chapter in CHAPTERS}
    assert len(rules) == 1
    (text,) = rules
    assert text.startswith("<details>\n<summary>How to do the exercises</summary>\n")
    assert "../intro.md#rules-for-every-function" in text
