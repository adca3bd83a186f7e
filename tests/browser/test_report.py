"""The class report and the pairs of similar answers in a browser, from the folder, as files."""

from __future__ import annotations

import nbformat
import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from cells import code_cell, notebook
from class_gradebook import TASKS, draw_points, make_gradebook, students, write_notebook
from hostile_pages import MARKDOWN
from nbgrader.coursedir import CourseDirectory
from nbjudge.report.write import ReportSettings, ReportWriter
from nbjudge.similar.write import write_similar
from traitlets.config import Config

COUNT = 16
HOSTILE = "\n".join(MARKDOWN.values())


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """Return a page of each kind, of a class whose names and answers try to run."""
    root = tmp_path_factory.mktemp("class")
    names = [
        f"<img src=x onerror=alert({n})>" if n < 3 else s for n, s in enumerate(students(COUNT))
    ]
    points = draw_points(COUNT, missing=0.0)
    points[:, -1][3:] = np.nan
    points[:6, 0] = 0.0
    make_gradebook(f"sqlite:///{root}/gradebook.db", names, {"ps": points, "next": points})
    for number, name in enumerate(names[3:], 3):
        answers = {task.name: f"def {task.name}(x):\n    return {HOSTILE!r}" for task in TASKS}
        for task in TASKS[:3]:  # two by two in one form
            answers[task.name] += (
                f"\n    x = np.log(x, {['x[0]', 'x.T', '-x'][number // 2 % 3]})" * number
            )
            answers[task.name] += ["\n    x += 1", "\n    del x"][number // 4 % 2] * (number // 2)
        write_notebook(root, name, "ps", answers, {"double_0": ("E", f"{HOSTILE} {number}")})
        made = notebook(*(code_cell(text, of, solution=True) for of, text in answers.items()))
        folder = root / "submitted" / name / "ps"
        folder.mkdir(parents=True)
        nbformat.write(made, folder / "ps.ipynb")
    config = Config()
    config.CourseDirectory.update(root=str(root), db_url=f"sqlite:///{root}/gradebook.db")
    course = CourseDirectory(config=config)
    ReportWriter(course, ReportSettings()).write([], root / "report")
    write_similar(course, "ps", root / "similar")
    pair = next((root / "similar" / "pairs").glob("*.html"))
    return [
        *(root / "report" / name for name in ("index.html", "assignments/ps.html")),
        *(root / "report" / "students" / name for name in ("index.html", "student0005.html")),
        root / "similar" / "index.html",
        pair,
    ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 390), ("dark", 1280)])
def test_pages_run_nothing_and_are_usable_by_all(browser, pages, scheme, width):
    """On a phone and on a desk: nothing is asked for or runs, all fits, and axe finds nothing."""
    found = []
    size = {"width": width, "height": 844}
    plain = browser.new_context(color_scheme=scheme, viewport=size)
    looked_at = browser.new_context(color_scheme=scheme, viewport=size, bypass_csp=True)
    for path in pages:
        asked, said = [], []
        page = plain.new_page()
        page.on("request", lambda request, asked=asked: asked.append(request.url))
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("dialog", lambda dialog, said=said: (said.append("ran"), dialog.dismiss()))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()] and not said, (path.name, asked[1:3], said[:3])
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, (path.name, wide)
        page.close()
        page = looked_at.new_page()
        page.goto(path.as_uri())
        for violation in Axe().run(page).response["violations"]:
            found.append((path.name, violation["id"], violation["nodes"][0]["html"]))
        page.close()
    plain.close()
    looked_at.close()
    assert not found
