"""Read a zip that may be anybody's: nothing of it is unpacked but what is looked at first."""

from __future__ import annotations

import io
import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from nbjudge.batch.submissions import LARGEST
from nbjudge.lms.entries import (
    decoded_name,
    is_junk,
    when_changed,
    why_absurd,
    why_hostile,
    why_too_much,
)
from nbjudge.untrusted_text import one_line

_MOST_ENTRIES = 200_000
_BEFORE_THE_NAME = 30  # bytes of an entry's own header
_BLOCK = 1 << 16


class ArchiveError(ValueError):
    """A zip cannot be used; the message says which entry and why."""


@dataclass(frozen=True)
class Entry:
    """A file of a zip or of a folder.

    Attributes
    ----------
    name : str
        Its path, with ``/`` between the parts.
    size : int
        Its bytes, as the zip claims.
    when : datetime or None
        When it was changed, by the clock of who made the zip; None where that is not said.
    place : object
        What the archive reads it by.
    """

    name: str
    size: int
    when: datetime | None
    place: object


class Archive:
    """The files of a zip, or of a folder that somebody has unpacked.

    Parameters
    ----------
    path : Path
        The zip or folder.

    Attributes
    ----------
    entries : list of Entry
        The files, without what macOS and Windows add.
    refused : list of tuple of str and str
        Files that are not taken, and why.

    Raises
    ------
    ArchiveError
        If it is no zip, or one that no system has made: with paths that climb out, links, or
        entries that are there twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.refused: list[tuple[str, str]] = []
        self._zip: zipfile.ZipFile | None = None
        self._inner: tuple[Entry, zipfile.ZipFile, int] | None = None
        if path.is_dir():
            self.entries = list(self._of_folder())
            return
        try:
            self._zip = zipfile.ZipFile(path)
        except FileNotFoundError:
            raise ArchiveError(f"{path}: there is no such file") from None
        except OSError as error:
            raise ArchiveError(f"{path}: cannot be read ({error.strerror or error})") from None
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            raise ArchiveError(f"{path}: not a zip ({one_line(str(error), 200)})") from None
        try:
            self.entries = list(self._of_zip(self._zip, path.stat().st_size, str(path)))
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._zip is not None:
            self._zip.close()

    def read(self, entry: Entry) -> bytes:
        """Return the contents of a file.

        Raises
        ------
        ArchiveError
            If it is larger than it claims, damaged, or encrypted.
        """
        if isinstance(entry.place, Path):
            try:
                return entry.place.read_bytes()
            except OSError as error:
                raise ArchiveError(f"{entry.name}: cannot be read ({error.strerror})") from None
        if isinstance(entry.place, _Inside):
            inner, _ = self._open(entry.place.outer)
            return _read(inner, entry, entry.place.info)
        assert self._zip is not None and isinstance(entry.place, zipfile.ZipInfo)
        return _read(self._zip, entry, entry.place)

    def inside(self, entry: Entry) -> list[Entry]:
        """List the files of a zip that a student has put into the download.

        Raises
        ------
        ArchiveError
            As for the download itself; what is not taken of it counts as an error.
        """
        refused, self.refused = self.refused, []
        try:
            found = list(self._of_zip(*self._open(entry), entry.name))
            for name, what in self.refused:
                raise ArchiveError(f"{entry.name}: {name}: {what}")
        except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
            if isinstance(error, ArchiveError):
                raise
            raise ArchiveError(f"{entry.name}: not a zip ({one_line(str(error), 200)})") from None
        finally:
            self.refused = refused
        return [replace(one, place=_Inside(entry, one.place)) for one in found]

    def _open(self, entry: Entry) -> tuple[zipfile.ZipFile, int]:
        """Open a zip in the zip; the last one stays open, since its files are read in turn."""
        if self._inner is None or self._inner[0] is not entry:
            self._inner = None
            data = self.read(entry)
            self._inner = entry, zipfile.ZipFile(io.BytesIO(data)), len(data)
        return self._inner[1:]

    # -- what there is --------------------------------------------------------------------------

    def _of_zip(self, archive: zipfile.ZipFile, size: int, path: str) -> Iterator[Entry]:
        infos = archive.infolist()
        if len(infos) > _MOST_ENTRIES:
            raise ArchiveError(f"{path}: {len(infos)} entries, more than {_MOST_ENTRIES}")
        packed = sum(info.compress_size + _BEFORE_THE_NAME for info in infos)
        if packed > size:
            raise ArchiveError(f"{path}: its entries overlap: this is a zip bomb")
        seen: set[str] = set()
        for info in infos:
            shown = one_line(info.orig_filename or info.filename, 200)
            what = why_hostile(info)
            if what is not None:
                raise ArchiveError(f"{path}: {shown}: {what}: no system makes such a zip")
            if info.is_dir():
                continue
            name = unicodedata.normalize("NFC", decoded_name(info))
            if name in seen:
                raise ArchiveError(f"{path}: {shown}: is in the zip twice")
            seen.add(name)
            if is_junk(name):
                continue
            what = why_too_much(info)
            if what is not None:
                self.refused.append((name, what))
                continue
            yield Entry(name, info.file_size, when_changed(info), info)

    def _of_folder(self) -> Iterator[Entry]:
        waiting = [(self.path, "")]
        count = 0
        while waiting:
            folder, below = waiting.pop()
            for entry in sorted(os.scandir(folder), key=lambda one: one.name):
                count += 1
                name = f"{below}{entry.name}"
                if is_junk(name):
                    continue
                what = why_absurd(name)
                if entry.is_symlink():
                    what = "a link"
                if count > _MOST_ENTRIES:
                    raise ArchiveError(f"{self.path}: more than {_MOST_ENTRIES} files")
                if what is not None:
                    self.refused.append((name, what))
                elif entry.is_dir():
                    waiting.append((Path(entry.path), f"{name}/"))
                elif not entry.is_file():
                    self.refused.append((name, "not an ordinary file"))
                elif entry.stat().st_size > LARGEST:
                    self.refused.append((name, f"{entry.stat().st_size} bytes"))
                else:
                    when = datetime.fromtimestamp(entry.stat().st_mtime)
                    yield Entry(name, entry.stat().st_size, when, Path(entry.path))


@dataclass(frozen=True)
class _Inside:
    """Where a file of a zip in the download is."""

    outer: Entry
    info: Any


def _read(archive: zipfile.ZipFile, entry: Entry, info: zipfile.ZipInfo) -> bytes:
    parts, count = [], 0
    try:
        with archive.open(info) as file:
            while block := file.read(_BLOCK):
                count += len(block)
                if count > min(entry.size, LARGEST):
                    raise ArchiveError(f"{entry.name}: larger than the zip says")
                parts.append(block)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise ArchiveError(f"{entry.name}: damaged ({one_line(str(error), 200)})") from None
    except (RuntimeError, NotImplementedError):
        raise ArchiveError(f"{entry.name}: encrypted, or packed in an unusual way") from None
    return b"".join(parts)
