"""What the commands before and after grading have in common: they speak in lines of their own."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from nbgrader.apps.baseapp import NbGrader, nbgrader_aliases, nbgrader_flags
from sqlalchemy.exc import SQLAlchemyError
from traitlets import default

from nbjudge.commands.course_command import CourseCommand
from nbjudge.gradebook.faults import gradebook_fault
from nbjudge.gradebook.sharing import explain_denied
from nbjudge.untrusted_text import one_line, printable


class ClassCommand(CourseCommand, NbGrader):
    """A command on a class: of nbgrader's log only errors are shown."""

    aliases: dict[str, Any] = {
        **{key: nbgrader_aliases[key] for key in ("log-level", "assignment", "db", "course-dir")},
        "course": "CourseDirectory.course_id",
    }
    flags: dict[str, Any] = {**nbgrader_flags}

    @default("log_level")
    def _log_level_default(self) -> int:
        return logging.ERROR

    def named_assignments(self) -> list[str]:
        """Return what was named, as arguments and by ``--assignment``."""
        named = [*self.extra_args, *filter(None, [self.coursedir.assignment_id])]
        return list(dict.fromkeys(named))

    @contextlib.contextmanager
    def faults_refused(self, *expected: type[Exception]) -> Iterator[None]:
        """End with one line where the gradebook or a file cannot be used.

        Parameters
        ----------
        *expected : type
            Exceptions whose message is such a line.
        """
        try:
            yield
        except expected as error:
            self.refuse(one_line(str(error), 1000), 1)
        except (SQLAlchemyError, ImportError) as error:
            self.refuse(gradebook_fault(error, self.coursedir.db_url), 1)
        except OSError as error:
            self.refuse(explain_denied(error), 1)

    def notice(self, lines: Iterable[str]) -> None:
        """Say what is to be known besides the result."""
        for line in lines:
            print(printable(line), file=sys.stderr)
