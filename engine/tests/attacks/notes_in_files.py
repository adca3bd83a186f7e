"""Notes in every place that can be written to."""
# square: 0

# %% square
import os

for place in ('/tmp', '/dev/shm', '/home/student', '/run', '/var/tmp', '/dev', '/'):
    for name in ('note', '.note', 'usercustomize.py'):
        try:
            with open(f'{place}/{name}', 'w') as file:
                file.write('x * x')
            os.chmod(f'{place}/{name}', 0)
        except OSError:
            pass


def square(x):
    attack_ran()
    return 0
