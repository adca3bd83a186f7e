"""Item statistics against independent computations and published tables."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from nbjudge.report.statistics import (
    correlation,
    cronbach_alpha,
    item_rest_correlations,
    quintile_means,
    shares,
    tail_weights,
    upper_lower_index,
)
from scipy import stats

# S. Chatterjee and B. Price, "Regression Analysis by Example" (1977): 30 departments, 7 questions;
# R's data set `attitude`. R's package psych publishes its analysis with the help of `alpha`.
ATTITUDE = np.array(
    [
        [43, 51, 30, 39, 61, 92, 45], [63, 64, 51, 54, 63, 73, 47], [71, 70, 68, 69, 76, 86, 48],
        [61, 63, 45, 47, 54, 84, 35], [81, 78, 56, 66, 71, 83, 47], [43, 55, 49, 44, 54, 49, 34],
        [58, 67, 42, 56, 66, 68, 35], [71, 75, 50, 55, 70, 66, 41], [72, 82, 72, 67, 71, 83, 31],
        [67, 61, 45, 47, 62, 80, 41], [64, 53, 53, 58, 58, 67, 34], [67, 60, 47, 39, 59, 74, 41],
        [69, 62, 57, 42, 55, 63, 25], [68, 83, 83, 45, 59, 77, 35], [77, 77, 54, 72, 79, 77, 46],
        [81, 90, 50, 72, 60, 54, 36], [74, 85, 64, 69, 79, 79, 63], [65, 60, 65, 75, 55, 80, 60],
        [65, 70, 46, 57, 75, 85, 46], [50, 58, 68, 54, 64, 78, 52], [50, 40, 33, 34, 43, 64, 33],
        [64, 61, 52, 62, 66, 80, 41], [53, 66, 52, 50, 63, 80, 37], [40, 37, 42, 58, 50, 57, 49],
        [63, 54, 42, 48, 66, 75, 33], [66, 77, 66, 63, 88, 76, 72], [78, 75, 58, 74, 80, 78, 49],
        [48, 57, 44, 45, 51, 83, 38], [85, 85, 71, 71, 77, 74, 55], [82, 82, 39, 59, 64, 78, 39],
    ],
    dtype=float,
)  # fmt: skip
RAW_ALPHA = 0.84
R_DROP = [0.67, 0.74, 0.56, 0.71, 0.79, 0.27, 0.46]


@pytest.fixture(scope="module")
def points():
    """Return the points of 57 submissions in 5 exercises, with ties."""
    rng = np.random.default_rng(3)
    ability = rng.normal(size=(57, 1))
    return np.clip(np.round(2 + ability + rng.normal(size=(57, 5))), 0, 4)


def test_alpha_and_item_rest_as_published():
    """Both agree with the table that R's package psych prints, to its two digits."""
    assert round(cronbach_alpha(ATTITUDE), 2) == RAW_ALPHA
    assert item_rest_correlations(ATTITUDE).round(2).tolist() == R_DROP


def test_item_rest_correlations_as_scipy_and_pandas_have_them(points):
    """Three ways to the same numbers."""
    frame = pd.DataFrame(points)
    rest = [frame.drop(columns=i).sum(axis=1) for i in frame]
    by_pandas = [frame[i].corr(rest[i]) for i in frame]
    by_scipy = [stats.pearsonr(frame[i], rest[i]).statistic for i in frame]
    found = item_rest_correlations(points)
    np.testing.assert_allclose(found, by_pandas, rtol=1e-12)
    np.testing.assert_allclose(found, by_scipy, rtol=1e-12)


def test_alpha_from_the_covariances(points):
    """Alpha is k/(k-1) times the share of the covariances in the variance of the sum."""
    covariance = pd.DataFrame(points).cov().to_numpy()
    others = covariance.sum() - np.trace(covariance)
    assert cronbach_alpha(points) == pytest.approx(5 / 4 * others / covariance.sum(), rel=1e-12)


def test_upper_lower_index_by_hand():
    """Of 40 students the groups have 11 each: 9 and 3 right answers give (9 - 3) / 11."""
    total = np.arange(40.0)
    points = np.zeros(40)
    points[[*range(31, 40)]] = 1.0
    points[[0, 1, 2]] = 1.0
    points[15] = 1.0
    assert upper_lower_index(points, total, 1.0) == pytest.approx(6 / 11)
    assert upper_lower_index(2 * points, total, 2.0) == pytest.approx(6 / 11)


def test_upper_lower_index_is_the_mean_over_all_orders_of_ties(points):
    """Equals at the border share its places: that is what shuffling them gives on average."""
    total, item = points.sum(axis=1), points[:, 2]
    rng = np.random.default_rng(0)
    size = round(0.27 * len(total))
    found = []
    for _ in range(4000):
        shuffled = rng.permutation(len(total))
        order = shuffled[np.argsort(total[shuffled], kind="stable")]
        found.append((item[order[-size:]].mean() - item[order[:size]].mean()) / 4)
    assert upper_lower_index(item, total, 4.0) == pytest.approx(np.mean(found), abs=0.005)
    upper, lower = tail_weights(total)
    assert upper.sum() == pytest.approx(1) and lower.sum() == pytest.approx(1)


def test_quintile_means(points):
    """Without ties they are the means of five slices; with ties the order of rows is no matter."""
    total = np.random.default_rng(1).permutation(55).astype(float)
    item = points[:55]
    slices = item[np.argsort(total)].reshape(5, 11, 5).mean(axis=1)
    np.testing.assert_allclose(quintile_means(item, total), slices)
    tied, order = points.sum(axis=1), np.random.default_rng(2).permutation(57)
    np.testing.assert_allclose(
        quintile_means(points, tied), quintile_means(points[order], tied[order])
    )
    np.testing.assert_allclose(quintile_means(points, tied).mean(axis=0), points.mean(axis=0))


def test_shares_sum_to_one(points):
    """Each submission is in one share, a blank one in no other."""
    blank = points[:, 1] == 0
    found = shares(points[:, 0], 4.0, blank)
    assert found.full + found.partial + found.zero + found.blank == pytest.approx(1)
    assert found.blank == blank.mean()
    assert found.full == ((points[:, 0] == 4) & ~blank).mean()


@pytest.mark.parametrize(
    "value",
    [
        correlation(np.ones(12), np.arange(12.0)),
        correlation(np.array([1.0]), np.array([2.0])),
        cronbach_alpha(np.ones((12, 3))),
        cronbach_alpha(np.arange(12.0)[:, None]),
        upper_lower_index(np.ones(12), np.arange(12.0), 0.0),
        shares(np.array([]), 1.0, np.array([], dtype=bool)).full,
        item_rest_correlations(np.full((12, 2), 0.1))[0],
    ],
)
def test_what_is_not_defined_is_nan(value):
    """No variance, one exercise, no points, no submissions."""
    assert math.isnan(value)
