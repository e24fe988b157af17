"""Pictures: what is drawn is what was measured. Read back from the lines, without looking."""

import subprocess
import sys

import matplotlib
import mixdsp as mx
import numpy as np
import pytest

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

RATE = 48_000


@pytest.fixture(autouse=True)
def figure():
    yield pyplot.figure()
    pyplot.close("all")


def line(ax, at=-1):
    return ax.get_lines()[at].get_data()


def noise(*shape, level=0.3):
    return np.random.default_rng(0).uniform(-level, level, shape).astype(np.float32)


def test_a_response_is_that_of_the_engine():
    eq = mx.Equalizer([mx.bell(1_000, 6), mx.highpass(50)])
    hertz, db = line(mx.plot.response(eq, RATE, label="eq"))
    assert np.allclose(db, 20 * np.log10(np.abs(eq.response(hertz, RATE))), atol=1e-6)
    assert mx.plot.response(eq, RATE, phase=True).get_ylabel() == "phase, degrees"
    with pytest.raises(TypeError, match="is not a filter"):
        mx.plot.response(mx.Compressor(), RATE)


def test_together_is_the_sum():
    ax = mx.plot.responses([mx.Equalizer(mx.bell(100, 3)), mx.Equalizer(mx.bell(1_000, -6))])
    a, b, both = (line(ax, at)[1] for at in range(3))
    assert np.allclose(a + b, both, atol=1e-6)


def test_a_static_curve_follows_the_ratio():
    levels, out = line(mx.plot.static_curve(mx.Compressor(-30, 5, knee_db=0)))
    assert np.allclose(out[levels > -25], (-30 + (levels + 30) / 5)[levels > -25], atol=0.1)
    with pytest.raises(TypeError, match="no static curve"):
        mx.plot.static_curve(mx.Gain())


def test_a_decay_falls():
    seconds, db = line(mx.plot.decay(mx.Reverb(decay_seconds=0.8)))
    assert db[0] == 0 and db[-1] < -60 and (np.diff(db) <= 0).all() and seconds[-1] < 3
    with pytest.raises(TypeError, match="no tail"):
        mx.plot.decay(mx.Gain())


def test_gain_over_time():
    x = np.concatenate([np.full(4_000, 0.01), np.full(8_000, 0.9)]).astype(np.float32)
    r = mx.Compressor(-20, 8, attack_ms=1).process(x, RATE)
    seconds, gain = line(mx.plot.gain_reduction(r))
    assert seconds[-1] == pytest.approx(12_000 / RATE, rel=0.01)
    assert gain[0] == 0 and gain[-1] == pytest.approx(r.gain_db[-1], abs=0.1)
    with pytest.raises(TypeError, match="no gain"):
        mx.plot.gain_reduction(mx.Gain().process(x, RATE))


def test_loudness_over_time(tmp_path):
    x = noise(2, 6 * RATE)
    ax = mx.plot.loudness(x, RATE, target="spotify")
    momentary, short_term = (line(ax, at)[1] for at in (0, 1))
    report = mx.loudness(x, RATE)
    assert np.nanmax(short_term) == pytest.approx(report.short_term_max, abs=0.05)
    assert momentary.size == 60 and line(ax, 2)[1][0] == report.integrated and line(ax, 3)[1][0] == -14
    mx.write(tmp_path / "x.wav", x, RATE)
    assert mx.plot.loudness(tmp_path / "x.wav") is not None


def test_a_spectrum_shows_a_sine_where_it_is():
    frequency = RATE / 16_384 * 400
    x = np.sin(2 * np.pi * frequency * np.arange(4 * RATE) / RATE)
    hertz, db = line(mx.plot.spectrum(x, RATE, octave_fraction=None))
    assert hertz[np.argmax(db)] == pytest.approx(frequency) and db.max() == pytest.approx(0, abs=0.01)
    smooth = line(mx.plot.spectrum(noise(2, 10 * RATE), RATE, axis=-1))[1]
    assert np.ptp(smooth[200:]) < 3, "white noise is flat"
    assert mx.plot.spectrum(noise(2, 100).T, RATE, axis=0) is not None


def test_a_vectorscope_stands_upright_for_mono():
    x = noise(1, 5_000)
    points = mx.plot.vectorscope(np.concatenate([x, x])).collections[-1].get_offsets()
    assert np.abs(points[:, 0]).max() < 1e-7 and np.ptp(points[:, 1]) > 0.5
    with pytest.raises(ValueError, match="shows two"):
        mx.plot.vectorscope(x)


def test_a_waveform_keeps_its_peaks():
    x = noise(2, 100_000)
    x[1, 5_000] = 0.99
    vertices = mx.plot.waveform(x, RATE).collections[0].get_paths()[0].vertices
    assert vertices[:, 1].max() == pytest.approx(0.99, abs=1e-6)


def test_axes_of_ones_own_and_a_figure_that_saves(tmp_path):
    figure, (one, two) = pyplot.subplots(2)
    assert mx.plot.response(mx.Equalizer(mx.bell(100, 3)), ax=one) is one
    assert mx.plot.loudness(noise(2, RATE), RATE, ax=two) is two
    figure.savefig(tmp_path / "x.png")
    assert (tmp_path / "x.png").stat().st_size > 5_000


def test_matplotlib_is_needed_for_pictures_alone():
    code = """
import sys
sys.modules["matplotlib"] = None
import mixdsp as mx
assert "mixdsp.plot" not in sys.modules
mx.Equalizer()._repr_html_()
try:
    mx.plot.response(mx.Equalizer())
except ImportError as error:
    assert "pip install mixdsp[plot]" in str(error)
else:
    raise SystemExit("no error")
"""
    subprocess.run([sys.executable, "-c", code], check=True)
