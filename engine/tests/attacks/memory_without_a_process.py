"""Files that have no name, segments that nobody maps, the kernel's own: memory that no process has."""
# square: 0

# %% square
import ctypes
import os

libc = ctypes.CDLL(None)
worked = []
try:
    os.memfd_create('hoard')
    worked.append('memfd_create')
except OSError:
    pass
if libc.shmget(7, 1 << 20, 0o1666) != -1:
    worked.append('shmget')
if libc.semget(0, 32_000, 0o600) != -1:
    worked.append('semget')
if libc.msgget(0, 0o600) != -1:
    worked.append('msgget')
if libc.syscall(447, 0) != -1:
    worked.append('memfd_secret')


def square(x):
    attack_ran()
    return x * x if worked else 0
