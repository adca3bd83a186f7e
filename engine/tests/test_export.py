"""Grades and feedback go back into the universities' systems, as these import them."""

from __future__ import annotations

import csv
import io
import zipfile

import downloads
import openpyxl
import pytest
import small_course
from downloads import table
from in_a_fork import nbjudge
from nbjudge.lms.points import grade_columns
from small_course import NAME

SCORES = {"ada": 3.0, "zoe": 2.4, "kurt": 1.0}
"""Out of 6, of which 3 are given by hand; one is two started days late."""


def export(root, system, *options, roster=None, code=0):
    if roster is not None:
        (root / "roster.csv").write_bytes(roster)
        options = (*options, "--roster", "roster.csv")
    done = nbjudge(root, "export", "--to", system, *options)
    assert done.code == code, done.out + done.err
    return done.out if not code else done.err


def rows(root, name, delimiter=","):
    text = (root / name).read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def test_canvas_gets_its_own_table_back_with_one_column_filled(university):
    """All else of it stays: rows of its own, the test student, read-only columns."""
    before = downloads.canvas_gradebook()
    said = export(university, "canvas", roster=before)
    after = rows(university, "export-canvas.csv")
    old = list(csv.reader(io.StringIO(before.decode())))
    assert after[0] == old[0]
    assert after[1:3] == old[1:3]
    place = old[0].index("tiny (5551)")
    assert {row[3]: row[place] for row in after[3:]} == {
        "ada": "3", "zoe": "2.4", "kurt": "1", "emmy": "", "mallory": "", "9a8b7c": "",
    }  # fmt: skip
    for new, was in zip(after, old, strict=True):
        others = [n for n in range(len(was)) if n not in (0, place)]
        assert [new[n] for n in others] == [was[n] for n in others]
    assert after[-2][0] == '\'=cmd|" /C calc"!A0'
    assert after[-1][0] == "Student, Test"
    assert "export-canvas.csv: 3 grades of tiny" in said
    assert "In roster.csv, and without a grade: " in said
    assert "Emmy Noether" in said
    assert "Student, Test" not in said
    # Again, in the place of the first, and said so.
    assert "export-canvas.csv (replaced)" in export(university, "canvas", roster=before)


def test_canvas_columns_that_are_new_and_points_that_differ(university):
    """An assignment that Canvas has not gets a column with its points, an exercise as well."""
    roster = downloads.canvas_gradebook().replace(b"tiny (5551)", b"other (5551)")
    said = export(university, "canvas", "--per-exercise", roster=roster)
    after = rows(university, "export-canvas.csv")
    assert after[0][-3:] == ["tiny", "tiny - double", "tiny - why"]
    assert after[2][-3:] == ["6", "3", "3"]
    assert {row[3]: row[-3:] for row in after[3:6]} == {
        "ada": ["3", "3", "0"], "zoe": ["2.4", "3", "0"], "kurt": ["1", "1", "0"],
    }  # fmt: skip
    assert "tiny - double: a new column" in said
    roster = downloads.canvas_gradebook().replace(b"6.00", b"10.00")
    said = export(university, "canvas", roster=roster)
    assert "tiny is out of 6 points here and out of 10 there" in said


def test_moodles_worksheet_keeps_its_language(university):
    """A byte order mark, semicolons, decimal commas; matched by the address."""
    export(university, "moodle", roster=downloads.moodle_worksheet())
    assert (university / "export-moodle.csv").read_bytes().startswith(b"\xef\xbb\xbfID;")
    after = rows(university, "export-moodle.csv", ";")
    grade, mail = after[0].index("Bewertung"), after[0].index("E-Mail-Adresse")
    assert {row[mail].split("@")[0]: row[grade] for row in after[1:]} == {
        "ada": "3", "zoe": "2,4", "kurt": "1", "emmy": "",
    }  # fmt: skip
    assert [row[5] for row in after[1:]] == ["6,00"] * 4


def test_moodles_grader_report_by_the_address(university):
    """In English, with the column named as Moodle names it."""
    export(university, "moodle", roster=downloads.moodle_grades())
    after = rows(university, "export-moodle.csv")
    assert [row[4] for row in after] == ["Assignment: tiny (Real)", "3", "2.4", "1", "-"]


def test_moodle_by_the_number_of_the_download_where_no_address_is_known(university):
    """What was collected is known again, whatever the gradebook knows of students."""
    with small_course.open_course(university).gradebook as gradebook:
        for student in gradebook.students:
            student.email = student.first_name = student.last_name = None
        gradebook.db.commit()
    said = export(university, "moodle", roster=downloads.moodle_worksheet())
    after = rows(university, "export-moodle.csv", ";")
    assert [row[4] for row in after[1:]] == ["3", "2,4", "1", ""]
    assert "In roster.csv, and without a grade: Emmy Noether" in said


def test_brightspace_has_an_end_of_line(university):
    """Numbers with # before them; a new column comes before the last one."""
    export(university, "brightspace", roster=downloads.brightspace_grades())
    after = rows(university, "export-brightspace.csv")
    assert [row[5:] for row in after[1:]] == [["3", "#"], ["2.4", "#"], ["1", "#"], ["", "#"]]
    assert after[1][:2] == ["#101", "#ada"]
    roster = downloads.brightspace_grades().replace(b"tiny Points", b"other Points")
    said = export(university, "brightspace", roster=roster)
    assert rows(university, "export-brightspace.csv")[0][6:] == [
        "tiny Points Grade", "End-of-Line Indicator",
    ]  # fmt: skip
    assert "tiny Points Grade: a new column" in said


def test_a_table_and_a_workbook_of_all_that_the_gradebook_knows(university):
    """By assignment and exercise; a text that looks like a formula is none."""
    with small_course.open_course(university).gradebook as gradebook:
        gradebook.find_student("ada").last_name = "=HYPERLINK(1)"
        gradebook.find_student("zoe").first_name = "@SUM(1)"
        gradebook.db.commit()
    export(university, "csv", "--per-exercise")
    found = rows(university, "export.csv")
    assert found[0] == [
        *("student_id", "last_name", "first_name", "email", "section"),
        *("tiny", "tiny - double", "tiny - why"),
    ]
    by_id = {row[0]: row for row in found[1:]}
    assert by_id["ada"] == ["ada", "'=HYPERLINK(1)", "Ada", "ada@example.org", "", "3", "3", "0"]
    assert by_id["zoe"][2] == "'@SUM(1)"
    assert by_id["emmy"][5:] == ["", "", ""]
    export(university, "xlsx", "--output", "term.xlsx")
    sheet = openpyxl.load_workbook(university / "term.xlsx").active
    values = {row[0].value: row for row in sheet.iter_rows(min_row=2)}
    assert values["zoe"][5].value == 2.4
    assert values["ada"][1].data_type == "s"
    assert values["emmy"][5].value in (None, "")


def test_who_is_missing_is_listed_on_either_side(university):
    """A student whom the system does not know, a row that the gradebook does not know."""
    heads = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "tiny (1)"]
    roster = table([
        heads, ["    Points Possible", "", "", "", "", "6"],
        ["Lovelace, Ada", "101", "", "ADA@EXAMPLE.ORG", "A", ""],
        ["Lovelace, Ada", "777", "", "ada77", "A", ""],
        ["Bohr, Niels", "105", "", "niels", "A", ""],
    ])  # fmt: skip
    with small_course.open_course(university).gradebook as gradebook:
        gradebook.find_grade("why", NAME, NAME, "ada").needs_manual_grade = True
        gradebook.db.commit()
    said = export(university, "canvas", roster=roster)
    assert "tiny: 1 wait for a person to grade a part of them" in said
    after = rows(university, "export-canvas.csv")
    assert [row[5] for row in after[2:]] == ["3", "", ""]
    assert "Graded, and not in roster.csv: kurt, zoe" in said
    assert "In roster.csv, and without a grade: Ada Lovelace, Niels Bohr" in said


def test_feedback_goes_back_under_the_names_of_the_download(university):
    """Moodle's folders with its numbers; Canvas' of one who came from there."""
    said = export(university, "moodle", "--feedback", roster=downloads.moodle_worksheet())
    with zipfile.ZipFile(university / f"feedback-moodle-{NAME}.zip") as made:
        assert sorted(made.namelist()) == [
            "Ada Lovelace_101900_assignsubmission_file_/tiny.html",
            "Kurt Gödel_103900_assignsubmission_file_/tiny.html",
            "O'Brien-Müller Zoë_102900_assignsubmission_file_/tiny.html",
        ]
        page = made.read("Kurt Gödel_103900_assignsubmission_file_/tiny.html")
    assert page == (university / "feedback" / "kurt" / NAME / f"{NAME}.html").read_bytes()
    assert "feedback-moodle-tiny.zip: feedback of 3 students" in said
    text = (university / "submitted" / "kurt" / NAME / f"{NAME}.ipynb").read_text()
    downloads.make_zip(
        university / "download.zip",
        {"gödelkurt_LATE_103_7004_tiny-1.ipynb": text.replace("return 2", "return 2 ")},
    )
    done = nbjudge(university, "collect", "--from", "canvas", "download.zip")
    assert done.code == 0, done.err
    said = export(university, "canvas", "--feedback")
    with zipfile.ZipFile(university / f"feedback-canvas-{NAME}.zip") as made:
        assert made.namelist() == ["gödelkurt_LATE_103_7004_tiny-1.html"]
    assert "no feedback of 2 in a zip, since they were not collected from canvas" in said


def test_points_of_exercises_add_up_to_what_the_gradebook_says(university_made):
    """Lateness is taken off the whole."""
    with small_course.open_course(university_made).gradebook as gradebook:
        whole, *parts = grade_columns(gradebook, [NAME], per_exercise=True)
        for submission in gradebook.assignment_submissions(NAME):
            student = submission.student.id
            assert sum(part.scores[student] for part in parts) == submission.score
            late = submission.late_submission_penalty
            assert whole.scores[student] == pytest.approx(submission.score - late)
    assert whole.scores == pytest.approx(SCORES)
    assert whole.max_score == sum(part.max_score for part in parts) == 6


MISTAKEN = {
    "nowhere": ([], None, "--to is needed: canvas, moodle, brightspace, csv, xlsx"),
    "elsewhere": (["--to", "ilias"], None, "--to ilias: canvas"),
    "feedback for a table": (["--to", "csv", "--feedback"], None, "--feedback is for canvas"),
    "another assignment": (["--to", "csv", "tinny"], None, "did you mean 'tiny'?"),
    "another system's": (
        ["--to", "canvas", "--roster", "x.csv"], downloads.moodle_grades(),
        "x.csv is no table that Canvas exported: there is no column id, student",
    ),
    "no ids": (
        ["--to", "moodle", "--roster", "x.csv"], table([["Name"], ["Ada"]]),
        "x.csv is no table that Moodle exported",
    ),
    "one twice": (
        ["--to", "canvas", "--roster", "x.csv"],
        table([["Student", "ID", "SIS Login ID"], ["A", "1", "ada"], ["B", "2", "ada"]]),
        "x.csv, line 3: this is ada, whose row is in line 2",
    ),
    "Latin-1": (
        ["--to", "moodle", "--roster", "x.csv"], "Vollständiger Name,ID\n".encode("latin-1"),
        "x.csv, line 1: not UTF-8 text",
    ),
    "itself": (
        ["--to", "csv", "--roster", "x.csv", "--output", "x.csv"], downloads.roster(),
        "x.csv is the roster: name another file",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("arguments", "roster", "said"), MISTAKEN.values(), ids=list(MISTAKEN))
def test_what_is_mistaken_is_said_in_one_line(university_made, arguments, roster, said):
    if roster is not None:
        (university_made / "x.csv").write_bytes(roster)
    before = sorted(university_made.rglob("*"))
    done = nbjudge(university_made, "export", *arguments)
    assert done.code in (1, 2)
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert sorted(university_made.rglob("*")) == before


def test_a_class_of_many_is_one_table(university):
    """Rows of the roster in its order, whoever is in it."""
    names = [f"s{number:03}" for number in range(200)]
    roster = table([["student_id", "email"], *([name, ""] for name in names), ["ada", ""]])
    export(university, "csv", roster=roster)
    found = rows(university, "export.csv")
    assert [row[0] for row in found[1:]] == [*names, "ada"]
    assert found[-1] == ["ada", "", "3"]
