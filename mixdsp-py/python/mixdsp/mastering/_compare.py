"""Compare: how a recording stands against references.

::

    recording, references --> profile of each --> corridor of the references --> where the recording lies outside
                              loudness, tone by third octaves, width and crest by band
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._processors import Equalizer
from ..engine._progress import Progress, Tell, part, told
from ..files._sources import Source, through
from ._delivery import layout_of
from ._tone import source_of

#: Middles of the third octaves in hertz, and the edges of the bands whose width and crest are told.
THIRD_OCTAVES = tuple(1000.0 * 2.0 ** (k / 3) for k in range(-15, 13))
BANDS = ((20.0, 120.0), (120.0, 500.0), (500.0, 2000.0), (2000.0, 6000.0), (6000.0, 16000.0))
#: Seconds between two values of the course of the short-term loudness.
COURSE_SECONDS = 1.0


@dataclass(frozen=True)
class Profile:
    """What is compared of a recording."""

    loudness: Loudness
    #: Short-term loudness in LUFS, every second; ``None`` where there was none.
    course: list[Optional[float]]
    #: Power of each of ``THIRD_OCTAVES`` against all of them, in dB.
    third_octaves: list[float]
    #: Power of the sides against the middle in each of ``BANDS``, in dB; ``None`` without sides.
    width: list[Optional[float]]
    #: Peak over root mean square in each of ``BANDS``, in dB.
    crest: list[Optional[float]]


@dataclass(frozen=True)
class Row:
    """A number of the recording, and what the references have."""

    name: str
    unit: str
    value: Optional[float]
    #: Least, mean and most of the references.
    low: Optional[float]
    mean: Optional[float]
    high: Optional[float]

    @property
    def outside(self) -> float:
        """By how much it lies over the corridor, or, less than 0, under it; 0 within."""
        if self.value is None or self.low is None or self.high is None:
            return 0.0
        return max(0.0, self.value - self.high) + min(0.0, self.value - self.low)


@dataclass(frozen=True)
class Comparison:
    """What ``compare`` found."""

    recording: Profile
    references: list[Profile]
    #: Loudness, range, peaks; third octaves; width and crest by band.
    rows: list[Row]

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        rows = [{**vars(row), "outside": row.outside} for row in self.rows]
        courses = [each.course for each in (self.recording, *self.references)]
        return {"rows": rows, "course": courses[0], "reference_courses": courses[1:]}

    def __str__(self) -> str:
        """A table."""
        lines = [f"{'':28} {'it':>8} {'low':>8} {'mean':>8} {'high':>8}   outside"]
        for row in self.rows:
            cells = " ".join(f"{'-' if value is None else format(value, '.1f'):>8}" for value in (row.value, row.low, row.mean, row.high))
            lines.append(f"{row.name:28} {cells}   {format(row.outside, '+.1f') if row.outside else '':>6} {row.unit}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"


def compare(
    x: Any,
    reference: Any,
    sample_rate: Optional[float] = None,
    *,
    layout: Union[str, int] = "auto",
    axis: int = -1,
    progress: Progress = None,
) -> Comparison:
    """How ``x`` stands against one or several references: loudness, range, course, peaks, tone by third octaves, and width
    and crest by band, each against the corridor of the references.

    >>> print(mx.compare("mix.wav", ["one.flac", "two.flac"]))              # doctest: +SKIP

    Parameters
    ----------
    x : array or path
        (samples,) or (channels, samples).
    reference : array, path, or a list of them
        Arrays have the sample rate of ``x``; files have their own.
    sample_rate : float, 8000 to 384000 Hz
        Of the arrays.
    layout : str or int
        Where the loudspeakers stand; see :class:`LoudnessMeter`.
    axis : int
        The axis of time; 0 for (samples, channels).
    progress : bool or function
        Shows a bar, or is called with the share that is done.

    Raises ``ValueError`` for a recording without sound.
    """
    many = isinstance(reference, (list, tuple)) and bool(reference)
    each = [x, *(reference if many else [reference])]
    sources = [source_of(one, sample_rate, axis) for one in each]
    with told(progress, "compare") as tell:
        shares = [part(tell, i / len(sources), (i + 1) / len(sources)) for i in range(len(sources))]
        own, *others = (profile(source, layout, share) for source, share in zip(sources, shares))
    return Comparison(own, others, _rows(own, others))


def profile(source: Source, layout: Union[str, int], tell: Tell) -> Profile:
    """Measures a recording."""
    meter = LoudnessMeter(source.sample_rate, source.channels, layout_of(source, layout), history=True)
    tone = _mixdsp.ToneListener(source.sample_rate, source.channels)
    middle, side = (_mixdsp.ToneListener(source.sample_rate, 1) for _ in range(2))
    done, total = 0, max(source.samples or 0, 1)
    for block in source.blocks():
        meter.add(block)
        tone.feed(block)
        if source.channels == 2:
            middle.feed(np.ascontiguousarray(0.5 * (block[:1] + block[1:])))
            side.feed(np.ascontiguousarray(0.5 * (block[:1] - block[1:])))
        done += block.shape[1]
        tell(0.4 * min(1.0, done / total))
    meter.finish()
    density = tone.density_db(list(THIRD_OCTAVES))
    if density is None:
        raise ValueError("a recording without sound cannot be compared")
    highest = 0.5 * source.sample_rate
    levels = np.array([d + 10 * np.log10(f) if f < highest else -np.inf for f, d in zip(THIRD_OCTAVES, density)])
    levels -= 10 * np.log10(np.sum(10 ** (levels / 10)))
    history = meter.history
    course = history[1][:: round(COURSE_SECONDS / 0.1)] if history is not None else np.zeros(0, np.float32)
    crests = [_crest(source, band, part(tell, 0.4 + 0.12 * i, 0.52 + 0.12 * i)) for i, band in enumerate(BANDS)]
    return Profile(
        meter.report(),
        [float(value) if np.isfinite(value) else None for value in course],
        [float(level) for level in levels],
        [_width(middle, side, band) for band in BANDS],
        crests,
    )


def _width(middle: _mixdsp.ToneListener, side: _mixdsp.ToneListener, band: tuple[float, float]) -> Optional[float]:
    """Power of the sides against the middle."""
    grid = [f for f in 20 * 2 ** (np.arange(121) / 12) if band[0] <= f < band[1]]
    found = [listener.density_db(grid) for listener in (middle, side)]
    if found[0] is None or found[1] is None:
        return None
    power = [np.sum(10 ** (np.array(each) / 10) * grid) for each in found if each is not None]
    return float(10 * np.log10(power[1] / power[0])) if power[0] > 0 and power[1] > 0 else None


def _crest(source: Source, band: tuple[float, float], tell: Tell) -> Optional[float]:
    """Peak over root mean square of what lies in a band."""
    high = min(band[1], 0.45 * source.sample_rate)
    if high <= band[0]:
        return None
    cut = Equalizer([Equalizer.Band(kind="high_pass", frequency_hz=band[0]), Equalizer.Band(kind="low_pass", frequency_hz=high)])
    peak, power, count = 0.0, 0.0, 0
    for block in through(cut, source):
        peak = max(peak, float(np.abs(block).max(initial=0.0)))
        power += float(np.sum(np.square(block, dtype=np.float64)))
        count += block.size
    tell(1.0)
    return float(20 * np.log10(peak) - 10 * np.log10(power / count)) if power > 0 and peak > 0 else None


def _rows(own: Profile, others: list[Profile]) -> list[Row]:
    def row(name: str, unit: str, value: Optional[float], given: list[Optional[float]]) -> Row:
        known: npt.NDArray[Any] = np.array([each for each in given if each is not None and np.isfinite(each)])
        value = value if value is not None and np.isfinite(value) else None
        corridor = (float(known.min()), float(known.mean()), float(known.max())) if known.size else (None, None, None)
        return Row(name, unit, value, *corridor)

    rows = [
        row(label, unit, getattr(own.loudness, key), [getattr(other.loudness, key) for other in others])
        for key, label, unit in (
            ("integrated", "integrated", "LUFS"),
            ("range", "range", "LU"),
            ("short_term_max", "loudest three seconds", "LUFS"),
            ("true_peak", "true peak", "dBTP"),
            ("plr", "peak to loudness", "LU"),
        )
    ]
    for at, frequency in enumerate(THIRD_OCTAVES):
        given: list[Optional[float]] = [other.third_octaves[at] for other in others]
        rows.append(row(f"tone, {frequency:.0f} Hz", "dB", own.third_octaves[at], given))
    for at, (low, high) in enumerate(BANDS):
        name = f"{low:.0f} to {high:.0f} Hz"
        rows.append(row(f"width, {name}", "dB", own.width[at], [other.width[at] for other in others]))
        rows.append(row(f"crest, {name}", "dB", own.crest[at], [other.crest[at] for other in others]))
    return rows
