"""Brief the workers: what they are told once, for all submissions of a batch."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbgrader.api import Gradebook
from nbgrader.utils import find_all_files

from nbjudge.batch.imports import needed
from nbjudge.batch.job import Job
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.released import read_files, read_snapshot, read_source
from nbjudge.gradebook.assignments_only import export_assignments
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot
from nbjudge.gradebook.steps import need_gradebook
from nbjudge.temp_folders import prefix

if TYPE_CHECKING:
    from nbjudge.batch.coordinator import ParallelAutograde

_OURS = {
    "Execute": "nbjudge.execution.execute.SandboxedExecute",
    "OverwriteCells": "nbjudge.gradebook.restore.RestoreCells",
    "DeduplicateIds": None,  # is a part of RestoreCells
}
_HOOKS = ("pre_convert_hook", "post_convert_hook")


def brief(converter: ParallelAutograde, gradebook: Gradebook) -> Job:
    """Gather what the submissions of a batch have in common.

    Parameters
    ----------
    converter : ParallelAutograde
        The coordinator, which knows the course and its settings.
    gradebook : Gradebook
        The course's.

    Returns
    -------
    Batch
        For the workers.
    """
    course = converter.coursedir
    source = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    files = find_all_files(str(source), [*course.ignore, "*.ipynb"])
    own = None
    sheets = take_snapshot(gradebook, course.assignment_id)
    if need_gradebook([*converter.sanitize_preprocessors, *converter.autograde_preprocessors]):
        with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
            own = export_assignments(gradebook, Path(folder) / "assignments.db")
    return Job(
        assignment=course.assignment_id,
        sheets=sheets,
        gradebook=own,
        source={os.path.relpath(name, source): Path(name).read_bytes() for name in files},
        config=_settings(converter, source, sheets),
        modules=_modules(converter) if converter.scheduler else {},
        root=str(Path(course.root).resolve()),
        notebooks=course.notebook_id,
        coordinator=os.getpid(),
    )


def _settings(
    converter: ParallelAutograde, source: Path, sheets: dict[str, NotebookSnapshot]
) -> dict:
    config = _plain(converter.config)
    # Where the gradebook is, and with which password, is the coordinator's business.
    config.get("CourseDirectory", {}).pop("db_url", None)
    for section in ("BaseConverter", "Autograde", "ParallelAutograde"):
        for hook in _HOOKS:  # are run by the coordinator, where the course is
            config.get(section, {}).pop(hook, None)
    config.setdefault("Autograde", {}).update(
        sanitize_preprocessors=_with_ours(converter.sanitize_preprocessors),
        autograde_preprocessors=_with_ours(converter.autograde_preprocessors),
    )
    released = {name: read_snapshot(sheet).as_data() for name, sheet in sheets.items()}
    released |= {name: release.as_data() for name, release in read_source(source).items()}
    preload = needed(SandboxedExecute(config=converter.config).preload, source.glob("*.ipynb"))
    config.setdefault("SandboxedExecute", {}).update(
        preload=preload, released=released, source_files=read_files(source)
    )
    return config


def _modules(converter: ParallelAutograde) -> dict[str, bytes]:
    """Read what test cells of a cluster's workers import."""
    from nbjudge.batch.dask_workers import course_modules

    course, root = converter.coursedir, Path(converter.coursedir.root).resolve()
    of_students = [course.submitted_directory, course.autograded_directory]
    of_students += [course.feedback_directory, course.release_directory]
    never = {root / folder for folder in (*of_students, course.source_directory)}
    # What submissions may read with the judge off lies below the same folder.
    shared = SandboxedExecute(config=converter.config).shared
    also = [pattern for name in shared for pattern in (name, f"{name}/**/*")]
    return course_modules(root, [*converter.course_files, *also], never)


def _with_ours(steps: list[Any]) -> list[str]:
    """Name nbgrader's steps, the engine's own in the places of those that they replace."""
    names = [s if isinstance(s, str) else f"{s.__module__}.{s.__qualname__}" for s in steps]
    found = [_OURS.get(name.rsplit(".", 1)[-1], name) for name in names]
    return [name for name in found if name]


def _plain(config: Any) -> dict:
    """Turn settings into plain data that can go to another process."""
    kept = {}
    for name, value in config.items():
        if isinstance(value, dict):
            kept[name] = _plain(value)
        elif isinstance(value, (str, int, float, bool, list, tuple, set, type(None))):
            kept[name] = value
    return kept
