"""Streams: audio block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

import numpy.typing as npt

from .. import _mixdsp
from . import _arrays, _automation
from ._automation import Automate
from ._parameters import Value
from ._recipe import Recipe

if TYPE_CHECKING:
    from typing_extensions import Self


class Stream(_mixdsp.Stream):
    """Audio through an effect, block by block; made by ``effect.stream``.

    >>> with effect.stream(sample_rate, channels=2) as stream:      # doctest: +SKIP
    ...     for block in blocks:
    ...         play(stream(block))
    ...     play(stream.flush())

    ``stream(block, out=None, sidechain=None)`` takes a block of any length and returns as many samples, late by
    ``latency_samples``. The first block tells the sample type. One stream may be called from many threads, one
    after the other.
    """

    _effect: Recipe
    _built: _mixdsp.Recipe

    def __new__(
        cls,
        effect: Recipe,
        sample_rate: float,
        channels: int = 2,
        *,
        axis: int = -1,
        sidechain_channels: int = 0,
        automate: Optional[Automate] = None,
        check_finite: bool = True,
    ) -> Self:
        rate = _arrays.check_rate(sample_rate)
        count = _arrays.check_count(channels, "channels", _mixdsp.MAX_CHANNELS)
        keys = 0
        if sidechain_channels:
            keys = _arrays.check_count(sidechain_channels, "sidechain_channels", _mixdsp.MAX_CHANNELS)
        if keys and not effect._takes_sidechain():
            raise TypeError(f"{type(effect).__name__} takes no sidechain")
        _arrays.check_axis(axis)
        courses = _automation.courses(effect, automate, stream=True)
        recipe = effect._recipe()
        patch = (recipe, rate, courses)
        self = super().__new__(cls, patch, count, keys, axis == 0, bool(check_finite))
        self._effect = effect
        self._built = recipe
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def flush(self, tail: Union[str, float] = "auto") -> npt.NDArray[Any]:
        """Returns every sample that is still inside, latency and tail, and starts afresh.

        ``tail`` may be ``"cut"`` for the latency alone, or seconds; an endless tail needs them.
        """
        frames = _arrays.tail_frames(tail, self.sample_rate, lambda: self.tail_samples)
        return self.drain(self.latency_samples + frames)

    def set(self, name: str, value: Value) -> None:
        """Sets a parameter from the next sample on. The sound moves there silently, in about 20 ms."""
        id, (number,) = self._built.numbers(name, [value])
        self.change(id, number)

    def glide(self, name: str, value: float, seconds: float) -> None:
        """Moves a parameter in a straight line from the next sample on, to arrive after ``seconds``."""
        id, (number,) = self._built.numbers(name, [value])
        self.change(id, number, _arrays.tail_frames(float(seconds), self.sample_rate, None))

    def get(self, name: str) -> Optional[Value]:
        """The present value of a parameter, or a reading; ``None`` when there is none yet.

        A reading that exists per channel is had as ``"name[1]"``, from 0.
        """
        reading = self._built.reading(name)
        if reading is not None:
            return self.value(reading)
        number = self.value(self._built.find(name)[0])
        return None if number is None else self._built.told(name, number)

    def __reduce__(self) -> Any:
        raise TypeError("a stream holds audio and cannot be pickled or copied: keep the effect")

    def __repr__(self) -> str:
        return f"<Stream of {type(self._effect).__name__}, {self.sample_rate:g} Hz, {self.channels} channels>"
