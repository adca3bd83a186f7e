"""Why a call came to no end that a test may judge, and what stands between a line and its users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from nbjudge.wire.frames import WireError

if TYPE_CHECKING:
    from nbjudge.wire.end import End


class CallFailed(BaseException):
    """The call failed for a reason that is not the student's answer.

    It is no `Exception`, so that ``pytest.raises(Exception)`` does not take it for an answer.
    """


class CannotCross(WireError):
    """The engine's own limit: nothing was wrong with what the other end did or sent."""


class NotHandedOver(BaseException):
    """A student's code asks a callable of the test for more than a call.

    It is no `Exception`, so that the student's own ``except`` does not take it for an answer.
    """


class CalledInFork(Exception):
    """A process that a test cell has started called a function of the student.

    An `Exception`, so that a pool of processes hands it back to the test.
    """


class WrongKind(WireError):
    """The other end's object came where the instructor's own answer has plain data."""


Place = tuple[str, ...]
"""Where a value stands in a test: by the way to it, and by the class that it belongs to."""


class Proxies(Protocol):
    """What stands on the judge's side for objects of the student's; `nbjudge.judge.proxies`."""

    def stand_in(self, peer: End, place: Place, number: int | str, name: str) -> Any:
        """Return what stands for a function."""

    def of_object(
        self, peer: End, place: Place, number: int, of: int, name: str, depth: int
    ) -> Any:
        """Return what stands for an object that came at a place."""

    def of_class(self, peer: End, number: int) -> type:
        """Return what stands for a class."""

    def missing(self, place: Place, name: str, depth: int) -> None:
        """Let a value of a type pass that is missing in part, or raise."""

    def home(self, value: Any) -> int | str | None:
        """Return the number or name of the object that a value stands for, if it is a proxy."""

    def arrived(self, place: Place, value: Any) -> None:
        """Note what came at a place."""


class Around(Protocol):
    """What a test shares with what it calls; `nbjudge.judge.surroundings`."""

    def before(self) -> dict[str, Any]:
        """Return what is to be in force while a call runs."""

    def after(self, left: Any) -> None:
        """Take what a call has left."""


@dataclass(frozen=True)
class Failure:
    """Why a call came to no end that a test may judge.

    Attributes
    ----------
    reason : str
        In words.
    engine : bool
        Whether the engine could not carry out the call. Otherwise the other end died, or broke the
        protocol.
    """

    reason: str
    engine: bool
