"""The judge: it runs test cells in a trusted process, outside the student's kernel.

A name that neither a test cell nor the instructor's notebook defines is asked for in the student's
kernel; a function becomes a stand-in that calls there (`nbjudge.judge.namespace`). What the student
wrote does not run here, so it can neither see a test nor change what a comparison means.

`nbjudge.judge.client` starts a judge for every notebook.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import linecache
import socket
import traceback
import types
import warnings
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nbjudge.judge.answers import Answers
from nbjudge.judge.cell_source import bound_names, compiled, with_helpers
from nbjudge.judge.contract import Contract
from nbjudge.judge.namespace import Namespace
from nbjudge.judge.objects import ObjectProxies
from nbjudge.judge.release import Release
from nbjudge.judge.surroundings import SharedSurroundings
from nbjudge.wire import peer as peer_module
from nbjudge.wire.conditions import WarningFilters
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.failures import CallFailed, Failure
from nbjudge.wire.frames import Channel, Limits
from nbjudge.wire.peer import Peer

_LONGEST_OUTPUT = 1 << 20
TEST_CELL = "<test cell {}>"
"""What tracebacks call a test cell."""


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
    """Run the test cells of one notebook.

    Parameters
    ----------
    release : Release, optional
        What the instructor's notebook says of names.
    protected : iterable of str
        The instructor's files in the working folder.
    """

    def __init__(self, release: Release | None = None, protected: Iterable[str] = ()) -> None:
        self.peer: Peer | None = None
        self.answers = Answers()
        self.proxies = ObjectProxies(self._current_peer, self.answers.code_of)
        self.namespace = Namespace(self._current_peer, release or Release(), self.proxies)
        self.shared = SharedSurroundings(self.namespace, self._can_cross, protected)
        self.namespace.share(self.shared)
        self._filters = WarningFilters()
        self._cells = 0

    def _current_peer(self) -> Peer:
        assert self.peer is not None
        return self.peer

    def connect(self, line: socket.socket, limits: Limits) -> None:
        """Take a line to a kernel: the first one, or the one that takes its place."""
        if self.peer is not None:
            self.peer.channel.connection.close()
        self.proxies.new_kernel()
        self.peer = Peer(
            Channel(line, limits),
            self._find,
            filters=self._filters,
            after_call=self.namespace.after_call,
            proxies=self.proxies,
            around=self.shared,
        )

    def _can_cross(self, value: Any) -> bool:
        """Whether a value of the test's can be handed to the notebook."""
        try:
            Encoder(lambda _: 0, home=self.proxies.home).encode(value)
        except Exception:  # whatever a test's own class raises
            return False
        return True

    def refuse(self, reason: str) -> NoReturn:
        """Say that the test that runs now cannot be judged."""
        self._current_peer().refuse(reason)

    def _find(self, name: str) -> Any:
        """Refuse: the kernel may call what it was given, and nothing by name."""
        raise NameError(f"name {name!r} is not defined")

    def run_cell(
        self,
        source: str,
        contract: dict[str, Any] | None = None,
        answers: Sequence[str] = (),
        *,
        record: bool = False,
    ) -> dict[str, Any]:
        """Run one test cell.

        Parameters
        ----------
        source : str
            Its Python.
        contract : dict, optional
            What objects it may be handed, as of `nbjudge.judge.contract`.
        answers : sequence of str
            The cells of the submission that were run since the test before.
        record : bool, default False
            Whether the answers are the instructor's own: whatever they hand over is noted, and
            returned as ``contract``.

        Returns
        -------
        dict
            ``status`` is "ok" only for a clean pass. Then ``result`` is the text of the cell's last
            value, or None; otherwise there are ``ename``, ``evalue`` and ``traceback``.
            ``unjudged`` says why the engine could not run the test, which then is neither passed
            nor failed. ``line`` is false if the kernel cannot be talked to any more.
        """
        peer = self._current_peer()
        self._cells += 1
        peer.begin()
        self.proxies.contract = Contract(recording=True) if record else Contract.of_data(contract)
        output, result = _Output(), None
        self.namespace.new_cell(source, self.answers.add(list(answers)))
        read = with_helpers(source, self.namespace.release.helpers)
        files = self.shared.new_cell(read, output)
        verdict: dict[str, Any] = {"status": "ok"}
        with (
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(output),
            _warnings_without_source(),
        ):
            try:
                self._lend_imports(source)
                if files:
                    self.shared.take_files(self.proxies.ask_notebook("changed_files", files))
                result = self._execute(source, TEST_CELL.format(self._cells))
                result = None if result is None else repr(result)[:_LONGEST_OUTPUT]
            except BaseException as error:  # whatever ends a test early is no pass
                verdict = _error(error)
                if isinstance(error, ModuleNotFoundError) and not _came_over_the_line(error):
                    missing = Failure(f"{error}: the judge cannot import it", engine=True)
                    peer.failure = peer.failure or missing
        failure = peer.failure
        if failure is None and peer.called_in_fork:
            failure = Failure("a process that the test started calls the notebook", engine=True)
        if failure is not None and (verdict["status"] == "ok" or failure.engine):
            verdict = _error(CallFailed(failure.reason))
        if peer.has_changes() or self.shared.has_changes():
            with contextlib.suppress(
                BaseException
            ):  # the kernel may be gone: it changes no verdict
                self.proxies.ask_notebook("global_names")
        peer.end()
        return verdict | {
            "result": result,
            "output": "".join(output.parts),
            "unjudged": failure.reason if failure is not None and failure.engine else None,
            "line": not peer.lost,
            "contract": self.proxies.contract.as_data() if record else None,
        }

    def _lend_imports(self, source: str) -> None:
        """Import in the notebook, too, what answers after this test take from it."""
        lent = self.namespace.release.lent_imports
        for name in bound_names(source) & lent.keys() if lent else ():
            with contextlib.suppress(Exception):
                self.proxies.ask_notebook("import_names", lent[name])

    def _execute(self, source: str, name: str) -> Any:
        linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
        statements, last = compiled(source, name)
        self._run(statements)
        return None if last is None else self._run(last)

    def _run(self, code: types.CodeType) -> Any:
        """Run code as a notebook does: it may await at its top."""
        if code.co_flags & inspect.CO_COROUTINE:
            return asyncio.run(eval(code, self.namespace))
        return eval(code, self.namespace)


@contextlib.contextmanager
def _warnings_without_source() -> Iterator[None]:
    """Print warnings without the line of code that they come from: it may be hidden."""

    def format_warning(message: Any, category: Any, *_: Any, **__: Any) -> str:
        return f"{category.__name__}: {message}\n"

    before, warnings.formatwarning = warnings.formatwarning, format_warning
    try:
        yield
    finally:
        warnings.formatwarning = before


def _came_over_the_line(error: BaseException) -> bool:
    """Whether an exception was raised by the notebook's code, and not here."""
    frames = list(traceback.walk_tb(error.__traceback__))
    return bool(frames) and frames[-1][0].f_code.co_filename == peer_module.__file__


def _error(error: BaseException) -> dict[str, Any]:
    name = getattr(error, "_over_there", None) if type(error).__name__ == "RemoteError" else None
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
