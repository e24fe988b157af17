"""What notebooks show: the parameters, and a picture of what an effect does. No matplotlib is needed.

A filter shows its response, dynamics their static curve, an echo or a reverb how it dies away. All are taken from the
engine: the response of the coefficients that run, and what comes out for a level or an impulse that goes in.
"""

from __future__ import annotations

from html import escape
from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ._effect import Effect

Floats = npt.NDArray[np.floating[Any]]
WIDTH, HEIGHT = 480, 180
RATE = 48_000.0
#: The response from -24 to 24 dB.
REACH_DB = 24.0
#: The static curve from -60 to 0 dBFS, a point every 2 dB, each held for half a second.
LOWEST_DB, STEP_DB, HOLD_SECONDS = -60.0, 2.0, 0.5
#: How far down a decay is followed, how long at most, and in how many steps.
DECAY_DB, LONGEST_SECONDS, DECAY_POINTS = 60.0, 8.0, 240
#: Tails shorter than this are not worth a picture.
SHORTEST_SECONDS = 0.05


def page(effect: Effect) -> str:
    """An effect as HTML that needs nothing else."""
    rows = "".join(
        f"<tr><td>{escape(p.name)}</td><td>{escape(str(p.value))} {escape(p.unit)}</td></tr>"
        for p in effect.params.values()
    )
    table = f"<table>{rows}</table>" if rows else ""
    return f"<div><b>{escape(type(effect).__name__)}</b>{picture(effect)}{table}</div>"


def picture(effect: Effect) -> str:
    """An inline picture of what an effect does; nothing where there is nothing to see."""
    try:
        return curve(effect) or static_curve(effect) or decay(effect)
    except (TypeError, ValueError):
        return ""


def curve(effect: Effect) -> str:
    """The response from 20 Hz to 20 kHz; nothing for what is not a filter."""
    hertz = np.geomspace(20, 20_000, 241)
    try:
        gain = np.abs(effect.response(hertz, RATE))
    except (TypeError, ValueError):
        return ""
    level = np.clip(20 * np.log10(np.maximum(gain, 1e-9)), -REACH_DB, REACH_DB)
    plot = _Plot("frequency response", (np.log(20), np.log(20_000)), (-REACH_DB, REACH_DB))
    for db in (-12, 0, 12):
        plot.level(db, f"{db:+g} dB")
    for f in (100, 1000, 10_000):
        plot.mark(np.log(f), f"{f / 1000:g} kHz" if f >= 1000 else f"{f:g} Hz")
    plot.line(np.log(hertz), level)
    return str(plot)


def steady_levels(effect: Effect) -> Optional[tuple[Floats, Floats]]:
    """Level in and level out in dBFS once a steady level has been held; ``None`` for what is no dynamics.

    The curve that the effect tells, or of a tone where only a part of it has a curve."""
    levels = np.arange(LOWEST_DB, STEP_DB / 2, STEP_DB)
    told = effect._recipe().static_curve_db(RATE, levels)
    if told is not None:
        return levels, told
    if not any(name.endswith("gain_reduction_db") for name in effect._named_readings()):
        return None
    samples = round(HOLD_SECONDS * RATE)
    tone = np.sin(2 * np.pi * 1000 / RATE * np.arange(samples))
    steps = 10 ** (levels / 20)[:, np.newaxis, np.newaxis] * tone
    channels = _channels(effect)
    given = np.repeat(steps, channels, axis=1)
    taken = effect(given, RATE)[:, :, -samples // 10 :]
    out = 10 * np.log10(np.maximum(2 * np.mean(taken**2, axis=(1, 2)), 1e-15))
    return levels, out


def static_curve(effect: Effect) -> str:
    """Level out over level in; nothing for what is no dynamics."""
    found = steady_levels(effect)
    if found is None:
        return ""
    levels, out = found
    plot = _Plot("level out over level in", (LOWEST_DB, 0.0), (LOWEST_DB, 0.0))
    for db in (-48, -36, -24, -12):
        plot.level(db, f"{db:g} dB")
        plot.mark(db, f"{db:g} dB")
    plot.line(levels, levels, "#bbb")
    plot.line(levels, np.clip(out, LOWEST_DB, 0.0))
    return str(plot)


def energy_decay(effect: Effect) -> Optional[tuple[Floats, Floats]]:
    """Seconds, and the energy that is still to come after an impulse, in dB; ``None`` for what has no tail."""
    tail = effect.tail_samples(RATE)
    if tail is not None and tail < SHORTEST_SECONDS * RATE:
        return None
    seconds = LONGEST_SECONDS if tail is None else min(tail / RATE, LONGEST_SECONDS)
    impulse = np.zeros((_channels(effect), 1))
    impulse[:, 0] = 1.0
    heard = effect(impulse, RATE, tail=seconds)
    energy = np.cumsum((heard**2).sum(axis=0)[::-1])[::-1]
    # The impulse itself is not part of the decay.
    start = 1 if energy.size > 1 else 0
    energy = energy[start:] / max(energy[start], 1e-30)
    places = np.linspace(0, energy.size - 1, DECAY_POINTS).astype(int)
    return places / RATE, 10 * np.log10(np.maximum(energy[places], 1e-15))


def decay(effect: Effect) -> str:
    """How the sound dies away after an impulse; nothing for what has no tail."""
    found = energy_decay(effect)
    if found is None:
        return ""
    seconds, level = found
    below = np.flatnonzero(level < -DECAY_DB)
    longest = float(seconds[int(below[0])] if below.size else seconds[-1])
    if longest <= 0:
        return ""
    plot = _Plot("energy after an impulse", (0.0, longest), (-DECAY_DB, 0.0))
    for db in (-45, -30, -15):
        plot.level(db, f"{db:g} dB")
    for share in (0.25, 0.5, 0.75):
        plot.mark(share * longest, f"{share * longest:.2g} s")
    shown = seconds <= longest
    plot.line(seconds[shown], np.clip(level[shown], -DECAY_DB, 0.0))
    return str(plot)


def _channels(effect: Effect) -> int:
    """A number of channels that the effect takes, stereo first."""
    candidates: tuple[int, ...] = (2, 1, *range(3, _mixdsp.MAX_CHANNELS + 1))
    for channels in candidates:
        try:
            effect._recipe().facts(RATE, channels)
        except ValueError:
            continue
        return channels
    raise ValueError("no number of channels fits")


class _Plot:
    """A picture with a grid."""

    def __init__(self, label: str, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.label = label
        self.across = across
        self.up = up
        self.parts: list[str] = []

    def x(self, value: Any) -> Any:
        low, high = self.across
        return WIDTH * (value - low) / (high - low)

    def y(self, value: Any) -> Any:
        low, high = self.up
        return HEIGHT * (1 - (value - low) / (high - low))

    def level(self, value: float, text: str) -> None:
        y = self.y(value)
        self.parts.append(f'<line x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="#ccc"/>')
        self.parts.append(f'<text x="2" y="{y - 2:.1f}" font-size="9" fill="#777">{text}</text>')

    def mark(self, value: float, text: str) -> None:
        x = self.x(value)
        self.parts.append(f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{HEIGHT}" stroke="#ccc"/>')
        self.parts.append(f'<text x="{x + 2:.1f}" y="{HEIGHT - 3}" font-size="9" fill="#777">{text}</text>')

    def line(self, x: Floats, y: Floats, colour: str = "#1565c0") -> None:
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(self.x(x), self.y(y)))
        self.parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')

    def __str__(self) -> str:
        return (
            f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
            f'aria-label="{self.label}" style="display:block;background:#fff">{"".join(self.parts)}</svg>'
        )
