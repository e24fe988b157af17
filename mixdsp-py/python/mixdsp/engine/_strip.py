"""Tracks and buses: what shapes a sound, its level and place, and where it goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Callable, ClassVar, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from .._nearest import no_attribute
from . import _automation
from ._automation import Automate
from ._chain import Chain
from ._effect import Effect
from ._processors import Gain, Pan

Array = npt.NDArray[Any]
Inserts = Union[Effect, Iterable[Effect], None]


#: What can be automated of a strip itself, and where its range is from.
_OWN: dict[str, tuple[type[Effect], str]] = {
    "gain_db": (Gain, "gain_db"),
    "trim_db": (Gain, "gain_db"),
    "mute": (Gain, "mute"),
    "pan": (Pan, "pan"),
}


class Send(NamedTuple):
    """A way to a bus beside the output."""

    #: Level, -96 to 24 dB.
    gain_db: float = 0.0
    #: Whether it stays when the fader moves.
    pre_fader: bool = False


class Clip(NamedTuple):
    """A file on a track: decoded, and taken to the mixer's rate, while the mix is rendered."""

    #: A path.
    file: Union[str, os.PathLike[str]]
    #: When it begins, to the nearest sample.
    start_seconds: float = 0.0
    #: Its level, -96 to 24 dB.
    gain_db: float = 0.0


class Strip:
    """What tracks and buses have in common. Attributes may be changed between two renders."""

    #: What may be set beside the properties.
    _attributes: ClassVar[frozenset[str]] = frozenset({"chain", "output", "mute", "automate", "sends", "key"})
    # Pickles of 0.1 have neither.
    _trim_db = 0.0
    #: The track or bus that the effects listen to that can; where some name a ``key``, they alone, and it may be left out.
    key: Optional[str] = None

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
        trim_db: float = 0.0,
        key: Optional[str] = None,
    ) -> None:
        self._name = name
        #: What shapes the sound, in order.
        self.chain: Chain = chain_of(chain)
        self.gain_db = gain_db
        self.trim_db = trim_db
        self.key = key
        self.pan = pan
        #: The bus that it goes to; the master when ``None``.
        self.output = output
        self.mute = mute
        #: What moves: see :meth:`Mixer.track`.
        self.automate: dict[str, Any] = dict(automate or {})
        #: Where else it goes: from a bus to a level in dB or a :class:`Send`.
        self.sends: dict[str, Send] = {to: _send(name, to, send) for to, send in (sends or {}).items()}

    if not TYPE_CHECKING:
        # Type checkers must not see these: to them every name would exist.
        def __getattr__(self, name: str) -> Any:
            raise no_attribute(self, name)

        def __setattr__(self, name: str, value: Any) -> None:
            if not name.startswith("_") and name not in self._attributes and not hasattr(type(self), name):
                raise no_attribute(self, name)
            super().__setattr__(name, value)

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
        self._gain_db = Gain.gain_db.check(value)

    @property
    def trim_db(self) -> float:
        """Level before the chain, -96 to 24 dB."""
        return self._trim_db

    @trim_db.setter
    def trim_db(self, value: float) -> None:
        self._trim_db = Gain.gain_db.check(value)

    @property
    def pan(self) -> float:
        """From -1, left, to 1, right; of a stereo sound the balance."""
        return self._pan

    @pan.setter
    def pan(self, value: float) -> None:
        self._pan = Pan.pan.check(value)

    def _moved(self, path: str) -> tuple[_mixdsp.Recipe, str]:
        """Where the parameter at a path of automation is, and its path there."""
        if path.startswith("sends."):
            to = path.removeprefix("sends.").removesuffix(".gain_db")
            if to not in self.sends:
                raise ValueError(f"{self.name}: no send to {to!r}: there are {', '.join(self.sends) or 'none'}")
            return Gain()._recipe(), "gain_db"
        if path in _OWN:
            effect, inner = _OWN[path]
            return effect()._recipe(), inner
        return self.chain._recipe(), path.removeprefix("inserts") if path.startswith("inserts[") else path

    def _automation(self) -> list[tuple[str, list[list[float]]]]:
        return points_of(self.automate, self._moved)

    def _channels(self) -> int:
        return 0

    def _solo(self) -> bool:
        return False

    def _inverts(self) -> bool:
        return False

    def _node(self) -> Node:
        sends = [(to, Gain.gain_db.check(send.gain_db), bool(send.pre_fader)) for to, send in self.sends.items()]
        return Node(
            name=self.name,
            channels=self._channels(),
            inserts=self.chain._recipe(),
            gain_db=self.gain_db,
            pan=self.pan,
            trim_db=self.trim_db,
            mute=bool(self.mute),
            solo=self._solo(),
            invert=self._inverts(),
            output=self.output,
            key=self.key,
            sends=sends,
            automation=self._automation(),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name!r}, {self.gain_db:g} dB, pan {self.pan:g}>"


class Node(NamedTuple):
    """A strip as the engine takes it."""

    name: str
    channels: int
    inserts: _mixdsp.Recipe
    gain_db: float
    pan: float
    trim_db: float
    mute: bool
    solo: bool
    invert: bool
    output: Optional[str]
    key: Optional[str]
    sends: list[tuple[str, float, bool]]
    automation: list[tuple[str, list[list[float]]]]


def points_of(
    automate: Optional[Automate], moved: Callable[[str], tuple[_mixdsp.Recipe, str]]
) -> list[tuple[str, list[list[float]]]]:
    """Paths and points as the engine takes them; ``moved`` finds where the parameter at a path is."""
    found = []
    for path, course in (automate or {}).items():
        _, times, values = _automation.read(*moved(path), course)
        if times is None:
            raise ValueError(f"{path}: automation in a mixer is a list of (seconds, value)")
        found.append((path, np.stack([times, values], axis=1).tolist()))
    return found


def chain_of(chain: Inserts) -> Chain:
    """Inserts as a chain."""
    if isinstance(chain, Chain):
        return chain
    return Chain([chain] if isinstance(chain, Effect) else chain or ())


def _send(name: str, to: str, send: Any) -> Send:
    if isinstance(send, Mapping):
        made = Send(**send)
    else:
        made = Send(*send) if isinstance(send, tuple) else Send(send)
    try:
        Gain.gain_db.check(made.gain_db)
    except (TypeError, ValueError) as error:
        raise type(error)(f"{name}: send to {to!r}: {error}") from None
    return made


class Track(Strip):
    """A sound and its strip; made by :meth:`Mixer.track`."""

    _attributes: ClassVar[frozenset[str]] = Strip._attributes | {"solo", "invert"}
    #: The files that it plays; an array where there are none. Pickles of 0.1 have arrays alone.
    clips: tuple[Clip, ...] = ()

    def __init__(
        self, name: str, audio: Array, clips: Iterable[Clip], rate: float, solo: bool, invert: bool, **strip: Any
    ) -> None:
        super().__init__(name, **strip)
        self._rate = rate
        self.clips = tuple(clips)
        self.__dict__["audio"] = audio
        #: Silences every track that is not soloed.
        self.solo = solo
        #: Turns the polarity round.
        self.invert = invert

    @property
    def audio(self) -> Array:
        """(channels, samples), one or two channels. Of files, what they hold is decoded for every call."""
        if not self.clips:
            held: Array = self.__dict__["audio"]
            return held
        from ..files._clips import decoded

        return decoded(self.clips, self._rate)

    @audio.setter
    def audio(self, audio: Array) -> None:
        self.clips = ()
        self.__dict__["audio"] = audio

    def _shape(self) -> tuple[int, int]:
        """Channels and samples."""
        if not self.clips:
            channels, samples = self.audio.shape
            return channels, samples
        # Files stand above the engine: only a track that is one needs them.
        from ..files._clips import shape

        return shape(self.name, self.clips, self._rate)

    def _input(self) -> Any:
        """What the engine plays."""
        if self.clips:
            return [(os.fspath(clip.file), float(clip.start_seconds), float(clip.gain_db)) for clip in self.clips]
        return self.audio

    def _is_double(self) -> bool:
        return not self.clips and self.audio.dtype == np.float64

    def _channels(self) -> int:
        return self._shape()[0]

    def _solo(self) -> bool:
        return bool(self.solo)

    def _inverts(self) -> bool:
        return bool(self.invert)


class Bus(Strip):
    """A place where sounds meet: a group or an effect; made by :meth:`Mixer.bus`."""
