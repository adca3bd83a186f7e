"""A chapter's way through a class: released, fetched, answered, handed in, graded, given back.

Two people at two JupyterLabs share one exchange. The tests are the steps, in their order: each
goes on where the one before it stopped, and fails at once if that one failed.
"""

from __future__ import annotations

import csv
import os
import pwd
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from browsing import Visitor
from courses import instructor_notebook
from lab_pages import Assignments, Formgrader, Notebook, open_from_menu, open_lab
from playwright.sync_api import expect

from samples.answers import read_banks

pytestmark = pytest.mark.xdist_group("browser-term")

CHAPTER = "coin_mle"
BANKS = read_banks(CHAPTER)
RIGHT = {name: next(a.source for a in bank if a.is_right) for name, bank in BANKS.items()}
FORGOTTEN = next(a.source for a in BANKS["log_likelihood"] if a.title == "the logarithm forgotten")
DERIVATION = "The slope $a/p - b/(1-p)$ is zero at $p = a/N$, and it falls everywhere."
# A slip that only hidden tests see: the feedback must tell it, and show no line of them.
SLIP = next(a.source for a in BANKS["bernoulli_pmf"] if a.fails == {"bernoulli_pmf_in_general"})
ANSWERS = RIGHT | {"bernoulli_pmf": SLIP}
MARKS = [cell.metadata.get("nbgrader", {}) for cell in instructor_notebook(CHAPTER).cells]
BY_HAND = sum(marks["points"] for marks in MARKS if marks.get("task"))
CODE = sum(marks.get("points", 0) for marks in MARKS) - BY_HAND
ALL = CODE + BY_HAND
COMMENT = "Say why the slope must be zero at the top."
# nbgrader takes a student's name from the account that their JupyterLab runs under.
STUDENT = pwd.getpwuid(os.getuid()).pw_name
SECOND = "grace"  # whose submission is put beside the first

failed_steps: list[str] = []


@pytest.fixture(autouse=True)
def _in_order():
    """Let no step go on where another one failed."""
    if failed_steps:
        pytest.fail(f"a step before failed: {failed_steps[0]}", pytrace=False)


@pytest.fixture(scope="module")
def student(browser, classroom):
    """The student's window."""
    visitor = Visitor(browser)
    open_lab(visitor.page, classroom.student.url)
    yield visitor
    visitor.close()


@pytest.fixture(scope="module")
def instructor(browser, classroom):
    """The instructor's window, with formgrader open in it."""
    visitor = Visitor(browser)
    open_lab(visitor.page, classroom.instructor.url)
    open_from_menu(visitor.page, "Formgrader")
    yield visitor
    visitor.close()


@pytest.fixture
def formgrader(instructor):
    """Formgrader at its list of assignments."""
    pages = Formgrader(instructor.page)
    pages.go_to("Manage Assignments")
    pages.row(CHAPTER).wait_for()
    return pages


@pytest.fixture
def assignments(student):
    """The student's list of assignments."""
    return Assignments(student.page)


def test_instructor_generates_previews_and_releases(formgrader, instructor, classroom, step):
    """The student's version is made, can be looked at beside formgrader, and is released."""
    row = formgrader.row(CHAPTER)
    assert "Successfully created the student version" in formgrader.press(row.locator(".assign a"))
    step(instructor.page, "1-generated")
    row.locator(".preview a").click()
    preview = instructor.page.locator(".jp-DirListing-item", has_text=f"{CHAPTER}.ipynb")
    expect(preview).to_be_visible()
    preview.dblclick()
    text = instructor.page.locator(".jp-NotebookPanel")
    expect(text.get_by_role("heading", name="The most likely coin")).to_be_visible()
    step(instructor.page, "2-preview")
    released = Notebook(instructor.page).read("log_likelihood")
    assert "YOUR CODE HERE" in released and "solutions" not in released
    instructor.page.get_by_role("tab", name="Formgrader").click()
    assert "Successfully released" in formgrader.press(row.locator(".release a"))
    expect(row.locator(".status")).to_have_text("released")
    step(instructor.page, "3-released")


def test_student_fetches(student, assignments, step):
    """The assignment list shows the chapter, and Fetch brings it into the student's folder."""
    open_from_menu(student.page, "Assignment List")
    expect(assignments.released).to_contain_text(CHAPTER)
    step(student.page, "1-released")
    assignments.released.get_by_role("button", name="Fetch").click()
    expect(assignments.fetched.get_by_role("button", name="Submit")).to_be_visible()
    step(student.page, "2-fetched")


def test_student_sees_no_tools_of_instructors(student):
    """The menu of a student has what students need, and nothing else."""
    student.page.get_by_role("menuitem", name="Nbgrader", exact=True).click()
    entries = student.page.locator(".lm-Menu-item[data-type=command]:not(.lm-mod-hidden)")
    expect(entries).to_have_text([re.compile("Assignment List")])
    student.page.keyboard.press("Escape")


def test_student_reads_formulas_and_no_markup(assignments, classroom, step):
    """JupyterLab sets every formula, with the number that the text calls it by; nothing is raw."""
    notebook = assignments.open(CHAPTER)
    fetched = nbformat.read(classroom.home / CHAPTER / f"{CHAPTER}.ipynb", as_version=4)
    formulas = [c for c in fetched.cells if c.cell_type == "markdown" and "$$" in c.source]
    assert len(formulas) > 5
    for cell in formulas:
        shown = notebook.typeset(cell.id)
        assert shown["faults"] == 0, cell.source
        assert shown["numbers"] == cell.source.count("\\tag{"), cell.source
        assert not re.search(r"\{\w+\}|\\\\", shown["text"]), shown["text"]
    step(notebook.page, "formulas")


def test_student_validates_a_wrong_answer(student, assignments, step):
    """Validate says what is wrong, in the words of the test, and nothing about right answers."""
    notebook = Notebook(student.page)
    for name, source in ANSWERS.items():
        notebook.write(name, source)
    notebook.write("derivation", DERIVATION)
    notebook.type("log_likelihood", FORGOTTEN)
    assert notebook.read("log_likelihood") == FORGOTTEN
    step(student.page, "1-wrong-answer")
    dialog = notebook.validate()
    said = dialog.inner_text()
    step(student.page, "2-validation-failed")
    assert "Few tosses, whose log-likelihood can be worked out by hand." in said
    message = dialog.get_by_text("did you forget the logarithm?")
    expect(message).to_be_in_viewport()
    assert "bernoulli_pmf" not in said
    assert "Traceback" not in said
    notebook.accept()


def test_student_validates_right_answers(student, step):
    """With the slip put right, Validate is content."""
    notebook = Notebook(student.page)
    notebook.type("log_likelihood", RIGHT["log_likelihood"])
    assert notebook.read("log_likelihood") == RIGHT["log_likelihood"]
    expect(notebook.validate()).to_contain_text("Success! Your notebook passes all the tests.")
    step(student.page, "validated")
    notebook.accept()


def test_student_submits(student, assignments, classroom, step):
    """Submit puts what the student wrote into the exchange."""
    student.page.get_by_role("tab", name="Assignments").click()
    assignments.fetched.get_by_role("button", name="Submit").click()
    expect(assignments.submitted).to_contain_text(CHAPTER)
    step(student.page, "submitted")
    (handed_in,) = classroom.exchange.glob(f"*/inbound/{STUDENT}+{CHAPTER}+*/{CHAPTER}.ipynb")
    cells = {cell.id: cell.source for cell in nbformat.read(handed_in, as_version=4).cells}
    assert {name: cells[name] for name in ANSWERS} == ANSWERS
    assert cells["derivation"] == DERIVATION


def test_instructor_names_the_students(formgrader, instructor, step):
    """A student who was added by name stands in the class under that name."""
    formgrader.go_to("Manage Students")
    for student, first, last in [(STUDENT, "Ada", "Lovelace"), (SECOND, "Grace", "Hopper")]:
        formgrader.frame.get_by_role("link", name="Add new student").click()
        dialog = formgrader.frame.locator(".modal")
        dialog.locator("input.id").fill(student)
        dialog.locator("input.first-name").fill(first)
        dialog.locator("input.last-name").fill(last)
        dialog.get_by_role("button", name="Save").click()
        dialog.wait_for(state="detached")
        expect(formgrader.row(student)).to_contain_text(f"{last}, {first}")
    step(instructor.page, "students")


def test_instructor_collects_and_autogrades(formgrader, instructor, classroom, step):
    """Collect brings the submission in, and the Autograde button runs the sandboxed engine."""
    row = formgrader.row(CHAPTER)
    assert "Successfully collected" in formgrader.press(row.locator(".collect a"))
    collected = classroom.course / "submitted" / STUDENT / CHAPTER
    other = classroom.course / "submitted" / SECOND / CHAPTER
    shutil.copytree(collected, other)
    # Who knows the secret of a submission may fetch its feedback: everybody has their own.
    (other / "submission_secret.txt").write_text("the second student's own")
    notebook = nbformat.read(other / f"{CHAPTER}.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = RIGHT.get(cell.id, cell.source)
    nbformat.write(notebook, other / f"{CHAPTER}.ipynb")
    formgrader.go_to("Manual Grading")
    formgrader.go_to("Manage Assignments")
    row.locator(".num-submissions a").click()
    for student, points in [(STUDENT, CODE - 1), (SECOND, CODE)]:
        line = formgrader.row(student)
        expect(line).to_contain_text("needs autograding")
        said = formgrader.press(line.locator(".autograde a"))
        assert "Successfully autograded" in said
        assert "Applying preprocessor: SandboxedExecute" in said
        assert "Applying preprocessor: Execute" not in said
        expect(line).to_contain_text("needs manual grading")
        expect(line.locator(".score")).to_have_text(f"{points:g} / {ALL:g}")
    step(instructor.page, "autograded")


def test_instructor_grades_the_derivation(formgrader, instructor, step):
    """The mark scheme stands beside the student's derivation; points and a comment are kept."""
    formgrader.go_to("Manual Grading")
    formgrader.row(CHAPTER).get_by_role("link", name=CHAPTER).click()
    step(instructor.page, "1-assignments")
    formgrader.row(CHAPTER).get_by_role("link", name=CHAPTER).click()
    step(instructor.page, "2-submissions")
    frame = formgrader.frame
    # Submissions are numbered, not named, in an order of formgrader's own.
    for code, points, comment in [
        (f"{CODE - 1:g} / {CODE:g}", f"{BY_HAND - 1:g}", COMMENT),
        (f"{CODE:g} / {CODE:g}", f"{BY_HAND:g}", ""),
    ]:
        line = formgrader.row(code)
        line.get_by_role("link", name="Submission").click()
        score = frame.locator("input#derive_the_estimate")
        score.scroll_into_view_if_needed()
        expect(frame.locator("body")).to_contain_text("1 point: derivative and solution.")
        expect(frame.locator("body")).to_contain_text("and it falls everywhere")
        # Formgrader saves what a field holds when it is left.
        fields = [(score, points, "grade")]
        if comment:
            fields.append((frame.locator("#derive_the_estimate-comment"), comment, "comment"))
        for field, text, kind in fields:
            with instructor.page.expect_response(lambda r, kind=kind: f"/api/{kind}/" in r.url):
                field.fill(text)
                field.press("Tab")
        score.scroll_into_view_if_needed()
        step(instructor.page, f"3-graded-{points}")
        frame.locator("ol.breadcrumb, nav").get_by_role("link", name=CHAPTER).last.click()
        expect(line).to_contain_text(f"{points} / {BY_HAND:g}")
    step(instructor.page, "4-class")


def test_instructor_sees_the_class(formgrader, instructor, step):
    """The tables of students and of submissions add up."""
    formgrader.go_to("Manage Students")
    for name, total in [
        ("Lovelace, Ada", f"{ALL - 2:g} / {ALL:g}"),
        ("Hopper, Grace", f"{ALL:g} / {ALL:g}"),
    ]:
        expect(formgrader.row(name)).to_contain_text(total)
    step(instructor.page, "class")


def test_instructor_gives_back_and_exports(formgrader, instructor, classroom, step):
    """Feedback is made and released, and the grades are exported."""
    row = formgrader.row(CHAPTER)
    assert "Successfully generated feedback" in formgrader.press(
        row.locator(".generate-feedback a")
    )
    assert "Successfully released feedback" in formgrader.press(row.locator(".release-feedback a"))
    step(instructor.page, "released-feedback")
    command = [sys.executable, "-m", "nbgrader", "export"]
    subprocess.run(command, cwd=classroom.course, check=True, capture_output=True)
    with (classroom.course / "grades.csv").open(newline="") as file:
        grades = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert grades == {STUDENT: ALL - 2, SECOND: ALL}


def test_student_reads_the_feedback(student, assignments, step):
    """Score, comment and the message of the failed check are there; no hidden test is."""
    assignments.submitted.get_by_role("button", name="Fetch Feedback").click()
    assignments.submitted.get_by_text("(view feedback)").click()
    step(student.page, "1-fetched")
    student.page.locator(".jp-DirListing-item", has_text=f"{CHAPTER}.html").dblclick()
    page = student.page.frame_locator(".jp-HTMLViewer iframe").locator("body")
    expect(page).to_contain_text(f"{ALL - 2:g} of {ALL:g} points")
    step(student.page, "2-score")
    comment = page.get_by_text(COMMENT)
    comment.scroll_into_view_if_needed()
    step(student.page, "3-comment")
    message = page.get_by_text("p for a head, 1 - p for a tail, not rounded").first
    message.scroll_into_view_if_needed()
    step(student.page, "4-message")
    said = page.inner_text()
    for secret in (
        "HIDDEN TESTS",
        "solutions.",
        "expected, kept =",
        "MARK SCHEME",
        "1 point: derivative",
    ):
        assert secret not in said, secret


@pytest.mark.parametrize("who", ["student", "instructor"])
def test_nobody_asked_another_host(who, request):
    """No page of this term asked for anything from another machine, nor broke."""
    visitor = request.getfixturevalue(who)
    assert len(visitor.requests) > 100
    assert visitor.foreign == []
    assert visitor.complaints == []
