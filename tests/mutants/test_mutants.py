"""The hunt for mutants: what is changed, what counts as killed, and the list of those kept."""

from __future__ import annotations

import ast
import contextlib
import math

import numpy as np
import pytest

from mutants.cells import CHAPTERS, Exercise, Test, failure, read_exercises
from mutants.habits import call_key, constants, habits
from mutants.hunt import hunt
from mutants.kept import Kept, Survivor, not_kept, read_kept
from mutants.library import Library
from mutants.operators import mutants

CODE = """
def share(x, n):
    if n < 1:
        raise ValueError(f"n is {n + 1}")
    total = 0.0
    for number in x:
        total += number
    with np.errstate(over="ignore"):
        return total / n
"""


def changed():
    """Return what becomes of a small function, by the kind of the change."""
    found = {}
    for mutant in mutants(ast.parse(CODE)):
        found.setdefault(mutant.what, set()).add(mutant.after)
    return found


def compiled(source):
    return compile(source, "a test", "exec")


def test_each_kind_of_change_is_made():
    """Operators, constants, conditions, loops, statements, names, contexts."""
    found = changed()
    assert {"return total * n", "total -= number"} <= found["arithmetic"]
    assert found["boundary"] == {"if n <= 1:"}
    assert found["direction"] == {"if n > 1:"}
    assert {"if n < 2:", "if n < 0:", "total = 1e-09"} <= found["constant"]
    assert found["epsilon in a denominator"] == {"return total / (n + 1e-09)"}
    assert found["the first turn of a loop left out"] == {"for number in list(x)[1:]:"}
    assert found["context left out"] == {"return total / n"}
    assert "return total / number" in found["names mixed up"]
    assert "(nothing)" in found["statement left out"]


def test_words_of_errors_and_lists_of_warnings_are_left_alone():
    """A message's arithmetic and the keywords of errstate change no result."""
    texts = {ast.unparse(mutant.tree) for mutant in mutants(ast.parse(CODE))}
    assert not any("n - 1}" in text for text in texts)
    assert all("errstate" not in text or "errstate(over='ignore')" in text for text in texts)


def test_mutants_differ_from_the_code_and_from_each_other():
    """No mutant is the code itself, and none comes twice."""
    texts = [ast.unparse(mutant.tree) for mutant in mutants(ast.parse(CODE))]
    assert len(texts) == len(set(texts)) > 20
    assert ast.unparse(ast.parse(CODE)) not in texts


def test_what_only_refuses_less_is_marked():
    """An error that is not raised is seen with arguments that are not allowed, and else never."""
    less = {mutant.after for mutant in mutants(ast.parse(CODE)) if mutant.refuses_less}
    assert less == {"if False:", "(nothing)"}


def test_a_cell_passes_or_says_what_went_wrong():
    """A failed assertion, an error of the answer, an exit and no end are all failures."""
    cell = compiled("assert f(1) == 2, f'got {f(1)}'")
    assert failure(cell, "f", lambda x: x + 1, 5) is None
    assert failure(cell, "f", lambda x: x, 5) == "AssertionError: got 1"
    assert failure(cell, "f", lambda x: 1 / 0, 5) == "ZeroDivisionError: division by zero"
    assert failure(cell, "f", lambda x: exit(0), 5).startswith("SystemExit")

    def endless(x):
        while True:
            with contextlib.suppress(Exception):
                math.factorial(200)

    assert failure(cell, "f", endless, 0.2).startswith("OutOfTime")


def test_warnings_of_an_answer_fail_only_where_a_test_asks_for_none():
    """As in a kernel, numpy's warnings are warnings."""
    loose = compiled("import numpy as np\nassert f(np.array([0.0]))[0] < 0, 'x'")
    strict = compiled(
        "import warnings\nimport numpy as np\nwith warnings.catch_warnings():\n"
        "    warnings.simplefilter('error')\n    assert f(np.array([0.0]))[0] < 0, 'x'"
    )
    assert failure(loose, "f", np.log, 5) is None
    assert failure(strict, "f", np.log, 5).startswith("RuntimeWarning")


def test_a_function_of_the_library_is_changed_wherever_it_is_called():
    """A helper's mutant is seen through its callers, and the library itself is not changed."""
    import solutions.sigmoid

    library = Library()
    derivative = library.function("sigmoid", "sigmoid_derivative")
    called = library.called(lambda: derivative(0.0))
    helper = next(f for f in called if f.__name__ == "_exp_of_minus_abs")
    half = next(m for m in library.mutants(helper) if m.after == "return out")
    with library.changed(helper, half):
        assert derivative(-2.0) != pytest.approx(0.105, abs=1e-3)
        assert solutions.sigmoid.sigmoid_derivative(-2.0) == pytest.approx(0.105, abs=1e-3)
    assert derivative(-2.0) == pytest.approx(0.105, abs=1e-3)


def test_habits_are_careless_in_their_own_way():
    """A rounded result, a changed argument, an answer by shape, a result of integers."""
    made = habits(lambda x: np.asarray(x) / 3, 1)
    x = np.array([1.0, 2.0])
    assert made["rounded to 4 places"](x).tolist() == [0.3333, 0.6667]
    assert made["a column"](x).shape == (2, 1)
    assert made["a result of the first array's type"](np.array([4])).tolist() == [1]
    assert made["None"](x) is None
    by_shape = made["what was given for the same shapes"]
    assert by_shape(x) is by_shape(x + 1)
    made["argument 1 changed"](x)
    assert x.tolist() == [0, 0]


def test_constants_answer_the_visible_calls_alone():
    """Where the visible tests have asked, the right answer comes; elsewhere a constant."""
    x, other = np.array([1.0, 2.0]), np.array([5.0, 7.0])
    made = constants(lambda x: x + 1, {call_key((x,), {}): "seen"})
    assert all(answer(x) == "seen" for answer in made.values())
    assert made["an array without entries"](other).shape == (0, 1, 1, 1)
    assert np.isnan(made["nan in the right shape"](other)).all()
    with pytest.raises(ValueError, match="line 0 1 2 3"):
        made["an error that names every number"](other)
    made["zeros in the right shape, arguments zeroed"](other)
    assert other.tolist() == [0, 0]


def test_kept_mutants_have_reasons_and_are_still_there():
    """An entry holds what fits both patterns; a pattern that nothing fits is unused."""
    entry = Kept(["f | a place", "g | ..."], ["constant: ... -> 2", "jump: x -> y"], "equal")
    here = Survivor("f", "a place", "constant: 1 -> 2")
    there = Survivor("f", "elsewhere", "constant: 1 -> 2")
    assert not_kept([here, there], [entry]) == [there]
    assert entry.unused == ["g | ...", "jump: x -> y"]


def test_an_entry_without_a_reason_is_refused(tmp_path):
    """Nothing is kept silently."""
    (tmp_path / "c.toml").write_text('[[kept]]\nwhere = ["f | p"]\nchanges = ["c"]\nreason = ""\n')
    with pytest.raises(ValueError, match="an entry needs where, changes and reason"):
        read_kept("c", tmp_path)
    assert read_kept("another", tmp_path) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_lists_of_the_kept_can_be_read(chapter):
    """Every chapter's list names exercises that the chapter has."""
    names = {exercise.name for exercise in read_exercises(chapter)}
    for entry in read_kept(chapter):
        for where in entry.where:
            assert where.split(" | ")[0] in names | {"..."}, where


def test_weak_tests_let_mutants_and_constants_pass():
    """With one visible test of an exercise nearly everything survives; with all of them little."""
    whole = next(e for e in read_exercises("sigmoid") if e.name == "log_sigmoid")
    empty = Test("nothing", compiled("import numpy"), compiled("import numpy"), True)
    weak = Exercise(whole.chapter, whole.name, (empty,), whole.earlier)
    found, full = hunt(weak), hunt(whole)
    assert not full.troubles
    assert len(found.survivors) == found.made > 4 * len(full.survivors)
    assert any(s.place == "constant in nothing" for s in found.survivors)
