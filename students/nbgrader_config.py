"""A student's nbgrader: name this folder in JUPYTER_CONFIG_PATH when their JupyterLab starts."""

import ast
import os
import re
import textwrap

from nbconvert.filters import strip_ansi
from nbgrader.utils import compute_checksum, is_grade, is_solution

c = get_config()  # noqa: F821 (traitlets defines it)

c.CourseDirectory.course_id = "linear_classification"
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", "/srv/nbgrader/exchange")


# `nbgrader validate` cuts off what is longer; the dialog of Validate has room for a little more.
WIDTH = 83
FRAME = re.compile(
    r"^ *Cell In\[(?P<cell>\d+)\], line (?P<line>\d+)(?: in (?P<function>.+))?$", re.MULTILINE
)
MISSING = re.compile(r"name '(\w+)' is not defined")
broken = {}  # by the names of answers, how their cells stopped


def forget(**_):
    """Begin a notebook."""
    broken.clear()


def purpose(source):
    """Return the docstring of a test."""
    try:
        return ast.get_docstring(ast.parse(source))
    except SyntaxError:
        return None


def say_what_failed(cell, execute_reply, **_):
    """Let Validate show a failed test by its purpose, with the message right below.

    It would show the whole cell first, and the message out of sight below it. A test cell that
    was changed stays as it is, for Validate to say so.
    """
    marks = cell.metadata.get("nbgrader", {})
    if is_solution(cell):
        broken[marks["grade_id"]] = execute_reply["content"]
    if not is_grade(cell) or marks.get("checksum") != compute_checksum(cell):
        return
    if purpose(cell.source):
        cell.source = wrapped(purpose(cell.source))
        marks["checksum"] = compute_checksum(cell)
    for output in cell.outputs:
        if output.output_type == "error":
            message = f"{output.ename}: {output.evalue}".rstrip(": ")
            output.traceback = wrapped(message + reason(output)).split("\n")


def take_no_remark_for_a_failure(cell, **_):
    """Let Validate count what grading counts: a warning or a progress bar is no failed test."""
    for output in cell.outputs:
        if output.output_type == "stream":
            output.name = "stdout"


def reason(error):
    """Say where in the student's code an error came up, or why a name is not there."""
    missing = MISSING.search(error.evalue) if error.ename == "NameError" else None
    if missing and missing[1] in broken:
        stopped = broken[missing[1]]
        what = re.sub(r"\(\d+\.py, ", "(", stopped["evalue"])
        return f"\nbecause its cell stopped with {stopped['ename']}: {what}"
    frames = list(FRAME.finditer(strip_ansi("\n".join(error.traceback))))
    own = [frame for frame in frames if frame["function"] and frame["cell"] != frames[0]["cell"]]
    if not own:
        return ""
    if error.ename == "NotImplementedError":
        return f": {own[-1]['function']} is not written yet"
    return f"\nin line {own[-1]['line']} of the cell with {own[-1]['function']}"


def wrapped(text):
    """Break long lines."""
    lines = [textwrap.wrap(line, WIDTH, replace_whitespace=False) for line in text.split("\n")]
    return "\n".join("\n".join(line) for line in lines)


c.ExecutePreprocessor.on_notebook_start = forget
c.ExecutePreprocessor.on_cell_executed = take_no_remark_for_a_failure
c.ExecutePreprocessor.on_cell_error = say_what_failed
c.ExecutePreprocessor.timeout = 60
# What is left of a hidden test is a docstring: nbgrader warns that it is no number of points.
c.ValidateApp.log_level = "ERROR"
# Frames without the code around them, from which `reason` reads the line.
c.ExecutePreprocessor.extra_arguments = [
    "--InteractiveShell.xmode=Plain",
    "--IPKernelApp.log_level=40",
]
