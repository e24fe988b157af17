"""pyloudnorm's names for mixdsp's meter, so that its scripts run after changing one import::

    from mixdsp.compat import pyloudnorm as pyln

    meter = pyln.Meter(rate)
    loudness = meter.integrated_loudness(data)              # data: (samples, channels) or (samples,)
    louder = pyln.normalize.loudness(data, loudness, -14.0)

What differs: at other rates than 48 kHz the K-weighting keeps its curve, where theirs drifts by up to 0.05 LU; a block
that ends between two samples counts by its samples; the range is that of EBU Tech 3342 with short-term loudness every
100 ms. Only K-weighting and blocks of 400 ms with an overlap of 75 % are here: what BS.1770 asks for.
"""

from __future__ import annotations

from typing import Any, Union

import numpy as np
import numpy.typing as npt

from ... import mastering
from ...engine import LoudnessMeter
from . import normalize as normalize

#: Left, right, centre, left surround, right surround, as pyloudnorm has them.
_LAYOUTS: dict[int, Union[str, int]] = {1: "auto", 2: "auto", 3: 0x7, 4: 0x207, 5: 0x607}


class Meter:
    """A meter at a sample rate."""

    def __init__(
        self, rate: float, filter_class: str = "K-weighting", block_size: float = 0.4, overlap: float = 0.75
    ) -> None:
        if filter_class != "K-weighting":
            raise ValueError(f"filter_class = {filter_class!r}: only 'K-weighting' is there")
        for name, value, only in (("block_size", block_size, 0.4), ("overlap", overlap, 0.75)):
            if value != only:
                raise ValueError(f"{name} = {value}: only {only} is there, which BS.1770 asks for")
        self.rate = rate
        self.filter_class = filter_class
        self.block_size = block_size
        self.overlap = overlap
        #: Loudness in LUFS of each block of the last call.
        self.blockwise_loudness: list[float] = []

    def _measured(self, data: npt.NDArray[Any]) -> LoudnessMeter:
        if not isinstance(data, np.ndarray):
            raise ValueError("Data must be of type numpy.ndarray.")
        if not np.issubdtype(data.dtype, np.floating):
            raise ValueError("Data must be floating point.")
        channels = data.shape[1] if data.ndim == 2 else 1
        if data.ndim not in (1, 2) or channels not in _LAYOUTS:
            raise ValueError("Audio must have five channels or less.")
        if len(data) < self.block_size * self.rate:
            raise ValueError("Audio must have length greater than the block size.")
        audio = data if data.dtype in (np.float32, np.float64) else data.astype(np.float64)
        layout = _LAYOUTS[channels]
        meter = mastering.meter_of(audio, self.rate, axis=0, layout=layout, history=True, check_finite=False)
        history = meter.history
        self.blockwise_loudness = [] if history is None else [float(value) for value in history[0] if value == value]
        return meter

    def integrated_loudness(self, data: npt.NDArray[Any]) -> float:
        """Integrated loudness in LUFS; minus infinity where nothing passes the gate."""
        found = self._measured(data).integrated
        return float("-inf") if found is None else found

    def loudness_range(self, data: npt.NDArray[Any]) -> float:
        """Loudness range in LU, with 1.5 s of silence behind; not a number where nothing passes the gate."""
        silence = np.zeros((int(1.5 * self.rate), *data.shape[1:]), data.dtype)
        found = self._measured(np.concatenate([data, silence])).range
        return float("nan") if found is None else found
