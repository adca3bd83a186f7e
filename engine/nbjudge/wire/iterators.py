"""Iterators of Python itself: what they are, and how a test hands one over.

A test's generator stays where it is. The notebook gets one of its own, which draws an item from it
whenever it needs one, so that what is lazy in one process is lazy here.
"""

from __future__ import annotations

import collections
import itertools
import types
from collections.abc import Callable, Iterator
from typing import Any

_SAMPLES: tuple[Any, ...] = (
    *([], (), {}, set(), "", "ä", b"", bytearray(), memoryview(b""), range(0), range(2**70)),
    *({}.values(), {}.items(), collections.deque(), collections.OrderedDict()),
)
_REVERSED: tuple[Any, ...] = ([], (), {}, {}.values(), {}.items(), collections.deque())
_KINDS: tuple[type, ...] = (
    *(types.GeneratorType, map, zip, filter, enumerate, reversed, type(iter(int, 1))),
    *(type(iter(value)) for value in _SAMPLES),
    *(type(reversed(value)) for value in _REVERSED),
    *(kind for kind in vars(itertools).values() if hasattr(kind, "__next__")),
)
ITERATORS = {(kind.__module__, kind.__name__): kind for kind in _KINDS}
"""By module and name."""
KINDS = frozenset(_KINDS)


def drawing(iterator: Iterator[Any]) -> Callable[[], tuple[bool, Any]]:
    """Return what draws an item: whether there was one, and which."""

    def draw() -> tuple[bool, Any]:
        for item in iterator:
            return True, item
        return False, None

    return draw


def drawn(draw: Callable[[], tuple[bool, Any]]) -> Iterator[Any]:
    """Yield what is drawn on the other side."""
    while True:
        more, item = draw()
        if not more:
            return
        yield item
