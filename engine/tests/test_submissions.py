"""What is wrong with a submitted file is said before anything runs."""

from __future__ import annotations

import nbformat
import pytest
from nbjudge.batch.submissions import BrokenSubmissionError, faults, read_submission


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
    assert len(read_submission(path).cells) == 1
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
