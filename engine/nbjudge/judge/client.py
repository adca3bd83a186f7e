"""The judges, seen from a worker: start the server that forks them, send cells, get verdicts.

A worker has one server, which has imported numpy and forks a judge for each notebook. A judge
gets test cells over one socket and, with the first cell for a kernel, the line to that kernel
(`nbjudge.judge.judge` says what it does with them); it sends back verdicts.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbjudge.judge.release import Release
from nbjudge.judge.server import LENGTH, MESSAGE, NO_FILE
from nbjudge.sandbox.bubblewrap import ENGINE, bubblewrap_options
from nbjudge.sandbox.inside.cpu_clock import cpu_seconds
from nbjudge.sandbox.interpreter import find_interpreter
from nbjudge.temp_folders import prefix
from nbjudge.wire.frames import Limits

_MAX_SERVERS = 3
_LONGEST_MESSAGE = 64 << 20
_FIRST_UID = 100_000_000
"""Users of judges' sandboxes: apart from those of kernels (`nbjudge.sandbox.sandbox`)."""
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


@dataclass(frozen=True)
class TestCell:
    """One test cell, as a judge gets it.

    Attributes
    ----------
    source : str
        Its Python.
    contract : dict or None
        What objects it may be handed (`nbjudge.judge.contract`).
    record : bool
        Whether the answers are the instructor's own, from which the contract is made.
    """

    __test__ = False  # not one of pytest's

    source: str
    contract: dict[str, Any] | None = None
    record: bool = False


class JudgePool:
    """The servers of a process: one for each course that it grades.

    A process that grades many courses, such as one of tests, keeps the last few.
    """

    def __init__(self) -> None:
        self._servers: dict[Course, JudgeServer] = {}
        self._of_the_parent: list[dict[Course, JudgeServer]] = []
        self._process = os.getpid()

    def server(self, course: Course) -> JudgeServer:
        """Return the server of a course; it is started if need be, and not waited for."""
        if self._process != os.getpid():
            # A fork leaves its parent's servers alone: two would take the other's answers. It keeps
            # them, since their folders, which are the parent's, would be removed with them.
            self._of_the_parent.append(self._servers)
            self._servers, self._process = {}, os.getpid()
        self._servers[course] = self._servers.pop(course, None) or JudgeServer(course)
        while len(self._servers) > _MAX_SERVERS:
            self._servers.pop(next(iter(self._servers))).close()
        return self._servers[course]

    def close(self) -> None:
        """End the servers of this process, and their judges."""
        if self._process == os.getpid():
            while self._servers:
                self._servers.popitem()[1].close()


JUDGES = JudgePool()
"""The judges of this process."""
atexit.register(JUDGES.close)


class JudgeServer:
    """The server, seen from a worker.

    Parameters
    ----------
    course : Course
        Whose test cells it is for.
    """

    def __init__(self, course: Course) -> None:
        self.course = course
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._folder: tempfile.TemporaryDirectory | None = None
        if not course.isolated:
            self._folder = tempfile.TemporaryDirectory(prefix=prefix())
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        with theirs:
            self._process = subprocess.Popen(
                self._command(theirs.fileno()),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._errors,
                pass_fds=[theirs.fileno()],
                env=self._environment(),
                cwd="/",
                umask=0o022,
                start_new_session=True,
            )
        self._control.settimeout(60)
        self._ready = False
        self._running = 0

    def _command(self, fd: int) -> list[str]:
        course = self.course
        installed = editable_packages()
        paths = [course.root, *sorted({os.path.dirname(path) for path in installed})]
        start = (
            "from nbjudge.judge.server import main; "
            f"main({fd}, {paths!r}, {course.isolated}, {course.preload!r})"
        )
        python = [os.path.abspath(sys.executable), "-I", "-c"]
        if not course.isolated:
            engine = str(Path(__file__).resolve().parents[2])
            return [*python, f"import sys; sys.path.insert(0, {engine!r}); {start}"]
        shown = sorted({*course.library(), *installed})
        options = bubblewrap_options(also_inside=("judge",), folders=shown)
        return ["bwrap", *options, *python, f"import sys; sys.path.insert(0, {ENGINE!r}); {start}"]

    def _environment(self) -> dict[str, str]:
        """Return the environment: the engine's own, whatever the caller's is."""
        path = {"PATH": os.environ.get("PATH", os.defpath)}
        if self._folder is None:
            return path  # bubblewrap sets its own
        return path | {
            "LANG": "C.UTF-8",
            "HOME": self._folder.name,
            "MPLBACKEND": "agg",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        }

    def start(
        self,
        limits: JudgeLimits,
        values: Limits,
        release: Release | None = None,
        files: NotebookFiles | None = None,
    ) -> RunningJudge:
        """Fork the judge of a notebook.

        Parameters
        ----------
        limits : JudgeLimits
            What it may use.
        values : Limits
            What a value that a kernel sends may hold.
        release : Release, optional
            What the instructor's notebook says of names.
        files : NotebookFiles, optional
            What tests may read.

        Raises
        ------
        JudgeError
            If there is none.
        """
        if not self._ready:
            self._receive()
            self._ready = True
        files = files or NotebookFiles()
        folder = None
        if self._folder is not None:
            folder = tempfile.mkdtemp(dir=self._folder.name)
        ours, theirs = socket.socketpair()
        request = {
            "do": "start",
            "folder": folder,
            "uid": _FIRST_UID + os.getpid() if os.getuid() == 0 else None,
            "cpu": limits.cpu,
            "limits": {k: v for k, v in vars(limits).items() if k != "cpu"},
        }
        # Without a process namespace of its own, the limit would count all of this user's.
        if not self.course.isolated:
            request["limits"]["processes"] = None
        first = {
            "values": vars(values),
            "release": (release or Release()).as_data(),
            "files": sorted(files.submitted),
            "modules": files.modules(),
        }
        try:
            with theirs:
                socket.send_fds(self._control, [json.dumps(request).encode()], [theirs.fileno()])
                answer, pid = self._receive()
        except (OSError, JudgeError) as error:
            ours.close()
            raise JudgeError(f"the server of judges is gone: {error}") from error
        if "failed" in answer:
            ours.close()
            raise JudgeError(f"the judge could not be started: {answer['failed']}")
        self._running += 1
        judge = RunningJudge(ours, pid, files.submitted, self._ended)
        judge.send_bytes(json.dumps(first).encode())
        judge.send_bytes(files.packed())
        return judge

    def _ended(self) -> None:
        """End what a judge left behind, if no other judge runs."""
        self._running -= 1
        if not self._running:
            with contextlib.suppress(OSError):
                self._control.send(b'{"do": "wipe"}')

    def _receive(self) -> tuple[dict, int]:
        """Wait for a message; return it and the id of the process that sent it."""
        data, ancillary, _, _ = self._control.recvmsg(MESSAGE, socket.CMSG_SPACE(12))
        if not data:
            self._errors.seek(0)
            words = self._errors.read()[-4000:].decode(errors="replace").strip()
            raise JudgeError(f"the server of judges ended: {words}")
        for level, kind, contents in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return json.loads(data), struct.unpack("3i", contents[:12])[0]
        raise JudgeError("the server of judges does not say who it is")

    def close(self) -> None:
        """End the server and its judges."""
        self._control.close()
        if self._folder is None:
            self._process.kill()
        self._process.wait()
        self._errors.close()
        if self._folder is not None:
            self._folder.cleanup()


class JudgeError(RuntimeError):
    """A fault of the engine: there is no judge to run tests."""


class RunningJudge:
    """One judge, seen from a worker.

    Parameters
    ----------
    connection : socket.socket
        To it.
    pid : int
        Its process.
    files : dict of str to Path
        What it may ask for.
    ended : callable
        Called when it is closed.
    """

    def __init__(
        self,
        connection: socket.socket,
        pid: int,
        files: dict[str, Path],
        ended: Callable[[], object],
    ) -> None:
        self.connection = connection
        self.pid = pid
        self._files = files
        self._ended = ended
        self._handle = os.pidfd_open(pid)

    def cpu_seconds(self) -> float:
        """The CPU time that it has used."""
        return cpu_seconds(self.pid)

    def send(self, cell: TestCell, line: socket.socket | None, earlier: Sequence[str] = ()) -> None:
        """Give it a test cell.

        Parameters
        ----------
        cell : TestCell
            What it is to run.
        line : socket.socket or None
            To the kernel, if that is a new one.
        earlier : sequence of str
            Test cells that another judge has run, whose definitions this one needs.
        """
        data = json.dumps({**vars(cell), "earlier": list(earlier)}).encode()
        self.send_bytes(data, [line.fileno()] if line is not None else [])

    def send_bytes(self, data: bytes, fds: Sequence[int] = ()) -> None:
        """Send it something, with its length in front."""
        self.connection.setblocking(True)
        socket.send_fds(self.connection, [LENGTH.pack(len(data))], list(fds))
        self.connection.sendall(data)
        self.connection.setblocking(False)

    async def verdict(self) -> dict[str, Any]:
        """Wait for the verdict on the cell, and send the files that it asks for.

        Raises
        ------
        EOFError
            If the judge ended instead.
        """
        loop = asyncio.get_running_loop()
        try:
            while True:
                (length,) = LENGTH.unpack(await self._read(LENGTH.size))
                if length > _LONGEST_MESSAGE:
                    raise EOFError("the judge cannot be understood")
                message = json.loads(await self._read(length))
                if message["do"] == "verdict":
                    return message
                data = self._file(message["name"])
                head = LENGTH.pack(NO_FILE if data is None else len(data))
                await loop.sock_sendall(self.connection, head + (data or b""))
        except (ConnectionError, ValueError, KeyError, TypeError) as error:
            raise EOFError("the judge ended") from error

    async def _read(self, size: int) -> bytes:
        loop, data = asyncio.get_running_loop(), bytearray()
        while len(data) < size:
            part = await loop.sock_recv(self.connection, min(size - len(data), 1 << 20))
            if not part:
                raise EOFError("the judge ended")
            data += part
        return bytes(data)

    def _file(self, name: Any) -> bytes | None:
        """Read a file that a test asks for; it was found to be no link, and may be gone."""
        path = self._files.get(name) if isinstance(name, str) else None
        if path is None:
            return None
        try:
            with open(path, "rb", opener=_open_no_link) as file:
                return file.read()
        except OSError:
            return None

    def close(self) -> None:
        """End it."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._handle, signal.SIGKILL)
        os.close(self._handle)
        self.connection.close()
        self._ended()


def _open_no_link(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)
