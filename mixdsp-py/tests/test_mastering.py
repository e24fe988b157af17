"""Masters: the chain shares the load, both ends are cut and faded, and references are compared with and matched."""

import json

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal
from mixdsp._command import main

RATE = 48_000
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def beat(seconds=12, seed=0, width=0.3, tilt=0.0):
    """Strokes, bass and noise, wider or narrower; in memory single precision."""
    random = np.random.default_rng(seed)
    count = seconds * RATE
    time = np.arange(count) / RATE
    since = time % 0.5
    middle = 0.5 * np.exp(-25 * since) * np.sin(2 * np.pi * 60 * since) + 0.1 * np.sin(2 * np.pi * 110 * time)
    noise = random.standard_normal((2, count)) * (0.03 + 0.1 * np.exp(-60 * ((time + 0.25) % 0.5)))
    side = width * noise[1]
    if tilt:
        side, noise[0] = (scipy.signal.sosfilt(scipy.signal.butter(1, 2_000, "high", fs=RATE, output="sos"), each) * tilt + each for each in (side, noise[0]))
    return np.stack([middle + noise[0] + side, middle + noise[0] - side]).astype(np.float32)


def loudness(y):
    return pyloudnorm.Meter(RATE).integrated_loudness(y.T.astype(np.float64))


def test_a_loud_master_shares_the_load_and_an_easy_one_is_gain_and_limiter():
    x = beat()
    loud = mx.master(x, RATE, lufs=-9)
    alone = mx.master(x, RATE, lufs=-9, compression_db="off", clipping_over_db="off", limiter="streaming", max_limiting_db=60)
    for made in (loud, alone):
        assert loudness(made.audio) == pytest.approx(-9, abs=0.1)
        assert 20 * np.log10(np.abs(scipy.signal.resample_poly(made.audio, 8, 1, axis=1)).max()) <= -0.9
    assert loud.report.clipping_over_db is not None and 0 < loud.report.clipped_share < 0.1
    assert loud.report.limiting_max_db < 2 / 3 * alone.report.limiting_max_db
    assert loud.report.fast_motion_db < alone.report.fast_motion_db / 4
    easy = mx.master(0.3 * x, RATE, lufs=loudness(x) - 6)
    assert easy.report.clipping_over_db is None and easy.report.compression_db == 0


def test_arrays_and_files_come_to_the_same(tmp_path):
    x = beat(6)
    mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    from_array = mx.master(x, RATE, lufs=-10)
    mx.master(tmp_path / "x.wav", lufs=-10, out=tmp_path / "y.wav", bits=32)
    assert np.array_equal(mx.read(tmp_path / "y.wav")[0], from_array.audio)


def test_pinned_steps_are_kept_and_wrong_ones_refused():
    x = beat(6)
    made = mx.master(x, RATE, lufs=-10, compression_db=1.5, clipping_over_db=2)
    assert (made.report.compression_db, made.report.clipping_over_db) == (1.5, 2)
    assert made.report.limiting_max_db <= 2.1
    for wrong in ({"compression_db": 7}, {"clipping_over_db": -1}, {"max_clipping_db": 25}, {"fade_seconds": (0, 61)}):
        with pytest.raises(ValueError, match=next(iter(wrong)).split("_")[0]):
            mx.master(x, RATE, lufs=-10, **wrong)
    with pytest.raises(ValueError, match="'atuo' is none of"):
        mx.master(x, RATE, lufs=-10, clipping_over_db="atuo")


def test_a_refusal_tells_costs_and_what_stands_in_the_way(tmp_path, capsys):
    x = beat(6)
    with pytest.raises(mx.TooMuchLimiting) as caught:
        mx.master(x, RATE, lufs=-2)
    error = caught.value
    assert "reachable" in str(error) and error.reachable_lufs < -2
    assert error.table.count("LUFS") >= 4 and "the highest peaks are made by what is under 60 Hz" in error.table or "60 to 250 Hz" in error.table
    made = mx.master(x, RATE, lufs=error.reachable_lufs)
    assert loudness(made.audio) == pytest.approx(error.reachable_lufs, abs=0.1)
    mx.write(tmp_path / "x.wav", x, RATE)
    assert main(["master", str(tmp_path / "x.wav"), "-o", str(tmp_path / "y.wav"), "--lufs", "-2", "-q"]) == 1
    assert not (tmp_path / "y.wav").exists() and "crest lost" in capsys.readouterr().err


def test_both_ends_are_cut_and_fade(tmp_path):
    x = beat(6)
    made = mx.master(x, RATE, lufs=-30, trim_seconds=(1, 0.5), fade_seconds=(0.1, 2)).audio
    assert made.shape == (2, int(4.5 * RATE))
    gain = made[0, RATE : 2 * RATE] @ x[0, 2 * RATE : 3 * RATE] / (x[0, 2 * RATE : 3 * RATE] @ x[0, 2 * RATE : 3 * RATE])
    fade = np.ones(made.shape[1])
    fade[: RATE // 10] = 0.5 - 0.5 * np.cos(np.pi * (np.arange(RATE // 10) + 0.5) / (RATE // 10))
    fade[-2 * RATE :] = 0.5 + 0.5 * np.cos(np.pi * (np.arange(2 * RATE) + 0.5) / (2 * RATE))
    assert np.abs(made - gain * fade * x[:, RATE : int(5.5 * RATE)]).max() < 1e-6
    mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    mx.master(tmp_path / "x.wav", lufs=-30, trim_seconds=(1, 0.5), fade_seconds=(0.1, 2), out=tmp_path / "y.wav", bits=32)
    assert np.abs(mx.read(tmp_path / "y.wav")[0] - made).max() < 1e-7
    with pytest.raises(ValueError, match="trim"):
        mx.master(x, RATE, lufs=-30, trim_seconds=(5, 2))


def power(x, low, high):
    frequencies, found = scipy.signal.welch(x, RATE, nperseg=1 << 13)
    return found[(frequencies >= low) & (frequencies < high)].sum()


def test_compare_tells_where_a_recording_lies_outside():
    x, one, two = beat(seed=1, width=0.1), beat(seed=2), beat(seed=3, tilt=1.0)
    found = mx.compare(x, [one, two], RATE)
    rows = {row.name: row for row in found.rows}
    assert rows["integrated"].value == pytest.approx(loudness(x), abs=0.05)
    assert rows["integrated"].low <= rows["integrated"].mean <= rows["integrated"].high
    for low, high in ((500, 2_000), (2_000, 6_000)):
        assert rows[f"width, {low} to {high} Hz"].outside < -3
    assert len(found.recording.course) == pytest.approx(10, abs=2) and "tone, 1000 Hz" in str(found)
    json.dumps(found.to_dict())
    same = mx.compare(one, one, RATE)
    assert all(row.outside == 0 for row in same.rows)


def test_width_by_band_is_that_of_sides_and_middle():
    # Steady, because middle and side are each gated by their own loudness.
    middle, side = np.random.default_rng(4).standard_normal((2, 6 * RATE)) * [[0.1], [0.02]]
    side = scipy.signal.sosfilt(scipy.signal.butter(1, 1_000, "high", fs=RATE, output="sos"), side)
    x = np.stack([middle + side, middle - side])
    rows = {row.name: row for row in mx.compare(x, x, RATE).rows}
    for low, high in ((120, 500), (500, 2_000), (2_000, 6_000), (6_000, 16_000)):
        wanted = 10 * np.log10(power(side, low, high) / power(middle, low, high))
        assert rows[f"width, {low} to {high} Hz"].value == pytest.approx(wanted, abs=0.5)
    for name, low, high in (("tone, 1000 Hz", 891, 1122), ("tone, 4000 Hz", 3564, 4490)):
        wanted = 10 * np.log10(sum(power(c, low, high) for c in x) / sum(power(c, 28, 18_000) for c in x))
        assert rows[name].value == pytest.approx(wanted, abs=0.5)


def test_compare_on_the_command_line(tmp_path, capsys):
    for name, seed in (("x", 1), ("one", 2), ("two", 3)):
        mx.write(tmp_path / f"{name}.wav", beat(4, seed), RATE)
    paths = [str(tmp_path / f"{name}.wav") for name in ("x", "one", "two")]
    assert main(["compare", *paths, "-q"]) == 0
    assert "integrated" in capsys.readouterr().out
    assert main(["compare", *paths, "-q", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["rows"]) > 30
    assert main(["compare", paths[0], str(tmp_path / "none.wav"), "-q"]) != 0


def test_a_reference_alone_gives_its_loudness_and_its_width():
    x, reference = beat(seed=1, width=0.15), 0.5 * beat(seed=2, tilt=1.0)
    made = mx.master(x, RATE, reference=reference, width=1)
    assert loudness(made.audio) == pytest.approx(loudness(reference), abs=0.1)

    def width(audio, low, high):
        middle, side = 0.5 * (audio[0] + audio[1]), 0.5 * (audio[0] - audio[1])
        return 10 * np.log10(power(side, low, high) / power(middle, low, high))

    for low, high in ((500, 2_000), (2_000, 6_000), (6_000, 12_000)):
        before, after = (abs(width(audio, low, high) - width(reference, low, high)) for audio in (x, made.audio))
        assert after < 1.5 < before, (low, before, after)


def test_the_defaults_of_tone_match_are_careful():
    random = np.random.default_rng(0)
    x = random.standard_normal((2, 10 * RATE)) * 0.05
    cut = scipy.signal.butter(8, 14_000, fs=RATE, output="sos")
    reference = scipy.signal.sosfilt(cut, x)
    eq = mx.match_tone(x, reference, RATE)
    frequencies = 20 * 2 ** (np.arange(0, 9.9, 1 / 24))
    db = 20 * np.log10(np.abs(eq.response(frequencies, RATE)))
    assert np.abs(np.diff(db)).max() * 24 < 20, "no flank is steeper than 18 dB per octave, as bands follow it"
    assert all(band.q <= 2 for band in eq.bands)
    lifted = mx.match_tone(x, reference, RATE, limit_db=24, edge_limit_db=24, tilt_limit_db=6, flank_limit_db=144, q_limit=8)
    steep = 20 * np.log10(np.abs(lifted.response(frequencies, RATE)))
    assert np.abs(np.diff(steep)).max() * 24 > 30
