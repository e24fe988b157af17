"""Effects around effects: parallel, mid-side, left-right, bands, delta, oversampled."""

import copy
import json
import pickle

import mixdsp as mx
import numpy as np
import pytest

RATE = 48_000


def noise(channels=2, samples=RATE // 2, seed=1):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, (channels, samples))


def db(x):
    return 20 * np.log10(np.max(np.abs(x)) + 1e-300)


def trees():
    return [
        mx.Parallel(mx.Compressor(-30, 8, lookahead_ms=5), mix=0.4),
        mx.Parallel(mx.Gain(-6), [mx.Limiter(-12), mx.Gain(3)], dry=True, dry_db=-12),
        mx.MidSide(mid=mx.Compressor(-30, 4), side=mx.Equalizer([mx.high_shelf(4_000, 3)])),
        mx.LeftRight(left=mx.Gain(-3)),
        mx.Bands([150, 2_000], [mx.Compressor(-20, 4), None, [mx.Gain(1), mx.Limiter(-6)]], solo=[2], bypass=[0]),
        mx.Bands([300], [mx.Compressor(-20, 4), None], phase="linear", lowest_hz=250),
        mx.Delta(mx.Limiter(-6), match_gain_db=1),
        mx.Oversampled(mx.Compressor(-30, 8, attack_ms=0.1), oversampling=4),
        mx.Oversampled([mx.Gain(3), mx.Limiter(-12)], phase="low_latency"),
        mx.Chain(wide=mx.MidSide(side=mx.Gain(3)), bands=mx.Bands([500], [mx.Parallel(mx.Gain(-6)), mx.Reverb(mix=0.1)])),
    ]


@pytest.fixture(params=range(len(trees())))
def tree(request):
    return trees()[request.param]


def test_every_form_gives_the_same_effect_and_the_same_bits(tree):
    x = noise()
    y = tree(x, RATE)
    scope = {name: getattr(mx, name) for name in dir(mx)}
    others = [
        mx.Effect.from_dict(json.loads(json.dumps(tree.to_dict()))),
        mx.Effect.from_preset(tree.to_preset()),
        type(tree).from_dict(tree.to_dict()),
        pickle.loads(pickle.dumps(tree)),
        copy.deepcopy(tree),
        eval(repr(tree), scope),
    ]
    for other in others:
        assert other == tree
        assert np.array_equal(other(x, RATE), y)
    assert not np.array_equal(x, y)


def test_any_cut_gives_the_same_bits(tree):
    x = noise()
    whole = tree(x, RATE)
    with tree.stream(RATE, 2) as stream:
        parts = [stream(part) for part in np.split(x, [1, 700, 701, 9_000], axis=1)]
        rest = stream.flush("cut")
    late = tree.latency_samples(RATE)
    y = np.concatenate([*parts, rest], axis=1)[:, late : late + x.shape[1]]
    assert np.array_equal(y, whole)


def test_parallel_paths_meet_to_the_sample():
    x = noise()
    look_ahead = mx.Compressor(0, 1, lookahead_ms=5)
    assert db(mx.Parallel(look_ahead, mix=0.5)(x, RATE) - x) < -280
    assert db(mx.Parallel(look_ahead, mx.Gain(0))(x, RATE) - 2 * x) < -280
    assert db(mx.Parallel(mx.Gain(-6), mix=0.25)(x, RATE) - (0.75 + 0.25 * 10 ** (-6 / 20)) * x) < -280


def test_mid_side_and_left_right_reach_their_own():
    x = noise()
    mid, side = (x[0] + x[1]) / 2, (x[0] - x[1]) / 2
    y = mx.MidSide(side=mx.Gain(-6))(x, RATE)
    g = 10 ** (-6 / 20)
    assert db(y - np.stack([mid + g * side, mid - g * side])) < -280
    y = mx.LeftRight(right=mx.Gain(-6))(x, RATE)
    assert np.array_equal(y[0], x[0]) and db(y[1] - g * x[1]) < -280


def test_bands_add_up_flat_and_ratio_one_changes_nothing():
    x = np.zeros((1, 1 << 16))
    x[0, 100] = 1
    for effects in ([None] * 4, [mx.Compressor(-20, 1, lookahead_ms=2)] * 4):
        y = mx.Bands([120, 900, 5_000], effects)(x, RATE)
        spectrum = 20 * np.log10(np.abs(np.fft.rfft(y[0])))
        hertz = np.fft.rfftfreq(x.shape[1], 1 / RATE)
        assert np.abs(spectrum[(hertz > 20) & (hertz < 20_000)]).max() < 0.001


def test_solo_and_bypass_of_bands():
    t = np.arange(RATE) / RATE
    low, high = np.sin(2 * np.pi * 60 * t), np.sin(2 * np.pi * 6_000 * t)
    heard = mx.Bands([600], [None, None], solo=[0], slope_db_per_octave=48)(low + high, RATE)[RATE // 2 :]
    spectrum = np.abs(np.fft.rfft(heard * np.hanning(heard.size)))
    at = lambda hz: 20 * np.log10(spectrum[hz * heard.size // RATE] / spectrum.max())  # noqa: E731
    assert at(60) == 0 and at(6_000) < -100
    muted = mx.Gain(mute=True)
    x = noise()
    bypassed = mx.Bands([600], [muted, None], bypass=[0])(x, RATE)
    assert np.array_equal(bypassed, mx.Bands([600], [None, None])(x, RATE))


def test_delta_and_output_are_the_input():
    x = noise()
    for effect in (mx.Equalizer([mx.bell(1_000, 6)]), mx.Limiter(-12), mx.Compressor(-30, 4, lookahead_ms=3)):
        assert db(mx.Delta(effect)(x, RATE) + effect(x, RATE) - x) < -120


def test_parameters_are_named_checked_and_automated():
    bands = mx.Bands([150, 2_000], [mx.Compressor(-20, 4), None, None])
    assert {"splits[0].frequency_hz", "bands[1].solo", "bands[0].compressor.threshold_db" } & set(bands.params) != set()
    assert bands.splits_hz == [150, 2_000]
    bands.splits_hz = [200, 3_000]
    assert bands.params["splits[1].frequency_hz"].value == 3_000
    with pytest.raises(ValueError, match="frequency_hz = 5 is outside 20 to 20000 Hz"):
        mx.Bands([5], [None, None])
    with pytest.raises(ValueError, match="3 effects for 1 splits"):
        mx.Bands([150], [None, None, None])
    with pytest.raises(ValueError, match="mix = 2 is outside 0 to 1"):
        mx.Parallel(mx.Gain(), mix=2)
    parallel = mx.Parallel(mx.Gain(-12))
    parallel.mix = 0.5
    assert parallel.mix == 0.5
    with pytest.raises(ValueError, match="mid_side needs two channels, 1 given"):
        mx.MidSide(mid=mx.Gain(-6))(noise(1), RATE)
    x = noise()
    moved = bands(x, RATE, automate={"bands[0].threshold_db": [(0.0, -20), (0.2, -60)], "splits[0].frequency_hz": [(0, 200), (0.1, 400)]})
    assert not np.array_equal(moved, bands(x, RATE))
    faded = mx.Parallel(mx.Gain(mute=True))(x, RATE, automate={"mix": [(0.0, 0.0), (0.4, 1.0)]})
    assert np.allclose(faded[:, :1], x[:, :1], atol=1e-6)
    assert np.abs(faded[:, -100:]).max() < 1e-9
    with pytest.raises(ValueError, match="no parameter"):
        bands(x, RATE, automate={"bands[7].threshold_db": [(0, -20)]})


def test_short_calls_are_as_long_ones():
    x = noise(samples=64)
    for effect in (mx.Gain(-6), mx.Compressor(-30, 4), mx.Reverb(), mx.Limiter(-6), mx.Delay(5)):
        for kind in (np.float32, np.float64):
            for each in (x.astype(kind), x[0].astype(kind), x.astype(kind)[:, ::2], x.astype(kind)[::-1]):
                expected = effect.process(each, RATE).audio
                for _ in range(3):
                    y = effect(each, RATE)
                    assert y.dtype == kind and y.shape == each.shape and np.array_equal(y, expected)
    gain = mx.Gain(-6)
    first = gain(x, RATE)
    gain.gain_db = 0.0
    assert np.array_equal(gain(x, RATE), x) and not np.array_equal(first, x)
    gain.gain_db = -6
    assert np.array_equal(gain(x, RATE), first) and np.array_equal(gain(x, 44_100), first)
    bad = x.copy()
    bad[0, 3] = np.nan
    with pytest.raises(ValueError, match="sample 3 of channel 0 is NaN|nan"):
        gain(bad, RATE)
    with pytest.raises(ValueError, match="sample_rate|sample rate"):
        gain(x, 1_000)


def test_a_multiband_compressor_is_bands_of_compressors():
    fx = mx.multiband_compressor([200, 3_000], [-30, -20, -40], ratio=4, attack_ms=[30, 10, 3], detector="peak")
    assert isinstance(fx, mx.Bands) and fx.splits_hz == [200, 3_000]
    assert [band.threshold_db for band in fx] == [-30, -20, -40]
    assert [band.attack_ms for band in fx] == [30, 10, 3]
    times = [band.release_ms for band in fx]
    assert times[0] == 300 and times[-1] == 80 and times == sorted(times, reverse=True)
    for wrong, words in (({"threshold_db": [1, 2]}, "2 values for 3 bands"), ({"ratio": 0.5}, "ratio = 0.5")):
        with pytest.raises(ValueError, match=words):
            mx.multiband_compressor([200, 3_000], **wrong)
    with pytest.raises(ValueError, match="rising order"):
        mx.multiband_compressor([3_000, 200])
    # One band works, the others pass.
    time = np.arange(2 * RATE) / RATE
    low, high = 0.5 * np.sin(2 * np.pi * 60 * time), 0.02 * np.sin(2 * np.pi * 6_000 * time)
    fx = mx.multiband_compressor([500], [-26, 0], ratio=4, knee_db=0)
    y = fx(low + high, RATE)[RATE:]
    level = lambda x, hz: 20 * np.log10(2 * abs(np.mean(x * np.exp(-2j * np.pi * hz * time[: x.size]))))
    assert level(y, 60) == pytest.approx(level(low[RATE:], 60) - 0.75 * (20 * np.log10(0.5) + 26), abs=0.05)
    assert level(y, 6_000) == pytest.approx(level(high[RATE:], 6_000), abs=0.01)


def test_an_upward_band_is_raised_and_no_more_than_asked():
    time = np.arange(2 * RATE) / RATE
    quiet = 0.001 * np.sin(2 * np.pi * 1_000 * time)
    fx = mx.multiband_compressor([200, 4_000], 0, upward_threshold_db=-40, upward_ratio=2, max_boost_db=[0, 6, 0])
    assert [type(band).__name__ for band in fx] == ["Chain"] * 3
    gain = 20 * np.log10(np.max(np.abs(fx(quiet, RATE)[RATE:])) / 0.001)
    # The middle band has nearly all of the tone, which is 20 dB below the threshold: 10 dB asked, 6 allowed.
    assert gain == pytest.approx(6, abs=0.05)


def test_bands_of_linear_phase_are_the_input_late():
    x = noise()
    fx = mx.Bands([200, 2_000], [None, None, None], phase="linear", lowest_hz=150)
    assert fx.latency_samples(RATE) > 0
    assert db(fx(x, RATE) - x) < -120
    assert db(mx.multiband_compressor([200, 2_000], ratio=1, phase="linear")(x, RATE) - x) < -120
    with pytest.raises(ValueError, match="frequency_hz = 100"):
        mx.Bands([100], [None, None], phase="linear", lowest_hz=150)(x, RATE)


def test_presets_are_ready_settings():
    opto = mx.Compressor.preset("opto", threshold_db=-30)
    assert opto.topology == "feedback" and opto.auto_release and opto.threshold_db == -30
    assert mx.Limiter.preset("mix") == mx.Limiter()
    with pytest.raises(ValueError, match="'opto'"):
        mx.Compressor.preset("opta")
