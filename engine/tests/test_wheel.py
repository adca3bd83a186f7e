"""The wheel, installed in a fresh environment, grades a course that knows nothing of this project.

The environment is of the newest Python here that the engine supports, and the tests of what hangs on
the version run in it, too; all other tests are run by the Python that the project is installed with.
"""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from cells import code_cell, notebook
from pythons import SUPPORTED, find

pytestmark = pytest.mark.xdist_group("wheel")  # one environment

ENGINE = Path(__file__).resolve().parents[1]
LOCK = ENGINE.parent / "requirements.txt"
TEST = {"grade": True, "locked": True}
OF_THE_VERSION = ("test_judge.py", "test_judge_process.py", "test_wire.py")
NEEDED = (
    "pytest",
    "pytest-timeout",
    "hypothesis",
    "pandas",
    "networkx",
    "scikit-learn",
    "matplotlib",
)
ANSWERS = {
    "ada": "def total(numbers):\n    return sum(numbers)",
    "bob": "def total(numbers):\n    return 6",
    "eve": "open('../gradebook.db').read()\ndef total(numbers):\n    return sum(numbers)",
    "mal": (
        "class Six(int):\n    def __eq__(self, other):\n        return True\n"
        "def total(numbers):\n    print('<script>alert(1)</script>')\n    return Six(0)"
    ),
}


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return a fresh environment with the built wheel, what a shell in it has, and its installer."""
    folder = tmp_path_factory.mktemp("a wheel")
    uv = str(Path(sys.executable).with_name("uv"))
    source = shutil.copytree(
        ENGINE, folder / "source", ignore=shutil.ignore_patterns("tests", "build", "dist")
    )
    locked = [line for line in LOCK.read_text().splitlines() if not line.startswith("-e")]
    (folder / "lock.txt").write_text("\n".join(locked))

    # As pip does: the registry may be behind a certificate that this machine alone knows.
    own = {"UV_SYSTEM_CERTS": "1"} if Path("/etc/ssl/certs/ca-certificates.crt").exists() else {}

    def run(*command):
        done = subprocess.run(
            [uv, *command], cwd=folder, capture_output=True, text=True, env={**own, **os.environ}
        )
        assert done.returncode == 0, f"uv {' '.join(command)}:\n{done.stderr}"

    def install(*packages):
        run("pip", "install", "--python", "venv", "--constraints", "lock.txt", *packages)

    run("build", "--wheel", "--out-dir", str(folder), str(source))
    run("venv", "--python", find(*SUPPORTED), "venv")
    (wheel,) = folder.glob("*.whl")
    install(str(wheel))
    shutil.rmtree(source)
    kept = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
    path = f"{folder / 'venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    shell = kept | {"PATH": path, "JUPYTER_CONFIG_DIR": str(folder / "none")}
    return folder / "venv", shell, install


@pytest.fixture(scope="module")
def graded(environment, tmp_path_factory):
    """Return a foreign course, graded by the commands of the README, and what they said."""
    _, shell, _ = environment
    root = tmp_path_factory.mktemp("elsewhere") / "physics 101"
    source = root / "source" / "ps1"
    source.mkdir(parents=True)
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\nc.CourseDirectory.course_id = 'physics'\n"
        "import nbjudge; nbjudge.configure(c)\n"
    )
    made = notebook(
        code_cell(
            "### BEGIN SOLUTION\ndef total(numbers):\n    return sum(numbers)\n### END SOLUTION",
            "answer", solution=True,
        ),
        code_cell("assert total([1, 2, 3]) == 6", "seen", points=1, **TEST),
        code_cell(
            "### BEGIN HIDDEN TESTS\nassert total([7]) == 7\n### END HIDDEN TESTS",
            "hidden", points=2, **TEST,
        ),
    )  # fmt: skip
    nbformat.write(made, source / "ps1.ipynb")

    def run(*command, code=0):
        done = subprocess.run(command, cwd=root, env=shell, capture_output=True, text=True)
        assert done.returncode == code, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    run("nbgrader", "generate_assignment", "ps1")
    for student, answer in ANSWERS.items():
        folder = shutil.copytree(root / "release" / "ps1", root / "submitted" / student / "ps1")
        handed_in = nbformat.read(folder / "ps1.ipynb", as_version=4)
        handed_in.cells[0].source = answer
        nbformat.write(handed_in, folder / "ps1.ipynb")
    said = {
        "check": run("nbjudge", "check", "ps1"),
        "grade": run("nbjudge", "grade", "ps1"),
        "extensions": run("jupyter", "server", "extension", "list"),
    }
    return root, said


def test_it_is_installed_and_not_borrowed(environment):
    """Python takes the engine from the environment, not from this project."""
    folder, shell, _ = environment
    code = "import nbjudge; print(nbjudge.__file__)"
    done = subprocess.run(
        ["python", "-c", code], env=shell, cwd="/", capture_output=True, text=True
    )
    assert Path(done.stdout.strip()).is_relative_to(folder)


def test_marks_are_right(graded):
    """An honest answer, a wrong one, one that looks for the gradebook, one that fools `==`."""
    root, said = graded
    with (root / "grades.csv").open() as file:
        marks = {row["student_id"]: float(row["score"] or 0) for row in csv.DictReader(file)}
    assert marks == {"ada": 3, "bob": 1, "eve": 0, "mal": 0}, said["grade"]


def test_feedback_has_its_policy(graded):
    """Pages come with their templates, run no script of a student's, and show no hidden test."""
    root, _ = graded
    page = (root / "feedback" / "mal" / "ps1" / "ps1.html").read_text()
    assert "Content-Security-Policy" in page
    assert "<script>alert(1)" not in page
    assert "total([7])" not in page


def test_formgrader_has_its_extension(graded):
    """The server extension is on after the installation."""
    assert "nbjudge" in graded[1]["extensions"]


def test_what_hangs_on_the_version_of_python_works_on_the_newest(environment, graded, tmp_path):
    """The judge, its processes, and values on their way: frames, syntax, recursion, pickles."""
    folder, shell, install = environment
    install(*NEEDED)  # after the course was graded without them
    tests = ENGINE / "tests"
    done = subprocess.run(
        [
            *(folder / "bin" / "python", "-m", "pytest", "-q", "-c", "/dev/null"),
            *("-p", "no:cacheprovider", "--import-mode=importlib", f"--basetemp={tmp_path / 'work'}"),
            *(f"--rootdir={ENGINE}", f"--confcutdir={tests}"),
            *(tests / name for name in OF_THE_VERSION),
        ],
        env=shell | {"PYTHONPATH": str(tests / "support")}, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-5000:]
