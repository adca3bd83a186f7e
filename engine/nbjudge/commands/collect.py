"""``nbjudge collect``: the download of a university's system, into ``submitted/``."""

from __future__ import annotations

import zoneinfo
from pathlib import Path
from typing import Any

from traitlets import Bool, Unicode

from nbjudge.batch.lock import CourseInUseError, one_batch
from nbjudge.commands.class_command import ClassCommand
from nbjudge.commands.screen import Screen
from nbjudge.gradebook.database import open_gradebook
from nbjudge.lms.archive import Archive, ArchiveError
from nbjudge.lms.collect import (
    Collected,
    CollectError,
    due_dates,
    find_assignment,
    read_names,
    settle_lateness,
    sort_out,
)
from nbjudge.lms.collectors import COLLECTORS
from nbjudge.lms.identity import Register, known_students
from nbjudge.lms.submitted import Collection
from nbjudge.lms.table import TableError, read_table

_TABLES = {
    "canvas": "The gradebook that Canvas exports",
    "moodle": "Moodle's grading worksheet",
    "brightspace": "The table that Brightspace exports with its grades",
}


class CollectApp(ClassCommand):
    """Collect submissions from a download."""

    name = "nbjudge collect"
    description = (
        "Put the submissions of a download into submitted/: whose they are, when they came, the "
        "last of several attempts; names what cannot be assigned"
    )
    examples = "\n".join(
        [
            "nbjudge collect ps1 --from moodle submissions.zip",
            "nbjudge collect ps1 --from moodle submissions.zip --roster worksheet.csv",
            "nbjudge collect --from canvas submissions.zip --roster gradebook.csv",
            "nbjudge collect ps1 --from brightspace download.zip --timezone Europe/Berlin",
            "nbjudge collect ps1 --from folder a-folder-for-each-student.zip",
        ]
    )
    system = Unicode("", help=f"Whose download it is: {', '.join(COLLECTORS)}.").tag(config=True)
    roster = Unicode(
        "", help="A table that the system exported, by which students are known: CSV."
    ).tag(config=True)
    timezone = Unicode(
        "", help="The clock of the system, such as Europe/Berlin; this machine's by default."
    ).tag(config=True)
    dry_run = Bool(False, help="Only say what would be collected.").tag(config=True)
    aliases: dict[str, Any] = {
        **ClassCommand.aliases,
        "from": "CollectApp.system",
        "roster": "CollectApp.roster",
        "timezone": "CollectApp.timezone",
    }
    flags: dict[str, Any] = {
        **ClassCommand.flags,
        "dry-run": ({"CollectApp": {"dry_run": True}}, "Only say what would be collected."),
    }

    def start(self) -> None:
        """Collect the download that was named."""
        super().start()
        self.find_course()
        if self.system not in COLLECTORS:
            given = f"--from {self.system}" if self.system else "--from is needed"
            self.refuse(f"{given}: {', '.join(COLLECTORS)}")
        name, path = self._arguments()
        try:
            zone = zoneinfo.ZoneInfo(self.timezone) if self.timezone else None
        except (KeyError, ValueError, OSError):
            self.refuse(f"--timezone {self.timezone}: no such zone; one is Europe/Berlin")
        self.find_assignments([name] if name else [])
        collected = Collected()
        with (
            self.faults_refused(ArchiveError, CollectError, TableError, CourseInUseError),
            Archive(path) as archive,
        ):
            found = read_names(archive, self.system)
            collected.unassigned += archive.refused
            table = read_table(Path(self.roster)) if self.roster else None
            with (
                one_batch(Path(self.coursedir.root), self.coursedir.groupshared),
                open_gradebook(self.coursedir) as gradebook,
            ):
                notebooks = {a.name: [n.name for n in a.notebooks] for a in gradebook.assignments}
                name = name or find_assignment((named for _, named in found), notebooks)
                register = Register(known_students(gradebook))
                if table is not None:
                    register.add_table(table)
                submissions = sort_out(
                    archive, found, name, notebooks[name], register, collected, zone
                )
                due = due_dates(gradebook, name, [one.student for one in submissions])
                settle_lateness(submissions, due, collected)
                collection = Collection(self.coursedir, name, self.system)
                for one in submissions:
                    collection.write(archive, one, collected, trial=self.dry_run)
                missing = sorted({*register.students} - {one.student for one in submissions})
        self._report(name, path, collection, collected, missing)
        if archive.refused or not submissions:
            self.exit(1)

    def _arguments(self) -> tuple[str, Path]:
        """Return the assignment, if one is named, and the download."""
        files = [a for a in self.extra_args if a.endswith(".zip") or "/" in a or Path(a).is_file()]
        names = [a for a in self.extra_args if a not in files]
        if not files and names and Path(names[-1]).is_dir():
            files = [names.pop()]
        if self.coursedir.assignment_id and not names:
            names = [self.coursedir.assignment_id]
        if len(files) != 1 or len(names) > 1:
            self.refuse(
                f"name an assignment and one download, such as "
                f"`nbjudge collect ps1 --from {self.system} FILE.zip`"
            )
        return (names[0] if names else ""), Path(files[0])

    def _report(
        self, name: str, path: Path, collection: Collection, done: Collected, missing: list[str]
    ) -> None:
        screen = Screen()
        parts = [f"{len(done.new)} new"]
        for what in ("replaced", "unchanged", "older"):
            students = getattr(done, what)
            if students:
                parts.append(f"{len(students)} {what}")
        late = f"; {len(done.late)} late: {_names(done.late)}" if done.late else ""
        would = "would be " if self.dry_run else ""
        screen.say(f"{name} from {path.name}: {would}{', '.join(parts)}{late}.")
        if done.replaced and not self.dry_run:
            kept = collection.replaced.relative_to(collection.root)
            screen.say(f"Replaced by a later attempt, kept in {kept}/: {_names(done.replaced)}")
        elif done.replaced:
            screen.say(f"To be replaced by a later attempt: {_names(done.replaced)}")
        if done.older:
            screen.say(f"Left as they are, a later attempt is there: {_names(done.older)}")
        for remark in done.remarks:
            screen.say(f"  {remark}")
        if done.unassigned:
            screen.say(f"Not assigned ({len(done.unassigned)}):", "bold")
        for file, why in done.unassigned:
            screen.say(f"  {file}: {why}")
        if done.nobodys and not self.roster and self.system in _TABLES:
            screen.say(f"  {_TABLES[self.system]} says whose they are: --roster FILE")
        if missing:
            screen.say(f"Not in this download: {_names(missing)}")


def _names(students: list[str], most: int = 20) -> str:
    more = f" and {len(students) - most} more" if len(students) > most else ""
    return f"{', '.join(students[:most])}{more}"
