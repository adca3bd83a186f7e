"""The page's Python made of another build than the one that the recipe was written for."""

from __future__ import annotations

import gzip
import json
import struct

import pytest

from publishing.in_page import making, recipe, wasm
from publishing.in_page.runtime import package


@pytest.mark.thorough
def test_an_unknown_build_is_left_whole_and_starts(tmp_path, monkeypatch):
    """Nothing of it is cut or widened, and that is said; it runs an exercise all the same."""
    monkeypatch.setattr(recipe, "KNOWN_HASH", "0" * 64)
    said = []
    monkeypatch.setattr(making.LOGGER, "info", said.append)
    # A turn that fails ends the making; those before it run an answer and a test.
    last = "assert numpy.dtype(int).itemsize == 4"
    monkeypatch.setattr(making, "BEFORE_SNAPSHOT", (*making.BEFORE_SNAPSHOT, last))
    binary, library = (path.read_bytes() for path in package())

    making.make(binary, library, tmp_path)

    assert said == [making.UNKNOWN]

    def unpacked(name):
        return gzip.decompress((tmp_path / f"{name}.bin").read_bytes())

    whole, made = wasm.Module(binary), wasm.Module(unpacked("python"))
    assert len(made.bodies) == len(whole.bodies) > 1000
    assert all(
        made.data[slice(*kept)] == whole.data[slice(*own)]
        for kept, own in zip(made.bodies, whole.bodies, strict=True)
    )
    later = unpacked("figures")
    (length,) = struct.unpack_from("<I", later)
    index = json.loads(later[4 : 4 + length])
    assert index["functions"] == index["runs"] == []
    assert index["files"]
