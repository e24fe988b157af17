"""Tags go from a file to the file that was made of it.

What WAV files hold (INFO lists, Broadcast Wave, iXML, ID3, markers) is carried over to WAV byte by byte. All other tags and
pictures are translated: into an ID3 chunk of WAV and AIFF, or the comments of FLAC. Loudness that a tag states is not
carried over: it is no longer true.
"""

from __future__ import annotations

import os
import struct
from typing import BinaryIO, Optional

from .. import _mixdsp

#: Chunks of a WAV file that belong to its samples, not to its tags.
OWN = (b"fmt ", b"data", b"fact", b"JUNK", b"junk", b"ds64", b"PEAK", b"PAD ", b"FLLR")
#: Chunks that count samples: only where the rate stays.
PLACES = (b"cue ", b"smpl", b"plst")
#: Where Broadcast Wave states loudness: five numbers, and what says that there is none.
BEXT_LOUDNESS, BEXT_NONE = slice(412, 422), struct.pack("<h", 0x7FFF) * 5


def keep(source: str, made: str, same_rate: bool) -> Optional[str]:
    """Carries tags over; what could not be kept, in words, or ``None``."""
    waves = (".wav", ".wave")
    try:
        if source.lower().endswith(waves) and made.lower().endswith(waves):
            chunks = [chunk for chunk in _chunks(source) if same_rate or not _has_places(chunk)]
            if chunks:
                _append(made, chunks)
        else:
            _mixdsp.keep_tags(source, made)
    except (OSError, ValueError) as error:
        return f"{source}: tags were not kept: {error}"
    return None


def _has_places(chunk: tuple[bytes, bytes]) -> bool:
    name, content = chunk
    return name in PLACES or (name == b"LIST" and content[:4] == b"adtl")


def _header(file: BinaryIO) -> tuple[bytes, int]:
    name, length = struct.unpack("<4sI", file.read(8))
    return name, length


def _chunks(path: str) -> list[tuple[bytes, bytes]]:
    """Every chunk of a WAV file but those of its samples."""
    found = []
    with open(path, "rb") as file:
        end = os.fstat(file.fileno()).st_size
        kind, _ = _header(file)
        file.read(4)
        long = None
        while file.tell() + 8 <= end:
            name, length = _header(file)
            if name == b"ds64":
                content = file.read(length)
                long = struct.unpack("<Q", content[8:16])[0]
                file.seek(length % 2, os.SEEK_CUR)
                continue
            if name == b"data" and kind in (b"RF64", b"BW64") and length == 0xFFFFFFFF and long is not None:
                length = long
            if name in OWN:
                file.seek(length + length % 2, os.SEEK_CUR)
                continue
            if length > end - file.tell():
                break
            content = file.read(length)
            file.seek(length % 2, os.SEEK_CUR)
            if name == b"bext" and len(content) >= BEXT_LOUDNESS.stop:
                content = content[: BEXT_LOUDNESS.start] + BEXT_NONE + content[BEXT_LOUDNESS.stop :]
            found.append((name, content))
    return found


def _append(path: str, chunks: list[tuple[bytes, bytes]]) -> None:
    with open(path, "r+b") as file:
        file.seek(0, os.SEEK_END)
        for name, content in chunks:
            file.write(struct.pack("<4sI", name, len(content)) + content + b"\0" * (len(content) % 2))
        riff = file.tell() - 8
        file.seek(0)
        wide = file.read(4) == b"RF64"
        if wide:
            file.seek(20)
            file.write(struct.pack("<Q", riff))
        elif riff < 0xFFFFFFFF:
            file.write(struct.pack("<I", riff))
