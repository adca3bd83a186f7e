"""The cells of a submitted notebook, from its JSON; what is no notebook is named in plain words.

What Python or nbformat say of such a file, as of a depth of recursion or of an attribute, tells an
instructor nothing, nor the student to whom they send it on.
"""

from __future__ import annotations

import contextlib
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import nbformat
from nbformat import NotebookNode, ValidationError
from traitlets.log import get_logger

_DEPTH = 50
_NEWEST = 4
_TYPES = ("code", "markdown", "raw")
_LONGEST = 120  # of what the schema says; it may hold the whole cell
_KINDS = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
_TOO_DEEP = "its parts are nested deeper than those of any notebook"


class NotebookError(ValueError):
    """A text that is no notebook; the message says why."""


def plain_cells(text: str) -> list[dict[str, Any]] | None:
    """Return the cells of a notebook that is plainly one of nbformat 4, None of any other.

    nbformat copies each part of a notebook into objects of its own before it looks at it. A
    coordinator reads every submission; what is found sound here needs no copy.
    """
    try:
        notebook = json.loads(text)
        if type(notebook) is not dict or notebook.get("nbformat") != _NEWEST or _is_deep(notebook):
            return None
        with warnings.catch_warnings():  # of what nbformat mends by itself
            warnings.simplefilter("ignore")
            nbformat.validate(notebook, relax_add_props=True)
    except Exception:  # what is wrong, if anything is, `cells_by_nbformat` says
        return None
    cells: list[dict[str, Any]] = notebook["cells"]
    for cell in cells:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
    return cells


def _is_deep(value: Any) -> bool:
    """Whether something from JSON is nested deeper than a notebook is by itself."""
    level: list[Any] = [[value]]
    for _ in range(_DEPTH):
        below = [
            part for each in level for part in each if type(part) is dict or type(part) is list
        ]
        if not below:
            return False
        level = [part.values() if type(part) is dict else part for part in below]
    return True


def cells_by_nbformat(text: str) -> list[dict[str, Any]]:
    """Return the cells of a notebook of any format, as nbformat reads them.

    Raises
    ------
    NotebookError
        If it is no notebook.
    """
    try:
        fault = _fault(json.loads(text))
    except RecursionError:
        fault = _TOO_DEEP
    except ValueError as error:
        raise NotebookError("not a notebook, the file is not JSON") from error
    if fault is not None:
        raise NotebookError(f"JSON, but not a notebook ({fault})")
    try:
        with warnings.catch_warnings(), _nbformat_unheard():
            warnings.simplefilter("ignore")
            notebook: NotebookNode = nbformat.convert(nbformat.reader.reads(text), _NEWEST)
            nbformat.validate(notebook, relax_add_props=True)
    except Exception as error:  # whatever JSON may do to nbformat, which documents no list
        raise NotebookError(f"JSON, but not a notebook ({_why(error)})") from error
    cells: list[dict[str, Any]] = notebook.get("cells", [])
    return cells


@contextlib.contextmanager
def _nbformat_unheard() -> Iterator[None]:
    """Keep out of the terminal what nbformat logs of a notebook: pages of a schema."""
    found = get_logger()
    log = found if isinstance(found, logging.Logger) else found.logger
    before, log.disabled = log.disabled, True
    try:
        yield
    finally:
        log.disabled = before


def _fault(value: Any) -> str | None:
    """Say by which of its largest parts something from JSON is no notebook, if by one of them."""
    if type(value) is not dict:
        return f"it is {_kind(value)}, and not an object"
    version = value.get("nbformat")
    if isinstance(version, bool) or not isinstance(version, int | float):
        return "it does not say by a number which nbformat it has"
    if version not in range(1, _NEWEST + 1):
        return f"it says nbformat {version:.12g}, and {_NEWEST} is the newest that is read"
    if version != _NEWEST:
        return None
    if type(value.get("metadata")) is not dict:
        return "its metadata is not an object"
    cells = value.get("cells")
    if type(cells) is not list:
        return "it has no list of cells"
    faults = ((number, _cell_fault(cell)) for number, cell in enumerate(cells, 1))
    return next((f"cell {number} {fault}" for number, fault in faults if fault), None)


def _cell_fault(cell: Any) -> str | None:
    if type(cell) is not dict:
        return f"is {_kind(cell)}, and not an object"
    kind = cell.get("cell_type")
    if kind not in _TYPES:
        return f"is of the type {str(kind)[:30]!r}, which is none of {', '.join(_TYPES)}"
    return None if "source" in cell else "has no source"


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a number")


def _why(error: Exception) -> str:
    """Say why nbformat refuses a notebook: in the words of its schema, and in no others."""
    if isinstance(error, RecursionError):
        return _TOO_DEEP
    if not isinstance(error, ValidationError) or not isinstance(error.validator, str):
        return "a part of it has another form than nbformat has"
    first = next(iter(error.message.splitlines()), "")
    place = [*error.absolute_path]
    where = f"cell {place[1] + 1}: " if place[:1] == ["cells"] and len(place) > 1 else ""
    return where + (first if len(first) <= _LONGEST else "it has another form than nbformat has")
