"""What may be handed in: no notebook, or a notebook that claims things.

Each case writes something into the folder of a submission, given a notebook in which the answer to
``double`` is wrong and that to ``triple`` is right, and says how it ends: the points that it gets,
or what ``incidents.csv`` says of it.
"""

from __future__ import annotations

import copy
import json
import os
import shutil

import nbformat
import small_course
from cells import code_cell

NAME = small_course.NAME
POINTS = {"of_one": 1.0, "of_many": 2.0, "of_three": 1.0}
CHEAT = {"of_one": 0.0, "of_many": 0.0, "of_three": 1.0}
HONEST = dict(POINTS)
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


# -- files that are not what they should be -------------------------------------------------------


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


@case(CHEAT)
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


@case("a link, not a file")
def a_name_that_acts_on_a_terminal(folder, made):
    write(folder, made)
    os.symlink("/etc/passwd", os.fsencode(folder) + b"/=\x1b[2J\n\xff")
