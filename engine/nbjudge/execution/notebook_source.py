"""What the course says of the notebook that is run: its source, its library, its files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.coursedir import CourseDirectory

from nbjudge.execution.contracts import contracts_of
from nbjudge.execution.notebook_judge import NotebookJudge
from nbjudge.execution.released import (
    find_files,
    modules_to_preload,
    read_files,
    read_source,
    read_trusted_cells,
)
from nbjudge.execution.settings import ExecutionSettings
from nbjudge.judge.client import JUDGES
from nbjudge.judge.course import Course, JudgeLimits
from nbjudge.judge.release import Release
from nbjudge.wire.frames import Limits


class NotebookSource:
    """The course's side of one notebook.

    Parameters
    ----------
    settings : ExecutionSettings
        The course's, with its whole configuration.
    notebook : NotebookNode or None
        What is run.
    resources : dict
        nbgrader's: whose notebook it is, and where it lies.
    records : bool
        Whether it is the instructor's own, run to make the contracts.
    """

    def __init__(
        self,
        settings: ExecutionSettings,
        notebook: NotebookNode | None,
        resources: Any,
        records: bool,
    ) -> None:
        self._settings = settings
        self._config: Any = settings.config  # type: ignore[attr-defined]
        self._notebook = notebook
        self._resources = resources
        self._names = (resources or {}).get("nbgrader", {})
        self._records = records

    def root(self) -> str:
        """Return the course's folder."""
        named = self._settings.course_root or self._config.CourseDirectory.get("root", "")
        return os.path.abspath(str(named or os.getcwd()))

    def folder(self) -> str:
        """Return where the notebook lies."""
        return (self._resources or {}).get("metadata", {}).get("path") or ""

    def handed_in(self) -> Path | None:
        """Return the folder with what the student handed in, if this is a submission."""
        names = self._names
        if not names.get("student") or not names.get("assignment"):
            return None
        course = CourseDirectory(config=self._config)
        place = course.submitted_directory, names["student"], names["assignment"]
        folder = Path(course.format_path(*place))
        return folder if folder.is_dir() else None

    def course(self) -> Course:
        """Return what judges see of the course."""
        own = self._settings
        preload = modules_to_preload(own.released.values(), own.preload, own.contracts)
        return Course(
            self.root(),
            files=tuple(self._config.ParallelAutograde.get("course_files", ())),
            preload=tuple(preload),
            isolated=own.sandbox,
        )

    def judge(self) -> NotebookJudge:
        """Make the judge of the notebook's tests."""
        own = self._settings
        return NotebookJudge(
            JUDGES.server(self.course()),
            JudgeLimits(memory=own.memory),
            Limits(block_bytes=own.value_size, depth=own.value_depth),
            self.release(),
            find_files(self.folder(), self.files()),
        )

    def contracts(self) -> dict[str, dict[str, Any]]:
        """Return what objects the tests of this notebook may be handed."""
        own, name = self._settings, self._names.get("notebook")
        if self._records:
            return {}
        if name in own.contracts or own.released:
            return own.contracts.get(name, {})  # type: ignore[no-any-return]
        source = self._source()
        if source is None:
            return {}
        return contracts_of(source, self._config, self.root()).get(name, {})

    def files(self) -> dict[str, str]:
        """Return the digests of the files that go with the assignment."""
        return self._settings.source_files or read_files(self._source())

    def release(self) -> Release:
        """Return what the instructor's notebook says of names."""
        own, name = self._settings, self._names.get("notebook")
        if name in own.released:
            return Release(**own.released[name])
        source = self._source()
        released = read_source(source) if source is not None else {}
        if name in released:
            return released[name]
        assert self._notebook is not None  # it is being run
        return read_trusted_cells(self._notebook)

    def _source(self) -> Path | None:
        """Return the assignment's folder in the course's source, if there is one."""
        assignment = self._names.get("assignment")
        if not assignment:
            return None
        course = CourseDirectory(config=self._config)
        folder = Path(course.format_path(course.source_directory, ".", assignment))
        return folder if folder.is_dir() else None
