"""The command, as a shell sees it: output, exit codes, resuming, tags."""

import csv
import io
import json
import os
import signal
import struct
import subprocess
import sys
import time

import mixdsp as mx
import mutagen
import numpy as np
import pytest
import soundfile
from mixdsp._command import main
from mutagen.flac import FLAC, Picture
from mutagen.id3 import TIT2, TXXX
from mutagen.mp3 import MP3

RATE = 44_100


def music(seconds=4, seed=0, level=0.1):
    random = np.random.default_rng(seed)
    return (random.standard_normal((2, round(seconds * RATE))) * level).clip(-0.9, 0.9).astype(np.float32)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Two songs and one in a folder below."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "songs/more").mkdir(parents=True)
    mx.write("songs/a.wav", music(seed=1), RATE)
    soundfile.write("songs/b.flac", music(seed=2, level=0.05).T, RATE)
    mx.write("songs/more/c.wav", music(seed=3, level=0.2), RATE)
    return tmp_path


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_loudness_of_a_folder_is_that_of_its_files(folder, capsys):
    assert main(["loudness", "-r", "songs", "--json", "--album", "-j", "3"]) == 0
    rows = lines(capsys)
    names = [os.path.join("songs", name) for name in ("a.wav", "b.flac", os.path.join("more", "c.wav"))]
    assert [row["file"] for row in rows] == [*names, "album"]
    for row in rows[:-1]:
        report = mx.loudness(row["file"])
        assert (row["integrated"], row["true_peak"]) == (report.integrated, report.true_peak)
    album = mx.meter_of(names[0])
    for name in names[1:]:
        album.merge(mx.meter_of(name))
    assert rows[-1]["integrated"] == pytest.approx(album.integrated, abs=1e-9)


def test_forms_of_output(folder, capsys):
    assert main(["loudness", "songs/a.wav", "songs/b.flac", "--csv"]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert float(rows[1]["integrated"]) == mx.loudness("songs/b.flac").integrated
    assert main(["loudness", "songs/a.wav", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == "songs/a.wav"
    assert main(["loudness", "songs/a.wav"]) == 0
    text = capsys.readouterr().out
    assert "LUFS" in text and f"{mx.loudness('songs/a.wav').integrated:.2f}" in text


def test_lists_on_standard_input(folder, capsys, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO("songs/a.wav\n\nsongs/b.flac\nsongs/a.wav\n"))
    assert main(["loudness", "--json"]) == 0
    assert [row["file"] for row in lines(capsys)] == ["songs/a.wav", "songs/b.flac"]
    monkeypatch.setattr(sys, "stdin", io.StringIO("songs/b.flac\n"))
    assert main(["loudness", "-", "songs/a.wav", "--json"]) == 0
    assert [row["file"] for row in lines(capsys)] == ["songs/b.flac", "songs/a.wav"]


def test_exit_codes(folder, capsys, monkeypatch):
    assert main(["loudness", "none.wav", "songs/a.wav"]) == 3
    told = capsys.readouterr()
    assert "none.wav: no such file" in told.err and "songs/a.wav" in told.out
    (folder / "text.wav").write_text("no audio " * 20)
    assert main(["check", "text.wav"]) == 3
    assert main(["loudness", "songs"]) == 2, "a folder needs -r"
    assert main(["normalize", "songs/a.wav", "-o", "x.wav"]) == 2, "a loudness is missing"
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["loudness"]) == 2
    with pytest.raises(SystemExit) as error:
        main(["play", "songs/a.wav"])
    assert error.value.code == 2


def test_check_of_a_sound_file_finds_nothing(folder, capsys):
    assert main(["check", "songs/a.wav"]) == 0
    text = capsys.readouterr().out
    for word in ("Loudness", "True peak", "Spotify", "YouTube", "Mono", "Nothing to complain about."):
        assert word in text
    assert len(text.splitlines()) < 40, "one screen"


def test_check_finds_faults_with_their_times(folder, capsys):
    x = music(8)
    x[:, : 3 * RATE] = 0
    x[1] = -x[0]
    x += 0.02
    x[0, 4 * RATE : 4 * RATE + 5] = 1.0
    mx.write("bad.wav", x.clip(-1, 1), RATE, bits=32)
    assert main(["check", "bad.wav", "--json", "--target", "ebu_r128"]) == 1
    row = json.loads(capsys.readouterr().out)
    told = "\n".join(row["faults"])
    assert "clipped: 1 runs" in told and "0:04.000 left" in told
    assert "DC offset of +0.02" in told and "louder than EBU R 128" in told and "true peak" in told
    assert row["clipped_runs"] == 1 and row["correlation"] < -0.5
    assert row["platforms"]["youtube"]["gain_db"] == pytest.approx(min(0, -14 - row["integrated"]))
    mx.write("silence.wav", np.zeros((2, 3 * RATE)), RATE)
    assert main(["check", "silence.wav", "--json"]) == 1
    assert "silent" in json.loads(capsys.readouterr().out)["faults"][0]


def test_check_measures_silence_and_mono(folder, capsys):
    x = music(10)
    x[:, : 3 * RATE] = 0
    x[:, -RATE:] = 0
    x[1] = x[0]
    mx.write("x.wav", x, RATE, bits=32)
    main(["check", "x.wav", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["silence_start"] == pytest.approx(3, abs=0.01) and row["silence_end"] == pytest.approx(1, abs=0.01)
    assert row["mono_loss"] == pytest.approx(0, abs=0.01) and row["correlation"] == pytest.approx(1)
    mx.write("wide.wav", music(6), RATE, bits=32)
    main(["check", "wide.wav", "--json"])
    row = json.loads(capsys.readouterr().out)
    assert row["mono_loss"] == pytest.approx(3, abs=0.1) and row["correlation"] == pytest.approx(0, abs=0.02)


def test_the_page_needs_nothing_else(folder, capsys):
    assert main(["check", "songs/a.wav", "songs/b.flac", "--html", "page.html"]) == 0
    page = (folder / "page.html").read_text()
    assert page.startswith("<!doctype html>") and page.count("<svg") == 2
    assert "http" not in page and "<script" not in page and "songs/b.flac" in page


@pytest.mark.parametrize("command", ["normalize", "master"])
def test_deliveries_of_a_folder(folder, capsys, command):
    assert main([command, "-r", "songs", "-o", "out", "--lufs", "-14", "--json"]) == 0
    rows = lines(capsys)
    assert sorted(str(p.relative_to(folder / "out")) for p in (folder / "out").rglob("*") if p.is_file()) == [
        "a.wav", "b.wav", os.path.join("more", "c.wav")
    ]  # fmt: skip
    for row in rows:
        report = mx.loudness(row["out"])
        assert report.integrated == pytest.approx(-14, abs=0.1) and report.true_peak <= -0.98
        assert row["reached"] and mx.info(row["out"]).bits == 24


def test_an_album_on_the_command_line(folder, capsys):
    songs = ["songs/a.wav", "songs/b.flac"]
    assert main(["normalize", *songs, "-o", "out", "--lufs", "-20", "--album", "--json", "--bits", "16"]) == 0
    rows = lines(capsys)
    assert rows[0]["gain_db"] == rows[1]["gain_db"] == rows[2]["gain_db"]
    assert rows[2]["after"] == pytest.approx(-20, abs=0.1)
    assert mx.loudness("out/a.wav").integrated - mx.loudness("out/b.wav").integrated == pytest.approx(
        mx.loudness(songs[0]).integrated - mx.loudness(songs[1]).integrated, abs=0.05
    )


def test_a_master_with_a_chain_and_a_rate(folder, capsys):
    chain = mx.Chain([mx.Equalizer(mx.bell(1_000, -6)), mx.Compressor(-24, 2)])
    (folder / "chain.json").write_text(json.dumps(chain.to_dict()))
    line = ["master", "songs/a.wav", "-o", "m.wav", "--target", "spotify", "--chain", "chain.json", "--rate", "48000"]
    assert main(line) == 0
    x, rate = mx.read("songs/a.wav")
    expected = mx.master(x, rate, target="spotify", chain=chain, delivery_rate=48_000)
    y, rate = mx.read("m.wav")
    assert rate == 48_000 and np.abs(y - expected.audio).max() < 1e-4
    (folder / "chain.json").write_text("[]")
    assert main(line) == 2


def test_what_cannot_be_reached_is_told(folder, capsys):
    assert main(["normalize", "songs/a.wav", "-o", "x.wav", "--lufs", "-5", "--no-limit"]) == 1


def test_outputs_never_meet_their_sources(folder, capsys):
    assert main(["normalize", "songs/a.wav", "-o", "songs", "--lufs", "-14"]) == 2
    mx.write("songs/b.wav", music(), RATE)
    assert main(["normalize", "-r", "songs", "-o", "out", "--lufs", "-14"]) == 2, "b.flac and b.wav"
    assert not (folder / "out").exists()


def test_an_interrupted_run_resumes(folder, capsys):
    """A journal of what is done: the second run works on what is left, or has changed, alone."""
    line = ["loudness", "-r", "songs", "--json", "--resume", "done.jsonl"]
    assert main(line) == 0
    rows = lines(capsys)
    journal = (folder / "done.jsonl").read_text().splitlines()
    # As if it had been killed while it wrote the second line.
    (folder / "done.jsonl").write_text(journal[0] + "\n" + journal[1][:40])
    entry = json.loads(journal[0])
    marked = {**entry, "row": {**entry["row"], "integrated": -99.0}}
    (folder / "done.jsonl").write_text(json.dumps(marked) + "\n" + journal[1][:40])
    assert main(line) == 0
    again = {row["file"]: row for row in lines(capsys)}
    assert again[entry["row"]["file"]]["integrated"] == -99.0, "not measured twice"
    assert [row for name, row in again.items() if name != entry["row"]["file"]] == [
        row for row in rows if row["file"] != entry["row"]["file"]
    ]
    time.sleep(0.01)
    soundfile.write(entry["row"]["file"], music(3).T, RATE)
    assert main(line) == 0
    assert {row["file"]: row for row in lines(capsys)}[entry["row"]["file"]]["integrated"] > -99


@pytest.mark.skipif(sys.platform == "win32", reason="signals of another kind")
def test_ctrl_c_stops_soon_and_leaves_whole_files(folder):
    for name in "defgh":
        mx.write(f"songs/{name}.wav", np.tile(music(4, ord(name)), 8), RATE)
    line = [sys.executable, "-m", "mixdsp", "master", "-r", "songs", "-o", "out", "--lufs", "-8", "-j", "2"]
    heed = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  a job in the background ignores it
    process = subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    deadline = time.monotonic() + 60
    while not (folder / "out/.mixdsp-run.jsonl").exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130 and "interrupted" in told
    left = [p.name for p in (folder / "out").rglob("*") if p.is_file() and p.name != ".mixdsp-run.jsonl"]
    assert left and not any(name.startswith(".mixdsp") for name in left), "no half file"
    before = {p: p.stat().st_mtime_ns for p in (folder / "out").rglob("*.wav")}
    again = subprocess.run(line, capture_output=True, text=True)
    assert again.returncode == 0, again.stderr
    assert len(list((folder / "out").rglob("*.wav"))) == 8
    assert all(p.stat().st_mtime_ns == at for p, at in before.items()), "what was done stays"
    assert not (folder / "out/.mixdsp-run.jsonl").exists()


# Tags.


def test_tags_of_flac_become_id3(folder):
    song = FLAC("songs/b.flac")
    song["title"], song["artist"], song["colour"] = "Título", ["One", "Two"], "calm"
    song["replaygain_track_gain"] = "-3.0 dB"
    picture = Picture()
    picture.data, picture.mime = b"\x89PNG not really", "image/png"
    song.add_picture(picture)
    song.save()
    assert main(["normalize", "songs/b.flac", "-o", "x.wav", "--lufs", "-20"]) == 0
    tags = mutagen.File("x.wav").tags
    assert tags["TIT2"].text == ["Título"] and tags["TPE1"].text == ["One", "Two"]
    assert tags["TXXX:colour"].text == ["calm"] and tags.getall("APIC")[0].data == picture.data
    assert not any("replaygain" in key.lower() for key in tags)
    assert mx.loudness("x.wav").integrated == pytest.approx(-20, abs=0.05)
    assert soundfile.info("x.wav").frames == mx.info("songs/b.flac").samples


def test_tags_of_mp3(folder):
    soundfile.write("s.mp3", music().T, RATE, format="MP3")
    song = MP3("s.mp3")
    song.add_tags()
    song.tags.add(TIT2(encoding=3, text="Song"))
    song.tags.add(TXXX(encoding=3, desc="REPLAYGAIN_TRACK_GAIN", text="-3 dB"))
    song.save()
    assert main(["normalize", "s.mp3", "-o", "x.wav", "--lufs", "-20"]) == 0
    tags = mutagen.File("x.wav").tags
    assert tags["TIT2"].text == ["Song"] and len(tags) == 1


def test_chunks_of_wav_stay(folder):
    """INFO, Broadcast Wave and markers byte by byte; the loudness that Broadcast Wave states is taken out."""
    data = (folder / "songs/a.wav").read_bytes()
    info = b"INFOINAM\x05\0\0\0Song\0\0"
    bext = b"Described".ljust(346, b"\0") + b"\x02\0" + b"\0" * 64 + struct.pack("<5h", 1, 2, 3, 4, 5) + b"\0" * 180
    chunks = b""
    for name, content in ((b"LIST", info), (b"bext", bext), (b"cue ", b"\0" * 4)):
        chunks += struct.pack("<4sI", name, len(content)) + content
    whole = data + chunks
    (folder / "tagged.wav").write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    assert main(["normalize", "tagged.wav", "-o", "x.wav", "--lufs", "-20"]) == 0
    made = (folder / "x.wav").read_bytes()
    assert info in made and b"Described" in made and b"cue " in made
    assert struct.unpack("<I", made[4:8])[0] == len(made) - 8
    at = made.index(b"bext") + 8
    assert made[at + 412 : at + 422] == struct.pack("<h", 0x7FFF) * 5
    assert mx.info("x.wav").samples == mx.info("songs/a.wav").samples
    assert main(["master", "tagged.wav", "-o", "y.wav", "--lufs", "-20", "--rate", "48000"]) == 0
    made = (folder / "y.wav").read_bytes()
    assert info in made and b"cue " not in made, "markers count samples of the old rate"


# Sessions.


def session(folder):
    for name, seed in (("vox", 1), ("kick", 2)):
        mx.write(folder / f"{name}.wav", music(5, seed, 0.05), RATE, bits=32)
    text = """
version = 1
sample_rate = 44100
target = { loudness_lufs = -14.0, true_peak_dbtp = -1.0, sample_rate = 48000, bits = "24" }
[[tracks]]
name = "Vox"
gain_db = -3.0
clips = [{ file = "vox.wav" }]
[[tracks]]
name = "Kick"
clips = [{ file = "kick.wav", offset_seconds = 0.5 }]
[master]
inserts = [{ kind = "compressor", params = { threshold_db = -20.0 } }]
"""
    (folder / "session.toml").write_text(text)


def test_a_session_is_mixed_and_mastered(folder, capsys):
    session(folder)
    assert main(["mix", "session.toml", "-o", "master.wav", "--mix", "mix.wav", "--json"]) == 0
    row = json.loads(capsys.readouterr().out)
    x, _ = mx.read("vox.wav")
    k, _ = mx.read("kick.wav")
    expected = np.zeros((2, RATE // 2 + k.shape[1]))
    expected[:, : x.shape[1]] += x * 10 ** (-3 / 20)
    expected[:, RATE // 2 :] += k
    # The mix is what Mixer.render() gives: with what runs on the master.
    expected = mx.Compressor(-20)(expected, RATE)
    mixed, rate = mx.read("mix.wav")
    assert rate == RATE and np.abs(mixed[:, : expected.shape[1]] - expected).max() < 1e-6
    report = mx.loudness("master.wav")
    assert mx.info("master.wav").sample_rate == 48_000
    assert report.integrated == pytest.approx(-14, abs=0.1) and report.true_peak <= -0.98
    assert row["reached"] and [track["name"] for track in row["tracks"]] == ["Vox", "Kick"]
    assert main(["mix", "session.toml", "-o", "again.wav"]) == 0
    assert "Vox" in capsys.readouterr().out
    assert not [p for p in folder.iterdir() if p.name.startswith(".")], "nothing is left"


def test_a_session_that_is_wrong(folder, capsys):
    session(folder)
    text = (folder / "session.toml").read_text()
    (folder / "session.toml").write_text(text.replace("kick.wav", "none.wav"))
    assert main(["mix", "session.toml", "-o", "m.wav"]) == 3
    assert "no such file: none.wav" in capsys.readouterr().err
    (folder / "session.toml").write_text(text.replace("gain_db", "gain"))
    assert main(["mix", "session.toml", "-o", "m.wav"]) == 3
    assert "session.toml, line" in capsys.readouterr().err


def test_the_command_is_installed():
    command = os.path.join(os.path.dirname(sys.executable), "mixdsp")
    told = subprocess.run([command, "--version"], capture_output=True, text=True)
    assert told.stdout == f"mixdsp {mx.__version__}\n"
    assert subprocess.run([sys.executable, "-m", "mixdsp", "--help"], capture_output=True).returncode == 0
