"""Measures and normalises a catalogue of audio files with Ray: on this machine, or the same code on a cluster.

    pip install mixdsp ray
    python catalogue_on_ray.py CATALOGUE OUT --lufs -14
    python catalogue_on_ray.py /shared/catalogue /shared/out --lufs -14 --address auto

Every folder is an album. Audio does not travel: a worker measures a file and returns its meter, a few kilobytes; the
driver merges the meters to the loudness of the album, and from that follows one gain for all its songs, so that they
keep their levels among each other. Workers then write the files.

A file that fails is reported and the run goes on. What is done is kept in a journal beside the output; the same
command goes on from there after an interruption. Files have to be where all workers see them, under the same path.
"""

import argparse
import json
import os
import pathlib
import sys
from collections import defaultdict

import mixdsp as mx
import ray

ENDINGS = {".wav", ".flac", ".mp3", ".ogg", ".m4a"}
#: Tasks that are under way at once, for every processor: enough to keep all busy, few enough to hold in memory.
AHEAD = 4
#: What a file may fail with: it is not there, cannot be read, is no audio, or is damaged.
FAILURES = (OSError, ValueError)


@ray.remote
def measure(path):
    """The meter of a file, as bytes, and what it reads."""
    try:
        meter = mx.meter_of(path)
    except FAILURES as error:
        return {"file": path, "error": str(error)}
    report = meter.report()
    return {
        "file": path,
        "sample_rate": meter.sample_rate,
        "channels": meter.channels,
        "meter": meter.to_bytes().hex(),
        "integrated": report.integrated,
        "true_peak": report.true_peak,
    }


@ray.remote
def normalize(path, out, lufs, true_peak_db, overwrite):
    """Writes a file at a loudness: whole or not at all, and over nothing that is there unless that is asked for."""
    try:
        os.makedirs(os.path.dirname(out), exist_ok=True)
        report = mx.normalize(path, lufs=lufs, true_peak_db=true_peak_db, out=out, overwrite=overwrite).report
    except FAILURES as error:
        return {"file": path, "error": str(error)}
    return {
        "file": path,
        "out": out,
        "gain_db": report.gain_db,
        "limiter_db": report.limiter_db,
        "limiting_p99_db": report.limiting_p99_db,
        "integrated": report.after.integrated,
        "true_peak": report.after.true_peak,
    }


class Journal:
    """What is done, a line of JSON each; failures are not kept, so that they are tried again."""

    def __init__(self, path):
        self.path = path
        self.done = {}
        if path.exists():
            lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
            for line in lines:
                try:
                    row = json.loads(line)
                    self.done[row["step"], row["file"]] = row
                except (ValueError, KeyError, TypeError):
                    continue  # cut off when the run was
            if any(line and not line.startswith('{"step": ') for line in lines):
                raise SystemExit(f"{path} is there, and is no journal")

    def find(self, step, path):
        """What was done with a file that has not changed since."""
        row = self.done.get((step, path))
        return row if row is not None and row["mark"] == mark(path) else None

    def add(self, step, row):
        if "error" in row:
            return
        row = {"step": step, "mark": mark(row["file"]), **row}
        self.done[step, row["file"]] = row
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as out:
            out.write("\n" + json.dumps(row))


def mark(path):
    """What changes when a file does."""
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return [facts.st_size, facts.st_mtime_ns]


def run(step, jobs, journal, start, tell):
    """Runs a task for every file that is not done yet, some at a time; gives the rows by file.

    ``jobs`` maps files to the arguments of ``start``, which starts a task.
    """
    rows = {path: row for path in jobs if (row := journal.find(step, path)) is not None}
    waiting = [path for path in jobs if path not in rows]
    most = AHEAD * max(int(ray.cluster_resources().get("CPU", 1)), 1)
    under_way = {}
    while waiting or under_way:
        while waiting and len(under_way) < most:
            path = waiting.pop(0)
            under_way[start(path, *jobs[path])] = path
        finished, _ = ray.wait(list(under_way))
        for task in finished:
            path = under_way.pop(task)
            try:
                row = ray.get(task)
            except ray.exceptions.RayError as error:
                # A worker that died, for instance: the others go on.
                row = {"file": path, "error": f"{type(error).__name__}: {error}".splitlines()[0]}
            journal.add(step, row)
            rows[path] = row
            tell(step, row, len(rows), len(jobs))
    return rows


def albums_of(measured):
    """Merged meters, by folder; songs of another rate or with other channels are an album of their own."""
    albums = {}
    for path, row in sorted(measured.items()):
        key = (os.path.dirname(path), row["sample_rate"], row["channels"])
        if key not in albums:
            albums[key] = mx.LoudnessMeter(row["sample_rate"], row["channels"])
        albums[key].merge_bytes(bytes.fromhex(row["meter"]))
    return albums


def tell(step, row, done, total):
    """A line for every file."""
    if "error" in row:
        print(f"[{done}/{total}] {step} failed: {row['file']}: {row['error']}", file=sys.stderr, flush=True)
    else:
        loudness = "-" if row["integrated"] is None else f"{row['integrated']:.2f} LUFS"
        print(f"[{done}/{total}] {step} {row['file']}: {loudness}", flush=True)


def process(catalogue, out, lufs, true_peak_db=-1.0, tell=tell, overwrite=False):
    """Normalises a catalogue; gives the rows, the albums' loudness by folder, and the failures."""
    catalogue, out = pathlib.Path(catalogue).resolve(), pathlib.Path(out).resolve()
    if catalogue.is_relative_to(out):
        raise SystemExit(f"{out}: results cannot go where the catalogue lies")
    # Results in a folder of the catalogue are not its songs.
    paths = [path for path in catalogue.rglob("*") if path.is_file() and not path.is_relative_to(out)]
    files = sorted(str(path) for path in paths if path.suffix.lower() in ENDINGS)
    passed = sorted(str(path) for path in paths if path.suffix.lower() not in ENDINGS)
    if passed:
        print(f"passed over, no audio by their names: {', '.join(passed)}", file=sys.stderr)
    journal = Journal(out / "journal.jsonl")

    measured = run("measure", {path: () for path in files}, journal, measure.remote, tell)
    failures = [row for row in measured.values() if "error" in row]
    sound = {path: row for path, row in measured.items() if "error" not in row}
    albums = albums_of(sound)

    jobs = {}
    for path, row in sound.items():
        album = albums[os.path.dirname(path), row["sample_rate"], row["channels"]].integrated
        if row["integrated"] is not None and album is not None:
            made = str(out / pathlib.Path(path).relative_to(catalogue))
            # The song moves by what the album has to move by.
            wanted = max(min(row["integrated"] + lufs - album, 0.0), -70.0)
            jobs[path] = (made if made.endswith(".wav") else f"{made}.wav", wanted, true_peak_db, overwrite)
    rows = run("normalize", jobs, journal, normalize.remote, tell)
    failures += [row for row in rows.values() if "error" in row]
    loudness = defaultdict(dict)
    for (folder, rate, channels), meter in albums.items():
        loudness[folder][f"{rate:g} Hz, {channels} channels"] = meter.integrated
    return rows, dict(loudness), failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("catalogue", help="a folder of albums")
    parser.add_argument("out", help="where the WAV files and the journal go")
    parser.add_argument("--lufs", type=float, default=-14.0, help="loudness of every album (-14)")
    parser.add_argument("--true-peak", type=float, default=-1.0, help="ceiling in dBTP (-1)")
    parser.add_argument("--overwrite", action="store_true", help="replace files in OUT that the journal does not know")
    parser.add_argument("--address", help="a cluster, auto for the one this machine is in; local when not given")
    options = parser.parse_args()
    ray.init(address=options.address, log_to_driver=False)
    rows, albums, failures = process(
        options.catalogue, options.out, options.lufs, options.true_peak, overwrite=options.overwrite
    )
    for folder, kinds in sorted(albums.items()):
        for kind, loudness in kinds.items():
            told = "silent" if loudness is None else f"{loudness:.2f} LUFS"
            print(f"album {folder} ({kind}): {told}")
    print(f"{len(rows)} files, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
