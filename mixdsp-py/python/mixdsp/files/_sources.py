"""Where audio comes from and goes to, block by block: arrays or files, so that what works on one works on the other."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, Optional, Protocol

import numpy.typing as npt

from .. import _mixdsp
from ..engine._arrays import check_whole_rate
from ..engine._effect import Effect
from ._reading import BLOCK, Blocks, Path, read_info, tell_notes, told_part
from ._resampling import resampled
from ._writing import Writer, writer

Array = npt.NDArray[Any]


class Source(Protocol):
    """Audio that can be read from its beginning as often as one likes."""

    sample_rate: float
    channels: int
    #: Length in samples per channel; ``None`` where only the end tells.
    samples: Optional[int]

    def blocks(self) -> Iterator[Array]: ...


class ArraySource:
    """Planes of (channels, samples)."""

    def __init__(self, planes: Array, sample_rate: float) -> None:
        self.planes = planes
        self.sample_rate = sample_rate
        self.channels, self.samples = planes.shape

    def blocks(self) -> Iterator[Array]:
        for start in range(0, self.planes.shape[1], BLOCK):
            yield self.planes[:, start : start + BLOCK]


class FileSource:
    """A file."""

    def __init__(self, path: Path, strict: bool = True) -> None:
        self.path = path
        self.strict = strict
        facts = read_info(path, strict)
        # Once, however often it is read.
        tell_notes(path, facts.notes)
        self.sample_rate: float = facts.sample_rate
        self.channels = facts.channels
        self.samples = facts.samples
        #: Where the channels stand, by WAVE's speaker mask.
        self.mask = facts.mask
        self._told = False

    def blocks(self) -> Iterator[Array]:
        with Blocks(self.path, BLOCK, -1, 0, None, self.strict) as blocks:
            yield from blocks
            if not self._told:
                tell_notes(self.path, map(told_part, blocks.missing))
                self._told = True


class Sink(Protocol):
    """Where audio goes; ``start`` begins anew."""

    def start(self) -> None: ...
    def write(self, block: Array) -> None: ...
    def finish(self) -> None: ...
    def abandon(self) -> None: ...


class ArraySink:
    """Planes of (channels, samples)."""

    def __init__(self, planes: Array) -> None:
        self.planes = planes
        self.at = 0

    def start(self) -> None:
        self.at = 0

    def write(self, block: Array) -> None:
        self.planes[:, self.at : self.at + block.shape[1]] = block
        self.at += block.shape[1]

    def finish(self) -> None:
        pass

    def abandon(self) -> None:
        pass


class FileSink:
    """A file that is written."""

    def __init__(
        self, path: Path, sample_rate: float, channels: int, bits: int, mask: Optional[int] = None
    ) -> None:
        self.path = path
        self.arguments = (check_whole_rate(sample_rate), channels, bits)
        self.mask = mask
        self.writer: Optional[Writer] = None

    def start(self) -> None:
        self.abandon()
        rate, channels, bits = self.arguments
        self.writer = writer(self.path, rate, channels, bits=bits, mask=self.mask)

    def write(self, block: Array) -> None:
        assert self.writer is not None
        self.writer.write(block)

    def finish(self) -> None:
        assert self.writer is not None
        self.writer.close()
        self.writer = None

    def abandon(self) -> None:
        if self.writer is not None:
            self.writer.abandon()
            self.writer = None


class Scratch(FileSource):
    """A file of floats beside a file that is being made; ``remove`` takes it away."""

    def __init__(self, source: Source, blocks: Iterable[Array], sample_rate: float, beside: Path) -> None:
        # Never committed, it never gets a name of its own.
        self._aside = _mixdsp.Aside(os.fspath(beside))
        try:
            path = self._aside.path
            # Its name may end as what holds no floats.
            settings: dict[str, Any] = {"bits": 32, "format": "wav", "mask": getattr(source, "mask", None)}
            with writer(path, check_whole_rate(sample_rate), source.channels, **settings) as out:
                for block in blocks:
                    out.write(block)
            super().__init__(path)
        except BaseException:
            self.remove()
            raise

    def remove(self) -> None:
        self._aside.discard()


def through(effect: Effect, source: Source) -> Iterator[Array]:
    """What an effect makes of a source, as long as it and not late."""
    with effect.stream(source.sample_rate, source.channels) as stream:
        if stream.output_channels != source.channels:
            raise ValueError(f"{source.channels} channels go in, {stream.output_channels} come out")
        late = stream.latency_samples
        for block in source.blocks():
            given = stream(block)
            skip = min(late, given.shape[1])
            late -= skip
            if skip < given.shape[1]:
                yield given[:, skip:]
        rest = stream.flush(tail="cut")[:, late:]
        if rest.shape[1]:
            yield rest


def at_rate(source: Source, blocks: Iterable[Array], sample_rate: float) -> Iterator[Array]:
    """Blocks at another rate, or as they are."""
    if sample_rate == source.sample_rate:
        yield from blocks
        return
    rates = (check_whole_rate(source.sample_rate), check_whole_rate(sample_rate))
    yield from resampled(blocks, source.channels, *rates)
