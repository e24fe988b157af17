"""What dynamics have beside the rest: sidechains, gain traces, readings. Also channels that differ."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal
from catalogue import EFFECTS, RATE, channels_of, noise

COMPRESSOR = mx.Compressor(-30, 8, attack_ms=1, release_ms=50, knee_db=0)
#: The resonance suppressor listens for seconds before it acts.
LISTENING = [cls for cls in EFFECTS if cls()._takes_sidechain() and cls is not mx.ResonanceSuppressor]


def listening(cls, key="external"):
    """An effect of the class that does listen; `key` for what must be told to."""
    if cls is mx.Compressor:
        return COMPRESSOR
    if cls is mx.DynamicEqualizer:
        return cls([{"threshold_db": -40.0, "range_db": -24.0, "attack_ms": 1.0, "key": key}])
    if cls in (mx.Gate, mx.Ducker):
        # Noise of half of full scale goes through the threshold all the time.
        return cls(threshold_db=-9, hysteresis_db=0, hold_ms=0)
    if cls is mx.Expander:
        return cls(threshold_db=-9, hold_ms=0)
    return cls()


def burst(channels=1):
    """Loud for a quarter of a second in the middle of a second."""
    x = np.full((channels, RATE), 0.01)
    x[:, RATE // 2 : RATE * 3 // 4] = 0.5
    return x


def test_the_compressor_listens():
    assert mx.Compressor in LISTENING


@pytest.mark.parametrize("cls", LISTENING)
def test_a_sidechain_is_what_it_listens_to(cls):
    fx = listening(cls)
    x, key = noise(2, 5_000), 0.8 * noise(2, 5_000, seed=1)
    y = fx(x, RATE, sidechain=key)
    alone = listening(cls, key="own")
    assert not np.array_equal(y, alone(x, RATE))
    assert np.array_equal(fx(x, RATE, sidechain=x), alone(x, RATE)), "to itself is as without"
    mono = fx(x, RATE, sidechain=key[0])
    assert np.array_equal(mono, fx(x, RATE, sidechain=key[:1])) and not np.array_equal(mono, y)
    for layout in (np.asfortranarray, lambda k: k.astype(">f8"), lambda k: np.repeat(k, 2, axis=-1)[..., ::2]):
        assert np.array_equal(fx(x, RATE, sidechain=layout(key)), y)
    assert np.array_equal(fx(x.T, RATE, axis=0, sidechain=key.T).T, y)
    items = fx(np.stack([x, x]), RATE, sidechain=key)
    assert np.array_equal(items[0], y) and np.array_equal(items[1], y)
    batch = fx([x, x[:, :99]], RATE, sidechain=[key, key[:, :99]], threads=2)
    assert np.array_equal(batch[0], y) and np.array_equal(batch[1], y[:, :99])
    same = x.copy()
    assert np.array_equal(fx(same, RATE, out=same, sidechain=key), y)
    same = key.copy()
    assert np.array_equal(fx(x, RATE, out=same, sidechain=same), y)


@pytest.mark.parametrize("cls", LISTENING)
def test_a_sidechain_in_a_stream_and_in_a_chain(cls):
    fx = cls()
    x, key = noise(2, 5_000), noise(1, 5_000, seed=1)
    for each in (fx, mx.Chain([mx.Gain(-3), fx])):
        whole = each(x, RATE, sidechain=key, tail=0.05)
        with each.stream(RATE, sidechain_channels=1) as s:
            parts = [s(x[:, a:b], sidechain=key[:, a:b]) for a, b in ((0, 1), (1, 3_000), (3_000, 5_000))]
            rest = s.flush(0.05)
        # A flush feeds silence to the sidechain too.
        y = np.concatenate([*parts, rest], axis=1)[:, s.latency_samples :]
        assert np.array_equal(y, whole)


def test_wrong_sidechains_are_told():
    x = noise(2, 100)
    with pytest.raises(ValueError, match="sidechain has 99 samples, x has 100"):
        COMPRESSOR(x, RATE, sidechain=noise(2, 99))
    with pytest.raises(TypeError, match=r"sidechain is int16: .*sidechain\.astype\(np\.float32\) / 32768"):
        COMPRESSOR(x, RATE, sidechain=np.zeros(100, np.int16))
    with pytest.raises(ValueError, match="sidechain sample 5 of channel 0 is NaN"):
        key = noise(100)
        key[5] = np.nan
        COMPRESSOR(x, RATE, sidechain=key)
    with pytest.raises(ValueError, match=r"sidechain has the shape \(100, 30\): 30 channels .*axis=0|samples"):
        COMPRESSOR(x, RATE, sidechain=noise(30, 100))
    with pytest.raises(ValueError, match="does not fit"):
        COMPRESSOR(x, RATE, sidechain=noise(3, 2, 100))
    with pytest.raises(TypeError, match="x is a list: sidechain must be a list"):
        COMPRESSOR([x], RATE, sidechain=noise(100))
    with COMPRESSOR.stream(RATE, sidechain_channels=1) as s:
        with pytest.raises(ValueError, match="block of 100 samples, sidechain of 99"):
            s(x, sidechain=noise(1, 99))
        with pytest.raises(ValueError, match="sidechain has the shape"):
            s(x, sidechain=noise(2, 100))
        with pytest.raises(TypeError, match="sidechain must be float32 like the block"):
            s(x, sidechain=noise(1, 100, dtype=np.float64))


@pytest.mark.parametrize("fx", [COMPRESSOR, mx.Compressor(-30, 8, lookahead_ms=5), mx.Limiter(-20)])
def test_the_gain_at_every_sample(fx):
    x = burst()
    result = fx.process(x, RATE)
    assert result.gain_db.shape == (RATE,) and result.gain_db.dtype == x.dtype
    assert np.array_equal(result.audio, fx(x, RATE))
    assert (result.gain_db <= 0).all() and result.gain_db.min() < -6
    if isinstance(fx, mx.Compressor):
        # The output over the input is the gain that is told. The look-ahead delays the input by whole samples.
        told = 10 ** (result.gain_db / 20)
        assert np.abs(result.audio[0] / x[0] - told).max() < 1e-6
    assert result.gain_db[100] == 0 and result.report["readings"]["gain_reduction_db"] is not None
    items = fx.process(np.stack([x, x[:, ::-1]]), RATE, tail=0.1)
    assert items.gain_db.shape == (2, RATE + RATE // 10)
    assert np.array_equal(items.gain_db[0, :RATE], result.gain_db)
    assert mx.Gain().process(x, RATE).gain_db is None
    batch = fx.process([x, x[:, :9_000]], RATE)
    assert np.array_equal(batch[0].gain_db, result.gain_db)
    assert np.array_equal(batch[1].gain_db, fx.process(x[:, :9_000], RATE).gain_db)
    same = x.copy()
    assert np.array_equal(fx.process(same, RATE, out=same).gain_db, result.gain_db)


@pytest.mark.parametrize("fx", [COMPRESSOR, mx.Compressor(-30, 8, lookahead_ms=5, link=0.5), mx.Limiter(-20, link=0.3)])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_the_gain_is_the_reading_at_every_sample(fx, kind):
    x = noise(2, 3_000, dtype=kind) * np.linspace(0.2, 2, 3_000, dtype=kind)
    name = "threshold_db" if isinstance(fx, mx.Compressor) else "ceiling_db"
    for automate in (None, {name: [(0.005, -30.0), (0.0171, -12.0), (0.0312, -12.0), (0.0312, -20.0)]}):
        gain = fx.process(x, RATE, automate=automate, tail=0.02).gain_db
        with fx.stream(RATE, automate=automate) as s:
            told = []
            for at in range(gain.size + s.latency_samples):
                block = x[:, at : at + 1] if at < x.shape[1] else np.zeros((2, 1), kind)
                s(np.ascontiguousarray(block))
                told.append(-s.get("gain_reduction_db"))
        assert np.array_equal(gain, np.array(told, kind)[s.latency_samples :])


def test_a_resonance_is_found_and_taken_away():
    hiss = np.random.default_rng(1).normal(0, 0.05, 8 * RATE)
    sos = scipy.signal.tf2sos(*scipy.signal.iirpeak(2_000, 40, fs=RATE))
    ringing = (hiss + 3 * scipy.signal.sosfilt(sos, hiss)).astype(np.float32)
    fx = mx.ResonanceSuppressor(persistence_seconds=6, attack_ms=100)
    with fx.stream(RATE, 1) as s:
        out = s(ringing[None])[0]
        assert s.latency_samples == 0
        assert s.get("frequency_hz") == pytest.approx(2_000, rel=0.01)
        assert s.get("reduction_db") == pytest.approx(12, abs=1.5)
        # The largest of a block against what stands now.
        assert s.get("gain_reduction_db") == pytest.approx(s.get("reduction_db"), abs=0.2)
    power = [scipy.signal.welch(each[-2 * RATE :], RATE, nperseg=4_096)[1] for each in (hiss, ringing, out)]
    at = round(2_000 / RATE * 4_096)
    assert power[1][at] / power[0][at] > 10 and power[2][at] / power[0][at] == pytest.approx(1, rel=0.3)


def test_no_reading_yet_is_none(cls):
    fx = cls()
    with fx.stream(RATE, channels_of(fx)) as s:
        before = {name: s.get(name) for name in fx._readings()}
        report = fx.process(np.zeros((channels_of(fx), 0), np.float32), RATE).report["readings"]
    for values in (before, report):
        assert all(value is None or np.isfinite(value) for value in values.values())
    assert "gain_reduction_db" not in before or before["gain_reduction_db"] is None
    assert report == before or fx.latency_samples(RATE) > 0, "what is late has run"


def test_readings_in_a_stream():
    chain = mx.Chain(comp=COMPRESSOR)
    with COMPRESSOR.stream(RATE, 1) as s, chain.stream(RATE, 1) as t:
        assert s.get("gain_reduction_db") is None, "no reading yet is None"
        s(np.full((1, 4_800), 0.5))
        t(np.full((1, 4_800), 0.5))
        static = (20 * np.log10(0.5) + 30) * (1 - 1 / 8)
        assert s.get("gain_reduction_db") == pytest.approx(static, abs=0.05)
        assert t.get("comp.gain_reduction_db") == s.get("gain_reduction_db")
        assert s.get("gain_reduction_db[0]") == s.get("gain_reduction_db")
        with pytest.raises(ValueError, match='no parameter "gain_reduction"'):
            s.get("gain_reduction")


def test_mono_becomes_stereo():
    x = noise(1_000)
    left = mx.Pan(-1)(x, RATE)
    assert left.shape == (2, 1_000) and not left[1].any() and left[0].any()
    assert mx.Pan(-1)(x[np.newaxis], RATE).shape == (2, 1_000)
    assert mx.Pan(0)(x[:, np.newaxis], RATE, axis=0).shape == (1_000, 2)
    assert mx.Pan(0)(noise(5, 1, 100), RATE).shape == (5, 2, 100)
    out = np.empty((2, 1_000), np.float32)
    assert mx.Pan(-1)(x, RATE, out=out) is out and np.array_equal(out, left)
    with mx.Pan(-1).stream(RATE, channels=1) as s:
        assert s.output_channels == 2
        assert np.array_equal(np.concatenate([s(x[:300]), s(x[300:])], axis=1), left)
    chain = mx.Chain([mx.Gain(-6), mx.Pan(0.3), mx.Width(1.5)])
    assert chain(x, RATE).shape == (2, 1_000)


def test_channels_that_an_effect_does_not_take_are_told():
    with pytest.raises(ValueError, match="inputs = 3, but it takes 2 channels"):
        mx.Width(1)(noise(3, 100), RATE)
    with pytest.raises(ValueError, match="wide: inputs = 1, but it takes 2 channels"):
        mx.Chain(wide=mx.Width(1))(noise(100), RATE)
    with pytest.raises(ValueError, match="wide: inputs = 4"):
        mx.Chain(wide=mx.Width(1)).stream(RATE, channels=4)


def test_an_endless_tail():
    echo, x = mx.Delay(100), noise(2, RATE)
    with pytest.raises(ValueError, match="the tail is endless with these parameters: give tail in seconds"):
        echo(x, RATE, tail="auto", automate={"freeze": [(0, False), (0.5, True)]})
    thaw = {"freeze": [(0, False), (0.5, True), (2.0, False)]}
    whole = echo(x, RATE, tail="auto", automate=thaw)
    assert RATE + echo.tail_samples(RATE) < whole.shape[1] < 3 * RATE + echo.tail_samples(RATE)
    with echo.stream(RATE) as s:
        s(x)
        s.set("freeze", True)
        s(x)
        assert s.tail_samples is None
        with pytest.raises(ValueError, match="endless"):
            s.flush()
        assert s.flush(0.5).shape == (2, RATE // 2)


def test_echoes_come_out_of_a_flush():
    echo = mx.Delay(250, 0.5, mix=1.0)
    with echo.stream(RATE, channels=1) as s:
        s(np.eye(1, 64, dtype=np.float32))
        rest = s.flush()[0]
    at = np.arange(1, 5) * RATE // 4 - 64
    assert np.allclose(rest[at], 0.5 ** np.arange(4), atol=1e-6)
    assert rest.size == echo.tail_samples(RATE)
