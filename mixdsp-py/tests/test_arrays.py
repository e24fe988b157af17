"""Shapes, sample types, layouts, and the errors they give."""

import mixdsp as mx
import numpy as np
import pytest
from catalogue import RATE, channels_of, effects, noise, tail_of, takes
from hypothesis import given
from hypothesis import strategies as st

LAYOUTS = {
    "Fortran": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 3, axis=-1)[..., ::3],
    "reversed": lambda x: np.ascontiguousarray(x[..., ::-1])[..., ::-1],
    "reversed channels": lambda x: np.ascontiguousarray(x[::-1])[::-1],
    "big-endian": lambda x: x.astype(x.dtype.newbyteorder(">")),
    "little-endian": lambda x: x.astype(x.dtype.newbyteorder("<")),
    "unaligned": lambda x: _unaligned(x),
    "subclass": lambda x: x.view(np.matrix) if x.ndim == 2 else x.view(np.recarray),
    "interleaved": lambda x: np.ascontiguousarray(x.T).T,
}


def _unaligned(x):
    buffer = np.zeros(x.nbytes + 1, np.uint8)
    y = buffer[1:].view(x.dtype).reshape(x.shape)
    y[...] = x
    assert not y.flags.aligned
    return y


def _read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


LAYOUTS["read-only"] = _read_only


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data())
def test_any_layout_gives_the_same_bits(cls, dtype, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 1_500, dtype=dtype)
    before = x.copy()
    y = fx(x, RATE)
    assert y.dtype == dtype and y.dtype.isnative and y.flags.c_contiguous and y.flags.writeable
    assert np.array_equal(x, before), "the input is left as it is"
    assert np.isfinite(y).all()
    for name, layout in LAYOUTS.items():
        z = fx(layout(x), RATE)
        assert z.dtype == dtype and np.array_equal(z, y), name
        assert type(z) is np.ndarray


def test_the_axes(cls):
    fx = cls()
    c = channels_of(fx)
    items = noise(2, 3, c, 700)
    y = fx(items, RATE)
    outs = y.shape[-2]
    assert y.shape == (2, 3, outs, 700)
    for at in np.ndindex(2, 3):
        assert np.array_equal(fx(items[at], RATE), y[at])
    for axis in (-1, -2, 0, 1, 2, 3):
        moved = np.moveaxis(items, -1, axis)
        z = fx(moved, RATE, axis=axis)
        assert z.flags.c_contiguous and np.array_equal(np.moveaxis(z, axis, -1), y)
    frames = np.ascontiguousarray(items[0, 0].T)
    assert np.array_equal(fx(frames, RATE, axis=0).T, y[0, 0])
    if takes(fx, 1):
        mono = items[0, 0, 0]
        flat = fx(mono, RATE)
        assert np.array_equal(np.atleast_2d(flat), fx(mono[np.newaxis], RATE))
        assert np.array_equal(fx(mono, RATE, axis=0), flat)


def test_every_number_of_channels_that_is_taken(cls):
    fx = cls()
    for c in range(1, 25):
        if takes(fx, c):
            y = fx(noise(c, 300), RATE)
            assert y.shape[-1] == 300 and np.isfinite(y).all()


def test_too_many_channels_name_the_fix(cls):
    for shape in ((48_000, 2), (3, 25, 10)):
        with pytest.raises(ValueError, match=r"channels, at most 24 .*for \(samples, channels\) pass axis=0"):
            cls()(np.zeros(shape, np.float32), RATE)
    with pytest.raises(ValueError, match=r"for \(channels, samples\) pass axis=-1"):
        cls()(np.zeros((2, 48_000), np.float32), RATE, axis=0)


def test_empty_arrays(cls):
    fx = cls()
    c = channels_of(fx)
    assert fx(np.zeros((c, 0), np.float32), RATE).shape[-1] == 0
    assert fx(np.zeros((0, c, 100)), RATE).shape[0] == 0
    assert len(fx([np.zeros((c, 0))], RATE)) == 1
    with pytest.raises(ValueError, match="no channels"):
        fx(np.zeros((0, 100)), RATE)
    with pytest.raises(ValueError, match="single number"):
        fx(np.float32(1), RATE)


@pytest.mark.parametrize(
    ("dtype", "fix"),
    [
        (np.int16, r"x\.astype\(np\.float32\) / 32768"),
        (np.int32, r"x\.astype\(np\.float64\) / 2147483648"),
        (np.uint8, r"\(x\.astype\(np\.float32\) - 128\) / 128"),
        (np.int64, r"x\.astype\(np\.float64\) / full_scale"),
        (np.float16, r"x\.astype\(np\.float32\)"),
        (np.longdouble, r"x\.astype\(np\.float32\)"),
        (np.complex64, r"x\.real"),
        (bool, r"x\.astype\(np\.float32\)"),
        (object, r"x\.astype\(np\.float32\)"),
    ],
)
def test_other_sample_types_name_the_fix(cls, dtype, fix):
    with pytest.raises(TypeError, match=fix):
        cls()(np.zeros((2, 10), dtype), RATE)
    with pytest.raises(TypeError, match=fix.replace("x", "x")), cls().stream(RATE, channels_of(cls())) as s:
        s(np.zeros((channels_of(cls()), 10), dtype))


def test_what_is_not_audio(cls):
    for wrong in (None, "kick.wav", b"", {}, object()):
        with pytest.raises(TypeError):
            cls()(wrong, RATE)


def test_what_can_become_an_array():
    class Torch:
        """Has ``__dlpack__`` alone, as tensors on the CPU do."""

        def __init__(self, x):
            self.x = x

        def __dlpack__(self, **kwargs):
            return self.x.__dlpack__(**kwargs)

        def __dlpack_device__(self):
            return self.x.__dlpack_device__()

    class Array:
        def __init__(self, x):
            self.x = x

        def __array__(self, dtype=None, copy=None):
            return self.x

    fx = mx.Gain(-6)
    x = noise(2, 100)
    y = fx(x, RATE)
    assert np.array_equal(fx(Torch(x), RATE), y)
    assert np.array_equal(fx(Array(x), RATE), y)
    assert np.allclose(fx(x.tolist(), RATE), y) and fx(x.tolist(), RATE).dtype == np.float64
    assert all(np.array_equal(z, y) for z in fx([Torch(x), Array(x)], RATE))
    with fx.stream(RATE) as s:
        assert np.array_equal(s(Torch(x)), y)


@pytest.mark.parametrize("rate", [7_999, 384_001, 0, -48_000, np.nan, np.inf])
def test_sample_rates_outside_the_range(cls, rate):
    x = np.zeros((channels_of(cls()), 10), np.float32)
    calls = [
        lambda fx: fx(x, rate),
        lambda fx: fx.stream(rate),
        lambda fx: fx.latency_samples(rate),
        lambda fx: fx.tail_samples(rate),
    ]
    for call in calls:
        with pytest.raises(ValueError, match="sample_rate = .* is outside 8000 to 384000 Hz"):
            call(cls())


def test_a_sample_rate_of_another_kind(cls):
    for rate in ("48k", None, True, [48_000]):
        with pytest.raises(TypeError, match="sample_rate must be a number"):
            cls()(np.zeros((2, 10)), rate)
    for rate in (8_000, 44_100.0, np.int64(48_000), np.float32(96_000), 384_000):
        assert np.isfinite(cls()(noise(channels_of(cls()), 100), rate)).all()


def test_a_frequency_above_half_the_rate_is_told_when_the_rate_is_known():
    chain = mx.Chain(tone=mx.Equalizer(mx.bell(18_000, 3)))
    message = r"tone\.bands\[0\]\.frequency_hz = 18000 is outside 10 to 15968"
    with pytest.raises(ValueError, match=message):
        chain(np.zeros((2, 10)), 32_000)
    with pytest.raises(ValueError, match=message):
        chain.stream(32_000)


@given(data=st.data())
def test_out_takes_the_result(cls, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 2_500)
    y = fx(x, RATE)
    out = np.full_like(y, np.nan)
    assert fx(x, RATE, out=out) is out
    assert np.array_equal(out, y)
    for name in ("Fortran", "strided", "reversed", "interleaved"):
        out = LAYOUTS[name](np.full_like(y, np.nan))
        fx(x, RATE, out=out)
        assert np.array_equal(out, y), name


@given(data=st.data())
def test_in_place_and_overlapping(cls, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 3_000)
    y = fx(x, RATE)
    if y.shape != x.shape:
        return
    same = x.copy()
    assert fx(same, RATE, out=same) is same and np.array_equal(same, y)
    for shift in (-700, -1, 1, 700):
        buffer = np.zeros((x.shape[0], x.shape[1] + 1_400), x.dtype)
        source = buffer[:, 700:-700]
        target = buffer[:, 700 + shift : 700 + shift + x.shape[1]]
        source[...] = x
        fx(source, RATE, out=target)
        assert np.array_equal(target, y), shift
    swapped = x.copy()
    fx(swapped, RATE, out=swapped[:, ::-1])
    assert np.array_equal(swapped[:, ::-1], y)
    pair = np.stack([x, 2 * x])
    fx(list(pair), RATE, out=[pair[1], pair[0]])
    assert np.array_equal(pair[1], y) and np.array_equal(pair[0], fx(2 * x, RATE))


def test_an_out_that_does_not_fit():
    fx, x = mx.Gain(), noise(2, 10)
    with pytest.raises(ValueError, match=r"out has the shape \(2, 9\), \(2, 10\) is needed"):
        fx(x, RATE, out=np.zeros((2, 9), np.float32))
    with pytest.raises(TypeError, match="out is float64: float32 like the input is needed"):
        fx(x, RATE, out=np.zeros((2, 10)))
    with pytest.raises(TypeError, match="out is >f4"):
        fx(x, RATE, out=np.zeros((2, 10), ">f4"))
    with pytest.raises(ValueError, match="out is read-only"):
        fx(x, RATE, out=_read_only(x))
    with pytest.raises(TypeError, match="out must be an array"):
        fx(x, RATE, out=[0.0])
    with pytest.raises(TypeError, match="x is a list: out must be a list"):
        fx([x], RATE, out=x)
    with pytest.raises(ValueError, match="1 arrays in x, 2 in out"):
        fx([x], RATE, out=[x, x])


def test_batches_of_unequal_length_on_any_number_of_threads(cls):
    fx = cls()
    c = channels_of(fx)
    batch = [noise(c, n, seed=n) for n in (5_000, 1, 0, 300, 4_097)]
    batch.append(noise(c, 50, dtype=np.float64))
    alone = [fx(x, RATE) for x in batch]
    for threads in (None, 1, 2, 7):
        for kind in (list, tuple):
            together = fx(kind(batch), RATE, threads=threads)
            assert isinstance(together, list)
            for one, other in zip(alone, together):
                assert one.dtype == other.dtype and np.array_equal(one, other)
    items = noise(40, c, 200)
    assert np.array_equal(fx(items, RATE, threads=3), fx(items, RATE))
    for wrong, error in ((0, ValueError), (-1, ValueError), (2.0, TypeError), ("all", TypeError)):
        with pytest.raises(error, match="threads"):
            fx(batch, RATE, threads=wrong)


def test_a_failure_on_a_thread_reaches_the_caller():
    batch = [noise(2, 5_000) for _ in range(20)]
    batch[13][1, 77] = np.nan
    with pytest.raises(ValueError, match="sample 77 of channel 1 is NaN"):
        mx.Gain()(batch, RATE, threads=4)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_a_sample_that_is_not_finite(cls, bad):
    fx = cls()
    x = noise(channels_of(fx), 5_000)
    x[0, 3_210] = bad
    with pytest.raises(ValueError, match="sample 3210 of channel 0 is .*check_finite=False"):
        fx(x, RATE)
    before = x.copy()
    with pytest.raises(ValueError, match="sample 3210"):
        shape = fx(before, RATE, check_finite=False).shape
        fx(x, RATE, out=x[: shape[0]] if shape[0] <= len(x) else np.zeros(shape, x.dtype))
    assert np.array_equal(x, before, equal_nan=True), "nothing was written"
    result = fx.process(x, RATE, check_finite=False)
    assert np.isfinite(result.audio).all() and result.report["faults"] >= 1
    zero = before.copy()
    zero[0, 3_210] = 0
    assert np.array_equal(result.audio, fx(zero, RATE))


def test_huge_samples_are_limited_and_counted(cls):
    x = noise(channels_of(cls()), 100, dtype=np.float64)
    x[0, 5] = 1e300
    result = cls().process(x, RATE)
    assert np.isfinite(result.audio).all() and result.report["faults"] >= 1


@given(data=st.data())
def test_tails(cls, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 1_000)
    cut = fx(x, RATE)
    assert cut.shape[-1] == 1_000
    seconds = fx(x, RATE, tail=0.25)
    assert seconds.shape[-1] == 1_000 + RATE // 4
    assert np.array_equal(seconds[:, :1_000], cut)
    padded = np.concatenate([x, np.zeros((x.shape[0], RATE // 4), x.dtype)], axis=1)
    assert np.array_equal(fx(padded, RATE), seconds)
    tail = fx.tail_samples(RATE)
    if tail is None:
        with pytest.raises(ValueError, match="endless"):
            fx(x, RATE, tail="auto")
    elif tail < 4 * RATE:
        whole = fx(x, RATE, tail="auto")
        assert whole.shape[-1] == 1_000 + tail
        after = fx(x, RATE, tail=tail / RATE + 0.2)[:, 1_000 + tail :]
        full_scale = max(np.abs(whole).max(), 1.0)
        assert np.abs(after).max() <= 1e-6 * full_scale, "under -120 dB after the tail"


def test_a_tail_that_is_none():
    for wrong, error in (("long", ValueError), (-1, ValueError), (np.nan, ValueError), (None, TypeError)):
        with pytest.raises(error, match="tail"):
            mx.Gain()(noise(2, 10), RATE, tail=wrong)


def test_a_sidechain_where_none_is_listened_to():
    with pytest.raises(TypeError, match="Gain takes no sidechain"):
        mx.Gain()(noise(2, 10), RATE, sidechain=noise(10))
    with pytest.raises(TypeError, match="Gain takes no sidechain"):
        mx.Gain().stream(RATE, sidechain_channels=1)


def test_process_tells_what_it_did(cls):
    fx = cls()
    x = noise(channels_of(fx), 500)
    result = fx.process(x, RATE)
    assert np.array_equal(result.audio, fx(x, RATE))
    assert result.report["sample_rate"] == RATE and result.report["faults"] == 0
    assert result.report["latency_samples"] == fx.latency_samples(RATE)
    assert result.report["tail_samples"] == fx.tail_samples(RATE)
    batch = fx.process([x, x], RATE)
    assert len(batch) == 2 and np.array_equal(batch[1].audio, result.audio)


def test_latency_is_compensated(cls):
    """An effect at its defaults keeps the place of an impulse; a stream is late by the latency."""
    # What is closed until it hears something takes the impulse away.
    fx = cls(**{mx.Gate: {"range_db": 0}, mx.Expander: {"ratio": 1}}.get(cls, {}))
    c = channels_of(fx)
    x = np.zeros((c, 4_000), np.float32)
    # What bends a wave leaves an impulse alone that is small.
    x[:, 1_000] = 0.1 if cls in (mx.Saturator, mx.Clipper) else 1
    y = fx(x, RATE, tail=tail_of(fx))
    # A dither of 16 bits is heard before it.
    assert np.abs(y[:, :1_000]).max() < 1e-4 and np.abs(y[:, 1_000]).max() > 0.05
    with fx.stream(RATE, c) as s:
        late = np.concatenate([s(x), s.flush(tail_of(fx))], axis=-1)
    assert np.array_equal(late[:, s.latency_samples :], y)
