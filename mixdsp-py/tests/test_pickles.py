"""Pickles of earlier versions load: `pickles_0_1.bin` is what 0.1 made of `things()`, when modules had other names."""

import pathlib
import pickle

import mixdsp as mx
import numpy as np
import pytest
from mixdsp.compat import pedalboard

OLD = pathlib.Path(__file__).with_name("pickles_0_1.bin")


def things():
    rate = 48_000
    x = np.sin(np.arange(rate // 2) / 10, dtype=np.float32)
    eq = mx.Equalizer([mx.highpass(30), mx.bell(320, -2.5, q=1.2)])
    meter = mx.LoudnessMeter(rate, 1)
    meter.add(x)
    mixer = mx.Mixer(rate)
    mixer.track("kick", x[:4], chain=[mx.Gain(-3, invert=True)], sends={"room": -12})
    mixer.bus("room", mx.Reverb())
    delivered = mx.normalize(x, rate, lufs=-20)
    return {
        "chain": mx.Chain(eq=eq, comp=mx.Compressor(-20, 2, key="kick"), limiter=mx.Limiter()),
        "bands": [mx.DynamicEqualizer([mx.DynamicEqualizer.Band(range_db=-6)]), mx.Crossover(mx.Crossover.Split(300))],
        "param": mx.Gain(-3).params["gain_db"],
        "processed": mx.Processed(x[:2], {"faults": 0}, None),
        "meter": meter,
        "loudness": meter.report(),
        "report": delivered.report,
        "delivered": mx.Delivered(None, delivered.report),
        "target": mx.TARGETS["spotify"],
        "info": mx.FileInfo("wav", rate, 2, 10, 24),
        "mixer": mixer,
        "send": mx.Send(-3.0),
        "board": pedalboard.Pedalboard([pedalboard.Gain(3.0), pedalboard.Reverb()]),
    }


def test_pickles_of_0_1_load():
    old, new = pickle.loads(OLD.read_bytes()), things()
    assert old.keys() == new.keys()
    for name in ("chain", "bands", "param", "target", "info", "send"):
        assert old[name] == new[name], name
    for name, each in new.items():
        assert type(old[name]) is type(each), name
    assert old["meter"].integrated == pytest.approx(old["loudness"].integrated, abs=1e-6)
    assert old["loudness"].integrated == pytest.approx(new["loudness"].integrated, abs=1e-3)
    assert old["report"].lufs == old["delivered"].report.lufs == -20
    assert old["mixer"]["kick"].chain == new["mixer"]["kick"].chain
    assert np.allclose(old["mixer"].render(tail="cut"), new["mixer"].render(tail="cut"), atol=1e-6)
    assert old["processed"].report == {"faults": 0}
    assert [type(each) for each in old["board"]] == [type(each) for each in new["board"]]
