"""What an entry of a zip may be: names, kinds and sizes that are refused, and what they say."""

from __future__ import annotations

import stat
import zipfile
from datetime import datetime
from pathlib import PurePosixPath

from nbjudge.batch.handed_in import DEEPEST, MOST_FILES
from nbjudge.batch.submissions import LARGEST

_LONGEST_NAME = 255  # bytes, of a part of a path: what file systems have
_LONGEST_PATH = 1000
_RATIO = 1000
"""How much smaller a file may be in a zip; text of a notebook is some ten times smaller."""
_SMALL = 1 << 20
_JUNK = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


def why_hostile(info: zipfile.ZipInfo) -> str | None:
    """Say why an entry is none of a system's, if so."""
    raw = info.orig_filename or info.filename
    if "\0" in raw:
        return "its name has a zero byte"
    name = raw.replace("\\", "/")
    if name.startswith("/") or PurePosixPath(name).is_absolute():
        return "its path is absolute"
    if len(name) > 1 and name[1] == ":" and name[0].isalpha() and name[2:3] in ("/", ""):
        return "its path is absolute"
    if ".." in name.split("/"):
        return "its path climbs out of the zip"
    mode = info.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "it is a link"
    if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "it is not an ordinary file"
    return None


def why_absurd(name: str) -> str | None:
    """Say why a file cannot have this name, if so."""
    parts = name.split("/")
    try:
        lengths = [len(part.encode()) for part in parts]
    except UnicodeEncodeError:
        return "its name is not UTF-8 text"
    if any(not sign.isprintable() for sign in name):
        return "its name has control characters"
    if "" in parts or "." in parts:
        return "its path has empty parts"
    if max(lengths) > _LONGEST_NAME or sum(lengths) > _LONGEST_PATH:
        return "its name is too long"
    if len(parts) > DEEPEST:
        return f"its folders are nested more than {DEEPEST} deep"
    return None


def why_too_much(info: zipfile.ZipInfo) -> str | None:
    """Say why a file is not taken, if so."""
    if info.file_size > LARGEST:
        return f"{info.file_size} bytes, more than {LARGEST}: a zip bomb?"
    if info.file_size > _SMALL and info.file_size > _RATIO * max(info.compress_size, 1):
        return f"{info.compress_size} bytes that unpack to {info.file_size}: a zip bomb?"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    return why_absurd(info.filename)


def decoded_name(info: zipfile.ZipInfo) -> str:
    """Return an entry's name; some systems write UTF-8 and do not say so."""
    if not info.flag_bits & 0x800:
        try:
            return info.filename.encode("cp437").decode()
        except UnicodeError:
            pass
    return info.filename


def when_changed(info: zipfile.ZipInfo) -> datetime | None:
    try:
        found = datetime(*info.date_time)
    except ValueError:
        return None
    return found if found.year > 1980 else None  # what zips without times have


def is_junk(name: str) -> bool:
    parts = name.split("/")
    return any(part in _JUNK for part in parts) or parts[-1].startswith("._")


def check_submission(names_and_sizes: dict[str, int]) -> str | None:
    """Say why the files of one submission together are too much, if so."""
    for name in names_and_sizes:
        if any(str(parent) in names_and_sizes for parent in PurePosixPath(name).parents):
            return f"a file and a folder have one name ({name})"
    if len(names_and_sizes) > MOST_FILES:
        return f"{len(names_and_sizes)} files, more than {MOST_FILES}"
    size = sum(names_and_sizes.values())
    return f"{size} bytes in all, more than {LARGEST}" if size > LARGEST else None
