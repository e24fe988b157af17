"""Saturator, clipper and oversampling, against formulas, scipy and pedalboard."""

import numpy as np
import pytest

import mixdsp as mx

RATE = 48_000


def db(x):
    return 20 * np.log10(np.max(np.abs(x)) + 1e-300)


def sine(hz, seconds=1.0, level_db=0.0):
    t = np.arange(int(seconds * RATE)) / RATE
    return 10 ** (level_db / 20) * np.sin(2 * np.pi * hz * t)


def test_without_compensation_it_is_the_curve_of_pedalboards_distortion():
    pedalboard = pytest.importorskip("pedalboard")
    x = sine(100, level_db=-6).astype(np.float32)
    ours = mx.Saturator(drive_db=12, compensation=False)(x, RATE)
    theirs = pedalboard.Distortion(drive_db=12)(x, RATE)
    # Theirs has aliases; of 100 Hz they are small.
    assert db(ours[2_000:] - theirs[2_000:]) < -80


def test_aliases_are_far_below_those_of_the_bare_curve():
    signal = pytest.importorskip("scipy.signal")
    frames = 1 << 15
    periods = 3_413
    x = np.sin(2 * np.pi * periods * np.arange(2 * frames) / frames)
    window = signal.windows.blackmanharris(frames)

    def alias_db(y):
        spectrum = np.abs(np.fft.rfft(y[-frames:] * window))
        harmonics = np.arange(0, len(spectrum), periods)
        mask = np.ones(len(spectrum), bool)
        for harmonic in harmonics:
            mask[max(harmonic - 8, 0) : harmonic + 9] = False
        mask[int(20_000 / RATE * frames) :] = False
        return 20 * np.log10(spectrum[mask].max() / spectrum[periods])

    bare = alias_db(np.tanh(4 * x))
    ours = alias_db(mx.Saturator(drive_db=20 * np.log10(4), compensation=False, antialiasing="second")(x, RATE))
    assert bare > -60
    assert ours < -105


@pytest.mark.parametrize("drive_db", [0, 12, 24])
def test_it_is_as_loud_after_as_before(drive_db):
    rng = np.random.default_rng(3)
    # Beats without gaps: what is compressed fills those, and gates then count them.
    beat = np.exp(-8 * (np.arange(12 * RATE) % (RATE // 2)) / RATE)
    x = 0.1 * (0.3 + 0.7 * beat) * rng.standard_normal((2, 12 * RATE))
    y = mx.Saturator(drive_db=drive_db)(x, RATE)
    before, after = (mx.loudness(part[:, 6 * RATE :], RATE).integrated for part in (x, y))
    assert abs(after - before) < 0.5


def test_a_clipper_holds_its_ceiling_and_says_where_it_clipped():
    x = np.stack([sine(997), sine(997)])
    x[:, : RATE // 2] *= 0.1
    clipper = mx.Clipper(drive_db=6, ceiling_db=-1)
    y = clipper(x, RATE)
    clipped_db = clipper.course(x, RATE, "clipped_db")
    assert clipped_db.shape == (RATE,)
    assert not np.any(clipped_db[: RATE // 2 - 100])
    assert abs(np.max(clipped_db) - 7.2) < 0.1
    assert mx.loudness(y, RATE).true_peak <= -1.0
    assert db(y[:, RATE // 2 :]) > -1.25


def test_a_rate_that_is_too_high_names_the_largest_factor():
    with pytest.raises(ValueError, match="at most 4 there"):
        mx.Oversampled(mx.Gain(-6), oversampling=8)(np.zeros(100), 96_000)


@pytest.mark.parametrize("effect", [mx.Saturator(), mx.Clipper(), mx.Oversampled(mx.Gain(0.0))])
@pytest.mark.parametrize("shape", [(0,), (1,), (1, 14_400), (7, 300)])
def test_odd_shapes_keep_their_shape(effect, shape):
    y = effect(np.zeros(shape), RATE)
    assert y.shape == shape
    assert not np.any(y)


def test_a_curve_through_points_is_scipys():
    interpolate = pytest.importorskip("scipy.interpolate")
    points = [(-1.0, -0.8), (-0.4, -0.5), (0.0, 0.0), (0.3, 0.35), (0.7, 0.6), (1.2, 0.7)]
    x = np.repeat(np.linspace(-1.5, 1.5, 61), 400)
    effect = mx.Saturator(points=[mx.Saturator.Point(*point) for point in points], shape="curve", compensation=False, dc_removed=False)
    y = effect(x, RATE)[200::400]
    inputs, outputs = np.transpose(points)
    expected = interpolate.PchipInterpolator(inputs, outputs)(np.clip(x[200::400], inputs[0], inputs[-1]))
    assert db(y - expected) < -80
