"""An object that came where the contract of the test has none: it fails the test that uses it.

What a test does not look at decides nothing: a method that returns its object for chaining where
the instructor's returns nothing, or the lines that ``plt.plot`` gave. So such an object is refused
when it is used, and not when it comes. It may be kept, handed back, and told from None.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

from nbjudge.wire.objects import SPECIAL_METHODS


class Unexpected:
    """An object that no test may use.

    Parameters
    ----------
    number : int
        The object's, on the kernel's side.
    refuse : callable
        Says why it may not be used, by raising a `CallFailed` and remembering it.
    """

    __slots__ = ("_number", "_refuse")

    def __init__(self, number: int, refuse: Callable[[], NoReturn]) -> None:
        _NUMBER.__set__(self, number)
        _REFUSE.__set__(self, refuse)

    def __getattribute__(self, name: str) -> NoReturn:
        _refused(self)

    def __repr__(self) -> str:
        return "<an object of the notebook>"


_NUMBER: Any = vars(Unexpected)["_number"]
_REFUSE: Any = vars(Unexpected)["_refuse"]


def number_of(value: Unexpected) -> int:
    """Return the number of the object, by which it can be handed back."""
    return _NUMBER.__get__(value)  # type: ignore[no-any-return]


def _refused(self: Unexpected, *_: Any, **__: Any) -> NoReturn:
    refuse: Callable[[], NoReturn] = _REFUSE.__get__(self)
    refuse()


_OTHERS = ("__setattr__", "__delattr__", "__dir__", "__copy__", "__deepcopy__", "__reduce_ex__")
for _name in (SPECIAL_METHODS | {*_OTHERS}) - {"__repr__"}:
    setattr(Unexpected, _name, _refused)
