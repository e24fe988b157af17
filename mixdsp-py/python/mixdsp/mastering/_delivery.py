"""Delivery: audio of the loudness that was asked for, under a ceiling.

::

    audio --> chain --> resample --> compressor, gain, clipper, limiter --> out
                           |              ^                                  |
                           `- excerpts ---+------------- loudness <----------+   again, until it is met

How the steps share the load, and the gain, are searched by ``_mixdsp.MasterSearch``, and each pass is a
``_mixdsp.MasterPass``: nothing is limited that does not need it, and a loudness that takes more than is allowed is refused. Here stand sources, sinks, progress
and reports.
"""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Optional, Union

from .. import _mixdsp
from .._mixdsp import TooMuchLimiting as TooMuchLimiting
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._progress import Tell, part
from ..files._sources import Sink, Source

#: What may be asked for, in LUFS and in dBTP.
LUFS_RANGE, TRUE_PEAK_RANGE_DB = _mixdsp.delivery_ranges()
_LIMIT = _mixdsp.max_limiting()
#: The most limiting of a delivery that says nothing else, and what the most may be set to, in dB.
MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB = _LIMIT[0], _LIMIT[1:]
_CLIP = _mixdsp.max_clipping()
#: The same of clipping.
MAX_CLIPPING_DB, MAX_CLIPPING_RANGE_DB = _CLIP[0], _CLIP[1:]
#: The limiters that there are; the first is the one of a delivery that says nothing else.
LIMITERS = tuple(_mixdsp.master_limiters())


@dataclass(frozen=True)
class Goal:
    """What is asked for."""

    lufs: float
    true_peak_db: float
    limit: bool
    layout: Union[str, int]
    max_limiting_db: float = MAX_LIMITING_DB
    limiter: str = LIMITERS[0]
    #: How much bus compression and clipper take, as ``auto``, ``off`` or decibels; ``None``: a gain and a limiter.
    chain: Optional[tuple[str, str]] = None
    max_clipping_db: float = MAX_CLIPPING_DB
    #: What stands at the head of a refusal: a file, an item, or nothing.
    place: str = ""


class LimitingWarning(UserWarning):
    """A delivery takes so much limiting that it is likely to be heard."""


@dataclass(frozen=True)
class Report:
    """What a delivery did, and what came of it."""

    #: Integrated loudness and true peak that were asked for.
    lufs: float
    true_peak_db: float
    #: Before, behind the chain where there is one, and after.
    before: Loudness
    after: Loudness
    #: Gain before the limiter in dB.
    gain_db: float
    #: Largest reduction of the limiter in dB; 0 when it was not needed.
    limiter_db: float
    #: Passes that the search took.
    passes: int
    #: Rate of what was delivered in hertz.
    sample_rate: float
    #: The same as ``limiter_db``, and the 99th percentile of the limiter's reduction over what the loudness hears.
    limiting_max_db: float = 0.0
    limiting_p99_db: float = 0.0
    #: How the load was shared: bus compression in dB, and the decibels over the ceiling from which on the clipper takes,
    #: ``None`` without one; 99th percentile and share of the samples of what it took; and how the gain moves, in dB rms
    #: from 0.5 to 10 Hz and above 30 Hz.
    compression_db: float = 0.0
    clipping_over_db: Optional[float] = None
    clipping_p99_db: float = 0.0
    clipped_share: float = 0.0
    pumping_db: float = 0.0
    fast_motion_db: float = 0.0
    #: What a listener may not like, a line each: more than 6 dB of limiting.
    warnings: list[str] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether the loudness is within 0.1 LU of what was asked for."""
        return _mixdsp.is_met(self.after.integrated, self.lufs)

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        found = dict(vars(self))
        found.update(before=self.before.to_dict(), after=self.after.to_dict(), reached=self.reached)
        return found

    def _repr_html_(self) -> str:
        def cell(value: Optional[float]) -> str:
            return "" if value is None else f"{value:.2f}"

        names = (("integrated", "Integrated, LUFS"), ("range", "Range, LU"), ("true_peak", "True peak, dBTP"), ("plr", "PLR, LU"))
        rows = "".join(
            f"<tr><td>{label}</td><td>{cell(getattr(self.before, name))}</td><td>{cell(getattr(self.after, name))}</td></tr>"
            for name, label in names
        )
        return (
            f"<div><b>Delivery</b>: {self.lufs:g} LUFS, {self.true_peak_db:g} dBTP; gain {self.gain_db:+.2f} dB, "
            f"limiting {self.limiting_p99_db:.2f} dB (99th percentile), {self.limiting_max_db:.2f} dB (largest)"
            f"{''.join(f'<br>{html.escape(warning)}' for warning in self.warnings)}<table><tr><th></th><th>before</th><th>after</th></tr>{rows}</table></div>"
        )


def layout_of(source: Source, layout: Union[str, int]) -> Union[str, int]:
    """Where the channels of a source stand: what is asked for, or what its file says."""
    mask: Optional[int] = getattr(source, "mask", None)
    return mask if layout == "auto" and mask is not None else layout


def measured(
    sources: list[Source], layout: Union[str, int], tell: Tell, excerpts: Optional[list[_mixdsp.Excerpts]] = None
) -> list[LoudnessMeter]:
    """A meter of each source, and the loudest passages where they are wanted."""
    meters = []
    for i, source in enumerate(sources):
        meter = LoudnessMeter(source.sample_rate, source.channels, layout_of(source, layout))
        inner = part(tell, i / len(sources), (i + 1) / len(sources))
        heard = None if excerpts is None else _mixdsp.Excerpts(meter._meter)
        done = 0
        for block in source.blocks():
            meter.add(block)
            if heard is not None:
                heard.feed(block)
            done += block.shape[1]
            inner(done / max(source.samples or done, 1))
        meter.finish()
        meters.append(meter)
        if heard is not None and excerpts is not None:
            heard.finish()
            excerpts.append(heard)
    return meters


def merged(meters: list[LoudnessMeter]) -> LoudnessMeter:
    """One meter of an album, whose songs may have any rates and channels."""
    first, *others = meters
    if not others:
        return first
    rate, channels = max(meter.sample_rate for meter in meters), max(meter.channels for meter in meters)
    # The loudness of each song is measured; how the channels stand matters no more.
    album = LoudnessMeter(rate, channels, first.layout if first.channels == channels else "auto")
    for meter in meters:
        album.merge(meter)
    return album


class _One(NamedTuple):
    """What was measured of a pass over a source, or over all of them."""

    meter: LoudnessMeter
    limiting: _mixdsp.Limiting
    clipping: _mixdsp.Limiting
    motion_db: tuple[float, float]


class _Made(list[_One]):
    """What was measured of a pass over each source, and its gain."""

    gain_db = 0.0

    def whole(self) -> _One:
        """All sources as one programme."""
        limiting, clipping = _mixdsp.Limiting(), _mixdsp.Limiting()
        for each in self:
            limiting.merge(each.limiting)
            clipping.merge(each.clipping)
        most = [max(each.motion_db[at] for each in self) for at in (0, 1)]
        return _One(merged([each.meter for each in self]), limiting, clipping, (most[0], most[1]))

    def result(self) -> tuple[Optional[float], float, float]:
        """Loudness of the programme, and the 99th percentiles of its limiting and clipping in dB."""
        meter, limiting, clipping, _ = self.whole()
        return meter.integrated, _p99(meter, limiting), _p99(meter, clipping)


def _p99(meter: LoudnessMeter, limiting: _mixdsp.Limiting) -> float:
    return limiting.p99_db(meter.reading("relative_gate"))


def deliver(sources: list[Source], sinks: list[Sink], goal: Goal, tell: Tell) -> tuple[Report, list[Report]]:
    """Gives all sources one gain, so that together they have the loudness; the report of all, and of each."""
    excerpts: Optional[list[_mixdsp.Excerpts]] = [] if goal.chain is not None and len(sources) == 1 else None
    before = measured(sources, goal.layout, part(tell, 0.0, 0.1), excerpts)
    whole = merged(before)
    search = _mixdsp.MasterSearch(
        goal.lufs,
        goal.true_peak_db,
        goal.limit,
        goal.max_limiting_db,
        goal.max_clipping_db,
        goal.limiter,
        goal.chain or ("off", "off"),
        excerpts[0] if excerpts else None,
        whole.integrated,
        whole.true_peak,
        goal.place,
    )
    made = _Made()
    try:
        steps = _halves(part(tell, 0.1, 1.0))
        while (asked := search.step()) is not None:
            made = _run(sources, sinks, goal, asked, next(steps))
            search.add(*made.result())
        for sink in sinks:
            sink.finish()
    except BaseException:
        for sink in sinks:
            sink.abandon()
        raise
    compression_db, clipping_over_db = search.plan

    def report(before: LoudnessMeter, made_of_it: _One) -> Report:
        after, limiting, clipping, motion_db = made_of_it
        p99 = _p99(after, limiting)
        return Report(
            lufs=goal.lufs,
            true_peak_db=goal.true_peak_db,
            before=before.report(),
            after=after.report(),
            gain_db=made.gain_db,
            limiter_db=limiting.max_db,
            passes=search.passes,
            sample_rate=before.sample_rate,
            limiting_max_db=limiting.max_db,
            limiting_p99_db=p99,
            compression_db=compression_db,
            clipping_over_db=clipping_over_db,
            clipping_p99_db=_p99(after, clipping),
            clipped_share=clipping.share(after.reading("relative_gate")),
            pumping_db=motion_db[0],
            fast_motion_db=motion_db[1],
            warnings=_mixdsp.limiting_warnings(p99),
        )

    each = [report(a, one) for a, one in zip(before, made)]
    tell(1.0)
    return report(whole, made.whole()), each


def _run(sources: list[Source], sinks: list[Sink], goal: Goal, settings: _mixdsp.MasterSettings, tell: Tell) -> _Made:
    """One pass over all sources."""
    made = _Made()
    made.gain_db = settings.gain_db
    for i, (source, sink) in enumerate(zip(sources, sinks)):
        inner = part(tell, i / len(sources), (i + 1) / len(sources))
        meter = LoudnessMeter(source.sample_rate, source.channels, layout_of(source, goal.layout))
        run = _mixdsp.MasterPass(meter._meter, settings)
        sink.start()
        done = 0
        for block in source.blocks():
            sink.write(run.push(block))
            done += block.shape[1]
            inner(done / max(source.samples or done, 1))
        rest = run.end()
        if rest is not None:
            sink.write(rest)
        made.append(_One(meter, run.limiting, run.clipping, run.motion_db))
    return made


def _halves(tell: Tell) -> Iterator[Tell]:
    """The progress of each pass: half of what is left, because how many there will be is not known."""
    left = 1.0
    while True:
        yield part(tell, 1 - left, 1 - left / 2)
        left /= 2
