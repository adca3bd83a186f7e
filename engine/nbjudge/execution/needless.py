"""Which cells of a submission nobody needs: as they were released, and of no use to any other.

A chapter shows much that no exercise depends on: an example, a figure, a longer computation. Such
a cell, unchanged, tells a grader nothing that the release does not. It may be left out if nothing
that runs after it could tell: no answer, no test, no cell that the student changed or added.

Told from the code alone, it is held to be needed as soon as it binds a name that a needed cell
reads, reads one that a needed cell binds (it might change the object), changes a setting, writes a
file, or calls a function that may keep something of the call.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import replace

from nbformat import NotebookNode
from nbgrader import utils

from nbjudge.execution.cell_facts import CellFacts, Function, facts_of
from nbjudge.execution.cell_names import Use
from nbjudge.execution.libraries import is_global_generator, keeps_something
from nbjudge.execution.placeholders import NOT_RUN, placeholder
from nbjudge.execution.released import digest

_ALONE = frozenset({"altair"})
_EVERYTHING, _GENERATOR = "*", "numpy.random"
_WORDS = re.compile(r"\w+")
_BUILTINS = frozenset(dir(builtins))


def needless_cells(
    cells: Sequence[NotebookNode], plain: Container[str], judged: Container[int] = ()
) -> frozenset[int]:
    """Find the cells that may be left out.

    Parameters
    ----------
    cells : sequence of NotebookNode
        All cells of a submission, its tests restored.
    plain : container of str
        Digests of the cells that are as they were released, answers and tests left out.
    judged : container of int
        Indices of the test cells that the judge runs: what they bind stays there, but for names
        that answers bind, too.

    Returns
    -------
    frozenset of int
        Their indices; none if some cell may read names that do not stand in it.
    """
    facts = {
        index: facts_of(cell.source)
        for index, cell in enumerate(cells)
        if cell.cell_type == "code" and cell.source.strip()
    }
    if any(cell.obscure for cell in facts.values()):
        return frozenset()
    of_answers = {n for i, cell in facts.items() if utils.is_solution(cells[i]) for n in cell.binds}
    for i in facts:
        if i in judged:
            facts[i] = replace(facts[i], binds=facts[i].binds & of_answers)
    wanted = {i for i in facts if _is_wanted(cells[i], plain)}
    behind = {i for i in facts if i > max(wanted, default=-1)}
    before = {i: cell for i, cell in facts.items() if i not in behind}
    names = _Names(before)
    needed = wanted | {i for i, cell in before.items() if cell.acts}
    left = {i: cell for i, cell in before.items() if i not in needed}
    while True:
        bound = {name for i in needed for name in before[i].binds}
        read = {name for i in needed for name in before[i].reads}
        used = names.packages(read) | {_EVERYTHING}
        used |= {_GENERATOR} if any(names.draws(before[i].uses) for i in needed) else set()
        more = {
            i
            for i, cell in left.items()
            if cell.binds & read
            or names.may_change(cell, bound)
            or names.set_by(cell.uses) & used
            or (cell.draws and _GENERATOR in used)
        }
        if not more:
            return frozenset(behind | set(left))
        needed |= more
        left = {i: cell for i, cell in left.items() if i not in more}


def needless_cell_missed(cells: Sequence[NotebookNode], needless: Container[int]) -> bool:
    """Return whether something failed for a name that only a cell left out would have bound.

    That is a last resort, for code that finds names in ways that nobody can read off it.
    """
    code = [(i, cell) for i, cell in enumerate(cells) if cell.cell_type == "code"]
    names = {n for i, cell in code if i in needless for n in facts_of(cell.source).binds}
    errors = [output for _, cell in code for output in cell.outputs if "evalue" in output]
    return any(
        name in names
        for error in errors
        if error.ename in ("NameError", "UnboundLocalError")
        for name in _WORDS.findall(error.evalue)
    )


def say_not_run(cell: NotebookNode) -> None:
    """Put a line in the place of what a cell would have printed and shown."""
    cell.outputs = [placeholder(NOT_RUN)]


def _is_wanted(cell: NotebookNode, plain: Container[str]) -> bool:
    """Return whether a cell is run for its own sake: an answer, a test, what a student wrote."""
    if utils.is_solution(cell) or utils.is_grade(cell):
        return True
    return digest(cell.source.encode()) not in plain


class _Names:
    """What the names of a notebook stand for, as far as every cell that binds one agrees.

    Parameters
    ----------
    facts : mapping of int to CellFacts
        The notebook's code cells.
    """

    def __init__(self, facts: Mapping[int, CellFacts]) -> None:
        cells = list(facts.values())
        self._imports = {
            name: {cell.imports[name] for cell in cells if name in cell.imports}
            for name in {name for cell in cells for name in cell.imports}
        }
        # A module that is handed on may be changed by whoever gets it.
        self._whole = {name for cell in cells for name in cell.modules}
        bound = {name for cell in cells for name in cell.binds}

        rebound = {name for cell in cells for name in cell.rebound}

        def agreed(by: Callable[[CellFacts], Container[str]]) -> set[str]:
            return {n for n in bound - rebound if all(n in by(c) for c in cells if n in c.binds)}

        self._modules = {n for n in agreed(lambda cell: cell.imports) if len(self._imports[n]) == 1}
        self._constants = {
            name
            for name in agreed(lambda cell: cell.constants)
            if {cell.constants.get(name, "") for cell in cells} <= self._modules | {""}
        }
        self._others = bound
        # An attribute of a function that is set, or may be by whoever it is handed to, is kept.
        altered = {use[0] for cell in cells for use in cell.uses if use[-1] == "="}
        altered |= {name for cell in cells if cell.sets for name in cell.hands_on}
        functions: dict[str, list[Function]] = {
            name: [cell.functions[name] for cell in cells if name in cell.functions]
            for name in agreed(lambda cell: cell.functions) - altered
        }
        while True:  # a function that calls another is what the other is
            self._functions = set(functions)
            kept = {n: found for n, found in functions.items() if all(map(self._keeps_none, found))}
            if len(kept) == len(functions):
                break
            functions = kept
        self._keepers = {name for cell in cells for name in cell.defines} - self._functions

    def packages(self, names: Iterable[str]) -> set[str]:
        """Return the libraries that names may come from."""
        return {path.split(".")[0] for name in names for path in self._imports.get(name, ())}

    def set_by(self, uses: frozenset[Use]) -> set[str]:
        """Return the libraries of which code may change a setting, or another lasting state.

        Most libraries are used by others; what `_ALONE` names is used by cells that import it.
        """
        return {
            package if (package := path.split(".")[0]) in _ALONE else _EVERYTHING
            for name, *attributes in uses
            for path in self._imports.get(name, ())
            if keeps_something(path, attributes) or (not attributes and name in self._whole)
        }

    def draws(self, uses: frozenset[Use]) -> bool:
        """Return whether code uses the random generator that all share."""
        return any(
            is_global_generator(path, attributes)
            for name, *attributes in uses
            for path in self._imports.get(name, ())
        )

    def may_change(self, cell: CellFacts, bound: set[str]) -> bool:
        """Return whether a cell may change what one of the names stands for."""
        looked_into = {name for name, *attributes in cell.uses if attributes}
        if cell.calls & self._keepers:
            looked_into |= cell.hands_on
        return any(
            name in bound
            and name not in self._modules | self._constants
            and (name not in self._functions or name in looked_into)
            for name in cell.reads
        )

    def _keeps_none(self, function: Function) -> bool:
        looked_into = {name for name, *attributes in function.uses if attributes}
        return not self.set_by(function.uses) and all(
            name in self._modules | self._constants
            or (name in self._functions and name not in looked_into)
            or (name in _BUILTINS and name not in self._others)
            for name in function.reads
        )
