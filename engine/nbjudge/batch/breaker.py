"""A circuit breaker: ends a batch in which every submission meets the same internal error."""

from __future__ import annotations

from nbjudge.batch.job import Fault
from nbjudge.batch.workers import BatchError

_ALIKE = 5


class CircuitBreaker:
    """Counts the errors of a batch.

    As long as one submission has come through, an error may be of the submission itself; copies of
    one file would all meet it. Where the first ones all meet the same, it is not theirs.

    Parameters
    ----------
    due : int
        How many submissions the batch has.
    """

    def __init__(self, due: int) -> None:
        self.enough = min(due, _ALIKE)
        self.faults: list[Fault] = []
        self.closed = due > 1  # one submission shows nothing about others

    def count(self, fault: Fault | None) -> None:
        """Take note of a submission that is through.

        Raises
        ------
        BatchError
            If nothing was graded so far, and all met the same error.
        """
        if not self.closed:
            return
        if fault is None or (self.faults and fault.kind != self.faults[0].kind):
            self.closed = False
            return
        self.faults.append(fault)
        if len(self.faults) >= self.enough:
            raise BatchError(
                f"all of the first {len(self.faults)} submissions met the same error, which is not "
                f"theirs: {fault.kind}"
            )
