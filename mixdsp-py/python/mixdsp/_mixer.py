"""The mixer: tracks and buses into one stereo mix, aligned to the sample whatever stands in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _audio, _automation, _files, _mixdsp, _resample
from ._chain import Chain
from ._effect import Automate, Effect
from ._effects import Gain, Pan
from ._progress import Progress, told
from ._rows import Row

Array = npt.NDArray[Any]
Inserts = Union[Effect, Iterable[Effect], None]
#: Seconds of an endless tail that are kept.
LONGEST_TAIL = 20.0
#: What is quieter than this at the end of a tail is not kept: -120 dBFS.
SILENCE = 1e-6
#: How the engine calls what is no insert.
FADER, PAN, SENDS = 1 << 20, (1 << 20) + 1, (1 << 20) + 2

_GAIN: Row = next(row for row in Gain._rows if row.key == "gain_db")
_PAN: Row = next(row for row in Pan._rows if row.key == "pan")


class Send(NamedTuple):
    """A way to a bus beside the output."""

    #: Level, -96 to 24 dB.
    gain_db: float = 0.0
    #: Whether it stays when the fader moves.
    pre_fader: bool = False


class Strip:
    """What tracks and buses have in common. Attributes may be changed between two renders."""

    def __init__(
        self,
        name: str,
        chain: Inserts,
        gain_db: float,
        pan: float,
        sends: Optional[Mapping[str, Any]],
        output: Optional[str],
        mute: bool,
        automate: Optional[Automate],
    ) -> None:
        self._name = name
        #: What shapes the sound, in order.
        self.chain: Chain = _chain(chain)
        self.gain_db = gain_db
        self.pan = pan
        #: The bus that it goes to; the master when ``None``.
        self.output = output
        self.mute = mute
        #: What moves: see :meth:`Mixer.track`.
        self.automate: dict[str, Any] = dict(automate or {})
        #: Where else it goes: from a bus to a level in dB or a :class:`Send`.
        self.sends: dict[str, Send] = {to: _send(name, to, send) for to, send in (sends or {}).items()}

    @property
    def name(self) -> str:
        """What it is called."""
        return self._name

    @property
    def gain_db(self) -> float:
        """Level at which it joins, -96 to 24 dB."""
        return self._gain_db

    @gain_db.setter
    def gain_db(self, value: float) -> None:
        self._gain_db = float(_GAIN.check(value))

    @property
    def pan(self) -> float:
        """From -1, left, to 1, right; of a stereo sound the balance."""
        return self._pan

    @pan.setter
    def pan(self, value: float) -> None:
        self._pan = float(_PAN.check(value))

    def _key(self) -> tuple[Optional[str], list[bool]]:
        """Whom the inserts listen to, and which of them do."""
        keys = list(_keys(self.chain))
        named = {key for key in keys if key is not None}
        if len(named) > 1:
            raise ValueError(f"{self.name}: a strip listens to one track, not to {', '.join(sorted(named))}")
        return (named.pop() if named else None), [key is not None for key in keys]

    def _courses(self) -> list[_automation.Course]:
        own: list[_automation.Course] = []
        inserts = {}
        for name, course in self.automate.items():
            if name in ("gain_db", "pan"):
                row, unit = (_GAIN, FADER) if name == "gain_db" else (_PAN, PAN)
            elif name.startswith("sends."):
                to = name.removeprefix("sends.").removesuffix(".gain_db")
                if to not in self.sends:
                    raise ValueError(f"{self.name}: no send to {to!r}: there are {', '.join(self.sends) or 'none'}")
                row, unit = _GAIN, SENDS + list(self.sends).index(to)
            else:
                inserts[name] = course
                continue
            times, values = _automation._read(name, row, course)
            if times is None:
                raise ValueError(f"{name}: automation in a mixer is a list of (seconds, value)")
            own.append((unit, row.id, times, values))
        return own + _automation.courses(self.chain, inserts, stream=True)

    def _channels(self) -> int:
        return 0

    def _solo(self) -> bool:
        return False

    def _inverts(self) -> bool:
        return False

    def _node(self) -> Node:
        key, keyed = self._key()
        sends = [(to, float(_GAIN.check(send.gain_db)), bool(send.pre_fader)) for to, send in self.sends.items()]
        return Node(
            name=self.name,
            channels=self._channels(),
            units=self.chain._units(),
            keyed=keyed,
            gain_db=self.gain_db,
            pan=self.pan,
            mute=bool(self.mute),
            solo=self._solo(),
            invert=self._inverts(),
            output=self.output,
            key=key,
            sends=sends,
            courses=self._courses(),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {self.gain_db:g} dB, pan {self.pan:g}>"


class Node(NamedTuple):
    """A strip as the engine takes it."""

    name: str
    channels: int
    units: list[Any]
    keyed: list[bool]
    gain_db: float
    pan: float
    mute: bool
    solo: bool
    invert: bool
    output: Optional[str]
    key: Optional[str]
    sends: list[tuple[str, float, bool]]
    courses: list[_automation.Course]


def _keys(effect: Effect) -> Iterable[Optional[str]]:
    if isinstance(effect, Chain):
        for each in effect:
            yield from _keys(each)
    else:
        yield getattr(effect, "key", None)


def _chain(chain: Inserts) -> Chain:
    if isinstance(chain, Chain):
        return chain
    return Chain([chain] if isinstance(chain, Effect) else chain or ())


def _send(name: str, to: str, send: Any) -> Send:
    if isinstance(send, Mapping):
        made = Send(**send)
    else:
        made = Send(*send) if isinstance(send, tuple) else Send(send)
    try:
        _GAIN.check(made.gain_db)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: send to {to!r}: {error}") from None
    return made


class Track(Strip):
    """A sound and its strip; made by :meth:`Mixer.track`."""

    def __init__(self, name: str, audio: Array, solo: bool, invert: bool, **strip: Any) -> None:
        super().__init__(name, **strip)
        #: (channels, samples), one or two channels.
        self.audio = audio
        #: Silences every track that is not soloed.
        self.solo = solo
        #: Turns the polarity round.
        self.invert = invert

    def _channels(self) -> int:
        return int(self.audio.shape[0])

    def _solo(self) -> bool:
        return bool(self.solo)

    def _inverts(self) -> bool:
        return bool(self.invert)


class Bus(Strip):
    """A place where sounds meet: a group or an effect; made by :meth:`Mixer.bus`."""


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
    """

    def __init__(self, sample_rate: float) -> None:
        #: In hertz.
        self.sample_rate: float = _audio.check_rate(sample_rate)
        self._strips: dict[str, Strip] = {}
        self._master = Bus("master", None, 0.0, 0.0, None, None, False, None)

    @property
    def master(self) -> Chain:
        """What runs on the whole mix."""
        return self._master.chain

    @master.setter
    def master(self, chain: Inserts) -> None:
        self._master.chain = _chain(chain)

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
        axis: int = -1,
        start_seconds: float = 0.0,
    ) -> Track:
        """Adds a track.

        Parameters
        ----------
        name : str
        audio : array or path
            (samples,), (1 or 2 channels, samples); files are taken to the mixer's rate.
        chain : effect or list of effects
        gain_db : float, -96 to 24 dB
        pan : float, -1 left to 1 right
        sends : dict
            From the name of a bus to a level in dB, or to a :class:`Send`.
        output : str
            The bus that it goes to in place of the master.
        mute, solo, invert : bool
        automate : dict
            ``"gain_db"``, ``"pan"``, ``"sends.verb"``, or ``"member.parameter"`` of the chain, to a list of
            (seconds, value).
        axis : int
            The axis of time; 0 for (samples, channels).
        start_seconds : float
            When the audio begins.
        """
        strip: dict[str, Any] = dict(chain=chain, gain_db=gain_db, pan=pan, sends=sends, output=output, mute=mute)
        track = Track(name, self._audio(name, audio, axis, start_seconds), solo, invert, automate=automate, **strip)
        self._add(track)
        return track

    def _audio(self, name: str, audio: Any, axis: int, start_seconds: float) -> Array:
        if _files.is_path(audio):
            array, rate = _files.read(audio)
            if rate != self.sample_rate:
                array = _resample.resample(array, rate, self.sample_rate)
            planes = array
        else:
            array = _audio.as_audio(audio, name)
            planes = _audio.planes(array, _audio.time_axis(array, axis), name)
        if planes.ndim != 2 or planes.shape[0] > 2:
            raise ValueError(f"{name} has the shape {array.shape}: a track has one or two channels")
        frames = _audio.tail_frames(float(start_seconds), self.sample_rate, None)
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
    ) -> Bus:
        """Adds a bus, where tracks meet by their ``output`` or their ``sends``; parameters as of :meth:`track`."""
        bus = Bus(name, chain, gain_db, pan, sends, output, mute, automate)
        self._add(bus)
        return bus

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
        progress: Progress = None,
        check_finite: bool = True,
    ) -> Array:
        """Mixes everything: (2, samples), not late, as long as the longest track and its tail.

        float64 when a track is, otherwise float32.

        Parameters
        ----------
        tail : "auto", "cut" or seconds
            What comes after the longest track: until silence (-120 dBFS, at most 20 s), nothing, or so much.
        axis : int
            0 for (samples, 2).
        progress : bool or function
            Shows a bar, or is called with the share that is done.
        check_finite : bool
            Whether a sample that is not finite raises; otherwise it reads as 0.
        """
        _files._check_axis(axis)
        tracks = list(self.tracks.values())
        double = any(track.audio.dtype == np.float64 for track in tracks)
        kind = np.float64 if double else np.float32
        nodes = [strip._node() for strip in (*self._strips.values(), self._master)]
        console = _mixdsp.Console(self.sample_rate, nodes, double)
        length = max((track.audio.shape[1] for track in tracks), default=0)
        longest = round(LONGEST_TAIL * self.sample_rate)
        natural = console.tail
        auto = longest if natural is None else min(natural, longest)
        frames = length + _audio.tail_frames(tail, self.sample_rate, lambda: auto)
        out = np.empty((2, frames), kind)
        inputs = [track.audio.astype(kind, copy=False) for track in tracks]
        with told(progress, "render") as tell:
            console.render(inputs, out, bool(check_finite), tell)
        if tail == "auto":
            out = out[:, : length + _sounding(out[:, length:])]
        return out.T if axis == 0 else out

    def __repr__(self) -> str:
        return f"<Mixer {self.sample_rate:g} Hz, tracks {list(self.tracks)}, buses {list(self.buses)}>"


def _sounding(tail: Array) -> int:
    """How many samples of a tail are not silence."""
    loud = np.flatnonzero((np.abs(tail) > SILENCE).any(axis=0))
    return int(loud[-1]) + 1 if loud.size else 0
