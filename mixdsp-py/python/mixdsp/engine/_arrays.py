"""Arrays: shapes, sample types, and how they reach the engine."""

from __future__ import annotations

import math
import numbers
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from .._mixdsp import MAX_CHANNELS, SAMPLE_RATES

Array = npt.NDArray[Any]
SCALES = {
    "int8": "x.astype(np.float32) / 128",
    "int16": "x.astype(np.float32) / 32768",
    "int32": "x.astype(np.float64) / 2147483648",
    "uint8": "(x.astype(np.float32) - 128) / 128",
}


def as_audio(x: Any, name: str = "x") -> Array:
    """An array of float32 or float64 that the engine can read: native byte order, aligned."""
    array: Array
    if isinstance(x, np.ndarray):
        array = x
    else:
        if not hasattr(x, "__array__") and hasattr(x, "__dlpack__"):
            array = np.from_dlpack(x)
        elif isinstance(x, (str, bytes, dict)) or x is None:
            raise TypeError(f"{name} must be an array of samples, not {type(x).__name__}")
        else:
            array = np.asarray(x)
    dtype = array.dtype
    if dtype.kind != "f" or dtype.itemsize not in (4, 8):
        raise TypeError(f"{name} is {dtype}: only float32 and float64 are taken; use {_fix(dtype, name)}")
    if type(array) is not np.ndarray:
        array = np.asarray(array)
    if not dtype.isnative or not array.flags.aligned:
        array = array.astype(dtype.newbyteorder("="), copy=True)
    return array


def _fix(dtype: np.dtype[Any], name: str) -> str:
    if dtype.kind in "iu":
        scale = SCALES.get(dtype.name, "x.astype(np.float64) / full_scale")
        return scale.replace("x.astype", f"{name}.astype")
    return f"{name}.real" if dtype.kind == "c" else f"{name}.astype(np.float32)"


def is_path(x: Any) -> bool:
    """Whether ``x`` names a file."""
    return isinstance(x, (str, os.PathLike))


def is_batch(x: Any) -> bool:
    """Whether ``x`` is a list of arrays rather than one array."""
    if not isinstance(x, (list, tuple)) or not x:
        return False
    first = x[0]
    return (hasattr(first, "__array__") or hasattr(first, "__dlpack__")) and getattr(first, "ndim", 1) > 0


def time_axis(x: Array, axis: int) -> int:
    """The axis of time, counted from the end; raises when there is none."""
    if isinstance(axis, bool) or not isinstance(axis, (int, np.integer)):
        raise TypeError(f"axis must be an int, not {type(axis).__name__}")
    if x.ndim == 0:
        raise ValueError("x is a single number: an array of samples is needed")
    if not -x.ndim <= axis < x.ndim:
        raise ValueError(f"axis = {axis} is outside {-x.ndim} to {x.ndim - 1}")
    return int(axis) if axis < 0 else int(axis) - x.ndim


def planes(x: Array, axis: int, name: str = "x") -> Array:
    """A view as ``(..., channels, samples)``."""
    view = x[np.newaxis, :] if x.ndim == 1 else x if axis == -1 else np.moveaxis(x, axis, -1)
    channels = view.shape[-2]
    if channels > MAX_CHANNELS:
        other = "(samples, channels) pass axis=0" if axis == -1 else "(channels, samples) pass axis=-1"
        raise ValueError(
            f"{name} has the shape {x.shape}: {channels} channels, at most {MAX_CHANNELS} are taken; for {other}"
        )
    if channels == 0:
        raise ValueError(f"{name} has the shape {x.shape}: no channels")
    return view


def result_shape(x: Array, axis: int, channels: int, samples: int) -> tuple[int, ...]:
    """The shape of what comes out, laid out as ``x`` is."""
    if x.ndim == 1:
        return (samples,) if channels == 1 else (channels, samples)
    shape = list(x.shape)
    shape[axis] = samples
    others = [a for a in range(-x.ndim, 0) if a != axis]
    shape[others[-1]] = channels
    return tuple(shape)


def result_planes(out: Array, x: Array, axis: int) -> Array:
    """A view of what comes out as ``(..., channels, samples)``."""
    if out.ndim == 1:
        return out[np.newaxis, :]
    return out if axis == -1 or x.ndim == 1 else np.moveaxis(out, axis, -1)


def check_out(out: Any, shape: tuple[int, ...], dtype: np.dtype[Any]) -> Array:
    if not isinstance(out, np.ndarray):
        raise TypeError(f"out must be an array, not {type(out).__name__}")
    if out.dtype != dtype or not out.dtype.isnative or not out.flags.aligned:
        raise TypeError(f"out is {out.dtype}: {dtype} like the input is needed, native and aligned")
    if out.shape != shape:
        raise ValueError(f"out has the shape {out.shape}, {shape} is needed")
    if not out.flags.writeable:
        raise ValueError("out is read-only")
    return out


def apart(x: Array, out: Array) -> Array:
    """``x``, or a copy of it where writing ``out`` would spoil samples that are still to be read."""
    if not np.may_share_memory(x, out):
        return x
    same = x.__array_interface__["data"][0] == out.__array_interface__["data"][0] and x.strides == out.strides
    return x if same else x.copy()


def check_rate(sample_rate: Any, name: str = "sample_rate") -> float:
    if not isinstance(sample_rate, numbers.Real) or isinstance(sample_rate, bool):
        raise TypeError(f"{name} must be a number of hertz, not {type(sample_rate).__name__}")
    rate = float(sample_rate)
    lowest, highest = SAMPLE_RATES
    if not lowest <= rate <= highest:
        raise ValueError(f"{name} = {rate:g} is outside {lowest:.0f} to {highest:.0f} Hz")
    return rate


def check_whole_rate(sample_rate: Any, name: str = "sample_rate") -> int:
    """A sample rate that files and resampling can have: a whole number of hertz."""
    rate = check_rate(sample_rate, name)
    if rate != int(rate):
        raise ValueError(f"{name} = {rate:g} is not a whole number of hertz")
    return int(rate)


def check_axis(axis: int) -> None:
    """Refuses an axis of time that blocks of two axes do not have."""
    if axis not in (-1, 0, 1):
        raise ValueError(f"axis = {axis} is neither -1 nor 0")


def check_number(value: Any, name: str, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)):
        raise TypeError(f"{name} must be a number, not {type(value).__name__}")
    if not low <= value <= high:
        raise ValueError(f"{name} = {float(value)} is outside {low:g} to {high:g}")
    return float(value)


def check_count(value: Any, name: str, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be an int, not {type(value).__name__}")
    if not 1 <= value <= most:
        raise ValueError(f"{name} = {value} is outside 1 to {most}")
    return int(value)


def tail_frames(tail: Any, sample_rate: float, natural: Any) -> int:
    """How many frames to add: ``"cut"``, ``"auto"`` (``natural()`` tells), or seconds."""
    if isinstance(tail, str):
        if tail == "cut":
            return 0
        if tail == "auto":
            frames = natural()
            if frames is None:
                raise ValueError("the tail is endless with these parameters: give tail in seconds")
            return int(frames)
        raise ValueError(f"tail = {tail!r} is neither 'cut' nor 'auto' nor a number of seconds")
    if not isinstance(tail, numbers.Real) or isinstance(tail, bool):
        raise TypeError(f"tail must be 'cut', 'auto' or seconds, not {type(tail).__name__}")
    seconds = float(tail)
    if not 0 <= seconds < 1e9:
        raise ValueError(f"tail = {seconds:g} is not a number of seconds from 0 up")
    return math.floor(seconds * sample_rate + 0.5)
