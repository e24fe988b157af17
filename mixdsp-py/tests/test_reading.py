"""Reading does not lie: what a header does not say, or says wrongly, is told or refused."""

import pathlib
import struct
import subprocess
import sys
import textwrap
import tracemalloc
import warnings

import mixdsp as mx
import numpy as np
import pytest
import soundfile
from mixdsp.files import _reading

DATA = pathlib.Path(__file__).parents[2] / "mixdsp/tests/data/session"
RATE = 48_000
UNFINISHED = "the header does not say how long the audio is: read to the end of the file (unfinished recording?)"


def noise(*shape, seed=0, level=0.5):
    return np.random.default_rng(seed).uniform(-level, level, shape).astype(np.float32)


@pytest.fixture
def unfinished(tmp_path):
    """Two seconds, as a recorder leaves them that was cut off."""
    path = tmp_path / "take 1.wav"
    mx.write(path, noise(2, 2 * RATE), RATE)
    data = bytearray(path.read_bytes())
    at = data.index(b"data")
    data[4:8] = struct.pack("<I", 4088)
    data[at + 4 : at + 8] = bytes(4)
    path.write_bytes(data)
    return path


def told(work):
    """What ``work`` warns of, and where."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        work()
    return [(str(warning.message), warning.filename) for warning in caught]


def test_whatever_opens_a_file_tells_once_and_where_it_was_called(unfinished, tmp_path):
    expected = [(f"{unfinished}: {UNFINISHED}", __file__)]
    facts = mx.info(unfinished)
    assert facts.notes == (UNFINISHED,) and facts.samples == 2 * RATE
    assert told(lambda: mx.info(unfinished)) == []
    assert mx.info(DATA / "take.flac").notes == ()
    other = tmp_path / "other.wav"
    mx.write(other, noise(2, RATE), RATE)

    for work in (
        lambda: mx.read(unfinished),
        lambda: list(mx.blocks(unfinished)),
        lambda: mx.loudness(unfinished),
        lambda: mx.match_tone(unfinished, other),
        lambda: mx.Mixer(RATE).track("one", unfinished),
        lambda: mx.normalize(unfinished, target="spotify", out=tmp_path / "out.wav"),
        lambda: mx.master(unfinished, target="spotify", out=tmp_path / "out.wav", overwrite=True),
    ):
        assert told(work) == expected
    assert mx.info(tmp_path / "out.wav").samples == 2 * RATE


@pytest.mark.parametrize("subtype", ["PCM_16", "PCM_24", "FLOAT"])
@pytest.mark.parametrize("riff, data", [(0xFFFFFFFF, 0xFFFFFFFF), (0x7FFFF024, 0x7FFFF000), (0, 0), (8, 0), (4088, 0)])
def test_unfinished_wav_against_libsndfile(tmp_path, subtype, riff, data):
    path = tmp_path / "x.wav"
    soundfile.write(path, noise(5_000, 2), RATE, subtype=subtype)
    whole, _ = soundfile.read(path, dtype="float32")
    content = bytearray(path.read_bytes())
    at = content.index(b"data")
    content[4:8], content[at + 4 : at + 8] = struct.pack("<I", riff), struct.pack("<I", data)
    # libsndfile appends a chunk to files of floats; a crash would not.
    path.write_bytes(content[: at + 8 + whole.size * {"PCM_16": 2, "PCM_24": 3, "FLOAT": 4}[subtype]])
    with pytest.warns(UserWarning, match="unfinished recording"):
        ours, rate = mx.read(path, axis=0)
    assert rate == RATE and np.array_equal(ours, whole)
    if data:
        # An empty data chunk is no audio for it; what a pipe leaves it reads as we do.
        theirs, _ = soundfile.read(path, dtype="float32")
        assert np.array_equal(ours, theirs)


def run(*arguments):
    command = [sys.executable, "-m", "mixdsp", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout, done.stderr


def test_the_command_tells_in_one_line(unfinished, tmp_path):
    line = f"mixdsp: {unfinished}: {UNFINISHED}\n"
    for arguments in (
        ["loudness", unfinished],
        ["loudness", "-j", 4, unfinished, DATA / "long.flac"],
        ["normalize", unfinished, "--target", "spotify", "-o", tmp_path / "n.wav"],
        ["master", unfinished, "--target", "spotify", "-o", tmp_path / "m.wav"],
    ):
        code, _, errors = run(*arguments)
        assert (code, errors) == (0, line), arguments
    session = tmp_path / "song.toml"
    session.write_text(
        textwrap.dedent(
            f"""
            version = 1
            sample_rate = {RATE}
            target = {{ loudness_lufs = -14.0, true_peak_dbtp = -1.0, bits = "24" }}
            [[tracks]]
            name = "one"
            clips = [{{ file = "{unfinished.name}" }}, {{ file = "{unfinished.name}", offset_seconds = 3.0 }}]
            """
        )
    )
    code, _, errors = run("mix", session, "-o", tmp_path / "s.wav")
    assert errors == line and code == 0


def test_a_chain_of_ogg_files_is_normalized_whole(tmp_path):
    chain = tmp_path / "chain.ogg"
    chain.write_bytes((DATA / "long.ogg").read_bytes() * 3)
    one, rate = mx.read(DATA / "long.ogg")
    x, _ = mx.read(chain)
    assert np.array_equal(x, np.concatenate([one] * 3, axis=1))
    assert run("normalize", chain, "--target", "spotify", "-o", tmp_path / "out.wav")[0] == 0
    assert mx.info(tmp_path / "out.wav").samples == 3 * one.shape[1]
    chain.write_bytes((DATA / "take.ogg").read_bytes() + (DATA / "long.ogg").read_bytes())
    with pytest.raises(ValueError, match="changes from 44100 Hz in 2 channels to 16000 Hz in 1 channels at 0.250 s"):
        mx.info(chain)


def claiming(path, samples):
    """The take as FLAC, with a length in its header that it does not have."""
    data = bytearray((DATA / "take.flac").read_bytes())
    data[21] = data[21] & 0xF0 | samples >> 32
    data[22:26] = struct.pack(">I", samples & 0xFFFFFFFF)
    path.write_bytes(data)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on memory")
@pytest.mark.parametrize("call", ["mx.read(path)", "mx.blocks(path).read(1 << 36)", "mx.blocks(path, axis=0).read(1 << 36)"])
def test_a_header_cannot_ask_for_memory(tmp_path, call):
    claiming(tmp_path / "claims.flac", (1 << 36) - 1)
    program = f"""
    import resource, sys
    import mixdsp as mx
    path = sys.argv[1]
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    try:
        {call}
    except ValueError as error:
        assert "truncated: ends at 0.250 s of 1558264.779 s" in str(error), error
        print("refused")
    """
    command = [sys.executable, "-c", textwrap.dedent(program), tmp_path / "claims.flac"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "refused\n", done.stderr


@pytest.mark.parametrize("axis", [-1, 0])
def test_what_grows_as_it_is_decoded_is_the_same(monkeypatch, axis):
    expected, _ = mx.read(DATA / "take.flac", axis=axis)
    part, _ = mx.read(DATA / "take.flac", axis=axis, start=100, stop=9_000)
    monkeypatch.setattr(_reading, "MOST_EXPANSION", 0)
    for at_once in (8, 800, 80_000):
        monkeypatch.setattr(_reading, "AT_ONCE", at_once)
        assert np.array_equal(mx.read(DATA / "take.flac", axis=axis)[0], expected)
        assert np.array_equal(mx.read(DATA / "take.flac", axis=axis, start=100, stop=9_000)[0], part)
        assert mx.read(DATA / "take.flac", axis=axis, start=10**9)[0].size == 0


def test_silence_packs_more_tightly_than_any_guess(tmp_path):
    samples = 20_000_000
    soundfile.write(tmp_path / "silence.flac", np.zeros(samples, np.int16), 8_000)
    assert _reading.MOST_EXPANSION * (tmp_path / "silence.flac").stat().st_size < 4 * samples > _reading.AT_ONCE
    x, _ = mx.read(tmp_path / "silence.flac")
    assert x.shape == (1, samples) and not x.any()


def test_an_ordinary_file_is_in_memory_once(tmp_path):
    samples = 20_000_000
    soundfile.write(tmp_path / "long.wav", np.ones(samples, np.int16), RATE)
    tracemalloc.start()
    x, _ = mx.read(tmp_path / "long.wav")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert x.nbytes > _reading.AT_ONCE and peak < 1.1 * x.nbytes


def test_after_an_error_the_next_read_gives_it_again(tmp_path):
    x = noise(1, 5_000)
    x[0, 3_000] = np.nan
    soundfile.write(tmp_path / "nan.wav", x[0], RATE, subtype="FLOAT")
    with mx.blocks(tmp_path / "nan.wav", 500) as blocks:
        for _ in range(6):
            blocks.read(400)
        for _ in range(3):
            with pytest.raises(ValueError, match="sample is NaN at 0.062500 s in channel 1"):
                blocks.read(1_000)
