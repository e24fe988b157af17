"""Rows of the tables: what a value may be, and how it is told."""

from __future__ import annotations

import numbers
from typing import Any, Union

import numpy as np

Value = Union[float, int, bool, str]


def plain(number: float) -> str:
    """A number as people write it: ``24``, ``0.7071``."""
    return str(int(number)) if number == int(number) else f"{number:.6g}"


class Row:
    """One parameter, config value or reading."""

    __slots__ = ("choices", "default", "doc", "id", "key", "max", "min", "name", "scaling", "unit")

    def __init__(self, row: dict[str, Any]) -> None:
        self.id: int = row["id"]
        self.key: str = row["key"]
        self.name: str = row["name"]
        self.unit: str = row["unit"]
        self.min: float = row["min"]
        self.max: float = row["max"]
        self.scaling: str = row["scaling"]
        texts = row["choices"]
        is_numeric = all(text.isdigit() for text in texts)
        #: What a choice is between: texts, or whole numbers (``12``, ``24``).
        self.choices: tuple[Value, ...] = tuple(map(int, texts)) if is_numeric else tuple(texts)
        self.doc: str = row["doc"]
        self.default: Value = self.from_number(row["default"])

    @property
    def is_continuous(self) -> bool:
        """Whether values in between exist."""
        return self.scaling in ("linear", "logarithmic", "frequency")

    @property
    def annotation(self) -> type:
        if self.scaling == "choice":
            return type(self.choices[0])
        return {"switch": bool, "whole": int}.get(self.scaling, float)

    def from_number(self, number: float) -> Value:
        """The Python value of what the engine calls ``number``."""
        if self.scaling == "switch":
            return number != 0.0
        if self.scaling == "choice":
            return self.choices[int(number)]
        return int(number) if self.scaling == "whole" else number

    def to_number(self, value: Value) -> float:
        """What the engine calls a value that was checked."""
        return float(self.choices.index(value) if self.choices else value)

    def check(self, value: Any, label: str = "") -> Value:
        """The value as it is kept; raises where it is not of the kind or outside the range."""
        label = label or self.key
        if self.scaling == "choice":
            return self._choice(value, label)
        number = self._number(value, label)
        if self.scaling == "switch":
            if number not in (0.0, 1.0):
                raise ValueError(f"{label} = {number!r} is neither True nor False")
            return bool(number)
        if not self.min <= number <= self.max:
            raise ValueError(f"{label} = {number!r} is outside {self.range()}")
        if self.scaling == "whole":
            if number != int(number):
                raise ValueError(f"{label} = {number!r} is not a whole number")
            return int(number)
        return number

    def _choice(self, value: Any, label: str) -> Value:
        if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
            value = value.item()
        wanted = self.annotation
        if wanted is int and isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, wanted) or isinstance(value, bool):
            raise TypeError(f"{label} must be one of {self.range()}, not {type(value).__name__}")
        if value not in self.choices:
            raise ValueError(f"{label} = {value!r} is not one of {self.range()}")
        return self.choices[self.choices.index(value)]

    def _number(self, value: Any, label: str) -> float:
        if getattr(value, "ndim", None) == 0 and hasattr(value, "item"):
            value = value.item()
        is_switch = isinstance(value, (bool, np.bool_))
        if not isinstance(value, numbers.Real) or (is_switch and self.scaling != "switch"):
            wanted = "True or False" if self.scaling == "switch" else f"a number ({self.range()})"
            raise TypeError(f"{label} must be {wanted}, not {type(value).__name__}")
        try:
            return float(value)
        except OverflowError:
            raise ValueError(f"{label} is outside {self.range()}") from None

    def range(self) -> str:
        """The range as people write it: ``-96 to 24 dB``."""
        if self.scaling == "choice":
            return ", ".join(map(repr, self.choices))
        if self.scaling == "switch":
            return "True or False"
        return f"{plain(self.min)} to {plain(self.max)} {self.unit}".rstrip()

    def describe(self) -> str:
        """Two lines for a docstring."""
        kind = self.annotation.__name__
        span = "" if kind == "bool" else f", {self.range()}"
        below = ", below half the sample rate" if self.scaling == "frequency" else ""
        default = plain(self.default) if isinstance(self.default, float) else repr(self.default)
        return f"{self.key} : {kind}{span}{below}, default {default}\n    {self.doc}"
