"""Modulation against formulas in numpy."""

import mixdsp as mx
import numpy as np
import pytest
import scipy.signal

RATE = 48_000
TURN = 2 * np.pi


def sine(hz, seconds=2.0):
    return np.sin(TURN * hz * np.arange(int(seconds * RATE)) / RATE)[None]


def test_a_vibrato_reads_the_past():
    fx = mx.Chorus(rate_hz=6, depth_ms=2, delay_ms=3, mix=1)
    time = np.arange(2 * RATE) / RATE
    delay = 1e-3 * (3 + (1 + np.sin(TURN * 6 * time)))
    expected = np.sin(TURN * 1_000 * (time - delay))
    assert np.abs(fx(sine(1_000), RATE)[0] - expected)[1_000:].max() < 10 ** (-90 / 20)


@pytest.mark.parametrize(("feedback", "through_zero_ms"), [(0.0, 0.0), (0.7, 0.0), (0.0, 2.0)])
def test_a_flanger_that_stands_is_a_comb(feedback, through_zero_ms):
    fx = mx.Flanger(hold=True, feedback=feedback, delay_ms=1, depth_ms=0, through_zero_ms=through_zero_ms)
    x = np.zeros((1, RATE))
    x[0, 0] = 1
    heard = np.fft.rfft(fx(x, RATE)[0])
    delays = np.zeros(49)
    delays[48] = 1
    line = scipy.signal.freqz(delays, worN=RATE // 2 + 1, include_nyquist=True)[1]
    # A call takes the latency away again.
    turn = np.exp(2j * np.pi * np.arange(RATE // 2 + 1) * round(through_zero_ms * 48) / RATE)
    wet = 0.5 * np.sqrt(1 - feedback**2) * line / (1 - feedback * line) * turn
    expected = 0.5 + wet
    if through_zero_ms:
        # What came before the dry sound was cut off with the latency.
        assert fx.latency_samples(RATE) == 96
        x[0] = np.roll(x[0], 1_000)
        heard = np.fft.rfft(np.roll(fx(x, RATE)[0], -1_000))
    assert np.abs(heard - expected).max() < 1e-9


@pytest.mark.parametrize("stages", [2, 5, 12])
def test_a_phaser_that_stands_is_its_all_passes(stages):
    fx = mx.Phaser(hold=True, frequency_hz=1_000, feedback=0.6, stages=stages)
    x = np.zeros((1, RATE))
    x[0, 0] = 1
    heard = np.fft.rfft(fx(x, RATE)[0])
    g = np.tan(np.pi * 1_000 / RATE)
    one = np.array([g - 1, g + 1]) / (1 + g)
    z = np.exp(-1j * np.pi * np.arange(RATE // 2 + 1) / (RATE // 2))
    all_pass = ((one[0] + z) / (1 + one[0] * z)) ** stages
    expected = 0.5 + 0.5 * 0.8 * all_pass / (1 - 0.6 * all_pass)
    assert np.abs(heard - expected).max() < 1e-4


def test_an_auto_pan_keeps_the_power():
    left, right = mx.Tremolo.preset("auto_pan")(np.ones((2, 4 * RATE)), RATE)
    assert np.abs(left**2 + right**2 - 1).max() < 1e-6
    assert left.min() < 1e-3
    assert right.min() < 1e-3


def test_notes_and_streams_and_blocks():
    x = np.random.default_rng(2).uniform(-0.5, 0.5, (2, RATE))
    for fx in (
        mx.Chorus(sync="eighth", tempo_bpm=90, voices=3),
        mx.Flanger.preset("jet"),
        mx.Phaser.preset("slow"),
        mx.Tremolo.preset("chopper"),
    ):
        whole = fx(x, RATE)
        with fx.stream(RATE, 2) as stream:
            parts = [stream(x[:, at : at + 777]) for at in range(0, RATE, 777)]
        assert np.array_equal(np.concatenate(parts, axis=1), whole)
    by_rate = mx.Tremolo(3)(x, RATE)
    assert np.array_equal(mx.Tremolo(sync="quarter", tempo_bpm=180)(x, RATE), by_rate)
