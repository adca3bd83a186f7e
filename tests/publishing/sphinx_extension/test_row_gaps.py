"""Room between the rows of aligned formulas."""

import pytest

from publishing.sphinx_extension.row_gaps import with_gaps

HALVES = r"\begin{aligned} a &= \frac12 \\ b &= 3 \end{aligned}"


@pytest.mark.parametrize(
    "tex",
    [
        r"\begin{aligned} a &= 1 \\ b &= 2 \end{aligned}",
        r"\begin{aligned} a &= \frac12 \\[1em] b &= 3 \end{aligned}",
        r"\begin{aligned} a &= \begin{cases} \frac12 \\ 3 \end{cases} \\ b &= 4 \end{aligned}",
        r"\frac12 \\ 3",
    ],
)
def test_other_rows_stay(tex):
    """Low rows, rows with a length of their own, and rows of inner environments."""
    assert with_gaps(tex) == tex


def test_tall_rows_are_set_apart():
    """Where a fraction or a sum stands in one of them."""
    assert with_gaps(f"x {HALVES} y") == f"x {HALVES} y".replace(r"\\ b", r"\\[0.5em] b")
