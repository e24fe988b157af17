"""mixdsp.compat.pyloudnorm beside pyloudnorm itself: the same calls, the same numbers."""

import numpy as np
import pyloudnorm as theirs
import pytest
from mixdsp.compat import pyloudnorm as ours

BOTH = [theirs, ours]


def programme(rate, channels, seconds=20, seed=0):
    """Noise whose level changes every second, so that the gate and the range have something to do."""
    generator = np.random.default_rng(seed)
    levels = np.repeat(10 ** (generator.uniform(-45, -10, seconds) / 20), rate)
    x = generator.standard_normal((seconds * rate, channels)) * levels[:, None]
    return 0.2 * x[:, 0] if channels == 1 else 0.2 * x


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2, 3, 4, 5])
def test_loudness_and_range_are_theirs(channels, rate):
    x = programme(rate, channels, seed=channels)
    a, b = (module.Meter(rate).integrated_loudness(x) for module in BOTH)
    assert b == pytest.approx(a, abs=0.05)
    a, b = (module.Meter(rate).loudness_range(x) for module in BOTH)
    assert b == pytest.approx(a, abs=0.3)


def test_blocks_are_theirs():
    x = programme(48_000, 2)
    meters = [module.Meter(48_000) for module in BOTH]
    for meter in meters:
        meter.integrated_loudness(x)
    a, b = (meter.blockwise_loudness for meter in meters)
    assert len(a) == len(b)
    assert np.abs(np.array(a) - np.array(b)).max() < 0.05


def test_gains_are_theirs():
    x = programme(48_000, 2)
    for y in (x, x.astype(np.float32)):
        a, b = (module.normalize.peak(y, -3.0) for module in BOTH)
        assert np.abs(a - b).max() < 1e-6 and b.dtype == y.dtype
        a, b = (module.normalize.loudness(y, -30.0, -23.0) for module in BOTH)
        assert np.abs(a - b).max() < 1e-6
    with pytest.warns(UserWarning, match="Possible clipped samples"):
        ours.normalize.loudness(x, -30.0, 10.0)


def test_silence_stays_silent():
    silence = np.zeros((48_000, 2))
    assert ours.Meter(48_000).integrated_loudness(silence) == theirs.Meter(48_000).integrated_loudness(silence)
    assert not ours.normalize.loudness(silence, float("-inf"), -14.0).any()
    assert not ours.normalize.peak(silence, -1.0).any()
    assert np.isnan(ours.Meter(48_000).loudness_range(np.zeros((480_000, 2))))


@pytest.mark.parametrize(
    "data", [[0.0] * 48_000, np.zeros(48_000, int), np.zeros((48_000, 6)), np.zeros(1_000)], ids=str
)
def test_what_they_refuse_is_refused(data):
    messages = []
    for module in BOTH:
        with pytest.raises((ValueError, AttributeError)) as caught:
            module.Meter(48_000).integrated_loudness(data)
        messages.append(str(caught.value))
    assert messages[0] == messages[1] or not isinstance(data, np.ndarray)


def test_what_is_not_there_is_named():
    with pytest.raises(ValueError, match="filter_class = 'DeMan': only 'K-weighting' is there"):
        ours.Meter(48_000, "DeMan")
    with pytest.raises(ValueError, match=r"block_size = 0\.2: only 0\.4"):
        ours.Meter(48_000, block_size=0.2)
