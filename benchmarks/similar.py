"""Does `nbjudge similar` find planted copies? Classes of 200 from the banks of answers.

    python -m benchmarks.similar

Each class has ten pairs in which one copied the other's whole notebook, two for each disguise, and
honest students who draw from three or four right forms and about ten mistakes for each exercise.
copydetect takes part where it is installed.
"""

from __future__ import annotations

import argparse
import time
from importlib.util import find_spec
from typing import Any

import numpy as np
from nbjudge.similar.material import Answer, Person
from nbjudge.similar.pairs import compare
from nbjudge.similar.tokens import fingerprints, tokens_of

from benchmarks.copies import DISGUISES, PlantedClass, plant
from benchmarks.results import machine, table, write_section

CHAPTERS = ("perceptron", "coin_mle", "softmax", "evaluation", "gradient_descent", "sigmoid")
COPIES = 10


def people_of(planted: PlantedClass) -> list[Person]:
    """Read a class as `nbjudge similar` reads its notebooks; a wrong answer fails one test."""
    people = []
    for student in sorted(planted.answers):
        person = Person(student)
        for exercise, source in planted.answers[student].items():
            tokens = tokens_of(source)
            person.answers["n", exercise] = Answer(source, tokens, fingerprints(tokens))
            if not planted.right[student][exercise]:
                person.mistakes["n", exercise] = frozenset({"wrong"})
        people.append(person)
    return people


def ranks_of(planted: PlantedClass) -> dict[frozenset[str], int]:
    """Return the place of each planted pair in the list, from 1; behind it for one not in it."""
    found = compare(people_of(planted))
    names = [person.name for person in found.people]
    places = {
        frozenset((names[pair.one], names[pair.other])): n for n, pair in enumerate(found.pairs, 1)
    }
    return {pair: places.get(pair, len(places) + 1) for pair in planted.planted}


def ranks_by_copydetect(planted: PlantedClass) -> dict[frozenset[str], int]:
    """Return the places by copydetect's own similarity of the whole notebooks."""
    from copydetect.utils import filter_code, get_document_fingerprints

    names = sorted(planted.answers)
    prints = []
    for name in names:
        text, _ = filter_code("\n".join(planted.answers[name].values()), "x.py", "python")
        prints.append(get_document_fingerprints(text, 25, 1)[0])
    scores = []
    for i, one in enumerate(prints):
        for j in range(i):
            least = max(1, min(len(one), len(prints[j])))
            scores.append((-len(one & prints[j]) / least, frozenset((names[i], names[j]))))
    scores.sort(key=lambda pair: pair[0])
    places = {pair: n for n, (_, pair) in enumerate(scores, 1)}
    return {pair: places[pair] for pair in planted.planted}


def measure(ranks: Any, count: int, seeds: int) -> list[dict[str, Any]]:
    """Rank the pairs of some classes; return the figures of each."""
    found = []
    for chapter in CHAPTERS:
        for seed in range(seeds):
            planted = plant(chapter, count, COPIES, seed)
            places = ranks(planted)
            top = sum(place <= COPIES for place in places.values())
            found.append(
                {
                    "chapter": chapter,
                    "top": top / COPIES,
                    "twice": sum(place <= 2 * COPIES for place in places.values()) / COPIES,
                    "above": max(places.values()) - COPIES,
                    "missed": [planted.planted[p] for p, place in places.items() if place > COPIES],
                }
            )
    return found


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--dry", action="store_true", help="write nothing")
    chosen = parser.parse_args()
    contenders = {"nbjudge similar": ranks_of}
    if find_spec("copydetect") is not None:
        contenders["copydetect 0.5.0, its own fingerprints"] = ranks_by_copydetect
    rows, missed = [], dict.fromkeys(DISGUISES, 0)
    for name, ranks in contenders.items():
        figures = measure(ranks, chosen.students, chosen.seeds)
        above = [f["above"] for f in figures]
        rows.append(
            [
                name, f"{np.mean([f['top'] for f in figures]):.2f}",
                f"{np.mean([f['twice'] for f in figures]):.2f}",
                f"{np.median(above):.0f} ({min(above)} to {max(above)})",
            ]
        )  # fmt: skip
        if ranks is ranks_of:
            for found in figures:
                for how in found["missed"]:
                    missed[how] += 1
    large = people_of(plant("gradient_descent", 300, COPIES, 0))
    began = time.perf_counter()
    compare(large)
    seconds = time.perf_counter() - began
    pairs = chosen.students * (chosen.students - 1) // 2
    each = 2 * len(CHAPTERS) * chosen.seeds
    text = "\n\n".join(
        [
            f"On {machine('numpy', 'pygments')}.",
            f"{len(CHAPTERS) * chosen.seeds} classes of {chosen.students} made from the banks of "
            f"answers, each with {COPIES} planted pairs among {pairs:,}: a whole notebook copied, "
            f"and {', '.join(DISGUISES)}, two each. Of ten planted pairs the first ten of the list "
            "hold so many (precision and recall are the same there), the first twenty so many; and "
            "so many honest pairs stand above the last planted one (median, and range):",
            table(["", "in the first 10", "in the first 20", "honest pairs above"], rows),
            f"Not among the first ten, of {each} each: "
            + ", ".join(f"{how} {count}" for how, count in missed.items())
            + ". A class from banks is harder than a real one: honest students hand in the very "
            "same text.",
            f"Comparing 300 submissions of eight exercises took {seconds:.1f} s, reading aside.",
        ]
    )
    print(text)
    if not chosen.dry:
        write_section("Planted copies", text)


if __name__ == "__main__":
    main()
