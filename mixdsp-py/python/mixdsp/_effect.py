"""What all effects have in common: calls, streams, facts."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Callable, Mapping, NamedTuple, Optional, Sequence, TypeVar, Union, overload

import numpy as np
import numpy.typing as npt

from . import _audio, _automation, _mixdsp
from ._progress import Progress, Tell, told
from ._rows import Row, Value

if TYPE_CHECKING:
    from ._stream import Stream

Array = npt.NDArray[Any]
Automate = Mapping[str, Any]
#: Number in the catalogue, config values, ids, values, name in the chain.
Unit = tuple[int, list[float], list[int], list[float], str]
E = TypeVar("E", bound="Effect")


#: The reading whose course is ``Processed.gain_db``.
REDUCTION = "gain_reduction_db"


class Param(NamedTuple):
    """What is known of a parameter, and its present value."""

    name: str
    unit: str
    min: float
    max: float
    default: Value
    value: Value
    doc: str
    #: What a choice is between, otherwise empty.
    choices: tuple[Value, ...]
    #: Whether it can change while audio runs.
    automatable: bool


class Place(NamedTuple):
    """Where the engine keeps a parameter or a reading."""

    unit: int
    id: int
    row: Row
    fixed: bool


class Processed:
    """What ``process`` returns.

    Attributes
    ----------
    audio : array
        As a call returns it.
    report : dict
        ``sample_rate``, ``latency_samples``, ``tail_samples``, ``faults`` (samples that were not finite or beyond
        1e9), ``readings`` by name.
    """

    __slots__ = ("_gain", "audio", "report")
    audio: Array
    report: dict[str, Any]
    _gain: Callable[[], Array] | Array | None

    def __init__(self, audio: Array, report: dict[str, Any], gain: Callable[[], Array] | Array | None) -> None:
        self.audio = audio
        self.report = report
        self._gain = gain

    @property
    def gain_db(self) -> Array | None:
        """Gain in decibels at every sample, ``(..., samples)``, of the channel that is turned down most.

        ``None`` for effects that have none. Worked out from the input when it is first asked for, which takes longer
        than the audio did: three times for the limiter, thirty to forty times for the compressor.
        """
        if callable(self._gain):
            self._gain = self._gain()
        return self._gain

    def __repr__(self) -> str:
        return f"Processed(audio={self.audio!r}, report={self.report!r})"


class Effect:
    """Something that turns audio into audio.

    An effect holds parameters and no audio: every call begins afresh, so one object may be called from many
    threads. Streams keep state from block to block; see :meth:`stream`.
    """

    __slots__ = ()
    _registry: dict[str, type[Effect]] = {}

    # What an effect tells the engine.

    def _units(self, prefix: str = "") -> list[Unit]:
        raise NotImplementedError

    def _place(self, name: str) -> Place:
        raise NotImplementedError

    def _readings(self) -> dict[str, Place]:
        raise NotImplementedError

    def _listens(self) -> bool:
        raise NotImplementedError

    def _reading(self, name: str) -> Optional[Place]:
        """A reading by name, ``name[1]`` for that of a channel."""
        key, _, channel = name.partition("[")
        place = self._readings().get(key)
        if place is None or (channel and not channel[:-1].isdigit()):
            return None
        return place._replace(id=place.id | int(channel[:-1]) << 12) if channel else place

    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold."""
        raise NotImplementedError

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
        rest = dict(data)
        kind = rest.pop("effect", None)
        version = rest.pop("version", 1)
        if version != 1:
            raise ValueError(f"version = {version!r} of {kind!r} is newer than this package")
        target = cls._registry.get(kind) if isinstance(kind, str) else None
        if target is None:
            raise ValueError(f"effect = {kind!r} is not one of {', '.join(cls._registry)}")
        if issubclass(cls, target):
            return cls._from_plain(rest)
        if not issubclass(target, cls):
            raise ValueError(f"effect = {kind!r} does not make a {cls.__name__}")
        return target._from_plain(rest)

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
        job = _Job(self, sample_rate, axis, tail, automate, threads, check_finite)
        with told(progress, type(self).__name__) as tell:
            return job.run(x, out, sidechain, tell).audio

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
        job = _Job(self, sample_rate, axis, tail, automate, threads, check_finite)
        # In place the input is gone afterwards, so the gain is traced at once.
        job.trace = None if out is None else self._readings().get(REDUCTION)
        again = None if out is not None else lambda each, key: self._trace(job, each, key)
        with told(progress, type(self).__name__) as tell:
            return job.report(job.run(x, out, sidechain, tell), x, sidechain, again)

    def _trace(self, job: _Job, x: Any, sidechain: Any) -> Array:
        job.trace = self._readings()[REDUCTION]
        (trace,) = job.run(x, None, sidechain).traces
        assert trace is not None
        return -trace

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
        from ._stream import Stream

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
        return _mixdsp.facts(self._units(), _audio.check_rate(sample_rate))[0]

    def tail_samples(self, sample_rate: float) -> Optional[int]:
        """Samples after the end of the input until the output stays under -120 dB: an upper bound.

        ``None`` when it never ends.
        """
        return _mixdsp.facts(self._units(), _audio.check_rate(sample_rate))[1]

    def response(self, frequencies: npt.ArrayLike, sample_rate: float) -> npt.NDArray[np.complex128]:
        """Response to steady sines, complex, of the coefficients that run.

        Parameters
        ----------
        frequencies : array of any shape, 0 to half the sample rate, in hertz
        sample_rate : float, 8000 to 384000 Hz

        Raises ``TypeError`` when the effect is not a filter.
        """
        rate = _audio.check_rate(sample_rate)
        hertz = np.asarray(frequencies, dtype=np.float64)
        wrong = ~((hertz >= 0) & (hertz <= rate / 2))
        if wrong.any():
            raise ValueError(f"frequency {hertz[wrong].flat[0]} is outside 0 to {rate / 2:g} Hz")
        units = self._units()
        try:
            return _mixdsp.response(units, rate, hertz.ravel()).reshape(hertz.shape)
        except TypeError as error:
            unit = units[int(str(error))]
            raise TypeError(f"{unit[4] or type(self).__name__} is not a filter: it has no response") from None

    def _repr_html_(self) -> str:
        from ._html import page

        return page(self)


#: Samples that are worked on at a time where the whole is not needed.
PART = 1 << 16

#: Input, output, key, and where the trace goes; each as the engine takes it.
_Item = tuple[Array, Array, Optional[Array], Optional[Array]]


class _Done(NamedTuple):
    """What came of a job."""

    audio: Any
    #: Gain reduction of each array, where it was traced.
    traces: list[Optional[Array]]
    #: What the engine tells of each item, and how many items each array has.
    told: list[tuple[int, list[Optional[float]]]]
    counts: list[int]


class _Job:
    """One call: what is the same for all its arrays."""

    def __init__(
        self,
        effect: Effect,
        sample_rate: float,
        axis: int,
        tail: Union[str, float],
        automate: Optional[Automate],
        threads: Optional[int],
        check_finite: bool,
    ) -> None:
        self.effect = effect
        self.rate = _audio.check_rate(sample_rate)
        self.axis = axis
        self.tail = tail
        self.units = effect._units()
        self.courses = _automation.courses(effect, automate)
        self.threads = 1 if threads is None else _audio.check_count(threads, "threads", 1024)
        self.check_finite = bool(check_finite)
        self.readings = effect._readings()
        self.trace: Optional[Place] = None

    def run(self, x: Any, out: Any, sidechain: Any, tell: Optional[Tell] = None) -> _Done:
        batch = _audio.is_batch(x)
        inputs = list(x) if batch else [x]
        outs = self._each(out, batch, len(inputs), "out")
        keys = self._each(sidechain, batch, len(inputs), "sidechain")
        results: list[Array] = []
        traces: list[Optional[Array]] = []
        items: list[_Item] = []
        counts = []
        for given, into, key in zip(inputs, outs, keys):
            result, trace, planes = self._prepare(given, into, key)
            results.append(result)
            traces.append(trace)
            items.extend(planes)
            counts.append(len(planes))
        if batch and out is not None:
            items = _untangled(items)
        check = (2 if out is not None else 1) if self.check_finite else 0
        readings = [(place.unit, place.id) for place in self.readings.values()]
        traced = (self.trace.unit, self.trace.id) if self.trace else (0, 0)
        patch = (self.units, self.rate, self.courses)
        progress = None if tell is None or not items else lambda done: tell(done / len(items))
        done = _mixdsp.render(patch, items, readings, traced, self.threads, check, progress)
        return _Done(results if batch else results[0], traces, done, counts)

    def _each(self, value: Any, batch: bool, count: int, name: str) -> list[Any]:
        if value is None or not batch:
            return [value] * count
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"x is a list: {name} must be a list as well, not {type(value).__name__}")
        if len(value) != count:
            raise ValueError(f"{count} arrays in x, {len(value)} in {name}")
        return list(value)

    def _prepare(self, given: Any, into: Any, sidechain: Any) -> tuple[Array, Optional[Array], list[_Item]]:
        x = _audio.as_audio(given)
        axis = _audio.time_axis(x, self.axis)
        source = _audio.planes(x, axis)
        channels, samples = source.shape[-2:]
        self._check_courses(samples)
        outputs = _mixdsp.outputs(self.units, self.rate, channels)
        tail = _audio.tail_frames(self.tail, self.rate, lambda: self._natural_tail(source))
        shape = _audio.result_shape(x, axis, outputs, samples + tail)
        if into is None:
            result = np.empty(shape, x.dtype)
        else:
            result = _audio.check_out(into, shape, x.dtype)
        target = _audio.result_planes(result, x, axis)
        key = None if sidechain is None else self._key(sidechain, source, result)
        if into is not None:
            source = _audio.apart(source, target)
        leading = source.shape[:-2]
        trace = np.empty((*leading, samples + tail), x.dtype) if self.trace else None
        if not leading:
            return result, trace, [(source, target, key, trace)]
        each = np.ndindex(leading)
        return result, trace, [
            (source[i], target[i], None if key is None else key[i], None if trace is None else trace[i])
            for i in each
        ]

    def _key(self, sidechain: Any, source: Array, result: Array) -> Array:
        if not self.effect._listens():
            raise TypeError(f"{type(self.effect).__name__} takes no sidechain")
        key = _audio.as_audio(sidechain, "sidechain").astype(source.dtype, copy=False)
        key = _audio.planes(key, _audio.time_axis(key, self.axis), "sidechain")
        if key.shape[-1] != source.shape[-1]:
            raise ValueError(f"sidechain has {key.shape[-1]} samples, x has {source.shape[-1]}")
        try:
            key = np.broadcast_to(key, source.shape[:-2] + key.shape[-2:])
        except ValueError:
            raise ValueError(f"sidechain of shape {key.shape} does not fit x of shape {source.shape}") from None
        return key.copy() if np.may_share_memory(key, result) else key

    def _check_courses(self, samples: int) -> None:
        for _, _, times, values in self.courses:
            if times is None and len(values) > max(samples, 1):
                raise ValueError(f"automation of {len(values)} values for {samples} samples")

    def _natural_tail(self, source: Array) -> Optional[int]:
        """The tail at the parameters and the state that hold in the end, after the last automated change."""
        channels, samples = source.shape[-2:]
        if not self.courses or 0 in source.shape:
            return _mixdsp.facts(self.units, self.rate, channels)[1]
        timed: list[_automation.Course] = []
        for unit, id, times, values in self.courses:
            if times is None:
                times = np.linspace(0, max(samples - 1, 0) / self.rate, len(values))
            timed.append((unit, id, times, values))
        last = max(int(np.ceil(times[-1] * self.rate)) for _, _, times, _ in timed if times is not None)
        # One more, because a point acts before the sample at its place.
        late = max(last + 1 - samples, 0)
        stream = _mixdsp.Stream((self.units, self.rate, timed), channels, 0, False, self.check_finite)
        item = source.reshape(-1, channels, samples)[0] if source.ndim > 2 else source
        silence = np.zeros((channels, PART), source.dtype)
        for start in range(0, samples, PART):
            stream(item[:, start : start + PART])
        for start in range(0, late, PART):
            stream(silence[:, : late - start])
        tail = stream.tail_samples
        return None if tail is None else tail + late

    def report(
        self, done: _Done, x: Any, sidechain: Any, again: Callable[[Any, Any], Array] | None
    ) -> Processed | list[Processed]:
        latency, tail, _ = _mixdsp.facts(self.units, self.rate)
        batch = isinstance(done.audio, list)
        results = done.audio if batch else [done.audio]
        inputs = x if batch else [x]
        keys = self._each(sidechain, batch, len(results), "sidechain")
        processed = []
        at = 0
        for i, (audio, trace, count) in enumerate(zip(results, done.traces, done.counts)):
            mine = done.told[at : at + count]
            at += count
            readings = [dict(zip(self.readings, values)) for _, values in mine]
            report = {
                "sample_rate": self.rate,
                "latency_samples": latency,
                "tail_samples": tail,
                "faults": sum(faults for faults, _ in mine),
                "readings": readings[0] if audio.ndim <= 2 else readings,
            }
            gain: Callable[[], Array] | Array | None = None
            if trace is not None:
                gain = -trace
            elif again and REDUCTION in self.readings:
                gain = functools.partial(again, inputs[i], keys[i])
            processed.append(Processed(audio, report, gain))
        return processed if batch else processed[0]


def _untangled(items: list[_Item]) -> list[_Item]:
    """Copies what one item still has to read where another writes."""
    free: list[_Item] = []
    for at, (source, target, key, trace) in enumerate(items):
        others = [item[1] for i, item in enumerate(items) if i != at]
        if any(np.may_share_memory(source, other) for other in others):
            source = source.copy()
        if key is not None and any(np.may_share_memory(key, other) for other in others):
            key = key.copy()
        free.append((source, target, key, trace))
    return free
