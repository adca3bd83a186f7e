"""What the instructor's own answers hand to a test: the contract for what submissions may hand it.

A value that cannot cross by value is used through a proxy, and then the student's class has a say
in what is equal, true, or how long. So the instructor's own notebook is run first, and for each
test cell it is noted at which places objects came, and at which plain data. A place is the way to
a value from a name of the notebook, such as ``Stack().items`` or ``draw().lines[]``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbjudge.wire.failures import CannotCross, Place, WrongKind

_LONGEST_PLACE = 160
_MOST_PLACES = 5000
_OBJECT, _MISSING = "object ", "missing values of "
FIGURES = frozenset({"Figure", "Axes"})
"""Kinds of plain data for which a judge needs matplotlib."""
_FEWEST_ITEMS = 1000
_MORE_ITEMS = 20


def extend(place: str, step: str) -> str:
    """Return the place that is one step further; many equal steps are one.

    >>> extend("head.next", ".next")
    'head.next+'
    """
    if place.endswith((step, f"{step}+")):
        return place if place.endswith("+") else f"{place}+"
    longer = place + step
    return longer if len(longer) <= _LONGEST_PLACE else f"…{step}"


@dataclass
class Contract:
    """The contract of one test cell.

    Attributes
    ----------
    kinds : dict
        By place, what came there: names of types of plain data, and of the classes of objects.
    drawn : dict
        By place, how many items were drawn from an iterator that came there.
    recording : bool
        Whether this is the instructor's own run.
    """

    kinds: dict[str, set[str]] = field(default_factory=dict)
    drawn: dict[str, int] = field(default_factory=dict)
    recording: bool = False

    @classmethod
    def of_data(cls, data: dict[str, Any] | None) -> Contract:
        """Make it of what `as_data` returned; without that, nothing is known."""
        data = data or {}
        kinds = {place: set(kinds) for place, kinds in data.get("kinds", {}).items()}
        return cls(kinds, dict(data.get("drawn", {})))

    def as_data(self) -> dict[str, Any]:
        """Return it as plain data: what a grading needs, which is nothing without any object."""
        found = {kind for kinds in self.kinds.values() for kind in kinds}
        if not any(kind.startswith((_OBJECT, _MISSING)) or kind in FIGURES for kind in found):
            return {}
        kinds = {place: sorted(kinds) for place, kinds in self.kinds.items()}
        return {"kinds": kinds, "drawn": self.drawn}

    def note(self, place: Place, kind: str) -> None:
        """Note, in the instructor's run, what came at a place."""
        for way in place:
            if len(self.kinds) < _MOST_PLACES:
                self.kinds.setdefault(way, set()).add(kind)

    def note_object(self, place: Place, name: str) -> None:
        """Note that an object of a class came at a place."""
        self.note(place, _OBJECT + name)

    def knows(self, place: Place) -> bool:
        """Whether anything came at a place in the instructor's run."""
        return any(way in self.kinds for way in place)

    def allows(self, place: Place) -> bool:
        """Whether an object came at a place in the instructor's run."""
        known = next((self.kinds[way] for way in place if way in self.kinds), ())
        return any(kind.startswith(_OBJECT) for kind in known)

    def check(self, place: Place, name: str) -> None:
        """Let an object of a class pass at a place.

        What ``iter`` returns always may: tests compare the items and not the iterator.

        Raises
        ------
        WrongKind
            If the instructor's run had plain data there.
        CannotCross
            If nothing is known of the place.
        """
        if self.recording:
            self.note_object(place, name)
        elif not self.allows(place) and not place[0].endswith(".__iter__()"):
            known = next((self.kinds[way] for way in place if way in self.kinds), None)
            known = known or self._around(place)
            if known is None:
                raise CannotCross(f"{place[0]} is a value of the type {name}")
            due = " or ".join(sorted(known))
            raise WrongKind(f"{place[0]} is an object of the class {name} where {due} is due")

    def check_missing(self, place: Place, name: str) -> None:
        """Let a value pass at a place that is missing in part, such as an array with a mask.

        What is missing differs from nothing: numpy and pandas hold it to be equal to all there is.

        Raises
        ------
        WrongKind
            If nothing was missing there in the instructor's run.
        CannotCross
            If nothing is known of the place.
        """
        if self.recording:
            self.note(place, _MISSING + name)
            return
        known = next((self.kinds[way] for way in place if way in self.kinds), None)
        known = known or self._around(place)
        if known is None:
            raise CannotCross(f"{place[0]} has missing values ({name})")
        if not any(kind.startswith(_MISSING) for kind in known):
            raise WrongKind(f"{place[0]} has missing values ({name}) where none is due")

    def _around(self, place: Place) -> set[str] | None:
        """Return what came in the place of the container that an object stands in."""
        for way in place:
            outer = way.removesuffix("[]")
            if outer != way and outer in self.kinds:
                return {f"{kind} without objects" for kind in self.kinds[outer]}
        return None

    def draw(self, place: Place, count: int) -> bool:
        """Note that an item is drawn; return whether there may be so many."""
        if self.recording:
            for way in place:
                self.drawn[way] = max(count, self.drawn.get(way, 0))
            return True
        most = next((self.drawn[way] for way in place if way in self.drawn), None)
        return most is None or count <= max(_FEWEST_ITEMS, _MORE_ITEMS * most)
