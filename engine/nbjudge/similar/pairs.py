"""Compare the answers of a class pairwise, and rank the pairs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nbjudge.similar.evidence import LEAST_OF_ALL, Agreement, agree, clusters
from nbjudge.similar.material import Key, Person

_MOST_ROWS = 1_000
_ALIKE = 0.5
"""The similarity from which on answers to an exercise are called alike."""


@dataclass(frozen=True)
class Pair:
    """Two students whose answers agree.

    Attributes
    ----------
    one, other : int
        Their places in the list of people; only ``other`` may be of a previous year.
    figure : float
        The evidence over all exercises.
    stands_out : bool
        Whether it is more than the logarithm of the number of pairs.
    similarity : float
        The mean over the exercises that both answered.
    exercises : list of Key
        Those in which they are alike, the strongest evidence first.
    mistakes : list of Key
        Those of them that are the same mistake.
    """

    one: int
    other: int
    figure: float
    stands_out: bool
    similarity: float
    exercises: list[Key]
    mistakes: list[Key]


@dataclass(frozen=True)
class Comparison:
    """The pairs of a class.

    Attributes
    ----------
    people : list of Person
        Everybody.
    agreements : dict of Key to Agreement
        How the answers to each exercise agree.
    pairs : list of Pair
        The highest figure first.
    threshold : float
        The figure above which a pair stands out.
    clusters : list of list of int
        Three and more who are connected by pairs that stand out.
    """

    people: list[Person]
    agreements: dict[Key, Agreement]
    pairs: list[Pair]
    threshold: float
    clusters: list[list[int]]


def compare(people: Sequence[Person]) -> Comparison:
    """Compare everybody's answers with everybody else's, but for those of previous years.

    Parameters
    ----------
    people : sequence of Person
        At least two.
    """
    people = list(people)
    keys = list(dict.fromkeys(key for person in people for key in person.answers))
    agreements = {}
    speaks_for, speaks_against = np.zeros((2, len(people), len(people)))
    for key in keys:
        answers = [p.answers[key].prints if key in p.answers else None for p in people]
        mistakes = [p.mistakes.get(key) for p in people]
        agreements[key] = agree(answers, mistakes)
        evidence = agreements[key].evidence
        speaks_for += np.maximum(evidence, 0.0)
        speaks_against += np.minimum(evidence, 0.0)
    figure = speaks_for + np.maximum(speaks_against, LEAST_OF_ALL)
    earlier = np.array([person.earlier for person in people], dtype=bool)
    one, other = np.triu_indices(len(people), 1)
    kept = ~earlier[one]  # previous years stand last, and are not compared among themselves
    one, other = one[kept], other[kept]
    threshold = math.log(max(2, len(one)))
    order = np.argsort(-figure[one, other], kind="stable")[:_MOST_ROWS]
    pairs = [
        _pair(people, agreements, int(one[n]), int(other[n]), figure, threshold) for n in order
    ]
    pairs = [pair for pair in pairs if pair.figure > 0 and pair.exercises]
    together = clusters([(pair.one, pair.other) for pair in pairs if pair.stands_out])
    return Comparison(people, agreements, pairs, threshold, together)


def _pair(
    people: list[Person],
    agreements: dict[Key, Agreement],
    one: int,
    other: int,
    figure: np.ndarray,
    threshold: float,
) -> Pair:
    both = [key for key in people[one].answers if key in people[other].answers]
    both.sort(key=lambda key: -agreements[key].evidence[one, other])
    alike = [key for key in both if agreements[key].similarity[one, other] >= _ALIKE]
    same = [
        key
        for key in alike
        if people[one].mistakes.get(key)
        and people[one].mistakes.get(key) == people[other].mistakes.get(key)
    ]
    similar = [agreements[key].similarity[one, other] for key in both]
    return Pair(
        one, other, float(figure[one, other]), bool(figure[one, other] > threshold),
        float(np.mean(similar)) if similar else 0.0, alike, same,
    )  # fmt: skip
