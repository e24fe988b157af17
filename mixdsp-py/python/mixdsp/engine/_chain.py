"""Effects one after the other."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, MutableSequence
from typing import Any, ClassVar, Optional, Union, overload

from ._effect import Effect
from ._parameters import Param
from ._recipe import Place, ReadingPlace, Unit


class Chain(Effect, MutableSequence[Effect]):
    """Effects in series; a list of them, with names.

    ``Chain([a, b])`` names its members by their kind (``gain``, ``gain_2``), ``Chain(low=a, high=b)`` by
    keyword. A member is had by place or by name: ``chain[0]``, ``chain["low"]``, ``chain.low``; automation
    names its parameters ``"low.gain_db"``. Everything else is as with a list. A chain may hold chains.
    """

    __slots__ = ("__weakref__", "_members")
    _members: list[tuple[Optional[str], Effect]]

    def __init__(self, effects: Iterable[Effect] = (), /, **named: Effect) -> None:
        self._members = []
        if isinstance(effects, Effect) and not isinstance(effects, Chain):
            raise TypeError(f"Chain takes a list of effects, not {type(effects).__name__}")
        if isinstance(effects, Mapping):
            named = {**effects, **named}
            effects = ()
        for effect in effects:
            self.append(effect)
        for name, effect in named.items():
            self._members.append((self._new_name(name), self._new(effect)))

    @property
    def names(self) -> list[str]:
        """The members' names."""
        taken = {name for name, _ in self._members if name}
        names = []
        for name, effect in self._members:
            if not name:
                kind = effect._kind()
                name, count = kind, 1
                while name in taken:
                    count += 1
                    name = f"{kind}_{count}"
                taken.add(name)
            names.append(name)
        return names

    def _new(self, effect: Any) -> Effect:
        if not isinstance(effect, Effect):
            raise TypeError(f"a chain holds effects, not {type(effect).__name__}")
        if _holds(effect, self):
            raise ValueError("a chain cannot hold itself")
        return effect

    def _new_name(self, name: str) -> str:
        if not name.isidentifier() or keyword.iskeyword(name):
            raise ValueError(f"{name!r} is not a name")
        if name in self.names:
            raise ValueError(f"the chain has a {name!r} already")
        return name

    def _at(self, name: str) -> int:
        names = self.names
        if name not in names:
            raise KeyError(f"no member {name!r}: there are {', '.join(names) or 'none'}")
        return names.index(name)

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[Effect]:
        return iter([effect for _, effect in self._members])

    @overload
    def __getitem__(self, at: Union[int, str]) -> Any: ...
    @overload
    def __getitem__(self, at: slice) -> Chain: ...
    def __getitem__(self, at: Union[int, str, slice]) -> Any:
        if isinstance(at, slice):
            part = Chain()
            part._members = self._members[at]
            return part
        return self._members[self._at(at) if isinstance(at, str) else at][1]

    def __setitem__(self, at: Any, value: Any) -> None:
        if isinstance(at, slice):
            self._members[at] = [(None, self._new(effect)) for effect in value]
        elif isinstance(at, str) and at not in self.names:
            self._members.append((self._new_name(at), self._new(value)))
        else:
            place = self._at(at) if isinstance(at, str) else at
            self._members[place] = (self._members[place][0], self._new(value))

    def __delitem__(self, at: Union[int, str, slice]) -> None:
        del self._members[self._at(at) if isinstance(at, str) else at]

    def insert(self, index: int, value: Effect) -> None:
        """Puts an effect before the one at ``index``."""
        self._members.insert(index, (None, self._new(value)))

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("_"):
            try:
                return self[name]
            except KeyError as error:
                raise AttributeError(error.args[0]) from None
        raise AttributeError(f"{type(self).__name__} has no attribute {name!r}")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.names]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Chain):
            return NotImplemented
        return self.names == other.names and list(self) == list(other)

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __hash__ = None

    def __repr__(self) -> str:
        if all(name is None for name, _ in self._members):
            return f"Chain([{', '.join(map(repr, self))}])"
        return f"Chain({', '.join(f'{name}={effect!r}' for name, effect in zip(self.names, self))})"

    def __getstate__(self) -> list[tuple[Optional[str], Effect]]:
        return self._members

    def __setstate__(self, state: list[tuple[Optional[str], Effect]]) -> None:
        self._members = list(state)

    # What a chain tells the engine: its members' units, one after the other.

    def _kind(self) -> str:
        return "chain"

    def _units(self, prefix: str = "") -> list[Unit]:
        start = f"{prefix}." if prefix else ""
        parts = [effect._units(start + name) for name, effect in zip(self.names, self)]
        return [unit for part in parts for unit in part]

    def _place(self, name: str) -> Place:
        member, dot, rest = name.partition(".")
        names = self.names
        if not dot or member not in names:
            raise ValueError(f"no parameter {name!r}: names are 'member.parameter', members are {', '.join(names)}")
        at = names.index(member)
        before = sum(len(effect._units()) for effect in list(self)[:at])
        return self._members[at][1]._place(rest).behind(before)

    def _readings(self) -> dict[str, ReadingPlace]:
        found = {}
        first = 0
        for name, effect in zip(self.names, self):
            for key, place in effect._readings().items():
                found[f"{name}.{key}"] = place._replace(unit=place.unit + first)
            first += len(effect._units())
        return found

    def _takes_sidechain(self) -> bool:
        return any(effect._takes_sidechain() for effect in self)

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter of every member, by ``member.parameter``."""
        return {
            f"{name}.{key}": param._replace(name=f"{name}.{key}")
            for name, effect in zip(self.names, self)
            for key, param in effect.params.items()
        }

    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the chain, as plain values that JSON can hold."""
        members = [{"name": name, **effect.to_dict()} for name, effect in self._members]
        return {"effect": self._kind(), "version": 1, "members": members}

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        new = cls()
        for member in data.pop("members", []):
            rest = dict(member)
            name = rest.pop("name", None)
            effect = new._new(Effect.from_dict(rest))
            new._members.append((None if name is None else new._new_name(name), effect))
        if data:
            raise ValueError(f"a chain has no {', '.join(map(repr, sorted(data)))}")
        return new


def _holds(effect: Effect, chain: Chain) -> bool:
    return effect is chain or (isinstance(effect, Chain) and any(_holds(each, chain) for each in effect))


Effect._registry["chain"] = Chain
