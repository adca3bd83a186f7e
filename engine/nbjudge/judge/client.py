"""The judges, seen from a worker: start the server that forks them, send cells, get verdicts.

A worker has one server, which has imported numpy and forks a judge for each notebook. A judge
gets test cells over one socket and, with the first cell for a kernel, the line to that kernel
(`nbjudge.judge.judge` says what it does with them); it sends back verdicts.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbjudge.judge.cell_source import KNOWN
from nbjudge.judge.course import Course, JudgeLimits, NotebookFiles, editable_packages
from nbjudge.judge.release import Release
from nbjudge.judge.running import JudgeError, RunningJudge
from nbjudge.judge.server import MESSAGE
from nbjudge.sandbox.bubblewrap import ENGINE, bubblewrap_command, bubblewrap_options
from nbjudge.temp_folders import prefix
from nbjudge.wire.frames import Limits

_MAX_SERVERS = 3
_FIRST_UID = 100_000_000
"""Users of judges' sandboxes: apart from those of kernels (`nbjudge.sandbox.sandbox`)."""


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
        self._leave_those_of_the_parent()
        server = self._servers.pop(course, None)
        self._servers[course] = server or JudgeServer(course)
        while len(self._servers) > _MAX_SERVERS:
            self._servers.pop(next(iter(self._servers))).close()
        return self._servers[course]

    def adopt(self, server: JudgeServer) -> None:
        """Make a server that the parent of this process has started one of its own."""
        self._leave_those_of_the_parent()
        self._servers[server.course] = server

    def _leave_those_of_the_parent(self) -> None:
        """Leave a forked process's servers to its parent: two would take the other's answers."""
        if self._process != os.getpid():
            # They are kept: their folders, which are the parent's, would be removed with them.
            self._of_the_parent.append(self._servers)
            self._servers, self._process = {}, os.getpid()

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
        self._confinement: list[str] = []
        if course.isolated:
            shown = sorted({*course.library(), *editable_packages()})
            options = bubblewrap_options(also_inside=("judge",), folders=shown)
            self._confinement = bubblewrap_command(options)
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 (closed in `close`)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
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
        self._read: set[tuple[int, str]] = set()

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
        inside = [*python, f"import sys; sys.path.insert(0, {ENGINE!r}); {start}"]
        return [*self._confinement, *inside]

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
        request: dict[str, Any] = {
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

    def read_ahead(self, source: str, number: int, release: Release | None) -> None:
        """Have the server read a test cell, so that judges that it forks later need not.

        A class's judges run the same cells: to read them is a third of what most tests take.

        Parameters
        ----------
        source : str
            The cell, which is the instructor's.
        number : int
            Which of the notebook's test cells it is, from 1.
        release : Release or None
            What the instructor's notebook says of names.
        """
        if (number, source) in self._read or len(self._read) == KNOWN:
            return
        self._read.add((number, source))
        helpers = {n: text for n, text in (release or Release()).helpers.items() if n in source}
        request = {"do": "read", "source": source, "number": number, "helpers": helpers}
        data = json.dumps(request).encode()
        if len(data) <= MESSAGE:
            with contextlib.suppress(OSError):
                self._control.send(data)

    def _ended(self) -> None:
        """End what a judge left behind, if no other judge runs."""
        self._running -= 1
        if not self._running:
            with contextlib.suppress(OSError):
                self._control.send(b'{"do": "wipe"}')

    def _receive(self) -> tuple[dict[str, Any], int]:
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
