"""What a command says: tables, progress and colours on a terminal, plain text anywhere else."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from nbjudge.untrusted_text import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress, TaskID


class Screen:
    """Standard output, which may be a terminal, a file, or a pipe whose reader is gone.

    Grading goes on when nobody listens any more (``nbjudge grade | head``). Whatever is shown may
    hold a student's words, and goes through `printable`; markup of rich is never read in it.
    """

    def __init__(self) -> None:
        self.terminal = sys.stdout.isatty()

    def say(self, line: str = "", style: str = "") -> None:
        """Print a line."""
        with self._listener():
            if self.terminal and style:
                self._console.print(printable(line), style=style)
            else:
                print(printable(line), flush=True)

    def table(self, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Print a table, its first column to the left and the others to the right."""
        with self._listener():
            if self.terminal:
                from rich import box
                from rich.table import Table

                table = Table(box=box.SIMPLE_HEAD, pad_edge=False)  # 80 columns are enough
                for number, head in enumerate(heads):
                    table.add_column(head, justify="right" if number else "left", no_wrap=True)
                for row in rows:
                    table.add_row(*(printable(text) for text in row))
                self._console.print(table)
            else:
                print(plain_table(heads, rows), flush=True)

    @property
    def _console(self) -> Console:
        from rich.console import Console

        return Console(markup=False, highlight=False, emoji=False, soft_wrap=True)

    @contextlib.contextmanager
    def _listener(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            no_longer_heard()


def no_longer_heard() -> None:
    """Write to nowhere from now on, also what Python still has in its buffer."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def plain_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Lay a table out in lines, two spaces between columns.

    Examples
    --------
    >>> print(plain_table(["check", "n"], [["coin", "12"]]))
    check   n
    coin   12
    """
    lines = [[printable(text) for text in row] for row in [heads, *rows]]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    places = [str.ljust] + [str.rjust] * (len(widths) - 1)
    return "\n".join(
        "  ".join(put(text, width) for put, text, width in zip(places, row, widths, strict=True))
        for row in lines
    )


class ClassProgress:
    """How far a class is: a bar on a terminal, elsewhere a line for each tenth of the class.

    Parameters
    ----------
    screen : Screen
        Where it is shown.
    what : str
        What is being done, such as the assignment's name.
    verbose : bool
        Whether each submission gets a line, which says what came of it.
    """

    def __init__(self, screen: Screen, what: str, *, verbose: bool) -> None:
        self._screen, self._what, self._verbose = screen, what, verbose
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._tenth = 0

    def __call__(self, done: int, total: int, line: str) -> None:
        """Say that one more submission is through; the numbers are 0 where they are not known."""
        if self._verbose:
            self._above(f"{self._what}: {line}")
        if not total:
            return
        if self._screen.terminal:
            self._draw(done, total)
        elif not self._verbose and done * 10 // total > self._tenth:
            self._tenth = done * 10 // total
            self._screen.say(f"{self._what}: {done} of {total}")

    def _above(self, line: str) -> None:
        if self._bar is None:
            self._screen.say(line)
        else:
            self._bar.console.print(printable(line))

    def _draw(self, done: int, total: int) -> None:
        from rich import progress
        from rich.text import Text

        class Rate(progress.ProgressColumn):
            """Submissions a second."""

            def render(self, task: progress.Task) -> Text:
                return Text(f"{task.speed:.1f}/s" if task.speed else "")

        if self._bar is None:
            # Drawn when something happens, not by a thread: workers are forks of this process.
            self._bar = progress.Progress(
                progress.TextColumn("{task.description}", markup=False),
                progress.BarColumn(),
                progress.MofNCompleteColumn(),
                Rate(),
                progress.TimeRemainingColumn(),
                console=self._screen._console,
                auto_refresh=False,
            )
            self._task = self._bar.add_task(printable(self._what), total=total)
            self._bar.start()
        assert self._task is not None
        self._bar.update(self._task, completed=done, total=total, refresh=True)

    def close(self) -> None:
        """Leave the last state of the bar where it is, and go on below it."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
