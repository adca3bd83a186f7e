"""Autograding for nbgrader courses. It knows nbgrader and Jupyter, and nothing of this course."""
