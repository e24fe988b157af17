"""Tags that are written: of a release, and of loudness for players."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Optional, Union

from .. import _mixdsp
from ._reading import Path
from ._whole import made

if TYPE_CHECKING:
    from ..engine._meter import Loudness

#: What ReplayGain 2.0 and R128 tags bring a programme to, in LUFS.
REPLAYGAIN_LUFS, R128_LUFS = -18.0, -23.0
PEAKS = ("sample", "true")

Cover = Union[bytes, "os.PathLike[str]", str, None]


def write_tags(path: Path, tags: Mapping[str, object], cover: Cover = None) -> None:
    """Writes tags to an audio file, beside those that it has. The file is changed whole or not at all.

    Parameters
    ----------
    path : path
        WAV (ID3 and INFO), AIFF (ID3 and text chunks), FLAC, MP3, MP4, Opus, Vorbis.
    tags : dict
        ``title``, ``artist``, ``album``, ``album_artist``, ``track``, ``tracks``, ``disc``, ``discs``, ``date``, ``genre``,
        ``composer``, ``comment``, ``copyright``, ``label``, ``isrc``, ``upc``; other names become texts of that name.
        What is ``None`` or empty is left out. An ISRC or UPC that is none raises ``ValueError`` with its shape.
    cover : path or bytes
        A JPEG or a PNG.
    """
    place = os.fspath(path)
    texts = checked_tags(tags)
    picture = read_cover(cover)
    with made(place) as hidden:
        shutil.copyfile(place, hidden)
        _mixdsp.write_tags(hidden, texts, picture)


def checked_tags(tags: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values as texts; an ISRC and a UPC without hyphens."""
    checks = {"isrc": _mixdsp.check_isrc, "upc": _mixdsp.check_upc}
    found = []
    for name, value in tags.items():
        text = "" if value is None else str(value)
        if text:
            found.append((name, checks.get(name.lower(), str)(text)))
    return found


def read_cover(cover: Cover) -> Optional[bytes]:
    """A picture from a file, or as it is."""
    if cover is None or isinstance(cover, bytes):
        return cover
    with open(cover, "rb") as file:
        return file.read()


def replaygain(track: Loudness, album: Optional[Loudness] = None, peak: str = "sample") -> dict[str, str]:
    """ReplayGain 2.0 tags of a measured track, and of its album: decibels to -18 LUFS, and peaks of full scale 1.

    Silence has none. ``peak`` is ``"sample"``, or ``"true"`` for peaks between the samples. For Opus there is
    :func:`r128_tags`.
    """
    if peak not in PEAKS:
        raise ValueError(f"peak = {peak!r} is not one of {', '.join(PEAKS)}")
    found = {}
    for name, heard in (("track", track), ("album", album)):
        if heard is None or heard.integrated is None:
            continue
        level = heard.sample_peak if peak == "sample" else heard.true_peak
        found[f"replaygain_{name}_gain"] = f"{REPLAYGAIN_LUFS - heard.integrated:.2f} dB"
        found[f"replaygain_{name}_peak"] = f"{0.0 if level is None else 10 ** (level / 20):.6f}"
    return found


def r128_tags(track: Loudness, album: Optional[Loudness] = None, header_gain_db: float = 0.0) -> dict[str, str]:
    """R128 tags of Opus (RFC 7845, 5.2): decibels to -23 LUFS in steps of 1/256, from behind the gain in the header."""
    found = {}
    for name, heard in (("track", track), ("album", album)):
        if heard is not None and heard.integrated is not None:
            steps = round(256 * (R128_LUFS - heard.integrated - header_gain_db))
            found[f"R128_{name.upper()}_GAIN"] = str(max(-32768, min(32767, steps)))
    return found


def tag_loudness(
    files: Iterable[Path], *, album: bool = True, peak: str = "sample", opus_header: Optional[str] = None, strict: bool = True
) -> list[dict[str, str]]:
    """Measures files and writes what players turn them by: ReplayGain 2.0 tags, of Opus R128 tags.

    Parameters
    ----------
    files : list of paths
    album : bool
        Whether they are one album, whatever their rates and channels, and get tags of it too.
    peak : "sample" or "true"
    opus_header : "track" or "album"
        Puts that gain, to -23 LUFS, into the header of Opus files, which every decoder applies; the tags say what is
        left. Without it the header stays as it is.
    """
    from ..mastering import meter_of
    from ..mastering._delivery import merged

    if opus_header not in (None, "track", "album"):
        raise ValueError(f"opus_header = {opus_header!r} is not one of track, album")
    paths = [os.fspath(path) for path in files]
    meters = [meter_of(path, strict=strict) for path in paths]
    whole = merged(meters).report() if album and meters else None
    given = []
    for path, meter in zip(paths, meters):
        heard = meter.report()
        is_opus = path.lower().endswith((".opus", ".ogg", ".oga")) and _is_opus(path)
        gain = None
        if is_opus and opus_header is not None:
            by = whole if opus_header == "album" and whole is not None else heard
            # What was measured is behind the gain that the header has.
            gain = None if by.integrated is None else _header_gain_db(path) + R128_LUFS - by.integrated
        change = 0.0 if gain is None else gain - _header_gain_db(path)
        tags = r128_tags(heard, whole, change) if is_opus else replaygain(heard, whole, peak)
        with made(path) as hidden:
            shutil.copyfile(path, hidden)
            if gain is not None:
                _mixdsp.write_opus_gain(hidden, gain)
            _mixdsp.write_tags(hidden, list(tags.items()), None)
        given.append(tags)
    return given


def _head(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read(1024)


def _is_opus(path: str) -> bool:
    return b"OpusHead" in _head(path)[:512]


def _header_gain_db(path: str) -> float:
    head = _head(path)
    at = head.index(b"OpusHead") + 16
    return int.from_bytes(head[at : at + 2], "little", signed=True) / 256
