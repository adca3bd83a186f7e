"""No attack: threads, a subprocess and a pool are no offence."""
# square: 3

# %% square
import multiprocessing
import subprocess
import threading


def square(x):
    found = []
    thread = threading.Thread(target=lambda: found.append(x * x))
    thread.start()
    thread.join()
    assert subprocess.run(['true']).returncode == 0
    return found[0]


with multiprocessing.get_context('fork').Pool(2) as pool:
    assert pool.map(abs, [-1, 2]) == [1, 2]
