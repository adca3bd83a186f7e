"""What goes into a sandbox, as one archive."""

from __future__ import annotations

import io
import tarfile


def pack_files(files: dict[str, bytes]) -> bytes:
    """Pack files into a tar archive, by name; none into no archive."""
    if not files:
        return b""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return buffer.getvalue()
