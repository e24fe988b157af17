"""What all effects have in common: calls, streams, facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Optional, TypeVar, Union, overload

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays
from ._automation import Automate
from ._call import REDUCTION, Array, Job, Processed
from ._parameters import Param
from ._progress import Progress, told
from ._recipe import Recipe
from ._stream import Stream

E = TypeVar("E", bound="Effect")


class Effect(Recipe):
    """Something that turns audio into audio.

    An effect holds parameters and no audio: every call begins afresh, so one object may be called from many
    threads. Streams keep state from block to block; see :meth:`stream`.
    """

    __slots__ = ()
    #: What was built for short calls, where that is kept.
    _kept: Any = None
    _values: dict[str, Any]
    #: Every class that ``to_dict`` tells of, by what it is called there.
    _registry: ClassVar[dict[str, type[Effect]]] = {}

    def _kind(self) -> str:
        """How ``to_dict`` calls it."""
        return "effect"

    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold.

        Sessions and presets hold the same: what is written here can stand there as an insert.
        """
        return self._recipe().plain()

    @classmethod
    def _from_plain(cls: type[E], data: dict[str, Any]) -> E:
        raise NotImplementedError

    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
        raise NotImplementedError

    @classmethod
    def from_dict(cls: type[E], data: Mapping[str, Any]) -> E:
        """The effect that :meth:`to_dict` told of. ``Effect.from_dict`` takes any."""
        if not isinstance(data, Mapping):
            raise TypeError(f"from_dict takes a dict, not {type(data).__name__}")
        return cls._of_recipe(_mixdsp.Recipe.read(data))

    @classmethod
    def _of_recipe(cls: type[E], recipe: _mixdsp.Recipe) -> E:
        return cls._of_form(recipe.plain())

    @classmethod
    def _of_form(cls: type[E], form: dict[str, Any]) -> E:
        """The effect of a form that the engine wrote."""
        kind = form["processor"] if "processor" in form else next(key for key in form if key in cls._registry)
        target = cls._registry[kind]
        if issubclass(cls, target):
            return cls._from_plain(form)
        if not issubclass(target, cls):
            raise ValueError(f"{kind} does not make a {cls.__name__}")
        return target._from_plain(form)

    def to_preset(self) -> str:
        """Everything that makes the effect, as lines of text that people can read."""
        return self._recipe().preset()

    @classmethod
    def from_preset(cls: type[E], text: str) -> E:
        """The effect that :meth:`to_preset` told of, or a preset that a unit of the C library wrote."""
        if not isinstance(text, str):
            raise TypeError(f"from_preset takes a text, not {type(text).__name__}")
        return cls._of_recipe(_mixdsp.Recipe.read(text))

    # Calls.

    @overload
    def __call__(
        self,
        x: list[Array],
        sample_rate: float,
        *,
        axis: int = ...,
        tail: Union[str, float] = ...,
        out: Optional[Sequence[Array]] = ...,
        sidechain: Any = ...,
        automate: Optional[Automate] = ...,
        threads: Optional[int] = ...,
        check_finite: bool = ...,
        progress: Progress = ...,
    ) -> list[Array]: ...
    @overload
    def __call__(
        self,
        x: npt.ArrayLike,
        sample_rate: float,
        *,
        axis: int = ...,
        tail: Union[str, float] = ...,
        out: Optional[Array] = ...,
        sidechain: Any = ...,
        automate: Optional[Automate] = ...,
        threads: Optional[int] = ...,
        check_finite: bool = ...,
        progress: Progress = ...,
    ) -> Array: ...
    def __call__(
        self,
        x: Any,
        sample_rate: float,
        *,
        axis: int = -1,
        tail: Union[str, float] = "cut",
        out: Any = None,
        sidechain: Any = None,
        automate: Optional[Automate] = None,
        threads: Optional[int] = None,
        check_finite: bool = True,
        progress: Progress = None,
    ) -> Any:
        """Processes audio from a fresh state, compensated for latency; the input is left as it is.

        Parameters
        ----------
        x : array, (samples,), (channels, samples) or (..., channels, samples)
            float32 or float64, at most 24 channels; leading axes are independent items. A list of arrays is
            a batch and gives a list.
        sample_rate : float, 8000 to 384000 Hz
        axis : int
            The axis of time; 0 for (samples, channels).
        tail : "cut", "auto" or seconds
            What comes after the end of the input: nothing, all of it, or so much.
        out : array, optional
            Where to write; ``out=x`` works in place.
        sidechain : array, optional
            What dynamics listen to instead of ``x``: (samples,) or (channels, samples), as long as ``x``.
        automate : dict, optional
            Parameters that move: from a name to a list of (seconds, value), or to an array of values that is
            spread over the input. In a chain the name is ``"member.parameter"``. Exact to the sample.
        threads : int, optional
            Threads for batches and leading axes; one when not given.
        check_finite : bool
            Whether a sample that is not finite raises; otherwise it reads as 0.
        progress : bool or function
            Of a batch: shows a bar, or is called with the share that is done.

        Returns
        -------
        array of the type of ``x``, as long as ``x`` and its tail
        """
        is_plain = (
            axis == -1
            and out is None
            and sidechain is None
            and automate is None
            and threads is None
            and progress is None
            and check_finite is True
            and type(tail) is str
            and tail == "cut"
        )
        if is_plain:
            kept = self._kept
            if kept is None or kept[0] != self._values:
                kept = self._keep(x)
            if kept is not None:
                short = kept[1](x, sample_rate)
                if short is not None:
                    return short
        job = Job(self, sample_rate, axis, tail, automate, threads, check_finite)
        with told(progress, type(self).__name__) as tell:
            return job.run(x, out, sidechain, tell).audio

    def _keep(self, x: Any) -> Any:
        """Builds what short calls use; ``None`` where nothing is kept."""
        return None

    @overload
    def process(
        self,
        x: list[Array],
        sample_rate: float,
        *,
        axis: int = ...,
        tail: Union[str, float] = ...,
        out: Optional[Sequence[Array]] = ...,
        sidechain: Any = ...,
        automate: Optional[Automate] = ...,
        threads: Optional[int] = ...,
        check_finite: bool = ...,
        progress: Progress = ...,
    ) -> list[Processed]: ...
    @overload
    def process(
        self,
        x: npt.ArrayLike,
        sample_rate: float,
        *,
        axis: int = ...,
        tail: Union[str, float] = ...,
        out: Optional[Array] = ...,
        sidechain: Any = ...,
        automate: Optional[Automate] = ...,
        threads: Optional[int] = ...,
        check_finite: bool = ...,
        progress: Progress = ...,
    ) -> Processed: ...
    def process(
        self,
        x: Any,
        sample_rate: float,
        *,
        axis: int = -1,
        tail: Union[str, float] = "cut",
        out: Any = None,
        sidechain: Any = None,
        automate: Optional[Automate] = None,
        threads: Optional[int] = None,
        check_finite: bool = True,
        progress: Progress = None,
    ) -> Any:
        """As a call, and tells more: returns a :class:`Processed`, a list of them for a batch."""
        job = Job(self, sample_rate, axis, tail, automate, threads, check_finite)
        # In place the input is gone afterwards, so the gain is traced at once.
        job.trace = None if out is None else self._readings().get(REDUCTION)
        again = None if out is not None else lambda each, key: self._trace(job, each, key)
        with told(progress, type(self).__name__) as tell:
            return job.report(job.run(x, out, sidechain, tell), x, sidechain, again)

    def course(
        self,
        x: npt.ArrayLike,
        sample_rate: float,
        reading: str,
        *,
        axis: int = -1,
        sidechain: Any = None,
        automate: Optional[Automate] = None,
        check_finite: bool = True,
    ) -> Array:
        """A reading at each frame, as of ``gain_reduction_db``: runs the effect for it.

        Parameters
        ----------
        x, sample_rate, axis, sidechain, automate, check_finite
            As in a call; one array.
        reading : str
            Its name; in a chain ``"member.reading"``.
        """
        readings = self._readings()
        if reading not in readings:
            known = ", ".join(readings) or "none"
            raise ValueError(f"no reading {reading!r}; there are: {known}")
        job = Job(self, sample_rate, axis, "cut", automate, None, check_finite)
        return self._traced(job, x, sidechain, reading)

    def _trace(self, job: Job, x: Any, sidechain: Any) -> Array:
        return -self._traced(job, x, sidechain, REDUCTION)

    def _traced(self, job: Job, x: Any, sidechain: Any, reading: str) -> Array:
        job.trace = self._readings()[reading]
        (trace,) = job.run(x, None, sidechain).traces
        assert trace is not None
        return trace

    def stream(
        self,
        sample_rate: float,
        channels: int = 2,
        *,
        axis: int = -1,
        sidechain_channels: int = 0,
        automate: Optional[Automate] = None,
        check_finite: bool = True,
    ) -> Stream:
        """Opens a stream: audio block by block, with state kept in between.

        The stream has a copy of the parameters; change them while it runs with its ``set`` and ``glide``.
        Blocks may have any sizes, also growing ones; the bits are those of one call over the whole.

        Parameters
        ----------
        sample_rate : float, 8000 to 384000 Hz
        channels : int, 1 to 24
        axis : int
            -1 for blocks of (channels, samples), 0 for (samples, channels).
        sidechain_channels : int, 0 to 24
            Channels of the ``sidechain`` that every block then comes with.
        automate : dict, optional
            As in a call, in seconds since the start.
        check_finite : bool
            Whether a sample that is not finite raises; otherwise it reads as 0.
        """
        return Stream(
            self,
            sample_rate,
            channels,
            axis=axis,
            sidechain_channels=sidechain_channels,
            automate=automate,
            check_finite=check_finite,
        )

    # Facts.

    def reset(self) -> None:
        """Does nothing: an effect holds no audio and every call begins afresh. Streams have a ``reset``."""

    def latency_samples(self, sample_rate: float) -> int:
        """Samples by which a stream's output is late. Calls are compensated for it."""
        return self._recipe().facts(_arrays.check_rate(sample_rate))[0]

    def tail_samples(self, sample_rate: float) -> Optional[int]:
        """Samples after the end of the input until the output stays under -120 dB: an upper bound.

        ``None`` when it never ends.
        """
        return self._recipe().facts(_arrays.check_rate(sample_rate))[1]

    def response(self, frequencies: npt.ArrayLike, sample_rate: float) -> npt.NDArray[np.complex128]:
        """Response to steady sines, complex, of the coefficients that run.

        Parameters
        ----------
        frequencies : array of any shape, 0 to half the sample rate, in hertz
        sample_rate : float, 8000 to 384000 Hz

        Raises ``TypeError`` when the effect is not a filter.
        """
        rate = _arrays.check_rate(sample_rate)
        hertz = np.asarray(frequencies, dtype=np.float64)
        wrong = ~((hertz >= 0) & (hertz <= rate / 2))
        if wrong.any():
            raise ValueError(f"frequency {hertz[wrong].flat[0]} is outside 0 to {rate / 2:g} Hz")
        response = self._recipe().response(rate, hertz.ravel())
        if response is None:
            raise TypeError(f"{type(self).__name__} is not a filter: it has no response")
        return response.reshape(hertz.shape)

    def static_curve(self, levels_db: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Level that leaves for a steady level that comes in, both in dBFS: the curve of dynamics as data.

        Parameters
        ----------
        levels_db : array of any shape

        Raises ``TypeError`` when the gain of the effect does not follow the level.
        """
        levels = np.asarray(levels_db, dtype=np.float64)
        if not np.isfinite(levels).all():
            raise ValueError(f"level {levels[~np.isfinite(levels)].flat[0]} dB is not a number")
        curve = self._recipe().static_curve_db(_arrays.check_rate(48_000), levels.ravel())
        if curve is None:
            raise TypeError(f"{type(self).__name__} is no dynamics: it has no static curve")
        return curve.reshape(levels.shape)

    def _repr_html_(self) -> str:
        # Pictures are made by calling effects, and rarely.
        from ._html import page

        return page(self)
