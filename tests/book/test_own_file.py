"""The case study runs on the reader's own file: on one with other households, and on B's."""

from __future__ import annotations

import os
import re

import numpy as np
import pytest
from courses import instructor_notebook


def run_on(path, monkeypatch, until="fit_softmax_statement", **instead):
    """Run the chapter on a file, without its test cells; return its names.

    It ends before the cell `until`, by default the one where the digits begin. Functions given by
    name take the place of the chapter's.
    """
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    monkeypatch.setattr(plt, "show", lambda: plt.close("all"))
    names = {}
    with matplotlib.rc_context():
        for cell in instructor_notebook("case_study").cells:
            if cell.id == until:
                return names
            if cell.cell_type == "code" and not cell.metadata.get("nbgrader", {}).get("grade"):
                source, _ = re.subn(
                    r"^magazine_file = None.*$",
                    lambda _: f"magazine_file = {path and str(path)!r}",
                    cell.source,
                    flags=re.MULTILINE,
                )
                exec(compile(source, cell.id, "exec"), names)
                names.update({name: f for name, f in instead.items() if name == cell.id})
    raise AssertionError(f"the chapter has no cell {until}")


def split_with_the_test_part_last(X, y, seed):
    """Split as the statement allows and the reference does not."""
    order = np.random.default_rng(seed).permutation(len(y))
    train, test = np.split(order, [len(y) - round(len(y) / 3)])
    return X[train], y[train], X[test], y[test]


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


@pytest.mark.parametrize("split", [None, split_with_the_test_part_last])
def test_the_weight_without_a_best_value_has_none_whatever_the_split(split, monkeypatch, capsys):
    """On the stand-in the walkers agree in height and not in the weight, and Newton says so."""
    instead = {} if split is None else {"shuffle_and_split": split}
    names = run_on(None, monkeypatch, until="fit_logistic_on_a_coin", **instead)
    careful, bold = names["ends"]["careful"], names["ends"]["bold"]
    at = names["unemployed"]
    assert careful[at] - bold[at] > 20 and abs(careful[1] - bold[1]) < 0.3
    assert names["best_height"](-29.4) == pytest.approx(names["heights"].max(), abs=1e-3)
    said = capsys.readouterr().out
    assert "of whom bought: 0\nAll have the same label" in said
    assert re.search(r"all columns +settled: False", said)
    assert len(re.findall(r"settled: True", said)) == 2


def test_a_weight_with_a_best_value_is_found(tmp_path, monkeypatch, capsys):
    """On a list with an unemployed buyer both walkers end at the top, and the cells say so."""
    cells = {cell.id: cell.source for cell in instructor_notebook("case_study").cells}
    names = {"np": np}
    exec(cells["make_magazine"], names)
    X, y, _ = names["make_magazine"]()
    y[X[:, names["COLUMNS"].index("Unemployed")] == 1] = np.arange(21) < 5
    path = tmp_path / "mine.csv"
    np.savetxt(path, np.column_stack([X, y]), delimiter=",", fmt="%g")
    names = run_on(path, monkeypatch, until="fit_logistic_on_a_coin")
    at = names["unemployed"]
    assert names["ends"]["careful"][at] == pytest.approx(names["ends"]["bold"][at], abs=0.05)
    said = capsys.readouterr().out
    assert "Both labels occur" in said
    assert len(re.findall(r"settled: True", said)) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1" + 15 * ",1" + ",2", "line 4, column 'Buy': 2 is not 0 or 1"),
        ("1,7" + 14 * ",1" + ",0", "line 4, column 'Is Female': 7 is not 0 or 1"),
    ],
)
def test_a_wrong_label_is_reported_by_its_line(line, words, tmp_path, monkeypatch):
    """Not by its row: who mends the file sees lines, the blank ones and the header among them."""
    names = run_on(None, monkeypatch, until="cell-020")
    header = ",".join([*names["COLUMNS"], "Buy"])
    path = tmp_path / "broken.csv"
    path.write_text("\n".join([header, "", "1" + 16 * ",1", line, ""]), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        names["read_magazine"](path)


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_a_file_that_cannot_be_read_is_named(name, tmp_path, monkeypatch):
    """One that is not there, or a folder."""
    names = run_on(None, monkeypatch, until="cell-020")
    with pytest.raises(OSError, match=re.escape(f"{tmp_path / name}: this file cannot be")):
        names["read_magazine"](tmp_path / name)


@pytest.mark.skipif("MAGAZINE_CSV" not in os.environ, reason="MAGAZINE_CSV names no file")
def test_the_chapter_runs_on_the_real_file(monkeypatch):
    """Precision and recall are of the size that B reports, on average over forty splits."""
    names = run_on(os.environ["MAGAZINE_CSV"], monkeypatch)
    assert names["people"].shape == (673, 16) and set(names["buys"]) == {0, 1}
    precision, recall, accuracy = names["scores"].mean(axis=0)
    assert 0.6 < precision < 0.95 and 0.6 < recall < 0.95 and accuracy > 0.86
