"""Types of numpy, and random generators, that cross by value."""

from __future__ import annotations

import random
from typing import Any

import numpy as np

from nbjudge.wire.codec import Codec, exactly
from nbjudge.wire.frames import WireError

_BIT_GENERATORS = ("PCG64", "PCG64DXSM", "MT19937", "Philox", "SFC64")


def _build_matrix(data: Any) -> np.matrix:
    exactly(np.ndarray, data)
    made: np.matrix = data.view(np.matrix)
    return made


def _masked_parts(value: np.ma.MaskedArray) -> tuple[Any, ...]:
    mask = None if value.mask is np.ma.nomask else np.asarray(value.mask)
    return np.asarray(value.data), mask, np.asarray(value.fill_value)


def _build_masked(data: Any, mask: Any, fill: Any) -> np.ma.MaskedArray:
    exactly(np.ndarray, data, fill)
    if mask is not None:
        exactly(np.ndarray, mask)
    return np.ma.MaskedArray(data, np.ma.nomask if mask is None else mask, fill_value=fill)


def _is_masked(value: np.ma.MaskedArray) -> bool:
    return any(np.ma.getmaskarray(value).tobytes())  # of fields, too


def _refresh_masked(old: Any, new: Any) -> None:
    old[...] = new


def _refresh_matrix(old: Any, new: Any) -> None:
    if old.shape != new.shape or old.dtype != new.dtype:
        raise WireError("a matrix that changed its shape or dtype")
    old[...] = new


def _state_of(generator: Any) -> tuple[Any, ...]:
    bits = generator.bit_generator
    if type(bits).__name__ not in _BIT_GENERATORS or type(bits).__module__[:13] != "numpy.random.":
        raise WireError(f"a random generator with a {type(bits).__name__}")
    return type(bits).__name__, bits.state


def _bits(name: Any, state: Any) -> Any:
    if name not in _BIT_GENERATORS:
        raise WireError("an unknown bit generator")
    exactly(dict, state)
    bits = getattr(np.random, name)(0)
    bits.state = state
    return bits


def _build_generator(name: Any, state: Any) -> np.random.Generator:
    return np.random.Generator(_bits(name, state))


def _refresh_generator(old: Any, new: Any) -> None:
    old.bit_generator.state = new.bit_generator.state


def _random_state_parts(value: np.random.RandomState) -> tuple[Any, ...]:
    return (list(value.get_state()),)


def _build_random_state(state: Any) -> np.random.RandomState:
    exactly(list, state)
    made = np.random.RandomState(0)
    made.set_state(tuple(state))
    return made


def _refresh_random_state(old: Any, new: Any) -> None:
    old.set_state(new.get_state())


def _python_random_parts(value: random.Random) -> tuple[Any, ...]:
    version, numbers, gauss = value.getstate()
    return version, np.array(numbers, dtype=np.uint64), gauss


def _build_python_random(version: Any, numbers: Any, gauss: Any) -> random.Random:
    exactly(np.ndarray, numbers)
    made = random.Random(0)
    made.setstate((version, tuple(numbers.tolist()), gauss))
    return made


def _refresh_python_random(old: Any, new: Any) -> None:
    old.setstate(new.getstate())


NUMPY_CODECS = [
    Codec("matrix", np.matrix, lambda v: (np.asarray(v),), _build_matrix, _refresh_matrix),
    Codec(
        "MaskedArray",
        np.ma.MaskedArray,
        _masked_parts,
        _build_masked,
        _refresh_masked,
        _is_masked,
    ),
    Codec(
        "Generator", np.random.Generator, _state_of, _build_generator, _refresh_generator
    ),
    Codec(
        "RandomState",
        np.random.RandomState,
        _random_state_parts,
        _build_random_state,
        _refresh_random_state,
    ),
    Codec(
        "Random", random.Random, _python_random_parts, _build_python_random, _refresh_python_random
    ),
]  # fmt: skip
