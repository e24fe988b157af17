"""``deliver``: a mix or a master becomes what platforms and media ask for, all at once."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional, Union

from .. import _mixdsp
from ..engine._meter import Loudness
from ..engine._progress import Progress, Tell, part, told
from ..files._reading import Path
from ..files._sources import FileSource, Scratch, Source
from ..files._tags import Cover, checked_tags, read_cover
from ..files._whole import made
from ..files._writing import Broadcast
from ._delivery import LIMITERS, LUFS_RANGE, MAX_LIMITING_DB, Report, measured
from ._master import master
from ._release import DITHER_ROOM_DB, put_tags, stem_of, two_channels, write_file
from ._targets import TARGETS


class Destination(NamedTuple):
    """What a master is made into."""

    #: As written in code and on the command line, and as shown to people.
    key: str
    name: str
    #: The key of the target whose loudness it has; ``None`` where a medium asks for none.
    target: Optional[str]
    #: Ceiling in dBTP.
    true_peak_db: float
    #: The ending of its files, and whether they are Broadcast Wave.
    format: str
    broadcast: bool
    #: Rates in hertz that are taken as they are; what has another gets the first.
    sample_rates: list[int]
    bits: int
    #: How many channels there must be; ``None`` for any.
    channels: Optional[int]
    #: What its dither is like: ``white``, ``high_pass``, ``shaped``.
    noise: str
    #: Whether an album is cut at sectors.
    sectors: bool
    #: Whether the platform or standard says so itself, when it was looked up, and where.
    official: bool
    as_of: str
    source: str


#: Every destination by its key.
DESTINATIONS: dict[str, Destination] = {each["key"]: Destination(**each) for each in _mixdsp.destinations()}


@dataclass(frozen=True)
class Made:
    """A file that was delivered."""

    path: str
    destination: Destination
    #: What mastering did, and what is in the file.
    report: Report
    loudness: Loudness

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        return {
            "out": self.path,
            "destination": self.destination.key,
            "source": f"{self.destination.source} ({self.destination.as_of})",
            "lufs": self.report.lufs,
            "true_peak_db": self.report.true_peak_db,
            "gain_db": self.report.gain_db,
            "limiting_p99_db": self.report.limiting_p99_db,
            "limiting_max_db": self.report.limiting_max_db,
            "integrated": self.loudness.integrated,
            "true_peak": self.loudness.true_peak,
            "sample_rate": self.report.sample_rate,
            "bits": self.destination.bits,
            "reached": self.report.reached,
            "warnings": self.report.warnings,
        }


def destinations_of(keys: Union[str, Iterable[str]]) -> list[Destination]:
    """The destinations that are asked for, each once."""
    names = keys.split(",") if isinstance(keys, str) else list(keys)
    found = []
    for name in dict.fromkeys(str(name).strip() for name in names):
        if name not in DESTINATIONS:
            near = difflib.get_close_matches(name.lower(), DESTINATIONS, 1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"destinations: {name!r} is not one of {', '.join(DESTINATIONS)}{hint}")
        found.append(DESTINATIONS[name])
    if not found:
        raise ValueError(f"destinations: one of {', '.join(DESTINATIONS)} is needed")
    return found


def places_of(path: Path, destinations: Iterable[Destination], out: Path) -> list[str]:
    """Where each is written: a folder of its own, and the name of the input."""
    folder = os.fsdecode(os.fspath(out))
    return [os.path.join(folder, each.key, f"{stem_of(path)}.{each.format}") for each in destinations]


def deliver(
    x: Path,
    destinations: Union[str, Iterable[str]],
    out: Path,
    *,
    lufs: Optional[float] = None,
    max_limiting_db: float = MAX_LIMITING_DB,
    limiter: str = LIMITERS[0],
    layout: Union[str, int] = "auto",
    tags: Optional[Mapping[str, object]] = None,
    cover: Cover = None,
    broadcast: Optional[Broadcast] = None,
    overwrite: bool = False,
    strict: bool = True,
    progress: Progress = None,
) -> list[Made]:
    """Makes a file for each destination: rate, loudness, limiter under its ceiling, dither, tags. All or none of them
    are there at the end.

    >>> mx.deliver("mix.wav", "spotify,apple,cd,broadcast", "release")                  # doctest: +SKIP

    Parameters
    ----------
    x : path
        The mix or the master. Mono becomes two equal channels where a destination has two.
    destinations : str or list
        Keys of ``mx.DESTINATIONS``, dated rows with their sources.
    out : folder
        Each destination gets a folder in it, with a file of the name of ``x``.
    lufs : float, -70 to 0 LUFS
        For destinations that ask for no loudness, as a disc; without it the loudness of ``x`` stays.
    tags, cover
        As in :func:`write_tags`, over the tags of ``x``, which are kept.
    broadcast : Broadcast
        What the chunks ``bext`` and ``iXML`` say; the loudness is added.
    max_limiting_db, limiter, layout, overwrite, strict, progress
        As in :func:`normalize`.
    """
    path = os.fsdecode(os.fspath(x))
    asked = destinations_of(destinations)
    places = places_of(path, asked, out)
    if lufs is not None:
        from ..engine._arrays import check_number

        check_number(lufs, "lufs", *LUFS_RANGE)
    said = dict(tags or {})
    checked_tags(said)
    picture = read_cover(cover)
    _mixdsp.check_outputs(
        [(path, "the input")], [(place, f"the file for {each.key}", overwrite) for place, each in zip(places, asked)],
        "overwrite=True replaces it",
    )
    source = FileSource(path, strict)
    for each in asked:
        if each.channels not in (None, source.channels) and source.channels != 1:
            raise ValueError(f"{path}: {source.channels} channels; {each.name} takes {each.channels}: FoldDown makes them")
    given = []
    with told(progress, "deliver") as tell, ExitStack() as stack:
        kept: Optional[float] = None
        hidden = [stack.enter_context(made(place)) for place in places]
        for i, (each, place, name) in enumerate(zip(asked, places, hidden)):
            inner = part(tell, i / len(asked), (i + 1) / len(asked))
            asked_lufs = TARGETS[each.target].lufs if each.target else lufs
            if asked_lufs is None:
                if kept is None:
                    kept = measured([source], layout, part(inner, 0.0, 0.05))[0].integrated
                asked_lufs = kept if kept is not None else LUFS_RANGE[0]
            limits = {"max_limiting_db": max_limiting_db, "limiter": limiter, "layout": layout, "strict": strict}
            report, heard = _one(path, source, name, each, asked_lufs, limits, broadcast, inner)
            put_tags(path, name, said, picture)
            given.append(Made(place, each, report, heard))
    return given


def _one(
    path: str,
    source: Source,
    out: str,
    each: Destination,
    lufs: float,
    limits: dict[str, Any],
    broadcast: Optional[Broadcast],
    tell: Tell,
) -> tuple[Report, Loudness]:
    """One destination: a master of floats, and what is made of it."""
    rate = int(source.sample_rate) if int(source.sample_rate) in each.sample_rates else each.sample_rates[0]
    ceiling = each.true_peak_db - DITHER_ROOM_DB[each.bits]
    scratches: list[Scratch] = []
    # Never committed, it never gets a name of its own.
    floats = _mixdsp.Aside(os.path.splitext(out)[0] + ".wav")
    try:
        if source.channels == 1 and each.channels == 2:
            both = Scratch(_Both(source), two_channels(source, source.blocks()), source.sample_rate, out)
            scratches.append(both)
            path = os.fspath(both.path)
        place = os.fspath(floats.path)
        made_of_it = master(
            path, out=place, overwrite=True, bits=32, lufs=lufs, true_peak_db=ceiling, delivery_rate=rate,
            progress=part(tell, 0.05, 0.85), **limits,
        )
        said = broadcast or Broadcast() if each.broadcast else None
        heard = write_file(
            FileSource(place), out, bits=each.bits, noise=each.noise, format=each.format, broadcast=said,
            layout=limits["layout"], tell=part(tell, 0.85, 1.0),
        )
        return made_of_it.report, heard
    finally:
        floats.discard()
        for scratch in scratches:
            scratch.remove()


class _Both:
    """A mono source as it will be."""

    channels = 2

    def __init__(self, source: Source) -> None:
        self.sample_rate = source.sample_rate
        self.samples = source.samples
        self.blocks = source.blocks
