"""What the judge knows of an object of the student's, and of its class."""

from __future__ import annotations

import dataclasses
import inspect
from typing import TYPE_CHECKING, Any, NamedTuple

from nbjudge.judge.contract import extend
from nbjudge.wire.failures import Place
from nbjudge.wire.frames import WireError
from nbjudge.wire.known_types import EXCEPTIONS
from nbjudge.wire.objects import EXTENDED, FIELD_FLAGS, SPECIAL_METHODS

if TYPE_CHECKING:
    from nbjudge.judge.objects import ObjectProxies


class Remote(NamedTuple):
    """What a proxy knows of the object that it stands for.

    Attributes
    ----------
    proxies : ObjectProxies
        Which made it.
    number : int
        The object's, on the kernel's side.
    place : Place
        Where it first came.
    kernel : int
        Which of the notebook's kernels has it.
    """

    proxies: ObjectProxies
    number: int | str
    place: Place
    kernel: int

    def use(self, step: str, operation: str | None, *args: Any, **kwargs: Any) -> Any:
        """Do something with the object; the result stands one step further."""
        return self.proxies.use(self, self.further(step), operation, args, kwargs)

    def further(self, step: str) -> Place:
        """Return the place one step further."""
        return tuple(extend(way, step) for way in self.place)


class Description(NamedTuple):
    """A class of the student's, as its kernel describes it.

    Attributes
    ----------
    name, module : str
        As it says.
    qualname : str
        As it says.
    exception : str or None
        The nearest known exception that it extends.
    answers : frozenset of str
        The special methods that it has.
    methods : frozenset of str
        Its other methods, as far as they are plain functions.
    extends : frozenset of str
        Names in `nbjudge.wire.objects.EXTENDED`.
    """

    name: str
    qualname: str
    module: str
    exception: str | None
    answers: frozenset[str]
    methods: frozenset[str]
    extends: frozenset[str]

    @classmethod
    def of_data(cls, data: Any) -> Description:
        """Read what the kernel says, which is a student's word."""
        try:
            texts = [data[key] for key in ("name", "qualname", "module")]
            lists = [data[key] for key in ("answers", "methods", "extends")]
        except (TypeError, KeyError):
            raise WireError("a class that is not described") from None
        exception = data.get("exception") if type(data) is dict else None
        told = [*texts, *([] if exception is None else [exception])]
        told += [name for found in lists if type(found) is list for name in found]
        if not all(type(found) is list for found in lists) or not all(
            type(text) is str and len(text) <= 1000 for text in told
        ):
            raise WireError("a class that is not described")
        return cls(
            texts[0] if texts[0].isidentifier() else "Object",
            texts[1],
            texts[2],
            exception if exception in EXCEPTIONS else None,
            SPECIAL_METHODS.intersection(lists[0]),
            frozenset(lists[1]),
            frozenset(EXTENDED).intersection(lists[2]),
        )


def signature_of(remote: Remote) -> inspect.Signature:
    """Make the signature that a callable of the student's has."""
    parameters = []
    for name, kind, optional, default in remote.use(".__signature__", "signature"):
        given = {"default": default} if optional else {}
        parameters.append(inspect.Parameter(name, inspect._ParameterKind(kind), **given))
    return inspect.Signature(parameters)


def fields_of(remote: Remote) -> dict[str, dataclasses.Field[Any]]:
    """Make the fields that a student's dataclass has: their names, and what they take part in.

    `dataclasses` knows its own fields alone.
    """
    found = {}
    for name, flags in remote.use(".__dataclass_fields__", "fields"):
        made = found[name] = dataclasses.field(**dict(zip(FIELD_FLAGS, flags, strict=True)))
        made.name, made._field_type = name, dataclasses._FIELD  # type: ignore[attr-defined]
    return found


def is_probe(name: str) -> bool:
    """Whether a library asks for something under a name that answers no test."""
    return (
        name.startswith(("__array", "_repr_", "_ipython_", "__cupy", "__dask", "__jax", "__torch"))
        or name in ("__objclass__", "__wrapped__", "__set_name__", "__isabstractmethod__")
        or name in ("__reduce__", "__reduce_ex__", "__getstate__", "__getnewargs_ex__", "__get__")
    )
