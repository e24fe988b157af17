"""Writing audio files: WAV, there whole or not at all."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ._reading import BLOCK, Path

if TYPE_CHECKING:
    from typing_extensions import Self

#: Bits of a sample, and what they are called; 32 are floats.
DEPTHS = {16: 16, 24: 24, 32: 32, "int16": 16, "int24": 24, "float32": 32}


class Writer:
    """A WAV file being written, block by block; made by :func:`writer`.

    The file gets its name when it is closed; when something goes wrong inside ``with``, nothing is left of it.
    """

    def __init__(self, path: Path, sample_rate: int, channels: int, bits: int, seed: Optional[int], axis: int) -> None:
        self._writer = _mixdsp.FileWriter(os.fspath(path), sample_rate, channels, bits, seed)
        self._time_first = axis == 0
        self._path = path

    def write(self, block: npt.ArrayLike) -> None:
        """Appends a block of any length, full scale 1."""
        array = _arrays.as_audio(block, "block")
        self._writer.write(array, self._time_first)

    @property
    def samples(self) -> int:
        """Samples per channel so far."""
        return self._writer.frames

    @property
    def clipped(self) -> int:
        """Samples beyond full scale so far, which integers cannot hold."""
        return self._writer.clipped

    def close(self) -> None:
        """Completes the file."""
        clipped = self.clipped
        self._writer.finish()
        if clipped:
            warnings.warn(
                f"{os.fspath(self._path)}: {clipped} samples beyond full scale were clipped; bits=32 keeps them",
                stacklevel=2,
            )

    def abandon(self) -> None:
        """Leaves nothing behind; what had the name before keeps it."""
        self._writer.abandon()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()


def check_depth(bits: Union[int, str]) -> int:
    """16, 24 or 32."""
    if isinstance(bits, bool) or bits not in DEPTHS:
        raise ValueError(f"bits = {bits!r} is not one of 16, 24, 32 (floats)")
    return DEPTHS[bits]


def writer(
    path: Path,
    sample_rate: int,
    channels: int = 2,
    *,
    bits: Union[int, str] = 24,
    dither: bool = True,
    seed: int = 0,
    axis: int = -1,
) -> Writer:
    """Begins a WAV file to be written block by block; the parameters are those of :func:`write`."""
    _arrays.check_axis(axis)
    rate = _arrays.check_whole_rate(sample_rate)
    count = _arrays.check_count(channels, "channels", _mixdsp.MAX_CHANNELS)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(f"seed must be an int, not {type(seed).__name__}")
    if not 0 <= seed <= 65_535:
        raise ValueError(f"seed = {seed} is outside 0 to 65535")
    return Writer(path, rate, count, check_depth(bits), int(seed) if dither else None, axis)


def write(
    path: Path,
    x: npt.ArrayLike,
    sample_rate: int,
    *,
    bits: Union[int, str] = 24,
    dither: bool = True,
    seed: int = 0,
    axis: int = -1,
) -> None:
    """Writes a WAV file. It is there whole or not at all; what had the name is replaced at the end.

    Parameters
    ----------
    path : path
        It ends in .wav, .wave or nothing; another ending raises ``ValueError``. A link is written through, and the
        mode of the file that is replaced is kept.
    x : array, (samples,) or (channels, samples)
        float32 or float64, full scale 1. What lies beyond it is clipped, with a warning, unless bits is 32.
    sample_rate : int, 8000 to 384000 Hz
    bits : 16, 24 or 32
        32 are floats, which keep every sample as it is.
    dither : bool
        Triangular noise of two steps, so that rounding adds no distortion; not for floats.
    seed : int, 0 to 65535
        Which noise: the same seed gives the same file.
    axis : int
        The axis of time; 0 for (samples, channels).
    """
    array = _arrays.as_audio(x)
    if array.ndim > 2:
        raise ValueError(f"x has the shape {array.shape}: a file holds (samples,) or (channels, samples)")
    planes = _arrays.planes(array, _arrays.time_axis(array, axis))
    with writer(path, sample_rate, planes.shape[0], bits=bits, dither=dither, seed=seed) as out:
        for start in range(0, planes.shape[1], BLOCK):
            out.write(planes[:, start : start + BLOCK])
