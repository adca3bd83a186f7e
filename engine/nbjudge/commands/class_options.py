"""Options that each command has which grades submissions of a class."""

from __future__ import annotations

ALIASES = {
    "workers": "ParallelAutograde.workers",
    "scheduler": "ParallelAutograde.scheduler",
    "tls-ca-file": "ParallelAutograde.tls_ca_file",
    "tls-cert": "ParallelAutograde.tls_cert",
    "tls-key": "ParallelAutograde.tls_key",
}
FLAGS = {
    "no-sandbox": (
        {"SandboxedExecute": {"sandbox": False}},
        "Run submissions with your own rights. Only for code that you trust.",
    )
}
WITHOUT_A_SANDBOX = "WITHOUT A SANDBOX: submissions run with your rights"
