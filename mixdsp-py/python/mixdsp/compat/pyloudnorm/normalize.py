"""Gains, as pyloudnorm.normalize has them."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import numpy.typing as npt


def peak(data: npt.NDArray[Any], target: float) -> npt.NDArray[Any]:
    """Brings the largest sample to ``target`` dBFS. Silence stays what it is."""
    largest = float(np.max(np.abs(data), initial=0.0))
    return _with_gain(data, target - 20 * np.log10(largest) if largest > 0 else 0.0)


def loudness(data: npt.NDArray[Any], input_loudness: float, target_loudness: float) -> npt.NDArray[Any]:
    """Brings audio of a loudness to another one. Silence, of minus infinity, stays what it is."""
    return _with_gain(data, target_loudness - input_loudness if np.isfinite(input_loudness) else 0.0)


def _with_gain(data: npt.NDArray[Any], gain_db: float) -> npt.NDArray[Any]:
    output: npt.NDArray[Any] = data * data.dtype.type(10.0 ** (gain_db / 20.0))
    if np.max(np.abs(output), initial=0.0) >= 1.0:
        warnings.warn("Possible clipped samples in output.", stacklevel=3)
    return output
