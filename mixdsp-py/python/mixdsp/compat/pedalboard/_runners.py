"""What runs behind the names: pieces in series and in parallel, block by block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ...engine import Effect

Array = npt.NDArray[np.float32]


class Runner(Protocol):
    """Audio through a piece, with state kept in between. Blocks are (channels, samples)."""

    #: Samples by which what comes out is late.
    latency: int

    def run(self, block: Array) -> Array: ...


class Effected:
    """An effect of mixdsp."""

    def __init__(self, effect: Effect, sample_rate: float, channels: int) -> None:
        self.stream = effect.stream(sample_rate, channels)
        self.latency = self.stream.latency_samples

    def run(self, block: Array) -> Array:
        given: Array = self.stream(block)
        return given


class Mapped:
    """A function of every sample."""

    latency = 0

    def __init__(self, function: Callable[[Array], Any]) -> None:
        self.function = function

    def run(self, block: Array) -> Array:
        return np.asarray(self.function(block), np.float32)


class Series:
    """One after the other."""

    def __init__(self, runners: Sequence[Runner]) -> None:
        self.runners = runners
        self.latency = sum(runner.latency for runner in runners)

    def run(self, block: Array) -> Array:
        for runner in self.runners:
            block = runner.run(block)
        return block


class Parallel:
    """Side by side, summed; the early ones wait for the late ones."""

    def __init__(self, runners: Sequence[Runner], channels: int) -> None:
        self.runners = runners
        self.latency = max((runner.latency for runner in runners), default=0)
        self.waiting = [np.zeros((channels, self.latency - runner.latency), np.float32) for runner in runners]

    def run(self, block: Array) -> Array:
        if not self.runners:
            return block
        total = np.zeros_like(block)
        for at, runner in enumerate(self.runners):
            given = runner.run(block)
            if self.waiting[at].shape[1]:
                given = np.concatenate([self.waiting[at], given], axis=1)
                given, self.waiting[at] = given[:, : block.shape[1]], given[:, block.shape[1] :]
            total += given
        return total
