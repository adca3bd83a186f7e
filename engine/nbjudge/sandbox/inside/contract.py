"""What the trusted side and the inside of a sandbox agree on; importing it costs nothing."""

from __future__ import annotations

from dataclasses import dataclass

CHANNELS = ("shell", "stdin", "control", "iopub")
"""The kernel's sockets, in the order in which ipykernel binds them."""


FIGURES = "nbjudge_figures"
"""In the metadata of an execute request: whether the cell's figures are drawn, or named only."""


PRELOAD = ("numpy", "matplotlib")
"""What is preloaded for a course that does not say."""


@dataclass(frozen=True)
class KernelLimits:
    """What one kernel may use.

    Attributes
    ----------
    memory, file_size, disk : int
        In bytes: address space of each process, one file, each of the writable places.
    processes : int
        Processes and threads together.
    """

    memory: int = 4 << 30
    processes: int = 100
    file_size: int = 100 << 20
    disk: int = 200 << 20
