"""Chains: series, names, and the behaviour of a list."""

import copy
import json
import pickle

import mixdsp as mx
import numpy as np
import pytest
from catalogue import EFFECTS, RATE, channels_of, effects, noise
from hypothesis import assume, given
from hypothesis import strategies as st

LOW, HIGH = mx.Gain(-6), mx.Equalizer(mx.bell(1_000, 3))


@given(st.lists(st.sampled_from(EFFECTS).flatmap(effects), max_size=4))
def test_a_chain_is_its_members_one_after_the_other(members):
    chain = mx.Chain(members)
    x = noise(2, 2_000)
    late = sum(fx.latency_samples(RATE) for fx in members)
    y = np.concatenate([x, np.zeros((2, late), x.dtype)], axis=1)
    try:
        for fx in members:
            y = fx.stream(RATE, y.shape[0])(y)
    except ValueError as error:
        assert "inputs" in str(error)
        assume(False)
    assert np.array_equal(chain(x, RATE), y[:, late:])
    assert chain.latency_samples(RATE) == late
    tails = [fx.tail_samples(RATE) for fx in members]
    assert chain.tail_samples(RATE) == (None if None in tails else sum(tails))
    assert eval(repr(chain), vars(mx)) == chain
    assert pickle.loads(pickle.dumps(chain)) == chain and copy.deepcopy(chain) == chain
    assert mx.Effect.from_dict(json.loads(json.dumps(chain.to_dict()))) == chain


def test_names():
    assert mx.Chain([LOW, HIGH, LOW, LOW]).names == ["gain", "equalizer", "gain_2", "gain_3"]
    assert mx.Chain(first=LOW, then=HIGH).names == ["first", "then"]
    chain = mx.Chain(gain=HIGH)
    chain.append(LOW)
    assert chain.names == ["gain", "gain_2"] and chain["gain_2"] is LOW
    assert eval(repr(chain), vars(mx)) == chain
    for wrong in ("a.b", "a[0]", "", " a"):
        with pytest.raises(ValueError, match="is not a name"):
            mx.Chain(**{wrong: LOW})
    with pytest.raises(KeyError, match="no member 'verb': there are gain, gain_2"):
        chain["verb"]
    with pytest.raises(AttributeError, match="no member 'verb'"):
        chain.verb  # noqa: B018


def test_members_by_place_name_and_attribute():
    chain = mx.Chain(low=LOW, high=HIGH)
    assert chain[0] is chain["low"] is chain.low is LOW and chain[-1] is HIGH
    assert isinstance(chain[:1], mx.Chain) and chain[:1] == mx.Chain(low=LOW)
    chain["low"] = mx.Gain(-3)
    assert chain.names == ["low", "high"] and chain.low.gain_db == -3
    chain["out"] = mx.Gain(1)
    assert chain.names == ["low", "high", "out"]
    del chain["high"]
    assert len(chain) == 2 and "high" not in dir(chain) and "out" in dir(chain)


def test_the_behaviour_of_a_list():
    chain = mx.Chain()
    assert len(chain) == 0 and not chain
    chain.append(LOW)
    chain.insert(0, HIGH)
    chain += [mx.Gain(1)]
    chain.extend([mx.Gain(2)])
    assert list(chain) == [HIGH, LOW, mx.Gain(1), mx.Gain(2)]
    assert chain.pop() == mx.Gain(2) and chain.index(LOW) == 1 and LOW in chain and chain.count(LOW) == 1
    chain.reverse()
    assert chain[0] == mx.Gain(1)
    chain[1:] = [HIGH]
    assert len(chain) == 2
    chain.remove(HIGH)
    chain.clear()
    assert chain == mx.Chain()
    x = noise(2, 10)
    assert np.array_equal(chain(x, RATE), x) and chain(x, RATE) is not x


def test_what_a_chain_refuses():
    with pytest.raises(TypeError, match="a chain holds effects, not str"):
        mx.Chain(["gain"])
    with pytest.raises(TypeError, match="Chain takes a list of effects, not Gain"):
        mx.Chain(LOW)
    inner = mx.Chain([LOW])
    outer = mx.Chain([inner])
    for use in (lambda: inner.append(outer), lambda: outer.append(outer)):
        with pytest.raises(ValueError, match="cannot hold itself"):
            use()
    with pytest.raises(TypeError, match="unhashable"):
        hash(outer)


def test_params_and_errors_name_the_member():
    chain = mx.Chain(low=LOW, tone=HIGH)
    assert chain.params["low.gain_db"].value == -6 and chain.params["tone.bands[0].gain_db"].value == 3
    with pytest.raises(ValueError, match="gain_db = 99 is outside"):
        chain.low.gain_db = 99


def test_responses_multiply():
    f = np.geomspace(20, 20_000, 50)
    chain = mx.Chain([LOW, HIGH, mx.Chain([LOW])])
    assert np.allclose(chain.response(f, RATE), LOW.response(f, RATE) ** 2 * HIGH.response(f, RATE), rtol=1e-12)


def test_a_chain_streams_and_takes_batches():
    chain = mx.Chain([LOW, HIGH])
    x = noise(2, 3_000)
    with chain.stream(RATE) as s:
        y = np.concatenate([s(x[:, :1]), s(x[:, 1:2_000]), s(x[:, 2_000:]), s.flush()], axis=1)
    assert np.array_equal(y, chain(x, RATE, tail="auto"))
    assert np.array_equal(chain([x, x[:, :5]], RATE)[1], chain(x[:, :5], RATE))
    assert "<svg" in chain._repr_html_() and "low" not in mx.Chain()._repr_html_()
    assert chain.process(x, RATE).report["readings"] == {}


def test_readings_are_named_by_member(cls):
    fx = cls()
    readings = mx.Chain(one=fx, two=fx)._readings()
    assert {name.partition(".")[2] for name in readings} == set(fx._readings())
    assert all(place.id >> 48 == (name.startswith("two")) for name, place in readings.items())
    assert set(fx.process(noise(channels_of(fx), 10), RATE).report["readings"]) == set(fx._readings())
