"""Short names for the bands of an equalizer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from ._processors import Equalizer

Band = Equalizer.Band

if TYPE_CHECKING:
    _Slope = Literal[6, 12, 18, 24, 36, 48, 72, 96]

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


def notch(frequency_hz: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Takes a frequency out: nothing is left there, and 3 dB less at the edges of a band ``frequency_hz / q`` wide."""
    return Band(kind="notch", frequency_hz=frequency_hz, q=q)


def bandpass(frequency_hz: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Lets a band pass: all of the frequency itself, 3 dB less at the edges of a band ``frequency_hz / q`` wide."""
    return Band(kind="band_pass", frequency_hz=frequency_hz, q=q)


def tilt(frequency_hz: float, gain_db: float, *, q: float = BUTTERWORTH_Q) -> Equalizer.Band:
    """Raises above a frequency and lowers below it, by half of ``gain_db`` each."""
    return Band(kind="tilt", frequency_hz=frequency_hz, gain_db=gain_db, q=q)


def highpass(
    frequency_hz: float, *, q: float | None = None, slope_db_per_octave: _Slope = 12
) -> Equalizer.Band:
    """Takes away below a frequency: a Butterworth, flat and 3 dB down there. ``q`` makes one of 12 dB per octave
    resonate: the gain at the frequency."""
    return _pass("high_pass", frequency_hz, q, slope_db_per_octave)


def lowpass(
    frequency_hz: float, *, q: float | None = None, slope_db_per_octave: _Slope = 12
) -> Equalizer.Band:
    """Takes away above a frequency: a Butterworth, flat and 3 dB down there. ``q`` makes one of 12 dB per octave
    resonate: the gain at the frequency."""
    return _pass("low_pass", frequency_hz, q, slope_db_per_octave)


def _pass(
    kind: Literal["high_pass", "low_pass"], frequency_hz: float, q: float | None, slope: _Slope
) -> Equalizer.Band:
    band = Band(kind=kind, frequency_hz=frequency_hz, slope_db_per_octave=slope)
    if q is not None:
        if slope != 12:
            raise ValueError(f"q = {q} with {slope} dB per octave: only passes of 12 dB per octave take a q")
        band.q = q
    return band
