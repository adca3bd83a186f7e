"""Workers beyond one machine: a cluster of `dask.distributed`.

Everything travels as bytes, no folder is shared: a submission's files with each task, and once to
each worker what all submissions have in common (`nbjudge.batch.job.Job`), the course's modules and
packages that test cells import included. A worker needs this package in the same version, what it
depends on, and nothing of the course. It writes the course's modules into a temporary folder, from
which its judge imports.

Connections are encrypted where the address begins with ``tls://``: with the files that
``--tls-ca-file``, ``--tls-cert`` and ``--tls-key`` name, or else with those of Dask's own settings
(``distributed.comm.tls`` in ``~/.config/dask/*.yaml``, or ``DASK_DISTRIBUTED__COMM__TLS__…``).
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import tempfile
import threading
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, CancelledError
from dataclasses import replace
from pathlib import Path
from typing import Any

import dask
from dask.utils import parse_timedelta
from distributed import Client
from distributed.client import ClosedClientError
from distributed.security import Security

import nbjudge
from nbjudge.batch.grade_one import grade_submission, write_files
from nbjudge.batch.job import Job, Result
from nbjudge.batch.self_test import grade_known_submission
from nbjudge.batch.worker_process import quieten
from nbjudge.batch.workers import BatchError, Workers
from nbjudge.judge.client import JUDGES
from nbjudge.temp_folders import prefix

_one_at_a_time = threading.Lock()
_course: dict[str, tempfile.TemporaryDirectory[str]] = {}


class ClusterError(BatchError):
    """The cluster cannot be used; the message says why."""


class OtherVersionError(ClusterError):
    """A worker has another version of this package than the coordinator."""


def engine_version() -> str:
    """Return a digest of this package's sources: two versions might not give the same marks."""
    digest = hashlib.sha256()
    for path in sorted(Path(nbjudge.__file__).parent.rglob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def course_modules(root: Path, also: list[str], never: set[Path]) -> dict[str, bytes]:
    """Read what test cells can import from a course's folder.

    Parameters
    ----------
    root : Path
        The course's folder.
    also : list of str
        Globs, relative to it, of further files, such as data that its packages read elsewhere.
    never : set of Path
        Files and folders that stay here, such as those of submissions.

    Returns
    -------
    dict of str to bytes
        The modules and packages at its top, by path relative to it.
    """
    engine = Path(nbjudge.__file__).resolve().parent
    found = {path for path in root.glob("*.py") if path.name != "nbgrader_config.py"}
    for package in root.glob("*/__init__.py"):
        found.update(package.parent.rglob("*"))
    for pattern in also:
        found.update(root.glob(pattern))
    kept = {}
    for path in sorted(found):
        inside = path.relative_to(root)
        hidden = any(part.startswith(".") or part == "__pycache__" for part in inside.parts)
        away = any(parent.resolve() in {*never, engine} for parent in (path, *path.parents))
        if path.is_file() and not hidden and not away:
            kept[inside.as_posix()] = path.read_bytes()
    return kept


@contextlib.contextmanager
def cluster_workers(
    job: Job, address: str, *, most: int | None = None, patience: str = "60s", **tls: str
) -> Iterator[Workers]:
    """Connect to a cluster.

    Parameters
    ----------
    job : Job
        What the submissions have in common.
    address : str
        The scheduler's, such as ``tcp://10.0.0.1:8786`` or ``tls://10.0.0.1:8786``.
    most : int, optional
        Use no more workers.
    patience : str, default "60s"
        How long to wait for the scheduler and for a first worker.
    **tls : str
        ``tls_ca_file``, ``tls_client_cert`` and ``tls_client_key``.

    Yields
    ------
    Workers
        Those of the cluster, one submission at a time in each process.

    Raises
    ------
    ClusterError
        If the scheduler is not there, or has no workers.
    """
    # They log a lost connection with all its frames; the message of the error below says it.
    for name in ("distributed", "distributed.client", "tornado.application"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    named = any(tls.values())
    try:
        security = Security(**tls, require_encryption=True) if named else Security()
        encrypted = security.get_connection_args("client").get("ssl_context") is not None
        if address.startswith("tls://") and not encrypted:
            raise ClusterError(
                f"no scheduler at {address}: tls:// needs certificates, named by --tls-ca-file, "
                "--tls-cert and --tls-key or in Dask's settings"
            )
        # Or it keeps the last thousand messages, each with a submission, for who looks for a fault.
        with dask.config.set({"distributed.admin.low-level-log-length": 0}):
            client = Client(address, security=security, timeout=patience, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise ClusterError(f"no scheduler at {address}: {error}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=parse_timedelta(patience))
            # To every worker, so that it outlives any of them; newcomers get it from the others.
            shared = client.scatter(job, broadcast=True, timeout=patience)
        except (TimeoutError, OSError) as error:
            raise ClusterError(f"the scheduler at {address} has no workers ({error})") from error
        executor = client.get_executor(pure=False)
        version = engine_version()

        def submit(student: str, files: dict[str, bytes]) -> Any:
            try:
                return executor.submit(grade_on_worker, shared, version, student, files)
            except (CancelledError, ClosedClientError) as error:
                raise BrokenExecutor(f"the scheduler at {address} is gone") from error

        def self_test() -> Any:
            try:
                return executor.submit(self_test_on_worker, shared, version)
            except (CancelledError, ClosedClientError) as error:
                raise BrokenExecutor(f"the scheduler at {address} is gone") from error

        try:
            size = len(client.scheduler_info(n_workers=-1)["workers"])
            yield Workers(submit, min(size, most or size), self_test if job.executes() else None)
        finally:
            executor.shutdown(wait=False)


def grade_on_worker(job: Job, version: str, student: str, files: dict[str, bytes]) -> Result:
    """Grade one submission in a worker of a cluster.

    Parameters
    ----------
    job : Job
        What it has in common with others.
    version : str
        The coordinator's `engine_version`.
    student : str
        Whose it is.
    files : dict of str to bytes
        The submitted folder, by path relative to it.

    Returns
    -------
    Result
        What came of it.

    Raises
    ------
    OtherVersionError
        If this worker's engine is not the coordinator's.
    """
    with _ready(job, version) as ours:
        return grade_submission(ours, student, files)


def self_test_on_worker(job: Job, version: str) -> Result:
    """Grade the submission whose marks are known, in a worker of a cluster."""
    with _ready(job, version) as ours:
        return grade_known_submission(ours)


@contextlib.contextmanager
def _ready(job: Job, version: str) -> Iterator[Job]:
    """Return the job as this worker can do it, while it does nothing else.

    A worker with several threads grades one after the other: a sandbox serves one submission.
    """
    if version != engine_version():
        raise OtherVersionError("this worker has another version of the engine: install it anew")
    with _one_at_a_time:
        quieten()
        yield replace(job, root=_course_folder(job))


def _course_folder(job: Job) -> str:
    """Lay the course's modules down, once for all submissions that come with the same ones."""
    digest = hashlib.sha256(repr(sorted(job.modules.items())).encode()).hexdigest()
    if digest not in _course:
        JUDGES.close()  # of the course before
        while _course:
            _course.popitem()[1].cleanup()
        folder = tempfile.TemporaryDirectory(prefix=prefix())
        write_files(Path(folder.name), job.modules)
        _course[digest] = folder
    return _course[digest].name
