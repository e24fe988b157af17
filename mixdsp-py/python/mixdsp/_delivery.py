"""Delivery: audio of the loudness that was asked for, under a ceiling.

::

    audio --> chain --> resample --> gain --> limiter --> out
                                      ^                    |
                                      +---- loudness <-----+   again, until it is met

The limiter lowers the loudness by an amount that no formula tells, so the gain is searched: each pass follows the line
through the last two. Nothing is limited that does not need it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from . import _mixdsp
from ._audio_io import Sink, Source, scaled
from ._effects import Limiter
from ._meter import Loudness, LoudnessMeter
from ._progress import Tell, part

Array = npt.NDArray[Any]
#: A pass this near to the target is the last, in LU.
NEAR = 0.03
#: Passes before the best one is taken.
MOST_PASSES = 8
#: The most that the search adds to the gain that would do without a limiter, in dB: more only distorts.
MOST_MORE_DB = 36.0


@dataclass(frozen=True)
class Goal:
    """What is asked for."""

    lufs: float
    true_peak_db: float
    limit: bool
    layout: str


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

    @property
    def reached(self) -> bool:
        """Whether the loudness is within 0.1 LU of what was asked for."""
        return self.after.integrated is not None and abs(self.after.integrated - self.lufs) <= 0.1

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
            f"limiter {self.limiter_db:.2f} dB<table><tr><th></th><th>before</th><th>after</th></tr>{rows}</table></div>"
        )


def limiter(ceiling_db: float) -> Limiter:
    """The limiter as the last step of a master."""
    rows = {row.key: row for row in (*Limiter._rows, *Limiter._config)}
    settings: dict[str, Any] = {
        key: rows[key].from_number(number) for key, number in _mixdsp.mastering_limiter().items()
    }
    return Limiter(**{**settings, "ceiling_db": ceiling_db})


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


class _Made(list[tuple[LoudnessMeter, float]]):
    """The meters and largest reductions of a pass, and its gain."""

    gain_db = 0.0


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
        if gain <= room - 0.01 or not goal.limit or peak is None:
            made = _run(sources, sinks, goal, gain, False, part(tell, 0.1, 0.9))
        else:
            made, passes = _search(sources, sinks, goal, gain, part(tell, 0.1, 0.9))
        limiter_db = max(reduction for _, reduction in made)
        for sink in sinks:
            sink.finish()
    except BaseException:
        for sink in sinks:
            sink.abandon()
        raise
    final = merged([meter for meter, _ in made])

    def report(a: LoudnessMeter, b: LoudnessMeter, reduction: float) -> Report:
        return Report(
            lufs=goal.lufs,
            true_peak_db=goal.true_peak_db,
            before=a.report(),
            after=b.report(),
            gain_db=made.gain_db,
            limiter_db=reduction,
            passes=passes,
            sample_rate=a.sample_rate,
        )

    each = [report(a, b, reduction) for a, (b, reduction) in zip(before, made)]
    tell(1.0)
    return report(whole, final, limiter_db), each


def _run(sources: list[Source], sinks: list[Sink], goal: Goal, gain_db: float, limits: bool, tell: Tell) -> _Made:
    """One pass over all sources."""
    made = _Made()
    made.gain_db = gain_db
    gain = 10 ** (gain_db / 20)
    for i, (source, sink) in enumerate(zip(sources, sinks)):
        inner = part(tell, i / len(sources), (i + 1) / len(sources))
        meter = _meter(source, goal.layout, True)
        sink.start()
        done, reduction = 0, 0.0
        stream = limiter(goal.true_peak_db).stream(source.sample_rate, source.channels) if limits else None
        late = stream.latency_samples if stream else 0

        def give(block: Array) -> None:
            nonlocal late, done
            skip = min(late, block.shape[1])
            late -= skip
            block = block[:, skip:]
            meter.add(block)
            sink.write(block)
            done += block.shape[1]
            inner(done / max(source.samples or done, 1))

        for block in scaled(source.blocks(), gain):
            if stream is None:
                give(block)
            else:
                give(stream(block))
                reduction = max(reduction, _number(stream.get("gain_reduction_max_db")))
        if stream is not None:
            give(stream(np.zeros((source.channels, stream.latency_samples), _type_of(source))))
            reduction = max(reduction, _number(stream.get("gain_reduction_max_db")))
            stream.close()
        meter.finish()
        made.append((meter, reduction))
    return made


def _type_of(source: Source) -> Any:
    planes = getattr(source, "planes", None)
    return np.float32 if planes is None else planes.dtype


def _number(value: Any) -> float:
    return 0.0 if value is None else float(value)


def _search(sources: list[Source], sinks: list[Sink], goal: Goal, first: float, tell: Tell) -> tuple[_Made, int]:
    """Passes until the loudness is met, or the nearest of the passes that were made."""
    gain = first
    best: Optional[tuple[float, float]] = None
    last: Optional[tuple[float, float]] = None
    for number in range(1, MOST_PASSES + 1):
        # Each pass shows half of what is left: how many there will be is not known.
        made = _run(sources, sinks, goal, gain, True, part(tell, 1 - 0.5 ** (number - 1), 1 - 0.5**number))
        reached = merged([meter for meter, _ in made]).integrated
        missing = 0.0 if reached is None else goal.lufs - reached
        is_best = best is None or abs(missing) <= best[1]
        if abs(missing) <= NEAR or (number == MOST_PASSES and is_best):
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
