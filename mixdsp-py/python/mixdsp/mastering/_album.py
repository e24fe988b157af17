"""``album``: songs become one programme, which is cut into files.

::

    each song --trim, fades, rate, channels--> file of floats --> gain --+
    pauses --------------------------------------------------------------+--> limiter --> dither --> cut --> files
                                                                             once over all of it      |
    loudness of each song <---------------------------------------------------------------------------+   again, until met

Limiter and dither run over the album as one programme, and the cuts come last: where sound runs on from one song into the
next, the files put together are the programme to the bit. At 44.1 kHz they are cut at whole sectors of a disc.

Python does it, out of pieces of the core (``OfflineLimiter``, ``LoudnessMeter``, ``Dither``, ``AudioWriter``, sectors, cue
sheets): what is left is which file is opened when.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._progress import Progress, Tell, part, told
from ..files._reading import Path
from ..files._sources import FileSource
from ..files._tags import Cover, checked_tags, read_cover, replaygain
from ..files._whole import made
from ..files._writing import FORMATS, NOISES, Broadcast, check_depth
from ._album_pass import AlbumTrack, Limit, Pass, Song, search
from ._delivery import LUFS_RANGE, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB, TRUE_PEAK_RANGE_DB, merged
from ._release import DITHER_ROOM_DB, Part, dithered, file_name, put_tags, stem_of
from ._targets import Target, find

Array = npt.NDArray[Any]

#: What the level of an album goes by: all of it, its loudest song, or each song by itself.
LEVELS = ("album", "loudest", "track")
#: The rate of a disc.
DISC_HZ = 44_100


@dataclass(frozen=True)
class MadeTrack:
    """What became of a song."""

    path: str
    source: str
    title: str
    #: Before gain and limiter, and in the file's own span of the programme.
    before: Loudness
    after: Loudness
    gain_db: float
    limiting_p99_db: float
    limiting_max_db: float
    #: Where it begins in the programme, in seconds, and the samples of its file.
    start_seconds: float
    samples: int

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        found = {name.name: getattr(self, name.name) for name in dataclasses.fields(self)}
        found.update(before=self.before.to_dict(), after=self.after.to_dict())
        return found


@dataclass(frozen=True)
class Album:
    """What ``album`` made."""

    tracks: list[MadeTrack]
    #: All songs as one programme, before and after.
    before: Loudness
    after: Loudness
    sample_rate: int
    bits: int
    level: str
    #: Loudness that was asked for; ``None`` where it stayed.
    lufs: Optional[float]
    true_peak_db: float
    #: The most by which the difference between any two songs changed, in LU; ``None`` where each went by itself.
    differences_lu: Optional[float]
    limits: bool
    passes: int
    cue: Optional[str]

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        found = {name.name: getattr(self, name.name) for name in dataclasses.fields(self)}
        found.update(
            before=self.before.to_dict(), after=self.after.to_dict(), tracks=[track.to_dict() for track in self.tracks]
        )
        return found


def album(
    tracks: Iterable[Union[Path, AlbumTrack]],
    out: Path,
    *,
    target: Union[str, Target, None] = None,
    lufs: Optional[float] = None,
    true_peak_db: Optional[float] = None,
    level: str = "album",
    gap_seconds: float = 2.0,
    rate: int = DISC_HZ,
    bits: Union[int, str] = 16,
    noise: Optional[str] = None,
    format: str = "wav",
    sectors: Optional[bool] = None,
    max_limiting_db: float = MAX_LIMITING_DB,
    title: str = "",
    artist: str = "",
    upc: str = "",
    tags: Optional[Mapping[str, object]] = None,
    cover: Cover = None,
    broadcast: Optional[Broadcast] = None,
    peak: str = "sample",
    cue: bool = True,
    overwrite: bool = False,
    strict: bool = True,
    progress: Progress = None,
) -> Album:
    """Makes an album: songs of any rates, mono and stereo, in order, with pauses, at one level, cut into files with
    tags, a cue sheet and a report. All of it is there at the end, or nothing.

    >>> mx.album(["one.wav", "two.flac"], "album", lufs=-12, title="Both", artist="We")          # doctest: +SKIP

    Parameters
    ----------
    tracks : list of paths or AlbumTrack
        In order. An :class:`AlbumTrack` says more: title, ISRC, pause, trim, fades.
    out : folder
        Gets ``01 Title.wav`` and so on, ``album.cue`` and ``album.json``.
    target, lufs, true_peak_db
        As in :func:`normalize`. Without a loudness the songs keep theirs, under the ceiling.
    level : "album", "loudest" or "track"
        What the loudness is that of: all of it, as one programme; its loudest song, as AES77 asks; or each song. With
        the first two one gain is for all, and the songs keep their differences: to 0.01 dB while no limiter works,
        else to 0.1 LU, for which a song may get a little more gain than another.
    gap_seconds : float
        The pause between songs; 0 where they run on. It lies at the end of the file before.
    rate, bits, noise, format
        Of the files; noise is that of the dither, shaped for 16 bits where nothing else is said.
    sectors : bool
        Whether files are cut at sectors of 588 samples, and the last one filled up, as a disc needs it; at 44.1 kHz they are.
    max_limiting_db : float, 0 to 60 dB
        The most limiting, at the 99th percentile of a song, that the loudness may take before it is refused
        (``mx.TooMuchLimiting``).
    title, artist, upc : str
        Of the album. An ISRC or UPC that is none raises ``ValueError`` with its shape.
    tags, cover
        For all files, as in :func:`write_tags`; tags that the inputs have are kept where nothing new is said.
    broadcast : Broadcast
        Makes WAV files Broadcast Wave.
    peak : "sample" or "true"
        The peaks of the ReplayGain tags.
    cue : bool
        Whether there is a cue sheet.
    """
    songs_asked = [each if isinstance(each, AlbumTrack) else AlbumTrack(each) for each in tracks]
    plan = _Plan(songs_asked, out, rate, bits, noise, format, sectors, level, gap_seconds, max_limiting_db, cue)
    goal_lufs, ceiling = _goal(target, lufs, true_peak_db)
    said = _said(songs_asked, title, artist, upc, tags)
    picture = read_cover(cover)
    if broadcast is not None and format != "wav":
        raise ValueError(f"format = {format!r}: only WAV holds what Broadcast Wave says")
    names = plan.names(said)
    plan.refuse_harm(names, overwrite)
    sources = [FileSource(track.path, strict) for track in songs_asked]
    channels = _channels(sources)
    with ExitStack() as stack:
        tell = stack.enter_context(told(progress, "album"))
        hidden = [stack.enter_context(made(name)) for name in names]
        songs: list[Song] = []
        for i, (track, source) in enumerate(zip(songs_asked, sources)):
            inner = part(tell, 0.3 * i / len(sources), 0.3 * (i + 1) / len(sources))
            song = Song(track, source, plan.rate, channels, names[i], inner)
            stack.callback(song.scratch.remove)
            songs.append(song)
        gaps = [round((_gap(track, gap_seconds) if i else track.gap_seconds or 0.0) * plan.rate) for i, track in enumerate(songs_asked)]
        whole = merged([song.before for song in songs])
        wanted = _wanted(songs, whole, goal_lufs, level)
        work = Pass(songs, gaps, plan.rate, channels)
        limit = Limit(max_limiting_db, [str(each["title"]) for each in said])
        levels, limits, passes = search(work, wanted, ceiling - DITHER_ROOM_DB[plan.bits], limit, part(tell, 0.3, 0.7))
        cuts = plan.cuts(work.starts, work.end)
        heard, samples = _write(work, levels, limits, ceiling - DITHER_ROOM_DB[plan.bits], plan, cuts, hidden, channels, broadcast, part(tell, 0.7, 1.0))
        limit.check(work)
        after = merged(work.heard).report()
        files = merged(heard).report()
        for track, path, new, meter in zip(songs_asked, hidden, said, heard):
            gains = replaygain(meter.report(), files, peak)
            put_tags(os.fsdecode(os.fspath(track.path)), path, {**new, **gains}, picture)
        result = Album(
            tracks=[
                MadeTrack(
                    path=name, source=os.fsdecode(os.fspath(song.track.path)), title=str(new["title"]),
                    before=song.before.report(), after=meter.report(), gain_db=gain, limiting_p99_db=p99,
                    limiting_max_db=most, start_seconds=start / plan.rate, samples=count,
                )
                for name, song, new, meter, gain, p99, most, start, count in zip(
                    names, songs, said, work.heard, levels, work.p99, work.most, work.starts, samples
                )
            ],
            before=whole.report(), after=after, sample_rate=plan.rate, bits=plan.bits, level=level, lufs=goal_lufs,
            true_peak_db=ceiling, differences_lu=_differences(songs, work.heard) if level != "track" else None,
            limits=limits, passes=passes, cue=plan.cue,
        )  # fmt: skip
        if plan.cue is not None:
            _put_text(stack, plan.cue, plan.sheet(names, said, title, artist, upc))
        _put_text(stack, plan.report, json.dumps(result.to_dict(), indent=2) + "\n")
        tell(1.0)
    return result


def _put_text(stack: ExitStack, path: str, text: str) -> None:
    place = stack.enter_context(made(path))
    with open(place, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        file.write(text)


class _Plan:
    """What is fixed before any work: files, rate, cuts."""

    def __init__(
        self,
        tracks: list[AlbumTrack],
        out: Path,
        rate: int,
        bits: Union[int, str],
        noise: Optional[str],
        format: str,
        sectors: Optional[bool],
        level: str,
        gap_seconds: float,
        max_limiting_db: float,
        cue: bool,
    ) -> None:
        if not tracks:
            raise ValueError("tracks: an album has one at least")
        for track in tracks:
            if not _arrays.is_path(track.path):
                raise TypeError(f"tracks holds paths or AlbumTrack, not {type(track.path).__name__}")
            track.check()
        self.tracks = tracks
        self.rate = _arrays.check_whole_rate(rate, "rate")
        self.bits = check_depth(bits)
        if format not in FORMATS:
            raise ValueError(f"format = {format!r} is not one of {', '.join(FORMATS)}")
        if format == "flac" and self.bits == 32:
            raise ValueError("bits = 32: FLAC holds no floats: 16 or 24 bits, or WAV")
        self.format = format
        if noise is not None and noise not in NOISES:
            raise ValueError(f"noise = {noise!r} is not one of {', '.join(NOISES)}")
        self.noise = noise or ("shaped" if self.bits == 16 else "white")
        if level not in LEVELS:
            raise ValueError(f"level = {level!r} is not one of {', '.join(LEVELS)}")
        _arrays.check_number(gap_seconds, "gap_seconds", 0.0, 3600.0)
        _arrays.check_number(max_limiting_db, "max_limiting_db", *MAX_LIMITING_RANGE_DB)
        self.sectors = self.rate == DISC_HZ if sectors is None else bool(sectors)
        if self.sectors and self.rate != DISC_HZ:
            raise ValueError(f"sectors: a disc has {DISC_HZ} Hz, not {self.rate}")
        self.folder = os.fsdecode(os.fspath(out))
        if not self.folder:
            raise ValueError("out is empty: the name of a folder is needed")
        self.cue = os.path.join(self.folder, "album.cue") if cue else None
        self.report = os.path.join(self.folder, "album.json")

    def names(self, said: list[dict[str, object]]) -> list[str]:
        digits = max(2, len(str(len(said))))
        return [
            os.path.join(self.folder, f"{number:0{digits}d} {file_name(str(each['title']))}.{self.format}")
            for number, each in enumerate(said, 1)
        ]

    def refuse_harm(self, names: list[str], overwrite: bool) -> None:
        outputs = [(name, "a track", overwrite) for name in names]
        outputs += [(name, "the album's", overwrite) for name in (self.cue, self.report) if name is not None]
        inputs = [(os.fsdecode(os.fspath(track.path)), "a song") for track in self.tracks]
        _mixdsp.check_outputs(inputs, outputs, "overwrite=True replaces it")

    def cuts(self, starts: list[int], end: int) -> list[tuple[int, int]]:
        # What comes before the first song belongs to it.
        starts = [0, *starts[1:]]
        if self.sectors:
            return _mixdsp.sector_cuts(starts, end)
        return list(zip(starts, [*starts[1:], end]))

    def sheet(self, names: list[str], said: list[dict[str, object]], title: str, artist: str, upc: str) -> str:
        tracks = [
            (os.path.basename(name), str(each.get("artist", "")), str(each["title"]), str(each.get("isrc", "")) or None)
            for name, each in zip(names, said)
        ]
        return _mixdsp.cue_sheet(artist, title, upc or None, tracks)


def _said(
    tracks: list[AlbumTrack], title: str, artist: str, upc: str, tags: Optional[Mapping[str, object]]
) -> list[dict[str, object]]:
    """The new tags of each song, checked."""
    found = []
    for number, track in enumerate(tracks, 1):
        new: dict[str, object] = {**(tags or {})}
        new["title"] = track.title or stem_of(track.path)
        new.update(track=number, tracks=len(tracks))
        for name, text in (("album", title), ("album_artist", artist), ("artist", track.artist or artist)):
            if text:
                new[name] = text
        if track.isrc:
            new["isrc"] = _mixdsp.check_isrc(track.isrc)
        if upc:
            new["upc"] = _mixdsp.check_upc(upc)
        checked_tags(new)
        found.append(new)
    return found


def _goal(
    target: Union[str, Target, None], lufs: Optional[float], true_peak_db: Optional[float]
) -> tuple[Optional[float], float]:
    if target is not None:
        found = find(target)
        lufs = found.lufs if lufs is None else lufs
        true_peak_db = found.true_peak_db if true_peak_db is None else true_peak_db
    if lufs is not None:
        lufs = float(_arrays.check_number(lufs, "lufs", *LUFS_RANGE))
    ceiling = -1.0 if true_peak_db is None else true_peak_db
    return lufs, float(_arrays.check_number(ceiling, "true_peak_db", *TRUE_PEAK_RANGE_DB))


def _channels(sources: list[FileSource]) -> int:
    most = max(source.channels for source in sources)
    for source in sources:
        if source.channels != most and (source.channels, most) != (1, 2):
            raise ValueError(
                f"{os.fsdecode(os.fspath(source.path))}: {source.channels} channels beside {most}: "
                "an album is mono and stereo, or all of one count; FoldDown makes two of more"
            )
    return most


def _gap(track: AlbumTrack, gap_seconds: float) -> float:
    return gap_seconds if track.gap_seconds is None else track.gap_seconds


def _wanted(songs: list[Song], whole: LoudnessMeter, lufs: Optional[float], level: str) -> list[Optional[float]]:
    """The gain for each song, if nothing limited."""
    each = [song.before.integrated for song in songs]
    if lufs is None:
        return [0.0 for _ in songs]
    if level == "track":
        return [None if own is None else lufs - own for own in each]
    if level == "album":
        by = whole.integrated
    else:
        by = max((own for own in each if own is not None), default=None)
    return [0.0 if by is None else lufs - by for _ in songs]


def _write(
    work: Pass,
    gains: list[float],
    limits: bool,
    ceiling_db: float,
    plan: _Plan,
    cuts: list[tuple[int, int]],
    places: list[str],
    channels: int,
    broadcast: Optional[Broadcast],
    tell: Tell,
) -> tuple[list[LoudnessMeter], list[int]]:
    """The last pass, into files: what is heard of each, pauses and all, and its samples."""
    mask = next((song.scratch.mask for song in work.songs if song.scratch.mask), None)
    heard: list[LoudnessMeter] = []
    samples: list[int] = []
    left = iter(zip(cuts, places))
    file: Optional[Part] = None
    try:
        at = 0
        to = 0
        blocks = work.run(gains, limits, ceiling_db, tell)
        for block in _filled(dithered(blocks, plan.rate, channels, plan.bits, plan.noise), cuts[-1][1], channels):
            done = 0
            while done < block.shape[1]:
                if file is None:
                    (_, to), place = next(left)
                    file = Part(place, plan.rate, channels, plan.bits, plan.format, mask, broadcast)
                count = min(block.shape[1] - done, to - at)
                file.write(np.ascontiguousarray(block[:, done : done + count]))
                done += count
                at += count
                if at == to:
                    samples.append(file.samples)
                    file.close()
                    heard.append(file.meter)
                    file = None
    except BaseException:
        if file is not None:
            file.abandon()
        raise
    return heard, samples


def _filled(blocks: Iterable[Array], end: int, channels: int) -> Iterator[Array]:
    """The programme, filled up with silence to its last sector."""
    at = 0
    kind: Any = np.float32
    for block in blocks:
        at += block.shape[1]
        kind = block.dtype
        yield block
    if at < end:
        yield np.zeros((channels, end - at), kind)


def _differences(songs: list[Song], heard: list[LoudnessMeter]) -> Optional[float]:
    pairs = [(song.before.integrated, meter.integrated) for song, meter in zip(songs, heard)]
    moved = [b - a for a, b in pairs if a is not None and b is not None]
    return max(moved) - min(moved) if moved else None
