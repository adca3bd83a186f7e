"""Runs of answers as the page makes them, in this machine's own Python: what the page must match.

Reads requests as a list in JSON from standard input, and prints for each what the tests said. It is
run as a program, so that what answers change in numpy ends with it.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def verdicts(events: list[dict]) -> dict[str, str]:
    """Return the outcome of each test of a run."""
    return {event["id"]: event["outcome"] for event in events if event["event"] == "test"}


def native_verdicts(requests: list[dict]) -> list[dict[str, str]]:
    """Run requests in a new process of this Python; return the outcomes of each."""
    result = subprocess.run(
        [sys.executable, __file__],
        input=json.dumps(requests),
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "MPLBACKEND": "agg"},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(result.stdout.splitlines()[-1])


def main() -> None:
    """Run what standard input asks for."""
    from publishing.in_page.inside import runner

    found = []
    for request in json.load(sys.stdin):
        events: list[dict] = []
        runner.run(request, lambda line, events=events: events.append(json.loads(line)))
        found.append(verdicts(events))
    sys.__stdout__.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main()
