"""What all plugins have in common: calls as pedalboard's, arrays laid out as pedalboard guesses."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING, Any, Optional

import numpy as np
import numpy.typing as npt

from ..._mixdsp import MAX_CHANNELS
from ..._nearest import no_attribute
from ...engine import Chain as EffectChain
from ...engine import Effect
from ._runners import Array, Effected, Runner, Series

if TYPE_CHECKING:
    from typing_extensions import Self


class Plugin:
    """A processor. ``plugin(x, sample_rate)`` gives float32; ``reset=False`` goes on where the last call ended."""

    #: Names of the parameters, in the order of the constructor.
    _names: tuple[str, ...] = ()
    _state: Optional[tuple[Any, Runner, int]] = None
    _layout: Optional[bool] = None
    #: As pedalboard tells it of plugins.
    is_effect: bool = True
    is_instrument: bool = False

    def __new__(cls, *arguments: Any, **named: Any) -> Self:
        if cls._pieces is Plugin._pieces:
            raise TypeError(f"{cls.__name__} is what plugins have in common, and none itself")
        return super().__new__(cls)

    if not TYPE_CHECKING:
        # Type checkers must not see these: to them every name would exist.
        def __getattr__(self, name: str) -> Any:
            raise no_attribute(self, name)

        def __setattr__(self, name: str, value: Any) -> None:
            if not name.startswith("_") and not hasattr(type(self), name) and name not in self._names:
                raise no_attribute(self, name)
            before = vars(self).get(name, self)
            super().__setattr__(name, value)
            if name in self._names and all(each in vars(self) for each in self._names):
                try:
                    self._pieces()
                except Exception:
                    # What is refused changes nothing.
                    if before is not self:
                        super().__setattr__(name, before)
                    raise

    def _pieces(self) -> list[Any]:
        """What runs, in series: effects of mixdsp, or functions that make a runner of (sample_rate, channels)."""
        raise NotImplementedError

    def _settings(self) -> tuple[Any, ...]:
        """What a change of makes a runner anew."""
        return (type(self).__name__, *(getattr(self, name) for name in self._names))

    def _runner(self, sample_rate: float, channels: int) -> Runner:
        runners: list[Runner] = []
        run: list[Effect] = []
        for piece in [*self._pieces(), None]:
            if isinstance(piece, Effect):
                run.append(piece)
                continue
            if run:
                # Neighbours are one chain: one call of the engine.
                effect = run[0] if len(run) == 1 else EffectChain(run)
                runners.append(Effected(effect, sample_rate, channels))
                run = []
            if piece is not None:
                runners.append(piece(sample_rate, channels))
        return runners[0] if len(runners) == 1 else Series(runners)

    def process(
        self, input_array: npt.ArrayLike, sample_rate: float, buffer_size: int = 8192, reset: bool = True
    ) -> npt.NDArray[np.float32]:
        """Runs audio through, and gives float32 laid out as the input is.

        With ``reset`` the call begins afresh and the result is as long as the input; without it the state of the last
        call stays, and the first calls give fewer samples where there is latency. ``buffer_size`` changes nothing: the
        result never depends on it.
        """
        for name, value in (("sample_rate", sample_rate), ("buffer_size", buffer_size)):
            if isinstance(value, (bool, str, bytes)) or not isinstance(value, (numbers.Real, np.number)):
                raise TypeError(f"{name} must be a number, not {type(value).__name__}")
        planes, channels_last, axes = self._planes(input_array)
        if planes.size == 0:
            return np.zeros(np.shape(input_array), np.float32)
        channels = len(planes)
        key = (float(sample_rate), channels, self._settings())
        if reset or self._state is None or self._state[0] != key:
            runner = self._runner(float(sample_rate), channels)
            skip = runner.latency
        else:
            _, runner, skip = self._state
        given = runner.run(planes)
        if reset and skip:
            rest = runner.run(np.zeros((channels, skip), np.float32))
            given, skip = np.concatenate([given, rest], axis=1)[:, skip:], 0
        elif skip:
            dropped = min(skip, given.shape[1])
            given, skip = given[:, dropped:], skip - dropped
        self._state = None if reset else (key, runner, skip)
        laid_out: Array = given[0] if axes == 1 else given.T if channels_last else given
        return laid_out

    def _planes(self, input_array: npt.ArrayLike) -> tuple[Array, bool, int]:
        x = np.asarray(input_array)
        if x.dtype not in (np.float32, np.float64):
            raise TypeError("Pedalboard only supports 32-bit and 64-bit floating point audio for processing.")
        if x.ndim not in (1, 2):
            raise RuntimeError(f"Number of input dimensions must be 1 or 2 (got {x.ndim}).")
        x = x.astype(np.float32, copy=False)
        if x.ndim == 1:
            return x[np.newaxis], False, 1
        if 0 in x.shape and x.shape[0] != x.shape[1]:
            # No samples of so many channels.
            self._layout = x.shape[0] == 0
        elif x.shape[0] != x.shape[1]:
            self._layout = x.shape[1] < x.shape[0]
        elif self._layout is None and x.shape != (1, 1):
            raise RuntimeError(
                f"Unable to determine channel layout from shape: {x.shape}. Provide a non-square array first."
            )
        planes = x.T if self._layout else x
        if len(planes) > MAX_CHANNELS:
            raise ValueError(f"{len(planes)} channels, at most {MAX_CHANNELS} are taken")
        return planes, bool(self._layout), 2

    __call__ = process

    def reset(self) -> None:
        """Forgets what the last call left."""
        self._state = None
        self._layout = None

    def __repr__(self) -> str:
        values = "".join(f" {name}={getattr(self, name):g}" for name in self._names)
        return f"<{__package__}.{type(self).__name__}{values} at {id(self):#x}>"

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in ("_state", "_layout")}
