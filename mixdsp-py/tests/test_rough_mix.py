"""The rough mix of a folder of stems, from Python and from the command."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import warnings

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import soundfile
from mixdsp._command import main

tomllib = pytest.importorskip("tomllib")

RATE = 44_100
RESULTS = ["master.wav", "mix.wav", "report.html", "session.toml"]


def notes(frequency, seconds=4.0, rate=RATE, level=0.3):
    """A note that is struck twice a second."""
    t = np.arange(round(seconds * rate)) / rate
    return (level * np.exp(-6 * (t % 0.5)) * np.sin(2 * np.pi * frequency * t)).astype(np.float32)


def noise(seconds=4.0, rate=RATE, level=0.05, seed=0, channels=2):
    random = np.random.default_rng(seed)
    return (random.standard_normal((channels, round(seconds * rate))) * level).astype(np.float32)


def stem(path, x, rate=RATE):
    """Written by libsndfile, as floats."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    soundfile.write(path, np.atleast_2d(x).T, rate, subtype="FLOAT")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Four stems: mono and stereo, WAV, and one that needs a rate of its own."""
    monkeypatch.chdir(tmp_path)
    stem("stems/bass.wav", notes(55))
    stem("stems/hats.wav", noise(seed=1))
    stem("stems/kick.wav", notes(48, level=0.6))
    stem("stems/lead vox.wav", notes(440, rate=48_000), 48_000)
    return tmp_path


def state(folder):
    """Every file below a folder with its bytes."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def peak_db(x):
    return 20 * np.log10(np.abs(x).max())


def loudness(x, rate):
    return pyloudnorm.Meter(rate).integrated_loudness(np.asarray(x).T)


def test_arrays_of_mix_and_master(folder):
    r = mx.rough_mix("stems", target="spotify")
    assert r.mix.shape[0] == r.master.shape[0] == 2 and r.mix.dtype == r.master.dtype == np.float32
    assert (r.mix_rate, r.sample_rate) == (RATE, RATE), "the rate that most stems have"
    assert r.mix.shape[1] >= 4 * RATE and r.master.shape == r.mix.shape
    # Within what docs and session promise; the oracle is pyloudnorm.
    assert peak_db(r.mix) <= -6
    assert loudness(r.master, r.sample_rate) == pytest.approx(-14, abs=0.15)
    assert r.report.after.true_peak <= -1 and r.report.reached and r.warnings == r.report.warnings
    assert [(s.name, s.role) for s in r.stems] == [
        ("bass", "bass"),
        ("hats", "cymbals"),
        ("kick", "kick"),
        ("lead vox", "lead"),
    ]
    assert all(s.notes for s in r.stems), "a reason for each"
    after = sorted((s.after for s in r.stems), reverse=True)
    assert after[0] - after[1] <= 6
    for each, x in zip(r.stems, (notes(55), noise(seed=1), notes(48, level=0.6), None)):
        if x is not None:
            # A mono file counts once, as a stereo meter counts one of its channels.
            assert each.before == pytest.approx(loudness(np.atleast_2d(x), RATE), abs=0.15), each.name
    assert (r.session, r.page) == (None, None)
    session = tomllib.loads(r.session_text)
    assert session["target"]["name"] == "spotify"
    clips = [track["clips"][0]["file"] for track in session["tracks"]]
    assert clips == [str(folder / "stems" / name) for name in ("bass.wav", "hats.wav", "kick.wav", "lead vox.wav")]
    assert sorted(os.listdir()) == ["stems"], "nothing is written"


def test_a_list_of_files_and_numbers_instead_of_a_target(folder):
    files = [folder / "stems/kick.wav", "stems/bass.wav"]
    r = mx.rough_mix(files, lufs=-20, true_peak_db=-3, delivery_rate=48_000, threads=1)
    assert [s.name for s in r.stems] == ["kick", "bass"]
    assert r.sample_rate == 48_000 and r.mix_rate == RATE
    assert loudness(r.master, 48_000) == pytest.approx(-20, abs=0.15)
    assert r.report.after.true_peak <= -3
    assert "name" not in tomllib.loads(r.session_text)["target"]
    again = mx.rough_mix(files, lufs=-20, true_peak_db=-3, delivery_rate=48_000, threads=4)
    assert np.array_equal(again.master, r.master), "the threads make no difference"


def test_a_folder_of_results(folder):
    r = mx.rough_mix("stems", target="spotify", out="song/rough", bits=16)
    assert sorted(os.listdir("song/rough")) == RESULTS
    assert (r.mix, r.master) == (os.path.join("song/rough", "mix.wav"), os.path.join("song/rough", "master.wav"))
    assert soundfile.info(r.master).subtype == "PCM_16" and soundfile.info(r.mix).subtype == "FLOAT"
    arrays = mx.rough_mix("stems", target="spotify")
    assert np.array_equal(mx.read(r.mix)[0], arrays.mix)
    # 16 bits, dithered: two steps apart at most, and one of rounding.
    assert np.abs(mx.read(r.master)[0] - arrays.master).max() <= 3 / 32_768
    session = tomllib.loads(open(r.session, encoding="utf-8").read())
    assert session == tomllib.loads(r.session_text)
    assert session["tracks"][0]["clips"] == [{"file": "../../stems/bass.wav"}]
    page = open(r.page, encoding="utf-8").read()
    assert "<title>stems: mix and master</title>" in page and "lead vox" in page
    for part in ("Loudness over time", "Gain reduction", "Spectrum", "EQ curves", "Correlation", "streaming platforms"):
        assert part in page, part
    for outside in ("http:", "https:", "src=", "<link", "@import", "url("):
        assert outside not in page, outside
    assert f"{r.report.after.integrated:.1f}<small> LUFS" in page
    # The session gives the same mix and the same master again, to the bit.
    assert main(["mix", r.session, "-o", "again.wav", "--mix", "mix.wav", "-q"]) == 0
    assert np.array_equal(mx.read("mix.wav")[0], mx.Mixer.load(r.session).render())
    assert open("mix.wav", "rb").read() == open(r.mix, "rb").read()
    assert open("again.wav", "rb").read() == open(r.master, "rb").read()


def test_nothing_is_replaced_without_being_asked(folder):
    os.makedirs("out")
    (folder / "out/report.html").write_text("what was there")
    before = state(folder)
    with pytest.raises(FileExistsError, match="overwrite=True replaces it"):
        mx.rough_mix("stems", out="out")
    assert state(folder) == before
    mx.rough_mix("stems", out="out", overwrite=True)
    assert sorted(os.listdir("out")) == RESULTS and "<title>" in (folder / "out/report.html").read_text()
    # The stems are never replaced.
    stems = state(folder / "stems")
    for out in ("stems", "stems/.", folder / "stems"):
        with pytest.raises(ValueError, match="cannot go among the stems"):
            mx.rough_mix("stems", out=out, overwrite=True)
    shutil.copy("stems/kick.wav", "mix.wav")
    with pytest.raises(ValueError, match="a stem"):
        mx.rough_mix(["mix.wav", "stems/bass.wav"], out=".", overwrite=True)
    assert state(folder / "stems") == stems


def test_what_fails_leaves_nothing(folder):
    # Strokes of one sample: next to no loudness, and no room above them.
    strokes = np.zeros(5 * RATE, np.float32)
    strokes[::2_000] = 0.9
    stem("strokes/a.wav", strokes)
    before = state(folder)
    with pytest.raises(mx.TooMuchLimiting, match="at most 9 allowed"):
        mx.rough_mix("strokes", lufs=-1, out="new/deep")
    with pytest.raises(mx.TooMuchLimiting, match="at most 3 allowed"):
        mx.rough_mix("strokes", lufs=-1, max_limiting_db=3)
    assert not os.path.exists("new") and state(folder) == before
    with pytest.warns(mx.LimitingWarning, match="is likely to be heard"):
        r = mx.rough_mix("strokes", lufs=-9, max_limiting_db=60)
    assert r.warnings and r.report.limiting_p99_db > 6


def test_what_cannot_be_mixed_is_named(folder):
    os.makedirs("empty")
    for out in (None, "new"):
        with pytest.raises(ValueError, match="empty: no audio in it"):
            mx.rough_mix("empty", out=out)
        with pytest.raises(OSError, match="nowhere"):
            mx.rough_mix("nowhere", out=out)
    (folder / "empty/read me.txt").write_text("words")
    with pytest.raises(ValueError, match="no audio in it.*read me.txt"):
        mx.rough_mix("empty")
    stem("stems/wide.wav", noise(1, channels=7))
    with pytest.raises(ValueError, match="wide.wav.*7 channels; a stem has 1 or 2"):
        mx.rough_mix("stems", out="new")
    os.remove("stems/wide.wav")
    (folder / "stems/text.wav").write_text("these are words, not samples")
    with pytest.raises(ValueError, match="text.wav.*no audio"):
        mx.rough_mix("stems", out="new")
    os.remove("stems/text.wav")
    with pytest.raises(FileNotFoundError, match="gone.wav"):
        mx.rough_mix(["stems/kick.wav", "gone.wav"], out="new")
    assert not os.path.exists("new")
    for stems, error in (([], ValueError), ([notes(55)], TypeError), (3, TypeError), ("stems/kick.wav", OSError)):
        with pytest.raises(error):
            mx.rough_mix(stems)
    with pytest.raises(ValueError, match="spotfy.*did you mean 'spotify'"):
        mx.rough_mix("stems", target="spotfy")
    for wrong in ({"lufs": 3}, {"bits": 8}, {"threads": 0}, {"delivery_rate": 7}, {"max_limiting_db": 61}, {"style": "loud"}):
        with pytest.raises(ValueError, match=next(iter(wrong)).split("_db")[0]):
            mx.rough_mix("stems", **wrong)


def test_what_is_passed_over_is_told(folder):
    (folder / "stems/lyrics.txt").write_text("words")
    os.makedirs("stems/takes")
    stem("stems/.hidden.wav", notes(55))
    with pytest.warns(UserWarning, match="stems: no audio by name, passed over: .hidden.wav, lyrics.txt, takes"):
        r = mx.rough_mix("stems")
    assert len(r.stems) == 4 and len(r.notes) == 1


@pytest.mark.parametrize("seconds", [0.3, 1 / RATE])
def test_a_very_short_song(folder, seconds):
    stem("short/kick.wav", notes(60, seconds))
    stem("short/pad.wav", noise(seconds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", mx.LimitingWarning)
        r = mx.rough_mix("short", out="out", lufs=-23, max_limiting_db=60)
    assert sorted(os.listdir("out")) == RESULTS
    page = open(r.page, encoding="utf-8").read()
    # Its spectrum is that of the whole, silence behind it, and nothing on the page is no number.
    assert not re.search(r"\bNaN\b|\binf\b", page[page.index("<main>") : page.index("<script>")])


def test_silence(folder):
    stem("silent/a.wav", np.zeros(RATE, np.float32))
    stem("silent/b.wav", np.zeros((2, RATE), np.float32))
    r = mx.rough_mix("silent", out="out")
    assert [s.before for s in r.stems] == [None, None] and [s.gain_db for s in r.stems] == [0, 0]
    assert r.report.after.integrated is None and not r.report.reached
    assert np.abs(mx.read(r.mix)[0]).max() == 0
    assert np.abs(mx.read(r.master)[0]).max() <= 2 / 2**23, "nothing but dither"
    assert sorted(os.listdir("out")) == RESULTS
    stem("silent/c.wav", notes(440))
    r = mx.rough_mix("silent")
    assert r.report.reached and loudness(r.master, RATE) == pytest.approx(-14, abs=0.15)


def test_progress_and_an_end_by_it(folder):
    told = []
    mx.rough_mix("stems", out="out", progress=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) > 2

    class Enough(Exception):
        pass

    for share in (0.0, 0.3, 0.6, 0.92):

        def stop(done, share=share):
            if done >= share:
                raise Enough

        with pytest.raises(Enough):
            mx.rough_mix("stems", out="new", progress=stop)
        assert not os.path.exists("new"), share


def interrupt(line, ready):
    """Runs a program, ends it by Ctrl-C when it is at work; its code and the seconds that it took for that."""
    running = subprocess.Popen([sys.executable, *line], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not ready():
        assert running.poll() is None, running.communicate()
        time.sleep(0.01)
    time.sleep(0.3)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=60)
    return running.returncode, err


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupt_leaves_nothing(folder):
    for n in range(12):
        stem(f"long/{n}.wav", noise(120, seed=n, channels=1))
    before = state(folder / "long")
    code, err = interrupt(["-m", "mixdsp", "mix", "long", "-o", "out/master.wav", "--report", "out/page.html"], lambda: os.path.isdir("out"))
    assert code == 130 and "interrupted" in err
    assert not os.path.exists("out")
    script = "import mixdsp as mx; mx.rough_mix('long', out='out')"
    code, err = interrupt(["-c", script], lambda: os.path.isdir("out"))
    assert code != 0 and "KeyboardInterrupt" in err
    assert not os.path.exists("out") and state(folder / "long") == before


def lines(capsys):
    told = capsys.readouterr()
    return told.out, told.err


def test_the_command_mixes_a_folder(folder, capsys):
    line = ["mix", "stems", "-o", "out/master.wav", "--mix", "out/mix.wav", "--report", "out/page.html"]
    line += ["--session", "out/song.toml", "--target", "spotify", "--bits", "16", "--threads", "2"]
    assert main([*line, "--json"]) == 0
    row = json.loads(lines(capsys)[0])
    assert row["reached"] and row["after"] == pytest.approx(-14, abs=0.1) and row["file"] == "stems"
    assert [(t["name"], t["role"]) for t in row["tracks"]][:2] == [("bass", "bass"), ("hats", "cymbals")]
    assert sorted(os.listdir("out")) == ["master.wav", "mix.wav", "page.html", "song.toml"]
    assert soundfile.info("out/master.wav").subtype == "PCM_16"
    r = mx.rough_mix("stems", target="spotify", bits=16, out="other")
    for one, other in (("master.wav", r.master), ("mix.wav", r.mix), ("song.toml", r.session), ("page.html", r.page)):
        assert (folder / "out" / one).read_bytes() == open(other, "rb").read(), one
    before = state(folder)
    assert main(line) == 2
    assert "--overwrite replaces it" in lines(capsys)[1]
    assert state(folder) == before
    assert main([*line, "--overwrite"]) == 0
    out = lines(capsys)[0]
    assert "lead vox" in out and "out/master.wav: 0:0" in out
    assert state(folder) == before, "a second run makes the same"
    assert main(["mix", "stems", "-o", "alone.wav", "--lufs", "-20", "-q"]) == 0
    assert loudness(soundfile.read("alone.wav")[0].T, RATE) == pytest.approx(-20, abs=0.15)
    assert sorted(p.name for p in folder.iterdir()) == ["alone.wav", "other", "out", "stems"]


def test_results_never_become_stems(folder, capsys):
    before = state(folder)
    os.symlink("stems", "link")
    for out in ("stems/song.wav", "stems/kick.wav", "link/song.wav", "stems/../stems/song.wav"):
        for option in (["-o", out], ["-o", "m.wav", "--mix", out]):
            assert main(["mix", "stems", *option, "--overwrite"]) == 2
            assert f"{out}: the results cannot go among the stems" in lines(capsys)[1]
    os.remove("link")
    assert state(folder) == before
    # Below, where no stem is looked for, and what does not sound: the second run is like the first.
    line = ["mix", "stems", "-o", "stems/out/song.wav", "--session", "stems/song.toml", "--report", "stems/song.html"]
    for _ in range(2):
        assert main([*line, "--json", "--overwrite"]) == 0
        told, err = lines(capsys)
        assert len(json.loads(told)["tracks"]) == 4
    assert "no audio by name, passed over: out, song.html, song.toml" in err
    assert tomllib.loads(open("stems/song.toml").read())["tracks"][0]["clips"] == [{"file": "bass.wav"}]
    # The results of Python, copied there.
    with pytest.warns(UserWarning, match="passed over: out, song.html, song.toml"):
        clean = mx.rough_mix("stems", out="out")
    for name in RESULTS:
        shutil.copy(f"out/{name}", "stems")
    with pytest.warns(UserWarning) as told:
        assert len(mx.rough_mix("stems").stems) == len(clean.stems) == 4
    notes = [str(each.message) for each in told]
    assert [note.partition(", ")[0] for note in notes] == [
        "stems: results of an earlier run",
        "stems: no audio by name",
    ]


def test_what_the_command_refuses(folder, capsys):
    os.makedirs("empty")
    before = state(folder)
    for line, words in (
        (["empty", "-o", "m.wav"], "empty: no audio in it"),
        (["stems", "-o", "m.mp3"], "-o m.mp3: what is written ends in .wav"),
        (["stems", "-o", "m.wav", "--mix", "m.flac"], "--mix m.flac"),
        (["stems", "-o", "m.wav", "--report", "m.txt"], "--report m.txt"),
        (["stems", "-o", "m.wav", "--session", "m.json"], "--session m.json"),
        (["stems", "-o", "m.wav", "--mix", "./m.wav"], "m.wav"),
        (["stems", "-o", "m.wav", "--lufs", "3"], "lufs = 3"),
        (["stems", "-o", "m.wav", "--rate", "7"], "delivery_rate = 7"),
    ):
        assert main(["mix", *line]) == 2, line
        assert words in lines(capsys)[1], line
    with pytest.raises(SystemExit):
        main(["mix", "stems", "-o", "m.wav", "--target", "spotfy"])
    assert "--target: 'spotfy' is not one of" in (err := lines(capsys)[1]) and "did you mean 'spotify'?" in err
    stem("stems/wide.wav", noise(1, channels=7))
    before = state(folder)
    assert main(["mix", "stems", "-o", "new/m.wav"]) == 3
    assert "wide.wav" in (err := lines(capsys)[1]) and "7 channels" in err
    (folder / "song.toml").write_text("version = 1\nsample_rate = 44100\n")
    assert main(["mix", "song.toml", "-o", "m.wav", "--session", "s.toml"]) == 2
    assert "--session is for a folder of stems" in lines(capsys)[1]
    os.remove("song.toml")
    assert state(folder) == before and not os.path.exists("new")
