"""A way to the process that forks kernels: a socket of its kind, or a file of it left open."""
# square: 0

# %% square
import os
import socket
import sys

ways = []
for fd in map(int, os.listdir('/proc/self/fd')):
    try:
        where = os.readlink(f'/proc/self/fd/{fd}')
        kind = socket.socket(fileno=os.dup(fd)).type if 'socket' in where else None
    except OSError:
        continue
    outside = where.startswith('/') and not where.startswith(('/home/student/', '/dev/', sys.prefix))
    if kind == socket.SOCK_SEQPACKET or outside:
        ways.append(where)


def square(x):
    attack_ran()
    return x * x if ways else 0
