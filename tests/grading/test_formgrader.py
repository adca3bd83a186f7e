"""Formgrader opens in JupyterLab and lists the chapters of the course."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from conftest import CHAPTERS

TOKEN = "only-for-this-test"
START_SECONDS = 120


@pytest.fixture
def lab(course_copy, tmp_path):
    """Start JupyterLab in a copy of the course; return a function that fetches a path from it."""
    root, _ = course_copy(*CHAPTERS)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += ["--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={TOKEN}"]
    home = tmp_path / "home"
    home.mkdir()
    with (tmp_path / "lab.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=root, stdout=log, stderr=log, env=os.environ | {"HOME": str(home)}
        )

        def fetch(path):
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/{path}", headers={"Authorization": f"token {TOKEN}"}
            )
            with urllib.request.urlopen(request, timeout=60) as reply:
                return reply.read().decode()

        try:
            deadline = time.monotonic() + START_SECONDS
            while True:
                try:
                    fetch("api/status")
                    break
                except (urllib.error.URLError, ConnectionError):
                    said = (tmp_path / "lab.log").read_text()
                    assert server.poll() is None, f"JupyterLab ended: {said}"
                    assert time.monotonic() < deadline, f"JupyterLab did not start: {said}"
                    time.sleep(0.2)
            yield fetch
        finally:
            server.terminate()
            server.wait(timeout=30)


def test_formgrader_lists_the_chapters(lab):
    """The page opens, and its list of assignments is the chapters with their points."""
    page = lab("formgrader/manage_assignments")
    assert "Add new assignment" in page
    listed = {
        row["name"]: row["max_score"] for row in json.loads(lab("formgrader/api/assignments"))
    }
    assert sorted(listed) == CHAPTERS
    assert all(points >= 15 for points in listed.values())


def test_lab_has_the_extensions_of_students(lab):
    """The assignment list and the Validate button, which students work with, are enabled."""
    settings = lab("lab/api/extensions")
    assert "nbgrader" in settings
