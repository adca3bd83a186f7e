"""A thread that reads the judge's calls in place of the kernel."""
# square: 0
# cube: 0|1
# ends: stopped
# limits: iopub_timeout=2

# %% square
import threading


def work():
    line = get_ipython().kernel.line.channel
    while True:
        try:
            line.receive()
        except BaseException:
            pass


thread = threading.Thread(target=work, daemon=True)


def square(x):
    attack_ran()
    thread.start()
    return 0
