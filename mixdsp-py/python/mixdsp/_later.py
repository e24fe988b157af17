"""Names that are imported when they are first asked for, so that effects alone are there at once."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ._nearest import nearest


def names_of(package: str, homes: Mapping[str, Sequence[str]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """``__getattr__`` and ``__dir__`` of a package that has these modules, and these names of them.

    Type checkers must not see this: to them every name would exist.
    """
    modules = {module: module for module in homes} | {name: home for home, names in homes.items() for name in names}

    def get(name: str) -> Any:
        if name not in modules:
            known = () if name.startswith("_") else names()
            raise AttributeError(f"module {package!r} has no attribute {name!r}{nearest(name, known)}")
        module = importlib.import_module(f"{package}.{modules[name]}")
        found = module if name == modules[name] else getattr(module, name)
        setattr(sys.modules[package], name, found)
        return found

    def names() -> list[str]:
        public = (name for name in modules if name.isidentifier() and not name.startswith("_"))
        return sorted({*vars(sys.modules[package]), *public})

    return get, names
