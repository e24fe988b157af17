"""Objects whose attributes are the rows of a table: effects, and the bands and taps in them."""

from __future__ import annotations

import inspect
from typing import Any, Callable, ClassVar, Iterable, Optional, Protocol, TypeVar

from ._rows import Row

Self = TypeVar("Self", bound="Record")


class Field(Protocol):
    """One attribute: a row, or a group of items."""

    @property
    def key(self) -> str: ...
    @property
    def annotation(self) -> Any: ...
    @property
    def keyword_only(self) -> bool: ...
    def fresh(self) -> Any: ...
    def check(self, value: Any) -> Any: ...
    def copy(self, value: Any) -> Any: ...
    def to_plain(self, value: Any) -> Any: ...
    def signature_default(self) -> Any: ...
    def describe(self) -> str: ...
    def summary(self) -> str: ...


class RowField:
    """An attribute that is one value."""

    __slots__ = ("keyword_only", "row")

    def __init__(self, row: Row, *, keyword_only: bool = False) -> None:
        self.row = row
        self.keyword_only = keyword_only

    @property
    def key(self) -> str:
        return self.row.key

    @property
    def annotation(self) -> Any:
        return self.row.annotation

    def fresh(self) -> Any:
        return self.row.default

    def check(self, value: Any) -> Any:
        return self.row.check(value)

    def copy(self, value: Any) -> Any:
        return value

    def to_plain(self, value: Any) -> Any:
        return value

    def signature_default(self) -> Any:
        return self.row.default

    def describe(self) -> str:
        fixed = " Fixed while audio runs." if self.keyword_only else ""
        return self.row.describe() + fixed

    def summary(self) -> str:
        row = self.row
        return f"{row.doc} {row.range()}, default {row.default!r}."


class GroupField:
    """An attribute that is a list of items: the bands of an equalizer."""

    __slots__ = ("item", "key", "keyword_only", "most", "rows")

    def __init__(self, key: str, rows: list[Row], most: int, item: type[Record]) -> None:
        self.key = key
        self.rows = rows
        self.most = most
        self.item = item
        self.keyword_only = False

    @property
    def annotation(self) -> Any:
        return list

    def fresh(self) -> list[Record]:
        return []

    def check(self, value: Any) -> list[Record]:
        """A list of items. Lists in it are laid flat, because a steep pass is several bands."""
        if isinstance(value, self.item):
            value = [value]
        items = list(self._flat(value))
        if len(items) > self.most:
            raise ValueError(f"{len(items)} {self.key} given, at most {self.most} are possible")
        return items

    def _flat(self, value: Any) -> Iterable[Record]:
        if isinstance(value, dict):
            yield self.item(**value)
        elif isinstance(value, self.item):
            yield value
        elif isinstance(value, (list, tuple)):
            for each in value:
                yield from self._flat(each)
        else:
            wanted = self.item.__qualname__
            raise TypeError(f"{self.key} must be a list of {wanted}, not {type(value).__name__}")

    def copy(self, value: list[Record]) -> list[Record]:
        return [item._copy() for item in value]

    def to_plain(self, value: list[Record]) -> list[dict[str, Any]]:
        return [item._to_plain() for item in value]

    def signature_default(self) -> Any:
        return ()

    def describe(self) -> str:
        return f"{self.key} : list of {self.item.__qualname__}, at most {self.most}, default ()\n    In series."

    def summary(self) -> str:
        return f"List of {self.item.__qualname__}, at most {self.most}."


class NameField:
    """An attribute that names something else, or nothing."""

    __slots__ = ("doc", "key", "keyword_only")

    def __init__(self, key: str, doc: str) -> None:
        self.key = key
        self.doc = doc
        self.keyword_only = True

    @property
    def annotation(self) -> Any:
        return Optional[str]

    def fresh(self) -> Any:
        return None

    def check(self, value: Any) -> Optional[str]:
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{self.key} must be a name, not {type(value).__name__}")
        return value

    def copy(self, value: Any) -> Any:
        return value

    def to_plain(self, value: Any) -> Any:
        return value

    def signature_default(self) -> Any:
        return None

    def describe(self) -> str:
        return f"{self.key} : str, default None\n    {self.doc}"

    def summary(self) -> str:
        return self.doc


class Record:
    """Values by name, each checked when it is set."""

    __slots__ = ("__weakref__", "_values")
    _fields: dict[str, Field] = {}
    _values: dict[str, Any]

    def _bind(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        fields = self._fields
        name = type(self).__name__
        positional = [key for key, field in fields.items() if not field.keyword_only]
        if len(args) > len(positional):
            raise TypeError(f"{name} takes at most {len(positional)} positional arguments, {len(args)} given")
        given = dict(zip(positional, args))
        for key, value in kwargs.items():
            if key not in fields:
                raise TypeError(f"{name} has no parameter {key!r}: it has {', '.join(fields) or 'none'}")
            if key in given:
                raise TypeError(f"{name} got two values for {key}")
            given[key] = value
        self._values = {key: field.fresh() for key, field in fields.items()}
        for key, value in given.items():
            self._values[key] = fields[key].check(value)

    def _checked(self) -> dict[str, Any]:
        """The values, once more checked: lists may have been changed in place."""
        values = self._values
        return {k: f.check(values[k]) if isinstance(f, GroupField) else values[k] for k, f in self._fields.items()}

    def _copy(self: Self) -> Self:
        new = type(self).__new__(type(self))
        new.__setstate__(self.__getstate__())
        return new

    def _to_plain(self) -> dict[str, Any]:
        return {key: field.to_plain(self._values[key]) for key, field in self._fields.items()}

    def __getstate__(self) -> dict[str, Any]:
        return {key: field.copy(self._values[key]) for key, field in self._fields.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self._bind((), state)

    def __repr__(self) -> str:
        shown = []
        for key, field in self._fields.items():
            value = self._values[key]
            if value != field.fresh():
                shown.append(f"{key}={value!r}")
        return f"{type(self).__qualname__}({', '.join(shown)})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Record)
        return self._values == other._values

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __hash__ = None


def _attribute(field: Field) -> property:
    key = field.key

    def read(self: Record) -> Any:
        return self._values[key]

    def write(self: Record, value: Any) -> None:
        self._values[key] = field.check(value)

    return property(read, write, doc=field.summary())


def _initialiser(fields: Iterable[Field]) -> Callable[..., None]:
    def __init__(self: Record, *args: Any, **kwargs: Any) -> None:
        self._bind(args, kwargs)

    kinds = inspect.Parameter
    parameters = [kinds("self", kinds.POSITIONAL_OR_KEYWORD)]
    for field in fields:
        kind = kinds.KEYWORD_ONLY if field.keyword_only else kinds.POSITIONAL_OR_KEYWORD
        parameters.append(
            kinds(field.key, kind, default=field.signature_default(), annotation=field.annotation)
        )
    __init__.__signature__ = inspect.Signature(parameters, return_annotation=None)  # type: ignore[attr-defined]
    return __init__


def body(qualname: str, doc: str, fields: list[Field]) -> dict[str, Any]:
    """The attributes of a class whose instances hold these fields."""
    heading = "\n\nParameters\n----------\n" if fields else ""
    attributes: dict[str, Any] = {
        "__module__": "mixdsp",
        "__qualname__": qualname,
        "__slots__": (),
        "__doc__": doc + heading + "\n".join(field.describe() for field in fields),
        "__init__": _initialiser(fields),
        "_fields": {field.key: field for field in fields},
    }
    attributes.update({field.key: _attribute(field) for field in fields})
    return attributes
