"""What JupyterLab lets an author write and a page of the book cannot show.

It is told before anything is built, with the cell and what to do instead.
"""

import re
from pathlib import Path
from urllib.parse import unquote

from .attachments import ADDRESS

PICTURE = re.compile(
    r"!\[[^\]]*\]\(\s*<?(?P<markdown>[^)\s>]+)|<img\b[^>]*\bsrc\s*=\s*[\"']?(?P<html>[^\"'\s>]+)"
)
CODE = re.compile(r"^(```|~~~).*?^\1|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ELSEWHERE = re.compile(r"(?:https?:)?//")
SHOWN = {
    *("text/plain", "text/html", "text/markdown", "text/latex", "application/json"),
    *("image/png", "image/jpeg", "image/gif", "image/svg+xml", "image/webp"),
}
VEGALITE = re.compile(r"application/vnd\.vegalite\.v\d+(\.\d+)?\+json")
WIDGET = "application/vnd.jupyter.widget-view+json"


def cell_problems(cell, folder):
    """Tell what of a cell, its secret parts taken out, a page cannot show.

    Parameters
    ----------
    cell : NotebookNode
        A cell as students get it.
    folder : Path
        Where its notebook is.

    Returns
    -------
    list of str
        Each with the remedy.
    """
    if cell.cell_type == "code":
        return [problem for output in cell.get("outputs", []) for problem in _unseen(output)]
    text = CODE.sub("", cell.source)
    if cell.cell_type == "raw":
        return (
            ["is a raw cell, which the book leaves out: make it Markdown or code"] if text else []
        )
    found = []
    for address in ADDRESS.finditer(text):
        name = unquote(address["name"].rstrip(")"))
        found.append(
            f"shows the attached picture {name}, which is in this cell alone: save it beside the"
            f" notebook as {_plain_name(name)}, and write ![what it shows]({_plain_name(name)})"
        )
    for picture in PICTURE.finditer(text):
        found += _picture_problems(picture["markdown"] or picture["html"], folder)
    return found


def _picture_problems(address, folder):
    if address.startswith("attachment:"):
        return  # told already
    if address.startswith("data:"):
        yield "holds a picture in its text: save it beside the notebook, and link to the file"
    elif ELSEWHERE.match(address):
        yield f"shows {address}, which is on another machine: save it beside the notebook"
    elif address.startswith(("/", "file:")) or "\\" in address:
        yield f"shows {address}, which is a place on one machine: save it beside the notebook"
    elif not (Path(folder) / unquote(address.split("#")[0])).is_file():
        yield f"shows {address}, and there is no such file beside the notebook"


def _plain_name(name):
    """Make a file's name that needs no quoting."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-")


def _unseen(output):
    kinds = set(output.get("data", {}))
    if WIDGET in kinds:
        yield (
            "put out a widget, which needs a running kernel: make it an Altair figure, or clear"
            " the output"
        )
    elif kinds and not any(kind in SHOWN or VEGALITE.fullmatch(kind) for kind in kinds):
        yield f"put out {', '.join(sorted(kinds))}, which no page shows: clear the output"
