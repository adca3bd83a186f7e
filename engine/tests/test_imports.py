"""What is preloaded for an assignment is what its notebooks import."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
from nbjudge.batch.imports import (
    COMMON,
    imported_by_several,
    imported_by_what_is_run,
    imported_packages,
    needed,
)
from nbjudge.execution.released import digest

CODE = """%matplotlib inline
import numpy as np, os.path
from sklearn.linear_model import LogisticRegression
def draw():
    import matplotlib.pyplot as plt  # late
# import pandas
important = 1
"""


def _write(path, *sources):
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    cells.append(nbformat.v4.new_markdown_cell("import altair"))
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


def test_every_form_of_import_is_found(tmp_path):
    """Several in a line, parts of packages, and those in functions; not those in words."""
    notebook = _write(tmp_path / "one.ipynb", CODE)
    assert imported_packages(notebook) == {"numpy", "os", "sklearn", "matplotlib"}


def test_only_what_is_needed_is_preloaded(tmp_path):
    """One notebook of the assignment that imports it is enough."""
    notebooks = [
        _write(tmp_path / "one.ipynb", "import numpy"),
        _write(tmp_path / "two.ipynb", "from sklearn import metrics"),
    ]
    preload = ["numpy", "matplotlib", "sklearn.metrics"]
    assert needed(preload, notebooks) == ["numpy", "sklearn.metrics"]


def test_without_notebooks_everything_may_be_needed(tmp_path):
    """A gradebook may come from elsewhere; a source may be broken, or of an old format."""
    broken, old = tmp_path / "broken.ipynb", tmp_path / "old.ipynb"
    broken.write_text("{", encoding="utf-8")
    old.write_text('{"worksheets": []}', encoding="utf-8")
    for notebooks in ([], [broken], [old]):
        assert needed(("numpy", "matplotlib"), notebooks) == ["numpy", "matplotlib"]


def test_what_several_submissions_import_is_preloaded(tmp_path):
    """Packages of the field alone, and no module that a student may have written or chosen."""
    odd = "import pandas as pd, antigravity\nfrom sklearn.linear_model import Lasso\nimport mine"
    notebooks = [
        _write(tmp_path / "one.ipynb", odd),
        _write(tmp_path / "two.ipynb", odd.replace("import mine", "import seaborn")),
        _write(tmp_path / "three.ipynb", "def f(:\n    import scipy.stats"),
        tmp_path / "missing.ipynb", tmp_path / "pipe.ipynb", tmp_path / "broken.ipynb",
    ]  # fmt: skip
    os.mkfifo(notebooks[4])  # nobody writes into it
    notebooks[5].write_text('{"cells": [{"cell_type": "code", "source": 7}]}')
    assert imported_by_several(notebooks) == ["pandas", "sklearn", "sklearn.linear_model"]


def test_what_no_needed_cell_imports_is_not_preloaded(tmp_path):
    """Altair is imported for a chart that nothing depends on, but in some submissions an answer."""
    chart = "import altair as alt\nalt.Chart()"
    answer = nbformat.v4.new_code_cell("import numpy as np\ndef f(x): return np.exp(x)")
    answer.metadata.nbgrader = {"grade_id": "f", "solution": True, "grade": False, "locked": False}
    cells = [nbformat.v4.new_code_cell(chart), answer]
    released = {"one": {"plain": [digest(chart.encode())]}}
    of_one = "import sklearn.svm\nf = alt.Chart"
    for student, source in (("a", answer.source), ("b", of_one), ("c", "f = alt.Chart")):
        cells[1].source = source
        (tmp_path / student).mkdir()
        nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / student / "one.ipynb")
    first, second, third = (tmp_path / student / "one.ipynb" for student in "abc")
    assert imported_by_what_is_run([first], released) == {"numpy"}
    assert imported_by_what_is_run([second], released) == {"altair", "sklearn"}
    assert imported_by_what_is_run([first, second], released) == set()
    assert imported_by_what_is_run([first, second, third], released) == {"altair"}
    assert imported_by_what_is_run([tmp_path / "missing.ipynb"], released) is None


def test_no_common_module_starts_a_thread():
    """They can be preloaded: no process with threads can be forked safely."""
    code = (
        "import importlib, os, sys\n"
        "for name in sys.argv[1:]:\n"
        "    try:\n        importlib.import_module(name)\n"
        "    except ImportError:\n        continue\n"
        "    assert len(os.listdir('/proc/self/task')) == 1, name"
    )
    single = {name: "1" for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")}
    command = [sys.executable, "-c", code, *sorted(COMMON)]
    done = subprocess.run(command, env=os.environ | single, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
