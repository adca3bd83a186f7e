"""The memory of an interpreter that has started: what the page begins with."""

import json
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

import wasmtime

from . import wasm

ARGUMENTS = ["/usr/local/bin/python.wasm"]
LIBRARY = "/usr/local/lib"
SCRATCH = "/tmp"
ZIP = "python315.zip"
ENVIRONMENT = {
    "HOME": "/tmp/home",
    "MPLBACKEND": "module://in_page.canvas",
    "MPLCONFIGDIR": "/tmp/matplotlib",
    "PYTHONHASHSEED": "0",
    "PYTHONTZPATH": "",
    "TMPDIR": "/tmp",
}
FOLDERS = ("home", "matplotlib")
"""Folders in `SCRATCH`. ``interpreter.ts`` makes the same, and opens `LIBRARY` first as well."""

TELL_MODULES = """
import json, sys
with open("/tmp/modules", "w") as file:
    json.dump(list(sys.modules), file)
del file
"""

HOLE = re.compile(rb"\x00{64,}")


class SnapshotError(Exception):
    """The interpreter did not start, or did not run what was to run before the snapshot."""


@dataclass(frozen=True)
class Image:
    """A memory.

    Parameters
    ----------
    size : int
        Its size in bytes.
    runs : list of tuple
        ``(address, bytes)`` of what is not zero.
    modules : set of str
        The modules that are in it.
    """

    size: int
    runs: list
    modules: set


def take_snapshot(binary, library, code):
    """Start the interpreter, run code, and return its memory.

    Parameters
    ----------
    binary : bytes
        The WebAssembly module.
    library : bytes
        The zip of its standard library.
    code : list of str
        What it runs before, one turn each.

    Returns
    -------
    Image
        Its memory.

    Raises
    ------
    SnapshotError
        When a turn fails.
    """
    config = wasmtime.Config()
    config.wasm_exceptions = True
    config.cranelift_opt_level = "none"
    engine = wasmtime.Engine(config)
    module = wasmtime.Module(engine, binary)
    with tempfile.TemporaryDirectory() as folder:
        return _run(engine, module, Path(folder), library, code)


def _run(engine, module, folder, library, code):
    store, wasi = wasmtime.Store(engine), wasmtime.WasiConfig()
    (folder / "lib").mkdir()
    (folder / "lib" / ZIP).write_bytes(library)
    for name in FOLDERS:
        (folder / "tmp" / name).mkdir(parents=True)
    wasi.argv, wasi.env = ARGUMENTS, sorted(ENVIRONMENT.items())
    wasi.preopen_dir(str(folder / "lib"), LIBRARY)
    wasi.preopen_dir(str(folder / "tmp"), SCRATCH)
    wasi.stderr_file = str(folder / "stderr")
    store.set_wasi(wasi)
    linker = wasmtime.Linker(engine)
    linker.define_wasi()
    number = wasmtime.ValType.i32()
    no_host = wasmtime.FuncType([number] * 4, [number])
    linker.define_func("host", "call", no_host, lambda *arguments: -1)
    exports = linker.instantiate(store, module).exports(store)
    memory = exports["memory"]
    exports["_initialize"](store)
    for turn in [*code, TELL_MODULES]:
        text = turn.encode()
        place = exports["host_alloc"](store, len(text)) & 0xFFFFFFFF
        memory.write(store, text, place)
        if exports["turn"](store, place, len(text)) != 0:
            said = (folder / "stderr").read_text(encoding="utf-8", errors="replace")
            raise SnapshotError(f"the interpreter failed at {turn!r}: {said}")
    content = bytes(memory.read(store, 0, memory.data_len(store)))
    modules = json.loads((folder / "tmp" / "modules").read_text())
    return Image(len(content), _runs(content), set(modules))


def _runs(content):
    runs, at = [], 0
    for hole in HOLE.finditer(content):
        if hole.start() > at:
            runs.append((at, content[at : hole.start()]))
        at = hole.end()
    if at < len(content):
        runs.append((at, content[at:]))
    return runs


def empty_data(module):
    """Return the changes that leave a module without data: the image has it."""
    counts = {kind for kind, _, _ in module.sections}
    return {wasm.DATA: wasm.number(0)} | (
        {wasm.DATA_COUNT: wasm.number(0)} if wasm.DATA_COUNT in counts else {}
    )
