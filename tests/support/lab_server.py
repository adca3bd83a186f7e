"""A JupyterLab of one's own, on a free port of this machine, for one person and folder."""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

START_SECONDS = 120
_PR_SET_PDEATHSIG = 1

# What JupyterLab would otherwise ask of hosts elsewhere, or show over the page that is tried.
QUIET = {
    "@jupyterlab/apputils-extension/notification": {
        "checkForUpdates": False,
        "fetchNews": "false",
        "doNotDisturbMode": True,
    },
}


class LabServer:
    """JupyterLab with nbgrader's extensions; used as a context manager.

    Parameters
    ----------
    user : str
        Under which name nbgrader knows this person.
    folder : Path
        Where the server starts, and what it serves.
    home : Path
        The person's home, with a Jupyter configuration of its own.
    **environment : str
        Further environment variables.
    """

    def __init__(self, user: str, folder: Path, home: Path, **environment: str) -> None:
        self.folder, self.home = folder, home
        self.log = home / "lab.log"
        self._runtime = home / "runtime"
        self._environment = os.environ | {
            "HOME": str(home),
            "USER": user,
            "LOGNAME": user,
            "JUPYTER_CONFIG_DIR": str(home / ".jupyter"),
            "JUPYTER_DATA_DIR": str(home / ".local" / "share" / "jupyter"),
            "JUPYTER_RUNTIME_DIR": str(self._runtime),
            "IPYTHONDIR": str(home / ".ipython"),
            **environment,
        }
        for setting, value in QUIET.items():
            path = home / ".jupyter" / "lab" / "user-settings" / f"{setting}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(value))

    def __enter__(self) -> LabServer:
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ip=127.0.0.1", "--port=0", "--IdentityProvider.token="]
        command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                command, cwd=self.folder, env=self._environment, stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, preexec_fn=_end_with_the_parent,
            )  # fmt: skip
        try:
            self.url = self._wait()
        except BaseException:
            self.stop()
            raise
        return self

    def _wait(self) -> str:
        """Wait until the server answers; return its address."""
        # Port 0 lets the server choose a free port, which it writes down.
        notice = self._runtime / f"jpserver-{self._process.pid}.json"
        deadline = time.monotonic() + START_SECONDS
        while True:
            assert self._process.poll() is None, f"JupyterLab ended: {self.log.read_text()}"
            assert time.monotonic() < deadline, f"no JupyterLab: {self.log.read_text()}"
            try:
                url = json.loads(notice.read_text())["url"]
                urllib.request.urlopen(f"{url}api/status", timeout=10).close()
                return url
            except (OSError, ValueError, urllib.error.URLError):
                time.sleep(0.1)

    def stop(self) -> None:
        """End the server and its kernels."""
        self._process.terminate()
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def __exit__(self, *exc: object) -> None:
        self.stop()


def _end_with_the_parent() -> None:
    """Let the kernel end the server when pytest is killed; its kernels see that it is gone."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
