"""Results that one build keeps for the next."""

import pytest

from publishing.notebooks import kept_results
from publishing.notebooks.kept_results import KeptResults


@pytest.fixture
def kept(tmp_path):
    return tmp_path / "work" / "kept.json"


@pytest.fixture
def reversed_text():
    """A function, and the arguments that it was called with."""

    def turn(*parts):
        calls.append(parts)
        return [part[::-1] for part in parts]

    calls = []
    turn.calls = calls
    return turn


def made(path, function, *lists_of_parts, basis=()):
    with KeptResults(path, *basis) as results:
        return [results.of(function, *parts) for parts in lists_of_parts]


def test_what_is_the_same_is_made_once(kept, reversed_text):
    """In the next build, and in the same; other arguments are other results."""
    for _ in range(2):
        assert made(kept, reversed_text, ["ab"], ["c"], ["ab"]) == [["ba"], ["c"], ["ba"]]
    assert reversed_text.calls == [("ab",), ("c",)]
    # No two lists of parts are taken for one another.
    assert made(kept, reversed_text, ["a", "b"]) == [["a", "b"]]


def test_what_a_build_does_not_need_is_not_kept_on(kept, reversed_text):
    """So a file of results does not grow from build to build."""
    made(kept, reversed_text, ["ab"], ["c"])
    made(kept, reversed_text, ["c"])
    made(kept, reversed_text, ["ab"])
    assert reversed_text.calls == [("ab",), ("c",), ("ab",)]


def test_another_basis_or_other_code_makes_anew(kept, reversed_text, monkeypatch):
    """What results rest on counts: other secrets, or a search that was mended."""
    made(kept, reversed_text, ["ab"], basis=["secrets"])
    made(kept, reversed_text, ["ab"], basis=["other secrets"])
    monkeypatch.setattr(kept_results, "_code", lambda: "mended")
    made(kept, reversed_text, ["ab"], basis=["other secrets"])
    assert len(reversed_text.calls) == 3


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"half": [1, 2', "\x00"])
def test_a_broken_file_counts_as_none(kept, reversed_text, broken):
    """A machine that stopped in the middle costs time, and no build."""
    kept.parent.mkdir()
    kept.write_text(broken)
    assert made(kept, reversed_text, ["ab"]) == [["ba"]]
    assert made(kept, reversed_text, ["ab"]) == [["ba"]]
    assert len(reversed_text.calls) == 1


def test_an_error_keeps_nothing(kept, reversed_text):
    """And what was kept before stays."""
    made(kept, reversed_text, ["ab"])
    before = kept.read_bytes()
    with pytest.raises(ZeroDivisionError), KeptResults(kept) as results:
        results.of(lambda part: 1 / 0, "c")
    assert kept.read_bytes() == before


def test_without_a_file_nothing_is_kept(reversed_text):
    """As for a search by hand, which looks at everything."""
    assert made(None, reversed_text, ["ab"], ["ab"]) == [["ba"], ["ba"]]
    assert len(reversed_text.calls) == 2
