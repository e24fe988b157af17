"""The example of many machines, on a local Ray: a few dozen files, one damaged, and a run that is interrupted."""

import json
import pathlib
import sys

import mixdsp as mx
import numpy as np
import pytest

ray = pytest.importorskip("ray", reason="Ray has no wheel for this Python")
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "examples/python"))

RATE = 44_100
ALBUMS, SONGS = 3, 10


@pytest.fixture(scope="module")
def local():
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, configure_logging=False)
    yield
    ray.shutdown()


@pytest.fixture
def catalogue(tmp_path):
    for album in range(ALBUMS):
        (tmp_path / f"in/album {album}").mkdir(parents=True)
        for song in range(SONGS):
            random = np.random.default_rng(100 * album + song)
            level = 10 ** (random.uniform(-35, -12) / 20)
            x = random.uniform(-level, level, (2, RATE + 1_000 * song)).astype(np.float32)
            mx.write(tmp_path / f"in/album {album}/{song}.wav", x, RATE)
    (tmp_path / "in/album 0/damaged.flac").write_bytes(b"fLaC and nothing behind it")
    return tmp_path


class Interrupted(Exception):
    pass


@pytest.mark.long
def test_a_catalogue_is_measured_and_normalised_and_resumes(local, catalogue):
    import catalogue_on_ray as example

    done = []

    def stop_soon(step, row, count, total):
        done.append((step, row["file"]))
        if len(done) == 12:
            raise Interrupted

    with pytest.raises(Interrupted):
        example.process(catalogue / "in", catalogue / "out", -20, tell=stop_soon)
    journal = catalogue / "out/journal.jsonl"
    kept = [json.loads(line) for line in journal.read_text().splitlines() if line]
    assert 10 <= len(kept) <= 12
    # As if the machine had gone in the middle of a line.
    with journal.open("a") as out:
        out.write('\n{"step": "measure", "file": "')

    again = []
    rows, albums, failures = example.process(
        catalogue / "in", catalogue / "out", -20, tell=lambda step, row, *_: again.append((step, row["file"]))
    )
    measured_before = {row["file"] for row in kept}
    assert measured_before.isdisjoint(path for step, path in again if step == "measure"), "not measured twice"
    assert [pathlib.Path(row["file"]).name for row in failures] == ["damaged.flac"] and failures[0]["error"]
    assert len(rows) == ALBUMS * SONGS and len(albums) == ALBUMS

    for album in range(ALBUMS):
        sources = sorted((catalogue / f"in/album {album}").glob("*.wav"))
        meters = [mx.meter_of(path) for path in sources]
        whole = mx.LoudnessMeter(RATE)
        for meter in meters:
            whole.merge(meter)
        (loudness,) = albums[str(catalogue / f"in/album {album}")].values()
        assert loudness == pytest.approx(whole.integrated, abs=1e-9)
        made = mx.LoudnessMeter(RATE)
        for path, meter in zip(sources, meters):
            report = mx.loudness(catalogue / f"out/album {album}" / path.name)
            made.merge(mx.meter_of(catalogue / f"out/album {album}" / path.name))
            assert report.integrated - meter.integrated == pytest.approx(-20 - whole.integrated, abs=0.1)
            assert report.true_peak <= -0.98
        assert made.integrated == pytest.approx(-20, abs=0.1)

    third = []
    example.process(catalogue / "in", catalogue / "out", -20, tell=lambda *row: third.append(row))
    assert [row[1]["file"].endswith("damaged.flac") for row in third] == [True], "failures alone are tried again"
