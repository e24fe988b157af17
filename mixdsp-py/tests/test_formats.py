"""Files that people have: odd headers, other kinds, open files, damage, speakers, tags. The oracles are libsndfile,
ffmpeg and mutagen."""

import io
import json
import os
import struct
import subprocess
import sys
import threading

import mixdsp as mx
import mutagen
import numpy as np
import pytest
import soundfile

RATE = 48_000


def noise(*shape, seed=0, level=0.4):
    return np.random.default_rng(seed).uniform(-level, level, shape).astype(np.float32)


def run(*arguments, stdin=None):
    command = [sys.executable, "-m", "mixdsp", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=stdin)
    return done.returncode, done.stdout, done.stderr


def ffmpeg(*arguments, data=b""):
    command = ["ffmpeg", "-v", "error", "-y", *map(str, arguments)]
    return subprocess.run(command, input=data, capture_output=True, check=True).stdout


def by_ffmpeg(path, channels):
    raw = ffmpeg("-i", path, "-f", "f32le", "-")
    return np.frombuffer(raw, "<f4").reshape(-1, channels).T


def wav(format_chunk, data, *, before=b"", stated=None):
    """A WAV file of these chunks, whose header may state another length of the samples."""
    stated = len(data) if stated is None else stated
    body = b"WAVE" + b"fmt " + struct.pack("<I", len(format_chunk)) + format_chunk
    body += b"data" + struct.pack("<I", stated) + data
    return before + b"RIFF" + struct.pack("<I", len(body)) + body


def pcm(tag, channels, rate, align, bits):
    return struct.pack("<HHIIHH", tag, channels, rate, rate * max(align, 1), align, bits)


ID3 = b"ID3\x04\0\0\0\0\0\x0a" + bytes(10)


@pytest.mark.parametrize(
    "name, content, channels",
    [
        # Cool Edit's floats; the other two ways of putting 24 bits into 4 bytes have a test of their own.
        ("24 in 4", wav(pcm(1, 2, RATE, 8, 24), (noise(2000) * 2**23).astype("<f4").tobytes()), 2),
        ("align 0", wav(pcm(1, 2, RATE, 0, 16), (noise(2000) * 2**15).astype("<i2").tobytes()), 2),
        ("align 1", wav(pcm(1, 2, RATE, 1, 16), (noise(2000) * 2**15).astype("<i2").tobytes()), 2),
        ("64 bits", wav(pcm(1, 1, RATE, 8, 64), (noise(1000).astype(np.float64) * 2**63).astype("<i8").tobytes()), 1),
        ("id3", wav(pcm(1, 2, RATE, 4, 16), (noise(2000) * 2**15).astype("<i2").tobytes(), before=ID3), 2),
        *(
            (f"{more} too long", wav(pcm(1, 2, RATE, 6, 24), noise(4500).tobytes(), stated=18_000 + more), 2)
            for more in (1, 2, 3, 5, 8)
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:.*the header counts")
def test_odd_wav_files_read_as_ffmpeg_reads_them(tmp_path, name, content, channels):
    path = tmp_path / "odd.wav"
    path.write_bytes(content)
    ours, rate = mx.read(path)
    theirs = by_ffmpeg(path, channels)
    assert rate == RATE and ours.shape[0] == channels
    same = min(ours.shape[1], theirs.shape[1])
    # ffmpeg may give less of a file whose length is wrong: never more.
    assert same > 0.99 * ours.shape[1] and theirs.shape[1] <= ours.shape[1] + 1, (ours.shape, theirs.shape)
    # 64 bits go through ffmpeg's 32.
    assert np.abs(ours[:, :same] - theirs[:, :same]).max() <= (2**-24 if name != "64 bits" else 1e-7), name


@pytest.mark.parametrize("shift", [0, 8])
def test_24_bits_in_4_bytes_lie_at_either_end(tmp_path, shift):
    steps = np.random.default_rng(4).integers(-(2**23), 2**23, 2000)
    path = tmp_path / "wide.wav"
    path.write_bytes(wav(pcm(1, 2, RATE, 8, 24), (steps << shift).astype("<i4").tobytes()))
    assert np.array_equal(mx.read(path, axis=0)[0].ravel(), (steps / 2**23).astype(np.float32))


@pytest.mark.parametrize(
    "tag, name", [(0x31, "GSM 6.10"), (0x2000, "AC-3"), (0x161, "Windows Media Audio"), (0x45, "G.726 ADPCM"), (0x1234, "0x1234")]
)
def test_what_is_coded_in_wav_is_named(tmp_path, tag, name):
    path = tmp_path / "coded.wav"
    path.write_bytes(wav(pcm(tag, 1, RATE, 65, 0), bytes(6500)))
    with pytest.raises(ValueError, match=f"not supported: .*{name} in WAV"):
        mx.info(path)


@pytest.mark.parametrize("subtype", ["ALAW", "ULAW", "IMA_ADPCM", "MS_ADPCM"])
@pytest.mark.parametrize("channels", [1, 2])
def test_companded_and_adpcm_wav_of_libsndfile(tmp_path, subtype, channels):
    path = tmp_path / "coded.wav"
    soundfile.write(path, noise(20_000, channels), RATE, subtype=subtype)
    # Of ADPCM libsndfile's decoder rounds otherwise than the standard, and drifts.
    theirs = by_ffmpeg(path, channels)
    ours, _ = mx.read(path)
    assert ours.shape == theirs.shape and np.abs(ours - theirs).max() < 2**-15
    assert mx.info(path).bits is None


@pytest.mark.parametrize("ending", ["wav", "flac", "aiff"])
@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_written_integers_are_those_of_libsndfile_and_ffmpeg(tmp_path, ending, bits, channels):
    path = tmp_path / f"out.{ending}"
    steps = np.random.default_rng(1).integers(-(2 ** (bits - 1)), 2 ** (bits - 1), (channels, 9_001))
    x = (steps / 2.0 ** (bits - 1)).astype(np.float64)
    mx.write(path, x, RATE, bits=bits, dither=False)
    theirs, rate = soundfile.read(path, always_2d=True)
    assert rate == RATE and np.array_equal(theirs.T, x)
    assert np.array_equal(by_ffmpeg(path, channels), x.astype(np.float32))
    ours, _ = mx.read(path, dtype=np.float64)
    assert np.array_equal(ours, x.astype(np.float32)) and mx.info(path).bits == bits
    assert mx.info(path).format == ending


def test_aiff_keeps_floats_and_flac_refuses_them(tmp_path):
    x = noise(3, 5_000, level=3.0)
    mx.write(tmp_path / "f.aiff", x, 44_100, bits=32)
    theirs, rate = soundfile.read(tmp_path / "f.aiff", dtype="float32")
    assert rate == 44_100 and np.array_equal(theirs.T, x)
    assert np.array_equal(mx.read(tmp_path / "f.aiff")[0], x)
    with pytest.raises(ValueError, match="FLAC holds no floats: 16 or 24 bits, or WAV"):
        mx.write(tmp_path / "f.flac", x, RATE, bits=32)
    with pytest.raises(ValueError, match="FLAC holds up to 8 channels"):
        mx.write(tmp_path / "f.flac", noise(9, 100), RATE)
    with pytest.raises(ValueError, match=r"\.mp3 is not written, only \.wav, \.flac and \.aiff are"):
        mx.write(tmp_path / "f.mp3", x, RATE)
    assert sorted(os.listdir(tmp_path)) == ["f.aiff"]


@pytest.mark.parametrize("bits", [16, 24])
def test_flac_is_hardly_larger_than_that_of_the_reference_encoder(tmp_path, bits):
    t = np.arange(10 * 44_100) / 44_100
    rng = np.random.default_rng(2)
    chords = sum(np.sin(2 * np.pi * f * t + f) / n for n, f in enumerate((110, 220.3, 331, 447, 890, 1333), 2))
    music = 0.2 * np.stack([chords * (1 + np.sin(3 * t)), chords * np.cos(0.4 * t)]) + 0.003 * rng.standard_normal((2, t.size))
    ours, theirs = tmp_path / "ours.flac", tmp_path / "theirs.flac"
    mx.write(ours, music, 44_100, bits=bits, dither=False)
    # libsndfile encodes by libFLAC, at level 5.
    soundfile.write(theirs, np.round(music.T * 2 ** (bits - 1)) / 2 ** (bits - 1), 44_100, subtype=f"PCM_{bits}")
    ratio = os.path.getsize(ours) / os.path.getsize(theirs)
    print(f"{bits} bits: {ratio:.4f} of the reference encoder's size")
    assert ratio <= 1.03


def test_open_files_are_read_and_written(tmp_path):
    x = noise(2, 30_000)
    for format in ("wav", "flac", "aiff"):
        memory = io.BytesIO()
        mx.write(memory, x, RATE, format=format, dither=False)
        path = tmp_path / f"x.{format}"
        mx.write(path, x, RATE, dither=False)
        assert memory.getvalue() == path.read_bytes()
        memory.seek(0)
        assert mx.info(memory).format == format
        memory.seek(0)
        assert np.array_equal(mx.read(memory)[0], mx.read(path)[0])
        with open(path, "rb") as file, mx.blocks(file, 1000, start=5000, stop=9000) as blocks:
            assert np.array_equal(np.concatenate(list(blocks), axis=1), mx.read(path)[0][:, 5000:9000])
    assert np.array_equal(mx.read(os.fsencode(path))[0], mx.read(path)[0])
    reader, writer = os.pipe()
    sender = threading.Thread(target=lambda: (os.write(writer, b"") or True) and open(writer, "wb").write(path.read_bytes()))
    sender.start()
    with open(reader, "rb") as pipe:
        assert np.array_equal(mx.read(pipe)[0], mx.read(path)[0])
    sender.join()
    with pytest.raises(TypeError, match="gives str, not bytes: open it in binary mode"):
        mx.read(io.StringIO("RIFF"))
    with pytest.raises(ValueError, match="<BytesIO>: no audio in it"):
        mx.read(io.BytesIO(b"nothing of the kind"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such pipes")
def test_a_named_pipe_is_read(tmp_path):
    x = noise(2, 30_000)
    mx.write(tmp_path / "x.wav", x, RATE)
    os.mkfifo(tmp_path / "pipe")
    sender = threading.Thread(target=lambda: (tmp_path / "pipe").write_bytes((tmp_path / "x.wav").read_bytes()))
    sender.start()
    assert np.array_equal(mx.read(tmp_path / "pipe")[0], mx.read(tmp_path / "x.wav")[0])
    sender.join()


def test_a_cut_file_is_salvaged_and_told(tmp_path):
    x = noise(2, 3 * RATE)
    for name in ("x.wav", "x.flac"):
        path = tmp_path / name
        mx.write(path, x, RATE, dither=False)
        path.write_bytes(path.read_bytes()[: int(0.5 * path.stat().st_size)])
        with pytest.raises(ValueError, match="truncated"):
            mx.read(path)
        assert mx.info(path).channels == 2
        with pytest.warns(UserWarning, match=r"missing at the end|the file ends here"):
            part, _ = mx.read(path, strict=False)
        assert abs(part.shape[1] - 1.5 * RATE) < 5000
        assert np.abs(part[:, : part.shape[1] - 5000] - x[:, : part.shape[1] - 5000]).max() < 1e-6
        with pytest.raises(ValueError, match="truncated"):
            mx.loudness(path)
        with pytest.warns(UserWarning):
            assert abs(mx.loudness(path, strict=False).seconds - 1.5) < 0.1
        code, _, errors = run("loudness", path)
        assert code == 3 and "truncated" in errors
        code, out, errors = run("loudness", "--salvage", "--json", path)
        assert code == 0 and json.loads(out)["integrated"] is not None and 1 <= errors.count("\n") <= 2


def test_samples_that_are_not_finite_on_request(tmp_path):
    x = noise(2, 20_000)
    x[1, 77] = np.nan
    soundfile.write(tmp_path / "nan.wav", x.T, RATE, subtype="FLOAT")
    with pytest.raises(ValueError, match="sample is NaN"):
        mx.read(tmp_path / "nan.wav")
    assert np.isnan(mx.read(tmp_path / "nan.wav", check_finite=False)[0][1, 77])
    assert mx.loudness(tmp_path / "nan.wav", check_finite=False).integrated is not None


#: ffmpeg's name of a layout, its mask, and the weights of BS.1770-5.
LAYOUTS = [
    ("mono", 0x4, [1]),
    ("stereo", 0x3, [1, 1]),
    ("2.1", 0xB, [1, 1, 0]),
    ("3.0", 0x7, [1, 1, 1]),
    ("3.0(back)", 0x103, [1, 1, 1]),
    ("4.0", 0x107, [1, 1, 1, 1]),
    ("quad", 0x33, [1, 1, 1.41, 1.41]),
    ("quad(side)", 0x603, [1, 1, 1.41, 1.41]),
    ("3.1", 0xF, [1, 1, 1, 0]),
    ("5.0", 0x37, [1, 1, 1, 1.41, 1.41]),
    ("5.0(side)", 0x607, [1, 1, 1, 1.41, 1.41]),
    ("4.1", 0x10F, [1, 1, 1, 0, 1]),
    ("5.1", 0x3F, [1, 1, 1, 0, 1.41, 1.41]),
    ("5.1(side)", 0x60F, [1, 1, 1, 0, 1.41, 1.41]),
    ("6.0", 0x707, [1, 1, 1, 1, 1.41, 1.41]),
    ("6.0(front)", 0x6C3, [1, 1, 1, 1, 1.41, 1.41]),
    ("hexagonal", 0x137, [1, 1, 1, 1.41, 1.41, 1]),
    ("6.1", 0x70F, [1, 1, 1, 0, 1, 1.41, 1.41]),
    ("6.1(front)", 0x6CB, [1, 1, 0, 1, 1, 1.41, 1.41]),
    ("7.0", 0x637, [1, 1, 1, 1, 1, 1.41, 1.41]),
    ("7.0(front)", 0x6C7, [1, 1, 1, 1, 1, 1.41, 1.41]),
    ("7.1", 0x63F, [1, 1, 1, 0, 1, 1, 1.41, 1.41]),
    ("7.1(wide)", 0xFF, [1, 1, 1, 0, 1.41, 1.41, 1, 1]),
    ("octagonal", 0x737, [1, 1, 1, 1, 1, 1, 1.41, 1.41]),
]


@pytest.mark.parametrize("name, mask, weights", LAYOUTS, ids=lambda value: value if isinstance(value, str) else "")
def test_the_mask_of_a_wav_file_reaches_the_meter(tmp_path, name, mask, weights):
    channels = len(weights)
    t = np.arange(2 * RATE) / RATE
    # Each channel another level, so that no two weights can be changed for each other; at 1 kHz all weigh alike.
    levels = 0.05 * 1.3 ** np.arange(channels)
    x = (levels[:, np.newaxis] * np.sin(2 * np.pi * 1000 * t)).astype(np.float32)
    raw = tmp_path / "raw"
    raw.write_bytes(x.T.tobytes())
    path = tmp_path / "x.wav"
    layout = f"channel_layouts={name}"
    source = ["-f", "f32le", "-ar", RATE, "-ac", channels, "-channel_layout", name, "-i", raw]
    ffmpeg(*source, "-af", f"aformat={layout}", "-c:a", "pcm_f32le", path)
    assert mx.info(path).mask in (mask, None) and (channels <= 2 or mx.info(path).mask == mask)
    alone = [mx.loudness(channel, RATE).integrated for channel in x]
    expected = 10 * np.log10(sum(w * 10 ** (0.1 * lufs) for w, lufs in zip(weights, alone)))
    assert mx.loudness(path).integrated == pytest.approx(expected, abs=0.05)
    assert mx.loudness(x, RATE, layout=mask).integrated == pytest.approx(expected, abs=0.05)
    # What is made of it keeps the mask.
    out = tmp_path / "out.wav"
    report = mx.normalize(path, lufs=expected + 1, out=out).report
    assert report.after.integrated == pytest.approx(expected + 1, abs=0.1)
    # The usual one of mono and stereo goes without saying.
    assert mx.info(out).mask == (mx.info(path).mask if channels > 2 else None)
    assert mx.loudness(out).integrated == pytest.approx(expected + 1, abs=0.1)


def test_layouts_that_are_asked_for(tmp_path):
    x = noise(1, RATE)
    mx.write(tmp_path / "mono.wav", x, RATE)
    code, out, _ = run("loudness", "--json", "--layout", "dual_mono", tmp_path / "mono.wav")
    assert code == 0
    assert json.loads(out)["integrated"] == pytest.approx(mx.loudness(x, RATE).integrated + 3.01, abs=0.01)
    code, _, errors = run("loudness", "--layout", "dual", tmp_path / "mono.wav")
    assert code == 2 and "dual_mono" in errors
    with pytest.raises(ValueError, match="layout = 0x3f has 6 loudspeakers, 1 channels are needed"):
        mx.loudness(x, RATE, layout=0x3F)


@pytest.mark.parametrize("ending", ["wav", "flac", "aiff"])
def test_tags_go_along_whatever_the_kinds(tmp_path, ending):
    x = noise(2, RATE)
    source = tmp_path / "song.flac"
    mx.write(source, x, RATE)
    song = mutagen.File(source)
    song["title"], song["artist"], song["colour"] = "Título", "One", "calm"
    song["replaygain_track_gain"] = "-3 dB"
    song.save()
    out = tmp_path / f"out.{ending}"
    code, _, errors = run("normalize", source, "--lufs", -20, "-o", out)
    assert (code, errors) == (0, "")
    tags = mutagen.File(out).tags
    found = {key.lower(): str(value) for key, value in (tags.items() if ending != "flac" else ((k, v[0]) for k, v in tags))}
    if ending == "flac":
        assert tags["title"] == ["Título"] and tags["artist"] == ["One"] and tags["colour"] == ["calm"]
    else:
        assert tags["TIT2"].text == ["Título"] and tags["TPE1"].text == ["One"]
        assert tags["TXXX:colour"].text == ["calm"]
    assert not any("replaygain" in key for key in found)
    assert mx.info(out).samples == RATE and abs(mx.loudness(out).integrated + 20) < 0.1


def test_names_that_do_not_exist_have_a_neighbour(tmp_path):
    with pytest.raises(AttributeError, match="did you mean 'Equalizer'"):
        mx.Equaliser  # noqa: B018
    with pytest.raises(TypeError, match="threshold_db"):
        mx.Compressor(thresold_db=-20)
    compressor = mx.Compressor()
    with pytest.raises(AttributeError, match="no attribute 'thresold_db'; did you mean 'threshold_db'"):
        compressor.thresold_db = -20
    mix = mx.Mixer(RATE)
    mix.track("a", noise(1, 100))
    with pytest.raises(AttributeError, match="no attribute 'gian_db'; did you mean 'gain_db'"):
        mix["a"].gian_db = 3
    with pytest.raises(AttributeError, match="did you mean 'gain_db'"):
        mix["a"].gian_db  # noqa: B018
    from mixdsp.compat import pedalboard

    with pytest.raises(AttributeError, match="did you mean 'Compressor'"):
        pedalboard.Compresor  # noqa: B018
    with pytest.raises(AttributeError, match="did you mean 'gain_db'"):
        pedalboard.Gain().gian_db = 3


@pytest.mark.parametrize(
    "x, words",
    [
        (0.5 * np.ones((2, int(0.3 * RATE))) * np.sign(np.sin(np.arange(int(0.3 * RATE)))), "too short to be measured"),
        (5e-5 * noise(2, RATE, level=1.0), "too quiet to be measured: nothing is over -70 LUFS"),
        (np.zeros((2, RATE)), "silent: every sample is 0"),
    ],
)
def test_check_says_why_there_is_no_loudness(tmp_path, x, words):
    mx.write(tmp_path / "x.wav", x, RATE, bits=32)
    code, out, _ = run("check", tmp_path / "x.wav")
    assert code == 1 and words in out


def test_check_says_what_each_target_misses(tmp_path):
    t = np.arange(10 * RATE) / RATE
    loud = 0.97 * np.sin(2 * np.pi * 997 * t)
    mx.write(tmp_path / "x.wav", np.stack([loud, loud]), RATE)
    _, out, _ = run("check", "--json", tmp_path / "x.wav")
    told = json.loads(out)["platforms"]["ebu_r128"]
    assert not told["fits"] and any("LU loud" in why for why in told["misses"]) and any("true peak" in why for why in told["misses"])
    _, out, _ = run("check", tmp_path / "x.wav")
    assert "Nothing to complain about." not in out and "LU loud" in out


def test_a_wrong_option_is_told_once(tmp_path):
    for name in "abc":
        mx.write(tmp_path / f"{name}.wav", noise(2, 5000), RATE)
    code, _, errors = run("normalize", "-r", tmp_path, "--lufs", 5, "-o", tmp_path / "out")
    assert code == 2 and errors.count("lufs = 5") == 1
    code, _, errors = run("normalize", tmp_path / "a.wav", "--lufs", -20, "--bits", 32, "-o", tmp_path / "a.flac")
    assert code == 2 and "FLAC holds no floats" in errors


def test_what_is_too_short_is_not_called_silent():
    with pytest.raises(ValueError, match="is too short for its tone"):
        mx.match_tone(noise(2, RATE), noise(2, 4800), RATE)
