"""What is handed in may be no notebook, or a notebook that claims things: each ends as it may.

Every case hands something in, in a class that is graded in one batch, and says which points it may
end with, or what ``incidents.csv`` must say of it. The answer to ``double`` is wrong and that to
``triple`` is right, so a cheat that worked would show in ``of_one`` and ``of_many``, and one that
costs an honest exercise its point in ``of_three``.
"""

from __future__ import annotations

import copy
import csv
import json
import os
import re
import shutil
import warnings

import nbformat
import pytest
import small_course
from grading_cells import code_cell, notebook
from nbgrader.api import Gradebook

from grading.autograde import ParallelAutograde

NAME = small_course.NAME
POINTS = {"of_one": 1.0, "of_many": 2.0, "of_three": 1.0}
CHEAT = {"of_one": 0.0, "of_many": 0.0, "of_three": 1.0}
HONEST = {"of_one": 1.0, "of_many": 2.0, "of_three": 1.0}
CASES = {}


def case(ends):
    """Register a way to hand in; ``ends`` is points by cell, or what the incident says."""

    def register(function):
        CASES[function.__name__.replace("_", "-")] = function, ends
        return function

    return register


def find(made, grade_id):
    return next(c for c in made.cells if c.metadata.get("nbgrader", {}).get("grade_id") == grade_id)


def write(folder, made, **options):
    """Write a notebook, valid or not."""
    (folder / f"{NAME}.ipynb").write_text(json.dumps(made, **options), encoding="utf-8")


# -- cells that are not what they were ------------------------------------------------------------


@case(HONEST)
def honest(folder, made):
    find(made, "double").source = "def double(x):\n    return 2 * x"
    write(folder, made)


@case(CHEAT)
def wrong_and_right(folder, made):
    write(folder, made)


@case(CHEAT)
def markdown_for_a_test(folder, made):
    cell = find(made, "of_one")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    write(folder, made)


@case(CHEAT)
def raw_text_for_a_test(folder, made):
    cell = find(made, "of_many")
    cell.cell_type = "raw"
    del cell["outputs"], cell["execution_count"]
    write(folder, made)


@case({"of_one": 0.0, "of_many": 0.0, "of_three": 1.0})
def graded_test_for_an_answer(folder, made):
    """The answer cell says that it is a graded test worth a hundred."""
    find(made, "double").metadata.nbgrader.update(
        grade=True, solution=False, locked=True, points=100
    )
    write(folder, made)


@case({"of_one": 0.0, "of_many": 0.0, "of_three": 1.0})
def markdown_for_an_answer(folder, made):
    cell = find(made, "double")
    cell.cell_type = "markdown"
    del cell["outputs"], cell["execution_count"]
    write(folder, made)


@case(CHEAT)
def answer_for_a_test(folder, made):
    """The test claims to be the student's own, so that its source would stay."""
    cell = find(made, "of_one")
    cell.source = "pass"
    cell.metadata.nbgrader.update(solution=True, locked=False)
    write(folder, made)


@case(CHEAT)
def all_cells_claim_solution_and_grade(folder, made):
    for cell in made.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(solution=True, grade=True, locked=False, points=50)
    write(folder, made)


@case(CHEAT)
def doubled_test_first(folder, made):
    """An easy test of the same name stands before the true one."""
    easy = copy.deepcopy(find(made, "of_one"))
    easy.source, easy.id = "pass", "other"
    made.cells.insert(0, easy)
    write(folder, made)


@case(CHEAT)
def doubled_test_last(folder, made):
    easy = copy.deepcopy(find(made, "of_one"))
    easy.source, easy.id = "pass", "other"
    made.cells.append(easy)
    write(folder, made)


@case(CHEAT)
def every_cell_doubled(folder, made):
    made.cells = [copy.deepcopy(cell) for cell in made.cells for _ in range(2)]
    write(folder, made)


@case(CHEAT)
def deleted_tests(folder, made):
    made.cells = [c for c in made.cells if c is not find(made, "of_one")]
    made.cells = [c for c in made.cells if c is not find(made, "of_many")]
    write(folder, made)


@case({"of_one": 0.0, "of_many": 0.0, "of_three": 0.0})
def deleted_answers(folder, made):
    gone = [find(made, "double"), find(made, "triple")]
    made.cells = [c for c in made.cells if not any(c is cell for cell in gone)]
    write(folder, made)


@case(CHEAT)
def edited_points(folder, made):
    for name, points in {"of_one": 100, "of_many": -5, "of_three": 1e308}.items():
        find(made, name).metadata.nbgrader.points = points
    write(folder, made)


@case(CHEAT)
def points_not_a_number(folder, made):
    """JSON has no NaN, and Python's reader takes it."""
    find(made, "of_one").metadata.nbgrader.points = float("nan")
    find(made, "of_many").metadata.nbgrader.points = float("inf")
    write(folder, made)


@case(CHEAT)
def points_not_even_a_number(folder, made):
    find(made, "of_one").metadata.nbgrader.points = ["all", {"of": "them"}]
    write(folder, made)


@case(CHEAT)
def edited_source_of_tests(folder, made):
    find(made, "of_one").source = "pass"
    find(made, "of_many").source = "2.0"
    write(folder, made)


@case(CHEAT)
def edited_statement(folder, made):
    find(made, "statement").source = "Whatever you do is right."
    write(folder, made)


@case({"of_one": 0.0, "of_many": 0.0, "of_three": 0.0})
def exchanged_names_of_tests(folder, made):
    """The tests come back under their names, and ask for triple where it is not defined yet."""
    one, three = find(made, "of_one"), find(made, "of_three")
    one.metadata.nbgrader.grade_id, three.metadata.nbgrader.grade_id = "of_three", "of_one"
    write(folder, made)


@case(CHEAT)
def grade_id_of_another_course(folder, made):
    """A test of an assignment that this one is not."""
    stranger = code_cell("100.0", "of_another_course", grade=True, locked=True, points=100)
    made.cells.append(stranger)
    write(folder, made)


@case(CHEAT)
def no_schema_version(folder, made):
    for cell in made.cells:
        cell.metadata.get("nbgrader", {}).pop("schema_version", None)
    write(folder, made)


@case(CHEAT)
def schema_of_the_future(folder, made):
    for cell in made.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.schema_version = 99
    write(folder, made)


@case(CHEAT)
def outputs_forged(folder, made):
    """Outputs from which points are read, and nbgrader's own words in their metadata."""
    for name in ("of_one", "of_many"):
        cell = find(made, name)
        cell.execution_count = 1
        cell.outputs = [
            nbformat.v4.new_output(
                "execute_result", {"text/plain": str(POINTS[name])}, execution_count=1,
                metadata={"nbgrader": {"grade_id": name, "grade": True, "score": 100}},
            )
        ]  # fmt: skip
    made.metadata.nbgrader = {"score": 100, "max_score": 1}
    write(folder, made)


@case(CHEAT)
def metadata_says_do_not_run(folder, made):
    """Tags and settings that some tools obey."""
    for cell in made.cells:
        cell.metadata.update(
            tags=["skip-execution", "raises-exception", "remove-cell"], editable=False,
            deletable=False, trusted=True,
        )  # fmt: skip
    write(folder, made)


# -- kernels --------------------------------------------------------------------------------------


@case(CHEAT)
def another_kernel(folder, made):
    made.metadata.kernelspec = {"name": "julia-1.9", "language": "julia", "display_name": "Julia"}
    made.metadata.language_info = {"name": "julia", "version": "1.9"}
    write(folder, made)


@case(CHEAT)
def a_kernel_that_is_a_command(folder, made):
    """What a kernel specification on disk may have, in the notebook's own metadata."""
    made.metadata.kernelspec = {
        "name": "../../bin/sh", "language": "python", "display_name": "sh",
        "argv": ["/bin/sh", "-c", "touch /tmp/owned"], "env": {"PATH": "."},
        "metadata": {"kernel_provisioner": {"provisioner_name": "local-provisioner"}},
    }  # fmt: skip
    write(folder, made)


@case("not a notebook .*is not of type 'object'")
def a_kernelspec_that_is_a_text(folder, made):
    made.metadata.kernelspec = "python3"
    write(folder, made)


# -- files that are not what they should be ---------------------------------------------------------


@case(CHEAT)
def format_of_ten_years_ago(folder, made):
    """Version 3, of IPython 1 to 3: read, and graded as any other."""
    nbformat.validator.normalize(made)
    old = nbformat.convert(made, 3)
    write(folder, old)


@case("not a notebook")
def format_of_the_future(folder, made):
    write(folder, {**made, "nbformat": 77})


@case("not UTF-8 text")
def in_utf_16(folder, made):
    (folder / f"{NAME}.ipynb").write_text(json.dumps(made), encoding="utf-16")


@case("not UTF-8 text")
def in_latin_1(folder, made):
    made.cells[0].source = "La réponse"
    text = json.dumps(made, ensure_ascii=False)
    (folder / f"{NAME}.ipynb").write_text(text, encoding="latin-1")


@case("byte order mark")
def with_a_byte_order_mark(folder, made):
    (folder / f"{NAME}.ipynb").write_text(json.dumps(made), encoding="utf-8-sig")


@case("is empty")
def empty(folder, made):
    (folder / f"{NAME}.ipynb").touch()


@case("not JSON")
def truncated(folder, made):
    text = json.dumps(made)
    (folder / f"{NAME}.ipynb").write_text(text[: len(text) // 2])


@case("not JSON")
def not_json(folder, made):
    (folder / f"{NAME}.ipynb").write_text("double = lambda x: 2 * x")


@case("not JSON")
def zeros_at_the_end(folder, made):
    """What a full disk or a broken synchronisation leaves."""
    (folder / f"{NAME}.ipynb").write_bytes(json.dumps(made).encode() + bytes(4096))


@case("not a notebook")
def deeply_nested(folder, made):
    deep = '{"a":' * 100_000 + "1" + "}" * 100_000
    text = json.dumps(made).replace('"metadata": {', f'"metadata": {{"deep": {deep}, ', 1)
    (folder / f"{NAME}.ipynb").write_text(text)


@case("not JSON")
def number_of_ten_thousand_digits(folder, made):
    text = json.dumps(made).replace('"points": 1', '"points": 1' + "0" * 10_000, 1)
    (folder / f"{NAME}.ipynb").write_text(text)


@case("bytes")
def huge(folder, made):
    """A file of a terabyte, nearly all of it a hole."""
    with (folder / f"{NAME}.ipynb").open("wb") as file:
        file.truncate(1 << 40)


@case("bytes")
def huge_data(folder, made):
    write(folder, made)
    with (folder / "data.bin").open("wb") as file:
        file.truncate(1 << 40)


@case(CHEAT)
def large(folder, made):
    """Ten megabytes of pictures cost nothing."""
    picture = {"image/png": "A" * (10 << 20)}
    find(made, "double").outputs = [nbformat.v4.new_output("display_data", picture)]
    write(folder, made)


@case(CHEAT)
def many_cells(folder, made):
    made.cells[1:1] = [nbformat.v4.new_markdown_cell(str(n)) for n in range(2000)]
    write(folder, made)


@case("a link")
def a_link_to_the_gradebook(folder, made):
    (folder / f"{NAME}.ipynb").symlink_to(folder.parents[2] / "gradebook.db")


@case("a link")
def a_link_to_a_neighbour(folder, made):
    (folder / f"{NAME}.ipynb").symlink_to(folder.parents[1] / "honest" / NAME / f"{NAME}.ipynb")


@case("a link")
def a_link_to_nothing(folder, made):
    (folder / f"{NAME}.ipynb").symlink_to("nowhere")


@case("not UTF-8 text")
def a_hard_link_to_the_gradebook(folder, made):
    """Another name of the same file is no link that one can see; it is no notebook either."""
    os.link(folder.parents[2] / "gradebook.db", folder / f"{NAME}.ipynb")


@case("a link")
def a_folder_that_is_a_link(folder, made):
    """The whole submission is a neighbour's."""
    folder.rmdir()
    folder.symlink_to(folder.parents[1] / "honest" / NAME)


@case("a link")
def a_link_beside_the_notebook(folder, made):
    write(folder, made)
    (folder / "data.txt").symlink_to("/etc/passwd")


@case("a folder")
def a_folder_in_place_of_the_file(folder, made):
    (folder / f"{NAME}.ipynb").mkdir()


@case("not an ordinary file")
def a_pipe_in_place_of_the_file(folder, made):
    """Who opens it waits for ever."""
    os.mkfifo(folder / f"{NAME}.ipynb")


@case("not an ordinary file")
def a_pipe_beside_the_notebook(folder, made):
    write(folder, made)
    os.mkfifo(folder / "data.txt")


@case("missing from the submission; there is Tiny final.ipynb")
def another_name(folder, made):
    write(folder, made)
    (folder / f"{NAME}.ipynb").rename(folder / "Tiny final.ipynb")


@case("missing from the submission")
def nothing(folder, made):
    pass


@case(CHEAT)
def another_notebook_beside_it(folder, made):
    """A second notebook, that the assignment does not ask for, is nobody's business."""
    write(folder, made)
    shutil.copy(folder / f"{NAME}.ipynb", folder / "extra.ipynb")


@case("timestamp")
def a_timestamp_that_is_none(folder, made):
    write(folder, made)
    (folder / "timestamp.txt").write_text("yesterday, I swear")


@case("timestamp")
def a_timestamp_of_bytes(folder, made):
    write(folder, made)
    (folder / "timestamp.txt").write_bytes(b"\xff\xfe\x00")


# -- JSON that is no notebook ---------------------------------------------------------------------


@case("not a notebook")
def a_list(folder, made):
    write(folder, [1, 2, 3])


@case("not a notebook .*is not of type 'string'")
def metadata_of_another_type(folder, made):
    made.cells[1].metadata["execution"] = {"timeout": 0}
    write(folder, made)


@case("not a notebook")
def cells_that_are_texts(folder, made):
    write(folder, {**made, "cells": ["assert True"]})


@case("not a notebook")
def metadata_that_is_null(folder, made):
    made.cells[0]["metadata"] = None
    write(folder, made)


@case("not a notebook")
def nbgrader_metadata_that_is_a_number(folder, made):
    made.cells[0]["metadata"]["nbgrader"] = 7
    write(folder, made)


@case("not a notebook")
def nbgrader_metadata_that_is_a_list(folder, made):
    find(made, "of_one")["metadata"]["nbgrader"] = ["of_one"]
    write(folder, made)


@case("not a notebook")
def a_grade_id_that_is_a_list(folder, made):
    find(made, "of_one")["metadata"]["nbgrader"]["grade_id"] = ["of_one"]
    write(folder, made)


@case("not a notebook")
def a_source_that_is_null(folder, made):
    find(made, "double")["source"] = None
    write(folder, made)


@case("not a notebook")
def a_source_of_numbers(folder, made):
    find(made, "double")["source"] = [1, 2]
    write(folder, made)


@case("not UTF-8 text|surrogates")
def half_a_character(folder, made):
    """JSON can name half of a character, which no file can hold."""
    find(made, "double")["source"] += "\n# \ud800"
    write(folder, made)


@case(CHEAT)
def characters_that_end_texts(folder, made):
    find(made, "double")["source"] += "\n# \u2028 \u202e \x7f \ufeff"
    write(folder, made)


@case("no cells")
def no_cells(folder, made):
    write(folder, {**made, "cells": []})


@case("none of the notebook's cells is a test cell")
def no_metadata(folder, made):
    for cell in made.cells:
        cell["metadata"] = {}
    write(folder, made)


# -- the class --------------------------------------------------------------------------------------


@case("a link, not a file")
def a_name_that_acts_on_a_terminal(folder, made):
    write(folder, made)
    os.symlink("/etc/passwd", os.fsencode(folder) + b"/=\x1b[2J\n\xff")


@pytest.fixture(scope="module", params=[True, False], ids=["judge", "no-judge"])
def graded(request, tmp_path_factory):
    """Grade all of them in one batch; return points, incidents and the course's folder."""
    root = tmp_path_factory.mktemp("attacked") / "course"
    source = root / "source" / NAME
    source.mkdir(parents=True)
    small_course.configure(root)
    test = {"grade": True, "locked": True}
    statement = code_cell("", "statement", locked=True)
    statement = nbformat.v4.new_markdown_cell("Double, triple.", metadata=statement.metadata)
    made = notebook(
        statement,
        code_cell("", "double", solution=True),
        code_cell("assert double(1) == 2, 'double(1) is 2'", "of_one", points=1, **test),
        code_cell("assert double(21) == 42", "of_many", points=2, **test),
        code_cell("", "triple", solution=True),
        code_cell("assert triple(1) == 3", "of_three", points=1, **test),
        code_cell("# say why", "why", grade=True, solution=True, points=3),
    )
    made.metadata.kernelspec = {"name": "python3", "language": "python", "display_name": "Python"}
    nbformat.write(made, source / f"{NAME}.ipynb")
    course = small_course.open_course(root)
    assert course.generate_assignment(NAME)["success"]
    released = nbformat.read(root / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    find(released, "double").source = "def double(x):\n    return 0"
    find(released, "triple").source = "def triple(x):\n    return 3 * x"
    for student, (hand_in, _) in CASES.items():
        folder = root / "submitted" / student / NAME
        folder.mkdir(parents=True)
        hand_in(folder, copy.deepcopy(released))
    course.coursedir.assignment_id = NAME
    course.config.SandboxedExecute.judge = request.param
    course.config.OverwriteCells.add_missing_cells = True
    batch = ParallelAutograde(coursedir=course.coursedir, config=course.config, workers=2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", nbformat.warnings.DuplicateCellId)  # nbformat mends it
        batch.start()
    points = {}
    with Gradebook(small_course.sqlite(root), "small") as gradebook:
        assert {c.name: c.max_score for c in gradebook.find_notebook(NAME, NAME).grade_cells} == {
            **POINTS, "why": 3.0,
        }  # fmt: skip
        for submission in gradebook.assignment_submissions(NAME):
            (sheet,) = submission.notebooks
            points[submission.student.id] = {g.name: g.auto_score for g in sheet.grades}
        gradebook.engine.dispose()
    with (root / "incidents.csv").open(newline="") as file:
        incidents = {row["student"]: row for row in csv.DictReader(file)}
    return points, incidents, root, batch


@pytest.mark.parametrize("student", CASES)
def test_what_is_handed_in_ends_as_it_may(graded, student):
    """Graded with the points that its answers deserve, or named with what happened and where."""
    points, incidents, root, _ = graded
    ends = CASES[student][1]
    if isinstance(ends, dict):
        assert student not in incidents, incidents[student]
        got = dict(points[student])
        assert got.pop("why") in (None, 0.0)
        assert got == ends
        assert (root / "autograded" / student / NAME / f"{NAME}.ipynb").is_file()
    else:
        assert student not in points, points[student]
        assert re.search(ends, incidents[student]["what"]), incidents[student]
        assert incidents[student]["file"].startswith(f"submitted/{student}/{NAME}")
        assert not (root / "autograded" / student).exists()


def test_names_of_files_are_written_as_text(graded):
    """What would act on a terminal stands there in its escaped form."""
    _, incidents, _, _ = graded
    file = incidents["a-name-that-acts-on-a-terminal"]["file"]
    assert file.endswith("/=\\x1b[2J\n\\udcff")


def test_nobody_is_skipped(graded):
    """Each is graded or named, and never both."""
    points, incidents, _, batch = graded
    assert sorted([*points, *incidents]) == sorted(CASES)
    assert sorted(batch.graded) == sorted(points)


def test_a_rerun_changes_nothing_and_names_the_same(graded):
    """What is graded stays as it is; what is broken is named again in the same words."""
    _, incidents, root, _ = graded
    before = small_course.contents(small_course.sqlite(root))
    course = small_course.open_course(root)
    course.coursedir.assignment_id = NAME
    again = ParallelAutograde(coursedir=course.coursedir, config=course.config, workers=1)
    again.start()
    assert again.graded == []
    assert small_course.contents(small_course.sqlite(root)) == before
    assert {i.student: i.what for i in again.incidents} == {
        student: row["what"] for student, row in incidents.items()
    }
