"""Iterators of Python's own (`nbjudge.wire.iterators`), which need no contract.

They compare as nothing but themselves, so all that they say is their items. A class of a student's
may call itself ``generator``; then it, too, is asked for no more than that.
"""

from __future__ import annotations

from typing import Any

from nbjudge.judge.functions import RemoteMethod
from nbjudge.judge.proxies import STATE, RemoteObject
from nbjudge.judge.remote import Description

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
    none = frozenset[str]()
    return about._replace(answers=about.answers & _OF_ITERATORS, methods=none, extends=none)
