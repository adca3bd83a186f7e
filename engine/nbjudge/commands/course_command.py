"""What the commands on a course have in common: strict options, and a course that is there."""

from __future__ import annotations

import difflib
import fnmatch
import re
import sys
import traceback
import warnings
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from nbformat.warnings import MissingIDFieldWarning
from nbgrader.apps.baseapp import NbGrader
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SAWarning, SQLAlchemyError
from traitlets import Bool, List, TraitError, TraitType, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import ArgumentError, DeferredConfig, KVArgParseConfigLoader

from nbjudge.batch.handed_in import path_fault, student_folders
from nbjudge.configuration import check_names, find_alembic, old_import
from nbjudge.gradebook.database import open_gradebook, prefer_psycopg
from nbjudge.gradebook.faults import gradebook_fault
from nbjudge.untrusted_text import printable

USAGE = 2
"""The exit code of a command that was typed wrongly; nothing was done."""


class _StrictLoader(KVArgParseConfigLoader):
    """Reads the command line, and takes no option that has no effect."""

    def _create_parser(self) -> None:
        super()._create_parser()
        known = {*self.parser._option_string_actions}  # more are made of what is typed
        known |= {f"--{trait}" for trait in self.argparse_traits}

        def refuse(message: str) -> NoReturn:
            option = re.match(r"argument (-[\w.-]+)", message)
            if option is None:
                raise ArgumentError(message)
            if option[1] in known:
                raise ArgumentError(f"{option[1]}: a value is needed")
            raise ArgumentError(f"there is no option {option[1]}")

        self.parser.error = refuse  # type: ignore[method-assign]
        # `collect ps1 --from moodle FILE.zip`: options may stand between names.
        self.parser.parse_args = self.parser.parse_intermixed_args  # type: ignore[method-assign]

    def _handle_unrecognized_alias(self, arg: str) -> NoReturn:
        raise ArgumentError(f"there is no option --{arg}")


class CourseCommand(NbGrader):
    """A command of nbgrader's kind, in a course's folder.

    Each subclass is also one of nbgrader's own apps or stands beside them, so that options and
    configuration files are read as nbgrader reads them. Unlike theirs, a mistyped option ends it.
    """

    raise_config_file_errors = Bool(True)  # grading on without the course's settings would be worse

    students = List(
        Unicode(), help="Only submissions of these students; `*` and `?` stand for any letters."
    ).tag(config=True)
    verbose = Bool(False, help="Say of every submission what came of it.").tag(config=True)

    aliases = {"student": "CourseCommand.students"}
    flags = {
        "verbose": (
            {"CourseCommand": {"verbose": True}},
            "Say of every submission what came of it.",
        )
    }

    # -- the command line -----------------------------------------------------------------------

    def refuse(self, message: str, code: int = USAGE) -> NoReturn:
        """Say in one line what is wrong and what to do, and end."""
        command = self.name
        print(printable(f"{command}: {message}"), file=sys.stderr)
        sys.exit(code)

    def refuse_lines(self, message: str, code: int) -> NoReturn:
        """Say what ended a command that had begun its work, and end."""
        for line in message.splitlines():
            print(printable(line), file=sys.stderr)
        sys.exit(code)

    def initialize(self, argv: list[str] | None = None, root: str = "") -> None:
        """Read options and configuration files; end with one line where they cannot be read."""
        find_alembic()
        prefer_psycopg()
        # What nbgrader's own code makes its libraries say is no news for an instructor.
        warnings.simplefilter("ignore", SAWarning)
        warnings.simplefilter("ignore", MissingIDFieldWarning)
        try:
            super().initialize(argv, root)
        except BrokenPipeError:  # nobody reads the help any more
            raise
        except Exception as error:  # whatever a course's own Python raises
            self.refuse(_of_configuration(error), 1)
        try:
            check_names(self.config)
        except ValueError as error:
            self.refuse(str(error), 1)

    def parse_command_line(self, argv: Sequence[str] | None = None) -> None:
        """Read the options.

        What `traitlets` only warns of, and goes on, is an error here: ``--studnet ada --force``
        would grade the whole class again.
        """
        try:
            # Past the decorator of the method that this one takes the place of, which logs.
            NbGrader.parse_command_line.__wrapped__(self, argv)
            self._check_options()
        except (ArgumentError, TraitError) as error:
            self.refuse(self._explain(str(error)))

    def _create_loader(
        self, argv: list[str] | None, aliases: Any, flags: Any, classes: Any
    ) -> KVArgParseConfigLoader:
        loader = _StrictLoader(argv, aliases, flags, classes=classes, log=self.log)
        return loader

    def _names_of_options(self) -> list[str]:
        names: list[str] = []
        for key in (*self.aliases, *self.flags):
            names += [key] if isinstance(key, str) else list(key)
        return [*names, "help", "help-all", "version"]

    def _explain(self, message: str) -> str:
        if not message.startswith("there is no option"):
            return message
        name = message.rpartition(" ")[2].lstrip("-")
        near = difflib.get_close_matches(name, self._names_of_options(), 1)
        if near:
            return f"{message}: did you mean --{near[0]}?"
        return f"{message}: `{self.name} --help` lists the options"

    def _check_options(self) -> None:
        """Refuse settings of classes that do not have them, and values that they cannot have."""
        known: dict[str, type[Configurable]] = {}
        for cls in self._classes_inc_parents():
            known[cls.__name__] = cls
        by_trait = {trait: key for key, trait in self.aliases.items() if isinstance(key, str)}
        for section, settings in self.cli_config.items():
            if not isinstance(settings, Config):
                continue
            if section not in known:
                near = difflib.get_close_matches(section, known, 1, 0.8)
                if near:
                    self.refuse(f"there is no class {section}: did you mean {near[0]}?")
                continue
            traits = known[section].class_traits(config=True)
            for name, value in settings.items():
                if name not in traits:
                    near = difflib.get_close_matches(name, traits, 1)
                    said = f": did you mean --{section}.{near[0]}?" if near else ""
                    self.refuse(f"{section} has no setting {name!r}{said}")
                alias = by_trait.get(f"{section}.{name}")
                option = f"--{alias}" if alias else f"--{section}.{name}"
                self._check_value(option, traits[name], value)

    def _check_value(self, option: str, trait: TraitType[Any, Any], value: Any) -> None:
        given = value
        if isinstance(value, DeferredConfig):
            given = str(value) if isinstance(value, str) else value
            value = value.get_value(trait)
        try:
            trait._validate(self, value)
        except TraitError as error:
            self.refuse(f"{option} {given}: {_expected(trait) or error}")

    def start(self) -> None:
        """Do what Jupyter's applications do first; nbgrader's exchange is not needed."""
        super(NbGrader, self).start()

    # -- the course -----------------------------------------------------------------------------

    def find_course(self) -> None:
        """End unless this is the folder of a course."""
        course = self.coursedir
        root = Path(course.root)
        if not (root / "nbgrader_config.py").exists() and not any(
            (root / folder).is_dir()
            for folder in (course.source_directory, course.submitted_directory)
        ):
            self.refuse(
                f"{root.resolve()} is no course: it has no nbgrader_config.py. Run this in the "
                "course's folder, or name the folder by --course-dir",
                1,
            )
        fault = path_fault(course.root)
        if fault is not None:
            self.refuse(fault, 1)

    def find_assignments(self, named: Sequence[str]) -> list[str]:
        """Return the assignments that were named, or all; end unless the gradebook has them."""
        known = self._known_assignments()
        where = ""
        if not self.coursedir.db_url.startswith("sqlite:"):
            where = f" --db {make_url(self.coursedir.db_url).render_as_string()}"
        for name in named:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                meant = f"did you mean {near[0]!r}? If not, " if near else ""
                self.refuse(
                    f"the gradebook has no assignment {name!r}: {meant}"
                    f"run `nbgrader generate_assignment {name}{where}` first",
                    1,
                )
        if not known:
            self.refuse(
                "the gradebook has no assignment yet: run "
                f"`nbgrader generate_assignment NAME{where}` first",
                1,
            )
        return list(named) or known

    def _known_assignments(self) -> list[str]:
        url = make_url(self.coursedir.db_url)
        if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
            return []  # and none is made, in what may be another folder
        try:
            with open_gradebook(self.coursedir) as gradebook:
                return [assignment.name for assignment in gradebook.assignments]
        except (SQLAlchemyError, ImportError) as error:
            self.refuse(gradebook_fault(error, self.coursedir.db_url), 1)

    def find_students(self, folder: str, assignments: Iterable[str]) -> list[str] | None:
        """Return who was named by ``--student``, None for everybody; end where one has nothing.

        Parameters
        ----------
        folder : str
            Whose submissions they are: the course's ``submitted`` or ``autograded`` folder.
        assignments : iterable of str
            For which one of these is enough.
        """
        if not self.students:
            return None
        there = sorted(
            {s for name in assignments for s in student_folders(self.coursedir, folder, name)}
        )
        for pattern in self.students:
            if not fnmatch.filter(there, pattern):
                near = difflib.get_close_matches(pattern, there, 1)
                meant = f": did you mean {near[0]!r}?" if near else ""
                self.refuse(f"{folder}/ has nothing of a student {pattern!r}{meant}", 1)
        return [s for s in there if any(fnmatch.fnmatchcase(s, p) for p in self.students)]


def _expected(trait: TraitType[Any, Any]) -> str:
    """Say what a setting may be, where that is simple."""
    least = getattr(trait, "min", None)
    kind = {"Integer": "a whole number", "Int": "a whole number", "Float": "a number"}.get(
        type(trait).__name__, ""
    )
    if kind and least is not None:
        return f"{kind} of at least {least} is needed"
    return f"{kind} is needed" if kind else ""


def _of_configuration(error: Exception) -> str:
    """Say in one line what is wrong in a configuration file, and in which line of it."""
    old = old_import(error)
    if old:
        return old
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if frame.filename.endswith("_config.py"):
            what = str(error).splitlines()[0] if str(error) else ""
            return f"{frame.filename}, line {frame.lineno}: {type(error).__name__}: {what}"
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}: SyntaxError: {error.msg}"
    return f"{type(error).__name__}: {error}"
