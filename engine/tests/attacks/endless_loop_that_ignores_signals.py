"""A loop that no interrupt ends."""
# square: 0
# ends: stopped
# limits: cpu_seconds=0.6 wall_factor=7.5

# %% square
import signal

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)


def square(x):
    attack_ran()
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
