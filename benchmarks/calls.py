"""``python -m benchmarks.calls``: what it costs a test to call a student's function.

The calls go the whole way: from a test cell in the judge to a kernel in the sandbox and back. The
test cell takes the times itself and prints them, in milliseconds; they become a section of
``benchmarks/RESULTS.md``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import warnings

import nbformat
from nbjudge.execution.execute import SandboxedExecute

from benchmarks.results import machine, table, write_section

AIM = 1.0
ANSWER = "import numpy as np\ndef echo(x):\n    return x\ndef change(x):\n    x += 1\n    return x"
TEST = """
import json
import time
import numpy as np

rng = np.random.default_rng(0)
cases = {"a number": (echo, 1.5)}
for n in (10, 100, 1000):
    cases[f"array of {n} floats"] = (echo, rng.normal(size=n))
cases["array of 1000 floats, changed in place"] = (change, rng.normal(size=1000))
cases["list of 1000 floats"] = (echo, rng.normal(size=1000).tolist())
cases["nested list of 1000 floats"] = (echo, rng.normal(size=(100, 10)).tolist())
for name, (function, value) in cases.items():
    times = []
    for _ in range(CALLS + 50):
        started = time.perf_counter()
        function(value)
        times.append(1000 * (time.perf_counter() - started))
    median, most = np.percentile(times[50:], [50, 95])
    print(json.dumps([name, median, most]))
"""


def measure(calls: int) -> list[tuple[str, float, float]]:
    """Time so many calls with each argument.

    Returns
    -------
    list of tuple
        What is passed, and of the times in milliseconds the median and what 95 of 100 stay below.
    """
    cells = [nbformat.v4.new_code_cell(ANSWER)]
    cells.append(nbformat.v4.new_code_cell(TEST.replace("CALLS", str(calls))))
    cells[1].metadata.nbgrader = {
        "grade": True, "grade_id": "calls", "points": 1, "locked": True, "solution": False,
        "schema_version": 3, "task": False,
    }  # fmt: skip
    made = nbformat.v4.new_notebook(cells=cells)
    with tempfile.TemporaryDirectory() as folder:
        preprocessor = SandboxedExecute(course_root=folder, judge=True, cpu_seconds=300)
        preprocessor.preprocess(made, {"metadata": {"path": folder}})
    (output,) = cells[1].outputs
    if output.output_type != "stream":
        raise RuntimeError("\n".join(output.traceback))
    return [tuple(json.loads(line)) for line in output.text.splitlines()]


def main() -> None:
    """Measure, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--calls", type=int, default=1000, help="calls that a median is taken of")
    parser.add_argument("--print", action="store_true", help="write no file")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    found = measure(options.calls)
    rows = [[name, f"{median:.2f}", f"{most:.2f}"] for name, median, most in found]
    slow = [name for name, median, _ in found if median > AIM and "list" not in name]
    text = (
        f"On {machine('ipykernel', 'pyzmq', 'numpy')}.\n\n{options.calls} calls of each from a "
        "test in the judge to a function in a sandboxed kernel and back; the target is a median "
        f"of at most {AIM:g} ms for arrays of up to 1000 elements.\n\n"
        f"{table(['argument and result', 'median, ms', '95 of 100 below, ms'], rows)}\n\n"
        f"Arrays above {AIM:g} ms: {', '.join(slow) or 'none'}."
    )
    print(text)
    if not options.print:
        write_section("A test calls a student's function", text)


if __name__ == "__main__":
    main()
