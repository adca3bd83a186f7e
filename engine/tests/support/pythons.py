"""The Pythons of this machine that the engine supports.

As a program, it prints the newest one of a version: ``python pythons.py 3.12``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SUPPORTED = ("3.13", "3.12", "3.11")
"""The newest first."""
OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def find(*versions: str) -> str:
    """Return the Python of the first of some versions that there is; this Python if none is."""
    return next(filter(None, map(find_one, versions)), sys.executable)


def find_one(version: str) -> str | None:
    """Return the newest Python of a version: on the PATH, of pyenv, or uv's own."""
    return next((str(python) for python in _candidates(version) if _runs(python)), None)


def _candidates(version: str) -> Iterator[str | Path]:
    on_the_path = shutil.which(f"python{version}")
    if on_the_path:
        yield on_the_path
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    yield from sorted(pyenv.glob(f"{version}.*/bin/python"), key=_numbers, reverse=True)
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        asked = subprocess.run([uv, "python", "find", version], capture_output=True, text=True)
        if asked.returncode == 0:
            yield asked.stdout.strip()


def _numbers(python: Path) -> list[int]:
    """Return a version of pyenv's as numbers: 3.11.10 comes after 3.11.9."""
    return [int(part) for part in python.parents[1].name.split(".") if part.isdigit()]


def _runs(python: str | Path) -> bool:
    # A name on the PATH may be pyenv's word for a version that is switched off.
    return subprocess.run([python, "-c", ""], capture_output=True).returncode == 0


if __name__ == "__main__":
    found = find_one(sys.argv[1])
    sys.exit(1 if found is None else print(found))
