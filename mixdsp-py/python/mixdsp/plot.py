"""Pictures for notebooks and reports: ``mixdsp.plot``, with matplotlib (``pip install mixdsp[plot]``).

Every function draws into ``ax``, the present one of matplotlib when none is given, and returns it. What is drawn comes
from the engine: the response of the coefficients that run, levels that were processed, loudness that was measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .engine import Chain, Effect, Processed, _arrays
from .engine._html import RATE, energy_decay, steady_levels
from .mastering import Target, meter_of
from .mastering._targets import find

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: What is quieter is not shown, in dB.
FLOOR_DB = -120.0
#: Samples of a window of the spectrum, and points of a picture that is drawn over time.
SPECTRUM_SAMPLES, MOST_POINTS = 16_384, 4_000


def _axes(ax: Optional[Axes]) -> Axes:
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise ImportError("mixdsp.plot needs matplotlib: pip install mixdsp[plot]") from None
    return pyplot.gca()


def _over_frequency(ax: Axes, rate: float) -> None:
    ax.set_xscale("log")
    ax.set_xlim(20, min(20_000, rate / 2))
    ax.set_xlabel("frequency, Hz")
    ax.grid(True, which="both", alpha=0.3)


def response(
    effect: Effect,
    sample_rate: float = RATE,
    *,
    phase: bool = False,
    ax: Optional[Axes] = None,
    **line: Any,
) -> Axes:
    """Frequency response of a filter, in dB, or its phase in degrees.

    ``line`` goes to matplotlib's ``plot``: ``label``, ``color`` and others. Raises ``TypeError`` for what is no filter.
    """
    ax = _axes(ax)
    hertz = np.geomspace(20, min(20_000.0, sample_rate / 2), 500)
    h = effect.response(hertz, sample_rate)
    shown = np.degrees(np.unwrap(np.angle(h))) if phase else 20 * np.log10(np.maximum(np.abs(h), 1e-6))
    ax.plot(hertz, shown, **line)
    _over_frequency(ax, sample_rate)
    ax.set_ylabel("phase, degrees" if phase else "gain, dB")
    return ax


def static_curve(effect: Effect, *, ax: Optional[Axes] = None, **line: Any) -> Axes:
    """Level out over level in, of steady tones, for compressors and limiters.

    Raises ``TypeError`` for what is no dynamics.
    """
    found = steady_levels(effect)
    if found is None:
        raise TypeError(f"{type(effect).__name__} is no dynamics: it has no static curve")
    ax = _axes(ax)
    levels, out = found
    ax.plot(levels, levels, color="0.7", linewidth=1)
    ax.plot(levels, out, **line)
    ax.set_xlabel("level in, dBFS")
    ax.set_ylabel("level out, dBFS")
    ax.set_aspect("equal", adjustable="box")
    ax.grid(True, alpha=0.3)
    return ax


def decay(effect: Effect, *, ax: Optional[Axes] = None, **line: Any) -> Axes:
    """Energy that is still to come after an impulse, in dB over seconds, for reverbs and delays.

    Raises ``TypeError`` for what has no tail.
    """
    found = energy_decay(effect)
    if found is None:
        raise TypeError(f"{type(effect).__name__} has no tail to show")
    ax = _axes(ax)
    ax.plot(*found, **line)
    ax.set_ylim(-80, 3)
    ax.set_xlabel("time, s")
    ax.set_ylabel("energy, dB")
    ax.grid(True, alpha=0.3)
    return ax


def _seconds(samples: int, rate: float) -> npt.NDArray[np.float64]:
    return np.arange(samples) / rate


def waveform(
    x: npt.ArrayLike, sample_rate: float, *, axis: int = -1, ax: Optional[Axes] = None, **area: Any
) -> Axes:
    """Least and greatest sample over time, of all channels together."""
    ax = _axes(ax)
    planes = _planes(x, axis)
    rate = _arrays.check_rate(sample_rate)
    step = max(planes.shape[1] // MOST_POINTS, 1)
    count = planes.shape[1] // step
    parts = planes[:, : count * step].reshape(planes.shape[0], count, step)
    if count:
        times = _seconds(count, rate / step)
        ax.fill_between(times, parts.min(axis=(0, 2)), parts.max(axis=(0, 2)), **{"linewidth": 0, **area})
    ax.set_xlabel("time, s")
    ax.set_ylabel("sample")
    ax.grid(True, alpha=0.3)
    return ax


def gain_reduction(result: Processed, *, ax: Optional[Axes] = None, **line: Any) -> Axes:
    """Gain of dynamics over time in dB, of what ``effect.process`` returned.

    Raises ``TypeError`` for the result of an effect that has none.
    """
    gain = result.gain_db
    if gain is None:
        raise TypeError("this result has no gain: it is not of dynamics")
    ax = _axes(ax)
    shown = np.atleast_2d(gain).reshape(-1, gain.shape[-1])
    step = max(shown.shape[1] // MOST_POINTS, 1)
    count = shown.shape[1] // step
    deepest = shown[:, : count * step].reshape(-1, count, step).min(axis=2)
    for each in deepest:
        ax.plot(_seconds(count, result.report["sample_rate"] / step), each, **line)
    ax.set_xlabel("time, s")
    ax.set_ylabel("gain, dB")
    ax.grid(True, alpha=0.3)
    return ax


def loudness(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    target: Union[str, Target, None] = None,
    axis: int = -1,
    ax: Optional[Axes] = None,
) -> Axes:
    """Momentary and short-term loudness over time, and the integrated as a line; of an array or a file.

    ``target`` draws what a platform asks for.
    """
    ax = _axes(ax)
    meter = meter_of(x, sample_rate, axis=axis, history=True)
    history = meter.history
    assert history is not None
    times = (np.arange(history[0].size) + 1) * 0.1
    ax.plot(times, history[0], linewidth=0.8, alpha=0.5, label="momentary")
    ax.plot(times, history[1], label="short-term")
    if meter.integrated is not None:
        ax.axhline(meter.integrated, color="C3", linestyle="--", label=f"integrated {meter.integrated:.1f} LUFS")
    if target is not None:
        wanted = find(target)
        ax.axhline(wanted.lufs, color="0.4", linestyle=":", label=f"{wanted.name} {wanted.lufs:g} LUFS")
    ax.set_ylim(-50, 0)
    ax.set_xlabel("time, s")
    ax.set_ylabel("loudness, LUFS")
    ax.legend(loc="lower right")
    ax.grid(True, alpha=0.3)
    return ax


def spectrum(
    x: npt.ArrayLike,
    sample_rate: float,
    *,
    octave_fraction: Optional[float] = 12,
    axis: int = -1,
    ax: Optional[Axes] = None,
    **line: Any,
) -> Axes:
    """Mean level over frequency in dB: a full-scale sine reads 0, less what smoothing spreads.

    Windows of 16384 samples that overlap by half, Hann; channels are averaged. ``octave_fraction`` averages over a
    twelfth of an octave, and so on; ``None`` does not.
    """
    ax = _axes(ax)
    planes = _planes(x, axis)
    rate = _arrays.check_rate(sample_rate)
    power = _mean_power(planes)
    hertz = np.fft.rfftfreq(SPECTRUM_SAMPLES, 1 / rate)
    shown = hertz >= 20
    if octave_fraction is not None:
        centres = np.geomspace(20, rate / 2, 480)
        half = 2 ** (0.5 / octave_fraction)
        total = np.concatenate([[0.0], np.cumsum(power)])
        low = np.searchsorted(hertz, centres / half)
        high = np.maximum(np.searchsorted(hertz, centres * half), low + 1).clip(max=power.size)
        low = np.minimum(low, high - 1)
        hertz, power = centres, (total[high] - total[low]) / (high - low)
        shown = np.ones(centres.size, bool)
    level = np.maximum(10 * np.log10(np.maximum(power, 1e-30)), FLOOR_DB)
    ax.plot(hertz[shown], level[shown], **line)
    _over_frequency(ax, rate)
    ax.set_ylabel("level, dB")
    return ax


def _mean_power(planes: Any) -> npt.NDArray[np.float64]:
    size = SPECTRUM_SAMPLES
    window = np.hanning(size + 1)[:-1]
    padded = np.pad(planes, ((0, 0), (0, max(size - planes.shape[1], 0))))
    total = np.zeros(size // 2 + 1)
    starts = range(0, padded.shape[1] - size + 1, size // 2)
    for start in starts:
        total += (np.abs(np.fft.rfft(padded[:, start : start + size] * window)) ** 2).mean(axis=0)
    mean: npt.NDArray[np.float64] = total / len(starts) / (window.sum() / 2) ** 2
    return mean


def vectorscope(
    x: npt.ArrayLike, *, axis: int = -1, most_points: int = 20_000, ax: Optional[Axes] = None, **points: Any
) -> Axes:
    """Left against right, turned by 45 degrees: mono stands upright, what is out of phase lies flat."""
    ax = _axes(ax)
    planes = _planes(x, axis)
    if planes.shape[0] != 2:
        raise ValueError(f"{planes.shape[0]} channels: a vectorscope shows two")
    step = max(planes.shape[1] // most_points, 1)
    left, right = planes[:, ::step]
    style = {"s": 1, "alpha": 0.2, "linewidths": 0, **points}
    ax.scatter((right - left) / np.sqrt(2), (left + right) / np.sqrt(2), **style)
    for text, across, up in (("L", -0.75, 0.75), ("R", 0.75, 0.75), ("mono", 0.0, 1.05)):
        ax.text(across, up, text, ha="center", va="center", color="0.4")
    for slope in (-1, 1):
        ax.plot([-1, 1], [-slope, slope], color="0.8", linewidth=0.8, zorder=0)
    ax.set_xlim(-1.1, 1.1)
    ax.set_ylim(-1.1, 1.1)
    ax.set_aspect("equal", adjustable="box")
    ax.set_xlabel("side")
    ax.set_ylabel("middle")
    return ax


def _planes(x: npt.ArrayLike, axis: int) -> Any:
    array = _arrays.as_audio(x)
    planes = _arrays.planes(array, _arrays.time_axis(array, axis))
    if planes.ndim != 2:
        raise ValueError(f"x has the shape {array.shape}: (samples,) or (channels, samples) is needed")
    return planes


def responses(effects: Iterable[Effect], sample_rate: float = RATE, *, ax: Optional[Axes] = None) -> Axes:
    """The responses of several filters in one picture, and of all together."""
    ax = _axes(ax)
    filters = list(effects)
    for number, effect in enumerate(filters):
        response(effect, sample_rate, ax=ax, label=f"{number}: {type(effect).__name__}", alpha=0.6)
    response(Chain(filters), sample_rate, ax=ax, label="together", color="k")
    ax.legend()
    return ax
