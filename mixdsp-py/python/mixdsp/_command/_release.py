"""``mixdsp deliver``, ``album``, ``codecs``: what a release is made of."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Optional

from ..files._writing import Broadcast
from ..mastering import AlbumTrack, TooMuchLimiting
from ..mastering import album as make_album
from ..mastering import codecs as make_codecs
from ..mastering import deliver as make_delivery
from ..mastering._codecs import codecs_of
from ..mastering._delivery import LIMITERS, MAX_LIMITING_DB
from ..mastering._formats import destinations_of
from ._files import NothingFound, collect, explain
from ._run import FAILED, FINE, FOUND, WRONG_USE, Progress
from ._table import Column, Rows

DELIVERED = [
    Column("destination", "for     ", -1),
    Column("gain_db", "gain"),
    Column("limiting_p99_db", "99 %"),
    Column("integrated", "LUFS"),
    Column("true_peak", "dBTP"),
    Column("sample_rate", "rate", 0),
    Column("bits", "bits", 0),
    Column("reached", "reached"),
    Column("out", "file", -1),
]
TRACKS = [
    Column("start", "start", 1),
    Column("before", "before"),
    Column("gain_db", "gain"),
    Column("limiting_p99_db", "99 %"),
    Column("after", "after"),
    Column("true_peak", "dBTP"),
    Column("samples", "samples", 0),
    Column("out", "file", -1),
]
CODED = [
    Column("codec", "codec     ", -1),
    Column("true_peak", "dBTP"),
    Column("rise_db", "rise"),
    Column("overs", "overs", 0),
    Column("integrated", "LUFS"),
    Column("loudness_change", "change"),
    Column("bandwidth_khz", "kHz", 1),
    Column("ceiling_db", "ceiling"),
    Column("limiter_db", "limiter"),
    Column("true_peak_at_ceiling", "then"),
    Column("encoder", "encoder", -1),
    Column("file", "file", -1),
]


@contextmanager
def _told(name: str, quiet: bool) -> Iterator[Callable[[float], None]]:
    progress = Progress(1, wanted=not quiet)
    try:
        yield lambda share: progress.tell(name, share)
    finally:
        progress.clear()


def _tags(options: argparse.Namespace) -> dict[str, object]:
    """What every file gets: ``--tag NAME=VALUE``, and the options that have a name of their own."""
    found: dict[str, object] = {}
    for text in options.tag or ():
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise NothingFound(f"--tag {text}: NAME=VALUE is needed")
        found[name.strip()] = value
    return found


def _broadcast(options: argparse.Namespace) -> Optional[Broadcast]:
    texts = {
        "description": options.description,
        "originator": options.originator,
        "origination_date": options.date,
        "project": getattr(options, "title", None),
    }
    given = {name: text for name, text in texts.items() if text}
    return Broadcast(**given) if given else None


def _failed(error: Exception, place: str, inputs: list[str]) -> int:
    """Tells of an error, and how it counts: a file that cannot be used, or something that cannot be asked for."""
    print(f"mixdsp: {explain(error, place)}", file=sys.stderr)
    if isinstance(error, TooMuchLimiting):
        return FOUND
    of_input = any(str(error).startswith(path) for path in inputs)
    wrong = isinstance(error, FileExistsError) or (isinstance(error, (ValueError, TypeError)) and not of_input)
    return WRONG_USE if wrong else FAILED


def _no_journal(options: argparse.Namespace) -> None:
    if options.resume is not None:
        print("mixdsp: --resume is not used: nothing is kept of a release that is not whole", file=sys.stderr)


def deliver(options: argparse.Namespace) -> int:
    _no_journal(options)
    search = collect(options.files, options.recursive, options.out)
    try:
        destinations_of(options.destinations)
    except ValueError as error:
        raise NothingFound(f"--for: {error}") from None
    limiting = MAX_LIMITING_DB if options.max_limiting is None else options.max_limiting
    rows = Rows(DELIVERED, options.form)
    code = FINE
    for file in search.files:
        try:
            with _told(file.path, options.quiet) as tell:
                # What is in folders stays in them.
                folder = os.path.join(options.out, os.path.dirname(file.place))
                given = make_delivery(
                    file.path, options.destinations, folder, lufs=options.lufs, max_limiting_db=limiting,
                    limiter=options.limiter or LIMITERS[0], layout=options.layout, tags=_tags(options),
                    cover=options.cover, broadcast=_broadcast(options), overwrite=options.overwrite,
                    strict=not options.salvage, progress=tell,
                )  # fmt: skip
        except (OSError, ValueError, TypeError) as error:
            code = max(code, _failed(error, file.path, [file.path]))
            continue
        for each in given:
            for line in each.report.warnings:
                print(f"mixdsp: {each.path}: {line}", file=sys.stderr)
            if not each.report.reached:
                code = max(code, FOUND)
            rows.add({"file": file.path, **each.to_dict()})
    return FAILED if code == FINE and search.failed else code


def album(options: argparse.Namespace) -> int:
    _no_journal(options)
    search = collect(options.files, options.recursive, options.out)
    paths = [file.path for file in search.files]
    named: dict[str, Any] = {"title": options.track_title or [], "isrc": options.isrc or []}
    for name, values in named.items():
        if len(values) > len(paths):
            raise NothingFound(f"{len(values)} of --{'track-title' if name == 'title' else name} for {len(paths)} tracks")
    fades = {"fade_in_seconds": options.fade_in, "fade_out_seconds": options.fade_out}
    trims = {"trim_start_seconds": options.trim_start, "trim_end_seconds": options.trim_end}
    tracks = []
    for i, path in enumerate(paths):
        own: dict[str, Any] = {name: values[i] for name, values in named.items() if i < len(values)}
        tracks.append(AlbumTrack(path, **own, **fades, **trims))
    limiting = MAX_LIMITING_DB if options.max_limiting is None else options.max_limiting
    tags = _tags(options)
    tags.update({name: value for name, value in (("date", options.date), ("genre", options.genre)) if value})
    try:
        with _told("album", options.quiet) as tell:
            made = make_album(
                tracks, options.out, target=options.target, lufs=options.lufs, true_peak_db=options.true_peak,
                level=options.level, gap_seconds=options.gap, rate=options.rate, bits=options.bits,
                format=options.format, sectors=False if options.no_sectors else None, max_limiting_db=limiting,
                title=options.title or "", artist=options.artist or "", upc=options.upc or "", tags=tags,
                cover=options.cover, broadcast=_broadcast(options) if options.description or options.originator else None,
                overwrite=options.overwrite, strict=not options.salvage, progress=tell,
            )  # fmt: skip
    except (OSError, ValueError, TypeError) as error:
        return _failed(error, options.out, paths)
    rows = Rows(TRACKS, options.form)
    whole = {"before": made.before.integrated, "after": made.after.integrated, "true_peak": made.after.true_peak}
    for track in made.tracks:
        rows.add({
            "file": track.source, "title": track.title, "start": track.start_seconds, "before": track.before.integrated,
            "gain_db": track.gain_db, "limiting_p99_db": track.limiting_p99_db, "limiting_max_db": track.limiting_max_db,
            "after": track.after.integrated, "true_peak": track.after.true_peak, "samples": track.samples,
            "out": track.path,
        })  # fmt: skip
    rows.add({"file": "album", **whole, "samples": sum(track.samples for track in made.tracks), "out": "album"})
    return FAILED if search.failed else FINE


def codecs(options: argparse.Namespace) -> int:
    _no_journal(options)
    search = collect(options.files, options.recursive, options.out)
    try:
        codecs_of(options.codecs)
    except ValueError as error:
        raise NothingFound(f"--codecs: {error}") from None
    rows = Rows(CODED, options.form)
    code = FINE
    version = None
    for file in search.files:
        try:
            with _told(file.path, options.quiet) as tell:
                given = make_codecs(
                    file.path, codecs=options.codecs, ceiling_db=None if options.no_search else options.ceiling,
                    out=options.out, ffmpeg=options.ffmpeg, overwrite=options.overwrite, strict=not options.salvage,
                    progress=tell,
                )  # fmt: skip
        except (OSError, ValueError, TypeError) as error:
            code = max(code, _failed(error, file.path, [file.path]))
            continue
        for each in given:
            if version is None and options.form == "text":
                version = each.ffmpeg
                print(f"encoded and decoded by ffmpeg {version}")
            over = each.asked_db is not None and (each.ceiling_db is None or bool(each.limiter_db))
            if over:
                code = max(code, FOUND)
            row: dict[str, Any] = {"file": file.path, **each.to_dict(), "bandwidth_khz": each.bandwidth_hz / 1000}
            rows.add(row)
    return FAILED if code == FINE and search.failed else code
