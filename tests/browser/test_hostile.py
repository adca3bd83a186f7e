"""An instructor opens a submission that wants to run, to fetch and to grade itself."""

from __future__ import annotations

import base64
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import hostile_pages
import nbformat
import pytest
import small_course
from axe_playwright_python.sync_playwright import Axe
from browsing import Visitor
from cells import code_cell, notebook
from courses import ROOT
from lab_server import LabServer
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers
from nbjudge.commands.grade import load_course
from nbjudge.feedback import pages
from playwright.sync_api import expect
from traitlets.config import Config

pytestmark = pytest.mark.xdist_group("browser-hostile")

NAME = small_course.NAME
EVE = "eve<img src=x onerror=fetch(`$ran$student`)>".replace("$", "\u2215")
LISTS = (
    *("manage_assignments", f"manage_submissions/{NAME}", "manage_students"),
    *("gradebook", f"gradebook/{NAME}", f"gradebook/{NAME}/{NAME}"),
)
WRITTEN = "Because. ![photo](photo.png)\n\n# of_one\n\n<b id='of_one' class='score'>x</b>"


class Hostile:
    """A graded course with one submission that is hostile, and the instructor's JupyterLab."""

    def __init__(self, root: Path) -> None:
        self.root, self.marker = root / "course", root / "marker"
        source = self.root / "book" / NAME
        source.mkdir(parents=True)
        shutil.copy(ROOT / "nbgrader_config.py", self.root)
        tests = {"grade": True, "locked": True}
        by_hand = {"grade": True, "solution": True}
        text = new_markdown_cell("say why")
        text.metadata.nbgrader = code_cell("", "why", points=4, **by_hand).metadata.nbgrader
        made = notebook(
            code_cell(small_course.STUB, "double", solution=True),
            code_cell("assert double(1) == 2", "of_one", points=1, **tests),
            code_cell("assert double(2) == 4", "of_many", points=2, **tests),
            code_cell("# say how", "how", points=3, **by_hand),
            text,
        )
        nbformat.write(made, source / f"{NAME}.ipynb")
        result = load_course(self.root).generate_assignment(NAME)
        assert result["success"], result["log"]
        cells = nbformat.read(self.root / "release" / NAME / f"{NAME}.ipynb", as_version=4).cells
        cells[0].source, cells[-1].source = "def double(x):\n    return 2", WRITTEN
        self.folder = self.root / "submitted" / EVE / NAME
        self.folder.mkdir(parents=True)
        nbformat.write(hostile_pages.hostile_notebook(*cells), self.folder / f"{NAME}.ipynb")
        (self.folder / "photo.png").write_bytes(base64.b64decode(hostile_pages.PNG))
        (self.folder / "evil.js").write_text("fetch('/ran/file')")
        (self.folder / "evil.html").write_text("<script src='evil.js'></script>")
        (self.folder / "nbgrader_config.py").write_text(f"open({str(self.marker)!r}, 'w')")
        command = [sys.executable, "-m", "nbjudge", "grade", NAME]
        environment = small_course.environment()
        subprocess.run(command, cwd=self.root, env=environment, check=True, capture_output=True)
        self.lab = LabServer("teacher", self.root, root / "home")

    def scores(self) -> dict[str, tuple]:
        """Return what the gradebook holds of the submission."""
        with Gradebook(small_course.sqlite(self.root), "linear_classification") as gradebook:
            (sheet,) = gradebook.notebook_submissions(NAME, NAME)
            self.id = sheet.id
            grades = {g.name: (g.auto_score, g.manual_score, g.extra_credit) for g in sheet.grades}
            gradebook.db.remove()
            gradebook.engine.dispose()
        return grades


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The course, with its server running."""
    course = Hostile(tmp_path_factory.mktemp("hostile"))
    course.before = course.scores()
    with course.lab:
        course.page = f"{course.lab.url}formgrader/submissions/{course.id}/"
        yield course


@pytest.fixture
def instructor(browser):
    """The instructor's window."""
    visitor = Visitor(browser)
    yield visitor
    visitor.close()


def ran(visitor):
    """Say what payloads did: each one asks for an address of its own."""
    return sorted(url for url in visitor.requests if "/ran/" in url or "127.0.0.1:1/" in url)


def test_page_of_a_submission(hostile, instructor, step):
    """Nothing has run or was fetched, nothing is graded, and the boxes are those of their cells."""
    page = instructor.page
    page.goto(hostile.page)
    photo = page.locator("img[src='photo.png']")
    expect(photo).to_be_visible()
    assert photo.evaluate("picture => picture.naturalWidth") == 1
    step(page, "page")
    for link in page.locator("#notebook a:not([href^=https])").all():
        link.evaluate("link => link.click()")
    for field, value in [("why", "3"), ("how", "1")]:
        with page.expect_response(re.compile("/api/grade/")):
            page.locator(f"input.score#{field}").fill(value)
            page.keyboard.press("Tab")
    page.locator("span.name-hidden").first.click()
    expect(page.locator("a.name-shown")).to_contain_text("eve<img")
    page.wait_for_load_state("networkidle")
    assert ran(instructor) == []
    assert instructor.foreign == []
    assert not [said for said in instructor.complaints if "Security Policy" in said]
    graded = hostile.scores()
    assert {name: graded[name][1] for name in graded if graded[name] != hostile.before[name]} == {
        "why": 3.0, "how": 1.0,
    }  # fmt: skip
    assert sum(extra or 0 for _, _, extra in graded.values()) == 0


def test_a_page_begins_where_points_wait(hostile, instructor, step):
    """At the first field that waits for a person, else at the first that lost points.

    The address of another field is heeded: Ctrl+. goes to that of the next student.
    """
    page = instructor.page
    waiting = {"why"}

    def grades(route):
        """Answer as the server does of a submission in which some fields wait."""
        answered = route.fetch().json()
        for grade in answered:
            points = grade["max_score"] if grade["name"] == "of_one" else 0
            waits = grade["name"] in waiting
            grade.update(auto_score=points, manual_score=None, needs_manual_grade=waits)
        route.fulfill(json=answered)

    page.route("**/api/grades*", grades)
    page.goto(hostile.page)
    expect(page.locator("input.score#why")).to_be_focused()
    expect(page.locator("input.score#why")).to_be_in_viewport()
    step(page, "where-points-wait")
    waiting.clear()
    page.goto(hostile.page)
    expect(page.locator("input.score#of_many")).to_be_focused()
    page.goto(f"{hostile.page}?index=1")
    expect(page.locator(".tabbable").nth(1)).to_be_focused()
    page.route("**/api/grades*", lambda route: route.abort())
    page.goto(hostile.page)
    expect(page.locator(".tabbable").first).to_be_focused(timeout=15_000)


@pytest.mark.filterwarnings("ignore:Your element with mimetype")
def test_policy_alone_stops_scripts(hostile, instructor, monkeypatch):
    """Were nothing taken out of the page, no script of it would run either."""
    monkeypatch.setenv("JUPYTER_PATH", "")
    config = Config()
    pages.configure(config)
    config.HTMLExporter.update(sanitize_html=False, preprocessors=[], filters={})
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    kept = [
        cell for name, cell in zip(hostile_pages.MARKDOWN, hostile_pages.texts(), strict=False)
        if name not in ("refresh", "base")
    ]  # fmt: skip
    autograded = hostile.root / "autograded" / EVE / NAME / f"{NAME}.ipynb"
    made = nbformat.read(autograded, as_version=4)
    made.cells = [*kept, *(cell for cell in made.cells if cell.cell_type == "code")]
    for cell in made.cells:
        cell.metadata = NotebookNode()
    resources = {"submission_id": hostile.id, "base_url": "", "index": 0, "total": 1}
    body, _ = HTMLExporter(config=config).from_notebook_node(made, resources=resources)
    before = hostile.scores()
    instructor.page.goto(f"{hostile.lab.url}formgrader/manage_students")  # for its cookies
    instructor.page.route(
        hostile.page, lambda route: route.fulfill(body=body, content_type="text/html")
    )
    instructor.page.goto(hostile.page)
    instructor.page.wait_for_load_state("networkidle")
    fetching = {name for name, text in hostile_pages.MARKDOWN.items() if "fetch(" not in text}
    fetching |= {"output-png-file", "output-svg-file", "output-html-isolated"}
    found = {url.split("/ran/")[1] for url in ran(instructor) if "/ran/" in url}
    assert found - fetching == set()
    refused = [said for said in instructor.complaints if "Content Security Policy" in said]
    assert len(refused) > 20
    assert hostile.scores() == before


def test_files_of_a_submission(hostile, instructor):
    """A page among them runs nothing, and its folder is not opened as a course."""
    page = instructor.page
    reply = page.goto(f"{hostile.page}evil.html")
    assert reply.status == 200
    assert reply.headers["content-security-policy"].startswith("sandbox;")
    assert reply.headers["x-content-type-options"] == "nosniff"
    formgrader = f"{hostile.lab.url}formgrader/?path="
    assert page.goto(f"{formgrader}{hostile.folder}").status == 403
    assert not hostile.marker.exists()
    assert page.goto(f"{formgrader}{hostile.root}").status == 200
    expect(page.locator("#main-table")).to_contain_text(NAME)
    assert ran(instructor) == []


def test_lists_of_formgrader(hostile, instructor, step):
    """A name with markup in it is shown as it is; an address cannot bring a script into a list."""
    page = instructor.page
    name = quote("\"; fetch('/ran/list'); //", safe="")
    page.goto(f"{hostile.lab.url}formgrader/manage_students/{name}")
    page.wait_for_load_state("networkidle")
    page.goto(f"{hostile.lab.url}formgrader/manage_submissions/{NAME}")
    expect(page.locator("#main-table")).to_contain_text("eve<img")
    page.goto(f"{hostile.lab.url}formgrader/gradebook/{NAME}/{NAME}")
    expect(page.locator("#main-table")).to_contain_text("Submission #1")
    step(page, "list")
    assert ran(instructor) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lists_of_formgrader_can_be_read_in_either_scheme(hostile, visit, scheme, step):
    """On every list, and in the window over one, letters stand out from their ground."""
    page = visit(bypass_csp=True, color_scheme=scheme).page
    ground = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 18, 18)"}[scheme]
    colours = {"runOnly": ["color-contrast", "link-in-text-block"]}
    for number, path in enumerate(LISTS):
        page.goto(f"{hostile.lab.url}formgrader/{path}")
        page.wait_for_load_state("networkidle")
        if number == 0:
            page.get_by_role("link", name="Add new assignment").click()
            expect(page.locator(".modal.in")).to_have_css("opacity", "1")  # faded in, for axe
        expect(page.locator("body")).to_have_css("background-color", ground)
        step(page, f"{scheme}-{number}")
        found = Axe().run(page, options=colours).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found] == []


def test_feedback(hostile, instructor, step):
    """Feedback, opened from the disk, runs nothing, asks nobody, and shows the photo."""
    page = instructor.page
    page.goto((hostile.root / "feedback" / EVE / NAME / f"{NAME}.html").as_uri())
    expect(page.locator("body")).to_contain_text("Your answer")
    photo = page.locator("img[src='photo.png']")
    assert photo.evaluate("picture => picture.naturalWidth") == 1
    step(page, "feedback")
    assert [url for url in instructor.requests if not url.startswith(("file:", "data:"))] == []
    assert ran(instructor) == []
    assert not [said for said in instructor.complaints if "Security Policy" in said]
