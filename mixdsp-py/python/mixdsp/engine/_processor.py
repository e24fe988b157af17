"""What the classes of the processors have in common."""

from __future__ import annotations

import re
from typing import Any, ClassVar, NamedTuple

from .. import _mixdsp
from ._effect import Effect
from ._parameters import Items, Name, Param, Parameter, Reading
from ._recipe import Place, ReadingPlace, Unit
from ._record import Record

_ITEM = re.compile(r"(\w+)\[(\d+)\]\.(\w+)")


class Table(NamedTuple):
    """What the catalogue says of a class beside its parameters."""

    #: Place in the catalogue, and how presets call it.
    number: int
    key: str
    #: What config consists of, in order; of a list of items it is their number.
    config: tuple[str, ...] = ()
    readings: tuple[Reading, ...] = ()
    takes_sidechain: bool = False

    def __set_name__(self, owner: type[Effect], name: str) -> None:
        Effect._registry[self.key] = owner


class Processor(Record, Effect):
    """An effect that the engine has as one unit."""

    __slots__ = ()
    _table: ClassVar[Table]

    def _kind(self) -> str:
        return self._table.key

    @classmethod
    def _lists(cls) -> list[Items[Any]]:
        return [each for each in cls._parameters.values() if isinstance(each, Items)]

    @classmethod
    def _singles(cls) -> list[Parameter[Any]]:
        """What can change while audio runs and is no list."""
        return [each for each in cls._parameters.values() if not each.fixed and not isinstance(each, Items)]

    def _units(self, prefix: str = "") -> list[Unit]:
        values = self._checked()
        config = [self._config_number(key, values[key]) for key in self._table.config]
        singles = self._singles()
        ids = [parameter.id for parameter in singles]
        numbers = [parameter.to_number(values[parameter.key]) for parameter in singles]
        for group in self._lists():
            for at, item in enumerate(values[group.key]):
                for parameter in item._parameters.values():
                    ids.append(_mixdsp.item_id(parameter.id, at))
                    numbers.append(parameter.to_number(item._values[parameter.key]))
        return [(self._table.number, config, ids, numbers, prefix)]

    def _config_number(self, key: str, value: Any) -> float:
        parameter = self._parameters[key]
        if isinstance(parameter, Items):
            return max(float(len(value)), parameter.min)
        return parameter.to_number(value)

    def _place(self, name: str) -> Place:
        parameter = self._parameters.get(name)
        if parameter is not None and not isinstance(parameter, (Items, Name)):
            return Place(0, parameter.id, parameter)
        if found := _ITEM.fullmatch(name):
            key, at, field = found[1], int(found[2]), found[3]
            group = self._parameters.get(key)
            if isinstance(group, Items) and at < len(self._values[key]):
                parameter = group.item._parameters.get(field)
                if parameter is not None:
                    return Place(0, _mixdsp.item_id(parameter.id, at), parameter)
        raise ValueError(f"{type(self).__name__} has no parameter {name!r}: it has {', '.join(self.params)}")

    def _readings(self) -> dict[str, ReadingPlace]:
        return {reading.key: ReadingPlace(0, reading.id, reading) for reading in self._table.readings}

    def _takes_sidechain(self) -> bool:
        return self._table.takes_sidechain

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
        values = self._values
        found = [_param(each.key, each, values) for each in self._singles()]
        for group in self._lists():
            for at, item in enumerate(values[group.key]):
                prefix = f"{group.key}[{at}]."
                found += [_param(prefix + key, each, item._values) for key, each in item._parameters.items()]
        fixed = (each for each in self._parameters.values() if each.fixed and not isinstance(each, Name))
        found += [_param(each.key, each, values) for each in fixed]
        return {param.name: param for param in found}

    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold."""
        return {"effect": self._kind(), "version": 1, **self._to_plain()}

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls._of(data)


def _param(name: str, parameter: Parameter[Any], values: dict[str, Any]) -> Param:
    return Param(
        name,
        parameter.unit,
        parameter.min,
        parameter.max,
        parameter.default,
        values[parameter.key],
        parameter.doc,
        parameter.choices,
        not parameter.fixed,
    )
