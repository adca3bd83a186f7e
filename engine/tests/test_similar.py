"""`nbjudge similar`: copies stand first, what everybody writes says nothing, and nothing runs."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from bs4 import BeautifulSoup
from cells import code_cell, notebook
from class_gradebook import STUB, TASKS, draw_points, make_gradebook, run_command, students
from nbjudge.commands.similar import SimilarApp
from nbjudge.similar.evidence import agree, similarities
from nbjudge.similar.tokens import fingerprints, tokens_of

COUNT = 24
REFERENCE = "def square(x):\n    return np.multiply(x, np.asarray(x))"
WAYS = [  # of writing each of three functions
    "y = np.{f}(x))\n    if y.ndim > 0:\n        y = y.copy()\n    return y + {n}",
    "total = 0\n    for value in x:\n        total += {n} * value\n    return np.{f}(total))",
    "return sum(np.{f}(value)) for value in x if value is not None) / max({n}, len(x))",
    "try:\n        return [np.{f}(v)) * {n} for v in x]\n    except TypeError:\n        return np.{f}(x))",
]
FUNCTIONS = ("exp", "log", "sqrt", "cbrt", "square", "tanh")
COPIED = "{head}\n    # the trick of the {number}\n    while len(x) % 7:\n        x = np.append(x, {number})\n    return np.convolve(x, x[::-1], mode='same').max() ^ {number}"
DISGUISED = "{head}\n    data, thing = x, {number}  # mine!\n    while len(data) % 3:\n        data = np.append(data, thing)\n    return np.convolve(data, data[::-1], mode='valid').max() ^ {number}"
HOSTILE = "</pre><script>alert('<b>')</script>"


def answers_of(number: int) -> dict[str, str]:
    """Write answers as student number so and so would, alone."""
    rng = np.random.default_rng(number)
    found = {}
    for task in TASKS[:2]:
        way = WAYS[rng.integers(len(WAYS))]
        called = [FUNCTIONS[n] for n in rng.integers(len(FUNCTIONS), size=3)]
        body = way.format(f="(np.".join(called[:2]) + "(1) + np." + called[2], n=number)
        found[task.name] = f"def {task.name}(x):\n    {body}"
    found["square"] = REFERENCE if number % 2 else "def square(x):\n    return x * x"
    found["why"] = "because"
    return found


def hand_in(folder: Path, answers: dict[str, str], name: str = "ps") -> None:
    """Write a notebook with answers."""
    made = notebook(
        *(
            code_cell(answers[task.name], task.name, solution=True)
            for task in TASKS
            if task.name in answers
        )
    )
    folder.mkdir(parents=True)
    nbformat.write(made, folder / f"{name}.ipynb")


CLAIMS = {
    3: {"solution": False},
    4: {"cell_type": "markdown"},
    8: {"solution": False, "grade": True},
}
"""What students who copied say of their cells: that they are no answers, or no code."""


def claim(path: Path, what: dict[str, object]) -> None:
    """Have all cells of a notebook say something of themselves; grading does not believe it."""
    made = json.loads(path.read_text())
    for cell in made["cells"]:
        (cell if "cell_type" in what else cell["metadata"]["nbgrader"]).update(what)
    path.write_text(json.dumps(made))


def run_similar(root: Path, *options: str) -> int:
    return run_command(SimilarApp, root, *options)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course: one pair copied in disguise, three share a mistake, one is blank, one hostile."""
    root = tmp_path_factory.mktemp("similar") / "course"
    root.mkdir()
    names = students(COUNT)
    points = draw_points(COUNT, missing=0.0)
    points[[7, 8, 9], 0:3] = 0.0
    make_gradebook(f"sqlite:///{root}/gradebook.db", names, {"ps": points})
    source = notebook(code_cell(REFERENCE, "square", solution=True))
    (root / "source" / "ps").mkdir(parents=True)
    nbformat.write(source, root / "source" / "ps" / "ps.ipynb")
    for number, name in enumerate(names):
        answers = answers_of(number)
        if number in (3, 4):
            how = COPIED if number == 3 else DISGUISED
            for task in TASKS[:2]:
                head = f"def {task.name}(x):"
                answers[task.name] = how.format(head=head, number=5 + number)
        if number in (7, 8, 9):
            for asked in ("double", "halve"):
                answers[asked] = (
                    f"def {asked}(x):\n    assert x is not None, 'x'\n    k = {{}}\n    k[x] = 2\n"
                    f"    return k.get(x, {number}) ** x"
                )
        if number == 10:
            answers = {task.name: STUB.format(name=task.name) for task in TASKS}
        if number == 11:
            answers["double"] = f"def double(x):\n    return {HOSTILE!r}\n{HOSTILE}"
        hand_in(root / "submitted" / name / "ps", answers)
        if number in CLAIMS:
            claim(root / "submitted" / name / "ps" / "ps.ipynb", CLAIMS[number])
    (root / "submitted" / names[12] / "ps" / "ps.ipynb").write_text("{")
    assert run_similar(root, "ps") == 0
    return root


def pairs(root: Path) -> list[dict[str, str]]:
    with (root / "similar" / "pairs.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def copied(root: Path) -> dict[str, str]:
    """Return the row of the pair that copied in disguise."""
    return next(row for row in pairs(root) if row["student"] == "student0003")


def page(path: Path) -> BeautifulSoup:
    return BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")


def test_the_copy_stands_first(made):
    """Renamed, with other literals and comments, and three with one mistake: only they stand out."""
    out = [row for row in pairs(made) if row["stands_out"] == "yes"]
    assert out == pairs(made)[: len(out)]
    assert {frozenset((row["student"][-1], row["other"][-1])) for row in out} == {
        frozenset("34"), frozenset("78"), frozenset("79"), frozenset("89")
    }  # fmt: skip
    first = copied(made)
    assert {*first["exercises"].split()} >= {"double", "halve"}


def test_what_was_given_says_nothing(made):
    """The reference, the stub and a form that half of the class has bring nobody together."""
    for row in pairs(made):
        assert "student0010" not in (row["student"], row["other"])  # blank
    shown = page(made / "similar" / pairs(made)[0]["page"])
    reference = [pre for pre in shown.find_all("pre") if "np.asarray" in pre.get_text()]
    assert not [pre for pre in reference if pre.find("mark")]


def test_a_shared_mistake_counts_more():
    """The same answers with the same failed tests are more evidence than if they were right."""
    rng = np.random.default_rng(0)
    answers = [set(map(int, rng.integers(0, 60, 12))) for _ in range(20)]
    answers[1] = answers[0]
    right = agree(answers, [None] * 20).evidence
    wrong = agree(answers, [frozenset({"t"})] * 2 + [None] * 18).evidence
    apart = agree(answers, [frozenset({"t"}), frozenset({"u"})] + [None] * 18).evidence
    assert wrong[0, 1] == pytest.approx(1.5 * right[0, 1]) and apart[0, 1] == right[0, 1]
    assert right[0, 1] > np.log(10)


def test_rare_fingerprints_weigh_more():
    """Sharing what two have makes more alike than sharing what all have."""
    common = [{1, 2, 3, 10 + n} for n in range(10)]
    rare = [*common, {1, 2, 98, 99}, {98, 99, 4, 5}]
    similar, shared_by = similarities(rare)
    assert similar[10, 11] > similar[0, 10] and shared_by[98] == 2 and shared_by[1] == 11
    np.testing.assert_allclose(similar, similar.T)
    assert (similar >= 0).all() and (similar <= 1).all()


def test_clusters_and_words(made):
    """Three with one mistake are a cluster, and the pages say what a figure means."""
    together = [r for r in pairs(made) if r["cluster"]]
    assert {n for r in together for n in (r["student"], r["other"])} >= {
        "student0007", "student0008", "student0009"
    }  # fmt: skip
    assert all("double" in r["mistakes"] for r in together)
    shown = page(made / "similar" / "index.html")
    assert "student0007, student0008, student0009" in shown.find("ol").get_text()
    assert "never a verdict" in shown.get_text() and "What the figure means" in shown.get_text()


def test_side_by_side(made):
    """Both answers stand there whole, and what is shared is marked, the rare part more."""
    shown = page(made / "similar" / copied(made)["page"])
    texts = [pre.get_text() for pre in shown.find_all("pre")]
    assert any("# mine!" in text for text in texts) and any("the trick" in text for text in texts)
    assert "convolve" in "".join(m.get_text() for m in shown.find_all("mark", "rare"))
    assert not [m for m in shown.find_all("mark") if m.get_text() == "mine!"]


def test_nothing_of_a_submission_is_markup(made):
    """Hostile answers are text; no page has a script."""
    for path in (made / "similar").rglob("*.html"):
        shown = page(path)
        assert not shown.find_all(["script", "iframe", "img", "form", "object"])
        policy = shown.find("meta", {"http-equiv": "Content-Security-Policy"})["content"]
        assert policy.startswith("default-src 'none'")


def test_previous_years_take_part(made, tmp_path, capsys):
    """A copy of last year's answer is found under its path; last year's are not compared alone."""
    root = tmp_path / "course"
    shutil.copytree(made, root)
    head = "def halve(x):"
    for number in (1, 2):
        old = answers_of(100) | {"halve": COPIED.format(head=head, number=number)}
        hand_in(tmp_path / "2025" / f"old{number}" / "ps", old)
    taken = answers_of(15) | {"halve": DISGUISED.format(head=head, number=9)}
    taken["double"] = answers_of(100)["double"]
    shutil.rmtree(root / "submitted" / "student0015")
    hand_in(root / "submitted" / "student0015" / "ps", taken)
    assert run_similar(root, "ps", "--against", str(tmp_path / "2025")) == 0
    found = pairs(root)
    earlier = [r for r in found if r["other"].startswith("2025/")]
    assert {(r["student"], r["other"]) for r in earlier} >= {
        ("student0015", "2025/old1/ps"), ("student0015", "2025/old2/ps")
    }  # fmt: skip
    assert not [r for r in found if r["student"].startswith("2025/")]
    assert run_similar(root, "ps", "--against", str(tmp_path / "2024")) == 1
    assert "no such folder" in capsys.readouterr().err


def test_what_cannot_be_compared(made, tmp_path, capsys):
    """One line each, and what was written stays."""
    root = tmp_path / "course"
    shutil.copytree(made, root)
    before = (root / "similar" / "pairs.csv").read_bytes()
    for options, said in {
        ("pss",): "did you mean 'ps'?",
        (): "name one assignment",
        ("ps", "--to", "submitted"): "did not write",
        ("ps", "--agianst", "x"): "did you mean --against?",
    }.items():
        assert run_similar(root, *options) != 0
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1
    shutil.rmtree(root / "submitted")
    assert run_similar(root, "ps") == 1
    assert "no answers to compare" in capsys.readouterr().err
    assert (root / "similar" / "pairs.csv").read_bytes() == before


def test_an_unreadable_notebook_is_named(made, tmp_path, capsys):
    """It is left out, with a line."""
    root = tmp_path / "course"
    shutil.copytree(made, root)
    capsys.readouterr()
    assert run_similar(root, "ps") == 0
    assert "student0012: ps.ipynb cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("y = x + 1", "result=(value+2)  # two"),
        ('def f(a):\n    "Says."\n    return "a"', "def g(b):\n\n    return 'other'"),
        ("f'{x}!'", 'f"{other}?"'),
    ],
)
def test_disguises_make_no_difference(one, other):
    """Names, numbers, texts, comments and layout."""
    words = [[token.word for token in tokens_of(source)] for source in (one, other)]
    assert words[0] == words[1]


def test_what_is_called_makes_a_difference():
    """`np.log` and `np.exp` are other words, and so are built-in functions."""
    assert fingerprints(tokens_of("np.log(x)")) != fingerprints(tokens_of("np.exp(x)"))
    assert fingerprints(tokens_of("len(x)")) != fingerprints(tokens_of("sum(x)"))
    assert [t.word for t in tokens_of("Weil $x$ gilt.", code=False)][:1] == ["weil"]
