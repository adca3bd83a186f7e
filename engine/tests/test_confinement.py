"""The sandbox's filter and namespaces: what they forbid, and that nothing outlives a submission."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cells import code_cell
from nbjudge.sandbox.inside.system_calls import FORBIDDEN, NUMBERS, filter_program
from pythons import OURS, SUPPORTED, find

HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}
AUDIT_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
TRY_SOCKETS = """
import socket
found = []
for family in range(50):
    try:
        socket.socket(family, socket.SOCK_STREAM).close()
        found.append(family)
    except OSError as error:
        if error.errno not in (97, 93, 94, 22): found.append((family, error.errno))
print(found)
"""
LEAVE_CONNECTIONS = """
import socket
before = open("/proc/net/tcp").read().count("\\n")  # the kernel itself listens
for _ in range(5):
    server = socket.create_server(("127.0.0.1", 0))
    client = socket.create_connection(server.getsockname())
    there, _ = server.accept()
    client.close(), there.close(), server.close()
print(before, open("/proc/net/tcp").read().count("\\n"))
"""
LOOK = """
import re
counters = re.findall(r"^ *(lo):(.*)", open("/proc/net/dev").read(), re.M)
print(open("/proc/net/tcp").read().count("\\n"), [sum(map(int, c.split())) for _, c in counters])
"""


def said(cell):
    return "".join(output.get("text", str(output)) for output in cell.outputs).strip()


def numbers_of_this_machine(machine):
    """Return what the C library's or libseccomp's own tables say."""
    library = ctypes.util.find_library("seccomp")
    if library is not None:
        seccomp = ctypes.CDLL(library)
        resolve = seccomp.seccomp_syscall_resolve_name_arch
        return {n: resolve(AUDIT_ARCH[machine], n.encode()) for n in NUMBERS[machine]}
    header = Path(HEADERS[machine]).read_text()
    found = re.findall(r"#define __NR\w*?_(\w+)\s+(\d+)", header)
    return {name: int(number) for name, number in found if name in NUMBERS[machine]}


@pytest.mark.parametrize("machine", NUMBERS)
def test_system_calls_have_their_numbers(machine):
    """Each name that is forbidden has the number that Linux gives it on that machine."""
    theirs = numbers_of_this_machine(machine)
    assert {name: theirs[name] for name in NUMBERS[machine]} == NUMBERS[machine]
    assert set(FORBIDDEN) <= set(NUMBERS[machine])


def test_a_machine_without_a_table_has_no_filter():
    """Its numbers would be guesses."""
    assert filter_program("riscv64") is None


def test_sockets_are_of_the_kinds_that_the_namespace_holds(execute, proven_sandbox):
    """UNIX, IPv4, IPv6 and netlink; a virtual machine's AF_VSOCK leads out of every namespace."""
    (cell,) = execute(code_cell(TRY_SOCKETS))
    # AF_NETLINK has no streams, which the kernel says before it looks at the family's own rules.
    assert said(cell) in ("[1, 2, 10]", "[1, 2]")


def test_no_connection_outlives_its_submission(execute, proven_sandbox):
    """What is closed stays visible for a minute, so each submission has a network of its own."""
    before, after = said(execute(code_cell(LEAVE_CONNECTIONS))[0]).split()
    assert int(after) >= int(before) + 5
    assert said(execute(code_cell(LOOK))[0]) == f"{before} [0]"


def test_a_submission_does_not_learn_how_many_processes_others_had(execute, proven_sandbox):
    """Ids of processes count on and on, so that they would be a note for the next one.

    Only root may begin them anew: `SECURITY.md` says so of sandboxes of ordinary users.
    """
    look = "import os; print(os.getpid())"
    begin = "for _ in range(300):\n    if not os.fork(): os._exit(0)\n    os.wait()"
    before = said(execute(code_cell(f"{look}\n{begin}"))[0])
    after = said(execute(code_cell(look))[0])
    assert (after == before) if os.getuid() == 0 else int(after) > int(before)


def test_the_machine_is_not_told_from_others(execute, proven_sandbox):
    """Neither the kernel's command line nor the id of this boot can be read."""
    names = ["/proc/cmdline", "/proc/sys/kernel/random/boot_id"]
    code = f"for name in {names}:\n    try: print(open(name).read())\n    except OSError: pass"
    assert said(execute(code_cell(code))[0]) == ""


@pytest.fixture(scope="module")
def other_python(tmp_path_factory):
    """Return the Python of a virtual environment with what a kernel needs, of another version."""
    lock = (Path(__file__).resolve().parents[2] / "requirements.txt").read_text()
    pins = re.findall(r"^(?:ipykernel|numpy)==[^ \\\n]+", lock, re.MULTILINE)
    assert len(pins) == 2
    folder = tmp_path_factory.mktemp("other") / "venv"
    uv = Path(sys.executable).parent / "uv"
    other = find(*(version for version in SUPPORTED if version != OURS))
    subprocess.run([uv, "venv", "-q", "--python", other, folder], check=True)
    python = folder / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", python, *pins], check=True)
    return python


@pytest.mark.parametrize("judge", [True, False])
@pytest.mark.parametrize("sandbox", [True, False])
def test_students_may_have_another_python(execute, other_python, judge, sandbox):
    """The kernel, and what it imports and starts, is the course's Python; tests call it."""
    asked = subprocess.run(
        [other_python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True
    )
    cells = execute(
        code_cell("import subprocess, sys, numpy as np\nprint(sys.version, sys.prefix)"),
        code_cell("def f(x):\n    return np.ones(3) * x"),
        code_cell("import numpy as np\nassert np.allclose(f(2.0), 2)", "t", grade=True, points=1),
        code_cell("print(subprocess.run(['python', '-c', 'import sys; print(sys.prefix)'],"
                  " capture_output=True, text=True).stdout)"),
        judge=judge, sandbox=sandbox, python=str(other_python), cpu_seconds=20,
    )  # fmt: skip
    prefix = str(other_python.parent.parent)
    assert said(cells[0]) == f"{asked.stdout.strip()} {prefix}"
    assert not cells[2].outputs
    if sandbox:
        assert said(cells[3]) == prefix
        (missing,) = execute(code_cell("import sklearn"), python=str(other_python))[0].outputs
        assert missing.ename == "ModuleNotFoundError"


def test_a_python_that_is_none_is_named(execute):
    """Nothing is graded, and the setting is named."""
    with pytest.raises(Exception, match=r"c\.SandboxedExecute.python: /bin/false is no Python"):
        execute(code_cell("1"), python="/bin/false")
