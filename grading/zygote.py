"""The process that forks warm kernels: process 1 of the sandbox.

It imports what every kernel needs, and no student code ever runs in it. For each submission it
forks a process that gives itself a fresh scratch folder, ``/tmp``, ``/dev/shm`` and System V IPC,
gives up every privilege, and becomes the kernel; between two submissions it kills whatever else
lives in the sandbox. There is no thread and no zmq context before a fork.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import io
import json
import os
import re
import resource
import select
import signal
import socket
import struct
import sys
import tarfile
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 4, 24, 38, 22
_CLONE_NEWNS, _CLONE_NEWIPC = 0x20000, 0x08000000
_CLONE_NEW_ANY = 0x7E020000
_MS_NOSUID_NODEV, _MS_REC_PRIVATE, _MS_BIND = 0x6, 0x44000, 0x1000
_TICKS = os.sysconf("SC_CLK_TCK")
_RESIDENT = re.compile(r"^Rss(?:Anon|Shmem):\s*(\d+) kB$", re.MULTILINE)
_MESSAGE = 1 << 16
SCRATCH = "/home/student"
WARM = (
    *("grading.kernel", "IPython.core.completerlib"),
    *("ipykernel.debugger", "debugpy", "IPython.extensions.storemagic", "IPython.core.magics"),
    *("IPython.core.debugger", "IPython.core.logger", "tornado.platform.asyncio", "faulthandler"),
    *("sqlite3", "pydoc", "unittest.mock"),
)  # fmt: skip
"""What a kernel imports by itself."""
ALONG = {
    "numpy": ("numpy.random", "numpy.linalg"),
    "matplotlib": (
        *("matplotlib.pyplot", "matplotlib_inline.backend_inline"),
        *("matplotlib.backends.backend_agg", "PIL.PngImagePlugin"),
    ),
}
"""What is soon imported by whoever uses a package, and not by the package itself."""


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def confine(limits: dict, uid: int | None) -> None:
    """Take every privilege from this process, and give it fresh places to write to.

    Parameters
    ----------
    limits : dict
        ``memory``, ``processes``, ``file_size`` and ``disk``, in bytes or numbers.
    uid : int or None
        The user to become; None to stay the only user that there is in this user namespace.
    """
    _check(_LIBC.unshare(_CLONE_NEWNS | _CLONE_NEWIPC), "unshare")
    _check(_LIBC.mount(b"none", b"/", None, _MS_REC_PRIVATE, None), "mount / private")
    owner = f",uid={uid},gid={uid}" if uid is not None else ""
    for place in (SCRATCH, "/tmp", "/dev/shm"):
        kept = {path: os.open(path, os.O_PATH) for path in mounted_below(place)}
        options = f"size={limits['disk']},nr_inodes=10000,mode=0700{owner}".encode()
        _check(_LIBC.mount(b"tmpfs", place.encode(), b"tmpfs", _MS_NOSUID_NODEV, options), place)
        for path, handle in kept.items():
            # A Python that is installed below /tmp stays where it is, and read-only.
            os.makedirs(path, mode=0o755)
            source, target = f"/proc/self/fd/{handle}".encode(), path.encode()
            _check(_LIBC.mount(source, target, None, _MS_BIND, None), path)
            os.close(handle)
    for capability in range(64):
        _LIBC.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)  # the last ones do not exist
    if uid is not None:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    header, data = struct.pack("=Ii", 0x20080522, 0), bytes(24)
    _check(_LIBC.capset(header, data), "capset")
    _check(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    forbid_system_calls()
    os.chdir(SCRATCH)


def mounted_below(place: str) -> list[str]:
    """List what is mounted below a folder, the outermost first."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return sorted(point for point in points if point.startswith(f"{place}/"))


def forbid_system_calls() -> None:
    """Forbid what no exercise needs: namespaces, mounts, tracing, keyrings and the like.

    Keyrings outlive a process, so one submission could leave notes there for the next. Memory
    that belongs to no process (files without a name, System V segments) would not be counted.
    """
    # x86-64 and aarch64 numbers; elsewhere no filter is known, and the rest of the sandbox stands.
    tables = {
        "x86_64": (0xC000003E, 56, (29, 101, 155, 161, 165, 166, 175, 246, 248, 249, 250, 272, 298,
                                    304, 308, 310, 311, 313, 319, 320, 321, 323, 425, 426, 427, 428,
                                    429, 430, 442, 447)),
        "aarch64": (0xC00000B7, 220, (39, 40, 41, 51, 97, 104, 105, 117, 194, 217, 218, 219, 241,
                                      265, 268, 270, 271, 273, 279, 280, 282, 294, 425, 426, 427,
                                      428, 429, 430, 442, 447)),
    }  # fmt: skip
    machine = os.uname().machine
    if machine not in tables:
        return
    architecture, clone, numbers = tables[machine]
    load, equal, above, has, give = 0x20, 0x15, 0x35, 0x45, 0x06
    allow, refuse, unknown, kill = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
    program = [(load, 0, 0, 4), (equal, 1, 0, architecture), (give, 0, 0, kill), (load, 0, 0, 0)]
    program += [(above, 0, 1, 0x40000000), (give, 0, 0, kill)]  # the x32 way to the same calls
    for number in numbers:
        program += [(equal, 0, 1, number), (give, 0, 0, refuse)]
    # clone3 keeps its flags where a filter cannot look; without it, the C library takes clone.
    program += [(equal, 0, 1, 435), (give, 0, 0, unknown)]
    program += [(equal, 0, 3, clone), (load, 0, 0, 16), (has, 0, 1, _CLONE_NEW_ANY)]
    program += [(give, 0, 0, refuse), (give, 0, 0, allow)]
    code = b"".join(struct.pack("HBBI", *line) for line in program)
    buffer = ctypes.create_string_buffer(code, len(code))
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    pointer = ctypes.create_string_buffer(header, len(header))
    _check(
        _LIBC.prctl(_PR_SET_SECCOMP, 2, ctypes.c_void_p(ctypes.addressof(pointer)), 0, 0), "seccomp"
    )


def limit(limits: dict) -> None:
    """Set the resource limits of this process."""
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 512),
    ):
        if value is not None:
            resource.setrlimit(kind, (value, value))


def _become_kernel(request: dict, fds: list[int], control: socket.socket) -> None:
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
    *listening, line, files = fds
    with os.fdopen(files, "rb") as stream:
        stream.seek(0)
        with tarfile.open(fileobj=stream) as archive:
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
    from grading.kernel import run

    run(listening, line, request["key"].encode(), request["arguments"])


def _probe(request: dict, control: socket.socket) -> None:
    """Try, without harm, what a submission must not be able to do; tell what came of it."""
    os.setsid()
    confine(request["limits"], request["uid"])
    limit(request["limits"])
    others = [name for name in os.listdir("/proc") if name.isdigit()]
    found: dict[str, Any] = {
        "processes": sorted(map(int, others)),
        "self": os.getpid(),
        "visible": [path for path in request["paths"] if os.path.exists(path)],
        "uid": os.getuid(),
        "environment": sorted(os.environ),
    }
    try:
        os.kill(request["outside"], 0)
        found["signals_outside"] = True
    except OSError:
        found["signals_outside"] = False
    try:
        socket.create_connection(("127.0.0.1", request["port"]), timeout=1).close()
        found["network"] = True
    except OSError:
        found["network"] = False
    readable = []
    for name in ("/proc/1/environ", "/proc/1/mem", "/proc/1/maps"):
        with contextlib.suppress(OSError), open(name, "rb") as file:
            file.read(1)
            readable.append(name)
    found["readable"] = readable
    writable = []
    for place in ("/", "/usr", sys.prefix, "/proc/sys/kernel", str(Path(__file__).parent)):
        path = os.path.join(place, "engine-probe")
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            os.unlink(path)
            writable.append(place)
    found["writable"] = writable
    status = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    found["privileges"] = sum(int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapBnd"))
    found["filter"] = fields["Seccomp"].strip() == "2"
    control.send(json.dumps(found).encode())


def usage() -> dict:
    """Add up the CPU seconds and the memory of everything in the sandbox but this process."""
    times = os.times()
    seconds, resident = times.children_user + times.children_system, 0
    for name in os.listdir("/proc"):
        if not name.isdigit() or int(name) == os.getpid():
            continue
        with contextlib.suppress(OSError, IndexError):
            fields = Path(f"/proc/{name}/stat").read_text("ascii").rsplit(")", 1)[1].split()
            seconds += sum(map(int, fields[11:15])) / _TICKS
            status = Path(f"/proc/{name}/status").read_text("ascii", "replace")
            resident += sum(int(size) << 10 for size in _RESIDENT.findall(status))
    return {"cpu": seconds, "memory": resident}


class Zygote:
    """Serve the trusted side's requests, one at a time."""

    def __init__(self, control: socket.socket, *, sandboxed: bool) -> None:
        self.control = control
        self.sandboxed = sandboxed
        self.children: dict[int, int | None] = {}

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

    def _serve(self, request: dict, fds: list[int]) -> None:
        if request["do"] in ("start", "probe"):
            self._fork(request, fds)
        elif request["do"] == "usage":
            self._say(usage() if self.sandboxed else self._usage_of_children())
        elif request["do"] == "wipe":
            self._say({"wiped": self._wipe()})
        elif request["do"] == "status":
            self._say({"status": next(iter(self.children.values()), None)})
        for fd in fds:
            os.close(fd)

    def _say(self, answer: dict) -> None:
        self.control.send(json.dumps(answer).encode())

    def _fork(self, request: dict, fds: list[int]) -> None:
        request["sandboxed"] = self.sandboxed
        pid = os.fork()
        if pid:
            self.children[pid] = None
            return
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

    def _usage_of_children(self) -> dict:
        seconds = 0.0
        for pid, status in self.children.items():
            if status is None:
                with contextlib.suppress(OSError):
                    seconds += time.clock_gettime((~pid << 3) | 2)
        return {"cpu": seconds, "memory": 0}

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


def _draw_once() -> None:
    """Draw a picture with text and mathematics: fonts and parsers are then loaded in every fork."""
    import matplotlib.pyplot as plt

    with plt.ioff():
        figure, axes = plt.subplots()
        axes.plot([1, 2, 3], [1, 10, 5], label="a line")
        axes.scatter([1, 2], [3, 4], c=[0, 1])
        axes.fill_between([1, 2], [1, 2], alpha=0.5)
        axes.contourf([[1, 2], [3, 4]])
        axes.set(xlabel=r"$\log p_k = \frac{1}{2}$", ylabel="text", title=r"$\theta^\top x$")
        axes.legend()
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close(figure)


def _preload(modules: Sequence[str]) -> None:
    """Import modules that every fork then has; those that are not installed are left out."""
    # A grammar that jsonschema imports where it is installed takes a second to load, and is needed
    # for no more than a format of addresses (see `grading.lean`, which is not in the sandbox).
    sys.modules.setdefault("rfc3987_syntax", None)
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
        if _has_threads():
            raise RuntimeError(f"{name} starts a thread on import: it cannot be preloaded")
    if sys.modules["rfc3987_syntax"] is None:
        del sys.modules["rfc3987_syntax"]  # a submission may import it


def _has_threads() -> bool:
    return len(os.listdir("/proc/self/task")) > 1


def main(fd: int, sandboxed: bool, preload: Sequence[str]) -> None:
    """Warm up, then serve requests on a socket."""
    if sandboxed and os.getpid() != 1:
        raise RuntimeError("the zygote of a sandbox must be its process 1")
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "not dumpable")
    # Process 1 ignores from inside what it has no handler for; Python's SIGINT would be one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    _preload([*WARM, *(m for name in preload for m in (name, *ALONG.get(name, ())))])
    if "matplotlib.pyplot" in sys.modules:
        _draw_once()
    from grading.kernel import prepare

    prepare()
    if _has_threads():
        raise RuntimeError("IPython's shell starts a thread: no kernel can be forked after it")
    gc.collect()
    gc.freeze()
    gc.disable()
    Zygote(socket.socket(fileno=fd), sandboxed=sandboxed).run()
