"""pedalboard's ``AudioFile``: the files that mixdsp reads and writes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Optional, Union

import numpy as np
import numpy.typing as npt

from ... import files
from ...files._reading import Path

if TYPE_CHECKING:
    from typing_extensions import Self


class ReadableAudioFile:
    """A file being read: (channels, samples) of float32."""

    def __init__(self, filename: Path) -> None:
        #: The file's path.
        self.name: str = os.fspath(filename)
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

    def read(self, num_frames: float = 0) -> npt.NDArray[np.float32]:
        """The next samples; all that are left when ``num_frames`` is 0."""
        wanted = int(num_frames) or self.frames - self.tell()
        block: npt.NDArray[np.float32] = self._blocks.read(wanted)
        return block

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class WriteableAudioFile:
    """A WAV file being written."""

    def __init__(self, filename: Path, samplerate: float, num_channels: int = 1, bit_depth: int = 16) -> None:
        if not os.fspath(filename).lower().endswith(".wav"):
            raise ValueError(f"{os.fspath(filename)}: only WAV files are written")
        self.samplerate = samplerate
        self.num_channels = num_channels
        self._writer = files.writer(filename, int(samplerate), num_channels, bits=bit_depth)

    def write(self, samples: npt.ArrayLike) -> None:
        """Appends samples, laid out as pedalboard guesses: the smaller axis is that of the channels."""
        x = np.asarray(samples)
        if x.ndim == 2 and x.shape[0] != self.num_channels:
            x = x.T
        self._writer.write(x)

    @property
    def frames(self) -> int:
        """Samples per channel so far."""
        return self._writer.samples

    def close(self) -> None:
        """Completes the file."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: Any) -> None:
        self._writer.__exit__(*error)


def AudioFile(
    filename: Path,
    mode: str = "r",
    samplerate: Optional[float] = None,
    num_channels: int = 1,
    bit_depth: int = 16,
) -> Union[ReadableAudioFile, WriteableAudioFile]:
    """Opens a file to read it, or with ``"w"`` to write it."""
    if mode == "r":
        return ReadableAudioFile(filename)
    if mode != "w" or samplerate is None:
        raise ValueError("mode is 'r', or 'w' with a samplerate")
    return WriteableAudioFile(filename, samplerate, num_channels, bit_depth)
