"""Tone match: a known equalizer is found back, and a master gets the tone of its reference."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal

RATE = 48_000
KNOWN = [mx.low_shelf(90, 4), mx.bell(420, 3.5, q=1), mx.bell(1_300, -5, q=1.5), mx.high_shelf(8_000, -4)]


def pink(seconds=10, seed=0):
    """3 dB per octave, by shaping the spectrum."""
    random = np.random.default_rng(seed)
    spectrum = np.fft.rfft(random.standard_normal((2, seconds * RATE)), axis=1)
    frequencies = np.fft.rfftfreq(seconds * RATE, 1 / RATE)
    shaped = np.fft.irfft(spectrum / np.sqrt(np.maximum(frequencies, 10)), axis=1)
    return (0.1 * shaped / shaped.std()).astype(np.float32)


def third_octaves(x):
    frequencies, power = scipy.signal.welch(x, RATE, nperseg=1 << 15)
    power = power.mean(axis=0)
    centres = 1_000 * 2 ** (np.arange(-13, 13) / 3)
    bands = [power[(frequencies >= f / 2 ** (1 / 6)) & (frequencies < f * 2 ** (1 / 6))].mean() for f in centres]
    level = 10 * np.log10(bands)
    return level - level.mean()


def test_a_known_equalizer_is_found_back():
    reference = pink()
    x = mx.Equalizer(KNOWN)(reference, RATE)
    eq = mx.match_tone(x, reference, RATE)
    assert isinstance(eq, mx.Equalizer) and 0 < len(eq.bands) <= 10
    before, after = (np.abs(third_octaves(y) - third_octaves(reference)) for y in (x, eq(x, RATE)))
    assert before.max() > 3 and after.max() < 1.0 and np.sqrt(np.mean(after**2)) < 0.5
    loudness = mx.loudness(x, RATE).integrated
    assert mx.loudness(eq(x, RATE), RATE).integrated == pytest.approx(loudness, abs=0.5)
    half = mx.match_tone(x, reference, RATE, amount=0.5)
    frequencies = np.geomspace(60, 12_000, 50)

    def shape(effect):
        db = 20 * np.log10(np.abs(effect.response(frequencies, RATE)))
        return db - db.mean()

    assert np.abs(shape(half) - 0.5 * shape(eq)).max() < 0.7


def test_files_lists_and_layouts(tmp_path):
    reference, x = pink(seed=1), mx.Equalizer(KNOWN)(pink(seed=2), RATE)
    mx.write(tmp_path / "r.wav", reference, RATE, bits=32)
    expected = mx.match_tone(x, reference, RATE)
    assert mx.match_tone(x, tmp_path / "r.wav", RATE) == expected
    assert mx.match_tone(x, [reference], RATE) == expected
    assert mx.match_tone(x.T, reference.T, RATE, axis=0) == expected
    assert mx.match_tone(x, reference, RATE, bands=3) != expected


def test_a_master_gets_the_tone_of_its_reference(tmp_path):
    reference, x = pink(seed=1), mx.Equalizer(KNOWN)(pink(seed=2), RATE)
    r = mx.master(x, RATE, lufs=-20, reference=reference)
    assert np.abs(third_octaves(r.audio) - third_octaves(reference)).max() < 1.0
    assert r.report.after.integrated == pytest.approx(-20, abs=0.1)
    turned = mx.master(x.T, RATE, lufs=-20, reference=reference.T, axis=0, chain=[mx.Gain(-3)])
    assert np.abs(third_octaves(turned.audio.T) - third_octaves(reference)).max() < 1.0
    for name, y in (("x", x), ("r", reference)):
        mx.write(tmp_path / f"{name}.wav", y, RATE, bits=32)
    mx.master(tmp_path / "x.wav", lufs=-20, reference=[tmp_path / "r.wav"], out=tmp_path / "out.wav", bits=32)
    assert np.abs(mx.read(tmp_path / "out.wav")[0] - r.audio).max() < 1e-3


def test_errors():
    x = pink(2)
    with pytest.raises(ValueError, match="without sound"):
        mx.match_tone(x, np.zeros((2, RATE)), RATE)
    with pytest.raises(ValueError, match="amount = 2.0 is outside 0 to 1"):
        mx.match_tone(x, x, RATE, amount=2)
    with pytest.raises(ValueError, match="bands = 65 is outside 1 to 64"):
        mx.match_tone(x, x, RATE, bands=65)
    with pytest.raises(TypeError, match="sample_rate is missing"):
        mx.match_tone(x, x)
