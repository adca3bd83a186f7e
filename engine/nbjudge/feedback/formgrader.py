"""A Jupyter server extension: what nbgrader's formgrader serves besides its page of a submission.

It gives four things that nbgrader does not: files of a submission are shown without rights
(otherwise a page or a script among them would have those of the instructor), names are escaped in
formgrader's lists, *Autograde* leaves a course alone while a batch grades in it, and
``/formgrader?path=`` opens no other course. nbgrader reads, and so runs, the ``nbgrader_config.py``
of the folder that stands there; a picture in a Markdown cell, or a link to the instructor's own
server, could name a submission's folder.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from tornado import web

from nbjudge.batch.lock import CourseInUseError, one_batch

_ALONE = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
_ACTIONS = "(?:next_incorrect|prev_incorrect|next|prev)"


class SubmissionFiles(handlers.SubmissionFilesHandler):
    """nbgrader's handler of the files beside a notebook; what it serves can do nothing."""

    def set_default_headers(self) -> None:
        """Serve a file as what it is said to be, without scripts, in an origin of its own."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", _ALONE)
        self.set_header("X-Content-Type-Options", "nosniff")


class Formgrader(handlers.FormgraderHandler):
    """nbgrader's handler of formgrader's address; opens the course of this server alone."""

    def get(self) -> Any:
        """Open formgrader, unless another folder is to be read as a course."""
        if "nbgrader_formgrader" not in self.settings:
            raise web.HTTPError(404)
        path = self.get_argument("path", "")
        root = self.settings["nbgrader_formgrader"].coursedir.root
        if path and os.path.realpath(path) != os.path.realpath(root):
            raise web.HTTPError(403, "another course: start JupyterLab in its folder")
        return super().get()


class AutogradeOne(apihandlers.AutogradeHandler):
    """nbgrader's handler of the button *Autograde*; two that grade would disturb each other."""

    @web.authenticated
    def post(self, assignment_id: str, student_id: str) -> None:
        """Grade a submission, unless a batch is grading in the course."""
        try:
            with one_batch(Path(self.coursedir.root)):
                super().post(assignment_id, student_id)
        except CourseInUseError as error:
            self.write(json.dumps({"success": False, "log": "", "error": str(error)}))


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "nbjudge.feedback.formgrader"}]


def _load_jupyter_server_extension(serverapp: Any) -> None:
    """Put these handlers before nbgrader's own, whichever extension is loaded first."""
    webapp = serverapp.web_app
    start = url_path_join(webapp.settings["base_url"], "formgrader")
    webapp.add_handlers(
        ".*$",
        [
            (f"{start}/?", Formgrader),
            (f"{start}/api/submission/([^/]+)/([^/]+)/autograde", AutogradeOne),
            (f"{start}/submissions/(?!components/)([^/]+/(?!{_ACTIONS}/?$).+)", SubmissionFiles),
        ],
    )
    # Tornado puts new handlers of all hosts before the last rule, and takes the first that fits.
    rules = webapp.default_router.rules
    rules.insert(0, rules.pop(-2))


async def _start_jupyter_server_extension(serverapp: Any) -> None:
    """Let formgrader's lists escape what they show; all extensions are loaded by now."""
    templates = serverapp.web_app.settings.get("nbgrader_jinja2_env")
    if templates is not None:
        templates.autoescape = True
