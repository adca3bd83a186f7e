"""The judge's own process: its sandbox, its environment, and the files that it sees."""

from __future__ import annotations

import json
import os
import sys
import types

import pytest
from cells import code_cell, notebook
from nbgrader.utils import determine_grade
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.findings import findings_in
from nbjudge.execution.released import digest, read_source
from nbjudge.judge.client import JUDGES
from nbjudge.judge.course import Course
from nbjudge.judge.release import read_release

TEST = {"grade": True, "locked": True, "points": 1}


def outcome(cell):
    """Return a test cell's points, and what it says if it failed."""
    said = [o.get("evalue") or o.get("text") for o in cell.outputs if o.output_type != "stream"]
    return determine_grade(cell)[0], said


@pytest.fixture
def graded(tmp_path, empty_course):
    """Return a function that runs a notebook with files beside it, and returns its test cells."""

    def run(*cells, files=None, release=None, root=None, **traits):
        folder = tmp_path / "submission"
        for name, data in (files or {}).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        folder.mkdir(exist_ok=True)
        if release is not None:
            traits["released"] = {"p1": read_release(release).as_data()}
        step = SandboxedExecute(course_root=str(root or empty_course), judge=True, **traits)
        resources = {"metadata": {"path": str(folder)}, "nbgrader": {"notebook": "p1"}}
        done = step.preprocess(notebook(*cells), resources)[0].cells
        run.findings = findings_in(resources)
        return [cell for cell in done if cell.metadata.get("nbgrader", {}).get("grade")]

    return run


def test_what_a_test_unpickles_or_evaluates_runs_in_a_sandbox(graded, tmp_path):
    """It reaches no file of this machine, no other process and no network."""
    marker = tmp_path / "marker"
    secret = tmp_path / "gradebook.db"
    secret.write_text("secret")
    attack = (
        "import os, pickle, base64\n"
        f"formula = \"__import__('os').system('touch {marker}')\"\n"
        "class P:\n"
        f"    def __reduce__(self): return os.system, ('touch {marker}',)\n"
        "data = pickle.dumps(P())"
    )
    look = (
        "import os, socket\n"
        f"assert not os.path.exists({str(secret)!r})\n"
        "assert {int(p) for p in os.listdir('/proc') if p.isdigit()} == {1, os.getpid()}\n"
        "try: socket.create_connection(('127.0.0.1', 1), timeout=1)\n"
        "except OSError: pass\n"
        "for place in ('/', '/usr', os.path.dirname(os.__file__)):\n"
        "    try: open(os.path.join(place, 'x'), 'w')\n"
        "    except OSError: pass\n"
        "    else: assert False, place\n"
        "status = open('/proc/self/status').read()\n"
        "assert 'CapEff:\\t0000000000000000' in status\n"
        "try: os.kill(1, 9)\n"
        "except PermissionError: pass\n"
        "import numpy as np"
    )
    cells = graded(
        code_cell(attack),
        code_cell("eval(formula)", "evaluates", **TEST),
        code_cell("import pickle\npickle.loads(data)", "unpickles", **TEST),
        code_cell(look, "looks", **TEST),
    )
    assert outcome(cells[2]) == (1, [])
    assert not marker.exists()


def test_nothing_is_left_for_the_next_judge(graded):
    """Files and processes of one notebook's tests end with it."""
    leave = (
        "import os, subprocess, sys\nopen('/tmp/note', 'w').write('x')\n"
        "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'],"
        " start_new_session=True);"
    )
    look = (
        "import os\nassert not os.path.exists('/tmp/note') and os.listdir() == []\n"
        "others = {int(p) for p in os.listdir('/proc') if p.isdigit()}\n"
        "assert others == {1, os.getpid()}, others"
    )
    (left,) = graded(code_cell(leave, "leaves", **TEST))
    (found,) = graded(code_cell(look, "looks", **TEST))
    assert outcome(left) == (1, []) and outcome(found) == (1, [])


@pytest.mark.parametrize("sandbox", [True, False])
def test_the_callers_environment_is_not_the_judges(graded, monkeypatch, tmp_path, sandbox):
    """Asserts are compiled, warnings are as ever, whatever the caller's shell says."""
    JUDGES.close()
    (tmp_path / "sitecustomize.py").write_text("import os; os.environ['POISONED'] = '1'")
    for name, value in {
        "PYTHONOPTIMIZE": "2",
        "PYTHONWARNINGS": "error",
        "PYTHONPATH": str(tmp_path),
        "PYTHONHASHSEED": "1",
        "TZ": "Pacific/Apia",
        "LC_ALL": "C",
        "SECRET": "x",
        "MPLCONFIGDIR": str(tmp_path),
    }.items():
        monkeypatch.setenv(name, value)
    before = os.umask(0o077)
    try:
        cells = graded(
            code_cell("def f(x):\n    return 2 * x"),
            code_cell("assert f(1) == 3", "wrong", **TEST),
            code_cell(
                "import os, sys, warnings\nwarnings.warn('hm')\n"
                "assert not {'SECRET', 'TZ', 'LC_ALL', 'POISONED'} & set(os.environ)\n"
                "assert not any(n.startswith('PYTHON') and n != 'PYTHONDONTWRITEBYTECODE'"
                " for n in os.environ), os.environ\n"
                "assert sys.flags.optimize == 0 and sys.getfilesystemencoding() == 'utf-8'\n"
                "open('x', 'w').close(); assert os.stat('x').st_mode & 0o777 == 0o644\n"
                "assert os.listdir() == ['x']",
                "clean", **TEST,
            ),
            sandbox=sandbox,
        )  # fmt: skip
    finally:
        os.umask(before)
        JUDGES.close()
    assert outcome(cells[0])[0] == 0 and outcome(cells[1]) == (1, [])


@pytest.mark.parametrize("sandbox", [True, False])
def test_files_of_a_submission_are_data_on_demand(graded, sandbox):
    """A test reads what it asks for; nothing is there otherwise, and nothing is code."""
    files = {
        "squares.csv": b"1,4,9\n",
        "sub/part_1.txt": b"one",
        "matplotlibrc": b"font.size: 77\n",
        "sitecustomize.py": b"raise SystemExit",
        "numpy/__init__.py": b"raise SystemExit",
        "json.py": b"raise SystemExit",
        "conftest.py": b"raise SystemExit",
        ".numpyrc": b"x",
    }
    read = (
        "import os\nassert os.listdir() in ([], ['squares.csv']), os.listdir()\n"
        "assert os.path.exists('squares.csv')\nimport numpy as np\n"
        "assert np.loadtxt('squares.csv', delimiter=',').tolist() == [1, 4, 9]\n"
        "n = 1\nassert open(f'sub/part_{n}.txt').read() == 'one'\n"
        "for name in ('matplotlibrc', 'conftest' + '.py', '.numpyrc', '../submission'):\n"
        "    try: open(name)\n"
        "    except OSError: pass\n"
        "    else: assert False, name\n"
        "import json, matplotlib\n"
        "assert matplotlib.rcParams['font.size'] == 10 and json.loads('1') == 1"
    )
    (cell,) = graded(code_cell(read, "reads", **TEST), files=files, sandbox=sandbox)
    assert outcome(cell) == (1, [])


def test_a_temporary_folder_takes_data_of_its_own_alone(graded):
    """No code, nothing beside it, and no folder that the test did not make."""
    student = (
        "import os\ndef fill(folder):\n"
        "    for name in ('a.txt', 'evil.py', 'conftest.py', '../beside.txt'):\n"
        "        with open(os.path.join(folder, name), 'w') as file: file.write('x')\n"
        "    os.symlink('/etc/passwd', os.path.join(folder, 'link.txt'))"
    )
    test = (
        "import os, tempfile\nfolder = tempfile.mkdtemp()\nfill(folder)\n"
        "assert os.listdir(folder) == ['a.txt'], os.listdir(folder)\n"
        "assert not os.path.exists(os.path.join(folder, '..', 'beside.txt'))"
    )
    (cell,) = graded(code_cell(student), code_cell(test, "t", **TEST))
    assert outcome(cell) == (1, [])


def test_a_function_of_an_earlier_test_is_in_nobodys_way(graded):
    """It stays in the place of a student's; the notebook's others can be looked at all the same."""
    cells = graded(
        code_cell("def helper(x): return x\ndef use(x): return helper(x)\ndef other(): pass"),
        code_cell("helper = lambda x: 100\nassert use(1) == 100", "t", **TEST),
        code_cell("import inspect\nassert 'helper(x)' in inspect.getsource(use)", "u", **TEST),
        release=[("answer", "def helper(x): return x\ndef use(x): return helper(x)")],
    )
    assert [outcome(cell) for cell in cells] == [(1, []), (1, [])]


def test_a_module_that_students_write_is_refused_by_name(graded):
    """Not that there is none: the test is not judged."""
    (cell,) = graded(
        code_cell("from mine import triple\nassert triple(1) == 3", "t", **TEST),
        files={"mine.py": b"def triple(x): return 3 * x"},
    )
    assert "mine is a module of the submission" in outcome(cell)[1][0]


def test_names_are_the_instructors_before_they_are_the_students(graded):
    """Modules, helpers and constants of the instructor's cells are not what a submission says."""
    release = [
        ("plain", "import numpy as np"),
        ("locked", "from numpy.testing import assert_allclose\nTOLERANCE = 1e-9"),
        ("locked", "def same(a, b):\n    assert abs(a - b) < TOLERANCE"),
        ("answer", "def sum(values):\n    raise NotImplementedError\ndef grid(n):\n    pass"),
    ]
    hostile = (
        "import matplotlib.pylab as np\nassert_allclose = same = lambda *a, **k: None\n"
        "TOLERANCE = 1e9\nimport numpy\ngrid = numpy.ndarray\ndef sum(values): return 7"
    )
    cells = graded(
        code_cell(hostile),
        code_cell("assert np.__name__ == 'numpy'", "np", **TEST),
        code_cell("assert_allclose(1, 2)", "allclose", **TEST),
        code_cell("same(1, 2)", "same", **TEST),
        code_cell("assert sum([1, 2]) == 7 and max(1, 2) == 2", "sum", **TEST),
        code_cell("del numpy\nassert grid(3) is None", "grid", **TEST),
        release=release,
    )
    assert [outcome(cell)[0] for cell in cells] == [1, 0, 0, 1, 0]
    assert outcome(cells[1])[1][0].strip().startswith("Not equal to tolerance")


@pytest.mark.parametrize(
    "forged",
    [
        "class np:\n    allclose = staticmethod(lambda *a, **k: True)",
        "def np(): pass\nnp.allclose = lambda *a, **k: True",
        "class N:\n    def allclose(self, *a): return True\nnp = N()",
    ],
)
def test_a_module_that_an_answer_imports_is_the_instructors(graded, forged):
    """A test that relies on the answer's import does not compare by what a student calls so."""
    release = [
        ("answer", "import numpy as np\nfrom numpy import isclose\ndef third(): return 1 / 3")
    ]
    cells = graded(
        code_cell(f"{forged}\ndef third(): return 0\nisclose = lambda *a: True"),
        code_cell("assert np.allclose(third(), 1 / 3)", "t", **TEST),
        code_cell("assert isclose(third(), 1 / 3)", "u", **TEST),
        code_cell("def third(): return 1 / 3\nimport numpy as np"),
        code_cell("assert np.allclose(third(), 1 / 3) and isclose(third(), 1 / 3)", "v", **TEST),
        release=release,
    )
    found = [outcome(cell) for cell in cells]
    assert [points for points, _ in found] == [0, 0, 1], found


def test_an_exercise_with_the_name_of_a_builtin_is_the_students(graded):
    """A blank sheet does not pass on Python's own function."""
    (cell,) = graded(
        code_cell("pass"),
        code_cell("assert sum([1, 2]) == 3", "t", **TEST),
        release=[("answer", "def sum(values):\n    return values[0] + sum(values[1:])")],
    )
    assert outcome(cell)[0] == 0


def test_a_helper_of_a_test_is_never_asked_of_the_student(graded):
    """Neither when its own cell failed before, nor when the judge was replaced in between."""
    release = [
        ("answer", "def square(x):\n    return x * x"),
        ("test", "assert square(2) == 4\ndef same(a, b):\n    return a == b"),
        ("test", "import os; os._exit(1)"),
        ("test", "assert same(square(3), 9)"),
    ]
    student = code_cell("def square(x):\n    return 0\ndef same(a, b):\n    return True")
    tests = [code_cell(source, f"t{n}", **TEST) for n, (_, source) in enumerate(release[1:])]
    cells = graded(student, *tests[::2], release=release)
    assert [outcome(cell)[0] for cell in cells] == [0, 0]
    tests = [code_cell(source, f"t{n}", **TEST) for n, (_, source) in enumerate(release[1:])]
    for known in (release, None):
        cells = graded(student, *tests, release=known)
        assert [outcome(cell)[0] for cell in cells] == [0, 0, 0]
        honest = code_cell("def square(x):\n    return x * x")
        cells = graded(honest, *tests, release=known)
        assert [outcome(cell)[0] for cell in cells] == [1, 0, 1]


def test_a_stand_in_that_a_test_keeps_finds_the_new_kernel(graded):
    """A function in a test's variable is the student's of the kernel that there is now."""
    cells = graded(
        code_cell("def f(x):\n    return 2 * x\ndef end():\n    import os; os._exit(1)"),
        code_cell("tested = f; assert tested(1) == 2", "first", **TEST),
        code_cell("end()", "ends", **TEST),
        code_cell("assert tested(3) == 6", "after", **TEST),
    )
    assert [outcome(cell)[0] for cell in cells] == [1, 0, 1]


def test_the_test_is_main(graded):
    """Pickle, unittest and processes find what a test cell defines; a process that calls does not."""
    cells = graded(
        code_cell("def f(x):\n    return 2 * x"),
        code_cell(
            "import pickle, unittest\n"
            "def own(): return 1\nassert pickle.loads(pickle.dumps(own)) is own\n"
            "class T(unittest.TestCase):\n"
            "    def test_f(self): self.assertEqual(f(1), 2)\n"
            "done = unittest.main(argv=['x'], defaultTest='T', exit=False).result\n"
            "assert done.testsRun == 1 and done.wasSuccessful();",
            "main", **TEST,
        ),
        code_cell(
            "import multiprocessing as mp\n"
            "with mp.get_context('fork').Pool(1) as pool:\n"
            "    assert pool.apply_async(own).get(timeout=30) == 1\n"
            "    pool.apply_async(f, (1,)).get(timeout=5)",
            "pool", **TEST,
        ),
    )  # fmt: skip
    assert outcome(cells[0]) == (1, [])
    assert outcome(cells[1])[0] == 0 and "calls the notebook" in str(cells[1].outputs)


def test_warnings_quote_no_line(graded):
    """Neither the test's line nor the reference's stands in what is printed."""
    (cell,) = graded(
        code_cell("import warnings\ndef f(x):\n    warnings.warn('here')\n    return x"),
        code_cell(
            "import warnings\nassert f(1) == 1, 'HIDDEN'\nwarnings.warn('mine')  # HIDDEN",
            "t", **TEST,
        ),
    )  # fmt: skip
    assert outcome(cell) == (1, [])
    printed = "".join(o.text for o in cell.outputs if o.output_type == "stream")
    assert printed == "UserWarning: here\nUserWarning: mine\n"


@pytest.mark.parametrize(
    ("setting", "points"),
    [
        ("np.seterr(all='ignore')", 1),
        ("import warnings; warnings.filterwarnings('ignore')", 0),
        ("np.seterr(divide='raise')", 0),
        ("", 0),
    ],
)
def test_what_a_student_sets_in_a_cell_holds_in_calls(graded, setting, points):
    """As in Validate: numpy's error state is the student's, a filter of the test comes first."""
    (cell,) = graded(
        code_cell(f"import numpy as np\n{setting}\ndef f(p):\n    return np.log(p)"),
        code_cell(
            "import warnings, numpy as np\nwith warnings.catch_warnings():\n"
            "    warnings.simplefilter('error')\n    assert f(np.array([0.0]))[0] == -np.inf",
            "t", **TEST,
        ),
    )  # fmt: skip
    assert outcome(cell)[0] == points


def test_the_source_tells_whose_a_name_is(tmp_path):
    """Names are read from the instructor's notebook, magics and broken cells included."""
    cells = [
        code_cell("%matplotlib inline\nimport numpy as np\nfrom os import path as p"),
        code_cell("def (", "broken", locked=True),
        code_cell("def same(a, b):\n    return a == b\nN = 3\nrows = []", "helper", locked=True),
        code_cell("import json\ndef f():\n    global rows\n    rows = [1]", "f", solution=True),
        code_cell("import math\ngot = f()\nassert same(np.sum(got), N)", "t", **TEST),
    ]
    made = json.dumps(notebook(*cells))
    (tmp_path / "p1.ipynb").write_text(made)
    (release,) = read_source(tmp_path).values()
    assert release.known
    assert release.imports == {
        "np": ["numpy", None], "p": ["os", "path"], "json": ["json", None],
    }  # fmt: skip
    assert release.answers == ["f", "json", "rows"] and release.exercises == ["f"]
    assert sorted(release.helpers) == ["N", "same"]
    assert release.tests == ["got", "math"] and release.modules == ["math", "numpy"]


def test_a_course_in_a_sandbox_shows_its_modules_alone(graded, tmp_path):
    """Neither the gradebook, nor a submission, nor the sources are there for a test."""
    for name in ("reference.py", "gradebook.db", "submitted/ada/ps1/p1.ipynb", "lib/data.txt"):
        path = tmp_path / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1")
    (tmp_path / "course" / "lib" / "__init__.py").write_text("")
    assert [p.rsplit("/", 1)[1] for p in Course(str(tmp_path / "course")).library()] == [
        *("lib", "reference.py")
    ]
    (cell,) = graded(
        code_cell(
            "import os, reference, lib\nhere = os.path.dirname(reference.__file__)\n"
            "assert sorted(os.listdir(here)) == ['lib', 'reference.py'], os.listdir(here)\n"
            "assert open(f'{here}/lib/data.txt').read() == 'x = 1'",
            "t", **TEST,
        ),
        root=tmp_path / "course",
    )  # fmt: skip
    assert outcome(cell) == (1, [])


@pytest.mark.parametrize(
    ("answer", "test", "reason"),
    [
        ("def f():\n    return object()", "assert f() == 1", "a value of the type object"),
        ("def f():\n    return 1", "import os; os._exit(0)", "ended its own process"),
        ("def f():\n    return 1", "while True: pass", "CPU seconds"),
        ("def f():\n    return 1", "exec(In[0])", "In is IPython's"),
    ],
)
def test_a_test_that_cannot_be_run_waits_for_a_person(graded, answer, test, reason):
    """It is an incident, not a 0; the test after it is judged."""
    graded(
        code_cell(answer),
        code_cell(test, "stuck", **TEST),
        code_cell("assert True", "next", **TEST),
        cpu_seconds=1,
        wall_factor=200,
    )
    ((cell, what),) = graded.findings.incidents
    assert cell == "stuck" and reason in what and "the judge could not run this test: " in what
    assert graded.findings.waiting == ["stuck"]


@pytest.mark.parametrize(
    ("answer", "incidents"),
    [("def f():\n    return 2", 0), ("def f():\n    import os; os._exit(1)", 1), ("pass", 0)],
)
def test_a_wrong_answer_waits_for_nobody(graded, answer, incidents):
    """Neither a wrong value nor a lost kernel needs a person to decide."""
    graded(code_cell(answer), code_cell("assert f() == 1", "t", **TEST))
    assert graded.findings.waiting == [] and len(graded.findings.incidents) == incidents


def test_files_of_the_source_are_the_instructors(graded):
    """A helper that the instructor ships is imported; one that a student changed is not."""
    shipped = {"checks.py": b"ANSWER = 42", "mine.py": b"ANSWER = 42", "data.csv": b"1"}
    source = {name: digest(data) for name, data in shipped.items()}
    cells = graded(
        code_cell("import checks, os\nassert checks.ANSWER == 42", "theirs", **TEST),
        code_cell("import mine", "changed", **TEST),
        code_cell("assert open('data.csv').read() == '1'", "data", **TEST),
        files={**shipped, "mine.py": b"ANSWER = 1"},
        source_files=source,
    )
    assert [outcome(cell)[0] for cell in cells] == [1, 0, 1]
    assert graded.findings.waiting == ["changed"]


def test_a_library_that_is_installed_from_its_sources_is_there(graded, tmp_path, monkeypatch):
    """A course may install its own package with ``pip install --editable``."""
    (tmp_path / "project" / "ours").mkdir(parents=True)
    (tmp_path / "project" / "ours" / "__init__.py").write_text("ANSWER = 42")
    (tmp_path / "project" / "secret.txt").write_text("x")
    finder = types.ModuleType("__editable___ours_finder")
    finder.MAPPING = {"ours": str(tmp_path / "project" / "ours")}
    monkeypatch.setitem(sys.modules, finder.__name__, finder)
    JUDGES.close()
    (cell,) = graded(
        code_cell(
            "import ours, os\nassert ours.ANSWER == 42\n"
            "assert os.listdir(os.path.dirname(ours.__path__[0])) == ['ours']",
            "t", **TEST,
        )
    )  # fmt: skip
    JUDGES.close()
    assert outcome(cell) == (1, [])


def test_a_course_may_let_values_be_large(graded):
    """``c.SandboxedExecute.value_size`` holds above its default as well, in the kernel too."""
    answer = code_cell("import numpy as np\ndef f(): return np.zeros(9 * 10**6)")
    test = code_cell("assert f().nbytes == 72 * 10**6", "large", **TEST)
    points, said = outcome(*graded(answer, test))
    assert points == 0 and "more than 67108864" in said[0]
    assert outcome(*graded(answer, test, value_size=100 << 20)) == (1, [])


def test_a_class_s_test_cells_are_read_once(graded, tmp_path):
    """By the server: what a submission's judge has read, those that are forked later find read.

    Nothing that a judge runs stays for the next one.
    """
    test = (
        "from nbjudge.judge import cell_source as known\n"
        "found = [f.cache_info().hits for f in (known.compiled, known.called_names)]\n"
        "found.append(hasattr(known, 'left')); known.left = 1\n"
        "assert double(2) == 4\nfound"
    )
    cells = code_cell("def double(x):\n    return 2 * x"), code_cell(test, "right", **TEST)
    root = tmp_path / "course"
    root.mkdir()
    said = [graded(*cells, root=root)[0].outputs[0]["data"]["text/plain"] for _ in range(3)]
    assert said == ["[0, 0, False]", "[1, 1, False]", "[1, 1, False]"]


def test_a_cell_that_is_no_python_ends_no_server(graded, tmp_path):
    """Each judge says what is wrong with it, and the next notebook is judged."""
    root = tmp_path / "course"
    root.mkdir()
    (broken,) = graded(code_cell("assert (", "broken", **TEST), root=root)
    assert outcome(broken)[0] == 0 and "never closed" in str(outcome(broken)[1])
    (right,) = graded(code_cell("x = 1"), code_cell("assert x == 1", "right", **TEST), root=root)
    assert outcome(right)[0] == 1
