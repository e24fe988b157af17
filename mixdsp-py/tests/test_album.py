"""Albums: levels, cuts, cue sheets, tags, and what does harm."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time

import mixdsp as mx
import mutagen
import numpy as np
import pytest
import soundfile
from mixdsp._command import main as run_command
from test_release_files import png
from validation import measured

RATE = 44_100
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def song(seconds, rate=RATE, seed=0, level=0.1, channels=2, peaks=0.0):
    """Noise that swells, with hits where peaks are asked for."""
    random = np.random.default_rng(seed)
    x = level * random.standard_normal((channels, round(seconds * rate)))
    x *= 0.7 + 0.3 * np.sin(np.arange(x.shape[1]) / rate * 3)
    if peaks:
        hit = peaks * np.exp(-np.arange(rate // 8) / (0.004 * rate)) * np.cos(np.arange(rate // 8) * 0.3)
        for at in range(rate // 4, x.shape[1] - hit.size, rate // 2):
            x[:, at : at + hit.size] += hit
    return x.astype(np.float32)


def joined(made):
    return np.concatenate([soundfile.read(track.path, dtype="float32", always_2d=True)[0].T for track in made.tracks], axis=1)


def integrated(path):
    """By ffmpeg's ebur128, or pyloudnorm where that is missing."""
    import pyloudnorm

    x, rate = soundfile.read(path, always_2d=True)
    return pyloudnorm.Meter(rate).integrated_loudness(x)


@pytest.mark.parametrize("bits", [32, 16])
def test_sound_runs_on_across_cuts_to_the_bit(tmp_path, bits):
    """One recording in three files becomes an album without pauses: together it is the recording again."""
    x = song(31, peaks=0.2)
    parts = np.split(x, [400_003, 900_001], axis=1)
    paths = [tmp_path / f"{i}.wav" for i in range(3)]
    for path, each in zip(paths, parts):
        mx.write(path, each, RATE, bits=32)
    made = mx.album(paths, tmp_path / "out", gap_seconds=0, bits=bits, format="wav")
    y = joined(made)
    lengths = [track.samples for track in made.tracks]
    assert lengths == [400_003 // 588 * 588, 900_001 // 588 * 588 - 400_003 // 588 * 588, -(-x.shape[1] // 588) * 588 - 900_001 // 588 * 588]
    assert all(length % 588 == 0 for length in lengths)
    whole = x if bits == 32 else mx.Dither(bits=16, noise="shaped")(np.pad(x, ((0, 0), (0, 0))), RATE)
    wrong = int((y[:, : x.shape[1]] != whole).sum())
    measured("album", f"cuts at sectors, {bits} bits: samples that differ from the uncut programme", wrong, "", "the programme, read by libsndfile", exactly=0)
    # What is filled up at the end is silence, or the dither's own.
    assert np.abs(y[:, x.shape[1] :]).max(initial=0) == 0


def test_without_sectors_files_end_where_songs_do(tmp_path):
    x = [song(3.3, 48_000, 1), song(2.7, 48_000, 2)]
    for i, each in enumerate(x):
        mx.write(tmp_path / f"{i}.wav", each, 48_000, bits=32)
    made = mx.album([tmp_path / "0.wav", tmp_path / "1.wav"], tmp_path / "out", gap_seconds=0.5, rate=48_000, bits=24, format="flac")
    a, b = (soundfile.read(track.path)[0].T for track in made.tracks)
    assert a.shape[1] == x[0].shape[1] + 24_000 and b.shape[1] == x[1].shape[1]
    assert not a[:, x[0].shape[1] + 5_000 :].any() and np.abs(a[:, : x[0].shape[1]] - x[0]).max() < 1e-6
    with pytest.raises(ValueError, match="a disc has 44100 Hz"):
        mx.album([tmp_path / "0.wav"], tmp_path / "no", rate=48_000, sectors=True)


@pytest.mark.parametrize("level", ["album", "loudest", "track"])
def test_one_gain_keeps_the_differences(tmp_path, level):
    levels = [0.05, 0.02, 0.08]
    paths = []
    for i, (each, rate, channels) in enumerate(zip(levels, (44_100, 48_000, 96_000), (2, 1, 2))):
        mx.write(tmp_path / f"{i}.wav", song(6, rate, i, each, channels), rate, bits=32)
        paths.append(tmp_path / f"{i}.wav")
    # A pause adds blocks that are half of a song.
    made = mx.album(paths, tmp_path / "out", lufs=-20, level=level, bits=24, gap_seconds=0)
    before = [integrated(tmp_path / "out" / track.path) for track in made.tracks]
    if level == "track":
        assert before == pytest.approx([-20] * 3, abs=0.05)
        return
    assert not made.limits and made.differences_lu < 0.01
    gains = {round(track.gain_db, 9) for track in made.tracks}
    assert len(gains) == 1
    if level == "loudest":
        assert max(before) == pytest.approx(-20, abs=0.05)
    else:
        assert made.after.integrated == pytest.approx(-20, abs=0.02)
    measured("album", f"one gain by {level}, no limiter: change of differences between songs", made.differences_lu, "dB", "meters before and after", most=0.01)


def test_differences_are_kept_while_a_limiter_works(tmp_path):
    paths = []
    for i, (level, peaks) in enumerate(((0.1, 0.9), (0.03, 0.2), (0.1, 0.0), (0.06, 0.6))):
        mx.write(tmp_path / f"{i}.wav", song(8, RATE, i, level, 2, peaks), RATE, bits=32)
        paths.append(tmp_path / f"{i}.wav")
    made = mx.album(paths, tmp_path / "out", lufs=-14, true_peak_db=-1)
    assert made.limits and made.tracks[0].limiting_max_db > 2
    moved = [integrated(track.path) - integrated(source) for track, source in zip(made.tracks, paths)]
    measured("album", "while a limiter works: change of differences between songs", max(moved) - min(moved), "LU", "pyloudnorm", most=0.1)
    assert made.after.integrated == pytest.approx(-14, abs=0.1)
    assert made.after.true_peak <= -1
    peaks = [np.abs(soundfile.read(track.path)[0]).max() for track in made.tracks]
    assert max(peaks) <= 10 ** (-1 / 20)
    with pytest.raises(mx.TooMuchLimiting, match="takes .* dB of limiting .* LUFS for all of it is reachable") as refused:
        mx.album(paths, tmp_path / "loud", lufs=-6, max_limiting_db=3)
    assert -18 < refused.value.reachable_lufs < -10 and not list((tmp_path / "loud").glob("*"))


def test_trim_fades_and_pauses(tmp_path):
    x = np.full((2, 10 * RATE), 0.25, np.float32)
    mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    track = mx.AlbumTrack(tmp_path / "x.wav", trim_start_seconds=1, trim_end_seconds=2, fade_in_seconds=0.5, fade_out_seconds=3, gap_seconds=1)
    made = mx.album([track, track], tmp_path / "out", bits=32, gap_seconds=5, sectors=False)
    a, b = (soundfile.read(each.path)[0].T for each in made.tracks)
    assert a.shape[1] == (1 + 7 + 1) * RATE and b.shape[1] == 7 * RATE
    assert not a[:, :RATE].any() and not a[:, -RATE:].any()
    song_ = b[0] / 0.25
    t = (np.arange(song_.size) + 0.5) / RATE
    expected = 0.5 - 0.5 * np.cos(np.pi * np.clip(t / 0.5, 0, 1))
    expected *= 0.5 - 0.5 * np.cos(np.pi * np.clip((7 - t) / 3, 0, 1))
    assert np.abs(song_ - expected).max() < 1e-5 and np.array_equal(a[:, RATE:-RATE], b)
    with pytest.raises(ValueError, match="samples are too few"):
        mx.album([mx.AlbumTrack(tmp_path / "x.wav", trim_end_seconds=11)], tmp_path / "none")
    assert not list((tmp_path / "none").glob("*"))


def release(tmp_path, **settings):
    paths = []
    for i in range(3):
        mx.write(tmp_path / f"song {i}.wav", song(5 + i, RATE, i), RATE, bits=24)
        paths.append(tmp_path / f"song {i}.wav")
    tracks = [
        mx.AlbumTrack(paths[0], title='Eins "laut" / leise', isrc="DE-A12-26-00001"),
        mx.AlbumTrack(paths[1], title="Zwei \U0001f600", isrc="DEA122600002", artist="Gast"),
        mx.AlbumTrack(paths[2]),
    ]
    return mx.album(tracks, tmp_path / "out", title="Alle Drei", artist="Wir", upc="4006381333931", **{"cover": png(), **settings}), paths


@pytest.mark.skipif(shutil.which("cueprint") is None, reason="cueprint (cuetools) is not installed")
def test_the_cue_sheet_by_cuetools(tmp_path):
    made, _ = release(tmp_path)
    ask = ["cueprint", "-d", "%N|%T|%P\n", "-t", "%n|%t|%p|%i|%f\n", made.cue]
    said = subprocess.run(ask, capture_output=True, check=True).stdout.decode().splitlines()
    assert said[0] == "3|Alle Drei|Wir"
    toc = subprocess.run(["cueconvert", "-i", "cue", "-o", "toc", made.cue], capture_output=True, check=True).stdout.decode()
    assert 'CATALOG "4006381333931"' in toc and toc.count("TRACK AUDIO") == 3 and 'ISRC "DEA122600002"' in toc
    names = [os.path.basename(track.path) for track in made.tracks]
    expected = [
        f"1|Eins 'laut' / leise|Wir|DEA122600001|{names[0]}",
        f"2|Zwei \U0001f600|Gast|DEA122600002|{names[1]}",
        f"3|song 2|Wir||{names[2]}",
    ]
    wrong = [pair for pair in zip(said[1:], expected) if pair[0] != pair[1]]
    measured("album", "cue sheet: lines that cuetools reads otherwise", len(wrong), "", "cuetools", exactly=0)
    assert not wrong and names[0] == "01 Eins _laut_ _ leise.wav"
    points = subprocess.run(["cuebreakpoints", "--prepend-gaps", made.cue], capture_output=True, text=True)
    assert points.returncode == 0, points.stderr


@pytest.mark.parametrize("format", ["wav", "flac", "aiff"])
def test_tags_of_an_album_and_its_report(tmp_path, format):
    made, _ = release(tmp_path, format=format, tags={"genre": "Rock"}, lufs=-16)
    report = json.loads((tmp_path / "out" / "album.json").read_text())
    assert [track["path"] for track in report["tracks"]] == [track.path for track in made.tracks]
    assert report["after"]["integrated"] == pytest.approx(-16, abs=0.1)
    for track in made.tracks:
        tags = {name: value[0] if isinstance(value, list) else value for name, value in tags_of(track.path).items()}
        assert tags["album"] == "Alle Drei" and tags["genre"] == "Rock" and tags["title"] == track.title


def tags_of(path):
    """By mutagen, under the names of here."""
    file = mutagen.File(path)
    if path.endswith(".flac"):
        return {name.lower(): values[0] for name, values in file.items()}
    texts = {frame.desc.lower(): frame.text[0] for key, frame in file.items() if key.startswith("TXXX")}
    return {**texts, **{name: str(file.get(key)) for name, key in (("album", "TALB"), ("genre", "TCON"), ("title", "TIT2"))}}


LIBEBUR128 = """
#include <ebur128.h>
#include <stdio.h>
#include <stdlib.h>
int main(int n, char **words) {
    ebur128_state *all[99];
    static double block[65536];
    double lufs;
    int count = 0;
    for (int i = 1; i + 2 < n; i += 3, count++) {
        int channels = atoi(words[i + 1]);
        FILE *file = fopen(words[i], "rb");
        all[count] = ebur128_init(channels, atoi(words[i + 2]), EBUR128_MODE_I);
        size_t got;
        while ((got = fread(block, sizeof(double) * channels, 65536 / channels, file)) > 0) ebur128_add_frames_double(all[count], block, got);
        fclose(file);
        ebur128_loudness_global(all[count], &lufs);
        printf("%.6f\\n", lufs);
    }
    ebur128_loudness_global_multiple(all, count, &lufs);
    printf("%.6f\\n", lufs);
    return 0;
}
"""
HAS_LIBEBUR128 = os.path.exists("/usr/include/ebur128.h") and shutil.which("cc") is not None


def libebur128(folder, *paths):
    """Loudness of each, and of all as one album, by libebur128 on what libsndfile reads."""
    source, program = folder / "m.c", folder / "m"
    source.write_text(LIBEBUR128)
    subprocess.run(["cc", "-O1", source, "-o", program, "-lebur128"], check=True)
    words = []
    for i, path in enumerate(paths):
        x, rate = soundfile.read(path, always_2d=True)
        x.astype("<f8").tofile(folder / f"{i}.raw")
        words += [folder / f"{i}.raw", str(x.shape[1]), str(rate)]
    said = subprocess.run([program, *words], capture_output=True, text=True, check=True).stdout
    return [float(line) for line in said.splitlines()]


@pytest.mark.skipif(not HAS_LIBEBUR128, reason="libebur128 is not installed")
@pytest.mark.parametrize("format", ["wav", "flac", "aiff"])
def test_replaygain_by_libebur128(tmp_path, format):
    made, _ = release(tmp_path, lufs=-12, level="loudest", format=format, bits=24)
    (tmp_path / "work").mkdir()
    *each, whole = libebur128(tmp_path / "work", *(track.path for track in made.tracks))
    off = 0.0
    for track, lufs in zip(made.tracks, each):
        tags = tags_of(track.path)
        off = max(off, abs(float(tags["replaygain_track_gain"].split()[0]) + 18 + lufs))
        off = max(off, abs(float(tags["replaygain_album_gain"].split()[0]) + 18 + whole))
    measured("album", f"ReplayGain tags of tracks and album, .{format}", off, "LU", "libebur128", most=0.01)


def test_what_would_do_harm_is_refused_before_the_work(tmp_path):
    made, paths = release(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(FileExistsError, match="overwrite=True"):
        release_again(paths, tmp_path / "out")
    for wrong, words in (({"isrc": "nonsense"}, "two letters, three letters or digits"),):
        with pytest.raises(ValueError, match=words):
            mx.album([mx.AlbumTrack(paths[0], **wrong)], tmp_path / "other")
    with pytest.raises(ValueError, match="13 of an EAN"):
        mx.album(paths, tmp_path / "other", upc="123")
    with pytest.raises(FileNotFoundError):
        mx.album([*paths, tmp_path / "none.wav"], tmp_path / "other")
    with pytest.raises(ValueError, match="level = 'loud'"):
        mx.album(paths, tmp_path / "other", level="loud")
    with pytest.raises(ValueError, match="one at least"):
        mx.album([], tmp_path / "other")
    with pytest.raises(ValueError, match="a JPEG or a PNG"):
        mx.album(paths, tmp_path / "other", cover=b"no picture")
    # An output that is an input.
    os.link(paths[0], tmp_path / "01 song 0.wav")
    with pytest.raises(ValueError, match="would be written over"):
        mx.album(paths, tmp_path, overwrite=True, cue=False)
    (tmp_path / "01 song 0.wav").unlink()
    assert before == {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    again = mx.album(paths, tmp_path / "out", overwrite=True, title="Neu")
    assert len(again.tracks) == 3


def release_again(paths, out):
    return mx.album([mx.AlbumTrack(path, title=path.stem) for path in paths], out)


def test_a_full_disk_leaves_nothing(tmp_path, monkeypatch):
    """The third file fails in the middle: none of them is there."""
    for i in range(3):
        mx.write(tmp_path / f"{i}.wav", song(4, seed=i), RATE)
    from mixdsp.mastering import _album

    class Full(_album.Part):
        def write(self, block):
            if "02" in os.path.basename(names[self.path]) and self.samples > 50_000:
                raise OSError(28, "No space left on device", self.path)
            super().write(block)

    names = {}
    real = _album.made

    def noted(out, *rest):
        manager = real(out, *rest)

        class Manager:
            def __enter__(self):
                hidden = manager.__enter__()
                names[hidden] = out
                return hidden

            def __exit__(self, *error):
                return manager.__exit__(*error)

        return Manager()

    monkeypatch.setattr(_album, "made", noted)
    monkeypatch.setattr(_album, "Part", Full)
    with pytest.raises(OSError, match="No space left"):
        mx.album([tmp_path / f"{i}.wav" for i in range(3)], tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_leaves_nothing(tmp_path):
    for i in range(2):
        mx.write(tmp_path / f"{i}.wav", song(90, seed=i), RATE)
    command = [sys.executable, "-m", "mixdsp", "album", str(tmp_path / "0.wav"), str(tmp_path / "1.wav"), "-o", str(tmp_path / "out"), "--lufs", "-10"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not (tmp_path / "out").is_dir() or not list((tmp_path / "out").iterdir()):
        time.sleep(0.02)
        assert child.poll() is None, child.communicate()
    time.sleep(0.3)
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=60)
    assert child.returncode == 130
    assert not list((tmp_path / "out").iterdir())


def test_the_command(tmp_path, capsys):
    for i in range(2):
        mx.write(tmp_path / f"{i}.wav", song(5, seed=i), RATE)
    files = [str(tmp_path / "0.wav"), str(tmp_path / "1.wav")]
    (tmp_path / "cover.png").write_bytes(png())
    out = str(tmp_path / "out")
    line = ["album", *files, "-o", out, "--lufs", "-16", "--title", "Zwei", "--artist", "Wir", "--cover", str(tmp_path / "cover.png"), "--isrc", "DEA122600001"]
    assert run_command([*line, "--track-title", "Erste", "--json", "-q"]) == 0
    rows = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [os.path.basename(row["out"]) for row in rows] == ["01 Erste.wav", "02 1.wav", "album"]
    assert rows[2]["after"] == pytest.approx(-16, abs=0.1)
    assert run_command([*line, "-q"]) == 2 and "--overwrite" not in capsys.readouterr().out
    assert run_command([*line, "-q", "--overwrite", "--isrc", "x", "--isrc", "y"]) == 2
    assert run_command([*line[:-1], "DE-A12", "-q", "--overwrite"]) == 2
    assert "two letters" in capsys.readouterr().err
