"""Cells and notebooks for the tests of the engine."""

import nbformat


def code_cell(source, grade_id=None, **nbgrader):
    """Make a code cell, an nbgrader cell if it has a ``grade_id``."""
    cell = nbformat.v4.new_code_cell(source)
    if grade_id:
        cell.metadata.nbgrader = {
            "grade_id": grade_id, "grade": False, "solution": False, "locked": False,
            "schema_version": 3, "task": False, **nbgrader,
        }  # fmt: skip
    return cell


def notebook(*cells):
    """Make a notebook of cells."""
    made = nbformat.v4.new_notebook()
    made.cells = list(cells)
    return made
