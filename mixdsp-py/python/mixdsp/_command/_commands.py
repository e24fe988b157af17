"""What each command does."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from typing import Any, Optional

from .. import files
from ..engine import Effect, LoudnessMeter
from ..engine._arrays import check_whole_rate
from ..mastering import TARGETS, TooMuchLimiting, meter_of
from ..mastering import compare as make_comparison
from ..mastering import master as make_master
from ..mastering import normalize as make_normalized
from ..mastering._delivery import LIMITERS, MAX_LIMITING_DB, merged
from ..mastering._master import check_goal
from . import _check, _mix, _page, _tags
from ._delivery import DELIVERY, delivery_row
from ._files import Found, NothingFound, Search, collect, explain
from ._journal import Journal
from ._listen import Heard, listen
from ._outputs import PAGES, Output, made, named, refuse_ending, refuse_harm
from ._run import FAILED, FINE, FOUND, INTERRUPTED, Progress, Work, run
from ._table import Column, Row, Rows

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


def check(options: argparse.Namespace) -> int:
    if options.html is not None:
        refuse_ending("--html", options.html, PAGES)
    search = collect(options.files, options.recursive)
    target = TARGETS[options.target] if options.target else None
    asked = {"command": "check", "target": options.target, **_heard(options)}
    if options.html and options.resume is not None:
        _tell("--resume is not used: a page needs every file heard")
    journal = Journal(options.resume if not options.html else None, asked)
    pages = [Output(options.html, "the page", options.overwrite)] if options.html else []
    refuse_harm(_inputs(search), [*pages, *_journal(journal)])
    heard: dict[str, Heard] = {}
    entries = [_page.Entry(folder, None, [reason]) for folder, reason in search.failed]
    rows = Rows(CHECK, options.form, single=len(search.files) == 1)
    code = FINE

    def work(file: Found, tell: Tell) -> Row:
        each = listen(file.path, tell, options.layout, not options.salvage)
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
            entries.append(_page.Entry(row["file"], each, row["faults"]))

    def failed(file: Found, reason: str) -> None:
        entries.append(_page.Entry(file.path, None, [reason]))

    done = _run(search, work, options, journal, given, failed=failed)
    if options.html and done == INTERRUPTED:
        _tell(f"{options.html}: no page was written")
    elif options.html:
        try:
            with made(options.html) as hidden, open(hidden, "w", encoding="utf-8", errors="replace") as out:
                out.write(_page.page(entries, search.passed))
        except OSError as error:
            _tell(explain(error, options.html))
            return FAILED
    return done or code


def _tell(line: str) -> None:
    print(f"mixdsp: {line}", file=sys.stderr)


def _inputs(search: Search) -> list[tuple[str, str]]:
    return [(file.path, "the input") for file in search.files]


def _journal(journal: Journal) -> list[Output]:
    """A journal that is there is continued."""
    return [Output(journal.path, "the journal", True)] if journal.path is not None else []


def _run(
    search: Search,
    work: Work,
    options: argparse.Namespace,
    journal: Journal,
    given: Callable[[Row], None],
    failed: Optional[Callable[[Found, str], None]] = None,
    outputs: Optional[list[str]] = None,
) -> int:
    """Works on all that was found; a folder that could not be read counts as a file that failed."""
    done = run(
        search.files,
        work,
        jobs=options.jobs,
        journal=journal,
        given=given,
        failed=failed,
        outputs=outputs,
        quiet=options.quiet,
    )
    return FAILED if done == FINE and search.failed else done


def loudness(options: argparse.Namespace) -> int:
    search = collect(options.files, options.recursive)
    journal = Journal(options.resume, {"command": "loudness", "album": options.album, **_heard(options)})
    refuse_harm(_inputs(search), _journal(journal))
    rows = Rows(LOUDNESS, options.form, single=len(search.files) == 1)
    songs: list[LoudnessMeter] = []

    def work(file: Found, tell: Tell) -> Row:
        meter = meter_of(file.path, layout=options.layout, strict=not options.salvage, progress=tell)
        row = meter.report().to_dict()
        del row["channels"]
        if options.album:
            row["measured"] = [meter.sample_rate, meter.channels, meter.to_bytes().hex()]
        return row

    def given(row: Row) -> None:
        measured = row.pop("measured", None)
        if measured is not None:
            rate, channels, data = measured
            song = LoudnessMeter(rate, channels)
            song.merge_bytes(bytes.fromhex(data))
            songs.append(song)
        rows.add(row)

    code = _run(search, work, options, journal, given)
    if songs:
        row = merged(songs).report().to_dict()
        del row["channels"]
        rows.add({"file": "album", **row})
    return code


def _heard(options: argparse.Namespace) -> dict[str, Any]:
    """What changes what is heard of a file, for the journal."""
    return {"layout": options.layout, "strict": not options.salvage}


def _goal(options: argparse.Namespace) -> dict[str, Any]:
    if options.target is None and options.lufs is None and not getattr(options, "reference", None):
        raise NothingFound("--target or --lufs is needed")
    most = MAX_LIMITING_DB if options.max_limiting is None else options.max_limiting
    asked = {"lufs": options.lufs, "true_peak_db": options.true_peak}
    try:
        # Once, before any file.
        check_goal(**{name: value for name, value in asked.items() if value is not None})
        if getattr(options, "rate", None) is not None:
            check_whole_rate(options.rate, "rate")
    except ValueError as error:
        raise NothingFound(str(error)) from None
    return {
        "target": options.target,
        "lufs": options.lufs,
        "true_peak_db": options.true_peak,
        "max_limiting_db": most,
        "limiter": options.limiter or LIMITERS[0],
        "layout": options.layout,
        "strict": not options.salvage,
    }


def _refuse_floats(names: Iterable[str], bits: int) -> None:
    """Before any work: FLAC holds no floats."""
    for name in names:
        if bits == 32 and name.lower().endswith(".flac"):
            raise NothingFound(f"{name}: FLAC holds no floats: --bits 16 or 24, or WAV")


def _warn(row: Row) -> None:
    for line in row["warnings"]:
        _tell(f"{row['file']}: {line}")


def _keep_tags(source: str, made: str) -> Optional[str]:
    """Puts the tags of a file to what was made of it; what could not be kept, in words."""
    same_rate = files.info(source).sample_rate == files.info(made).sample_rate
    return _tags.keep(source, made, same_rate)


def _deliveries(
    options: argparse.Namespace,
    asked: dict[str, Any],
    make: Callable[[str, str, Tell], Any],
    others: Iterable[tuple[str, str]] = (),
) -> int:
    """Makes a file of each; ``others`` are read besides."""
    search = collect(options.files, options.recursive, options.out)
    names = named(search.files, options.out, options.format)
    _refuse_floats(names, options.bits)
    places = {file.path: out for file, out in zip(search.files, names)}
    kept = os.path.join(options.out, ".mixdsp-run.jsonl") if len(names) > 1 else None
    journal = Journal(kept if options.resume is None else options.resume, asked)
    outputs = [
        # What a run that was interrupted has made is not made again.
        Output(out, f"what becomes of {path}", options.overwrite or journal.find(path, out) is not None)
        for path, out in places.items()
    ]
    refuse_harm([*_inputs(search), *others], [*outputs, *_journal(journal)])
    rows = Rows(DELIVERY, options.form, single=len(names) == 1)
    code = FINE

    def work(file: Found, tell: Tell) -> Row:
        out = places[file.path]
        with made(out) as hidden:
            report = make(file.path, hidden, tell)
            lost = _keep_tags(file.path, hidden)
        return {**delivery_row(report, out), "tags_lost": lost}

    def given(row: Row) -> None:
        nonlocal code
        lost = row.pop("tags_lost", None)
        if lost:
            _tell(lost)
        _warn(row)
        if not row["reached"]:
            code = FOUND
        rows.add(row)

    done = _run(search, work, options, journal, given, outputs=names)
    if done in (FINE, FOUND) and options.resume is None:
        journal.forget()
    return done or code


def normalize(options: argparse.Namespace) -> int:
    goal = {**_goal(options), "limit": not options.no_limit, "bits": options.bits}
    if options.album:
        return _album(options, goal)

    def make(path: str, out: str, tell: Tell) -> Any:
        return make_normalized(path, out=out, overwrite=True, progress=tell, **goal).report

    return _deliveries(options, {"command": "normalize", **goal}, make)


def _album(options: argparse.Namespace, goal: dict[str, Any]) -> int:
    """One gain for all: one piece of work, from the first measurement to the last file."""
    if options.resume is not None:
        _tell("--resume is not used: an album is one piece of work")
    search = collect(options.files, options.recursive, options.out)
    names = named(search.files, options.out, options.format)
    _refuse_floats(names, options.bits)
    paths = [file.path for file in search.files]
    roles = (f"what becomes of {path}" for path in paths)
    refuse_harm(_inputs(search), [Output(out, role, options.overwrite) for out, role in zip(names, roles)])
    progress = Progress(1, wanted=not options.quiet)
    rows = Rows(DELIVERY, options.form)
    given: list[Row] = []
    try:
        with ExitStack() as stack:
            hidden = [stack.enter_context(made(out)) for out in names]
            result = make_normalized(
                paths, out=hidden, overwrite=True, progress=lambda share: progress.tell("album", share), **goal
            )
            progress.clear()
            for path, made_of_it, out, report in zip(paths, hidden, names, result.songs or []):
                lost = _keep_tags(path, made_of_it)
                if lost:
                    _tell(lost)
                given.append({"file": path, **delivery_row(report, out), "reached": None})
    except TooMuchLimiting as error:
        progress.clear()
        _tell(str(error))
        _tell_table(error)
        return FOUND
    except (OSError, ValueError) as error:
        progress.clear()
        _tell(explain(error, options.out))
        return FAILED
    row = {"file": "album", **delivery_row(result.report, "album")}
    for each in (*given, row):
        _warn(each)
        rows.add(each)
    done = FINE if result.report.reached else FOUND
    return FAILED if search.failed else done


def compare(options: argparse.Namespace) -> int:
    """Tells how a recording stands against references."""
    progress = Progress(1, wanted=not options.quiet)
    try:
        found = make_comparison(options.file, options.references, progress=lambda share: progress.tell(options.file, share))
    except (OSError, ValueError) as error:
        progress.clear()
        _tell(explain(error, options.file))
        return FAILED
    progress.clear()
    if options.form == "text":
        print(found)
    elif options.form == "json":
        print(json.dumps({"file": options.file, "references": options.references, **found.to_dict()}))
    else:
        columns = [Column(name, name) for name in ("name", "unit", "value", "low", "mean", "high", "outside")]
        rows = Rows(columns, options.form)
        for row in found.rows:
            rows.add({"file": options.file, **vars(row), "outside": row.outside})
    return FINE


def _tell_table(error: TooMuchLimiting) -> None:
    """What loudness costs, and what stands in the way."""
    sys.stderr.write(error.table)


def _steps(options: argparse.Namespace) -> dict[str, Any]:
    """What was said of the chain before the limiter."""
    asked = {
        "compression_db": options.compression,
        "clipping_over_db": options.clipping,
        "max_clipping_db": options.max_clipping,
        "trim_seconds": options.trim,
        "fade_seconds": options.fade,
    }
    steps = {name: value for name, value in asked.items() if value is not None}
    try:
        check_goal(**{name: value for name, value in steps.items() if name == "max_clipping_db"})
    except ValueError as error:
        raise NothingFound(str(error)) from None
    return steps


def master(options: argparse.Namespace) -> int:
    chain = None
    if options.chain:
        try:
            with open(options.chain, encoding="utf-8") as text:
                chain = Effect.from_dict(json.load(text))
        except (OSError, ValueError, TypeError) as error:
            raise NothingFound(f"--chain: {explain(error, options.chain)}") from None
    goal = {**_goal(options), **_steps(options), "bits": options.bits, "delivery_rate": options.rate}
    if options.reference:
        shares = {"tone": options.tone, "width": options.width, "dynamics": options.dynamics}
        goal.update(reference=options.reference, **shares)

    def make(path: str, out: str, tell: Tell) -> Any:
        return make_master(path, out=out, overwrite=True, progress=tell, chain=chain, **goal).report

    asked = {"command": "master", "chain": chain.to_dict() if chain else None, **goal}
    others = [(options.chain, "the chain")] if options.chain else []
    others += [(path, "the reference") for path in options.reference or []]
    return _deliveries(options, asked, make, others)


def mix(options: argparse.Namespace) -> int:
    return _mix.mix(options)
