"""The planted copies of `benchmarks.similar`: they stand at the top of the list."""

from __future__ import annotations

import ast
from random import Random

import pytest

from benchmarks.copies import DISGUISES, plant
from benchmarks.similar import ranks_of

SOURCE = """def f(x, y):
    \"\"\"Say.\"\"\"
    # add
    a = x + 1
    b = 2 * y
    return a + b
"""


def test_planted_copies_in_a_class_of_banks():
    """Most of ten pairs are among the first ten of 19,900, and none is far below."""
    places = sorted(ranks_of(plant("evaluation", 200, 10, seed=3)).values())
    assert sum(place <= 10 for place in places) >= 7
    assert places[-1] <= 60


@pytest.mark.parametrize("how", DISGUISES)
def test_a_disguise_changes_an_answer(how):
    """It is still Python, and not what it was; all but other literals compute the same."""
    made = DISGUISES[how](SOURCE, Random(0))
    assert made != SOURCE and ast.parse(made)
    if how != "changed literals":
        known: dict = {}
        exec(made, known)
        assert known["f"](3, 4) == 12
