"""``python -m nbjudge autograde``: nbgrader's own command, with another converter."""

from __future__ import annotations

import sys
import time
from typing import Any

from nbgrader.apps.autogradeapp import AutogradeApp, aliases, flags
from nbgrader.converters import NbGraderException
from sqlalchemy.exc import SQLAlchemyError

from nbjudge.batch.coordinator import BatchInterrupted, ParallelAutograde
from nbjudge.commands.summary import format_table, summarise
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.gradebook.database import open_gradebook
from nbjudge.untrusted_text import printable, printable_lines


class Progress:
    """Say how far a batch is: over itself on a terminal, elsewhere line by line."""

    def __init__(self) -> None:
        self.started = time.monotonic()

    def __call__(self, done: int, total: int, line: str) -> None:
        """Report that one more submission is through."""
        line = printable(line)
        if not sys.stdout.isatty():
            print(line, flush=True)
            return
        seconds = time.monotonic() - self.started
        rate = done / seconds if seconds else 0.0
        left = f", {(total - done) / rate:.0f} s left" if rate else ""
        bar = ("#" * (20 * done // total) if total else "").ljust(20)
        print(f"\r\x1b[K[{bar}] {done}/{total}, {rate:.1f}/s{left}  {line}"[:120], end="")
        if done == total:
            print(flush=True)


class ParallelAutogradeApp(AutogradeApp):
    """Autograde a class, in parallel and in a sandbox."""

    name = "python -m nbjudge autograde"
    description = "Autograde submissions in sandboxed kernels, several at a time"
    aliases = aliases | {
        "workers": "ParallelAutograde.workers",
        "scheduler": "ParallelAutograde.scheduler",
        "tls-ca-file": "ParallelAutograde.tls_ca_file",
        "tls-cert": "ParallelAutograde.tls_cert",
        "tls-key": "ParallelAutograde.tls_key",
    }
    flags = flags | {
        "no-sandbox": (
            {"SandboxedExecute": {"sandbox": False}},
            "Run submissions with your own rights. Only for code that you trust.",
        )
    }

    def _classes_default(self) -> list[Any]:
        return [*super()._classes_default(), ParallelAutograde, SandboxedExecute]

    def start(self) -> None:
        """Grade, then say what came of it."""
        super(AutogradeApp, self).start()
        if len(self.extra_args) == 1 and not self.coursedir.assignment_id:
            self.coursedir.assignment_id = self.extra_args[0]
        elif self.extra_args or not self.coursedir.assignment_id:
            self.fail("Name one assignment, as an argument or with --assignment")
        converter = ParallelAutograde(coursedir=self.coursedir, parent=self)
        if not SandboxedExecute(config=self.config).sandbox:
            self.log.warning("WITHOUT A SANDBOX: submissions run with your rights")
        converter.progress = Progress()
        try:
            converter.start()
        except NbGraderException as error:
            print(printable_lines(str(error)), file=sys.stderr)
            # As a shell says that a command was interrupted.
            sys.exit(130 if isinstance(error, BatchInterrupted) else 1)
        finally:
            self._report(converter)

    def _report(self, converter: ParallelAutograde) -> None:
        name = self.coursedir.assignment_id
        try:
            with open_gradebook(converter.coursedir, converter.gradebook_patience) as gradebook:
                print(f"\n{format_table(summarise(gradebook, [name], converter.incidents))}")
        except SQLAlchemyError as error:
            print(f"\nthe gradebook cannot be read: {error}", file=sys.stderr)
        for notice in converter.notices:
            print(f"\n{printable(notice)}")
        if converter.incidents:
            print("\nFor a person to look at (incidents.csv):")
        for incident in converter.incidents:
            print(printable(f"  {incident.file}: {incident.what}"))
