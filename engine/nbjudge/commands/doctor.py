"""``python -m nbjudge doctor``: whether this machine can grade safely, and if not, the remedy."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.config import ExtensionConfigManager

from nbjudge.execution.selftest import try_grading
from nbjudge.feedback import pages
from nbjudge.sandbox.bubblewrap import find_holes
from nbjudge.sandbox.sandbox import Sandbox


def _system() -> str:
    if platform.system() != "Linux":
        raise RuntimeError(
            "sandboxes need Linux: grade in a Linux virtual machine or container, or type "
            "--no-sandbox for code that you trust"
        )
    return platform.platform()


def _bubblewrap() -> str:
    program = shutil.which("bwrap")
    if program is None:
        raise RuntimeError("bubblewrap is missing: apt install bubblewrap (or dnf, pacman)")
    return program


def _namespaces() -> str:
    if os.getuid() == 0:
        return "not needed: this is root"
    switch = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if switch.exists() and switch.read_text(encoding="ascii").strip() == "1":
        raise RuntimeError(
            "AppArmor keeps user namespaces from programs without a profile: "
            "sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0"
        )
    most = Path("/proc/sys/user/max_user_namespaces")
    if most.exists() and int(most.read_text(encoding="ascii")) == 0:
        raise RuntimeError("user namespaces are off: sudo sysctl user.max_user_namespaces=15000")
    return "user namespaces are allowed"


def _sandbox() -> str:
    with Sandbox() as sandbox:
        holes = find_holes(sandbox.probe([str(Path(__file__)), os.path.expanduser("~/.ssh")]))
    if holes:
        raise RuntimeError(f"the sandbox is not in force: {'; '.join(holes)}")
    return "in force: own processes, no network, no course, no privileges"


def _kernel() -> str:
    try_grading()
    return "an answer ran, and its test passed"


def _gradebook() -> str:
    path = Path("gradebook.db")
    if not Path("nbgrader_config.py").exists():
        raise RuntimeError("no nbgrader_config.py here: run this in the course's folder")
    if path.exists() and not os.access(path, os.W_OK):
        raise RuntimeError(f"{path} cannot be written: chmod u+w {path}")
    return "can be written" if path.exists() else "none yet; nbgrader generate_assignment makes it"


def _formgrader() -> str:
    found = ExtensionConfigManager(read_config_path=jupyter_config_path())
    if not found.enabled("nbjudge.feedback.formgrader"):
        there = f"{sys.prefix}/etc/jupyter/jupyter_server_config.d/"
        raise RuntimeError(
            "files of a submission have the instructor's rights in formgrader: "
            f"cp {Path(pages.__file__).parent}/share/jupyter_server_config.d/nbjudge.json {there}"
        )
    return "its extension is on"


CHECKS: dict[str, Callable[[], str]] = {
    "system": _system,
    "bubblewrap": _bubblewrap,
    "namespaces": _namespaces,
    "sandbox": _sandbox,
    "kernel": _kernel,
    "gradebook": _gradebook,
    "formgrader": _formgrader,
}


def main() -> int:
    """Print one line a check; return 1 if one of them failed."""
    failed = 0
    for name, check in CHECKS.items():
        try:
            print(f"ok      {name}: {check()}")
        except (RuntimeError, OSError, ValueError) as error:
            failed = 1
            print(f"FAILED  {name}: {error}", file=sys.stderr)
    return failed
