"""What an assignment's notebooks import, so that nothing else is preloaded for its kernels."""

from __future__ import annotations

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat

from nbjudge.execution.needless import needless_cells

COMMON = frozenset(
    [
        *("numpy", "matplotlib", "pandas", "scipy", "sklearn", "sympy", "seaborn", "statsmodels"),
        *("networkx", "altair", "PIL", "scipy.linalg", "scipy.optimize", "scipy.special"),
        *("scipy.stats", "scipy.integrate", "scipy.interpolate", "scipy.signal", "scipy.spatial"),
        *("sklearn.linear_model", "sklearn.metrics", "sklearn.datasets", "sklearn.preprocessing"),
        *("sklearn.model_selection", "sklearn.ensemble", "sklearn.tree", "sklearn.neighbors"),
        *("sklearn.pipeline", "sklearn.svm", "sklearn.cluster", "sklearn.decomposition"),
        *("statsmodels.api", "statsmodels.formula.api"),
    ]
)
"""What is preloaded where submissions import it and the assignment does not: packages of the field
that start no thread on import and do nothing else."""
_LOOKED_AT = 10  # submissions, to see what is run of one
_LARGEST = 20 << 20  # bytes of a notebook that is looked through
_IMPORT = re.compile(r"^\s*(?:from\s+([\w.]+)\s+import\b|import\s+(.+))", re.MULTILINE)


def imported_packages(notebook: Path) -> set[str]:
    """Name the packages that a notebook's code imports anywhere, also in functions.

    Parameters
    ----------
    notebook : Path
        The instructor's, which is believed.
    """
    return {name.split(".")[0] for name in _imported(json.loads(notebook.read_bytes()))}


def imported_by_what_is_run(
    notebooks: Iterable[Path], released: Mapping[str, Mapping[str, Any]]
) -> set[str] | None:
    """Name the packages that submissions import in cells that are run, where few are needed.

    Parameters
    ----------
    notebooks : iterable of Path
        Submissions, of which a few are looked at.
    released : mapping
        By notebook, as of `nbjudge.judge.release.Release.as_data`.

    Returns
    -------
    set of str or None
        What more than one of them imports, or the only one; None if none could be looked at.
    """
    found: list[set[str]] = []
    for path in itertools.islice(filter(_is_readable, notebooks), _LOOKED_AT):
        try:
            cells = nbformat.v4.reads_json(path.read_text("utf-8")).cells
            left_out = needless_cells(cells, released[path.stem]["plain"])
            run = [cell for index, cell in enumerate(cells) if index not in left_out]
            found.append({name.split(".")[0] for name in _imported({"cells": run})})
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
    counts = Counter(name for names in found for name in names)
    least = min(2, len(found))
    return {name for name, count in counts.items() if count >= least} if found else None


def _is_readable(path: Path) -> bool:
    return not path.is_symlink() and path.is_file() and path.stat().st_size <= _LARGEST


def _imported(notebook: Mapping[str, Any]) -> set[str]:
    found = set()
    for cell in notebook["cells"]:
        if cell["cell_type"] != "code":
            continue
        for package, several in _IMPORT.findall("".join(cell["source"])):
            names = [package] if package else several.split(",")
            found |= {name.strip().split(" ")[0] for name in names}
    return found


def imported_by_several(notebooks: Iterable[Path]) -> list[str]:
    """List the modules that more than one of the submissions imports, of those in `COMMON`.

    A kernel that imports pandas for itself waits for a third of a second and more. What
    one submission alone imports is its own affair. Nothing else is preloaded because a student
    names it: a module may do anything when it is imported.

    Parameters
    ----------
    notebooks : iterable of Path
        Submissions; what cannot be read counts for nothing.
    """
    counts: Counter[str] = Counter()
    for path in notebooks:
        try:
            if not _is_readable(path):
                continue
            found = _imported(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            continue
        counts.update(COMMON & {part for name in found for part in (name, name.split(".")[0])})
    return sorted(name for name, count in counts.items() if count > 1)


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
