"""What bubblewrap is told: a sandbox sees this Python and a few modules, and nothing else."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbjudge.sandbox.interpreter import Interpreter, find_interpreter

ENGINE = "/engine"
"""The folder from which the sandbox imports what of this package runs inside."""
_PACKAGE = Path(__file__).resolve().parents[1]
_INSIDE = ("__init__.py", "sandbox/__init__.py", "sandbox/inside", "wire")
"""All of this package that a sandbox sees: two folders, and the files that make them importable."""
_CAPABILITIES = (
    *("SYS_ADMIN", "NET_ADMIN", "SETUID", "SETGID", "KILL", "SETPCAP", "DAC_OVERRIDE", "CHOWN"),
)
"""What the process that forks kernels needs to confine them; a kernel has none of these."""
_NAMESPACES = (
    *("--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"),
    *("--hostname", "sandbox", "--as-pid-1", "--die-with-parent", "--new-session"),
)
_SYSTEM_FOLDERS = ("/usr", "/lib", "/lib64", "/bin")
_SYSTEM_FILES = ("/etc/ld.so.cache", "/etc/localtime", "/etc/fonts")
_HIDDEN_IN_PROC = ("cmdline", "diskstats", "modules", "partitions", "sys/kernel/random/boot_id")
"""What tells one machine from another, and no program of a student needs."""
_PLACES_TO_WRITE = ("/tmp", "/dev/shm", "/home/student", "/run")
"""Empty and closed here; each kernel gets its own over them."""
_ENVIRONMENT = {
    "LANG": "C.UTF-8",
    "HOME": "/home/student",
    "MPLCONFIGDIR": "/home/student/.matplotlib",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
}


class SandboxError(RuntimeError):
    """The sandbox cannot be started, or does not hold what it promises."""


def bubblewrap_command(options: Sequence[str]) -> list[str]:
    """Return the beginning of a command that bubblewrap runs.

    Parameters
    ----------
    options : sequence of str
        From `bubblewrap_options`.

    Raises
    ------
    SandboxError
        If this machine has no bubblewrap.
    """
    if shutil.which("bwrap") is None:
        raise SandboxError("bubblewrap is missing: install the package bubblewrap")
    return ["bwrap", *options]


def bubblewrap_options(
    python: Interpreter | None = None,
    *,
    also_inside: Sequence[str] = (),
    folders: Sequence[str] = (),
) -> list[str]:
    """List the options that make the sandbox what it is.

    Parameters
    ----------
    python : Interpreter, optional
        The Python that it shows; that of this process by default.
    also_inside : sequence of str
        Further folders of this package that it sees.
    folders : sequence of str
        Files and folders of this machine that it sees, in their own places.
    """
    python = python or find_interpreter()
    options = [*_NAMESPACES, *_privileges(), *_system(), *_shown([*python.folders, *folders])]
    options += _engine(python, also_inside)
    options += ["--clearenv", "--chdir", "/", "--remount-ro", "/"]
    for name, value in {"PATH": f"{python.prefix}/bin:/usr/bin:/bin", **_ENVIRONMENT}.items():
        options += ["--setenv", name, value]
    return options


def _privileges() -> list[str]:
    options = ["--cap-drop", "ALL"]
    if os.getuid() != 0:
        options += ["--unshare-user", "--uid", "1000", "--gid", "1000"]
    for capability in _CAPABILITIES:
        options += ["--cap-add", f"CAP_{capability}"]
    return options


def _folder(path: str) -> list[str]:
    # Those that bubblewrap makes by itself are closed to everybody but root.
    return ["--perms", "0755", "--dir", path]


def _system() -> list[str]:
    options = []
    for path in _SYSTEM_FOLDERS:
        if os.path.islink(path):
            options += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            options += ["--ro-bind", path, path]
    options += [*_folder("/etc"), *_folder("/home")]
    for path in _SYSTEM_FILES:
        options += ["--ro-bind-try", path, path]
    options += ["--proc", "/proc", "--dev", "/dev"]
    for name in _HIDDEN_IN_PROC:
        if os.path.exists(f"/proc/{name}"):
            options += ["--ro-bind", os.devnull, f"/proc/{name}"]
    for path in _PLACES_TO_WRITE:
        options += ["--perms", "0555", "--size", "1048576", "--tmpfs", path]
    return options


def _shown(paths: Sequence[str]) -> list[str]:
    options = []
    for parent in sorted({str(p) for path in paths for p in Path(path).parents} - {"/"}):
        options += _folder(parent)
    for path in paths:
        options += ["--ro-bind", path, path]
    return options


def _engine(python: Interpreter, also_inside: Sequence[str]) -> list[str]:
    options = []
    if any(str(_PACKAGE).startswith(f"{folder}/") for folder in python.folders):
        # Installed among this Python's packages: there it would be seen whole.
        options += ["--perms", "0555", "--size", "4096", "--tmpfs", str(_PACKAGE)]
        options += ["--remount-ro", str(_PACKAGE)]
    for folder in (ENGINE, f"{ENGINE}/nbjudge", f"{ENGINE}/nbjudge/sandbox"):
        options += _folder(folder)
    for name in (*_INSIDE, *also_inside):
        options += ["--ro-bind", str(_PACKAGE / name), f"{ENGINE}/nbjudge/{name}"]
    return options


def private_paths(python: Interpreter | None = None) -> list[str]:
    """List what the current folder holds and a submission must not see.

    The way to the Python installation is left out: a course keeps its virtual environment inside.

    Parameters
    ----------
    python : Interpreter, optional
        The Python of the sandbox; that of this process by default.
    """
    folders = (python or find_interpreter()).folders
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
