"""``nbjudge export``: grades and feedback, back into the university's system."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from traitlets import Bool, Unicode

from nbjudge.batch.records import Records
from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.screen import Screen
from nbjudge.gradebook.database import open_gradebook
from nbjudge.gradebook.people import read_people
from nbjudge.lms.export import SYSTEMS, ExportError, Filled, empty_table, fill
from nbjudge.lms.give_back import moodle_prefixes, write_feedback
from nbjudge.lms.identity import Register, known_students
from nbjudge.lms.points import GradeColumn, grade_columns, waiting
from nbjudge.lms.table import Table, TableError, read_table
from nbjudge.lms.workbook import write_workbook

_TAKE_FEEDBACK = ("canvas", "moodle", "brightspace")


class ExportGradesApp(ClassCommand):
    """Export grades."""

    name = "nbjudge export"
    description = (
        "Fill the grades into the table that the university's system exported, for it to import: "
        "matched by id, login or e-mail address; says who is missing on either side"
    )
    examples = "\n".join(
        [
            "nbjudge export --to canvas --roster gradebook.csv         every assignment",
            "nbjudge export ps1 --to moodle --roster worksheet.csv --feedback",
            "nbjudge export ps1 ps2 --to brightspace --roster grades.csv",
            "nbjudge export --to xlsx --per-exercise",
        ]
    )
    system = Unicode("", help=f"Where the grades go: {', '.join(SYSTEMS)}.").tag(config=True)
    roster = Unicode("", help="The table that the system exported: CSV.").tag(config=True)
    output = Unicode("", help="The file to write; export-SYSTEM.csv by default.").tag(config=True)
    per_exercise = Bool(False, help="A column for each exercise, too.").tag(config=True)
    feedback = Bool(False, help="Write feedback as the zip that the system takes back, too.").tag(
        config=True
    )
    aliases: dict[str, Any] = {
        **ClassCommand.aliases,
        "to": "ExportGradesApp.system",
        "roster": "ExportGradesApp.roster",
        "output": "ExportGradesApp.output",
    }
    flags: dict[str, Any] = {
        **ClassCommand.flags,
        "per-exercise": (
            {"ExportGradesApp": {"per_exercise": True}},
            "A column for each exercise, too.",
        ),
        "feedback": (
            {"ExportGradesApp": {"feedback": True}},
            "Write feedback as the zip that the system takes back, too.",
        ),
    }

    def start(self) -> None:
        """Export the assignments that were named, or all of them."""
        super().start()
        if self.system not in SYSTEMS:
            given = f"--to {self.system}" if self.system else "--to is needed"
            self.refuse(f"{given}: {', '.join(SYSTEMS)}")
        if self.feedback and self.system not in _TAKE_FEEDBACK:
            self.refuse(f"--feedback is for {', '.join(_TAKE_FEEDBACK)}, and not {self.system}")
        self.find_course()
        names = self.find_assignments(self.named_assignments())
        ending = "xlsx" if self.system == "xlsx" else "csv"
        plain = self.system in ("csv", "xlsx")
        usual = f"export.{ending}" if plain else f"export-{self.system}.{ending}"
        path = Path(self.output or Path(self.coursedir.root) / usual)
        if self.roster and path.exists() and path.samefile(self.roster):
            self.refuse(f"{path} is the roster: name another file by --output")
        with self.faults_refused(ExportError, TableError):
            self._export(Screen(), names, path)

    def _export(self, screen: Screen, names: list[str], path: Path) -> None:
        table = read_table(Path(self.roster)) if self.roster else None
        with open_gradebook(self.coursedir) as gradebook:
            register = self._register(gradebook, names)
            columns = grade_columns(gradebook, names, per_exercise=self.per_exercise)
            sections = {name: one.section for name, one in read_people(gradebook).items()}
            unsubmitted = [column.name for column in columns if not column.scores]
            hand = {name: waiting(gradebook, name) for name in names}
        worksheet = table
        if table is None:
            table = empty_table(self.system, register, sections)
        filled = fill(table, self.system, columns, register)
        replaced = path.exists()
        self._write(table, path, columns)
        screen.say(
            f"{path.name}{' (replaced)' if replaced else ''}: {filled.grades} grades of "
            f"{', '.join(column.name for column in columns)}"
        )
        for name in dict.fromkeys(unsubmitted):
            screen.say(f"  {name}: nothing is graded yet")
        self._report(screen, filled, hand)
        if self.feedback:
            prefixes = {}
            if worksheet is not None and self.system == "moodle":
                prefixes = moodle_prefixes(worksheet, register)
            for name in names:
                self._give_back(screen, name, prefixes, path.parent)

    def _register(self, gradebook: Gradebook, names: list[str]) -> Register:
        """Know the class, also by the numbers that its submissions came with."""
        course = self.coursedir
        register = Register(known_students(gradebook))
        for name in names:
            records = Records(Path(course.root), "collected", name)
            for student in register.students:
                told = records.read(student)
                if told.get("system") == self.system:
                    register.add_key(told.get("number", ""), student)
        return register

    def _write(self, table: Table, path: Path, columns: list[GradeColumn]) -> None:
        if self.system == "xlsx":
            write_workbook(table, path, {column.name for column in columns})
        else:
            table.write(path)

    def _report(self, screen: Screen, filled: Filled, hand: dict[str, list[str]]) -> None:
        for remark in filled.remarks:
            screen.say(f"  {remark}")
        for name, students in hand.items():
            if students:
                screen.say(f"  {name}: {len(students)} wait for a person to grade a part of them")
        where = Path(self.roster).name if self.roster else "the gradebook"
        if filled.not_in_roster:
            screen.say(f"Graded, and not in {where}: {', '.join(filled.not_in_roster)}")
        if filled.not_graded:
            screen.say(f"In {where}, and without a grade: {', '.join(filled.not_graded)}")

    def _give_back(self, screen: Screen, name: str, prefixes: dict[str, str], folder: Path) -> None:
        path = folder / f"feedback-{self.system}-{name}.zip"
        written, unknown = write_feedback(self.coursedir, name, self.system, path, prefixes)
        if written:
            screen.say(f"{path.name}: feedback of {len(written)} students")
        elif not unknown:
            screen.say(f"no feedback of {name} is written yet: `nbjudge feedback {name}`")
        if unknown:
            screen.say(
                f"  no feedback of {len(unknown)} in a zip, since they were not collected from "
                f"{self.system}, which has a name of its own for their files: {', '.join(unknown)}"
            )
