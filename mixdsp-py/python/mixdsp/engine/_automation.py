"""Automation: from names and breakpoints to what the engine follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from ._parameters import Number, Parameter
from ._recipe import Recipe

#: From the name of a parameter to its course.
Automate = Mapping[str, Any]
Floats = npt.NDArray[np.float64]
#: Unit, id, times in seconds (none: spread over the input), values.
Course = tuple[int, int, Optional[Floats], Floats]


def courses(recipe: Recipe, automate: Optional[Automate], stream: bool = False) -> list[Course]:
    """What the engine follows for ``automate``."""
    if not automate:
        return []
    if not isinstance(automate, Mapping):
        raise TypeError(f"automate must be a dict from parameter names, not {type(automate).__name__}")
    found = []
    for name, course in automate.items():
        place = recipe._place(name)
        if place.parameter.fixed:
            raise ValueError(f"{name} is fixed while audio runs: it cannot be automated")
        times, values = read(name, place.parameter, course)
        if stream and times is None:
            raise ValueError(f"{name}: a stream has no end to spread an array over; give (seconds, value) pairs")
        found.append((place.unit, place.id, times, values))
    return found


def read(name: str, parameter: Parameter[Any], course: Any) -> tuple[Optional[Floats], Floats]:
    """Times in seconds, none where the values are spread over the input, and values as the engine has them."""
    if isinstance(course, (str, bytes, Mapping)) or not hasattr(course, "__len__"):
        raise TypeError(f"{name}: automation is a list of (seconds, value) or an array of values")
    if len(course) == 0:
        raise ValueError(f"{name}: automation without a value")
    if isinstance(course, np.ndarray) and course.ndim == 1:
        return None, _values(name, parameter, course)
    if all(isinstance(point, (tuple, list, np.ndarray)) and len(point) == 2 for point in course):
        times = np.array([_seconds(name, time) for time, _ in course])
        if (np.diff(times) < 0).any():
            raise ValueError(f"{name}: times must not go back")
        return times, _values(name, parameter, [value for _, value in course])
    has_pairs = any(hasattr(point, "__len__") and not isinstance(point, str) for point in course)
    if getattr(course, "ndim", 1) == 1 and not has_pairs:
        return None, _values(name, parameter, course)
    raise ValueError(f"{name}: automation is a list of (seconds, value) or an array of values with one axis")


def _seconds(name: str, time: Any) -> float:
    try:
        seconds = float(time)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: times are seconds, not {type(time).__name__}") from None
    if not 0 <= seconds < 1e9:
        raise ValueError(f"{name}: time {seconds} is not a number of seconds from 0 up")
    return seconds


def _values(name: str, parameter: Parameter[Any], values: Any) -> Floats:
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu" and parameter.is_continuous:
        numbers = values.astype(np.float64)
        wrong = ~((numbers >= parameter.min) & (numbers <= parameter.max))
        if wrong.any():
            parameter.check(numbers[wrong][0], name)
        return numbers
    if isinstance(values, np.ndarray):
        values = values.tolist()
    return np.array([parameter.to_number(parameter.check(value, name)) for value in values], dtype=np.float64)
