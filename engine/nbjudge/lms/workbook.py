"""A table as a workbook of Excel's kind."""

from __future__ import annotations

import re
from pathlib import Path

from nbjudge.lms.table import Table, TableError, safe

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def write_workbook(table: Table, path: Path, numbers: set[str]) -> None:
    """Write a table as a workbook; texts are texts, whatever they begin with.

    Parameters
    ----------
    table : Table
        It.
    path : Path
        Where; replaced in one step.
    numbers : set of str
        The heads of the columns that hold numbers.

    Raises
    ------
    TableError
        If openpyxl is missing.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.styles import Font
    except ModuleNotFoundError:
        raise TableError(
            "a workbook needs openpyxl: pip install 'nbjudge[xlsx]', or export --to csv"
        ) from None
    book = Workbook()
    sheet = book.active
    sheet.title = "grades"
    for row, fields in enumerate([table.heads, *table.rows], 1):
        for column, field in enumerate(fields, 1):
            cell = sheet.cell(row, column)
            if row > 1 and table.heads[column - 1] in numbers and _NUMBER.fullmatch(field):
                cell.value = float(field)
                continue
            cell.value = _printable(safe(field))
            cell.data_type = "s"  # never a formula
            if row == 1:
                cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    part = path.with_name(f".{path.name}.part")
    book.save(part)
    part.replace(path)


def _printable(text: str) -> str:
    """Return a text without the characters that a workbook cannot hold."""
    return "".join(sign for sign in text if sign >= " " or sign in "\t\n\r")
