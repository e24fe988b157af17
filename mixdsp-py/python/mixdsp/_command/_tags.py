"""Tags go from a file to the WAV file that was made of it.

What WAV files hold (INFO lists, Broadcast Wave, iXML, ID3, markers) is carried over byte by byte. Tags of FLAC, MP3, Ogg
and MP4 become an ID3 chunk, by mutagen where it is installed (``pip install mixdsp[tags]``). Loudness that a tag states is
not carried over: it is no longer true.
"""

from __future__ import annotations

import os
import struct
from typing import Any, BinaryIO, Optional

#: Chunks of a WAV file that belong to its samples, not to its tags.
OWN = (b"fmt ", b"data", b"fact", b"JUNK", b"junk", b"ds64", b"PEAK", b"PAD ", b"FLLR")
#: Chunks that count samples: only where the rate stays.
PLACES = (b"cue ", b"smpl", b"plst")
#: Where Broadcast Wave states loudness: five numbers, and what says that there is none.
BEXT_LOUDNESS, BEXT_NONE = slice(412, 422), struct.pack("<h", 0x7FFF) * 5


def keep(source: str, made: str, same_rate: bool) -> Optional[str]:
    """Carries tags over; what could not be kept, in words, or ``None``."""
    if source.lower().endswith((".wav", ".wave")):
        chunks = [chunk for chunk in _chunks(source) if same_rate or not _has_places(chunk)]
        if chunks:
            _append(made, chunks)
        return None
    try:
        import mutagen
    except ImportError:
        return f"{source}: tags were not kept: pip install mixdsp[tags]"
    try:
        _translate(mutagen.File(source), made)
    except Exception as error:
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


#: Names of tags about the level or the length of what the encoder made.
STALE = ("replaygain", "r128", "itunnorm", "itunsmpb")


def _is_stale(name: str) -> bool:
    return any(word in name.lower() for word in STALE)


def _translate(source: Any, made: str) -> None:
    if source is None or not source.tags:
        return
    from importlib import import_module

    # By name, because mutagen's types are only half there.
    flac, id3, mp4, wave = (import_module(f"mutagen.{name}") for name in ("flac", "id3", "mp4", "wave"))
    target = wave.WAVE(made)
    if target.tags is None:
        target.add_tags()
    if isinstance(source.tags, id3.ID3):
        for frame in source.tags.values():
            if not _is_stale(frame.HashKey) and not frame.HashKey.startswith("RVA2"):
                target.tags.add(frame)
    else:
        for name, values in _texts(source):
            frame = FRAMES.get(name)
            if frame is not None:
                target.tags.add(getattr(id3, frame)(encoding=3, text=values))
            elif not _is_stale(name):
                target.tags.add(id3.TXXX(encoding=3, desc=name, text=values))
        for kind, data in _pictures(source, flac, mp4):
            target.tags.add(id3.APIC(encoding=3, mime=kind, type=3, desc="", data=data))
    target.save()


#: Names of Vorbis comments as frames of ID3; the others become TXXX.
FRAMES = {
    "title": "TIT2",
    "artist": "TPE1",
    "album": "TALB",
    "albumartist": "TPE2",
    "date": "TDRC",
    "genre": "TCON",
    "tracknumber": "TRCK",
    "discnumber": "TPOS",
    "composer": "TCOM",
    "copyright": "TCOP",
    "isrc": "TSRC",
    "bpm": "TBPM",
    "initialkey": "TKEY",
    "language": "TLAN",
    "organization": "TPUB",
}
#: Names of MP4 as Vorbis comments.
ATOMS = {
    "\xa9nam": "title",
    "\xa9ART": "artist",
    "\xa9alb": "album",
    "aART": "albumartist",
    "\xa9day": "date",
    "\xa9gen": "genre",
    "\xa9wrt": "composer",
    "\xa9cmt": "comment",
    "cprt": "copyright",
    "tmpo": "bpm",
    "trkn": "tracknumber",
    "disk": "discnumber",
}


def _texts(source: Any) -> list[tuple[str, list[str]]]:
    found = []
    for name, values in source.tags.items():
        if name.startswith("----:"):
            name, values = name.rpartition(":")[2], [bytes(value).decode("utf-8", "replace") for value in values]
        elif type(source).__name__ == "MP4":
            if name not in ATOMS:
                continue
            name = ATOMS[name]
            values = ["/".join(str(part) for part in v if part) if isinstance(v, tuple) else str(v) for v in values]
        if name.lower() != "metadata_block_picture":
            found.append((name.lower(), [str(value) for value in values]))
    return found


def _pictures(source: Any, flac: Any, mp4: Any) -> list[tuple[str, bytes]]:
    if hasattr(source, "pictures"):
        return [(picture.mime, picture.data) for picture in source.pictures]
    if isinstance(source.tags, mp4.MP4Tags):
        kinds = {mp4.MP4Cover.FORMAT_PNG: "image/png"}
        return [(kinds.get(c.imageformat, "image/jpeg"), bytes(c)) for c in source.tags.get("covr", [])]
    import base64

    blocks = source.tags.get("metadata_block_picture", [])
    found = [flac.Picture(base64.b64decode(block)) for block in blocks]
    return [(picture.mime, picture.data) for picture in found]
