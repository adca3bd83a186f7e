"""One line in a course's ``nbgrader_config.py`` that makes nbgrader grade with this engine.

    import nbjudge
    nbjudge.configure(c)

It changes nbgrader's lists of steps in one place each; what the course has put there stays.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from nbgrader import preprocessors
from nbgrader.converters import Autograde, GenerateAssignment, GenerateFeedback
from traitlets import HasTraits
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue, PyFileConfigLoader
from traitlets.utils.importstring import import_item

from nbjudge.feedback import pages
from nbjudge.gradebook.database import prefer_psycopg

THE_LINE = "import nbjudge; nbjudge.configure(c)"

EXECUTE = "nbjudge.execution.execute.SandboxedExecute"
RESTORE = "nbjudge.gradebook.restore.RestoreCells"
SAVE_CELLS = "nbjudge.gradebook.save_cells.SaveCells"
HIDE_TESTS = "nbjudge.feedback.preprocessors.HideTests"
LEAVE_OUT_CODE = "nbjudge.feedback.preprocessors.LeaveOutCode"
LIST_POINTS = "nbjudge.feedback.points.ListPoints"
EXPORT = "nbjudge.plugins.SafeCsvExport"

_OLD_NAMES = {
    "grading.preprocessor.SandboxedExecute": EXECUTE,
    "grading.restore.RestoreCells": RESTORE,
    "grading.feedback.HideTests": HIDE_TESTS,
    "grading.feedback.LeaveOutCode": LEAVE_OUT_CODE,
    "grading.points.ListPoints": LIST_POINTS,
    "grading.showing.SafeCsvExport": EXPORT,
    "grading.late.LatePenalty": "nbjudge.plugins.LatePenalty",
    "grading.pages.Defuse": "nbjudge.feedback.pages.Defuse",
    "grading.pages.markdown2html": "nbjudge.feedback.pages.markdown2html",
    "grading.pages.leave": "nbjudge.feedback.pages.leave",
    "grading.sanitising.clean_html": "nbjudge.feedback.sanitise.clean_html",
}
"""What the engine's classes were called before it was a package, while it was ``grading``."""


class ConfigurationError(ValueError):
    """A course's configuration cannot be used; the message says which line to change."""


def configure(c: Config) -> None:
    """Let nbgrader's commands, formgrader and ``nbjudge`` grade a course with this engine.

    Submissions run in the sandbox and tests in the judge; what a submission says of its own cells
    is restored from the gradebook; feedback shows no hidden test and begins with the points of
    each exercise; pages that people open run nothing of a submission; ``nbgrader export`` writes
    fields that are no formulas; ``nbgrader generate_assignment`` names the command for what it
    refuses once students have handed in. Each of the course's own settings stays, whether it stands
    before this line or after it, and whether it was made by assignment or by ``append`` and
    ``insert``.

    Parameters
    ----------
    c : Config
        What ``get_config()`` gives in ``nbgrader_config.py``.

    Raises
    ------
    ConfigurationError
        If the configuration has a name from before the engine was a package, or if the course has
        taken nbgrader's ``Execute`` out, whose place the engine's is.
    FileNotFoundError
        If the package was installed without the templates of its pages.
    """
    check_names(c)
    find_alembic()
    prefer_psycopg()
    pages.configure(c)

    steps = _steps(c, Autograde, "sanitize_preprocessors")
    if RESTORE not in steps:
        steps = _replaced(steps, preprocessors.OverwriteCells, RESTORE)
    if RESTORE in steps:  # which does what this one does
        steps = _replaced(steps, preprocessors.DeduplicateIds, None)
    c.Autograde.sanitize_preprocessors = steps

    steps = _replaced(
        _steps(c, Autograde, "autograde_preprocessors"), preprocessors.Execute, EXECUTE
    )
    if EXECUTE not in steps:
        raise ConfigurationError(
            "c.Autograde.autograde_preprocessors has no nbgrader.preprocessors.Execute, whose "
            f"place the engine takes: put it, or {EXECUTE}, where notebooks are to be run"
        )
    c.Autograde.autograde_preprocessors = steps

    c.GenerateAssignment.preprocessors = _replaced(
        _steps(c, GenerateAssignment, "preprocessors"), preprocessors.SaveCells, SAVE_CELLS
    )
    steps = _replaced(
        _steps(c, GenerateFeedback, "preprocessors"), preprocessors.GetGrades, LIST_POINTS
    )
    # Before all others: what they make of a notebook has no hidden test to begin with.
    c.GenerateFeedback.preprocessors = [
        *(name for name in (HIDE_TESTS, LEAVE_OUT_CODE) if name not in steps),
        *steps,
    ]
    if "judge" not in c.SandboxedExecute:
        c.SandboxedExecute.judge = True
    if "plugin_class" not in c.ExportApp:
        c.ExportApp.plugin_class = EXPORT


def find_alembic() -> None:
    """Put this Python's programs on the path: nbgrader starts ``alembic`` for a new gradebook.

    It is not there where the virtual environment was not activated.
    """
    programs = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", os.defpath).split(os.pathsep)
    if programs not in paths:
        os.environ["PATH"] = os.pathsep.join([programs, *paths])


def check_names(config: Config) -> None:
    """Refuse names from before the engine was a package.

    Parameters
    ----------
    config : Config
        A course's settings.

    Raises
    ------
    ConfigurationError
        If there is one; the message has the line to write instead.
    """
    for setting, name in _strings(config, "c"):
        if name in _OLD_NAMES:
            raise ConfigurationError(
                f"{setting} names {name!r}, which is {_OLD_NAMES[name]!r} now. "
                f"In nbgrader_config.py, `{THE_LINE}` takes the place of the engine's lines"
            )


def load_settings(root: Path) -> Config:
    """Read a course's ``nbgrader_config.py``.

    Parameters
    ----------
    root : Path
        The course's folder.

    Returns
    -------
    Config
        Its settings, with the folder itself as ``c.CourseDirectory.root``.

    Raises
    ------
    FileNotFoundError
        If the folder has no ``nbgrader_config.py``.
    ConfigurationError
        If it has names from before the engine was a package.
    """
    if not (root / "nbgrader_config.py").exists():
        raise FileNotFoundError(
            f"{root.resolve()}: no nbgrader_config.py here, so this is not a course; "
            "run this in the course's folder, or name it by --course-dir"
        )
    find_alembic()
    config = Config()
    config.CourseDirectory.root = str(root.resolve())
    try:
        config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
    except ModuleNotFoundError as error:
        old = old_import(error)
        if old is None:
            raise
        raise ConfigurationError(old) from None
    check_names(config)
    return config


def old_import(error: Exception) -> str | None:
    """Say what to write in the place of an import from before the engine was a package."""
    if not isinstance(error, ModuleNotFoundError):
        return None
    if error.name not in ("grading", "grading.pages"):
        return None
    return (
        f"nbgrader_config.py imports {error.name!r}, which is the package nbjudge now: "
        f"`{THE_LINE}` takes the place of the engine's lines"
    )


def missing_steps(config: Config) -> list[str]:
    """List what a course's configuration lacks of the engine, as lines that are to be changed.

    Parameters
    ----------
    config : Config
        A course's settings, as its commands read them.
    """
    lacking = []
    for owner, name, step in (
        (Autograde, "sanitize_preprocessors", RESTORE),
        (Autograde, "autograde_preprocessors", EXECUTE),
        (GenerateFeedback, "preprocessors", HIDE_TESTS),
    ):
        if step not in map(_name, _steps(config, owner, name)):
            lacking.append(f"c.{owner.__name__}.{name} has no {step}")
    if pages.DEFUSE not in map(_name, _plain_list(config.HTMLExporter.get("preprocessors", []))):
        lacking.append(f"c.HTMLExporter.preprocessors has no {pages.DEFUSE}")
    return lacking


def _steps(config: Config, owner: type[HasTraits], name: str) -> list[Any]:
    """Return the list of a converter's steps, as it is with a course's settings."""
    default = [_by_name(step) for step in owner.class_traits()[name].default() or ()]
    section = config[owner.__name__] if owner.__name__ in config else Config()
    if name not in section:
        return default
    return _plain_list(section[name], default)


def _plain_list(value: Any, default: Any = ()) -> list[Any]:
    """Return a setting that is a list, or what ``append`` and ``insert`` make of the default."""
    if isinstance(value, LazyConfigValue):
        value = value.get_value(list(default))
    return list(value)


def _replaced(steps: list[Any], old: type, new: str | None) -> list[Any]:
    """Put a step in the place of nbgrader's own; one that merely bears its name stays."""
    if new in steps:
        return [step for step in steps if not _is(step, old)]
    replaced = [new if _is(step, old) else step for step in steps]
    return [step for step in replaced if step is not None]


def _is(step: Any, wanted: type) -> bool:
    if isinstance(step, str):
        if not step.startswith("nbgrader."):
            return False  # a course's own, which is not imported while the course is configured
        step = import_item(step)
    return step is wanted


def _by_name(step: Any) -> Any:
    """Name a class of nbgrader's defaults by the string that a course would write."""
    return _name(step) if isinstance(step, type) else step


def _name(step: Any) -> str:
    return step if isinstance(step, str) else f"{step.__module__}.{step.__qualname__}"


def _strings(value: Any, setting: str) -> Iterator[tuple[str, str]]:
    """List the texts of a configuration, each with the setting it stands in."""
    if isinstance(value, str):
        yield setting, value
    elif isinstance(value, dict):
        join: Callable[[Any], str] = (
            (lambda key: f"{setting}.{key}")
            if isinstance(value, Config)
            else (lambda key: f"{setting}[{key!r}]")
        )
        for key, inner in value.items():
            yield from _strings(inner, join(key))
    elif isinstance(value, LazyConfigValue):
        yield from _strings(list(value.to_dict().values()), setting)
        yield from _strings([item for _, item in value._inserts], setting)
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            yield from _strings(inner, setting)
