"""The files of the runtime: which of the package's library are kept, and how they are packed.

A pack is one file with many things in it: places in memory, functions, files. It goes into a site
twice, compressed for hosts, and cut into scripts for pages that are opened as files.
"""

import base64
import io
import json
import re
import struct
import zipfile
from pathlib import Path

from . import recipe

INSIDE = Path(__file__).resolve().parent / "inside"
"""Our own modules that run in the page's Python."""
PIECE = 3 << 20
"""Bytes of a script's piece, before base64: some browsers refuse very long strings."""


def members(library):
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
    for path in sorted(INSIDE.glob("*.py")):
        start[f"in_page/{path.name}"] = path.read_bytes()
    return start, figures


def not_in_memory(contents, modules):
    """Leave out the modules that are in the memory that the page starts with."""
    return {
        name: data
        for name, data in contents.items()
        if re.sub(r"(/__init__)?\.pyc?$", "", name).replace("/", ".") not in modules
    }


def zipped(contents):
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
        for name, data in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data)
    return written.getvalue()


def files(contents):
    return [[name, len(data)] for name, data in contents.items()], list(contents.values())


def pack(index, parts):
    """Put a description and what it describes into one file."""
    described = json.dumps(index, separators=(",", ":")).encode()
    return struct.pack("<I", len(described)) + described + b"".join(parts)


def write(packed, folder):
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
