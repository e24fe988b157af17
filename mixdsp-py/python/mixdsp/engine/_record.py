"""Objects that are made of parameters: effects, and the bands and taps in them."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar, Mapping

from .._nearest import nearest, no_attribute
from ._parameters import Items, Parameter

if TYPE_CHECKING:
    from typing_extensions import Self


#: How Python says that a call has an argument which does not exist.
UNKNOWN = "got an unexpected keyword argument '"


def _told(init: Callable[..., None]) -> Callable[..., None]:
    """A constructor that names the nearest neighbour of an argument which does not exist."""

    @functools.wraps(init)
    def told(self: Any, /, *arguments: Any, **named: Any) -> None:
        try:
            init(self, *arguments, **named)
        except TypeError as error:
            text = str(error)
            wrong = text.partition(UNKNOWN)[2].partition("'")[0]
            # Python 3.13 has a guess of its own.
            if not wrong or wrong not in named or "Did you mean" in text:
                raise
            raise TypeError(text + nearest(wrong, inspect.signature(init).parameters)) from None

    return told


class Record:
    """Values by name, each checked when it is set."""

    __slots__ = ("__weakref__", "_kept", "_values")
    _values: dict[str, Any]
    #: Values, and what was built with them for short calls.
    _kept: Any
    #: Every parameter by name, in the order of the class. Each adds itself.
    _parameters: ClassVar[dict[str, Parameter[Any]]] = {}

    def __init__(self) -> None:
        self._values = {}
        self._kept = None

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Self:
        """One that has these values, and the defaults of the rest, whatever arguments its constructor takes."""
        new = cls.__new__(cls)
        new.__setstate__(values)
        return new

    def _checked(self) -> dict[str, Any]:
        """The values, once more checked: lists may have been changed in place."""
        values = self._values
        return {k: p.check(values[k]) if isinstance(p, Items) else values[k] for k, p in self._parameters.items()}

    def _copy(self) -> Self:
        return self._of(self.__getstate__())

    def _to_plain(self) -> dict[str, Any]:
        return {key: parameter.to_plain(self._values[key]) for key, parameter in self._parameters.items()}

    def __getstate__(self) -> dict[str, Any]:
        return {key: parameter.copy(self._values[key]) for key, parameter in self._parameters.items()}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        parameters = self._parameters
        unknown = ", ".join(repr(key) for key in state if key not in parameters)
        if unknown:
            known = ", ".join(parameters) or "none"
            near = nearest(next(key for key in state if key not in parameters), parameters)
            raise ValueError(f"{type(self).__name__} has no parameter {unknown}: it has {known}{near}")
        self._kept = None
        self._values = {key: parameter.fresh() for key, parameter in parameters.items()}
        for key, value in state.items():
            setattr(self, key, value)

    def __init_subclass__(cls, **settings: Any) -> None:
        super().__init_subclass__(**settings)
        if "__init__" in vars(cls):
            cls.__init__ = _told(cls.__init__)  # type: ignore[method-assign]

    if not TYPE_CHECKING:
        # Type checkers must not see these: to them every name would exist.
        def __getattr__(self, name: str) -> Any:
            raise no_attribute(self, name)

        def __setattr__(self, name: str, value: Any) -> None:
            try:
                super().__setattr__(name, value)
            except AttributeError:
                if hasattr(type(self), name):
                    raise
                raise no_attribute(self, name) from None

    def __repr__(self) -> str:
        values = ((key, self._values[key], parameter.fresh()) for key, parameter in self._parameters.items())
        shown = ", ".join(f"{key}={value!r}" for key, value, fresh in values if value != fresh)
        return f"{type(self).__qualname__}({shown})"

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        assert isinstance(other, Record)
        return self._values == other._values

    __hash__: ClassVar[None]  # type: ignore[assignment]
    __hash__ = None
