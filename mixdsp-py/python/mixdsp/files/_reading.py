"""Reading audio files, without anything else installed: WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), MP4, AIFF, CAF, Matroska and MPEG audio."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from typing import IO, TYPE_CHECKING, Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays

if TYPE_CHECKING:
    from typing_extensions import Self

Array = npt.NDArray[Any]
Path = Union[str, "os.PathLike[str]"]
#: A path, or what has a method ``read`` that gives bytes.
File = Union[Path, bytes, "os.PathLike[bytes]", IO[bytes]]
#: Frames of a block where nothing else is asked for.
BLOCK = 65_536
#: Bytes of samples that are asked for at once whatever a file's header claims; more only as far as the file's own bytes
#: explain them. 32 kbit/s, less than which no codec here makes of two channels, is a 90th of its samples.
AT_ONCE = 64 * 1024 * 1024
MOST_EXPANSION = 128
#: Warnings stand where this package was called.
_PACKAGE = __name__.partition(".")[0]


class FileInfo(NamedTuple):
    """What a file says of its audio."""

    #: wav, flac, mp3, ogg, mp4, aiff, caf, matroska, aac, mp1 or mp2.
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
    #: Where the channels stand, as bits of WAVE's speaker mask, in its order; ``None`` where the file does not say.
    mask: Optional[int] = None

    @property
    def seconds(self) -> Optional[float]:
        """Length in seconds."""
        return None if self.samples is None else self.samples / self.sample_rate


class Missing(NamedTuple):
    """A part of a damaged file that could not be decoded."""

    #: Where it begins.
    at_seconds: float
    #: How long it is; ``None`` where only its beginning is known.
    seconds: Optional[float]
    reason: str


def name_of(file: File) -> str:
    """What a file is called: its path, or the name of what is read."""
    if not hasattr(file, "read") and not hasattr(file, "write"):
        return os.fsdecode(file)
    name = getattr(file, "name", None)
    return name if isinstance(name, str) else f"<{type(file).__name__}>"


def open_reader(file: File, strict: bool = True, check_finite: bool = True) -> _mixdsp.FileReader:
    """Opens a path, or all that is left in what has a method ``read``."""
    data = None
    if hasattr(file, "read"):
        data = file.read()
        if not isinstance(data, (bytes, bytearray, memoryview)):
            raise TypeError(f"{name_of(file)} gives {type(data).__name__}, not bytes: open it in binary mode")
        data = bytes(data)
    return _mixdsp.FileReader(name_of(file), data, bool(strict), bool(check_finite))


def info(path: File) -> FileInfo:
    """What a file says of its audio. Only its headers are read; it may be damaged behind them, which ``notes`` tell."""
    return read_info(path, strict=False)


def read_info(path: File, strict: bool) -> FileInfo:
    """As :func:`info`, of a file that is to be read so."""
    reader = open_reader(path, strict)
    try:
        return _info(reader)
    finally:
        reader.close()


def _info(reader: _mixdsp.FileReader) -> FileInfo:
    return FileInfo(
        reader.format,
        reader.sample_rate,
        reader.channels,
        reader.frames,
        reader.bits,
        tuple(reader.notes),
        reader.mask,
    )


def tell_notes(path: File, notes: Iterable[str]) -> None:
    """Warns of what is to be known of a file, where the caller of this package stands."""
    level = 2
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame = frame.f_back
        level += 1
    for note in notes:
        warnings.warn(f"{name_of(path)}: {note}", stacklevel=level)


class Blocks:
    """A file, block by block; made by :func:`blocks`.

    Iterating gives arrays ``(channels, samples)``, each of ``size`` samples but the last. ``info`` tells what the
    file says; ``with`` closes it.
    """

    def __init__(
        self,
        path: File,
        size: int,
        axis: int,
        start: int,
        stop: Optional[int],
        strict: bool = True,
        check_finite: bool = True,
    ) -> None:
        self._reader = open_reader(path, strict, check_finite)
        #: What the file says of its audio.
        self.info: FileInfo = _info(self._reader)
        # What is in memory already is as long as it is.
        bytes_there = AT_ONCE if hasattr(path, "read") else os.path.getsize(path)
        most = max(AT_ONCE, MOST_EXPANSION * bytes_there)
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
    def missing(self) -> list[Missing]:
        """What could not be decoded of the part that was read, of a file that is not read strictly."""
        return [Missing(*part) for part in self._reader.missing]

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
    path: File,
    size: int = BLOCK,
    *,
    axis: int = -1,
    start: int = 0,
    stop: Optional[int] = None,
    strict: bool = True,
    check_finite: bool = True,
) -> Blocks:
    """Opens a file to read it block by block: no more than a block is in memory.

    >>> with mx.blocks("song.flac") as song:                        # doctest: +SKIP
    ...     for block in song:
    ...         meter.add(block)

    Parameters
    ----------
    path : path, or an open binary file
        WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), MP4, AIFF, CAF, Matroska and MPEG audio; the content decides, not the name.
        Of an open file (``io.BytesIO``, a pipe) all that is left is read, into memory.
    size : int
        Samples per channel of a block.
    axis : int
        -1 for blocks of (channels, samples), 0 for (samples, channels).
    start, stop : int
        The part to be read, in samples.
    strict : bool
        Damage raises. Without it all that can be decoded is given, with silence where a part is missing; ``missing``
        lists what is.
    check_finite : bool
        A sample that is NaN or infinite raises.

    Raises ``FileNotFoundError`` and other ``OSError``; ``ValueError`` for what is no audio, or damaged. What
    ``info.notes`` holds is warned of.
    """
    _arrays.check_count(size, "size", sys.maxsize)
    _arrays.check_axis(axis)
    start, stop = _part(start, stop)
    source = Blocks(path, size, axis, start, stop, strict, check_finite)
    tell_notes(path, source.info.notes)
    return source


def told_part(part: Missing) -> str:
    """One line about a part that is missing."""
    length = "" if part.seconds is None else f" for {part.seconds:.3f} s"
    return f"damaged at {part.at_seconds:.3f} s{length}: {part.reason}"


def _part(start: int, stop: Optional[int]) -> tuple[int, Optional[int]]:
    for name, value in (("start", start), ("stop", stop)):
        if value is not None and (isinstance(value, bool) or not isinstance(value, (int, np.integer))):
            raise TypeError(f"{name} must be a number of samples, not {type(value).__name__}")
        if value is not None and value < 0:
            raise ValueError(f"{name} = {value} is before the beginning")
    return int(start), None if stop is None else int(stop)


def read(
    path: File,
    *,
    axis: int = -1,
    dtype: npt.DTypeLike = np.float32,
    start: int = 0,
    stop: Optional[int] = None,
    strict: bool = True,
    check_finite: bool = True,
) -> tuple[Array, int]:
    """Reads a file: the samples, full scale 1, and the sample rate.

    >>> x, sample_rate = mx.read("song.flac")                       # doctest: +SKIP

    What encoders put before and after the audio is left out, so that the same take is as long in every format.

    Parameters
    ----------
    path : path, or an open binary file
        WAV, FLAC, MP3, Ogg (Vorbis, Opus, FLAC), MP4, AIFF, CAF, Matroska and MPEG audio; the content decides, not the name.
    axis : int
        -1 for (channels, samples), 0 for (samples, channels). Mono has one channel.
    dtype : float32 or float64
    start, stop : int
        The part to be read, in samples.
    strict : bool
        Damage raises. Without it all that can be decoded is given, with silence where a part is missing, and each such
        part is warned of.
    check_finite : bool
        A sample that is NaN or infinite raises.

    Raises ``FileNotFoundError`` and other ``OSError``; ``ValueError`` for what is no audio, or damaged. What
    :attr:`FileInfo.notes` holds is warned of. No more memory is taken than the file's own bytes explain.
    """
    kind = np.dtype(dtype)
    if kind not in (np.dtype(np.float32), np.dtype(np.float64)):
        raise TypeError(f"dtype = {kind} is neither float32 nor float64")
    with blocks(path, axis=axis, start=start, stop=stop, strict=strict, check_finite=check_finite) as source:
        length = source.info.samples
        if length is not None:
            end = length if stop is None else min(stop, length)
            whole = source.read(max(end - start, 0))
        else:
            whole = source.read(sys.maxsize)
        tell_notes(path, (told_part(part) for part in source.missing))
    return whole.astype(kind, copy=False), source.sample_rate
