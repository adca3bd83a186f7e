"""The case study runs on the reader's own file: on one with other households, and on B's."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest
from conftest import instructor_notebook


def run_on(path, monkeypatch):
    """Run the chapter on a file, up to the digits, without its test cells; return its names."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    names = {}
    with matplotlib.rc_context():
        for cell in instructor_notebook("case_study").cells:
            if cell.id == "fit_softmax_statement":
                return names
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
                source, _ = re.subn(
                    r"^magazine_file = None.*$",
                    lambda _: f"magazine_file = {str(path)!r}",
                    cell.source,
                    flags=re.MULTILINE,
                )
                exec(compile(source, cell.id, "exec"), names)
    raise AssertionError("the chapter has no cell fit_softmax_statement")


@pytest.fixture
def foreign_file(tmp_path):
    """Another list: 400 households, no header, the target first, a byte order mark."""
    names = {"np": np}
    cells = {cell.id: cell.source for cell in instructor_notebook("case_study").cells}
    exec(cells["make_magazine"], names)
    X, y, _ = names["make_magazine"](n=400, seed=11)
    path = tmp_path / "other.csv"
    rows = [",".join(f"{number:g}" for number in row) for row in np.column_stack([y, X])]
    path.write_text("\n".join(rows), encoding="utf-8-sig")
    return path, X, y


def test_the_chapter_runs_on_another_file(foreign_file, monkeypatch):
    """Everything after the cell that names the file uses the file, and not the stand-in."""
    path, X, y = foreign_file
    names = run_on(path, monkeypatch)
    assert np.array_equal(names["people"], X) and np.array_equal(names["buys"], y)
    assert len(names["test_p"]) == len(names["buys_test"]) == 133
    assert names["scores"].shape == (40, 3)


@pytest.mark.skipif("MAGAZINE_CSV" not in os.environ, reason="MAGAZINE_CSV names no file")
def test_the_chapter_runs_on_the_real_file(monkeypatch):
    """Precision and recall are of the size that B reports, on average over forty splits."""
    names = run_on(os.environ["MAGAZINE_CSV"], monkeypatch)
    assert names["people"].shape == (673, 16) and set(names["buys"]) == {0, 1}
    precision, recall, accuracy = names["scores"].mean(axis=0)
    assert 0.6 < precision < 0.95 and 0.6 < recall < 0.95 and accuracy > 0.86
