"""Sockets by the thousand: what waits in them is the kernel's memory, and no process has it."""
# square: 0
# ends: stopped
# limits: cpu_seconds=6

# %% square
import os
import socket
import time


def square(x):
    attack_ran()
    for _ in range(20):
        if os.fork() == 0:
            kept = []
            try:
                while True:
                    kept += socket.socketpair()
                    kept[-1].send(bytes(10_000))
            except OSError:
                time.sleep(1000)
    time.sleep(2)
    return 0
