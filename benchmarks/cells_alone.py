"""``python -m benchmarks.cells_alone NOTEBOOK…``: what the cells of notebooks cost by themselves.

Each notebook runs in a fork of a process that has imported what the engine's kernels have, too, in
IPython's shell, with neither messages nor sandbox nor judge. What grading takes beyond that is the
grader's own share. Printed are CPU seconds, a line a notebook.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.core.pylabtools import select_figure_formats
from matplotlib_inline.backend_inline import flush_figures
from nbjudge.sandbox.inside.preload import import_for_all
from traitlets.config import Config

PRELOADED = ("numpy", "matplotlib", "altair", "sklearn")
"""What chapters import; the engine's kernels have it, too, where more than one submission does."""


def cpu_of_cells(root: Path, notebooks: list[Path]) -> list[float]:
    """Return the CPU seconds of the code cells of each notebook.

    Parameters
    ----------
    root : Path
        The course, from which tests import.
    notebooks : list of Path
        Each runs in its own folder.

    Raises
    ------
    subprocess.CalledProcessError
        If a notebook ends its process.
    """
    environment = {**os.environ, "PYTHONPATH": f"{Path(__file__).parent.parent}:{root}"}
    # As in the engine's kernels.
    environment |= {"OPENBLAS_NUM_THREADS": "1"}
    environment |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline"}
    command = [sys.executable, "-m", "benchmarks.cells_alone", *notebooks]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return [float(line) for line in done.stdout.split()]


def _prepared_shell() -> InteractiveShell:
    # A history would be kept by a thread, and no process with threads can be forked.
    shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
    select_figure_formats(shell, {"png"}, bbox_inches="tight")
    shell.events.register("post_execute", flush_figures)
    return shell


def _run(path: Path, shell: InteractiveShell) -> None:
    """Run a notebook's cells one after the other, whether they fail or not."""
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nothing, standard)
    os.chdir(path.parent)
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code" and cell.source.strip():
            shell.run_cell(cell.source)


def _cpu_of(path: Path, shell: InteractiveShell) -> float:
    pid = os.fork()
    if pid == 0:
        try:
            _run(path, shell)
            os._exit(0)
        finally:
            os._exit(1)
    _, status, used = os.wait4(pid, 0)
    if status:
        sys.exit(f"{path}: its process ended with {os.waitstatus_to_exitcode(status)}")
    return used.ru_utime + used.ru_stime


def main(notebooks: list[Path]) -> None:
    """Run each notebook, and print what it took."""
    import_for_all(PRELOADED)
    shell = _prepared_shell()
    for path in notebooks:
        print(_cpu_of(path, shell), flush=True)


if __name__ == "__main__":
    main([Path(name).absolute() for name in sys.argv[1:]])
