"""Under which conditions a call runs: the caller's warning filters and floating-point errors."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

_ACTIONS = frozenset({"error", "ignore", "always", "default", "module", "once"})
CATEGORIES = {
    category.__name__: category
    for category in (
        *(Warning, UserWarning, RuntimeWarning, DeprecationWarning, FutureWarning),
        *(PendingDeprecationWarning, SyntaxWarning, ImportWarning, UnicodeWarning),
        *(BytesWarning, ResourceWarning, np.exceptions.ComplexWarning),
    )
}


def filters() -> list:
    """List the warning filters in force here, as far as they can be named."""
    found = []
    for action, text, category, _module, _line in warnings.filters:
        if category.__name__ in CATEGORIES and (text is None or hasattr(text, "pattern")):
            found.append([action, text.pattern if text else "", category.__name__])
    return found


def set_filters(wanted: Any) -> None:
    """Put filters of the other end in force; to be used inside ``catch_warnings``."""
    warnings.resetwarnings()
    if not isinstance(wanted, list):
        return
    for action, text, category in reversed(wanted):
        if action in _ACTIONS and category in CATEGORIES:
            # Every warning that is no error is recorded: the other end's filters decide again.
            action = action if action in ("error", "ignore") else "always"
            warnings.filterwarnings(action, text, CATEGORIES[category])


def error_state(state: Any) -> dict:
    """Take from the other end's words what `numpy.errstate` understands."""
    if not isinstance(state, dict):
        return {}
    kinds = ("divide", "over", "under", "invalid")
    modes = ("ignore", "warn", "raise", "print")
    return {k: v for k, v in state.items() if k in kinds and v in modes}
