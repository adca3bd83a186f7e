"""Tables that other programs exported: their encoding, their separator, and where a row stands."""

from __future__ import annotations

import codecs
import csv
import io
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbjudge.untrusted_text import for_spreadsheet, one_line

_LARGEST = 64 << 20
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?%?|-+")


class TableError(ValueError):
    """A table cannot be used; the message says which, where, and what to do."""


@dataclass
class Table:
    """A table as a program exported it.

    Attributes
    ----------
    path : Path
        The file.
    heads : list of str
        Its columns.
    rows : list of list of str
        What stands below them, each row as long as the heads.
    lines : list of int
        By row, the line of the file that it begins in.
    delimiter : str
        What separates columns.
    mark : bool
        Whether the file begins with a byte order mark.
    """

    path: Path
    heads: list[str]
    rows: list[list[str]]
    lines: list[int]
    delimiter: str = ","
    mark: bool = False

    def fault(self, number: int, what: str) -> TableError:
        """Return an error that names the line of a row."""
        return TableError(f"{self.path.name}, line {self.lines[number]}: {what}")

    def write(self, path: Path, kept: Sequence[int] = ()) -> None:
        """Write the table as it was exported, with no field that a spreadsheet would run.

        Parameters
        ----------
        path : Path
            Where; replaced in one step.
        kept : sequence of int
            The columns by which the system knows its rows again, which stay as they are.
        """
        text = io.StringIO()
        writer = csv.writer(text, delimiter=self.delimiter, lineterminator="\r\n")
        for number, row in enumerate([self.heads, *self.rows]):
            writer.writerow(
                [
                    field if number and column in kept else safe(field)
                    for column, field in enumerate(row)
                ]
            )
        part = path.with_name(f".{path.name}.part")
        mark = codecs.BOM_UTF8 if self.mark else b""
        part.write_bytes(mark + text.getvalue().encode())
        part.replace(path)


def safe(field: str) -> str:
    """Return a field that no spreadsheet takes for a formula; a number stays, and so does a dash.

    Examples
    --------
    >>> safe("=1+1"), safe("-1.5"), safe("+49 30 1"), safe("    Points Possible")
    ("'=1+1", '-1.5', "'+49 30 1", '    Points Possible')
    """
    return field if _NUMBER.fullmatch(field) else for_spreadsheet(field)


def read_table(path: Path) -> Table:
    """Read a table in UTF-8 or UTF-16, with commas, semicolons or tabs.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    TableError
        If it is not there, is not text in one of these encodings, or has no heads.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise TableError(f"{path}: {path.stat().st_size} bytes are no table of a class")
        data = path.read_bytes()
    except OSError as error:
        raise TableError(f"{path}: cannot be read ({error.strerror})") from None
    if data.startswith(b"PK\x03\x04"):
        raise TableError(f"{path}: this is a workbook or a zip: save the table as CSV (UTF-8)")
    text = _decode(path, data)
    delimiter = _delimiter(text)
    limit = csv.field_size_limit(sys.maxsize)
    rows: list[list[str]] = []
    lines: list[int] = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        before = 0
        for row in reader:
            if any(field.strip() for field in row):
                rows.append(row)
                lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        raise TableError(f"{path.name}, line {len(rows) + 1}: {one_line(str(error))}") from None
    finally:
        csv.field_size_limit(limit)
    if not rows:
        raise TableError(f"{path}: the table is empty")
    heads = rows[0]
    table = Table(path, heads, [], lines[1:], delimiter, data.startswith(codecs.BOM_UTF8))
    for number, row in enumerate(rows[1:]):
        if len(row) > len(heads) and any(row[len(heads) :]):
            raise table.fault(
                number, f"{len(row)} fields, and the table has {len(heads)} columns: is a text "
                "with a comma not in quotation marks?"
            )  # fmt: skip
        table.rows.append((row + [""] * len(heads))[: len(heads)])
    return table


def _decode(path: Path, data: bytes) -> str:
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if utf16 else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise TableError(
            f"{path.name}, line {line}: not UTF-8 text (byte {error.start}): save it as CSV UTF-8"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise TableError(f"{path.name}, line {line}: a byte that is no text: is this a CSV file?")
    return text


def _delimiter(text: str) -> str:
    """Tell the separator by the heads, what stands in quotation marks left out."""
    first = re.sub(r'"[^"]*"', "", next(iter(text.splitlines()), ""))
    return max(",;\t", key=first.count)
