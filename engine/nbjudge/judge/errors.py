"""Exceptions of libraries, which a test may wait for by their own classes."""

from __future__ import annotations

import sys
import types

from nbjudge.judge.remote import Description

_LIBRARIES = frozenset(
    {"argparse", "binascii", "configparser", "copy", "csv", "_csv", "dataclasses", "decimal"}
    | {"email", "getopt", "graphlib", "html", "http", "json", "locale", "lzma", "pickle", "_pickle"}
    | {"re", "shutil", "socket", "sqlite3", "ssl", "statistics", "struct", "subprocess", "tarfile"}
    | {"urllib", "xml", "zipfile", "zlib", "zoneinfo"}
    | {"PIL", "bs4", "matplotlib", "networkx", "numpy", "pandas", "requests", "scipy", "seaborn"}
    | {"sklearn", "sqlalchemy", "statsmodels", "sympy", "torch"}
)
"""Libraries whose exceptions are no more than that. One of `unittest` or `pytest` skips a test."""


def error_of_library(about: Description) -> type[Exception] | None:
    """Return this side's own class for a library's exception; nothing is imported for it.

    A student's class may say that it is one, and wins nothing that raising the library's does not.
    """
    module = sys.modules.get(about.module)
    if about.module.split(".")[0] not in _LIBRARIES or not isinstance(module, types.ModuleType):
        return None
    found = vars(module).get(about.qualname)
    return found if isinstance(found, type) and issubclass(found, Exception) else None
