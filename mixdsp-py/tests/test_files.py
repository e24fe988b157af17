"""Files: what is read is what was encoded, what is written is what was meant."""

import pathlib
import warnings

import mixdsp as mx
import numpy as np
import pytest
import scipy.io.wavfile
import soundfile

DATA = pathlib.Path(__file__).parents[2] / "mixdsp/tests/data/session"
RATE = 48_000


def noise(*shape, seed=0, level=0.5):
    return np.random.default_rng(seed).uniform(-level, level, shape).astype(np.float32)


@pytest.mark.parametrize("name", ["take.flac", "take.mp3", "take.ogg", "take.m4a"])
def test_the_same_take_is_as_long_in_every_format(name):
    flac, rate = mx.read(DATA / "take.flac")
    x, same = mx.read(DATA / name)
    assert same == rate and x.shape == flac.shape and x.dtype == np.float32
    facts = mx.info(DATA / name)
    assert facts.format == pathlib.Path(name).suffix[1:].replace("m4a", "mp4")
    assert (facts.sample_rate, facts.channels, facts.samples) == (rate, *flac.shape)
    difference = np.sqrt(np.mean((x - flac) ** 2) / np.mean(flac**2))
    assert 20 * np.log10(difference + 1e-9) < -15, "not shifted, and as good as its codec"


@pytest.mark.parametrize("name", ["take.flac", "take.mp3", "take.ogg"])
def test_against_libsndfile(name):
    ours, rate = mx.read(DATA / name, axis=0)
    theirs, same = soundfile.read(DATA / name, dtype="float32", always_2d=True)
    assert rate == same
    if name.endswith("flac"):
        assert np.array_equal(ours, theirs)
    else:
        # libsndfile keeps what the MP3 encoder put at the ends.
        best = min(
            np.abs(theirs[lag : lag + len(ours)] - ours[: len(theirs) - lag]).max()
            for lag in (0, 1105, len(theirs) - len(ours))
            if lag >= 0
        )
        assert best < 1e-4


def test_parts_blocks_and_the_whole_are_the_same_bits():
    whole, rate = mx.read(DATA / "take.m4a")
    with mx.blocks(DATA / "take.m4a", 1000) as blocks:
        assert blocks.sample_rate == rate and blocks.info.channels == len(whole)
        parts = list(blocks)
    assert {part.shape[1] for part in parts[:-1]} == {1000}
    assert np.array_equal(np.concatenate(parts, axis=1), whole)
    part, _ = mx.read(DATA / "take.m4a", start=500, stop=2_345, axis=0, dtype=np.float64)
    assert part.dtype == np.float64 and np.array_equal(part, whole[:, 500:2_345].T)
    assert mx.read(DATA / "take.m4a", start=10**9)[0].shape == (len(whole), 0)


@pytest.mark.parametrize("bits", [16, 24])
def test_dither_is_triangular_and_leaves_no_distortion(tmp_path, bits):
    """A sine of three quarters of a step: gone without dither, with it only noise beside it."""
    step = 2.0 ** (1 - bits)
    x = 0.75 * step * np.sin(2 * np.pi * 1000 / RATE * np.arange(20 * RATE))
    mx.write(tmp_path / "a.wav", x, RATE, bits=bits)
    y = mx.read(tmp_path / "a.wav", dtype=np.float64)[0][0]
    steps = y / step
    assert np.array_equal(steps, np.round(steps))
    error = steps - x / step
    # Rounding a twelfth, and two uniform numbers of a step: a quarter in all.
    assert np.mean(error**2) == pytest.approx(0.25, rel=0.02)
    assert abs(np.mean(error)) < 0.005
    spectrum = np.abs(np.fft.rfft(y * np.hanning(y.size))) ** 2
    harmonics = [spectrum[k * 20_000 - 3 : k * 20_000 + 4].max() for k in (2, 3, 5)]
    assert max(harmonics) < 30 * np.median(spectrum)
    mx.write(tmp_path / "b.wav", x, RATE, bits=bits, dither=False)
    assert np.abs(mx.read(tmp_path / "b.wav")[0]).max() == pytest.approx(step)


def test_files_are_what_others_read(tmp_path):
    x = noise(2, 3_000)
    for bits, subtype in ((16, "PCM_16"), (24, "PCM_24"), (32, "FLOAT")):
        path = tmp_path / f"{bits}.wav"
        mx.write(path, x, RATE, bits=bits)
        theirs, rate = soundfile.read(path, dtype="float32", always_2d=True)
        assert rate == RATE and soundfile.info(path).subtype == subtype
        assert np.abs(theirs.T - x).max() <= (0 if bits == 32 else 1.5 * 2.0 ** (1 - bits))
    rate, theirs = scipy.io.wavfile.read(tmp_path / "32.wav")
    assert rate == RATE and np.array_equal(theirs.T, x)


def test_a_seed_repeats_to_the_bit(tmp_path):
    x = noise(1, 2_000)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        mx.write(tmp_path / name, x, RATE, bits=16, seed=seed)
    a, b, c = ((tmp_path / name).read_bytes() for name in "abc")
    assert a == b != c


@pytest.mark.parametrize("layout", ["fortran", "reversed", "big", "1d", "axis0", "float64"])
def test_any_array_is_written(tmp_path, layout):
    x = noise(2, 500)
    given, kwargs = {
        "fortran": (np.asfortranarray(x), {}),
        "reversed": (x[:, ::-1].copy()[:, ::-1], {}),
        "big": (x.astype(">f4"), {}),
        "1d": (x[0], {}),
        "axis0": (x.T, {"axis": 0}),
        "float64": (x.astype(np.float64), {}),
    }[layout]
    mx.write(tmp_path / "x.wav", given, RATE, bits=32, **kwargs)
    expected = x[:1] if layout == "1d" else x
    assert np.array_equal(mx.read(tmp_path / "x.wav")[0], expected)


def test_block_by_block_is_the_whole(tmp_path):
    x = noise(3, 10_000)
    mx.write(tmp_path / "whole.wav", x, RATE)
    with mx.writer(tmp_path / "blocks.wav", RATE, 3) as out:
        for at in range(0, 10_000, 777):
            out.write(x[:, at : at + 777])
        assert out.samples == 10_000
    assert (tmp_path / "whole.wav").read_bytes() == (tmp_path / "blocks.wav").read_bytes()


def test_what_goes_wrong_leaves_nothing(tmp_path):
    path = tmp_path / "x.wav"
    path.write_bytes(b"what was there")
    with pytest.raises(RuntimeError, match="midway"), mx.writer(path, RATE, 1) as out:
        out.write(noise(1, 100))
        raise RuntimeError("midway")
    with pytest.raises(ValueError, match="sample 3 of channel 0 is NaN"):
        mx.write(path, np.array([0, 0, 0, np.nan]), RATE)
    assert path.read_bytes() == b"what was there" and list(tmp_path.iterdir()) == [path]


def test_clipping_is_told(tmp_path):
    x = np.array([0.5, 1.5, -1.5, 1.0])
    with pytest.warns(UserWarning, match="3 samples beyond full scale were clipped"):
        mx.write(tmp_path / "x.wav", x, RATE)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    assert np.array_equal(mx.read(tmp_path / "x.wav")[0][0], x.astype(np.float32))


def test_errors_name_what_is_wrong(tmp_path):
    with pytest.raises(FileNotFoundError) as error:
        mx.read(tmp_path / "none.wav")
    assert error.value.filename == str(tmp_path / "none.wav")
    (tmp_path / "text.wav").write_text("This is no audio." * 10)
    with pytest.raises(ValueError, match="no audio in it"):
        mx.read(tmp_path / "text.wav")
    with pytest.raises(OSError):
        mx.read(tmp_path)
    with pytest.raises(OSError):
        mx.write(tmp_path / "missing" / "x.wav", np.zeros(4), RATE)
    with pytest.raises(ValueError, match="bits = 20 is not one of 16, 24, 32"):
        mx.write(tmp_path / "x.wav", np.zeros(4), RATE, bits=20)
    with pytest.raises(ValueError, match="44100.5 is not a whole number"):
        mx.write(tmp_path / "x.wav", np.zeros(4), 44_100.5)
    with pytest.raises(TypeError, match="int16"):
        mx.write(tmp_path / "x.wav", np.zeros(4, np.int16), RATE)
    with pytest.raises(ValueError, match="for \\(samples, channels\\) pass axis=0"):
        mx.write(tmp_path / "x.wav", np.zeros((100, 2)), RATE)
    data = (DATA / "take.flac").read_bytes()
    (tmp_path / "cut.flac").write_bytes(data[: len(data) // 2])
    with pytest.raises(ValueError, match="truncated: ends at|damaged"):
        mx.read(tmp_path / "cut.flac")
    with mx.blocks(DATA / "take.flac") as blocks:
        pass
    with pytest.raises(ValueError, match="closed"):
        blocks.read(1)


# Sample rates.


@pytest.mark.parametrize("rates", [(44_100, 48_000), (48_000, 44_100), (96_000, 44_100), (48_000, 48_000)])
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_a_sine_stays_a_sine(rates, kind):
    before, after = rates
    t = np.arange(before) / before
    x = 0.5 * np.sin(2 * np.pi * 997 * t).astype(kind)
    y = mx.resample(x, before, after)
    assert y.dtype == kind and y.shape == (after,)
    expected = 0.5 * np.sin(2 * np.pi * 997 * np.arange(after) / after)
    middle = slice(4_000, -4_000)
    error = 20 * np.log10(np.abs(y - expected)[middle].max() / 0.5)
    assert error < (-115 if kind == np.float32 else -135)


def test_against_scipy():
    x = noise(2, 44_100).astype(np.float64)
    import scipy.signal

    b = scipy.signal.firwin(511, 0.6)
    x = scipy.signal.lfilter(b, 1, x)
    ours = mx.resample(x, 44_100, 48_000)
    theirs = scipy.signal.resample_poly(x, 160, 147, axis=1, window=("kaiser", 14.0))
    middle = slice(3_000, -3_000)
    difference = (ours - theirs[:, : ours.shape[1]])[:, middle]
    assert 20 * np.log10(np.sqrt(np.mean(difference**2) / np.mean(ours**2))) < -60


def test_shapes_of_resampling():
    x = noise(3, 2, 1_000)
    y = mx.resample(x, 48_000, 96_000)
    assert y.shape == (3, 2, 2_000)
    assert np.array_equal(y[1], mx.resample(x[1], 48_000, 96_000))
    assert np.array_equal(mx.resample(x[0].T, 48_000, 96_000, axis=0), y[0].T)
    assert mx.resample(np.zeros(0), 48_000, 44_100).shape == (0,)
    with pytest.raises(ValueError, match="to_rate = 44100.5 is not a whole number"):
        mx.resample(x, 48_000, 44_100.5)
    with pytest.raises(ValueError, match="from_rate|sample_rate = 100 is outside"):
        mx.resample(x, 100, 48_000)
    with pytest.raises(ValueError, match="is NaN"):
        mx.resample(np.array([np.nan, 0.0]), 48_000, 44_100)
