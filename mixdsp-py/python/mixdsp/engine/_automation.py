"""Automation: from names and breakpoints to what the engine follows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ._recipe import Recipe

#: From the name of a parameter to its course.
Automate = Mapping[str, Any]
Floats = npt.NDArray[np.float64]
#: Id, times in seconds (none: spread over the input), values.
Course = tuple[int, Optional[Floats], Floats]


def courses(recipe: Recipe, automate: Optional[Automate], stream: bool = False) -> list[Course]:
    """What the engine follows for ``automate``."""
    if not automate:
        return []
    if not isinstance(automate, Mapping):
        raise TypeError(f"automate must be a dict from parameter names, not {type(automate).__name__}")
    built = recipe._recipe()
    found = []
    for name, course in automate.items():
        id, times, values = read(built, name, course)
        if stream and times is None:
            raise ValueError(f"{name}: a stream has no end to spread an array over; give (seconds, value) pairs")
        found.append((id, times, values))
    return found


def read(recipe: _mixdsp.Recipe, name: str, course: Any) -> Course:
    """Whose course it is, times in seconds, none where the values are spread over the input, and values as the
    engine has them."""
    if not isinstance(name, str):
        raise TypeError(f"automate has names of parameters, not {type(name).__name__}")
    recipe.find(name)
    if isinstance(course, (str, bytes, Mapping)) or not hasattr(course, "__len__"):
        raise TypeError(f"{name}: automation is a list of (seconds, value) or an array of values")
    if len(course) == 0:
        raise ValueError(f"{name}: automation without a value")
    if isinstance(course, np.ndarray) and course.ndim == 1:
        return _with_times(recipe, name, None, course)
    if all(isinstance(point, (tuple, list, np.ndarray)) and len(point) == 2 for point in course):
        times = np.array([_seconds(name, time) for time, _ in course])
        if (np.diff(times) < 0).any():
            raise ValueError(f"{name}: times must not go back")
        return _with_times(recipe, name, times, [value for _, value in course])
    has_pairs = any(hasattr(point, "__len__") and not isinstance(point, str) for point in course)
    if getattr(course, "ndim", 1) == 1 and not has_pairs:
        return _with_times(recipe, name, None, course)
    raise ValueError(f"{name}: automation is a list of (seconds, value) or an array of values with one axis")


def _seconds(name: str, time: Any) -> float:
    try:
        seconds = float(time)
    except (TypeError, ValueError):
        raise TypeError(f"{name}: times are seconds, not {type(time).__name__}") from None
    if not 0 <= seconds < 1e9:
        raise ValueError(f"{name}: time {seconds} is not a number of seconds from 0 up")
    return seconds


def _with_times(recipe: _mixdsp.Recipe, name: str, times: Optional[Floats], values: Any) -> Course:
    if isinstance(values, np.ndarray):
        values = values.tolist()
    id, numbers = recipe.numbers(name, list(values))
    return id, times, np.array(numbers, dtype=np.float64)
