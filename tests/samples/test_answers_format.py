"""How a bank of answers is read."""

import pytest

from samples.answers import read_bank

BANK = """# %% right: a loop
def double(x):
    return x + x


# %% wrong: adds one
# fails: double_of_two, double_of_zero
def double(x):
    return x + 1
"""


def test_answers_are_read_in_order(tmp_path):
    """Title, failures and source of each answer; the line of failures is not part of the source."""
    path = tmp_path / "double.py"
    path.write_text(BANK, encoding="utf-8")
    right, wrong = read_bank(path)
    assert (right.exercise, right.title, right.is_right) == ("double", "a loop", True)
    assert right.source == "def double(x):\n    return x + x"
    assert wrong.fails == {"double_of_two", "double_of_zero"}
    assert wrong.source == "def double(x):\n    return x + 1"


@pytest.mark.parametrize(
    "bank",
    [
        "# %% a loop\nx = 1\n",
        "# %% wrong: says not what it fails\nx = 1\n",
        "# %% right: fails something\n# fails: a_test\nx = 1\n",
    ],
)
def test_a_header_that_says_too_little_is_refused(tmp_path, bank):
    """The message names the file."""
    path = tmp_path / "double.py"
    path.write_text(bank, encoding="utf-8")
    with pytest.raises(ValueError, match=r"double\.py"):
        read_bank(path)
