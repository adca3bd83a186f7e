"""The process that forks warm kernels: process 1 of the sandbox.

It imports what every kernel needs, and no student code ever runs in it. For each submission it
forks a process that gives itself a fresh scratch folder, ``/tmp``, ``/dev/shm`` and System V IPC,
gives up every privilege, and becomes the kernel; between two submissions it kills whatever else
lives in the sandbox. There is no thread and no zmq context before a fork.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import select
import signal
import socket
import tarfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbjudge.sandbox.inside.confinement import (
    confine,
    hide_memory,
    limit,
    open_process_counter,
)
from nbjudge.sandbox.inside.preload import has_threads, import_for_all
from nbjudge.sandbox.inside.probe import probe
from nbjudge.sandbox.inside.process_state import ignores_children, in_sockets, is_awake

_TICKS = os.sysconf("SC_CLK_TCK")
_RESIDENT = re.compile(r"^Rss(?:Anon|Shmem):\s*(\d+) kB$", re.MULTILINE)
_MESSAGE = 1 << 16


def _become_kernel(request: dict[str, Any], fds: list[int], control: socket.socket) -> None:
    """Turn this forked process into the kernel of a submission."""
    sandboxed = request["sandboxed"]
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if sandboxed:
        confine(request["limits"], request["uid"])
    else:
        os.chdir(request["scratch"])
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    *listening, line = fds[: request["sockets"]]
    for files in fds[request["sockets"] :]:
        with os.fdopen(files, "rb") as stream, tarfile.open(fileobj=stream) as archive:
            # An attribute, since Python before 3.11.4 has no such argument; Debian 12's is 3.11.2.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(".")
    os.environ.update(HOME=os.getcwd(), IPYTHONDIR=f"{os.getcwd()}/.ipython")
    os.environ.update(request["environment"])
    limit(request["limits"])
    # The other end learns this process's id from the credentials of the message.
    control.send(b'{"born": true}')
    control.close()
    gc.enable()
    from nbjudge.sandbox.inside.kernel import run

    run(listening, line, request["key"].encode(), request["arguments"])


def _probe(request: dict[str, Any], control: socket.socket) -> None:
    """Confine this forked process as a submission is, and try what it can do then."""
    os.setsid()
    confine(request["limits"], request["uid"])
    limit(request["limits"])
    control.send(json.dumps(probe(request)).encode())


def usage(mine: set[int] | None = None) -> dict[str, Any]:
    """Add up what the processes of the submission use.

    Parameters
    ----------
    mine : set of int, optional
        The sessions whose processes are the submission's; without it, all that this process sees.

    Returns
    -------
    dict
        ``cpu`` in seconds and ``memory`` in bytes, and whether one is ``awake``, and one keeps the
        CPU time of its children ``uncounted``.
    """
    times = os.times()
    seconds, resident, waiting = times.children_user + times.children_system, 0, 0
    awake = uncounted = False
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        with contextlib.suppress(OSError, IndexError):
            stat = Path(f"/proc/{name}/stat").read_text("ascii", "replace")
            fields = stat.rsplit(")", 1)[1].split()
            if mine is not None and int(fields[3]) not in mine:
                continue
            seconds += sum(map(int, fields[11:15])) / _TICKS
            status = Path(f"/proc/{name}/status").read_text("ascii", "replace")
            resident += sum(int(size) << 10 for size in _RESIDENT.findall(status))
            if mine is None:  # all have one network, and it is theirs alone
                waiting = waiting or in_sockets(int(name))
            awake = awake or is_awake(int(name))
            uncounted = uncounted or ignores_children(status)
    return {"cpu": seconds, "memory": resident + waiting, "awake": awake, "uncounted": uncounted}


class Zygote:
    """Serve the trusted side's requests, one at a time."""

    def __init__(self, control: socket.socket, *, sandboxed: bool) -> None:
        self.control = control
        self.sandboxed = sandboxed
        self.children: dict[int, int | None] = {}
        self._counter = open_process_counter() if sandboxed else None

    def run(self) -> None:
        """Serve until the trusted side hangs up."""
        self.control.send(b'{"ready": true}')
        while True:
            readable, _, _ = select.select([self.control], [], [], 0.5)
            self._reap()
            if not readable:
                continue
            data, fds, _, _ = socket.recv_fds(self.control, _MESSAGE, 8)
            if not data:
                return
            self._serve(json.loads(data), fds)

    def _serve(self, request: dict[str, Any], fds: list[int]) -> None:
        if request["do"] in ("start", "probe"):
            self._fork(request, fds)
        elif request["do"] == "usage":
            self._say(usage(None if self.sandboxed else set(self.children)))
        elif request["do"] == "wipe":
            self._say({"wiped": self._wipe()})
        for fd in fds:
            os.close(fd)

    def _say(self, answer: dict[str, Any]) -> None:
        self.control.send(json.dumps(answer).encode())

    def _fork(self, request: dict[str, Any], fds: list[int]) -> None:
        request["sandboxed"] = self.sandboxed
        self._count_processes_anew()
        pid = os.fork()
        if pid:
            self.children[pid] = None
            return
        if self._counter is not None:
            os.close(self._counter)
        try:
            if request["do"] == "probe":
                _probe(request, self.control)
            else:
                _become_kernel(request, fds, self.control)
        except BaseException as error:  # nothing may return into the zygote's loop
            traceback.print_exc()
            with contextlib.suppress(OSError):
                text = f"{type(error).__name__}: {error}"
                self.control.send(json.dumps({"failed": text}).encode())
        finally:
            os._exit(1)

    def _count_processes_anew(self) -> None:
        """Let the next process have the id that a first one has."""
        if self._counter is not None:
            with contextlib.suppress(OSError):  # a privilege that this machine does not give
                os.pwrite(self._counter, b"%d" % os.getpid(), 0)

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid in self.children:
                    self.children[pid] = os.waitstatus_to_exitcode(status)

    def _wipe(self) -> int:
        """End everything else in the sandbox; return how many processes that were."""
        if self.sandboxed:
            # Only as process 1 of a process namespace of its own: elsewhere -1 means everybody.
            if os.getpid() != 1:
                raise RuntimeError("the sandbox's process namespace is not in force")
            with contextlib.suppress(ProcessLookupError):
                os.kill(-1, signal.SIGKILL)
        else:
            for pid, status in self.children.items():
                if status is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(pid, signal.SIGKILL)
        ended = 0
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-1, 0)
                ended += 1
        self.children.clear()
        return ended


def main(fd: int, sandboxed: bool, preload: Sequence[str]) -> None:
    """Warm up, then serve requests on a socket."""
    if sandboxed and os.getpid() != 1:
        raise RuntimeError("the zygote of a sandbox must be its process 1")
    hide_memory()
    # Process 1 ignores from inside what it has no handler for; Python's SIGINT would be one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    import_for_all(preload)
    from nbjudge.sandbox.inside.kernel import prepare

    prepare()
    if has_threads():
        raise RuntimeError("IPython's shell starts a thread: no kernel can be forked after it")
    gc.collect()
    gc.freeze()
    gc.disable()
    Zygote(socket.socket(fileno=fd), sandboxed=sandboxed).run()
