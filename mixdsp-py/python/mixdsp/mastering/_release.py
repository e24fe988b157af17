"""The last step of a release: samples become integers, and a file that says what it is.

::

    blocks of floats --meter--> dither --> file --> bext, iXML, tags --> its name
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._processors import Dither
from ..engine._progress import Tell
from ..files._sources import Source
from ..files._tags import Cover, checked_tags, read_cover
from ..files._writing import Broadcast, Writer, writer

Array = npt.NDArray[Any]

#: How much louder than the ceiling dither of so many bits may become between the samples, in dB: what a master stays
#: under its ceiling beforehand.
DITHER_ROOM_DB = {16: 0.01, 24: 0.0001, 32: 0.0}


def two_channels(source: Source, blocks: Iterable[Array]) -> Iterator[Array]:
    """Mono on both sides."""
    for block in blocks:
        yield np.repeat(block, 2, axis=0) if block.shape[0] == 1 else block


def dithered(blocks: Iterable[Array], sample_rate: float, channels: int, bits: int, noise: str) -> Iterator[Array]:
    """Blocks on the steps of so many bits; floats as they are. One dither, however the result is cut into files."""
    if bits == 32:
        yield from blocks
        return
    kind: Any = noise
    with Dither(bits=bits, noise=kind).stream(sample_rate, channels) as stream:
        for block in blocks:
            yield stream(block)


class Part:
    """A file of a release being written, of samples that stand on its steps, and what is heard of it."""

    def __init__(
        self,
        path: str,
        sample_rate: int,
        channels: int,
        bits: int,
        format: str,
        mask: Optional[int] = None,
        broadcast: Optional[Broadcast] = None,
        layout: Any = "auto",
    ) -> None:
        self.meter = LoudnessMeter(sample_rate, channels, mask if layout == "auto" and mask is not None else layout)
        self.path = path
        self.broadcast = broadcast
        self._writer: Writer = writer(path, sample_rate, channels, bits=bits, dither=False, format=format, mask=mask)
        if broadcast is not None:
            self._writer.describe(broadcast)

    def write(self, block: Array) -> None:
        if block.shape[1]:
            self.meter.add(block)
            self._writer.write(block)

    @property
    def samples(self) -> int:
        return self._writer.samples

    def close(self) -> Loudness:
        """Completes the file, and tells what was heard."""
        self.meter.finish()
        report = self.meter.report()
        if self.broadcast is not None:
            self._writer.describe(self.broadcast, report)
        self._writer.close()
        return report

    def abandon(self) -> None:
        self._writer.abandon()


def write_file(
    source: Source,
    path: str,
    *,
    bits: int,
    noise: str,
    format: str,
    tell: Tell,
    broadcast: Optional[Broadcast] = None,
    layout: Any = "auto",
) -> Loudness:
    """One source to one file."""
    mask = getattr(source, "mask", None)
    rate = int(source.sample_rate)
    out = Part(path, rate, source.channels, bits, format, mask, broadcast, layout)
    try:
        done = 0
        for block in dithered(source.blocks(), rate, source.channels, bits, noise):
            out.write(block)
            done += block.shape[1]
            tell(done / max(source.samples or done, 1))
        return out.close()
    except BaseException:
        out.abandon()
        raise


def put_tags(source: Optional[str], path: str, tags: Mapping[str, object], cover: Cover) -> None:
    """The tags of the file that it was made of, and new ones over them."""
    if source is not None:
        _mixdsp.keep_tags(source, path)
    texts, picture = checked_tags(tags), read_cover(cover)
    if texts or picture is not None:
        _mixdsp.write_tags(path, texts, picture)


#: What names of files do not hold on one system or another.
FORBIDDEN = dict.fromkeys(map(ord, '/\\:*?"<>|'), "_")
#: Bytes that a name may have, with its number and its ending.
NAME_BYTES = 200


def file_name(text: str) -> str:
    """A title as the name of a file, on every system."""
    clean = "".join(letter for letter in text.translate(FORBIDDEN) if letter.isprintable()).strip(" .")
    clean = clean.encode("utf-8", "replace")[:NAME_BYTES].decode("utf-8", "ignore").strip(" .")
    reserved = clean.split(".")[0].upper() in {"CON", "PRN", "AUX", "NUL"}
    return f"_{clean}" if reserved else clean or "untitled"


def stem_of(path: Any) -> str:
    """The name of a file without its ending."""
    return os.path.splitext(os.path.basename(os.fsdecode(os.fspath(path))))[0]
