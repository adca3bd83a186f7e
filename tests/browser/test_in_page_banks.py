"""The banks of answers in the page's Python: the verdicts are those of this machine's."""

from __future__ import annotations

import json
import re

import pytest
from courses import ROOT
from desk import PagesPython
from native_runs import native_verdicts

from publishing.notebooks.files import chapters_in_order
from samples.answers import read_banks

pytestmark = pytest.mark.xdist_group("in_page")

DAILY = "softmax"
# Answers that import what the page's Python does not have: the page says so.
ELSEWHERE = re.compile(r"^\s*(?:from|import)\s+(?:scipy|sklearn)\b", re.MULTILINE)
# Tests that make an error of a warning, or record it. WebAssembly has no flags of floating point,
# so numpy gives no warning there; the page says below such a test that handing in checks it.
RESTS_ON_WARNINGS = re.compile(r"simplefilter\(.error.\)|record=True")


def verdict(outcomes: dict[str, str]) -> dict[str, bool]:
    """Return which tests pass: whether the others fail by assertions or errors is no matter."""
    return {name: outcome == "passed" for name, outcome in outcomes.items()}


def differs(answer, request: dict, native: dict[str, str], page: dict[str, str]) -> bool:
    """Tell whether an answer has another verdict in the page, without a reason that is listed."""
    if ELSEWHERE.search(answer.source):
        return "failed" in page.values()
    resting = {t["id"] for t in request["tests"] if RESTS_ON_WARNINGS.search(t["source"])}
    native, page = verdict(native), verdict(page)
    for name in resting:
        page[name] = page[name] and (native[name] or answer.is_right)
    return native != page or (answer.is_right and not all(page.values()))


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    "chapter",
    [
        chapter if chapter == DAILY else pytest.param(chapter, marks=pytest.mark.thorough)
        for chapter in chapters_in_order(ROOT)
    ],
)
def test_answers_have_the_verdict_in_the_page_that_the_native_kernel_gives(sites, visit, chapter):
    """Every answer of a chapter's banks: right ones pass, wrong ones fail the same cells."""
    reader = visit(formulas=False)
    answers = [answer for bank in read_banks(chapter).values() for answer in bank]
    earlier: dict[str, str] = {}
    for answer in answers:
        if answer.is_right:
            earlier.setdefault(answer.exercise, answer.source)
    reader.page.goto(sites["student"].chapter(chapter))
    python = PagesPython(reader.page)
    requests = python.requests(answers, earlier)
    got, natives = python.verdicts(requests), native_verdicts(requests)
    differences, wrongs = [], 0
    for answer, request, native, page in zip(answers, requests, natives, got, strict=True):
        wrongs += not all(verdict(native).values())
        if differs(answer, request, native, page):
            differences.append((answer.exercise, answer.title, native, page))
    assert not differences, json.dumps(differences, indent=1)
    assert wrongs > 30
    assert not reader.foreign
