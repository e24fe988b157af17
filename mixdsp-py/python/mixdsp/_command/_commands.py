"""What each command does."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from typing import Any, Optional

import numpy as np

from .. import _files as files
from .. import _mixdsp
from .._delivery import MAX_LIMITING_DB, TooMuchLimiting
from .._effect import Effect
from .._loudness import meter_of
from .._master import master as make_master
from .._master import normalize as make_normalized
from .._meter import LoudnessMeter
from .._targets import TARGETS
from . import _check, _page, _tags
from ._files import Found, NothingFound, collect, outputs
from ._journal import Journal
from ._listen import Heard, listen
from ._rows import Column, Row, Rows, clock
from ._run import FAILED, FINE, FOUND, INTERRUPTED, Progress, explain, run

Tell = Callable[[float], None]

LOUDNESS = [
    Column("integrated", "LUFS"),
    Column("range", "LRA"),
    Column("true_peak", "dBTP"),
    Column("momentary_max", "M max"),
    Column("short_term_max", "S max"),
    Column("file", "file", -1),
]
CHECK = [
    *LOUDNESS[:-1],
    Column("seconds", "seconds"),
    Column("sample_rate", "rate"),
    Column("channels", "channels"),
    Column("clipped_runs", "clipped"),
    Column("dc", "DC"),
    Column("silence_start", "start"),
    Column("silence_end", "end"),
    Column("mono_loss", "mono"),
    Column("file", "file", -1),
]
DELIVERY = [
    Column("before", "before"),
    Column("gain_db", "gain"),
    Column("limiter_db", "limiter"),
    Column("limiting_p99_db", "99 %"),
    Column("after", "after"),
    Column("true_peak", "dBTP"),
    Column("reached", "reached"),
    Column("out", "file", -1),
]


def check(options: argparse.Namespace) -> int:
    found = collect(options.files, options.recursive)
    target = TARGETS[options.target] if options.target else None
    asked = {"command": "check", "target": options.target}
    journal = Journal(options.resume if not options.html else None, asked)
    heard: dict[str, Heard] = {}
    pages: list[tuple[str, Heard, list[str]]] = []
    rows = Rows(CHECK, options.form, single=len(found) == 1)
    code = FINE

    def work(file: Found, tell: Tell) -> Row:
        each = listen(file.path, tell)
        row = _check.row(each, target)
        row["screen"] = _check.screen(file.path, each, row["faults"])
        heard[file.path] = each
        return row

    def given(row: Row) -> None:
        nonlocal code
        text = row.pop("screen")
        if row["faults"]:
            code = FOUND
        if options.form == "text":
            print(text, flush=True)
        else:
            rows.add(row)
        each = heard.pop(row["file"], None)
        if options.html and each is not None:
            pages.append((row["file"], each, row["faults"]))

    done = run(found, work, jobs=options.jobs, journal=journal, given=given, quiet=options.quiet)
    if options.html and done != INTERRUPTED:
        with open(options.html, "w", encoding="utf-8") as out:
            out.write(_page.page(pages))
    return done or code


def loudness(options: argparse.Namespace) -> int:
    found = collect(options.files, options.recursive)
    journal = Journal(options.resume, {"command": "loudness", "album": options.album})
    rows = Rows(LOUDNESS, options.form, single=len(found) == 1)
    albums: dict[tuple[float, int], LoudnessMeter] = {}

    def work(file: Found, tell: Tell) -> Row:
        meter = meter_of(file.path, progress=tell)
        row = meter.report().to_dict()
        del row["channels"]
        if options.album:
            row["measured"] = [meter.sample_rate, meter.channels, meter.to_bytes().hex()]
        return row

    def given(row: Row) -> None:
        measured = row.pop("measured", None)
        if measured is not None:
            rate, channels, data = measured
            album = albums.setdefault((rate, channels), LoudnessMeter(rate, channels))
            album.merge_bytes(bytes.fromhex(data))
        rows.add(row)

    code = run(found, work, jobs=options.jobs, journal=journal, given=given, quiet=options.quiet)
    for (rate, channels), album in albums.items():
        name = "album" if len(albums) == 1 else f"album, {rate:g} Hz, {channels} channels"
        row = album.report().to_dict()
        del row["channels"]
        rows.add({"file": name, **row})
    return code


def _goal(options: argparse.Namespace) -> dict[str, Any]:
    if options.target is None and options.lufs is None:
        raise NothingFound("--target or --lufs is needed")
    most = MAX_LIMITING_DB if options.max_limiting is None else options.max_limiting
    return {
        "target": options.target,
        "lufs": options.lufs,
        "true_peak_db": options.true_peak,
        "max_limiting_db": most,
    }


def _row(report: Any, out: str) -> Row:
    return {
        "out": out,
        "before": report.before.integrated,
        "gain_db": report.gain_db,
        "limiter_db": report.limiter_db,
        "limiting_max_db": report.limiting_max_db,
        "limiting_p99_db": report.limiting_p99_db,
        "warnings": report.warnings,
        "after": report.after.integrated,
        "range": report.after.range,
        "true_peak": report.after.true_peak,
        "sample_rate": report.sample_rate,
        "passes": report.passes,
        "reached": report.reached,
    }


def _warn(row: Row) -> None:
    for line in row["warnings"]:
        print(f"mixdsp: {row['file']}: {line}", file=sys.stderr)


def _aside(out: str) -> str:
    """A name beside a file, for as long as it is made."""
    folder, name = os.path.split(os.path.abspath(out))
    os.makedirs(folder, exist_ok=True)
    return os.path.join(folder, f".mixdsp-{os.getpid()}-{name}")


def _finish(source: str, made: str, out: str) -> Optional[str]:
    """Puts tags to what was made, and gives it its name."""
    same_rate = files.info(source).sample_rate == files.info(made).sample_rate
    lost = _tags.keep(source, made, same_rate)
    os.replace(made, out)
    return lost


def _remove(path: str) -> None:
    if os.path.exists(path):
        os.remove(path)


def _deliveries(options: argparse.Namespace, asked: dict[str, Any], make: Callable[[str, str, Tell], Any]) -> int:
    found = collect(options.files, options.recursive)
    made = outputs(found, options.out)
    places = {file.path: out for file, out in zip(found, made)}
    kept = options.resume or (os.path.join(options.out, ".mixdsp-run.jsonl") if len(found) > 1 else None)
    journal = Journal(kept, asked)
    rows = Rows(DELIVERY, options.form, single=len(found) == 1)
    code = FINE

    def work(file: Found, tell: Tell) -> Row:
        out = places[file.path]
        aside = _aside(out)
        try:
            report = make(file.path, aside, tell)
            lost = _finish(file.path, aside, out)
        finally:
            _remove(aside)
        return {**_row(report, out), "tags_lost": lost}

    def given(row: Row) -> None:
        nonlocal code
        lost = row.pop("tags_lost", None)
        if lost:
            print(f"mixdsp: {lost}", file=sys.stderr)
        _warn(row)
        if not row["reached"]:
            code = FOUND
        rows.add(row)

    done = run(found, work, jobs=options.jobs, journal=journal, given=given, outputs=made, quiet=options.quiet)
    if done in (FINE, FOUND) and options.resume is None:
        journal.forget()
    return done or code


def normalize(options: argparse.Namespace) -> int:
    goal = {**_goal(options), "limit": not options.no_limit, "bits": options.bits}
    if options.album:
        return _album(options, goal)

    def make(path: str, out: str, tell: Tell) -> Any:
        return make_normalized(path, out=out, progress=tell, **goal).report

    return _deliveries(options, {"command": "normalize", **goal}, make)


def _album(options: argparse.Namespace, goal: dict[str, Any]) -> int:
    """One gain for all: one piece of work, from the first measurement to the last file."""
    found = collect(options.files, options.recursive)
    made = outputs(found, options.out)
    asides = [_aside(out) for out in made]
    progress = Progress(1, wanted=not options.quiet)
    rows = Rows(DELIVERY, options.form)
    try:
        try:
            paths = [file.path for file in found]
            result = make_normalized(paths, out=asides, progress=lambda share: progress.tell("album", share), **goal)
            progress.clear()
            for file, aside, out, report in zip(found, asides, made, result.songs or []):
                lost = _finish(file.path, aside, out)
                if lost:
                    print(f"mixdsp: {lost}", file=sys.stderr)
                row = {"file": file.path, **_row(report, out), "reached": None}
                _warn(row)
                rows.add(row)
        finally:
            for aside in asides:
                _remove(aside)
    except TooMuchLimiting as error:
        progress.clear()
        print(f"mixdsp: {error}", file=sys.stderr)
        return FOUND
    except (OSError, ValueError) as error:
        progress.clear()
        print(f"mixdsp: {explain(error, options.out)}", file=sys.stderr)
        return FAILED
    row = {"file": "album", **_row(result.report, "album")}
    _warn(row)
    rows.add(row)
    return FINE if result.report.reached else FOUND


def master(options: argparse.Namespace) -> int:
    chain = None
    if options.chain:
        try:
            with open(options.chain, encoding="utf-8") as text:
                chain = Effect.from_dict(json.load(text))
        except (OSError, ValueError, TypeError) as error:
            raise NothingFound(f"--chain: {explain(error, options.chain)}") from None
    goal = {**_goal(options), "bits": options.bits, "delivery_rate": options.rate}

    def make(path: str, out: str, tell: Tell) -> Any:
        return make_master(path, out=out, progress=tell, chain=chain, **goal).report

    asked = {"command": "master", "chain": chain.to_dict() if chain else None, **goal}
    return _deliveries(options, asked, make)


def mix(options: argparse.Namespace) -> int:
    progress = Progress(1, wanted=not options.quiet)
    out = os.path.abspath(options.out)
    scratch: Optional[str] = None
    try:
        try:
            session = _mixdsp.SessionMix(options.session, options.jobs, True)
            rate, goal = session.sample_rate, session.goal
            if options.mix:
                kept = options.mix
            else:
                handle, kept = tempfile.mkstemp(prefix=".mixdsp-", suffix=".wav", dir=os.path.dirname(out))
                os.close(handle)
                scratch = kept
            length = _render(session, kept, lambda share: progress.tell("mix", 0.3 * share))

            def tell(number: int, share: float) -> None:
                # How many passes there will be is not known: each shows half of what is left.
                done = 1 - 0.5**number
                progress.tell("master", 0.3 + 0.7 * (done + 0.5 ** (number + 1) * share))

            made = _mixdsp.deliver(options.session, kept, out, options.max_limiting, tell)
        finally:
            progress.clear()
            if scratch is not None:
                _remove(scratch)
    except (OSError, ValueError) as error:
        print(f"mixdsp: {explain(error, options.session)}", file=sys.stderr)
        return FOUND if isinstance(error, TooMuchLimiting) else FAILED
    gain, lufs, limiting, largest = (made[key] for key in ("gain_db", "lufs", "limiting_p99_db", "limiting_max_db"))
    report = meter_of(out).report()
    tracks = [{"name": name, "before": before, "after": after} for name, before, after in session.tracks]
    row: Row = {
        "file": options.session,
        "out": options.out,
        "mix_seconds": length / rate,
        "gain_db": gain,
        "limiter_db": largest,
        "limiting_max_db": largest,
        "limiting_p99_db": limiting,
        "warnings": made["warnings"],
        "after": report.integrated,
        "range": report.range,
        "true_peak": report.true_peak,
        "target_lufs": goal["lufs"],
        "target_true_peak_db": goal["true_peak_db"],
        "sample_rate": made["sample_rate"],
        "seconds": made["frames"] / made["sample_rate"],
        "passes": made["passes"],
        "reached": lufs is not None and abs(lufs - goal["lufs"]) <= 0.1,
    }
    _warn(row)
    if options.form == "text":
        for track in tracks:
            levels = [("-" if track[at] is None else f"{track[at]:.1f}") for at in ("before", "after")]
            print(f"{track['name']:24} {levels[0]:>7} LUFS, in the mix {levels[1]:>7}")
        told = "-" if report.integrated is None else f"{report.integrated:.2f}"
        peak = "-" if report.true_peak is None else f"{report.true_peak:.2f}"
        limiter = f"limiting {limiting:.2f} dB (99th percentile), {largest:.2f} dB (largest)"
        print(f"\n{options.out}: {clock(row['seconds'])}, {told} LUFS, {peak} dBTP, gain {gain:+.2f} dB, {limiter}")
    else:
        if options.form == "json":
            row["tracks"] = tracks
        Rows(DELIVERY, options.form, single=True).add(row)
    return FINE if row["reached"] else FOUND


def _render(session: Any, path: str, tell: Tell) -> int:
    """Writes the mix as floats, block by block; its length in samples."""
    expected = session.expected_frames
    block = np.empty((2, files.BLOCK), np.float64)
    done = 0
    with files.writer(path, session.sample_rate, 2, bits=32) as out:
        while count := session.read_into(block):
            out.write(block[:, :count])
            done += count
            tell(done / max(expected or done, done))
    return done
