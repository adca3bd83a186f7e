"""The table that an instructor sees."""

from nbjudge.commands.screen import plain_table
from nbjudge.commands.summary import HEADS, Summary, table_rows


def test_an_assignment_without_submissions_has_no_mean():
    """Nobody handed in: the row says so and nothing is divided by zero."""
    table = plain_table(HEADS, table_rows([Summary("sigmoid", (), 20.0, 0, 2)]))
    assert table.splitlines()[1].split() == ["sigmoid", "0", "–", "–", "–", "20.0", "0", "2"]


def test_columns_line_up():
    """Long names and long figures do not break the columns."""
    rows = table_rows(
        [
            Summary("a_very_long_assignment_name", (0.0, 100.0, 12.5), 123.5, 3, 0),
            Summary("b", (1.0,), 1.0, 0, 0),
        ]
    )
    lines = plain_table(HEADS, rows).splitlines()
    assert len({len(line) for line in lines}) == 1
