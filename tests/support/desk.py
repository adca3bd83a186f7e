"""Exercises in the page, as a reader works on them, and the page's Python, asked directly."""

from __future__ import annotations

from collections.abc import Iterable

from playwright.sync_api import Locator, Page, expect

from samples.answers import read_banks

# What gives the page's own Python to a test, without a place of work.
BENCH = """async () => {
    const script = document.querySelector('script[src*="in_page/exercises.js"]');
    if (!window.coursePython.workbench) {
        const program = document.createElement("script");
        program.src = new URL("workbench.js", script.src).href;
        const loaded = new Promise((resolve) => { program.onload = resolve; });
        document.head.append(program);
        await loaded;
    }
    const store = { read() {}, write() {}, remove() {}, tally() {}, tallyOf() {} };
    const { Workbench } = window.coursePython.workbench;
    window.testedBench = await Workbench.load(window.coursePython, store, [], () => {});
}"""
# The requests of answers, made by the page's own reader of notebooks.
REQUESTS = """([answers, earlier]) => {
    const { notebook } = window.testedBench;
    const lines = (name) => [...document.querySelectorAll(
        `section[data-exercise="${name}"] [data-test]`)].map((line) => line.dataset.test);
    return answers.map(([name, source]) => ({
        cell: { id: name, source },
        before: notebook.before(name, (other) => earlier[other]),
        tests: notebook.tests(lines(name)),
    }));
}"""
RUN_ALL = """async (requests) => {
    const found = [];
    for (const request of requests) {
        const outcomes = {};
        const ending = await window.testedBench.python.run(request, (event) => {
            if (event.event === "test") { outcomes[event.id] = event.outcome; }
        });
        found.push(ending === "done" ? outcomes : { ending });
    }
    return found;
}"""


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


class PagesPython:
    """The Python of a page, asked directly.

    Parameters
    ----------
    page : Page
        A chapter's page.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        page.evaluate(BENCH)

    def requests(self, answers: Iterable, earlier: dict[str, str]) -> list[dict]:
        """Return what the page would run for answers, as `samples.answers` reads them."""
        asked = [[answer.exercise, answer.source] for answer in answers]
        return self.page.evaluate(REQUESTS, [asked, earlier])

    def verdicts(self, requests: list[dict]) -> list[dict[str, str]]:
        """Run requests; return the outcomes of each."""
        return self.page.evaluate(RUN_ALL, requests)


def right_answers(chapter: str) -> dict[str, str]:
    """Return the first right answer to each exercise of a chapter."""
    return {
        name: next(answer.source for answer in bank if answer.is_right)
        for name, bank in read_banks(chapter).items()
    }
