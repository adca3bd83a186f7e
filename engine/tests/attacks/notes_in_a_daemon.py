"""A process that stays behind, in a session of its own."""
# square: 0

# %% square
import os
import signal
import time

if os.fork() == 0:
    os.setsid()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)


def square(x):
    attack_ran()
    return 0
