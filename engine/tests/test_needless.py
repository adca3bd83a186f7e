"""Cells that no exercise depends on may be left out: which they are, and that no mark changes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cells import code_cell
from nbgrader.utils import determine_grade
from nbjudge.execution.needless import needless_cells
from nbjudge.execution.placeholders import NOT_RUN
from nbjudge.execution.released import digest
from nbjudge.judge.release import read_release

TEST = {"grade": True, "locked": True, "points": 1}
SETUP = "import numpy as np\nimport matplotlib.pyplot as plt\nplt.rcParams['lines.linewidth'] = 3"
DATA = "X = np.arange(6.0)\nnames = ['a', 'b']"
ANSWER = "def double(x):\n    x = np.asarray(x)\n    return 2 * x"
FIGURE = "plt.plot(X, double(X))\nplt.show()"


def left_out(*demonstrations, answer=ANSWER, test="assert double(2) == 4", judge=True):
    """Return which of the released cells before a last test may be left out."""
    plain = [code_cell(source) for source in (SETUP, DATA, *demonstrations)]
    cells = [
        *plain[:2], code_cell(answer, "double", solution=True), *plain[2:],
        code_cell(test, "test", **TEST), code_cell("last = 1"),
    ]  # fmt: skip
    released = {digest(cell.source.encode()) for cell in (*plain, cells[-1])}
    judged = [index for index, cell in enumerate(cells) if cell.source == test and judge]
    found = needless_cells(cells, released, judged)
    assert not found or len(cells) - 1 in found, "nothing that is graded comes after the last cell"
    return [cell.source for index, cell in enumerate(cells[:-1]) if index in found]


@pytest.mark.parametrize(
    "demonstration",
    [
        FIGURE,
        "for x in X:\n    print(x, double(x))",
        "rng = np.random.default_rng(0)\nnoise = rng.normal(size=3)\nnoise.sort()",
        "with np.errstate(all='ignore'):\n    bad = np.log(0.0)",
        "def helper(a):\n    return double(a) + 1\nshown = [helper(x) for x in X]",
        "X[0] = 7.0",
        "import math\nroot = math.sqrt(2)",
        "X = X + 1\ndel names",
        "n = np.inf\nshown = getattr(X, 'size', n)",
        "for f in (double, np.sqrt):\n    plt.plot(X, f(X))",
        "from scipy import stats\nnoise = stats.norm.rvs(size=3)",
    ],
)
def test_what_nothing_graded_could_tell_is_left_out(demonstration):
    """An answer that keeps nothing of a call may be called or not."""
    assert left_out(demonstration) == [DATA, demonstration]


@pytest.mark.parametrize(
    ("demonstration", "answer", "test"),
    [
        # It binds, or may change, what a test or an answer reads.
        ("Y = X + 1", ANSWER, "assert double(Y[0]) == 2"),
        ("X[0] = 7.0", ANSWER, "assert double(X[0]) == 0"),
        ("X.sort()", ANSWER, "assert double(X[0]) == 0"),
        ("double(X)", ANSWER, "assert double(X[0]) == 0"),
        ("A = X[1:]\nA[0] = 3.0", ANSWER, "assert double(X[0]) == 0"),
        ("scale = 3", "def double(x):\n    return scale * x", "assert double(1) == 3"),
        ("for i in X:\n    last_of = i", ANSWER, "assert last_of == 5"),
        ("def helper():\n    global kept\n    kept = 1\nhelper()", ANSWER, "assert kept == 1"),
        ("(kept := 3)", ANSWER, "assert kept == 3"),
        ("del names", ANSWER, "assert 'names' not in double(names)"),
        ("double.calls = 3", ANSWER, "assert double.calls == 3"),
        # The answer keeps something of a call.
        (
            "double(1)",
            "seen = []\ndef double(x):\n    seen.append(x)\n    return seen",
            "double(2)",
        ),
        ("double(1)", "def double(x, seen=[]):\n    seen.append(x)\n    return seen", "double(2)"),
        ("double(1)", "def double(x):\n    global n\n    n = 1 + n", "double(2)"),
        ("double(1)", "def double(x):\n    double.n = x\n    return x", "double(2)"),
        ("double(1)", "def double(x):\n    np.random.seed(1)\n    return x", "double(2)"),
        ("double(1)", "def double(x):\n    np.seterr(all='raise')\n    return x", "double(2)"),
        ("double(1)", "import functools\n@functools.cache\ndef double(x): return x", "double(2)"),
        ("double(1)", "class C: n = 0\ndef double(x):\n    C.n += 1\n    return C.n", "double(2)"),
        ("double(1)", "def h(x):\n    h.n = x\ndef double(x):\n    return h(x)", "double(2)"),
        ("double(1)", "def double(x):\n    setattr(np, 'pi', 3)", "double(2)"),
        # It changes more than names.
        ("np.random.seed(0)", ANSWER, "double(np.random.rand())"),
        ("np.random.shuffle(X)", "def double(x): return np.random.rand()", "double(2)"),
        ("np.seterr(all='raise')", ANSWER, "double(2)"),
        ("np.set_printoptions(precision=2)", ANSWER, "double(2)"),
        ("np.pi = 3", ANSWER, "double(2)"),
        ("plt.rcParams.update({'lines.linewidth': 1})", f"{ANSWER}\nplt.plot([1])", "double(2)"),
        ("open('a.txt', 'w').close()", ANSWER, "double(2)"),
        ("np.savetxt('a.txt', X)", ANSWER, "double(2)"),
        ("import os\nos.chdir('/')", ANSWER, "double(2)"),
        (
            "import warnings\nwarnings.simplefilter('error')",
            f"{ANSWER}\nimport warnings",
            "double(2)",
        ),
        ("%precision 3", ANSWER, "double(2)"),
        # A function looks its names up when it is called.
        ("n = 2", "n = 1\ndef double(x):\n    return n * x", "double(3)"),
        ("for k in X: print(k)", "k = 2\ndouble = lambda x: k * x", "double(3)"),
        ("def h(x): return x", "def h(x): return 2\ndef double(x): return h(x)", "double(3)"),
        # A name that is bound twice says little of what stands behind it.
        ("double(1)", "def double(x): return x\ndouble = Counting(double)", "double(2)"),
        (
            "double(1)",
            "def double(x): return x\nif X.size:\n    def double(x): X[0] += 1",
            "double(2)",
        ),
        (
            "double(1)",
            "def double(x): return x\ndef f():\n    global double\n    double = Counting()\nf()",
            "double(2)",
        ),
        ("double(1)", "seen = 1\nseen = []\ndef double(x):\n    seen.append(x)", "double(2)"),
        (
            "double(1)",
            "def f():\n    import math\nmath = C()\ndef double(x): math.n.append(x)",
            "double(2)",
        ),
        ("double(1)", "class C: n = []\nseen = C.n\ndef double(x): seen.append(x)", "double(2)"),
        ("double(1)", "class np: pi = []\nn = np.pi\ndef double(x): n.append(x)", "double(2)"),
        # Functions are objects.
        ("double(1)", "def double(x): double.n.append(x)\ndouble.n = []", "double(2)"),
        ("double(1)", "def double(x):\n    me = double\n    me.n = x", "double(2)"),
        ("double(1)", "def h(f): f.n = 1\ndef double(x): h(double)", "double(2)"),
        ("keep(double)", "def keep(f): f.n = 1\ndef double(x): return x", "double.n"),
        # Libraries keep more than their settings.
        (
            "double(1)",
            "def double(x):\n    from numpy.random import seed\n    seed(1)",
            "double(2)",
        ),
        ("double(1)", "def double(x):\n    from os import mkdir as m\n    m('a')", "double(2)"),
        (
            "double(1)",
            "from pathlib import Path\ndef double(x): print(1, file=Path('a').open('w'))",
            "double(2)",
        ),
        ("from numpy import savetxt as s\ns('a.txt', X)", ANSWER, "double(2)"),
        ("import pathlib\npathlib.os.mkdir('a')", ANSWER, "double(2)"),
        ("mpl = plt.matplotlib\nmpl.rcParams.update({})", ANSWER, "double(2)"),
        ("double(1)", "import warnings\ndef double(x): warnings.filters.pop()", "double(2)"),
        ("plt.np.random.seed(1)", "def double(x): return np.random.rand()", "double(2)"),
        (
            "import scipy.stats as st\nst.norm.rvs()",
            "def double(x): return np.random.rand()",
            "double(2)",
        ),
        (
            "import pandas as pd\npd.DataFrame(X).sample(3)",
            "def double(x): return np.random.rand()",
            "double(2)",
        ),
    ],
)
def test_what_might_matter_is_run(demonstration, answer, test):
    """Told from the code alone: what cannot be told counts as needed."""
    assert demonstration not in left_out(demonstration, answer=answer, test=test)


@pytest.mark.parametrize(
    "code", ["exec('y = 1')", "globals()['y'] = 1", "%run other.ipynb", "import __main__", "!ls",
             "from numpy import *", "data.query('x > @y')", "getattr(double, '__glo' + 'bals__')",
             "operator.attrgetter('x')", "'{0.__globals__[y]}'.format(double)", "print(_3)",
             "double.__defaults__ = ([],)", "double.__code__ = other", "len.__self__",
             "error.__traceback__.tb_frame", "import timeit", "from inspect import stack",
             "from operator import attrgetter", "import weakref",
             "class C:\n    def __del__(self): seen.append(1)", "import sys\nsys._getframe().f_globals['y'] = 2", "print(_)"],
)  # fmt: skip
def test_of_code_that_hides_names_all_is_run(code):
    """Whoever wrote it."""
    assert left_out(FIGURE, answer=f"{ANSWER}\n{code}") == []
    assert left_out(FIGURE, code) == []


def test_a_setting_of_a_library_that_nothing_graded_uses_is_left_out():
    """The one of the first cell stays: the answer imports numpy by it."""
    setting = "import altair as alt\nalt.renderers.enable('mimetype')"
    chart = "alt.Chart(alt.Data(values=[{'x': 1}])).mark_point()"
    assert left_out(setting, chart) == [DATA, setting, chart]
    assert setting not in left_out(setting, chart, answer=f"{ANSWER}\nalt.Chart()")


def test_what_a_judged_test_binds_stays_with_the_judge():
    """A test that runs in the kernel binds for good."""
    test = "X = np.ones(3)\nassert double(X)[0] == 2"
    assert left_out(FIGURE, test=test) == [DATA, FIGURE]
    assert left_out(FIGURE, test=f"names = 1\n{test}", judge=False) == []


def test_a_changed_cell_runs_with_what_it_reads():
    """A student's experiment is looked at by whoever grades."""
    cells = [
        code_cell(source) for source in (SETUP, DATA, "Z = [1]\nZ.append(2)", "print(X)  # mine")
    ]
    released = {digest(cell.source.encode()) for cell in cells[:3]}
    assert needless_cells(cells, released) == {2}


NOTEBOOK = [
    (SETUP, {}), (DATA, {}), (ANSWER, {"solution": True}), ("plt.plot(double(np.ones(3)))", {}),
    ("assert double(2) == 4", TEST), ("assert double(X)[1] == 2", TEST), ("Z = 1", {}),
    ("assert double(2) == 5, 'wrong'", TEST),
]  # fmt: skip


def run(execute, notebook, **traits):
    """Run a notebook of which all but the answer is as it was released."""
    cells = [
        code_cell(text, f"c{n}" if meta else None, **meta)
        for n, (text, meta) in enumerate(notebook)
    ]
    plain = [cell.source for cell, (_, meta) in zip(cells, notebook, strict=True) if not meta]
    release = read_release(("plain", source) for source in plain)
    digests = [digest(source.encode()) for source in plain]
    released = {None: replace(release, plain=digests).as_data()}
    return execute(*cells, released=released, preload=["numpy", "matplotlib"], **traits)


def points(cells):
    return [determine_grade(c)[0] for c in cells if c.metadata.get("nbgrader", {}).get("grade")]


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize(
    ("cells", "figures", "run_all"),
    [("all", "changed", True), ("needed", "changed", False), ("needed", "none", False),
     ("needed", "all", True)],
)  # fmt: skip
def test_a_notebook_is_graded_with_fewer_cells(execute, cells, figures, run_all, judge):
    """The marks are the same; a cell that was left out says so."""
    found = run(execute, NOTEBOOK, cells=cells, figures=figures, judge=judge)
    assert points(found) == [1, 1, 0]
    said = [
        n
        for n, c in enumerate(found)
        for o in c.outputs
        if o.get("data") == {"text/plain": NOT_RUN}
    ]
    assert said == ([] if run_all else [3, 6])
    assert [n for n, cell in enumerate(found) if cell.execution_count is None] == said


def test_a_name_that_was_missed_after_all_has_everything_run(execute):
    """Nobody can read off this answer which name of the notebook it asks for."""
    answer = (
        "code = (lambda: q).__code__.replace(co_names=('other_' + 'names',))\n"
        "hidden = type(lambda: 0)(code, getattr(lambda: 0, '__glo' + 'bals__'))\n"
        "def double(x):\n    return 2 * x if hidden() else 0"
    )
    notebook = [
        (SETUP, {}), ("other_names = [1]", {}), (answer, {"solution": True}),
        ("assert double(2) == 4", TEST),
    ]  # fmt: skip
    found = run(execute, notebook, cells="needed", judge=True)
    assert points(found) == [1]
    assert found[1].outputs == []


def test_a_lost_kernel_is_replaced_without_the_needless_cells(execute):
    """What is run again is what was run."""
    notebook = [*NOTEBOOK[:4], ("import os\nos._exit(1)", {"solution": True}), *NOTEBOOK[4:]]
    found = run(execute, notebook, cells="needed", judge=True)
    assert points(found) == [1, 1, 0]
    assert found[3].outputs[0].data == {"text/plain": NOT_RUN}
