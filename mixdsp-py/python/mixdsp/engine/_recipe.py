"""What the engine is told of an effect."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from .. import _mixdsp
from ._parameters import Parameter, Reading

#: Number in the catalogue, config values, ids, values, name in the chain.
Unit = tuple[int, list[float], list[int], list[float], str]


class Place:
    """Where the engine keeps a parameter."""

    __slots__ = ("id", "parameter", "unit")

    def __init__(self, unit: int, id: int, parameter: Parameter[Any]) -> None:
        self.unit = unit
        self.id = id
        self.parameter = parameter

    def behind(self, units: int) -> Place:
        """The same with so many units before it."""
        return Place(self.unit + units, self.id, self.parameter)


class ReadingPlace(NamedTuple):
    """Where the engine keeps a reading."""

    unit: int
    id: int
    reading: Reading


class Recipe:
    """Units in series, and where their parameters and readings are."""

    __slots__ = ()

    def _units(self, prefix: str = "") -> list[Unit]:
        raise NotImplementedError

    def _place(self, name: str) -> Place:
        raise NotImplementedError

    def _readings(self) -> dict[str, ReadingPlace]:
        raise NotImplementedError

    def _takes_sidechain(self) -> bool:
        raise NotImplementedError

    def _reading(self, name: str) -> Optional[ReadingPlace]:
        """A reading by name, ``name[1]`` for that of a channel."""
        key, _, channel = name.partition("[")
        place = self._readings().get(key)
        if place is None or (channel and not channel[:-1].isdigit()):
            return None
        return place._replace(id=_mixdsp.item_id(place.id, int(channel[:-1]))) if channel else place
