"""The reader and writer of WebAssembly, on a small module whose contents are known."""

from __future__ import annotations

import pytest

wasmtime = pytest.importorskip("wasmtime")

from publishing.in_page import wasm  # noqa: E402
from publishing.in_page.cutting import cut_code, kept_functions  # noqa: E402
from publishing.in_page.recipe import CALLED, IN_TABLE, WHOLE, Section  # noqa: E402

TEXT = """(module
  (import "host" "call" (func $host (param i32) (result i32)))
  (memory (export "memory") 300 400)
  (table 4 funcref)
  (elem (i32.const 1) $in_table $whole)
  (func $start (export "start") (result i32) (call $helper))
  (func $helper (result i32) (local i64 v128)
    (block (br_table 0 0 0 (i32.const 1)))
    (local.set 0 (i64.const 0x41104110))
    (local.set 1 (v128.const i32x4 0x10101010 0x41414141 1 2))
    (drop (f64.const 1.5))
    (i32.load offset=0x1000010 (i32.const 0)))
  (func $never (result i32) (call $host (i32.const 7)))
  (func $in_table (result i32) (i32.const 0x1000020))
  (func $whole (result i32) (if (result i32) (i32.const 1)
    (then (call $only_called)) (else (i32.const 3))))
  (func $only_called (result i32) (select (result i32) (i32.const 5) (i32.const 6) (i32.const 1)))
  (data (i32.const 0x1000000) "first data, and some more of it, for a second look")
)"""


@pytest.fixture(scope="module")
def module():
    """The module, with its names."""
    return wasm.Module(wasmtime.wat2wasm(TEXT))


def test_a_module_tells_its_parts(module):
    """Imports, exports, table, bodies, data and names."""
    assert module.imported == 1
    assert module.exports["start"] == (wasm.FUNCTION, 1)
    assert module.table == {1: 4, 2: 5}
    assert len(module.bodies) == 6
    assert [address for address, _, _ in module.segments] == [0x1000000]
    assert {module.names[n] for n in (1, 6)} == {"start", "only_called"}


def test_a_body_tells_what_it_names(module):
    """Calls, constants and addresses; the bytes within other constants are none."""
    assert module.uses(1).functions == {2}
    assert module.uses(2).functions == set()
    assert module.uses(2).constants == {0, 1, 0x1000010}
    assert module.uses(3).functions == {0}
    assert module.uses(5).functions == {6}


def test_what_no_kept_function_reaches_is_cut(module):
    """And what is kept does as before; what is cut is a trap."""
    recipe = (
        Section("start", CALLED, "called from outside"),
        Section("in_table", IN_TABLE, "called by number"),
        Section("whole", WHOLE, "kept as it is"),
        Section("only_called", CALLED, "called from there"),
    )
    kept, named = kept_functions(module, recipe)
    assert {module.names[function] for function in kept} == {
        "start", "helper", "in_table", "whole", "only_called",
    }  # fmt: skip
    assert {0x1000010, 0x1000020} <= named
    cut = module.rewritten({wasm.CODE: cut_code(module, kept)})
    engine = wasmtime.Engine()
    store = wasmtime.Store(engine)
    number = wasmtime.ValType.i32()
    host = wasmtime.Func(store, wasmtime.FuncType([number], [number]), lambda value: value)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, cut), [host]).exports(store)
    assert exports["start"](store) == int.from_bytes(b"some", "little")


def test_what_is_no_module_is_refused():
    """By its first bytes."""
    with pytest.raises(ValueError, match="no WebAssembly"):
        wasm.Module(b"something else")
