"""Stock nbgrader and the engine with the judge off agree on notebooks that nobody wrote.

Hypothesis draws what a class hands in: cells in any order, left out, twice, of another type, with
odd metadata; code that prints, fails, warns, draws and ends; points in part. All of a draw is
graded as one class, by both. They may differ in two ways, by design: a cell that only wrote to
stderr is no failure for the engine, and what ends or endlessly holds the kernel costs its own cells.
"""

from __future__ import annotations

import shutil

import nbformat
import pytest
import small_course
from cells import code_cell, notebook
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from nbgrader.apps import AutogradeApp
from small_course import NAME, Fork, sqlite

TEST = {"grade": True, "locked": True}
BY_HAND = {"grade": True, "solution": True, "points": 3}

CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "drawn"
c.CourseDirectory.root = {root!r}
c.OverwriteCells.add_missing_cells = True
c.RestoreCells.add_missing_cells = True
c.Execute.timeout = 600
"""
ENGINE = "import nbjudge; nbjudge.configure(c)\nc.SandboxedExecute.judge = False\n"

ANSWERS = st.sampled_from([
    "answer = 42", "answer = 41", "answer = [42]", "answer = None", "answer = 42.0 + 1e-12",
    "", "raise NotImplementedError()", "answer = = 42", "1 / 0", "del answer",
    "def f():\n    return answer\nanswer = 42", "import math\nanswer = math.floor(42.9)",
    "answer = 42\nanswer", "answer = 42;", "%time answer = 42", "answer = !echo 42",
    "import asyncio\nawait asyncio.sleep(0)\nanswer = 42", "answer = 'ä🙂\\x00'",
    "class A:\n    def __eq__(self, other):\n        return True\nanswer = A()",
    "def assert_(x):\n    pass\nanswer = 42", "from IPython.display import HTML\nHTML('<b>42</b>')",
    "import numpy as np\nanswer = np.int64(42)", "answer = 42\nprint('x' * 3000)",
    "print('one', end='')\nprint(flush=True)\nanswer = 42\nprint(answer)",
])  # fmt: skip
TESTS = [
    ("assert answer == 42", 1), ("assert answer == 42, f'not {answer!r}'", 2),
    ("0.5 if answer == 42 else 0", 2), ("assert isinstance(answer, int)\n'passed'", 1),
    ("print(answer)\nassert True", 1), ("assert (\n    answer\n    ==\n    42\n)", 3),
]  # fmt: skip
ORDINARY = st.sampled_from(["answer = 0", "print(1)", "x = 1", "raise KeyError('k')", "", "7"])
TEXTS = st.sampled_from(["", "because", "$x$ **so**", "# a\n\n- b", "\u2028 <script>1</script>"])


@st.composite
def handed_in(draw):
    """Draw the cells of a submission: pairs of a name in the release, or None, and a source."""
    cells = [
        ("answer", draw(ANSWERS)),
        *((f"test{number}", None) for number in range(len(TESTS))),
        ("why", draw(TEXTS)),
        ("text", draw(TEXTS)),
    ]
    for _ in range(draw(st.integers(0, 2))):  # what a student writes between
        cells.insert(draw(st.integers(0, len(cells))), (None, draw(ORDINARY)))
    what = draw(st.sampled_from(["as it is", "one out", "one twice", "moved", "changed test"]))
    place = draw(st.integers(0, len(cells) - 1))
    if what == "one out":
        del cells[place]
    elif what == "one twice":
        cells.insert(draw(st.integers(0, len(cells))), cells[place])
    elif what == "moved":
        cells.insert(draw(st.integers(0, len(cells) - 1)), cells.pop(place))
    elif what == "changed test":
        cells = [(n, "assert True" if n == "test0" else s) for n, s in cells]
    extra = st.sampled_from([{}, {"tags": ["x"]}, {"collapsed": True}, {"deletable": False}])
    return [(name, source, draw(extra)) for name, source in cells]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """Return a course whose assignment is released, with the judge off."""
    root = tmp_path_factory.mktemp("drawn") / "course"
    source = root / "source" / NAME
    source.mkdir(parents=True)
    made = notebook(
        code_cell("### BEGIN SOLUTION\n### END SOLUTION", "answer", solution=True),
        *(code_cell(test, f"test{n}", points=p, **TEST) for n, (test, p) in enumerate(TESTS)),
        code_cell("# why", "why", **BY_HAND),
        nbformat.v4.new_markdown_cell("text"),
    )
    made.cells[-1].metadata.nbgrader = made.cells[-2].metadata.nbgrader | {"grade_id": "text"}
    nbformat.write(made, source / f"{NAME}.ipynb")
    result = small_course.open_course(root).generate_assignment(NAME)
    assert result["success"], result["log"]
    return root


def hand_in(root, student, cells):
    """Write a submission of drawn cells."""
    path = root / "submitted" / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    release = nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    known = {cell.metadata.nbgrader.grade_id: cell for cell in release.cells}
    release.cells = []
    for number, (name, source, metadata) in enumerate(cells):
        cell = nbformat.from_dict(known[name]) if name else code_cell("")
        cell.id = f"c{number}"
        if source is not None:
            cell.source = source
        cell.metadata.update(metadata)
        release.cells.append(cell)
    nbformat.write(release, path)


def both(released, folder, drawn):
    """Grade a class of drawn submissions with stock nbgrader and with the engine."""
    shutil.rmtree(folder, ignore_errors=True)
    found = []
    for name, app in (("stock", AutogradeApp), ("engine", None)):
        root = folder / name
        shutil.copytree(released, root)
        config = CONFIG.format(root=str(root)) + ("" if app else ENGINE)
        (root / "nbgrader_config.py").write_text(config)
        for number, cells in enumerate(drawn):
            hand_in(root, f"s{number:02}", cells)
        run = Fork(root, app=app) if app else Fork(root)
        assert run.end() == 0 or app, run.errors()
        found.append(small_course.contents(sqlite(root)))
    return found


def classes(size, many):
    """Return what gives a test so many classes of a size."""

    def drawing(test):
        settled = settings(
            max_examples=many, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        drawn = st.lists(handed_in(), min_size=size, max_size=size, unique_by=repr)
        return settled(given(drawn=drawn)(test))

    return drawing


@seed(20150217)  # of nbgrader's issue on parallel grading
@classes(12, many=1)
def test_stock_nbgrader_and_the_engine_agree(released, tmp_path_factory, drawn):
    """Points, flags and comments of every cell."""
    compare(released, tmp_path_factory.getbasetemp() / "compared", drawn)


@pytest.mark.thorough
@pytest.mark.timeout(3600)
@classes(25, many=20)
def test_stock_nbgrader_and_the_engine_agree_on_five_hundred(released, tmp_path_factory, drawn):
    """The same, on other notebooks each time."""
    compare(released, tmp_path_factory.getbasetemp() / "compared", drawn)


def compare(released, folder, drawn):
    """Name each submission on which they differ, with what was handed in."""
    stock, engine = both(released, folder, drawn)
    # nbgrader ends in the middle where a name stands twice, and is no measure there.
    twice = {
        f"s{number:02}"
        for number, cells in enumerate(drawn)
        if len(names := [name for name, _, _ in cells if name]) > len(set(names))
    }
    stock, engine = (
        {key: value for key, value in found.items() if key[0] not in twice}
        for found in (stock, engine)
    )
    assert len({key[0] for key in stock}) == len(drawn) - len(twice)
    wrong = {key for key in stock.keys() | engine.keys() if stock.get(key) != engine.get(key)}
    said = [
        f"{key}: stock {stock.get(key)}, engine {engine.get(key)}, of {drawn[int(key[0][1:])]}"
        for key in sorted(wrong)
    ]
    assert not said, "\n".join(said)
