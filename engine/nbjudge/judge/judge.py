"""The judge: it runs test cells in a trusted process, outside the student's kernel.

A name that a test cell uses and that is neither a builtin nor defined by test cells themselves is
asked for in the student's kernel; a function becomes a stand-in that calls there. What the student
wrote never runs here, so it can neither see a test nor change what a comparison means.

`nbjudge.judge.client` starts a judge for every notebook.
"""

from __future__ import annotations

import ast
import builtins
import contextlib
import importlib
import io
import linecache
import socket
import traceback
import types
from pathlib import Path
from typing import Any

from nbjudge.wire.encoder import Encoder
from nbjudge.wire.frames import Channel, Limits
from nbjudge.wire.peer import CallFailed, Peer

_LONGEST_OUTPUT = 1 << 20
_MODULES = frozenset(
    {"numpy", "scipy", "math", "cmath", "statistics", "itertools", "functools", "collections"}
    | {"random", "re", "matplotlib", "pandas", "sklearn", "string", "operator", "copy", "time"}
)
"""Modules that a test cell may take from the student's names: it gets the judge's own."""


class _Behind(dict):
    """The builtins of test cells, and behind them what the student's kernel has.

    Python looks here for what a test cell has not defined itself, in class bodies and in functions
    too; a builtin comes before a student's thing of the same name.
    """

    def __init__(self, peer: Peer, deleted: set[str]) -> None:
        super().__init__(vars(builtins))
        self.peer = peer
        self.asked: dict[str, Any] = {}
        self._deleted = deleted

    def __missing__(self, name: str) -> Any:
        if name in self._deleted:
            raise KeyError(name)
        if name in self.asked:
            return self.asked[name]
        try:
            value = self.peer.name(name)
        except NameError:
            raise KeyError(name) from None
        if isinstance(value, types.ModuleType):
            if value.__name__.split(".")[0] not in _MODULES:
                raise CallFailed(f"{name} is a module that the test does not import")
            value = importlib.import_module(value.__name__)
        elif callable(value) and not isinstance(value, type):
            # By name, so that it is the function that the student has at the time of the call.
            value = self.asked[name] = self.peer.stand_in(name, name)
        return value


class Namespace(dict):
    """What test cells define, in front of what the student's kernel has.

    Parameters
    ----------
    peer : Peer
        The line to the kernel.
    """

    def __init__(self, peer: Peer) -> None:
        self._deleted: set[str] = set()
        self.behind = _Behind(peer, self._deleted)
        super().__init__(__name__="__main__", __builtins__=self.behind, __doc__=None)

    def new_cell(self, peer: Peer) -> None:
        """Ask again for every name: a student's cell may have changed it."""
        self.behind.peer = peer
        self.behind.asked.clear()

    def __delitem__(self, name: str) -> None:
        if name in self:
            super().__delitem__(name)
        else:
            self.behind[name]  # a name that nobody has cannot be deleted
        self._deleted.add(name)

    def __setitem__(self, name: str, value: Any) -> None:
        self._deleted.discard(name)
        super().__setitem__(name, value)


class _Output(io.TextIOBase):
    """Keep the first part of what is printed."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = _LONGEST_OUTPUT

    def write(self, text: str) -> int:
        kept = text[: self.room]
        self.room -= len(kept)
        self.parts.append(kept)
        return len(text)

    def writable(self) -> bool:
        return True


class Judge:
    """Run the test cells of one notebook."""

    def __init__(self) -> None:
        self.peer: Peer | None = None
        self.namespace: Namespace | None = None
        self._cells = 0

    def connect(self, line: socket.socket, limits: Limits) -> None:
        """Take a line to a kernel: the first one, or the one that takes its place."""
        if self.peer is not None:
            self.peer.channel.connection.close()
        self.peer = Peer(Channel(line, limits), self._find)
        if self.namespace is None:
            self.namespace = Namespace(self.peer)

    def _find(self, name: str) -> Any:
        """Refuse: the kernel may call what it was given, and nothing by name."""
        raise NameError(f"name {name!r} is not defined")

    def run_cell(self, source: str) -> dict[str, Any]:
        """Run one test cell.

        Parameters
        ----------
        source : str
            Its Python.

        Returns
        -------
        dict
            ``status`` is "ok" only for a clean pass. Then ``result`` is the text of the cell's last
            value, or None; otherwise there are ``ename``, ``evalue`` and ``traceback``. ``line`` is
            false if the kernel cannot be talked to any more.
        """
        assert self.peer is not None and self.namespace is not None
        self._cells += 1
        self.peer.failure = None
        self.namespace.new_cell(self.peer)
        output, result = _Output(), None
        verdict: dict[str, Any] = {"status": "ok"}
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            try:
                result = self._execute(source, f"<test cell {self._cells}>")
                result = None if result is None else repr(result)[:_LONGEST_OUTPUT]
            except BaseException as error:  # whatever ends a test early is no pass
                verdict = _error(error)
        if self.peer.failure is not None and verdict["status"] == "ok":
            verdict = _error(CallFailed(self.peer.failure))
        with contextlib.suppress(OSError):
            self.peer.channel.send(Encoder().frame({"do": "end"}))
        self.peer.forget()
        return verdict | {
            "result": result,
            "output": "".join(output.parts),
            "line": not self.peer.lost,
        }

    def _execute(self, source: str, name: str) -> Any:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        tree = ast.parse(source, name)
        last = None
        if tree.body and isinstance(tree.body[-1], ast.Expr) and not source.rstrip().endswith(";"):
            last = ast.Expression(tree.body.pop().value)
        exec(compile(tree, name, "exec", dont_inherit=True), self.namespace)
        if last is None:
            return None
        return eval(compile(last, name, "eval", dont_inherit=True), self.namespace)


def _error(error: BaseException) -> dict[str, Any]:
    name = getattr(error, "name", None) if type(error).__name__ == "RemoteError" else None
    try:
        text = str(error)[:_LONGEST_OUTPUT]
        lines = traceback.format_exception(error, limit=-20)
    except Exception as second:  # a message of a test's own making may fail as well
        text, lines = f"(no message: {type(second).__name__})", []
    inside = str(Path(__file__).parents[1])
    lines = [line[:10_000] for line in lines if inside not in line]
    return {
        "status": "error",
        "ename": str(name or type(error).__name__),
        "evalue": text,
        "traceback": lines or [text],
    }
