"""The mixer: sums, ways that meet to the sample, keys, tails."""

import mixdsp as mx
import numpy as np
import pytest

RATE = 48_000


def noise(channels, samples=RATE, seed=0, kind=np.float32):
    return np.random.default_rng(seed).uniform(-0.3, 0.3, (channels, samples)).astype(kind)


def test_faders_at_zero_give_the_sum():
    mix = mx.Mixer(RATE)
    tracks = [noise(2, 5_000 * (k + 1), seed=k) for k in range(3)]
    for k, track in enumerate(tracks):
        mix.track(f"t{k}", track)
    expected = np.zeros((2, 15_000), np.float32)
    for track in tracks:
        expected[:, : track.shape[1]] += track
    y = mix.render()
    assert y.dtype == np.float32 and y.shape == (2, 15_000)
    assert np.abs(y - expected).max() < 1e-6


def test_what_people_write():
    vox, bass, kick = noise(1, seed=1), noise(2, seed=2), noise(1, seed=3)
    mix = mx.Mixer(RATE)
    eq, comp = mx.Equalizer(mx.highpass(80)), mx.Compressor(-20, 3)
    mix.track("vox", vox, chain=[eq, comp], gain_db=-3, pan=-0.2, sends={"verb": -12})
    mix.track("bass", bass, chain=[mx.Compressor(-24, 6, key="kick")])
    mix.track("kick", kick)
    mix.bus("verb", mx.Reverb(decay_seconds=0.4, mix=1))
    mix.master = mx.Chain([mx.Limiter(ceiling_db=-1)])
    y = mix.render()
    assert y.shape[0] == 2 and RATE < y.shape[1] < 3 * RATE, "with its tail"
    assert mix.render(tail="cut").shape == (2, RATE)
    assert np.array_equal(mix.render(tail="cut", axis=0).T, y[:, :RATE])
    assert mx.loudness(y, RATE).true_peak < -0.9
    assert list(mix.tracks) == ["vox", "bass", "kick"] and list(mix.buses) == ["verb"]
    assert np.array_equal(mix.render(), y), "a render leaves the mixer as it was"


def test_parallel_ways_meet_to_the_sample():
    """A dry track and the same through a limiter's latency, inverted: nothing is left."""
    x = noise(2) * np.float32(0.1)
    mix = mx.Mixer(RATE)
    mix.track("wet", x, chain=mx.Limiter(ceiling_db=0), output="group")
    mix.track("dry", x, invert=True)
    mix.bus("group", mx.Limiter(ceiling_db=0, lookahead_ms=7))
    mix.master = mx.Limiter(ceiling_db=0)
    y = mix.render(tail=0.1)
    assert 20 * np.log10(np.abs(y).max() / 0.03 + 1e-12) < -120


def test_a_strip_is_what_its_parts_are():
    x = noise(2)
    mix = mx.Mixer(RATE)
    chain = mx.Chain([mx.Equalizer(mx.bell(500, 6)), mx.Compressor(-30, 4, lookahead_ms=4)])
    mix.track("x", x, chain=chain, gain_db=-4, pan=0.5)
    expected = mx.Chain([chain, mx.Pan(0.5), mx.Gain(-4)])(x, RATE)
    assert np.abs(mix.render(tail="cut") - expected).max() < 1e-6
    mono = mx.Mixer(RATE)
    mono.track("x", x[0], pan=-1)
    y = mono.render()
    assert np.abs(y[0] - mx.Pan(-1)(x[:1], RATE)[0]).max() < 1e-6 and np.abs(y[1]).max() < 1e-6


def test_keys_listen_before_the_fader():
    bass, kick = noise(2, seed=1), noise(1, seed=2)
    comp = mx.Compressor(-30, 8, attack_ms=1, key="kick")
    mix = mx.Mixer(RATE)
    mix.track("bass", bass, chain=comp)
    mix.track("kick", kick, gain_db=-96)
    expected = mx.Compressor(-30, 8, attack_ms=1)(bass, RATE, sidechain=np.concatenate([mx.Pan()(kick, RATE)]))
    assert np.abs(mix.render(tail="cut") - expected).max() < 1e-4
    with pytest.raises(ValueError, match="bass: a strip listens to one track, not to kick, snare"):
        mix["bass"].chain.append(mx.Compressor(key="snare"))
        mix.render()
    assert eval(repr(comp), vars(mx)) == comp and mx.Effect.from_dict(comp.to_dict()) == comp
    assert comp.key == "kick" and mx.Compressor() != mx.Compressor(key="kick")
    with pytest.raises(TypeError, match="key must be a name"):
        mx.Compressor(key=3)


def test_sends_before_and_after_the_fader():
    x = noise(2)
    for send, level in ((mx.Send(-6), -16), (mx.Send(-6, pre_fader=True), -6), (-6, -16), ({"gain_db": -6}, -16)):
        mix = mx.Mixer(RATE)
        mix.track("x", x, gain_db=-10, sends={"b": send}, output="none")
        mix.bus("b")
        mix.bus("none", mute=True)
        assert np.abs(mix.render() - x * 10 ** (level / 20)).max() < 1e-5


def test_mute_and_solo():
    a, b = noise(2, seed=1), noise(2, seed=2)
    mix = mx.Mixer(RATE)
    mix.track("a", a, solo=True)
    mix.track("b", b)
    assert np.abs(mix.render() - a).max() < 1e-6
    mix["a"].solo = False
    mix["a"].mute = True
    assert np.abs(mix.render() - b).max() < 1e-6


def test_automation_is_exact_and_late_with_the_sound():
    x = np.full((2, RATE), 0.1)
    mix = mx.Mixer(RATE)
    course = [(0.0, -6.0), (0.5, -6.0), (0.75, 0.0)]
    mix.track("x", x, chain=[mx.Limiter(ceiling_db=0, lookahead_ms=10), mx.Gain()], automate={"gain_db": course})
    late = mx.Mixer(RATE)
    late.track("x", x, chain=[mx.Limiter(ceiling_db=0, lookahead_ms=10), mx.Gain()], automate={"gain.gain_db": course})
    expected = mx.Gain()(x, RATE, automate={"gain_db": course})
    middle = slice(2_000, -2_000)
    for each in (mix, late):
        y = each.render(tail="cut")
        assert y.dtype == np.float64
        assert np.abs(y - expected)[:, middle].max() < 1e-6
    send = mx.Mixer(RATE)
    send.track("x", x * 0.5, sends={"b": -60}, automate={"sends.b": course}, output="off")
    send.bus("b")
    send.bus("off", mute=True)
    assert np.abs(send.render(tail="cut") - 0.5 * expected)[:, middle].max() < 1e-6


def test_everything_of_a_strip_can_be_automated():
    x = np.full((2, RATE), 0.1)

    def level_db(seconds, **automate):
        mix = mx.Mixer(RATE)
        mix.track("x", x, chain=[mx.Gain(), mx.Gain()], automate={key.replace("__", "."): on for key, on in automate.items()})
        return 20 * np.log10(np.abs(mix.render(tail="cut")[0, int(seconds * RATE)]) / 0.1 + 1e-9)

    line = [(0.2, 0), (0.4, -12)]
    for path in ("gain_db", "trim_db", "gain__gain_db", "gain_2__gain_db"):
        assert abs(level_db(0.1, **{path: line})) < 0.01
        assert abs(level_db(0.3, **{path: line}) + 6) < 0.01
        assert abs(level_db(0.5, **{path: line}) + 12) < 0.01
    assert abs(level_db(0.3, **{"inserts[1]__gain_db": line}) + 6) < 0.01
    assert abs(level_db(0.1, mute=[(0, False), (0.2, True)])) < 0.01
    assert level_db(0.3, mute=[(0, False), (0.2, True)]) < -150
    with pytest.raises(ValueError, match="99.*outside -96 to 24 dB"):
        level_db(0, trim_db=[(0, 99)])


def test_files_become_tracks(tmp_path):
    x = noise(2, 44_100)
    mx.write(tmp_path / "x.wav", x, 44_100, bits=32)
    mix = mx.Mixer(RATE)
    mix.track("x", tmp_path / "x.wav", start_seconds=0.5)
    y = mix.render()
    assert y.shape == (2, RATE + RATE // 2) and not y[:, : RATE // 2].any()
    assert np.abs(y[:, RATE // 2 :] - mx.resample(x, 44_100, RATE)).max() < 1e-6


def test_progress_and_interrupt():
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2, 30 * RATE), chain=[mx.Reverb()] * 4)
    told = []
    mix.render(tail="cut", progress=told.append)
    assert told[-1] == 1 and told == sorted(told) and len(told) > 1

    def stop(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mix.render(progress=stop)


def test_errors():
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2, 100), sends={"verb": -12})
    with pytest.raises(ValueError, match="x: send: no bus or track \"verb\""):
        mix.render()
    with pytest.raises(ValueError, match="called 'x' already"):
        mix.track("x", noise(2, 100))
    with pytest.raises(ValueError, match="a track has one or two channels"):
        mix.track("y", noise(3, 100))
    with pytest.raises(ValueError, match="gain_db = 99 is outside -96 to 24 dB"):
        mix.track("y", noise(2, 100), gain_db=99)
    with pytest.raises(ValueError, match="send to 'verb': gain_db = 99"):
        mix.track("y", noise(2, 100), sends={"verb": 99})
    with pytest.raises(KeyError, match="no track or bus 'z'"):
        mix["z"]
    mix["x"].sends.clear()
    mix.bus("a", output="b")
    mix.bus("b", output="a")
    with pytest.raises(ValueError, match="circle"):
        mix.render()
    del mix["a"], mix["b"]
    mix["x"].output = "y"
    mix.track("y", noise(2, 100))
    with pytest.raises(ValueError, match="only a bus takes audio"):
        mix.render()
    mix["x"].output = None
    mix["x"].automate["pitch"] = [(0, 1)]
    with pytest.raises(ValueError, match='no parameter "pitch"'):
        mix.render()
    mix["x"].automate.clear()
    mix["y"].audio = np.full((2, 10), np.nan)
    with pytest.raises(ValueError, match="is NaN"):
        mix.render()


def test_nothing_gives_nothing():
    assert mx.Mixer(RATE).render().shape == (2, 0)
