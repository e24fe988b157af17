"""Where sounds stand: against numpy and scipy."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal

RATE = 48_000
RNG = np.random.default_rng(21)


def noise(channels=2, seconds=0.5):
    return RNG.uniform(-0.5, 0.5, (channels, int(seconds * RATE)))


def decibels(x):
    return 20 * np.log10(np.abs(x))


@pytest.mark.parametrize(
    ("law", "exponent"),
    [("constant_power", 1), ("compromise", 4.5 / 3.0103), ("constant_sum", 2), ("centre", 2.5 / 3.0103)],
)
def test_pan_laws(law, exponent):
    for pan in np.linspace(-0.99, 0.99, 21):
        y = mx.Pan(pan, law, centre_db=-2.5)(np.ones((1, 16)), RATE)
        angle = (pan + 1) * np.pi / 4
        expected = np.array([np.cos(angle), np.sin(angle)]) ** exponent
        assert np.abs(decibels(y[:, -1] / expected)).max() < 1e-3
        both = mx.DualPan(pan, -pan, law, centre_db=-2.5)(np.array([np.ones(16), np.zeros(16)]), RATE)
        assert np.abs(decibels(both[:, -1] / expected)).max() < 1e-3
    left, right = mx.Pan(0.5, "linear")(np.ones((1, 16)), RATE)[:, -1]
    assert (left, right) == (0.25, 0.75)


def test_rotation_is_a_rotation():
    x = noise()
    assert np.array_equal(mx.Rotation(0)(x, RATE), x)
    angle = np.radians(30)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    assert np.allclose(mx.Rotation(30)(x, RATE), matrix @ x, atol=1e-12)


def test_the_imager_is_the_filters_of_scipy():
    # Linkwitz-Riley of eighth order on the side: Butterworth of fourth order twice; its all-pass on the mid.
    x, hz = noise(), 150
    mid, side = (x[0] + x[1]) / 2, (x[0] - x[1]) / 2
    low = scipy.signal.butter(4, hz, fs=RATE, output="sos")
    high = scipy.signal.butter(4, hz, "high", fs=RATE, output="sos")
    twice = lambda sos, y: scipy.signal.sosfilt(sos, scipy.signal.sosfilt(sos, y))  # noqa: E731
    mid, side = twice(low, mid) + twice(high, mid), 1.2 * twice(high, side)
    y = mx.Imager(hz, width=1.2)(x, RATE)
    assert np.abs(y - [mid + side, mid - side]).max() < 1e-9
    bands = mx.Imager(100, bands=[mx.Imager.Band(2000, 1.5), mx.Imager.Band(8000, 0.5)])
    assert bands(x, RATE).shape == x.shape
    assert mx.Effect.from_dict(bands.to_dict()) == bands


def test_crossfeed_is_bs2b():
    x, hz, feed = noise(), 700, 6.0
    low_db, high_db = feed * -5 / 6 - 3, feed / 6 - 3
    low_gain, high_gain = 10 ** (low_db / 20), 1 - 10 ** (high_db / 20)
    high_hz = hz * 2 ** ((low_db - 20 * np.log10(high_gain)) / 12)
    a, b = np.exp(-2 * np.pi * hz / RATE), np.exp(-2 * np.pi * high_hz / RATE)
    low = scipy.signal.lfilter([low_gain * (1 - a)], [1, -a], x)
    high = scipy.signal.lfilter([1 - high_gain * (1 - b), -b], [1, -b], x)
    expected = (high + low[::-1]) / (1 - high_gain + low_gain)
    assert np.abs(mx.Crossfeed.preset("chu_moy")(x, RATE) - expected).max() < 1e-12


def test_what_a_haas_loses_in_mono_is_told():
    x = noise(1, 2)
    heard = mx.Haas(10, -3).process(x, RATE)
    left, right = heard.audio[:, -RATE:]
    loss = -10 * np.log10(((left + right) ** 2).mean() / (2 * (left**2 + right**2).mean()))
    assert abs(heard.report["readings"]["mono_loss_db"] - loss) < 0.1
    g = 10 ** (-3 / 20)
    assert abs(heard.report["readings"]["comb_loss_db"] - 20 * np.log10((1 + g) / (1 - g))) < 0.1
    assert np.array_equal(left, x[0, -RATE:])


def test_decorrelated_sides_add_up_to_the_mid():
    x = noise(1, 4)
    left, right = mx.Decorrelator()(x, RATE)
    # What is left of the sum is the mid with its highs lowered, and nothing of the filter.
    c = 1 / np.sqrt(1 + 0.85**2)
    t = np.tan(np.pi * 250 / RATE)
    highs = scipy.signal.lfilter([1 / (1 + t), -1 / (1 + t)], [1, (t - 1) / (1 + t)], x[0])
    assert np.abs((left + right) / 2 - (x[0] - (1 - c) * highs)).max() < 1e-9
    band = scipy.signal.butter(4, [500, 16_000], "band", fs=RATE, output="sos")
    left, right = scipy.signal.sosfilt(band, left), scipy.signal.sosfilt(band, right)
    assert abs(np.corrcoef(left, right)[0, 1]) < 0.3


def test_vbap_and_fold_down():
    layouts = {"surround_5_1": 6, "surround_7_1": 8, "surround_5_1_4": 10, "surround_7_1_4": 12}
    x = noise(1, 0.1)
    for layout, channels in layouts.items():
        y = mx.Vbap(azimuth_deg=30, layout=layout)(x, RATE)
        assert y.shape == (channels, x.shape[1])
        assert np.allclose(y[0], x[0], atol=1e-12)
        assert not y[1:].any()
        inside = mx.Vbap(azimuth_deg=-70, elevation_deg=15, layout=layout)(np.ones(64), RATE)
        assert abs((inside[:, -1] ** 2).sum() - 1) < 1e-9
    mix = noise(6)
    r = np.sqrt(0.5)
    stereo = np.array([mix[0] + r * mix[2] + r * mix[4], mix[1] + r * mix[2] + r * mix[5]])
    assert np.allclose(mx.FoldDown(normalise=False)(mix, RATE), stereo, atol=1e-6)
    mono = mx.FoldDown(to="mono", normalise=False)(mix, RATE)
    assert np.allclose(mono[0], r * stereo.sum(axis=0), atol=1e-6)
    with pytest.raises(ValueError, match="inputs"):
        mx.FoldDown()(noise(5), RATE)


def test_two_microphones_are_aligned():
    n = 6 * RATE
    hits = (np.arange(n) % 24_000) / RATE
    close = RNG.normal(size=n) * np.exp(-hits / 0.05) + np.sin(2 * np.pi * 190 * hits) * np.exp(-hits / 0.1)
    # As far as a sinc of 32 taps is flat.
    close = scipy.signal.sosfilt(scipy.signal.butter(8, 14_000, fs=RATE, output="sos"), close)
    # Late by a fraction of a frame: by the spectrum.
    bins = np.fft.rfftfreq(n)
    late = np.fft.irfft(np.fft.rfft(close) * np.exp(-2j * np.pi * bins * 3.37), n)
    overhead = -0.5 * late
    overhead += 0.1 * overhead.std() * RNG.normal(size=n)
    found = mx.align(overhead, close, RATE)
    assert abs(found.delay_frames - 3.37) < 0.05
    assert found.inverted
    assert found.correlation > 0.9
    assert [band.frequency_hz for band in found.bands][:2] == [62.5, 125.0]
    aligned = found.apply(overhead.astype(np.float32))
    assert aligned.dtype == np.float32
    left = (aligned - 0.5 * close)[1_000:-1_000]
    assert 20 * np.log10(left.std() / (0.5 * close).std()) < -18
    back = mx.align(np.stack([close, close]), overhead, RATE)
    assert abs(back.delay_frames + 3.37) < 0.05
    assert mx.align(np.zeros(1000), close, RATE) is None
    with pytest.raises(ValueError, match="most_ms"):
        mx.align(overhead, close, RATE, most_ms=5_000)
