"""Under which conditions a call runs: the caller's warning filters and floating-point errors.

Only what the caller has changed travels. What the other end has set itself holds there, as it does
where both share one process.
"""

from __future__ import annotations

import warnings
from typing import Any, Literal

import numpy as np

_Action = Literal["error", "ignore", "always"]
_ACTIONS = frozenset({"error", "ignore", "always", "default", "module", "once"})
_ERROR_STATE = {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"}
CATEGORIES = {
    category.__name__: category
    for category in (
        *(Warning, UserWarning, RuntimeWarning, DeprecationWarning, FutureWarning),
        *(PendingDeprecationWarning, SyntaxWarning, ImportWarning, UnicodeWarning),
        *(BytesWarning, ResourceWarning, np.exceptions.ComplexWarning),
    )
}


class WarningFilters:
    """The warning filters that were put in force since this was made."""

    def __init__(self) -> None:
        self._before = list(warnings.filters)

    def changed(self) -> dict[str, Any]:
        """List the new filters, as far as they can be named.

        Returns
        -------
        dict
            ``filters``, the first one first, and whether they come in the place of the other end's
            (``instead``): the caller has reset its own.
        """
        now: list[Any] = list(warnings.filters)
        before = self._before
        if now == before:
            return {"instead": False, "filters": []}
        instead = any(kept not in now for kept in before)
        front = now if instead else _leading(now, before)
        # A filter of before that is set again moves to the front.
        new = front if instead else [f for f in front if f not in before] or front
        named = [
            [action, text.pattern if text else "", kind.__name__]
            for action, text, category, _module, _line in new
            for kind in (category if isinstance(category, tuple) else (category,))
            if kind.__name__ in CATEGORIES and (text is None or hasattr(text, "pattern"))
        ]
        return {"instead": instead, "filters": named}

    @staticmethod
    def apply(changed: Any) -> None:
        """Put filters of the other end in force; to be used inside ``catch_warnings``."""
        if not isinstance(changed, dict) or not isinstance(changed.get("filters"), list):
            return
        if changed.get("instead"):
            warnings.resetwarnings()
        for action, text, category in reversed(changed["filters"]):
            if action in _ACTIONS and category in CATEGORIES:
                # Every warning that is no error is recorded: the other end's filters decide again.
                how: _Action = action if action in ("error", "ignore") else "always"
                warnings.filterwarnings(how, text, CATEGORIES[category])


def _leading(now: list[Any], before: list[Any]) -> list[Any]:
    """Return the filters in front of the longest end that both lists share."""
    shared = 0
    while shared < min(len(now), len(before)) and now[-1 - shared] == before[-1 - shared]:
        shared += 1
    return now[: len(now) - shared]


def changed_error_state() -> dict[str, Any]:
    """Return which floating-point errors are handled here otherwise than numpy does at first."""
    return {kind: how for kind, how in np.geterr().items() if how != _ERROR_STATE[kind]}


def read_error_state(state: Any) -> dict[str, Any]:
    """Take from the other end's words what `numpy.errstate` understands."""
    if not isinstance(state, dict):
        return {}
    modes = ("ignore", "warn", "raise", "print")
    return {kind: how for kind, how in state.items() if kind in _ERROR_STATE and how in modes}
