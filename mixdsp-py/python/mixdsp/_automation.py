"""Automation: from names and breakpoints to what the engine follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Mapping, Optional

import numpy as np
import numpy.typing as npt

from ._rows import Row

if TYPE_CHECKING:
    from ._effect import Effect

Floats = npt.NDArray[np.float64]
#: Unit, id, times in seconds (none: spread over the input), values.
Course = tuple[int, int, Optional[Floats], Floats]


def courses(effect: Effect, automate: Optional[Mapping[str, Any]], stream: bool = False) -> list[Course]:
    """What the engine follows for ``automate``."""
    if not automate:
        return []
    if not isinstance(automate, Mapping):
        raise TypeError(f"automate must be a dict from parameter names, not {type(automate).__name__}")
    found = []
    for name, course in automate.items():
        place = effect._place(name)
        if place.fixed:
            raise ValueError(f"{name} is fixed while audio runs: it cannot be automated")
        times, values = _read(name, place.row, course)
        if stream and times is None:
            raise ValueError(f"{name}: a stream has no end to spread an array over; give (seconds, value) pairs")
        found.append((place.unit, place.id, times, values))
    return found


def _read(name: str, row: Row, course: Any) -> tuple[Optional[Floats], Floats]:
    if isinstance(course, (str, bytes, Mapping)) or not hasattr(course, "__len__"):
        raise TypeError(f"{name}: automation is a list of (seconds, value) or an array of values")
    if len(course) == 0:
        raise ValueError(f"{name}: automation without a value")
    if isinstance(course, np.ndarray) and course.ndim == 1:
        return None, _values(name, row, course)
    if all(isinstance(point, (tuple, list, np.ndarray)) and len(point) == 2 for point in course):
        times = np.array([_seconds(name, time) for time, _ in course])
        if (np.diff(times) < 0).any():
            raise ValueError(f"{name}: times must not go back")
        return times, _values(name, row, [value for _, value in course])
    if getattr(course, "ndim", 1) == 1 and not any(hasattr(point, "__len__") and not isinstance(point, str) for point in course):
        return None, _values(name, row, course)
    raise ValueError(f"{name}: automation is a list of (seconds, value) or an array of values with one axis")


def _seconds(name: str, time: Any) -> float:
    try:
        seconds = float(time)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: times are seconds, not {type(time).__name__}") from None
    if not 0 <= seconds < 1e9:
        raise ValueError(f"{name}: time {seconds} is not a number of seconds from 0 up")
    return seconds


def _values(name: str, row: Row, values: Any) -> Floats:
    if isinstance(values, np.ndarray) and values.dtype.kind in "fiu" and row.is_continuous:
        numbers = values.astype(np.float64)
        wrong = ~((numbers >= row.min) & (numbers <= row.max))
        if wrong.any():
            row.check(numbers[wrong][0], name)
        return numbers
    if isinstance(values, np.ndarray):
        values = values.tolist()
    return np.array([row.to_number(row.check(value, name)) for value in values], dtype=np.float64)
