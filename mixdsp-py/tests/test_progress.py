"""Progress of long work: what is told, what is shown, and that a function of one's own may end it."""

import sys

import mixdsp as mx
import numpy as np
import pytest
from catalogue import RATE, noise

BATCH = [noise(2, 2_000, seed=seed) for seed in range(12)]


@pytest.fixture(autouse=True)
def every_step(monkeypatch):
    monkeypatch.setattr("mixdsp.engine._progress.INTERVAL_SECONDS", 0)


def mixer():
    mix = mx.Mixer(RATE)
    mix.track("x", noise(2, 20_000), chain=mx.Gain(-3))
    return mix


WORK = {
    "call": lambda **kwargs: mx.Gain(-6)(BATCH, RATE, **kwargs),
    "call on threads": lambda **kwargs: mx.Gain(-6)(BATCH, RATE, threads=3, **kwargs),
    "process": lambda **kwargs: [each.audio for each in mx.Gain(-6).process(BATCH, RATE, **kwargs)],
    "leading axes": lambda **kwargs: mx.Gain(-6)(np.stack(BATCH), RATE, threads=2, **kwargs),
    "render": lambda **kwargs: mixer().render(**kwargs),
    "normalize": lambda **kwargs: mx.normalize(noise(2, RATE), RATE, lufs=-20, **kwargs).audio,
    "master": lambda **kwargs: mx.master(noise(2, RATE), RATE, lufs=-20, **kwargs).audio,
}


@pytest.mark.parametrize("way", WORK)
def test_a_function_is_told_the_share_that_is_done(way):
    told = []
    result = WORK[way](progress=told.append)
    assert all(0 <= share <= 1 for share in told) and told == sorted(set(told)) and told[-1] == 1
    if "render" not in way and len(told) == len(BATCH):
        assert told == pytest.approx([(k + 1) / len(BATCH) for k in range(len(BATCH))])
    for one, other in zip(result, WORK[way]()):
        assert np.array_equal(one, other), "being watched changes nothing"


@pytest.mark.parametrize("way", WORK)
def test_a_function_that_raises_ends_the_work(way):
    class Enough(Exception):
        pass

    def stop(share):
        raise Enough

    with pytest.raises(Enough):
        WORK[way](progress=stop)


@pytest.mark.parametrize("way", WORK)
def test_a_bar_where_tqdm_is_and_a_line_where_it_is_not(way, monkeypatch, capsys):
    WORK[way](progress=True)
    told = capsys.readouterr()
    assert "100 %" in told.err and "|" in told.err and not told.out
    monkeypatch.setitem(sys.modules, "tqdm.auto", None)
    WORK[way](progress=True)
    told = capsys.readouterr()
    assert told.err.endswith("100 %\n") and "|" not in told.err and not told.out
    for quiet in (False, None):
        WORK[way](progress=quiet)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("way", WORK)
def test_progress_of_another_kind(way):
    with pytest.raises(TypeError, match="progress must be True, False or a function, not str"):
        WORK[way](progress="bar")
