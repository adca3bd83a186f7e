"""The answers of a submission as they were handed in: source that the trusted side has itself.

A test that looks at a function's source or code is shown what stands in the notebook, and not what
the kernel says of it. Nothing of it is run here.
"""

from __future__ import annotations

import contextlib
import linecache
import types
from collections.abc import Iterator

from nbjudge.judge.cell_source import bound_names, plain_python

_MOST_SOURCE = 1 << 20


class Answers:
    """The cells of the submission that were run so far."""

    def __init__(self) -> None:
        self._sources: list[str] = []
        self._codes: dict[int, types.CodeType | None] = {}

    def add(self, sources: list[str]) -> set[str]:
        """Take cells that were run; return the names that they bind."""
        self._sources += sources
        return {name for source in sources for name in bound_names(source)}

    def code_of(self, name: str) -> types.CodeType | None:
        """Return the code of the function that was defined last under a name.

        Parameters
        ----------
        name : str
            The function's; for a method, that of its class and a dot before it.
        """
        *outer, own = name.split(".")
        first = f"class {outer[0]}" if outer else f"def {own}"
        for number in range(len(self._sources) - 1, -1, -1):
            if first not in self._sources[number]:
                continue
            found = self._compiled(number)
            for part in (*outer, own):
                found = next((code for code in _inside(found) if code.co_name == part), None)
            if found is not None:
                return found
        return None

    def _compiled(self, number: int) -> types.CodeType | None:
        if number not in self._codes:
            self._codes[number] = None
            source, file = self._sources[number], f"<answer {number + 1}>"
            if len(source) <= _MOST_SOURCE:
                with contextlib.suppress(SyntaxError, ValueError, RecursionError, MemoryError):
                    self._codes[number] = compile(
                        plain_python(source), file, "exec", dont_inherit=True
                    )
                linecache.cache[file] = len(source), None, source.splitlines(keepends=True), file
        return self._codes[number]


def _inside(code: types.CodeType | None) -> Iterator[types.CodeType]:
    """Yield the code of the functions and classes at the top of a cell or class, the last first."""
    if code is not None:
        yield from (c for c in reversed(code.co_consts) if isinstance(c, types.CodeType))
