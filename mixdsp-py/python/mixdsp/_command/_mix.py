"""The command ``mix``: a session, or a rough mix of the stems in a folder, becomes a mix and a master."""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Optional

from .. import _mixdsp
from ..mastering import TooMuchLimiting, _rough
from ..mastering._master import check_goal
from ._delivery import DELIVERY, delivery_row
from ._files import NothingFound, explain
from ._outputs import PAGES, Output, refuse_ending, refuse_harm
from ._run import FAILED, FINE, FOUND, Progress
from ._table import Row, Rows, clock

#: What is written: its option, the endings of its name, and what it is, in words.
WRITTEN = {
    "master": ("-o", (".wav", ".wave", ".flac", ".aiff", ".aif", ".aifc"), "the master"),
    "mix": ("--mix", (".wav", ".wave"), "the mix"),
    "session": ("--session", (".toml",), "the session"),
    "page": ("--report", PAGES, "the page"),
}


def mix(options: argparse.Namespace) -> int:
    """Mixes and masters a session or the stems of a folder."""
    source = options.session
    is_folder = os.path.isdir(source)
    given = {"master": options.out, "mix": options.mix, "session": options.session_out, "page": options.report}
    places = {key: path for key, path in given.items() if path is not None}
    if not is_folder and options.session_out is not None:
        raise NothingFound("--session is for a folder of stems: there is a session already")
    for key, path in places.items():
        refuse_ending(WRITTEN[key][0], path, WRITTEN[key][1])
        # Not even by its own name: whether what is there is a stem or an earlier result, nobody can tell.
        if is_folder and key in ("master", "mix") and _is_in(path, source):
            option = WRITTEN[key][0]
            raise NothingFound(f"{option} {path}: the results cannot go among the stems; the next run would mix them")
    if not is_folder and options.style is not None:
        raise NothingFound("--style is for a folder of stems: the session is mixed as it is")
    progress = Progress(1, wanted=not options.quiet)

    def tell(share: float) -> None:
        progress.tell("mix", share)

    try:
        wanted = _asked(options)
        stems, inputs = _inputs(source, is_folder)
        outputs = [Output(path, WRITTEN[key][2], options.overwrite) for key, path in places.items()]
        refuse_harm(inputs, outputs)
        title = _title(source, is_folder)
        if options.stems is not None and os.path.exists(options.stems):
            raise FileExistsError(17, "there is something already: stems go into a new folder", options.stems)
        with _rough.aside(places) as hidden, _WithMix(hidden, options.out) as files, _stems_aside(options.stems) as folder:
            files = files if folder is None else {**files, "stems": folder}
            if is_folder:
                lies = None if options.session_out is None else os.path.dirname(os.path.abspath(options.session_out))
                made, report = _rough.make(title, stems, files, wanted, options.threads, tell, lies, options.style or _rough.STYLES[0])
            else:
                made, report = _rough.make_of_session(title, source, files, wanted, options.threads, tell)
    except (OSError, ValueError) as error:
        progress.clear()
        _tell(explain(error, source))
        sys.stderr.write(getattr(error, "table", ""))
        return FOUND if isinstance(error, TooMuchLimiting) else FAILED
    progress.clear()
    for note in made["notes"]:
        _tell(note)
    row: Row = {
        "file": source,
        **delivery_row(report, options.out),
        "mix_seconds": made["mix_frames"] / made["mix_rate"],
        "target_lufs": report.lufs,
        "target_true_peak_db": report.true_peak_db,
        "seconds": made["frames"] / made["sample_rate"],
    }
    for line in row["warnings"]:
        _tell(f"{source}: {line}")
    show(row, made["tracks"], options.form)
    return FINE if row["reached"] else FOUND


def _asked(options: argparse.Namespace) -> _rough.Asked:
    ends = None if options.trim is None and options.fade is None else (options.trim or (0.0, 0.0), options.fade or (0.0, 0.0))
    try:
        wanted = _rough.asked(
            options.target,
            options.lufs,
            options.true_peak,
            options.max_limiting,
            options.limiter,
            options.rate,
            options.bits,
        )
        if options.max_clipping is not None:
            check_goal(max_clipping_db=options.max_clipping)
        return replace(
            wanted,
            max_clipping_db=options.max_clipping,
            compression_db=options.compression,
            clipping_over_db=options.clipping,
            ends=ends,
        )
    except ValueError as error:
        raise NothingFound(str(error)) from None


def _inputs(source: str, is_folder: bool) -> tuple[list[str], list[tuple[str, str]]]:
    """The stems of a folder; and what is read, and what it is, in words."""
    if not is_folder:
        clips = [(os.fspath(path), "a clip of the session") for path in _mixdsp.session_files(source)]
        return [], [(source, "the session"), *clips]
    try:
        found, notes = _mixdsp.stems_in(source)
    except (OSError, ValueError) as error:
        raise NothingFound(explain(error, "")) from None
    for note in notes:
        _tell(note)
    stems = [os.fspath(path) for path in found]
    return stems, [(path, "a stem") for path in stems]


def _title(source: str, is_folder: bool) -> str:
    name = os.path.basename(os.path.abspath(source))
    return (name if is_folder else os.path.splitext(name)[0]) or "Mix"


def show(row: Row, tracks: list[dict[str, Any]], form: str) -> None:
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
    Rows(DELIVERY, form, single=True).add(row)


@contextmanager
def _stems_aside(place: Optional[str]) -> Iterator[Optional[str]]:
    """A hidden folder that gets its name at the end; after an error it is taken away again."""
    if place is None:
        yield None
        return
    place = os.path.abspath(place)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    hidden = tempfile.mkdtemp(prefix=".mixdsp-", dir=os.path.dirname(place))
    try:
        yield hidden
        # As a folder that is made anew.
        os.chmod(hidden, 0o777 & ~_umask())
        os.rename(hidden, place)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _WithMix:
    """The hidden files; the mix, when nobody asked for it, is made beside the master and taken away again."""

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
