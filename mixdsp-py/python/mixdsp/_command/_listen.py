"""What a file sounds like in numbers: one pass over it, block by block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp, files
from ..engine import Loudness, LoudnessMeter
from ..files._reading import tell_notes, told_part

#: Below this the ends of a file are silent: -80 dBFS.
SILENT = 1e-4
Curve = npt.NDArray[np.float32]


class Heard(NamedTuple):
    """What was heard of a file."""

    info: files.FileInfo
    seconds: float
    loudness: Loudness
    #: Momentary and short-term loudness every 100 ms.
    history: tuple[Curve, Curve]
    #: Seconds of silence at the start and at the end; all of it when nothing sounds.
    silence: tuple[float, float]
    #: By how many LU the sum of left and right is quieter than both; ``None`` for mono and silence.
    mono_loss: Optional[float]
    #: Correlation of left and right, -1 to 1.
    correlation: Optional[float]
    #: What loudness and peaks do not show: bandwidth, bass, a late channel, the noise in pauses.
    premaster: dict[str, Any]


def listen(
    path: str, tell: Callable[[float], None], layout: Union[str, int] = "auto", strict: bool = True
) -> Heard:
    """Measures a file."""
    with files.blocks(path, strict=strict) as blocks:
        rate, channels = blocks.sample_rate, blocks.channels
        mask = blocks.info.mask
        meter = LoudnessMeter(rate, channels, mask if layout == "auto" and mask is not None else layout, history=True)
        sides = _Sides(rate) if channels == 2 else None
        premaster = _mixdsp.PremasterListener(rate, channels)
        first: Optional[int] = None
        last = done = 0
        for block in blocks:
            meter.add(block)
            premaster.feed(block)
            if sides is not None:
                sides.add(block)
            loud = np.flatnonzero((np.abs(block) > SILENT).any(axis=0))
            if loud.size:
                first = done + int(loud[0]) if first is None else first
                last = done + int(loud[-1]) + 1
            done += block.shape[1]
            tell(min(done / max(blocks.info.samples or done, 1), 1.0))
        tell_notes(path, map(told_part, blocks.missing))
        meter.finish()
        history = meter.history
        assert history is not None
        return Heard(
            info=blocks.info,
            seconds=done / rate,
            loudness=meter.report(),
            history=history,
            silence=((done if first is None else first) / rate, (done - last) / rate),
            mono_loss=sides.loss(meter.integrated) if sides else None,
            correlation=sides.correlation() if sides else None,
            premaster=premaster.result(),
        )


class _Sides:
    """Left and right against each other."""

    def __init__(self, rate: float) -> None:
        self.mono = LoudnessMeter(rate, 1, "dual_mono", true_peak="off", range=False, statistics=False)
        self.products: Any = np.zeros(3)

    def add(self, block: npt.NDArray[np.float32]) -> None:
        left, right = block.astype(np.float64)
        self.mono.add((0.5 * (left + right)).astype(np.float32))
        self.products += (np.dot(left, right), np.dot(left, left), np.dot(right, right))

    def loss(self, stereo: Optional[float]) -> Optional[float]:
        if stereo is None:
            return None
        mono = self.mono.integrated
        return float("inf") if mono is None else stereo - mono

    def correlation(self) -> Optional[float]:
        both, left, right = self.products
        return float(both / np.sqrt(left * right)) if left > 0 and right > 0 else None
