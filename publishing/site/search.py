"""The search of a built site for secrets, and for what it fetches from elsewhere.

As a Sphinx extension it searches each site that was built, by ``jupyter-book build .`` too, and
refuses one that leaks or reaches out. ``python -m publishing leaks`` and ``offline`` search a site
that is there.
"""

import argparse
import sys
from pathlib import Path

from publishing.notebooks.checks import CourseError, Problem, print_findings

from .build import SITES
from .leaks import find_leaks
from .offline import find_requests


def setup(app):
    """Connect the search to Sphinx."""
    # When the site is complete: after `publishing.sphinx_extension.extension` is done (900).
    app.connect("build-finished", refuse, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def refuse(app, exception):
    """Refuse a site that leaks or needs the network."""
    if exception is not None or app.builder.format != "html":
        return
    site, root = Path(app.outdir), Path(app.srcdir)
    kept = Path(app.config.publishing_kept) if app.config.publishing_kept else None
    # `publishing.site.build` looks for requests in the end, when it has made the site light.
    problems = _requests(site) if kept is None else []
    if app.config.publishing_edition == "student":
        found = _leaks(site, root, kept and kept / "leaks.json")
        problems += found
        for file in {leak.path for leak in found}:
            # A site built in place must not stand there with the answers in it.
            (site / file).unlink(missing_ok=True)
    if problems:
        raise CourseError(problems)


def _leaks(site, root, kept=None):
    return [Problem(leak.file, str(leak)) for leak in find_leaks(site, root, kept)]


def _requests(site):
    return [Problem(request.page, str(request)) for request in find_requests(site)]


def leaks(arguments=None, course=Path()):
    """Search a student's site for what is secret; return the exit code."""
    return _search("leaks", leaks.__doc__, lambda site: _leaks(site, course), arguments, course)


def offline(arguments=None, course=Path()):
    """Search a site for what a page would fetch from elsewhere; return the exit code."""
    return _search("offline", offline.__doc__, _requests, arguments, course)


def _search(command, told, find, arguments, course):
    parser = argparse.ArgumentParser(prog=f"python -m publishing {command}", description=told)
    parser.add_argument("site", type=Path, nargs="?", help=f"default: {SITES['student']}")
    site = parser.parse_args(arguments).site or course / SITES["student"]
    if not site.is_dir():
        print(f"Error: there is no site {site}", file=sys.stderr)
        return 1
    return print_findings(command, find(site))
