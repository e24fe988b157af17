"""Loudness, against pyloudnorm and libebur128, and meters that merge and travel."""

import copy
import ctypes
import ctypes.util
import json
import pickle
import re
import shutil
import subprocess

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal

RATE = 48_000


def programme(seconds=20, channels=2, rate=RATE, seed=0):
    """Noise whose level moves, as music's does."""
    random = np.random.default_rng(seed)
    samples = round(seconds * rate)
    # Falls by 6 dB per octave above 2 kHz, as music's spectrum does.
    fall = np.exp(-2 * np.pi * 2_000 / rate)
    x = scipy.signal.lfilter([1 - fall], [1, -fall], random.standard_normal((channels, samples))) * 0.3
    level = np.interp(np.arange(samples), np.linspace(0, samples, 12), 10 ** random.uniform(-1.5, 0, 12))
    return (x * level).astype(np.float32)


def drift_db(rate):
    """By how much pyloudnorm's high-pass, whose gain is right at 48 kHz alone, is too quiet at another rate."""

    def denominator(rate):
        k = np.tan(np.pi * 38.13547087602444 / rate)
        return 1 + k / 0.5003270373238773 + k * k

    return 20 * np.log10(denominator(48_000) / denominator(rate))


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 5])
def test_against_pyloudnorm(rate, channels):
    x = programme(10, channels, rate, seed=channels)
    theirs = pyloudnorm.Meter(rate, filter_class="DeMan").integrated_loudness(x.T.astype(np.float64))
    ours = mx.loudness(x, rate).integrated - drift_db(rate)
    # Its last block begins where ours does not; the rest is rounding and bins.
    assert ours == pytest.approx(theirs, abs=0.005)


class Ebur128:
    """libebur128, the reference that others use."""

    MODES = 0b111111 | 1 << 6

    def __init__(self, x, rate):
        name = ctypes.util.find_library("ebur128")
        if name is None:
            pytest.skip("libebur128 is not on this machine")
        self.library = library = ctypes.CDLL(name)
        library.ebur128_init.restype = ctypes.c_void_p
        library.ebur128_init.argtypes = [ctypes.c_uint, ctypes.c_ulong, ctypes.c_int]
        self.state = ctypes.c_void_p(library.ebur128_init(len(x), rate, self.MODES))
        data = np.ascontiguousarray(x.T, np.float32)
        library.ebur128_add_frames_float(self.state, data.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(data)))

    def read(self, what):
        value = ctypes.c_double()
        assert self.library[f"ebur128_{what}"](self.state, ctypes.byref(value)) == 0
        return value.value

    def true_peak(self, channel):
        value = ctypes.c_double()
        assert self.library.ebur128_true_peak(self.state, ctypes.c_uint(channel), ctypes.byref(value)) == 0
        return 20 * np.log10(value.value)


@pytest.mark.parametrize("seed", range(3))
def test_against_libebur128(seed):
    x = programme(40, seed=seed)
    theirs = Ebur128(x, RATE)
    meter = mx.meter_of(x, RATE)
    ours = meter.report()
    assert ours.integrated == pytest.approx(theirs.read("loudness_global"), abs=0.02)
    assert meter.momentary == pytest.approx(theirs.read("loudness_momentary"), abs=0.02)
    assert meter.short_term == pytest.approx(theirs.read("loudness_shortterm"), abs=0.02)
    # Its kernel of 12 taps ripples; ours reads no less.
    peak = max(theirs.true_peak(0), theirs.true_peak(1))
    assert peak - 0.2 < ours.true_peak < peak + 0.4


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("seed", range(3))
def test_range_against_ffmpeg(seed, tmp_path):
    """Not libebur128: its short-term blocks are 1 s apart, where Tech 3342 asks for 100 ms."""
    mx.write(tmp_path / "x.wav", programme(40, seed=seed), RATE, bits=32)
    line = ["ffmpeg", "-nostats", "-i", str(tmp_path / "x.wav"), "-af", "ebur128", "-f", "null", "-"]
    told = subprocess.run(line, capture_output=True, text=True, check=True).stderr
    theirs = float(re.findall(r"LRA:\s+(\S+) LU", told)[-1])
    assert mx.loudness(tmp_path / "x.wav").range == pytest.approx(theirs, abs=0.2)


def test_a_sine_reads_what_the_standard_says():
    t = np.arange(20 * RATE) / RATE
    x = np.sin(2 * np.pi * 997 * t)
    assert mx.loudness(x, RATE).integrated == pytest.approx(-3.01, abs=0.01)
    stereo = np.stack([x, x]) * 10 ** (-23 / 20)
    assert mx.loudness(stereo, RATE).integrated == pytest.approx(-23.0, abs=0.02)
    assert mx.loudness(x, RATE, layout="dual_mono").integrated == pytest.approx(0.0, abs=0.01)
    report = mx.loudness(stereo, RATE)
    assert report.range == pytest.approx(0.0, abs=0.01)
    assert report.sample_peak == pytest.approx(-23, abs=0.01) and report.rms == pytest.approx(-26.01, abs=0.01)
    assert report.seconds == pytest.approx(20) and report.channels[1].share == pytest.approx(0.5)


def test_readings_that_do_not_exist_are_none():
    meter = mx.LoudnessMeter(RATE)
    assert meter.integrated is None and meter.momentary is None and meter.range is None and meter.true_peak is None
    meter.add(np.zeros((2, RATE)))
    assert meter.integrated is None and meter.momentary is None
    report = mx.loudness(np.zeros((2, 100)), RATE)
    assert report.integrated is None and report.short_term_max is None
    assert "integrated=None" in repr(report)
    json.dumps(report.to_dict())


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_any_blocks_give_the_same_numbers(kind):
    x = programme(8).astype(kind)
    whole = mx.loudness(x, RATE)
    random = np.random.default_rng(0)
    meter = mx.LoudnessMeter(RATE)
    at = 0
    while at < x.shape[1]:
        size = int(random.integers(0, 9_000))
        meter.add(x[:, at : at + size])
        at += size
    meter.finish()
    assert meter.report() == whole


def test_layouts_and_types_of_arrays():
    x = programme(4)
    expected = mx.loudness(x, RATE)
    for y in (np.asfortranarray(x), x[:, ::-1].copy()[:, ::-1], x.astype(">f4")):
        assert mx.loudness(y, RATE) == expected
    assert mx.loudness(x.T, RATE, axis=0) == expected
    assert mx.loudness(np.ascontiguousarray(x.T), RATE, axis=0) == expected
    double = mx.loudness(x.astype(np.float64), RATE)
    assert double.integrated == pytest.approx(expected.integrated, abs=1e-4)
    assert mx.loudness(np.stack([x, x]), RATE) == [expected, expected]
    assert mx.loudness([x, x[:, : 2 * RATE]], RATE)[1] == mx.loudness(x[:, : 2 * RATE], RATE)


def test_lists_on_threads():
    songs = [programme(3, seed=seed) for seed in range(6)]
    told = []
    assert mx.loudness(songs, RATE, threads=3, progress=told.append) == mx.loudness(songs, RATE)
    assert told[-1] == 1.0 and told == sorted(told)
    with pytest.raises(ValueError, match="is NaN"):
        mx.loudness([*songs, np.full((2, 10), np.nan)], RATE, threads=3)


def test_merged_meters_measure_the_album():
    songs = [programme(6, seed=seed) for seed in range(3)]
    album = mx.LoudnessMeter(RATE)
    energies = []
    for song in songs:
        meter = mx.meter_of(song, RATE)
        album.merge(pickle.loads(pickle.dumps(meter)))
        energies.append(meter.report().true_peak)
    assert album.true_peak == max(energies) and album.seconds == pytest.approx(18)
    # Gated over all blocks, as one programme with gaps between the songs.
    gap = np.zeros((2, 0), np.float32)
    whole = mx.loudness(np.concatenate([songs[0], gap, songs[1], songs[2]], axis=1), RATE)
    assert album.integrated == pytest.approx(whole.integrated, abs=0.1)
    with pytest.raises(ValueError, match="different numbers of channels"):
        album.merge(mx.LoudnessMeter(RATE, 3))
    with pytest.raises(TypeError, match="takes a LoudnessMeter"):
        album.merge("meter")
    with pytest.raises(ValueError):
        album.merge_bytes(b"damaged")


def test_parts_measured_apart_are_the_whole():
    """Seeded with what comes before, parts measure to the bin what the whole does."""
    x = programme(20)
    whole = mx.meter_of(x, RATE)
    parts = []
    for start, end in ((0, 6), (6, 13), (13, 20)):
        meter = mx.LoudnessMeter(RATE)
        meter.seed(x[:, max(start - 3, 0) * RATE : start * RATE])
        meter.add(x[:, start * RATE : end * RATE])
        parts.append(pickle.loads(pickle.dumps(meter)))
    parts[-1].finish()
    first, *others = parts
    for part in others:
        first.merge(part)
    assert first.integrated == pytest.approx(whole.integrated, abs=1e-6)
    assert first.range == pytest.approx(whole.range, abs=1e-6)
    assert first.report().momentary_max == pytest.approx(whole.report().momentary_max, abs=1e-6)


def test_pickle_keeps_what_was_measured_and_how():
    meter = mx.LoudnessMeter(RATE, 2, "custom", speakers=[{"azimuth_deg": 90}, {"azimuth_deg": 30}], range=False)
    meter.add(programme(3))
    for same in (pickle.loads(pickle.dumps(meter)), copy.deepcopy(meter)):
        assert same.integrated == meter.integrated and same.true_peak == meter.true_peak
        assert same.layout == "custom" and same.range is None
        same.merge(meter)
    assert len(meter.to_bytes()) < 20_000


def test_pause_resume_and_reset():
    x = programme(4)
    meter = mx.LoudnessMeter(RATE)
    meter.add(x)
    before = meter.integrated
    meter.pause()
    meter.add(x * 3)
    assert meter.integrated == before and meter.seconds == pytest.approx(4)
    assert meter.momentary is not None
    meter.resume()
    meter.add(x * 3)
    assert meter.integrated > before
    meter.reset()
    assert meter.integrated is None and meter.seconds == 0


def test_history_is_every_tenth_of_a_second():
    x = programme(5)
    momentary, short_term = mx.meter_of(x, RATE, history=True).history
    assert momentary.shape == short_term.shape == (50,)
    assert np.isnan(momentary[:3]).all() and np.isfinite(momentary[3:]).all()
    assert np.nanmax(momentary) <= mx.loudness(x, RATE).momentary_max + 1e-3
    assert mx.LoudnessMeter(RATE).history is None


def test_errors_and_cleaning():
    x = np.zeros((2, 100))
    x[1, 50] = np.inf
    with pytest.raises(ValueError, match="sample 50 of channel 1 is inf"):
        mx.loudness(x, RATE)
    assert mx.loudness(x, RATE, check_finite=False).sample_peak is None
    with pytest.raises(ValueError, match="3 channels, the meter has 2"):
        mx.LoudnessMeter(RATE).add(np.zeros((3, 10)))
    with pytest.raises(ValueError, match="layout = 'quad' is not one of"):
        mx.LoudnessMeter(RATE, 4, "quad")
    with pytest.raises(TypeError, match="sample_rate is missing"):
        mx.loudness(x)
    with pytest.raises(ValueError, match="no reading 'loud'"):
        mx.LoudnessMeter(RATE).reading("loud")
    with pytest.raises(TypeError, match="int16"):
        mx.loudness(np.zeros((2, 100), np.int16), RATE)


def test_a_file_is_measured_as_its_samples(tmp_path):
    x = programme(6)
    mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    assert mx.loudness(tmp_path / "x.wav") == mx.loudness(x, RATE)
    assert mx.loudness([tmp_path / "x.wav", str(tmp_path / "x.wav")])[1] == mx.loudness(x, RATE)
    with pytest.raises(TypeError, match="knows its sample rate"):
        mx.loudness(tmp_path / "x.wav", RATE)


def test_the_meter_in_a_chain_tells_what_passes():
    x = programme(5)
    r = mx.Chain([mx.Gain(-6), mx.Meter()]).process(x, RATE)
    assert np.array_equal(r.audio, mx.Gain(-6)(x, RATE))
    expected = mx.loudness(r.audio, RATE).integrated
    assert r.report["readings"]["loudness.integrated"] == pytest.approx(expected, abs=1e-6)


def test_a_channel_that_cannot_be_is_refused():
    meter = mx.LoudnessMeter(48_000)
    for channel in (65_536, 70_000):
        with pytest.raises(ValueError, match=f"no band or channel {channel}"):
            meter.reading("channel_rms_db", channel)
