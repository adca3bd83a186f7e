"""A Dask cluster grades as this machine does: other processes, no shared folder, workers lost."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
import small_course
from distributed import Client
from small_course import REPOSITORY, contents, grade, sqlite, state

from grading.cluster import ClusterError, cluster_workers, course_modules
from grading.work import Batch

DASK = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1",
    "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": "30s",
}


def _end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def scheduler(*options, port=0):
    """Start a scheduler on the loopback interface; yield its address."""
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--no-dashboard", *options]
    with subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, env={**os.environ, **DASK}
    ) as process:
        try:
            said = ""
            while not (found := re.search(r"Scheduler at:\s+(\S+)", said)):
                line = process.stderr.readline()
                assert line, said
                said += line
            yield found[1]
        finally:
            _end(process)


@contextlib.contextmanager
def workers(address, folder, hidden, *options):
    """Start two worker processes that have their own copy of the engine and see no course."""
    shutil.copytree(REPOSITORY / "grading", folder / "site" / "grading")
    (folder / "cwd").mkdir()
    namespace = ["unshare", "--mount"]
    if os.getuid() != 0:
        namespace += ["--user", "--map-root-user"]
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nworkers", "2"]
    command += ["--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", *options]
    command += ["--local-directory", str(folder / "dask")]
    log = folder / "log"
    with log.open("w") as said, subprocess.Popen(
        [*namespace, "sh", "-c", 'mount -t tmpfs none "$0" && exec "$@"', str(hidden), *command],
        cwd=folder / "cwd",
        stderr=said,
        env={**os.environ, **DASK, "PYTHONPATH": str(folder / "site")},
    ) as process:  # fmt: skip
        try:
            yield process
        finally:
            _end(process)


@pytest.fixture
def cluster(small_course_copy, tmp_path_factory):
    """Return the address of a cluster of two workers."""
    folder = tmp_path_factory.mktemp("cluster")
    with scheduler() as address, workers(address, folder, small_course_copy):
        yield address


def test_a_cluster_gives_the_gradebook_of_one_machine(small_course_copy, cluster, undisturbed):
    """Serial, parallel and Dask agree, cell by cell; test cells import from the course."""
    grade(small_course_copy, "--scheduler", cluster)
    assert state(small_course_copy) == undisturbed
    shutil.rmtree(small_course_copy / "autograded")
    (small_course_copy / "gradebook.db").unlink()
    result = small_course.open_course(small_course_copy).generate_assignment("tiny")
    assert result["success"]
    grade(small_course_copy, "--workers", "2")
    assert state(small_course_copy) == undisturbed


def certificate(folder, name, signer=None):
    """Make a certificate, signed by itself or by another; return the files of both its halves."""
    cert, key = folder / f"{name}.pem", folder / f"{name}.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={name}", "-keyout", key, "-out", cert]
    if signer is not None:
        command += ["-CA", signer[0], "-CAkey", signer[1]]
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def files_of(authority, own):
    """Return the options that name certificates, as Dask's commands and this one spell them."""
    return ["--tls-ca-file", str(authority[0]), "--tls-cert", str(own[0]), "--tls-key", str(own[1])]


def test_a_cluster_with_certificates_grades_who_has_one(small_course_copy, tmp_path, undisturbed):
    """With them the gradebook is as ever; without, or with a stranger's, nothing is graded."""
    authority = certificate(tmp_path, "authority")
    member = files_of(authority, certificate(tmp_path, "member", authority))
    stranger = certificate(tmp_path, "stranger")
    folder = tmp_path / "cluster"
    folder.mkdir()
    before = contents(sqlite(small_course_copy))
    with scheduler("--protocol", "tls", *member) as address:
        assert address.startswith("tls://")
        at = ("--scheduler", address, "--ParallelAutograde.scheduler_patience=3")
        for refused in (at, (*at, *files_of(authority, stranger))):
            done = grade(small_course_copy, *refused, check=False)
            assert done.returncode == 1
            assert f"no scheduler at {address}" in done.stderr, done.stderr
            assert "Traceback" not in done.stderr
            assert contents(sqlite(small_course_copy)) == before
        with workers(address, folder, small_course_copy, *member):
            grade(small_course_copy, "--scheduler", address, *member)
    assert state(small_course_copy) == undisturbed


def test_a_worker_killed_in_the_middle_costs_nothing(small_course_copy, cluster, undisturbed):
    """Its submissions are graded by the others, in the same run."""
    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        pids = sorted(client.run(os.getpid).values())
    with subprocess.Popen(
        small_course.command("--scheduler", cluster), cwd=small_course_copy, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=small_course.environment(),
    ) as run:  # fmt: skip
        for _ in range(2):
            run.stdout.readline()
        os.kill(pids[0], signal.SIGKILL)
        said, errors = run.communicate(timeout=200)
    assert run.returncode == 0, said + errors
    assert state(small_course_copy) == undisturbed


def test_a_coordinator_killed_in_the_middle_loses_nothing(small_course_copy, cluster, undisturbed):
    """The cluster is as good as before, and a rerun ends as an undisturbed run."""
    with subprocess.Popen(
        small_course.command("--scheduler", cluster), cwd=small_course_copy, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=small_course.environment(),
    ) as run:  # fmt: skip
        for _ in range(3):
            run.stdout.readline()
        run.kill()
    grade(small_course_copy, "--scheduler", cluster)
    assert state(small_course_copy) == undisturbed


def test_a_scheduler_that_is_not_there_is_named_and_changes_nothing(small_course_copy, undisturbed):
    """The command fails with the address; a rerun on this machine grades everybody."""
    options = ("--scheduler", "tcp://127.0.0.1:9", "--ParallelAutograde.scheduler_patience=1")
    done = grade(small_course_copy, *options, check=False)
    assert done.returncode == 1
    assert "no scheduler at tcp://127.0.0.1:9" in done.stderr
    grade(small_course_copy)
    assert state(small_course_copy) == undisturbed


def test_a_cluster_without_workers_is_named():
    """Waiting for a first worker ends."""
    batch = Batch("tiny", {}, None, {}, {}, "")
    with scheduler() as address:
        started = time.monotonic()
        with (
            pytest.raises(ClusterError, match="no workers"),
            cluster_workers(batch, address, patience="1s"),
        ):
            raise AssertionError("there are no workers")
        assert time.monotonic() > started


def test_workers_get_modules_and_nothing_of_students(small_course_copy):
    """Modules and packages at the top, further files by name; no submission, no settings."""
    root = small_course_copy
    (root / "shapes.py").write_text("")
    (root / "reference" / "__pycache__").mkdir(exist_ok=True)
    (root / "reference" / "__pycache__" / "x.pyc").write_text("")
    (root / "submitted" / "__init__.py").write_text("")
    (root / "data").mkdir()
    (root / "data" / "points.csv").write_text("1")
    found = course_modules(root, ["data/*"], {root / "submitted"})
    assert sorted(found) == [
        "data/points.csv", "reference/__init__.py", "reference/numbers.py",
        "shapes.py",
    ]  # fmt: skip
