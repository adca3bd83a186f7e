"""A thread that answers before the function does, and offers values that were never asked for."""
# square: 0
# cube: 0|1
# ends: refused

# %% square
import json
import struct
import threading


def flood():
    line = get_ipython().kernel.line.channel.connection
    for value in (True, 9, ['n', '|b1', 0], ['k', 'bool'], ['f', 0, 'len']):
        for do in ('return', 'raise', 'unusable', 'name', 'call'):
            text = json.dumps({'do': do, 'value': value, 'name': 'reference', 'target': 0,
                               'args': ['t'], 'kwargs': ['d'], 'changes': [[0, value]]}).encode()
            try:
                line.sendall(struct.pack('>II', len(text), 0) + text)
            except OSError:
                pass


def square(x):
    attack_ran()
    threading.Thread(target=flood).start()
    return 0
