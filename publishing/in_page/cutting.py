"""Cutting the binary down to what the recipe keeps."""

import numpy as np

from . import wasm
from .recipe import CALLED, IN_TABLE, SECTIONS, WHOLE

FEWEST, SMALLEST, LARGEST_MEAN = 8, 2048, 1500
"""Data goes where functions that are left out name so many places in a stretch of so many bytes
that nothing else uses, one in so many bytes. Numbers that only look like addresses are rarer: they
must not cut a table that is used, of a function of mathematics or of Unicode, into unused parts."""


def kept_functions(module, sections=SECTIONS, without=frozenset()):
    """Find the functions that the recipe keeps.

    Parameters
    ----------
    module : publishing.in_page.wasm.Module
        The package's binary, with its names.
    sections : tuple of publishing.in_page.recipe.Section
        The recipe.
    without : set of str
        Names of functions and exports that are not kept, whoever calls them.

    Returns
    -------
    kept : set of int
        The numbers of functions.
    named : set of int
        The constants and addresses in their bodies.
    """
    numbers = {name: which for which, name in module.names.items()}
    end = module.imported + len(module.bodies)
    starts = [numbers[section.first] for section in sections]
    in_table = set(module.table.values())
    functions = {
        name: which for name, (kind, which) in module.exports.items() if kind == wasm.FUNCTION
    }
    never = {known[name] for known in (numbers, functions) for name in without if name in known}
    waiting = [*functions.values()]
    for section, first, last in zip(sections, starts, [*starts[1:], end], strict=True):
        run = range(first, last)
        if section.keep == WHOLE:
            waiting += run
        elif section.keep == IN_TABLE:
            waiting += in_table.intersection(run)
        elif section.keep != CALLED:
            raise ValueError(f"the recipe keeps {section.keep!r} of {section.what}")
    kept, named = set(), set()
    while waiting:
        function = waiting.pop()
        if function < module.imported or function in kept or function in never:
            continue
        kept.add(function)
        uses = module.uses(function)
        named |= uses.constants
        waiting += uses.functions - kept
    return kept, named


def cut_code(module, kept):
    """Return a code section with the bodies of kept functions, the others being a trap."""
    parts = [wasm.number(len(module.bodies))]
    for function, (start, end) in enumerate(module.bodies, module.imported):
        body = module.data[start:end] if function in kept else wasm.UNREACHABLE
        parts += [wasm.number(len(body)), body]
    return b"".join(parts)


def unused_data(module, kept, named, image):
    """Find the data that only functions which are left out use.

    Of constant data, that is; the rest is small. An object begins where an address leads that is
    named in the code or stands in memory, and ends where the next begins. It is used when a kept
    function names it, when the heap holds its address, or when an object that is used does.

    Parameters
    ----------
    module : publishing.in_page.wasm.Module
        The binary.
    kept, named : set of int
        From `kept_functions`.
    image : publishing.in_page.snapshot.Image
        The memory of the interpreter that has started.

    Returns
    -------
    list of tuple of int
        ``(address, end)`` of stretches of memory, in order.
    """
    first = module.segments[0][0]
    last = max(address + end - start for address, start, end in module.segments) & ~3
    memory = np.zeros(image.size, np.uint8)
    for address, run in image.runs:
        memory[address : address + len(run)] = np.frombuffer(run, np.uint8)
    words = memory.view("<u4")
    is_address = (words >= first) & (words < last)
    data = slice(first // 4, last // 4)
    in_heap = np.unique(words[last // 4 :][is_address[last // 4 :]])
    in_heap = in_heap[in_heap % 4 == 0]
    words, is_address = words[data], is_address[data]
    left_out = set(range(module.imported, module.imported + len(module.bodies))) - kept
    others = set().union(*(module.uses(function).constants for function in left_out))
    in_code = np.array([value for value in named | others if first <= value < last], np.int64)
    starts = np.unique(np.concatenate([[first], in_code, words[is_address], in_heap]))
    holders = np.searchsorted(starts, first + 4 * np.flatnonzero(is_address), "right") - 1
    targets = np.searchsorted(starts, words[is_address], "right") - 1
    order = np.argsort(holders, kind="stable")
    holders, targets = holders[order], targets[order]
    used = np.zeros(len(starts), bool)
    roots = np.concatenate([[value for value in named if first <= value < last], in_heap])
    reached = np.unique(np.searchsorted(starts, roots))
    while len(reached):
        used[reached] = True
        begin = np.searchsorted(holders, reached, "left")
        end = np.searchsorted(holders, reached, "right")
        held = [targets[a:b] for a, b in zip(begin, end, strict=True) if b > a]
        reached = np.unique(np.concatenate(held)) if held else np.array([], int)
        reached = reached[~used[reached]]
    constant = module.segments[0][0] + module.segments[0][2] - module.segments[0][1]
    places = np.array(sorted(value for value in others if first <= value < last), np.int64)
    return _long_runs(used | (starts >= constant), np.append(starts, last), places)


def _long_runs(used, bounds, places):
    edges = np.flatnonzero(np.diff(np.concatenate([[1], used.astype(int), [1]])))
    found = []
    for begin, end in zip(bounds[edges[::2]], bounds[edges[1::2]], strict=True):
        count = np.searchsorted(places, end) - np.searchsorted(places, begin)
        size = end - begin
        if count >= FEWEST and size >= SMALLEST and size <= LARGEST_MEAN * count:
            found.append((int(begin), int(end)))
    return found
