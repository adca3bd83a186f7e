"""Measures against sklearn and B's published figures, splits by properties, files by accident."""

import math
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn import metrics

from solutions import evaluation as chapter

# B's confusion matrix of 32,000 items as it is printed: rows are predicted classes.
B_COUNTS = np.array(
    [[6670, 86, 1234, 558], [28, 6476, 625, 804], [801, 762, 5934, 127], [501, 676, 207, 6511]]
)
B_SHARES = [
    ["20.8", "0.3", "3.9", "1.7"],
    ["0.1", "20.2", "2.0", "2.5"],
    ["2.5", "2.4", "18.5", "0.4"],
    ["1.6", "2.1", "0.6", "20.3"],
]
B_RIGHT_OF_PREDICTED = [("78.0", "22.0"), ("81.6", "18.4"), ("77.8", "22.2"), ("82.5", "17.5")]
B_RIGHT_OF_TRUE = [("83.4", "16.6"), ("81.0", "19.1"), ("74.2", "25.8"), ("81.4", "18.6")]

labelled_scores = st.lists(
    st.tuples(st.integers(0, 1), st.sampled_from([-2.0, 0.0, 0.25, 0.5, 1e9])),
    min_size=2,
    max_size=30,
).filter(lambda pairs: {label for label, _ in pairs} == {0, 1})


def percent(count, total):
    """Round as B does, halves up: 80.95 is printed 81.0, and 19.05 is printed 19.1."""
    share = Decimal(100 * int(count)) / Decimal(int(total))
    return str(share.quantize(Decimal("0.1"), ROUND_HALF_UP))


@pytest.fixture(scope="module")
def b_items():
    """The true and the predicted class of each of B's 32,000 items, shuffled."""
    predicted, true = (np.repeat(axis.ravel(), B_COUNTS.ravel()) for axis in np.indices((4, 4)))
    order = np.random.default_rng(0).permutation(32_000)
    return true[order], predicted[order]


def test_bs_confusion_matrix_is_the_transpose_of_ours(b_items):
    matrix = chapter.confusion_matrix(*b_items, 4)
    assert matrix.sum() == 32_000
    assert_array_equal(matrix.T, B_COUNTS)


def test_bs_shares_of_all_items_are_reproduced(b_items):
    matrix = chapter.confusion_matrix(*b_items, 4)
    assert [[percent(count, matrix.sum()) for count in row] for row in matrix.T] == B_SHARES


def test_bs_shares_of_each_predicted_class_are_reproduced(b_items):
    columns = chapter.confusion_matrix(*b_items, 4).T
    shares = [
        (percent(column[c], column.sum()), percent(column.sum() - column[c], column.sum()))
        for c, column in enumerate(columns)
    ]
    assert shares == B_RIGHT_OF_PREDICTED


def test_bs_shares_of_each_true_class_are_reproduced(b_items):
    rows = chapter.confusion_matrix(*b_items, 4)
    shares = [
        (percent(row[c], row.sum()), percent(row.sum() - row[c], row.sum()))
        for c, row in enumerate(rows)
    ]
    assert shares == B_RIGHT_OF_TRUE


def test_bs_overall_accuracy_is_reproduced(b_items):
    accuracy = chapter.accuracy(*b_items)
    assert accuracy == 25_591 / 32_000
    assert (f"{accuracy:.1%}", f"{1 - accuracy:.1%}") == ("80.0%", "20.0%")
    assert chapter.baseline_accuracy(b_items[0]) == 0.25


def test_bs_precision_recall_and_f_measure_are_reproduced():
    """37 true positives, 11 false positives, 12 false negatives, 164 true negatives."""
    y_true = np.repeat([1, 0, 1, 0], [37, 11, 12, 164])
    y_pred = np.repeat([1, 1, 0, 0], [37, 11, 12, 164])
    figures = [f"{value:.4f}" for value in chapter.precision_recall_f1(y_true, y_pred)]
    assert figures == ["0.7708", "0.7551", "0.7629"]


two_labels = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30)


@given(two_labels)
def test_accuracy_and_confusion_matrix_agree_with_sklearn(pairs):
    y_true, y_pred = zip(*pairs, strict=True)
    assert_allclose(chapter.accuracy(y_true, y_pred), metrics.accuracy_score(y_true, y_pred))
    matrix = chapter.confusion_matrix(y_true, y_pred, 4)
    assert_array_equal(matrix, metrics.confusion_matrix(y_true, y_pred, labels=range(4)))
    assert matrix.dtype.kind == "i"


def test_accuracy_takes_names_of_classes():
    assert chapter.accuracy(["cat", "dog"], ["cat", "cat"]) == 0.5
    assert chapter.baseline_accuracy(["cat", "dog", "cat", "cat"]) == 0.75


def test_confusion_matrix_of_no_predictions_is_zero():
    assert_array_equal(chapter.confusion_matrix([], [], 2), [[0, 0], [0, 0]])


@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 1)), min_size=1, max_size=30))
def test_precision_recall_f1_agree_with_sklearn(pairs):
    y_true, y_pred = zip(*pairs, strict=True)
    expected = metrics.precision_recall_fscore_support(
        y_true, y_pred, average="binary", zero_division=0.0
    )[:3]
    result = chapter.precision_recall_f1(y_true, y_pred)
    assert_allclose(result, expected, rtol=1e-12)
    assert [type(value) for value in result] == [float] * 3


@pytest.mark.parametrize(
    ("y_true", "y_pred"), [([0, 1], [0, 0]), ([0, 0], [0, 1]), ([0, 0], [0, 0]), ([], [])]
)
def test_a_quotient_of_nothing_by_nothing_is_zero(y_true, y_pred):
    assert chapter.precision_recall_f1(y_true, y_pred) == (0.0, 0.0, 0.0)


@given(labelled_scores)
def test_roc_curve_agrees_with_sklearn(pairs):
    y_true, scores = zip(*pairs, strict=True)
    expected = metrics.roc_curve(y_true, scores, drop_intermediate=False)
    for ours, theirs in zip(chapter.roc_curve(y_true, scores), expected, strict=True):
        assert_allclose(ours, theirs, rtol=1e-14)


@given(labelled_scores)
def test_precision_recall_curve_agrees_with_sklearn(pairs):
    y_true, scores = zip(*pairs, strict=True)
    expected = metrics.precision_recall_curve(y_true, scores)
    for ours, theirs in zip(chapter.precision_recall_curve(y_true, scores), expected, strict=True):
        assert_allclose(ours, theirs, rtol=1e-14)


def test_precision_recall_curve_needs_no_negatives():
    precision, recall, thresholds = chapter.precision_recall_curve([1, 1], [0.2, 0.8])
    assert_array_equal(precision, [1, 1, 1])
    assert_array_equal(recall, [1, 0.5, 0])
    assert_array_equal(thresholds, [0.2, 0.8])


@given(labelled_scores)
def test_the_area_is_the_chance_that_a_positive_outscores_a_negative(pairs):
    fpr, tpr, _ = chapter.roc_curve(*zip(*pairs, strict=True))
    positives = [score for label, score in pairs if label]
    negatives = [score for label, score in pairs if not label]
    wins = [(p > n) + 0.5 * (p == n) for p in positives for n in negatives]
    assert_allclose(chapter.auc(fpr, tpr), sum(wins) / len(wins), rtol=1e-12, atol=1e-15)


@given(labelled_scores)
def test_the_area_is_that_of_sklearn_in_either_direction(pairs):
    y_true, scores = zip(*pairs, strict=True)
    fpr, tpr, _ = chapter.roc_curve(y_true, scores)
    expected = metrics.roc_auc_score(y_true, scores)
    assert_allclose(chapter.auc(fpr, tpr), expected, rtol=1e-12, atol=1e-15)
    assert_allclose(chapter.auc(fpr[::-1], tpr[::-1]), expected, rtol=1e-12, atol=1e-15)
    precision, recall, _ = chapter.precision_recall_curve(y_true, scores)
    assert_allclose(chapter.auc(recall, precision), metrics.auc(recall, precision), rtol=1e-12)


@given(st.integers(1, 60), st.floats(0, 1), st.integers(0, 1000))
def test_a_split_puts_each_observation_in_one_part(n, fraction, seed):
    train, test = chapter.train_test_split(n, fraction, seed)
    assert len(test) == round(n * fraction)
    assert sorted([*train, *test]) == list(range(n))


def test_bs_673_rows_are_split_into_two_thirds_and_one_third():
    train, test = chapter.train_test_split(673, 1 / 3, seed=0)
    assert (len(train), len(test)) == (449, 224)


@given(st.integers(2, 60), st.data())
def test_folds_test_each_observation_once(n, data):
    k = data.draw(st.integers(2, n))
    folds = chapter.k_fold(n, k, seed=data.draw(st.integers(0, 1000)))
    assert len(folds) == k
    assert sorted(i for _, test in folds for i in test) == list(range(n))
    assert all(sorted([*train, *test]) == list(range(n)) for train, test in folds)
    sizes = [len(test) for _, test in folds]
    assert max(sizes) - min(sizes) <= 1


def indices(result):
    """Flatten nested tuples and lists of index arrays to one list of lists."""
    if isinstance(result, np.ndarray):
        return [result.tolist()]
    return [part for element in result for part in indices(element)]


@pytest.mark.parametrize(
    "split", [lambda s: chapter.train_test_split(30, 0.3, s), lambda s: chapter.k_fold(30, 3, s)]
)
def test_splits_are_random_and_depend_on_the_seed_alone(split):
    assert indices(split(1)) == indices(split(1))
    assert indices(split(1)) != indices(split(2))
    assert indices(split(1))[0] != sorted(indices(split(1))[0])


def written(folder, content):
    """Write a file of predictions, as it would come from a reader."""
    path = folder / "mine.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize(
    "content",
    [
        "y_true,score\n1,0.75\n0,-2e3\n",
        "score,y_true\n0.75,1\n-2e3,0\n",
        'name, score ,when,y_true\n"Lovelace, Ada",0.75,1,1\nbob, -2e3 ,2, 0\n',
        "y_true,score\r\n1,0.75\r\n\r\n0,-2e3",
        "\ufeffy_true,score\n1.0,0.75\n0.0,-2e3\n",
    ],
    ids=["plain", "other order", "other columns, quotes, spaces", "CRLF, blank line", "BOM"],
)
@pytest.mark.parametrize("kind", [Path, str])
def test_a_file_of_predictions_is_read(tmp_path, content, kind):
    y_true, scores = chapter.read_predictions(kind(written(tmp_path, content)))
    assert_array_equal(y_true, [1, 0])
    assert_array_equal(scores, [0.75, -2000.0])
    assert (y_true.dtype.kind, scores.dtype) == ("i", np.float64)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"empty, without even a header"),
        ("\n  \n", r"empty, without even a header"),
        ("label,score\n1,2\n", r"line 1: no column 'y_true' among 'label', 'score'"),
        ("y_true,scores\n1,2\n", r"line 1: no column 'score' among 'y_true', 'scores'"),
        ("y_true;score\n1;2\n", r"line 1: no column 'y_true' among 'y_true;score'"),
        ("y_true,score,score\n1,2,3\n", r"line 1: more than one column 'score'"),
        ("y_true,score\n", r"no rows after the header in line 1"),
        ("y_true,score\n1,0.5\n0,high\n", r"line 3, column 'score': 'high' is not a number"),
        ("y_true,score\n0,\n", r"line 2, column 'score': '' is not a number"),
        ("y_true,score\n0,1_0\n", r"line 2, column 'score': '1_0' is not a number"),
        ("y_true,score\n0,nan\n", r"line 2, column 'score': 'nan' is not finite"),
        ("y_true,score\n0,-inf\n", r"line 2, column 'score': '-inf' is not finite"),
        ("y_true,score\n0,1e999\n", r"line 2, column 'score': '1e999' is not finite"),
        ("y_true,score\n2,0.5\n", r"line 2, column 'y_true': '2' is not 0 or 1"),
        ("y_true,score\nyes,0.5\n", r"line 2, column 'y_true': 'yes' is not 0 or 1"),
        ("y_true,score\nnan,0.5\n", r"line 2, column 'y_true': 'nan' is not 0 or 1"),
        ("y_true,score\n1,0.5\n\n1\n", r"line 4: 1 fields where the header has 2: '1'"),
        ("y_true,score\n1,0,5\n", r"line 2: 3 fields where the header has 2: '1,0,5'"),
        (b"y_true,score\n1,0.5\n0,\xe9\n", r"line 3: not UTF-8, as the byte 0xe9 shows"),
        ("y_true,score\n1,0.5\n".encode("utf-16"), r"line 1: not UTF-8, as the byte 0xff"),
        ("y_true,score\n1," + "9" * 200_000, r"line 2: not CSV: field larger than"),
    ],
)
def test_a_file_that_is_not_predictions_is_described(tmp_path, content, message):
    path = written(tmp_path, content)
    with pytest.raises(ValueError, match=message) as caught:
        chapter.read_predictions(path)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv"):
        chapter.read_predictions(tmp_path / "nowhere.csv")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: chapter.accuracy([0, 1], [0]), "y_true has 2 entries but y_pred has 1 entries"),
        (lambda: chapter.accuracy([], []), r"y_true must have .* at least 1 entry .* \(0,\)"),
        (lambda: chapter.accuracy([0], [[0]]), r"y_pred must have 1 axis .* \(1, 1\)"),
        (lambda: chapter.baseline_accuracy([]), r"y_true must have .* at least 1 entry"),
        (lambda: chapter.confusion_matrix([0, 2], [0, 1], 2), "y_true .* from 0 to 1, got 2"),
        (lambda: chapter.confusion_matrix([0, 1], [0, -1], 2), "y_pred .* from 0 to 1, got -1"),
        (lambda: chapter.confusion_matrix([0], [0, 1], 2), "y_true has 1 .* y_pred has 2"),
        (lambda: chapter.confusion_matrix([0], [0], 0), "n_classes must be at least 1, got 0"),
        (lambda: chapter.precision_recall_f1([0, 1], [1]), "y_true has 2 .* y_pred has 1"),
        (lambda: chapter.precision_recall_f1([0, 1], [1, 2]), "y_pred must be 0 or 1, got 2"),
        (lambda: chapter.roc_curve([0, 1], [1]), "y_true has 2 entries but scores has 1"),
        (lambda: chapter.roc_curve([1, 1], [1, 2]), "no class 0 among its 2 entries"),
        (lambda: chapter.roc_curve([0, 0], [1, 2]), "no class 1 among its 2 entries"),
        (lambda: chapter.roc_curve([], []), "y_true has 0 entries"),
        (lambda: chapter.roc_curve([0, 3], [1, 2]), "y_true must be 0 or 1, got 3"),
        (lambda: chapter.roc_curve([0, 1], [1, math.nan]), "scores must be finite, got nan"),
        (lambda: chapter.precision_recall_curve([0, 0], [1, 2]), "no class 1 among its 2 entries"),
        (lambda: chapter.precision_recall_curve([0, 1], [1, math.inf]), "finite, got inf"),
        (lambda: chapter.auc([0, 1], [0]), "x has 2 entries but y has 1 entries"),
        (lambda: chapter.auc([0], [0]), "a curve needs at least 2 points, got 1"),
        (lambda: chapter.auc([0, 2, 1], [0, 1, 2]), "both rise and fall, got steps of 2 and -1"),
        (lambda: chapter.train_test_split(0, 0.5, 0), "n must be at least 1, got 0"),
        (lambda: chapter.train_test_split(5, 1.5, 0), r"in \[0, 1\], got 1.5"),
        (lambda: chapter.train_test_split(5, math.nan, 0), r"in \[0, 1\], got nan"),
        (lambda: chapter.k_fold(5, 1, 0), "k must be at least 2, got 1"),
        (lambda: chapter.k_fold(3, 4, 0), "k = 4 parts .* n = 3"),
    ],
)
def test_what_has_no_meaning_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
