"""The course, as nbgrader reads it. Run nbgrader and JupyterLab in this folder."""

import os
import sys
from pathlib import Path

from nbjudge.feedback import pages

COURSE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 (traitlets defines it)

# nbgrader's own commands start `alembic` by name to create the gradebook; it stands beside this
# Python, which need not be on the path when the virtual environment was not activated.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

# Formgrader's page of a submission and the feedback run nothing that a student wrote, ask no other
# host, and set formulas without a script.
pages.configure(c)

c.CourseDirectory.course_id = "linear_classification"
c.CourseDirectory.root = str(COURSE)
c.CourseDirectory.source_directory = "book"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    "feedback",
    ".*",
]

# Where students fetch and hand in. A shared folder of the class, such as /srv/nbgrader/exchange,
# is named by the environment; on one machine a folder of the course will do.
c.Exchange.root = os.environ.get("NBGRADER_EXCHANGE", str(COURSE / "exchange"))

# Students get plain Markdown in the place of the book's own; the rest is nbgrader's list.
c.GenerateAssignment.preprocessors = [
    "publishing.plain.PlainMarkdown",
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.PlainMarkdown.root = str(COURSE)

# A test cell that a student deleted is put back before the notebook is graded.
c.OverwriteCells.add_missing_cells = True

# Every started day that a submission is late costs a tenth of its points, at most half of them.
c.AssignLatePenalties.plugin_class = "nbjudge.plugins.LatePenalty"
c.LatePenalty.share_per_day = 0.1
c.LatePenalty.largest_share = 0.5

# What a submission says of its own cells is restored from the gradebook.
c.Autograde.sanitize_preprocessors = [
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbjudge.gradebook.restore.RestoreCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# Answers run in a sandbox, tests outside of it (grading/README.md); the rest is nbgrader's list.
c.Autograde.autograde_preprocessors = [
    "nbjudge.execution.execute.SandboxedExecute",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
c.SandboxedExecute.judge = True
# What the chapters import, so that no kernel waits for it.
c.SandboxedExecute.preload = [
    *("numpy", "matplotlib", "altair"),
    *("sklearn.datasets", "sklearn.linear_model", "sklearn.metrics"),
]
# Names are students' words: in grades.csv they stay in their fields, and are no formulas.
c.ExportApp.plugin_class = "nbjudge.plugins.SafeCsvExport"
# Feedback begins with the points of each exercise and shows what went wrong: no line of a hidden
# test, and no code that the book folds away.
c.GenerateFeedback.preprocessors = [
    "nbjudge.feedback.preprocessors.HideTests",
    "nbjudge.feedback.preprocessors.LeaveOutCode",
    "nbjudge.feedback.points.ListPoints",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]
c.SandboxedExecute.cpu_seconds = 60

# Where nbgrader itself runs a notebook, to release it, a cell may take a minute. A kernel's own
# remarks on how it was started are no news.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.extra_arguments = ["--IPKernelApp.log_level=40"]
