"""New namespaces, mounts, tracing, a new root."""
# square: 0

# %% square
import ctypes
import os

libc = ctypes.CDLL(None)
worked = [
    name
    for name, result in (
        ('unshare', libc.unshare(0x10000000)),
        ('mount', libc.mount(b'none', b'/tmp', b'tmpfs', 0, None)),
        ('ptrace', libc.ptrace(16, 1, 0, 0)),
        ('chroot', libc.chroot(b'/tmp')),
        ('setuid', libc.setuid(0)),
        ('keyctl', libc.syscall(250, 0, -3, 1)),
    )
    if result == 0
]


def square(x):
    attack_ran()
    return x * x if worked else 0
