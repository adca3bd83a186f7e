"""The pages that nbgrader makes of a submission: formgrader's, and feedback."""

from __future__ import annotations

from pathlib import Path

from bs4 import BeautifulSoup
from cells import notebook
from nbconvert import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from nbjudge.feedback.exporter import FeedbackExporter

NAMES = ("student", "first_name", "last_name", "assignment_id", "notebook_id", "notebook_path")
BOOTSTRAP = "node_modules/bootstrap/dist/css"


def exporter(kind, config):
    """Make what formgrader, or `GenerateFeedback`, makes pages with."""
    config.HTMLExporter.template_name = kind
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.HTMLExporter.extra_template_paths = [str(Path(handlers.static_path) / BOOTSTRAP)]
    made = FeedbackExporter if kind == "feedback" else HTMLExporter
    return made(config=config)


def page_of(made, *cells, name="ada", metadata=None):
    """Return the page of a submission, parsed."""
    submitted = notebook(*cells)
    submitted.metadata.update(metadata or {})
    resources = {**dict.fromkeys(NAMES, name), "submission_id": "1", "base_url": "", "index": 0}
    resources |= {
        "total": 1,
        "nbgrader": {"notebook": "n", "late_penalty": 0, "score": 0, "max_score": 1},
    }
    html, _ = made.from_notebook_node(submitted, resources=resources)
    return BeautifulSoup(html, "html.parser")
