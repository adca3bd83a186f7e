"""What both sides have of the student's containers and arrays, kept equal while a test cell runs.

In one process, ``net.layers[0]["W"] = 7`` changes what the student's method reads. So lists, dicts,
sets and arrays that a test has asked for are kept on both sides under the same number: each side
tells the other, with the next call or answer, which of them it has changed, and sends the number
where it would send the value again. What is large is not kept, and crosses as a copy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from nbjudge.wire.decoder import Decoder
from nbjudge.wire.encoder import Encoder
from nbjudge.wire.side_effects import (
    PLAIN_CONTAINERS,
    assign,
    is_changed,
    list_of_pairs,
    snapshot,
)

_LARGEST_ARRAY = 1 << 18
_MOST_ITEMS = 10_000
_MOST_VALUES = 500
_MOST_TOGETHER = 100_000


class Kept:
    """The values that one side keeps."""

    def __init__(self) -> None:
        self._values: dict[int, Any] = {}
        self._before: dict[int, Any] = {}
        self._numbers: dict[int, int] = {}
        self._next = 0
        self._room = _MOST_TOGETHER

    def clear(self) -> None:
        """Keep nothing: a cell has ended."""
        self.__init__()  # type: ignore[misc]

    @property
    def next(self) -> int:
        """The number of the next value."""
        return self._next

    def add(self, start: int, values: Iterable[Any]) -> None:
        """Keep values under numbers that begin with `start`, unless they are large."""
        for self._next, value in enumerate(values, start):
            size = _size(value)
            if size is None or size > self._room or len(self._values) >= _MOST_VALUES:
                continue
            self._room -= size
            self._values[self._next] = value
            self._before[self._next] = snapshot(value)
            self._numbers[id(value)] = self._next
        self._next += 1

    def number(self, value: Any) -> int | None:
        """Return the number of a value, None for one that is not kept."""
        return self._numbers.get(id(value))

    def value(self, number: Any) -> Any:
        """Return the value of a number; raises KeyError if there is none."""
        return self._values[number]

    def changed(self) -> list[tuple[int, Any]]:
        """Return, with its number, each value that was changed here since it was last equal."""
        found = [(n, v) for n, v in self._values.items() if is_changed(v, self._before[n])]
        for number, value in found:
            self._before[number] = snapshot(value)
        return found

    def has_changes(self) -> bool:
        """Whether a value was changed here since it was last equal."""
        return any(is_changed(value, self._before[n]) for n, value in self._values.items())

    def give(self, encoder: Encoder) -> list[Any]:
        """Encode what each value holds that was changed here, with its number."""
        return [[number, encoder.state(value)] for number, value in self.changed()]

    def take(self, decoder: Decoder, writes: Any) -> None:
        """Give the values the contents that the other side's have now."""
        for number, node in list_of_pairs(writes):
            contents = decoder.decode(node)
            assign(self._values[number], contents)
            self._before[number] = snapshot(self._values[number])


def _size(value: Any) -> int | None:
    """Return the size of what can be kept, None for what cannot."""
    if isinstance(value, np.ndarray):
        plain = type(value) is np.ndarray and value.nbytes <= _LARGEST_ARRAY
        return value.nbytes // 100 + 1 if plain else None
    if type(value) not in PLAIN_CONTAINERS or len(value) > _MOST_ITEMS:
        return None
    return len(value) + 1
