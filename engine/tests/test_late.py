"""What lateness costs."""

import pytest
from nbjudge.plugins import LatePenalty

HOUR = 3600


@pytest.mark.parametrize(
    ("seconds", "penalty"),
    [
        (0, None),
        (-HOUR, None),
        (1, 1.0),
        (24 * HOUR, 1.0),
        (24 * HOUR + 1, 2.0),
        (30 * HOUR, 2.0),
        (5 * 24 * HOUR, 5.0),
        (400 * 24 * HOUR, 5.0),
    ],
)
def test_every_started_day_costs_a_tenth_and_at_most_half(seconds, penalty):
    """Ten points lose one for each started day, five in the end, and none in time."""
    assert LatePenalty().late_submission_penalty("ada", 10.0, seconds) == penalty


def test_shares_are_configurable():
    """A course may take another share, and let lateness cost everything."""
    plugin = LatePenalty(share_per_day=0.5, largest_share=1.0)
    assert plugin.late_submission_penalty("ada", 10.0, 25 * HOUR) == 10.0
