"""The wider default integer: how the binary is changed, and what is widened inside."""

from __future__ import annotations

from collections import namedtuple

import numpy as np
import pytest

from publishing.in_page import integers, wasm
from publishing.in_page.inside.integers import FUNCTIONS, METHODS, RANDOM, wide, widening

wasmtime = pytest.importorskip("wasmtime")

# A module that has every function that is changed, each as something else.
NAMES = sorted({"PyArray_DescrFromType", *(edit.function for edit in integers.edits(b""))})
FUNCTIONS_OF_ANOTHER_BUILD = "\n".join(
    f'(func ${name} (export "{name}") (result i32) (i32.const 5))' for name in NAMES
)


@pytest.mark.parametrize("value", [0, 7, 63, 64, 127, 128, 0x501, 0x4000501])
def test_a_constant_is_encoded_as_the_engine_reads_it(value):
    """With a byte more where the sign would be taken for it."""
    given = wasmtime.wat2wasm(f"(module (func (result i32) (i32.const {value})))")
    assert integers.const(value) + b"\x0b" in given


def test_another_binary_is_refused_and_not_changed_by_guess():
    """The function that is different is named."""
    text = f'(module (import "host" "call" (func)) {FUNCTIONS_OF_ANOTHER_BUILD})'
    module = wasm.Module(wasmtime.wat2wasm(text))
    with pytest.raises(integers.UnknownCode, match="PyArray_ArangeObj is another one"):
        integers.widened(module)


def test_every_change_keeps_the_kind_of_its_instructions():
    """No edit is empty, and none leaves the instructions as they are."""
    for edit in integers.edits(b"\x10\x00"):
        assert edit.before and edit.after and edit.before != edit.after and edit.times > 0


def test_what_is_widened_inside_is_there_in_this_numpy():
    """The names are numpy's: one that it drops must be dropped here."""
    assert all(hasattr(np.ndarray, name) for name in METHODS)
    assert all(hasattr(np, name) for name in FUNCTIONS)
    assert all(hasattr(np.random.RandomState, name) for name in RANDOM)


def test_results_are_widened_by_their_type_alone():
    """Addresses' integers, in tuples, too; all else is what it was."""
    narrow = np.array([1, 2], "l")
    assert wide(narrow).dtype == np.int64 and wide(narrow[0]).dtype == np.int64
    for kept in (np.array([1, 2], np.int8), np.array([1.0]), 3, None, "l", [narrow]):
        assert wide(kept) is kept
    Pair = namedtuple("Pair", "values counts")
    pair = wide(Pair(np.array([1.5]), narrow))
    assert isinstance(pair, Pair) and pair.counts.dtype == np.int64
    assert [part.dtype for part in wide((narrow, narrow))] == [np.int64] * 2
    assert widening(np.argsort)([2, 1]).tolist() == [1, 0]
