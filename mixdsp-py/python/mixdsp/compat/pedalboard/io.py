"""pedalboard's ``AudioFile``: the files that mixdsp reads and writes."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING, Any, Literal, Optional, Union, overload

import numpy as np
import numpy.typing as npt

from ... import files
from ...files._reading import File, name_of
from ...files._resampling import resample

if TYPE_CHECKING:
    from typing_extensions import Self

Array = npt.NDArray[Any]


if TYPE_CHECKING:
    _Opens = type
else:

    class _Opens(type):
        """What makes ``AudioFile(...)`` one of its two kinds. Type checkers go by the overloads."""

        def __call__(cls, filename: File, *arguments: Any, **named: Any) -> Any:
            if cls is not AudioFile:
                return super().__call__(filename, *arguments, **named)
            mode = named.pop("mode", None) if not arguments else arguments[0]
            rest = arguments[1:]
            if mode in (None, "r"):
                if rest or named:
                    raise TypeError("a file that is read knows its samplerate, channels and bits: leave them out")
                return ReadableAudioFile(filename)
            if mode != "w":
                raise ValueError(f"mode = {mode!r} is neither 'r' nor 'w'")
            if not rest and "samplerate" not in named:
                raise TypeError("a file that is written needs a samplerate")
            return WriteableAudioFile(filename, *rest, **named)


class AudioFile(metaclass=_Opens):
    """Opens a file to read it, or with ``"w"`` to write it. A path, or what has a method ``read`` or ``write``."""

    if TYPE_CHECKING:

        @overload
        def __new__(cls, filename: File, mode: Literal["r"] = "r") -> ReadableAudioFile: ...
        @overload
        def __new__(
            cls,
            filename: File,
            mode: Literal["w"],
            samplerate: float,
            num_channels: int = 1,
            bit_depth: int = 16,
            quality: Optional[Union[str, float]] = None,
            *,
            format: Optional[str] = None,
        ) -> WriteableAudioFile: ...
        def __new__(cls, *arguments: Any, **named: Any) -> Any: ...

    @staticmethod
    def encode(
        samples: npt.ArrayLike,
        samplerate: float,
        format: str,
        num_channels: int = 1,
        bit_depth: int = 16,
        quality: Optional[Union[str, float]] = None,
    ) -> bytes:
        """The bytes of a file with these samples."""
        memory = io.BytesIO()
        with WriteableAudioFile(memory, samplerate, num_channels, bit_depth, quality, format=format) as out:
            out.write(samples)
        return memory.getvalue()


def _shown(file: Any, values: str) -> str:
    closed = " closed" if file.closed else ""
    return f"<{__package__}.io.{type(file).__name__} {values}{closed} at {id(file):#x}>"


#: Qualities of FLAC that have a name.
_FLAC = {0: "0 (Fastest)", 5: "5 (Default)", 8: "8 (Highest quality)"}
_NAMED = {"fastest": 0, "worst": 0, "default": 5, "": 8, "high": 8, "slowest": 8, "best": 8}


def _quality(quality: Optional[Union[str, float]], kind: str) -> Optional[str]:
    text = "" if quality is None else str(quality).strip()
    if kind != "flac":
        if text and text not in _NAMED:
            raise ValueError(f"quality = {quality!r}: {kind} has none, only a bit_depth")
        return None
    names = {**_NAMED, **{str(level): level for level in range(9)}, **{name: level for level, name in _FLAC.items()}}
    if text not in names:
        raise ValueError(f"quality = {quality!r} is not one of 0 to 8, 'fastest', 'default', 'best'")
    return _FLAC.get(names[text], str(names[text]))


#: Endings of the files that are read, and that are written.
_READ = (".wav", ".wave", ".aif", ".aiff", ".aifc", ".flac", ".mp3", ".mp2", ".ogg", ".oga", ".opus", ".m4a", ".mp4",
         ".aac", ".adts", ".caf", ".mka")  # fmt: skip
_WRITTEN = (".aiff", ".flac", ".wav")


def get_supported_read_formats() -> list[str]:
    """Endings of the files that are read."""
    return sorted(_READ)


def get_supported_write_formats() -> list[str]:
    """Endings of the files that are written."""
    return sorted(_WRITTEN)


class ReadableAudioFile(AudioFile):
    """A file being read: (channels, samples) of float32."""

    def __init__(self, filename: File) -> None:
        #: The file's path, or the name of what is read.
        self.name: Optional[str] = name_of(filename)
        self._blocks = files.blocks(filename)
        #: Whether it takes no more calls.
        self.closed: bool = False

    @property
    def samplerate(self) -> int:
        """In hertz."""
        return self._blocks.sample_rate

    @property
    def num_channels(self) -> int:
        """Number of channels."""
        return self._blocks.channels

    @property
    def frames(self) -> int:
        """Length in samples per channel."""
        samples = self._blocks.info.samples
        if samples is None:
            raise ValueError(f"{self.name} does not tell its length")
        return samples

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self.samplerate

    @property
    def exact_duration_known(self) -> bool:
        """Whether the file tells its length."""
        return self._blocks.info.samples is not None

    @property
    def file_dtype(self) -> str:
        """How samples are stored: int8, int16, int24, int32, float32 or float64."""
        bits = self._blocks.info.bits
        return "float32" if bits is None else "float64" if bits == 64 else f"int{bits}"

    def read(self, num_frames: float = 0) -> npt.NDArray[np.float32]:
        """The next samples; all that are left when ``num_frames`` is 0."""
        if self.closed:
            raise RuntimeError("I/O operation on a closed file.")
        if num_frames != int(num_frames) or num_frames < 0:
            raise ValueError(f"num_frames = {num_frames} is not a number of samples")
        wanted = int(num_frames) or self.frames - self.tell()
        block: npt.NDArray[np.float32] = self._blocks.read(wanted)
        return block

    def read_raw(self, num_frames: float = 0) -> Array:
        """As :meth:`read`, as integers where the file has them: int16 or int32, with 24 bits in the upper three bytes."""
        block = self.read(num_frames)
        bits = self._blocks.info.bits
        kinds = {8: np.int8, 16: np.int16, 24: np.int32, 32: np.int32}
        if bits not in kinds:
            return block
        kind = np.dtype(kinds[bits])
        scale = 2.0 ** (8 * kind.itemsize - 1)
        return np.clip(np.round(block.astype(np.float64) * scale), -scale, scale - 1).astype(kind)

    def resampled_to(self, target_sample_rate: float, quality: Any = None) -> ResampledReadableAudioFile:
        """The file at another rate."""
        return ResampledReadableAudioFile(self, target_sample_rate)

    def seekable(self) -> bool:
        """Every file is."""
        return True

    def seek(self, position: int) -> None:
        """Goes to a sample."""
        self._blocks._reader.seek(position)

    def tell(self) -> int:
        """Number of the next sample."""
        return self._blocks._reader.position

    def close(self) -> None:
        """Closes the file."""
        self._blocks.close()
        self.closed = True

    def __repr__(self) -> str:
        told = f"samplerate={self.samplerate} num_channels={self.num_channels} frames={self._blocks.info.samples}"
        return _shown(self, f"filename={self.name!r} {told} file_dtype={self.file_dtype}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class ResampledReadableAudioFile:
    """A file at another rate; all of it is resampled when it is first read."""

    def __init__(self, file: ReadableAudioFile, target_sample_rate: float) -> None:
        self._file = file
        self._rate = int(target_sample_rate)
        self._at = 0
        self._whole: Optional[npt.NDArray[np.float32]] = None

    def _samples(self) -> npt.NDArray[np.float32]:
        if self._whole is None:
            self._file.seek(0)
            self._whole = resample(self._file.read(), self._file.samplerate, self._rate)
        return self._whole

    @property
    def samplerate(self) -> int:
        """In hertz."""
        return self._rate

    @property
    def num_channels(self) -> int:
        """Number of channels."""
        return self._file.num_channels

    @property
    def frames(self) -> int:
        """Length in samples per channel."""
        return int(self._samples().shape[1])

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.frames / self._rate

    def read(self, num_frames: float = 0) -> npt.NDArray[np.float32]:
        """The next samples; all that are left when ``num_frames`` is 0."""
        end = self._at + int(num_frames) if num_frames else None
        block = self._samples()[:, self._at : end]
        self._at += block.shape[1]
        return block

    def seek(self, position: int) -> None:
        """Goes to a sample."""
        self._at = min(max(int(position), 0), self.frames)

    def tell(self) -> int:
        """Number of the next sample."""
        return self._at

    def close(self) -> None:
        """Closes the file."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class WriteableAudioFile(AudioFile):
    """A file being written."""

    def __init__(
        self,
        filename: File,
        samplerate: float,
        num_channels: int = 1,
        bit_depth: int = 16,
        quality: Optional[Union[str, float]] = None,
        *,
        format: Optional[str] = None,
    ) -> None:
        if samplerate != int(samplerate):
            raise TypeError(f"samplerate = {samplerate} is not a whole number of hertz")
        if samplerate < num_channels:
            raise ValueError(f"samplerate = {samplerate}, num_channels = {num_channels}: try reversing the two")
        #: In hertz.
        self.samplerate: int = int(samplerate)
        self.num_channels = num_channels
        #: Whether it takes no more calls.
        self.closed: bool = False
        self._channels_last: Optional[bool] = None
        ending = os.path.splitext(name_of(filename))[1]
        if format is None and hasattr(filename, "write") and ending:
            # What is written to may have a name, which tells the kind.
            format = ending
        kind = None if format is None else format.lower().lstrip(".")
        kind = {"aif": "aiff", "aifc": "aiff", "wave": "wav"}.get(kind or "", kind)
        if kind is None and not hasattr(filename, "write") and not ending:
            raise ValueError(f"{name_of(filename)} has no ending, which tells what to write: {', '.join(_WRITTEN)}")
        #: What theirs is called. It changes nothing: nothing is lost in any of these files.
        self.quality: Optional[str] = _quality(quality, kind or ending.lower().lstrip("."))
        self._writer = files.writer(
            filename, int(samplerate), num_channels, bits=bit_depth, dither=False, format=kind
        )

    def write(self, samples: npt.ArrayLike) -> None:
        """Appends samples, laid out as pedalboard guesses: the smaller axis is that of the channels. Integers are full
        scale at the ends of their type."""
        x = np.asarray(samples)
        if x.dtype.kind == "i":
            x = x.astype(np.float64) / 2.0 ** (8 * x.dtype.itemsize - 1)
        if x.ndim == 2 and x.shape[0] != x.shape[1]:
            self._channels_last = x.shape[0] != self.num_channels
        elif x.ndim == 2 and self.num_channels > 1 and self._channels_last is None:
            raise RuntimeError(
                f"Unable to determine channel layout from shape: {x.shape}. Provide a non-square array first."
            )
        if x.ndim == 2 and self._channels_last:
            x = x.T
        self._writer.write(x)

    def __repr__(self) -> str:
        return _shown(self, f"samplerate={self.samplerate} num_channels={self.num_channels} frames={self.frames}")

    @property
    def frames(self) -> int:
        """Samples per channel so far."""
        return self._writer.samples

    def tell(self) -> int:
        """Samples per channel so far."""
        return self.frames

    def flush(self) -> None:
        """Does nothing: a file is there when it is closed."""

    def close(self) -> None:
        """Completes the file."""
        if not self.closed:
            self._writer.close()
        self.closed = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *error: object) -> None:
        if kind is None:
            self.close()
        else:
            self._writer.abandon()
            self.closed = True
