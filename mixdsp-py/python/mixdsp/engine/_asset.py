"""Audio that an effect is built with."""

from __future__ import annotations

import os
from typing import Any, ClassVar, Union, overload

import numpy as np
import numpy.typing as npt

from . import _arrays
from ._parameters import Holder, Parameter

Samples = npt.NDArray[np.float64]
#: What is taken for audio: an array, or the path of a file.
AudioOf = Union[npt.ArrayLike, str, "os.PathLike[str]"]


class Held:
    """Audio as it is kept: equal to audio of the same samples."""

    __slots__ = ("channels",)

    def __init__(self, channels: Samples) -> None:
        #: (channels, samples), not writeable.
        self.channels: Samples = channels

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held) and np.array_equal(self.channels, other.channels)

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __hash__ = None

    def plain(self) -> Any:
        """Lists of numbers; of one channel, one."""
        lists = self.channels.tolist()
        return lists[0] if len(lists) == 1 else lists

    def __repr__(self) -> str:
        return repr(self.plain())


class Audio(Parameter[Any]):
    """An attribute that holds audio. It is set from an array or the path of a file, and is an array."""

    def __init__(self, channels: int, least: int, most: int, *, doc: str) -> None:
        super().__init__(float(least), float(most), "samples", default=None, id=0, doc=doc, fixed=True)
        #: Most channels.
        self.channels: int = channels
        self.__doc__ = f"{doc} {least} to {most} samples."

    @overload
    def __get__(self, holder: None, owner: type) -> Audio: ...
    @overload
    def __get__(self, holder: Holder, owner: type) -> Samples: ...
    def __get__(self, holder: Any, owner: type) -> Any:
        if holder is None:
            return self
        held = holder._values[self.key]
        if held is None:
            return None
        return held.channels[0] if self.channels == 1 else held.channels

    def to_plain(self, value: Any) -> Any:
        return None if value is None else value.plain()

    def check(self, value: Any, label: str = "") -> Held:
        label = label or self.key
        if isinstance(value, Held):
            return value
        if _arrays.is_path(value):
            # Files stand above the engine: only an effect that is given one needs them.
            from ..files import read

            value = read(value)[0]
        array = np.array(value, dtype=np.float64)
        if array.ndim == 1:
            array = array[np.newaxis]
        if array.ndim != 2:
            raise ValueError(f"{label} has the shape {array.shape}: it is (samples,) or (channels, samples)")
        count, samples = array.shape
        if not 1 <= count <= self.channels:
            raise ValueError(f"{label} has {count} channels: at most {self.channels} are possible")
        if not self.min <= samples <= self.max:
            raise ValueError(f"{label} has {samples} samples: {self.range()} are possible")
        wrong = ~(np.abs(array) <= 1e9)
        if wrong.any():
            raise ValueError(f"{label} has a sample of {array[wrong][0]}: they are finite, and at most 1e9")
        array.setflags(write=False)
        return Held(array)

    def numbers(self, value: Any) -> list[Samples]:
        """The channels for the engine."""
        if value is None:
            raise ValueError(f"{self.key} is missing")
        return list(value.channels)
