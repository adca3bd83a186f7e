"""The system calls that are forbidden in the sandbox, by name, and the filter made from them."""

from __future__ import annotations

import errno
import socket
import struct

FORBIDDEN = (
    # namespaces, mounts and what they could be made of
    *("unshare", "setns", "mount", "umount2", "pivot_root", "chroot", "open_tree", "move_mount"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "mount_setattr", "open_by_handle_at"),
    # other processes, and the kernel
    *("ptrace", "process_vm_readv", "process_vm_writev", "perf_event_open", "bpf", "userfaultfd"),
    *("init_module", "finit_module", "kexec_load", "kexec_file_load"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
    # keyrings outlive a process, so a submission could leave notes there for the next
    *("add_key", "request_key", "keyctl"),
    # memory that belongs to no process is counted nowhere; a set of semaphores has megabytes, and
    # there may be 32,000
    *("shmget", "semget", "msgget", "memfd_create", "memfd_secret"),
)
FAMILIES = (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK)
"""The kinds of sockets that there are: the network namespace holds these, and not AF_VSOCK."""
_SINCE_5_1 = {
    "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427, "open_tree": 428,
    "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "clone3": 435, "mount_setattr": 442, "memfd_secret": 447,
}  # fmt: skip
NUMBERS = {
    "x86_64": {
        "shmget": 29, "socket": 41, "socketpair": 53, "clone": 56, "semget": 64, "msgget": 68,
        "ptrace": 101, "pivot_root": 155, "chroot": 161, "mount": 165, "umount2": 166,
        "init_module": 175, "kexec_load": 246, "add_key": 248, "request_key": 249, "keyctl": 250,
        "unshare": 272, "perf_event_open": 298, "open_by_handle_at": 304, "setns": 308,
        "process_vm_readv": 310, "process_vm_writev": 311, "finit_module": 313,
        "memfd_create": 319, "kexec_file_load": 320, "bpf": 321, "userfaultfd": 323, **_SINCE_5_1,
    },
    "aarch64": {
        "umount2": 39, "mount": 40, "pivot_root": 41, "chroot": 51, "unshare": 97,
        "kexec_load": 104, "init_module": 105, "ptrace": 117, "msgget": 186, "semget": 190,
        "shmget": 194, "socket": 198,
        "socketpair": 199, "add_key": 217, "request_key": 218, "keyctl": 219, "clone": 220,
        "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
        "process_vm_writev": 271, "finit_module": 273, "memfd_create": 279, "bpf": 280,
        "userfaultfd": 282, "kexec_file_load": 294, **_SINCE_5_1,
    },
}  # fmt: skip
"""What Linux calls them, by machine."""
_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
"""AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64."""
_NEW_NAMESPACES = 0x7E020000
"""The flags of ``clone`` that begin with CLONE_NEW."""
_X32 = 0x40000000
"""From here on x86-64 has a second number for each call."""
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
"""Where ``struct seccomp_data`` has them."""
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_Instruction = tuple[int, int, int, int]
"""What, how many to skip if it is so and if not, and with what."""


def filter_program(machine: str) -> bytes | None:
    """Make the seccomp filter of a machine.

    Parameters
    ----------
    machine : str
        As ``uname`` has it.

    Returns
    -------
    bytes or None
        Its instructions, eight bytes each; None for a machine whose numbers are not known.
    """
    if machine not in NUMBERS:
        return None
    number = NUMBERS[machine]
    program: list[_Instruction] = [(_LOAD, 0, 0, _ARCHITECTURE)]
    program += [(_IF_EQUAL, 1, 0, _ARCHITECTURES[machine]), (_RETURN, 0, 0, _KILL)]
    program += [(_LOAD, 0, 0, _NUMBER)]
    program += [(_IF_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for name in FORBIDDEN:
        program += [(_IF_EQUAL, 0, 1, number[name]), (_RETURN, 0, 0, _FAIL | errno.EPERM)]
    # clone3 keeps its flags where a filter cannot look; without it, the C library takes clone.
    program += [(_IF_EQUAL, 0, 1, number["clone3"]), (_RETURN, 0, 0, _FAIL | errno.ENOSYS)]
    for name in ("socket", "socketpair"):
        families: list[_Instruction] = [
            (_IF_EQUAL, len(FAMILIES) - n, 0, f) for n, f in enumerate(FAMILIES)
        ]
        families += [(_RETURN, 0, 0, _FAIL | errno.EAFNOSUPPORT), (_RETURN, 0, 0, _ALLOW)]
        program += [(_IF_EQUAL, 0, len(families) + 1, number[name])]
        program += [(_LOAD, 0, 0, _FIRST_ARGUMENT), *families]
    program += [(_IF_EQUAL, 0, 3, number["clone"]), (_LOAD, 0, 0, _FIRST_ARGUMENT)]
    program += [(_IF_ANY_BIT, 0, 1, _NEW_NAMESPACES), (_RETURN, 0, 0, _FAIL | errno.EPERM)]
    program += [(_RETURN, 0, 0, _ALLOW)]
    return b"".join(struct.pack("HBBI", *instruction) for instruction in program)
