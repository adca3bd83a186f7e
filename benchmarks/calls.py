"""``python -m benchmarks.calls``: what it costs a test to call a student's function.

The calls go the whole way: from a test cell in the judge to a kernel in the sandbox and back. The
test cell takes the times itself and prints them, in milliseconds, as the rows of a table.
"""

from __future__ import annotations

import os
import platform
import tempfile
import warnings

import nbformat

from grading.preprocessor import SandboxedExecute

ANSWER = "import numpy as np\ndef echo(x):\n    return x\ndef change(x):\n    x += 1\n    return x"
TEST = """
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
    print(f"| {name} | {median:.2f} | {most:.2f} |")
"""


def main(calls: int = 1000) -> None:
    """Time so many calls with each argument, and print the medians."""
    warnings.simplefilter("ignore")
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
    print(
        f"{platform.platform()}, {os.cpu_count()} cores, Python {platform.python_version()}; ",
        end="",
    )
    print(f"{calls} calls from the judge into the sandbox and back\n")
    print("| argument and result | median, ms | 95 of 100, ms |")
    print("|---|---|---|")
    print(output.text, end="")


if __name__ == "__main__":
    main()
