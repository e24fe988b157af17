"""Audio files, without anything else installed: WAV, FLAC, MP3, Ogg Vorbis and AAC in MP4 are read, WAV is written."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _audio, _mixdsp

if TYPE_CHECKING:
    from typing_extensions import Self

Array = npt.NDArray[Any]
Path = Union[str, "os.PathLike[str]"]
#: Frames of a block where nothing else is asked for.
BLOCK = 65_536
#: Bytes of samples that are asked for at once whatever a file's header claims; more only as far as the file's own bytes
#: explain them. 32 kbit/s, less than which no codec here makes of two channels, is a 90th of its samples.
AT_ONCE = 1 << 26
MOST_EXPANSION = 128
#: Bits of a sample, and what they are called; 32 are floats.
DEPTHS = {16: 16, 24: 24, 32: 32, "int16": 16, "int24": 24, "float32": 32}


class FileInfo(NamedTuple):
    """What a file says of its audio."""

    #: wav, flac, mp3, ogg or mp4.
    format: str
    #: In hertz.
    sample_rate: int
    channels: int
    #: Length in samples per channel; ``None`` where only the end tells.
    samples: Optional[int]
    #: Bits of a sample, for files that keep every sample.
    bits: Optional[int]
    #: What is to be known of the file beyond its samples, a line each: that its header does not say how long it is, that
    #: bytes behind the audio were left out.
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> Optional[float]:
        """Length in seconds."""
        return None if self.samples is None else self.samples / self.sample_rate


def is_path(x: Any) -> bool:
    """Whether ``x`` names a file."""
    return isinstance(x, (str, os.PathLike))


def info(path: Path) -> FileInfo:
    """What a file says of its audio. Only its headers are read."""
    reader = _mixdsp.FileReader(os.fspath(path))
    try:
        return _info(reader)
    finally:
        reader.close()


def _info(reader: _mixdsp.FileReader) -> FileInfo:
    return FileInfo(
        reader.format, reader.sample_rate, reader.channels, reader.frames, reader.bits, tuple(reader.notes)
    )


def tell_notes(path: Path, notes: Iterable[str]) -> None:
    """Warns of what is to be known of a file, where the caller of this package stands."""
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == __package__:
        frame = frame.f_back
        level += 1
    for note in notes:
        warnings.warn(f"{os.fspath(path)}: {note}", stacklevel=level)


class Blocks:
    """A file, block by block; made by :func:`blocks`.

    Iterating gives arrays ``(channels, samples)``, each of ``size`` samples but the last. ``info`` tells what the
    file says; ``with`` closes it.
    """

    def __init__(self, path: Path, size: int, axis: int, start: int, stop: Optional[int]) -> None:
        self._reader = _mixdsp.FileReader(os.fspath(path))
        #: What the file says of its audio.
        self.info: FileInfo = _info(self._reader)
        most = max(AT_ONCE, MOST_EXPANSION * os.path.getsize(path))
        self._at_once = most // (4 * self.info.channels)
        self._size = size
        self._time_first = axis == 0
        self._left = None if stop is None else max(stop - start, 0)
        if start:
            self._reader.seek(start)

    @property
    def sample_rate(self) -> int:
        """In hertz."""
        return self.info.sample_rate

    @property
    def channels(self) -> int:
        return self.info.channels

    def __iter__(self) -> Iterator[Array]:
        while (block := self.read(self._size)).size:
            yield block

    def read(self, samples: int) -> Array:
        """The next samples: fewer only at the end, none after it."""
        wanted = samples if self._left is None else min(samples, self._left)
        if wanted <= self._at_once:
            return self._next(wanted)
        # More than the file is likely to hold: room is made as it is decoded, and the parts are joined at the end.
        time = 0 if self._time_first else -1
        parts = [self._next(0)]
        while wanted > 0:
            asked = min(wanted, self._at_once)
            parts.append(self._next(asked))
            wanted -= asked
            if parts[-1].shape[time] < asked:
                break
        return np.concatenate(parts, axis=time)

    def _next(self, samples: int) -> Array:
        shape = (samples, self.channels) if self._time_first else (self.channels, samples)
        out = np.empty(shape, np.float32)
        count = self._reader.read_into(out, self._time_first) if samples else 0
        if self._left is not None:
            self._left -= count
        return out[:count] if self._time_first else out[:, :count]

    def close(self) -> None:
        """Closes the file."""
        self._reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Blocks of {self.info}>"


def blocks(
    path: Path, size: int = BLOCK, *, axis: int = -1, start: int = 0, stop: Optional[int] = None
) -> Blocks:
    """Opens a file to read it block by block: no more than a block is in memory.

    >>> with mx.blocks("song.flac") as song:                        # doctest: +SKIP
    ...     for block in song:
    ...         meter.add(block)

    Parameters
    ----------
    path : path
        WAV, FLAC, MP3, Ogg Vorbis or AAC in MP4; the content decides, not the name.
    size : int
        Samples per channel of a block.
    axis : int
        -1 for blocks of (channels, samples), 0 for (samples, channels).
    start, stop : int
        The part to be read, in samples.

    Raises ``FileNotFoundError`` and other ``OSError``; ``ValueError`` for what is no audio, or damaged. What
    ``info.notes`` holds is warned of.
    """
    _audio.check_count(size, "size", 1 << 40)
    _check_axis(axis)
    start, stop = _part(start, stop)
    source = Blocks(path, size, axis, start, stop)
    tell_notes(path, source.info.notes)
    return source


def _check_axis(axis: int) -> None:
    if axis not in (-1, 0, 1):
        raise ValueError(f"axis = {axis} is neither -1 nor 0")


def _part(start: int, stop: Optional[int]) -> tuple[int, Optional[int]]:
    for name, value in (("start", start), ("stop", stop)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, np.integer))):
            raise TypeError(f"{name} must be a number of samples, not {type(value).__name__}")
        if value is not None and value < 0:
            raise ValueError(f"{name} = {value} is before the beginning")
    return int(start), None if stop is None else int(stop)


def read(
    path: Path,
    *,
    axis: int = -1,
    dtype: npt.DTypeLike = np.float32,
    start: int = 0,
    stop: Optional[int] = None,
) -> tuple[Array, int]:
    """Reads a file: the samples, full scale 1, and the sample rate.

    >>> x, sample_rate = mx.read("song.flac")                       # doctest: +SKIP

    What encoders put before and after the audio is left out, so that the same take is as long in every format.

    Parameters
    ----------
    path : path
        WAV, FLAC, MP3, Ogg Vorbis or AAC in MP4; the content decides, not the name.
    axis : int
        -1 for (channels, samples), 0 for (samples, channels). Mono has one channel.
    dtype : float32 or float64
    start, stop : int
        The part to be read, in samples.

    Raises ``FileNotFoundError`` and other ``OSError``; ``ValueError`` for what is no audio, or damaged. What
    :attr:`FileInfo.notes` holds is warned of. No more memory is taken than the file's own bytes explain.
    """
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype = {kind} is neither float32 nor float64")
    with blocks(path, axis=axis, start=start, stop=stop) as source:
        length = source.info.samples
        if length is not None:
            end = length if stop is None else min(stop, length)
            whole = source.read(max(end - start, 0))
        else:
            whole = source.read(sys.maxsize)
    return whole.astype(kind, copy=False), source.sample_rate


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
        array = _audio.as_audio(block, "block")
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


def whole_rate(sample_rate: Any, name: str = "sample_rate") -> int:
    """A sample rate that files and resampling can have: a whole number of hertz."""
    rate = _audio.check_rate(sample_rate)
    if rate != int(rate):
        raise ValueError(f"{name} = {rate:g} is not a whole number of hertz")
    return int(rate)


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
    _check_axis(axis)
    rate = whole_rate(sample_rate)
    count = _audio.check_count(channels, "channels", _audio.MOST_CHANNELS)
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
    array = _audio.as_audio(x)
    if array.ndim > 2:
        raise ValueError(f"x has the shape {array.shape}: a file holds (samples,) or (channels, samples)")
    planes = _audio.planes(array, _audio.time_axis(array, axis))
    with writer(path, sample_rate, planes.shape[0], bits=bits, dither=dither, seed=seed) as out:
        for start in range(0, planes.shape[1], BLOCK):
            out.write(planes[:, start : start + BLOCK])
