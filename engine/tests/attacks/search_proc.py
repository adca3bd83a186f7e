"""Other processes' memory, environment and files."""
# square: 0
# ends: stopped
# limits: wait_factor=0.8

# %% square
import glob

attack_ran()

for pattern in ('mem', 'environ', 'maps', 'cwd/reference.py', 'root/reference.py', 'fd/*'):
    for path in glob.glob(f'/proc/[0-9]*/{pattern}'):
        try:
            text = open(path, 'rb').read(1 << 20)
        except OSError:
            continue
        if b'x_is_the_secret' in text:
            exec(text)


def square(x):
    return 0
