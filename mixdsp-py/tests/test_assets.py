"""Audio that effects are built with: the taps of a filter."""

import copy
import json
import pickle

import mixdsp as mx
import numpy as np
import pytest
from mixdsp._command import main
from scipy.signal import firwin, lfilter

RATE = 48_000
TAPS = firwin(801, 2_000, fs=RATE)


def noise(channels=2, samples=RATE // 4, seed=0, kind=np.float32):
    return np.random.default_rng(seed).uniform(-0.3, 0.3, (channels, samples)).astype(kind)


def test_a_fir_is_the_filter_of_its_taps():
    x = noise(kind=np.float64)
    fx = mx.Fir(TAPS)
    assert np.abs(fx(x, RATE) - lfilter(TAPS, 1, x)).max() < 1e-12
    assert fx.latency_samples(RATE) == 0 and fx.tail_samples(RATE) >= TAPS.size
    hertz = np.array([0, 1_000, 2_000, 10_000.0])
    expected = [np.sum(TAPS * np.exp(-2j * np.pi * each / RATE * np.arange(TAPS.size))) for each in hertz]
    assert np.abs(fx.response(hertz, RATE) - expected).max() < 1e-12
    whole = fx(x, RATE)
    with fx.stream(RATE) as stream:
        blocks = [stream(part) for part in np.split(x, [1, 100, 3_000], axis=1)]
    assert np.array_equal(np.concatenate(blocks, axis=1), whole)
    for samples in (0, 1, round(0.3 * RATE)):
        y = fx(x[:, :1].repeat(samples, axis=1), RATE)
        assert y.shape == (2, samples) and np.isfinite(y).all()
    assert np.array_equal(fx(np.zeros((24, 100)), RATE), np.zeros((24, 100)))
    # Short calls keep what was built while the taps stay.
    short = x[:, :64]
    assert np.array_equal(fx(short, RATE), fx(short, RATE))
    fx.taps = [0.5]
    assert np.array_equal(fx(short, RATE), 0.5 * short)


def test_its_forms_come_back():
    fx = mx.Fir([0.5, -0.25, 1e-9])
    assert fx.taps.tolist() == [0.5, -0.25, 1e-9] and not fx.taps.flags.writeable
    assert repr(fx) == "Fir(taps=[0.5, -0.25, 1e-09])"
    assert eval(repr(fx), vars(mx).copy()) == fx != mx.Fir([0.5])
    assert mx.Effect.from_dict(json.loads(json.dumps(fx.to_dict()))) == fx
    assert pickle.loads(pickle.dumps(fx)) == fx == copy.deepcopy(fx)
    assert "taps" not in fx.params


def test_taps_from_a_file(tmp_path):
    mx.write(tmp_path / "ir.wav", TAPS.astype(np.float32), RATE, bits=32)
    assert mx.Fir(tmp_path / "ir.wav") == mx.Fir(TAPS.astype(np.float32)) == mx.Fir(str(tmp_path / "ir.wav"))
    with pytest.raises(FileNotFoundError):
        mx.Fir(tmp_path / "gone.wav")
    (tmp_path / "text.wav").write_text("words")
    with pytest.raises(ValueError, match="text.wav"):
        mx.Fir(tmp_path / "text.wav")
    mx.write(tmp_path / "wide.wav", noise(2, 10), RATE)
    with pytest.raises(ValueError, match="taps has 2 channels: at most 1"):
        mx.Fir(tmp_path / "wide.wav")


def test_what_is_refused():
    for taps, words in (
        ([], "taps has 0 samples: 1 to 2097152 samples are possible"),
        (np.zeros((25, 3)), "taps has 25 channels"),
        (np.zeros((1, 1, 3)), "has the shape"),
        (np.zeros(2_097_153), "taps has 2097153 samples"),
        ([1.0, np.nan], "taps has a sample of nan"),
        ([np.inf], "taps has a sample of inf"),
        ([-2e9], "at most 1e9"),
        (["a"], "could not convert"),
    ):
        with pytest.raises(ValueError, match=words):
            mx.Fir(taps)
    with pytest.raises(TypeError):
        mx.Fir()
    fx = mx.Fir([1.0])
    with pytest.raises(ValueError):
        fx.taps = []
    assert fx.taps.tolist() == [1.0], "the old ones stay"
    with pytest.raises(ValueError, match="taps"):
        mx.Effect.from_dict({"processor": "fir"})(noise(), RATE)
    with pytest.raises(ValueError, match="taps"):
        mx.Effect.from_dict({"processor": "fir", "taps": {"a": 1}})


def test_a_fir_in_a_session(tmp_path):
    mx.write(tmp_path / "x.wav", noise(), RATE, bits=32)
    mx.write(tmp_path / "ir.wav", TAPS.astype(np.float32), RATE, bits=32)
    session = tmp_path / "s.toml"

    def write(taps):
        insert = f'parallel = [{{ processor = "fir", taps = {taps} }}]'
        text = f'version = 2\nsample_rate = {RATE}\n[target]\nmax_limiting_db = 60\n[[tracks]]\nname = "x"\n'
        session.write_text(f'{text}clips = [{{ file = "x.wav" }}]\ninserts = [{{ {insert} }}]\n')

    def mixed(name):
        out = tmp_path / "mix.wav"
        assert main(["mix", str(tmp_path / name), "-o", str(tmp_path / "m.wav"), "--mix", str(out), "--overwrite", "-q"]) in (0, 1)
        return mx.read(out)[0]

    direct = mx.Mixer(RATE)
    direct.track("x", tmp_path / "x.wav", chain=mx.Parallel(mx.Fir(TAPS.astype(np.float32))))
    expected = direct.render()
    write('"ir.wav"')
    assert np.array_equal(mixed("s.toml"), expected)
    loaded = mx.Mixer.load(session)
    assert np.array_equal(loaded.render(), expected)
    loaded.save(tmp_path / "again.toml")
    assert np.array_equal(mixed("again.toml"), expected), "the samples stand in the session"
    write([0.5, -0.25])
    assert np.array_equal(mixed("s.toml"), mx.Mixer.load(session).render())


@pytest.mark.parametrize("name, words", [("gone.wav", "no such file"), ("text.wav", "text.wav"), ("wide.wav", "2 channels; at most 1"), ("slow.wav", "44100 Hz; it is 48000 Hz that are mixed"), ("empty.wav", "outside 1 to 2097152 samples")])
def test_a_file_that_is_wrong_is_named_with_its_place(tmp_path, capsys, name, words):
    mx.write(tmp_path / "x.wav", noise(), RATE, bits=32)
    (tmp_path / "text.wav").write_text("words")
    mx.write(tmp_path / "wide.wav", noise(2, 10), RATE)
    mx.write(tmp_path / "slow.wav", noise(1, 10), 44_100)
    mx.write(tmp_path / "empty.wav", noise(1, 0), RATE)
    text = f'version = 2\nsample_rate = {RATE}\n[[tracks]]\nname = "x"\nclips = [{{ file = "x.wav" }}]\n'
    (tmp_path / "s.toml").write_text(f'{text}inserts = [{{ processor = "fir", taps = "{name}" }}]\n')
    assert main(["mix", str(tmp_path / "s.toml"), "-o", str(tmp_path / "m.wav"), "-q"]) == 3
    told = capsys.readouterr().err
    assert words in told and name in told, told
    assert not (tmp_path / "m.wav").exists()
    with pytest.raises((ValueError, OSError), match="wav"):
        mx.Mixer.load(tmp_path / "s.toml")


def test_what_a_session_is_built_with_is_never_replaced(tmp_path, capsys):
    mx.write(tmp_path / "x.wav", noise(), RATE, bits=32)
    mx.write(tmp_path / "ir.wav", TAPS.astype(np.float32), RATE, bits=32)
    before = (tmp_path / "ir.wav").read_bytes()
    text = f'version = 2\nsample_rate = {RATE}\n[[tracks]]\nname = "x"\nclips = [{{ file = "x.wav" }}]\n'
    (tmp_path / "s.toml").write_text(f'{text}[master]\ninserts = [{{ processor = "fir", taps = "ir.wav" }}]\n')
    assert main(["mix", str(tmp_path / "s.toml"), "-o", str(tmp_path / "ir.wav"), "--overwrite"]) == 2
    assert "ir.wav" in capsys.readouterr().err and (tmp_path / "ir.wav").read_bytes() == before
