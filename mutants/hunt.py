"""The mutants of one exercise against its tests."""

from __future__ import annotations

import ast
import inspect
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from samples.answers import BANKS, read_bank

from .cells import Exercise, failure, failures
from .habits import call_key, constants, habits
from .kept import Survivor
from .library import Library, reference
from .operators import mutants


@dataclass
class Hunt:
    """What became of an exercise's mutants.

    Parameters
    ----------
    exercise : str
        The function that is asked for.
    made : int
        How many mutants there were.
    survivors : list of Survivor
        Those that passed every test.
    troubles : list of str
        What is wrong besides: a right answer that fails, a cell that a constant passes.
    seconds : float
        How long it took.
    """

    exercise: str
    made: int = 0
    survivors: list[Survivor] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    seconds: float = 0.0


def hunt(exercise: Exercise) -> Hunt:
    """Run the mutants of an exercise's right answers against its tests.

    Parameters
    ----------
    exercise : Exercise
        The exercise.

    Returns
    -------
    Hunt
        What became of them.
    """
    started = time.monotonic()
    found = Hunt(exercise.name)
    library = Library()
    answer = library.function(exercise.chapter, exercise.name)
    patience = _patience(exercise, answer, found)
    _of_the_library(exercise, library, patience, found)
    _of_the_bank(exercise, patience, found)
    _of_habits(exercise, patience, found)
    _constants(exercise, patience, found)
    found.seconds = time.monotonic() - started
    return found


def _patience(exercise, answer, found):
    """Return the CPU time after which a mutant counts as one that does not end."""
    began = time.process_time()
    for name, wrong in failures(exercise, answer, 60):
        found.troubles.append(f"the reference fails {name}: {wrong}")
    return 2 + 10 * (time.process_time() - began)


def _survives(exercise, function, patience):
    return next(failures(exercise, function, patience), None) is None


def _of_the_library(exercise, library, patience, found):
    """Mutate what the reference consists of.

    An exercise that asks for no error is asked with allowed arguments only: what the library
    checks of them is not the student's, and a mutant that refuses less is no wrong answer.
    """
    answer = library.function(exercise.chapter, exercise.name)
    refused = []

    def noting(*arguments, **named):
        try:
            return answer(*arguments, **named)
        except ValueError:
            refused.append(arguments)
            raise

    for function in library.called(lambda: list(failures(exercise, noting, 10 * patience))):
        if not refused and "._checks" in function.__module__:
            continue
        for mutant in library.mutants(function):
            if mutant.refuses_less and not refused:
                continue
            found.made += 1
            try:
                with library.changed(function, mutant):
                    survives = _survives(exercise, answer, patience)
            except Exception:  # a default that cannot be made: no such function exists
                continue
            if survives:
                change = f"{mutant.what}: {mutant.before} -> {mutant.after}"
                found.survivors.append(Survivor(exercise.name, library.place(function), change))


def _answer_of(source: ast.Module | str, exercise: Exercise) -> Callable:
    """Run an answer's cell, as below the chapter's imports and the earlier exercises."""
    namespace = {"np": np, "__name__": "__main__"}
    for name in exercise.earlier:
        namespace[name] = reference(exercise.chapter, name)
    exec(compile(source, exercise.name, "exec"), namespace)
    return namespace[exercise.name]


def _right_answers(exercise: Exercise) -> Iterator[tuple[str, str]]:
    for answer in read_bank(BANKS / exercise.chapter / f"{exercise.name}.py"):
        if answer.is_right:
            yield answer.title, answer.source


def _of_the_bank(exercise, patience, found):
    for title, source in _right_answers(exercise):
        for name, wrong in failures(exercise, _answer_of(source, exercise), 10 * patience):
            found.troubles.append(f"the right answer '{title}' fails {name}: {wrong}")
        for mutant in mutants(ast.parse(source)):
            found.made += 1
            try:
                made = _answer_of(mutant.tree, exercise)
            except Exception:
                continue
            if _survives(exercise, made, patience):
                change = f"{mutant.what}: {mutant.before} -> {mutant.after}"
                found.survivors.append(Survivor(exercise.name, title, change))


def _of_habits(exercise, patience, found):
    answer = reference(exercise.chapter, exercise.name)
    count = len(inspect.signature(answer).parameters)
    for name, careless in habits(answer, count).items():
        found.made += 1
        if _survives(exercise, careless, patience):
            found.survivors.append(Survivor(exercise.name, "habit", name))


def _constants(exercise, patience, found):
    """Every cell with something hidden must fail what knows the visible examples only."""
    answer = reference(exercise.chapter, exercise.name)
    visible = {}

    def noting(*arguments, **named):
        key = call_key(arguments, named)
        visible[key] = answer(*arguments, **named)
        return visible[key]

    for test in exercise.tests:
        failure(test.visible, exercise.name, noting, 10 * patience)
    for name, constant in constants(answer, visible).items():
        for test in exercise.tests:
            if test.has_hidden:
                found.made += 1
                if failure(test.code, exercise.name, constant, patience) is None:
                    place = f"constant in {test.name}"
                    found.survivors.append(Survivor(exercise.name, place, name))
