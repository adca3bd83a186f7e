"""A worker of a Dask cluster that takes no time: it gives back what was found before."""

from __future__ import annotations

import functools
import pickle
from dataclasses import replace
from pathlib import Path

from nbjudge.batch.job import Job, Result


@functools.cache
def _results(path: str) -> list[Result]:
    found: list[Result] = pickle.loads(Path(path).read_bytes())  # the benchmark's own
    return found


def give_back(path: str, job: Job, version: str, student: str, files: dict[str, bytes]) -> Result:
    """Stand in the place of `nbjudge.batch.dask_workers.grade_on_worker`.

    Parameters
    ----------
    path : str
        Where the results lie, in the order in which students hand in the same again and again.
    job, version, files
        As there; not looked at.
    student : str
        Whose it is; the name ends with a number.
    """
    results = _results(path)
    found = results[int(student.rsplit("-", 1)[1]) % len(results)]
    return replace(found, student=student)
