"""Shaped and high-pass dither against the threshold of hearing, by scipy."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal
from validation import measured

STEP = 2.0**-15


def threshold_db(hz):
    """Terhardt's threshold in quiet."""
    khz = np.maximum(hz, 20) / 1000
    return 3.64 * khz**-0.8 - 6.5 * np.exp(-0.6 * (khz - 3.3) ** 2) + 1e-3 * khz**4


def noise(kind, rate, bits=16, channels=1, seconds=20):
    time = np.arange(seconds * rate) / rate
    x = np.tile(0.3 * np.sin(2 * np.pi * 997 * time), (channels, 1))
    y = mx.Dither(bits=bits, noise=kind)(x, rate)
    steps = y * 2 ** (bits - 1)
    assert np.array_equal(steps, np.round(steps)), "on the steps"
    return (y - x) * 2 ** (bits - 1)


def powers(error, rate):
    """Weighted by the inverse threshold, and in total, in dB of a step."""
    hz, density = scipy.signal.welch(error, rate, nperseg=8192)
    weighted = np.sum(density * 10 ** (-threshold_db(hz) / 10))
    return 10 * np.log10(weighted), 10 * np.log10(np.mean(error**2))


@pytest.mark.parametrize("rate", [44_100, 48_000])
def test_shaped_noise_is_9_db_lower_to_the_ear(rate):
    white, shaped = (powers(noise(kind, rate)[0], rate) for kind in ("white", "shaped"))
    name = f"shaped dither, 16 bit, {rate} Hz: "
    oracle = "threshold in quiet (Terhardt), Welch by scipy"
    measured("dither", f"{name}weighted noise under that of TPDF", white[0] - shaped[0], "dB", oracle, least=9)
    measured("dither", f"{name}total noise over that of TPDF", shaped[1] - white[1], "dB", oracle, most=9)


@pytest.mark.parametrize("rate", [8_000, 32_000, 96_000, 384_000])
def test_it_is_no_worse_at_any_other_rate(rate):
    white, shaped = (powers(noise(kind, rate, seconds=4)[0], rate) for kind in ("white", "shaped"))
    assert shaped[0] < white[0] and shaped[1] - white[1] < 11


def test_high_pass_noise_is_as_much_and_rises_by_6_db_per_octave():
    error = noise("high_pass", 48_000)[0]
    assert np.mean(error**2) == pytest.approx(0.25, rel=0.01) and abs(np.mean(error)) < 0.01
    hz, density = scipy.signal.welch(error, 48_000, nperseg=4096)

    def level(near):
        return 10 * np.log10(density[np.abs(hz - near) < 100].mean())

    # The rounding itself stays white, a third of it all: 1/12 of 1/4.
    def expected(at):
        return 10 * np.log10((1 / 12 + 1 / 12 * 4 * np.sin(np.pi * at / 48_000) ** 2) / 24_000)

    for at in (500, 4_000, 12_000, 20_000):
        assert level(at) == pytest.approx(expected(at), abs=0.3)


@pytest.mark.parametrize("kind", ["high_pass", "shaped"])
def test_no_distortion_no_shared_noise_and_silence_stays_silent(kind):
    time = np.arange(480_000)
    tone = np.sin(2 * np.pi * time / 48) * STEP
    y = mx.Dither(bits=16, noise=kind)(tone, 48_000)
    spectrum = np.abs(np.fft.rfft(y)) * 2 / time.size
    harmonics = spectrum[np.arange(2, 9) * 10_000]
    assert 20 * np.log10(spectrum[10_000] / STEP) == pytest.approx(0, abs=0.1)
    assert 20 * np.log10(harmonics.max()) < -120
    error = noise(kind, 48_000, channels=2, seconds=4)
    assert abs(np.corrcoef(error)[0, 1]) < 0.01
    x = np.zeros(20_000)
    x[100] = 0.5
    y = mx.Dither(bits=16, noise=kind)(x, 48_000)
    assert not y[:100].any() and y[101:4_000].any() and not y[100 + 4_096 :].any()


def test_what_is_clipped_is_not_shaped():
    x = np.full(48_000, 1.2)
    x[:24_000] = -1.3
    y = mx.Dither(bits=16, noise="shaped")(x, 48_000)
    assert (y[100:23_900] == -1).all() and (y[24_100:] == 1 - STEP).all()


def test_files_take_the_name_of_the_noise(tmp_path):
    x = 0.25 * np.sin(np.arange(44_100) / 7)
    for kind in ("white", "high_pass", "shaped"):
        mx.write(tmp_path / "a.wav", x, 44_100, bits=16, dither=kind)
        expected = mx.Dither(bits=16, noise=kind)(x, 44_100)
        assert np.array_equal(mx.read(tmp_path / "a.wav")[0][0], expected.astype(np.float32))
    with pytest.raises(ValueError, match="dither = 'pink' is not one of white, high_pass, shaped"):
        mx.write(tmp_path / "b.wav", x, 44_100, dither="pink")
