"""What an assignment's notebooks import, so that nothing else is preloaded for its kernels."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\b|import\s+(.+))", re.MULTILINE)


def imported_packages(notebook: Path) -> set[str]:
    """Name the packages that a notebook's code imports anywhere, also in functions.

    Parameters
    ----------
    notebook : Path
        The instructor's, which is believed.
    """
    found = set()
    for cell in json.loads(notebook.read_bytes())["cells"]:
        if cell["cell_type"] != "code":
            continue
        for package, several in _IMPORT.findall("".join(cell["source"])):
            names = [package] if package else several.split(",")
            found |= {name.strip().split(" ")[0].split(".")[0] for name in names}
    return found


def needed(preload: Sequence[str], notebooks: Iterable[Path]) -> list[str]:
    """Leave out of what a course preloads what an assignment does not import.

    A student's code may import it nevertheless; then that kernel waits for it.

    Parameters
    ----------
    preload : sequence of str
        The modules that the course names.
    notebooks : iterable of Path
        The assignment as the instructor wrote it; without any, or with one that cannot be read,
        everything may be needed.
    """
    try:
        found = [imported_packages(notebook) for notebook in notebooks]
    except (OSError, ValueError, KeyError):
        found = []
    if not found:
        return list(preload)
    packages = set.union(*found)
    return [name for name in preload if name.split(".")[0] in packages]
