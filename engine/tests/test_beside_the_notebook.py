"""What lies beside a notebook in JupyterLab is there in the sandbox; who runs its tests is a choice."""

from __future__ import annotations

import json

import nbformat
import pytest
from cells import code_cell, notebook
from nbgrader.utils import determine_grade
from nbjudge.execution import files_beside
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.files_beside import collect_files
from nbjudge.execution.findings import findings_in
from traitlets.config import Config

TEST = {"grade": True, "locked": True, "points": 1}


def points(cells):
    return [determine_grade(c)[0] for c in cells if c.metadata.get("nbgrader", {}).get("grade")]


@pytest.fixture
def submission(tmp_path):
    """Return a function that runs the cells of ``ps1/part2`` of a student in a course of their own."""
    beside = tmp_path / "autograded" / "ada" / "ps1"
    beside.mkdir(parents=True)
    (tmp_path / "submitted" / "ada" / "ps1").mkdir(parents=True)
    (tmp_path / "source" / "ps1").mkdir(parents=True)

    def run(*cells, **traits):
        config = Config(CourseDirectory={"root": str(tmp_path)})
        names = {"student": "ada", "assignment": "ps1", "notebook": "part2"}
        step = SandboxedExecute(config=config, course_root=str(tmp_path), cpu_seconds=20, **traits)
        resources = {"metadata": {"path": str(beside)}, "nbgrader": names}
        done, resources = step.preprocess(notebook(*cells), resources)
        run.incidents = findings_in(resources).incidents
        return done.cells

    return run


@pytest.mark.parametrize("judge", [True, False])
def test_a_notebook_uses_another_one_of_its_assignment(submission, tmp_path, judge):
    """It runs it as the student handed it in, and not as it is graded: that has the hidden tests."""
    part1 = notebook(code_cell("def double(x):\n    return 2 * x"), code_cell("seen = 1"))
    part1.cells[0].outputs = [nbformat.v4.new_output("stream", text="OUTPUT")]
    for folder, hidden in (("submitted", ""), ("autograded", "\nHIDDEN = 1")):
        part1.cells[1].source += hidden
        nbformat.write(part1, tmp_path / folder / "ada" / "ps1" / "part1.ipynb")
    cells = submission(
        code_cell("%run part1.ipynb"),
        code_cell("def quadruple(x):\n    return double(double(x))\ntext = open('part1.ipynb').read()"),
        code_cell("assert quadruple(1) == 4", "t", **TEST),
        code_cell("assert seen == 1 and 'OUTPUT' not in text and 'HIDDEN' not in text", "u", **TEST),
        judge=judge,
    )  # fmt: skip
    assert points(cells) == [1, 1]


def test_the_files_of_the_course_have_room_before_those_of_a_student(tmp_path, monkeypatch):
    """Two films do not push the data out; what is left out is named, the largest first."""
    monkeypatch.setattr(files_beside, "_ROOM", 1000)
    for name, size in (("data.csv", 5000), ("film.mp4", 900), ("notes.txt", 90), ("big.mp4", 950)):
        (tmp_path / name).write_bytes(bytes(size))
    (tmp_path / "link").symlink_to("/etc/passwd")
    beside = collect_files(tmp_path, ["data.csv"])
    assert sorted(beside.files) == ["data.csv", "film.mp4", "notes.txt"]
    assert beside.left_out == ["big.mp4"]


def test_what_is_no_notebook_is_no_notebook(tmp_path):
    """A file that only bears the name stays away, and harms nobody."""
    (tmp_path / "good.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code"}]}))
    for number, text in enumerate(["{", "[]", '{"cells": 3}', "[" * 100_000, "\udcff"]):
        (tmp_path / f"bad{number}.ipynb").write_bytes(text.encode("utf-8", "surrogatepass"))
    assert list(collect_files(tmp_path / "none", notebooks=tmp_path).files) == ["good.ipynb"]


def test_a_film_is_named_to_who_grades(submission, tmp_path, monkeypatch):
    """The submission is graded with the course's data, and the log says what was left out."""
    monkeypatch.setattr(files_beside, "_ROOM", 1000)
    (tmp_path / "source" / "ps1" / "data.csv").write_bytes(b"1,2")
    for name, data in (("data.csv", b"1,2" * 1000), ("film.mp4", bytes(2000))):
        (tmp_path / "autograded" / "ada" / "ps1" / name).write_bytes(data)
    cells = submission(
        code_cell("import glob\nassert glob.glob('*') == ['data.csv']", "t", **TEST), judge=False
    )
    assert points(cells) == [1]
    assert submission.incidents == [("the notebook", "no room for these files beside it: film.mp4")]


@pytest.mark.parametrize("off", ["cell", "notebook", "pattern", "on"])
def test_the_judge_is_off_where_the_release_says_so(submission, tmp_path, off):
    """For a cell by its first line, for a notebook by the settings; such a test looks inside."""
    (tmp_path / "autograded" / "ada" / "ps1" / "mine.py").write_text("def triple(x): return 3 * x")
    line = "# Judge: off\n" if off == "cell" else ""
    judge_off = {"notebook": ["ps1/part2"], "pattern": ["ps1/*"]}.get(off, ["ps1/part1"])
    inside = "from mine import triple\nassert triple(f(1)) == 6 and 'f' in globals()"
    cells = submission(
        code_cell("def f(x):\n    return 2 * x\n# judge: off", "f", solution=True),
        code_cell(f"{line}{inside}\nassert get_ipython().user_ns['f'] is f", "t", **TEST),
        code_cell("assert f(1) == 2", "u", **TEST),
        judge=True, judge_off=judge_off,
    )  # fmt: skip
    assert points(cells) == [0 if off == "on" else 1, 1]


def test_a_lost_kernel_runs_tests_without_the_judge_again(submission):
    """What such a test defines is there for the cells behind it, in the kernel that comes next, too."""
    cells = submission(
        code_cell("def f(x):\n    return 2 * x"),
        code_cell("# judge: off\nkept = f(1)\nassert kept == 2", "t", **TEST),
        code_cell("import os\nos._exit(1)"),
        code_cell("# judge: off\nassert kept == 2", "u", **TEST),
        judge=True,
    )
    assert points(cells) == [1, 1]
