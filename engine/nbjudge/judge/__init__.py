"""Test cells, in a process that no student's code runs in."""
