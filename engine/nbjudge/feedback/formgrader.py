"""A Jupyter server extension: what nbgrader's formgrader serves besides its page of a submission.

It gives seven things that nbgrader does not: files of a submission are shown without rights
(otherwise a page or a script among them would have those of the instructor), names are escaped in
formgrader's lists, *Autograde* leaves a course alone while a batch grades in it, the menu leads to
the class report, assignments are listed in the order in which they are due, lists are dark where
the reader's system is, and ``/formgrader?path=`` opens no other course. nbgrader reads, and so
runs, the ``nbgrader_config.py`` of the folder that stands there; a picture in a Markdown cell, or a
link to the instructor's own server, could name a submission's folder.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import BaseLoader, Environment
from jupyter_server.utils import url_path_join
from nbgrader.server_extensions.formgrader import apihandlers, handlers
from tornado import web

from nbjudge.batch.lock import CourseInUseError, one_batch

_ALONE = "sandbox; default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'"
_REPORT = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_KINDS = {".html": "text/html; charset=UTF-8", ".csv": "text/csv; charset=UTF-8"}
_NO_REPORT = "There is no class report yet: run `nbjudge report` in the course's folder.\n"
_ITEM = (
    '<li role="presentation"><a href="{{ base_url }}/formgrader/report/index.html">Class Report'
    "</a></li>"
)
_DUE_IN_ONE_LINE = "<style>.duedate { white-space: nowrap; }</style>"
# nbgrader sends assignments in the order in which they are due, and sorts them by name on the page.
_AS_SENT = "<script>$.fn.dataTable.defaults.aaSorting = [];</script>"
_OF_ASSIGNMENTS = ("manage_assignments.tpl", "gradebook_assignments.tpl")
_HEAD = "{%- block head -%}"
_STYLES = Path(__file__).parent / "share" / "nbconvert" / "templates" / "nbjudge"
_OF_LISTS = ("colours.css", "lists.css")
_TO_A_SUBMISSION = re.compile(r'href="[^"]*/submissions/([0-9A-Za-z-]+)/"')
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


class ReportFiles(handlers.BaseHandler):
    """What ``nbjudge report`` wrote; its links to submissions lead to this formgrader."""

    def set_default_headers(self) -> None:
        """Let a page run nothing and fetch nothing."""
        super().set_default_headers()
        self.set_header("Content-Security-Policy", _REPORT)
        self.set_header("X-Content-Type-Options", "nosniff")

    @web.authenticated
    def get(self, name: str) -> None:
        """Send a page or a table."""
        config = self.settings["nbgrader_formgrader"].config
        chosen = str(config.ClassReport.get("to", "report"))
        folder = Path(self.coursedir.root, chosen).resolve()
        path = (folder / (name or "index.html")).resolve()
        kind = _KINDS.get(path.suffix)
        if kind is None or not path.is_relative_to(folder) or not path.is_file():
            self.set_status(404)
            self.set_header("Content-Type", "text/plain; charset=UTF-8")
            self.finish(_NO_REPORT)
            return
        self.set_header("Content-Type", kind)
        text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix == ".html":
            text = _TO_A_SUBMISSION.sub(rf'href="{self.base_url}/formgrader/submissions/\1/"', text)
        self.finish(text)


class WithReport(BaseLoader):
    """nbgrader's templates, in nbjudge's colours, with the class report in the menu.

    Lists of assignments are in the order of the term.

    Parameters
    ----------
    loader : BaseLoader
        nbgrader's.
    """

    def __init__(self, loader: BaseLoader) -> None:
        self.loader = loader

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return a template's source; each page has the menu of the one named ``base.tpl``."""
        source, path, is_fresh = self.loader.get_source(environment, template)
        if template == "base.tpl":
            # Pages write the items of the menu anew; this one stands behind them.
            source = source.replace("</ul>", f"{_ITEM}</ul>", 1)
            style = "".join((_STYLES / name).read_text(encoding="utf-8") for name in _OF_LISTS)
            colours = f"{{% raw %}}<style>{style}</style>{{% endraw %}}"
            source = source.replace(_HEAD, f"{colours}{_HEAD}", 1)
        if template in _OF_ASSIGNMENTS:
            source = source.replace(_HEAD, f"{_HEAD}{_DUE_IN_ONE_LINE}{_AS_SENT}", 1)
        return source, path, is_fresh


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
            (f"{start}/report/(.*)", ReportFiles),
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
        if templates.loader is not None and not isinstance(templates.loader, WithReport):
            templates.loader = WithReport(templates.loader)
