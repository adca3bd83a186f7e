"""The Pythons of this machine that the engine supports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

SUPPORTED = ("3.13", "3.12", "3.11")
"""The newest first."""
OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def find(*versions: str) -> str:
    """Return the first of some versions that is on the PATH or pyenv's; this Python if none is."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    for version in versions:
        for python in (shutil.which(f"python{version}"), *pyenv.glob(f"{version}.*/bin/python")):
            # A name on the PATH may be pyenv's word for a version that is switched off.
            if python and not subprocess.run([python, "-c", ""], capture_output=True).returncode:
                return str(python)
    return sys.executable
