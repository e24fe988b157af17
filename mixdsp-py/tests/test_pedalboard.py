"""mixdsp.compat.pedalboard beside pedalboard itself: the same scripts, the same sound but for what the table tells."""

import io
import pickle

import mixdsp as mx
import numpy as np
import pedalboard as theirs
import pytest
from mixdsp.compat import pedalboard as ours

RATE = 48_000
NAMES = [
    "Gain", "HighpassFilter", "LowpassFilter", "PeakFilter", "LowShelfFilter", "HighShelfFilter", "Compressor", "Limiter",
    "BrickwallLimiter", "Delay", "Reverb", "Invert", "Clipping", "Distortion", "NoiseGate",
]  # fmt: skip
BOTH = [theirs, ours]


def noise(*shape, seed=0, level=0.5):
    return np.random.default_rng(seed).uniform(-level, level, shape).astype(np.float32)


def response_db(plugin, size=1 << 16):
    impulse = np.zeros((1, size), np.float32)
    impulse[0, 0] = 1
    return np.fft.rfftfreq(size, 1 / RATE), 20 * np.log10(np.abs(np.fft.rfft(plugin(impulse, RATE)[0])) + 1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_and_defaults_are_theirs(name):
    a, b = getattr(theirs, name)(), getattr(ours, name)()
    others = {"process", "reset", "is_effect", "is_instrument"}
    wanted = {key for key in dir(a) if not key.startswith("_")} - others
    assert set(b._names) == wanted
    for key in wanted:
        assert getattr(b, key) == pytest.approx(getattr(a, key))
    values = {key: getattr(a, key) for key in wanted}
    for key, value in values.items():
        setattr(b, key, value)
    if name == "Compressor":
        b.ratio = 2
    assert getattr(ours, name)(*(values[key] for key in b._names)) is not None
    x = noise(2, 5_000)
    y = b(x, RATE)
    assert y.shape == x.shape and y.dtype == np.float32 and np.isfinite(y).all()
    same = pickle.loads(pickle.dumps(b))
    assert np.array_equal(same(x, RATE), y) and repr(b).startswith("<mixdsp.compat.pedalboard." + name)


FILTERS = [
    ("HighpassFilter", {"cutoff_frequency_hz": 200}),
    ("LowpassFilter", {"cutoff_frequency_hz": 1_000}),
    ("PeakFilter", {"cutoff_frequency_hz": 1_000, "gain_db": 6, "q": 1.5}),
    ("LowShelfFilter", {"cutoff_frequency_hz": 300, "gain_db": 6, "q": 0.7}),
    ("HighShelfFilter", {"cutoff_frequency_hz": 3_000, "gain_db": -6, "q": 1.2}),
]


@pytest.mark.parametrize(("name", "settings"), FILTERS)
def test_filters_are_theirs_up_to_where_the_bilinear_transform_bends(name, settings):
    frequencies, a = response_db(getattr(theirs, name)(**settings))
    _, b = response_db(getattr(ours, name)(**settings))
    low, middle = (20 < frequencies) & (frequencies < 2_000), (20 < frequencies) & (frequencies < 5_000)
    assert np.abs(a - b)[low].max() < 0.05
    assert np.abs(a - b)[middle].max() < 0.3


@pytest.mark.parametrize("mix", [1.0, 0.3])
@pytest.mark.parametrize("channels", [1, 2])
def test_convolution_is_theirs(channels, mix):
    response = noise(channels, 20_000, seed=4) * np.float32(0.999) ** np.arange(20_000, dtype=np.float32)
    x = noise(channels, RATE, seed=5)
    a, b = (module.Convolution(response, mix, RATE)(x, RATE) for module in BOTH)
    assert 20 * np.log10(np.abs(a - b).max() / np.abs(a).max()) < -80


def test_distortion_is_theirs_but_for_aliases():
    x = 0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE).astype(np.float32)[None]
    a, b = (module.Distortion(12)(x, RATE)[0][4_000:-4_000] for module in BOTH)
    window = np.hanning(len(a))
    theirs_spectrum, ours_spectrum = (np.abs(np.fft.rfft(y * window)) for y in (a, b))
    harmonics = [round(440 * k * len(a) / RATE) for k in (1, 3, 5, 7)]
    ratio = 20 * np.log10(ours_spectrum[harmonics] / theirs_spectrum[harmonics])
    assert np.abs(ratio).max() < 0.02


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("Gain", {"gain_db": -3.5}),
        ("Invert", {}),
        ("Clipping", {"threshold_db": -12}),
        ("Delay", {"delay_seconds": 0.1, "feedback": 0.5, "mix": 0.3}),
    ],
)
def test_what_is_the_same_sample_by_sample(name, settings):
    x = noise(2, RATE)
    a, b = (getattr(module, name)(**settings)(x, RATE) for module in BOTH)
    assert np.abs(a - b).max() < 1e-6


def test_a_compressor_comes_to_the_same_level():
    tone = (0.8 * np.sin(2 * np.pi * 1_000 * np.arange(RATE) / RATE)).astype(np.float32)
    a, b = (np.abs(module.Compressor(-20, 4, 1, 100)(tone, RATE)[RATE // 2 :]).max() for module in BOTH)
    assert 20 * np.log10(a / b) == pytest.approx(0, abs=0.3)
    assert np.array_equal(ours.Compressor()(tone, RATE), tone), "a ratio of 1 does nothing"
    quiet = tone * np.float32(0.01)
    assert np.allclose(ours.Compressor(-20, 4)(quiet, RATE), quiet, atol=1e-6)


def test_an_attack_is_what_it_says():
    step = np.concatenate([np.full(RATE // 2, 0.01), np.ones(RATE)]).astype(np.float32)
    y = ours.Compressor(-40, 1_000, attack_ms=20, release_ms=100)(step, RATE)[RATE // 2 :]
    reduction = -20 * np.log10(y)
    reached = np.argmax(reduction > 0.632 * reduction[-1]) / RATE
    assert reached == pytest.approx(0.020, rel=0.05)


def test_limiters_hold_and_add_nothing():
    loud, quiet = noise(2, RATE, level=1.0), noise(2, RATE, level=0.1)
    y = ours.Limiter(threshold_db=-10)(loud, RATE)
    assert 20 * np.log10(np.abs(y).max()) < -9.95
    assert np.abs(ours.Limiter(threshold_db=-10)(quiet, RATE) - quiet).max() < 1e-6
    for module in BOTH:
        y = module.BrickwallLimiter(ceiling_db=-3)(loud, RATE)
        assert y.shape == loud.shape and 20 * np.log10(np.abs(y).max()) < -2.95
        assert np.abs(module.BrickwallLimiter()(quiet, RATE) - quiet).max() < 1e-6


@pytest.mark.parametrize("room", [0.0, 0.5, 1.0])
def test_a_reverb_is_as_loud_and_as_long(room):
    x = np.random.default_rng(0).standard_normal((2, 8 * RATE)).astype(np.float32) * 0.1
    wet = [module.Reverb(room, 0.5, wet_level=1, dry_level=0) for module in BOTH]
    a, b = (plugin(x, RATE)[:, 4 * RATE :].std() for plugin in wet)
    assert 20 * np.log10(a / b) == pytest.approx(0, abs=1.5)
    impulse = np.zeros((2, 8 * RATE), np.float32)
    impulse[:, 0] = 1

    def falls(plugin):
        energy = np.cumsum((plugin(impulse, RATE) ** 2).sum(axis=0)[::-1])[::-1]
        level = 10 * np.log10(energy / energy[0] + 1e-12)
        return (np.argmax(level < -20) - np.argmax(level < -5)) / RATE

    a, b = map(falls, wet)
    assert 0.6 < b / a < 1.6
    dry = ours.Reverb(wet_level=0, dry_level=0.5)(x, RATE)
    assert np.allclose(dry, theirs.Reverb(wet_level=0, dry_level=0.5)(x, RATE), atol=1e-6)


# Calls.


@pytest.mark.parametrize("module", BOTH, ids=["theirs", "ours"])
def test_layouts_and_types(module):
    gain = module.Gain(0)
    for shape in ((1_000,), (2, 1_000), (1_000, 2), (1, 1_000), (5, 3)):
        x = noise(*shape)
        assert gain(x, RATE).shape == shape and np.allclose(gain(x, RATE), x)
    assert gain(noise(2, 100).astype(np.float64), RATE).dtype == np.float32
    with pytest.raises(TypeError, match="32-bit and 64-bit floating point"):
        gain(np.zeros((2, 100), np.int16), RATE)
    with pytest.raises(RuntimeError, match="dimensions must be 1 or 2"):
        gain(np.zeros((2, 2, 100), np.float32), RATE)
    with pytest.raises(RuntimeError, match="channel layout"):
        module.Gain(0)(np.zeros((3, 3), np.float32), RATE)


@pytest.mark.parametrize("module", BOTH, ids=["theirs", "ours"])
def test_state_stays_without_reset(module):
    x = noise(2, 30_000)
    board = module.Pedalboard([module.HighpassFilter(200), module.Delay(0.01, 0.5, 0.5)])
    whole = board(x, RATE)
    board.reset()
    parts = [board.process(x[:, at : at + 3_000], RATE, reset=False) for at in range(0, 30_000, 3_000)]
    assert np.abs(np.concatenate(parts, axis=1) - whole).max() < 1e-5
    late = module.BrickwallLimiter()
    lengths = [late.process(x[:, at : at + 1_000], RATE, reset=False).shape[1] for at in (0, 1_000, 2_000)]
    assert lengths[0] < 1_000 and lengths[1:] == [1_000, 1_000]
    assert late(x, RATE).shape == x.shape


@pytest.mark.parametrize("module", BOTH, ids=["theirs", "ours"])
def test_a_board_is_a_list(module):
    board = module.Pedalboard([module.Gain(1), module.Invert()])
    board.append(module.Clipping(-3))
    board.insert(0, module.HighpassFilter(100))
    assert len(board) == 4 and [type(each).__name__ for each in board] == [
        "HighpassFilter", "Gain", "Invert", "Clipping"
    ]  # fmt: skip
    gain = board[1]
    assert gain in board and isinstance(board[-1], module.Clipping)
    board[1] = module.Gain(-6)
    del board[0]
    board.remove(board[-1])
    assert len(board) == 2 and gain not in board
    board[0].gain_db = -12
    x = noise(2, 1_000)
    assert np.allclose(board(x, RATE), -x * 10 ** (-12 / 20), atol=1e-6)
    assert np.array_equal(module.Pedalboard()(x, RATE), x)


@pytest.mark.parametrize("module", BOTH, ids=["theirs", "ours"])
def test_mixes_add_up_and_nest(module):
    x = noise(2, 5_000, level=0.1)
    assert np.allclose(module.Mix([module.Gain(0), module.Gain(0)])(x, RATE), 2 * x, atol=1e-6)
    assert np.abs(module.Mix([module.Invert(), module.Gain(0)])(x, RATE)).max() < 1e-6
    nested = module.Pedalboard(
        [
            module.Mix([module.Chain([module.Gain(6), module.Delay(0.01, 0, 0.5)]), module.Gain(0)]),
            module.Gain(-6),
        ]
    )
    a = module.Delay(0.01, 0, 0.5)(x * np.float32(10 ** (6 / 20)), RATE)
    assert np.allclose(nested(x, RATE), (a + x) * 10 ** (-6 / 20), atol=1e-5)
    # A way with look-ahead waits for nothing, the others wait for it.
    wait = module.Mix([module.BrickwallLimiter(ceiling_db=0), module.Invert()])
    assert np.abs(wait(x, RATE)).max() < 1e-6


def test_a_script_runs_after_changing_one_import(tmp_path):
    """From pedalboard's own front page, but for the effects that are not there."""
    script = """
import numpy as np
from {module} import Pedalboard, Compressor, Gain, HighpassFilter, Limiter, Mix, Reverb, LowShelfFilter, PeakFilter
from {module}.io import AudioFile

with AudioFile(source) as f:
    audio = f.read(f.frames)
    samplerate = f.samplerate

board = Pedalboard([
    HighpassFilter(cutoff_frequency_hz=80),
    Compressor(threshold_db=-30, ratio=4),
    PeakFilter(1200, 2, 1),
    LowShelfFilter(cutoff_frequency_hz=200, gain_db=2),
    Mix([Gain(gain_db=-3), Reverb(room_size=0.2, wet_level=0.1, dry_level=0.4)]),
])
board.append(Gain(gain_db=3))
board.append(Limiter(threshold_db=-3))

effected = board(audio, samplerate)
with AudioFile(target, "w", samplerate, effected.shape[0]) as f:
    f.write(effected)
with AudioFile(source) as f, AudioFile(target, "w", f.samplerate, f.num_channels) as o:
    while f.tell() < f.frames:
        chunk = f.read(f.samplerate)
        o.write(board(chunk, f.samplerate, reset=False))
"""
    import soundfile

    soundfile.write(tmp_path / "in.wav", noise(3 * RATE, 2), RATE)
    made = {}
    for module in ("pedalboard", "mixdsp.compat.pedalboard"):
        names = {"source": str(tmp_path / "in.wav"), "target": str(tmp_path / "out.wav")}
        exec(script.format(module=module), names)
        made[module] = names["effected"]
        assert soundfile.info(names["target"]).channels == 2
    a, b = made.values()
    assert a.shape == b.shape == (2, 3 * RATE)


def test_what_is_missing_is_told():
    for name in ours.MISSING:
        assert not hasattr(ours, name)
        with pytest.raises(AttributeError, match=f"has no {name} yet"):
            getattr(ours, name)
    there = set(NAMES) | {"Convolution", "Pedalboard", "Chain", "Mix", "Plugin", "PluginContainer", "process", "io"}
    told = there | set(ours.MISSING)
    internals = {"AudioProcessorParameter", "ClearsAudioOnReset", "PersistsAudioOnReset", "ExternalPluginReloadType",
                 "Unknown", "numpy", "utils", "version"}  # fmt: skip
    public = {name for name in dir(theirs) if not name.startswith("_")}
    assert public - told <= internals, "every name of theirs is there, or told of"
    assert set(ours.DIFFERENCES) <= there


def test_errors_name_the_parameter():
    x = noise(2, 100)
    with pytest.raises(ValueError, match="threshold_db = 6 is outside -80 to 0 dB"):
        ours.Compressor(threshold_db=6)(x, RATE)
    with pytest.raises(ValueError, match="room_size = 2 is outside 0 to 1"):
        ours.Reverb(room_size=2)(x, RATE)
    with pytest.raises(TypeError, match="a plugin of mixdsp"):
        ours.Pedalboard([theirs.Gain()])


def test_audio_files_as_pedalboard_opens_them(tmp_path):
    import io

    import soundfile
    from mixdsp.compat.pedalboard.io import AudioFile, ReadableAudioFile, WriteableAudioFile

    x = np.random.default_rng(3).uniform(-0.5, 0.5, (2, 9_000)).astype(np.float32)
    for ending in ("wav", "flac", "aiff"):
        path = tmp_path / f"x.{ending}"
        with AudioFile(path, "w", samplerate=44_100, num_channels=2, bit_depth=24) as out:
            assert isinstance(out, WriteableAudioFile) and isinstance(out, AudioFile)
            out.write(x[:, :4000])
            assert out.tell() == 4000
            out.flush()
            out.write(x[:, 4000:])
        theirs, rate = soundfile.read(path, dtype="float32")
        assert rate == 44_100 and np.abs(theirs.T - x).max() < 3 * 2.0**-23
        with AudioFile(path) as f:
            assert isinstance(f, ReadableAudioFile) and f.frames == 9000 and f.file_dtype == "int24" and f.seekable()
            assert np.array_equal(f.read(9000), theirs.T)
            f.seek(100)
            raw = f.read_raw(50)
            assert raw.dtype == np.int32
            assert np.array_equal(raw, soundfile.read(path, dtype="int32")[0].T[:, 100:150])
            with f.resampled_to(22_050) as half:
                assert (half.samplerate, half.frames) == (22_050, 4500)
                assert np.array_equal(half.read(), mx.resample(theirs.T, 44_100, 22_050))
    data = AudioFile.encode((x * 32_767).astype(np.int16), 44_100, "wav", num_channels=2, bit_depth=32)
    with AudioFile(io.BytesIO(data)) as f:
        assert np.abs(f.read() - x).max() < 1e-4
    with pytest.raises(TypeError, match="needs a samplerate"):
        AudioFile(tmp_path / "y.wav", "w")
    with pytest.raises(ValueError, match="neither 'r' nor 'w'"):
        AudioFile(tmp_path / "y.wav", "a")
    # An error leaves nothing behind.
    with pytest.raises(RuntimeError), AudioFile(tmp_path / "y.wav", "w", 44_100):
        raise RuntimeError
    assert not (tmp_path / "y.wav").exists()


@pytest.mark.parametrize("name", [*NAMES, "Pedalboard"])
def test_layouts_of_arrays_are_theirs(name):
    for module in BOTH:
        for shape in [(2, 0), (0, 2), (0,), (1, 1), (1,)]:
            assert getattr(module, name)()(np.zeros(shape, np.float32), RATE).shape == shape
        plugin = getattr(module, name)()
        for channels_last in (False, True):
            plugin.reset()
            with pytest.raises(RuntimeError, match="Provide a non-square array first"):
                plugin(np.zeros((2, 2), np.float32), RATE)
            hint = np.zeros((0, 2) if channels_last else (2, 0), np.float32)
            assert plugin(hint, RATE).shape == hint.shape
            assert plugin(np.zeros((2, 2), np.float32), RATE).shape == (2, 2)


def test_none_in_a_board_does_nothing():
    x = noise(2, 1_000)
    for module in BOTH:
        for container in (module.Pedalboard, module.Chain, module.Mix):
            assert container([None])[0] is None
            assert np.array_equal(container([None])(x, RATE), x)
        board = module.Pedalboard([None, module.Gain(-6)])
        board.append(None)
        assert np.allclose(board(x, RATE), module.Gain(-6)(x, RATE))
        board.reset()
        assert len(board) == 3


def test_what_is_wrong_is_refused_where_it_is_set():
    for module in BOTH:
        with pytest.raises(ValueError, match="atio"):
            module.Compressor(ratio=0.1)
        with pytest.raises(TypeError):
            module.Gain().process(noise(1, 10), "fast")
        with pytest.raises(TypeError):
            module.Gain().process(noise(1, 10), RATE, "large")
        with pytest.raises(TypeError):
            module.Plugin()
    compressor = ours.Compressor(ratio=3)
    with pytest.raises(ValueError, match="ratio = 0.5 is outside"):
        compressor.ratio = 0.5
    assert compressor.ratio == 3


def test_convolution_names_what_it_plays(tmp_path):
    response = noise(2, 1_234)
    mx.write(tmp_path / "hall.wav", response, 44_100)
    for module in BOTH:
        assert "1234 samples of 2-channel audio at 44100 Hz" in repr(module.Convolution(response, 0.5, 44_100))
        file = module.Convolution(str(tmp_path / "hall.wav"))
        assert file.impulse_response_filename in repr(file) and file.impulse_response is None
        with pytest.raises(RuntimeError, match="Unable to load impulse response"):
            module.Convolution(str(tmp_path / "none.wav"))
        with pytest.raises(RuntimeError, match="sample_rate must be provided"):
            module.Convolution(response)


@pytest.mark.parametrize("ending", ["wav", "flac", "aiff"])
def test_files_hold_the_samples_that_were_written(tmp_path, ending):
    written = np.random.default_rng(7).integers(-32_768, 32_767, (2, 5_000), np.int16)
    for module in BOTH:
        path = str(tmp_path / f"{module.__name__}.{ending}")
        with module.io.AudioFile(path, "w", 44_100, 2) as file:
            assert file.samplerate == 44_100 and "closed" not in repr(file)
            file.write(written)
        assert "closed" in repr(file)
        for reader in BOTH:
            with reader.io.AudioFile(path) as file:
                assert "samplerate=44100" in repr(file) and "file_dtype=int16" in repr(file)
                samples = file.read(file.frames)
            assert np.abs(samples * 32_768 - written).max() <= 1.0


def test_files_in_memory_are_what_their_name_says():
    for ending, head in [("wav", b"RIFF"), ("flac", b"fLaC"), ("aiff", b"FORM")]:
        for module in BOTH:
            memory = io.BytesIO()
            memory.name = f"take.{ending}"
            with module.io.AudioFile(memory, "w", 44_100, 1) as file:
                file.write(noise(1, 100))
            assert memory.getvalue()[:4] == head
    with pytest.raises(ValueError, match="has no ending"):
        ours.io.AudioFile("take", "w", 44_100, 1)
    with pytest.raises(ValueError, match="quality = 320: wav has none"):
        ours.io.AudioFile("take.wav", "w", 44_100, 1, quality=320)
