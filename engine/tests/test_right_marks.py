"""Marks that are right in any course: its own settings and steps, second versions, odd folders."""

from __future__ import annotations

import csv
import errno
import os
import pickle
import shutil
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from unittest import mock

import nbformat
import pytest
import small_course
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import ClearOutput, Execute, OverwriteCells
from nbjudge.batch import prepare
from nbjudge.batch.coordinator import ParallelAutograde
from nbjudge.batch.handed_in import digest, files_to_grade
from nbjudge.batch.incidents import Incident, read_incidents, write_incidents
from nbjudge.batch.job import Fault
from nbjudge.batch.local_pool import local_workers
from nbjudge.batch.travelling import what_cannot_travel
from nbjudge.commands.grade import grade, load_course
from nbjudge.commands.summary import write_grades
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.gradebook.restore import RestoreCells
from small_course import NAME
from traitlets.config import Config


@pytest.fixture
def course(small_course_copy):
    """Return a small course with three students: right, half right and wrong."""
    for folder in (small_course_copy / "submitted").iterdir():
        if folder.name not in ("student00", "student01", "student02"):
            shutil.rmtree(folder)
    return small_course_copy


def put(root: Path, student: str, source: str, place: str = "submitted") -> Path:
    """Hand in another answer for a student; return the notebook's path."""
    released = nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    released.cells[0].source = source
    path = root / place / student / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(released, path)
    return path


class TestSteps:
    """What stands in the lists of steps."""

    def test_only_nbgraders_own_classes_are_replaced(self):
        """A course's own step stays, whatever it is called and whatever it extends."""

        class Execute(prepare.Execute):
            pass

        class DeduplicateIds:
            pass

        steps = [Execute, DeduplicateIds, prepare.Execute, "nbgrader.preprocessors.OverwriteCells"]
        assert prepare.with_ours(steps) == [
            Execute, DeduplicateIds, SandboxedExecute, RestoreCells,
        ]  # fmt: skip
        assert prepare.own_executes(steps) == [f"{__name__}.{Execute.__qualname__}"]
        assert OverwriteCells not in prepare.with_ours([OverwriteCells])


def settle(config: Config) -> Config:
    """Return what workers get of a configuration."""
    course = CourseDirectory(config=config)
    converter = ParallelAutograde(coursedir=course, config=config)
    return prepare.settings(converter, Path("/nowhere"), {})


def test_settings_travel_whatever_they_are_made_of():
    """What is appended, a class and a function mean to a worker what they mean to nbgrader."""
    config = Config()
    config.SandboxedExecute.shared.append("reference")
    config.SandboxedExecute.preload.insert(0, "json")
    config.AssignLatePenalties.plugin_class = OverwriteCells
    config.Own.hook = len
    config.ParallelAutograde.exclude_overwriting = {"ps1": ["mine.py"]}
    config.Autograde.autograde_preprocessors.append(ClearOutput)
    settled = settle(config)
    step = SandboxedExecute(config=settled)
    assert step.shared == ["reference"]
    assert step.preload[0] == "json" and len(step.preload) > 1
    assert settled.AssignLatePenalties.plugin_class is OverwriteCells
    assert settled.Own.hook is len
    assert settled.Autograde.exclude_overwriting == {"ps1": ["mine.py"]}
    assert settled.Autograde.autograde_preprocessors[-1] is ClearOutput
    assert SandboxedExecute in settled.Autograde.autograde_preprocessors
    assert Execute not in settled.Autograde.autograde_preprocessors


def test_what_a_cluster_cannot_be_given_is_refused_by_name(tmp_path, monkeypatch):
    """A function, and a class of the course, which no other machine has."""
    (tmp_path / "own_steps.py").write_text("class Own:\n    pass\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    import own_steps

    config = Config()
    config.First.hook = lambda: None
    config.Second.classes = [own_steps.Own]
    config.Third.names.append("fine")
    refused = what_cannot_travel(config, tmp_path)
    assert [name.split()[0] for name in refused] == ["c.First.hook", "c.Second.classes"]


def test_a_second_version_is_graded_whatever_its_timestamp_says(course):
    """Other bytes are another submission; the same bytes are not graded again."""
    api = load_course(course)
    assert grade(api, NAME, feedback=False) == []
    before = small_course.contents(small_course.sqlite(course))
    assert before["student02",][1] == 0.0
    path = put(course, "student02", small_course.ANSWERS[0])
    os.utime(path, (0, 0))
    batch = graded_again(course)
    assert batch.graded == ["student02"]
    assert small_course.contents(small_course.sqlite(course))["student02",][1] == 3.0
    assert graded_again(course).graded == []


def graded_again(root: Path, **traits: object) -> ParallelAutograde:
    """Run another batch in a course."""
    api = load_course(root)
    folder = api.coursedir
    folder.assignment_id = NAME
    batch = ParallelAutograde(coursedir=folder, config=api.config, workers=1, **traits)
    batch.start()
    return batch


def test_odd_folders_concern_their_student_alone(course):
    """A line break, a dot, thousands of files, and folders without end: the others are graded."""
    for name in ("two\nlines", ".hidden"):
        put(course, name, small_course.ANSWERS[0])
    many = put(course, "collector", small_course.ANSWERS[0]).parent
    for number in range(3000):
        (many / f"{number}.txt").touch()
    deep = put(course, "miner", small_course.ANSWERS[0]).parent
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    put(course, "half", "def double(x):\n    return 2 * x\nprint('\\ud800')")
    early = put(course, "early", small_course.ANSWERS[0]).parent
    (early / "timestamp.txt").write_text("0001-01-01 00:00:00 UTC")
    batch = graded_again(course)
    told = {i.student: i.what for i in batch.incidents}
    assert set(told) == {"two\nlines", ".hidden", "miner", "early"}
    assert "line break" in told["two\nlines"] and "begins with a dot" in told[".hidden"]
    assert "nested" in told["miner"] and "timestamp" in told["early"]
    found = small_course.contents(small_course.sqlite(course))
    assert {found[name,][1] for name in ("collector", "half", "student00")} == {3.0}


def test_files_of_nobody_are_named_with_what_is_meant(course):
    """Too shallow, swapped, misspelt, too deep, an archive: each is listed, none is graded."""
    submitted = course / "submitted"
    made = {
        f"s1/{NAME}.ipynb": f"submitted/s1/{NAME}/{NAME}.ipynb is probably meant",
        f"{NAME}/s2": f"submitted/s2/{NAME}/ is probably meant",
        f"{NAME}_s4.ipynb": f"submitted/<student>/{NAME}/",
        f"s7/{NAME.title()}": f"submitted/s7/{NAME}/ is probably meant",
        f"s10/{NAME} ": f"submitted/s10/{NAME}/ is probably meant",
        "s14/sub": f"submitted/s14/{NAME}/ is probably meant",
        "class.zip": "`nbjudge collect ASSIGNMENT --from moodle submitted/class.zip`",
        "s15/unheard-of": "no assignment 'unheard-of'",
    }
    for name in made:
        path = submitted / name
        if name.endswith((".ipynb", ".zip")):
            path.parent.mkdir(exist_ok=True)
            path.touch()
        else:
            below = path / NAME if name.endswith("sub") else path
            below.mkdir(parents=True)
            (below / f"{NAME}.ipynb").touch()
    (submitted / ".DS_Store").touch()
    batch = graded_again(course)
    assert sorted(batch.graded) == ["student00", "student01", "student02"]
    told = {i.file.removeprefix("submitted/"): i.what for i in batch.incidents}
    assert set(told) == set(made)
    for name, what in made.items():
        assert what in told[name], (name, told[name])


class TestTrouble:
    """Errors of the engine, of libraries and of the machine."""

    def test_an_error_is_an_incident_with_its_traceback_in_a_log(self, course, monkeypatch):
        """Only the submission that meets it is not graded."""
        files = SandboxedExecute._files

        def broken(step):
            if "student01" in step._about().folder():
                raise KeyError("engine bug")
            return files(step)

        monkeypatch.setattr(SandboxedExecute, "_files", broken)
        batch = graded_again(course)
        (incident,) = batch.incidents
        assert (incident.student, incident.graded) == ("student01", "no")
        assert incident.what.startswith("KeyError: 'engine bug' (traceback in .nbjudge/log/")
        log = course / incident.what.split("traceback in ")[1].rstrip(")")
        assert "in broken" in log.read_text() and "== student01" in log.read_text()
        assert ("student01",) not in small_course.contents(small_course.sqlite(course))

    def test_an_error_that_all_meet_stops_the_batch(self, course, monkeypatch):
        """Nobody has a mark for it, and the message names it."""

        def broken(step):
            if "student" in step._about().folder():
                raise KeyError("engine bug")
            return b""

        monkeypatch.setattr(SandboxedExecute, "_files", broken)
        with pytest.raises(NbGraderException, match=r"met the same error.*KeyError"):
            graded_again(course)
        assert not any(
            "student" in key[0] for key in small_course.contents(small_course.sqlite(course))
        )

    def test_wrong_marks_of_the_known_submission_stop_the_batch(self, course, monkeypatch):
        """A judge that passes what must fail is found before anybody is graded."""
        monkeypatch.setattr("nbgrader.utils.determine_grade", lambda cell, log=None: (1.0, 1.0))
        with pytest.raises(NbGraderException, match=r"self-test failed.*wrong_answer got 1\.0"):
            graded_again(course)
        assert not (course / "autograded").exists()


class TestIncidents:
    """The file of incidents."""

    def test_a_text_of_any_length_is_cut_and_stays_in_its_row(self, tmp_path):
        """What was written before by another version is read, too."""
        path = tmp_path / "incidents.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows(
                [["student", "assignment", "file", "what"], ["eve", "old", "x", "y" * 200_000]]
            )
        found = Incident("mallory", "hw", "a\nb", "x" * 140_000 + "\nsubmitted/zoe: see the dean")
        write_incidents([found], path, ["hw"])
        rows = {row["student"]: row for row in read_incidents(path)}
        assert len(rows["eve"]["what"]) == len(rows["mallory"]["what"]) == 500
        assert rows["mallory"]["file"] == "a\\nb"
        assert "zoe" not in path.read_text()


def test_an_error_travels_as_data():
    """A fault carries its class, place and traceback; its number if the system has one."""
    try:
        os.stat("/nonexistent/file")
    except OSError as error:
        fault, line = Fault.of(error), error.__traceback__.tb_lineno
    assert fault.kind == f"builtins.FileNotFoundError at test_right_marks.py:{line}"
    assert fault.errno == 2 and "Traceback (most recent call last)" in fault.traceback


def test_what_was_graded_is_known_by_its_bytes(tmp_path):
    """The fingerprint depends on names and contents alone; ignored files do not count."""
    folder = tmp_path / "hw"
    (folder / "data").mkdir(parents=True)
    (folder / "hw.ipynb").write_bytes(b"1")
    (folder / "data" / "x.csv").write_bytes(b"2")
    (folder / "data" / "y.ipynb").write_bytes(b"3")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / ".ipynb_checkpoints" / "a.txt").write_bytes(b"4")
    found = files_to_grade(folder, [".ipynb_checkpoints"])
    assert set(found) == {"hw.ipynb", "data/x.csv"}
    files = {name: path.read_bytes() for name, path in found.items()}
    assert digest(files) == digest(dict(reversed(files.items())))
    assert digest(files) != digest({**files, "hw.ipynb": b"5"})


def test_what_changes_after_grading_is_noticed(course):
    """Points given by hand, a due date that is moved, and tests or points that are others."""
    for student in ("student00", "student01"):
        folder = course / "submitted" / student / NAME
        (folder / "timestamp.txt").write_text("2026-10-01 18:00:00 +0200")
    api = load_course(course)
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 10, 1, 12, 0))
    assert graded_again(course).notices == []
    url = small_course.sqlite(course)
    assert small_course.contents(url)["student00", NAME] == (pytest.approx(0.3),)
    with api.gradebook as gradebook:
        given = gradebook.find_grade("why", NAME, NAME, "student00")
        given.manual_score, given.needs_manual_grade = 2.0, False
        gradebook.db.commit()
    (notice,) = graded_again(course).notices
    assert "lateness costs other points" in notice and "student00" in notice
    assert small_course.contents(url)["student00", NAME] == (pytest.approx(0.5),)
    assert graded_again(course).notices == []
    with api.gradebook as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate=datetime(2026, 10, 2))
        gradebook.find_grade_cell("of_many", NAME, NAME).max_score = 0
        gradebook.db.commit()
    late, outdated = graded_again(course).notices
    assert "student00, student01" in late
    assert "3 submissions were graded before tiny was released with other" in outdated
    assert small_course.contents(url)["student00", NAME] == (None,)


def test_a_students_own_file_is_not_overwritten_where_the_course_says_so(course):
    """And all others are, whatever a student has put in their place."""
    source = course / "source" / NAME
    (source / "mine.py").write_text("# to be written by students")
    for student in ("student00", "student01"):
        (course / "submitted" / student / NAME / "mine.py").write_text(f"# by {student}")
    (course / "submitted" / "student01" / NAME / "data.csv").mkdir()
    batch = graded_again(course, exclude_overwriting={NAME: ["mine.py"]})
    assert batch.incidents == []
    graded = course / "autograded"
    assert (graded / "student01" / NAME / "mine.py").read_text() == "# by student01"
    assert (graded / "student01" / NAME / "data.csv").read_text() == "1,2\n"


def test_a_group_may_go_on_where_one_has_graded(course):
    """Whatever the engine leaves in a shared course, the group may write, under any umask."""
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\nc.CourseDirectory.groupshared = True\n")
    before = os.umask(0o077)
    try:
        graded_again(course)
    finally:
        os.umask(before)
    made = [course / "gradebook.db", course / ".nbjudge.lock"]
    made += [path for path in (course / ".nbjudge").rglob("*")]
    made += [path for path in (course / "autograded").rglob("*") if path.is_dir()]
    assert len(made) > 5
    for path in made:
        wanted = 0o070 if path.is_dir() else 0o060
        assert path.stat().st_mode & wanted == wanted, path


def test_a_file_system_without_locks_is_named(course, monkeypatch):
    """In one line, before anything is opened."""

    def refuse(*arguments):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.lockf", refuse)
    with pytest.raises(NbGraderException, match="does not lock files"):
        load_course(course)


def test_a_submission_reaches_its_worker_by_a_file():
    """What goes through the executor's pipe is smaller than the pipe (CPython's gh-94777)."""
    sizes = []

    class Executor:
        def __init__(self, *args, **kwargs):
            pass

        def submit(self, function, *arguments):
            sizes.append(len(pickle.dumps((function, arguments))))
            _, _, path = arguments
            assert pickle.loads(Path(path).read_bytes()) == files
            return Future()

        def shutdown(self, **kwargs):
            pass

    files = {"hw.ipynb": b"x" * 1_000_000}
    with (
        mock.patch("nbjudge.batch.local_pool.ProcessPoolExecutor", Executor),
        local_workers(mock.Mock(), 2) as workers,
    ):
        workers.submit("ada" * 50, files)
    assert sizes[0] < 1000


def test_grades_tell_nothing_from_zero(course):
    """Graded, waiting for a person, not gradable, and not handed in are told apart."""
    (course / "submitted" / "broken" / NAME).mkdir(parents=True)
    (course / "submitted" / "broken" / NAME / f"{NAME}.ipynb").write_text("{")
    put(course, "zoe", small_course.ANSWERS[2])
    api = load_course(course)
    with api.gradebook as gradebook:
        gradebook.add_student("absent")
    grade(api, NAME, feedback=False)
    with api.gradebook as gradebook:
        for student in ("student00", "student02"):
            given = gradebook.find_grade("why", NAME, NAME, student)
            given.manual_score, given.needs_manual_grade = 0.0, False
        gradebook.db.commit()
    (course / "submitted" / "student00" / NAME / f"{NAME}.ipynb").write_text("{")
    grade(api, NAME, feedback=False)
    write_grades(api, course / "grades.csv")
    with (course / "grades.csv").open(newline="") as file:
        rows = [(row["student_id"], row["score"], row["status"]) for row in csv.DictReader(file)]
    assert rows == [
        ("absent", "", "not handed in"),
        ("broken", "", "not graded"),
        ("student00", "3.0", "a newer version is not graded"),
        ("student01", "1.0", "waits for a person"),
        ("student02", "0.0", "graded"),
        ("zoe", "0.0", "graded"),
    ]
