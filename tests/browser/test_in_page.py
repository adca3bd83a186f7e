"""Exercises in the page, in Chromium: written, run, tested, kept, and for everybody."""

from __future__ import annotations

import pytest
from desk import Desk
from playwright.sync_api import expect

pytestmark = pytest.mark.xdist_group("in_page")

SIGMOID = """def sigmoid(a):
    small = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0, 1 / (1 + small), small / (1 + small))
"""
WRONG = "def sigmoid(a):\n    return 1 - 1 / (1 + np.exp(-a))\n"
CHAPTER = "sigmoid"


def test_an_exercise_is_written_run_and_tested_where_it_stands(desk, plain_reader):
    """Nothing is loaded before; verdicts, messages and the reader's own line; kept; reset; undo."""
    loaded = [url for url in plain_reader.requests if "python/" in url or "workbench" in url]
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
    assert not plain_reader.foreign and not plain_reader.complaints


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
def test_axe_finds_nothing_serious_with_editor_and_results_open(typeset_desk, theme):
    """And everything is reached by keyboard; Escape and Tab leave the editor."""
    from axe_playwright_python.sync_playwright import Axe

    desk, page = typeset_desk, typeset_desk.page
    page.evaluate(f"document.documentElement.dataset.theme = '{theme}'")
    opener = desk.place.locator('[data-do="write"]')
    opener.focus()
    page.keyboard.press("Enter")
    expect(desk.editor).to_be_focused()
    desk.wait("idle")
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


def test_the_verdict_is_heard(desk):
    """Its place is there for screen readers before it is said; each test has its outcome."""
    desk.do("write")
    spoken = desk.place.get_by_role("status")
    expect(spoken).to_have_count(1)
    expect(spoken).to_have_text("Python is ready.")
    heard = spoken.evaluate_handle(
        """(place) => {
            const heard = [];
            new MutationObserver(() => heard.push(place.textContent)).observe(
                place, { childList: true, characterData: true, subtree: true });
            return heard;
        }"""
    )
    desk.run(WRONG)
    assert heard.json_value()[-1] == "0 of 2 visible tests pass."
    line = desk.place.locator('[data-test="sigmoid_on_small_examples"]')
    expect(line.get_by_role("img", name="failed")).to_be_visible()


def test_keys_for_fingers_stand_where_fingers_point(desk, visit, sites):
    """Indentation, brackets and signs; a pair of brackets is closed as by the keyboard."""
    desk.do("write")
    expect(desk.place.locator(".workplace-keys")).to_be_hidden()
    phone = visit(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.page.goto(sites["student"].chapter(CHAPTER))
    there = Desk(phone.page, "sigmoid")
    there.place.locator('[data-do="write"]').tap()
    there.write("")
    keys = there.place.get_by_role("toolbar", name="Keys")
    there.editor.tap()
    phone.page.keyboard.insert_text("print")
    for name in ("(", "[", "]", ")", "Indent more", "Indent more", "Indent less"):
        keys.get_by_label(name, exact=True).tap()
    assert there.editor.evaluate("(editor) => editor.textContent") == "    print([])"
    expect(there.editor).to_be_focused()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
