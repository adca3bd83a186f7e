"""A Dask cluster grades as this machine does: other processes, no shared folder, workers lost."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import small_course
from dask_scheduler import DASK, end, scheduler
from distributed import Client
from nbjudge.batch.dask_workers import ClusterError, cluster_workers, course_modules
from nbjudge.batch.job import Job
from small_course import REPOSITORY, contents, grade, incidents, sqlite, state

pytestmark = pytest.mark.xdist_group("cluster")  # all with the same two workers


@contextlib.contextmanager
def workers(address, hidden, *options):
    """Start two worker processes that have their own copy of the engine and see no course."""
    namespace = ["unshare", "--mount"]
    if os.getuid() != 0:
        namespace += ["--user", "--map-root-user"]
    command = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nworkers", "2"]
    command += ["--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1", *options]
    with tempfile.TemporaryDirectory(prefix="cluster-") as name:
        folder = Path(name)
        assert hidden not in folder.parents
        shutil.copytree(REPOSITORY / "engine" / "nbjudge", folder / "site" / "nbjudge")
        (folder / "cwd").mkdir()
        command += ["--local-directory", str(folder / "dask")]
        hide = 'mount -t tmpfs none "$0" && exec "$@"'
        with (folder / "log").open("w") as said, subprocess.Popen(
            [*namespace, "sh", "-c", hide, str(hidden), *command],
            cwd=folder / "cwd",
            stderr=said,
            env={**os.environ, **DASK, "PYTHONPATH": str(folder / "site")},
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                end(process)


class Cluster(contextlib.ExitStack):
    """A scheduler and two workers, from whom everything is hidden that tests write."""

    def __init__(self, hidden):
        super().__init__()
        self.scheduler, self.address = self.enter_context(scheduler())
        self.enter_context(workers(self.address, hidden))
        self.wait_for_workers()

    def wait_for_workers(self):
        """Wait until there are two, and return their processes."""
        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
            return sorted(client.run(os.getpid).values())


@pytest.fixture(scope="module")
def clusters(tmp_path_factory):
    """Return the clusters of this module: one at a time, another where a test has ended it."""
    running = []
    yield lambda: running or running.append(Cluster(tmp_path_factory.getbasetemp())) or running
    while running:
        running.pop().close()


@pytest.fixture
def cluster(clusters):
    """Return a cluster of two workers."""
    found = clusters()[0]
    found.wait_for_workers()  # one that a test has killed is started again
    return found


def test_a_cluster_gives_the_gradebook_of_one_machine(small_course_copy, cluster, undisturbed):
    """Serial, parallel and Dask agree, cell by cell; test cells import from the course.

    What a person gave stays when the class is graded again there, as `nbgrader` does it.
    """
    grade(small_course_copy, "--scheduler", cluster.address)
    assert state(small_course_copy) == undisturbed
    given = small_course.grade_by_hand(small_course_copy)
    grade(small_course_copy, "--scheduler", cluster.address)
    assert contents(sqlite(small_course_copy)) == given
    grade(small_course_copy, "--scheduler", cluster.address, "--force")
    assert contents(sqlite(small_course_copy)) == small_course.looked_at_again(given)


def test_this_machine_in_parallel_gives_the_gradebook_of_one_worker(small_course_copy, undisturbed):
    """Two workers agree with one, cell by cell."""
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


@pytest.mark.thorough
def test_a_cluster_with_certificates_grades_who_has_one(small_course_copy, tmp_path, undisturbed):
    """With them the gradebook is as ever; without, or with a stranger's, nothing is graded."""
    authority = certificate(tmp_path, "authority")
    member = files_of(authority, certificate(tmp_path, "member", authority))
    stranger = certificate(tmp_path, "stranger")
    before = contents(sqlite(small_course_copy))
    with scheduler("--protocol", "tls", *member) as (_, address):
        assert address.startswith("tls://")
        at = ("--scheduler", address, "--ParallelAutograde.scheduler_patience=3")
        for refused in (at, (*at, *files_of(authority, stranger))):
            done = grade(small_course_copy, *refused, check=False)
            assert done.returncode == 1
            assert f"no scheduler at {address}" in done.stderr, done.stderr
            assert "Traceback" not in done.stderr
            assert contents(sqlite(small_course_copy)) == before
        with workers(address, small_course_copy, *member):
            grade(small_course_copy, "--scheduler", address, *member)
    assert state(small_course_copy) == undisturbed


def started(root, *options):
    """Start to grade; return the process, whose lines can be read."""
    return subprocess.Popen(
        small_course.command(*options), cwd=root, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=small_course.environment(),
    )  # fmt: skip


def next_line(run):
    """Return the next line that a command prints; it must not have ended."""
    line = run.stdout.readline()
    assert line, run.communicate()
    return line


def test_a_worker_killed_in_the_middle_costs_nothing(small_course_copy, cluster, undisturbed):
    """Its submissions are graded by the others, in the same run."""
    pids = cluster.wait_for_workers()
    with started(small_course_copy, "--scheduler", cluster.address) as run:
        for _ in range(2):
            next_line(run)
        os.kill(pids[0], signal.SIGKILL)
        said, errors = run.communicate(timeout=200)
    assert run.returncode == 0, said + errors
    assert state(small_course_copy) == undisturbed


@pytest.mark.thorough
def test_a_coordinator_killed_in_the_middle_loses_nothing(small_course_copy, cluster, undisturbed):
    """The cluster is as good as before, and a rerun ends as an undisturbed run."""
    with started(small_course_copy, "--scheduler", cluster.address) as run:
        for _ in range(3):
            next_line(run)
        run.kill()
        run.communicate()
    grade(small_course_copy, "--scheduler", cluster.address)
    assert state(small_course_copy) == undisturbed


@pytest.mark.parametrize("grades", [pytest.param(1, marks=pytest.mark.thorough), 4])
def test_a_scheduler_killed_in_the_middle_loses_nothing(
    small_course_copy, clusters, cluster, undisturbed, tmp_path, grades
):
    """The command ends and says so; a rerun, with a new one or without, goes on with the rest."""
    options = ("--ParallelAutograde.scheduler_patience=2", "--scheduler", cluster.address)
    with started(small_course_copy, *options) as run:
        while grades:
            grades -= ": graded" in next_line(run)
        cluster.scheduler.kill()
        said, errors = run.communicate(timeout=200)
    clusters().pop().close()
    assert run.returncode == 1, said
    assert "Traceback" not in errors, errors
    assert f"the batch ended: no scheduler at {cluster.address}" in errors, errors
    assert "run the same command again" in errors
    left = [row for row in incidents(small_course_copy) if "not graded, the batch ended" in row]
    done = {key[0] for key in contents(sqlite(small_course_copy))}
    assert left and done, (left, done)
    assert len(left) + len(done) >= 8
    twin = tmp_path / "twin"
    shutil.copytree(small_course_copy, twin)
    small_course.configure(twin)
    grade(twin, "--workers", "2")
    assert state(twin) == undisturbed
    grade(small_course_copy, "--scheduler", clusters()[0].address)
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
    batch = Job("tiny", {}, None, {}, {}, "")
    with scheduler() as (_, address):
        begun = time.monotonic()
        with (
            pytest.raises(ClusterError, match="no workers"),
            cluster_workers(batch, address, patience="1s"),
        ):
            raise AssertionError("there are no workers")
        assert time.monotonic() - begun >= 1


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
