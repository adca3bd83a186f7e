"""What nbgrader logs, where it does not raise."""

from __future__ import annotations

import logging


class LastError(logging.Handler):
    """Keep the first line of the last error that nbgrader logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.text: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        _, traceback, rest = record.getMessage().rpartition("Traceback (most recent call last):\n")
        if traceback:  # the first line that is not indented is the error; its message may go on
            self.text = next((x for x in rest.splitlines() if x[:1].strip()), self.text)
