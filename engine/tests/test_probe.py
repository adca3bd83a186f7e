"""The probe tries what a submission must not be able to do, and names what it could."""

from __future__ import annotations

import pytest
from nbjudge.sandbox.bubblewrap import SandboxError, find_holes
from nbjudge.sandbox.sandbox import Sandbox


def test_the_probe_finds_no_hole(proven_sandbox):
    """Own processes, no network, no course, no signals, no privileges, nothing to write to."""


def test_the_probe_finds_holes():
    """Each thing that a submission must not be able to do is named if it can be done."""
    sound = {
        "processes": [1, 7], "self": 7, "visible": [], "uid": 1000, "environment": [],
        "signals_outside": False, "network": False, "readable": [], "writable": [],
        "privileges": 0, "filter": True,
    }  # fmt: skip
    assert find_holes(sound) == []
    for key, value in {
        "processes": [1, 7, 8], "visible": ["/course"], "uid": 0, "signals_outside": True,
        "network": True, "readable": ["/proc/1/mem"], "writable": ["/usr"], "privileges": 1,
    }.items():  # fmt: skip
        assert len(find_holes(sound | {key: value})) == 1, key
    assert find_holes({"failed": "no mount"}) == ["no mount"]


def test_a_plain_sandbox_cannot_be_probed():
    """What confines nothing must not be taken for a sandbox."""
    with Sandbox(isolated=False) as sandbox, pytest.raises(SandboxError):
        sandbox.assert_in_force()
