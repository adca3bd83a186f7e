"""How hidden tests compare: what passes, and what the message names."""

import numpy as np
import pytest
from numpydoc.validate import validate

from solutions import agree


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (0.5, 0.5), (np.float32(1 / 3), 1 / 3), ([1, 2], [1.0, 2.0]), ((1.0,), [1.0]),
        ([[np.inf, -np.inf, np.nan]], [[np.inf, -np.inf, np.nan]]), (1e-300 * (1 + 1e-7), 1e-300),
        ([], []), (0, 0.0), (True, 1),
    ],
)  # fmt: skip
def test_right_numbers_pass(got, expected):
    """Lists, single precision, infinities and nothing at all are right where they are right."""
    agree(got, expected, "it")


@pytest.mark.parametrize(
    ("got", "expected", "message"),
    [
        (None, 1, "it is None: is there a return statement"),
        ("text", 1, "it should be made of numbers, got 'text'"),
        (["0.5", "1"], [0.5, 1], r"it should be made of numbers, got \['0.5', '1'\]"),
        ([[1], [1, 2]], [1, 2], "it should be made of numbers"),
        (1j, 1, "it should be made of numbers, got 1j"),
        (np.zeros((0, 1, 1, 1)), [1, 2], r"the shape \(2,\), got the shape \(0, 1, 1, 1\)"),
        ([1.0], 1.0, r"should have the shape \(\), got the shape \(1,\)"),
        (np.nan, 1, "it should be 1, got nan"),
        (0, 1e-300, "it should be 1e-300, got 0"),
        (1, np.inf, "it should be inf, got 1"),
        (1.00001, 1, "it should be 1, got 1.00001"),
        ([1, 2, 30], [1, 2.1, 3], "it should be 3 at .2., got 30"),
        ([[1, 2], [np.nan, 30]], [[1, 2], [3, 4]], "it should be 3 at .1, 0., got nan"),
    ],
)  # fmt: skip
def test_wrong_numbers_are_named(got, expected, message):
    """No number, another shape, and of several wrong entries the one that is furthest off."""
    with pytest.raises(AssertionError, match=message):
        agree(got, expected, "it")


def test_terms_that_cancel_set_the_scale():
    """A sum that is nearly zero may be off by a millionth of its terms."""
    agree([1e-8], [0.0], "it", terms=1.0)
    with pytest.raises(AssertionError, match=r"it should be 0 at \[0\], got 1e-08"):
        agree([1e-8], [0.0], "it")


def test_the_argument_and_a_hint_are_told():
    """What the entry was asked for stands beside it, and a hint at the end."""
    with pytest.raises(AssertionError, match=r"f\(a\) should be 4 for 2, got 5. Squared\?$"):
        agree([1, 5], [1, 4], "f(a)", at=[1, 2], hint="Squared?")


def test_docstring_is_valid_numpydoc():
    """Like those of the chapters' functions, but for what it is not: a formula with relatives."""
    faults = validate("solutions._agreement.agree")["errors"]
    assert [code for code, _ in faults if code not in {"EX01", "SA01"}] == []
