"""The command ``mix`` on a folder: a rough mix of the stems in it."""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

from .. import _mixdsp
from ..mastering import TooMuchLimiting, _rough
from ..mastering._delivery import MAX_LIMITING_DB
from ._files import NothingFound, explain
from ._outputs import PAGES, Output, refuse_ending, refuse_harm
from ._run import FAILED, FINE, FOUND, Progress
from ._table import Column, Row, Rows, clock

#: What only a folder takes: a session says it itself.
FOR_FOLDERS = {"target": "--target", "lufs": "--lufs", "true_peak": "--true-peak", "bits": "--bits", "rate": "--rate"}
FOR_FOLDERS |= {"report": "--report", "session_out": "--session"}


def refuse_for_session(options: argparse.Namespace) -> None:
    """Refuses what a session has no use for."""
    for name, option in FOR_FOLDERS.items():
        if getattr(options, name) is not None:
            raise NothingFound(f"{option} is for a folder of stems: a session says itself what is delivered")


def mix_folder(options: argparse.Namespace, columns: list[Column]) -> int:
    """Mixes and masters the stems of a folder."""
    folder = options.session
    places = {"master": options.out, "mix": options.mix, "session": options.session_out, "page": options.report}
    places = {key: path for key, path in places.items() if path is not None}
    refuse_ending("-o", options.out)
    if options.mix is not None:
        refuse_ending("--mix", options.mix)
    if options.session_out is not None:
        refuse_ending("--session", options.session_out, (".toml",))
    if options.report is not None:
        refuse_ending("--report", options.report, PAGES)
    for option, path in (("-o", options.out), ("--mix", options.mix)):
        # Not even by its own name: whether what is there is a stem or an earlier result, nobody can tell.
        if path is not None and _is_in(path, folder):
            raise NothingFound(f"{option} {path}: the results cannot go among the stems; the next run would mix them")
    most = MAX_LIMITING_DB if options.max_limiting is None else options.max_limiting
    try:
        wanted = _rough.asked(
            options.target, options.lufs, options.true_peak, most, options.rate, 24 if options.bits is None else options.bits
        )
        found, notes = _mixdsp.stems_in(folder)
    except (OSError, ValueError) as error:
        raise NothingFound(explain(error, "")) from None
    stems = [os.fspath(path) for path in found]
    for note in notes:
        _tell(note)
    roles = {"master": "the master", "mix": "the mix", "session": "the session", "page": "the page"}
    outputs = [Output(path, roles[key], options.overwrite) for key, path in places.items()]
    refuse_harm([(path, "a stem") for path in stems], outputs)
    progress = Progress(1, wanted=not options.quiet)
    lies = None if options.session_out is None else os.path.dirname(os.path.abspath(options.session_out))
    title = os.path.basename(os.path.abspath(folder)) or "Mix"
    try:
        with _rough.aside(places) as hidden, _kept(hidden, options.out) as files:
            made, report = _rough.make(
                title, stems, files, wanted, options.jobs, lambda share: progress.tell("mix", share), lies
            )
    except (OSError, ValueError) as error:
        progress.clear()
        _tell(explain(error, folder))
        return FOUND if isinstance(error, TooMuchLimiting) else FAILED
    progress.clear()
    for note in made["notes"]:
        _tell(note)
    row: Row = {
        "file": folder,
        "out": options.out,
        "mix_seconds": made["mix_frames"] / made["mix_rate"],
        "before": report.before.integrated,
        "gain_db": report.gain_db,
        "limiter_db": report.limiter_db,
        "limiting_max_db": report.limiting_max_db,
        "limiting_p99_db": report.limiting_p99_db,
        "warnings": report.warnings,
        "after": report.after.integrated,
        "range": report.after.range,
        "true_peak": report.after.true_peak,
        "target_lufs": report.lufs,
        "target_true_peak_db": report.true_peak_db,
        "sample_rate": report.sample_rate,
        "seconds": made["frames"] / made["sample_rate"],
        "passes": report.passes,
        "reached": report.reached,
    }
    for line in row["warnings"]:
        _tell(f"{folder}: {line}")
    show(row, made["tracks"], options.form, columns)
    return FINE if row["reached"] else FOUND


def show(row: Row, tracks: list[dict[str, Any]], form: str, columns: list[Column]) -> None:
    """Prints what was made: the tracks and a line, or a row."""
    if form == "text":
        for track in tracks:
            levels = [("-" if track[at] is None else f"{track[at]:.1f}") for at in ("before", "after")]
            print(f"{track['name']:24} {levels[0]:>7} LUFS, in the mix {levels[1]:>7}")
        told = "-" if row["after"] is None else f"{row['after']:.2f}"
        peak = "-" if row["true_peak"] is None else f"{row['true_peak']:.2f}"
        limiter = f"limiting {row['limiting_p99_db']:.2f} dB (99th percentile), {row['limiting_max_db']:.2f} dB (largest)"
        gain = f"gain {row['gain_db']:+.2f} dB"
        print(f"\n{row['out']}: {clock(row['seconds'])}, {told} LUFS, {peak} dBTP, {gain}, {limiter}")
        return
    if form == "json":
        row = {**row, "tracks": [{key: os.fspath(v) if key == "file" else v for key, v in t.items()} for t in tracks]}
    Rows(columns, form, single=True).add(row)


class _kept:
    """The hidden files; the mix, which nobody asked for, is made beside the master and taken away again."""

    def __init__(self, hidden: dict[str, str], out: str) -> None:
        self.files = dict(hidden)
        self.mix = None if "mix" in hidden else _mixdsp.Aside(os.path.abspath(out))
        if self.mix is not None:
            self.files["mix"] = os.fspath(self.mix.path)

    def __enter__(self) -> dict[str, str]:
        return self.files

    def __exit__(self, *error: object) -> None:
        if self.mix is not None:
            self.mix.discard()


def _is_in(path: str, folder: str) -> bool:
    return os.path.realpath(os.path.dirname(os.path.abspath(path))) == os.path.realpath(folder)


def _tell(line: str) -> None:
    print(f"mixdsp: {line}", file=sys.stderr)
