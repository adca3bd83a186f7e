"""How values of one type cross: taken apart into parts, and built anew of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbjudge.wire.frames import WireError


@dataclass(frozen=True)
class Codec:
    """How values of one type cross.

    Attributes
    ----------
    name : str
        Of the type on the wire.
    kind : type
        The exact type.
    parts : callable
        Takes a value apart: a tuple of values that the wire knows.
    build : callable
        Makes a value of the parts; raises for parts that it would not have made.
    refresh : callable or None
        For a type that is changed in place: gives a value the contents of another.
    lacks : callable or None
        For a type whose values may be missing in part, and compare as nothing there: whether a
        value is.
    """

    name: str
    kind: type
    parts: Callable[[Any], tuple[Any, ...]]
    build: Callable[..., Any]
    refresh: Callable[[Any, Any], None] | None = None
    lacks: Callable[[Any], bool] | None = None


def exactly(kind: type | tuple[type, ...], *values: Any) -> None:
    """Check that parts have the types that they must have.

    Raises
    ------
    WireError
        If one has not.
    """
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if any(type(value) not in kinds for value in values):
        raise WireError("a part of the wrong type")
