"""Offline limiting: output, gain, ceiling and files, and that deliveries use it."""

import json
import shutil
import subprocess

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal
from mixdsp._command import main as run_command

RATE = 48_000
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def drums(seconds=8, rate=RATE, seed=0, channels=2):
    """Hits over a bass and a floor of noise, to 0.42 of the rate: beyond 0.45 no two meters agree on a true peak."""
    random = np.random.default_rng(seed)
    time = np.arange(seconds * rate) / rate
    x = random.standard_normal((channels, time.size)) * 0.02 + 0.25 * np.sin(2 * np.pi * 55 * time)
    hit = np.exp(-np.arange(rate // 4) / (0.03 * rate)) * random.standard_normal(rate // 4)
    for at in range(0, x.shape[1] - hit.size, rate // 2):
        x[:, at : at + hit.size] += 0.4 * hit
    return scipy.signal.oaconvolve(x, scipy.signal.firwin(255, 0.84)[np.newaxis], mode="same", axes=-1).astype(np.float32)


def true_peak_db(x):
    """By eightfold oversampling of scipy."""
    return 20 * np.log10(np.abs(scipy.signal.resample_poly(x.astype(np.float64), 8, 1, axis=-1)).max())


@pytest.mark.parametrize("drive", [6, 15, 24])
def test_the_output_is_the_input_times_the_gain_and_under_the_ceiling(drive):
    x = drums()
    kept = x.copy()
    r = mx.limit_offline(x, RATE, ceiling_db=-1, input_gain_db=drive)
    assert np.array_equal(x, kept) and r.audio.shape == x.shape and r.audio.dtype == x.dtype
    assert r.gain_reduction_db.shape == (x.shape[1],) and r.sample_rate == RATE
    expected = x.astype(np.float64) * 10 ** ((drive - r.gain_reduction_db.astype(np.float64)) / 20)
    assert np.abs(r.audio - expected).max() < 1e-6
    assert true_peak_db(r.audio) <= -1 + 0.005
    assert r.gain_reduction_max_db == pytest.approx(r.gain_reduction_db.max()) and r.gain_reduction_max_db > 3
    assert (r.gain_reduction_db >= 0).all()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_the_ceiling_by_ffmpeg():
    x = drums(seed=4)
    y = mx.limit_offline(x, RATE, input_gain_db=20).audio
    line = ["ffmpeg", "-v", "error", "-f", "f32le", "-ar", str(RATE), "-ac", "2", "-i", "-", "-ar", "192000", "-f", "f32le", "-"]
    heard = subprocess.run(line, input=np.ascontiguousarray(y.T).tobytes(), capture_output=True, check=True)
    assert 20 * np.log10(np.abs(np.frombuffer(heard.stdout, np.float32)).max()) <= -1


def test_what_is_under_the_ceiling_comes_out_as_it_was():
    x = drums() * np.float32(0.3)
    r = mx.limit_offline(x, RATE)
    assert np.array_equal(r.audio, x) and not r.gain_reduction_db.any()


def test_arrays_and_files_have_the_same_bits(tmp_path):
    x = drums(5, channels=3)
    mx.write(tmp_path / "in.wav", x, RATE, bits=32)
    r = mx.limit_offline(tmp_path / "in.wav", input_gain_db=12, out=tmp_path / "out.wav", bits=32)
    assert r.audio is None and r.gain_reduction_db is None
    y, rate = mx.read(tmp_path / "out.wav")
    whole = mx.limit_offline(x, RATE, input_gain_db=12)
    assert rate == RATE and np.array_equal(y, whole.audio)
    assert r.gain_reduction_max_db == whole.gain_reduction_max_db
    with pytest.raises(FileExistsError):
        mx.limit_offline(tmp_path / "in.wav", out=tmp_path / "out.wav")
    with pytest.raises(ValueError, match="in.wav"):
        mx.limit_offline(tmp_path / "in.wav", out=tmp_path / "in.wav", overwrite=True)


def test_shapes_and_types():
    x = drums(2)
    whole = mx.limit_offline(x, RATE, input_gain_db=9)
    assert np.array_equal(mx.limit_offline(x.T, RATE, input_gain_db=9, axis=0).audio, whole.audio.T)
    items = mx.limit_offline(np.stack([x, 0.5 * x]), RATE, input_gain_db=9)
    assert np.array_equal(items.audio[0], whole.audio) and items.gain_reduction_db.shape == (2, x.shape[1])
    assert mx.limit_offline(x[0], RATE, input_gain_db=9).audio.shape == x[0].shape
    double = mx.limit_offline(x.astype(np.float64), RATE, input_gain_db=9)
    assert double.audio.dtype == np.float64 and np.abs(double.audio - whole.audio).max() < 1e-5
    assert mx.limit_offline(np.zeros((2, 0)), RATE).audio.shape == (2, 0)


def test_what_cannot_be_is_refused():
    x = drums(1)
    with pytest.raises(ValueError, match="ceiling_db"):
        mx.limit_offline(x, RATE, ceiling_db=1)
    with pytest.raises(ValueError, match="input_gain_db"):
        mx.limit_offline(x, RATE, input_gain_db=100)
    with pytest.raises(TypeError, match="sample_rate"):
        mx.limit_offline(x)
    with pytest.raises(TypeError, match="list"):
        mx.limit_offline([x], RATE)
    with pytest.raises(ValueError, match="offline, streaming"):
        mx.master(x, RATE, lufs=-14, limiter="other")


def test_progress_is_told_and_may_end_it(tmp_path):
    x = drums(4)
    shares = []
    mx.limit_offline(x, RATE, progress=shares.append)
    assert shares == sorted(shares) and shares[-1] == 1

    def stop(share):
        raise KeyboardInterrupt

    mx.write(tmp_path / "in.wav", x, RATE)
    with pytest.raises(KeyboardInterrupt):
        mx.limit_offline(tmp_path / "in.wav", out=tmp_path / "out.wav", progress=stop)
    assert [path.name for path in tmp_path.iterdir()] == ["in.wav"]


def integrated(x, rate=RATE):
    return pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(x.T.astype(np.float64))


def test_a_master_is_limited_offline_unless_told_otherwise():
    x = drums()
    default, offline, streaming = (
        mx.master(x, RATE, lufs=-9, max_limiting_db=60, compression_db="off", clipping_over_db="off", **limiter)
        for limiter in ({}, {"limiter": "offline"}, {"limiter": "streaming"})
    )
    assert np.array_equal(default.audio, offline.audio) and not np.array_equal(default.audio, streaming.audio)
    for r in (default, streaming):
        assert integrated(r.audio) == pytest.approx(-9, abs=0.12) and true_peak_db(r.audio) <= -0.99
    # It is the master of what limit_offline makes with the same gain.
    alone = mx.limit_offline(x * np.float32(10 ** (default.report.gain_db / 20)), RATE, ceiling_db=-1)
    assert np.array_equal(default.audio, alone.audio)
    assert default.report.limiter_db == pytest.approx(alone.gain_reduction_max_db, abs=1e-4)


def test_the_command_takes_it(tmp_path, capsys):
    mx.write(tmp_path / "in.wav", drums(4), RATE)
    made = {}
    for limiter in ("offline", "streaming", None):
        out = str(tmp_path / f"{limiter}.wav")
        asked = [] if limiter is None else ["--limiter", limiter]
        arguments = ["master", str(tmp_path / "in.wav"), "-o", out, "--lufs", "-10", "--max-limiting", "60", "--json", "-q"]
        assert run_command([*arguments, *asked]) == 0
        assert json.loads(capsys.readouterr().out)["reached"]
        made[limiter] = mx.read(out)[0]
    assert np.array_equal(made["offline"], made[None]) and not np.array_equal(made["offline"], made["streaming"])
