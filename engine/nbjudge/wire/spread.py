"""Keys that a student chooses, before the judge makes a table of them."""

from __future__ import annotations

import time
from typing import Any

from nbjudge.wire.frames import WireError

_FEW_KEYS = 1000
_SLOW = 0.02
"""CPU seconds for so many keys: hundreds of times what they take as a rule."""


def spread(keys: list[Any]) -> list[Any]:
    """Return keys of a set or a dict, unless they were chosen to collide.

    A table of such keys takes a time that is squared, and the judge's at that. So the table of
    many keys is made in parts first, and given up where a part takes much too long.
    """
    if len(keys) <= _FEW_KEYS:
        return keys
    table: set[Any] = set()
    for start in range(0, len(keys), _FEW_KEYS):
        began = time.thread_time()
        table.update(keys[start : start + _FEW_KEYS])
        if time.thread_time() - began > _SLOW:
            raise WireError(f"a set or a dict of {len(keys)} keys that collide")
    return keys
