"""Iterators of Python itself, which a test may be handed whatever the contract says.

They compare as nothing but themselves, so all that they say is their items. A class of a student's
may call itself ``generator``; then it, too, is asked for no more than that.
"""

from __future__ import annotations

import collections
import itertools
import types
from typing import Any

from nbjudge.judge.functions import RemoteMethod
from nbjudge.judge.proxies import STATE, RemoteObject
from nbjudge.judge.remote import Description

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
_OF_GENERATORS = frozenset({"send", "throw", "close"})
_OF_ITERATORS = frozenset({"__iter__", "__next__"})


class RemoteIterator(RemoteObject):
    """The base of classes for iterators of which no contract knows."""

    __slots__ = ()

    def __getattribute__(self, name: str) -> Any:
        if name[:2] == "__":
            return RemoteObject.__getattribute__(self, name)
        if name in _OF_GENERATORS:
            return RemoteMethod(STATE.__get__(self), name)
        raise AttributeError(name)


def items_only(about: Description) -> Description:
    """Return what remains of a class that is asked for its items and for nothing else."""
    return about._replace(answers=about.answers & _OF_ITERATORS, methods=frozenset())
