"""What the engine is told of an effect."""

from __future__ import annotations

from typing import NamedTuple

from .. import _mixdsp
from ._parameters import Reading


class ReadingPlace(NamedTuple):
    """Where the engine keeps a reading."""

    id: int
    reading: Reading


class Recipe:
    """What is built from processors: the engine's own tree of it, and its readings."""

    __slots__ = ()

    def _recipe(self) -> _mixdsp.Recipe:
        """As the engine has it."""
        raise NotImplementedError

    def _named_readings(self) -> dict[str, Reading]:
        """Every reading by its path."""
        raise NotImplementedError

    def _takes_sidechain(self) -> bool:
        return self._recipe().takes_sidechain()

    def _readings(self) -> dict[str, ReadingPlace]:
        recipe = self._recipe()
        found = {}
        for path, reading in self._named_readings().items():
            id = recipe.reading(path)
            assert id is not None
            found[path] = ReadingPlace(id, reading)
        return found
