"""A student's words where programs would act on them: in a terminal, and in a spreadsheet."""

from __future__ import annotations

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def printable(text: str) -> str:
    r"""Return a text without what moves a terminal's cursor, colours it or writes its title.

    Examples
    --------
    >>> printable("two\nlines, \x1b[2Jand the screen wiped")
    'two\nlines, \\x1b[2Jand the screen wiped'
    """
    return "\n".join(
        "".join(
            sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in line
        )
        for line in text.split("\n")
    )


def for_spreadsheet(value: object) -> str:
    """Return a field of a table that no spreadsheet takes for a formula: ``'`` stands before it.

    Numbers stay as they are. `from_spreadsheet` gives back what it was.

    Examples
    --------
    >>> for_spreadsheet("=1+1"), for_spreadsheet(-1.5), for_spreadsheet("ada")
    ("'=1+1", '-1.5', 'ada')
    """
    text = "" if value is None else str(value)
    if isinstance(value, (int, float)) or not text.lstrip("'").startswith(_FORMULAS):
        return text
    return f"'{text}"


def from_spreadsheet(field: str) -> str:
    """Return what a field was before `for_spreadsheet`."""
    if field.startswith("'") and field.lstrip("'").startswith(_FORMULAS):
        return field[1:]
    return field
