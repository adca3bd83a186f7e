"""Write submissions into a course, and keep what they replace."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from nbjudge.batch.grade_one import write_files
from nbjudge.batch.handed_in import digest, files_to_grade
from nbjudge.batch.records import FOLDER, Records
from nbjudge.batch.timestamps import TimestampError, parse_timestamp
from nbjudge.gradebook.sharing import share_file, share_folder
from nbjudge.lms.archive import Archive, ArchiveError
from nbjudge.lms.attempts import STAMP, Submission
from nbjudge.lms.collect import Collected
from nbjudge.lms.entries import check_submission
from nbjudge.temp_folders import replace_folder


class Collection:
    """Writes submissions into a course.

    Parameters
    ----------
    course : CourseDirectory
        Where.
    assignment : str
        Which assignment.
    system : str
        Which system they are from.
    """

    def __init__(self, course: CourseDirectory, assignment: str, system: str) -> None:
        self.course, self.assignment, self.system = course, assignment, system
        self.root = Path(course.root)
        self._records = Records(self.root, "collected", assignment, course.groupshared)

    def write(
        self, archive: Archive, one: Submission, collected: Collected, *, trial: bool
    ) -> None:
        """Put a submission into its place, or say why it is left.

        Parameters
        ----------
        archive : Archive
            Where its files are.
        one : Submission
            It.
        collected : Collected
            Is told what became of it.
        trial : bool
            Whether to write nothing.
        """
        try:
            what = check_submission({name: entry.size for name, entry in one.files.items()})
            if what is not None:
                raise ArchiveError(what)
            files = {name: archive.read(entry) for name, entry in one.files.items()}
        except ArchiveError as error:
            place = next(iter(one.files.values())).name
            collected.unassigned.append((place, f"of {one.student}: {error}"))
            return
        if one.when is not None:
            files[STAMP] = f"{one.when.isoformat(' ', 'seconds')} UTC\n".encode()
        folder = Path(
            self.course.format_path(self.course.submitted_directory, one.student, self.assignment)
        )
        collected.remarks += [f"{one.student}: {remark}" for remark in one.remarks]
        there, when = self._read(folder)
        if not folder.exists():
            collected.new.append(one.student)
        elif digest(there) == digest({n: d for n, d in files.items() if n != STAMP}):
            collected.unchanged.append(one.student)
            return
        elif when is not None and one.when is not None and one.when < when:
            collected.older.append(one.student)
            return
        else:
            collected.replaced.append(one.student)
        if trial:
            return
        self._replace(folder, files, one.student)
        names = {name: path for name, path in one.names.items() if name.endswith(".ipynb")}
        self._records.write(one.student, system=self.system, number=one.number, **names)

    def _read(self, folder: Path) -> tuple[dict[str, bytes], datetime | None]:
        """Return what is there, and when that was handed in."""
        if not folder.is_dir():
            return {}, None
        try:
            paths = files_to_grade(folder, self.course.ignore)
            files = {name: path.read_bytes() for name, path in paths.items()}
            return files, parse_timestamp(files.pop(STAMP, b""))
        except (TimestampError, OSError, ValueError):
            return {}, None

    def _replace(self, folder: Path, files: dict[str, bytes], student: str) -> None:
        part = folder.with_name(f".{folder.name}.part")
        old = folder.with_name(f".{folder.name}.old")
        shutil.rmtree(part, ignore_errors=True)
        write_files(part, files)
        if self.course.groupshared:
            for place in (part, *part.rglob("*")):
                share_folder(place) if place.is_dir() else share_file(place)
        if folder.exists():
            time = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
            kept = self.replaced / student / time
            kept.parent.mkdir(parents=True, exist_ok=True)
            shutil.copytree(folder, kept, symlinks=True, dirs_exist_ok=True)
        replace_folder(part, folder, old)

    @property
    def replaced(self) -> Path:
        """Where submissions are kept that another attempt has replaced."""
        return self.root / FOLDER / "replaced" / self.assignment
