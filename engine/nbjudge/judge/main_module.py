"""``__main__`` of a judge: what `pickle`, `unittest` and `doctest` take for the notebook."""

from __future__ import annotations

import sys
import types
from typing import Any

from nbjudge.judge.namespace import Namespace


class MainModule(types.ModuleType):
    """``__main__`` of a judge: its attributes are the names of the tests.

    So ``pickle``, ``unittest.main`` and ``patch("__main__.f")`` find what a test defines.
    """

    def __init__(self, namespace: Namespace) -> None:
        super().__init__("__main__")
        object.__setattr__(self, "_namespace", namespace)
        object.__setattr__(self, "_seen", {})

    @property
    def __dict__(self) -> dict[str, Any]:  # type: ignore[override]
        """The names of the tests and the exercises of the notebook, as `doctest` looks for them."""
        seen: dict[str, Any] = object.__getattribute__(self, "_seen")
        namespace = object.__getattribute__(self, "_namespace")
        seen.clear()
        seen.update(namespace.exercises() | namespace)
        return seen

    def __getattr__(self, name: str) -> Any:
        namespace = object.__getattribute__(self, "_namespace")
        if name in namespace:
            return namespace[name]
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return namespace.find(name)
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        object.__getattribute__(self, "_namespace")[name] = value

    def __delattr__(self, name: str) -> None:
        namespace = object.__getattribute__(self, "_namespace")
        if name not in namespace:
            raise AttributeError(name)
        namespace.unbind(name)

    def __dir__(self) -> list[str]:
        return sorted(object.__getattribute__(self, "_namespace"))


def become_main(namespace: Namespace) -> None:
    """Make the names of the tests those of ``__main__``."""
    sys.modules["__main__"] = MainModule(namespace)
