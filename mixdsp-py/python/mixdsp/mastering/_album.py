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
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from .._mixdsp import TooMuchLimiting
from ..engine import _arrays
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._progress import Progress, Tell, part, told
from ..files._reading import Path
from ..files._sources import FileSource, Scratch, at_rate
from ..files._tags import Cover, checked_tags, read_cover, replaygain
from ..files._whole import made
from ..files._writing import FORMATS, NOISES, Broadcast, check_depth
from ._delivery import LUFS_RANGE, MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB, TRUE_PEAK_RANGE_DB, merged
from ._release import DITHER_ROOM_DB, Part, dithered, file_name, put_tags, stem_of, two_channels
from ._targets import Target, find

Array = npt.NDArray[Any]

#: What the level of an album goes by: all of it, its loudest song, or each song by itself.
LEVELS = ("album", "loudest", "track")
#: The rate of a disc.
DISC_HZ = 44_100
#: The least of a song: more than a sector.
LEAST_SAMPLES = 1176
#: How near a song must come, in LU, while a limiter works; and the most passes it may take.
NEAR_LU, MOST_PASSES = 0.03, 10
#: How long the gain takes from one song to the next where the sound runs on.
RAMP_SECONDS = 0.02
BLOCK = 1 << 15


@dataclass(frozen=True)
class AlbumTrack:
    """A song of an album. What it does not say is as of the album, or of its file."""

    path: Path
    title: str = ""
    artist: str = ""
    isrc: str = ""
    #: The pause before it, in seconds; that of the album where it is ``None``.
    gap_seconds: Optional[float] = None
    #: What is taken away at its ends, and how long it fades, in seconds.
    trim_start_seconds: float = 0.0
    trim_end_seconds: float = 0.0
    fade_in_seconds: float = 0.0
    fade_out_seconds: float = 0.0

    def check(self) -> None:
        """Refuses times that are none."""
        for name in ("gap_seconds", "trim_start_seconds", "trim_end_seconds", "fade_in_seconds", "fade_out_seconds"):
            value = getattr(self, name)
            if value is not None:
                _arrays.check_number(value, name, 0.0, 3600.0)


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


class _Song:
    """A song at the rate and with the channels of the album, as a file of floats."""

    def __init__(self, track: AlbumTrack, source: FileSource, rate: int, channels: int, beside: str, tell: Tell) -> None:
        self.track = track
        self.before = LoudnessMeter(rate, channels)
        blocks = at_rate(source, source.blocks(), rate)
        if source.channels != channels:
            blocks = two_channels(source, blocks)
        total = source.samples and round(source.samples * rate / source.sample_rate)
        shaped = _Shape(self.before, tell, total).run(_trimmed(blocks, track, rate), track, rate)
        mask = source.mask if source.channels == channels else None
        facts: Any = SimpleNamespace(sample_rate=source.sample_rate, channels=channels, samples=total, mask=mask)
        self.scratch = Scratch(facts, shaped, rate, beside)
        self.before.finish()
        self.samples = int(self.scratch.samples or 0)
        if self.samples < LEAST_SAMPLES:
            self.scratch.remove()
            raise ValueError(f"{os.fsdecode(os.fspath(track.path))}: {self.samples} samples are too few for a song")


class _Shape:
    """Fades, and what is heard of the result."""

    def __init__(self, meter: LoudnessMeter, tell: Tell, total: Optional[int]) -> None:
        self.meter, self.tell, self.total = meter, tell, total

    def run(self, blocks: Iterable[Array], track: AlbumTrack, rate: int) -> Iterator[Array]:
        fade_in, fade_out = round(track.fade_in_seconds * rate), round(track.fade_out_seconds * rate)
        done = 0
        # The end is known only there: what may be faded waits.
        for block, left in _with_rest(blocks, fade_out):
            gain = _fade(done, block.shape[1], fade_in) * _fade_back(left, block.shape[1], fade_out)
            block = block if np.all(gain == 1.0) else (block * gain).astype(block.dtype)
            self.meter.add(block)
            done += block.shape[1]
            self.tell(min(done / max(self.total or done, 1), 1.0))
            yield block


def _trimmed(blocks: Iterable[Array], track: AlbumTrack, rate: int) -> Iterator[Array]:
    skip, cut = round(track.trim_start_seconds * rate), round(track.trim_end_seconds * rate)
    for block, left in _with_rest(blocks, cut):
        end = block.shape[1] if left is None else max(0, block.shape[1] - max(0, cut - left))
        first = min(skip, end)
        skip -= min(skip, block.shape[1])
        if first < end:
            yield block[:, first:end]


def _with_rest(blocks: Iterable[Array], wait: int) -> Iterator[tuple[Array, Optional[int]]]:
    """Blocks, and how many samples follow each where that is fewer than ``wait``; otherwise ``None``."""
    held: list[Array] = []
    behind = 0
    for block in blocks:
        held.append(block)
        behind += block.shape[1]
        while held and behind - held[0].shape[1] >= wait:
            first = held.pop(0)
            behind -= first.shape[1]
            yield first, None
    while held:
        first = held.pop(0)
        behind -= first.shape[1]
        yield first, behind


def _raised(x: Array) -> Array:
    """A fade: half a cosine."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip(x, 0.0, 1.0)))


def _fade(start: int, count: int, length: int) -> Array:
    if start >= length:
        return np.ones(1)
    return _raised((start + np.arange(count) + 0.5) / length)


def _fade_back(left: Optional[int], count: int, length: int) -> Array:
    if left is None or not length:
        return np.ones(1)
    return _raised((left + np.arange(count)[::-1] + 0.5) / length)


class _Pass:
    """One pass over the programme: gain, limiter, and what is heard of each song."""

    def __init__(self, songs: list[_Song], gaps: list[int], rate: int, channels: int) -> None:
        self.songs, self.gaps, self.rate, self.channels = songs, gaps, rate, channels
        self.starts: list[int] = []
        at = 0
        for song, gap in zip(songs, gaps):
            self.starts.append(at + gap)
            at += gap + song.samples
        self.end = at
        self.heard: list[LoudnessMeter] = []
        self.p99: list[float] = []
        self.most: list[float] = []

    def _joined(self, gains: list[float]) -> Iterator[Array]:
        before: Optional[float] = None
        for song, gap, gain_db in zip(self.songs, self.gaps, gains):
            while gap:
                count = min(gap, BLOCK)
                gap -= count
                before = None
                yield np.zeros((self.channels, count), np.float32)
            gain = 10 ** (gain_db / 20)
            ramp = round(RAMP_SECONDS * self.rate) if before is not None and before != gain else 0
            done = 0
            for block in song.scratch.blocks():
                if done < ramp and before is not None:
                    course = before + (gain - before) * _fade(done, block.shape[1], ramp)
                    block = (block * course).astype(np.float32)
                elif gain != 1.0:
                    block = (block * np.float64(gain)).astype(np.float32)
                done += block.shape[1]
                yield block
            before = gain

    def run(self, gains: list[float], limits: bool, ceiling_db: float, tell: Tell) -> Iterator[Array]:
        """The programme, as long as it is, and heard song by song."""
        self.heard = [LoudnessMeter(self.rate, self.channels, song.before.layout) for song in self.songs]
        courses = [_Course() for _ in self.songs]
        limiter = late = None
        if limits:
            limiter = _mixdsp.OfflineLimiter(self.rate, self.channels, ceiling_db, 0.0, False)
            late = limiter.latency
        at = 0
        blocks = self._joined(gains)
        while True:
            block = next(blocks, None)
            if limiter is not None and late is not None:
                if block is None:
                    limiter.end()
                    given = limiter.process(np.zeros((self.channels, limiter.latency), np.float32))
                else:
                    given = limiter.process(np.ascontiguousarray(block, np.float32))
                skip = min(late, given[0].shape[1])
                late -= skip
                audio, reduction = given[0][:, skip:], given[1][0, skip:]
            elif block is None:
                break
            else:
                audio, reduction = block, None
            self._hear(audio, reduction, at, courses)
            at += audio.shape[1]
            tell(at / max(self.end, 1))
            yield audio
            if block is None:
                break
        for meter in self.heard:
            meter.finish()
        self.p99 = [course.p99_db() for course in courses]
        self.most = [course.most_db for course in courses]

    def _hear(self, audio: Array, reduction: Optional[Array], at: int, courses: list[_Course]) -> None:
        for meter, song, start, course in zip(self.heard, self.songs, self.starts, courses):
            first, last = max(start - at, 0), min(start + song.samples - at, audio.shape[1])
            if first < last:
                meter.add(np.ascontiguousarray(audio[:, first:last]))
                if reduction is not None:
                    course.add(reduction[first:last])


class _Course:
    """How much a limiter takes, in steps of 0.01 dB."""

    def __init__(self) -> None:
        self.counts = np.zeros(12_001, np.int64)
        self.most_db = 0.0

    def add(self, reduction: Array) -> None:
        places = np.minimum(np.round(reduction * 100), self.counts.size - 1).astype(np.int64)
        self.counts += np.bincount(places, minlength=self.counts.size)
        self.most_db = max(self.most_db, float(reduction.max(initial=0.0)))

    def p99_db(self) -> float:
        total = int(self.counts.sum())
        if not total:
            return 0.0
        return int(np.searchsorted(np.cumsum(self.counts), math.ceil(0.99 * total))) / 100


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
        songs: list[_Song] = []
        for i, (track, source) in enumerate(zip(songs_asked, sources)):
            inner = part(tell, 0.3 * i / len(sources), 0.3 * (i + 1) / len(sources))
            song = _Song(track, source, plan.rate, channels, names[i], inner)
            stack.callback(song.scratch.remove)
            songs.append(song)
        gaps = [round((_gap(track, gap_seconds) if i else track.gap_seconds or 0.0) * plan.rate) for i, track in enumerate(songs_asked)]
        whole = merged([song.before for song in songs])
        wanted = _wanted(songs, whole, goal_lufs, level)
        work = _Pass(songs, gaps, plan.rate, channels)
        limit = _Limit(max_limiting_db, [str(each["title"]) for each in said])
        gains, limits, passes = _search(work, wanted, ceiling - DITHER_ROOM_DB[plan.bits], limit, part(tell, 0.3, 0.7))
        cuts = plan.cuts(work.starts, work.end)
        heard, samples = _write(work, gains, limits, ceiling - DITHER_ROOM_DB[plan.bits], plan, cuts, hidden, channels, broadcast, part(tell, 0.7, 1.0))
        limit.check(work)
        after = merged(work.heard).report()
        for track, path, new, meter in zip(songs_asked, hidden, said, heard):
            put_tags(os.fsdecode(os.fspath(track.path)), path, {**new, **replaygain(meter, after, peak)}, picture)
        result = Album(
            tracks=[
                MadeTrack(
                    path=name, source=os.fsdecode(os.fspath(song.track.path)), title=str(new["title"]),
                    before=song.before.report(), after=meter.report(), gain_db=gain, limiting_p99_db=p99,
                    limiting_max_db=most, start_seconds=start / plan.rate, samples=count,
                )
                for name, song, new, meter, gain, p99, most, start, count in zip(
                    names, songs, said, work.heard, gains, work.p99, work.most, work.starts, samples
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


def _wanted(songs: list[_Song], whole: LoudnessMeter, lufs: Optional[float], level: str) -> list[Optional[float]]:
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


def _search(
    work: _Pass, wanted: list[Optional[float]], ceiling_db: float, limit: _Limit, tell: Tell
) -> tuple[list[float], bool, int]:
    """The gains; whether a limiter is needed; and how many passes that took."""
    gains = [gain or 0.0 for gain in wanted]
    over = [
        song.before.true_peak is not None and song.before.true_peak + gain > ceiling_db - 0.05
        for song, gain in zip(work.songs, gains)
    ]
    if not any(over):
        return gains, False, 1
    goals = [
        None if song.before.integrated is None else song.before.integrated + gain for song, gain in zip(work.songs, gains)
    ]
    slopes = [1.0 for _ in gains]
    last: Optional[list[Optional[float]]] = None
    before: list[float] = []
    best: tuple[float, list[float]] = (math.inf, gains)
    for number in range(1, MOST_PASSES):
        for _ in work.run(gains, True, ceiling_db, part(tell, 1 - 0.5 ** (number - 1), 1 - 0.5**number)):
            pass
        # More gain takes more.
        limit.check(work)
        now = [meter.integrated for meter in work.heard]
        off = [0.0 if goal is None or is_ is None else goal - is_ for goal, is_ in zip(goals, now)]
        worst = max(map(abs, off), default=0.0)
        if worst < best[0]:
            best = (worst, gains)
        if worst <= NEAR_LU:
            break
        if last is not None:
            for i, (a, b) in enumerate(zip(last, now)):
                moved = gains[i] - before[i]
                if a is not None and b is not None and abs(moved) > 0.01:
                    # How much of a decibel of gain is left behind the limiter.
                    slopes[i] = min(max((b - a) / moved, 0.15), 1.0)
        before, last = gains, now
        gains = [gain + each / slope for gain, each, slope in zip(gains, off, slopes)]
    return best[1], True, number + 1


def _write(
    work: _Pass,
    gains: list[float],
    limits: bool,
    ceiling_db: float,
    plan: _Plan,
    cuts: list[tuple[int, int]],
    places: list[str],
    channels: int,
    broadcast: Optional[Broadcast],
    tell: Tell,
) -> tuple[list[Loudness], list[int]]:
    """The last pass, into files: what is heard of each, and its samples."""
    mask = next((song.scratch.mask for song in work.songs if song.scratch.mask), None)
    heard: list[Loudness] = []
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
                    heard.append(file.close())
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


@dataclass(frozen=True)
class _Limit:
    """The most limiting that a song may take."""

    most_db: float
    titles: list[str]

    def check(self, work: _Pass) -> None:
        worst = max(range(len(work.p99)), key=work.p99.__getitem__)
        p99 = work.p99[worst]
        if p99 <= self.most_db + 0.005:
            return
        now = merged(work.heard).integrated
        # A little more than the peaks are too high by stays, because what is quieter is not turned down.
        reach = None if now is None else now - (p99 - self.most_db)
        advice = "" if reach is None else f"; about {reach:.1f} LUFS for all of it is reachable within that"
        error = TooMuchLimiting(
            f"album: {self.titles[worst]} takes {p99:.1f} dB of limiting (99th percentile), at most {self.most_db:g} are "
            f"allowed{advice}, or max_limiting_db is raised"
        )
        error.limiting_p99_db, error.reachable_lufs = p99, reach
        raise error


def _differences(songs: list[_Song], heard: list[LoudnessMeter]) -> Optional[float]:
    pairs = [(song.before.integrated, meter.integrated) for song, meter in zip(songs, heard)]
    moved = [b - a for a, b in pairs if a is not None and b is not None]
    return max(moved) - min(moved) if moved else None
