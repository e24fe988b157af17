"""Deliveries: the loudness that was asked for, under the ceiling, measured by others."""

import shutil
import subprocess

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal

RATE = 48_000


def drums(seconds=12, rate=RATE, seed=0):
    """Hits with a floor of noise: a crest that needs a limiter."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((2, seconds * rate)) * 0.02
    hit = np.exp(-np.arange(rate // 4) / (0.03 * rate)) * random.standard_normal(rate // 4)
    for at in range(0, x.shape[1] - hit.size, rate // 2):
        x[:, at : at + hit.size] += 0.4 * hit
    return x.astype(np.float32)


def true_peak_db(x):
    """By eightfold oversampling of scipy."""
    return 20 * np.log10(np.abs(scipy.signal.resample_poly(x.astype(np.float64), 8, 1, axis=-1)).max())


def integrated(x, rate=RATE):
    return pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(x.T.astype(np.float64))


@pytest.mark.parametrize(("lufs", "ceiling"), [(-14, -1), (-9, -1), (-16, -2), (-23, -1)])
@pytest.mark.parametrize("call", [mx.normalize, mx.master])
def test_loudness_is_met_and_the_ceiling_held(call, lufs, ceiling):
    x = drums()
    kept = x.copy()
    r = call(x, RATE, lufs=lufs, true_peak_db=ceiling, max_limiting_db=60)
    assert np.array_equal(x, kept) and r.audio.shape == x.shape and r.audio.dtype == x.dtype
    assert r.report.reached and r.report.after.integrated == pytest.approx(lufs, abs=0.1)
    assert integrated(r.audio) == pytest.approx(lufs, abs=0.12)
    assert r.report.after.true_peak <= ceiling + 0.01
    assert true_peak_db(r.audio) <= ceiling + 0.02


def peak_by_ffmpeg(x, rate):
    """Largest sample in dB after ffmpeg has resampled to 192 kHz; it mirrors both edges."""
    line = ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(rate), "-ac", "2", "-i", "-", "-ar", "192000", "-f", "f32le", "-"]
    heard = subprocess.run(line, input=np.ascontiguousarray(x.T, np.float32).tobytes(), capture_output=True, check=True)
    return 20 * np.log10(np.abs(np.frombuffer(heard.stdout, np.float32)).max())


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_the_ceiling_holds_where_the_audio_begins_and_ends_in_the_middle_of_a_wave():
    random = np.random.default_rng(1)
    for _ in range(60):
        frequency, phase = np.exp(random.uniform(np.log(100), np.log(21_000))), random.uniform(0, 2 * np.pi)
        x = 2 * np.sin(2 * np.pi * frequency / RATE * np.arange(9_600 + random.integers(0, 100)) + phase)
        x = np.stack([x, x]).astype(np.float32)
        assert peak_by_ffmpeg(mx.normalize(x, RATE, lufs=-2, max_limiting_db=60).audio, RATE) <= -1
        # A call does not know whether its end is one; it holds the beginning.
        fading = x * np.minimum(1, np.arange(x.shape[1])[::-1] / 1_000).astype(np.float32)
        assert peak_by_ffmpeg(mx.Limiter(ceiling_db=-1)(fading, RATE), RATE) <= -1


def test_what_needs_no_limiter_is_a_gain():
    x = drums()
    r = mx.normalize(x, RATE, lufs=-30)
    gain = 10 ** (r.report.gain_db / 20)
    assert np.allclose(r.audio, x * np.float32(gain), atol=1e-7)
    assert r.report.limiter_db == 0 and r.report.passes == 1
    limited = mx.normalize(x, RATE, lufs=-9, max_limiting_db=60)
    assert limited.report.limiter_db > 3


def test_without_a_limiter_the_gain_stops_at_the_ceiling():
    x = drums()
    r = mx.normalize(x, RATE, lufs=-9, limit=False)
    assert r.report.after.true_peak == pytest.approx(-1.0, abs=0.01) and not r.report.reached
    assert np.allclose(r.audio, x * np.float32(10 ** (r.report.gain_db / 20)), atol=1e-7)


def test_targets_are_those_of_the_platforms():
    target = mx.TARGETS["spotify"]
    r = mx.normalize(drums(), RATE, target="spotify", max_limiting_db=60)
    assert (r.report.lufs, r.report.true_peak_db) == (target.lufs, target.true_peak_db) == (-14, -1)
    assert mx.normalize(drums(), RATE, target="spotify", lufs=-20).report.lufs == -20
    assert target.gain_db(-9, -1) == -5 and target.source and target.as_of


def test_an_album_gets_one_gain():
    songs = [drums(seed=1) * np.float32(0.5), drums(8, seed=2), np.stack([drums(6, seed=3)[0]] * 2) * np.float32(0.2)]
    r = mx.normalize(songs, RATE, lufs=-26)
    gains = [np.median(y[np.abs(x) > 0.01] / x[np.abs(x) > 0.01]) for x, y in zip(songs, r.audio)]
    assert np.allclose(gains, gains[0], rtol=1e-4)
    assert r.report.after.integrated == pytest.approx(-26, abs=0.1)
    assert [song.after.integrated for song in r.songs] != pytest.approx([-26] * 3, abs=1)
    whole = np.concatenate(r.audio, axis=1)
    assert mx.loudness(whole, RATE).integrated == pytest.approx(-26, abs=0.2)


def test_items_and_layouts():
    x = drums(4)
    single = mx.normalize(x, RATE, lufs=-14, max_limiting_db=60)
    stacked = mx.normalize(np.stack([x, x * np.float32(0.5)]), RATE, lufs=-14, max_limiting_db=60)
    assert np.array_equal(stacked.audio[0], single.audio) and len(stacked.report) == 2
    assert np.array_equal(mx.normalize(x.T, RATE, lufs=-14, max_limiting_db=60, axis=0).audio, single.audio.T)
    assert np.array_equal(mx.normalize(np.asfortranarray(x), RATE, lufs=-14, max_limiting_db=60).audio, single.audio)
    assert mx.normalize(x[0], RATE, lufs=-14, max_limiting_db=60).audio.shape == x[0].shape
    assert mx.normalize(x.astype(np.float64), RATE, lufs=-14, max_limiting_db=60).audio.dtype == np.float64


def test_a_chain_and_a_rate():
    x = drums(6, 44_100)
    chain = [mx.Equalizer(mx.highpass(40)), mx.Compressor(-20, 2, lookahead_ms=3)]
    r = mx.master(x, 44_100, lufs=-12, chain=chain, delivery_rate=48_000, max_limiting_db=60)
    assert r.sample_rate == 48_000 and r.audio.shape == (2, 6 * 48_000)
    assert r.report.after.integrated == pytest.approx(-12, abs=0.1)
    assert r.report.after.true_peak <= -0.99
    # Below the threshold of everything it is the chain's sound, not shifted.
    quiet = mx.master(x, 44_100, lufs=-40, chain=chain)
    expected = mx.Chain(chain)(x, 44_100) * np.float32(10 ** (quiet.report.gain_db / 20))
    assert np.abs(quiet.audio - expected).max() < 1e-6


def test_silence_stays_silence():
    r = mx.master(np.zeros((2, RATE), np.float32), RATE, target="spotify")
    assert not r.audio.any() and r.report.after.integrated is None and not r.report.reached
    assert mx.normalize(np.zeros((2, 0)), RATE, lufs=-14).audio.shape == (2, 0)


def test_files_are_as_arrays(tmp_path):
    x = drums(5)
    mx.write(tmp_path / "in.wav", x, RATE, bits=32)
    asked = dict(lufs=-12, chain=mx.Equalizer(mx.bell(200, 2)), delivery_rate=44_100, max_limiting_db=60)
    array = mx.master(x, RATE, **asked)
    out = tmp_path / "out.wav"
    r = mx.master(tmp_path / "in.wav", **asked, out=out)
    assert r.audio is None and r.report.after.integrated == pytest.approx(array.report.after.integrated, abs=0.01)
    y, rate = mx.read(out)
    assert rate == 44_100 and mx.info(out).bits == 24 and np.abs(y - array.audio).max() < 1e-4
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.wav", "out.wav"], "no scratch file is left"
    mx.normalize([tmp_path / "in.wav"], lufs=-20, out=[out], overwrite=True, bits=16)
    assert mx.info(out).bits == 16
    with pytest.raises(ValueError, match="would be written over"):
        mx.normalize(out, lufs=-20, out=out)


def test_a_failure_leaves_nothing(tmp_path, monkeypatch):
    # However fast the machine is: nothing that is told is dropped.
    monkeypatch.setattr("mixdsp.engine._progress.INTERVAL_SECONDS", 0)
    mx.write(tmp_path / "in.wav", drums(3), RATE, bits=32)

    def stop(share):
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mx.master(tmp_path / "in.wav", lufs=-9, chain=mx.Gain(), out=tmp_path / "out.wav", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in.wav"]


def test_progress_rises_to_one():
    told = []
    mx.master(drums(4), RATE, lufs=-9, max_limiting_db=60, progress=told.append)
    assert told[-1] == 1 and told == sorted(told)


def test_errors():
    x = drums(1)
    with pytest.raises(TypeError, match="either target or lufs"):
        mx.normalize(x, RATE)
    with pytest.raises(ValueError, match="target = 'tape' is not one of spotify, "):
        mx.normalize(x, RATE, target="tape")
    with pytest.raises(ValueError, match="lufs = 3.0 is outside -70 to 0"):
        mx.normalize(x, RATE, lufs=3)
    with pytest.raises(ValueError, match="true_peak_db = -50.0 is outside -40 to 0"):
        mx.normalize(x, RATE, lufs=-14, true_peak_db=-50)
    with pytest.raises(TypeError, match="sample_rate is missing"):
        mx.normalize(x, lufs=-14)
    with pytest.raises(TypeError, match="files need out"):
        mx.normalize("song.wav", lufs=-14)
    with pytest.raises(ValueError, match="is NaN"):
        mx.normalize(np.full((2, 100), np.nan), RATE, lufs=-14)
