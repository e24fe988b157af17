"""One call of an effect: arrays go to the engine, what comes back is laid out as they are."""

from __future__ import annotations

import functools
from typing import Any, Callable, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays, _automation
from ._automation import Automate
from ._progress import Tell
from ._recipe import ReadingPlace, Recipe

Array = npt.NDArray[Any]

#: The reading whose course is ``Processed.gain_db``.
REDUCTION = "gain_reduction_db"
#: Samples that are worked on at a time where the whole is not needed.
PART = 65_536

#: Input, output, key, and where the trace goes; each as the engine takes it.
_Item = tuple[Array, Array, Optional[Array], Optional[Array]]


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


class Done(NamedTuple):
    """What came of a job."""

    audio: Any
    #: Gain reduction of each array, where it was traced.
    traces: list[Optional[Array]]
    #: What the engine tells of each item, and how many items each array has.
    told: list[tuple[int, list[Optional[float]]]]
    counts: list[int]


class Job:
    """One call: what is the same for all its arrays."""

    def __init__(
        self,
        effect: Recipe,
        sample_rate: float,
        axis: int,
        tail: Union[str, float],
        automate: Optional[Automate],
        threads: Optional[int],
        check_finite: bool,
    ) -> None:
        self.effect = effect
        self.rate = _arrays.check_rate(sample_rate)
        self.axis = axis
        self.tail = tail
        self.recipe = effect._recipe()
        self.courses = _automation.courses(effect, automate)
        self.threads = 1 if threads is None else _arrays.check_count(threads, "threads", 1024)
        self.check_finite = bool(check_finite)
        self.readings = effect._readings()
        self.trace: Optional[ReadingPlace] = None

    def run(self, x: Any, out: Any, sidechain: Any, tell: Optional[Tell] = None) -> Done:
        batch = _arrays.is_batch(x)
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
        readings = [place.id for place in self.readings.values()]
        traced = self.trace.id if self.trace else 0
        patch = (self.recipe, self.rate, self.courses)
        progress = None if tell is None or not items else lambda done: tell(done / len(items))
        done = _mixdsp.render(patch, items, readings, traced, self.threads, check, progress)
        return Done(results if batch else results[0], traces, done, counts)

    def _each(self, value: Any, batch: bool, count: int, name: str) -> list[Any]:
        if value is None or not batch:
            return [value] * count
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"x is a list: {name} must be a list as well, not {type(value).__name__}")
        if len(value) != count:
            raise ValueError(f"{count} arrays in x, {len(value)} in {name}")
        return list(value)

    def _prepare(self, given: Any, into: Any, sidechain: Any) -> tuple[Array, Optional[Array], list[_Item]]:
        x = _arrays.as_audio(given)
        axis = _arrays.time_axis(x, self.axis)
        source = _arrays.planes(x, axis)
        channels, samples = source.shape[-2:]
        self._check_courses(samples)
        outputs = self.recipe.outputs(self.rate, channels)
        tail = _arrays.tail_frames(self.tail, self.rate, lambda: self._natural_tail(source))
        shape = _arrays.result_shape(x, axis, outputs, samples + tail)
        if into is None:
            result = np.empty(shape, x.dtype)
        else:
            result = _arrays.check_out(into, shape, x.dtype)
        target = _arrays.result_planes(result, x, axis)
        key = None if sidechain is None else self._key(sidechain, source, result)
        if into is not None:
            source = _arrays.apart(source, target)
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
        if not self.effect._takes_sidechain():
            raise TypeError(f"{type(self.effect).__name__} takes no sidechain")
        key = _arrays.as_audio(sidechain, "sidechain").astype(source.dtype, copy=False)
        key = _arrays.planes(key, _arrays.time_axis(key, self.axis), "sidechain")
        if key.shape[-1] != source.shape[-1]:
            raise ValueError(f"sidechain has {key.shape[-1]} samples, x has {source.shape[-1]}")
        try:
            key = np.broadcast_to(key, source.shape[:-2] + key.shape[-2:])
        except ValueError:
            raise ValueError(f"sidechain of shape {key.shape} does not fit x of shape {source.shape}") from None
        return key.copy() if np.may_share_memory(key, result) else key

    def _check_courses(self, samples: int) -> None:
        for _, times, values in self.courses:
            if times is None and len(values) > max(samples, 1):
                raise ValueError(f"automation of {len(values)} values for {samples} samples")

    def _natural_tail(self, source: Array) -> Optional[int]:
        """The tail at the parameters and the state that hold in the end, after the last automated change."""
        channels, samples = source.shape[-2:]
        if not self.courses or 0 in source.shape:
            return self.recipe.facts(self.rate, channels)[1]
        timed: list[_automation.Course] = []
        for id, times, values in self.courses:
            if times is None:
                times = np.linspace(0, max(samples - 1, 0) / self.rate, len(values))
            timed.append((id, times, values))
        last = max(int(np.ceil(times[-1] * self.rate)) for _, times, _ in timed if times is not None)
        # One more, because a point acts before the sample at its place.
        late = max(last + 1 - samples, 0)
        stream = _mixdsp.Stream((self.recipe, self.rate, timed), channels, 0, False, self.check_finite)
        item = source.reshape(-1, channels, samples)[0] if source.ndim > 2 else source
        silence = np.zeros((channels, PART), source.dtype)
        for start in range(0, samples, PART):
            stream(item[:, start : start + PART])
        for start in range(0, late, PART):
            stream(silence[:, : late - start])
        tail = stream.tail_samples
        return None if tail is None else tail + late

    def report(
        self, done: Done, x: Any, sidechain: Any, again: Callable[[Any, Any], Array] | None
    ) -> Processed | list[Processed]:
        latency, tail, _ = self.recipe.facts(self.rate)
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
