"""Parameters as attributes: what a value may be, how it is told, and what the engine calls it."""

from __future__ import annotations

import numbers
from collections.abc import Iterable, Sequence
from typing import (
    TYPE_CHECKING,
    Any,
    ClassVar,
    Generic,
    NamedTuple,
    Optional,
    Protocol,
    TypeVar,
    Union,
    get_args,
    overload,
)

import numpy as np

from .. import _mixdsp

if TYPE_CHECKING:
    from typing_extensions import Self

Value = Union[float, int, bool, str]
V = TypeVar("V")
C = TypeVar("C", bound=Union[int, str])


class Param(NamedTuple):
    """What is known of a parameter, and its present value."""

    name: str
    unit: str
    min: float
    max: float
    default: Value
    value: Value
    doc: str
    #: What a choice is between, otherwise empty.
    choices: tuple[Value, ...]
    #: Whether it can change while audio runs.
    automatable: bool


class Reading(NamedTuple):
    """A number that an effect reports."""

    id: int
    key: str
    unit: str
    doc: str


class Holder(Protocol):
    """What has parameters: its class knows them by name, and it keeps their values."""

    _parameters: ClassVar[dict[str, Any]]
    _values: dict[str, Any]


class Parameter(Generic[V]):
    """An attribute whose value is checked when it is set."""

    #: The name of the attribute, and its number in the table.
    key: str
    id: int
    unit: str
    #: The ends of the range, as the engine counts.
    min: float
    max: float
    default: V
    doc: str
    #: Whether it is settled when audio begins to run.
    fixed: bool
    choices: tuple[Value, ...] = ()
    #: Whether values in between exist.
    is_continuous: bool = False

    def __init__(
        self, low: float, high: float, unit: str = "", *, default: V, id: int, doc: str, fixed: bool = False
    ) -> None:
        self.min = low
        self.max = high
        self.unit = unit
        self.default = default
        self.id = id
        self.doc = doc
        self.fixed = fixed
        self.__doc__ = f"{doc} {self.range()}, default {self.default!r}."

    def __set_name__(self, owner: type[Holder], name: str) -> None:
        self.key = name
        owner._parameters = {**owner._parameters, name: self}

    @overload
    def __get__(self, holder: None, owner: type) -> Self: ...
    @overload
    def __get__(self, holder: Holder, owner: type) -> V: ...
    def __get__(self, holder: Optional[Holder], owner: type) -> Union[Self, V]:
        if holder is None:
            return self
        found: V = holder._values[self.key]
        return found

    def __set__(self, holder: Holder, value: V) -> None:
        holder._values[self.key] = self.check(value)

    def fresh(self) -> V:
        """The value of what was just made."""
        return self.default

    def copy(self, value: V) -> V:
        """A value that lives on its own."""
        return value

    def to_plain(self, value: V) -> Any:
        """A value as JSON has it."""
        return value

    def from_number(self, number: float) -> V:
        """The Python value of what the engine calls ``number``."""
        raise NotImplementedError

    def to_number(self, value: V) -> float:
        """What the engine calls a value that was checked."""
        raise NotImplementedError

    def check(self, value: Any, label: str = "") -> V:
        """The value as it is kept; raises where it is not of the kind or outside the range."""
        raise NotImplementedError

    def range(self) -> str:
        """The range as people write it: ``-96 to 24 dB``."""
        return f"{_plain(self.min)} to {_plain(self.max)} {self.unit}".rstrip()

    def _within(self, value: Any, label: str) -> float:
        """A number inside the range."""
        number = _number(value)
        if number is None:
            raise TypeError(f"{label} must be a number ({self.range()}), not {type(value).__name__}")
        _mixdsp.check_range(self.id, number, label)
        return number


class Number(Parameter[float]):
    """Any number of a range."""

    is_continuous = True

    def from_number(self, number: float) -> float:
        return number

    def to_number(self, value: float) -> float:
        return value

    def check(self, value: Any, label: str = "") -> float:
        return self._within(value, label or self.key)


class Whole(Parameter[int]):
    """A whole number of a range."""

    def from_number(self, number: float) -> int:
        return int(number)

    def to_number(self, value: int) -> float:
        return float(value)

    def check(self, value: Any, label: str = "") -> int:
        label = label or self.key
        number = self._within(value, label)
        if number != int(number):
            raise ValueError(f"{label} = {number!r} is not a whole number")
        return int(number)


class Switch(Parameter[bool]):
    """On or off."""

    def __init__(self, *, default: bool, id: int, doc: str, fixed: bool = False) -> None:
        super().__init__(0.0, 1.0, default=default, id=id, doc=doc, fixed=fixed)

    def from_number(self, number: float) -> bool:
        return number != 0.0

    def to_number(self, value: bool) -> float:
        return float(value)

    def check(self, value: Any, label: str = "") -> bool:
        label = label or self.key
        value = _scalar(value)
        number = float(value) if isinstance(value, (bool, np.bool_)) else _number(value)
        if number is None:
            raise TypeError(f"{label} must be True or False, not {type(value).__name__}")
        if number not in (0.0, 1.0):
            raise ValueError(f"{label} = {number!r} is neither True nor False")
        return bool(number)

    def range(self) -> str:
        return "True or False"


class Choice(Parameter[C]):
    """One of several texts, or of several whole numbers; the engine counts them from 0."""

    def __init__(self, kind: Any, *, default: C, id: int, doc: str, fixed: bool = False) -> None:
        self.choices: tuple[C, ...] = get_args(kind)
        super().__init__(0.0, len(self.choices) - 1.0, default=default, id=id, doc=doc, fixed=fixed)

    def from_number(self, number: float) -> C:
        return self.choices[int(number)]

    def to_number(self, value: C) -> float:
        return float(self.choices.index(value))

    def check(self, value: Any, label: str = "") -> C:
        label = label or self.key
        value = _scalar(value)
        wanted = type(self.choices[0])
        if wanted is int and isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise TypeError(f"{label} must be one of {self.range()}, not {type(value).__name__}")
        if value not in self.choices:
            raise ValueError(f"{label} = {value!r} is not one of {self.range()}")
        return self.choices[self.choices.index(value)]

    def range(self) -> str:
        return ", ".join(map(repr, self.choices))


class Name(Parameter[Optional[str]]):
    """The name of something else, or nothing. The engine does not know it."""

    def __init__(self, doc: str) -> None:
        super().__init__(0.0, 0.0, default=None, id=0, doc=doc, fixed=True)
        self.__doc__ = doc

    def check(self, value: Any, label: str = "") -> Optional[str]:
        if value is not None and not isinstance(value, str):
            raise TypeError(f"{label or self.key} must be a name, not {type(value).__name__}")
        return value


class Item(Protocol):
    """What lists of items hold."""

    def _copy(self) -> Self: ...
    def _to_plain(self) -> dict[str, Any]: ...


I = TypeVar("I", bound=Item)
#: What is taken for a list of items. Lists in it are laid flat, because a steep pass is several bands.
ItemsOf = Union[I, Sequence[Union[I, Sequence[I], dict[str, Any]]]]


class Items(Parameter[list[I]]):
    """A list of items: the bands of an equalizer."""

    def __init__(self, item: type[I], least: int, most: int, *, doc: str) -> None:
        #: The class of its items.
        self.item = item
        super().__init__(least, most, default=[], id=0, doc=doc)
        self.__doc__ = f"{doc} List of {item.__qualname__}, at most {most}."

    def __set__(self, holder: Holder, value: ItemsOf[I]) -> None:
        holder._values[self.key] = self.check(value)

    def fresh(self) -> list[I]:
        return []

    def copy(self, value: list[I]) -> list[I]:
        return [item._copy() for item in value]

    def to_plain(self, value: list[I]) -> Any:
        return [item._to_plain() for item in value]

    def check(self, value: Any, label: str = "") -> list[I]:
        items = [value] if isinstance(value, self.item) else list(self._flat(value))
        if len(items) > self.max:
            raise ValueError(f"{len(items)} {self.key} given, at most {self.max} are possible")
        return items

    def _flat(self, value: Any) -> Iterable[I]:
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


def _scalar(value: Any) -> Any:
    """What a numpy array without axes holds."""
    return value.item() if getattr(value, "ndim", None) == 0 and hasattr(value, "item") else value


def _number(value: Any) -> Optional[float]:
    """A number as a float, ``inf`` where it is too large for one; ``None`` for what is no number."""
    if type(value) is float:
        return value
    value = _scalar(value)
    if not isinstance(value, numbers.Real) or isinstance(value, (bool, np.bool_)):
        return None
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _plain(number: float) -> str:
    """A number as people write it: ``24``, ``0.7071``."""
    return str(int(number)) if number == int(number) else f"{number:.6g}"
