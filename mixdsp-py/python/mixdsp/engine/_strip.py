"""Tracks and buses: what shapes a sound, its level and place, and where it goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple, Optional, Union

import numpy.typing as npt

from .. import _mixdsp
from . import _automation
from ._automation import Automate
from ._chain import Chain
from ._effect import Effect
from ._processors import Gain, Pan
from ._recipe import Unit

Array = npt.NDArray[Any]
Inserts = Union[Effect, Iterable[Effect], None]


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
        self.chain: Chain = chain_of(chain)
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
        self._gain_db = Gain.gain_db.check(value)

    @property
    def pan(self) -> float:
        """From -1, left, to 1, right; of a stereo sound the balance."""
        return self._pan

    @pan.setter
    def pan(self, value: float) -> None:
        self._pan = Pan.pan.check(value)

    def _key(self) -> tuple[Optional[str], list[bool]]:
        """Whom the inserts listen to, and which of them do."""
        keys = list(_keys(self.chain))
        named = {key for key in keys if key is not None}
        if len(named) > 1:
            raise ValueError(f"{self.name}: a strip listens to one track, not to {', '.join(sorted(named))}")
        return (named.pop() if named else None), [key is not None for key in keys]

    def _courses(self) -> list[Any]:
        own: list[Any] = []
        inserts = {}
        for name, course in self.automate.items():
            if name in ("gain_db", "pan"):
                parameter = Gain.gain_db if name == "gain_db" else Pan.pan
                unit = _mixdsp.Console.FADER if name == "gain_db" else _mixdsp.Console.PAN
            elif name.startswith("sends."):
                to = name.removeprefix("sends.").removesuffix(".gain_db")
                if to not in self.sends:
                    raise ValueError(f"{self.name}: no send to {to!r}: there are {', '.join(self.sends) or 'none'}")
                parameter = Gain.gain_db
                unit = _mixdsp.Console.SENDS + list(self.sends).index(to)
            else:
                inserts[name] = course
                continue
            _, times, values = _automation.read(Gain()._recipe() if unit != _mixdsp.Console.PAN else Pan()._recipe(), parameter.key, course)
            if times is None:
                raise ValueError(f"{name}: automation in a mixer is a list of (seconds, value)")
            own.append((unit, parameter.id, times, values))
        inside = _automation.courses(self.chain, inserts, stream=True)
        return own + [(id >> 48, id & 0xFFFF_FFFF_FFFF, times, values) for id, times, values in inside]

    def _channels(self) -> int:
        return 0

    def _solo(self) -> bool:
        return False

    def _inverts(self) -> bool:
        return False

    def _node(self) -> Node:
        key, keyed = self._key()
        sends = [(to, Gain.gain_db.check(send.gain_db), bool(send.pre_fader)) for to, send in self.sends.items()]
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
    units: list[Unit]
    keyed: list[bool]
    gain_db: float
    pan: float
    mute: bool
    solo: bool
    invert: bool
    output: Optional[str]
    key: Optional[str]
    sends: list[tuple[str, float, bool]]
    courses: list[Any]


def _keys(effect: Effect) -> Iterable[Optional[str]]:
    if isinstance(effect, Chain):
        for each in effect:
            yield from _keys(each)
    else:
        yield getattr(effect, "key", None)


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
