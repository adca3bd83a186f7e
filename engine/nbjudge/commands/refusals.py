"""Why bubblewrap refuses, by its own words, and the narrowest remedy."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

_COVERED = (
    "parts of /proc are covered, as containers have it. For Docker: --security-opt "
    "systempaths=unconfined; for KubeSpawner: container_security_context = "
    '{"procMount": "Unmasked"}. This gives away that the container no longer hides /proc/kcore, '
    "/proc/sys and the like from its own processes; submissions do not see them"
)
_PROFILE = (
    "AppArmor keeps user namespaces from bwrap: give this one program a profile, in "
    "/etc/apparmor.d/bwrap: `abi <abi/4.0>, profile bwrap /usr/bin/bwrap flags=(unconfined) "
    "{ userns, }`, then sudo apparmor_parser -r /etc/apparmor.d/bwrap"
)
_SECCOMP = (
    "the container's seccomp profile forbids namespaces. For Docker: --security-opt "
    "seccomp=PROFILE.json, Docker's default profile with clone, clone3, unshare, setns, mount, "
    "umount2 and pivot_root allowed (seccomp=unconfined would allow everything); for Kubernetes: "
    "securityContext.seccompProfile of type Localhost with that profile"
)
_CLONE = "user namespaces are off: sudo sysctl kernel.unprivileged_userns_clone=1"
_MOST = "user namespaces are off, or used up: sudo sysctl user.max_user_namespaces=15000"
_SETUID = "bwrap is setuid, where it may do less than it needs: sudo chmod u-s {program}"
_CAPABILITIES = "bwrap has capabilities of its own, which it refuses: sudo setcap -r {program}"
_GVISOR = (
    "this is gVisor, which has not all of Linux's namespaces: grade in a container of the ordinary "
    "runtime (for Kubernetes: another runtimeClassName), or in a virtual machine"
)
_NO_USER_NAMESPACES = (
    "this kernel was built without user namespaces (CONFIG_USER_NS): grade as root, or on another "
    "kernel"
)


@dataclass(frozen=True)
class Machine:
    """What explains a refusal; nothing of it is taken for one.

    Attributes
    ----------
    settings : dict of str to str
        Of the kernel, by their file's path.
    container : bool
        Whether this is inside one.
    """

    settings: dict[str, str]
    container: bool

    @classmethod
    def this(cls) -> Machine:
        """Look at this one."""
        settings = {}
        for name in (
            "/proc/version",
            "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
            "/proc/sys/kernel/unprivileged_userns_clone",
            "/proc/sys/user/max_user_namespaces",
        ):
            try:
                settings[name] = Path(name).read_text(encoding="utf-8", errors="replace").strip()
            except OSError:
                continue
        container = "KUBERNETES_SERVICE_HOST" in os.environ or any(
            Path(name).exists() for name in ("/.dockerenv", "/run/.containerenv")
        )
        return cls(settings, container)

    def setting(self, name: str) -> str:
        """Return a setting of the kernel by its last word, empty where it has none."""
        return next((text for path, text in self.settings.items() if path.endswith(name)), "")


def remedy(words: str, machine: Machine, program: str = "bwrap") -> str:
    """Say what hinders bubblewrap, and the narrowest thing that helps.

    Parameters
    ----------
    words : str
        What it said.
    machine : Machine
        Where it said so.
    program : str
        Its path.

    Returns
    -------
    str
        A sentence; empty for words that nothing is known of.
    """
    refused = re.search(
        r"No permissions to create new namespace|Creating new namespace failed"
        r"|Failed to make / slave|pivot_root|No permissions to creat",
        words,
    )
    if re.search(r"Can't mount proc on", words):
        return _COVERED
    if re.search(r"setuid mode|setuid use of", words):
        return _SETUID.format(program=program)
    if "Unexpected capabilities but not setuid" in words:
        return _CAPABILITIES.format(program=program)
    if re.search(r"setting up uid map|Failed RTM_NEWADDR", words):
        restricted = machine.setting("apparmor_restrict_unprivileged_userns") == "1"
        return _PROFILE if restricted or not machine.container else _SECCOMP
    if not refused:
        return ""
    if "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016" in machine.setting("/version"):
        return _GVISOR
    if "No space left on device" in words or machine.setting("max_user_namespaces") == "0":
        return _MOST
    if machine.setting("unprivileged_userns_clone") == "0":
        return _CLONE
    if machine.setting("apparmor_restrict_unprivileged_userns") == "1":
        return _PROFILE
    if machine.container:
        return _SECCOMP
    return _NO_USER_NAMESPACES if "Invalid argument" in words else _MOST
