"""A smoke test of exercises in the page in Firefox, where this machine has one."""

from __future__ import annotations

import json

import firefox
import pytest
from courses import ROOT

pytestmark = [
    pytest.mark.xdist_group("in_page"),
    pytest.mark.skipif(not firefox.PROGRAM, reason="no Firefox here: apt-get install firefox-esr"),
]

CONTRACT = ROOT / "publishing" / "in_page" / "scripts" / "tests" / "contract.js"
# One exercise: written, run to its end, and what its place then shows.
RUN = """(async (text) => {
    const place = document.querySelector('section[data-exercise="sigmoid"]');
    await window.course.write("sigmoid", text);
    place.querySelector('[data-do="run"]').click();
    const state = (wanted) => new Promise((resolve) => {
        const look = () => place.dataset.state === wanted && resolve();
        new MutationObserver(look).observe(place, { attributes: true });
        look();
    });
    if (text.startsWith("while True")) {
        await state("running");
        place.querySelector('[data-do="stop"]').click();
    }
    await state("done");
    return {
        said: place.querySelector('[role="status"]').textContent,
        shown: place.querySelector(".run-results").textContent,
        figures: place.querySelectorAll("img.run-figure").length,
    };
})"""


@pytest.fixture
def window(tmp_path):
    """A window of Firefox."""
    opened = firefox.Firefox(tmp_path)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", ["host", "file"])
def test_an_exercise_is_done_in_firefox(window, built_book, sites, kind):
    """A right answer, a wrong one, an endless loop and a figure; kept; from a host and a file."""
    page = "book/sigmoid/sigmoid.html"
    folder = built_book / "_build/html"
    window.open(sites["student"].url + page if kind == "host" else (folder / page).as_uri())
    right = "def sigmoid(a):\n    return 0.5 * (1 + np.tanh(np.asarray(a) / 2))\n"

    def run(text):
        return window.evaluate(f"{RUN}({json.dumps(text)})")

    assert run(right)["said"] == "2 of 2 visible tests pass."
    assert run("def sigmoid(a):\n    return a")["said"] == "0 of 2 visible tests pass."
    assert run("while True: pass")["said"].startswith("Stopped.")
    assert run("np.arange(100_000).sum()")["shown"] == "np.int64(4999950000)"
    assert run("import matplotlib.pyplot as plt\n_ = plt.plot([1, 2])")["figures"] == 1
    window.evaluate("location.reload()")
    kept = "Object.keys(localStorage).some((key) => key.endsWith('#sigmoid'))"
    assert window.evaluate(kept)


def test_the_python_in_firefox_keeps_to_the_contract(window, sites):
    """Start, run, stop and events, as the test double has them."""
    from desk import BENCH

    window.open(sites["student"].chapter("sigmoid"))
    window.evaluate(f"({BENCH})()")
    program = json.dumps(CONTRACT.read_text(encoding="utf-8"))
    found = window.evaluate(
        f"import('data:text/javascript,' + encodeURIComponent({program}))"
        ".then(({ broken }) => broken(window.testedBench.python))"
    )
    assert found == []
