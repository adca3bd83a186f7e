"""Whether this machine can grade: what the doctor says, and what a batch does where it cannot."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
import subprocess
import sys
import types
from contextlib import closing
from pathlib import Path

import pytest
import small_course
from courses import ROOT
from nbgrader.coursedir import CourseDirectory
from nbjudge.commands import course_checks
from nbjudge.commands.refusals import Machine, remedy
from traitlets.config import Config


def doctor(folder, **environment):
    """Run the command in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "nbjudge", "doctor"],
        cwd=folder,
        env={**small_course.environment(), **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def no_sandbox(tmp_path):
    """Return a PATH on which bubblewrap is a program that refuses."""
    programs = tmp_path / "programs"
    programs.mkdir()
    fake = programs / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    fake.chmod(0o755)
    return f"{programs}{os.pathsep}{os.environ['PATH']}"


def test_a_machine_that_can_grade_is_told_so(small_course_copy):
    """One line a check, the kernel and the gradebook among them."""
    result = doctor(small_course_copy)
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert [line.split()[1] for line in lines] == [
        "system:", "bubblewrap:", "sandbox:", "kernel:", "configuration:", "gradebook:", "rights:",
        "git:", "imports:", "formgrader:",
    ]  # fmt: skip
    looks = [line for line in lines if not line.startswith("ok ")]
    assert len(looks) == 1  # this course restates nbgrader's lists
    assert looks[0].startswith("look    configuration: c.Autograde.sanitize_preprocessors has no")


def test_settings_that_keep_a_right_answer_from_passing_are_found(small_course_copy):
    """The kernel is tried with the settings of the course."""
    with (small_course_copy / "nbgrader_config.py").open("a") as config:
        config.write("c.SandboxedExecute.memory = 1 << 20\n")
    result = doctor(small_course_copy)
    assert result.returncode == 1
    assert "FAILED  kernel:" in result.stderr


def test_a_machine_without_sandboxes_is_told_why(tmp_path, no_sandbox):
    """What bubblewrap says is in the message, and the other checks are made all the same."""
    # Of the students' JupyterLab, which has no formgrader and so not what protects it.
    result = doctor(tmp_path, PATH=no_sandbox, JUPYTER_CONFIG_PATH=str(ROOT / "students"))
    assert result.returncode == 1
    assert "FAILED  formgrader:" in result.stderr
    assert "share/jupyter_server_config.d/nbjudge.json" in result.stderr
    for check in ("sandbox", "kernel"):
        assert f"FAILED  {check}:" in result.stderr
    assert "No permissions to create new namespace" in result.stderr
    assert "no nbgrader_config.py here" in result.stderr
    assert "ok      bubblewrap" in result.stdout


@pytest.fixture
def course(small_course_copy):
    """Return a course's folder and settings, as the doctor's checks take them."""

    def opened(line=""):
        config = Config()
        config.CourseDirectory.root = str(small_course_copy)
        exec(f"import nbjudge; nbjudge.configure(c)\n{line}", {"c": config})
        return CourseDirectory(config=config), config

    opened.root = small_course_copy
    return opened


REFUSALS = {
    "covered /proc": (
        "bwrap: Can't mount proc on /newroot/proc: Operation not permitted", {}, True,
        ["systempaths=unconfined", "procMount", "/proc/kcore"],
    ),
    "seccomp of a container": (
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow "
        "non-privileged user namespaces. On e.g. debian this can be enabled with 'sysctl "
        "kernel.unprivileged_userns_clone=1'.", {}, True, ["seccomp=PROFILE.json", "seccompProfile"],
    ),
    "seccomp of a container, as root": (
        "bwrap: Creating new namespace failed: Operation not permitted", {}, True, ["seccomp="],
    ),
    "seccomp that forbids mounts": (
        "bwrap: Failed to make / slave: Operation not permitted", {}, True, ["seccomp="],
    ),
    "AppArmor of Ubuntu 24.04": (
        "bwrap: setting up uid map: Permission denied",
        {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, False,
        ["/etc/apparmor.d/bwrap", "userns", "apparmor_parser -r"],
    ),
    "AppArmor, in its other words": (
        "bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted",
        {"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, False,
        ["/etc/apparmor.d/bwrap"],
    ),
    "no user namespaces": (
        "bwrap: Creating new namespace failed: No space left on device",
        {"/proc/sys/user/max_user_namespaces": "0"}, False, ["user.max_user_namespaces=15000"],
    ),
    "Debian's switch": (
        "bwrap: No permissions to create new namespace, likely because the kernel does not allow "
        "non-privileged user namespaces.", {"/proc/sys/kernel/unprivileged_userns_clone": "0"}, False,
        ["kernel.unprivileged_userns_clone=1"],
    ),
    "setuid": (
        "bwrap: --cap-add in setuid mode can be used only by root", {}, False,
        ["chmod u-s /usr/bin/bwrap"],
    ),
    "file capabilities": (
        "bwrap: Unexpected capabilities but not setuid, old file caps config?", {}, False,
        ["setcap -r /usr/bin/bwrap"],
    ),
    "gVisor": (
        "bwrap: Creating new namespace failed: Invalid argument",
        {"/proc/version": "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016"}, True,
        ["gVisor", "runtimeClassName"],
    ),
    "a kernel without them": (
        "bwrap: Creating new namespace failed: Invalid argument", {"/proc/version": "Linux"}, False,
        ["CONFIG_USER_NS"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("words", "settings", "container", "said"), REFUSALS.values(), ids=REFUSALS
)
def test_each_refusal_of_bubblewrap_has_its_narrowest_remedy(words, settings, container, said):
    """By its own words; none of the remedies opens the machine to all programs."""
    text = remedy(f"the sandbox ended: {words}", Machine(settings, container), "/usr/bin/bwrap")
    assert all(part in text for part in said), text
    assert "apparmor_restrict_unprivileged_userns=0" not in text
    assert "--privileged" not in text


def test_a_switch_alone_explains_nothing():
    """What works is not called broken, whatever is set; unknown words have no remedy."""
    machine = Machine({"/proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1"}, False)
    assert remedy("", machine) == ""
    assert remedy("the sandbox ended: bwrap: execvp python: No such file", machine) == ""


def test_the_remedy_is_in_the_doctors_line(tmp_path):
    """With a program in bubblewrap's place that refuses as in a container with a covered /proc."""
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "bwrap").write_text(
        '#!/bin/sh\necho "bwrap: Can\'t mount proc on /newroot/proc: Operation not permitted" >&2\nexit 1\n'
    )
    (programs / "bwrap").chmod(0o755)
    result = doctor(tmp_path, PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")
    assert result.returncode == 1
    line = next(line for line in result.stderr.splitlines() if "sandbox:" in line)
    assert "systempaths=unconfined" in line


def test_the_gradebook_is_written_and_nothing_stays(course, monkeypatch):
    """Locked, written in a transaction, rolled back; without one, a new one is tried."""
    monkeypatch.setattr(course_checks, "_SECOND", 100)  # milliseconds: nobody will let go
    file = course.root / "gradebook.db"
    before = small_course.tables(small_course.sqlite(course.root))
    assert course_checks.gradebook(*course()) == "can be locked and written"
    assert small_course.tables(small_course.sqlite(course.root)) == before
    with closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(
            RuntimeError, match="database is locked: wait until the program"
        ) as error:
            course_checks.gradebook(*course())
    opened = {descriptor.resolve() for descriptor in Path("/proc/self/fd").iterdir()}
    assert file.resolve() not in opened, error  # closed, although the error is still looked at
    file.unlink()
    assert "one can be made" in course_checks.gradebook(*course())
    assert not file.exists() and not list(course.root.glob(".nbjudge-doctor*"))
    with pytest.raises(RuntimeError, match=r"postgresql://ada:\*\*\*@127"):
        course_checks.gradebook(
            *course("c.CourseDirectory.db_url = 'postgresql://ada:x@127.0.0.1:9/n'")
        )


def test_a_folder_without_locks_is_told_apart(course, monkeypatch):
    """As on NFS without its lock service."""

    def refuse(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("nbjudge.batch.lock.fcntl.lockf", refuse)
    with pytest.raises(RuntimeError, match="does not lock files"):
        course_checks.gradebook(*course())


def test_what_other_users_can_read_is_named(course, tmp_path, monkeypatch):
    """On a shared machine that is a failure; closing the course's folder is the remedy."""
    monkeypatch.setattr(course_checks, "_others_get_in", lambda folder: True)  # pytest's is closed
    exchange = tmp_path / "exchange"
    exchange.mkdir()
    for path in (course.root, *course.root.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    line = f"c.Exchange.root = {str(exchange)!r}"
    with pytest.raises(RuntimeError) as error:
        course_checks.rights(*course(line))
    assert "source, submitted, gradebook.db" in str(error.value)
    assert str(error.value).endswith(f"chmod o-rwx {course.root}")
    for name in ("source", "submitted", "gradebook.db"):
        (course.root / name).chmod(0o700)
    assert "cannot read" in course_checks.rights(*course(line))
    (course.root / "exchange").mkdir()
    inside = f"c.Exchange.root = {str(course.root / 'exchange')!r}"
    with pytest.raises(RuntimeError, match="is inside the course"):
        course_checks.rights(*course(inside))


def test_a_closed_folder_is_enough(course):
    """Whatever the rights of the files in it are."""
    course.root.chmod(0o700)
    assert "cannot enter" in course_checks.rights(*course())


def test_what_git_would_publish_is_named(course):
    """Also `downloaded/`, where nbgrader's zip_collect puts what students sent."""
    assert "no git repository" in course_checks.git(*course())
    subprocess.run(["git", "init", "-q", course.root], check=True)
    names = ["/submitted/", "/autograded/", "/feedback/", "*.db", "*.csv"]
    (course.root / ".gitignore").write_text("\n".join(names))
    with pytest.raises(course_checks.Look, match=r"add to \.gitignore: /downloaded/$"):
        course_checks.git(*course())
    (course.root / ".gitignore").write_text("\n".join([*names, "/downloaded/"]))
    assert "are ignored" in course_checks.git(*course())


def test_an_installed_reference_library_is_found(course, tmp_path, monkeypatch):
    """A course that is installed, and not editable, shows its library to every submission."""
    assert "no module of the course" in course_checks.imports(*course())
    packages = tmp_path / "site-packages"
    monkeypatch.setattr("sys.path", [*sys.path, str(packages)])
    python = types.SimpleNamespace(folders=[str(packages)])
    monkeypatch.setattr(course_checks, "find_interpreter", lambda: python)
    (packages / "reference").mkdir(parents=True)
    (packages / "reference" / "numbers.py").write_text("# another package of this name\n")
    assert "no module of the course" in course_checks.imports(*course())
    shutil.copytree(course.root / "reference", packages / "reference", dirs_exist_ok=True)
    with pytest.raises(RuntimeError, match=r"submissions can import reference \(.*site-packages"):
        course_checks.imports(*course())


def test_a_course_whose_nbgrader_runs_without_a_sandbox_is_found(course):
    """A list that was assigned after the engine's line; formgrader would use it."""
    line = "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']"
    with pytest.raises(RuntimeError, match="run submissions without a sandbox"):
        course_checks.configuration(*course(line))


def test_help_makes_no_check(tmp_path):
    """`doctor --help` explains the command."""
    result = subprocess.run(
        [sys.executable, "-m", "nbjudge", "doctor", "--help"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0
    assert "ok " not in result.stdout and "remedy" in result.stdout


def test_a_batch_on_such_a_machine_ends_and_blames_no_submission(
    small_course_copy, undisturbed, no_sandbox, monkeypatch
):
    """One message for the class, not one a student; a rerun elsewhere grades everybody."""
    with monkeypatch.context() as patch:
        patch.setenv("PATH", no_sandbox)
        result = small_course.grade(small_course_copy, "--workers", "1", check=False)
    assert result.returncode == 1
    assert "no submission can be run on this machine" in result.stderr
    assert "No permissions to create new namespace" in result.stderr
    assert "0 of 9 submissions are graded" in result.stderr
    assert small_course.Fork(small_course_copy, "--workers=1").end() == 0
    assert small_course.state(small_course_copy) == undisturbed
