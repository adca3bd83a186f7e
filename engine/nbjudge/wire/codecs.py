"""Types of the standard library and of numpy that go over the wire by value: one row a type.

A codec takes a value apart into parts that the wire knows already, and builds it anew from them on
the other side. A value is looked up by its exact type: a subclass may behave in any way, so it does
not go as the type that it extends. What arrives is looked up by its name in this table and nowhere
else, and each part is checked before it is used.
"""

from __future__ import annotations

from typing import Any

from nbjudge.wire.codec import Codec
from nbjudge.wire.frames import WireError
from nbjudge.wire.numpy_codecs import NUMPY_CODECS
from nbjudge.wire.standard_codecs import STANDARD_CODECS

_CODECS = [*STANDARD_CODECS, *NUMPY_CODECS]
_by_type: dict[type, Codec] = {codec.kind: codec for codec in _CODECS}
_by_name: dict[str, Codec] = {codec.name: codec for codec in _CODECS}


def _learn_pandas() -> None:
    if "pandas.DataFrame" in _by_name:
        return
    try:
        from nbjudge.wire.pandas_codecs import PANDAS_CODECS
    except ImportError as error:
        raise WireError("a value of pandas, which is not installed for the tests") from error
    _by_type.update({codec.kind: codec for codec in PANDAS_CODECS})
    _by_name.update({codec.name: codec for codec in PANDAS_CODECS})


def _learn_figures() -> None:
    if "matplotlib.Figure" in _by_name:
        return
    try:
        from nbjudge.wire.figure_codecs import FIGURE_CODECS
    except ImportError as error:
        raise WireError("a figure of matplotlib, which is not installed for the tests") from error
    _by_type.update({codec.kind: codec for codec in FIGURE_CODECS})
    _by_name.update({codec.name: codec for codec in FIGURE_CODECS})


_LEARNED = {"pandas": _learn_pandas, "matplotlib": _learn_figures}
"""What is learned when a value of a package is met, for it is not imported before."""


def _package(kind: type) -> str:
    module = type.__getattribute__(kind, "__dict__").get("__module__")
    return module.split(".")[0] if type(module) is str else ""


def codec_of(kind: type) -> Codec | None:
    """Return how values of exactly this type cross, or None if they do not."""
    found = _by_type.get(kind)
    if found is None and (learn := _LEARNED.get(_package(kind))) is not None:
        learn()
        found = _by_type.get(kind)
    return found


def codec_named(name: Any) -> Codec:
    """Return the codec of a name that arrived.

    Raises
    ------
    WireError
        If there is none.
    """
    if type(name) is str and (learn := _LEARNED.get(name.partition(".")[0])) is not None:
        learn()
    if type(name) is not str or name not in _by_name:
        raise WireError("a value of an unknown kind")
    return _by_name[name]
