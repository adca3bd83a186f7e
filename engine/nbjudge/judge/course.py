"""What the judges of a course see of it, and what one of them may use."""

from __future__ import annotations

import io
import os
import sys
import tarfile
from dataclasses import dataclass, field
from pathlib import Path

from nbjudge.sandbox.interpreter import find_interpreter

_NOT_THE_LIBRARY = frozenset(
    {"submitted", "autograded", "feedback", "release", "exchange", "build", "dist", "node_modules"}
)


@dataclass(frozen=True)
class JudgeLimits:
    """What one judge may use.

    Attributes
    ----------
    memory : int
        Address space in bytes.
    cpu : int
        CPU seconds for all test cells of a notebook, as a backstop.
    processes : int
        How many processes and threads it may have.
    file_size, disk : int
        Bytes of one file, and of each of the places that it may write to.
    """

    memory: int = 4 << 30
    cpu: int = 3600
    processes: int = 200
    file_size: int = 200 << 20
    disk: int = 400 << 20


@dataclass(frozen=True)
class Course:
    """What the judges of a course see of it.

    Attributes
    ----------
    root : str
        Its folder, from which test cells import.
    files : tuple of str
        Globs, relative to it, of files that its modules read elsewhere.
    private : tuple of str
        Folders at its top that judges do not see, beside nbgrader's usual ones.
    preload : tuple of str
        What the server imports before it forks.
    isolated : bool
        Whether the judges are in a sandbox.
    """

    root: str
    files: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    preload: tuple[str, ...] = ()
    isolated: bool = True

    def library(self) -> list[str]:
        """List the modules, packages and files of the course that test cells may use."""
        root, never = Path(self.root), _NOT_THE_LIBRARY | set(self.private)
        found = {path for path in root.glob("*.py") if path.name != "nbgrader_config.py"}
        for module in root.glob("*/*.py"):
            if module.parent.name not in never and not module.parent.name.startswith("."):
                found.add(module.parent)
        for pattern in self.files:
            found.update(path for path in root.glob(pattern) if path.is_file())
        inside = {path for path in found if any(parent in found for parent in path.parents)}
        return sorted(map(str, found - inside))


def editable_packages() -> list[str]:
    """List the packages that this Python imports from elsewhere than its own folders.

    That is what ``pip install --editable`` and ``.pth`` files make importable: a course's library
    may be installed so.
    """
    pythons = [f"{folder}/" for folder in (*find_interpreter().folders, sys.prefix, "/usr")]
    found: set[str] = set()
    for name, module in list(sys.modules.items()):
        if name.startswith("__editable___"):  # setuptools' finder of one project
            found.update(getattr(module, "MAPPING", {}).values())
    for place in sys.path:
        of_python = any(f"{os.path.abspath(place)}/".startswith(folder) for folder in pythons)
        if place and not of_python and os.path.isfile(f"{place}/pyproject.toml"):
            found.update(Course(place).library())
    engine = str(Path(__file__).resolve().parents[1])
    return sorted(
        os.path.abspath(path)
        for path in found
        if os.path.exists(path) and os.path.realpath(path) != engine
    )


@dataclass(frozen=True)
class NotebookFiles:
    """The files of one submission.

    Attributes
    ----------
    instructor : dict of str to bytes
        Those of the assignment's source: the judge has them from the start.
    submitted : dict of str to Path
        All others, by name: a test that asks for one gets a copy.
    """

    instructor: dict[str, bytes] = field(default_factory=dict)
    submitted: dict[str, Path] = field(default_factory=dict)

    def modules(self) -> list[str]:
        """Name the modules that are not the instructor's."""
        return sorted(
            {
                name.split("/")[0].removesuffix(".py")
                for name in self.submitted
                if name[-3:] == ".py"
            }
        )

    def packed(self) -> bytes:
        """Pack the instructor's files into a tar archive."""
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as archive:
            for name, data in self.instructor.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return buffer.getvalue()
