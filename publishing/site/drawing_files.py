"""The drawings of a built site: slimmed, and beside each its dark and its narrow layouts.

A page shows the one that fits: a narrow screen takes the narrow layout by itself, and the script
``reading.js`` takes the dark ones while the page is dark.
"""

import json
import shutil
import zlib
from pathlib import Path

from . import dark_drawings, drawings, narrow_drawings, shared_axes, text_lines
from .dark_drawings import darkened
from .narrow_drawings import narrow

MADE_BY = (drawings, text_lines, narrow_drawings, shared_axes, dark_drawings)
MEDIA = "(max-width: 700px)"
PIXELS = 4 / 3  # of CSS, to a point
NARROW, DARK = "-narrow", "-dark"


def lay_out(site, kept):
    """Write every layout of every drawing of a site.

    Parameters
    ----------
    site : Path
        The folder of the built site.
    kept : Path
        A folder to keep layouts in for the next time; they have names by their content.

    Returns
    -------
    dict of str to dict
        By a drawing's name: ``wide`` and ``narrow``, each with width, height and the smallest
        letter as a share of the width, or None; and whether there are ``dark`` ones.
    """
    code = zlib.crc32(b"".join(Path(module.__file__).read_bytes() for module in MADE_BY))
    folder = Path(kept) / f"drawings {code:x}"
    folder.mkdir(parents=True, exist_ok=True)
    found = {}
    for path in sorted((Path(site) / "_images").glob("*.svg")):
        told = folder / f"{path.stem}.json"
        if not told.is_file():
            told.write_text(json.dumps(_write(path, folder)), encoding="utf-8")
        found[path.name] = json.loads(told.read_text(encoding="utf-8"))
        for layout in folder.glob(f"{path.stem}*.svg"):
            shutil.copyfile(layout, path.with_name(layout.name))
    return {name: told for name, told in found.items() if told}


def _write(path, folder):
    """Write the layouts of one drawing; return what a page must know of them."""
    text = path.read_text(encoding="utf-8")
    if "Matplotlib" not in text or not drawings.BOX.search(text):
        return {}
    slim = drawings.slimmed(text)
    layouts = {"": drawings.wide(slim), NARROW: narrow(slim)}
    is_dark = darkened(slim) is not None
    told = {"dark": is_dark}
    for suffix, layout in layouts.items():
        told["narrow" if suffix else "wide"] = layout and {
            "width": round(layout.width * PIXELS),
            "height": round(layout.height * PIXELS),
            "letter": min(layout.letter, 1.0),  # without letters, any size will do
        }
        if layout:
            (folder / f"{path.stem}{suffix}.svg").write_text(layout.svg, encoding="utf-8")
            if is_dark:
                dark = darkened(layout.svg)
                (folder / f"{path.stem}{suffix}{DARK}.svg").write_text(dark, encoding="utf-8")
    return told


def tag(attributes, source, told):
    """Write the tag of a drawing.

    Parameters
    ----------
    attributes : str
        Those of its ``<img>``, with ``src`` and ``alt``.
    source : str
        The address in ``src``.
    told : dict
        What `lay_out` tells of it.

    Returns
    -------
    str
        An ``<img>``, in a ``<picture>`` where there is a narrow layout.
    """
    dark = " data-dark" if told["dark"] else ""
    image = f'<img loading="lazy" decoding="async"{_size(told["wide"])}{dark}{attributes} />'
    if not told["narrow"]:
        return image
    narrow = source.removesuffix(".svg") + f"{NARROW}.svg"
    return (
        f'<picture><source media="{MEDIA}" srcset="{narrow}"{_size(told["narrow"])} />'
        f"{image}</picture>"
    )


def _size(layout):
    return (
        f' width="{layout["width"]}" height="{layout["height"]}"'
        f' data-letter="{layout["letter"]:.5f}"'
    )
