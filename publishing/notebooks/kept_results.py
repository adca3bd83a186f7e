"""Results that one build keeps for the next: of most pages of a book nothing has changed.

A result is found again by the digest of all that it was made of: what it was made from, and the
code of this package. Those that a build did not need are not kept on.
"""

import hashlib
import json
import os
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]


class KeptResults:
    """Results of a slow function, by what it was called with.

    As a context manager it writes them in the end, unless an error ended it.

    Parameters
    ----------
    path : Path or None
        The file that keeps them; a file that cannot be read counts as none. With None nothing is
        kept.
    *basis : str
        What all of them rest on besides.
    """

    def __init__(self, path, *basis):
        self._path = path
        self._basis = (_code(), *basis)
        self._before, self._now = _read(path), {}

    def __enter__(self):
        return self

    def __exit__(self, kind, *rest):
        if kind is None and self._path is not None and self._now != self._before:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            following = self._path.with_name(f"{self._path.name}.next")
            following.write_text(json.dumps(self._now), encoding="utf-8")
            os.replace(following, self._path)

    def of(self, function, *parts):
        """Return what a function makes of its arguments, from what was kept where it is there.

        Parameters
        ----------
        function : callable
            Its result is the same for the same arguments, and JSON can hold it.
        *parts : str or bytes
            Its arguments.

        Returns
        -------
        object
            The result, as JSON returns it.
        """
        if self._path is None:
            return function(*parts)
        name = _digest(function.__qualname__, *self._basis, *parts)
        if name not in self._now:
            found = self._before[name] if name in self._before else function(*parts)
            self._now[name] = found
        return self._now[name]


def _read(path):
    try:
        kept = json.loads(path.read_text(encoding="utf-8")) if path is not None else {}
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


@cache
def _code():
    """Return a digest of the code of this package."""
    return _digest(*(path.read_bytes() for path in sorted(PACKAGE.rglob("*.py"))))


def _digest(*parts):
    whole = hashlib.sha256()
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass")
        whole.update(b"%d:" % len(data) + data)  # so that no two lists of parts read alike
    return whole.hexdigest()
