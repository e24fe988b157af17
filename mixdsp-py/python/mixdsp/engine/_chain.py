"""Effects one after the other."""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping, MutableSequence
from typing import Any, ClassVar, Optional, Union, overload

from .. import _mixdsp
from ._effect import Effect
from ._parameters import Param, Reading


class Chain(Effect, MutableSequence[Effect]):
    """Effects in series; a list of them, with names.

    ``Chain([a, b])`` names its members by their kind (``gain``, ``gain_2``), ``Chain(low=a, high=b)`` by
    keyword, ``Chain({"low end": a})`` by any text without dots and brackets. A member is had by place or by name:
    ``chain[0]``, ``chain["low"]``, ``chain.low``; automation names its parameters ``"low.gain_db"``. Everything else is as with a list. A chain may hold chains.
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
        _mixdsp.check_name(name)
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
        named = list(zip(self.names, self))
        if all(name.isidentifier() and not keyword.iskeyword(name) for name, _ in named):
            return f"Chain({', '.join(f'{name}={effect!r}' for name, effect in named)})"
        return f"Chain({{{', '.join(f'{name!r}: {effect!r}' for name, effect in named)}}})"

    def __getstate__(self) -> list[tuple[Optional[str], Effect]]:
        return self._members

    def __setstate__(self, state: list[tuple[Optional[str], Effect]]) -> None:
        self._members = list(state)

    # What a chain tells the engine: its members' units, one after the other.

    def _kind(self) -> str:
        return "chain"

    def _recipe(self) -> _mixdsp.Recipe:
        return _mixdsp.Recipe.chain([(name, effect._recipe()) for name, effect in self._members])

    def _named_readings(self) -> dict[str, Reading]:
        each = zip(self.names, self)
        return {f"{name}.{key}": reading for name, effect in each for key, reading in effect._named_readings().items()}

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter of every member, by ``member.parameter``."""
        return {
            f"{name}.{key}": param._replace(name=f"{name}.{key}")
            for name, effect in zip(self.names, self)
            for key, param in effect.params.items()
        }

    @classmethod
    def _from_plain(cls, data: dict[str, Any]) -> Any:
        new = cls()
        for member in data["chain"]:
            name = member.get("name")
            effect = new._new(Effect._of_form(member))
            new._members.append((None if name is None else new._new_name(name), effect))
        return new


def _holds(effect: Effect, chain: Chain) -> bool:
    return effect is chain or (isinstance(effect, Chain) and any(_holds(each, chain) for each in effect))


Effect._registry["chain"] = Chain
