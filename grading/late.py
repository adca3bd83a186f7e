"""What a late submission costs."""

from __future__ import annotations

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float

_DAY = 24 * 60 * 60


class LatePenalty(BasePlugin):
    """Take a share of the points for every started day after the due date.

    Named as ``c.AssignLatePenalties.plugin_class = "grading.late.LatePenalty"``.
    """

    share_per_day = Float(
        0.1, min=0.0, max=1.0, help="The share of the points that every started day costs."
    ).tag(config=True)

    largest_share = Float(
        0.5, min=0.0, max=1.0, help="The largest share of the points that lateness may cost."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Work out the points that a late submission loses.

        Parameters
        ----------
        student_id : str
            Who handed in; every student is treated alike.
        score : float
            The points before the penalty.
        total_seconds_late : float
            How long after the due date the submission came, in seconds.

        Returns
        -------
        float or None
            The points to take away; None for a submission in time.
        """
        if total_seconds_late <= 0:
            return None
        days = math.ceil(total_seconds_late / _DAY)
        return score * min(days * self.share_per_day, self.largest_share)
