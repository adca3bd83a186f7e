"""``python -m publishing``: the one door to what this package does."""

import argparse
import pkgutil
import sys
from pathlib import Path

COMMANDS = {
    "check": ("publishing.notebooks.checks:main", "check the course's files, build nothing"),
    "canonical": ("publishing.notebooks.canonical:main", "check the form of notebooks, or make it"),
    "release": ("publishing.notebooks.release:main", "release every chapter that changed"),
    "build": ("publishing.site.build:main", "build an edition of the book, or both"),
    "leaks": ("publishing.site.search:leaks", "search a student's site for what is secret"),
    "offline": ("publishing.site.search:offline", "search a site for what is fetched elsewhere"),
    "bundle": ("publishing.site.bundle:main", "put the course into one file"),
    "audit": ("publishing.audit.report:main", "open every page in a browser"),
    "pictures": ("publishing.audit.pictures:main", "take the README's pictures"),
}
"""By name where a command is and what it does. It is called with its arguments and the course."""


def main(arguments=None):
    """Run one command.

    Parameters
    ----------
    arguments : list of str, optional
        In the place of ``sys.argv[1:]``.

    Returns
    -------
    int
        0 when all is well, 1 when something was found or failed.
    """
    told = "\n".join(f"  {name:10} {what}" for name, (_, what) in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m publishing",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"commands, each with --help of its own:\n{told}",
    )
    parser.add_argument(
        "--course", type=Path, default=Path(), help="the folder of the course (default: this one)"
    )
    parser.add_argument("command", metavar="command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="the command's own")
    options = parser.parse_args(arguments)
    # A command's imports alone: those of some take seconds.
    run = pkgutil.resolve_name(COMMANDS[options.command][0])
    return run(options.arguments, options.course)


if __name__ == "__main__":
    sys.exit(main())
