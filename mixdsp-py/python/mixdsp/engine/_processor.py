"""What the classes of the processors have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from .. import _mixdsp
from ._asset import Audio
from ._effect import Effect
from ._parameters import Items, Name, Param, Parameter, Reading
from ._record import Record

if TYPE_CHECKING:
    from typing_extensions import Self


#: Samples of a call for which it pays to keep what was built.
SHORT = 4096


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
    #: Ready settings by name: what each sets otherwise than the defaults.
    _presets: ClassVar[dict[str, dict[str, Any]]] = {}

    @classmethod
    def preset(cls, name: str, **values: Any) -> Self:
        """An effect with ready settings, those given in their place.

        ``Compressor.preset("opto", threshold_db=-24)``; the docstring of the class lists the names.

        Raises ``ValueError`` for a name that it does not have.
        """
        if name not in cls._presets:
            known = ", ".join(map(repr, cls._presets)) or "none"
            raise ValueError(f"{cls.__name__} has no preset {name!r}; there are {known}")
        return cls(**{**cls._presets[name], **values})

    def _kind(self) -> str:
        return self._table.key

    @classmethod
    def _lists(cls) -> list[Items[Any]]:
        return [each for each in cls._parameters.values() if isinstance(each, Items)]

    @classmethod
    def _singles(cls) -> list[Parameter[Any]]:
        """What can change while audio runs and is no list."""
        return [each for each in cls._parameters.values() if not each.fixed and not isinstance(each, Items)]

    def _recipe(self) -> _mixdsp.Recipe:
        assets = [asset.numbers(self._values[asset.key]) for asset in self._assets()]
        return _mixdsp.Recipe.processor(self._table.number, *self._numbers(), getattr(self, "key", None), assets)

    @classmethod
    def _assets(cls) -> list[Audio]:
        return [each for each in cls._parameters.values() if isinstance(each, Audio)]

    def _keep(self, x: Any) -> Any:
        # Lists of items change in place, unseen.
        if getattr(x, "size", SHORT + 1) > SHORT or self._lists():
            return None
        kept = (dict(self._values), _mixdsp.ShortCalls(self._recipe()))
        self._kept = kept
        return kept

    def _numbers(self) -> tuple[list[float], list[int], list[float]]:
        """Config values, ids, and their values, as the engine counts."""
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
        return config, ids, numbers

    def _config_number(self, key: str, value: Any) -> float:
        parameter = self._parameters[key]
        if isinstance(parameter, Items):
            return max(float(len(value)), parameter.min)
        return parameter.to_number(value)

    def _named_readings(self) -> dict[str, Reading]:
        return {reading.key: reading for reading in self._table.readings}

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
        values = self._values
        found = [_param(each.key, each, values) for each in self._singles()]
        for group in self._lists():
            for at, item in enumerate(values[group.key]):
                prefix = f"{group.key}[{at}]."
                found += [_param(prefix + key, each, item._values) for key, each in item._parameters.items()]
        fixed = (each for each in self._parameters.values() if each.fixed and not isinstance(each, (Audio, Name)))
        found += [_param(each.key, each, values) for each in fixed]
        return {param.name: param for param in found}

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls._of({key: value for key, value in data.items() if key not in ("processor", "name")})


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
