"""Short names for the bands of an equalizer."""

from __future__ import annotations

import math
from typing import Literal

from ._effects import Equalizer

Band = Equalizer.Band

BUTTERWORTH_Q = math.sqrt(0.5)


def bell(frequency_hz: float, gain_db: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Raises or lowers around a frequency: ``gain_db`` there, half of it at the edges of a band
    ``frequency_hz / q`` wide."""
    return Band(kind="bell", frequency_hz=frequency_hz, gain_db=gain_db, q=q)


def low_shelf(frequency_hz: float, gain_db: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Raises or lowers below a frequency: half of ``gain_db`` there."""
    return Band(kind="low_shelf", frequency_hz=frequency_hz, gain_db=gain_db, q=q)


def high_shelf(frequency_hz: float, gain_db: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Raises or lowers above a frequency: half of ``gain_db`` there."""
    return Band(kind="high_shelf", frequency_hz=frequency_hz, gain_db=gain_db, q=q)


def highpass(
    frequency_hz: float, *, q: float | None = None, slope_db_per_octave: int = 12
) -> list[Equalizer.Band]:
    """Takes away below a frequency, in steps of 12 dB per octave: one band for each step.

    Without ``q`` the pass is a Butterworth: flat, and 3 dB down at the frequency. With ``q`` the last band
    has it, for a resonance.
    """
    return _passes("high_pass", frequency_hz, q, slope_db_per_octave)


def lowpass(
    frequency_hz: float, *, q: float | None = None, slope_db_per_octave: int = 12
) -> list[Equalizer.Band]:
    """Takes away above a frequency, in steps of 12 dB per octave: one band for each step.

    Without ``q`` the pass is a Butterworth: flat, and 3 dB down at the frequency. With ``q`` the last band
    has it, for a resonance.
    """
    return _passes("low_pass", frequency_hz, q, slope_db_per_octave)


def _passes(
    kind: Literal["high_pass", "low_pass"], frequency_hz: float, q: float | None, slope: int
) -> list[Equalizer.Band]:
    if slope not in range(12, 97, 12):
        raise ValueError(f"slope_db_per_octave = {slope!r} is not one of 12, 24, 36, 48, 60, 72, 84, 96")
    order = slope // 6
    qs = [0.5 / math.cos(math.pi * (2 * k + 1) / (2 * order)) for k in range(order // 2)]
    if q is not None:
        qs[-1] = q
    return [Band(kind=kind, frequency_hz=frequency_hz, q=each) for each in qs]
