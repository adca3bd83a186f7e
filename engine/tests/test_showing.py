"""A student's words in tables and in terminals."""

from __future__ import annotations

import csv
import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbgrader.api import Gradebook
from nbgrader.plugins import CsvExportPlugin
from nbjudge.batch.incidents import Incident, read_incidents, write_incidents
from nbjudge.plugins import SafeCsvExport
from nbjudge.untrusted_text import for_spreadsheet, from_spreadsheet, printable

FORMULA = '=HYPERLINK("https://example.org","grades")'


@given(st.text(alphabet="'=+-@\t\r\na1 ＝"))
def test_a_field_comes_back_as_it_was(text):
    """Whatever a field holds, it is no formula, and a program can have what it was."""
    field = for_spreadsheet(text)
    assert not field.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
    assert from_spreadsheet(field) == text


@given(st.text())
def test_a_terminal_gets_nothing_that_acts(text):
    """What is left can be shown and encoded; what could be shown before is as it was."""
    shown = printable(text)
    assert all(map(str.isprintable, shown))
    shown.encode()
    if text.isprintable():
        assert shown == text


def test_incidents_keep_their_rows(tmp_path):
    """A message may look like a formula, or like another row: a rerun finds what it was."""
    path = tmp_path / "incidents.csv"
    told = [
        Incident("-eve", "hw", "=1+1.ipynb", FORMULA),
        Incident("mallory", "hw", "x", "one\nada,hw,x,forged"),
    ]
    write_incidents(told, path, ["hw"])
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    assert [row[0] for row in rows] == ["student", "'-eve", "mallory"]
    assert rows[1][2:] == ["'=1+1.ipynb", f"'{FORMULA}"]
    write_incidents([], path, ["other"])
    assert [Incident(**row) for row in read_incidents(path)] == told


@pytest.fixture
def gradebook(tmp_path):
    """A gradebook with one assignment, and somebody who handed it in late."""
    with Gradebook(f"sqlite:///{tmp_path}/gradebook.db", "small") as gradebook:
        gradebook.add_assignment("hw", duedate=datetime.datetime(2026, 10, 1))
        gradebook.add_notebook("sheet", "hw")
        gradebook.add_grade_cell("a", "sheet", "hw", max_score=5, cell_type="code")
        gradebook.add_student("ada", first_name="Ada", last_name="Lovelace", email="a@b.org")
        gradebook.add_student("bob")
        gradebook.add_submission("hw", "ada", timestamp=datetime.datetime(2026, 10, 2))
        sheet = gradebook.find_submission_notebook("sheet", "hw", "ada")
        sheet.grades[0].auto_score, sheet.late_submission_penalty = 4.5, 1
        gradebook.db.commit()
        yield gradebook


def test_tame_names_are_exported_as_nbgrader_does(gradebook, tmp_path):
    """Byte for byte, with and without a choice of students and assignments."""
    for settings in ({}, {"student": ["ada"]}, {"assignment": ["other"]}):
        ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
        SafeCsvExport(to=str(ours), **settings).export(gradebook)
        CsvExportPlugin(to=str(theirs), **settings).export(gradebook)
        assert ours.read_text() == theirs.read_text()
        assert len(ours.read_text().splitlines()) == (
            1 if "assignment" in settings else 3 - len(settings)
        )


def test_names_stay_in_their_fields(gradebook, tmp_path):
    """A comma, a quotation mark, a line break and a formula move no grade and make no row."""
    names = {"first_name": 'Eve "x", y', "last_name": FORMULA}
    gradebook.add_student("eve\nhw,,,ada,,,,5.0,0.0,5.0,5.0", **names)
    path = tmp_path / "grades.csv"
    SafeCsvExport(to=str(path)).export(gradebook)
    with path.open(newline="", encoding="utf-8") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert len(rows) == 3
    assert rows["ada"]["score"] == "3.5" and rows["ada"]["late_submission_penalty"] == "1.0"
    (eve,) = (row for name, row in rows.items() if name.startswith("eve"))
    assert eve["score"] == "0.0"
    assert eve["first_name"] == names["first_name"] and eve["last_name"] == f"'{FORMULA}"
