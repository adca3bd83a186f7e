"""The probe: a confined process tries, without harm, what a submission must not be able to do.

`probe` runs inside the sandbox; what it found is judged outside by `find_holes`.
"""

from __future__ import annotations

import contextlib
import os
import socket
import sys
from pathlib import Path
from typing import Any


def probe(request: dict[str, Any]) -> dict[str, Any]:
    """Try everything, in a process that is confined as a submission is; tell what came of it.

    Parameters
    ----------
    request : dict
        ``paths`` that must not be visible, a process ``outside``, and a ``port`` of this machine.
    """
    others = [name for name in os.listdir("/proc") if name.isdigit()]
    found: dict[str, Any] = {
        "processes": sorted(map(int, others)),
        "self": os.getpid(),
        "visible": [path for path in request["paths"] if os.path.exists(path)],
        "uid": os.getuid(),
        "environment": sorted(os.environ),
    }
    try:
        os.kill(request["outside"], 0)
        found["signals_outside"] = True
    except OSError:
        found["signals_outside"] = False
    try:
        socket.create_connection(("127.0.0.1", request["port"]), timeout=1).close()
        found["network"] = True
    except OSError:
        found["network"] = False
    readable = []
    for name in ("/proc/1/environ", "/proc/1/mem", "/proc/1/maps"):
        with contextlib.suppress(OSError), open(name, "rb") as file:
            file.read(1)
            readable.append(name)
    found["readable"] = readable
    writable = []
    for place in ("/", "/usr", sys.prefix, "/proc/sys/kernel", str(Path(__file__).parent)):
        path = os.path.join(place, "engine-probe")
        with contextlib.suppress(OSError):
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            os.unlink(path)
            writable.append(place)
    found["writable"] = writable
    status = Path("/proc/self/status").read_text(encoding="ascii")
    fields = dict(line.split(":", 1) for line in status.splitlines())
    found["privileges"] = sum(int(fields[name], 16) for name in ("CapEff", "CapPrm", "CapBnd"))
    found["filter"] = fields["Seccomp"].strip() == "2"
    return found
