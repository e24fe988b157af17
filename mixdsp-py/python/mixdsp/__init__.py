"""The signal processing of mixing and mastering, on numpy arrays.

>>> import mixdsp as mx
>>> eq = mx.Equalizer([mx.highpass(30), mx.bell(320, -2.5, q=1.2)])
>>> y = eq(x, sample_rate)                              # doctest: +SKIP

Arrays are ``(samples,)``, ``(channels, samples)`` or ``(..., channels, samples)``; pass ``axis=0`` for
``(samples, channels)``. float32 in gives float32 out, float64 gives float64.
"""

from ._bands import Band, bell, high_shelf, highpass, low_shelf, lowpass
from ._chain import Chain
from ._effect import Effect, Param, Processed
from ._effects import *  # noqa: F403
from ._effects import __all__ as _effects
from ._mixdsp import __version__, simd_level
from ._stream import Stream

__all__ = [
    "Band",
    "Chain",
    "Effect",
    "Param",
    "Processed",
    "Stream",
    "__version__",
    "bell",
    "high_shelf",
    "highpass",
    "low_shelf",
    "lowpass",
    "simd_level",
]
__all__ += _effects
