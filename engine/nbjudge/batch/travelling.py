"""Which settings of a course cannot be sent to a process that was not forked with them."""

from __future__ import annotations

import inspect
import pickle
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from traitlets.config import Config

from nbjudge.gradebook.steps import resolve

_STEPS = ("c.Autograde.sanitize_preprocessors", "c.Autograde.autograde_preprocessors")


def what_cannot_travel(config: Config, root: Path) -> list[str]:
    """Name the settings that such a process could not make use of.

    Parameters
    ----------
    config : Config
        The settings.
    root : Path
        The course's folder, whose code the process need not have.
    """
    refused = []
    for name, value in _leaves(config, "c"):
        items: Iterable[Any] = value if isinstance(value, (list, tuple, set)) else [value]
        if name in _STEPS:
            items = map(resolve, items)
        try:
            pickle.dumps(value)
        except Exception as error:  # whatever it is, it does not travel
            refused.append(f"{name} ({type(error).__name__})")
            continue
        refused += [name for item in items if _is_of_course(item, root)]
    return [*dict.fromkeys(refused)]


def _leaves(config: Config, name: str) -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, Config):
            yield from _leaves(value, f"{name}.{key}")
        else:
            yield f"{name}.{key}", value


def _is_of_course(item: Any, root: Path) -> bool:
    """Whether a class or function is defined in the course's folder, where no worker finds it."""
    if not callable(item):
        return False
    try:
        file = Path(inspect.getfile(item)).resolve()
    except TypeError:  # built in
        return False
    return root in file.parents and "site-packages" not in file.parts
