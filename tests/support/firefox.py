"""Debian's Firefox, driven through WebDriver BiDi: Playwright drives only a Firefox of its own."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import time
from pathlib import Path

import websocket

PROGRAM = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)
PATIENCE = 180  # seconds for one answer, on a busy machine
LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)\n")
# It asks no other machine for anything, not even whether there is an update.
PREFERENCES = """
user_pref("network.dns.disabled", true);
user_pref("network.captive-portal-service.enabled", false);
user_pref("network.connectivity-service.enabled", false);
user_pref("browser.safebrowsing.malware.enabled", false);
user_pref("browser.safebrowsing.phishing.enabled", false);
user_pref("app.normandy.enabled", false);
user_pref("app.update.enabled", false);
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("toolkit.telemetry.enabled", false);
user_pref("browser.shell.checkDefaultBrowser", false);
"""


class Firefox:
    """One window of Firefox.

    Parameters
    ----------
    folder : Path
        An empty folder for its profile.
    """

    def __init__(self, folder: Path) -> None:
        (folder / "user.js").write_text(PREFERENCES)
        # What it says goes to a file: a pipe has to be read for as long as it lives, by a thread
        # that still reads when the pipe is closed.
        self._said = folder / "stderr"
        with self._said.open("wb") as said:
            self._process = subprocess.Popen(
                [
                    PROGRAM,
                    "--headless",
                    "--no-remote",
                    "--profile",
                    folder,
                    "--remote-debugging-port=0",
                ],
                stderr=said,
                stdout=subprocess.DEVNULL,
                env={
                    "HOME": str(folder),
                    "PATH": "/usr/bin:/bin",
                    "MOZ_DISABLE_CONTENT_SANDBOX": "1",
                },
            )
        self._numbers = itertools.count(1)
        self._socket = websocket.create_connection(
            f"{self._address()}/session", timeout=PATIENCE, suppress_origin=True
        )
        self.ask("session.new", capabilities={})
        (self._page,) = self.ask("browsingContext.getTree")["contexts"]

    def _address(self) -> str:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            if found := LISTENING.search(self._said.read_text(errors="replace")):
                return found[1]
            time.sleep(0.05)
        raise RuntimeError(f"Firefox does not listen:\n{self._said.read_text(errors='replace')}")

    def ask(self, method: str, **parameters: object) -> dict:
        """Send a command; return what comes back."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == number:
                assert answer["type"] == "success", answer
                return answer["result"]

    def open(self, address: str) -> None:
        """Open a page, and wait until it is loaded."""
        self.ask(
            "browsingContext.navigate", context=self._page["context"], url=address, wait="complete"
        )

    def evaluate(self, expression: str) -> object:
        """Evaluate an expression in the page, wait for its promise, and return it through JSON."""
        answer = self.ask(
            "script.evaluate",
            expression=f"Promise.resolve({expression}).then((one) => JSON.stringify(one ?? null))",
            target={"context": self._page["context"]},
            awaitPromise=True,
        )
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        """End it."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=PATIENCE)
