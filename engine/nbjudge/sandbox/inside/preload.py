"""What the process that forks kernels has imported and warmed up, so that no kernel needs to."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
from collections.abc import Sequence

WARM = (
    *("nbjudge.sandbox.inside.kernel", "IPython.core.completerlib"),
    *("ipykernel.debugger", "IPython.extensions.storemagic", "IPython.core.magics"),
    *("IPython.core.debugger", "IPython.core.logger", "tornado.platform.asyncio", "faulthandler"),
    *("sqlite3", "pydoc", "unittest.mock"),
)  # fmt: skip
"""What a kernel imports by itself."""
ALONG = {
    "numpy": ("numpy.random", "numpy.linalg"),
    "matplotlib": (
        *("matplotlib.pyplot", "matplotlib_inline.backend_inline"),
        *("matplotlib.backends.backend_agg", "PIL.PngImagePlugin"),
    ),
}
"""What is soon imported by whoever uses a package, and not by the package itself."""
_WITHOUT = ("rfc3987_syntax", "debugpy")
"""What others import where it is installed, and nobody needs here: a grammar of addresses, which
takes jsonschema a second to load (see `nbjudge.lean`, which is not in the sandbox), and a debugger
that each kernel would start."""


def import_for_all(modules: Sequence[str]) -> None:
    """Import what kernels need, and draw a picture if they may draw any.

    Parameters
    ----------
    modules : sequence of str
        What the course's notebooks import; those that are not installed are left out.

    Raises
    ------
    RuntimeError
        If one starts a thread: no kernel can be forked then.
    """
    for name in _WITHOUT:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # so that its import fails, which is expected
    for name in [*WARM, *(m for wanted in modules for m in (wanted, *ALONG.get(wanted, ())))]:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
        if has_threads():
            raise RuntimeError(f"{name} starts a thread on import: it cannot be preloaded")
    for name in _WITHOUT:
        if sys.modules[name] is None:
            del sys.modules[name]  # a submission may import it
    if "matplotlib.pyplot" in sys.modules:
        _draw_once()


def _draw_once() -> None:
    """Draw a picture with text and mathematics: fonts and parsers are then loaded in every fork."""
    import matplotlib.pyplot as plt

    with plt.ioff():
        figure, axes = plt.subplots()
        axes.plot([1, 2, 3], [1, 10, 5], label="a line")
        axes.scatter([1, 2], [3, 4], c=[0, 1])
        axes.fill_between([1, 2], [1, 2], alpha=0.5)
        axes.contourf([[1, 2], [3, 4]])
        axes.set(xlabel=r"$\log p_k = \frac{1}{2}$", ylabel="text", title=r"$\theta^\top x$")
        axes.legend()
        figure.savefig(io.BytesIO(), format="png", bbox_inches="tight")
        plt.close(figure)


def has_threads() -> bool:
    """Whether this process has more than one thread."""
    return len(os.listdir("/proc/self/task")) > 1
