"""Streams: audio block by block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Optional, Union

import numpy.typing as npt

from . import _audio, _automation, _mixdsp
from ._rows import Value

if TYPE_CHECKING:
    from typing_extensions import Self

    from ._effect import Automate, Effect, Place


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

    _effect: Effect

    def __new__(
        cls,
        effect: Effect,
        sample_rate: float,
        channels: int = 2,
        *,
        axis: int = -1,
        sidechain_channels: int = 0,
        automate: Optional[Automate] = None,
        check_finite: bool = True,
    ) -> Self:
        rate = _audio.check_rate(sample_rate)
        count = _audio.check_count(channels, "channels", _audio.MOST_CHANNELS)
        keys = _audio.check_count(sidechain_channels, "sidechain_channels", 24) if sidechain_channels else 0
        if keys and not effect._listens():
            raise TypeError(f"{type(effect).__name__} takes no sidechain")
        if axis not in (-1, 0, 1):
            raise ValueError(f"axis = {axis} is neither -1 nor 0")
        courses = _automation.courses(effect, automate, stream=True)
        patch = (effect._units(), rate, courses)
        self = super().__new__(cls, patch, count, keys, axis == 0, bool(check_finite))
        self._effect = effect
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def flush(self, tail: Union[str, float] = "auto") -> npt.NDArray[Any]:
        """Returns every sample that is still inside, latency and tail, and starts afresh.

        ``tail`` may be ``"cut"`` for the latency alone, or seconds; an endless tail needs them.
        """
        frames = _audio.tail_frames(tail, self.sample_rate, lambda: self.tail_samples)
        return self.drain(self.latency_samples + frames)

    def set(self, name: str, value: Value) -> None:
        """Sets a parameter from the next sample on. The sound moves there silently, in about 20 ms."""
        place = self._moving(name)
        self.change(place.unit, place.id, place.row.to_number(place.row.check(value, name)))

    def glide(self, name: str, value: float, seconds: float) -> None:
        """Moves a parameter in a straight line from the next sample on, to arrive after ``seconds``."""
        place = self._moving(name)
        if not place.row.is_continuous:
            raise ValueError(f"{name} has no values in between: set it")
        frames = _audio.tail_frames(float(seconds), self.sample_rate, None)
        self.change(place.unit, place.id, place.row.to_number(place.row.check(value, name)), frames)

    def get(self, name: str) -> Optional[Value]:
        """The present value of a parameter, or a reading; ``None`` when there is none yet.

        A reading that exists per channel is had as ``"name[1]"``, from 0.
        """
        place = self._effect._reading(name) or self._effect._place(name)
        number = self.value(place.unit, place.id)
        return None if number is None else place.row.from_number(number)

    def _moving(self, name: str) -> Place:
        place = self._effect._place(name)
        if place.fixed:
            raise ValueError(f"{name} is fixed while audio runs")
        return place

    def __reduce__(self) -> Any:
        raise TypeError("a stream holds audio and cannot be pickled or copied: keep the effect")

    def __repr__(self) -> str:
        return f"<Stream of {type(self._effect).__name__}, {self.sample_rate:g} Hz, {self.channels} channels>"
