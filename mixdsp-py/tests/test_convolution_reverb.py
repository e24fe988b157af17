"""The convolution reverb and what makes its responses, against scipy."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal

RATE = 48_000
RNG = np.random.default_rng(4)


def room(seconds=0.5, channels=1):
    n = int(seconds * RATE)
    return 0.2 * RNG.normal(size=(channels, n)) * 10 ** (-3 * np.arange(n) / n)


def noise(channels=2, seconds=0.5):
    return RNG.uniform(-0.5, 0.5, (channels, int(seconds * RATE))).astype(np.float32)


def decibels(error, of):
    return 20 * np.log10(np.abs(error).max() / np.abs(of).max())


@pytest.mark.parametrize("channels", [1, 2, 4])
def test_it_is_the_convolution(channels):
    h, x = room(channels=channels), noise()
    fx = mx.ConvolutionReverb(h, mix=1, trim=False, normalise=False)
    y = fx(x, RATE)
    assert fx.latency_samples(RATE) == 0
    both = [[scipy.signal.fftconvolve(a.astype(np.float64), b)[: x.shape[1]] for b in h] for a in x]
    if channels == 1:
        expected = np.array([both[0][0], both[1][0]])
    elif channels == 2:
        expected = np.array([both[0][0], both[1][1]])
    else:
        expected = np.array([both[0][0] + both[1][2], both[0][1] + both[1][3]])
    assert decibels(y - expected, expected) < -115


def test_it_streams_and_is_built_from_files_and_presets(tmp_path):
    h, x = room(channels=2).astype(np.float32), noise()
    mx.write(tmp_path / "hall.wav", h, RATE, bits=32)
    fx = mx.ConvolutionReverb(tmp_path / "hall.wav", pre_delay_ms=20, bands=[mx.highpass(200)])
    whole = fx(x, RATE)
    assert np.array_equal(mx.Effect.from_dict(fx.to_dict())(x, RATE), whole)
    stream = fx.stream(RATE, 2)
    parts = [stream(x[:, at : at + 1000]) for at in range(0, x.shape[1], 1000)]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


def test_a_session_has_one(tmp_path):
    mx.write(tmp_path / "hall.wav", room(channels=2).astype(np.float32), RATE, bits=32)
    mx.write(tmp_path / "x.wav", noise(), RATE, bits=32)
    mixer = mx.Mixer(RATE)
    mixer.track("x", tmp_path / "x.wav", chain=mx.ConvolutionReverb(tmp_path / "hall.wav"))
    heard = mixer.render()
    assert np.abs(heard).max() > 0


def test_a_sweep_gives_the_response_back():
    h = room(0.25)[0]
    played = mx.sweep(RATE, 4, from_hz=2)
    recording = scipy.signal.fftconvolve(played, h)
    found = mx.sweep_response(recording, RATE, 4, from_hz=2, response_seconds=0.25)
    spectrum = np.fft.rfft([h, found - h], axis=1)
    hz = np.fft.rfftfreq(len(h), 1 / RATE)
    heard = (hz >= 20) & (hz <= 18_000)
    assert decibels(spectrum[1, heard], spectrum[0]) < -80
    stereo = mx.sweep_response(np.stack([recording, 0.5 * recording]), RATE, 4, from_hz=2, response_seconds=0.25)
    assert stereo.shape == (2, len(h)) and np.allclose(stereo[0], found) and np.allclose(stereo[1], 0.5 * found)


def test_decay_times_and_clarity():
    h = room(1.0)[0]
    told = mx.acoustics(h, RATE)
    # The line through the integrated energy, by numpy.
    energy = np.cumsum(h[::-1] ** 2)[::-1]
    level = 10 * np.log10(energy / energy[0])
    t = np.arange(len(h)) / RATE
    within = (level <= -5) & (level >= -35)
    slope = np.polyfit(t[within], level[within], 1)[0]
    assert told.t30_seconds == pytest.approx(-60 / slope, rel=0.01)
    assert told.t30_seconds == pytest.approx(1.0, rel=0.03)
    early = int(0.08 * RATE)
    assert told.clarity_80_db == pytest.approx(10 * np.log10(energy[0] / energy[early] - 1), abs=0.1)
    assert mx.acoustics(np.zeros(100), RATE) == (None,) * 5


def test_what_is_refused():
    with pytest.raises(ValueError, match="response is missing"):
        mx.Effect.from_dict({"processor": "convolution_reverb"})(noise(), RATE)
    with pytest.raises(ValueError, match="at most 4"):
        mx.ConvolutionReverb(np.ones((5, 10)))
    with pytest.raises(ValueError, match="3"):
        mx.ConvolutionReverb(np.ones((3, 10)))(noise(), RATE)
    with pytest.raises(ValueError, match="to_hz"):
        mx.sweep(RATE, 1, to_hz=30_000)
    with pytest.raises(ValueError, match="seconds"):
        mx.sweep(RATE, 100)


@pytest.mark.parametrize("channels", [1, 2])
def test_a_response_of_a_reverb_is_that_reverb(channels):
    hall = mx.Reverb(decay_seconds=0.4, bass_ratio=1, treble_ratio=1, size=0.4, mix=1, modulation=0)
    response = mx.impulse_response(hall, RATE, channels=channels)
    x = noise(channels)
    fx = mx.ConvolutionReverb(response, mix=1, trim=False, normalise=False)
    expected = hall(x, RATE)
    assert decibels(fx(x, RATE) - expected, expected) < -100
    found = mx.acoustics(response, RATE).t30_seconds
    assert found == pytest.approx(0.4, rel=0.1)
    with pytest.raises(ValueError, match="channels = 7: it is 1 or 2"):
        mx.impulse_response(hall, RATE, channels=7)
