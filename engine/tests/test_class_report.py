"""`nbjudge report`: what it says of a class, and what it makes of gradebooks that are not whole."""

from __future__ import annotations

import csv
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
import small_course
from bs4 import BeautifulSoup
from class_gradebook import (
    STUB,
    TASKS,
    draw_points,
    make_gradebook,
    run_command,
    students,
    write_notebook,
)
from hostile_pages import MARKDOWN
from nbgrader.coursedir import CourseDirectory
from nbjudge.commands.report import ReportApp
from nbjudge.report.failures import normalise
from nbjudge.report.pages import is_ours
from nbjudge.report.progress import FlagRules
from nbjudge.report.site import GENERATOR
from nbjudge.report.write import ReportSettings, ReportWriter
from traitlets.config import Config

COUNT = 40
HOSTILE = "</pre><script>fetch('/ran/answer')</script>" + "\n".join(MARKDOWN.values())


def course_of(root: Path, url: str = "") -> CourseDirectory:
    config = Config()
    config.CourseDirectory.update(root=str(root), db_url=url or f"sqlite:///{root}/gradebook.db")
    return CourseDirectory(config=config)


def report(root: Path, *named: str, url: str = "", **settings) -> list[str]:
    """Write the report of a course into its folder."""
    return ReportWriter(course_of(root, url), ReportSettings(**settings)).write(
        named, root / "report"
    )


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def command(root: Path, *options: str) -> int:
    """Run the command in this process; return its exit code."""
    return run_command(ReportApp, root, *options)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course of 40 students and three assignments, its report, and what was written."""
    root = tmp_path_factory.mktemp("class") / "course"
    root.mkdir()
    names = students(COUNT)
    points = {f"ps{n}": draw_points(COUNT, seed=n) for n in range(3)}
    for drawn in points.values():
        drawn[:10] = np.maximum(drawn[:10], 0.0)  # these hand in
    points["ps1"][:30, -1][points["ps1"][:30, -1] >= 0] = np.nan  # wait for a person
    points["ps2"][:, -1][points["ps2"][:, -1] >= 0] = np.nan
    points["ps0"][5] = points["ps1"][5] = -1  # missing twice in a row
    points["ps0"][6], points["ps1"][6], points["ps2"][6, :-1] = 2.0, 2.0, 0.0  # falls
    points["ps0"][8] = [1, 0, 0, 0, 0, 0, 4]
    # Who is weak elsewhere solves "square" in ps2, and nobody else does.
    there = points["ps2"][:, 0] >= 0
    weak = points["ps2"][:, :5].sum(axis=1) < np.median(points["ps2"][there, :5].sum(axis=1))
    points["ps2"][there, 5] = np.where(weak[there], 2.0, 0.0)
    blank = {"ps0": np.zeros((COUNT, len(TASKS)), dtype=bool)}
    blank["ps0"][[1, 2], 1] = True
    points["ps0"][1:3, 2:5] = 0.0
    points["ps0"][1:5, 0] = 0.0
    wrote = make_gradebook(f"sqlite:///{root}/gradebook.db", names, points, blank=blank)
    for student, failures in {
        1: {"double_0": ("AssertionError", "expected 2, got 3")},
        2: {"double_0": ("AssertionError", "expected 2, got [7. 8.]")},
        3: {"double_0": ("CellTimeoutError", "the test ran for more than 20 CPU seconds")},
        4: {"double_0": ("AssertionError", "expected 2, got -1e-9")},
        8: {"halve_0": (HOSTILE, HOSTILE)},
    }.items():
        answers = {"double": f"def double(x):\n    return {student}  # First{student}"}
        answers["halve"] = HOSTILE if student == 8 else STUB.format(name="halve") + "\n"
        write_notebook(root, names[student], "ps0", answers, failures)
    report(root)
    return root, wrote, points


def frame_of(points: np.ndarray) -> pd.DataFrame:
    """Return the points of each exercise, by pandas alone."""
    columns = [test for task in TASKS for test in task.tests]
    frame = pd.DataFrame(points, columns=columns)
    return pd.DataFrame({t.name: frame[t.tests].sum(axis=1, skipna=False) for t in TASKS})


def test_exercises_against_an_independent_computation(made):
    """Mean, shares and discrimination of each exercise are those that pandas finds."""
    root, wrote, _ = made
    found = {(r["assignment"], r["exercise"]): r for r in rows(root / "report" / "exercises.csv")}
    assert len(found) == 3 * len(TASKS)
    for assignment, points in wrote.points.items():
        frame = frame_of(points)
        whole = frame.dropna(axis=1)
        for task in TASKS:
            row, item = found[assignment, task.name], frame[task.name].dropna()
            assert float(row["max_score"]) == sum(task.points)
            assert int(row["submissions"]) == len(item)
            if len(item) < 10:
                assert row["mean"] == row["full"] == row["discrimination"] == ""
                continue
            assert float(row["mean"]) == pytest.approx(item.mean(), abs=1e-6)
            rest = whole.drop(columns=task.name, errors="ignore").sum(axis=1)
            expected = item.corr(rest[item.index])
            assert float(row["discrimination"]) == pytest.approx(expected, abs=1e-6)
            named = [float(row[name]) for name in ("full", "partial", "zero", "blank")]
            assert sum(named) == pytest.approx(1, abs=1e-5)
            if (assignment, task.name) != ("ps0", "halve"):
                assert named[0] == pytest.approx((item >= sum(task.points)).mean(), abs=1e-6)
                assert named[2] == pytest.approx((item == 0).mean(), abs=1e-6)
    heads = (root / "report" / "exercises.csv").read_text().splitlines()[0]
    assert heads.startswith(
        "assignment,exercise,max_score,submissions,mean,full,partial,zero,blank,discrimination"
    )


def test_blank_is_the_answer_as_released(made):
    """nbgrader's own remark counts, and so does the text of an autograded notebook."""
    root, wrote, _ = made
    row = next(
        r for r in rows(root / "report" / "exercises.csv")
        if (r["assignment"], r["exercise"]) == ("ps0", "halve")
    )  # fmt: skip
    # Two by the gradebook, one of them and two others by their notebooks (one more blank line).
    there = set(wrote.handed_in["ps0"]) & {f"student{n:04}" for n in (1, 2, 3, 4)}
    assert float(row["blank"]) == pytest.approx(len(there) / len(wrote.handed_in["ps0"]), abs=1e-6)


def test_negative_discrimination_is_pointed_at(made):
    """The exercise that only the weak solve stands on the first page, with its reason."""
    root, *_ = made
    text = page(root / "report" / "index.html").find(id="look").find_next("ul").get_text()
    assert re.search(r"ps2: square.*negative discrimination", text)


def test_a_test_that_refuses_what_is_right_otherwise_is_pointed_at(tmp_path):
    """Six of ten answers that pass the other tests, with one message; a time-out is none."""
    names = students(COUNT)
    right = [1.0, 2.0, 1.0, 1.0, 1.0, 2.0, 4.0]
    points = np.tile(right, (COUNT, 1))
    points[:15, 2] = 0.0  # of "halve", these pass one of the tests
    points[15:31, 4] = 0.0
    points[12:15, 4] = 0.0
    points[:6, 1] = 0.0  # of "double", few fail one
    points[6:30, 5] = 0.0  # "square" has one test alone
    root = tmp_path / "course"
    root.mkdir()
    make_gradebook(f"sqlite:///{root}/gradebook.db", names, {"ps": points})
    for row, student in enumerate(names):
        failures = {}
        if 15 <= row < 29:
            failures["halve_2"] = ("AssertionError", f"expected a tuple, got {row}")
        if row < 4:
            failures["double_1"] = ("AssertionError", "expected 2")
        if 4 <= row < 6:
            failures["double_1"] = ("CellTimeoutError", "the test ran for long")
        if row < 15:
            failures["halve_0"] = ("AssertionError", f"answer {'abcdefghijklmno'[row] * 3}")
        if 6 <= row < 30:
            failures["square_0"] = ("AssertionError", "expected 4")
        write_notebook(root, student, "ps", {}, failures)
    report(root)
    notes = {r["exercise"]: r["note"] for r in rows(root / "report" / "exercises.csv")}
    assert notes["halve"] == (
        "of the 25 answers that pass its other tests 14 fail halve_2 with one message "
        "(AssertionError: expected a tuple, got 15): is the test right?"
    )
    assert "is the test right" not in notes["double"] + notes["square"]
    assert "halve_2" in page(root / "report" / "index.html").find(id="look").find_next("ul").text


def test_like_failures_are_together(made):
    """Messages that differ in their numbers are one; a time-out has a group of its own."""
    root, *_ = made
    shown = page(root / "report" / "assignments" / "ps0.html")
    test = next(d for d in shown.find_all("details", "test") if "double_0" in d.summary.get_text())
    groups = test.find_all("div", "group", recursive=False)
    with_words = [g for g in groups if "expected N" in g.get_text()]
    assert "expected N, got N" in with_words[0].get_text()
    assert "the test ran for more than 20 CPU seconds" in groups[-1].get_text()
    assert "incident" in groups[-1]["class"]
    counts = [int(g.strong.get_text()) for g in groups if "incident" not in g["class"]]
    assert counts == sorted(counts, reverse=True)


def test_a_failure_leads_to_formgrader_and_the_answer(made):
    """Each submission has its link by nbgrader's id, and the answer stands there as text."""
    root, *_ = made
    shown = page(root / "report" / "assignments" / "ps0.html")
    with closing(sqlite3.connect(root / "gradebook.db")) as database:
        (key,) = database.execute(
            "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment s "
            "ON n.assignment_id = s.id JOIN assignment a ON s.assignment_id = a.id "
            "WHERE a.name = 'ps0' AND s.student_id = 'student0004'"
        ).fetchone()
    link = shown.find("a", href=re.compile(f"/formgrader/submissions/{key}/"))
    assert link.get_text() == "First4 Last4"
    assert "return 4" in link.find_parent("div", "answer").pre.get_text()


def test_nothing_of_a_submission_is_markup(made):
    """A hostile answer and message stand there as text; no page has a script or loads a thing."""
    root, *_ = made
    for path in (root / "report").rglob("*.html"):
        shown = page(path)
        policy = shown.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'")
        for tag in shown.find_all(True):
            assert tag.name not in ("script", "iframe", "object", "embed", "form", "base", "img")
            assert not [name for name in tag.attrs if name.startswith("on")]
            assert not str(tag.get("href", "")).lower().startswith(("javascript:", "data:"))
            assert tag.name != "link" and not tag.get("src")
    answers = [p.get_text() for p in page(root / "report/assignments/ps0.html").find_all("pre")]
    assert any("<script>fetch('/ran/answer')</script>" in text for text in answers)


def test_charts_have_their_numbers_below_and_beside(made):
    """Each chart is a picture with words, a table with its numbers, and a CSV of the same rows."""
    root, *_ = made
    folder = root / "report"
    for path in (folder / "index.html", folder / "assignments" / "ps0.html"):
        charts = page(path).find_all("section", "chart")
        assert len(charts) >= 4
        for chart in charts:
            assert chart.find("svg") and chart.find("div", role="img")["aria-label"]
            table = chart.find("table").find("tbody").find_all("tr")
            beside = rows(path.parent / chart.find("a", string="CSV")["href"])
            assert len(table) == len(beside) > 0


def test_overview(made):
    """Submitted, late, missing and waiting are counted; lateness is taken off the mean."""
    root, wrote, _ = made
    found = {r["assignment"]: r for r in rows(root / "report" / "assignments.csv")}
    for assignment, made_points in wrote.points.items():
        row = found[assignment]
        there = wrote.handed_in[assignment]
        late = np.array([int(name[-4:]) % 7 == 3 for name in there])
        assert int(row["submitted"]) == len(there) and int(row["late"]) == late.sum()
        assert int(row["missing"]) == COUNT - len(there)
        assert int(row["waiting"]) == np.isnan(made_points).any(axis=1).sum()
        total = np.maximum(0, np.nansum(made_points, axis=1) - late)
        assert float(row["mean"]) == pytest.approx(total.mean(), abs=1e-6)
        assert float(row["median"]) == pytest.approx(np.median(total), abs=1e-6)


def test_students_and_their_flags(made):
    """Who misses two in a row or falls is pointed at, in words; the rules can be changed."""
    root, *_ = made
    found = {r["student"]: r for r in rows(root / "report" / "students.csv")}
    assert len(found) == COUNT
    assert "2 assignments in a row are missing" in found["student0005"]["flags"]
    assert "fell from" in found["student0006"]["flags"]
    shown = page(root / "report" / "students" / "student0005.html")
    assert "2 assignments in a row are missing" in shown.find("ul", "notices").get_text()
    said = page(root / "report" / "students" / "index.html").get_text()
    for rule in FlagRules().in_words:
        assert rule in said
    assert "a third" in said
    lost = page(root / "report" / "students" / "student0008.html").get_text()
    assert "double 2" in lost and "halve 3" in lost


def test_anonymous(made, tmp_path):
    """No id and no name is left in any file or its name; numbers stay from report to report."""
    root = tmp_path / "course"
    shutil.copytree(made[0], root)
    report(root, anonymous=True)
    first = (root / "report" / "students.csv").read_text()
    whole = "".join(
        path.read_text() + str(path.relative_to(root))
        for path in (root / "report").rglob("*") if path.is_file()
    )  # fmt: skip
    assert not re.search(r"student0\d{3}|First\d|Last\d", whole)
    assert "formgrader/submissions" not in whole
    report(root, "ps0", anonymous=True)
    again = [r["student"] for r in rows(root / "report" / "students.csv")]
    assert again == [line.split(",")[0] for line in first.splitlines()[1:]]
    assert len(set(again)) == COUNT


def test_few_submissions_have_no_figures(tmp_path):
    """Nine submissions: the page says so, and the file has none of the figures."""
    make_gradebook(
        f"sqlite:///{tmp_path}/gradebook.db", students(9), {"ps": draw_points(9, missing=0)}
    )
    report(tmp_path)
    for row in rows(tmp_path / "report" / "exercises.csv"):
        assert row["submissions"] == "9"
        assert row["mean"] == row["full"] == row["blank"] == row["discrimination"] == ""
    assert "fewer than 10" in page(tmp_path / "report/assignments/ps.html").get_text()


def test_the_gradebook_is_only_read(made, tmp_path):
    """Not a byte of it changes, in a folder in which nothing can be written beside it."""
    root = tmp_path / "course"
    shutil.copytree(made[0], root)
    before = (root / "gradebook.db").read_bytes()
    report(root, "ps0")
    assert (root / "gradebook.db").read_bytes() == before
    assert sorted(p.name for p in root.iterdir()) == ["autograded", "gradebook.db", "report"]


def bad_gradebooks():
    def locked(path):
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        return connection

    def run(path, *statements):
        with closing(sqlite3.connect(path)) as connection, connection:
            for statement in statements:
                connection.execute(statement)

    return {
        "locked": (locked, "locked"),
        "no database": (lambda p: print(p.write_text("hello " * 100)), "not a database"),
        "empty": (lambda p: print(p.write_text("")), "no gradebook"),
        "gone": (lambda p: p.unlink(), "no gradebook"),
        "older": (lambda p: run(p, "DROP TABLE task_cells"), "another version of nbgrader"),
        "older column": (
            lambda p: run(p, "ALTER TABLE submitted_assignment DROP COLUMN extension"),
            "no column extension",
        ),
        "other": (lambda p: run(p, "DROP TABLE assignment"), "no gradebook of nbgrader"),
    }


@pytest.mark.parametrize("case", bad_gradebooks())
def test_a_gradebook_that_cannot_be_read(case, made, tmp_path, capsys, monkeypatch):
    """One line says what and where; the report that is there stays as it is."""
    monkeypatch.setattr("nbjudge.report.write.PATIENCE", 0.1)
    shutil.copy(made[0] / "gradebook.db", tmp_path)
    (tmp_path / "report").mkdir()
    shutil.copy(made[0] / "report" / "index.html", tmp_path / "report")
    spoil, said = bad_gradebooks()[case]
    held = spoil(tmp_path / "gradebook.db")
    assert command(tmp_path) == 1
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and said in error and "gradebook.db" in error, error
    assert [p.name for p in (tmp_path / "report").iterdir()] == ["index.html"]
    if held is not None:
        held.close()


def test_broken_rows_are_left_out_and_named(made, tmp_path, capsys):
    """Each has a line with its table and what is wrong; the rest is reported."""
    shutil.copy(made[0] / "gradebook.db", tmp_path)
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as database, database:
        of_others = (
            "SELECT grade.id FROM grade JOIN submitted_notebook AS n ON n.id = grade.notebook_id "
            "JOIN submitted_assignment AS a ON a.id = n.assignment_id "
            "WHERE a.student_id != 'student0000' LIMIT 2"
        )
        grades = [key for (key,) in database.execute(of_others)]
        database.execute("UPDATE grade SET auto_score = 'many' WHERE id = ?", grades[:1])
        database.execute("UPDATE grade SET cell_id = 'gone' WHERE id = ?", grades[1:])
        database.execute("UPDATE assignment SET duedate = 'soon' WHERE name = 'ps1'")
        database.execute("DELETE FROM student WHERE id = 'student0000'")
    assert command(tmp_path) == 0
    said = capsys.readouterr().err.splitlines()
    for words in ("'many' is no number", "cell is not one", "'soon' is no date", "student0000"):
        assert [line for line in said if words in line], (words, said)
    assert len(rows(tmp_path / "report" / "exercises.csv")) == 3 * len(TASKS)


def test_nobody_and_nameless(tmp_path, capsys):
    """An assignment without submissions and students without names have a line each."""
    make_gradebook(
        f"sqlite:///{tmp_path}/gradebook.db", students(12),
        {"ps1": draw_points(12, missing=0), "ps2": np.full((12, 7), -1.0)}, named=False,
    )  # fmt: skip
    assert command(tmp_path) == 0
    said = capsys.readouterr().err
    assert "ps2: the gradebook has no submissions of it yet" in said
    assert "students without a name in the gradebook: 12" in said
    assert command(tmp_path, "ps3") == 1
    assert "no assignment 'ps3': did you mean" in capsys.readouterr().err


def test_a_folder_of_somebody_else_is_not_replaced(made, tmp_path, capsys):
    """A thesis in report/ stays where it is."""
    shutil.copy(made[0] / "gradebook.db", tmp_path)
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "thesis.tex").write_text("x")
    assert command(tmp_path) == 1
    assert "--to" in capsys.readouterr().err
    assert command(tmp_path, "--to", "class/report") == 0
    assert is_ours(tmp_path / "class" / "report", GENERATOR)


def test_without_charts(made, tmp_path, monkeypatch):
    """Without the packages that draw, the tables are there, and a line names what to install."""
    shutil.copy(made[0] / "gradebook.db", tmp_path)
    monkeypatch.setattr("nbjudge.report.charts.missing_packages", lambda: ["altair"])
    (said,) = report(tmp_path, "ps0")
    assert "altair" in said and "nbjudge[report]" in said
    shown = page(tmp_path / "report" / "assignments" / "ps0.html")
    assert not shown.find("svg") and shown.find("section", "chart").find("table")


def test_a_large_class_stays_small_on_the_page(tmp_path):
    """A thousand submissions that all fail in their own way: the page shows what there is room for."""
    names = students(1000)
    points = draw_points(1000, missing=0)
    points[:, 0] = 0.0
    make_gradebook(f"sqlite:///{tmp_path}/gradebook.db", names, {"ps": points})
    for number, name in enumerate(names):
        answers = {task.name: f"# {number}\n" + "x = '<&\">'\n" * 400 for task in TASKS}
        words = "w" + "x" * (number % 300)
        write_notebook(tmp_path, name, "ps", answers, {"double_0": ("ValueError", words)})
    report(tmp_path)
    sizes = {path: path.stat().st_size for path in (tmp_path / "report").rglob("*.html")}
    assert max(sizes.values()) < 3_000_000
    shown = (tmp_path / "report" / "assignments" / "ps.html").read_text()
    assert "failures.csv" in shown and "more messages" in shown
    assert len(rows(tmp_path / "report" / "failures.csv")) >= 1000


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("expected 1.5, got 2", "expected -3e-7, got nan"),
        ("name 'x' is not defined", "name 'other_name' is not defined"),
        ("got [1. 2. 3.]", "got [[4. 5.]\n [6. 7.]]"),
        ("f() missing 1 required positional argument: 'y'",
         "solve() missing 2 required positional argument: 'step'"),
        ("cannot reshape array of size 6 into shape (4,)",
         "cannot reshape array of size 12 into shape (5,)"),
        ("<__main__.A object at 0x7f00aa>", "<__main__.A object at 0x7fdeadbeef>"),
    ],
)  # fmt: skip
def test_like_messages(one, other):
    """Numbers and names make no difference."""
    assert normalise(one) == normalise(other)


def test_unlike_messages():
    """What was expected, and of what type a thing is, makes one."""
    assert normalise("'NoneType' object has no attribute 'shape'") != normalise(
        "'int' object has no attribute 'shape'"
    )
    assert normalise("expected 1") != normalise("got 1")


def test_the_order_of_cells_and_a_graded_class(small_course_copy, capsys):
    """A class that was graded: tests belong to the answer before them, what waits is left out."""
    root = small_course_copy
    path = root / "submitted" / "student00" / small_course.NAME / f"{small_course.NAME}.ipynb"
    released = nbformat.read(root / "release" / "tiny" / "tiny.ipynb", as_version=4)
    nbformat.write(released, path)
    assert small_course.Fork(root).end() == 0
    assert command(root) == 0
    capsys.readouterr()
    found = rows(root / "report" / "exercises.csv")
    assert [(r["exercise"], r["max_score"]) for r in found] == [("double", "3.0"), ("why", "3.0")]
    shown = page(root / "report" / "assignments" / "tiny.html").get_text()
    assert "NotImplementedError" in shown and "os._exit(1)" in shown
    assert "not a notebook" in shown and "did not come to an end" in shown
