"""Shared memory, semaphores and queues that outlive a process."""
# square: 0

# %% square
import ctypes

libc = ctypes.CDLL(None)
for key in range(100, 110):
    libc.shmget(key, 4096, 0o1666)
    libc.semget(key, 1, 0o1666)
    libc.msgget(key, 0o1666)


def square(x):
    attack_ran()
    return 0
