"""How the tests of the library run: no floating-point warning is forgiven, nothing is random."""

import numpy as np
import pytest
from hypothesis import settings

settings.register_profile("solutions", deadline=None, derandomize=True, database=None)
settings.load_profile("solutions")


@pytest.fixture(autouse=True, scope="module")
def every_floating_point_flag_raises():
    """Turn overflow, division by zero and invalid operations into errors.

    Underflow too, in the tests of extreme values; numpy's own comparisons underflow elsewhere.
    """
    with np.errstate(over="raise", divide="raise", invalid="raise"):
        yield
