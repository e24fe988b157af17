"""The equalizer against scipy: the analogue curve, and the response that is reported."""

import math

import mixdsp as mx
import numpy as np
import pytest
from catalogue import noise
from scipy import signal

RATES = (44_100, 48_000, 96_000)


def analogue(band):
    """Numerator and denominator of the analogue prototype (R. Bristow-Johnson's cookbook), in scipy's form."""
    w = 2 * math.pi * band.frequency_hz
    a, q = 10 ** (band.gain_db / 40), band.q
    s = {
        "bell": ([1, a / q, 1], [1, 1 / (a * q), 1]),
        "low_shelf": ([a, a * math.sqrt(a) / q, a * a], [a, math.sqrt(a) / q, 1]),
        "high_shelf": ([a * a, a * math.sqrt(a) / q, a], [1, math.sqrt(a) / q, a]),
        "high_pass": ([1, 0, 0], [1, 1 / q, 1]),
        "low_pass": ([0, 0, 1], [1, 1 / q, 1]),
        "band_pass": ([0, 1 / q, 0], [1, 1 / q, 1]),
        "notch": ([1, 0, 1], [1, 1 / q, 1]),
    }[band.kind]
    scale = w ** -np.arange(2, -1, -1.0)
    return np.array(s[0]) * scale, np.array(s[1]) * scale


def db(h):
    return 20 * np.log10(np.abs(h))


BANDS = [
    mx.bell(60, 9, q=3),
    mx.bell(1_000, -12, q=0.7),
    mx.bell(12_000, 6, q=1.5),
    mx.low_shelf(150, 6),
    mx.high_shelf(5_000, -6),
    mx.highpass(80),
    mx.lowpass(8_000),
    mx.bandpass(1_000, q=2),
    mx.notch(2_000, q=4),
]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("band", BANDS, ids=lambda band: f"{band.kind} {band.frequency_hz:g}")
def test_the_curve_is_the_analogue_one(band, rate):
    f = np.geomspace(20, 20_000, 400)
    _, reference = signal.freqs(*analogue(band), worN=2 * math.pi * f)
    error = db(mx.Equalizer(band).response(f, rate)) - db(reference)
    if band.kind in ("high_pass", "low_pass", "band_pass", "notch"):
        error = error[db(reference) > -24]
    bound = {44_100: 0.30, 48_000: 0.17, 96_000: 0.01}[rate]
    assert np.abs(error).max() <= bound


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("rate", RATES)
def test_the_response_that_is_reported_is_the_one_that_runs(rate, dtype):
    eq = mx.Equalizer(BANDS)
    impulse = np.zeros(2**17, dtype)
    impulse[0] = 1
    h = np.fft.rfft(eq(impulse, rate).astype(np.float64))
    f = np.fft.rfftfreq(2**17, 1 / rate)
    reported = eq.response(f, rate)
    audible = (f > 20) & (np.abs(reported) > 1e-3)
    error = np.abs(h[audible] / reported[audible] - 1).max()
    assert error < {np.float32: 2e-4, np.float64: 1e-9}[dtype]


def test_a_tilt_turns_the_spectrum():
    low, middle, high = db(mx.Equalizer(mx.tilt(1_000, 6)).response([20, 1_000, 15_000], 48_000))
    assert low == pytest.approx(-3, abs=0.05) and high == pytest.approx(3, abs=0.05)
    assert middle == pytest.approx(0, abs=0.05)


def test_scipy_filters_the_same_way():
    """A second-order section with the response that is reported, run by scipy, gives the same audio."""
    rate = 48_000
    eq = mx.Equalizer(mx.bell(1_000, 6, q=2))
    f = np.linspace(50, 20_000, 7)
    z = np.exp(-2j * np.pi * f / rate)
    h = eq.response(f, rate)
    # b0 + b1 z + b2 z^2 - h (a1 z + a2 z^2) = h, solved for the five coefficients.
    columns = np.stack([z**0, z, z**2, -h * z, -h * z**2], axis=1)
    solution = np.linalg.lstsq(
        np.concatenate([columns.real, columns.imag]), np.concatenate([h.real, h.imag]), rcond=None
    )[0]
    sos = [[*solution[:3], 1, *solution[3:]]]
    x = noise(2, 20_000, dtype=np.float64)
    assert np.abs(eq(x, rate) - signal.sosfilt(sos, x)).max() < 1e-9


def test_frequencies_of_any_shape():
    eq = mx.Equalizer(BANDS)
    f = np.geomspace(20, 20_000, 6).reshape(2, 3)
    h = eq.response(f, 48_000)
    assert h.shape == (2, 3) and h.dtype == np.complex128
    assert eq.response(1_000, 48_000).shape == ()
    assert np.isfinite(eq.response([0, 24_000], 48_000)).all()
    for wrong in (-1, 24_001, np.nan):
        with pytest.raises(ValueError, match="frequency .* is outside 0 to 24000 Hz"):
            eq.response([100, wrong], 48_000)


def test_a_band_that_is_off_does_nothing():
    band = mx.Band(gain_db=12, enabled=False)
    assert np.allclose(mx.Equalizer(band).response([100, 1_000], 48_000), 1)
    x = noise(2, 100)
    assert np.array_equal(mx.Equalizer(band)(x, 48_000), x)
    assert np.array_equal(mx.Equalizer()(x, 48_000), x)


def test_the_picture_shows_the_curve():
    picture = mx.Equalizer(mx.bell(1_000, 12))._repr_html_()
    assert "<svg" in picture and "polyline" in picture and "frequency_hz" in picture
