"""The time that a page may take for what is slow to read: texts that wear out a lexer or a parser.

Each of them has a limit of its own, and a submission may have thousands of them.
"""

from __future__ import annotations

_OF_A_PAGE = 10.0
_spent = [0.0]


def begin_page() -> None:
    """Begin a page: nothing of its time is used."""
    _spent[0] = 0.0


def spend(seconds: float) -> None:
    """Note what a text has taken."""
    _spent[0] += seconds


def is_used_up() -> bool:
    """Return whether the page has had its time: what may be slow is shown as it was written."""
    return _spent[0] > _OF_A_PAGE
