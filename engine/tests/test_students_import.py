"""The roster of a class in the gradebook, and the days that some are given."""

from __future__ import annotations

import pytest
import small_course
from bs4 import BeautifulSoup
from downloads import CLASS, moodle_grades, table
from in_a_fork import nbjudge
from nbjudge.gradebook.people import read_people
from small_course import NAME


def students(root):
    with small_course.open_course(root).gradebook as gradebook:
        return {
            s.id: (s.first_name, s.last_name, s.email) for s in gradebook.students
        }, read_people(gradebook)


def run(root, rows, delimiter=",", mark=False):
    (root / "class.csv").write_bytes(table(rows, delimiter, mark))
    return nbjudge(root, "students", "import", "class.csv")


def penalty(root, student):
    return small_course.contents(small_course.sqlite(root))[student, NAME][0] or 0.0


def test_extra_days_count_in_the_penalty_and_are_named_in_feedback(university):
    """For all assignments or for one; whoever is not named keeps theirs; a 0 takes them back."""
    assert penalty(university, "zoe") == pytest.approx(0.6)  # two started days of 3 points
    done = run(university, [["student_id", "extra_days"], ["zoe", "1"], ["emmy", "0"]])
    assert done.code == 0, done.err
    assert "2 students in class.csv: 0 new, 2 changed, 0 as they were" in done.out
    assert "tiny: another due date for zoe" in done.out
    assert penalty(university, "zoe") == pytest.approx(0.3)
    assert nbjudge(university, "grade", NAME).code == 0
    page = (university / "feedback" / "zoe" / NAME / f"{NAME}.html").read_text()
    rows = [
        [cell.get_text() for cell in row("td")]
        for row in BeautifulSoup(page, "html.parser").select("#points-by-exercise tr")
    ]
    assert ["", "1 extra day allowed", "", ""] in rows
    assert ["", "handed in late", "−0.3"] in [row[:3] for row in rows]
    assert "0.3" in (university / "grades.csv").read_text()

    assert run(university, [["student_id", "extra_days tiny"], ["zoe", "2"]]).code == 0
    assert penalty(university, "zoe") == 0.0
    by_row = [["student_id", "assignment", "extra_days"], ["zoe", NAME, "0"], ["zoe", "", "0,5"]]
    assert run(university, by_row).code == 0
    assert penalty(university, "zoe") == pytest.approx(0.6)
    assert students(university)[1]["zoe"].extra_days == {"*": 0.5, NAME: 0.0}


def test_days_given_before_anything_is_handed_in_count_when_it_is(university):
    """They are noted in the gradebook, beside nbgrader's table of submissions."""
    assert run(university, [["id", "extra days"], ["emmy", "3"]]).code == 0
    folder = university / "submitted" / "emmy" / NAME
    folder.mkdir(parents=True)
    for name in (f"{NAME}.ipynb", "timestamp.txt"):
        (folder / name).write_bytes((university / "submitted" / "zoe" / NAME / name).read_bytes())
    assert nbjudge(university, "grade", NAME).code == 0
    found = small_course.contents(small_course.sqlite(university))
    assert found["emmy",] == (0, 3.0)
    assert found["zoe", NAME] == (pytest.approx(0.6),)


def test_a_roster_fills_the_gradebook_and_takes_nothing_away(university):
    """New students, new names, sections; columns that are not there stay as they are."""
    done = run(
        university,
        [["E-Mail-Adresse", "Nachname", "Vorname", "Anmeldename", "Gruppe"],
         ["new@example.org", "Bohr", "Niels", "niels", "B"],
         ["", "King", "Augusta Ada", "ada", "A"]],
        ";", mark=True,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "1 new, 1 changed, 0 as they were" in done.out
    found, people = students(university)
    assert found["niels"] == ("Niels", "Bohr", "new@example.org")
    assert found["ada"] == ("Augusta Ada", "King", "ada@example.org")
    assert found["kurt"] == CLASS["kurt"][:3]
    assert {name: person.section for name, person in people.items()} == {"ada": "A", "niels": "B"}
    again = nbjudge(university, "students", "import", "class.csv")
    assert "0 new, 0 changed, 2 as they were" in again.out


BROKEN = {
    "twice": (b"student_id\nada\nbob\nada\n", "class.csv, line 4: student 'ada' stands in line 2"),
    "no id": (
        b"first_name,email\nAda,a@b\n",
        "there is no column student_id; there are first_name",
    ),
    "an empty id": (b"student_id,email\n ,a@b\n", "class.csv, line 2: the student has no id"),
    "a path": (b"student_id\n../ada\n", "line 2: student '../ada': the folder's name begins with"),
    "a slash": (b"student_id\na/b\n", "line 2: student 'a/b': a folder is named by the id"),
    "days": (
        b"student_id,extra_days\nada,two\n",
        "extra days are a number of days, such as 2, and",
    ),
    "fewer days": (b"student_id,extra_days\nada,-1\n", "and not '-1'"),
    "endless days": (b"student_id,extra_days\nada,inf\n", "and not 'inf'"),
    "an assignment": (
        b"student_id,extra_days ps9\nada,1\n",
        "the gradebook does not know; it knows tiny",
    ),
    "Latin-1": ("student_id,last_name\nkurt,Gödel\n".encode("latin-1"), "line 2: not UTF-8 text"),
    "a workbook": (b"PK\x03\x04...", "save the table as CSV"),
    "nothing": (b"", "the table is empty"),
    "a comma too many": (b"student_id,last_name\nada,King, Countess\n", "line 2: 3 fields"),
    "a column twice": (b"student_id,login\na,b\n", "student_id and login are one column twice"),
}


@pytest.mark.parametrize(("data", "said"), BROKEN.values(), ids=list(BROKEN))
def test_a_broken_table_is_named_in_one_line_and_changes_nothing(university_made, data, said):
    before = small_course.tables(small_course.sqlite(university_made)), students(university_made)
    (university_made / "class.csv").write_bytes(data)
    done = nbjudge(university_made, "students", "import", "class.csv")
    (university_made / "class.csv").unlink()
    assert done.code == 1
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    after = small_course.tables(small_course.sqlite(university_made)), students(university_made)
    assert after == before


def test_moodles_own_export_is_a_roster(university):
    """Without a column that it fills, the address is no id: it says so."""
    (university / "class.csv").write_bytes(moodle_grades())
    done = nbjudge(university, "students", "import", "class.csv")
    assert done.code == 1
    assert "there is no column student_id" in done.err
