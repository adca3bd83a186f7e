"""Untrusted text: for a terminal, for a spreadsheet, and for files in UTF-8."""

from __future__ import annotations

from typing import Any

_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_LONGEST = 500


def printable(text: str) -> str:
    r"""Return a text in one line, without what moves a terminal's cursor or colours it.

    Examples
    --------
    >>> print(printable("two\nlines, \x1b[2Jand the screen wiped"))
    two\nlines, \x1b[2Jand the screen wiped
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text
    )


def printable_lines(text: str) -> str:
    r"""Return a text whose line breaks the engine itself has made, each line as by `printable`.

    Examples
    --------
    >>> print(printable_lines("two\nlines\x07"))
    two
    lines\x07
    """
    return "\n".join(map(printable, text.split("\n")))


def one_line(text: str, most: int = _LONGEST) -> str:
    """Return a text as by `printable`, cut to so many characters.

    Examples
    --------
    >>> one_line("x" * 600, 12)
    'xxxxxxxxxxx…'
    """
    text = printable(text[: most + 1])
    return text if len(text) <= most else f"{text[: most - 1]}…"


def encodable(value: Any) -> Any:
    r"""Return plain data in which every text can be written as UTF-8.

    JSON may hold half of a character; in its place stands the replacement character.

    Examples
    --------
    >>> encodable({"text": ["whole", "half \ud800"]})
    {'text': ['whole', 'half �']}
    """
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, dict):
        for key, item in list(value.items()):
            name, fit = encodable(key), encodable(item)
            if name != key:
                del value[key]
            if name != key or fit is not item:
                value[name] = fit
    elif isinstance(value, list):
        for place, item in enumerate(value):
            fit = encodable(item)
            if fit is not item:
                value[place] = fit
    return value


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
