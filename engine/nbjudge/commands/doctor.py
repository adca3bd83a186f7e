"""``nbjudge doctor``: try whether this machine can grade safely, and name the remedy where not."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from jupyter_server.extension.config import ExtensionConfigManager

from nbjudge.commands import course_checks
from nbjudge.commands.course_checks import Look
from nbjudge.commands.course_command import CourseCommand
from nbjudge.commands.refusals import Machine, remedy
from nbjudge.execution.selftest import try_grading
from nbjudge.feedback import pages
from nbjudge.sandbox.bubblewrap import find_holes
from nbjudge.sandbox.sandbox import Sandbox
from nbjudge.untrusted_text import printable


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


def _sandbox() -> str:
    try:
        with Sandbox() as sandbox:
            holes = find_holes(sandbox.probe([str(Path(__file__)), os.path.expanduser("~/.ssh")]))
    except RuntimeError as error:
        said = remedy(str(error), Machine.this(), shutil.which("bwrap") or "bwrap")
        raise RuntimeError(f"{error}{f': {said}' if said else ''}") from None
    if holes:
        raise RuntimeError(f"the sandbox is not in force: {'; '.join(holes)}")
    return "in force: own processes, no network, no course, no privileges"


def _formgrader() -> str:
    manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
    if not manager.enabled("nbjudge.feedback.formgrader"):
        folder = f"{sys.prefix}/etc/jupyter/jupyter_server_config.d/"
        raise RuntimeError(
            "files of a submission have the instructor's rights in formgrader: "
            f"cp {Path(pages.__file__).parent}/share/jupyter_server_config.d/nbjudge.json {folder}"
        )
    return "its extension is on"


class DoctorApp(CourseCommand):
    """Say whether this machine can grade."""

    name = "nbjudge doctor"
    description = "Try whether this machine can grade safely, and name the remedy where it cannot"
    examples = "\n".join(
        [
            "nbjudge doctor                             in the course's folder",
            "nbjudge doctor --course-dir /srv/course",
        ]
    )

    def start(self) -> None:
        """Make every check; the exit code is 1 if one of them failed."""
        super().start()
        checks: dict[str, Callable[[], str]] = {
            "system": _system,
            "bubblewrap": _bubblewrap,
            "sandbox": _sandbox,
            "kernel": self._kernel,
        }
        for name in ("configuration", "gradebook", "rights", "git", "imports"):
            checks[name] = self._of_the_course(name)
        if not (Path(self.coursedir.root) / "nbgrader_config.py").exists():
            for name in ("configuration", "rights", "git", "imports"):
                del checks[name]
            checks["gradebook"] = self._no_course
        checks["formgrader"] = _formgrader
        failed = 0
        for name, check in checks.items():
            try:
                print(printable(f"ok      {name}: {check()}"), flush=True)
            except Look as said:
                print(printable(f"look    {name}: {said}"), flush=True)
            except (RuntimeError, OSError, ValueError) as error:
                failed = 1
                print(printable(f"FAILED  {name}: {error}"), file=sys.stderr)
        sys.exit(failed)

    def _kernel(self) -> str:
        try_grading(self.config)
        return "known answers got the points that they must get"

    def _no_course(self) -> str:
        raise RuntimeError("no nbgrader_config.py here: run this in the course's folder")

    def _of_the_course(self, name: str) -> Callable[[], str]:
        return lambda: str(getattr(course_checks, name)(self.coursedir, self.config))
