"""From a file to weights: read, split, standardise, fit, and say how sure."""

import ast
import csv
import os
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.testing import assert_allclose, assert_array_equal
from scipy.optimize import minimize
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from solutions._tables import FEATURES, TARGET
from solutions.case_study import (
    fit_logistic,
    fit_softmax,
    read_magazine,
    read_table,
    shuffle_and_split,
    standard_errors,
    standardise,
)
from solutions.coin_mle import coin_mle
from solutions.gradient_descent import (
    logistic_gradient,
    logistic_loss,
    numerical_gradient,
    softmax_gradient,
    softmax_loss,
)

ROOT = Path(__file__).resolve().parents[2]


def chapter_cell(name):
    """Return the source of a cell of the chapter."""
    path = ROOT / "book" / "case_study" / "case_study.ipynb"
    return next(c.source for c in nbformat.read(path, 4).cells if c.id == name)


@pytest.fixture(scope="module")
def stand_in():
    """Run the chapter's cell that makes the stand-in, and return its names."""
    names = {"np": np}
    exec(chapter_cell("make_magazine"), names)
    return names


def with_bias(X):
    return np.column_stack([np.ones(len(X)), X])


def overlapping(seed, n=120, d=4):
    """Make data whose classes overlap, so that the maximum exists."""
    rng = np.random.default_rng(seed)
    X = with_bias(rng.normal(size=(n, d - 1)))
    return X, (X @ rng.normal(size=d) + rng.logistic(size=n) > 0).astype(int)


# Reading a table.


def test_a_header_is_a_line_without_a_number():
    assert read_table("a, b\n1,2\n")[0] == ["a", "b"]
    names, table = read_table("1,2\n3,4\n")
    assert names == ["column 1", "column 2"] and table.tolist() == [[1, 2], [3, 4]]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_commas_semicolons_and_tabs_divide(sign):
    text = "a,b,c\n1,2,-3.5\n4e2,5,6\n".replace(",", sign)
    names, table = read_table(text)
    assert names == ["a", "b", "c"] and table.tolist() == [[1, 2, -3.5], [400, 5, 6]]


@given(
    hnp.arrays(
        float,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.floats(allow_nan=False, allow_infinity=False),
    ),
    st.sampled_from(["\n", "\r\n", "\n\n"]),
    st.booleans(),
)
def test_what_was_written_is_read(table, line_break, headed):
    """Every float survives, in whatever line breaks, below a header or not."""
    lines = [",".join(map(repr, row)) for row in table.tolist()]
    names = [f"n{place}" for place in range(table.shape[1])]
    text = line_break.join([",".join(names)] * headed + lines)
    got_names, got = read_table(text)
    assert_array_equal(got, table)
    assert got_names == (names if headed else [f"column {i + 1}" for i in range(len(names))])


def test_quotes_may_enclose_a_field():
    names, table = read_table('"Income, in euros","Buy"\n"1",2\n')
    assert names == ["Income, in euros", "Buy"] and table.tolist() == [[1, 2]]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "the table is empty"),
        ("\n , \n\n", "the table is empty"),
        ("a,b\n", "line 1 is a header, and no rows come after it"),
        ("a,b\n1,2\n3\n", "line 3: 1 fields where there should be 2"),
        ("a,b\n\n1,2,3\n", "line 3: 3 fields where there should be 2"),
        ("a,b\n1,2\n3,\n", "line 3, column 'b': the value is missing"),
        ("a,b\n1,2\n3,four\n", "line 3, column 'b': 'four' is not a number"),
        ("1,2\n3,1_0\n", "line 2, column 'column 2': '1_0' is not a number"),
        ("1,2\nnan,1\n", "line 2, column 'column 1': 'nan' is not finite"),
        ("1,2\n1,-inf\n", "line 2, column 'column 2': '-inf' is not finite"),
        ("1,b\n1,2\n", "line 1, column 'column 2': 'b' is not a number"),
        ("a,\n1,2\n", "line 1: column 2 has no name"),
        ("a,a\n1,2\n", "line 1: two columns have the name 'a'"),
        ("a;b\n1;2,5\n", "line 2, column 'b': '2,5' is not a number"),
        ("1,5;2;3\n1;2;3\n", "line 1, column 'column 1': '1,5' is not a number"),
        ('a,b\n1,2\n"' + "3" * 140_000 + '",4\n', "line 3: not CSV: field larger than"),
    ],
)
def test_what_is_no_table_says_where(text, complaint):
    """The message names the line, and the column where it is one field."""
    with pytest.raises(ValueError, match=re.escape(complaint)):
        read_table(text)


def test_a_table_is_read_from_text_alone():
    with pytest.raises(ValueError, match="text must be a str, got bytes"):
        read_table(b"1,2\n")


@given(st.text(alphabet='0123456789.,;-+e"\n\r\t ab\x00', max_size=60))
def test_any_text_is_a_table_or_a_clean_error(text):
    try:
        names, table = read_table(text)
    except ValueError:
        return
    assert table.shape[1] == len(names) and len(table) and np.isfinite(table).all()


# Reading the magazine's file. Both readers, the library's and the one that the chapter prints.


def chapter_reader():
    source = chapter_cell("read_magazine")
    functions = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef)]
    names = {"np": np, "csv": csv, "Path": Path, "read_table": read_table}
    names["COLUMNS"] = list(FEATURES)
    for function in functions:
        exec(ast.get_source_segment(source, function), names)
    return names["read_magazine"]


both_readers = pytest.mark.parametrize(
    "read", [read_magazine, pytest.param(chapter_reader(), id="chapter")]
)


def magazine_rows(n=7):
    """Make features and a target that look like the magazine's."""
    rng = np.random.default_rng(3)
    X = rng.integers(0, 2, size=(n, len(FEATURES)))
    X[:, FEATURES.index("Income")] = rng.integers(2, 75, size=n) * 1000
    X[:, FEATURES.index("Residence Length")] = rng.integers(0, 60, size=n)
    return X, rng.integers(0, 2, size=n)


def as_text(columns, names=None, sign=","):
    rows = [sign.join(map(str, row)) for row in np.column_stack(columns).tolist()]
    return "\n".join(([] if names is None else [sign.join(names)]) + rows) + "\n"


@both_readers
@pytest.mark.parametrize("headed", [True, False], ids=["header", "no header"])
@pytest.mark.parametrize("target_first", [True, False], ids=["target first", "target last"])
@pytest.mark.parametrize("numbered", [True, False], ids=["numbered", "not numbered"])
@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_every_layout_gives_the_same_data(read, headed, target_first, numbered, sign, tmp_path):
    """With a header or not, target first or last, a running number or none."""
    X, y = magazine_rows()
    columns, names = [X, y], [*FEATURES, TARGET]
    if target_first:
        columns, names = [y, X], [TARGET, *FEATURES]
    if numbered:
        columns, names = [np.arange(1, len(y) + 1), *columns], ["Obs. No.", *names]
    file = tmp_path / "magazine.csv"
    file.write_text(as_text(columns, names if headed else None, sign), encoding="utf-8")
    got_X, got_y = read(file)
    assert_array_equal(got_X, X)
    assert_array_equal(got_y, y)
    assert got_y.dtype.kind == "i"


@both_readers
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_columns_are_found_by_name_in_any_order_and_encoding(read, encoding, tmp_path):
    X, y = magazine_rows()
    order = np.random.default_rng(4).permutation(len(FEATURES) + 1)
    names = np.array([*FEATURES, TARGET])[order]
    spelt = [name.upper().replace(" ", "_") for name in names]
    file = tmp_path / "magazine.csv"
    file.write_text(as_text([np.column_stack([X, y])[:, order]], spelt), encoding=encoding)
    got_X, got_y = read(file)
    assert_array_equal(got_X, X)
    assert_array_equal(got_y, y)


def broken_files():
    """List files that cannot be right, and what the complaint must contain."""
    X, y = magazine_rows()
    plain = as_text([X, y])
    headed = as_text([X, y], [*FEATURES, TARGET])
    lines = plain.splitlines()
    return {
        "empty": (b"", ["empty"]),
        "header only": (headed.splitlines()[0].encode(), ["line 1"]),
        "a column too few": (as_text([X]).encode(), ["16 columns"]),
        "a column too many": (as_text([X, y, y]).encode(), ["18 columns"]),
        "a ragged row": ("\n".join([*lines[:3], "1,2"]).encode(), ["line 4", "2 fields"]),
        "text in a column": (
            headed.replace("\n", "\n#", 3).replace("#", "", 2).replace("#", "x").encode(),
            ["line 4", "'Income'", "not a number"],
        ),
        "a missing value": (
            plain.replace(lines[4], lines[4][:-1]).encode(),
            ["line 5", "'column 17'", "missing"],
        ),
        "a target of 2": (
            as_text([X, np.where(np.arange(len(y)) == 4, 2, y)]).encode(),
            ["line 5", "'Buy'", "2 is not 0 or 1"],
        ),
        "columns in another order": (
            as_text([X[:, ::-1], y]).encode(),
            ["line 1", "is not 0 or 1"],
        ),
        "another header": (
            headed.replace("English", "Chinese").encode(),
            ["missing", "English"],
        ),
        "not UTF-8": (headed.replace("Own", "Öwn").encode("latin-1"), ["line 1", "UTF-8"]),
        "half a UTF-16": (plain.encode("utf-16")[:-1], ["line", "UTF-"]),
        "a column twice": (
            as_text([X, y, X[:, 0]], [*FEATURES, TARGET, "INCOME"]).encode(),
            ["more than once", "INCOME"],
        ),
        "another separator": (headed.replace(",", "|").encode(), ["line 1", "semicolon"]),
        "one number a line": (b"\n1\n0\n", ["line 2", "semicolon"]),
        "row names": (
            ("," + headed.replace("\n", "\n7,").rstrip("7,")).encode(),
            ["line 1", "column 1 has no name"],
        ),
        "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", ["line 1", "UTF-8"]),
        "decimal commas": (
            as_text([X, y], sign=";").replace("1", "0,5", 1).encode(),
            ["line 1", "0,5"],
        ),
        "decimal commas below a header": (
            as_text([X, y], [*FEATURES, TARGET], ";").replace("000;", "000,5;", 2).encode(),
            ["line 2", "000,5"],
        ),
    }


@both_readers
@pytest.mark.parametrize("case", broken_files())
def test_a_broken_file_says_what_is_wrong_and_where(read, case, tmp_path):
    """The message names the file, and line and column."""
    content, wanted = broken_files()[case]
    file = tmp_path / "broken.csv"
    file.write_bytes(content)
    with pytest.raises(ValueError) as caught:
        read(file)
    for text in [str(file), *wanted]:
        assert text in str(caught.value)


@both_readers
def test_a_file_that_is_not_there_is_an_os_error(read, tmp_path):
    with pytest.raises(OSError):
        read(tmp_path / "nothing.csv")


@pytest.mark.skipif("MAGAZINE_CSV" not in os.environ, reason="MAGAZINE_CSV names no file")
def test_the_real_file_is_read_and_fitted():
    """The file behind B's example: 673 rows, and a maximum that scikit-learn finds, too."""
    X, y = read_magazine(os.environ["MAGAZINE_CSV"])
    assert X.shape == (673, 16) and set(y) == {0, 1}
    chapter_X, chapter_y = chapter_reader()(os.environ["MAGAZINE_CSV"])
    assert_array_equal(chapter_X, X)
    assert_array_equal(chapter_y, y)
    design = with_bias(standardise(X, X)[0])
    w, converged = fit_logistic(design, y)
    assert converged
    assert_same_log_likelihood(w, design, y)


# The stand-in.


def test_the_stand_in_has_the_columns_and_the_weights_of_the_example(stand_in):
    """673 rows, sixteen columns, and labels that follow the stated probabilities."""
    X, y, p = stand_in["make_magazine"]()
    assert X.shape == (673, 16) and stand_in["COLUMNS"] == list(FEATURES)
    z = (X - X.mean(axis=0)) / X.std(axis=0)
    a = stand_in["B_BIAS"] + z @ stand_in["B_WEIGHTS"]
    assert_allclose(p, 1 / (1 + np.exp(-a)))
    counts = [stand_in["make_magazine"](seed=seed) for seed in range(20)]
    surplus = sum(y.sum() - p.sum() for _, y, p in counts)
    assert abs(surplus) < 3 * np.sqrt(sum(np.sum(p * (1 - p)) for _, _, p in counts))
    assert not y[X[:, FEATURES.index("Unemployed")] == 1].any()


# Splitting and standardising.


@given(st.integers(1, 200), st.integers(0, 10))
def test_each_observation_is_in_one_part_with_its_label(n, seed):
    X, y = np.arange(n)[:, np.newaxis] * 1.0, np.arange(n)
    X_train, y_train, X_test, y_test = shuffle_and_split(X, y, seed)
    assert len(y_test) == round(n / 3)
    assert_array_equal(X_train[:, 0], y_train)
    assert_array_equal(X_test[:, 0], y_test)
    assert_array_equal(np.sort(np.concatenate([y_train, y_test])), y)


def test_the_seed_gives_the_split():
    X, y = np.zeros((50, 1)), np.arange(50)
    parts = [shuffle_and_split(X, y, seed)[3].tolist() for seed in [0, 0, 1]]
    assert parts[0] == parts[1] != parts[2]


@pytest.mark.parametrize(
    ("X", "y"), [([[1.0], [2.0]], [1]), (np.empty((0, 2)), []), ([1.0, 2.0], [0, 1])]
)
def test_what_cannot_be_split_raises(X, y):
    with pytest.raises(ValueError, match=r"X .*(rows|axes)"):
        shuffle_and_split(X, y, 0)


def test_standardise_is_a_scaler_fitted_to_the_training_part():
    rng = np.random.default_rng(0)
    train, test = rng.normal(5, 30, size=(40, 3)), rng.normal(size=(7, 3))
    train[:, 1] = 4.2
    scaler = StandardScaler().fit(train)
    got_train, got_test = standardise(train, test)
    assert_allclose(got_train, scaler.transform(train), atol=1e-12)
    assert_allclose(got_test, scaler.transform(test), atol=1e-12)


def test_a_constant_column_leaves_no_dust():
    """The mean of equal numbers may be rounded; the zeros are exact nevertheless."""
    train = np.full((673, 1), 0.1)
    assert train.std() != 0  # what makes this test worth its while
    assert not standardise(train, train)[0].any()


@pytest.mark.parametrize(
    ("train", "test", "complaint"),
    [
        (np.empty((0, 2)), [[1.0, 2.0]], "X_train has no rows"),
        ([[1.0, 2.0]], [[1.0]], "X_train has 2 columns but X_test has 1"),
        ([1.0, 2.0], [[1.0]], "X_train must have 2 axes"),
        ([[1.0]], [1.0], "X_test must have 2 axes"),
    ],
)
def test_parts_that_do_not_fit_raise(train, test, complaint):
    with pytest.raises(ValueError, match=complaint):
        standardise(train, test)


# Fitting.


def assert_same_log_likelihood(w, X, y):
    """Compare with scikit-learn's fit without a penalty, to six digits and better."""
    peer = LogisticRegression(C=np.inf, fit_intercept=False, tol=1e-10, max_iter=100_000)
    peer.fit(X, y)
    ours, theirs = (-len(y) * logistic_loss(X, y, v) for v in (w, peer.coef_[0]))
    assert_allclose(ours, theirs, rtol=1e-6)
    assert ours >= theirs - 1e-9


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_agrees_with_scikit_learn(seed):
    X, y = overlapping(seed)
    w, converged = fit_logistic(X, y)
    assert converged
    assert_same_log_likelihood(w, X, y)
    assert_allclose(logistic_gradient(X, y, w), 0, atol=1e-10)


def test_the_fit_of_the_stand_in_agrees_with_scikit_learn(stand_in):
    """Without the column that has no best weight, on every one of five splits."""
    X, y, _ = stand_in["make_magazine"]()
    X = np.delete(X, FEATURES.index("Unemployed"), axis=1)
    for seed in range(5):
        X_train, y_train, X_test, _ = shuffle_and_split(X, y, seed)
        design = with_bias(standardise(X_train, X_test)[0])
        w, converged = fit_logistic(design, y_train)
        assert converged
        assert_same_log_likelihood(w, design, y_train)


def test_raw_features_need_no_standardising():
    """Newton's steps do not depend on the units: an income in euros fits as well."""
    X, y = overlapping(5)
    raw = X.copy()
    raw[:, 1] = 30_000 + 20_000 * raw[:, 1]
    w, converged = fit_logistic(raw, y)
    assert converged
    assert_allclose(logistic_loss(raw, y, w), logistic_loss(X, y, fit_logistic(X, y)[0]))


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_column_of_ones_learns_the_log_odds_of_the_coin(heads, tails):
    y = np.repeat([1, 0], [heads, tails])
    w, converged = fit_logistic(np.ones((len(y), 1)), y)
    assert converged
    assert_allclose(1 / (1 + np.exp(-w[0])), coin_mle(y))


@pytest.mark.parametrize("l2", [1e-3, 0.1, 10.0])
def test_the_penalised_fit_is_the_bottom(l2):
    X, y = overlapping(6)
    w, converged = fit_logistic(X, y, l2=l2)
    assert converged
    peer = minimize(
        lambda v: logistic_loss(X, y, v, l2),
        np.zeros(4),
        jac=lambda v: logistic_gradient(X, y, v, l2),
        tol=1e-12,
    )
    assert_allclose(w, peer.x, atol=1e-6)


SEPARABLE = {
    "completely": ([[-1.0], [1.0]], [0, 1]),
    "by the bias": (np.ones((5, 1)), np.ones(5)),
    "one column": (
        np.column_stack([np.ones(12), np.tile([0, 1], 6), np.repeat([0, 0, 1], 4)]),
        [0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0],
    ),
    "in more columns than rows": (np.random.default_rng(0).normal(size=(10, 30)), [0, 1] * 5),
}


@pytest.mark.parametrize("case", SEPARABLE)
def test_separable_data_do_not_converge_and_a_penalty_cures_it(case):
    X, y = SEPARABLE[case]
    w, converged = fit_logistic(X, y)
    assert not converged and np.isfinite(w).all()
    longer, still = fit_logistic(X, y, max_steps=30)
    assert not still and np.abs(longer).max() > np.abs(w).max()
    assert fit_logistic(X, y, l2=1e-3)[1]


def test_the_unemployed_of_the_stand_in_have_no_best_weight(stand_in):
    """The chapter's claim: the weight falls with every step, the log-likelihood stands still."""
    X, y, _ = stand_in["make_magazine"]()
    design = with_bias(standardise(X, X)[0])
    column = 1 + FEATURES.index("Unemployed")
    fits = [fit_logistic(design, y, max_steps=steps) for steps in (15, 20, 25)]
    assert not any(converged for _, converged in fits)
    assert fits[0][0][column] > fits[1][0][column] > fits[2][0][column]
    assert_allclose(*(logistic_loss(design, y, w) for w, _ in fits[1:]), rtol=1e-8)


def test_a_step_that_is_too_long_is_halved():
    """The hidden test's data, on which full steps lead uphill and away."""
    source = chapter_cell("fit_logistic_halves_steps_that_are_too_long")
    names = {"np": np}
    begin = source.index("first =")
    exec(source[begin : source.index("right =", begin)], names)
    X, y = names["X"], names["y"]
    w, converged = fit_logistic(X, y)
    assert converged
    peer = minimize(
        lambda v: logistic_loss(X, y, v), w, jac=lambda v: logistic_gradient(X, y, v), tol=1e-12
    )
    assert logistic_loss(X, y, w) <= peer.fun + 1e-12
    full = np.zeros(X.shape[1])
    losses = []
    for _ in range(8):
        p = 1 / (1 + np.exp(-np.clip(X @ full, -500, 500)))
        H = X.T @ ((p * (1 - p))[:, np.newaxis] * X) / len(y)
        full = full - np.linalg.lstsq(H, logistic_gradient(X, y, full))[0]
        losses.append(logistic_loss(X, y, full))
    assert max(np.diff(losses)) > 0  # full steps do lead uphill here


def test_columns_that_depend_on_each_other_share_the_weight():
    X, y = overlapping(7)
    alone, _ = fit_logistic(X, y)
    doubled, converged = fit_logistic(np.column_stack([X, X[:, 1], np.zeros(len(y))]), y)
    assert converged
    assert_allclose(doubled[[1, 4]], alone[1] / 2)
    assert abs(doubled[5]) < 1e-12


def test_features_beyond_all_bounds_end_the_fit_without_a_warning():
    w, converged = fit_logistic([[1e200], [-1e200], [1.0]], [0, 1, 1])
    assert not converged and np.isfinite(w).all()


@pytest.mark.parametrize("fit", [fit_logistic, lambda X, y, **k: fit_softmax(X, y, 2, **k)])
@pytest.mark.parametrize(
    ("X", "y", "keywords", "complaint"),
    [
        (np.empty((0, 2)), [], {}, "X has no rows"),
        ([[1.0], [np.nan]], [0, 1], {}, "X must be finite, got nan"),
        ([[1.0], [2.0]], [0, 2], {}, "y must be .*got 2"),
        ([[1.0], [2.0]], [0], {}, "X has 2 rows but y has 1 entries"),
        ([[1.0], [2.0]], [0, 1], {"l2": -1}, "l2 must be finite and at least 0"),
        ([[1.0], [2.0]], [0, 1], {"max_steps": -1}, "max_steps must be at least 0"),
        ([1.0, 2.0], [0, 1], {}, "X must have 2 axes"),
    ],
)
def test_what_cannot_be_fitted_raises(fit, X, y, keywords, complaint):
    with pytest.raises(ValueError, match=complaint):
        fit(X, y, **keywords)


# How sure.


def test_standard_errors_come_from_the_curvature():
    """The inverse of the derivatives of the gradient, by differences."""
    X, y = overlapping(8)
    w, _ = fit_logistic(X, y)
    rows = [
        numerical_gradient(lambda v, j=j: len(y) * logistic_gradient(X, y, v)[j], w)
        for j in range(len(w))
    ]
    assert_allclose(standard_errors(X, w), np.sqrt(np.diag(np.linalg.inv(rows))), rtol=1e-6)


def test_intervals_contain_the_truth_as_often_as_they_claim():
    """Of 95 % intervals from 300 repetitions, between 92 and 98 in a hundred."""
    rng = np.random.default_rng(9)
    X = with_bias(rng.normal(size=(250, 2)))
    w = np.array([-0.5, 1.0, 0.0])
    p = 1 / (1 + np.exp(-X @ w))
    inside = []
    for _ in range(300):
        got, _ = fit_logistic(X, (rng.uniform(size=250) < p).astype(int))
        inside.append(np.abs(got - w) <= 1.96 * standard_errors(X, got))
    assert ((np.mean(inside, axis=0) > 0.92) & (np.mean(inside, axis=0) < 0.98)).all()


@pytest.mark.parametrize(
    ("X", "w", "complaint"),
    [
        ([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]], [0.0, 0.0], "2 weights but rank 1"),
        ([[1.0], [np.inf]], [0.0], "X must be finite, got inf"),
        ([[1.0, 2.0]], [0.0], "X has 2 columns but w has 1"),
        (np.empty((0, 1)), [0.0], "X has no rows"),
    ],
)
def test_what_has_no_standard_errors_raises(X, w, complaint):
    with pytest.raises(ValueError, match=complaint):
        standard_errors(X, w)


# Many classes.


@pytest.mark.parametrize(("classes", "l2"), [(2, 0.1), (3, 0.01), (5, 0.5)])
def test_softmax_reaches_the_bottom(classes, l2):
    rng = np.random.default_rng(10)
    X = with_bias(rng.normal(size=(90, 3)))
    y = (X @ rng.normal(size=(4, classes)) + rng.gumbel(size=(90, classes))).argmax(axis=1)
    W, converged = fit_softmax(X, y, classes, l2=l2, tol=1e-7)
    assert converged
    shape = W.shape
    peer = minimize(
        lambda v: softmax_loss(X, y, v.reshape(shape), l2),
        np.zeros(W.size),
        jac=lambda v: softmax_gradient(X, y, v.reshape(shape), l2).ravel(),
        tol=1e-12,
    )
    assert_allclose(W.ravel(), peer.x, atol=1e-4)


def test_softmax_of_two_classes_is_logistic_regression():
    """The difference of the two columns, with the penalty halved since two columns share it."""
    X, y = overlapping(11)
    W, _ = fit_softmax(X, y, 2, l2=0.2, tol=1e-8)
    w, _ = fit_logistic(X, y, l2=0.1)
    assert_allclose(W[:, 1] - W[:, 0], w, atol=1e-5)
    assert_allclose(W.sum(axis=1), 0, atol=1e-10)


def test_softmax_says_when_it_did_not_arrive():
    X, y = overlapping(12)
    assert not fit_softmax(X, y, 2, tol=1e-12, max_steps=3)[1]
    assert not fit_softmax(X, y, 2, max_steps=0)[1]


def test_a_class_that_does_not_occur_has_a_column():
    W, converged = fit_softmax([[1.0], [1.0]], [0, 0], 3, l2=0.1)
    assert converged and W.shape == (1, 3) and W[0, 1] == W[0, 2] < W[0, 0]


def test_large_features_make_no_warning():
    X = [[1.0, 3e5], [1.0, -2e5], [1.0, 1e5]]
    W, _ = fit_softmax(X, [0, 1, 0], 2, max_steps=20)
    assert np.isfinite(W).all()


def test_digits_are_read_as_well_as_by_scikit_learn():
    """Ten classes, real data: the loss of scikit-learn's fit with the same penalty."""
    X, y = load_digits(return_X_y=True)
    X_train, y_train, X_test, y_test = shuffle_and_split(X / 16, y, seed=0)
    design, l2 = with_bias(X_train), 0.01
    W, converged = fit_softmax(design, y_train, 10, l2=l2, tol=1e-3)
    assert converged
    assert np.mean((with_bias(X_test) @ W).argmax(axis=1) == y_test) > 0.9
    peer = LogisticRegression(C=1 / (l2 * len(y_train)), fit_intercept=False, max_iter=1000)
    peer.fit(design, y_train)
    losses = [softmax_loss(design, y_train, V, l2) for V in (W, peer.coef_.T)]
    assert_allclose(*losses, rtol=1e-3)
