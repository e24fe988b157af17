"""Deliver: sets of formats at once; and the faults of premasters."""

import json
import os
import shutil
import subprocess

import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal
import soundfile
from mixdsp._command import main as run_command
from test_release_files import chunks

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def mix(rate=48_000, seconds=8, seed=0, level=0.08):
    random = np.random.default_rng(seed)
    time = np.arange(seconds * rate) / rate
    x = level * random.standard_normal((2, time.size)) + level * np.sin(2 * np.pi * 60 * time)
    hit = np.exp(-np.arange(rate // 4) / (0.01 * rate)) * random.standard_normal(rate // 4) * 0.4
    for at in range(rate // 3, x.shape[1] - hit.size, rate):
        x[:, at : at + hit.size] += hit
    # Beyond 0.45 of the rate no two meters agree on a true peak.
    return scipy.signal.oaconvolve(x, scipy.signal.firwin(255, 0.84)[np.newaxis], mode="same", axes=-1).astype(np.float32)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000])
def test_each_destination_gets_its_own(tmp_path, rate):
    mx.write(tmp_path / "song.wav", mix(rate), rate, bits=24)
    mx.write_tags(tmp_path / "song.wav", {"title": "Lied", "isrc": "DEA122600001"})
    made = mx.deliver(tmp_path / "song.wav", "spotify,apple,cd,broadcast", tmp_path / "out", lufs=-12, tags={"artist": "Wir"},
                      broadcast=mx.Broadcast(description="Lied"))
    assert [each.destination.key for each in made] == ["spotify", "apple", "cd", "broadcast"]
    expected = {
        "spotify": ("FLAC", "PCM_24", rate, -14, -1), "apple": ("WAV", "PCM_24", rate, -16, -1),
        "cd": ("WAV", "PCM_16", 44_100, -12, -0.3), "broadcast": ("WAV", "PCM_24", 48_000, -23, -1),
    }
    for each in made:
        kind, depth, hertz, lufs, ceiling = expected[each.destination.key]
        file = soundfile.info(each.path)
        assert (file.format.replace("WAVEX", "WAV"), file.subtype, file.samplerate) == (kind, depth, hertz)
        x, _ = soundfile.read(each.path)
        assert pyloudnorm.Meter(hertz).integrated_loudness(x) == pytest.approx(lufs, abs=0.1)
        assert 20 * np.log10(np.abs(scipy.signal.resample_poly(x, 8, 1, axis=0)).max()) <= ceiling
        assert "Lied" in str(__import__("mutagen").File(each.path)) and "Wir" in str(__import__("mutagen").File(each.path))
        assert each.destination.source and each.destination.as_of
    names = [name for name, _ in chunks(tmp_path / "out" / "broadcast" / "song.wav")]
    assert b"bext" in names and b"iXML" in names
    assert b"bext" not in [name for name, _ in chunks(tmp_path / "out" / "apple" / "song.wav")]
    assert not [path for path in (tmp_path / "out").rglob(".mixdsp*")]


def test_mono_silence_and_many_channels(tmp_path):
    mx.write(tmp_path / "mono.wav", mix()[:1], 48_000)
    (made,) = mx.deliver(tmp_path / "mono.wav", ["apple"], tmp_path / "out")
    x, _ = soundfile.read(made.path)
    assert x.shape[1] == 2 and np.abs(x[:, 0] - x[:, 1]).max() < 2**-21
    mx.write(tmp_path / "silent.wav", np.zeros((2, 48_000)), 48_000)
    (made,) = mx.deliver(tmp_path / "silent.wav", "cd", tmp_path / "out")
    assert not soundfile.read(made.path)[0].any() and made.loudness.integrated is None
    mx.write(tmp_path / "six.wav", np.zeros((6, 48_000)), 48_000)
    with pytest.raises(ValueError, match="6 channels; Spotify takes 2"):
        mx.deliver(tmp_path / "six.wav", "spotify", tmp_path / "six")


def test_all_or_nothing(tmp_path):
    mx.write(tmp_path / "song.wav", mix(), 48_000)
    with pytest.raises(ValueError, match="did you mean 'spotify'"):
        mx.deliver(tmp_path / "song.wav", "spotfy", tmp_path / "out")
    with pytest.raises(mx.TooMuchLimiting):
        mx.deliver(tmp_path / "song.wav", "broadcast,cd", tmp_path / "out", lufs=-1, max_limiting_db=1)
    assert not [path for path in (tmp_path / "out").rglob("*") if path.is_file()]
    mx.deliver(tmp_path / "song.wav", "apple", tmp_path / "out")
    with pytest.raises(FileExistsError, match="overwrite=True"):
        mx.deliver(tmp_path / "song.wav", "apple", tmp_path / "out")
    mx.deliver(tmp_path / "song.wav", "apple", tmp_path / "out", overwrite=True)
    os.makedirs(tmp_path / "in" / "apple")
    os.link(tmp_path / "song.wav", tmp_path / "in" / "apple" / "song.wav")
    with pytest.raises(ValueError, match="would be written over"):
        mx.deliver(tmp_path / "song.wav", "apple", tmp_path / "in", overwrite=True)


def test_the_command(tmp_path, capsys):
    mx.write(tmp_path / "a.wav", mix(), 48_000)
    line = ["deliver", str(tmp_path / "a.wav"), "--for", "spotify,broadcast", "-o", str(tmp_path / "out"), "-q"]
    assert run_command([*line, "--json", "--tag", "isrc=DE-A12-26-00001", "--description", "Lied"]) == 0
    rows = [json.loads(text) for text in capsys.readouterr().out.splitlines()]
    assert [row["destination"] for row in rows] == ["spotify", "broadcast"] and "Spotify for Artists" in rows[0]["source"]
    assert run_command(line) == 2
    assert run_command([*line, "--overwrite", "--tag", "isrc=DE"]) == 2 and "two letters" in capsys.readouterr().err
    assert run_command(["deliver", str(tmp_path / "a.wav"), "--for", "minidisc", "-o", str(tmp_path / "out")]) == 2
    (tmp_path / "text.wav").write_text("no audio")
    assert run_command(["deliver", str(tmp_path / "text.wav"), "--for", "cd", "-o", str(tmp_path / "out"), "-q"]) == 3
    assert run_command(["deliver", str(tmp_path / "none.wav"), "--for", "cd", "-o", str(tmp_path / "out"), "-q"]) == 3
    assert not list((tmp_path / "out").glob("cd/*"))
    capsys.readouterr()
    assert run_command([*line, "--overwrite"]) == 0 and "broadcast" in capsys.readouterr().out


def faults(tmp_path, x, rate=48_000, name="f.wav", bits=24):
    from mixdsp._command import _check
    from mixdsp._command._listen import listen

    mx.write(tmp_path / name, x, rate, bits=bits)
    heard = listen(str(tmp_path / name), lambda share: None)
    return _check.faults(heard, None), heard


def music(rate=48_000, seconds=8, seed=0):
    """Two voices in the middle, two at the sides, pink noise for a room, up to half the rate."""
    random = np.random.default_rng(seed)
    white = random.standard_normal((3, seconds * rate))
    pink = scipy.signal.lfilter([0.049922, -0.095993, 0.050612, -0.004408], [1, -2.494956, 2.017265, -0.522189], white)
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 0.7 * np.arange(seconds * rate) / rate)
    return (np.vstack([pink[0] + 0.5 * pink[1], pink[0] + 0.5 * pink[2]]) * swell * 0.5).astype(np.float32)


def test_a_sound_premaster_has_no_fault(tmp_path):
    for rate in (44_100, 48_000, 96_000):
        found, _ = faults(tmp_path, music(rate), rate)
        assert not found, (rate, found)


@pytest.mark.parametrize("late", [-300, -7, 1, 2, 40, 441])
def test_a_channel_that_is_late(tmp_path, late):
    x = music()
    i = 0 if late < 0 else 1
    x[i] = np.roll(x[i], abs(late))
    found, heard = faults(tmp_path, x)
    assert heard.premaster["lag_samples"] == late
    assert [f"the {'left' if late < 0 else 'right'} channel is late by {abs(late)} samples, {abs(late) / 48:.2f} ms"] == found


def test_bass_out_of_phase(tmp_path):
    x = music()
    low = scipy.signal.sosfiltfilt(scipy.signal.butter(4, 150, fs=48_000, output="sos"), x)
    low = np.vstack([low[0], low[0]])
    found, _ = faults(tmp_path, x - low + 2 * low * np.array([[1], [-1]]))
    assert len(found) == 1 and found[0].startswith("bass out of phase: left and right correlate by -"), found


@pytest.mark.parametrize("level_db", [-60, -48])
def test_noise_in_pauses(tmp_path, level_db):
    x = music()
    x[:, 100_000:200_000] = 0
    hiss = np.random.default_rng(5).standard_normal(x.shape) * 10 ** (level_db / 20)
    found, heard = faults(tmp_path, x + hiss)
    assert len(found) == 1 and found[0].startswith("noise of"), found
    assert float(found[0].split()[2]) == pytest.approx(level_db, abs=0.5)
    silent, _ = faults(tmp_path, x)
    assert not silent
    fade = x * np.linspace(1, 0, x.shape[1]) ** 3
    fade[:, 100_000:200_000] = x[:, 200_000:300_000]
    assert not faults(tmp_path, fade)[0]


@pytest.mark.parametrize("true_rate", [44_100, 48_000])
def test_a_file_at_a_higher_rate_than_it_was(tmp_path, true_rate):
    x = mx.resample(music(true_rate), true_rate, 96_000)
    found, _ = faults(tmp_path, x, 96_000)
    assert len(found) == 1 and f"it was {true_rate} Hz once and not 96000 Hz" in found[0], found


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
def test_a_file_that_was_lossy(tmp_path):
    mx.write(tmp_path / "x.wav", music(44_100), 44_100)
    mx.encode(tmp_path / "x.wav", tmp_path / "x.mp3", kbps=128)
    subprocess.run(["ffmpeg", "-v", "error", "-i", tmp_path / "x.mp3", tmp_path / "y.wav"], check=True)
    x, rate = mx.read(tmp_path / "y.wav")
    found, _ = faults(tmp_path, x, rate)
    assert len(found) == 1 and found[0].endswith("encoded with loss, or cut"), found
    assert float(found[0].split()[2]) == pytest.approx(16.5, abs=0.7)


def test_clipping_dc_and_silence_are_faults_still(tmp_path):
    x = music()
    clipped, _ = faults(tmp_path, np.clip(4 * x / np.abs(x).max(), -1, 1 - 2**-23))
    assert any("clipped:" in fault for fault in clipped)
    offset, _ = faults(tmp_path, x + np.float32(0.01))
    assert any("DC offset" in fault for fault in offset)
    padded, _ = faults(tmp_path, np.pad(x, ((0, 0), (150_000, 150_000))))
    assert sum("of silence" in fault for fault in padded) == 2
