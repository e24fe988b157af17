"""Nothing is destroyed: every way to write, against every file that it could cost. The oracle is the hash of the victim."""

import contextlib
import hashlib
import json
import os
import pathlib
import shutil
import signal
import stat
import subprocess
import sys

import mixdsp as mx
import numpy as np
import pytest
import soundfile
from mixdsp._command import main
from mixdsp.compat import pedalboard

RATE = 44_100
UNIX = pytest.mark.skipif(sys.platform == "win32", reason="links and modes as Unix has them")
GOAL = ["--lufs", "-20"]


def music(seconds=1.0, seed=0):
    x = np.random.default_rng(seed).standard_normal((2, round(seconds * RATE))) * 0.1
    return x.clip(-0.9, 0.9).astype(np.float32)


def state(folder):
    """Everything below a folder: names, links, modes, hashes."""
    found = {}
    for path in sorted(pathlib.Path(folder).rglob("*")):
        facts = path.lstat()
        content = ""
        if path.is_symlink():
            content = os.readlink(path)
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[str(path.relative_to(folder))] = (stat.filemode(facts.st_mode), content)
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Songs, a session of two clips, and a file that is none of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "music/more").mkdir(parents=True)
    for name, seed in (("s", 1), ("t", 2), ("vox", 3), ("kick", 4), ("music/a", 5), ("music/more/b", 6)):
        mx.write(f"{name}.wav", music(seed=seed), RATE)
    soundfile.write("song.flac", music(seed=7).T, RATE)
    mx.write("song.wav", music(seed=8), RATE)
    clips = "".join(f'[[tracks]]\nname = "{name}"\nclips = [{{ file = "{name}.wav" }}]\n' for name in ("vox", "kick"))
    pathlib.Path("s.toml").write_text(f"version = 1\nsample_rate = {RATE}\n{clips}")
    pathlib.Path("chain.json").write_text(json.dumps(mx.Chain([mx.Gain(-1)]).to_dict()))
    return tmp_path


@pytest.fixture
def refused(folder, capsys):
    """Runs a command that has to be refused: exit code 2, one line on standard error, nothing touched."""

    def run(*line, overwrite=True):
        before = state(folder)
        for more in ([], ["--overwrite"]) if overwrite else ([],):
            capsys.readouterr()
            assert main([*line, *more]) == 2, line
            told = capsys.readouterr()
            assert told.out == "" and told.err.startswith("mixdsp: ") and told.err.endswith("\n"), told
            assert state(folder) == before, f"{line} has changed something"
        return told.err.splitlines()[-1]

    return run


# No output replaces an input, the session, a clip, the chain, another output.


@pytest.mark.parametrize("command", ["normalize", "master"])
def test_an_output_is_never_the_input(refused, command):
    for name in ("s.wav", "./s.wav", "music/../s.wav", "nowhere/../s.wav", os.path.abspath("s.wav")):
        assert "would be written over the input, s.wav" in refused(command, "s.wav", "-o", name, *GOAL)
    assert "the input, s.wav" in refused(command, "s.wav", "-o", ".", *GOAL)
    assert "the input, s.wav" in refused(command, "s.wav", "t.wav", "-o", ".", *GOAL)
    assert "the input" in refused(command, "-r", ".", "-o", ".", *GOAL)
    assert "the input" in refused(command, "-r", "music", "-o", "music", *GOAL)


@UNIX
@pytest.mark.parametrize("command", ["normalize", "master"])
def test_links_do_not_hide_an_input(refused, folder, command):
    os.symlink("s.wav", "link.wav")
    os.symlink("link.wav", "chain.wav")
    os.link("s.wav", "hard.wav")
    os.symlink(".", "here")
    os.symlink("music", "other")
    for name in ("link.wav", "chain.wav", "hard.wav", "here/s.wav"):
        assert "would be written over the input" in refused(command, "s.wav", "-o", name, *GOAL)
    assert "would be written over the input" in refused(command, "chain.wav", "-o", "s.wav", *GOAL)
    assert "would be written over the input" in refused(command, "-r", "music", "-o", "other", *GOAL)
    assert "would be written over the input" in refused(command, "music/a.wav", "-o", "other/", *GOAL)


def test_one_inputs_output_is_never_another_input(refused, folder):
    os.makedirs("in")
    shutil.copy("s.wav", "in/t.wav")
    # in/t.wav would become t.wav, which is the second input.
    assert "the input, t.wav" in refused("normalize", "in/t.wav", "t.wav", "-o", ".", *GOAL)
    assert "the input, t.wav" in refused("normalize", "in/t.wav", "t.wav", "-o", ".", "--album", *GOAL)


def test_two_outputs_are_never_one_file(refused, folder):
    said = refused("normalize", "song.flac", "song.wav", "-o", "out", *GOAL)
    assert "song.flac" in said and "song.wav" in said and "would be one file" in said
    os.makedirs("x")
    os.makedirs("y")
    shutil.copy("s.wav", "x/case.wav")
    shutil.copy("t.wav", "y/CASE.wav")
    pathlib.Path("probe").write_text("")
    if os.path.exists("PROBE"):
        assert "would be one file" in refused("normalize", "x/case.wav", "y/CASE.wav", "-o", "out", *GOAL)
    else:
        assert main(["normalize", "x/case.wav", "y/CASE.wav", "-o", "out", *GOAL]) == 0
        assert sorted(os.listdir("out")) == ["CASE.wav", "case.wav"], "two files where the file system has two"


def test_a_mix_spares_its_session_and_clips(refused, folder):
    assert "a clip of the session, vox.wav" in refused("mix", "s.toml", "-o", "vox.wav")
    assert "a clip of the session" in refused("mix", "s.toml", "-o", "m.wav", "--mix", "music/../kick.wav")
    assert "--mix" in refused("mix", "s.toml", "-o", "m.wav", "--mix", "s.toml")
    assert "s.toml" in refused("mix", "s.toml", "-o", "s.toml")
    assert "would be one file" in refused("mix", "s.toml", "-o", "m.wav", "--mix", "./m.wav")
    shutil.copy("s.toml", "session.wav")  # whatever it is called
    assert "the session, session.wav" in refused("mix", "session.wav", "-o", "session.wav")
    # A clip that is missing is named as one all the same.
    text = pathlib.Path("s.toml").read_text()
    pathlib.Path("gone.toml").write_text(text.replace("kick.wav", "gone.wav"))
    assert "a clip of the session, gone.wav" in refused("mix", "gone.toml", "-o", "gone.wav")


def test_a_chain_is_spared(refused, folder):
    shutil.copy("chain.json", "chain.wav")
    assert "the chain, chain.wav" in refused("master", "s.wav", "-o", "chain.wav", "--chain", "chain.wav", *GOAL)
    line = ["master", "s.wav", "-o", "o.wav", "--chain", "chain.json", "--resume", "chain.json", *GOAL]
    assert "no journal" in refused(*line)


def test_python_spares_inputs_and_references(folder):
    before = state(folder)
    calls = [
        (mx.normalize, "s.wav", {"out": "s.wav"}),
        (mx.normalize, pathlib.Path("s.wav"), {"out": "music/../s.wav"}),
        (mx.normalize, ["s.wav", "t.wav"], {"out": ["o.wav", "s.wav"]}),
        (mx.normalize, ["s.wav", "t.wav"], {"out": ["t.wav", "s.wav"]}),
        (mx.normalize, ["s.wav", "t.wav"], {"out": ["o.wav", "./o.wav"]}),
        (mx.master, "s.wav", {"out": "s.wav"}),
        (mx.master, ["s.wav", "t.wav"], {"out": ["t.wav", "o.wav"]}),
        (mx.master, "s.wav", {"out": "t.wav", "reference": "t.wav"}),
        (mx.master, "s.wav", {"out": "t.wav", "reference": ["vox.wav", pathlib.Path("t.wav")]}),
    ]
    for call, given, more in calls:
        for overwrite in (False, True):
            with pytest.raises(ValueError, match="would be (written over|one file)") as error:
                call(given, lufs=-20, overwrite=overwrite, **more)
            assert len(str(error.value).splitlines()) == 1
            assert state(folder) == before


# What is there is replaced only when that is asked for.


def test_an_unrelated_file_is_replaced_only_when_asked(refused, folder, capsys):
    said = refused("normalize", "song.flac", "-o", ".", *GOAL, overwrite=False)
    assert said.endswith("song.wav: the file exists; --overwrite replaces it")
    assert "--overwrite" in refused("normalize", "s.wav", "-o", "t.wav", *GOAL, overwrite=False)
    assert "--overwrite" in refused("master", "s.wav", "-o", "t.wav", *GOAL, overwrite=False)
    assert "--overwrite" in refused("mix", "s.toml", "-o", "t.wav", overwrite=False)
    assert "--overwrite" in refused("mix", "s.toml", "-o", "m.wav", "--mix", "t.wav", overwrite=False)
    pathlib.Path("page.html").write_text("of the user")
    assert "--overwrite" in refused("check", "s.wav", "--html", "page.html", overwrite=False)
    others = {name: found for name, found in state(folder).items() if name not in ("t.wav", "page.html")}
    for line in (["normalize", "s.wav", "-o", "t.wav", *GOAL], ["mix", "s.toml", "-o", "t.wav"]):
        before = state(folder)["t.wav"]
        assert main([*line, "--overwrite"]) in (0, 1)
        assert state(folder)["t.wav"] != before
    assert main(["check", "s.wav", "--html", "page.html", "--overwrite"]) == 0
    assert pathlib.Path("page.html").read_text().startswith("<!doctype html>")
    after = state(folder)
    assert {name: after[name] for name in others} == others and len(after) == len(others) + 2, "nothing else"


def test_python_replaces_only_when_asked(folder):
    before = state(folder)
    for call in (mx.normalize, mx.master):
        with pytest.raises(FileExistsError, match="overwrite=True replaces it") as error:
            call("s.wav", lufs=-20, out="t.wav")
        assert os.fspath(error.value.filename) == "t.wav" and state(folder) == before
        call("s.wav", lufs=-20, out="t.wav", overwrite=True)
        assert mx.loudness("t.wav").integrated == pytest.approx(-20, abs=0.1)
        shutil.copy("vox.wav", "t.wav")
        before = state(folder)
    with pytest.raises(FileExistsError, match="and 1 more of the outputs do"):
        mx.normalize(["s.wav", "vox.wav"], lufs=-20, out=["t.wav", "kick.wav"])
    # As soundfile does.
    mx.write("t.wav", music(seed=9), RATE, bits=32)
    assert np.array_equal(mx.read("t.wav")[0], music(seed=9))


def test_a_second_run_says_what_is_there(refused, folder, capsys):
    line = ["normalize", "s.wav", "t.wav", "-o", "out", *GOAL]
    assert main(line) == 0
    assert "and 1 more of the outputs do" in refused(*line, overwrite=False)
    assert main([*line, "--overwrite"]) == 0
    assert sorted(os.listdir("out")) == ["s.wav", "t.wav"]


# Results are never taken for inputs.


def test_results_are_not_taken_for_input(folder, capsys):
    line = ["normalize", "-r", "music", "-o", "music/out", *GOAL, "--json"]
    assert main(line) == 0
    first = capsys.readouterr()
    assert "left out" not in first.err
    assert main([*line, "--overwrite"]) == 0
    second = capsys.readouterr()
    assert [json.loads(row)["file"] for row in second.out.splitlines()] == [
        json.loads(row)["file"] for row in first.out.splitlines()
    ]
    assert second.err.count("\n") == 1 and f"left out, as results go there: {os.path.join('music', 'out')}" in second.err
    assert sorted(path.name for path in (folder / "music/out").rglob("*.wav")) == ["a.wav", "b.wav"]
    # A file too.
    shutil.rmtree("music/more")
    shutil.rmtree("music/out")
    line = ["master", "-r", "music", "-o", "music/m.wav", *GOAL, "--overwrite"]
    for _ in range(2):
        assert main(line) == 0
    assert "left out" in capsys.readouterr().err and sorted(os.listdir("music")) == ["a.wav", "m.wav"]


def test_what_a_journal_records_is_kept(refused, folder, capsys):
    line = ["normalize", "-r", "music", "-o", "out", *GOAL, "--resume", "done.jsonl"]
    assert main(line) == 0
    before, rows = state(folder), pathlib.Path("done.jsonl").read_text()
    assert main(line) == 0, "all is done: nothing to overwrite"
    assert state(folder) == before
    os.remove("out/a.wav")
    assert main(line) == 0
    again = state(folder)
    assert os.path.exists("out/a.wav") and again["out/more/b.wav"] == before["out/more/b.wav"]
    assert pathlib.Path("done.jsonl").read_text().startswith(rows), "continued"
    # A result that is no longer what was made is the user's.
    mx.write("out/a.wav", music(seed=9), RATE)
    assert "out/a.wav: the file exists" in refused(*line, overwrite=False).replace(os.sep, "/")
    # Another request is another matter.
    line[line.index("-20")] = "-23"
    assert "and 1 more" in refused(*line, overwrite=False)


def test_a_journal_is_never_something_else(refused, folder, capsys):
    pathlib.Path("notes.jsonl").write_text("of the user\n")
    pathlib.Path("rows.json").write_text('{"file": "s.wav", "integrated": -20.0}\n')
    pathlib.Path("bytes").write_bytes(bytes(range(256)))
    for command in (["loudness"], ["check"], ["normalize", *GOAL, "-o", "out/"], ["master", *GOAL, "-o", "out/"]):
        overwrite = command[0] != "loudness"
        for journal in ("notes.jsonl", "rows.json", "bytes", "s.wav", "song.flac", "new.wav", "music", "s.toml", ""):
            refused(*command, "s.wav", "--resume", journal, overwrite=overwrite)
        refused(*command, "s.wav", "--resume", "s.toml/journal", overwrite=overwrite)
    assert "the result" not in refused("normalize", "s.wav", "-o", "out/", *GOAL, "--resume", "out/s.wav")
    if sys.platform != "win32":
        os.symlink("s.wav", "alias.jsonl")
        refused("loudness", "t.wav", "--resume", "alias.jsonl", overwrite=False)
    pathlib.Path("empty.jsonl").write_text("")
    assert main(["loudness", "s.wav", "--resume", "empty.jsonl"]) == 0, "nothing is lost of an empty file"


# Endings.

WRONG = ["o.mp3", "o.ogg", "o.opus", "o.m4a", "o.xyz", "o.wav.mp3", "o.MP3", "o."]


@pytest.mark.parametrize("name", WRONG)
def test_an_ending_that_is_not_written_is_refused(refused, folder, name):
    before = state(folder)
    x = music()
    for call in (
        lambda: mx.write(name, x, RATE),
        lambda: mx.writer(name, RATE),
        lambda: mx.master("s.wav", lufs=-20, out=name),
        lambda: mx.normalize(["s.wav", "t.wav"], lufs=-20, out=["o.wav", name]),
        # Before any work: that the input is missing would be seen then.
        lambda: mx.normalize("none.wav", lufs=-20, out=name),
        lambda: pedalboard.io.AudioFile(name, "w", RATE, 2),
    ):
        with pytest.raises(ValueError, match=r"only \.?(wav|WAV)"):
            call()
    assert state(folder) == before
    for line in (["normalize", "s.wav", *GOAL], ["master", "s.wav", *GOAL], ["normalize", "s.wav", "--album", *GOAL]):
        said = refused(*line, "-o", name)
        assert f"-o {name}: " in said and "slash" in said
    assert "ends in .wav" in refused("mix", "s.toml", "-o", name)
    assert "ends in .wav" in refused("mix", "s.toml", "-o", "m.wav", "--mix", name)


@pytest.mark.parametrize("name", ["o.wav", "o.WAV", "o.wave", "o.Wave"])
def test_wav_by_any_of_its_names(folder, name):
    mx.write(name, music(), RATE)
    assert soundfile.info(name).frames == RATE
    os.remove(name)
    assert main(["normalize", "s.wav", "-o", name, *GOAL]) == 0
    assert os.path.isfile(name) and soundfile.info(name).frames == RATE


def test_what_is_a_folder_and_what_a_file(refused, folder, capsys):
    assert "cannot become one" in refused("normalize", "s.wav", "t.wav", "-o", "x.wav", *GOAL)
    assert "empty" in refused("normalize", "s.wav", "-o", "", *GOAL)
    assert "empty" in refused("mix", "s.toml", "-o", "")
    refused("normalize", "s.wav", "-o", "s.toml", *GOAL)
    refused("normalize", "s.wav", "-o", "s.toml/", *GOAL)
    refused("mix", "s.toml", "-o", "music")
    refused("mix", "s.toml", "-o", os.path.join("music", ""))
    pathlib.Path("plain").write_text("a file without an ending")
    refused("normalize", "s.wav", "-o", "plain", *GOAL)
    for out in ("new/", "v1.2/", "plain2"):
        assert main(["normalize", "s.wav", "-o", out, *GOAL]) == 0
        assert soundfile.info(os.path.join(out, "s.wav")).frames == RATE
    assert main(["normalize", "t.wav", "-o", "v1.2", *GOAL]) == 0, "the folder is there"


def test_pages_are_pages(refused, folder):
    for name in ("page.wav", "page", "page.txt", "s.wav", ""):
        refused("check", "s.wav", "--html", name)
    os.makedirs("folder.html")
    refused("check", "s.wav", "--html", "folder.html")
    refused("check", "s.wav", "--html", "s.toml/page.html")
    shutil.copy("s.wav", "sound.html")
    assert "the input, sound.html" in refused("check", "sound.html", "--html", "./sound.html")


@UNIX
def test_devices_are_not_written(refused, folder):
    os.symlink("/dev/null", "null.wav")
    refused("normalize", "s.wav", "-o", "/dev/null", *GOAL)
    refused("normalize", "s.wav", "-o", "null.wav", *GOAL)
    refused("mix", "s.toml", "-o", "null.wav")
    refused("loudness", "s.wav", "--resume", "/dev/null", overwrite=False)
    with pytest.raises(OSError, match="not a file"):
        mx.write("null.wav", music(), RATE)


# Links, modes, long names.


@UNIX
def test_links_are_written_through_and_modes_kept(folder):
    os.makedirs("store")
    mx.write("store/m.wav", music(seed=9), RATE)
    os.chmod("store/m.wav", 0o640)
    os.symlink("store/m.wav", "m.wav")
    os.symlink("store/new.wav", "dangling.wav")
    pathlib.Path("store/page.html").write_text("old")
    os.symlink("store/page.html", "page.html")
    for line, name in (
        (["normalize", "s.wav", "-o", "m.wav", *GOAL], "store/m.wav"),
        (["master", "s.wav", "-o", "dangling.wav", "--chain", "chain.json", *GOAL], "store/new.wav"),
        (["mix", "s.toml", "-o", "m.wav", "--mix", "dangling.wav"], "store/m.wav"),
        (["check", "s.wav", "--html", "page.html"], "store/page.html"),
    ):
        before = pathlib.Path(name).read_bytes() if os.path.exists(name) else b""
        assert main([*line, "--overwrite"]) in (0, 1)
        assert pathlib.Path(name).read_bytes() != before, name
    mx.write("m.wav", music(seed=9), RATE)
    assert all(os.path.islink(name) for name in ("m.wav", "dangling.wav", "page.html"))
    assert stat.S_IMODE(os.stat("store/m.wav").st_mode) == 0o640
    assert sorted(os.listdir("store")) == ["m.wav", "new.wav", "page.html"], "nothing hidden is left"


@UNIX
def test_a_read_only_file_stays(refused, folder):
    os.chmod("t.wav", 0o444)
    assert "read-only" in refused("normalize", "s.wav", "-o", "t.wav", "--overwrite", *GOAL)
    assert "read-only" in refused("mix", "s.toml", "-o", "t.wav", "--overwrite")
    before = state(folder)
    for call in (lambda: mx.write("t.wav", music(), RATE), lambda: mx.master("s.wav", lufs=-20, out="t.wav", overwrite=True)):
        with pytest.raises(PermissionError, match="read-only"):
            call()
    assert state(folder) == before


def test_a_name_of_255_bytes(refused, folder):
    name = "n" * 251 + ".wav"
    mx.write(name, music(), RATE)
    for line in (
        ["normalize", "s.wav", "-o", name, *GOAL],
        ["master", "s.wav", "-o", name, "--chain", "chain.json", "--rate", "48000", *GOAL],
        ["mix", "s.toml", "-o", name, "--mix", "m" + name[1:]],
        ["check", "s.wav", "--html", "n" * 250 + ".html"],
    ):
        assert main([*line, "--overwrite"]) in (0, 1), line
    assert soundfile.info("m" + name[1:]).frames == RATE
    assert not [path for path in os.listdir() if path.startswith(".")]
    assert "n.wav" in refused("normalize", "s.wav", "-o", "n" + name, *GOAL)


def test_scratch_takes_no_name_of_the_users(folder):
    for name in ("m.floats.wav", ".mixdsp-m.wav", "m.part"):
        shutil.copy("t.wav", name)
    before = state(folder)
    assert main(["mix", "s.toml", "-o", "m.wav"]) in (0, 1)
    assert main(["master", "s.wav", "-o", "n.wav", "--chain", "chain.json", *GOAL]) == 0
    after = state(folder)
    assert {name: after[name] for name in before} == before and len(after) == len(before) + 2


# A full disk, a folder that goes away.

FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
from mixdsp._command import main
sys.exit(main(sys.argv[1:]))
"""


def harmless_failures():
    return [
        ["normalize", "s.wav", "-o", "t.wav", *GOAL],
        ["normalize", "s.wav", "song.flac", "-o", "out", "--album", *GOAL],
        ["master", "s.wav", "-o", "t.wav", "--chain", "chain.json", *GOAL],
        ["mix", "s.toml", "-o", "t.wav"],
        ["mix", "s.toml", "-o", "t.wav", "--mix", "out/s.wav"],
    ]


@UNIX
@pytest.mark.parametrize("at", range(5))
def test_a_full_disk_leaves_the_old_file_whole(folder, at):
    """A limit on the size of files stands for it: the system refuses the write in the same way."""
    os.makedirs("out")
    for name in ("s.wav", "song.wav"):
        shutil.copy("t.wav", f"out/{name}")
    before = state(folder)
    line = [sys.executable, "-c", FULL, *harmless_failures()[at], "--overwrite"]
    run = subprocess.run(line, capture_output=True, text=True)
    assert run.returncode == 3 and run.stderr.startswith("mixdsp: ") and run.stderr.count("\n") == 1, run.stderr
    assert state(folder) == before


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte; only root can have one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("not compared: only root mounts a disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(disk)], capture_output=True).returncode:
        pytest.skip("not compared: no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_is_full_indeed(folder, small_disk):
    mx.write(small_disk / "m.wav", music(1), RATE)
    (small_disk / "page.html").write_text("old")
    mx.write("long.wav", music(8), RATE)
    before = state(small_disk)
    assert main(["normalize", "long.wav", "-o", str(small_disk / "m.wav"), "--overwrite", *GOAL]) == 3
    assert state(small_disk) == before
    with pytest.raises(OSError, match="space"):
        mx.write(small_disk / "m.wav", music(8), RATE)
    assert state(small_disk) == before
    room = shutil.disk_usage(small_disk).free
    (small_disk / "filler").write_bytes(b"\0" * room)
    before = state(small_disk)
    assert main(["check", "long.wav", "--html", str(small_disk / "page.html"), "--overwrite"]) in (2, 3)
    assert state(small_disk) == before


@UNIX
def test_a_folder_that_cannot_be_written_is_known_before(refused, folder):
    os.makedirs("locked")
    if os.getuid() == 0:
        # Modes do not hold root.
        line = ["mount", "-t", "tmpfs", "-o", "ro", "none", "locked"]
        if sys.platform != "linux" or subprocess.run(line, capture_output=True).returncode:
            pytest.skip("not compared: no disk can be mounted here")
    else:
        os.chmod("locked", 0o555)
    try:
        for name in ("locked/m.wav", "locked/new/m.wav", "locked/"):
            refused("normalize", "s.wav", "-o", name, *GOAL)
        refused("normalize", "s.wav", "t.wav", "-o", "locked", *GOAL)
        refused("mix", "s.toml", "-o", "locked/m.wav")
        refused("mix", "s.toml", "-o", "m.wav", "--mix", "locked/m.wav")
        refused("check", "s.wav", "--html", "locked/page.html")
        refused("loudness", "s.wav", "--resume", "locked/done.jsonl", overwrite=False)
        with pytest.raises(OSError):
            mx.normalize("none.wav", lufs=-20, out="locked/m.wav")
    finally:
        if os.getuid() == 0:
            subprocess.run(["umount", "locked"], check=True)


def test_a_folder_that_is_not_there(folder):
    before = state(folder)
    for call in (mx.normalize, mx.master):
        with pytest.raises(FileNotFoundError, match="no such folder"):
            call("s.wav", lufs=-20, out="gone/m.wav")
    with pytest.raises(FileNotFoundError):
        mx.write("gone/m.wav", music(), RATE)
    assert state(folder) == before
    assert main(["mix", "s.toml", "-o", "new/deep/m.wav", "--mix", "other/mix.wav"]) in (0, 1), "the command makes it"
    assert os.path.isfile("new/deep/m.wav") and os.path.isfile("other/mix.wav")


@UNIX
def test_a_folder_that_goes_away(folder):
    os.makedirs("out")
    shutil.copy("t.wav", "out/s.wav")
    before = state(folder / "out")
    with pytest.raises(FileNotFoundError), mx.writer("out/s.wav", RATE) as out:
        out.write(music())
        os.rename("out", "moved")
    left = {name: found for name, found in state(folder / "moved").items() if not name.startswith(".mixdsp-")}
    assert left == before and not os.path.exists("out")


# What is skipped, or could not be read, is named.


def test_what_is_passed_over_and_what_failed_is_listed(folder, capsys):
    for name in ("music/cover.jpg", "music/more/notes.txt", "music/.hidden.wav", "music/.mixdsp-1-2.wav"):
        pathlib.Path(name).write_text("no audio")
    pathlib.Path("music/bad.wav").write_text("no audio " * 20)
    passed = ["music/cover.jpg", "music/more/notes.txt", "music/.hidden.wav"]
    if sys.platform != "win32":
        os.symlink("../music", "music/circle")
        passed.append("music/circle/")
    delivery = ["-o", "out", "--overwrite", *GOAL]
    for command in (["check"], ["loudness"], ["normalize", *delivery], ["master", *delivery]):
        for form in ([], ["--json"], ["--csv"]):
            assert main([*command, "-r", "music", *form]) == 3
            told = capsys.readouterr()
            for name in passed:
                assert name in told.err.replace(os.sep, "/") and name not in told.out.replace(os.sep, "/")
            assert "bad.wav" in told.err and ".mixdsp-" not in told.err
    assert main(["check", "-r", "music", "--html", "page.html"]) == 3
    page = pathlib.Path("page.html").read_text().replace(os.sep, "/")
    for name in (*passed, "music/bad.wav", "music/a.wav", "music/more/b.wav"):
        assert name in page, name
    assert page.count("<svg") == 2 and "no audio in it" in page and ".mixdsp-" not in page


def test_the_page_is_there_when_all_failed(folder, capsys):
    pathlib.Path("bad.wav").write_text("no audio " * 20)
    assert main(["check", "bad.wav", "none.wav", "--html", "page.html"]) == 3
    page = pathlib.Path("page.html").read_text()
    assert "bad.wav" in page and "none.wav: no such file" in page


def test_a_page_lists_all_where_a_line_cannot(folder, capsys):
    for at in range(300):
        pathlib.Path(f"music/{at:03}.txt").write_text("")
    assert main(["check", "-r", "music", "--html", "page.html"]) == 0
    assert "music/099.txt and 200 more" in capsys.readouterr().err.replace(os.sep, "/")
    page = pathlib.Path("page.html").read_text()
    assert all(f"{at:03}.txt" in page for at in range(300))


def test_a_folder_without_audio_says_what_is_in_it(folder, capsys):
    os.makedirs("empty")
    pathlib.Path("empty/cover.jpg").write_text("")
    assert main(["check", "-r", "empty"]) == 2
    assert "cover.jpg" in capsys.readouterr().err


def test_a_folder_that_cannot_be_read_is_a_failure(folder, capsys, monkeypatch):
    walk = os.walk

    def failing(top, onerror=None):
        onerror(PermissionError(13, "Permission denied", os.path.join(top, "locked")))
        yield from walk(top)

    monkeypatch.setattr(os, "walk", failing)
    assert main(["check", "-r", "music", "--html", "page.html"]) == 3
    locked = os.path.join("music", "locked")
    assert f"{locked}: Permission denied" in capsys.readouterr().err
    assert locked in pathlib.Path("page.html").read_text()


@UNIX
def test_a_file_by_two_names_is_taken_once_and_said(folder, capsys):
    os.symlink("a.wav", "music/alias.wav")
    assert main(["loudness", "-r", "music", "--json"]) == 0
    told = capsys.readouterr()
    assert told.out.count("\n") == 2 and "music/alias.wav: the same file as music/a.wav, and taken once" in told.err
    assert main(["loudness", "s.wav", "./s.wav", "s.wav", "--json"]) == 0
    told = capsys.readouterr()
    assert told.err == "" and json.loads(told.out)["file"] == "s.wav", "once, and nothing to say"


@UNIX
def test_an_interrupted_mix_leaves_what_was_there(folder):
    mx.write("vox.wav", np.tile(music(5), 30), RATE)
    for name in ("m.wav", "mix.wav"):
        shutil.copy("t.wav", name)
    before = state(folder)
    line = [sys.executable, "-m", "mixdsp", "mix", "s.toml", "-o", "m.wav", "--mix", "mix.wav", "--overwrite"]
    heed = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  a job in the background ignores it
    run = subprocess.Popen(line, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    while run.poll() is None and not [name for name in os.listdir() if name.startswith(".mixdsp-")]:
        pass
    with contextlib.suppress(ProcessLookupError):
        run.send_signal(signal.SIGINT)
    run.communicate(timeout=60)
    assert run.returncode == 130 and state(folder) == before
