r"""How much more the answers of two students agree than those of others do.

Of each exercise, the similarity :math:`s_{ij}` of two answers is the weight of the fingerprints
that they share, as a share of the lighter answer. The weight of a fingerprint is the logarithm of
how rare it is in the class [1]_. From student :math:`i`'s side, :math:`p_{ij}` is the share of the
others whose answers are at least as similar to :math:`i`'s as :math:`j`'s is: small where few have
this form, and large where many have. The evidence of the exercise is

.. math:: e_{ij} = -\tfrac{1}{2} \log(p_{ij} p_{ji}) + 3 \log s_{ij},

at least :math:`-6`, and what speaks against a pair over all exercises at least :math:`-12`: who did
some exercises alone may have copied others. An answer that only one of both has counts :math:`-3`.
Being ahead of all others in similarity counts besides, since ranks of a small class say little. The
first part
is that of the test that Fisher combines over exercises [2]_; the second is what speaks against a
copy where the answers differ. A mistake that both have counts one and a half times. The figure of a
pair is the sum over the exercises.

References
----------
.. [1] K. Spärck Jones, "A statistical interpretation of term specificity and its application in
   retrieval", Journal of Documentation 28 (1972), 11-21, https://doi.org/10.1108/eb026526.
.. [2] R. A. Fisher, "Statistical Methods for Research Workers", 4th edition, Oliver and Boyd 1932,
   section 21.1.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

AGAINST = 3.0
"""How much the logarithm of the similarity counts."""
AHEAD = 4.0
"""How much it counts to be ahead of all others in similarity."""
LEAST = -6.0
"""The least evidence of one exercise."""
LEAST_OF_ALL = -12.0
"""The least that all exercises in which a pair differs may count."""
ONE_ALONE = -3.0
"""The evidence where only one of both has changed the answer."""
MISTAKE = 1.5
"""How many times the evidence of a shared mistake counts."""
_SMALLEST = 0.02


@dataclass(frozen=True)
class Agreement:
    """How the answers to one exercise agree.

    Attributes
    ----------
    similarity : ndarray of shape (n_students, n_students)
        Between 0 and 1; 0 where one of both has no answer.
    evidence : ndarray of shape (n_students, n_students)
        As above; 0 where both have no answer.
    shared_by : dict of fingerprint to int
        How many students have each fingerprint.
    """

    similarity: np.ndarray
    evidence: np.ndarray
    shared_by: dict[Any, int]


def similarities(answers: Sequence[Collection[Any]]) -> tuple[np.ndarray, dict[Any, int]]:
    """Compare the fingerprints of answers, each weighted by its rarity.

    Parameters
    ----------
    answers : sequence of collection
        The fingerprints of each answer; none for none.

    Returns
    -------
    ndarray of shape (n_students, n_students)
        The similarities.
    dict of fingerprint to int
        How many have each.
    """
    shared_by: dict[Any, int] = Counter(f for answer in answers for f in set(answer))
    count = sum(bool(answer) for answer in answers)
    columns = {f: i for i, f in enumerate(f for f, n in shared_by.items() if n > 1)}
    weights = {f: math.log((count + 1) / n) for f, n in shared_by.items()}
    incidence = np.zeros((len(answers), len(columns)), dtype=np.float32)
    total = np.zeros(len(answers))
    for row, answer in enumerate(answers):
        there = [columns[f] for f in set(answer) if f in columns]
        incidence[row, there] = 1.0
        total[row] = sum(weights[f] for f in set(answer))
    weighted = incidence * np.array([weights[f] for f in columns], dtype=np.float32)
    shared = (weighted @ incidence.T).astype(float)
    lighter = np.minimum(total[:, None], total[None, :])
    found = np.where(lighter > 0, shared / np.where(lighter > 0, lighter, 1.0), 0.0)
    return np.clip(found, 0.0, 1.0), dict(shared_by)


def agree(answers: Sequence[Collection[Any] | None], mistakes: Sequence[Any]) -> Agreement:
    """Weigh how the answers to one exercise agree.

    Parameters
    ----------
    answers : sequence of collection or None
        The fingerprints of each student's answer; None for one that was left as released, and an
        empty one where all of it was given.
    mistakes : sequence of object
        What is wrong with each answer, such as the tests that it failed; something false for one
        that is right, or of which nothing is known.
    """
    similarity, shared_by = similarities([answer or () for answer in answers])
    blank = np.array([answer is None for answer in answers])
    there = np.array([bool(answer) for answer in answers])
    both = there[:, None] & there[None, :]
    count = len(answers)
    evidence = np.zeros((count, count))
    if there.sum() > 2:
        known = np.where(both, similarity, -1.0)
        np.fill_diagonal(known, -1.0)
        ordered = np.sort(known, axis=1)
        # How many are at least as similar to the student of the row.
        as_similar = np.stack(
            [count - np.searchsorted(ordered[i], known[i] - 1e-9) for i in range(count)]
        )
        p = np.clip(as_similar / (there.sum() - 1), 1 / count, 1.0)
        against = AGAINST * np.log(np.maximum(similarity, _SMALLEST))
        # How much more similar than the next one to the student of the row.
        ahead = np.clip(known - _next_below(ordered, as_similar), 0.0, 1.0)
        evidence = -0.5 * np.log(p * p.T) + AHEAD / 2 * (ahead + ahead.T) + against
        evidence = np.maximum(evidence, LEAST)
        evidence = np.where(both, evidence, 0.0)
        codes = {mistake: code for code, mistake in enumerate({m for m in mistakes if m}, 1)}
        wrong = np.array([codes.get(m, 0) if m else 0 for m in mistakes])
        same = (wrong[:, None] == wrong[None, :]) & (wrong[:, None] > 0) & (evidence > 0)
        evidence = np.where(same, MISTAKE * evidence, evidence)
        one_alone = (there[:, None] & blank[None, :]) | (blank[:, None] & there[None, :])
        evidence = np.where(one_alone, ONE_ALONE, evidence)
    np.fill_diagonal(evidence, 0.0)
    return Agreement(similarity, evidence, shared_by)


def _next_below(ordered: np.ndarray, as_similar: np.ndarray) -> np.ndarray:
    """Return the next lower similarity in each row; the value itself where others share it."""
    count = ordered.shape[1]
    next_below = np.take_along_axis(ordered, np.maximum(count - as_similar - 1, 0), axis=1)
    alone = as_similar == 1
    return np.where(alone, np.maximum(next_below, 0.0), 1.0)


def clusters(pairs: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Take together who is connected by pairs, three and more.

    Parameters
    ----------
    pairs : sequence of (int, int)
        The pairs.

    Returns
    -------
    list of list of int
        The largest first.

    Examples
    --------
    >>> clusters([(1, 2), (5, 6), (2, 3)])
    [[1, 2, 3]]
    """
    of: dict[int, set[int]] = {}
    for one, other in pairs:
        joined = of.get(one, {one}) | of.get(other, {other})
        for member in joined:
            of[member] = joined
    found = {id(members): sorted(members) for members in of.values() if len(members) > 2}
    return sorted(found.values(), key=lambda members: (-len(members), members))
