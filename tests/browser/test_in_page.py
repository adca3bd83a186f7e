"""Exercises in the page, in Chromium: written, run, tested, kept, handed in."""

from __future__ import annotations

import contextlib
import io
import json
import re

import nbformat
import numpy as np
import pytest
from courses import ROOT
from native_runs import native_verdicts
from playwright.sync_api import Locator, Page, expect

from publishing.assignments import chapters_in_order
from samples.answers import read_banks

pytestmark = pytest.mark.xdist_group("in_page")

# The requests of a page, made by the page's own reader of notebooks.
REQUESTS = """async ([answers, earlier]) => {
    const { Workbench } = await benchOfThePage();
    const bench = await Workbench.load(window.coursePython, store(), [], () => {});
    window.testedPython = bench.python;
    const lines = (name) => [...document.querySelectorAll(
        `section[data-exercise="${name}"] [data-test]`)].map((line) => line.dataset.test);
    return answers.map(([name, source]) => ({
        cell: { id: name, source },
        before: bench.notebook.before(name, (other) => earlier[other]),
        tests: bench.notebook.tests(lines(name)),
    }));
}"""
HELPERS = """
window.store = () => ({ read() {}, write() {}, remove() {}, tally() {}, tallyOf() {} });
window.benchOfThePage = async () => {
    if (!window.coursePython.workbench) {
        const script = document.querySelector('script[src*="in_page/exercises.js"]');
        const program = document.createElement("script");
        program.src = new URL("workbench.js", script.src).href;
        const loaded = new Promise((resolve) => { program.onload = resolve; });
        document.head.append(program);
        await loaded;
    }
    return window.coursePython.workbench;
};
"""
RUN_ALL = """async (requests) => {
    const found = [];
    for (const request of requests) {
        const outcomes = {};
        const ending = await window.testedPython.run(request, (event) => {
            if (event.event === "test") { outcomes[event.id] = event.outcome; }
        });
        found.push(ending === "done" ? outcomes : { ending });
    }
    return found;
}"""


# Answers that import what the page's Python does not have.
ELSEWHERE = {("likelihood_interval", "a root finder of scipy")}
# Tests that make an error of a warning, or record it. WebAssembly has no flags of floating point,
# so numpy gives no warning there; the page says below such a test that handing in checks it.
RESTS_ON_WARNINGS = re.compile(r"simplefilter\(.error.\)|record=True")


def verdict(outcomes: dict[str, str]) -> dict[str, bool]:
    """Return which tests pass: whether the others fail by assertions or errors is no matter."""
    return {name: outcome == "passed" for name, outcome in outcomes.items()}


def differs(answer, request: dict, native: dict[str, str], page: dict[str, str]) -> bool:
    """Tell whether an answer has another verdict in the page, without a reason that is listed."""
    if (answer.exercise, answer.title) in ELSEWHERE:
        return False
    resting = {t["id"] for t in request["tests"] if RESTS_ON_WARNINGS.search(t["source"])}
    native, page = verdict(native), verdict(page)
    for name in resting:
        page[name] = page[name] and (native[name] or answer.is_right)
    return native != page or (answer.is_right and not all(page.values()))


def banks(chapter: str) -> list:
    """Return every answer of a chapter's banks."""
    return [answer for bank in read_banks(chapter).values() for answer in bank]


@pytest.mark.timeout(1800)  # all are 620 answers, each in both Pythons: minutes on a busy machine
@pytest.mark.parametrize(
    "chapters",
    [["softmax"], pytest.param(chapters_in_order(ROOT), marks=pytest.mark.thorough)],
    ids=["one", "all"],
)
def test_answers_have_the_verdict_in_the_page_that_the_native_kernel_gives(sites, visit, chapters):
    """Every answer of a chapter's banks: right ones pass, wrong ones fail the same cells."""
    reader, differences, wrongs = visit(), [], 0
    for chapter in chapters:
        answers = banks(chapter)
        earlier = {}
        for answer in answers:
            if answer.is_right:
                earlier.setdefault(answer.exercise, answer.source)
        reader.page.goto(sites["student"].chapter(chapter))
        reader.page.evaluate(HELPERS)
        asked = [[answer.exercise, answer.source] for answer in answers]
        requests = reader.page.evaluate(REQUESTS, [asked, earlier])
        got = reader.page.evaluate(RUN_ALL, requests)
        natives = native_verdicts(requests)
        for answer, request, native, page in zip(answers, requests, natives, got, strict=True):
            wrongs += not all(verdict(native).values())
            if differs(answer, request, native, page):
                differences.append((chapter, answer.exercise, answer.title, native, page))
    assert not differences, json.dumps(differences, indent=1)
    assert wrongs > 30 * len(chapters)
    assert not reader.foreign


SIGMOID = """def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0, 1 / (1 + small), small / (1 + small))
"""
WRONG = "def sigmoid(a):\n    return 1 - 1 / (1 + np.exp(-a))\n"
CHAPTER = "sigmoid"


class Desk:
    """One exercise of a page, as a reader works on it.

    Parameters
    ----------
    page : Page
        The page.
    name : str
        The exercise.
    """

    def __init__(self, page: Page, name: str) -> None:
        self.page, self.name = page, name
        self.place = page.locator(f'section.exercise[data-exercise="{name}"]')

    def do(self, what: str) -> None:
        """Press a button."""
        self.place.locator(f'[data-do="{what}"]').click()

    def write(self, text: str) -> None:
        """Put a text into the editor."""
        self.page.evaluate("([name, text]) => window.course.write(name, text)", [self.name, text])

    def wait(self, state: str = "done") -> None:
        """Wait for a state."""
        expect(self.place).to_have_attribute("data-state", state)

    def run(self, text: str) -> str:
        """Write, run, and return what is shown below."""
        self.write(text)
        self.do("run")
        self.wait()
        return self.place.locator(".run-results").inner_text()

    @property
    def outcomes(self) -> dict[str, str | None]:
        """The outcome of each test."""
        lines = self.place.locator("[data-test]")
        pairs = lines.evaluate_all("all => all.map(({ dataset: d }) => [d.test, d.outcome])")
        return dict(pairs)

    @property
    def editor(self) -> Locator:
        """Where one types."""
        return self.place.locator(".cm-content")


@pytest.fixture
def desk(sites, reader):
    """The exercise ``sigmoid``, with nothing loaded."""
    reader.page.goto(sites["student"].chapter(CHAPTER))
    return Desk(reader.page, "sigmoid")


def test_an_exercise_is_written_run_and_tested_where_it_stands(desk, reader):
    """Nothing is loaded before; verdicts, messages and the reader's own line; kept; reset; undo."""
    loaded = [url for url in reader.requests if "python/" in url or "workbench" in url]
    assert not loaded and desk.place.get_attribute("data-state") == "idle"
    desk.do("write")
    assert "return 1 - 1" not in desk.run(WRONG)
    assert desk.outcomes["sigmoid_on_small_examples"] == "failed"
    message = desk.place.locator('[data-test="sigmoid_on_small_examples"] .test-message')
    expect(message).to_contain_text("should be")
    assert desk.outcomes["sigmoid_in_general"] is None  # hidden as a whole: nothing is claimed
    assert "Line 2" in desk.run("x = 1\nprint(y)")
    assert desk.run(SIGMOID + "print('mine')\nsigmoid(0.0)") == "mine\n\narray(0.5)"
    passed = {name for name, outcome in desk.outcomes.items() if outcome == "passed"}
    assert passed == {"sigmoid_on_small_examples", "sigmoid_does_not_overflow"}
    expect(desk.place.locator("[role=status]")).to_have_text("2 of 2 visible tests pass.")
    expect(desk.place).to_contain_text(
        "These are the visible tests; more are run when you hand in."
    )
    expect(desk.place).to_contain_text("warning is checked when you hand in")
    expect(desk.page.locator(".my-work")).to_contain_text("1 of 7 exercises done here")
    desk.page.reload()
    expect(desk.place).to_have_attribute("data-done", "")
    desk.do("write")
    expect(desk.editor).to_contain_text("small = np.exp")
    desk.do("reset")
    expect(desk.editor).to_contain_text('"""')
    desk.do("undo")
    expect(desk.editor).to_contain_text("small = np.exp")
    assert not reader.foreign and not reader.complaints


def test_an_exercise_brings_the_earlier_answers_that_it_calls(desk):
    """And not what an earlier run defined."""
    desk.write(SIGMOID + "experiment = 1\n")
    desk.do("run")
    desk.wait()
    other = Desk(desk.page, "sigmoid_derivative")
    right = "def sigmoid_derivative(a):\n    return sigmoid(a) * sigmoid(-np.asarray(a))\n"
    other.run(right)
    assert set(filter(None, other.outcomes.values())) == {"passed"}
    assert "NameError" in other.run("experiment_of_another = undefined_there\n")


NUMBERS = """import json
import math
x = np.linspace(-9.5, 9.5, 77)
p = np.abs(x) + 0.01
found = {}
for name in "exp expm1 sin cos tan arctan sinh cosh tanh arcsinh cbrt exp2 floor rint".split():
    found[name] = getattr(np, name)(x).tolist()
for name in "log log1p log2 log10 sqrt reciprocal".split():
    found[name] = getattr(np, name)(p).tolist()
for name in "erf erfc gamma lgamma".split():
    found[f"math.{name}"] = [getattr(math, name)(v) for v in p]
found["power"] = [(p**k).tolist() for k in (2, 0.5, -1.5, 3)] + [v**2.5 for v in p.tolist()]
found["logaddexp"] = np.logaddexp(x, x[::-1]).tolist()
A = np.cos(np.outer(p, x))[:9, :9] + 3 * np.eye(9)
found["linalg"] = [np.linalg.inv(A).tolist(), np.linalg.eigvalsh(A + A.T).tolist()]
found["linalg"] += [np.linalg.svd(A)[1].tolist(), np.linalg.solve(A, x[:9]).tolist()]
found["fft"] = np.abs(np.fft.fft(x)).tolist()
rng = np.random.default_rng(7)
found["random"] = [rng.normal(size=9).tolist(), rng.gamma(2.0, size=9).tolist()]
found["random"] += [rng.integers(0, 99, size=9).tolist(), rng.permutation(9).tolist()]
found["text"] = f"{math.pi:.15g} {1e22!r} {5e-324!r} {np.float32(0.1)!r} {2**200} {1/3}"
found["unicode"] = "straße Ωé".upper() + "\\N{GREEK SMALL LETTER ALPHA}"
print(json.dumps(found))
"""


def test_numbers_are_those_of_this_machine(desk):
    """Functions of mathematics, linear algebra, random streams, and how numbers are written."""
    shown = json.loads(desk.run("import numpy as np\n" + NUMBERS))
    streams = io.StringIO()
    with contextlib.redirect_stdout(streams):
        exec(NUMBERS, {"np": np})
    native = json.loads(streams.getvalue())
    assert shown.keys() == native.keys()
    for name, expected in native.items():
        if isinstance(expected, str):
            assert shown[name] == expected
            continue
        for got, wanted in zip(shown[name], expected, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-12, atol=1e-12, err_msg=name)


HOSTILE = {
    "def f(n): return f(n + 1)\nf(0)": "calls itself without an end",
    "x = []\nfor i in range(200_000): x = [x]\nrepr(x)": "",
    "np.ones(2**28)": "memory",
    "keep = [np.ones(2**24) for _ in range(100)]": "memory",
    "for i in range(1_000_000): print(i)": "the rest is not shown",
    "input('name?')": "input() has nobody to ask",
    "import sys; sys.exit()": "sys.exit()",
    "import os; os._exit(1)": "Python broke down",
    "import threading; threading.Thread(target=print).start()": "Threads",
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1')": "",
    "open('/etc/passwd').read()": "no files",
    "import ctypes; ctypes.string_at(2**32 - 8)": "",
}


def test_what_goes_wrong_is_told_and_the_next_run_works(desk, reader):
    """Endless loops, recursion, memory, output, input, exits, threads, network, files, traps."""
    desk.write("while True: pass")
    desk.do("run")
    desk.wait("running")
    desk.do("stop")
    desk.wait()
    assert set(filter(None, desk.outcomes.values())) == {"stopped"}
    for code, sentence in HOSTILE.items():
        told = desk.run(code)
        assert sentence in told, (code, told[:2000])
        assert told, code
        assert desk.run("1 + 1") == "2", code
    assert not reader.foreign


def test_nothing_that_is_stored_handed_in_or_printed_becomes_html(desk, sites):
    """Texts, outputs, messages, notebooks and formulas are shown as what they are."""
    page = desk.page
    page.evaluate("window.touched = []")
    evil = "<img src=x onerror='touched.push(1)'><script>touched.push(2)</script>"
    desk.run(f"print({evil!r})\nclass E(Exception): pass\nraise E({evil!r})")
    desk.run(f"def sigmoid(a):\n    assert False, {evil!r}\n{evil!r}")
    by_hand = Desk(page, "derive_the_slope")
    links = "$\\href{javascript:touched.push(3)}{x}$ $\\style{background:url(//evil.example/)}{x}$"
    by_hand.do("write")
    by_hand.write(f"{evil} {links}")
    expect(by_hand.place.locator(".workplace-preview")).to_contain_text("onerror")
    with page.expect_download() as download:
        page.locator('[data-do="download"]').click()
    text = download.value.path().read_text(encoding="utf-8")
    file = {"name": "x.ipynb", "mimeType": "application/json", "buffer": text.encode()}
    desk.write("changed = 1")
    page.locator(".my-work input").set_input_files(file)
    expect(page.locator(".my-work")).to_contain_text("1 answer taken")
    expect(desk.editor).to_contain_text("onerror")
    assert page.evaluate("window.touched") == []
    assert page.locator(".workplace-preview [href]").count() == 0
    for broken in ("no JSON", '{"nbformat": 4, "cells": [null]}', "[]"):
        page.locator(".my-work input").set_input_files({**file, "buffer": broken.encode()})
        expect(page.locator(".my-work")).to_contain_text("notebook")
    assert desk.run("1") == "1"


def test_two_tabs_lose_nothing_of_each_other(desk, reader, sites):
    """An open editor follows the other tab; what one replaces stays beside it."""
    second_page = reader.context.new_page()
    second_page.goto(desk.page.url)
    second = Desk(second_page, "sigmoid")
    desk.do("write")
    second.do("write")
    desk.write("from_the_first = 1")
    expect(second.editor).to_contain_text("from_the_first")
    second.write("from_the_second = 2")
    expect(desk.editor).to_contain_text("from_the_second")


def test_a_new_stub_and_a_refused_storage_are_told(desk):
    """The reader's text stays, and is not lost in silence."""
    desk.write("mine = 1")
    desk.page.evaluate(
        """() => { for (const key of Object.keys(localStorage)) {
            if (key.endsWith('#sigmoid')) {
                const entry = JSON.parse(localStorage[key]);
                localStorage[key] = JSON.stringify({...entry, stub: 'the stub of last year'});
            } } }"""
    )
    desk.page.reload()
    desk.do("write")
    expect(desk.editor).to_contain_text("mine = 1")
    expect(desk.place.locator(".workplace-notice")).to_contain_text("new stub")
    desk.page.evaluate(
        """() => { Storage.prototype.setItem = () => {
            throw new DOMException('no', 'QuotaExceededError'); }; }"""
    )
    desk.write("mine = 2")
    expect(desk.place.locator(".workplace-notice")).to_contain_text("keeps nothing")
    assert desk.run("mine = 3\nmine") == "3"


def test_other_cells_are_tried_with_their_figures(desk):
    """Changed and run; matplotlib comes with the first figure."""
    cell = desk.page.locator('div.cell[data-cell="cell-005"]')
    cell.locator('[data-do="try"]').click()
    cell.locator('[data-do="run"]').click()
    expect(cell).to_have_attribute("data-state", "done")
    expect(cell.locator("img.run-figure")).to_be_visible()
    assert cell.locator(".run-error").count() == 0
    assert desk.page.locator(".cell:has(.vega-figure) [data-do=try]").count() == 0


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_with_editor_and_results_open(desk, theme):
    """And everything is reached by keyboard; Escape and Tab leave the editor."""
    from axe_playwright_python.sync_playwright import Axe

    page = desk.page
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    opener = desk.place.locator('[data-do="write"]')
    opener.focus()
    page.keyboard.press("Enter")
    expect(desk.editor).to_be_focused()
    page.keyboard.press("Control+End")
    page.keyboard.type("\nprint(1 / 0)")
    page.keyboard.press("Control+Enter")
    desk.wait()
    found = Axe().run(page, context="section[data-exercise=sigmoid]").response["violations"]
    serious = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    assert not serious
    desk.editor.focus()
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(desk.place.locator('[data-do="run"]')).to_be_focused()


def test_a_chapter_is_done_from_its_file_on_a_telephone(built_book, visit):
    """Written, kept over closing, handed in: the release with the answers in its cells."""
    phone = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    address = (built_book / "_build/html/book/sigmoid/sigmoid.html").as_uri()
    answers = {name: right[0].source for name, right in _right_answers(CHAPTER).items()}
    page = phone.page
    page.goto(address)
    for name, source in answers.items():
        desk = Desk(page, name)
        desk.place.locator('[data-do="write"]').tap()
        expect(desk.editor).to_be_visible()
        desk.write(source)
        desk.place.locator('[data-do="run"]').tap()
        desk.wait()
        assert set(filter(None, desk.outcomes.values())) == {"passed"}, name
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.close()
    page = phone.context.new_page()
    page.goto(address)
    expect(page.locator(".my-work")).to_contain_text(f"{len(answers)} of {len(answers) + 1}")
    with page.expect_download() as download:
        page.locator('[data-do="download"]').tap()
    got = nbformat.read(download.value.path(), as_version=4)
    released = built_book / "release" / CHAPTER / f"{CHAPTER}.ipynb"
    wanted = nbformat.read(released, as_version=4)
    for cell in wanted.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = answers.get(name, cell.source)
    assert got == wanted
    assert download.value.suggested_filename == f"{CHAPTER}.ipynb"
    assert not phone.foreign


def _right_answers(chapter: str) -> dict[str, list]:
    return {
        name: [answer for answer in bank if answer.is_right]
        for name, bank in read_banks(chapter).items()
    }
