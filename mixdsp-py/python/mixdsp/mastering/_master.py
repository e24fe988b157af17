"""``normalize`` and ``master``: what people call to deliver."""

from __future__ import annotations

import errno
import os
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._chain import Chain
from ..engine._effect import Effect
from ..engine._meter import Loudness
from ..engine._progress import Progress, part, told
from ..files._reading import Path
from ..files._sources import ArraySink, ArraySource, FileSink, FileSource, Scratch, Sink, Source, at_rate, through
from ..files._writing import check_depth
from ._delivery import (
    LIMITERS,
    LUFS_RANGE,
    MAX_CLIPPING_DB,
    MAX_CLIPPING_RANGE_DB,
    MAX_LIMITING_DB,
    MAX_LIMITING_RANGE_DB,
    TRUE_PEAK_RANGE_DB,
    Goal,
    LimitingWarning,
    Report,
    deliver,
    measured,
)
from ._targets import Target, find

Array = npt.NDArray[Any]
#: Seconds of both ends: what is cut, and how long they fade.
Pairs = tuple[tuple[float, float], tuple[float, float]]
NO_ENDS: Pairs = ((0.0, 0.0), (0.0, 0.0))


@dataclass(frozen=True)
class Delivered:
    """What ``normalize`` and ``master`` return."""

    #: The audio, as the input was laid out; ``None`` where it went to a file. A list for an album.
    audio: Any
    #: What was done, and what came of it; a list where the input had several items.
    report: Any
    #: Of an album, the report of each song.
    songs: Optional[list[Report]] = None

    @property
    def sample_rate(self) -> float:
        """Rate of the audio in hertz."""
        report = self.report[0] if isinstance(self.report, list) else self.report
        return float(report.sample_rate)

    def _repr_html_(self) -> str:
        reports = self.report if isinstance(self.report, list) else [self.report]
        return "".join(report._repr_html_() for report in reports)

    def _warn(self) -> Delivered:
        """Tells whoever called what a listener may not like."""
        reports = self.report if isinstance(self.report, list) else [self.report]
        lines = {line: None for report in (*reports, *(self.songs or ())) for line in report.warnings}
        for line in lines:
            warnings.warn(line, LimitingWarning, stacklevel=3)
        return self


def _goal(
    target: Union[str, Target, None],
    lufs: Optional[float],
    true_peak_db: Optional[float],
    limit: bool,
    max_limiting_db: float,
    layout: Union[str, int],
    limiter: str,
) -> Goal:
    if target is None and lufs is None:
        raise TypeError("either target or lufs is needed")
    if target is not None:
        found = find(target)
        lufs = found.lufs if lufs is None else lufs
        true_peak_db = found.true_peak_db if true_peak_db is None else true_peak_db
    assert lufs is not None
    true_peak_db = -1.0 if true_peak_db is None else true_peak_db
    check_goal(lufs=lufs, true_peak_db=true_peak_db, max_limiting_db=max_limiting_db)
    return Goal(float(lufs), float(true_peak_db), bool(limit), layout, float(max_limiting_db), check_limiter(limiter))


def check_limiter(limiter: str) -> str:
    """Refuses a limiter that there is not."""
    if limiter not in LIMITERS:
        raise ValueError(f"limiter = {limiter!r} is none of {', '.join(LIMITERS)}")
    return limiter


class Match(NamedTuple):
    """How much is taken of a reference."""

    tone: float = 1.0
    width: float = 0.0
    dynamics: float = 0.0


#: The most compression that the range of references asks for, in dB.
_MOST_COMPRESSION_DB = 3.0


def _measured(x: Any, sample_rate: Optional[float], axis: int, layout: Union[str, int]) -> list[Loudness]:
    """What was measured of each of a list, or of one."""
    from ._tone import source_of

    each = list(x) if isinstance(x, (list, tuple)) else [x]
    return [meter.report() for meter in measured([source_of(one, sample_rate, axis) for one in each], layout, lambda _: None)]


def _loudness_of(reference: Any, sample_rate: Optional[float], axis: int, layout: Union[str, int]) -> float:
    """The mean loudness of references, no louder than can be asked for."""
    known = [one.integrated for one in _measured(reference, sample_rate, axis, layout) if one.integrated is not None]
    if not known:
        raise ValueError("a reference without sound has no loudness")
    return min(LUFS_RANGE[1], sum(known) / len(known))


def _compression(work: Work, dynamics: float, layout: Union[str, int]) -> str:
    """The compression in dB that takes so much of the way to the range of the references."""
    rate = None if work.are_files else work.rate
    own, others = ([one.range or 0.0 for one in _measured(x, rate, work.axis, layout)] for x in (work.inputs, work.reference))
    more = sum(own) / len(own) - sum(others) / len(others)
    # At 2:1 a range is narrowed by about half of what the loud parts are turned down.
    return repr(min(_MOST_COMPRESSION_DB, max(0.0, 0.5 * dynamics * more)))


def check_amount(amount: Union[str, float], name: str) -> str:
    """How much a step takes, as the engine has it."""
    if isinstance(amount, str) and amount in ("auto", "off"):
        return amount
    if amount is None or isinstance(amount, bool):
        raise TypeError(f"{name} = {amount!r}: 'auto', 'off' or decibels are needed")
    try:
        return repr(float(amount))
    except (TypeError, ValueError):
        raise ValueError(f"{name} = {amount!r} is none of 'auto', 'off' and a number of decibels") from None


def check_pair(seconds: Any, name: str) -> tuple[float, float]:
    """Seconds of the beginning and of the end."""
    try:
        start, end = seconds
        return float(start), float(end)
    except (TypeError, ValueError):
        raise TypeError(f"{name} = {seconds!r}: two numbers are needed, as in (0.5, 2)") from None


def check_goal(**asked: float) -> None:
    """Refuses a loudness, a ceiling or a limit of limiting that is out of its range."""
    ranges = {"lufs": LUFS_RANGE, "true_peak_db": TRUE_PEAK_RANGE_DB, "max_limiting_db": MAX_LIMITING_RANGE_DB}
    ranges["max_clipping_db"] = MAX_CLIPPING_RANGE_DB
    for name, value in asked.items():
        _arrays.check_number(value, name, *ranges[name])


def normalize(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    target: Union[str, Target, None] = None,
    lufs: Optional[float] = None,
    true_peak_db: Optional[float] = None,
    limit: bool = True,
    max_limiting_db: float = MAX_LIMITING_DB,
    limiter: str = LIMITERS[0],
    layout: Union[str, int] = "auto",
    axis: int = -1,
    out: Any = None,
    overwrite: bool = False,
    bits: Union[int, str] = 24,
    strict: bool = True,
    progress: Progress = None,
) -> Delivered:
    """Gives audio a loudness, under a ceiling for its true peak.

    It is a gain and nothing else as long as the true peak stays under the ceiling; otherwise a limiter holds it
    there, and the gain is searched until the loudness is within 0.1 LU. With ``limit=False`` the gain stops where
    the true peak meets the ceiling.

    A loudness that takes more limiting than ``max_limiting_db`` raises ``mx.TooMuchLimiting``, a ``ValueError`` that
    names the loudness which is reachable within it, and nothing is written. Over 6 dB there is a warning, also in
    ``report.warnings``. Limiting is the 99th percentile of the limiter's reduction over what the loudness hears: the
    samples in blocks that pass the gates of BS.1770. Of an album it is that of all songs together; the warnings are
    also of each song.

    >>> mx.normalize(x, 48_000, target="spotify").audio             # doctest: +SKIP
    >>> mx.normalize([one, two, three], 48_000, lufs=-14)           # an album: one gain      # doctest: +SKIP
    >>> mx.normalize("song.flac", lufs=-16, out="song.wav")         # doctest: +SKIP

    Parameters
    ----------
    x : array, path, or a list of them
        (samples,), (channels, samples) or (..., channels, samples) of independent items. A list is an album: one
        gain for all, so that together they have the loudness. Files are read block by block.
    sample_rate : float, 8000 to 384000 Hz
        Not for files.
    target : str
        A key of ``mx.TARGETS``: ``"spotify"``, ``"ebu_r128"`` and others.
    lufs : float, -70 to 0 LUFS
        Integrated loudness, in place of the target's.
    true_peak_db : float, -40 to 0 dBTP
        Ceiling, in place of the target's; -1 without one.
    limit : bool
        Whether a limiter may help.
    max_limiting_db : float, 0 to 60 dB
        The most limiting that the loudness may take.
    limiter : "offline" or "streaming"
        The smoothest gain under the ceiling, for which the programme must be known (:func:`limit_offline`); or
        :class:`Limiter` with its ``mastering`` preset, as a live chain would have it.
    layout : str or int
        Where the loudspeakers stand; see :class:`LoudnessMeter`. ``"auto"`` goes by what a file says, where it does.
    axis : int
        The axis of time; 0 for (samples, channels).
    out : path, or a list of them
        The files to write, for files: WAV, FLAC or AIFF by their endings. None may be an input, or another of them: ``ValueError``.
    overwrite : bool
        Whether files that are there are replaced; without it they raise ``FileExistsError``.
    bits : 16, 24 or 32
        Of the files; 32 are floats.
    strict : bool
        A damaged file raises. Without it all that can be decoded is taken, with silence where a part is missing, and
        each such part is warned of.
    progress : bool or function
        Shows a bar, or is called with the share that is done.
    """
    goal = _goal(target, lufs, true_peak_db, limit, max_limiting_db, layout, limiter)
    with told(progress, "normalize") as tell:
        work = Work(x, sample_rate, axis, out, bits, overwrite, strict=strict)
        result = work.run(goal, tell, album=work.is_list)
    return result._warn()


def master(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    target: Union[str, Target, None] = None,
    lufs: Optional[float] = None,
    true_peak_db: Optional[float] = None,
    chain: Union[Effect, Iterable[Effect], None] = None,
    reference: Any = None,
    tone: float = 1.0,
    width: float = 0.0,
    dynamics: float = 0.0,
    delivery_rate: Optional[float] = None,
    max_limiting_db: float = MAX_LIMITING_DB,
    max_clipping_db: float = MAX_CLIPPING_DB,
    compression_db: Union[str, float] = "auto",
    clipping_over_db: Union[str, float] = "auto",
    limiter: str = LIMITERS[0],
    trim_seconds: tuple[float, float] = (0.0, 0.0),
    fade_seconds: tuple[float, float] = (0.0, 0.0),
    layout: Union[str, int] = "auto",
    axis: int = -1,
    out: Any = None,
    overwrite: bool = False,
    bits: Union[int, str] = 24,
    strict: bool = True,
    progress: Progress = None,
) -> Delivered:
    """Makes a master: chain, delivery rate, bus compression, gain, clipper, limiter; the loudness is within 0.1 LU of the
    target's and the true peak under its ceiling.

    How much compression and clipper take is searched, so that the loudness costs least: how the gain moves, and what
    share is clipped. Where a limiter alone has little to do, it is a gain and a limiter. ``docs/design/mastering.md``
    tells how.

    >>> r = mx.master(mix, 48_000, target="spotify", chain=[eq, comp])      # doctest: +SKIP
    >>> mx.write("master.wav", r.audio, 48_000)                             # doctest: +SKIP

    Parameters
    ----------
    x : array, path, or a list of them
        As in :func:`normalize`; each of a list is mastered by itself.
    chain : effect or list of effects
        What runs before gain and limiter, at the rate of ``x``. The result is as long as ``x``.
    reference : array, path, or a list of them
        Recordings whose tonal balance the master gets, before the chain, within the limits of :func:`match_tone`; arrays
        at the rate of ``x``. Without ``target`` and ``lufs`` the master is as loud as they are.
    tone, width, dynamics : float, 0 to 1
        How much is taken of their tone, of their width, and of their range: bus compression of up to 3 dB where they have
        less.
    max_clipping_db : float, 0 to 24 dB
        The most clipping that the loudness may take, at the 99th percentile, as ``max_limiting_db`` counts.
    compression_db : "auto", "off", or float, 0 to 6 dB
        Bus compression: about so much where the programme is loud.
    clipping_over_db : "auto", "off", or float, 0 to 12 dB
        The clipper takes what is more than so much over the ceiling.
    trim_seconds : (start, end), 0 to 3600 and 0 to 60 s
        What is cut off both ends, before anything is measured.
    fade_seconds : (start, end), 0 to 60 s
        How long both ends fade.
    delivery_rate : int, 8000 to 384000 Hz
        Rate of the master; that of ``x`` when not given. Resampling comes before the limiter, because it makes peaks.

    The other parameters are those of :func:`normalize`.
    """
    check_goal(max_clipping_db=max_clipping_db)
    match = Match(*(_arrays.check_number(value, name, 0.0, 1.0) for name, value in (("tone", tone), ("width", width), ("dynamics", dynamics))))
    if reference is not None and target is None and lufs is None:
        lufs = _loudness_of(reference, sample_rate, axis, layout)
    goal = _goal(target, lufs, true_peak_db, True, max_limiting_db, layout, limiter)
    steps = (check_amount(compression_db, "compression_db"), check_amount(clipping_over_db, "clipping_over_db"))
    goal = replace(goal, chain=steps, max_clipping_db=float(max_clipping_db))
    ends = (check_pair(trim_seconds, "trim_seconds"), check_pair(fade_seconds, "fade_seconds"))
    effect = chain if chain is None or isinstance(chain, Effect) else Chain(chain)
    with told(progress, "master") as tell:
        work = Work(x, sample_rate, axis, out, bits, overwrite, reference, strict, match)
        if reference is not None and dynamics > 0 and compression_db == "auto":
            goal = replace(goal, chain=(_compression(work, dynamics, layout), steps[1]))
        result = work.run(goal, tell, album=False, effect=effect, rate=delivery_rate, ends=ends)
    return result._warn()


def _cut(blocks: Iterable[Array], rate: float, channels: int, ends: Pairs) -> Iterable[Array]:
    """Cuts and fades both ends."""
    if ends == NO_ENDS:
        yield from blocks
        return
    cut = _mixdsp.Ends(rate, channels, *ends)
    for block in blocks:
        yield cut.push(block)
    yield cut.end()


class Work:
    """What a call works on: sources, and the sinks that belong to them."""

    def __init__(
        self,
        x: Any,
        sample_rate: Optional[float],
        axis: int,
        out: Any,
        bits: Union[int, str],
        overwrite: bool,
        reference: Any = None,
        strict: bool = True,
        match: Match = Match(),  # noqa: B008
    ) -> None:
        self.match = match
        self.axis = axis
        self.strict = bool(strict)
        #: Whose tone is to be matched.
        self.reference = reference
        self.bits = check_depth(bits)
        self.is_list = isinstance(x, (list, tuple)) and bool(x)
        self.inputs: list[Any] = list(x) if self.is_list else [x]
        self.are_files = _arrays.is_path(self.inputs[0])
        if any(_arrays.is_path(each) != self.are_files for each in self.inputs):
            raise TypeError("a list holds files or arrays, not both")
        if self.are_files:
            if sample_rate is not None:
                raise TypeError("a file knows its sample rate: leave sample_rate out")
            outs = list(out) if isinstance(out, (list, tuple)) else [out]
            if len(outs) != len(self.inputs) or not all(_arrays.is_path(each) for each in outs):
                raise TypeError("files need out: the path of each file to write")
            self.outs = outs
            self._refuse_harm(overwrite)
        else:
            if out is not None:
                raise TypeError("out is for files: arrays come back in the result")
            if sample_rate is None:
                raise TypeError("sample_rate is missing")
            self.rate = _arrays.check_rate(sample_rate)

    def _refuse_harm(self, overwrite: bool) -> None:
        """Before any work: no output replaces what is read, another output, or what nobody asked to replace."""
        inputs = [(os.fspath(each), "the input") for each in self.inputs]
        inputs += [(os.fspath(each), "the reference") for each in self._references() if _arrays.is_path(each)]
        outs = [os.fspath(each) for each in self.outs]
        for path in outs:
            _mixdsp.check_ending(path)
            if self.bits == 32 and os.fsdecode(path).lower().endswith(".flac"):
                raise ValueError(f"{os.fsdecode(path)}: FLAC holds no floats: 16 or 24 bits, or WAV")
        _mixdsp.check_outputs(inputs, [(path, "out", bool(overwrite)) for path in outs], "overwrite=True replaces it")
        for path in outs:
            folder = os.path.dirname(os.path.realpath(path))
            if not os.path.isdir(folder):
                raise FileNotFoundError(errno.ENOENT, "no such folder", folder)

    def _references(self) -> list[Any]:
        if self.reference is None:
            return []
        return list(self.reference) if isinstance(self.reference, (list, tuple)) else [self.reference]

    def run(
        self,
        goal: Goal,
        tell: Any,
        *,
        album: bool,
        effect: Optional[Effect] = None,
        rate: Optional[float] = None,
        ends: Pairs = NO_ENDS,
    ) -> Delivered:
        if rate is not None:
            rate = float(_arrays.check_whole_rate(rate, "delivery_rate"))
        scratches: list[Scratch] = []
        try:
            sources: list[Source] = []
            sinks: list[Sink] = []
            results: list[Any] = []
            items: list[int] = []
            for i, given in enumerate(self.inputs):
                before = len(sources)
                results.append(self.prepare(given, i, effect, rate, ends, sources, sinks, scratches))
                items.append(len(sources) - before)
            if album:
                whole, each = deliver(sources, sinks, replace(goal, place="album"), tell)
                return Delivered(results if not self.are_files else None, whole, each)
            reports = []
            for i, (source, sink) in enumerate(zip(sources, sinks)):
                inner = part(tell, i / len(sources), (i + 1) / len(sources))
                placed = replace(goal, place=self._place(i, len(sources)))
                reports.append(deliver([source], [sink], placed, inner)[0])
            audio = None if self.are_files else results if self.is_list else results[0]
            single = not self.is_list and items == [1] and (self.are_files or _arrays.as_audio(self.inputs[0]).ndim <= 2)
            return Delivered(audio, reports[0] if single else reports)
        finally:
            for scratch in scratches:
                scratch.remove()

    def _place(self, at: int, count: int) -> str:
        """How a source is called where it is refused."""
        if self.are_files:
            return os.fsdecode(self.inputs[at])
        return "" if count == 1 else f"item {at}"

    def prepare(
        self,
        given: Any,
        at: int,
        effect: Optional[Effect],
        rate: Optional[float],
        ends: Pairs,
        sources: list[Source],
        sinks: list[Sink],
        scratches: list[Scratch],
    ) -> Any:
        """Adds what one input brings; gives the array that will hold the result."""
        if self.are_files:
            read = FileSource(given, self.strict)
            source: Source = read
            effect = self._matched(effect, given)
            rate = rate or source.sample_rate
            if effect is not None or rate != source.sample_rate or ends != NO_ENDS:
                blocks = through(effect, source) if effect is not None else source.blocks()
                cut = _cut(at_rate(source, blocks, rate), rate, source.channels, ends)
                scratch = Scratch(source, cut, rate, self.outs[at])
                scratches.append(scratch)
                source = scratch
            sources.append(source)
            sinks.append(FileSink(self.outs[at], rate, source.channels, self.bits, read.mask))
            return None
        x = _arrays.as_audio(given)
        place = _arrays.time_axis(x, self.axis)
        planes = _arrays.planes(x, place)
        rate = rate or self.rate
        channels, samples = planes.shape[-2:]
        length = samples
        if rate != self.rate:
            rates = (_arrays.check_whole_rate(self.rate), _arrays.check_whole_rate(rate))
            length = _mixdsp.resampled_length(samples, *rates)
        if ends != NO_ENDS:
            # As the engine counts them.
            length = max(0, length - sum(int(seconds * rate + 0.5) for seconds in ends[0]))
        result = np.empty(_arrays.result_shape(x, place, channels, length), x.dtype)
        target = _arrays.result_planes(result, x, place)
        for item in np.ndindex(planes.shape[:-2]):
            source = ArraySource(planes[item], self.rate)
            shaped = self._matched(effect, planes[item])
            if shaped is not None or rate != self.rate or ends != NO_ENDS:
                blocks = through(shaped, source) if shaped is not None else source.blocks()
                whole = np.empty((channels, length), x.dtype)
                kept = ArraySink(whole)
                for block in _cut(at_rate(source, blocks, rate), rate, channels, ends):
                    kept.write(block)
                source = ArraySource(whole, rate)
            sources.append(source)
            sinks.append(ArraySink(target[item]))
        return result

    def _matched(self, effect: Optional[Effect], given: Any) -> Optional[Effect]:
        """The chain, behind the equalizer that matches the tone."""
        if self.reference is None:
            return effect
        from ._tone import match_tone

        references = [each if _arrays.is_path(each) else self._turned(each) for each in self._references()]
        rate = None if self.are_files else self.rate
        if self.match.tone == 0 and self.match.width == 0:
            return effect
        eq = match_tone(given, references, rate, amount=self.match.tone, width=self.match.width)
        return eq if effect is None else Chain([eq, effect])

    def _turned(self, x: Any) -> Array:
        """An array with time last."""
        array = _arrays.as_audio(x, "reference")
        return _arrays.planes(array, _arrays.time_axis(array, self.axis), "reference")
