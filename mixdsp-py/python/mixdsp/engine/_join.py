"""Effects around effects: parallel, mid-side, left-right, bands, what one takes away, one at a multiple of the rate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Generic, Optional, TypeVar, Union, overload

from .. import _mixdsp
from ._chain import Chain
from ._effect import Effect
from ._parameters import Param, Reading

V = TypeVar("V")
#: What stands in a place of a join: nothing passes everything on.
Place = Union[Effect, Iterable[Effect], None]


class Own(Generic[V]):
    """A value of the join's own. The engine knows its range."""

    def __set_name__(self, owner: type[Join], name: str) -> None:
        self.key = name

    @overload
    def __get__(self, holder: None, owner: type) -> Own[V]: ...
    @overload
    def __get__(self, holder: Join, owner: type) -> V: ...
    def __get__(self, holder: Optional[Join], owner: type) -> Any:
        return self if holder is None else holder._own[self.key]

    def __set__(self, holder: Join, value: V) -> None:
        holder._put(self.key, value)


class Join(Effect):
    """What the effects side by side have in common."""

    __slots__ = ("__weakref__", "_members", "_own")
    #: How the engine calls it.
    _key: ClassVar[str]
    #: Values that are settled when audio begins to run.
    _fixed: ClassVar[tuple[str, ...]] = ()
    _members: list[Effect]
    _own: dict[str, Any]

    def _fill(self, members: Iterable[Place], own: dict[str, Any]) -> None:
        self._members = [_effect(member) for member in members]
        self._own = {}
        for key, value in own.items():
            self._put(key, value)

    def _put(self, key: str, value: Any) -> None:
        empty: list[tuple[Optional[str], _mixdsp.Recipe]] = [(None, _mixdsp.Recipe.chain([]))] * len(self._members)
        recipe = _mixdsp.Recipe.join(self._key, empty, {key: value})
        self._own[key] = value if key in self._fixed else recipe.told(key, recipe.value(key))

    def _kind(self) -> str:
        return self._key

    def _recipe(self) -> _mixdsp.Recipe:
        return _mixdsp.Recipe.join(self._key, [(None, member._recipe()) for member in self._members], self._own)

    @property
    def names(self) -> list[str]:
        """How paths call the members."""
        return self._recipe().member_names()

    def _named_readings(self) -> dict[str, Reading]:
        each = zip(self.names, self._members)
        return {f"{name}.{key}": reading for name, effect in each for key, reading in effect._named_readings().items()}

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name, those of the members by ``member.parameter``."""
        recipe = self._recipe()
        found = {}
        for path, unit, low, high, default, doc, choices in recipe.own_rows():
            found[path] = Param(
                path, unit, low, high, recipe.told(path, default), recipe.told(path, recipe.value(path)), doc, tuple(choices), True
            )
        for name, effect in zip(self.names, self._members):
            for key, param in effect.params.items():
                found[f"{name}.{key}"] = param._replace(name=f"{name}.{key}")
        return found

    def __getitem__(self, at: Union[int, str]) -> Any:
        return self._members[self.names.index(at) if isinstance(at, str) else at]

    def __len__(self) -> int:
        return len(self._members)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Join):
            return NotImplemented
        return (self._key, self._members, self._own) == (other._key, other._members, other._own)

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __hash__ = None

    def __getstate__(self) -> tuple[list[Effect], dict[str, Any]]:
        return self._members, self._own

    def __setstate__(self, state: tuple[list[Effect], dict[str, Any]]) -> None:
        self._members, self._own = list(state[0]), dict(state[1])


def _effect(place: Place) -> Effect:
    if isinstance(place, Effect):
        return place
    return Chain(() if place is None else place)


def _member(form: Any) -> Effect:
    return Effect._of_form(form)


class Parallel(Join):
    """Effects that hear the same; their sum comes out, with the input beside it when wanted.

    ``Parallel(effect, mix=0.5)`` is an effect and its input, half of each: New York compression, for instance.
    Everything meets to the sample, whatever latency stands in it.

    Parameters
    ----------
    *effects : effect or list of effects
    mix : float, 0 to 1, default 1
        Share of all this; the rest is the input.
    wet_db : float, -96 to 24 dB, default 0
        Level of the effects' sum.
    dry : bool, default False
        Whether the input is heard beside the effects.
    dry_db : float, -96 to 24 dB, default 0
        Level of the input beside the effects.
    """

    __slots__ = ()
    _key = "parallel"
    mix: Own[float] = Own()
    wet_db: Own[float] = Own()
    dry: Own[bool] = Own()
    dry_db: Own[float] = Own()

    def __init__(
        self, *effects: Place, mix: float = 1.0, wet_db: float = 0.0, dry: bool = False, dry_db: float = 0.0
    ) -> None:
        self._fill(effects, {"mix": mix, "wet_db": wet_db, "dry": dry, "dry_db": dry_db})

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        own = {key: value for key, value in data.items() if key not in ("parallel", "name")}
        return cls(*map(_member, data["parallel"]), **own)

    def __repr__(self) -> str:
        own = "".join(f", {key}={value!r}" for key, value in self._own.items() if value != _PARALLEL[key])
        return f"Parallel({', '.join(map(repr, self._members))}{own})"


_PARALLEL = {"mix": 1.0, "wet_db": 0.0, "dry": False, "dry_db": 0.0}


class MidSide(Join):
    """One effect on mid, the sum of left and right, another on side, their difference.

    Parameters
    ----------
    mid, side : effect, list of effects, or None
        Of one channel each; ``None`` passes everything on.
    """

    __slots__ = ()
    _key = "mid_side"

    def __init__(self, mid: Place = None, side: Place = None) -> None:
        self._fill((mid, side), {})

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls(_member(data["mid"]), _member(data["side"]))

    def __repr__(self) -> str:
        return f"MidSide(mid={self._members[0]!r}, side={self._members[1]!r})"


class LeftRight(Join):
    """One effect on the left channel, another on the right.

    Parameters
    ----------
    left, right : effect, list of effects, or None
        Of one channel each; ``None`` passes everything on.
    """

    __slots__ = ()
    _key = "left_right"

    def __init__(self, left: Place = None, right: Place = None) -> None:
        self._fill((left, right), {})

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls(_member(data["left"]), _member(data["right"]))

    def __repr__(self) -> str:
        return f"LeftRight(left={self._members[0]!r}, right={self._members[1]!r})"


class Bands(Join):
    """One effect for each band of a crossover.

    ``Bands([150, 2000], [low, None, high])`` splits at 150 and 2000 Hz. With nothing in the bands they add up to what
    went in, flat in level. Automation names the splits ``"splits[0].frequency_hz"`` and what stands in the bands
    ``"bands[0].threshold_db"``.

    Parameters
    ----------
    splits_hz : list of float, 20 to 20000 Hz
        Where the bands meet, lowest first: at most five.
    effects : list
        An effect, a list of effects or ``None`` for each band, from the lowest: one more than there are splits.
    slope_db_per_octave : {12, 24, 48}, default 24
        How fast a band falls beyond its split.
    phase : {"minimum", "linear"}, default "minimum"
        ``"linear"``: the bands add up to the input itself, for a latency.
    lowest_hz : float, 20 to 2000 Hz, default 80
        The lowest split that linear phase is built for: the lower, the longer the latency.
    solo, bypass : list of int
        The bands that are heard alone, and those that pass everything on, from 0.
    """

    __slots__ = ()
    _key = "bands"
    _fixed = ("slope_db_per_octave", "phase", "lowest_hz")

    def __init__(
        self,
        splits_hz: Sequence[float],
        effects: Sequence[Place],
        *,
        slope_db_per_octave: int = 24,
        phase: str = "minimum",
        lowest_hz: float = 80.0,
        solo: Iterable[int] = (),
        bypass: Iterable[int] = (),
    ) -> None:
        splits, places = list(splits_hz), list(effects)
        if len(places) != len(splits) + 1:
            raise ValueError(f"{len(places)} effects for {len(splits)} splits: there is one band more than splits")
        own: dict[str, Any] = {"slope_db_per_octave": slope_db_per_octave, "phase": phase, "lowest_hz": lowest_hz}
        own.update({f"splits[{at}].frequency_hz": hz for at, hz in enumerate(splits)})
        own.update({f"bands[{band}].solo": True for band in solo})
        own.update({f"bands[{band}].bypass": True for band in bypass})
        self._fill(places, own)

    @property
    def splits_hz(self) -> list[float]:
        """Where the bands meet."""
        return [self._own[f"splits[{at}].frequency_hz"] for at in range(len(self._members) - 1)]

    @splits_hz.setter
    def splits_hz(self, values: Sequence[float]) -> None:
        if len(values) != len(self._members) - 1:
            raise ValueError(f"{len(values)} splits for {len(self._members)} bands: there is one split less than bands")
        for at, hz in enumerate(values):
            self._put(f"splits[{at}].frequency_hz", hz)

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        switches = list(enumerate(data["switches"]))
        return cls(
            [split["frequency_hz"] for split in data["splits"]],
            [_member(form) for form in data["bands"]],
            slope_db_per_octave=int(data["slope_db_per_octave"]),
            phase=data.get("phase", "minimum"),
            lowest_hz=data.get("lowest_hz", 80.0),
            solo=[band for band, switch in switches if switch["solo"]],
            bypass=[band for band, switch in switches if switch["bypass"]],
        )

    def _which(self, switch: str) -> list[int]:
        return [band for band in range(len(self._members)) if self._own.get(f"bands[{band}].{switch}")]

    def __repr__(self) -> str:
        slope = self._own["slope_db_per_octave"]
        rest = "" if slope == 24 else f", slope_db_per_octave={slope}"
        if self._own.get("phase", "minimum") != "minimum":
            rest += f", phase={self._own['phase']!r}, lowest_hz={self._own['lowest_hz']!r}"
        rest += "".join(f", {switch}={found}" for switch in ("solo", "bypass") if (found := self._which(switch)))
        return f"Bands({self.splits_hz!r}, {self._members!r}{rest})"


class Delta(Join):
    """What an effect takes away: its input minus its output.

    Parameters
    ----------
    effect : effect or list of effects
    match_gain_db : float, -48 to 48 dB, default 0
        Gain behind the effect before the difference is taken: what only changes the level takes nothing away then.
    """

    __slots__ = ()
    _key = "delta"
    match_gain_db: Own[float] = Own()

    def __init__(self, effect: Place, match_gain_db: float = 0.0) -> None:
        self._fill((effect,), {"match_gain_db": match_gain_db})

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls(_member(data["delta"]), data["match_gain_db"])

    def __repr__(self) -> str:
        match = self.match_gain_db
        return f"Delta({self._members[0]!r}{f', match_gain_db={match!r}' if match else ''})"


class Oversampled(Join):
    """An effect at a multiple of the rate, so that what it bends leaves fewer aliases.

    Parameters
    ----------
    effect : effect or list of effects
        It runs at ``oversampling`` times the rate, at most at 384 kHz.
    oversampling : {1, 2, 4, 8}, default 2
    phase : {"linear", "low_latency"}, default "linear"
        Linear phase is late by about a millisecond; low latency by a few frames, and its phase turns at the top.
    """

    __slots__ = ()
    _key = "oversampled"
    _fixed = ("oversampling", "phase")
    oversampling: Own[int] = Own()
    phase: Own[str] = Own()

    def __init__(self, effect: Place, oversampling: int = 2, phase: str = "linear") -> None:
        self._fill((effect,), {"oversampling": oversampling, "phase": phase})

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        return cls(_member(data["oversampled"]), int(data["oversampling"]), data["phase"])

    def __repr__(self) -> str:
        phase = f", phase={self.phase!r}" if self.phase != "linear" else ""
        return f"Oversampled({self._members[0]!r}, {self.oversampling!r}{phase})"


for _class in (Parallel, Bands):
    Effect._registry[_class._key] = _class
Effect._registry.update(mid=MidSide, left=LeftRight, delta=Delta, oversampled=Oversampled)
