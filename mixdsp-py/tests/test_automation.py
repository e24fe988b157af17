"""Automation: exact to the sample, the same whatever the blocks."""

import mixdsp as mx
import numpy as np
import pytest
from catalogue import RATE, channels_of, effects, fixed_rows, noise, sheet_of
from hypothesis import assume, given
from hypothesis import strategies as st

ONES = np.ones((1, RATE))


def level(y):
    return 20 * np.log10(np.abs(y[0]))


def test_lines_between_breakpoints():
    points = [(0.1, -20.0), (0.25, -6.0), (0.25002, -6.0), (0.7, -40.0)]
    y = mx.Gain(12)(ONES, RATE, automate={"gain_db": points})
    times, values = zip(*points)
    seconds = np.arange(RATE) / RATE
    # Breakpoints lie on whole samples.
    expected = np.interp(seconds, np.round(np.array(times) * RATE) / RATE, values)
    assert np.abs(level(y) - expected).max() < 0.02
    knots = np.round(np.array(times) * RATE).astype(int)
    assert np.abs(level(y)[knots] - values).max() < 1e-9, "exact at the breakpoints"
    assert np.allclose(level(y)[: knots[0]], -20, atol=1e-9) and np.allclose(level(y)[knots[-1] :], -40, atol=1e-9)


def test_one_value_per_sample():
    values = -20 + 10 * np.sin(np.arange(4_000) * 0.01)
    y = mx.Gain()(np.ones((1, 4_000)), RATE, automate={"gain_db": values})
    assert np.abs(level(y) - values).max() < 1e-9


def test_values_are_spread_from_first_to_last_sample():
    y = mx.Gain()(np.ones((1, 4_001)), RATE, automate={"gain_db": np.array([-40.0, 0.0, -20.0])})
    assert np.allclose(level(y)[[0, 2_000, 4_000]], [-40, 0, -20], atol=1e-9)
    batch = [np.ones((1, n)) for n in (101, 1_001)]
    for y in mx.Gain()(batch, RATE, automate={"gain_db": [-40.0, 0.0, -20.0]}, threads=2):
        n = y.shape[1]
        assert np.allclose(level(y)[[0, n // 2, n - 1]], [-40, 0, -20], atol=1e-9)


def test_a_step_is_silent_and_begins_at_its_sample():
    y = mx.Gain()(ONES, RATE, automate={"gain_db": [(0, 0), (0.5, 0), (0.5, -20), (1, -20)]})[0]
    assert np.array_equal(y[: RATE // 2], np.ones(RATE // 2))
    assert y[RATE // 2 + 2] < 1 and np.allclose(y[RATE // 2 + 960 :], 0.1, rtol=0, atol=1e-12)
    y = mx.Gain()(ONES, RATE, automate={"gain_db": [(0, 0), (0, -20), (1, -20)]})[0]
    assert np.allclose(y, 0.1, atol=1e-12), "a step at the start is where it starts"


def test_switches_and_choices_are_set_at_their_sample():
    y = mx.Gain()(ONES, RATE, automate={"mute": [(0, False), (0.3, True), (0.6, False)]})[0]
    on, off = round(0.3 * RATE), round(0.6 * RATE)
    assert np.array_equal(y[: on + 1], np.ones(on + 1)) and y[on + 2] < 1
    assert not y[on + 960 : off + 1].any() and y[off + 2] > 0 and np.array_equal(y[off + 960 :], ONES[0, off + 960 :])
    fx = mx.Equalizer(mx.bell(1_000, 12))
    x = noise(1, RATE, dtype=np.float64)
    y = fx(x, RATE, automate={"bands[0].kind": [(0, "bell"), (0.5, "low_shelf")]})
    half = RATE // 2
    assert np.array_equal(y[:, :half], fx(x, RATE)[:, :half])
    settled = mx.Equalizer(mx.low_shelf(1_000, 12))(x, RATE)
    assert np.abs(y - settled)[0, half + 9_600 :].max() < 1e-9
    with pytest.raises(ValueError, match=r"bands\[0\]\.kind = 'comb' is not one of"):
        fx(x, RATE, automate={"bands[0].kind": [(0, "comb")]})


@given(data=st.data())
def test_any_cut_gives_the_same_bits(cls, data):
    fx = data.draw(effects(cls))
    x = noise(channels_of(fx), 5_000)
    automate = {}
    for name, param in fx.params.items():
        if not param.automatable or len(automate) == 4:
            continue
        if param.choices:
            value = st.sampled_from(param.choices)
        elif isinstance(param.default, bool):
            value = st.booleans()
        elif isinstance(param.default, int):
            value = st.integers(int(param.min), int(param.max))
        else:
            value = st.floats(param.min, min(param.max, 20_000))
        times = sorted(data.draw(st.lists(st.floats(0, 0.12), min_size=1, max_size=6)))
        automate[name] = [(t, data.draw(value)) for t in times]
    try:
        whole = fx(x, RATE, automate=automate, tail=0.1)
    except ValueError as error:
        # Config may narrow the range of a parameter.
        assert "see " in str(error)
        assume(False)
    sizes = data.draw(st.lists(st.integers(1, 1_500), min_size=1, max_size=8))
    with fx.stream(RATE, x.shape[0], automate=automate) as s:
        parts, at = [], 0
        while at < x.shape[1]:
            parts.append(s(x[:, at : at + sizes[len(parts) % len(sizes)]]))
            at += parts[-1].shape[1]
        parts.append(s.flush(0.1))
        again = s(x)
    y = np.concatenate(parts, axis=1)
    assert np.array_equal(y[:, s.latency_samples :], whole)
    assert np.array_equal(again, y[:, : x.shape[1]]), "a flush goes back to the start of the automation"
    for z in fx([x, x, x], RATE, automate=automate, tail=0.1):
        assert np.array_equal(z, whole)


def test_every_parameter_can_be_automated_and_config_cannot(cls):
    fx = cls()
    x = noise(channels_of(fx), 100)
    for name, param in fx.params.items():
        if param.automatable:
            value = min(param.default, 15_000) if isinstance(param.default, float) else param.default
            assert np.array_equal(fx(x, RATE, automate={name: [(0, value)]}), fx(x, RATE))
    for row in fixed_rows(sheet_of(cls)):
        with pytest.raises(ValueError, match=f"{row['key']} is fixed while audio runs"):
            fx(x, RATE, automate={row["key"]: [(0, row["default"])]})


def test_names_in_a_chain():
    chain = mx.Chain([mx.Gain(-6), mx.Gain(), mx.Chain(inner=mx.Gain())])
    y = chain(ONES, RATE, automate={"gain_2.gain_db": [(0, -6)], "chain.inner.gain_db": [(0, -12), (1, -12)]})
    assert np.allclose(level(y), -24, atol=1e-9)
    with pytest.raises(ValueError, match="no parameter \"gain_db\": names are 'member.parameter', members are gain, gain_2"):
        chain(ONES, RATE, automate={"gain_db": [(0, 0)]})


def test_a_member_behind_latency_is_automated_as_much_later():
    """A point at a second of the input acts on the sample that was there, wherever the member stands."""
    for late in (mx.Align(frames=1_234), mx.Limiter(0), mx.Compressor(0, lookahead_ms=7.3)):
        chain = mx.Chain([late, mx.Gain()])
        x = np.full((2, RATE), 0.25)
        y = chain(x, RATE, automate={"gain.gain_db": [(0.2, 0), (0.4, -20), (0.6, -20), (0.6, 0)]})
        plain = mx.Gain()(late(x, RATE), RATE, automate={"gain_db": [(0.2, 0), (0.4, -20), (0.6, -20), (0.6, 0)]})
        # Lines are laid over knots every 16 frames since the start, which fall differently behind latency.
        assert np.abs(y - plain).max() < 1e-6
        with chain.stream(RATE, automate={"gain.gain_db": [(0.2, 0), (0.4, -20), (0.6, -20), (0.6, 0)]}) as s:
            z = np.concatenate([s(x[:, :777]), s(x[:, 777:]), s.flush("cut")], axis=1)
        assert np.array_equal(z[:, s.latency_samples :], y)


def test_the_tail_is_that_of_where_the_automation_ends():
    fx = mx.Equalizer(mx.bell(1_000, 6, q=1))
    x = noise(2, 1_000)
    late = fx(x, RATE, automate={"bands[0].q": [(0, 1), (1, 20)]}, tail="auto")
    assert late.shape[1] == RATE + 1 + mx.Equalizer(mx.bell(1_000, 6, q=20)).tail_samples(RATE)


@pytest.mark.parametrize(
    ("course", "error", "message"),
    [
        ([(0, 25)], ValueError, "gain_db = 25 is outside -96 to 24 dB"),
        (np.array([0, np.nan]), ValueError, "gain_db = NaN is not a finite number"),
        ([(0, "loud")], TypeError, "gain_db must be a number"),
        ([(1, 0), (0, 0)], ValueError, "times must not go back"),
        ([(-1, 0)], ValueError, "time -1.0 is not a number of seconds from 0 up"),
        ([(np.nan, 0)], ValueError, "time nan"),
        ([("now", 0)], TypeError, "times are seconds, not str"),
        ([(0, 0, 0)], ValueError, "a list of"),
        ([], ValueError, "without a value"),
        (-6, TypeError, "a list of"),
        ("fade", TypeError, "a list of"),
        (np.zeros((3, 3)), ValueError, "a list of"),
        (np.zeros(RATE + 1), ValueError, "automation of 48001 values for 48000 samples"),
    ],
)
def test_wrong_automation_is_told(course, error, message):
    with pytest.raises(error, match=message):
        mx.Gain()(ONES, RATE, automate={"gain_db": course})


def test_what_cannot_be_automated_is_told():
    with pytest.raises(ValueError, match='no parameter "volume"; there are gain_db, invert, mute'):
        mx.Gain()(ONES, RATE, automate={"volume": [(0, 0)]})
    with pytest.raises(ValueError, match=r"there are 1 bands, counted from 0"):
        mx.Equalizer(mx.bell(100, 1))(ONES, RATE, automate={"bands[1].q": [(0, 1)]})
    with pytest.raises(TypeError, match="automate must be a dict"):
        mx.Gain()(ONES, RATE, automate=[(0, 0)])
    with pytest.raises(ValueError, match="a stream has no end"):
        mx.Gain().stream(RATE, automate={"gain_db": [0.0, -6.0]})
    with pytest.raises(ValueError, match=r"bands\[0\]\.frequency_hz = 20000 is outside 10 to 15968"):
        mx.Equalizer(mx.bell(100, 1))(ONES, 32_000, automate={"bands[0].frequency_hz": [(0, 100), (1, 20_000)]})
