"""Files that have no name and segments that nobody maps: memory that no process has."""
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
if libc.syscall(447, 0) != -1:
    worked.append('memfd_secret')


def square(x):
    attack_ran()
    return x * x if worked else 0
