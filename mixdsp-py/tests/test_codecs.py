"""Codecs: what encoders make of a master, and that decoded peaks hold under the ceiling that is found."""

import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import time

import meters
import mixdsp as mx
import numpy as np
import pyloudnorm
import pytest
import scipy.signal
from mixdsp._command import main as run_command
from validation import measured

pytestmark = [
    pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]
RATE = 44_100


def loud(seconds=6, rate=RATE, seed=0):
    """Hits, bass and chords, driven hard against -0.2 dBTP: what encoders make overs of."""
    random = np.random.default_rng(seed)
    time_ = np.arange(seconds * rate) / rate
    chord = sum(np.sin(2 * np.pi * f * time_ * np.array([[1], [1.003]])) for f in (110, 220 + seed, 331, 445, 1_320))
    x = 0.1 * random.standard_normal((2, time_.size)) + 0.2 * chord
    hit = np.exp(-np.arange(rate // 4) / (0.02 * rate)) * random.standard_normal(rate // 4)
    for at in range(0, x.shape[1] - hit.size, rate // 3):
        x[:, at : at + hit.size] += hit
    x = scipy.signal.oaconvolve(x, scipy.signal.firwin(255, 0.84)[np.newaxis], mode="same", axes=-1)
    return mx.limit_offline(x.astype(np.float32), rate, ceiling_db=-0.2, input_gain_db=9).audio


def by_ffmpeg(path, channels=2):
    raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-f", "f32le", "-c:a", "pcm_f32le", "-"], capture_output=True, check=True).stdout
    return np.frombuffer(raw, np.float32).reshape(-1, channels).T.copy()


@pytest.mark.skipif(not meters.ready(), reason="ffmpeg and sox are needed")
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_decoded_peaks_hold_on_six_meters(tmp_path, seed):
    path = tmp_path / "m.wav"
    mx.write(path, loud(seed=seed), RATE, bits=24)
    found = mx.codecs(path, ceiling_db=-0.5, out=tmp_path / "coded")
    assert [coded.codec for coded in found] == ["aac_256", "mp3_320", "opus_128", "vorbis_320"]
    over = -100.0
    for coded in found:
        assert coded.true_peak > -0.5 and coded.rise_db > 0 and coded.ceiling_db < -0.5, coded
        assert coded.limiter_db > 0 and coded.ffmpeg and coded.encoder
        y = by_ffmpeg(coded.out)
        over = max(over, max(meters.true_peaks_db(y, 48_000 if coded.codec == "opus_128" else RATE).values()) + 0.5)
    measured("codecs", f"decoded true peak over the ceiling, four codecs, song {seed + 1}", over, "dB", "six meters", most=0.0)


def test_what_an_encoder_does_is_told(tmp_path):
    """Loudness and bandwidth against scipy and theory: LAME cuts at 16 kHz for 128 and 20 kHz for 320 kbit/s."""
    random = np.random.default_rng(1)
    x = (0.1 * random.standard_normal((2, 8 * RATE))).astype(np.float32)
    found = {coded.codec: coded for coded in mx.codecs(x, RATE, codecs=["mp3_128", "mp3_320", "aac_128"], ceiling_db=None)}
    assert all(coded.ceiling_db is None and coded.tries == 1 for coded in found.values())
    path = tmp_path / "x.wav"
    mx.write(path, x, RATE, bits=32)
    for key, kbps in (("mp3_128", 128), ("mp3_320", 320)):
        mx.encode(path, tmp_path / f"{key}.mp3", kbps=kbps)
        hz, density = scipy.signal.welch(by_ffmpeg(tmp_path / f"{key}.mp3")[0], RATE, nperseg=4096)
        level = 10 * np.log10(density + 1e-30)
        edge = hz[np.flatnonzero(level > level[(hz > 2_000) & (hz < 8_000)].mean() - 20)[-1]]
        assert found[key].bandwidth_hz == pytest.approx(edge, abs=400), key
        lufs = [pyloudnorm.Meter(RATE).integrated_loudness(y.T.astype(float)) for y in (by_ffmpeg(tmp_path / f"{key}.mp3"), x)]
        assert found[key].integrated == pytest.approx(lufs[0], abs=0.1)
        assert found[key].loudness_change == pytest.approx(lufs[0] - lufs[1], abs=0.05)
    # A quiet master needs no other ceiling.
    (calm,) = mx.codecs(x, RATE, codecs="vorbis_160")
    assert calm.limiter_db == 0 and calm.tries == 1 and calm.ceiling_db == 0


def test_silence_a_short_sound_and_mono_are_no_harm():
    for x in (np.zeros((2, RATE)), 0.5 * np.ones(5_000), 0.9 * np.sin(np.arange(RATE) / 9)):
        for coded in mx.codecs(x, RATE, codecs="mp3_320,opus_128", ceiling_db=-1):
            assert coded.ceiling_db is not None or coded.true_peak is None or coded.true_peak_at_ceiling is None
    with pytest.raises(ValueError, match="6 channels"):
        mx.codecs(np.zeros((6, RATE)), RATE)
    with pytest.raises(ValueError, match="did you mean 'aac_256'"):
        mx.codecs(np.zeros(RATE), RATE, codecs="aac256")


def test_without_ffmpeg_there_is_a_clear_word(tmp_path, monkeypatch, capsys):
    mx.write(tmp_path / "x.wav", np.zeros((2, RATE)), RATE)
    with pytest.raises(OSError, match="ffmpeg-none is not installed: MP3, AAC, Opus and Vorbis are encoded by ffmpeg's program"):
        mx.codecs(tmp_path / "x.wav", ffmpeg="ffmpeg-none")
    assert run_command(["codecs", str(tmp_path / "x.wav"), "--ffmpeg", "ffmpeg-none"]) == 3
    assert "is not installed" in capsys.readouterr().err
    other = tmp_path / "other"
    other.write_text("#!/bin/sh\necho something else\n")
    other.chmod(other.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(OSError, match="is not ffmpeg"):
        mx.encode(tmp_path / "x.wav", tmp_path / "x.mp3", ffmpeg=str(other))
    bare = tmp_path / "bare"
    bare.write_text('#!/bin/sh\n[ "$2" = -version ] && echo ffmpeg version 9 || echo " A..... aac AAC"\n')
    bare.chmod(bare.stat().st_mode | stat.S_IXUSR)
    with pytest.raises(OSError, match="ffmpeg 9 has no encoder libmp3lame, which MP3 320 kbit/s needs"):
        mx.encode(tmp_path / "x.wav", tmp_path / "x.mp3", ffmpeg=str(bare))
    assert not (tmp_path / "x.mp3").exists()


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus", "ogg"])
def test_files_are_encoded_whole_or_not_at_all(tmp_path, ending):
    path, out = tmp_path / "x.wav", tmp_path / f"a name, \U0001f600 & more.{ending}"
    mx.write(path, loud(2), RATE)
    mx.write_tags(path, {"title": "Eins", "isrc": "DEA122600001"})
    mx.encode(path, out, kbps=128, tags={"artist": "Wir"})
    assert abs(by_ffmpeg(out).shape[1] / (48_000 if ending == "opus" else RATE) - 2) < 0.06
    import mutagen

    text = str(mutagen.File(out))
    assert all(part in text for part in ("Eins", "DEA122600001", "Wir"))
    with pytest.raises(FileExistsError):
        mx.encode(path, out)
    before = out.read_bytes()
    failing = tmp_path / "failing"
    failing.write_text(f'#!/bin/sh\ncase "$2" in -version|-encoders) exec {shutil.which("ffmpeg")} "$@";; esac\necho half > "$(eval echo \\"\\${{$#}}\\")"\necho No space left on device >&2\nexit 1\n')
    failing.chmod(0o755)
    with pytest.raises(OSError, match="No space left on device"):
        mx.encode(path, out, ffmpeg=str(failing), overwrite=True)
    assert out.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([path.name, out.name, "failing"])
    with pytest.raises(ValueError, match="would be written over"):
        os.link(path, tmp_path / f"l.{ending}")
        mx.encode(path, tmp_path / f"l.{ending}", overwrite=True)
    with pytest.raises(ValueError, match=".xyz is not encoded"):
        mx.encode(path, tmp_path / "a.xyz")


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_an_interrupt_ends_the_encoder_and_leaves_nothing(tmp_path):
    """A program in place of ffmpeg that never ends, and says its process."""
    mx.write(tmp_path / "x.wav", loud(2), RATE)
    slow = tmp_path / "slow"
    slow.write_text(f'#!/bin/sh\ncase "$2" in -version|-encoders) exec {shutil.which("ffmpeg")} "$@";; esac\necho $$ > {tmp_path}/pid\nexec sleep 600\n')
    slow.chmod(0o755)
    (tmp_path / "tmp").mkdir()
    command = [sys.executable, "-m", "mixdsp", "codecs", str(tmp_path / "x.wav"), "--ffmpeg", str(slow), "-o", str(tmp_path / "out")]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "TMPDIR": str(tmp_path / "tmp")})
    pid = tmp_path / "pid"
    while not pid.exists() or not pid.read_text().strip():
        time.sleep(0.02)
        assert child.poll() is None, child.communicate()
    child.send_signal(signal.SIGINT)
    child.communicate(timeout=30)
    assert child.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    assert not list((tmp_path / "tmp").iterdir()) and not (tmp_path / "out").exists()


def test_the_command(tmp_path, capsys):
    mx.write(tmp_path / "x.wav", loud(3), RATE)
    assert run_command(["codecs", str(tmp_path / "x.wav"), "--codecs", "mp3_128,aac_128", "--ceiling", "-1", "-q"]) == 1
    said = capsys.readouterr().out
    assert said.startswith("encoded and decoded by ffmpeg ") and "mp3_128" in said and "libmp3lame" in said
    assert run_command(["codecs", str(tmp_path / "x.wav"), "--codecs", "mp3_128", "--no-search", "--json", "-q"]) == 0
    row = json.loads(capsys.readouterr().out)
    assert row["codec"] == "mp3_128" and row["ceiling_db"] is None and row["overs"] >= 0
    assert run_command(["codecs", str(tmp_path / "x.wav"), "--codecs", "mp4", "-q"]) == 2
