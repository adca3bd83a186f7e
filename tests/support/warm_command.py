"""``python -m publishing`` without the seconds of its imports, for tests that run it often."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from built_book import REPOSITORY

# Its process has imported the commands that take longest to, and forks one for each run of them.
_server = multiprocessing.get_context("forkserver")
_server.set_forkserver_preload(
    ["publishing.__main__", "publishing.extension", "publishing.site.search"]
)


def _publish(root, arguments, out, err):
    from publishing.__main__ import main

    for number, path in ((1, out), (2, err)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    os.chdir(root)
    # For the processes that a command starts: the course has folders of the package's names.
    os.environ["PYTHONPATH"] = str(REPOSITORY)
    sys.exit(main(list(arguments)))


def publish(root, *arguments):
    """Run ``python -m publishing`` in a course, in a process of its own.

    Parameters
    ----------
    root : Path
        The folder of the course.
    *arguments : str
        What stands behind ``python -m publishing``.

    Returns
    -------
    subprocess.CompletedProcess
        The exit code, and what was printed.
    """
    with tempfile.TemporaryDirectory() as scratch:
        out, err = Path(scratch, "out"), Path(scratch, "err")
        process = _server.Process(target=_publish, args=(root, arguments, out, err))
        process.start()
        process.join()
        code, texts = process.exitcode, [file.read_text(encoding="utf-8") for file in (out, err)]
        process.close()
    return subprocess.CompletedProcess(arguments, code, *texts)
