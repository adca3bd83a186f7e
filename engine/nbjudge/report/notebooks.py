"""Read what became of submissions from their autograded notebooks: messages, and the answers."""

from __future__ import annotations

import json
import multiprocessing
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbjudge.cpus import usable_cpus
from nbjudge.untrusted_text import encodable

_MANY = 400
"""The notebooks from which on it is faster to read them in several processes."""
_LONGEST_MESSAGE = 2_000
_LONGEST_ANSWER = 20_000
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_ASSERTION = re.compile(r"\s*(?:-+>\s*\d+\s+)?(assert\b.{0,300})")


@dataclass(frozen=True)
class Message:
    """What a test said.

    Attributes
    ----------
    kind : str
        The error's name; empty for a test that ended in a number of points, or said nothing.
    text : str
        The error's message, or the number.
    """

    kind: str
    text: str


@dataclass
class ReadNotebook:
    """What was read of an autograded notebook, by ``grade_id``.

    Attributes
    ----------
    order : list of str
        nbgrader's cells in their order.
    messages : dict of str to Message
        What each test said.
    answers : dict of str to str
        The text of each answer.
    prose : set of str
        Those that are no code.
    texts : dict of str to str
        The text of each cell. Before it is graded, a notebook says itself which are answers.
    """

    order: list[str] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)
    prose: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)


def read_notebook(path: Path) -> ReadNotebook | None:
    """Read a notebook; None if there is none that can be read.

    Parameters
    ----------
    path : Path
        The file. Nothing in it is taken to be of the form that it should have.
    """
    try:
        cells = json.loads(path.read_bytes())["cells"]
        found = ReadNotebook()
        for cell in cells if isinstance(cells, list) else []:
            _read_cell(cell, found)
    except (OSError, ValueError, RecursionError, KeyError, TypeError):
        return None
    return found


def _read_cell(cell: Any, found: ReadNotebook) -> None:
    if not isinstance(cell, dict):
        return
    metadata = cell.get("metadata")
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = marks.get("grade_id") if isinstance(marks, dict) else None
    if not isinstance(marks, dict) or not isinstance(name, str):
        return
    name = encodable(name)
    found.order.append(name)
    found.texts[name] = _text(cell.get("source"))[:_LONGEST_ANSWER]
    if marks.get("solution"):
        found.answers[name] = found.texts[name]
        if cell.get("cell_type") != "code":
            found.prose.add(name)
    elif marks.get("grade"):
        message = _message(cell.get("outputs"))
        if message is not None:
            found.messages[name] = message


def _message(outputs: Any) -> Message | None:
    """Return the error of a test, or the number of points that it gave."""
    result = None
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        if output.get("output_type") == "error":
            kind, text = _text(output.get("ename")), _text(output.get("evalue"))
            if kind == "AssertionError" and not text:
                text = _assertion(output.get("traceback"))
            return Message(kind[:200], text[:_LONGEST_MESSAGE])
        if output.get("output_type") == "execute_result" and isinstance(output.get("data"), dict):
            result = Message("", _text(output["data"].get("text/plain"))[:100])
    return result


def _assertion(traceback: Any) -> str:
    """Return the line that failed, of an assertion without words."""
    lines = [_COLOUR.sub("", line) for line in _text(traceback).splitlines()]
    found = [match[1] for line in lines if (match := _ASSERTION.match(line))]
    return found[-1] if found else ""


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    return encodable(value) if isinstance(value, str) else ""


def read_all(paths: Mapping[Any, Path]) -> Iterator[tuple[Any, ReadNotebook | None]]:
    """Read notebooks, several at a time where there are many.

    Parameters
    ----------
    paths : mapping of object to Path
        The files.

    Yields
    ------
    tuple of object and ReadNotebook
        The key of a file and what was read, in the order of the files.
    """
    if len(paths) < _MANY or len(usable_cpus()) < 2:
        yield from ((key, read_notebook(path)) for key, path in paths.items())
        return
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("fork")) as pool:
        read = pool.map(read_notebook, paths.values(), chunksize=50)
        yield from zip(paths, read, strict=True)


def cell_order(paths: Iterable[Path]) -> list[str]:
    """Return the order of nbgrader's cells in the first of some files that can be read."""
    for path in paths:
        read = read_notebook(path)
        if read is not None and read.order:
            return read.order
    return []
