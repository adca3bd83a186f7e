"""New namespaces, by the call that forks."""
# square: 0

# %% square
import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
worked = []
for name, flag in (('user', 0x10000000), ('net', 0x40000000), ('pid', 0x20000000), ('mount', 0x20000)):
    for flags in (flag, flag | 0x10000000):
        pid = libc.syscall(56, flags | 17, 0, 0, 0, 0)
        if pid == 0:
            os._exit(0)
        if pid > 0:
            os.waitpid(pid, 0)
            worked.append(name)


def square(x):
    attack_ran()
    return x * x if worked else 0
