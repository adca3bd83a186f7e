"""A gradebook for one submission: for courses with steps of their own, which may ask for one.

nbgrader names a gradebook to each of its steps. Those that come with nbgrader are run on plain data
instead (`nbjudge.gradebook.steps`), which is faster.
"""

from __future__ import annotations

from pathlib import Path

from nbgrader.api import Base, Gradebook
from sqlalchemy import create_engine, insert, inspect, select, text
from sqlalchemy.pool import NullPool

from nbjudge.gradebook.snapshot import Scores

_OF_STUDENTS = ("student", "submitted_assignment", "submitted_notebook", "grade", "comment")


def export_assignments(gradebook: Gradebook, path: Path) -> bytes:
    """Copy the assignments of a gradebook, without any student, into a small SQLite file.

    Parameters
    ----------
    gradebook : Gradebook
        The course's, in whatever database it is.
    path : Path
        Where to make the file.

    Returns
    -------
    bytes
        Its contents.
    """
    url = f"sqlite:///{path}"
    _stamp(url, gradebook)
    with Gradebook(url, gradebook.course_id) as copy:
        for table in Base.metadata.sorted_tables:
            if table.name not in _OF_STUDENTS:
                rows = [dict(row._mapping) for row in gradebook.db.execute(select(table))]
                copy.db.execute(table.delete())
                if rows:
                    copy.db.execute(insert(table), rows)
        copy.db.commit()
    return path.read_bytes()


def _stamp(url: str, gradebook: Gradebook) -> None:
    """Make the tables, with the version of the gradebook that they are copied from.

    `Gradebook` would start ``alembic`` to learn the version.
    """
    version = None
    if inspect(gradebook.engine).has_table("alembic_version"):
        version = gradebook.db.execute(text("SELECT version_num FROM alembic_version")).scalar()
    engine = create_engine(url, poolclass=NullPool)
    Base.metadata.create_all(bind=engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        if version is not None:
            insertion = text("INSERT INTO alembic_version (version_num) VALUES (:version)")
            connection.execute(insertion, {"version": version})


def read_scores(assignment: str, student: str, root: Path) -> dict[str, Scores]:
    """Read what nbgrader has written into the gradebook of a submission.

    Parameters
    ----------
    assignment, student : str
        Which submission.
    root : Path
        The folder of the gradebook.

    Returns
    -------
    dict of str to Scores
        The scores and comments, by notebook.
    """
    with Gradebook(f"sqlite:///{root}/gradebook.db") as gradebook:
        submission = gradebook.find_submission(assignment, student)
        return {
            sheet.name: Scores(
                {grade.name: grade.auto_score for grade in sheet.grades},
                {comment.name: comment.auto_comment for comment in sheet.comments},
            )
            for sheet in submission.notebooks
        }
