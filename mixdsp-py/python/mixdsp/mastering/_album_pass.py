"""An album as one programme: its songs as files of floats, passes over all of them, and the gains that are asked for.

::

    song --trim, rate, channels, fades--> file of floats       pass: gain, limiter over all, what is heard of each song
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from .._mixdsp import TooMuchLimiting
from ..engine import _arrays
from ..engine._meter import LoudnessMeter
from ..engine._progress import Tell, part
from ..files._reading import Path
from ..files._sources import FileSource, Scratch, at_rate
from ._delivery import merged
from ._release import two_channels

Array = npt.NDArray[Any]

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


class Song:
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


class Pass:
    """One pass over the programme: gain, limiter, and what is heard of each song."""

    def __init__(self, songs: list[Song], gaps: list[int], rate: int, channels: int) -> None:
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


@dataclass(frozen=True)
class Limit:
    """The most limiting that a song may take."""

    most_db: float
    titles: list[str]

    def check(self, work: Pass) -> None:
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


def search(
    work: Pass, wanted: list[Optional[float]], ceiling_db: float, limit: Limit, tell: Tell
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
