"""Where the submissions of a batch are graded: on this machine, or on the workers of a cluster."""

from __future__ import annotations

from nbgrader.converters import Autograde
from traitlets import Integer, List, Unicode

from nbjudge.batch.job import Job
from nbjudge.batch.local_pool import LocalPool, local_workers
from nbjudge.batch.workers import Connect
from nbjudge.cpus import usable_cpus


class PlacedAutograde(Autograde):
    """nbgrader's `Autograde`, with the settings that say where submissions are graded."""

    workers = Integer(
        len(usable_cpus()), min=1, help="How many submissions are graded at the same time."
    ).tag(config=True)
    scheduler = Unicode(
        "", help="The address of a dask.distributed scheduler; empty to use this machine."
    ).tag(config=True)
    scheduler_patience = Integer(
        60, min=1, help="The seconds to wait for the scheduler, and for a first worker of it."
    ).tag(config=True)
    tls_ca_file = Unicode("", help="For a tls:// scheduler: who signs its certificate.").tag(
        config=True
    )
    tls_cert = Unicode("", help="For a tls:// scheduler: this side's certificate.").tag(config=True)
    tls_key = Unicode("", help="For a tls:// scheduler: this side's key.").tag(config=True)
    course_files = List(
        Unicode(),
        help="Globs, relative to the course, of what a cluster's workers get for test cells to "
        "read or import, besides the modules and packages at the top of the course.",
    ).tag(config=True)

    pool: LocalPool | None = None
    """Processes that outlast a batch, where a command grades several."""

    def connect_workers(self, job: Job, due: int) -> Connect:
        """Say how to get workers for a batch, as many as are due at most."""
        if self.scheduler:
            from nbjudge.batch.dask_workers import cluster_workers  # only here is Dask needed

            tls = {
                "tls_ca_file": self.tls_ca_file,
                "tls_client_cert": self.tls_cert,
                "tls_client_key": self.tls_key,
            }
            patience = f"{self.scheduler_patience}s"
            return lambda most: cluster_workers(
                job, self.scheduler, most=most, patience=patience, **tls
            )
        # A submission that ended its worker is graded in a process of its own.
        kept = self.pool.workers if self.pool is not None else local_workers
        return lambda most: local_workers(job, most) if most else kept(job, min(self.workers, due))
