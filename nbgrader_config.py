"""The course, as nbgrader reads it. Run nbgrader and JupyterLab in this folder."""

import os
from pathlib import Path

import nbjudge

COURSE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821 (traitlets defines it)

# Grades with the engine: answers in a sandbox, tests outside of it, and pages that run nothing of
# a submission (engine/README.md).
nbjudge.configure(c)

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

# Students get plain Markdown in the place of the book's own, and no picture of what is taken out;
# the other steps are nbgrader's, as the engine has left them.
c.GenerateAssignment.preprocessors = [
    "publishing.notebooks.plain_markdown.PlainMarkdown",
    *c.GenerateAssignment.preprocessors,
    "publishing.notebooks.attachments.DropAttachments",
]
c.PlainMarkdown.root = str(COURSE)

# A test cell that a student deleted is put back before the notebook is graded.
c.OverwriteCells.add_missing_cells = True

# Every started day that a submission is late costs a tenth of its points, at most half of them.
c.AssignLatePenalties.plugin_class = "nbjudge.plugins.LatePenalty"
c.LatePenalty.share_per_day = 0.1
c.LatePenalty.largest_share = 0.5

# What the chapters import, so that no kernel waits for it.
c.SandboxedExecute.preload = [
    *("numpy", "matplotlib", "altair"),
    *("sklearn.datasets", "sklearn.linear_model", "sklearn.metrics"),
]
c.SandboxedExecute.cpu_seconds = 60
# What a chapter shows beside its exercises is not run again for every student.
c.SandboxedExecute.cells = "needed"

# Where nbgrader itself runs a notebook, to release it, a cell may take a minute. A kernel's own
# remarks on how it was started are no news.
c.ExecutePreprocessor.timeout = 60
c.ExecutePreprocessor.extra_arguments = ["--IPKernelApp.log_level=40"]
