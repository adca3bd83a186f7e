"""The dtypes of arrays that go over the wire as their bytes: plain ones, and records of these."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from nbjudge.wire.frames import WireError

_KINDS = frozenset("biufcSUmM")
_PLAIN = re.compile(r"[<>|=]?[biufcSUmM]\d{0,9}(\[\d{0,6}(Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as)\])?")
_MOST_FIELDS = 500
_DEEPEST = 5


def dtype_node(dtype: np.dtype, depth: int = 0) -> Any:
    """Encode a dtype: a text, or the fields of a record.

    Of these the names, dtypes, shapes and offsets are told, then the record's size, and whether it
    is aligned.

    Raises
    ------
    WireError
        For one of objects, or of nothing.
    """
    if dtype.fields is None and dtype.kind in _KINDS:
        return dtype.str
    if dtype.names and dtype.fields is not None and depth < _DEEPEST:
        fields = [dtype.fields[name] for name in dtype.names]
        kinds = [dtype_node(kind.base, depth + 1) for kind, *_ in fields]
        shapes = [list(kind.shape) for kind, *_ in fields]
        places = [place for _, place, *_ in fields]
        aligned = bool(dtype.isalignedstruct)
        return [list(dtype.names), kinds, shapes, places, dtype.itemsize, aligned]
    raise WireError(f"an array of the dtype {dtype}")


def dtype_of(node: Any, depth: int = 0) -> np.dtype:
    """Make the dtype that `dtype_node` described.

    Raises
    ------
    WireError
        If it is nothing that it would have written.
    """
    if type(node) is str:
        # As numpy itself writes it: nothing that it would parse as fields, evaluate or warn about.
        if not _PLAIN.fullmatch(node):
            raise WireError("a dtype that is not plain")
        kind = np.dtype(node)
        if kind.kind not in _KINDS or kind.fields or kind.subdtype:
            raise WireError(f"an array of the dtype {kind}")
        return kind
    if type(node) is not list or len(node) != 6 or depth >= _DEEPEST:
        raise WireError("a dtype that is not plain")
    names, kinds, shapes, offsets, size, aligned = node
    if not all(type(part) is list for part in (names, kinds, shapes, offsets)):
        raise WireError("a dtype that is not plain")
    if not 0 < len(names) <= _MOST_FIELDS or not {len(kinds), len(shapes), len(offsets)} == {
        len(names)
    }:
        raise WireError("a dtype whose fields do not match")
    if not all(type(name) is str for name in names) or not _whole(offsets) or not _whole([size]):
        raise WireError("a dtype whose fields do not match")
    if not all(type(shape) is list and _whole(shape) and len(shape) <= 8 for shape in shapes):
        raise WireError("a dtype whose fields do not match")
    formats = [
        (dtype_of(kind, depth + 1), tuple(shape)) if shape else dtype_of(kind, depth + 1)
        for kind, shape in zip(kinds, shapes, strict=True)
    ]
    form: Any = {"names": names, "formats": formats, "offsets": offsets, "itemsize": size}
    made: np.dtype = np.dtype(form, align=aligned is True)
    return made


def _whole(numbers: list[Any]) -> bool:
    return all(type(number) is int and 0 <= number < 1 << 31 for number in numbers)
