"""What runs inside the page's Python: slices of a notebook, events of a run. In any Python."""

from __future__ import annotations

import ast
import json

import pytest

from publishing.in_page.inside.runner import MOST_OUTPUT, MissingPackage, run
from publishing.in_page.inside.slices import names_in, needed


def chosen(*cells: str, use: str) -> list[str]:
    """Return the statements of cells that some code needs."""
    bodies = [ast.parse(cell).body for cell in cells]
    choice = needed(bodies, names_in(ast.parse(use)))
    return [
        ast.unparse(statement)
        for body, flags in zip(bodies, choice, strict=True)
        for statement, is_chosen in zip(body, flags, strict=True)
        if is_chosen
    ]


@pytest.mark.parametrize(
    ("cells", "use", "expected"),
    [
        (["import numpy as np\nimport math"], "np.exp(1)", ["import numpy as np"]),
        (["x = 1\ny = x + 1\nz = 3"], "y", ["x = 1", "y = x + 1"]),
        (["x = 1", "x = 2"], "x", ["x = 2"]),
        (["x = 1", "if a:\n    x = 2"], "x", ["x = 1", "if a:\n    x = 2"]),
        (["d = {}", "d['a'] = 1", "print(d)"], "d", ["d = {}", "d['a'] = 1"]),
        (["def f():\n    return g()", "def g():\n    return 1"], "f()", None),
        (["import pyplot as plt\nplt.rcParams.update({})\nplt.plot([1])"], "plt.show()", None),
        (["from math import *"], "1", ["from math import *"]),
        (["r = rng()", "a = r.normal()", "b = 3"], "r.normal()", ["r = rng()", "a = r.normal()"]),
        (["a = 1", "del a", "p = [a for a in b]"], "def f(a, p=3):\n    return a + p", []),
        (["b = 1", "p = [a for a in b]"], "p", ["b = 1", "p = [a for a in b]"]),
        (["n = 0", "def f():\n    global n\n    n += 1"], "f()", None),
        (["f = lambda x: x + k", "k = 1"], "f(1)", None),
    ],
)
def test_a_cell_brings_what_it_uses_and_no_more(cells, use, expected):
    """What is bound, what is changed in place and what functions look up later."""
    got = chosen(*cells, use=use)
    if expected is None:
        expected = [line for line in map(ast.unparse, map(ast.parse, cells))]
        expected = [one for text in expected for one in map(ast.unparse, ast.parse(text).body)]
        expected = [one for one in expected if "plot([1])" not in one]
    assert got == expected


def events(cell: str, *tests: str, before=(), packs=()) -> list[dict]:
    """Run a cell and tests, and return what was told."""
    told: list[dict] = []
    earlier = [{"id": f"b{n}", "role": r, "source": text} for n, (r, text) in enumerate(before)]
    request = {
        "cell": {"id": "answer", "source": cell},
        "before": earlier,
        "tests": [{"id": f"t{n}", "source": text} for n, text in enumerate(tests)],
        "packs": list(packs),
    }
    run(request, lambda line: told.append(json.loads(line)))
    return told


def test_output_value_and_tests_are_told_in_order():
    """Prints, the last expression's value, and one outcome for each test."""
    told = events("print('a')\n1 + 1", "assert True", "assert False, 'no'", "undefined", "assert 0")
    assert [one["event"] for one in told] == ["output", "value", "test", "test", "test", "test"]
    assert told[1]["text"] == "2"
    assert [one["outcome"] for one in told[2:]] == ["passed", "failed", "error", "failed"]
    assert [told[3]["message"], told[5]["message"]] == ["no", "not true: assert 0"]


def test_an_error_names_the_students_own_lines_alone():
    """Nothing of the machinery or of libraries is in it."""
    (told,) = events("import json\ndef f():\n    return json.loads('{')\nf()")
    assert told["kind"] == "JSONDecodeError"
    assert [(line["line"], line["code"]) for line in told["lines"]] == [
        (4, "f()"),
        (3, "return json.loads('{')"),
    ]
    (told,) = events("def f(:\n    pass")
    assert told["kind"] == "SyntaxError" and told["lines"][0]["line"] == 1


def test_every_run_starts_anew():
    """A name of an earlier run is not there, and the interpreter's own streams and main are."""
    import sys

    before = sys.stdout, sys.modules["__main__"]
    assert events("x = 1") == []
    (told,) = events("x")
    assert told["kind"] == "NameError"
    assert (sys.stdout, sys.modules["__main__"]) == before


def test_earlier_cells_run_in_silence_and_tell_their_errors():
    """An answer is one unit; what it prints is not shown; an error is told under its name."""
    before = [
        ("other", "import math\nprint('noise')"),
        ("answer", "def f():\n    return math.pi\nprint('noise')"),
        ("answer", "def broken(:"),
    ]
    told = events("f() > 3", "assert f() > 3", before=before)
    assert [one["event"] for one in told] == ["earlier", "value", "test"]
    assert told[0]["id"] == "b2" and told[-1]["outcome"] == "passed"


def test_output_without_end_is_cut():
    """The limit counts characters of the whole run; the run goes on."""
    told = events("for i in range(100_000):\n    print(i)", "assert i == 99_999")
    shown = sum(len(one["text"]) for one in told if one["event"] == "output")
    assert shown == MOST_OUTPUT
    assert [one["event"] for one in told[-2:]] == ["cut", "test"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("import sys; sys.exit()", "sys.exit()"),
        ("raise EOFError", "input()"),
        ("def f(): return f()\nf()", "without an end"),
        ('raise RuntimeError("can\'t start new thread")', "Threads"),
        ("open('no such file')", "no files"),
        ("bytearray(2**63)", "memory"),
        ("raise OSError(58, 'wasi does not support processes.')", "no other programs"),
        ("raise AttributeError(\"module '_socket' has no attribute 'socket'\")", "no network"),
        ("raise OSError('ctypes is unavailable on wasm32-wasi')", "no C"),
    ],
)
def test_what_the_page_cannot_do_is_told_in_a_sentence(cell, words):
    """Beside Python's own words."""
    (told,) = [one for one in events(cell) if one["event"] == "error"]
    assert words in told["sentence"]


def test_advice_for_other_places_is_left_out():
    """Of a module that is not there, Python says how it was started."""
    words = "No module named 'x'. Site initialization is disabled, did you forget to enable it?"
    (told,) = events(f"raise ModuleNotFoundError({words!r}, name='x')")
    assert told["message"] == "ModuleNotFoundError: No module named 'x'"


def test_magics_of_ipython_are_passed_over():
    """Their lines keep their numbers."""
    (told,) = events("%matplotlib inline\n!ls\nx")
    assert told["lines"][0]["line"] == 3


def test_a_package_that_the_page_can_load_ends_the_run():
    """So that it is loaded, and the run begins anew; others are an error with their name."""
    for module in ("absent_package", "absent_package.part"):
        with pytest.raises(MissingPackage):
            events(f"import {module}", packs=["absent_package"])
    with pytest.raises(MissingPackage):
        events("x", "import absent_package", packs=["absent_package"])
    (told,) = events("import absent_package")
    assert told["module"] == "absent_package"
