"""The limit of limiting: what is refused and what is warned of, and that the measure is BS.1770's gating."""

import csv
import hashlib
import io
import json
import re
import warnings

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
from mixdsp._command import main as run_command

RATE = 48_000
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def main(arguments):
    """Runs the command, which may replace what an earlier one made: a refusal must leave it all the same."""
    return run_command([*arguments, "--overwrite"])



def hits(seconds=10, level=0.4, floor=0.02, rate=RATE, seed=0):
    """Strokes over a floor of noise."""
    random = np.random.default_rng(seed)
    x = random.standard_normal((2, seconds * rate)) * floor
    hit = np.exp(-np.arange(rate // 4) / (0.03 * rate)) * random.standard_normal(rate // 4)
    for at in range(0, x.shape[1] - hit.size, rate // 2):
        x[:, at : at + hit.size] += level * hit
    return x


def quiet(seconds=6, seed=0):
    return hits(seconds, seed=seed) * 0.002


def blocks(y, rate):
    """Loudness of the blocks of 400 ms every 100 ms, by pyloudnorm's filters."""
    weighted = np.array(y, dtype=np.float64)
    for stage in pyloudnorm.Meter(rate, filter_class="DeMan")._filters.values():
        weighted = np.apply_along_axis(stage.apply_filter, 1, weighted)
    hop = rate / 10
    starts = [round(k * hop) for k in range(int(y.shape[1] / hop) + 1)]
    energies = [
        (weighted[:, a:b] ** 2).mean(axis=1).sum() for a, b in zip(starts, starts[4:]) if b <= y.shape[1]
    ]
    return starts, -0.691 + 10 * np.log10(np.maximum(energies, 1e-20))


def percentile(songs, rate):
    """Of pairs of audio and reduction, gated together."""
    measured = [blocks(y, rate) for y, _ in songs]
    lufs = np.concatenate([each for _, each in measured])
    gate = 10 * np.log10(np.mean(10 ** (lufs[lufs > -70] / 10))) - 10
    counted = []
    for (_, reduction), (starts, lufs) in zip(songs, measured):
        counts = np.zeros(reduction.size, bool)
        for at in np.flatnonzero((lufs > -70) & (lufs > gate)):
            counts[starts[at] : starts[at + 4]] = True
        counted.append(reduction[counts])
    return np.percentile(np.concatenate(counted), 99, method="inverted_cdf")


def reduction(x, y, gain_db):
    """What the limiter did, from what went in and came out: the same gain for both channels."""
    given = np.abs(x).sum(axis=0) * 10 ** (gain_db / 20)
    return -20 * np.log10(np.abs(y).sum(axis=0) / np.maximum(given, 1e-30))


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_the_percentile_is_that_of_the_samples_that_are_gated_in(rate):
    x = hits(9, rate=rate)
    x[:, 3 * rate : 5 * rate] *= 0.01
    r = mx.normalize(x, rate, lufs=-10, max_limiting_db=60)
    expected = reduction(x, r.audio, r.report.gain_db)
    assert r.report.limiting_p99_db == pytest.approx(percentile([(r.audio, expected)], rate), abs=0.05)
    assert r.report.limiting_max_db == r.report.limiter_db == pytest.approx(expected.max(), abs=0.01)
    single = mx.normalize(x.astype(np.float32), rate, lufs=-10, max_limiting_db=60)
    assert single.report.limiting_p99_db == pytest.approx(r.report.limiting_p99_db, abs=0.05)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_audio_and_reduction_of_a_stream_are_aligned(kind):
    x = (hits(2) * 4).astype(kind)
    given = []
    reading = next(reading.id for reading in mx.Limiter._table.readings if reading.key == "gain_reduction_db")
    with mx.Limiter(-1).stream(RATE, 2) as stream:
        late = stream.latency_samples
        for start in range(0, x.shape[1], 3_001):
            given.append(stream.traced(x[:, start : start + 3_001], reading))
        assert stream.get("gain_reduction_max_db") > 6
    y, course = (np.concatenate(parts, axis=-1) for parts in zip(*given))
    assert course.shape == x[0].shape and course.dtype == y.dtype == kind
    assert np.allclose(y[:, late:], x[:, :-late] * 10 ** (-course[late:] / 20), rtol=1e-4, atol=1e-7)


def test_songs_of_an_album_are_gated_together():
    songs = [hits(6, seed=1), hits(5, seed=2) * 0.2, hits(4, level=0.8, seed=3)]
    r = mx.normalize(songs, RATE, lufs=-9, max_limiting_db=60)
    pairs = [(y, reduction(x, y, r.report.gain_db)) for x, y in zip(songs, r.audio)]
    assert r.report.limiting_p99_db == pytest.approx(percentile(pairs, RATE), abs=0.05)
    for song, pair in zip(r.songs, pairs):
        assert song.limiting_p99_db == pytest.approx(percentile([pair], RATE), abs=0.05)
    assert r.report.limiting_max_db == max(song.limiting_max_db for song in r.songs)


def test_silence_around_loud_parts_does_not_dilute():
    loud = hits(4)
    padded = np.concatenate([np.zeros((2, 30 * RATE)), loud, np.zeros((2, 60 * RATE))], axis=1)
    alone = mx.normalize(loud, RATE, lufs=-9, max_limiting_db=60).report
    among = mx.normalize(padded, RATE, lufs=-9, max_limiting_db=60).report
    assert alone.limiting_p99_db > 6 and among.limiting_p99_db == pytest.approx(alone.limiting_p99_db, abs=0.4)


def limiter_alone(x, rate, **goal):
    """A master whose limiter has to take all."""
    return mx.master(x, rate, compression_db="off", clipping_over_db="off", **goal)


@pytest.mark.parametrize("call", [mx.normalize, limiter_alone])
def test_too_much_is_refused_and_what_is_named_is_reached(call):
    with pytest.raises(ValueError, match=r"^-5\.0 LUFS would take at least [\d.]+ dB of limiting \(99th ") as caught:
        call(quiet(), RATE, lufs=-5)
    error = caught.value
    assert isinstance(error, mx.TooMuchLimiting) and error.limiting_p99_db > 9
    text = str(error)
    assert "at most 9 allowed" in text and text.endswith(f"{error.reachable_lufs:.1f} LUFS is reachable within the limit")
    named = float(re.search(r"(-[\d.]+) LUFS is reachable", text)[1])
    assert named == error.reachable_lufs
    with pytest.warns(mx.LimitingWarning, match=r"dB of limiting \(99th percentile\)"):
        r = call(quiet(), RATE, lufs=named)
    assert r.report.reached and 8.5 < r.report.limiting_p99_db <= 9
    assert len(r.report.warnings) == 1
    with pytest.raises(mx.TooMuchLimiting):
        call(quiet(), RATE, lufs=named + 0.5)
    with pytest.warns(mx.LimitingWarning):
        allowed = call(quiet(), RATE, lufs=-5, max_limiting_db=60).report
    assert allowed.limiting_p99_db > 9


@pytest.mark.parametrize("level", [10, 1])
@pytest.mark.parametrize("limit", [0, 2.5, 20])
def test_what_is_named_is_reached_at_any_limit(limit, level):
    # A quiet part that comes over the relative gate as the loud one is limited; and over the absolute gate.
    x = np.concatenate([quiet(), quiet(8, seed=4) * 0.2], axis=1) * level
    with pytest.raises(mx.TooMuchLimiting) as caught:
        mx.normalize(x, RATE, lufs=0, max_limiting_db=limit)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        report = mx.normalize(x, RATE, lufs=caught.value.reachable_lufs, max_limiting_db=limit).report
    assert report.reached and report.limiting_p99_db <= limit


def test_rare_peaks_may_be_far_over_the_limit():
    x = np.random.default_rng(0).standard_normal((2, 30 * RATE)) * 0.02
    x[:, 10 * RATE] = 5.0
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        report = mx.normalize(x, RATE, lufs=-16).report
    assert report.reached and report.limiting_max_db > 20 and report.limiting_p99_db < 2 and report.warnings == []


def test_without_a_limiter_there_is_nothing_to_refuse():
    report = mx.normalize(quiet(), RATE, lufs=-5, limit=False).report
    assert (report.limiting_max_db, report.limiting_p99_db, report.warnings) == (0, 0, [])
    report = mx.normalize(quiet(), RATE, lufs=-40, max_limiting_db=0).report
    assert report.reached and (report.limiting_max_db, report.limiting_p99_db) == (0, 0)
    silent = mx.normalize(np.zeros((2, RATE)), RATE, lufs=-5).report
    assert (silent.limiting_max_db, silent.limiting_p99_db) == (0, 0)
    nothing = mx.normalize(np.zeros((2, 0)), RATE, lufs=-5).report
    assert (nothing.limiting_max_db, nothing.limiting_p99_db) == (0, 0)


def test_a_programme_shorter_than_a_block_counts_whole():
    x = np.random.default_rng(0).standard_normal((1, RATE // 4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        r = mx.normalize(x, RATE, lufs=-14, max_limiting_db=60)
    expected = np.percentile(reduction(x, r.audio, r.report.gain_db), 99, method="inverted_cdf")
    assert r.report.limiting_p99_db == pytest.approx(expected, abs=0.05) and expected > 9
    with pytest.raises(mx.TooMuchLimiting, match="no loudness is reachable"):
        mx.normalize(x, RATE, lufs=-14)


def test_an_album_is_refused_by_the_whole_and_warned_of_by_song():
    songs = [quiet(4, seed=1), quiet(4, seed=2)]
    with pytest.raises(mx.TooMuchLimiting, match="^album: -5.0 LUFS") as caught:
        mx.normalize(songs, RATE, lufs=-5)
    with pytest.warns(mx.LimitingWarning):
        assert mx.normalize(songs, RATE, lufs=caught.value.reachable_lufs).report.limiting_p99_db <= 9
    # One song with limiting among songs that have none.
    calm = [np.random.default_rng(seed).standard_normal((2, 40 * RATE)) * 0.02 for seed in (1, 2)]
    with pytest.warns(mx.LimitingWarning):
        r = mx.normalize([*calm, hits(1, level=1.6, floor=0.001)], RATE, lufs=-16)
    assert r.report.warnings == [] and [bool(song.warnings) for song in r.songs] == [False, False, True]


def test_every_report_shows_both():
    report = mx.normalize(hits(4), RATE, lufs=-12, max_limiting_db=60).report
    told = report.to_dict()
    assert json.loads(json.dumps(told)) == told
    assert told["limiting_max_db"] == report.limiter_db > told["limiting_p99_db"] > 0
    html = report._repr_html_()
    assert f"limiting {report.limiting_p99_db:.2f} dB (99th percentile), {report.limiting_max_db:.2f} dB (largest)" in html


def test_errors():
    x = quiet(1)
    for value in (-0.1, 60.5, float("nan"), float("inf")):
        with pytest.raises(ValueError, match=f"max_limiting_db = {value} is outside 0 to 60"):
            mx.normalize(x, RATE, lufs=-14, max_limiting_db=value)
    for value in ("9", None, True):
        with pytest.raises(TypeError, match=f"max_limiting_db must be a number, not {type(value).__name__}"):
            mx.master(x, RATE, lufs=-14, max_limiting_db=value)
    stacked = np.stack([np.random.default_rng(0).standard_normal((2, 4 * RATE)) * 0.05, quiet(4)])
    with pytest.raises(mx.TooMuchLimiting, match="^item 1: -14.0 LUFS"):
        limiter_alone(stacked, RATE, lufs=-14)


# The command.


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A loud and a quiet song, and results of an earlier run."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "songs").mkdir()
    (tmp_path / "out").mkdir()
    mx.write("songs/loud.wav", hits(4), RATE)
    mx.write("songs/quiet.wav", quiet(), RATE, bits=32)
    mx.write("out/quiet.wav", hits(1), RATE)
    return tmp_path


def state(folder):
    """Every file, and the hash of what is in it."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.mark.parametrize("command", ["normalize", "master"])
def test_a_refused_file_is_not_written(folder, capsys, command):
    before = state(folder)
    alone = ["--compression", "off", "--clipping", "off"] if command == "master" else []
    for out in ("out", "out/quiet.wav", "new.wav"):
        assert main([command, "songs/quiet.wav", "-o", out, "--lufs", "-5", *alone]) == 1
        told = capsys.readouterr()
        # Under it, of a master, what loudness costs.
        assert re.fullmatch(
            r"mixdsp: songs/quiet\.wav: -5\.0 LUFS would take at least [\d.]+ dB of limiting "
            r"\(99th percentile; at most 9 allowed\): -[\d.]+ LUFS is reachable within the limit\n",
            told.err.splitlines(keepends=True)[0],
        ), told.err
        assert told.out == "" and state(folder) == before
    named = re.search(r"(-[\d.]+) LUFS is reachable", told.err)[1]
    assert main([command, "songs/quiet.wav", "-o", "new.wav", "--lufs", named, *alone]) == 0
    assert "mixdsp: songs/quiet.wav: " in capsys.readouterr().err, "over 6 dB there is a warning"
    assert mx.loudness("new.wav").integrated == pytest.approx(float(named), abs=0.1)
    assert main([command, "songs/quiet.wav", "-o", "out", "--lufs", "-5", "--max-limiting", "60", *alone]) in (0, 1)
    assert state(folder)["out/quiet.wav"] != before["out/quiet.wav"]


def test_the_other_files_go_on(folder, capsys):
    before = state(folder)
    assert main(["normalize", "-r", "songs", "-o", "out", "--lufs", "-12", "--max-limiting", "3", "--json"]) == 1
    told = capsys.readouterr()
    assert told.err.count("\n") == 2 and "quiet.wav: -12.0 LUFS" in told.err and "loud.wav: -12.0" in told.err
    assert state(folder) == before
    mx.write("songs/calm.wav", np.random.default_rng(0).standard_normal((2, 3 * RATE)) * 0.05, RATE)
    assert main(["normalize", "-r", "songs", "-o", "out", "--lufs", "-14", "--max-limiting", "3", "--json"]) == 1
    told = capsys.readouterr()
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [row["out"] for row in rows] == ["out/calm.wav"] and "quiet.wav" in told.err
    left = {**before, **{name: state(folder)[name] for name in ("songs/calm.wav", "out/calm.wav")}}
    assert state(folder) == left
    assert main(["normalize", "songs/quiet.wav", "none.wav", "-o", "out", "--lufs", "-5"]) == 3


def test_a_refused_album_leaves_nothing(folder, capsys):
    before = state(folder)
    assert main(["normalize", "-r", "songs", "-o", "out", "--lufs", "-1", "--album", "--max-limiting", "2"]) == 1
    assert re.fullmatch(r"mixdsp: album: -1\.0 LUFS would take [^\n]+ allowed\): [^\n]+\n", capsys.readouterr().err)
    assert state(folder) == before


def test_rows_carry_both(folder, capsys):
    assert main(["normalize", "songs/loud.wav", "-o", "new.wav", "--lufs", "-14", "--json", "--max-limiting", "60"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["limiting_max_db"] == row["limiter_db"] >= row["limiting_p99_db"] > 0 and "warnings" in row
    assert main(["normalize", "songs/loud.wav", "-o", "new.wav", "--lufs", "-14", "--csv", "--max-limiting", "60"]) == 0
    (line,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (float(line["limiter_db"]), float(line["limiting_p99_db"])) == (row["limiter_db"], row["limiting_p99_db"])
    assert main(["normalize", "songs/loud.wav", "-o", "new.wav", "--lufs", "-14", "--max-limiting", "60"]) == 0
    table = capsys.readouterr().out
    assert f"{row['limiter_db']:.2f}" in table and f"{row['limiting_p99_db']:.2f}" in table


def session(folder, line=""):
    (folder / "session.toml").write_text(f"""
version = 1
sample_rate = 48000
[target]
loudness_lufs = -5.0
chain = {{ compression_db = "off", clipping_over_db = "off" }}
{line}
[[tracks]]
name = "Quiet"
clips = [{{ file = "songs/quiet.wav" }}]
""")


def test_sessions_have_the_limit(folder, capsys):
    session(folder)
    before = state(folder)
    for out in ("out/quiet.wav", "new.wav"):
        assert main(["mix", "session.toml", "-o", out]) == 1
        told = capsys.readouterr()
        assert told.out == "" and told.err.startswith("mixdsp: session.toml: -5.0 LUFS would take at least ")
        first, *table = told.err.splitlines()
        assert "at most 9 allowed" in first and state(folder) == before
        # What each loudness costs, and what stands in the way.
        assert "clipping p99" in table[0] and table[-1].startswith("the highest peaks are made by") and 'by the stem "Quiet"' in table[-1]
    named = float(re.search(r"(-[\d.]+) LUFS is reachable", told.err)[1])
    text = (folder / "session.toml").read_text()
    (folder / "session.toml").write_text(text.replace("-5.0", str(named)))
    assert main(["mix", "session.toml", "-o", "new.wav", "--json"]) == 0
    told = capsys.readouterr()
    row = json.loads(told.out)
    assert row["reached"] and 8.5 < row["limiting_p99_db"] <= 9 and row["limiting_max_db"] == row["limiter_db"]
    assert len(row["warnings"]) == 1 and row["warnings"][0] in told.err
    # The option wins over the session's line.
    session(folder, "max_limiting_db = 60.0")
    assert main(["mix", "session.toml", "-o", "new.wav"]) in (0, 1)
    assert "dB (99th percentile)" in capsys.readouterr().out
    assert main(["mix", "session.toml", "-o", "none.wav", "--max-limiting", "4"]) == 1
    assert "at most 4 allowed" in capsys.readouterr().err and not (folder / "none.wav").exists()


def test_the_option_is_checked(folder, capsys):
    for value in ("61", "-1", "nan", "much"):
        with pytest.raises(SystemExit) as error:
            main(["normalize", "songs/loud.wav", "-o", "x.wav", "--lufs", "-14", "--max-limiting", value])
        assert error.value.code == 2 and "--max-limiting" in capsys.readouterr().err
