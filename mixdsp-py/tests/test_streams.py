"""Streams: any cut gives the bits of one call, and a flush returns what is inside."""

import copy
import pickle
import threading

import mixdsp as mx
import numpy as np
import pytest
from catalogue import RATE, channels_of, effects, noise, tail_of
from hypothesis import given
from hypothesis import strategies as st


def feed(stream, x, sizes, axis=-1, **kwargs):
    parts, at = [], 0
    length = x.shape[axis]
    while at < length:
        size = sizes[len(parts) % len(sizes)] if sizes else length
        block = x[at : at + size] if axis == 0 else x[..., at : at + size]
        parts.append(stream(block, **kwargs))
        assert parts[-1].shape[axis] == block.shape[axis]
        at += size
    return parts


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@given(data=st.data())
def test_random_growing_blocks_give_the_bits_of_one_call(cls, dtype, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 6_000, dtype=dtype)
    sizes = data.draw(st.lists(st.integers(0, 3_000), min_size=1, max_size=12)) + [1, 2_048]
    tail = tail_of(fx)
    whole = fx(x, RATE, tail=tail)
    with fx.stream(RATE, x.shape[0]) as s:
        y = np.concatenate([*feed(s, x, sizes), s.flush(tail)], axis=-1)
    assert y.dtype == dtype
    assert np.array_equal(y[:, s.latency_samples :], whole)


def test_blocks_that_double(cls):
    fx = cls()
    x = noise(channels_of(fx), 2**15)
    with fx.stream(RATE, x.shape[0]) as s:
        sizes = [2**k for k in range(15)]
        y = np.concatenate([*feed(s, x, sizes), s.flush(tail_of(fx))], axis=-1)
    assert np.array_equal(y[:, s.latency_samples :], fx(x, RATE, tail=tail_of(fx)))


def test_a_flush_starts_afresh(cls):
    fx = cls()
    x = noise(channels_of(fx), 3_000)
    with fx.stream(RATE, x.shape[0]) as s:
        first = np.concatenate([s(x), s.flush(tail_of(fx))], axis=-1)
        second = np.concatenate([s(x), s.flush(tail_of(fx))], axis=-1)
        s(x)
        s.reset()
        third = s(x)
    assert np.array_equal(first, second) and np.array_equal(third, first[:, :3_000])


def test_what_a_flush_takes(cls):
    fx = cls()
    c = channels_of(fx)
    with fx.stream(RATE, c) as s:
        latency = s.latency_samples
        assert latency == fx.latency_samples(RATE)
        assert s.flush("cut").shape == (s.output_channels, latency)
        assert s.flush(0.1).shape == (s.output_channels, latency + RATE // 10)
        s(np.zeros((c, 10)))
        assert s.flush(0.1).dtype == np.float64


def test_out_and_layouts(cls):
    fx = cls()
    c = channels_of(fx)
    x = noise(c, 1_000)
    y = fx.stream(RATE, c)(x)
    for size in (64, 1_000):
        out = np.full((y.shape[0], size), np.nan, np.float32)
        s = fx.stream(RATE, c)
        assert s(x[:, :size], out=out) is out
        assert np.array_equal(out, y[:, :size])
    if y.shape == x.shape:
        same = x.copy()
        assert fx.stream(RATE, c)(same, same) is same and np.array_equal(same, y)
    views = {
        "Fortran": np.asfortranarray(x),
        "reversed": np.ascontiguousarray(x[:, ::-1])[:, ::-1],
        "big-endian": x.astype(">f4"),
        "strided": np.repeat(x, 2, axis=1)[:, ::2],
    }
    for name, view in views.items():
        assert np.array_equal(fx.stream(RATE, c)(view), y), name
    read_only = x.copy()
    read_only.flags.writeable = False
    assert np.array_equal(fx.stream(RATE, c)(read_only), y)


def test_samples_first(cls):
    fx = cls()
    c = channels_of(fx)
    x = noise(c, 3_000)
    whole = fx(x, RATE, tail=tail_of(fx))
    with fx.stream(RATE, c, axis=0) as s:
        y = np.concatenate([*feed(s, np.ascontiguousarray(x.T), [7, 900, 64], axis=0), s.flush(tail_of(fx))])
    assert np.array_equal(y.T[:, s.latency_samples :], whole)


def test_mono_blocks_keep_their_axes():
    x = noise(500)
    with mx.Equalizer(mx.bell(500, 6)).stream(RATE, channels=1) as s:
        assert s(x).shape == (500,) and s.flush().ndim == 1
        assert s(x[np.newaxis]).shape == (1, 500) and s.flush().ndim == 2


def test_the_first_block_tells_the_type():
    with mx.Gain().stream(RATE) as s:
        s(noise(2, 10))
        with pytest.raises(TypeError, match=r"runs in float32 .*use block\.astype\(np\.float32\), not float64"):
            s(noise(2, 10, dtype=np.float64))
        assert s(noise(2, 10)).dtype == np.float32


def test_wrong_blocks_are_told_and_change_nothing():
    fx = mx.Equalizer(mx.bell(500, 6))
    x = noise(2, 400)
    with fx.stream(RATE) as s:
        s(x[:, :100])
        with pytest.raises(ValueError, match=r"\[3, 10\], \(channels, samples\) with 2 channels is needed"):
            s(noise(3, 10))
        with pytest.raises(ValueError, match="shape"):
            s(noise(10))
        with pytest.raises(ValueError, match="shape"):
            s(noise(1, 2, 10))
        with pytest.raises(ValueError, match=r"out has the shape \[2, 9\], \[2, 10\] is needed"):
            s(noise(2, 10), out=noise(2, 9))
        with pytest.raises(TypeError, match="out must be an array of native, aligned float32"):
            s(noise(2, 10), out=noise(2, 10, dtype=np.float64))
        with pytest.raises(TypeError, match="out"):
            s(noise(2, 10), out=[1, 2])
        read_only = noise(2, 10)
        read_only.flags.writeable = False
        with pytest.raises(ValueError, match="out is read-only"):
            s(noise(2, 10), out=read_only)
        with pytest.raises(TypeError, match=r"block|x"):
            s("kick.wav")
        assert np.array_equal(s(x[:, 100:]), fx(x, RATE)[:, 100:])


def test_not_finite():
    bad = noise(2, 10)
    bad[1, 3] = np.nan
    with mx.Gain().stream(RATE) as s, pytest.raises(ValueError, match="sample 3 of channel 1 is NaN"):
        s(bad)
    with mx.Gain().stream(RATE, check_finite=False) as s:
        assert np.isfinite(s(bad)).all() and s.faults == 1


def test_after_the_end():
    with mx.Gain().stream(RATE) as s:
        s(noise(2, 10))
    for use in (lambda: s(noise(2, 10)), s.flush, s.reset, lambda: s.set("mute", True), lambda: s.get("mute")):
        with pytest.raises(ValueError, match="the stream is closed"):
            use()
    s.close()


def test_channels_that_cannot_be():
    for wrong, error in ((0, ValueError), (25, ValueError), (-1, ValueError), (2.0, TypeError), ("2", TypeError)):
        with pytest.raises(error, match="channels"):
            mx.Gain().stream(RATE, wrong)
    with pytest.raises(ValueError, match="axis"):
        mx.Gain().stream(RATE, axis=5)


def test_streams_cannot_be_copied():
    s = mx.Gain().stream(RATE)
    for make in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError, match="cannot be pickled or copied"):
            make(s)
    assert "Gain" in repr(s)


@pytest.mark.parametrize("early", [True, False])
def test_set_is_silent_and_lands_after_20_ms(early):
    x = np.ones((1, 4_000))
    with mx.Gain().stream(RATE, 1) as s:
        if not early:
            s(x)
        assert s.get("gain_db") == 0 and s.get("mute") is False
        s.set("gain_db", -20)
        y = s(x)[0]
        assert y[0] == pytest.approx(1, abs=1e-6) and np.allclose(y[960:], 0.1, rtol=0, atol=1e-15)
        assert (np.diff(y) <= 1e-15).all()
        assert s.get("gain_db") == -20
        s.set("mute", True)
        assert not s(x)[0, 960:].any()


@pytest.mark.parametrize("early", [True, False])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_glide_follows_its_line(early, dtype):
    x = np.ones((1, 4_800), dtype)
    with mx.Gain().stream(RATE, 1) as s:
        if not early:
            s(x)
        s.glide("gain_db", -24, 0.1)
        y = np.concatenate([s(x[:, :1_001]), s(x[:, 1_001:])], axis=1)[0]
    db = 20 * np.log10(y)
    assert np.abs(db - np.linspace(0, -24, 4_801)[:-1]).max() < 1e-3


def test_wrong_changes_are_told():
    with mx.Chain(level=mx.Gain()).stream(RATE) as s:
        for use in (s.set, lambda n, v: s.glide(n, v, 1.0)):
            with pytest.raises(ValueError, match=r"level\.gain_db = 25 is outside -96 to 24 dB"):
                use("level.gain_db", 25)
            with pytest.raises(ValueError, match="no parameter"):
                use("gain_db", 1)
        with pytest.raises(ValueError, match="no values in between"):
            s.glide("level.mute", True, 1.0)
        assert s.get("level.gain_db") == 0


def test_a_stream_keeps_its_parameters():
    fx = mx.Gain()
    with fx.stream(RATE) as s:
        fx.gain_db = -96
        assert np.array_equal(s(noise(2, 10)), noise(2, 10))


def test_many_threads_on_one_stream_take_turns():
    fx = mx.Gain(-6)
    s = fx.stream(RATE, 1)
    x = noise(1, 2_000)
    y = fx(x, RATE)
    wrong = []

    def work():
        for _ in range(200):
            if not np.array_equal(s(x), y):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not wrong
