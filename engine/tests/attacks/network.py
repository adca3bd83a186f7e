"""Addresses on this machine and elsewhere."""
# square: 0

# %% square
import socket

reached = []
for address in (('127.0.0.1', 22), ('127.0.0.1', 80), ('10.0.0.1', 80), ('1.1.1.1', 53), ('169.254.169.254', 80)):
    try:
        socket.create_connection(address, timeout=0.2).close()
        reached.append(address)
    except OSError:
        pass
try:
    socket.getaddrinfo('example.org', 80)
    reached.append('names')
except OSError:
    pass


def square(x):
    attack_ran()
    return x * x if reached else 0
