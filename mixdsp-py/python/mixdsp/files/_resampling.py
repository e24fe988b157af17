"""Sample rates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ._reading import BLOCK

Array = npt.NDArray[Any]


def resample(x: npt.ArrayLike, from_rate: float, to_rate: float, *, axis: int = -1) -> Array:
    """Takes audio from one sample rate to another, without delay: sample n of the result is the input at
    ``n / to_rate`` seconds.

    Flat to 0.001 dB up to 0.475 of the lower rate; images and aliases stay under -140 dB.

    Parameters
    ----------
    x : array, (samples,), (channels, samples) or (..., channels, samples)
        float32 or float64, at most 24 channels.
    from_rate, to_rate : int, 8000 to 384000 Hz
        Whole numbers. Rates without a common divisor take tens of megabytes per channel.
    axis : int
        The axis of time; 0 for (samples, channels).

    Returns
    -------
    array of the type of ``x``, ``round(samples * to_rate / from_rate)`` samples long
    """
    array = _arrays.as_audio(x)
    place = _arrays.time_axis(array, axis)
    source = _arrays.planes(array, place)
    rates = (_arrays.check_whole_rate(from_rate, "from_rate"), _arrays.check_whole_rate(to_rate, "to_rate"))
    channels, samples = source.shape[-2:]
    length = _mixdsp.resampled_length(samples, *rates)
    out = np.empty(_arrays.result_shape(array, place, channels, length), array.dtype)
    target = _arrays.result_planes(out, array, place)
    for item in np.ndindex(source.shape[:-2]):
        at = 0
        for block in resampled(_cut(source[item]), channels, *rates):
            target[item][:, at : at + block.shape[1]] = block
            at += block.shape[1]
    return out


def _cut(planes: Array) -> Iterator[Array]:
    for start in range(0, planes.shape[1], BLOCK):
        yield planes[:, start : start + BLOCK]


def resampled(blocks: Iterable[Array], channels: int, from_rate: int, to_rate: int) -> Iterator[Array]:
    """Blocks at another rate."""
    changer = _mixdsp.RateChanger(from_rate, to_rate, channels)
    kind: Any = np.float32
    for block in blocks:
        kind = block.dtype
        yield changer.push(block, False)
    yield changer.push(np.zeros((channels, 0), kind), True)
