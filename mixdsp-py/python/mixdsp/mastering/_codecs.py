"""``codecs``: what the encoders of platforms make of a master, and the ceiling at which their peaks hold.

::

    master --limiter at a ceiling--> file of floats --ffmpeg--> encoded --ffmpeg--> floats --> peaks, overs, loudness, bandwidth
                        ^                                                                        |
                        +----------------------- lower, or higher again <------------------------+

An encoder keeps the spectrum, not the wave: peaks move, and mostly rise. By how much depends on the music, so it is not
computed but tried.
"""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._meter import LoudnessMeter
from ..engine._progress import Progress, Tell, part, told
from ..files import _ffmpeg
from ..files._reading import Path
from ..files._sources import ArraySource, FileSource, Source, at_rate
from ..files._tags import Cover, checked_tags, read_cover
from ..files._whole import made
from ..files._writing import writer
from ._delivery import TRUE_PEAK_RANGE_DB
from ._limiting import _limited
from ._release import put_tags

Array = npt.NDArray[Any]


class Codec(NamedTuple):
    """An encoder at a rate that platforms use."""

    #: As written in code and on the command line, and as shown to people.
    key: str
    name: str
    #: Encoders of ffmpeg that make it, the best first, and the ending of their files.
    encoders: tuple[str, ...]
    ending: str
    kbps: int
    #: Rates in hertz that it takes; what has another is resampled before.
    rates: tuple[int, ...]
    #: Who plays it, when that was looked up, and where.
    platforms: str
    official: bool
    as_of: str
    source: str


_AAC = (("aac_at", "libfdk_aac", "aac"), "m4a")
_MP3 = (("libmp3lame",), "mp3")
_OPUS = (("libopus",), "opus")
_VORBIS = (("libvorbis",), "ogg")
_BOTH = (44_100, 48_000)
_SPOTIFY = "Spotify for Artists, Audio file formats"
_REPORTED = "not published; as players show it"

#: Every codec by its key.
CODECS: dict[str, Codec] = {
    each.key: each
    for each in (
        Codec("aac_256", "AAC 256 kbit/s", *_AAC, 256, _BOTH, "Apple Music, Spotify (web)", True, "2026-12", f"Apple Digital Masters; {_SPOTIFY}"),
        Codec("aac_128", "AAC 128 kbit/s", *_AAC, 128, _BOTH, "Spotify (web, free), YouTube", True, "2026-12", _SPOTIFY),
        Codec("mp3_320", "MP3 320 kbit/s", *_MP3, 320, _BOTH, "Deezer, Amazon Music, downloads", False, "2026-12", _REPORTED),
        Codec("mp3_128", "MP3 128 kbit/s", *_MP3, 128, _BOTH, "SoundCloud, Deezer (free)", False, "2026-12", _REPORTED),
        Codec("opus_128", "Opus 128 kbit/s", *_OPUS, 128, (48_000,), "YouTube", False, "2026-12", _REPORTED),
        Codec("vorbis_320", "Vorbis 320 kbit/s", *_VORBIS, 320, _BOTH, "Spotify (very high)", True, "2026-12", _SPOTIFY),
        Codec("vorbis_160", "Vorbis 160 kbit/s", *_VORBIS, 160, _BOTH, "Spotify (high)", True, "2026-12", _SPOTIFY),
        Codec("vorbis_96", "Vorbis 96 kbit/s", *_VORBIS, 96, _BOTH, "Spotify (normal)", True, "2026-12", _SPOTIFY),
    )
}  # fmt: skip
#: What is tried where nothing else is asked for.
USUAL = ("aac_256", "mp3_320", "opus_128", "vorbis_320")
#: Encodes that a search may take; how much is taken away beyond what was over; and how near it goes to what fails, in dB.
MOST_TRIES, STEP_DB, NEAR_DB = 8, 0.03, 0.2


@dataclass(frozen=True)
class Coded:
    """What an encoder makes of a master."""

    codec: str
    #: ffmpeg's name of the encoder, and of itself.
    encoder: str
    ffmpeg: str
    #: Of the master as it is, decoded: true peak in dBTP, peaks over full scale, loudness in LUFS and what changed, and
    #: where the spectrum ends in hertz.
    true_peak: Optional[float]
    overs: int
    integrated: Optional[float]
    loudness_change: Optional[float]
    bandwidth_hz: float
    #: By how much the true peak rose, in dB.
    rise_db: Optional[float]
    #: Under which the decoded peaks were to stay; ``None`` without a search.
    asked_db: Optional[float]
    #: The ceiling of a master whose decoded peaks stay there, and how much a limiter takes of this one for it. ``None``
    #: where none was found.
    ceiling_db: Optional[float]
    limiter_db: Optional[float]
    #: True peak of that, decoded.
    true_peak_at_ceiling: Optional[float]
    tries: int
    #: The encoded file, where it is kept.
    out: Optional[str] = None

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return asdict(self)


def codecs_of(keys: Union[str, Iterable[str], None]) -> list[Codec]:
    """The codecs that are asked for, each once."""
    names = USUAL if keys is None else keys.split(",") if isinstance(keys, str) else list(keys)
    found = []
    for name in dict.fromkeys(str(name).strip() for name in names):
        if name not in CODECS:
            near = difflib.get_close_matches(name.lower(), CODECS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"codecs: {name!r} is not one of {', '.join(CODECS)}{hint}")
        found.append(CODECS[name])
    if not found:
        raise ValueError(f"codecs: one of {', '.join(CODECS)} is needed")
    return found


def encoder_of(codec: Codec, ffmpeg: _ffmpeg.Ffmpeg) -> str:
    """ffmpeg's encoder, or which one it lacks."""
    for name in codec.encoders:
        if name in ffmpeg.encoders:
            return name
    raise _ffmpeg.NoFfmpeg(f"ffmpeg {ffmpeg.version} has no encoder {' or '.join(codec.encoders)}, which {codec.name} needs")


def arguments_of(codec: Codec, encoder: str, kbps: int) -> list[str]:
    return ["-c:a", encoder, "-b:a", f"{kbps}k", *(["-f", "opus"] if codec.ending == "opus" else [])]


def codecs(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    codecs: Union[str, Iterable[str], None] = None,
    ceiling_db: Optional[float] = 0.0,
    out: Optional[Path] = None,
    ffmpeg: str = "ffmpeg",
    axis: int = -1,
    overwrite: bool = False,
    strict: bool = True,
    progress: Progress = None,
) -> list[Coded]:
    """Tells what AAC, MP3, Opus and Vorbis make of a master, and finds the ceiling at which their peaks hold.

    Each is encoded and decoded to floats by ffmpeg's program. Then a limiter takes the master under lower ceilings until
    what is decoded stays under ``ceiling_db`` on every common true-peak meter, and under one that is higher again where
    that still holds.

    >>> for coded in mx.codecs("master.wav", ceiling_db=-1):            # doctest: +SKIP
    ...     print(coded.codec, coded.true_peak, coded.ceiling_db)

    Parameters
    ----------
    x : path, or array (samples,) or (channels, samples) of one or two channels
    codecs : str or list
        Keys of ``mx.CODECS``; AAC 256, MP3 320, Opus 128 and Vorbis 320 kbit/s without it.
    ceiling_db : float, -40 to 0 dBTP, or None
        What the decoded peaks are to stay under; ``None`` only measures.
    out : folder
        Keeps the encoded files, of the master under the ceiling that was found, with the tags of ``x``.
    ffmpeg : str
        The program. Where it is not installed that raises an ``OSError`` that says so.
    """
    asked = codecs_of(codecs)
    program = _ffmpeg.find(ffmpeg)
    encoders = [encoder_of(codec, program) for codec in asked]
    if ceiling_db is not None:
        _arrays.check_number(ceiling_db, "ceiling_db", *TRUE_PEAK_RANGE_DB)
    source, path = _source(x, sample_rate, axis, strict)
    if source.channels > 2:
        raise ValueError(f"{source.channels} channels: platforms encode one or two; FoldDown makes two of more")
    places: list[Optional[str]] = [None for _ in asked]
    if out is not None:
        folder = os.fsdecode(os.fspath(out))
        stem = "master" if path is None else os.path.splitext(os.path.basename(path))[0]
        places = [os.path.join(folder, f"{stem}.{codec.key}.{codec.ending}") for codec in asked]
        _mixdsp.check_outputs(
            [] if path is None else [(path, "the master")],
            [(place, "an encoded file", overwrite) for place in places if place is not None],
            "overwrite=True replaces it",
        )
    given = []
    with told(progress, "codecs") as tell, tempfile.TemporaryDirectory(prefix="mixdsp-") as folder:
        loudness = _loudness(source)
        for i, (codec, encoder, place) in enumerate(zip(asked, encoders, places)):
            inner = part(tell, i / len(asked), (i + 1) / len(asked))
            given.append(_Trial(source, path, codec, encoder, program, folder, inner).run(loudness, ceiling_db, place))
        tell(1.0)
    return given


def _source(x: Any, sample_rate: Optional[float], axis: int, strict: bool) -> tuple[Source, Optional[str]]:
    if _arrays.is_path(x):
        if sample_rate is not None:
            raise TypeError("a file knows its sample rate: leave sample_rate out")
        return FileSource(x, strict), os.fsdecode(os.fspath(x))
    if sample_rate is None:
        raise TypeError("sample_rate is missing")
    array = _arrays.as_audio(x)
    planes = _arrays.planes(array, _arrays.time_axis(array, axis))
    if planes.ndim > 2:
        raise ValueError(f"x has the shape {array.shape}: a master is (samples,) or (channels, samples)")
    return ArraySource(planes, _arrays.check_rate(sample_rate)), None


def _loudness(source: Source) -> tuple[Optional[float], Optional[float]]:
    meter = LoudnessMeter(source.sample_rate, source.channels)
    for block in source.blocks():
        meter.add(block)
    meter.finish()
    return meter.integrated, meter.true_peak


class _Decoded(NamedTuple):
    true_peak: Optional[float]
    overs: int
    integrated: Optional[float]
    bandwidth_hz: float
    #: By how much a limiter at the ceiling would have to turn it down: 0 where every meter is content.
    over_db: float


class _Trial:
    """A codec that is tried on a master."""

    def __init__(
        self,
        source: Source,
        path: Optional[str],
        codec: Codec,
        encoder: str,
        program: _ffmpeg.Ffmpeg,
        folder: str,
        tell: Tell,
    ) -> None:
        self.source, self.path, self.codec, self.encoder, self.program, self.tell = source, path, codec, encoder, program, tell
        rate = int(source.sample_rate)
        self.rate = rate if rate in codec.rates else codec.rates[-1]
        self.master = os.path.join(folder, "master.wav")
        self.encoded = os.path.join(folder, f"coded.{codec.ending}")
        self.tries = 0
        #: How much of the work is told of as done.
        self.share = 0.0

    def run(
        self, loudness: tuple[Optional[float], Optional[float]], asked_db: Optional[float], out: Optional[str]
    ) -> Coded:
        lufs, peak = loudness
        self._prepare(None)
        first = self._try(0.0 if asked_db is None else asked_db)
        ceiling, limiter, held = self._search(first, peak, asked_db)
        if out is not None:
            self._keep(out, ceiling)
        self.tell(1.0)
        change = None if lufs is None or first.integrated is None else first.integrated - lufs
        return Coded(
            codec=self.codec.key, encoder=self.encoder, ffmpeg=self.program.version, true_peak=first.true_peak,
            overs=first.overs, integrated=first.integrated, loudness_change=change, bandwidth_hz=first.bandwidth_hz,
            rise_db=None if peak is None or first.true_peak is None else first.true_peak - peak, asked_db=asked_db,
            ceiling_db=ceiling, limiter_db=limiter, true_peak_at_ceiling=held, tries=self.tries, out=out,
        )  # fmt: skip

    def _search(
        self, first: _Decoded, peak: Optional[float], asked_db: Optional[float]
    ) -> tuple[Optional[float], Optional[float], Optional[float]]:
        """The ceiling, what a limiter takes for it, and the true peak that is decoded."""
        if asked_db is None or peak is None:
            return None, None, first.true_peak
        if first.over_db <= 0:
            return min(max(peak, asked_db), 0.0), 0.0, first.true_peak
        least = TRUE_PEAK_RANGE_DB[0]
        fails, holds = min(peak, 0.0), None
        ceiling = fails - first.over_db - STEP_DB
        found: tuple[Optional[float], Optional[float], Optional[float]] = (None, None, None)
        while self.tries < MOST_TRIES and ceiling >= least:
            taken = self._prepare(ceiling)
            decoded = self._try(asked_db)
            if decoded.over_db <= 0:
                found = (ceiling, taken, decoded.true_peak)
                holds = ceiling
            else:
                fails = ceiling if holds is None else max(ceiling, holds)
            if holds is None:
                ceiling -= decoded.over_db + STEP_DB
            elif fails - holds > NEAR_DB:
                ceiling = 0.5 * (fails + holds)
            else:
                break
        return found

    def _prepare(self, ceiling: Optional[float]) -> float:
        """The master as the encoder gets it, under a ceiling; what a limiter took of it in dB."""
        most = [0.0]

        def blocks() -> Iterator[Array]:
            if ceiling is None:
                yield from self.source.blocks()
                return
            for audio, reduction in _limited(self.source, ceiling, 0.0, lambda _: None):
                most[0] = max(most[0], float(reduction.max(initial=0.0)))
                yield audio

        with writer(self.master, self.rate, self.source.channels, bits=32) as out:
            for block in at_rate(self.source, blocks(), self.rate):
                out.write(block)
                self._alive(0.0)
        return most[0]

    def _alive(self, share: float) -> None:
        """Tells how far it is: half of what is left for each try."""
        start = 1 - 0.5**self.tries
        self.share = max(self.share, start + share * 0.5 ** (self.tries + 1))
        self.tell(self.share)

    def _try(self, asked_db: float) -> _Decoded:
        _ffmpeg.encode(
            self.program, self.master, self.encoded, arguments_of(self.codec, self.encoder, self.codec.kbps), self._alive
        )
        channels = self.source.channels
        meter = LoudnessMeter(self.rate, channels)
        spectrum = _mixdsp.PremasterListener(self.rate, channels)
        limiter = _mixdsp.OfflineLimiter(self.rate, channels, asked_db, 0.0, False)
        over = 0.0
        for block in _ffmpeg.decode(self.program, self.encoded, channels):
            meter.add(block)
            spectrum.feed(block)
            over = max(over, float(limiter.process(block)[1].max(initial=0.0)))
            self._alive(0.5)
        meter.finish()
        limiter.end()
        over = max(over, float(limiter.process(np.zeros((channels, limiter.latency), np.float32))[1].max(initial=0.0)))
        self.tries += 1
        report = meter.report()
        edge = spectrum.result()["bandwidth_hz"]
        return _Decoded(report.true_peak, report.overs or 0, report.integrated, edge or 0.5 * self.rate, over)

    def _keep(self, out: str, ceiling: Optional[float]) -> None:
        self._prepare(ceiling)
        with made(out) as hidden:
            arguments = arguments_of(self.codec, self.encoder, self.codec.kbps)
            _ffmpeg.encode(self.program, self.master, hidden, arguments, self._alive)
            put_tags(self.path, hidden, {}, None)


def encode(
    x: Path,
    out: Path,
    *,
    kbps: Optional[int] = None,
    tags: Optional[Mapping[str, object]] = None,
    cover: Cover = None,
    ffmpeg: str = "ffmpeg",
    overwrite: bool = False,
    strict: bool = True,
    progress: Progress = None,
) -> None:
    """Encodes a file as MP3 (.mp3), AAC (.m4a), Opus (.opus) or Vorbis (.ogg), by the ending of ``out``, through ffmpeg's
    program. The tags of ``x`` are kept.

    >>> mx.encode("master.wav", "master.mp3", kbps=320)                                # doctest: +SKIP

    Parameters
    ----------
    x, out : path
    kbps : int, 32 to 512
        Bits per second in thousands; that of the codec's first row in ``mx.CODECS`` without it.
    tags, cover
        As in :func:`write_tags`.
    ffmpeg : str
        The program. Where it is not installed that raises an ``OSError`` that says so.
    """
    place = os.fsdecode(os.fspath(out))
    ending = os.path.splitext(place)[1][1:].lower()
    codec = next((each for each in CODECS.values() if each.ending == ending), None)
    if codec is None:
        endings = ", ".join(dict.fromkeys(f".{each.ending}" for each in CODECS.values()))
        raise ValueError(f"{place}: .{ending} is not encoded, {endings} are")
    rate = codec.kbps if kbps is None else int(_arrays.check_number(kbps, "kbps", 32, 512))
    texts = dict(tags or {})
    checked_tags(texts)
    picture = read_cover(cover)
    program = _ffmpeg.find(ffmpeg)
    encoder = encoder_of(codec, program)
    source = FileSource(x, strict)
    path = os.fsdecode(os.fspath(x))
    if source.channels > 2:
        raise ValueError(f"{path}: {source.channels} channels: one or two are encoded; FoldDown makes two of more")
    _mixdsp.check_outputs([(path, "the input")], [(place, "out", overwrite)], "overwrite=True replaces it")
    with told(progress, "encode") as tell, tempfile.TemporaryDirectory(prefix="mixdsp-") as folder:
        trial = _Trial(source, path, codec, encoder, program, folder, tell)
        trial._prepare(None)
        with made(place) as hidden:
            _ffmpeg.encode(program, trial.master, hidden, arguments_of(codec, encoder, rate), trial._alive)
            put_tags(path, hidden, texts, picture)
        tell(1.0)
