"""The canonical form of a committed notebook: how it is checked, and how it is made.

A notebook is committed with its outputs, so two people who run the same notebook must write the
same bytes. ``python -m publishing canonical`` checks the notebooks of ``book/`` and prints what
deviates; with ``--write`` it brings them into form, and with ``--execute`` it runs them first, so
that the outputs are new and the execution counts run from 1 to n.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from .files import NotebookError, book_notebooks, load_notebook

CELL_METADATA = ("mystnb", "nbgrader", "tags")
"""The cell metadata that is kept; timings, scroll states and the like are not."""

NOTEBOOK_METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
"""The notebook metadata, the same for every notebook: no versions, no machine names."""

_MEMORY_ADDRESS = re.compile(r"\b(?:at )?0x[0-9a-f]{6,}\b")
_ABSOLUTE_PATH = re.compile(r"(?<![\w./])/(?:home|root|tmp|Users|work|usr|var)/\S+")
_CELL_SECONDS = 120


def canonical(notebook: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook in canonical form; outputs keep their content.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook in nbformat 4. It is not changed.

    Returns
    -------
    NotebookNode
        The same cells, with ``id`` equal to ``grade_id`` where a cell has one, without metadata
        that depends on the machine or the moment, and with execution counts from 1 to n.
    """
    notebook = nbformat.from_dict(notebook)
    taken = {
        cell.metadata.nbgrader.grade_id for cell in notebook.cells if "nbgrader" in cell.metadata
    }
    executed = 0
    for number, cell in enumerate(notebook.cells, start=1):
        cell.metadata = NotebookNode(
            {key: cell.metadata[key] for key in CELL_METADATA if cell.metadata.get(key)}
        )
        if "nbgrader" in cell.metadata:
            cell.id = cell.metadata.nbgrader.grade_id
        elif not cell.get("id") or cell.id in taken:
            cell.id = f"cell-{number:03d}"
        taken.add(cell.id)
        cell.source = "\n".join(line.rstrip() for line in cell.source.strip("\n").split("\n"))
        if "attachments" in cell and not cell.attachments:
            del cell["attachments"]
        if cell.cell_type != "code":
            continue
        if cell.source.strip():
            executed += 1
            cell.execution_count = executed
        else:
            cell.execution_count = None
        cell.outputs = _merge_streams(cell.outputs)
        for output in cell.outputs:
            if "metadata" in output:
                output.metadata = NotebookNode()
            if output.output_type == "execute_result":
                output.execution_count = cell.execution_count
    notebook.metadata = nbformat.from_dict(NOTEBOOK_METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def _merge_streams(outputs: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring outputs of one stream, whose split depends on timing."""
    merged: list[NotebookNode] = []
    for output in outputs:
        last = merged[-1] if merged else None
        if (
            last is not None
            and output.output_type == last.output_type == "stream"
            and output.name == last.name
        ):
            last.text += output.text
        else:
            merged.append(output)
    return merged


def deviations(notebook: NotebookNode) -> list[str]:
    """List how a notebook deviates from the canonical form, one sentence each.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook in nbformat 4.

    Returns
    -------
    list of str
        Empty for a canonical notebook.
    """
    found = []
    expected = canonical(notebook)
    if notebook.metadata != expected.metadata:
        found.append(
            "the notebook's metadata is not the course's (kernelspec and language name only)"
        )
    ids = [cell.get("id") for cell in notebook.cells]
    found += [
        f"the cell id {name!r} is used twice"
        for name in sorted({i for i in ids if ids.count(i) > 1})
    ]
    for number, (cell, wanted) in enumerate(
        zip(notebook.cells, expected.cells, strict=True), start=1
    ):
        place = f"cell {number} ({cell.get('id')})"
        if cell.get("id") != wanted.id:
            found.append(f"{place}: the id should be {wanted.id!r}")
        if cell.metadata != wanted.metadata:
            surplus = sorted(set(cell.metadata) - set(wanted.metadata))
            found.append(f"{place}: metadata that is not kept: {', '.join(surplus)}")
        if cell.source != wanted.source:
            found.append(f"{place}: blank lines at its ends, or blanks at the end of a line")
        if cell.cell_type == "code":
            found += [f"{place}: {what}" for what in _output_deviations(cell, wanted)]
    return found


def _output_deviations(cell: NotebookNode, wanted: NotebookNode) -> list[str]:
    found = []
    if cell.execution_count != wanted.execution_count:
        found.append(f"execution count {cell.execution_count}, should be {wanted.execution_count}")
    if len(cell.outputs) != len(wanted.outputs):
        found.append("one stream is split into several outputs")
    for output in cell.outputs:
        if output.output_type == "error":
            found.append(f"the committed output is an error: {output.ename}: {output.evalue}")
        if output.output_type == "stream" and output.name == "stderr":
            found.append("the committed output holds a warning or other text on stderr")
        if output.get("metadata"):
            found.append("an output has metadata")
        text = output.get("text", "") or output.get("data", {}).get("text/plain", "")
        if _ABSOLUTE_PATH.search(text):
            found.append(
                f"an output names a path of this machine: {_ABSOLUTE_PATH.search(text)[0]}"
            )
        if _MEMORY_ADDRESS.search(text):
            found.append(f"an output holds a memory address: {_MEMORY_ADDRESS.search(text)[0]}")
    return found


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run a notebook from top to bottom in a fresh kernel, which draws figures as SVG.

    Parameters
    ----------
    notebook : NotebookNode
        The notebook. It is not changed.
    folder : Path
        The working directory of the kernel.

    Returns
    -------
    NotebookNode
        The notebook with the new outputs.

    Raises
    ------
    nbclient.exceptions.CellExecutionError
        If a cell raises; the message holds the cell and the traceback.
    """
    from nbclient import NotebookClient

    notebook = nbformat.from_dict(notebook)
    client = NotebookClient(
        notebook,
        timeout=_CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=["--InlineBackend.figure_formats=svg"],
    )
    # Figures say neither when they were drawn nor what chance has named their parts.
    style = Path(__file__).with_name("matplotlibrc")
    return client.execute(env={**os.environ, "MATPLOTLIBRC": str(style), "SOURCE_DATE_EPOCH": "0"})


def write_notebook(notebook: NotebookNode, path: Path) -> bool:
    """Write a notebook if its bytes change, replacing the file in one step.

    Parameters
    ----------
    notebook : NotebookNode
        A notebook in canonical form.
    path : Path
        The file to write.

    Returns
    -------
    bool
        Whether the file was written.
    """
    text = nbformat.writes(notebook).rstrip("\n") + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    part = path.with_suffix(".ipynb.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return True


def main(arguments: Sequence[str] | None = None, course: Path = Path()) -> int:
    """Check notebooks, or bring them into canonical form; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing canonical", description=__doc__)
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: every notebook of book/")
    parser.add_argument("--write", action="store_true", help="write the canonical form")
    parser.add_argument("--execute", action="store_true", help="run first, then write")
    options = parser.parse_args(arguments)
    failures = 0
    for path in options.notebooks or book_notebooks(course):
        try:
            notebook = load_notebook(path)
            if options.execute:
                notebook = execute(notebook, path.parent)
            if options.write or options.execute:
                notebook = canonical(notebook)
                if write_notebook(notebook, path):
                    print(f"{path}: written")
            problems = deviations(notebook)
        except NotebookError as error:
            problems = [str(error)]
        for problem in problems:
            failures += 1
            print(f"{path}: {problem}", file=sys.stderr)
    if failures and not options.write:
        print("`make format` brings notebooks into canonical form.", file=sys.stderr)
    return 1 if failures else 0
