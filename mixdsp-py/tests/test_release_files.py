"""What files of a release say of themselves, read back by programs that no one here wrote."""

import json
import math
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ET

import mixdsp as mx
import mutagen
import numpy as np
import pytest
import soundfile
from validation import measured

RATE = 48_000
BROADCAST = mx.Broadcast(
    description="A song, mastered",
    originator="mixdsp tests",
    originator_reference="XX1234567890",
    origination_date="2026-12-01",
    origination_time="18:30:05",
    coding_history="A=PCM,F=48000,W=24,M=stereo,T=mixdsp",
    project="Records <&> \U0001f3b6",
    note="with an emoji \U0001f600",
    time_reference=(1 << 33) + 12_345,
)
TAGS = {
    "title": "Tönung \U0001f3b5",
    "artist": "Wir & Ihr",
    "album": "Alle",
    "album_artist": "Wir",
    "track": 3,
    "tracks": 12,
    "date": "2026-12-01",
    "genre": "Rock",
    "composer": "Niemand",
    "comment": "gut",
    "copyright": "2026 Wir",
    "isrc": "US-S1Z-99-00001",
    "upc": "4006381333931",
    "replaygain_track_gain": "-4.20 dB",
    "replaygain_track_peak": "0.987654",
    "mood": "heiter",
}


def png():
    """A picture of one dot."""
    import zlib

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")


def song(seconds=4, rate=RATE, seed=0):
    random = np.random.default_rng(seed)
    time = np.arange(round(seconds * rate)) / rate
    x = 0.1 * random.standard_normal((2, time.size)) + 0.2 * np.sin(2 * np.pi * 220 * time)
    return (x * (0.6 + 0.4 * np.sin(2 * np.pi * time))).astype(np.float32)


def chunks(path):
    """The chunks of a WAV file, in order, by the sizes that it states."""
    data = path.read_bytes()
    assert data[:4] == b"RIFF" and struct.unpack("<I", data[4:8])[0] == len(data) - 8
    found, at = [], 12
    while at < len(data):
        name, length = struct.unpack("<4sI", data[at : at + 8])
        found.append((name, data[at + 8 : at + 8 + length]))
        at += 8 + length + length % 2
    assert at == len(data)
    return found


def broadcast_wave(path, bits=24):
    x = song()
    report = mx.loudness(x, RATE)
    with mx.writer(path, RATE, 2, bits=bits) as out:
        out.describe(BROADCAST)
        for start in range(0, x.shape[1], 7_001):
            out.write(x[:, start : start + 7_001])
        out.describe(BROADCAST, report)
    return x, report


def probed(path):
    command = ["ffprobe", "-v", "error", "-show_format", "-show_streams", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    tags = dict(found["format"].get("tags", {}))
    for stream in found["streams"]:
        tags.update(stream.get("tags", {}))
    return {name.lower(): value for name, value in tags.items()}, found


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_broadcast_wave_holds_its_fields_in_their_places(tmp_path, bits):
    path = tmp_path / "b.wav"
    x, report = broadcast_wave(path, bits)
    found = chunks(path)
    names = [name for name, _ in found]
    assert names.index(b"bext") < names.index(b"data") < names.index(b"iXML")
    bext = dict(found)[b"bext"]
    texts = [bext[a:b].rstrip(b"\0").decode() for a, b in ((0, 256), (256, 288), (288, 320), (320, 330), (330, 338))]
    assert texts == [BROADCAST.description, BROADCAST.originator, BROADCAST.originator_reference, BROADCAST.origination_date, BROADCAST.origination_time]
    assert struct.unpack("<QH", bext[338:348]) == (BROADCAST.time_reference, 2)
    values = np.array(struct.unpack("<5h", bext[412:422])) / 100
    expected = [report.integrated, report.range, report.true_peak, report.momentary_max, report.short_term_max]
    assert np.abs(values - expected).max() <= 0.0051
    assert bext[602:].rstrip(b"\0").decode() == BROADCAST.coding_history + "\r\n"
    root = ET.fromstring(dict(found)[b"iXML"])
    assert root.findtext("PROJECT") == BROADCAST.project and root.findtext("NOTE") == BROADCAST.note
    assert root.findtext("SPEED/AUDIO_BIT_DEPTH") == str(bits)
    assert float(root.findtext("LOUDNESS/LOUDNESS_VALUE")) == pytest.approx(report.integrated, abs=0.0051)
    assert root.findtext("BEXT/BWF_DESCRIPTION") == BROADCAST.description
    assert [track.findtext("NAME") for track in root.iter("TRACK")] == ["Left", "Right"]
    assert np.abs(soundfile.read(path, dtype="float32")[0].T - x).max() <= {16: 2e-4, 24: 1e-6, 32: 0}[bits]
    assert mx.read(path)[0].shape == x.shape


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
def test_ffprobe_reads_the_broadcast_chunk(tmp_path):
    path = tmp_path / "b.wav"
    broadcast_wave(path)
    tags, found = probed(path)
    expected = {
        "comment": BROADCAST.description,
        "encoded_by": BROADCAST.originator,
        "originator_reference": BROADCAST.originator_reference,
        "date": BROADCAST.origination_date,
        "creation_time": BROADCAST.origination_time,
        "time_reference": str(BROADCAST.time_reference),
    }
    wrong = [name for name, value in expected.items() if tags.get(name) != value]
    assert not wrong, (wrong, tags)
    assert tags["coding_history"].strip() == BROADCAST.coding_history
    measured("release", "Broadcast Wave: fields that ffprobe reads otherwise", len(wrong), "", "ffprobe", exactly=0)
    assert float(found["format"]["duration"]) == pytest.approx(4.0)


@pytest.mark.skipif(shutil.which("mediainfo") is None, reason="mediainfo is not installed")
def test_mediainfo_reads_the_broadcast_chunk(tmp_path):
    path = tmp_path / "b.wav"
    _, report = broadcast_wave(path)
    said = subprocess.run(["mediainfo", "--Full", "--Output=JSON", str(path)], capture_output=True, check=True).stdout
    tracks = json.loads(said)["media"]["track"]
    general = {name: value for track in tracks for name, value in track.items() if isinstance(value, str)}
    for track in tracks:
        general.update(track.get("extra", {}))
    text = json.dumps(general, ensure_ascii=False)
    for part in (BROADCAST.description, BROADCAST.originator, BROADCAST.originator_reference, "2026-12-01", "18:30:05"):
        assert part in text, (part, general)
    assert "bext" in json.dumps(tracks).lower() or "BWF" in text
    for value in (report.integrated, report.true_peak):
        assert f"{value:.2f}" in text, (value, general)


@pytest.mark.skipif(shutil.which("sndfile-info") is None, reason="sndfile-info is not installed")
def test_libsndfile_reads_the_broadcast_chunk(tmp_path):
    path = tmp_path / "b.wav"
    _, report = broadcast_wave(path)
    for option in ([], ["--broadcast"]):
        said = subprocess.run(["sndfile-info", *option, str(path)], capture_output=True, text=True, check=True).stdout
        assert "error" not in said.lower(), said
    fields = [BROADCAST.description, BROADCAST.originator, BROADCAST.originator_reference, "2026-12-01", "18:30:05", BROADCAST.coding_history]
    missing = [field for field in fields if field not in said]
    measured("release", "Broadcast Wave: fields that libsndfile does not read", len(missing), "", "libsndfile", exactly=0)


ENDINGS = ["wav", "aiff", "flac", *(["mp3", "m4a", "opus", "ogg"] if shutil.which("ffmpeg") else [])]


def tagged(path):
    x = song(1.5, 44_100)
    if path.suffix[1:] in ("wav", "aiff", "flac"):
        mx.write(path, x, 44_100)
    else:
        mx.write(path.with_suffix(".x.wav"), x, 44_100)
        mx.encode(path.with_suffix(".x.wav"), path)
    before = mx.read(path)[0]
    mx.write_tags(path, {"title": "old", "own": "kept"})
    mx.write_tags(path, TAGS, cover=png())
    assert np.array_equal(mx.read(path)[0], before), "the samples stay"
    return path


ID3 = {"title": "TIT2", "artist": "TPE1", "album": "TALB", "album_artist": "TPE2", "genre": "TCON", "composer": "TCOM", "isrc": "TSRC", "date": "TDRC", "copyright": "TCOP"}
MP4 = {"title": "©nam", "artist": "©ART", "album": "©alb", "album_artist": "aART", "genre": "©gen", "composer": "©wrt", "date": "©day", "copyright": "cprt", "comment": "©cmt"}


def by_mutagen(path):
    """The tags by the names of here, and the cover."""
    file = mutagen.File(path)
    if path.suffix in (".wav", ".aiff", ".mp3"):
        found = {name: str(file[frame].text[0]) for name, frame in ID3.items() if frame in file}
        found["track"], _, found["tracks"] = str(file["TRCK"]).partition("/")
        found["comment"] = next(str(frame.text[0]) for key, frame in file.items() if key.startswith("COMM"))
        texts = {frame.desc.lower(): frame.text[0] for key, frame in file.items() if key.startswith("TXXX")}
        return {**texts, "upc": texts["barcode"], **found}, next(frame.data for key, frame in file.items() if key.startswith("APIC"))
    if path.suffix == ".m4a":
        found = {name: file[atom][0] for name, atom in MP4.items()}
        found["track"], found["tracks"] = map(str, file["trkn"][0])
        own = {key.rpartition(":")[2].lower(): value[0].decode() for key, value in file.items() if key.startswith("----")}
        return {**own, "upc": own["barcode"], **found}, bytes(file["covr"][0])
    import base64

    from mutagen.flac import Picture

    comments = {key.lower(): values[0] for key, values in file.items()}
    picture = file.pictures[0] if path.suffix == ".flac" else Picture(base64.b64decode(comments["metadata_block_picture"]))
    renamed = {"albumartist": "album_artist", "tracknumber": "track", "tracktotal": "tracks", "barcode": "upc"}
    return {renamed.get(name, name): value for name, value in comments.items()}, picture.data


@pytest.mark.parametrize("ending", ENDINGS)
def test_tags_are_read_back(tmp_path, ending):
    path = tagged(tmp_path / f"t.{ending}")
    found, cover = by_mutagen(path)
    expected = {**{name: str(value) for name, value in TAGS.items()}, "isrc": "USS1Z9900001", "own": "kept"}
    wrong = {name: (value, found.get(name)) for name, value in expected.items() if found.get(name) != value}
    measured("release", f"tags of .{ending}: fields of {len(expected)} that are read otherwise", len(wrong), "", "mutagen", exactly=0)
    assert not wrong and cover == png()
    if ending in ("wav", "aiff", "flac"):
        with soundfile.SoundFile(path) as file:
            said = file.copy_metadata()
        # It knows no ID3, and what it knows of WAV and AIFF is ASCII alone.
        if ending == "flac":
            assert said.get("title") == expected["title"] and said.get("artist") == expected["artist"], said
    if shutil.which("ffprobe"):
        tags, _ = probed(path)
        assert tags["title"] == expected["title"] and tags["artist"] == expected["artist"] and tags["album"] == "Alle", tags
        # Of MP4 it reads no names of one's own.
        assert tags.get("isrc", tags.get("tsrc")) == expected["isrc"] or ending == "m4a", tags
    if shutil.which("mediainfo"):
        said = json.loads(subprocess.run(["mediainfo", "--Output=JSON", str(path)], capture_output=True, check=True).stdout)
        general = said["media"]["track"][0]
        assert general["Title"] == expected["title"] and general["Performer"] == expected["artist"], general
        assert general.get("Album") == "Alle", general


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("ending", ["wav", "flac", "aiff"])
@pytest.mark.parametrize(("mask", "name"), [(0x3F, "5.1"), (0x60F, "5.1(side)"), (0x33, "quad"), (0x603, "quad(side)"), (0x63F, "7.1"), (0x107, "4.0")])
def test_where_channels_stand_is_kept(tmp_path, ending, mask, name):
    path = tmp_path / f"m.{ending}"
    mx.write(path, np.zeros((bin(mask).count("1"), 4_800)), RATE, mask=mask, format=ending)
    for tagged in (False, True):
        if tagged:
            mx.write_tags(path, {"title": "Eins"})
        found = probed(path)[1]["streams"][0]
        assert found["channel_layout"] == name, found


@pytest.mark.parametrize("ending", ["wav", "aiff"])
def test_readers_that_know_no_id3_get_what_is_ascii(tmp_path, ending):
    path = tmp_path / f"t.{ending}"
    mx.write(path, song(1), RATE)
    mx.write_tags(path, {"title": "One", "artist": "We", "album": "All", "comment": "good", "copyright": "2026 We"})
    with soundfile.SoundFile(path) as file:
        said = file.copy_metadata()
    expected = {"title": "One", "artist": "We", "comment": "good", "copyright": "2026 We", **({"album": "All"} if ending == "wav" else {})}
    assert {name: said.get(name) for name in expected} == expected
    assert probed(path)[0]["title"] == "One" and str(mutagen.File(path)["TALB"]) == "All"
    mx.write_tags(path, {"title": "Zwölf"})
    assert probed(path)[0]["title"] == "Zwölf" and str(mutagen.File(path)["TIT2"]) == "Zwölf"


def test_tags_that_cannot_be_leave_the_file_as_it_was(tmp_path):
    path = tmp_path / "t.flac"
    mx.write(path, song(1), RATE)
    before = path.read_bytes()
    for tags, cover, words in (
        ({"isrc": "US-S1Z-99-0001"}, None, "two letters, three letters or digits"),
        ({"upc": "4006381333930"}, None, "its last digit must be 1"),
        ({"title": "x"}, b"no picture at all", "a JPEG or a PNG"),
    ):
        with pytest.raises(ValueError, match=words):
            mx.write_tags(path, tags, cover)
    with pytest.raises(FileNotFoundError):
        mx.write_tags(tmp_path / "none.flac", {"title": "x"})
    (tmp_path / "text.flac").write_text("no audio")
    with pytest.raises(OSError):
        mx.write_tags(tmp_path / "text.flac", {"title": "x"})
    assert path.read_bytes() == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.flac", "text.flac"]


def test_only_wav_is_broadcast_wave_and_texts_have_their_length(tmp_path):
    for ending in ("flac", "aiff"):
        with pytest.raises(ValueError, match="only WAV"), mx.writer(tmp_path / f"a.{ending}", RATE) as out:
            out.describe(BROADCAST)
    with pytest.raises(ValueError, match="description is 257"), mx.writer(tmp_path / "a.wav", RATE) as out:
        out.describe(mx.Broadcast(description="x" * 257))
    with pytest.raises(ValueError, match="before the first sample"), mx.writer(tmp_path / "a.wav", RATE) as out:
        out.write(np.zeros((2, 10)))
        out.describe(BROADCAST)
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
@pytest.mark.parametrize("header", [None, "track", "album"])
def test_replaygain_and_r128_by_ffmpeg(tmp_path, header):
    """Files of three rates, mono and stereo, are one album; the gains bring them to -18, or of Opus to -23 LUFS."""
    loud, quiet, mono = song(5, 44_100), 0.3 * song(6, 96_000, 1), song(4, 48_000, 2)[:1]
    mx.write(tmp_path / "a.flac", loud, 44_100)
    mx.write(tmp_path / "b.wav", quiet, 96_000)
    mx.write(tmp_path / "c.x.wav", mono, 48_000)
    mx.encode(tmp_path / "c.x.wav", tmp_path / "c.opus")
    paths = [tmp_path / name for name in ("a.flac", "b.wav", "c.opus")]
    given = mx.tag_loudness(paths, opus_header=header)
    for path, tags in zip(paths, given):
        said = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", str(path), "-af", "ebur128=framelog=verbose", "-f", "null", "-"], capture_output=True, text=True).stderr
        lufs = float(said[said.index("Integrated loudness") :].split("I:")[1].split()[0])
        if path.suffix == ".opus":
            left = int(tags["R128_TRACK_GAIN"]) / 256
            # ffmpeg applies the gain of the header, and rounds to a tenth.
            assert lufs + left == pytest.approx(-23, abs=0.07)
            assert (abs(left) < 0.01) == (header == "track")
            assert mutagen.File(path)["r128_track_gain"] == [tags["R128_TRACK_GAIN"]]
            assert "replaygain_track_gain" not in mutagen.File(path)
        else:
            assert lufs + float(tags["replaygain_track_gain"].split()[0]) == pytest.approx(-18, abs=0.06)
            own = mx.loudness(str(path))
            assert float(tags["replaygain_track_peak"]) == pytest.approx(10 ** (own.sample_peak / 20), abs=1e-6)
    assert given[0]["replaygain_album_gain"] == given[1]["replaygain_album_gain"]
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".mixdsp")]


def test_an_album_of_any_rates_is_measured_as_one_programme():
    """Against libebur128, which has one state for it, by gating the blocks of the parts together."""
    import scipy.signal

    parts = [(song(6, 44_100), 44_100), (0.2 * song(8, 96_000, 1), 96_000), (song(5, 48_000, 2)[:1], 48_000)]
    # What is near half a rate does not survive being brought to another.
    parts = [(scipy.signal.sosfilt(scipy.signal.butter(8, 6_000, fs=rate, output="sos"), x), rate) for x, rate in parts]
    meters = []
    for x, rate in parts:
        meter = mx.LoudnessMeter(rate, x.shape[0])
        meter.add(x)
        meter.finish()
        meters.append(meter)
    album = mx.LoudnessMeter(96_000, 2)
    for meter in meters:
        album.merge(meter)
    # The same at one rate and with two channels that add up to as much.
    whole = mx.LoudnessMeter(96_000, 2)
    for x, rate in parts:
        y = mx.resample(x, rate, 96_000)
        single = mx.LoudnessMeter(96_000, 2)
        single.add(np.vstack([y, np.zeros_like(y)]) if y.shape[0] == 1 else y)
        single.finish()
        whole.merge(single)
    assert album.integrated == pytest.approx(whole.integrated, abs=0.02)
    assert album.range == pytest.approx(whole.range, abs=0.1)
    assert album.report().rms == pytest.approx(whole.report().rms, abs=0.02)
    assert album.seconds == pytest.approx(19, abs=0.01)
    with pytest.raises(ValueError, match="channels"):
        mx.LoudnessMeter(48_000, 1).merge(album)
    assert math.isfinite(album.true_peak)
