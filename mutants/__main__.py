"""Hunt mutants: ``python -m mutants [chapter or chapter/exercise …]``."""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed

from .cells import CHAPTERS, ROOT, Exercise, read_exercises
from .hunt import Hunt, hunt
from .kept import not_kept, read_kept

REPORT = ROOT / "_build" / "mutants.json"


def chosen(names: list[str]) -> list[Exercise]:
    """Return the exercises that some names mean: of whole chapters, or one by one."""
    found = []
    for name in names or CHAPTERS:
        chapter, _, only = name.partition("/")
        if chapter not in CHAPTERS:
            raise SystemExit(f"there is no chapter {chapter!r}: {', '.join(CHAPTERS)}")
        exercises = [e for e in read_exercises(chapter) if only in ("", e.name)]
        if not exercises:
            raise SystemExit(f"{chapter} has no exercise {only!r}")
        found += exercises
    return found


def _one(chapter: str, name: str) -> Hunt:
    """Hunt in a process of its own; test code is compiled there."""
    warnings.simplefilter("ignore", SyntaxWarning)  # `is not 0` and the like are the mutants'
    return hunt(next(e for e in read_exercises(chapter) if e.name == name))


def main(arguments: list[str] | None = None) -> int:
    """Hunt, print what is wrong, and keep the counts for the audit."""
    parser = argparse.ArgumentParser(prog="python -m mutants", description=__doc__)
    parser.add_argument("exercises", nargs="*", help="chapter or chapter/exercise; default: all")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args(arguments)
    exercises = chosen(options.exercises)

    context = multiprocessing.get_context("fork")
    hunts: dict[tuple[str, str], Hunt] = {}
    with ProcessPoolExecutor(options.workers, mp_context=context) as pool:
        tasks = {pool.submit(_one, e.chapter, e.name): (e.chapter, e.name) for e in exercises}
        for task in as_completed(tasks):
            done = task.result()
            hunts[tasks[task]] = done
            print(f"{'/'.join(tasks[task])}: {done.made} mutants, {done.seconds:.0f} s", flush=True)

    faults, report = 0, {}
    for chapter in dict.fromkeys(e.chapter for e in exercises):
        of_chapter = [hunts[e.chapter, e.name] for e in exercises if e.chapter == chapter]
        survivors = [s for h in of_chapter for s in h.survivors]
        kept = read_kept(chapter)
        open_ones = not_kept(survivors, kept)
        faults += len(open_ones)
        for survivor in open_ones:
            print(f"{chapter}: survives: {survivor.where} | {survivor.change}")
        for trouble in [t for h in of_chapter for t in h.troubles]:
            faults += 1
            print(f"{chapter}: {trouble}")
        if all((chapter, e.name) in hunts for e in read_exercises(chapter)):
            for pattern in [p for entry in kept for p in entry.unused]:
                faults += 1
                print(f"{chapter}: kept, but no such mutant survives: {pattern}")
            made = sum(h.made for h in of_chapter)
            report[chapter] = {
                "mutants": made,
                "killed": made - len(survivors),
                "kept": len(survivors) - len(open_ones),
                "open": len(open_ones),
            }
    _keep(report)
    for chapter, counts in report.items():
        print(f"{chapter}: " + ", ".join(f"{number} {what}" for what, number in counts.items()))
    return 1 if faults else 0


def _keep(report: dict) -> None:
    """Write the counts beside those of other chapters, for the audit."""
    before = json.loads(REPORT.read_text(encoding="utf-8")) if REPORT.exists() else {}
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps({**before, **report}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
