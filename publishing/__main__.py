"""``python -m publishing``: check the course, build an edition, search a site for leaks."""

import argparse
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from .build import SITES, BuildError, build
from .course import CourseError, find_problems
from .leaks import find_leaks
from .offline import find_requests


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
    parser = argparse.ArgumentParser(prog="python -m publishing", description=__doc__)
    parser.add_argument(
        "--course", type=Path, default=Path(), help="the folder of the course (default: this one)"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    build_parser = commands.add_parser("build", help="build an edition of the book, or both")
    build_parser.add_argument("editions", metavar="edition", nargs="+", choices=sorted(SITES))
    build_parser.add_argument("--fresh", action="store_true", help="build from scratch")
    build_parser.add_argument("--quiet", action="store_true", help="print what is wrong only")
    commands.add_parser("check", help="check the course's files, build nothing")
    for name, what in (
        ("leaks", "search a student's site for solutions, hidden tests and mark schemes"),
        ("offline", "search a site for what a page would fetch from elsewhere"),
    ):
        search = commands.add_parser(name, help=what)
        search.add_argument("site", type=Path, nargs="?", help=f"default: {SITES['student']}")
    options = parser.parse_args(arguments)
    if options.command == "build":
        return _build(options)
    return _report(options)


def _build(options):
    """Build the editions that were asked for; several at the same time, each in its process."""
    if len(options.editions) == 1:
        return _build_one(options, options.editions[0])
    command = [sys.executable, "-m", "publishing", "--course", options.course, "build"]
    flags = [f"--{name}" for name in ("fresh", "quiet") if getattr(options, name)]
    running = [
        subprocess.Popen(
            [*command, edition, *flags], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for edition in dict.fromkeys(options.editions)
    ]
    with ThreadPoolExecutor(len(running)) as threads:  # each is read while the others write
        for said in threads.map(subprocess.Popen.communicate, running):
            for stream, text in zip((sys.stdout, sys.stderr), said, strict=True):
                stream.write(text.decode("utf-8", "replace"))
                stream.flush()
    return max(process.returncode for process in running)


def _build_one(options, edition):
    try:
        site = build(options.course, edition, fresh=options.fresh, quiet=options.quiet)
    except CourseError as error:
        print(f"{error.category}, nothing was built:\n{error}", file=sys.stderr)
        return 1
    except BuildError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    print(f"The {edition}'s edition is in {site}")
    return 0


def _report(options):
    if options.command == "check":
        found = [str(problem) for problem in find_problems(options.course)]
    else:
        site = options.site or options.course / SITES["student"]
        if not site.is_dir():
            print(f"Error: there is no site {site}", file=sys.stderr)
            return 1
        if options.command == "leaks":
            found = [f"{leak.file}: {leak}" for leak in find_leaks(site, options.course)]
        else:
            found = [f"{request.page}: {request}" for request in find_requests(site)]
    for line in found:
        print(line, file=sys.stderr)
    print(f"{options.command}: {len(found)} found")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
