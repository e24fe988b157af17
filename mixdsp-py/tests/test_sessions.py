"""Sessions: a mixer that is saved is the same mix, to the bit, whoever opens it."""

import json
import os
import sys

import mixdsp as mx
import numpy as np
import pytest
from mixdsp import _mixdsp
from mixdsp._command import main

RATE = 48_000


def noise(channels, samples=RATE // 2, seed=0, kind=np.float32):
    return np.random.default_rng(seed).uniform(-0.3, 0.3, (channels, samples)).astype(kind)


def tree():
    """A chain in which everything stands in something else."""
    split = mx.Bands([150, 2_000], [mx.Compressor(-30, 3), None, [mx.Gain(-2), mx.Width(0.7)]], slope_db_per_octave=48, solo=[0, 2])
    side = mx.MidSide(mid=mx.Parallel(mx.Gain(-6), mx.Delay(3, mix=1.0), mix=0.7, dry=True), side=mx.Equalizer(mx.bell(900, 4)))
    sides = mx.LeftRight(left=[mx.Gain(1.5)], right=mx.Compressor(-24, 2, lookahead_ms=2))
    return mx.Chain(first=mx.Parallel(mx.Chain([side, split]), wet_db=-1), second=sides, third=mx.Delta(mx.Limiter(ceiling_db=-9)))


def song(folder):
    """A mixer with every part."""
    mx.write(folder / "guitar.wav", noise(1, 20_000, 5), 44_100, bits=24)
    mix = mx.Mixer(RATE)
    vox = [mx.Equalizer(mx.highpass(80)), mx.Compressor(-30, 3, lookahead_ms=4)]
    moves = {"gain_db": [(0, -3), (0.2, -9), (0.2, 0)], "pan": [(0.1, -1), (0.4, 1)], "compressor.ratio": [(0, 2), (0.3, 8)]}
    moves["sends.verb"] = [(0, -40), (0.4, -6)]
    moves["inserts[0].bands[0].enabled"] = [(0, True), (0.25, False)]
    mix.track("vox", noise(1, seed=1), chain=vox, pan=-0.2, sends={"verb": -12, "loud": mx.Send(-6, True)}, automate=moves)
    mix.track("bass", noise(2, seed=2), chain=mx.Compressor(-34, 6, key="kick"), trim_db=2, invert=True, output="low")
    mix.track("kick", noise(1, 9_000, seed=3), output="low", gain_db=1.5)
    mix.track("guitar", [folder / "guitar.wav", mx.Clip(folder / "guitar.wav", 0.25, -3)], chain=tree()["second"][0], mute=False)
    mix.track("keys", noise(2, seed=4), chain=tree(), key="kick", start_seconds=0.01)
    mix.bus("low", mx.Gain(-1), pan=0.1)
    mix.bus("verb", mx.Reverb(decay_seconds=0.3, mix=1), sends={"loud": -20})
    mix.bus("loud", gain_db=-8, trim_db=1, automate={"trim_db": [(0, 1), (0.5, -5)]})
    mix.group("rhythm", ["kick", "low"], gain_db=-1.25)
    mix.master = mx.Chain(glue=mx.Compressor(-20, 2, key="kick"), limiter=mx.Limiter(ceiling_db=-3))
    mix.master_gain_db = -0.5
    mix["master"].trim_db = 2
    mix["master"].automate = {"glue.threshold_db": [(0, -20), (0.4, -35)], "gain_db": [(0, -0.5), (0.3, -4)]}
    return mix


def mixed(session, folder, *more):
    """What the command writes as the mix."""
    out = folder / "mixed.wav"
    command = ["mix", str(session), "-o", str(folder / "master.wav"), "--mix", str(out), "--overwrite", "-q"]
    assert main([*command, *more, "--max-limiting", "60"]) in (0, 1)
    return mx.read(out)[0]


def test_a_saved_mixer_is_the_same_mix_to_the_bit(tmp_path):
    mix = song(tmp_path)
    expected = mix.render()
    assert expected.dtype == np.float32 and expected.shape[1] > RATE // 2 and np.abs(expected).max() > 0.05
    mix.save(tmp_path / "song.toml")
    names = ["bass.wav", "keys.wav", "kick.wav", "vox.wav"]
    assert sorted(os.listdir(tmp_path / "song")) == names, "files are referred to"
    assert 'file = "guitar.wav"' in (tmp_path / "song.toml").read_text()
    loaded = mx.Mixer.load(tmp_path / "song.toml")
    assert np.array_equal(loaded.render(), expected)
    assert np.array_equal(mixed(tmp_path / "song.toml", tmp_path), expected)
    # What was opened can be saved again, elsewhere too; then it says the same.
    (tmp_path / "other").mkdir()
    loaded.save(tmp_path / "other" / "again.toml")
    assert not os.path.exists(tmp_path / "other" / "again")
    again = mx.Mixer.load(tmp_path / "other" / "again.toml")
    assert np.array_equal(again.render(), expected)
    assert again["keys"].chain == tree() and again["keys"].key == "kick"
    assert again.groups == mix.groups and again["vox"].sends == mix["vox"].sends
    assert (again.master_gain_db, again["master"].trim_db) == (-0.5, 2)
    assert again["vox"].automate["inserts[0].bands[0].enabled"] == [(0, True), (0.25, False)]
    assert np.abs(again["guitar"].audio - mix["guitar"].audio).max() == 0


def test_a_tree_is_the_same_as_json_and_as_an_insert(tmp_path):
    x = noise(2, seed=7, kind=np.float64)
    chain = tree()
    expected = chain(x.astype(np.float32).astype(np.float64), RATE)
    form = json.loads(json.dumps(chain.to_dict()))
    assert mx.Effect.from_dict(form) == chain
    mx.write(tmp_path / "x.wav", x.astype(np.float32), RATE, bits=32)
    track = {"name": "x", "clips": [{"file": "x.wav"}], "inserts": [form]}
    _mixdsp.write_session({"version": 2, "sample_rate": RATE, "tracks": [track]}, os.fspath(tmp_path / "s.toml"))
    y = mixed(tmp_path / "s.toml", tmp_path)[:, : x.shape[1]]
    assert np.array_equal(y, expected.astype(np.float32)) and np.abs(expected).max() > 0.01


def test_the_mix_is_rounded_once():
    x = noise(2, seed=1)
    mix, wide = mx.Mixer(RATE), mx.Mixer(RATE)
    for each, kind in ((mix, np.float32), (wide, np.float64)):
        for at in range(3):
            each.track(f"t{at}", x.astype(kind), chain=mx.Compressor(-30, 4), gain_db=-0.7 * at)
    assert np.array_equal(mix.render(), wide.render().astype(np.float32))


def test_tails_end_as_those_of_sessions(tmp_path):
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2, 1_000), chain=mx.Delay(90, feedback=0.9, mix=0.5))
    y = mix.render()
    mix.save(tmp_path / "x.toml")
    assert np.array_equal(mixed(tmp_path / "x.toml", tmp_path), y)
    assert np.abs(y[:, -1]).max() > 1e-6 * (1 - 1e-6), "cut where it is under -120 dBFS"


def test_nothing_is_overwritten_and_nothing_is_half_there(tmp_path, monkeypatch):
    mix = mx.Mixer(RATE)
    mix.track("x", noise(1, 100))
    session = tmp_path / "song.toml"
    mix.save(session)
    first = session.read_bytes(), (tmp_path / "song/x.wav").read_bytes()
    mix["x"].audio = noise(1, 100, seed=9)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        mix.save(session)
    assert (session.read_bytes(), (tmp_path / "song/x.wav").read_bytes()) == first
    session.unlink()
    with pytest.raises(FileExistsError, match="overwrite=True"):
        mix.save(session)
    session.write_bytes(first[0])

    # The session cannot be named: the track's file stays the old one.
    commit = _mixdsp.Aside.commit

    class Failing:
        def __init__(self, path):
            self.target, self.aside = path, _Aside(path)
            self.path = self.aside.path

        def commit(self):
            if self.target.endswith(".toml"):
                raise OSError("no")
            commit(self.aside)

        def discard(self):
            self.aside.discard()

    _Aside = _mixdsp.Aside
    with monkeypatch.context() as patch:
        patch.setattr(_mixdsp, "Aside", Failing)
        with pytest.raises(OSError, match="no"):
            mix.save(session, overwrite=True)
        with pytest.raises(OSError, match="no"):
            mix.save(tmp_path / "new.toml")
    assert (session.read_bytes(), (tmp_path / "song/x.wav").read_bytes()) == first
    everything = sorted(os.path.relpath(os.path.join(at, name), tmp_path) for at, folders, names in os.walk(tmp_path) for name in folders + names)
    assert everything == ["song", "song.toml", os.path.join("song", "x.wav")]

    mix.save(session, overwrite=True)
    assert np.array_equal(mx.read(tmp_path / "song/x.wav")[0], mix["x"].audio)
    # A track that plays a file of the folder keeps it, whatever else is called like it.
    loaded = mx.Mixer.load(session)
    loaded.track("X", noise(1, 50, seed=3))
    expected = loaded.render()
    loaded.save(session, overwrite=True)
    assert sorted(os.listdir(tmp_path / "song")) == ["X 2.wav", "x.wav"]
    assert np.array_equal(mx.Mixer.load(session).render(), expected)
    with pytest.raises(ValueError, match="ends in .toml"):
        loaded.save(tmp_path / "song.wav")


def test_names_that_are_no_file_names(tmp_path):
    mix = mx.Mixer(RATE)
    names = ["../up", "a/b", "A/B", "a:b", "con", "..", "lead vocal", "ä" * 200, "line\nbreak", ".hidden"]
    for at, name in enumerate(names):
        mix.track(name, noise(1, 100, seed=at))
    expected = mix.render()
    mix.save(tmp_path / "song.toml")
    files = os.listdir(tmp_path / "song")
    assert len(files) == len(names) == len({file.casefold() for file in files})
    assert "lead vocal.wav" in files and sorted(os.listdir(tmp_path)) == ["song", "song.toml"]
    assert all(file.endswith(".wav") and not file.startswith(".") and not set(file) & set('<>:"/\\|?*\n') for file in files)
    loaded = mx.Mixer.load(tmp_path / "song.toml")
    assert list(loaded.tracks) == names and np.array_equal(loaded.render(), expected)


def test_float64_is_kept_or_refused(tmp_path):
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2, 100).astype(np.float64))
    mix.save(tmp_path / "x.toml")
    loaded = mx.Mixer.load(tmp_path / "x.toml")
    assert np.array_equal(loaded.render(), mix.render().astype(np.float32)) and mix.render().dtype == np.float64
    mix["x"].audio = noise(2, 100, kind=np.float64)
    with pytest.raises(ValueError, match=r"x has samples of float64 that float32 cannot hold.*astype\(np.float32\) rounds"):
        mix.save(tmp_path / "y.toml")
    assert not os.path.exists(tmp_path / "y")


def test_what_a_session_or_a_mixer_cannot_hold_is_named(tmp_path):
    mix = mx.Mixer(44_100.5)
    with pytest.raises(ValueError, match="whole number of hertz"):
        mix.save(tmp_path / "x.toml")
    mix = mx.Mixer(RATE)
    mix["master"].pan = 0.5
    with pytest.raises(ValueError, match="a session's master has no pan"):
        mix.save(tmp_path / "x.toml")
    session = tmp_path / "s.toml"
    head = "version = 2\nsample_rate = 48000\n"
    bus = '[[buses]]\nname = "b"\n'
    for text, words in (
        (f'{bus}[[tracks]]\nname = "a"\nsends = [{{ to = "b" }}, {{ to = "b" }}]\n', "track 'a': two sends to 'b'"),
        (f'{bus}automation = [{{ parameter = "pan", points = [[0, 0]] }}, {{ parameter = "pan", points = [] }}]\n', "bus 'b': two courses of 'pan'"),
        (f'{bus}inserts = [{{ processor = "bitcrusher" }}]\n', 'bus "b": inserts\\[0\\] \\(bitcrusher\\): no processor "bitcrusher"'),
        (f"{bus}gain_db = 99\n", "bus 'b': gain_db = 99 is outside"),
        ("volume = 3\n", "unknown field"),
    ):
        session.write_text(head + text)
        with pytest.raises(ValueError, match=words):
            mx.Mixer.load(session)
    session.write_text(f'{head}[[tracks]]\nname = "a"\nclips = [{{ file = "gone.wav" }}]\n')
    with pytest.raises(FileNotFoundError, match="gone.wav"):
        mx.Mixer.load(session)


def test_a_target_stays(tmp_path):
    session = tmp_path / "s.toml"
    session.write_text("version = 2\nsample_rate = 48000\n[target]\nloudness_lufs = -9.5\nbits = \"16\"\n")
    mx.Mixer.load(session).save(tmp_path / "t.toml")
    goal = _mixdsp.read_session(os.fspath(tmp_path / "t.toml"))["target"]
    assert (goal["loudness_lufs"], goal["bits"]) == (-9.5, "16")


def test_the_threads_make_no_difference(tmp_path):
    mix = song(tmp_path)
    expected = mix.render(threads=1)
    for threads in (2, 3, 16, None):
        assert np.array_equal(mix.render(threads=threads), expected), threads
    assert np.array_equal(expected, mix.render())
    for threads, error in ((0, ValueError), (1_025, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match="threads"):
            mix.render(threads=threads)
    mix.save(tmp_path / "song.toml")
    for line in (["--threads", "1"], ["--threads", "5"], ["-j", "2"], ["--jobs", "3"]):
        assert np.array_equal(mixed(tmp_path / "song.toml", tmp_path, *line), expected)


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_so_many_threads_are_at_work():
    import threading

    mix = mx.Mixer(RATE)
    for at in range(6):
        mix.track(f"t{at}", noise(2, 20 * RATE), chain=mx.Reverb(decay_seconds=0.2))

    def most(threads):
        """Most threads beside those that are there anyway, of looks every millisecond."""
        seen, done = [0], threading.Event()

        def look():
            while not done.wait(0.001):
                seen.append(len(os.listdir("/proc/self/task")))

        looking = threading.Thread(target=look)
        looking.start()
        there = len(os.listdir("/proc/self/task"))
        mix.render(threads=threads, tail="cut")
        done.set()
        looking.join()
        return max(seen) - there

    assert most(1) == 0
    assert 1 <= most(4) <= 3


def test_names_that_are_no_words_of_python(tmp_path):
    names = ["my comp", "2nd", "class", "Süß/☂", "a:b", "-"]
    chain = mx.Chain({name: mx.Gain(-at) for at, name in enumerate(names)})
    assert chain.names == names and chain["2nd"].gain_db == -1
    assert eval(repr(chain), vars(mx).copy()) == chain
    assert eval(repr(mx.Chain(low=mx.Gain(1))), vars(mx).copy()).names == ["low"]
    for name in ("", " a", "a ", "a.b", "a[0]", "a]", "a\n"):
        with pytest.raises(ValueError, match="is not a name: a text without dots and brackets"):
            mx.Chain({name: mx.Gain(0)})
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2), chain=chain, automate={"my comp.gain_db": [(0, -3), (0.2, 0)]})
    expected = mix.render()
    mix.save(tmp_path / "x.toml")
    loaded = mx.Mixer.load(tmp_path / "x.toml")
    assert loaded["x"].chain == chain and loaded["x"].chain.names == names
    assert np.array_equal(loaded.render(), expected) and np.array_equal(mixed(tmp_path / "x.toml", tmp_path), expected)
    loaded.save(tmp_path / "y.toml")
    assert mx.Mixer.load(tmp_path / "y.toml")["x"].automate == mix["x"].automate


def test_a_group_moves_the_faders_of_its_members(tmp_path):
    frames = RATE
    mix = mx.Mixer(RATE)
    mix.track("x", np.full((2, frames), 0.25), gain_db=-1, automate={"gain_db": [(0.2, -2), (0.8, -8)]})
    mix.track("y", np.full((2, frames), 0.25), gain_db=-3)
    mix.group("still", ["x"], gain_db=1.5)
    group = mix.group("moves", ["x", "y"], gain_db=-90, automate={"gain_db": [(0.1, 0), (0.9, -12), (0.9, -20)]})
    assert group == mix.groups[1]
    t = np.arange(frames) / RATE
    fall = np.interp(t, [0.1, 0.9], [0, -12]) - 8 * (t >= 0.9)
    x = np.interp(t, [0.2, 0.8], [-2, -8]) + 1.5 + fall
    expected = 0.25 * (10 ** (x / 20) + 10 ** ((fall - 3) / 20))
    y = mix.render()
    # Beside the 20 ms that a silent step takes.
    still = np.abs(t - 0.915) > 0.02
    assert np.abs(20 * np.log10(y[0] / expected))[still].max() < 1e-6
    mix.save(tmp_path / "g.toml")
    loaded = mx.Mixer.load(tmp_path / "g.toml")
    assert loaded.groups == mix.groups
    assert np.array_equal(loaded.render(), y.astype(np.float32))
    for wrong, words in (
        ({"pan": [(0, 0)]}, "moves: a group moves gain_db, not 'pan'"),
        ({"gain_db": []}, "without a value"),
        ({"gain_db": np.zeros(4)}, "is a list of"),
    ):
        with pytest.raises(ValueError, match=words):
            mix.group("moves", ["x"], automate=wrong)
    mix.groups = [("loud", ("x",), 0.0, False, {"gain_db": [(0, 24)]})]
    mix["x"].automate = {}
    mix["x"].gain_db = 12
    with pytest.raises(ValueError, match="outside -96 to 24 dB"):
        mix.render()


def test_what_is_asked_of_a_delivery_wins_over_the_session(tmp_path, capsys):
    mix = mx.Mixer(RATE)
    mix.track("x", np.tile(noise(2, seed=3), 8))
    mix.target = {"name": "spotify", "loudness_lufs": -14.0, "true_peak_dbtp": -1.0, "bits": "24", "sample_rate": 44_100}
    mix.save(tmp_path / "s.toml")
    out = os.fspath(tmp_path / "m.wav")
    command = ["mix", os.fspath(tmp_path / "s.toml"), "-o", out, "--overwrite", "--json"]
    for line, lufs, peak, rate, bits in (
        ([], -14, -1, 44_100, 24),
        (["--lufs", "-20", "--bits", "16"], -20, -1, 44_100, 16),
        (["--target", "amazon_music", "--rate", "48000"], -14, -2, 48_000, 24),
        (["--target", "apple_music", "--lufs", "-19", "--true-peak", "-3", "--bits", "32"], -19, -3, 44_100, 32),
    ):
        assert main([*command, *line]) == 0, line
        row = json.loads(capsys.readouterr().out)
        assert (row["target_lufs"], row["target_true_peak_db"]) == (lufs, peak)
        info = mx.info(out)
        assert (info.sample_rate, info.bits) == (rate, bits)
        r = mx.loudness(out)
        assert r.integrated == pytest.approx(lufs, abs=0.1) and r.true_peak <= peak
    before = (tmp_path / "m.wav").read_bytes()
    assert main([*command, "--lufs", "-3", "--max-limiting", "0"]) == 1
    assert "would take at least" in capsys.readouterr().err
    for line, words in (
        (["--lufs", "1"], "lufs = 1"),
        (["--true-peak", "2"], "true_peak_db = 2"),
        (["--rate", "7"], "delivery_rate = 7"),
        (["--session", os.fspath(tmp_path / "t.toml")], "--session is for a folder of stems"),
    ):
        assert main([*command, *line]) == 2, line
        assert words in capsys.readouterr().err
    assert (tmp_path / "m.wav").read_bytes() == before and sorted(os.listdir(tmp_path)) == ["m.wav", "s", "s.toml"]
    page = os.fspath(tmp_path / "page.html")
    assert main([*command, "--report", page]) == 0
    assert "<title>s: mix and master</title>" in open(page, encoding="utf-8").read()


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
def test_memory_of_tracks_that_are_files(tmp_path):
    """26 files of 100 s would be 1 GB as arrays of two channels of float32."""
    import subprocess

    seconds = 100
    mx.write(tmp_path / "x.wav", np.tile(noise(2, RATE), seconds), RATE, bits=16)
    program = f"""
import mixdsp as mx
mix = mx.Mixer({RATE})
for at in range(26):
    mix.track(f"t{{at}}", r"{tmp_path / "x.wav"}", chain=mx.Gain(-20))
assert mix.render().shape == (2, {RATE * seconds})
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(status["VmHWM"].split()[0]) // 1024)
"""
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(told.stdout) < 300, f"{told.stdout} MB"
