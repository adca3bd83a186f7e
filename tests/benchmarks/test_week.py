"""A week with a class from Moodle's zip to Canvas' table: what comes out is what was put in."""

from __future__ import annotations

import pytest
from in_a_fork import nbjudge

from benchmarks.week import run_week


def in_a_fork(course, words):
    done = nbjudge(course, *words)
    return done.code, done.out + done.err


def test_a_week_with_a_class_of_twelve(tmp_path):
    """Grades, report, similarity, regrade and export agree with the banks; messages name things."""
    week = run_week(tmp_path, 12, rehearse=False, typist=in_a_fork)
    said = {step.name: step.said for step in week.steps}
    made = week.made
    assert made.broken and made.planted and any(made.lost.values()) and any(made.days_late.values())
    assert "12 students in students.csv: 12 new" in said["names and extra days"]
    assert f"{len(made.days_late)} new" in said["Moodle's zip"]
    for login in made.broken:
        assert f"submitted/{login}/coin_mle/coin_mle.ipynb: not a notebook" in said["grading"]
    gain = sum(lost > 0 for lost in made.lost.values())
    table = said["regrade, written"]
    assert "likelihood_interval_in_general" in table and "0 lose" in table
    assert gain <= table.count("+1") and "Written: the gradebook" in table
    assert "export-canvas.csv" in said["Canvas' table"]


@pytest.mark.thorough
@pytest.mark.timeout(3600)
def test_a_week_with_a_class_of_two_hundred(tmp_path):
    """The same by the console script, the regrade shown before it is written."""
    week = run_week(tmp_path, 200)
    report = (week.made.course / "report" / "index.html").read_text(encoding="utf-8")
    assert "is the test right?" in report
