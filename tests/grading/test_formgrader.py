"""Formgrader opens in JupyterLab, lists the chapters of the course, and spares a running batch."""

from __future__ import annotations

import json
import os
import shutil
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.request import HTTPCookieProcessor, Request, build_opener

import pytest
from courses import CHAPTERS
from lab_server import LabServer
from nbgrader.coursedir import CourseDirectory
from nbjudge.batch.lock import one_batch
from nbjudge.report.write import ReportSettings, ReportWriter
from traitlets.config import Config

pytestmark = pytest.mark.xdist_group("formgrader")  # one server


@pytest.fixture(scope="module")
def root(released_course, tmp_path_factory):
    """Return a copy of the course for the tests of this module."""
    folder = tmp_path_factory.mktemp("formgrader") / "a course"
    return shutil.copytree(released_course(*CHAPTERS), folder)


@pytest.fixture(scope="module")
def lab(root, tmp_path_factory):
    """Start JupyterLab in the course; return a function that asks it for a path."""
    cookies = CookieJar()
    opener = build_opener(HTTPCookieProcessor(cookies))
    with LabServer("teacher", root, tmp_path_factory.mktemp("home")) as server:

        def ask(path, method="GET"):
            token = next((cookie.value for cookie in cookies if cookie.name == "_xsrf"), "")
            asked = Request(server.url + path, headers={"X-XSRFToken": token}, method=method)
            with opener.open(asked, timeout=60) as reply:
                return reply.read().decode()

        yield ask


def test_formgrader_lists_the_chapters(lab):
    """The page opens, and its list of assignments is the chapters with their points."""
    page = lab("formgrader/manage_assignments")
    assert "Add new assignment" in page
    listed = {
        row["name"]: row["max_score"] for row in json.loads(lab("formgrader/api/assignments"))
    }
    assert sorted(listed) == CHAPTERS
    assert all(points >= 15 for points in listed.values())


def test_assignments_are_listed_as_they_are_due(lab):
    """The page leaves them in the order in which the server sends them; others sort themselves."""
    for page in ("manage_assignments", "gradebook"):
        assert "defaults.aaSorting = []" in lab(f"formgrader/{page}")
    assert "aaSorting" not in lab("formgrader/manage_students")


def test_the_menu_leads_to_the_class_report(lab, root):
    """Each page has the link; before a report is written it says how, and then opens it."""
    for page in ("manage_assignments", "gradebook", "manage_students"):
        assert "/formgrader/report/index.html" in lab(f"formgrader/{page}")
    with pytest.raises(HTTPError) as missing:
        lab("formgrader/report/index.html")
    assert missing.value.code == 404 and b"nbjudge report" in missing.value.read()
    for path in ("../gradebook.db", "..%2fnbgrader_config.py", "%2e%2e/gradebook.db"):
        with pytest.raises(HTTPError):
            lab(f"formgrader/report/{path}")
    config = Config()
    config.CourseDirectory.update(root=str(root), db_url=f"sqlite:///{root}/gradebook.db")
    ReportWriter(CourseDirectory(config=config), ReportSettings()).write(
        CHAPTERS[:1], root / "report"
    )
    (root / "report" / "one.html").write_text(
        '<a href="http://localhost:8888/formgrader/submissions/0a1b/">x</a>'
    )
    assert "<h1>Class report</h1>" in lab("formgrader/report/index.html")
    assert "assignment,exercise" in lab("formgrader/report/exercises.csv")
    assert 'href="/formgrader/submissions/0a1b/"' in lab("formgrader/report/one.html")


def test_autograde_leaves_a_course_to_a_batch(lab, root):
    """While a batch grades, the button says so; afterwards it goes to work."""
    lab("formgrader/manage_assignments")  # as a browser: the page brings the cookie
    button = f"formgrader/api/submission/{CHAPTERS[0]}/nobody/autograde"
    with one_batch(root):
        said = json.loads(lab(button, "POST"))
    assert not said["success"]
    assert f"another batch is grading in this course (process {os.getpid()}" in said["error"]
    said = json.loads(lab(button, "POST"))
    assert not said["success"] and "another batch" not in said["error"] + said["log"]
    assert "nobody" in said["log"] + said["error"]


def test_lab_has_the_extensions_of_students(lab):
    """The assignment list and the Validate button, which students work with, are enabled."""
    assert "nbgrader" in lab("lab/api/extensions")
