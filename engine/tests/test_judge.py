"""Test cells are judged outside the process that they test, as if they ran inside."""

from __future__ import annotations

import contextlib
import math
import socket
import threading

import numpy as np
import pytest
from nbjudge.judge.judge import Judge
from nbjudge.wire.frames import Channel, Limits
from nbjudge.wire.line import LineBroken
from nbjudge.wire.peer import Peer


class FakeKernel(threading.Thread):
    """A student's names, served as the real kernel serves them."""

    def __init__(self, source, limits=None):
        super().__init__(daemon=True)
        self.user_ns = {}
        exec(source, self.user_ns)
        self.limits = limits or Limits()
        self.end, ours = socket.socketpair()
        self.peer = Peer(Channel(ours, self.limits), self.find, student=True, names=self.user_ns)
        self.start()

    def find(self, name):
        if name not in self.user_ns:
            raise NameError(f"name {name!r} is not defined")
        return self.user_ns[name]

    def run(self):
        with contextlib.suppress(LineBroken):  # the judge hung up, or the test is over
            while True:
                self.peer.serve()


@pytest.fixture
def judged():
    """Return a function that judges test cells against a student's code, one verdict a cell."""
    opened = []

    def run(student, *cells):
        kernel, judge = FakeKernel("import numpy as np\n" + student), Judge()
        opened.append(kernel)
        judge.connect(kernel.end, Limits())
        return [judge.run_cell(cell) for cell in cells]

    yield run
    for kernel in opened:
        kernel.end.close()
        kernel.peer.channel.connection.close()
        kernel.join(5)


def passes(verdicts):
    return all(verdict["status"] == "ok" for verdict in verdicts)


@pytest.mark.parametrize(
    ("student", "test"),
    [
        ("def f(x): return x + 1", "assert f(1) == 2 and type(f(1)) is int"),
        ("def f(x): return x * 2", "import numpy as np; assert (f(np.ones(3)) == 2).all()"),
        ("f = lambda *a, **k: (a, k)", "assert f(1, b=[2]) == ((1,), {'b': [2]})"),
        ("x = [1, (2,)]", "assert x == [1, (2,)] and type(x[1]) is tuple"),
        ("class C:\n def __call__(self, x): return -x\nf = C()", "assert f(3) == -3"),
        ("class C:\n def __init__(s, x): s.x = x\ndef f(x): return C(x).x", "assert f(3) == 3"),
        ("def make(n):\n return lambda x: x + n", "g = make(2); assert g(3) == 5"),
        ("def f(g, x): return g(x) + 1", "assert f(lambda x: 10 * x, 2) == 21"),
        ("def f(g): return lambda x: g(g(x))", "assert f(lambda x: x * 3)(2) == 18"),
        ("def f(g): return g(lambda y: y + 1)", "assert f(lambda h: h(1) * 10) == 20"),
        ("def f(x): raise ValueError('no')", "import pytest\nwith pytest.raises(ValueError): f(1)"),
        (
            "class Own(KeyError): pass\ndef f(): raise Own('k')",
            "try: f()\nexcept KeyError as e: assert 'k' in str(e)\nelse: assert False",
        ),
        ("def f(g):\n try: g()\n except IndexError: return 1", "def g(): [][0]\nassert f(g) == 1"),
        ("import math", "assert math.pi > 3"),
        ("def f(x): return float('nan'), -0.0", "import math; a, b = f(1); assert math.isnan(a)"),
        ("def f(x): return x", "import numpy as np; x = np.ones(3); assert f(x) is x"),
        ("def f(x): return np.float32(x)", "assert type(f(1)).__name__ == 'float32'"),
        ("def f(n): return range(n)", "assert list(f(3)) == [0, 1, 2]"),
        ("def f(a): return a[::2]", "import numpy as np; assert f(np.arange(6)).tolist() == [0,2,4]"),
        ("def f(**k): return k", "assert f(dtype=float)['dtype'] is float"),
        ("n = 1\ndef f():\n global n\n n += 1\n return n", "assert (n, f(), n) == (1, 2, 2)"),
        ("def f(x): return x", "assert all(f(i) == i for i in range(3))"),
        ("def f(x): return x", "def inner():\n return f(2)\nassert inner() == 2"),
        ("def f(x): return x", "class T:\n y = f(4)\nassert T.y == 4"),
    ],
)  # fmt: skip
def test_a_test_cell_passes_as_it_would_inside(judged, student, test):
    """Functions, values, callbacks, exceptions and containers behave as in one process."""
    (verdict,) = judged(student, test)
    assert verdict["status"] == "ok", verdict


@pytest.mark.parametrize(
    ("change", "test"),
    [
        ("x[0] = 9", "import numpy as np; x = np.arange(3); f(x); assert x.tolist() == [9, 1, 2]"),
        ("x.append(1)", "x = []; f(x); assert x == [1]"),
        ("x['a'] = 1", "x = {}; f(x); assert x == {'a': 1}"),
        ("x[0][0] = 7", "x = [[1], 2]; y = x[0]; f(x); assert y == [7] and x[0] is y"),
        ("x.add(3)", "x = {1}; f(x); assert x == {1, 3}"),
        ("x.sort(); raise ValueError", "x = [2, 1]\ntry: f(x)\nexcept ValueError: assert x == [1, 2]"),
        ("x += 1", "import numpy as np; x = np.ones((2, 3), order='F'); f(x); assert (x == 2).all()"),
        ("x[:] = 5", "import numpy as np; y = np.zeros(6); f(y[::2]); assert y.tolist() == [5, 0] * 3"),
        ("x", "import numpy as np; x = np.ones(3); k = x.copy(); f(x); assert (x == k).all()"),
    ],
)  # fmt: skip
def test_changes_of_arguments_are_made_on_the_tests_side(judged, change, test):
    """A test can tell whether its argument was changed in place."""
    (verdict,) = judged(f"def f(x):\n {change}", test)
    assert verdict["status"] == "ok", verdict


@pytest.mark.parametrize(
    ("change", "test"),
    [
        ("x.clear(); x.append(np.float64(2))", "x = [np.float64(1)]; f(x); assert x == [2.0]"),
        ("v = x.pop(); del v; x.append((3, 4))", "x = [(1, 2)]; f(x); assert x == [(3, 4)]"),
        ("x['a'] = None; x['a'] = 2 + 1j", "x = {'a': 1 + 1j}; f(x); assert x == {'a': 2 + 1j}"),
        ("x[0] = None; x[0] = (5,)", "x = np.array([(1,), 2], object); f(x); assert x[0] == (5,)"),
    ],
)  # fmt: skip
def test_a_part_in_the_place_of_one_that_is_gone_is_a_change(judged, change, test):
    """A new object may have the address of the one before it."""
    (verdict,) = judged(f"def f(x):\n {change}", f"import numpy as np\n{test}")
    assert verdict["status"] == "ok", verdict


def test_a_student_does_not_see_where_a_callback_failed(judged):
    """The error of a test's lambda comes over; the line of the test that it stands in does not."""
    (verdict,) = judged(
        "import traceback\nsaid = []\ndef f(g):\n try: g('x')\n except Exception as e:\n"
        "  said.append(''.join(traceback.format_exception(e)))\n"
        "def what(): return ''.join(said)",
        "f(lambda value: value - 41)  # the_secret\n"
        "assert 'TypeError' in what(), what()\nassert 'value - ' + '41' not in what(), what()\n"
        "assert 'the_' + 'secret' not in what(), what()",
    )
    assert verdict["status"] == "ok", verdict


@pytest.mark.parametrize(
    "kind", ["StopIteration", "StopAsyncIteration", "type('S', (StopIteration,), {})"]
)
def test_a_student_cannot_end_a_tests_loop(judged, kind):
    """In one process, ``all(map(…))`` takes a StopIteration for the end of a list that was right."""
    (verdict,) = judged(
        f"def f(n): raise {kind}",
        "assert all(map(lambda n: f(n) == n, [1, 2]))\nfor _ in map(f, [1]): pass",
    )
    assert verdict["status"] == "error" and verdict["line"], verdict


def test_a_value_that_cannot_go_over_costs_no_line(judged):
    """The two ends stay in step, so the next exercise is asked as if nothing was."""
    odd = (
        "def f(x): return object()\n"
        "class Odd:\n def __getattribute__(self, name): raise SystemExit(0)\n"
        "def g(x): return Odd()\n"
        "class Loud(Exception):\n def __str__(self): raise KeyboardInterrupt\n"
        "def h(x): raise Loud(Odd())\n"
        "def good(x): return x"
    )
    for verdict in judged(
        odd, "f(1) == 1", "bool(g(1))", "try: h(1)\nexcept Exception: pass\nassert 0"
    ):
        assert verdict["status"] == "error" and verdict["line"], verdict
    assert passes(judged(odd, "assert good(2) == 2"))


@pytest.mark.parametrize(
    "use",
    [
        *(
            "x == 1",
            "1 == x",
            "x in [1]",
            "[x] == [1]",
            "{x}",
            "bool(x)",
            "len(x)",
            "x()",
            "str(x)",
        ),
        *("x.y", "x.y = 1", "del x.y", "hasattr(x, 'y')", "isinstance(x, int)", "f'{x}'", "x + 1"),
        *(
            "[*x]",
            "x[0]",
            "2 * x",
            "-x",
            "int(x)",
            "with x: pass",
            "next(x)",
            "import copy; copy.copy(x)",
        ),
        *("import json; json.dumps(x)", "import numpy as np; np.array(x) == 1", "dir(x)", "x < 1"),
    ],
)
def test_an_object_that_no_contract_knows_is_refused_when_it_is_used(judged, use):
    """Whatever is done with it; what is not looked at decides nothing."""
    student = "class O:\n y = 1\n def __eq__(s, o): return True\ndef f(): return O()\ndef g(x): return x.y"
    unused = "x = f()\nassert x is not None\nassert g(x) == 1\nf()"
    assert passes(judged(student, unused))
    (verdict,) = judged(student, f"x = f()\ntry:\n {use}\nexcept BaseException: pass")
    assert verdict["status"] == "error" and "type O" in verdict["unjudged"], verdict


def test_a_thousand_times_the_same_warning_is_no_failure(judged):
    """The first of them go over; all would not fit."""
    assert passes(
        judged(
            "import warnings\ndef f():\n for _ in range(20_000): warnings.warn('x' * 1000)\n return 1",
            "import warnings\nwith warnings.catch_warnings(record=True) as seen:\n"
            " warnings.simplefilter('always')\n assert f() == 1\nassert 0 < len(seen) <= 100",
        )
    )


def test_endless_recursion_between_the_two_sides_ends(judged):
    """A student's function that calls the test's, which calls it again, fails one test."""
    verdicts = judged(
        "def f(g, x): return g(x)\ndef good(x): return x",
        "g = lambda x: f(g, x)\ntry: f(g, 1)\nexcept Exception: pass",
    )
    assert (verdicts[0]["status"], verdicts[0]["ename"]) == ("error", "CallFailed"), verdicts


def test_what_a_test_assigns_or_deletes_stays_on_its_side(judged):
    """Later tests see it, the student's kernel does not."""
    assert passes(
        judged(
            "x = 1\ndef f(): return x",
            "x = 5\nassert f() == 1",
            "assert x == 5\ndel f\ntry: f\nexcept NameError: pass\nelse: assert False",
            "def f(): return 'mine'\nassert f() == 'mine'",
        )
    )


def test_a_student_cannot_take_a_builtin_or_a_module_from_a_test(judged, monkeypatch):
    """Names of builtins and of the judge's own modules stay what they are."""
    # The fake kernel runs in this process: what it patches is put back for the tests after this.
    monkeypatch.setattr(np, "allclose", np.allclose)
    monkeypatch.setattr(math, "isclose", math.isclose)
    assert passes(
        judged(
            "def all(x): return True\ndef abs(x): return 0\nnp.allclose = lambda *a: True\n"
            "import math; math.isclose = lambda *a: True",
            "assert not all([False]) and abs(-1) == 1",
        )
    )


@pytest.mark.parametrize(
    ("student", "test", "ename"),
    [
        ("def f(): return 1", "assert f() == 2, 'should be 2'", "AssertionError"),
        ("", "f(1)", "NameError"),
        ("def f(): raise SystemExit(0)", "f()", "SystemExit"),
        ("def f(): raise KeyboardInterrupt", "try: f()\nexcept ValueError: pass", "KeyboardInterrupt"),
        ("def f(): return object()", "f() == 1", "CallFailed"),
        ("def f(): return object()", "try: f() == 1\nexcept Exception: pass", "CallFailed"),
        ("def f(): return object()", "try: f() == 1\nexcept: pass", "CallFailed"),
        ("def f():\n x = []\n x.append(x)\n return x", "f()", "CallFailed"),
        ("f = object()", "f", "CallFailed"),
        ("def f(): return 1 / 0", "f()", "ZeroDivisionError"),
        ("def f(n): return f(n + 1)", "f(0)", "RecursionError"),
        ("", "import sys; sys.exit(0)", "SystemExit"),
        ("", "raise SystemExit", "SystemExit"),
        ("", "def:", "SyntaxError"),
        (
            "class E:\n def __eq__(s, o): return True\n __bool__ = __eq__\ndef f(): return E()",
            "assert f() == 2",
            "CallFailed",
        ),
        (
            "class A(np.ndarray):\n def __eq__(s, o): return np.True_\n"
            "def f(): return np.zeros(2).view(A)",
            "assert (f() == 1).all()",
            "CallFailed",
        ),
        (
            "class F(float):\n def __eq__(s, o): return True\ndef f(): return F(0)",
            "assert f() == 2",
            "CallFailed",
        ),
    ],
)  # fmt: skip
def test_whatever_is_no_clean_pass_is_no_pass(judged, student, test, ename):
    """Early exits, values that do not decode and objects with an opinion fail the test."""
    (verdict,) = judged(student, test)
    assert (verdict["status"], verdict["ename"]) == ("error", ename), verdict


def test_warnings_are_as_they_would_be_inside(judged):
    """A test that turns warnings into errors, silences or records them, reaches the student's."""
    assert passes(
        judged(
            "import warnings\ndef f(x): return np.log(x)\ndef g(): warnings.warn('hm', UserWarning)",
            "import warnings, numpy as np\n"
            "with warnings.catch_warnings():\n warnings.simplefilter('error')\n"
            " try: f(np.array([0.0]))\n except RuntimeWarning: pass\n else: assert False",
            "with warnings.catch_warnings():\n warnings.simplefilter('ignore')\n"
            " assert f(np.array([0.0]))[0] == -np.inf",
            "with warnings.catch_warnings():\n"
            " warnings.simplefilter('error', (RuntimeWarning, FutureWarning))\n"
            " try: f(np.array([0.0]))\n except RuntimeWarning: pass\n else: assert False\n"
            "with warnings.catch_warnings(record=True) as seen:\n warnings.simplefilter('always')\n"
            " g()\nassert [str(w.message) for w in seen] == ['hm']",
            "with np.errstate(divide='ignore'), warnings.catch_warnings():\n"
            " warnings.simplefilter('error')\n f(np.array([0.0]))",
        )
    )


def test_the_last_value_is_the_partial_credit(judged):
    """As nbgrader reads it: the text of the cell's last expression."""
    verdicts = judged("def f(): return 0.5", "f() * 3", "'''A test.'''", "f();", "x = 1")
    assert [verdict["result"] for verdict in verdicts] == ["1.5", "'A test.'", None, None]


def test_what_a_test_prints_is_kept(judged):
    """Print and warnings of a test cell are output and no failure."""
    (verdict,) = judged("", "import sys\nprint('a')\nprint('b', file=sys.stderr)")
    assert verdict["status"] == "ok" and verdict["output"] == "a\nb\n"


def test_a_kernel_that_goes_away_fails_the_test_whatever_it_catches():
    """A dead kernel is no ValueError."""
    ours, theirs = socket.socketpair()
    judge = Judge()
    judge.connect(ours, Limits())
    theirs.close()
    verdict = judge.run_cell("import pytest\nwith pytest.raises(Exception):\n f()")
    assert verdict["status"] == "error" and not verdict["line"]
    ours.close()


@pytest.mark.parametrize(
    "answer",
    [b"\0" * 8, b"\xff" * 64, b"\0\0\0\2\0\0\0\0[]", b"\0\0\0\2\0\0\0\0{}", b"garbage" * 100],
)
def test_a_forged_answer_fails_the_test(answer):
    """Bytes that are no answer end the test as failed, and the line with it."""
    ours, theirs = socket.socketpair()
    judge = Judge()
    judge.connect(ours, Limits())
    theirs.sendall(answer)
    theirs.shutdown(socket.SHUT_WR)
    verdict = judge.run_cell("try: f()\nexcept Exception: pass")
    assert verdict["status"] == "error" and not verdict["line"]
    ours.close()
    theirs.close()


def test_functions_of_the_test_cannot_be_called_after_it(judged):
    """What a test lends to the student's function is called back with its cell."""
    verdicts = judged(
        "kept = []\ndef keep(g): kept.append(g)\ndef use(): return kept[0]()",
        "keep(lambda: 'secret')",
        "try: use()\nexcept Exception: pass\nelse: assert False",
    )
    assert verdicts[0]["status"] == "ok"
    assert "secret" not in str(verdicts[1])


def test_large_arrays_go_both_ways(judged):
    """A million floats, there and back."""
    (verdict,) = judged(
        "def f(x): return x + 1", "import numpy as np\nx = np.zeros(10**6)\nf(x)[5]"
    )
    assert verdict["result"] == repr(np.float64(1.0))


def test_every_reply_reaches_the_call_it_belongs_to(judged):
    """A pool of threads gets the values of its own calls, also where the student's call back."""
    assert passes(
        judged(
            "def f(x): return 2 * x\ndef g(h, x): return h(x) + 1",
            "from concurrent.futures import ThreadPoolExecutor\n"
            "with ThreadPoolExecutor(4) as pool:\n"
            " got = list(pool.map(f, range(50)))\n"
            " back = list(pool.map(lambda x: g(lambda y: 10 * y, x), range(20)))\n"
            "assert got == [2 * x for x in range(50)], got\n"
            "assert back == [10 * x + 1 for x in range(20)], back",
        )
    )


def test_a_call_that_a_test_gives_up_does_not_answer_the_next_one(judged):
    """A test that waits for a thread for a while goes on with calls of its own."""
    assert passes(
        judged(
            "import threading\ndone = threading.Event()\n"
            "def slow(x):\n done.wait(60)\n return 10 * x\ndef f(x): return 2 * x\n"
            "def finish(): done.set()",
            "import threading\nstarted = []\n"
            "def within(seconds, g, *a):\n"
            " box = []\n"
            " t = threading.Thread(target=lambda: box.append(g(*a)), daemon=True)\n"
            " started.append(t); t.start(); t.join(seconds)\n"
            " return box[0] if box else None\n"
            "assert within(0.1, slow, 1) is None\n"
            "assert within(30, f, 3) == 6\n"
            "finish()\nassert f(4) == 8\nfor t in started: t.join(30)",
            "assert f(5) == 10",
        )
    )


def test_a_call_of_a_destructor_keeps_calls_apart(judged):
    """What a test's object calls when it is collected does not take another call's answer."""
    assert passes(
        judged(
            "def f(x): return 2 * x\ndef g(h): return h() + 1",
            "class D:\n def __del__(self): f(100)\n"
            "def back():\n D()\n return f(1)\nassert g(back) == 3\nD(); assert f(2) == 4",
        )
    )


def test_a_signal_handler_of_a_test_ends_its_call_alone(judged):
    """A test's own time limit raises its own exception; nothing is told another call's value."""
    with_alarm = (
        "import signal\n"
        "def ring(*_): raise TimeoutError('too slow')\n"
        "before = signal.signal(signal.SIGALRM, ring)\nsignal.setitimer(signal.ITIMER_REAL, 0.2)\n"
        "try:\n slow(1)\nexcept TimeoutError: late = True\n"
        "finally:\n signal.setitimer(signal.ITIMER_REAL, 0)\n signal.signal(signal.SIGALRM, before)\n"
    )
    student = "import time\ndef slow(x):\n time.sleep(1)\n return 10 * x\ndef f(x): return 2 * x"
    verdicts = judged(student, with_alarm + "assert f(3) == 6")
    assert verdicts[0]["status"] == "error" and "gave up" in verdicts[0]["unjudged"], verdicts
    assert not verdicts[0]["line"]


def test_a_fork_of_a_test_is_refused_by_name(judged):
    """A process that the test started cannot call; the test is then not judged, not failed."""
    (verdict,) = judged(
        "def f(x): return 2 * x",
        "import os, warnings\n"
        "with warnings.catch_warnings():\n"
        " warnings.simplefilter('ignore')\n"
        " pid = os.fork()\n"
        "if not pid:\n"
        " try: f(1)\n"
        " finally: os._exit(0)\n"
        "os.waitpid(pid, 0)\nassert f(2) == 4",
    )
    assert verdict["status"] == "error" and "process" in verdict["unjudged"], verdict


@pytest.mark.parametrize(
    ("student", "test", "reason"),
    [
        ("class Stack: pass\ndef f(): return Stack()", "assert f() == 1", "Stack"),
        ("class Stack: pass\ns = Stack()", "assert s == 1", "Stack"),
        ("class Any:\n def __eq__(s, o): return True\ndef f(): return Any()", "f() == 1", "Any"),
        ("def f(x): return 1", "class Own: pass\nf(Own())", "Own"),
        ("def f(): return object()", "try: len(f())\nexcept BaseException: pass", "object"),
        ("", "exec(In[-1])", "In is IPython's"),
        ("", "import no_such_module", "the judge cannot import it"),
        ("import tarfile as z", "z.open", "no cell of the instructor imports"),
    ],
)
def test_what_the_engine_cannot_carry_is_told_from_a_wrong_answer(judged, student, test, reason):
    """Such a test is not judged; a person has to look."""
    (verdict,) = judged(student, test)
    assert verdict["status"] == "error" and reason in verdict["unjudged"], verdict


@pytest.mark.parametrize(
    ("student", "test"),
    [
        ("def f(): return 1", "assert f() == 2"),
        ("def f(): 1 / 0", "assert f() == 2"),
        ("", "assert f() == 2"),
        ("def f(): raise SystemExit", "f()"),
        ("def f(): import no_such_module", "f()"),
    ],
)
def test_a_wrong_answer_is_judged(judged, student, test):
    """Whatever a shared process would fail too, is the student's."""
    (verdict,) = judged(student, test)
    assert verdict["status"] == "error" and verdict["unjudged"] is None, verdict


def test_what_a_function_returned_is_not_another_function_later(judged):
    """A function that came back in one test still is that one in the next."""
    assert passes(
        judged(
            "def make(n):\n return lambda x: x + n",
            "g = make(1); assert g(1) == 2",
            "h = make(10); assert h(1) == 11 and g(1) == 2",
        )
    )


def test_a_name_has_one_value_until_something_is_called(judged):
    """A name that gives another value whenever it is read does not equal everything."""
    (verdict,) = judged(
        "class Names(dict):\n"
        " n = 0\n"
        " def __getitem__(self, k):\n"
        "  Names.n += 1\n"
        "  return Names.n\n",
        "assert x == 1 and x == 1",
    )
    assert verdict["ename"] == "NameError"


@pytest.mark.parametrize(
    ("setting", "ename"),
    [
        ("np.seterr(all='ignore')", None),
        ("import warnings; warnings.simplefilter('ignore')", None),
        ("", "RuntimeWarning"),
        ("np.seterr(divide='raise')", "FloatingPointError"),
    ],
)
def test_what_a_student_sets_holds_in_calls(judged, setting, ename):
    """As in Validate, where the test shares the process; a test that sets it itself comes first."""
    verdicts = judged(
        f"def f(x): return np.log(x)\ndef settle():\n {setting or 'pass'}",
        "settle()\nimport numpy as np\nx = np.array([0.0])\n"
        "with np.errstate(divide='print', over='ignore'): pass",
        "import warnings\nwith warnings.catch_warnings():\n"
        " warnings.simplefilter('error', RuntimeWarning)\n f(x)",
    )
    expected = None if setting.startswith("np.seterr(all") else ename
    if "simplefilter" in setting:
        expected = "RuntimeWarning"  # the test's own filter is in front of the student's
    assert verdicts[1].get("ename") == expected, verdicts


@pytest.mark.parametrize(
    ("student", "use", "where"),
    [
        ("grid = np.ndarray", "grid(5)", "in the kernel"),
        ("def make(): return np.ndarray", "make()(5)", "nowhere"),
        ("grid = [np.ndarray]", "grid[0](5)", "nowhere"),
    ],
)
def test_a_type_for_a_function_makes_no_array_in_the_judge(judged, student, use, where):
    """Memory that the judge has freed holds what the test expects."""
    (verdict,) = judged(student, f"import numpy as np\ngot = {use}")
    if where == "nowhere":
        assert "not called here" in verdict["evalue"], verdict
    else:
        assert verdict["status"] == "ok", verdict


def test_a_type_is_still_itself_where_it_is_compared(judged):
    """It equals the test's own, and goes back as what it is."""
    assert passes(
        judged(
            "def kind(x): return type(x)\ndef same(a, b): return a is b",
            "import numpy as np\nassert kind(np.zeros(2)) == np.ndarray == kind(np.ones(1))\n"
            "assert isinstance(np.zeros(2), kind(np.zeros(2)))\n"
            "assert same(kind(np.zeros(2)), np.ndarray) and kind(1) is int",
        )
    )
