"""Other sockets in the places of the kernel's own."""
# square: 0
# ends: stopped

# %% square
import os
import socket


def square(x):
    attack_ran()
    ours, theirs = socket.socketpair()
    for fd in range(3, 200):
        try:
            os.fstat(fd)
            os.dup2(theirs.fileno(), fd)
        except OSError:
            pass
    return 0
