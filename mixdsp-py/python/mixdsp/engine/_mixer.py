"""The mixer: tracks and buses into one stereo mix, aligned to the sample whatever stands in them."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays
from ._automation import Automate
from ._chain import Chain
from ._processors import Gain
from ._progress import Progress, told
from ._strip import Bus, Clip, Inserts, Strip, Track, chain_of, points_of

Array = npt.NDArray[Any]
#: Seconds of an endless tail that are kept.
LONGEST_TAIL = 20.0
#: What is quieter than this at the end of a tail is not kept: -120 dBFS.
SILENCE = 1e-6


class Group(NamedTuple):
    """Tracks and buses whose faders move together; made by :meth:`Mixer.group`."""

    #: What it is called.
    name: str
    #: The tracks and buses, by name.
    members: tuple[str, ...]
    #: What is added to the level of each, -96 to 24 dB.
    gain_db: float = 0.0
    #: Silences all of them.
    mute: bool = False
    #: How its fader moves: ``{"gain_db": [(seconds, value), ...]}``.
    automate: Optional[Automate] = None

    def _node(self) -> GroupNode:
        members = list(self.members)
        return GroupNode(self.name, members, Gain.gain_db.check(self.gain_db), bool(self.mute), self._automation())

    def _automation(self) -> list[tuple[str, list[list[float]]]]:
        def moved(path: str) -> tuple[_mixdsp.Recipe, str]:
            if path != "gain_db":
                raise ValueError(f"{self.name}: a group moves gain_db, not {path!r}")
            return Gain()._recipe(), path

        return points_of(self.automate, moved)


class GroupNode(NamedTuple):
    """A group as the engine takes it."""

    name: str
    members: list[str]
    gain_db: float
    mute: bool
    automation: list[tuple[str, list[list[float]]]]


class Mixer:
    """Tracks and buses into one stereo mix.

    >>> mix = mx.Mixer(48_000)                                      # doctest: +SKIP
    >>> mix.track("vox", vox, chain=[eq, comp], gain_db=-3, pan=-0.2, sends={"verb": -12})
    >>> mix.track("bass", bass, chain=[mx.Compressor(-24, 6, key="kick")])
    >>> mix.track("kick", kick)
    >>> mix.bus("verb", mx.Reverb(decay_seconds=1.8, mix=1))
    >>> mix.master = mx.Chain([mx.Limiter()])
    >>> stereo = mix.render()

    Parallel ways meet to the sample, whatever latency stands in them. An effect with ``key="name"`` listens to that
    track or bus before its fader. With every fader at 0 dB and nothing else the mix is the sum of its stereo tracks;
    mono tracks stand in the middle, 3 dB down on each side.

    ``mix["vox"]`` is a track or bus, whose attributes may be changed between two renders.

    It mixes in float64. A mixer saved with :meth:`save` is a session: ``mixdsp mix song.toml -o master.wav --mix mix.wav``
    writes the samples of :meth:`render`, and :meth:`load` opens any session.
    """

    #: What a session asks a delivery for: the ``[target]`` of its file. The mixer does not use it.
    target: Optional[dict[str, Any]] = None
    # Pickles of 0.1 have none.
    _groups: tuple[Group, ...] = ()

    def __init__(self, sample_rate: float) -> None:
        #: In hertz.
        self.sample_rate: float = _arrays.check_rate(sample_rate)
        self._strips: dict[str, Strip] = {}
        self._master = Bus("master", None, 0.0, 0.0, None, None, False, None)

    @property
    def master(self) -> Chain:
        """What runs on the whole mix."""
        return self._master.chain

    @master.setter
    def master(self, chain: Inserts) -> None:
        self._master.chain = chain_of(chain)

    @property
    def master_gain_db(self) -> float:
        """Level of the mix behind :attr:`master`, -96 to 24 dB."""
        return self._master.gain_db

    @master_gain_db.setter
    def master_gain_db(self, value: float) -> None:
        self._master.gain_db = value

    def track(
        self,
        name: str,
        audio: Any,
        *,
        chain: Inserts = None,
        gain_db: float = 0.0,
        pan: float = 0.0,
        sends: Optional[Mapping[str, Any]] = None,
        output: Optional[str] = None,
        mute: bool = False,
        solo: bool = False,
        invert: bool = False,
        automate: Optional[Automate] = None,
        trim_db: float = 0.0,
        key: Optional[str] = None,
        axis: int = -1,
        start_seconds: float = 0.0,
    ) -> Track:
        """Adds a track.

        Parameters
        ----------
        name : str
        audio : array, path, or list of paths and :class:`Clip`
            (samples,), (1 or 2 channels, samples). Files are decoded while the mix is rendered, and taken to its rate;
            several are heard together, each from where it begins.
        chain : effect or list of effects
        gain_db : float, -96 to 24 dB
        pan : float, -1 left to 1 right
        sends : dict
            From the name of a bus to a level in dB, or to a :class:`Send`.
        output : str
            The bus that it goes to in place of the master.
        mute, solo, invert : bool
        automate : dict
            ``"gain_db"``, ``"trim_db"``, ``"pan"``, ``"mute"``, ``"sends.verb"``, or of the chain ``"member.parameter"``
            or ``"inserts[0].parameter"``, to a list of (seconds, value).
        trim_db : float, -96 to 24 dB
            Level before the chain.
        key : str
            The track or bus that the effects listen to that can. An effect with a ``key`` of its own says the same.
        axis : int
            The axis of time; 0 for (samples, channels).
        start_seconds : float
            When the audio begins.
        """
        strip: dict[str, Any] = dict(chain=chain, gain_db=gain_db, pan=pan, sends=sends, output=output, mute=mute)
        strip.update(automate=automate, trim_db=trim_db, key=key)
        clips = _clips(audio, start_seconds)
        if clips:
            # Files stand above the engine: only a track that is one needs them.
            from ..files._clips import check

            check(name, clips, self.sample_rate)
        sound = np.zeros((1, 0), np.float32) if clips else self._audio(name, audio, axis, start_seconds)
        track = Track(name, sound, clips, self.sample_rate, solo, invert, **strip)
        self._add(track)
        return track

    def _audio(self, name: str, audio: Any, axis: int, start_seconds: float) -> Array:
        array = _arrays.as_audio(audio, name)
        planes = _arrays.planes(array, _arrays.time_axis(array, axis), name)
        if planes.ndim != 2 or planes.shape[0] > 2:
            raise ValueError(f"{name} has the shape {array.shape}: a track has one or two channels")
        frames = _arrays.tail_frames(float(start_seconds), self.sample_rate, None)
        if frames:
            planes = np.concatenate([np.zeros((planes.shape[0], frames), planes.dtype), planes], axis=1)
        return planes

    def bus(
        self,
        name: str,
        chain: Inserts = None,
        *,
        gain_db: float = 0.0,
        pan: float = 0.0,
        sends: Optional[Mapping[str, Any]] = None,
        output: Optional[str] = None,
        mute: bool = False,
        automate: Optional[Automate] = None,
        trim_db: float = 0.0,
        key: Optional[str] = None,
    ) -> Bus:
        """Adds a bus, where tracks meet by their ``output`` or their ``sends``; parameters as of :meth:`track`."""
        bus = Bus(name, chain, gain_db, pan, sends, output, mute, automate, trim_db, key)
        self._add(bus)
        return bus

    def group(
        self,
        name: str,
        members: Iterable[str],
        *,
        gain_db: float = 0.0,
        mute: bool = False,
        automate: Optional[Automate] = None,
    ) -> Group:
        """Adds a group of tracks and buses, whose faders it moves as a VCA does: its gain is added to theirs.

        Parameters
        ----------
        name : str
        members : names of tracks and buses
        gain_db : float, -96 to 24 dB
        mute : bool
            Silences all of them.
        automate : dict
            ``"gain_db"`` to a list of (seconds, value), in place of ``gain_db``: what it adds to the faders, which may
            move themselves.
        """
        if isinstance(members, str):
            raise TypeError(f"members must be a list of names, not {members!r} alone")
        moves = None if automate is None else dict(automate)
        group = Group(name, tuple(members), Gain.gain_db.check(gain_db), bool(mute), moves)
        group._automation()
        self._groups = (*self._groups, group)
        return group

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups; set it to change or remove them."""
        return self._groups

    @groups.setter
    def groups(self, groups: Iterable[Group]) -> None:
        self._groups = tuple(Group(*group) for group in groups)

    def save(self, path: Union[str, os.PathLike[str]], *, overwrite: bool = False) -> None:
        """Saves the mixer as a session, a TOML file that people can read and edit.

        Tracks that were given as arrays are written as WAV files of floats into a folder beside it and of its name:
        ``song/vox.wav`` beside ``song.toml``. Files are referred to, and stay where they are. Everything appears whole,
        or nothing does.

        Parameters
        ----------
        path : path
            Ends in ``.toml``.
        overwrite : bool
            Whether files that are there may be replaced; never those that a track plays.

        Raises ``FileExistsError``, and ``ValueError`` for what a session cannot hold: samples of float64 that float32
        cannot hold, a rate that is not whole, a master with a pan.
        """
        from ..files._session import save

        save(self, path, overwrite)

    @classmethod
    def load(cls, path: Union[str, os.PathLike[str]]) -> Mixer:
        """Opens a session. Its files are decoded when the mix is rendered.

        Raises ``FileNotFoundError``, and ``ValueError`` for what is wrong in it, and for what a mixer cannot hold: two
        sends of a track to one bus, two courses of one parameter.
        """
        from ..files._session import load

        return load(cls, path)

    def _add(self, strip: Strip) -> None:
        if not isinstance(strip.name, str) or not strip.name:
            raise TypeError("a track or bus needs a name")
        if strip.name in self._strips or strip.name == "master":
            raise ValueError(f"there is a track or bus called {strip.name!r} already")
        self._strips[strip.name] = strip

    @property
    def tracks(self) -> dict[str, Track]:
        """The tracks by name."""
        return {name: strip for name, strip in self._strips.items() if isinstance(strip, Track)}

    @property
    def buses(self) -> dict[str, Bus]:
        """The buses by name."""
        return {name: strip for name, strip in self._strips.items() if isinstance(strip, Bus)}

    def __getitem__(self, name: str) -> Strip:
        if name == "master":
            return self._master
        if name not in self._strips:
            raise KeyError(f"no track or bus {name!r}: there are {', '.join(self._strips) or 'none'}")
        return self._strips[name]

    def __delitem__(self, name: str) -> None:
        self[name]
        del self._strips[name]

    def __contains__(self, name: object) -> bool:
        return name in self._strips

    def render(
        self,
        *,
        tail: Union[str, float] = "auto",
        axis: int = -1,
        threads: Optional[int] = None,
        progress: Progress = None,
        check_finite: bool = True,
    ) -> Array:
        """Mixes everything: (2, samples), not late, as long as the longest track and its tail.

        Mixed in float64; float64 when a track is, otherwise rounded to float32 at the end.

        Parameters
        ----------
        tail : "auto", "cut" or seconds
            What comes after the longest track: until silence (-120 dBFS, at most 20 s), nothing, or so much.
        axis : int
            0 for (samples, 2).
        threads : int
            Threads that decode and mix; the cores when not given. The samples do not depend on it.
        progress : bool or function
            Shows a bar, or is called with the share that is done.
        check_finite : bool
            Whether a sample that is not finite raises; otherwise it reads as 0.
        """
        _arrays.check_axis(axis)
        count = None if threads is None else _arrays.check_count(threads, "threads", 1024)
        tracks = list(self.tracks.values())
        kind = np.float64 if any(track._is_double() for track in tracks) else np.float32
        nodes = [strip._node() for strip in (*self._strips.values(), self._master)]
        groups = [group._node() for group in self._groups]
        engine = _mixdsp.MixRender(self.sample_rate, nodes, groups, count)
        length = max((track._shape()[1] for track in tracks), default=0)
        longest = math.floor(LONGEST_TAIL * self.sample_rate)
        natural = engine.tail
        auto = longest if natural is None else min(natural, longest)
        more = _arrays.tail_frames(tail, self.sample_rate, lambda: auto)
        out = np.empty((2, length + more), kind)
        with told(progress, "render") as tell:
            # A file may end before its header says.
            length = min(length, engine.render([track._input() for track in tracks], out, bool(check_finite), tell))
        if tail == "auto":
            more = _sounding(out[:, length : length + more])
        out = out[:, : length + more]
        return out.T if axis == 0 else out

    def __repr__(self) -> str:
        return f"<Mixer {self.sample_rate:g} Hz, tracks {list(self.tracks)}, buses {list(self.buses)}>"


def _clips(audio: Any, start_seconds: float) -> list[Clip]:
    """The files that a track was given; none for an array."""
    given = [audio] if _arrays.is_path(audio) or isinstance(audio, Clip) else audio
    is_file = isinstance(given, (list, tuple)) and all(isinstance(one, Clip) or _arrays.is_path(one) for one in given)
    if not is_file:
        return []
    clips = [one if isinstance(one, Clip) else Clip(one) for one in given]
    return [clip._replace(start_seconds=clip.start_seconds + float(start_seconds)) for clip in clips]


def _sounding(tail: Array) -> int:
    """How many samples of a tail are not silence."""
    loud = np.flatnonzero((np.abs(tail) > SILENCE).any(axis=0))
    return int(loud[-1]) + 1 if loud.size else 0
