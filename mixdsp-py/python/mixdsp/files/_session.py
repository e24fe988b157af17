"""Mixers as session files, and back."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Callable, TypeVar, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine._arrays import check_whole_rate
from ..engine._effect import Effect
from ..engine._processors import Gain
from ..engine._strip import Clip, Send, Strip, Track
from ._writing import writer

if TYPE_CHECKING:
    from ..engine._mixer import Mixer

M = TypeVar("M", bound="Mixer")
Array = npt.NDArray[Any]
Path = Union[str, "os.PathLike[str]"]
Form = dict[str, Any]
#: What a session's master calls its levels: before the inserts, and behind them.
_MASTER = {"trim_db": "gain_db", "gain_db": "output_gain_db"}
#: Samples that are looked at, at a time.
_BLOCK = 1 << 20
#: What no file name has on some system, and names that Windows keeps for devices.
_NOT_IN_NAMES = set('<>:"/\\|?*')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_LONGEST_NAME = 80


def save(mixer: Mixer, path: Path, overwrite: bool) -> None:
    """Writes a mixer's session, and beside it the tracks that are no files."""
    target = os.path.abspath(os.fspath(path))
    stem, ending = os.path.splitext(target)
    if ending.lower() != ".toml":
        raise ValueError(f"{os.fspath(path)}: a session ends in .toml")
    check_whole_rate(mixer.sample_rate)
    tracks = mixer.tracks
    played = [os.path.abspath(os.fspath(clip.file)) for track in tracks.values() for clip in track.clips]
    sounding = {name: track for name, track in tracks.items() if not track.clips and track.audio.shape[1]}
    for name, track in sounding.items():
        _check_samples(name, track.audio)
    names = _file_names(sounding, stem, played)
    form = _form(mixer, os.path.dirname(target), {name: os.path.join(stem, file) for name, file in names.items()})
    with _folder(stem, bool(names)), _together() as made:
        inputs = [(file, "a file that a track plays") for file in played]
        outputs = [(target, "the session", overwrite)]
        outputs += [(os.path.join(stem, file), f"track {name!r}", overwrite) for name, file in names.items()]
        _mixdsp.check_outputs(inputs, outputs, "overwrite=True replaces it")
        for name, file in names.items():
            audio = sounding[name].audio
            hidden = made.add(os.path.join(stem, file))
            with writer(hidden, check_whole_rate(mixer.sample_rate), audio.shape[0], bits=32) as out:
                for start in range(0, audio.shape[1], _BLOCK):
                    out.write(audio[:, start : start + _BLOCK])
        _mixdsp.write_session(form, made.add(target))
        made.commit()


def _check_samples(name: str, audio: Array) -> None:
    """Refuses samples that a file of float32 would not keep."""
    if audio.dtype == np.float32:
        return
    with np.errstate(over="ignore"):
        for start in range(0, audio.shape[1], _BLOCK):
            block = audio[:, start : start + _BLOCK]
            if not np.array_equal(block.astype(np.float32), block):
                raise ValueError(
                    f"{name} has samples of float64 that float32 cannot hold, and files hold float32: "
                    f"mix[{name!r}].audio = mix[{name!r}].audio.astype(np.float32) rounds them"
                )


def _file_names(tracks: dict[str, Track], folder: str, played: list[str]) -> dict[str, str]:
    """A file name for each track: as it is called where that can be one, and unlike all others on every system."""

    def same(name: str) -> str:
        return unicodedata.normalize("NFC", name).casefold()

    taken = {same(os.path.basename(file)) for file in played if os.path.dirname(file) == folder}
    names = {}
    for name in tracks:
        plain = "".join("_" if mark in _NOT_IN_NAMES or not mark.isprintable() else mark for mark in name)
        plain = plain.strip(" .").encode("utf-8", "replace").decode("utf-8")
        while len(plain.encode("utf-8")) > _LONGEST_NAME:
            plain = plain[:-1]
        if not plain or plain.split(".")[0].casefold() in _DEVICES:
            plain = f"track {plain}".strip()
        file, number = f"{plain}.wav", 1
        while same(file) in taken:
            number += 1
            file = f"{plain} {number}.wav"
        taken.add(same(file))
        names[name] = file
    return names


@contextmanager
def _folder(path: str, needed: bool) -> Iterator[None]:
    """A folder that goes again when something goes wrong before there is anything in it."""
    is_new = needed and not os.path.isdir(path)
    if is_new:
        os.makedirs(path)
    try:
        yield
    except BaseException:
        if is_new:
            try:
                os.rmdir(path)
            except OSError:
                # Somebody has put something there.
                pass
        raise


class _Together:
    """Files that get their names together: all, or none."""

    def __init__(self) -> None:
        self.made: list[tuple[str, _mixdsp.Aside]] = []

    def add(self, path: str) -> str:
        """A hidden name, under which the file is to be written."""
        aside = _mixdsp.Aside(path)
        self.made.append((path, aside))
        return os.fspath(aside.path)

    def commit(self) -> None:
        """Gives all files their names. What was there is put back when one cannot be named."""
        kept: list[tuple[str, str]] = []
        named: list[str] = []
        try:
            for path, aside in self.made:
                if os.path.lexists(path):
                    file, old = tempfile.mkstemp(prefix=".", suffix=".old", dir=os.path.dirname(path))
                    os.close(file)
                    os.replace(path, old)
                    kept.append((path, old))
                named.append(path)
                aside.commit()
        except BaseException:
            for path in named:
                if os.path.lexists(path):
                    os.remove(path)
            for path, old in kept:
                os.replace(old, path)
            raise
        for _, old in kept:
            os.remove(old)

    def discard(self) -> None:
        for _, aside in self.made:
            aside.discard()


@contextmanager
def _together() -> Iterator[_Together]:
    made = _Together()
    try:
        yield made
    finally:
        made.discard()


def _form(mixer: Mixer, folder: str, written: dict[str, str]) -> Form:
    form: Form = {"version": 2, "sample_rate": check_whole_rate(mixer.sample_rate)}
    if mixer.target is not None:
        form["target"] = dict(mixer.target)
    form["tracks"] = [_track(track, folder, written) for track in mixer.tracks.values()]
    form["buses"] = [_strip(bus) for bus in mixer.buses.values()]
    form["groups"] = [
        {
            "name": group.name,
            "members": list(group.members),
            "gain_db": group.gain_db,
            "mute": group.mute,
            "automation": [{"parameter": path, "points": points} for path, points in group._automation()],
        }
        for group in mixer.groups
    ]
    form["master"] = _master(mixer["master"])
    return form


def _strip(strip: Strip) -> Form:
    form: Form = {"name": strip.name, "gain_db": strip.gain_db, "pan": strip.pan, "trim_db": strip.trim_db}
    form["mute"] = bool(strip.mute)
    form.update({key: value for key in ("output", "key") if (value := getattr(strip, key)) is not None})
    form["inserts"] = strip.chain.to_dict()["chain"]
    form["sends"] = [
        {"to": to, "gain_db": send.gain_db, "pre_fader": bool(send.pre_fader)} for to, send in strip.sends.items()
    ]
    form["automation"] = [{"parameter": path, "points": points} for path, points in strip._automation()]
    return form


def _track(track: Track, folder: str, written: dict[str, str]) -> Form:
    form = _strip(track)
    form["solo"], form["invert_polarity"] = bool(track.solo), bool(track.invert)
    clips = track.clips or [Clip(written[track.name])] * (track.name in written)
    form["clips"] = [
        {
            "file": _relative(os.path.abspath(os.fspath(clip.file)), folder),
            "offset_seconds": float(clip.start_seconds),
            "gain_db": float(clip.gain_db),
        }
        for clip in clips
    ]
    return form


def _relative(file: str, folder: str) -> str:
    try:
        return os.path.relpath(file, folder).replace(os.sep, "/")
    except ValueError:
        # On another drive.
        return file


def _master(strip: Strip) -> Form:
    form = _strip(strip)
    for key, usual in (("pan", 0.0), ("mute", False), ("sends", []), ("output", None), ("key", None)):
        if form.get(key, usual) != usual:
            raise ValueError(f"master: a session's master has no {key}")
    moves = []
    for one in form["automation"]:
        if one["parameter"] in ("pan", "mute"):
            raise ValueError(f"master: a session's master has no {one['parameter']} that could move")
        moves.append({**one, "parameter": _MASTER.get(one["parameter"], one["parameter"])})
    levels = {name: form[own] for own, name in _MASTER.items()}
    return {**levels, "inserts": form["inserts"], "automation": moves}


def load(cls: type[M], path: Path) -> M:
    """The mixer of a session."""
    form = _mixdsp.read_session(os.fspath(path))
    folder = os.path.dirname(os.path.abspath(os.fspath(path)))
    mixer = cls(form["sample_rate"])
    mixer.target = form["target"]
    for each in form.get("tracks", ()):
        with _at(path, "track", each["name"]):
            clips = [
                Clip(os.path.join(folder, clip["file"]), clip.get("offset_seconds", 0.0), clip.get("gain_db", 0.0))
                for clip in each["clips"]
            ]
            audio: Any = clips or np.zeros((1, 0), np.float32)
            mixer.track(each["name"], audio, invert=each.get("invert_polarity", False), solo=each.get("solo", False))
            _fill(mixer[each["name"]], each)
    for each in form.get("buses", ()):
        with _at(path, "bus", each["name"]):
            _fill(mixer.bus(each["name"]), each)
    for each in form.get("groups", ()):
        with _at(path, "group", each["name"]):
            automate = _courses(each, lambda path: (Gain()._recipe(), path)) or None
            group = {"gain_db": each["gain_db"], "mute": each.get("mute", False), "automate": automate}
            mixer.group(each["name"], each["members"], **group)
    master = form["master"]
    own = {name: own for own, name in _MASTER.items()}
    moves = [{**one, "parameter": own.get(one["parameter"], one["parameter"])} for one in master.get("automation", ())]
    levels = {level: master.get(name, 0.0) for level, name in _MASTER.items()}
    with _at(path, "master", None):
        _fill(mixer["master"], {**levels, "inserts": master.get("inserts", []), "automation": moves})
    return mixer


@contextmanager
def _at(path: Path, what: str, name: Any) -> Iterator[None]:
    """Says where in the session something is that cannot be."""
    try:
        yield
    except (TypeError, ValueError) as error:
        place = what if name is None else f"{what} {name!r}"
        raise ValueError(f"{os.fspath(path)}: {place}: {error}") from None


def _fill(strip: Strip, form: Form) -> None:
    strip.chain = Effect.from_dict({"chain": form.get("inserts", [])})  # type: ignore[assignment]
    strip.gain_db, strip.trim_db = form.get("gain_db", 0.0), form.get("trim_db", 0.0)
    strip.pan, strip.mute = form.get("pan", 0.0), form.get("mute", False)
    strip.output, strip.key = form.get("output"), form.get("key")
    for send in form.get("sends", ()):
        if send["to"] in strip.sends:
            raise ValueError(f"two sends to {send['to']!r}: a mixer has one")
        strip.sends[send["to"]] = Send(send["gain_db"], send.get("pre_fader", False))
    strip.automate.update(_courses(form, strip._moved))


def _courses(form: Form, moved: Callable[[str], tuple[_mixdsp.Recipe, str]]) -> dict[str, Any]:
    """What moves; ``moved`` finds where the parameter at a path is."""
    found: dict[str, Any] = {}
    for one in form.get("automation", ()):
        parameter = one["parameter"]
        if parameter in found:
            raise ValueError(f"two courses of {parameter!r}: a mixer has one")
        recipe, inner = moved(parameter)
        found[parameter] = [(seconds, recipe.told(inner, value)) for seconds, value in one["points"]]
    return found
