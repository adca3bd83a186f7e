"""What bubblewrap is told: a sandbox sees this Python and a few modules, and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ENGINE = "/engine"
"""The folder from which the sandbox imports what of this package runs inside."""
_PACKAGE = Path(__file__).resolve().parents[1]
_INSIDE = ("__init__.py", "sandbox/__init__.py", "sandbox/inside", "wire")
"""All of this package that a sandbox sees: two folders, and the files that make them importable."""
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SETPCAP", "DAC_OVERRIDE", "CHOWN")


def bubblewrap_options(
    *, also_inside: Sequence[str] = (), folders: Sequence[str] = ()
) -> list[str]:
    """List the options that make the sandbox what it is.

    Parameters
    ----------
    also_inside : sequence of str
        Further folders of this package that it sees.
    folders : sequence of str
        Files and folders of this machine that it sees, in their own places.
    """
    options = ["--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts"]
    options += ["--unshare-cgroup-try", "--hostname", "sandbox", "--as-pid-1"]
    options += ["--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    if os.getuid() != 0:
        options += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    for capability in _CAPABILITIES:
        options += ["--cap-add", f"CAP_{capability}"]
    for path in ("/usr", "/lib", "/lib64", "/bin"):
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            options += ["--ro-bind", path, path]
    for parent in ("/etc", "/home"):
        options += ["--perms", "0755", "--dir", parent]
    for path in ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts"):
        options += ["--ro-bind-try", path, path]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/tmp", "/dev/shm", "/home/student", "/run"):
        options += ["--perms", "0555", "--size", "1048576", "--tmpfs", path]
    pythons = python_folders()
    # Parents that bubblewrap makes by itself are closed to everybody but root.
    shown = [*pythons, *folders]
    for parent in sorted({str(p) for f in shown for p in Path(f).parents} - {"/"}):
        options += ["--perms", "0755", "--dir", parent]
    for path in shown:
        options += ["--ro-bind", path, path]
    if any(str(_PACKAGE).startswith(f"{folder}/") for folder in pythons):
        # Installed among this Python's packages: there it would be seen whole.
        options += ["--perms", "0555", "--size", "4096", "--tmpfs", str(_PACKAGE)]
        options += ["--remount-ro", str(_PACKAGE)]
    for folder in (ENGINE, f"{ENGINE}/nbjudge", f"{ENGINE}/nbjudge/sandbox"):
        options += ["--perms", "0755", "--dir", folder]
    for name in (*_INSIDE, *also_inside):
        options += ["--ro-bind", str(_PACKAGE / name), f"{ENGINE}/nbjudge/{name}"]
    options += ["--clearenv", "--chdir", "/", "--remount-ro", "/"]
    for name, value in {
        "PATH": f"{sys.prefix}/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": "/home/student",
        "MPLCONFIGDIR": "/home/student/.matplotlib",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }.items():
        options += ["--setenv", name, value]
    return options


def python_folders() -> list[str]:
    """List the folders of the Python installation, the outermost of each."""
    candidates = {os.path.realpath(sys.base_prefix), sys.prefix}
    candidates |= {path for path in sys.path if path.endswith("site-packages")}
    folders = sorted(path for path in candidates if not path.startswith("/usr/"))
    return [f for f in folders if not any(f.startswith(f"{o}/") for o in folders if o != f)]


def private_paths() -> list[str]:
    """List what the current folder holds and a submission must not see.

    The way to the Python installation is left out: a course keeps its virtual environment inside.
    """
    folders = python_folders()
    paths = [os.path.join(os.getcwd(), name) for name in sorted(os.listdir())[:200]]
    return [path for path in paths if not any(f"{f}/".startswith(f"{path}/") for f in folders)]


def find_holes(found: dict[str, Any]) -> list[str]:
    """Say what a probe found that a submission must not be able to do."""
    if "failed" in found:
        return [found["failed"]]
    holes = []
    if found["processes"] != sorted({1, found["self"]}):
        holes.append(f"it sees the processes {found['processes']}")
    for key, hole in (
        ("visible", "it sees"),
        ("readable", "it reads"),
        ("writable", "it writes to"),
    ):
        if found[key]:
            holes.append(f"{hole} {', '.join(found[key])}")
    if found["signals_outside"]:
        holes.append("it can signal a process outside")
    if found["network"]:
        holes.append("it reaches the network")
    if found["uid"] == 0 or found["privileges"]:
        holes.append("it has privileges")
    return holes
