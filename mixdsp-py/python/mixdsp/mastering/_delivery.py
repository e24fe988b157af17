"""Delivery: audio of the loudness that was asked for, under a ceiling.

::

    audio --> chain --> resample --> gain --> limiter --> out
                                      ^                    |
                                      +---- loudness <-----+   again, until it is met

The limiter lowers the loudness by an amount that no formula tells, so the gain is searched: each pass follows the line
through the last two. Nothing is limited that does not need it. A loudness that takes more limiting than is allowed is
refused, and a few more passes look for the one that does not.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from .._mixdsp import TooMuchLimiting as TooMuchLimiting
from ..engine._call import REDUCTION
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._processors import Limiter
from ..engine._progress import Tell, part
from ..files._sources import Sink, Source, scaled

Array = npt.NDArray[Any]
#: A pass this near to the target is the last, in LU.
NEAR = 0.03
#: Passes before the best one is taken.
MOST_PASSES = 8
#: The most that the search adds to the gain that would do without a limiter, in dB: more only distorts.
MOST_MORE_DB = 36.0
_LIMIT = _mixdsp.max_limiting()
#: The most limiting of a delivery that says nothing else, and what the most may be set to, in dB.
MAX_LIMITING_DB, MAX_LIMITING_RANGE_DB = _LIMIT[0], _LIMIT[1:]


@dataclass(frozen=True)
class Goal:
    """What is asked for."""

    lufs: float
    true_peak_db: float
    limit: bool
    layout: str
    max_limiting_db: float = MAX_LIMITING_DB
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
    #: What a listener may not like, a line each: more than 6 dB of limiting.
    warnings: list[str] = field(default_factory=list)

    @property
    def reached(self) -> bool:
        """Whether the loudness is within 0.1 LU of what was asked for."""
        return _is_met(self.after.integrated, self.lufs)

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


def limiter(ceiling_db: float) -> Limiter:
    """The limiter as the last step of a master."""
    found = Limiter(ceiling_db)
    for key, number in _mixdsp.mastering_limiter().items():
        if key != "ceiling_db":
            setattr(found, key, found._parameters[key].from_number(number))
    return found


#: The limiter's reduction at each frame.
_REDUCTION = next(reading.id for reading in Limiter._table.readings if reading.key == REDUCTION)


def _meter(source: Source, layout: str, whole: bool) -> LoudnessMeter:
    if whole:
        return LoudnessMeter(source.sample_rate, source.channels, layout)
    return LoudnessMeter(source.sample_rate, source.channels, layout, true_peak="off", range=False, statistics=False)


def measured(sources: list[Source], layout: str, tell: Tell) -> list[LoudnessMeter]:
    """A meter of each source."""
    meters = []
    for i, source in enumerate(sources):
        meter = _meter(source, layout, True)
        inner = part(tell, i / len(sources), (i + 1) / len(sources))
        done = 0
        for block in source.blocks():
            meter.add(block)
            done += block.shape[1]
            inner(done / max(source.samples or done, 1))
        meter.finish()
        meters.append(meter)
    return meters


def merged(meters: list[LoudnessMeter]) -> LoudnessMeter:
    """One meter of an album. Songs of different rates or channels cannot be one album."""
    first, *others = meters
    if not others:
        return first
    album = LoudnessMeter(first.sample_rate, first.channels, first.layout)
    for meter in meters:
        album.merge(meter)
    return album


def _is_met(integrated: Optional[float], lufs: float) -> bool:
    return integrated is not None and abs(integrated - lufs) <= 0.1


def _is_off(integrated: Optional[float], lufs: float) -> bool:
    return integrated is not None and abs(integrated - lufs) > NEAR


class _Made(list[tuple[LoudnessMeter, _mixdsp.Limiting]]):
    """The meters of a pass, loudness and limiting of each source, and its gain."""

    gain_db = 0.0

    def whole(self) -> tuple[LoudnessMeter, _mixdsp.Limiting]:
        """The meters of all sources as one programme."""
        limiting = _mixdsp.Limiting()
        for _, each in self:
            limiting.merge(each)
        return merged([meter for meter, _ in self]), limiting

    def result(self) -> tuple[Optional[float], float]:
        """Loudness of the programme, and the 99th percentile of its limiting in dB."""
        meter, limiting = self.whole()
        return meter.integrated, _p99(meter, limiting)


@dataclass(frozen=True)
class _TooMuch:
    """A pass that takes too much limiting."""

    gain_db: float
    limiting_p99_db: float


def _p99(meter: LoudnessMeter, limiting: _mixdsp.Limiting) -> float:
    return limiting.p99_db(meter.reading("relative_gate"))


def deliver(sources: list[Source], sinks: list[Sink], goal: Goal, tell: Tell) -> tuple[Report, list[Report]]:
    """Gives all sources one gain, so that together they have the loudness; the report of all, and of each."""
    before = measured(sources, goal.layout, part(tell, 0.0, 0.1))
    whole = merged(before)
    integrated, peak = whole.integrated, whole.true_peak
    gain = 0.0 if integrated is None else goal.lufs - integrated
    room = math.inf if peak is None else goal.true_peak_db - peak
    if not goal.limit:
        gain = min(gain, room)
    passes = 1
    try:
        # A silent programme has nothing to limit; a hundredth of a decibel is what gain in float32 may be off.
        as_is = gain <= room - 0.01 or not goal.limit or peak is None
        if as_is:
            made = _run(sources, sinks, goal, gain, False, part(tell, 0.1, 0.5))
        # What the gain lifts over the absolute gate may change the loudness: then it is searched too.
        if not as_is or (goal.limit and _is_off(made.result()[0], goal.lufs)):
            found, passes = _search(sources, sinks, goal, gain, part(tell, 0.5 if as_is else 0.1, 0.9))
            if isinstance(found, _TooMuch):
                reachable = _reachable(sources, sinks, goal, integrated, found, part(tell, 0.9, 1.0))
                raise _mixdsp.too_much_limiting(
                    goal.place, goal.lufs, found.limiting_p99_db, goal.max_limiting_db, reachable
                )
            made = found
        for sink in sinks:
            sink.finish()
    except BaseException:
        for sink in sinks:
            sink.abandon()
        raise
    final, limiting = made.whole()

    def report(a: LoudnessMeter, b: LoudnessMeter, limiting: _mixdsp.Limiting) -> Report:
        p99 = _p99(b, limiting)
        return Report(
            lufs=goal.lufs,
            true_peak_db=goal.true_peak_db,
            before=a.report(),
            after=b.report(),
            gain_db=made.gain_db,
            limiter_db=limiting.max_db,
            passes=passes,
            sample_rate=a.sample_rate,
            limiting_max_db=limiting.max_db,
            limiting_p99_db=p99,
            warnings=_mixdsp.limiting_warnings(p99),
        )

    each = [report(a, *one) for a, one in zip(before, made)]
    tell(1.0)
    return report(whole, final, limiting), each


def _run(sources: list[Source], sinks: list[Sink], goal: Goal, gain_db: float, limits: bool, tell: Tell) -> _Made:
    """One pass over all sources."""
    made = _Made()
    made.gain_db = gain_db
    gain = 10 ** (gain_db / 20)
    for i, (source, sink) in enumerate(zip(sources, sinks)):
        inner = part(tell, i / len(sources), (i + 1) / len(sources))
        meter = _meter(source, goal.layout, True)
        limiting = _mixdsp.Limiting()
        sink.start()
        done = 0
        stream = limiter(goal.true_peak_db).stream(source.sample_rate, source.channels) if limits else None
        late = stream.latency_samples if stream else 0

        def give(block: Array, reduction: Optional[Array] = None) -> None:
            nonlocal late, done
            skip = min(late, block.shape[1])
            late -= skip
            block = block[:, skip:]
            if reduction is None:
                meter.add(block)
            else:
                limiting.measure(meter._meter, block, reduction[skip:])
            sink.write(block)
            done += block.shape[1]
            inner(done / max(source.samples or done, 1))

        for block in scaled(source.blocks(), gain):
            if stream is None:
                give(block)
            else:
                give(*stream.traced(block, 0, _REDUCTION))
        if stream is not None:
            stream.end()
            rest = np.zeros((source.channels, stream.latency_samples), _type_of(source))
            give(*stream.traced(rest, 0, _REDUCTION))
            stream.close()
        meter.finish()
        made.append((meter, limiting))
    return made


def _type_of(source: Source) -> Any:
    planes = getattr(source, "planes", None)
    return np.float32 if planes is None else planes.dtype


def _halves(tell: Tell) -> Iterator[Tell]:
    """The progress of each pass: half of what is left, because how many there will be is not known."""
    left = 1.0
    while True:
        yield part(tell, 1 - left, 1 - left / 2)
        left /= 2


def _search(
    sources: list[Source], sinks: list[Sink], goal: Goal, first: float, tell: Tell
) -> tuple[Union[_Made, _TooMuch], int]:
    """Passes until the loudness is met, or the nearest of the passes that were made."""
    gain = first
    best: Optional[tuple[float, float]] = None
    last: Optional[tuple[float, float]] = None
    for number, step in zip(range(1, MOST_PASSES + 1), _halves(tell)):
        made = _run(sources, sinks, goal, gain, True, step)
        reached, limiting = made.result()
        missing = 0.0 if reached is None else goal.lufs - reached
        is_best = best is None or abs(missing) <= best[1]
        is_last = abs(missing) <= NEAR or (number == MOST_PASSES and is_best)
        if _mixdsp.is_refused(limiting, goal.max_limiting_db, is_last, missing > 0):
            return _TooMuch(gain, limiting), number
        if is_last:
            break
        if is_best:
            best = (gain, abs(missing))
        slope = 1.15
        if last is not None and last[1] != missing:
            slope = min(max((gain - last[0]) / (last[1] - missing), 0.5), 6.0)
        last = (gain, missing)
        gain = min(gain + slope * missing, first + MOST_MORE_DB)
        if number + 1 >= MOST_PASSES and best is not None:
            gain = best[0]
    return made, number


def _reachable(
    sources: list[Source],
    sinks: list[Sink],
    goal: Goal,
    integrated: Optional[float],
    refused: _TooMuch,
    tell: Tell,
) -> Optional[float]:
    """The loudness that takes no more limiting than is allowed, after a pass that took more."""
    search = _mixdsp.LimitSearch(goal.max_limiting_db, refused.gain_db, refused.limiting_p99_db)
    steps = _halves(tell)
    while (gain := search.next_gain_db()) is not None:
        loudness, limiting = _run(sources, sinks, goal, gain, True, next(steps)).result()
        search.add(gain, limiting, loudness)
    while (lufs := search.reachable_lufs()) is not None and integrated is not None:
        found, _ = _search(sources, sinks, replace(goal, lufs=lufs), lufs - integrated, next(steps))
        if isinstance(found, _Made) and _is_met(found.result()[0], lufs):
            return lufs
        search.lower()
    return None
