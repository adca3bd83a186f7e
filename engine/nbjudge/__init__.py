"""Autograde nbgrader courses: student code in a sandbox, test cells in a judge outside of it."""

__version__ = "0.1.0"
