"""What is wrong with a submitted file is said before anything runs."""

from __future__ import annotations

import json
from random import Random
from types import SimpleNamespace

import nbformat
import pytest
from nbgrader.coursedir import CourseDirectory
from nbjudge.batch.incidents import read_incidents
from nbjudge.batch.ledger import IncidentLedger
from nbjudge.batch.notebook_json import cells_by_nbformat, plain_cells
from nbjudge.batch.submissions import BrokenSubmissionError, faults, read_submission
from nbjudge.batch.timestamps import TimestampError, parse_timestamp
from nbjudge.gradebook.snapshot import NotebookSnapshot, PointsCell, SourceCell


def notebook(*cells):
    return nbformat.writes(nbformat.v4.new_notebook(cells=list(cells)))


def graded_cell():
    cell = nbformat.v4.new_code_cell("assert True")
    cell.metadata.nbgrader = {"grade": True, "grade_id": "a_test", "points": 1}
    return cell


def test_a_sound_notebook_is_read(tmp_path):
    """A notebook with a test cell has no fault."""
    path = tmp_path / "hw.ipynb"
    path.write_text(notebook(graded_cell()), encoding="utf-8")
    assert len(read_submission(path)) == 1
    assert faults(tmp_path, "hw", ["hw"]) == []


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "the file is empty"),
        (b"  \n", "the file is empty"),
        (b"{'cells': not JSON", "the file is not JSON"),
        (b'{"cells": [', "the file is not JSON"),
        (b"\xff\xfe{\x00}\x00", "not UTF-8 text"),
        (b"[1, 2, 3]", "not a notebook"),
        (b'{"a": 1}', "not a notebook|no cells"),
        (b'"a string"', "not a notebook"),
        (b"17", "not a notebook"),
        (b"null", "not a notebook"),
        (notebook().encode(), "no cells"),
        (notebook(nbformat.v4.new_code_cell("1 + 1")).encode(), "none of the notebook's cells"),
        (b"[" * 100_000, "not a notebook"),
    ],
    ids=[
        "nothing",
        "blanks",
        "not-json",
        "truncated",
        "utf-16",
        "a-list",
        "an-object",
        "a-string",
        "a-number",
        "null",
        "no-cells",
        "no-test-cells",
        "deeply-nested",
    ],
)
def test_a_broken_file_is_named_with_its_fault(tmp_path, content, fault):
    """The message holds the file and what is wrong with it."""
    path = tmp_path / "hw.ipynb"
    path.write_bytes(content)
    with pytest.raises(BrokenSubmissionError, match=fault) as caught:
        read_submission(path)
    assert str(caught.value).startswith(str(path))


def changed(**parts):
    """Write a sound notebook with some of its parts changed, or without those that are None."""
    made = {**json.loads(notebook(graded_cell())), **parts}
    return json.dumps({name: part for name, part in made.items() if part is not None})


def with_cell(**parts):
    (cell,) = json.loads(notebook(graded_cell()))["cells"]
    cell |= parts
    return changed(cells=[{name: part for name, part in cell.items() if part is not None}])


NO_NOTEBOOKS = {
    "a list": ("[]", "it is a list, and not an object"),
    "a text": ('"x"', "it is a text, and not an object"),
    "a number": ("NaN", "it is a number, and not an object"),
    "null": ("null", "it is null, and not an object"),
    "deep": (f"{'[' * 100_000}{']' * 100_000}", "its parts are nested deeper than those of any"),
    "deep metadata": (
        changed().replace('"metadata": {', '"metadata": {"a": ' + "[" * 700 + "]" * 700 + ", ", 1),
        "its parts are nested deeper than those of any notebook",
    ),
    "no version": (changed(nbformat=None), "it does not say by a number which nbformat it has"),
    "a version in words": (changed(nbformat="4"), "it does not say by a number which nbformat"),
    "the future": (changed(nbformat=5), "it says nbformat 5, and 4 is the newest that is read"),
    "before the beginning": (changed(nbformat=-1), "it says nbformat -1, and 4 is the newest"),
    "old without its parts": (changed(nbformat=2), "a part of it has another form than nbformat"),
    "metadata": (changed(metadata=3), "its metadata is not an object"),
    "no cells": (changed(cells={}), "it has no list of cells"),
    "a cell": (changed(cells=[1]), "cell 1 is a number, and not an object"),
    "a type": (with_cell(cell_type="essay"), "cell 1 is of the type 'essay', which is none of code"),
    "no source": (with_cell(source=None), "cell 1 has no source"),
    "a source": (with_cell(source=7), "cell 1: "),
    "outputs": (with_cell(outputs=[{"output_type": "x" * 500}]), "cell 1: "),
}  # fmt: skip


@pytest.mark.parametrize(("text", "fault"), NO_NOTEBOOKS.values(), ids=list(NO_NOTEBOOKS))
def test_what_is_no_notebook_is_named_in_plain_words(tmp_path, caplog, text, fault):
    """In none of Python's, which a person who teaches need not know; and nbformat logs nothing."""
    path = tmp_path / "hw.ipynb"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BrokenSubmissionError) as caught:
        read_submission(path)
    said = str(caught.value).removeprefix(f"{path}: ")
    assert said.startswith(f"JSON, but not a notebook ({fault}")
    assert len(said) < 200
    for word in ("recursion", "attribute", "iterable", "NoneType", "has no len", "schemas"):
        assert word not in said
    assert caplog.text == ""


def _parts(value, place=()):
    """List the places of everything in a value from JSON."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    for key, each in inside:
        yield (*place, key)
        if isinstance(each, dict | list):
            yield from _parts(each, (*place, key))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_read_at_once_is_what_nbformat_reads(seed):
    """Whatever is broken in a notebook, none is taken that nbformat refuses, or read otherwise."""
    rng = Random(seed)
    output = nbformat.v4.new_output("display_data", {"application/json": {"a": [1, None]}})
    whole = nbformat.v4.new_notebook(
        cells=[
            graded_cell(),
            nbformat.v4.new_code_cell("a\nb", outputs=[output], execution_count=1),
            nbformat.v4.new_markdown_cell("c\nd", attachments={"x": {"image/png": "aa"}}),
        ]
    )
    odd = [None, True, 4, 3, -1, 5.0, "", "\ud800", [], ["a\n", "b"], [1], {}, {"a": 1}, [[]] * 2]
    taken = 0
    for _ in range(150):
        broken = json.loads(nbformat.writes(whole))
        for _ in range(rng.choice([0, 1, 1, 1, 2])):
            *place, last = rng.choice([*_parts(broken)])
            holder = broken
            for key in place:
                holder = holder[key]
            if rng.random() < 0.3:
                del holder[last]
            else:
                holder[last] = rng.choice([*odd, holder[last], {"metadata": holder[last]}])
        text = json.dumps(broken)
        cells = plain_cells(text)
        if cells is None:
            continue
        taken += 1
        slowly = cells_by_nbformat(text)
        kept = ("cell_type", "metadata", "source")
        assert [[c[k] for k in kept] for c in cells] == [[c[k] for k in kept] for c in slowly]
    assert taken > 20


def test_a_notebook_that_is_nested_deeply_is_left_to_nbformat():
    """Python's own recursion could end a worker; nbformat says what is wrong."""
    cell = graded_cell()
    cell.metadata.deep = []
    for _ in range(60):
        cell.metadata.deep = [cell.metadata.deep]
    assert plain_cells(notebook(graded_cell())) is not None
    assert plain_cells(notebook(cell)) is None


def test_a_link_is_not_followed(tmp_path):
    """A link in the place of a notebook could point anywhere, so it is refused."""
    secret = tmp_path / "secret.ipynb"
    secret.write_text(notebook(graded_cell()), encoding="utf-8")
    (tmp_path / "hw.ipynb").symlink_to(secret)
    with pytest.raises(BrokenSubmissionError, match="a link"):
        read_submission(tmp_path / "hw.ipynb")


def test_a_missing_notebook_tells_what_is_there(tmp_path):
    """A notebook under another name is named, so that a person finds it."""
    (tmp_path / "hw (1).ipynb").write_text(notebook(graded_cell()), encoding="utf-8")
    ((path, what),) = faults(tmp_path, "hw", ["hw"])
    assert path.name == "hw.ipynb"
    assert what == "missing from the submission; there is hw (1).ipynb"


def released(*graded):
    """Return a notebook of the gradebook with cells of these names."""
    cells = tuple(SourceCell(name, "code", "", "", True) for name in graded)
    points = tuple(PointsCell(name, 1.0) for name in graded)
    return NotebookSnapshot("hw", None, cells, points, (), ())


def test_the_gradebook_says_what_a_notebook_must_have(tmp_path):
    """One in which nothing is graded needs no test cells; another must have some of its own."""
    path = tmp_path / "hw.ipynb"
    path.write_text(notebook(nbformat.v4.new_markdown_cell("read me")), encoding="utf-8")
    assert faults(tmp_path, "hw", ["hw"], {"hw": released()}) == []
    ((_, what),) = faults(tmp_path, "hw", ["hw"], {"hw": released("a_test")})
    assert "copied into a new notebook" in what
    path.write_text(notebook(graded_cell()), encoding="utf-8")
    assert faults(tmp_path, "hw", ["hw"], {"hw": released("a_test", "b_test")}) == []
    other = {"hw": released("c_test")}
    ((_, what),) = faults(tmp_path, "hw", ["hw"], other, lambda names: "sigmoid")
    assert "it is the notebook of 'sigmoid'" in what


def test_a_byte_order_mark_is_read(tmp_path):
    """Windows' Notepad writes one; the notebook and the timestamp are as good as without."""
    path = tmp_path / "hw.ipynb"
    path.write_text(notebook(graded_cell()), encoding="utf-8-sig")
    (tmp_path / "timestamp.txt").write_text("2026-10-05 12:00:00 UTC", encoding="utf-8-sig")
    assert faults(tmp_path, "hw", ["hw"]) == []


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026-10-05 12:00:00.123456 UTC", 12), ("2026-10-05T12:00:00Z", 12),
        ("2026-10-05 12:00:00 +0200", 10), ("2026-10-05T12:00:00-01:30", 13),
        ("2026-10-05 12:00", 12), ("", None), ("06.10.2026 12:00", "no"), ("10/05/2026", "no"),
        ("2026-10-05 13:30:00 CEST", "no"), ("yesterday", "no"), ("1759320000", "no"),
        ("2026-13-05 12:00:00 UTC", "no"), ("0001-01-01 00:00:00 UTC", "no"),
        ("2026-10-05 12:00:00 /proc/self/cwd/zone", "no"),
    ],
)  # fmt: skip
def test_a_timestamp_is_read_with_certainty_or_not_at_all(text, hour):
    """ISO 8601 with UTC or an offset; a zone's letters stand for several zones."""
    if hour == "no":
        with pytest.raises(TimestampError):
            parse_timestamp(text.encode())
    else:
        found = parse_timestamp(text.encode())
        assert (found and found.hour) == hour


def test_what_belongs_to_no_submission_is_named_as_long_as_it_is_there(tmp_path):
    """A file that was put right, or removed, leaves the incidents with the next batch."""
    stray = tmp_path / "submitted" / "ada" / "hw1.ipynb"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    assignment = SimpleNamespace(name="hw1", notebooks=[SimpleNamespace(name="hw1")])
    ledger = IncidentLedger(CourseDirectory(root=str(tmp_path), assignment_id="hw1"))
    for there in (True, False):
        ledger.name_strays(SimpleNamespace(assignments=[assignment]))
        rows = read_incidents(tmp_path / "incidents.csv")
        assert [row["file"] for row in rows] == ["submitted/ada/hw1.ipynb"] * there
        stray.unlink(missing_ok=True)
