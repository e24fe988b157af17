"""The rough mix: stems to a session, a mix and a master that a person can start from.

::

    stems --> session --> mix --> master          written beside their names, and named when all are whole
                 +---------+--------+--> page
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Callable, NamedTuple, Optional, Union, cast

import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._progress import Progress, told
from ..files import read
from ..files._reading import Path
from ..files._writing import check_depth
from ._delivery import LIMITERS, MAX_LIMITING_DB, LimitingWarning, Report
from ._loudness import meter_of
from ._master import check_goal, check_limiter
from ._targets import Target, find

#: What a folder of results holds.
NAMES = {"mix": "mix.wav", "master": "master.wav", "session": "session.toml", "page": "report.html"}
#: What a rough mix may aim at; the first is the usual one.
STYLES = tuple(_mixdsp.styles())
#: Where each kind of work begins and ends, as a share of all.
_SHARES = {"listen": (0.0, 0.1), "mix": (0.1, 0.5), "master": (0.5, 0.9), "report": (0.9, 1.0)}


@dataclass(frozen=True)
class MixedStem:
    """A stem, and what the mix does with it."""

    #: The track's name.
    name: str
    #: The file.
    file: str
    #: What it is taken for, by its name and spectrum: ``kick``, ``bass``, ``lead`` and others.
    role: str
    #: Loudness of the file, and in the mix behind its fader, in LUFS; ``None`` for silence.
    before: Optional[float]
    after: Optional[float]
    #: The fader in dB, and the place from -1, left, to 1, right.
    gain_db: float
    pan: float
    #: Why it is as it is, a line for each decision.
    notes: list[str]


@dataclass(frozen=True)
class RoughMix:
    """What :func:`rough_mix` gives: arrays of (2, samples), or with ``out=`` the paths of files."""

    #: The mix, with all that runs on its master but the limiter, and its rate in hertz: what
    #: ``mx.Mixer.load(session).render()`` gives.
    mix: Any
    mix_rate: int
    #: The master, and its rate in hertz.
    master: Any
    sample_rate: int
    #: The session as text (TOML), and its path where it was written. As text alone its clips have whole paths.
    session_text: str
    session: Optional[str]
    #: The path of the page where it was written.
    page: Optional[str]
    #: The stems, in the order of the session's tracks.
    stems: list[MixedStem]
    #: What the delivery did.
    report: Report
    #: What was passed over, and what is to be known of the files, a line each.
    notes: list[str]

    @property
    def warnings(self) -> list[str]:
        """What a listener may not like, a line each: more than 6 dB of limiting."""
        return self.report.warnings


@dataclass(frozen=True)
class Asked:
    """What is asked of the delivery; what is ``None`` stays as a session says, or as of a new one: -14 LUFS, -1 dBTP, 24
    bits."""

    name: Optional[str] = None
    lufs: Optional[float] = None
    true_peak_db: Optional[float] = None
    max_limiting_db: Optional[float] = None
    limiter: Optional[str] = None
    max_clipping_db: Optional[float] = None
    compression_db: Optional[str] = None
    clipping_over_db: Optional[str] = None
    ends: Optional[tuple[tuple[float, float], tuple[float, float]]] = None
    rate: Optional[int] = None
    bits: Optional[str] = None


class Places(NamedTuple):
    """Files that are written."""

    mix: str
    master: str
    session: Optional[str] = None
    page: Optional[str] = None
    #: A folder that is there.
    stems: Optional[str] = None


def asked(
    target: Union[str, Target, None],
    lufs: Optional[float],
    true_peak_db: Optional[float],
    max_limiting_db: Optional[float],
    limiter: Optional[str],
    rate: Optional[float],
    bits: Union[int, str, None],
) -> Asked:
    """Checks what is asked for."""
    name = None
    if target is not None:
        found = find(target)
        # A name stands for numbers that are its own.
        name = found.key if lufs is None and true_peak_db is None else None
        lufs = found.lufs if lufs is None else lufs
        true_peak_db = found.true_peak_db if true_peak_db is None else true_peak_db
    goal = {"lufs": lufs, "true_peak_db": true_peak_db, "max_limiting_db": max_limiting_db}
    check_goal(**{key: value for key, value in goal.items() if value is not None})
    whole = None if rate is None else _arrays.check_whole_rate(rate, "delivery_rate")
    depth = None if bits is None else check_depth(bits)
    wanted = None if limiter is None else check_limiter(limiter)
    return Asked(name, lufs, true_peak_db, max_limiting_db, wanted, rate=whole, bits=_file_depth(depth))


def _file_depth(bits: Optional[int]) -> Optional[str]:
    """How the engine calls a depth."""
    if bits is None:
        return None
    return "32f" if bits == 32 else str(bits)


def make(
    title: str,
    stems: Sequence[str],
    places: dict[str, str],
    wanted: Asked,
    threads: int,
    tell: Callable[[float], object],
    lies: Optional[str] = None,
    style: str = STYLES[0],
) -> tuple[dict[str, Any], Report]:
    """Writes mix, master and, where there is a place for it, session and page; what was made, and the delivery.

    ``lies`` is the folder from which the session names its clips.
    """
    files = Places(**places)
    made = _mixdsp.rough_mix(title, list(stems), lies, files, wanted, style, threads, _told_of(tell))
    return made, _report(made, files)


def make_of_session(
    title: str, session: str, places: dict[str, str], wanted: Asked, threads: int, tell: Callable[[float], object]
) -> tuple[dict[str, Any], Report]:
    """The same of a session that is there."""
    files = Places(**places)
    made = _mixdsp.mix_session(title, session, files, wanted, threads, _told_of(tell))
    return made, _report(made, files)


def _told_of(tell: Callable[[float], object]) -> Callable[[str, float], None]:
    def told_of(work: str, share: float) -> None:
        start, end = _SHARES[work]
        tell(start + (end - start) * share)

    return told_of


def _report(made: dict[str, Any], places: Places) -> Report:
    return Report(
        lufs=made["lufs"],
        true_peak_db=made["true_peak_db"],
        before=meter_of(places.mix).report(),
        after=meter_of(places.master).report(),
        gain_db=made["gain_db"],
        limiter_db=made["limiting_max_db"],
        passes=made["passes"],
        sample_rate=made["sample_rate"],
        limiting_max_db=made["limiting_max_db"],
        limiting_p99_db=made["limiting_p99_db"],
        compression_db=made["compression_db"],
        clipping_over_db=made["clipping_over_db"],
        clipping_p99_db=made["clipping_p99_db"],
        clipped_share=made["clipped_share"],
        pumping_db=made["pumping_db"],
        fast_motion_db=made["fast_motion_db"],
        warnings=made["warnings"],
    )


@contextmanager
def aside(places: dict[str, str]) -> Iterator[dict[str, str]]:
    """Hidden files that get their names at the end, all of them; after an error nothing is left, nor of their folder
    where that was made for them."""
    folders = _missing(os.path.dirname(os.path.abspath(path)) for path in places.values())
    hidden: dict[str, _mixdsp.Aside] = {}
    whole = False
    try:
        for folder in reversed(folders):
            os.mkdir(folder)
        for key, path in places.items():
            hidden[key] = _mixdsp.Aside(path)
        yield {key: os.fspath(each.path) for key, each in hidden.items()}
        for each in hidden.values():
            each.commit()
        whole = True
    except OSError as error:
        # People know the files by their names.
        names = {os.fspath(each.path): places[key] for key, each in hidden.items()}
        if error.filename is not None:
            error.filename = names.get(os.fspath(error.filename), error.filename)
        raise
    finally:
        for each in hidden.values():
            each.discard()
        for folder in [] if whole else folders:
            try:
                os.rmdir(folder)
            except OSError:
                # Not made yet, or someone else has put something there.
                pass


def _missing(folders: Iterable[str]) -> list[str]:
    """Folders that are not there, the innermost first."""
    found: list[str] = []
    for folder in folders:
        while not os.path.exists(folder) and folder not in found:
            found.append(folder)
            folder = os.path.dirname(folder)
    return sorted(found, key=len, reverse=True)


def rough_mix(
    stems: Union[Path, Iterable[Path]],
    *,
    target: Union[str, Target, None] = None,
    lufs: Optional[float] = None,
    true_peak_db: Optional[float] = None,
    max_limiting_db: float = MAX_LIMITING_DB,
    limiter: str = LIMITERS[0],
    delivery_rate: Optional[float] = None,
    bits: Union[int, str] = 24,
    style: str = STYLES[0],
    title: Optional[str] = None,
    out: Optional[Path] = None,
    overwrite: bool = False,
    threads: Optional[int] = None,
    progress: Progress = None,
) -> RoughMix:
    """Mixes and masters stems: levels by what sounds together, filters and dynamics where measurements call for them,
    places, rooms and echoes, a tonal balance, glue, a mix that peaks at -6 dBTP, and a master of the loudness that is
    asked for. The session that does it is there to go on from, with the reason of every decision.

    >>> r = mx.rough_mix("stems", target="spotify")                       # doctest: +SKIP
    >>> r.master, r.sample_rate                                           # doctest: +SKIP
    >>> mx.rough_mix("stems", lufs=-16, out="song").session               # doctest: +SKIP
    'song/session.toml'

    Parameters
    ----------
    stems : path of a folder, or a list of files
        Of 1 or 2 channels, at any rates: the mix has the rate of most of them. In a folder, what has no name of audio
        and results of an earlier run are passed over, with a warning that names them; folders in it are not looked
        into. A stem that cannot be read raises, and names it.
    target : str
        A key of ``mx.TARGETS``: ``"spotify"`` and others. -14 LUFS and -1 dBTP without one.
    lufs : float, -70 to 0 LUFS
        Integrated loudness, in place of the target's.
    true_peak_db : float, -40 to 0 dBTP
        Ceiling, in place of the target's.
    max_limiting_db : float, 0 to 60 dB
        The most limiting that the loudness may take; see :func:`normalize`.
    limiter : "offline" or "streaming"
        See :func:`normalize`.
    delivery_rate : int, 8000 to 384000 Hz
        Rate of the master; that of the mix when not given.
    bits : 16, 24 or 32
        Of the master as a file; 32 are floats, as the mix always is.
    style : "pop", "rock", "electronic", "acoustic" or "spoken_word"
        Shifts what the mix aims at: levels of roles, lead over the rest, reverb.
    title : str
        What the page is called; the folder's name when not given.
    out : path of a folder
        Where ``session.toml``, ``mix.wav``, ``master.wav`` and ``report.html`` are written, all of them or none; it is
        made where it is not there. It cannot be the folder of the stems: ``ValueError``.
    overwrite : bool
        Whether files that are there are replaced; without it they raise ``FileExistsError``. No stem is ever replaced.
    threads : int
        Threads that decode, listen and mix; the cores when not given. The result does not depend on it.
    progress : bool or function
        Shows a bar, or is called with the share that is done.
    """
    wanted = asked(target, lufs, true_peak_db, max_limiting_db, limiter, delivery_rate, bits)
    count = (os.cpu_count() or 1) if threads is None else _arrays.check_count(threads, "threads", 1024)
    folder = os.fspath(cast("str | os.PathLike[str]", stems)) if _arrays.is_path(stems) else None
    notes: list[str] = []
    if folder is not None:
        if not os.path.isdir(folder):
            raise NotADirectoryError(20, "no such folder; a single stem stands in a list", folder)
        if out is not None and os.path.realpath(folder) == os.path.realpath(os.fspath(out)):
            raise ValueError(f"{os.fspath(out)}: the results cannot go among the stems")
        found, notes = _mixdsp.stems_in(os.fsdecode(folder))
        files = [os.fspath(path) for path in found]
    else:
        given = list(stems)  # type: ignore[arg-type]
        wrong = next((each for each in given if not _arrays.is_path(each)), None)
        if wrong is not None:
            raise TypeError(f"stems must be the path of a folder or a list of files, not of {type(wrong).__name__}")
        if not given:
            raise ValueError("stems is an empty list: there is nothing to mix")
        files = [os.fsdecode(each) for each in given]
    name = title or _title(folder, out)
    for note in notes:
        warnings.warn(note, stacklevel=2)
    with told(progress, "rough mix") as tell:
        if out is None:
            with tempfile.TemporaryDirectory(prefix="mixdsp-") as scratch:
                floats = replace(wanted, bits="32f")
                places = {key: os.path.join(scratch, NAMES[key]) for key in ("mix", "master")}
                made, report = make(name, files, places, floats, count, tell, style=style)
                mix, master = (read(places[key])[0] for key in ("mix", "master"))
            result = _result(made, report, mix, master, notes)
        else:
            base = os.fsdecode(out)
            places = {key: os.path.join(base, each) for key, each in NAMES.items()}
            _mixdsp.check_outputs(
                [(path, "a stem") for path in files],
                [(path, "the result", bool(overwrite)) for path in places.values()],
                "overwrite=True replaces it",
            )
            with aside(places) as hidden:
                made, report = make(name, files, hidden, wanted, count, tell, lies=base, style=style)
            result = _result(made, report, places["mix"], places["master"], notes, places["session"], places["page"])
        tell(1.0)
    for note in made["notes"]:
        warnings.warn(note, stacklevel=2)
    for line in report.warnings:
        warnings.warn(line, LimitingWarning, stacklevel=2)
    return result


def _title(folder: Union[str, bytes, None], out: Optional[Path]) -> str:
    """What the page is called: as the folder of the stems, or of the results."""
    for each in (folder, out):
        name = "" if each is None else os.path.basename(os.path.abspath(os.fsdecode(each)))
        if name:
            return name
    return "Mix"


def _result(
    made: dict[str, Any],
    report: Report,
    mix: Union[str, npt.NDArray[Any]],
    master: Union[str, npt.NDArray[Any]],
    notes: list[str],
    session: Optional[str] = None,
    page: Optional[str] = None,
) -> RoughMix:
    return RoughMix(
        mix=mix,
        mix_rate=made["mix_rate"],
        master=master,
        sample_rate=made["sample_rate"],
        session_text=made["session"],
        session=session,
        page=page,
        stems=[MixedStem(**{**each, "file": os.fspath(each["file"])}) for each in made["tracks"]],
        report=report,
        notes=[*notes, *made["notes"]],
    )
