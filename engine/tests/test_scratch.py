"""Folders of processes that were killed are removed, and nobody else's."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile

from cells import code_cell
from nbjudge import temp_folders as scratch


def test_folders_of_processes_that_are_gone_are_removed(tmp_path, monkeypatch):
    """Those of living processes, of other machines, links and strangers' folders stay."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(scratch, "_SHORT", str(tmp_path))
    made = subprocess.run(
        [sys.executable, "-c", "from nbjudge.temp_folders import prefix; print(prefix())"],
        capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    gone = tmp_path / f"{made}abc"
    (gone / "inside").mkdir(parents=True)
    (gone / "inside" / "file").touch()
    elsewhere = re.sub("nbjudge-......", "nbjudge-zzzzzz".replace("z", "0"), made)
    kept = [
        tmp_path / f"{scratch.prefix()}abc",
        tmp_path / f"{elsewhere}abc",
        tmp_path / "nbjudge-abc",
    ]
    for folder in kept:
        folder.mkdir()
    link = tmp_path / f"{made}link"
    link.symlink_to(kept[0])
    assert scratch.remove_stale() == [str(gone)]
    assert not gone.exists() and link.is_symlink()
    assert all(folder.is_dir() for folder in kept)


def test_a_folder_that_its_own_process_removes_meanwhile_is_no_fault(tmp_path, monkeypatch):
    """Another command on this machine ends at the moment at which this one looks round."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    going = tmp_path / re.sub(r"-\d+-$", "-4194305-", scratch.prefix())
    going.mkdir()  # of no process: Linux has no larger id than 4194304

    def ends(path):
        if str(path) != "/proc/4194305":
            return os.path.lexists(path)
        going.rmdir()
        return False

    monkeypatch.setattr(scratch, "_SHORT", str(tmp_path))
    monkeypatch.setattr(os.path, "exists", ends)
    assert scratch.remove_stale() == []
    assert not going.is_dir()


def test_sockets_have_short_paths_wherever_temporary_files_are(execute, tmp_path, monkeypatch):
    """Notebooks run below a folder whose name leaves no room for a socket's."""
    long = tmp_path / ("long" * 25)
    long.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(long))
    assert scratch.place_for_sockets() == "/tmp"
    assert execute(code_cell("6 * 7"))[0].outputs[0]["data"] == {"text/plain": "42"}


def test_a_folder_says_whose_it_is():
    """The process that made it, and no more than a name may be long."""
    assert re.fullmatch(rf"nbjudge-[0-9a-f]{{6}}-{os.getpid()}-", scratch.prefix())
