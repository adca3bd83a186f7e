"""The Python that student code runs in: this one, or another one that a course names."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass

_TELL = "import json, sys; print(json.dumps([sys.prefix, sys.base_prefix, sys.path]))"


@dataclass(frozen=True)
class Interpreter:
    """A Python installation.

    Attributes
    ----------
    executable : str
        Its program.
    prefix : str
        Its folder, or that of its virtual environment.
    folders : tuple of str
        The outermost folders that hold it and its packages, those of the system left out.
    """

    executable: str
    prefix: str
    folders: tuple[str, ...]


def find_interpreter(executable: str = "") -> Interpreter:
    """Return a Python by its program; without one, the Python that this process runs in.

    Raises
    ------
    ValueError
        If it does not start.
    """
    # Not resolved: that is how a virtual environment is told from what it was made from.
    path = os.path.abspath(os.path.expanduser(executable or sys.executable))
    if path == os.path.abspath(sys.executable):
        return _interpreter(path, sys.prefix, sys.base_prefix, sys.path)
    return _ask(path)


@functools.cache
def _ask(path: str) -> Interpreter:
    try:
        answer = subprocess.run(
            [path, "-s", "-c", _TELL],
            env={"PATH": os.defpath},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        prefix, base, paths = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise ValueError(f"c.SandboxedExecute.python: {path} is no Python ({error})") from error
    return _interpreter(path, prefix, base, paths)


def _interpreter(path: str, prefix: str, base: str, paths: list[str]) -> Interpreter:
    candidates = {os.path.realpath(base), prefix}
    candidates |= {entry for entry in paths if entry.endswith("site-packages")}
    folders = sorted(folder for folder in candidates if not folder.startswith("/usr/"))
    outermost = [f for f in folders if not any(f.startswith(f"{o}/") for o in folders if o != f)]
    return Interpreter(path, prefix, tuple(outermost))
