"""Gather what workers are told once, for all submissions of a batch."""

from __future__ import annotations

import copy
import os
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import DeduplicateIds, Execute, OverwriteCells
from nbgrader.utils import find_all_files
from traitlets.config import Config

from nbjudge.batch.imports import imported_by_several, imported_by_what_is_run, needed
from nbjudge.batch.job import Job
from nbjudge.batch.travelling import what_cannot_travel
from nbjudge.batch.workers import BatchError
from nbjudge.execution.contracts import contracts_of
from nbjudge.execution.execute import SandboxedExecute
from nbjudge.execution.released import read_files, read_snapshot, read_source
from nbjudge.gradebook.assignments_only import export_assignments
from nbjudge.gradebook.restore import RestoreCells
from nbjudge.gradebook.snapshot import NotebookSnapshot, take_snapshot
from nbjudge.gradebook.steps import need_gradebook, resolve
from nbjudge.temp_folders import prefix

_OURS: dict[Any, Any] = {
    Execute: SandboxedExecute,
    OverwriteCells: RestoreCells,
    DeduplicateIds: None,  # is a part of RestoreCells
}
_NOT_FOR_WORKERS = {
    *("pre_convert_hook", "post_convert_hook"),  # are run by the coordinator, where the course is
    *("parent", "config", "log", "coursedir", "force", "create_student"),
}


def prepare_job(
    converter: Autograde,
    gradebook: Gradebook,
    course_files: list[str] | None = None,
    submissions: Iterable[Path] = (),
) -> Job:
    """Gather what the submissions of a batch have in common.

    Parameters
    ----------
    converter : Autograde
        nbgrader's converter, which knows the course and its settings.
    gradebook : Gradebook
        The course's.
    course_files : list of str, optional
        For workers of a cluster: globs of the course's files that they are given, besides its
        modules. None for workers of this machine.
    submissions : iterable of Path
        The folders of those that are to be graded: what several of them import is preloaded.

    Returns
    -------
    Job
        For the workers.

    Raises
    ------
    BatchError
        If the course has a setting that workers of a cluster cannot be given.
    """
    course = converter.coursedir
    source = Path(course.format_path(course.source_directory, ".", course.assignment_id))
    files = find_all_files(str(source), [*course.ignore, "*.ipynb"])
    steps = [*converter.sanitize_preprocessors, *converter.autograde_preprocessors]
    own = None
    sheets = take_snapshot(gradebook, course.assignment_id)
    if need_gradebook(steps):
        with tempfile.TemporaryDirectory(prefix=prefix()) as folder:
            own = export_assignments(gradebook, Path(folder) / "assignments.db")
    config = settings(converter, source, sheets, submissions, with_contracts=True)
    if course_files is not None:
        refused = what_cannot_travel(config, Path(course.root).resolve())
        if refused:
            raise BatchError(
                f"workers of a cluster cannot be given {', '.join(refused)}: it is, or names, code "
                "of this course; grade on this machine, or install that code on the workers"
            )
    return Job(
        assignment=course.assignment_id,
        sheets=sheets,
        gradebook=own,
        source={os.path.relpath(name, source): Path(name).read_bytes() for name in files},
        config=config,
        modules={} if course_files is None else _modules(converter, course_files),
        root=str(Path(course.root).resolve()),
        notebooks=course.notebook_id,
        coordinator=os.getpid(),
    )


def settings(
    converter: Autograde,
    source: Path,
    sheets: dict[str, NotebookSnapshot],
    submissions: Iterable[Path] = (),
    *,
    with_contracts: bool = False,
) -> Config:
    """Return a course's settings as workers need them, whatever they are made of.

    What the converter itself is set to counts as it is, wherever it was set: in its own section, in
    those of its parents, or on the command line. All other sections stay as they were written,
    ``.append``, classes and functions included, and mean to a worker what they mean to nbgrader.
    """
    config = Config(copy.deepcopy(converter.config))
    # Where the gradebook is, and with which password, is the coordinator's business.
    config.CourseDirectory.pop("db_url", None)
    for section in Autograde.__mro__:
        config.pop(section.__name__, None)
    set_on_converter = {
        name: getattr(converter, name)
        for name in Autograde.class_trait_names(config=True)
        if name not in _NOT_FOR_WORKERS
    }
    config.Autograde.update(set_on_converter)
    config.Autograde.update(
        sanitize_preprocessors=with_ours(converter.sanitize_preprocessors),
        autograde_preprocessors=with_ours(converter.autograde_preprocessors),
    )
    released = {name: read_snapshot(sheet).as_data() for name, sheet in sheets.items()}
    released |= {name: release.as_data() for name, release in read_source(source).items()}
    preload = _preload(
        SandboxedExecute(config=converter.config),
        source,
        [folder / f"{name}.ipynb" for folder in submissions for name in sheets],
        released,
    )
    config.SandboxedExecute.update(
        preload=preload, released=released, source_files=read_files(source)
    )
    if with_contracts and SandboxedExecute(config=config).judge:
        root = str(Path(converter.coursedir.root).resolve())
        config.SandboxedExecute.contracts = contracts_of(source, config, root, apart=True)
    return config


def _preload(
    own: SandboxedExecute,
    source: Path,
    notebooks: list[Path],
    released: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """List what kernels have imported before they are forked: what notebooks import and run."""
    preload = needed(own.preload, source.glob("*.ipynb"))
    if not own.preload:  # the course preloads nothing at all
        return preload
    run = imported_by_what_is_run(notebooks, released) if own.runs_fewer_cells else None
    left_out = {name for name in preload if run is not None and name.split(".")[0] not in run}
    packages = {name.split(".")[0] for name in left_out}
    several = [n for n in imported_by_several(notebooks) if n.split(".")[0] not in packages]
    return list(dict.fromkeys(name for name in (*preload, *several) if name not in left_out))


def with_ours(steps: list[Any]) -> list[Any]:
    """Put the engine's steps in the places of nbgrader's that they replace.

    A step of a course's own stays, whatever its name and whatever class of nbgrader's it extends.
    """
    replaced = [_OURS.get(found, step) for step, found in ((s, _class(s)) for s in steps)]
    return [step for step in replaced if step is not None]


def own_executes(steps: list[Any]) -> list[str]:
    """Name the steps of a course's own that run notebooks, as nbgrader's `Execute` does."""
    return [
        f"{found.__module__}.{found.__qualname__}"
        for found in map(_class, steps)
        if isinstance(found, type)
        and issubclass(found, Execute)
        and not issubclass(found, SandboxedExecute)
        and found is not Execute
    ]


def _class(step: Any) -> Any:
    """Return the class of a step that is a class or its name; of anything else, nothing."""
    found = resolve(step)
    return found if isinstance(found, type) else None


def _modules(converter: Autograde, course_files: list[str]) -> dict[str, bytes]:
    """Read what test cells of a cluster's workers import."""
    from nbjudge.batch.dask_workers import course_modules

    course, root = converter.coursedir, Path(converter.coursedir.root).resolve()
    of_students = [course.submitted_directory, course.autograded_directory]
    of_students += [course.feedback_directory, course.release_directory]
    never = {root / folder for folder in (*of_students, course.source_directory)}
    # What submissions may read with the judge off lies below the same folder.
    shared = SandboxedExecute(config=converter.config).shared
    also = [pattern for name in shared for pattern in (name, f"{name}/**/*")]
    return course_modules(root, [*course_files, *also], never)
