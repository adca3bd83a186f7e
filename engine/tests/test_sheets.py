"""A worker's steps on plain data, and a gradebook of its own where a course has its own steps."""

from __future__ import annotations

import pytest
import small_course
from nbformat import v4
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.nbgraderformat import ValidationError
from nbgrader.preprocessors import CheckCellMetadata, OverwriteCells, SaveAutoGrades
from nbjudge.gradebook.assignments_only import export_assignments
from nbjudge.gradebook.snapshot import take_snapshot
from nbjudge.gradebook.steps import SnapshotSteps, need_gradebook

OWN_STEP = """
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor


class Generous(NbGraderPreprocessor):
    def preprocess(self, nb, resources):
        names = resources["nbgrader"]
        with Gradebook(names["db_url"]) as gradebook:
            where = ("of_one", names["notebook"], names["assignment"], names["student"])
            gradebook.find_grade(*where).auto_score = 0.75
            gradebook.db.commit()
        return nb, resources
"""


@pytest.fixture
def gradebook(small_course_made):
    with Gradebook(small_course.sqlite(small_course_made), "small") as found:
        yield found


def test_a_course_with_steps_of_its_own_keeps_what_they_write(small_course_copy, undisturbed):
    """The step finds a gradebook with the submission in it, and what it writes there counts."""
    (small_course_copy / "own_step.py").write_text(OWN_STEP)
    with (small_course_copy / "nbgrader_config.py").open("a") as config:
        config.write(
            "import sys; sys.path.insert(0, c.CourseDirectory.root)\n"
            'c.Autograde.autograde_preprocessors.insert(2, "own_step.Generous")\n'
        )
    assert small_course.Fork(small_course_copy, "--workers=1", "--student=student00").end() == 0
    found = small_course.contents(small_course.sqlite(small_course_copy))
    name = small_course.NAME
    assert found["student00", name, "of_one"][0] == 0.75
    for cell in ("of_many", "why"):
        assert found["student00", name, cell] == undisturbed[0]["student00", name, cell]


def test_which_courses_need_a_gradebook():
    """A subclass of nbgrader's step may do what nbgrader's does not."""

    class Own(SaveAutoGrades):
        pass

    ours = "nbjudge.execution.execute.SandboxedExecute"
    assert not need_gradebook([ours, OverwriteCells, "nbgrader.preprocessors.SaveAutoGrades"])
    assert need_gradebook([ours, Own])


def test_sheets_hold_what_the_gradebook_holds(gradebook):
    """Every cell that has a name, in the order of the notebook, and nothing of students."""
    (sheet,) = take_snapshot(gradebook, small_course.NAME).values()
    assert [cell.name for cell in sheet.source_cells] == ["double", "of_one", "of_many", "why"]
    assert [(cell.name, cell.max_score) for cell in sheet.grade_cells] == [
        ("of_one", 1), ("of_many", 2), ("why", 3),
    ]  # fmt: skip
    assert [cell.name for cell in sheet.solution_cells] == ["double", "why"]
    assert [cell.locked for cell in sheet.source_cells] == [False, True, True, False]


META = {"grade": True, "solution": False, "locked": True, "points": 1, "task": False,
        "grade_id": "a", "schema_version": 3}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {}, {"points": "many"}, {"points": None}, {"grade_id": ""}, {"grade": "yes"},
        {"schema_version": 2}, {"schema_version": 4}, {"solution": True}, {"unknown": 1},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["code", "markdown"])
def test_metadata_are_checked_as_nbgrader_checks_them(changes, kind):
    """The same notebooks pass, and the same error ends the others."""

    def outcome(step):
        cell = getattr(v4, f"new_{kind}_cell")("1")
        cell.metadata.nbgrader = META | changes
        try:
            step.preprocess(v4.new_notebook(cells=[cell]), {})
        except Exception as error:
            return type(error), str(error)
        return None

    (ours,) = SnapshotSteps({}).replace([CheckCellMetadata], None)
    assert type(ours) is not CheckCellMetadata
    assert outcome(ours) == outcome(CheckCellMetadata())


def test_a_name_that_stands_twice_is_an_error():
    """As it is for nbgrader."""
    cells = [v4.new_code_cell("1", metadata={"nbgrader": META}) for _ in range(2)]
    (step,) = SnapshotSteps({}).replace([CheckCellMetadata], None)
    with pytest.raises(ValidationError):
        step.preprocess(v4.new_notebook(cells=cells), {})


def test_the_copied_gradebook_has_the_version_of_the_original(gradebook, tmp_path, monkeypatch):
    """And no program is started to learn it."""
    monkeypatch.setenv("PATH", "")
    path = tmp_path / "copy.db"
    path.write_bytes(export_assignments(gradebook, tmp_path / "made.db"))
    query = "SELECT version_num FROM alembic_version"
    with Gradebook(f"sqlite:///{path}", "small") as copy:
        original = gradebook.db().connection().exec_driver_sql(query).scalar()
        assert copy.db().connection().exec_driver_sql(query).scalar() == original is not None
        assert copy.find_assignment(small_course.NAME).max_score == 6
        with pytest.raises(MissingEntry):
            copy.find_student("student00")
