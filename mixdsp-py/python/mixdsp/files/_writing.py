"""Writing audio files: WAV, FLAC and AIFF, there whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from dataclasses import dataclass
from os.path import join
from typing import IO, TYPE_CHECKING, Any, ClassVar, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ._reading import BLOCK, File, name_of

if TYPE_CHECKING:
    from typing_extensions import Self

    from ..engine._meter import Loudness

#: The kinds of file that are written.
FORMATS = ("wav", "flac", "aiff")
#: What dither is like: as much at every frequency, more of it high, or where it is heard least.
NOISES = ("white", "high_pass", "shaped")
#: Bits of a sample, and what they are called; 32 are floats.
DEPTHS = {16: 16, 24: 24, 32: 32, "int16": 16, "int24": 24, "float32": 32}


#: The loudness that Broadcast Wave states, in its order.
LOUDNESS_OF_BEXT = ("integrated", "range", "true_peak", "momentary_max", "short_term_max")


@dataclass(frozen=True)
class Broadcast:
    """What a Broadcast Wave file says of itself: the chunk ``bext`` of EBU Tech 3285, version 2, and ``iXML``."""

    #: What the sound is: at most 256 characters.
    description: str = ""
    #: Who made it, and a name that no other file of them has: at most 32 characters each.
    originator: str = ""
    originator_reference: str = ""
    #: ``2026-12-01`` and ``18:30:00``.
    origination_date: str = ""
    origination_time: str = ""
    #: What became of the sound, a line each.
    coding_history: str = ""
    #: For iXML alone.
    project: str = ""
    note: str = ""
    #: Samples since midnight at which the sound begins.
    time_reference: int = 0

    TEXTS: ClassVar[tuple[str, ...]] = (
        *("description", "originator", "originator_reference", "origination_date", "origination_time"),
        *("coding_history", "project", "note"),
    )


class Writer:
    """A file being written, block by block; made by :func:`writer`.

    The file gets its name when it is closed; when something goes wrong inside ``with``, nothing is left of it.
    """

    def __init__(
        self,
        path: File,
        sample_rate: int,
        channels: int,
        bits: int,
        seed: Optional[int],
        axis: int,
        format: Optional[str] = None,
        mask: Optional[int] = None,
        noise: str = NOISES[0],
    ) -> None:
        self._target: Optional[IO[bytes]] = path if hasattr(path, "write") else None  # type: ignore[assignment]
        self._folder: Optional[tempfile.TemporaryDirectory[str]] = None
        place = name_of(path)
        if self._target is not None:
            # Headers are written last, which a pipe does not allow.
            self._folder = tempfile.TemporaryDirectory(prefix="mixdsp-")
            place, format = join(self._folder.name, "audio"), format or "wav"
        self._writer = _mixdsp.FileWriter(place, sample_rate, channels, bits, seed, format, mask, noise)
        self._time_first = axis == 0
        self._path = path
        self._place = place

    def write(self, block: npt.ArrayLike) -> None:
        """Appends a block of any length, full scale 1."""
        array = _arrays.as_audio(block, "block")
        self._writer.write(array, self._time_first)

    def describe(self, broadcast: Broadcast, loudness: Optional[Loudness] = None) -> None:
        """Makes a WAV file a Broadcast Wave file: before the first block. Once more before the end it may state a loudness."""
        texts = [getattr(broadcast, name) for name in Broadcast.TEXTS]
        measured = [None if loudness is None else getattr(loudness, name) for name in LOUDNESS_OF_BEXT]
        self._writer.describe(texts, broadcast.time_reference, measured)

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
        if self._target is not None and self._folder is not None:
            with self._folder, open(self._place, "rb") as made:
                shutil.copyfileobj(made, self._target, BLOCK)
        if clipped:
            warnings.warn(
                f"{name_of(self._path)}: {clipped} samples beyond full scale were clipped; bits=32 keeps them",
                stacklevel=2,
            )

    def abandon(self) -> None:
        """Leaves nothing behind; what had the name before keeps it."""
        self._writer.abandon()
        if self._folder is not None:
            self._folder.cleanup()

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


def check_dither(dither: Union[bool, str]) -> Optional[str]:
    """What the noise is like; ``None`` for none."""
    if isinstance(dither, (bool, np.bool_)):
        return NOISES[0] if dither else None
    if dither not in NOISES:
        raise ValueError(f"dither = {dither!r} is not one of {', '.join(NOISES)}, True (white), False")
    return dither


def check_format(format: Optional[str]) -> Optional[str]:
    """wav, flac, aiff, or what the ending says."""
    if format is None or format in FORMATS:
        return format
    raise ValueError(f"format = {format!r} is not one of {', '.join(FORMATS)}")


def writer(
    path: File,
    sample_rate: int,
    channels: int = 2,
    *,
    bits: Union[int, str] = 24,
    dither: Union[bool, str] = True,
    seed: int = 0,
    axis: int = -1,
    format: Optional[str] = None,
    mask: Optional[int] = None,
) -> Writer:
    """Begins a file to be written block by block; the parameters are those of :func:`write`."""
    _arrays.check_axis(axis)
    rate = _arrays.check_whole_rate(sample_rate)
    count = _arrays.check_count(channels, "channels", _mixdsp.MAX_CHANNELS)
    if isinstance(seed, bool) or not isinstance(seed, (int, np.integer)):
        raise TypeError(f"seed must be an int, not {type(seed).__name__}")
    if not 0 <= seed <= 65_535:
        raise ValueError(f"seed = {seed} is outside 0 to 65535")
    depth, kind = check_depth(bits), check_format(format)
    if mask is not None and (isinstance(mask, bool) or not 0 <= mask < 1 << 32 or bin(mask).count("1") not in (0, count)):
        raise ValueError(f"mask = {mask!r} is not one speaker for each of {count} channels")
    noise = check_dither(dither)
    return Writer(path, rate, count, depth, int(seed) if noise else None, axis, kind, mask or None, noise or NOISES[0])


def write(
    path: File,
    x: npt.ArrayLike,
    sample_rate: int,
    *,
    bits: Union[int, str] = 24,
    dither: Union[bool, str] = True,
    seed: int = 0,
    axis: int = -1,
    format: Optional[str] = None,
    mask: Optional[int] = None,
) -> None:
    """Writes a WAV, FLAC or AIFF file. It is there whole or not at all; what had the name is replaced at the end.

    Parameters
    ----------
    path : path, or a binary file open for writing
        It ends in .wav, .flac, .aiff or nothing (WAV); another ending raises ``ValueError``. A link is written through,
        and the mode of the file that is replaced is kept. An open file gets everything at the end.
    x : array, (samples,) or (channels, samples)
        float32 or float64, full scale 1. What lies beyond it is clipped, with a warning, unless bits is 32.
    sample_rate : int, 8000 to 384000 Hz
    bits : 16, 24 or 32
        32 are floats, which keep every sample as it is; FLAC holds none.
    dither : bool or str
        Triangular noise of two steps, so that rounding adds no distortion; not for floats. ``"high_pass"`` is as much
        noise with more of it high, ``"shaped"`` puts it where it is heard least: 12 dB lower to the ear at 44.1 kHz,
        8 dB more in total. Shaped is for the last step before a delivery of 16 bits.
    seed : int, 0 to 65535
        Which noise: the same seed gives the same file.
    axis : int
        The axis of time; 0 for (samples, channels).
    format : "wav", "flac" or "aiff"
        In place of what the ending says.
    mask : int
        Where the channels stand, as bits of WAVE's speaker mask (:attr:`FileInfo.mask`).
    """
    array = _arrays.as_audio(x)
    if array.ndim > 2:
        raise ValueError(f"x has the shape {array.shape}: a file holds (samples,) or (channels, samples)")
    planes = _arrays.planes(array, _arrays.time_axis(array, axis))
    settings: dict[str, Any] = {"bits": bits, "dither": dither, "seed": seed, "format": format, "mask": mask}
    with writer(path, sample_rate, planes.shape[0], **settings) as out:
        for start in range(0, planes.shape[1], BLOCK):
            out.write(planes[:, start : start + BLOCK])
