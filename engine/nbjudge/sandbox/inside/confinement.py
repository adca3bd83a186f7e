"""What a process of the sandbox gives up before it runs a submission: all but what it needs.

It gets fresh places to write to, limits, and keeps no privilege; what no exercise needs of the
system calls is forbidden.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import socket
import stat
import struct
from pathlib import Path

from nbjudge.sandbox.inside.system_calls import filter_program

_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_SET_SECCOMP = 4, 24, 38, 22
_CLONE_NEWNS, _CLONE_NEWIPC, _CLONE_NEWNET = 0x20000, 0x08000000, 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_MS_NOSUID_NODEV, _MS_REC_PRIVATE, _MS_BIND = 0x6, 0x44000, 0x1000
_MNT_DETACH = 2
SCRATCH = "/home/student"


def _check(result: int, what: str) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def hide_memory() -> None:
    """Let nobody read or trace this process, whatever their rights in the sandbox."""
    _check(_LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "not dumpable")


def confine(limits: dict[str, int], uid: int | None) -> None:
    """Take every privilege from this process, and give it fresh places to write to.

    Parameters
    ----------
    limits : dict
        ``memory``, ``processes``, ``file_size`` and ``disk``, in bytes or numbers.
    uid : int or None
        The user to become; None to stay the only user that there is in this user namespace.
    """
    # A network of its own: connections that are gone can be seen in the old one for a minute.
    _check(_LIBC.unshare(_CLONE_NEWNS | _CLONE_NEWIPC | _CLONE_NEWNET), "unshare")
    open_loopback()
    _check(_LIBC.mount(b"none", b"/", None, _MS_REC_PRIVATE, None), "mount / private")
    owner = f",uid={uid},gid={uid}" if uid is not None else ""
    for place in (SCRATCH, "/tmp", "/dev/shm"):
        kept = {path: os.open(path, os.O_PATH) for path in mounted_below(place)}
        options = f"size={limits['disk']},nr_inodes=10000,mode=0700{owner}".encode()
        _check(_LIBC.mount(b"tmpfs", place.encode(), b"tmpfs", _MS_NOSUID_NODEV, options), place)
        for path, handle in kept.items():
            # A Python or a course below /tmp stays where it is, and read-only.
            if stat.S_ISDIR(os.fstat(handle).st_mode):
                os.makedirs(path, mode=0o755, exist_ok=True)  # may be in the one before it
            elif not os.path.exists(path):
                os.makedirs(os.path.dirname(path), mode=0o755, exist_ok=True)
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
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


def open_process_counter() -> int | None:
    """Open what says from which number the ids of the next processes count; None if it is closed.

    By the ids that it gets, a submission could read how many processes the one before has started.
    bubblewrap has made the place read-only, so it is opened by a child with mounts of its own.
    """
    ours, theirs = socket.socketpair()
    if os.fork() == 0:
        try:
            _check(_LIBC.unshare(_CLONE_NEWNS), "unshare")
            _check(_LIBC.mount(b"none", b"/", None, _MS_REC_PRIVATE, None), "mount / private")
            _LIBC.umount2(b"/proc/sys", _MNT_DETACH)
            counter = os.open("/proc/sys/kernel/ns_last_pid", os.O_WRONLY | os.O_CLOEXEC)
            socket.send_fds(theirs, [b"opened"], [counter])
        finally:
            os._exit(0)
    theirs.close()
    with ours:
        _, found, _, _ = socket.recv_fds(ours, 16, 1)
    os.wait()
    return found[0] if found else None


def mounted_below(place: str) -> list[str]:
    """List what is mounted below a folder, the outermost first."""
    lines = Path("/proc/self/mountinfo").read_text(encoding="utf-8").splitlines()
    points = [line.split()[4].encode().decode("unicode_escape") for line in lines]
    return sorted(point for point in points if point.startswith(f"{place}/"))


def forbid_system_calls() -> None:
    """Forbid what no exercise needs, with the filter of `nbjudge.sandbox.inside.system_calls`.

    Where its numbers are not known there is none, and the rest of the sandbox stands.
    """
    program = filter_program(os.uname().machine)
    if program is None:
        return
    instructions = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(instructions))
    pointer = ctypes.create_string_buffer(header, len(header))
    _check(
        _LIBC.prctl(_PR_SET_SECCOMP, 2, ctypes.c_void_p(ctypes.addressof(pointer)), 0, 0), "seccomp"
    )


def open_loopback() -> None:
    """Switch on the only interface of a fresh network namespace."""
    request = struct.pack("16sh14x", b"lo", _IFF_UP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _SIOCSIFFLAGS, request)


def limit(limits: dict[str, int | None]) -> None:
    """Set the resource limits of this process."""
    for kind, value in (
        (resource.RLIMIT_AS, limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["file_size"]),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 512),
    ):
        if value is not None:
            _, most = resource.getrlimit(kind)  # a lower one that this process was born with stays
            value = value if most == resource.RLIM_INFINITY else min(value, most)
            resource.setrlimit(kind, (value, value))
