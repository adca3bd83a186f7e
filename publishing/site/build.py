"""Building an edition of the book: aside first, and into place when all went well.

Sphinx works in ``_build/.work/<edition>``, which makes the next build incremental. Only a build
without an error or a warning is copied to where readers look. After a failure the working folder is
thrown away: Sphinx would not repeat the warnings of pages that it takes for read.
"""

import argparse
import fcntl
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml
from jupyter_book.sphinx import build_sphinx

from publishing.notebooks.checks import CourseError, check
from publishing.sphinx_extension import api_reference

from .doors import write_doors
from .minify import lighten
from .offline import find_requests

SITES = {"student": "_build/html", "instructor": "_build/instructor/html"}


class BuildError(Exception):
    """Sphinx could not build an edition; what it wrote to stderr tells why."""


def build(root, edition, *, fresh=False, quiet=False):
    """Build one edition of the book.

    Parameters
    ----------
    root : Path
        The folder of the course, where ``_config.yml`` and ``_toc.yml`` are.
    edition : {'student', 'instructor'}
        Which edition.
    fresh : bool
        Whether to build from scratch.
    quiet : bool
        Whether to print warnings and errors only.

    Returns
    -------
    Path
        The folder of the site.

    Raises
    ------
    publishing.notebooks.checks.CourseError
        When the course is not sound or not released; nothing was written.
    BuildError
        When Sphinx failed or warned; the site is what it was before.
    """
    root = Path(root).resolve()
    check(root, edition)
    work = root / "_build" / ".work" / edition
    if fresh:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    result = build_sphinx(
        root,
        work / "html",
        noconfig=True,
        path_config=root / "_config.yml",
        confoverrides=_settings(root, work, edition),
        warningiserror=True,
        keep_going=True,
        quiet=quiet,
    )
    site = root / SITES[edition]
    if result:
        shutil.rmtree(work, ignore_errors=True)
        kept = f"; {SITES[edition]} is as it was" if site.exists() else ""
        raise BuildError(f"the {edition}'s edition was not built, see above{kept}")
    title = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["title"]
    _publish(work, site, packed=root / "_build" / ".work" / "pictures", title=title)
    return site


def _settings(root, work, edition):
    """Return what an edition sets over ``_config.yml``."""
    settings = {
        "publishing_edition": edition,
        "publishing_checked": True,
        "publishing_kept": str(work / "kept"),
        "latex_individualpages": False,
        "external_toc_path": (root / "_toc.yml").as_posix(),
    }
    if edition == "instructor":
        config = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))
        sphinx = config["sphinx"]["config"]
        settings |= api_reference.SETTINGS
        settings["extensions"] = [*sphinx["extensions"], *api_reference.EXTENSIONS]
        settings["include_patterns"] = [*sphinx["include_patterns"], f"{api_reference.PAGE}.md"]
        settings["html_title"] = f"{config['title']} (instructor's edition)"
        settings["external_toc_path"] = _instructor_toc(root, work).as_posix()
    return settings


def _instructor_toc(root, work):
    """Write the table of contents with the API reference at its end."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    reference = {"caption": "For instructors", "chapters": [{"file": api_reference.PAGE}]}
    parts = toc.get("parts") or [{"chapters": toc.pop("chapters", [])}]
    toc["parts"] = [*parts, reference]
    path = work / "_toc.yml"
    path.write_text(yaml.safe_dump(toc, sort_keys=False), encoding="utf-8")
    return path


def _publish(work, site, packed, title):
    """Put a copy of a built site, made light, in the place of the previous one."""
    following, previous = site.with_name("html.next"), site.with_name("html.previous")
    for left_over in (following, previous):
        shutil.rmtree(left_over, ignore_errors=True)
    site.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(work / "html", following)
    packed.mkdir(parents=True, exist_ok=True)
    with (packed / "lock").open("w") as lock:
        # The other edition may be built at the same time: what one has packed, it finds.
        fcntl.flock(lock, fcntl.LOCK_EX)
        lighten(following, packed)
    write_doors(following, title)
    if missing := find_requests(following, work / "kept" / "requests.json"):
        raise BuildError("\n".join(f"{request.page}: {request}" for request in missing))
    if site.exists():
        site.rename(previous)
    following.rename(site)
    shutil.rmtree(previous, ignore_errors=True)


def main(arguments=None, course=Path()):
    """Build editions of a course; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m publishing build", description=__doc__)
    parser.add_argument("editions", metavar="edition", nargs="+", choices=sorted(SITES))
    parser.add_argument("--fresh", action="store_true", help="build from scratch")
    parser.add_argument("--quiet", action="store_true", help="print what is wrong only")
    options = parser.parse_args(arguments)
    if len(options.editions) == 1:
        return _build_one(course, options.editions[0], options)
    return _build_together(course, options)


def _build_together(course, options):
    """Build editions at the same time, each in its process."""
    command = [sys.executable, "-m", "publishing", "--course", course, "build"]
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


def _build_one(course, edition, options):
    try:
        site = build(course, edition, fresh=options.fresh, quiet=options.quiet)
    except CourseError as error:
        print(f"{error.category}, nothing was built:\n{error}", file=sys.stderr)
        return 1
    except BuildError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    print(f"The {edition}'s edition is in {site}")
    return 0
