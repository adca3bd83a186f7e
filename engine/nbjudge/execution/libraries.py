"""What libraries keep of a call: settings, files, random generators that all share."""

from __future__ import annotations

from collections.abc import Iterable

LIBRARIES = frozenset(
    {"numpy", "math", "cmath", "matplotlib", "altair", "itertools", "functools", "collections"}
    | {"time", "statistics", "operator", "string", "textwrap", "fractions", "dataclasses"}
    | {"typing", "bisect", "heapq", "scipy", "sklearn", "pandas", "__future__", "csv", "re"}
    | {"json", "pathlib", "random", "datetime", "copy", "io", "warnings"}
)
"""Packages whose functions keep nothing of a call, but for those that `keeps_something` names."""
_SETTINGS = frozenset(
    {"rc", "rc_file", "rcdefaults", "rcParams", "style", "use", "ion", "ioff", "xkcd", "seterr"}
    | {"seterrcall", "setbufsize", "options", "switch_backend", "themes", "theme", "renderers"}
    | {"data_transformers", "colormaps", "connect", "tzset", "memmap", "interactive", "open"}
    | {"font_manager", "simplefilter", "filterwarnings", "resetwarnings", "field_size_limit"}
    | {"register_dialect", "unregister_dialect", "filters"}
)
"""Parts of them that are settings of the whole process."""
_OWN_STATE = frozenset({"default_rng", "Generator", "PCG64", "SeedSequence", "Random"})
"""What of ``random`` and ``numpy.random`` has a state of its own."""
DRAWS = frozenset(
    {"rvs", "sample", "fit", "partial_fit", "fit_predict", "fit_transform", "train_test_split"}
    | {"resample", "cross_val_score", "cross_val_predict", "cross_validate"}
)
"""What of scipy, pandas and sklearn may draw from numpy's global generator."""
NUMBERS = frozenset({"inf", "nan", "pi", "e", "tau", "newaxis"})
"""Parts of a module that are numbers, such as ``np.inf``."""
_SAID = frozenset({"__version__", "__name__", "__doc__"})
_OTHERS = frozenset({"os", "sys", "builtins", "shutil", "subprocess", "importlib", "ctypes", "gc"})
"""Modules that a library has imported for itself, and with which code reaches anything."""
_WHOLE = frozenset({"np", "numpy", "plt", "mpl", "matplotlib", "warnings", "pandas", "sklearn"})
"""Modules of libraries that are handed on by such a name."""
WRITES = frozenset(
    {"savefig", "save", "savetxt", "savez", "savez_compressed", "tofile", "dump", "write", "mkdir"}
    | {"write_text", "write_bytes", "writelines", "unlink", "rename", "touch", "print_figure"}
    | {"open", "symlink_to", "hardlink_to", "rmdir", "chmod", "imsave", "savemat", "mmwrite"}
    | {"open_memmap", "ExcelWriter", "HDFStore"}
    | {f"to_{kind}" for kind in ("csv", "excel", "feather", "hdf", "html", "json", "latex", "xml")}
    | {f"to_{kind}" for kind in ("markdown", "orc", "parquet", "pickle", "sql", "stata", "string")}
)
"""Methods that write a file, or may."""


def keeps_something(path: str, attributes: Iterable[str]) -> bool:
    """Return whether a part of a library keeps something of a call, such as a setting.

    Parameters
    ----------
    path : str
        What was imported, such as ``matplotlib.pyplot``.
    attributes : iterable of str
        What is asked of it, such as ``rcParams``; ``=`` last where it is set.
    """
    parts = [*path.split("."), *attributes]
    if parts[0] not in LIBRARIES or parts[-1] == "=":
        return True
    inner = [part for part in parts[1:] if part not in _SAID]
    if is_global_generator(path, attributes) or _OTHERS & {*inner} or _WHOLE & {*inner[-1:]}:
        return True
    return any(part in _SETTINGS | WRITES or part.startswith(("set_", "_")) for part in inner)


def is_global_generator(path: str, attributes: Iterable[str]) -> bool:
    """Return whether a part of a library is the random generator that all share, or of it."""
    parts = [*path.split("."), *attributes]
    return "random" in parts and not _OWN_STATE & {*parts[parts.index("random") + 1 :][:1]}
