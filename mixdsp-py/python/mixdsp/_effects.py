"""One class per processor of the catalogue, made from its tables when the package is imported."""

from __future__ import annotations

import re
from typing import Any

from ._effect import Effect, Param, Place, Unit
from ._mixdsp import catalogue
from ._record import Field, GroupField, NameField, Record, RowField, body
from ._rows import Row

__all__: list[str] = []

ITEM = re.compile(r"(\w+)\[(\d+)\]\.(\w+)")
#: Names of the catalogue that the package has for something that is no effect.
RENAMED = {"LoudnessMeter": "Meter"}
KEY_DOC = "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."


class Processor(Record, Effect):
    """An effect whose parameters stand in a table."""

    __slots__ = ()
    _number: int
    _key: str
    _takes_sidechain: bool
    _rows: list[Row]
    _groups: list[GroupField]
    _config: list[Row]
    _reading_rows: list[Row]

    def _units(self, prefix: str = "") -> list[Unit]:
        values = self._checked()
        counts = {self._count_keys[group.key]: len(values[group.key]) for group in self._groups}
        config = [
            float(max(counts[row.key], row.min)) if row.key in counts else row.to_number(values[row.key])
            for row in self._config
        ]
        ids = [row.id for row in self._rows]
        numbers = [row.to_number(values[row.key]) for row in self._rows]
        for group in self._groups:
            for item, record in enumerate(values[group.key]):
                ids += [row.id | item << 12 for row in group.rows]
                numbers += [row.to_number(record._values[row.key]) for row in group.rows]
        return [(self._number, config, ids, numbers, prefix)]

    _count_keys: dict[str, str]

    def _place(self, name: str) -> Place:
        for row in self._rows:
            if row.key == name:
                return Place(0, row.id, row, False)
        for row in self._config:
            if row.key == name:
                return Place(0, row.id, row, True)
        if found := ITEM.fullmatch(name):
            key, item, field = found[1], int(found[2]), found[3]
            for group in self._groups:
                if group.key == key and item < len(self._values[key]):
                    for row in group.rows:
                        if row.key == field:
                            return Place(0, row.id | item << 12, row, False)
        raise ValueError(f"{type(self).__name__} has no parameter {name!r}: it has {', '.join(self.params)}")

    def _readings(self) -> dict[str, Place]:
        return {row.key: Place(0, row.id, row, True) for row in self._reading_rows}

    def _listens(self) -> bool:
        return self._takes_sidechain

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
        values = self._values
        found = {row.key: _param(row.key, row, values[row.key], True) for row in self._rows}
        for group in self._groups:
            for item, record in enumerate(values[group.key]):
                for row in group.rows:
                    name = f"{group.key}[{item}].{row.key}"
                    found[name] = _param(name, row, record._values[row.key], True)
        for row in self._config:
            if row.key not in self._count_keys.values():
                found[row.key] = _param(row.key, row, values[row.key], False)
        return found

    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold."""
        return {"effect": self._key, "version": 1, **self._to_plain()}

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        unknown = data.keys() - cls._fields.keys()
        if unknown:
            raise ValueError(f"{cls.__name__} has no parameter {', '.join(map(repr, sorted(unknown)))}")
        new = cls.__new__(cls)
        new._bind((), data)
        return new


def _param(name: str, row: Row, value: Any, automatable: bool) -> Param:
    return Param(name, row.unit, row.min, row.max, row.default, value, row.doc, row.choices, automatable)


def _camel(name: str) -> str:
    return "".join(word[0].upper() + word[1:] for word in re.findall("[A-Za-z0-9]+", name))


def _make(number: int, sheet: dict[str, Any]) -> type[Processor]:
    name = _camel(sheet["name"])
    name = RENAMED.get(name, name)
    rows = [Row(row) for row in sheet["rows"]]
    config = [Row(row) for row in sheet["config"]]
    count_keys = {group["key"]: group["count"] for group in sheet["groups"]}
    groups = []
    items = {}
    for group in sheet["groups"]:
        item_name = _camel(group["key"].removesuffix("s"))
        item_rows = [Row(row) for row in group["rows"]]
        fields: list[Field] = [RowField(row) for row in item_rows]
        doc = f"One of the {group['key']} of :class:`{name}`."
        items[item_name] = type(item_name, (Record,), body(f"{name}.{item_name}", doc, fields))
        most = next(int(row.max) for row in config if row.key == group["count"])
        groups.append(GroupField(group["key"], item_rows, most, items[item_name]))
    fixed = [row for row in config if row.key not in count_keys.values()]
    fields = [RowField(row) for row in rows]
    fields += groups
    fields += [RowField(row, keyword_only=True) for row in fixed]
    if sheet["listens"]:
        fields.append(NameField("key", KEY_DOC))
    taken = [field.key for field in fields if hasattr(Processor, field.key)]
    if taken:
        raise RuntimeError(f"{name}: {', '.join(taken)} would hide a method")
    attributes = body(name, sheet["doc"], fields)
    attributes |= items
    attributes |= {
        "_number": number,
        "_key": sheet["key"],
        "_takes_sidechain": sheet["listens"],
        "_rows": rows,
        "_groups": groups,
        "_config": config,
        "_count_keys": count_keys,
        "_reading_rows": [Row(row) for row in sheet["readings"]],
    }
    return type(name, (Processor,), attributes)


for _number, _sheet in enumerate(catalogue()):
    _class = _make(_number, _sheet)
    Effect._registry[_sheet["key"]] = _class
    globals()[_class.__name__] = _class
    __all__.append(_class.__name__)
