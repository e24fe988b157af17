"""The signal processing of mixing and mastering, on numpy arrays.

>>> import mixdsp as mx
>>> eq = mx.Equalizer([mx.highpass(30), mx.bell(320, -2.5, q=1.2)])
>>> y = eq(x, sample_rate)                              # doctest: +SKIP

Arrays are ``(samples,)``, ``(channels, samples)`` or ``(..., channels, samples)``; pass ``axis=0`` for
``(samples, channels)``. float32 in gives float32 out, float64 gives float64.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

# The classes of the catalogue come by the star, so that a new one needs no line here; the rest is named
# twice, which is how type checkers know what a package passes on.
from ._bands import Band as Band
from ._bands import bell as bell
from ._bands import high_shelf as high_shelf
from ._bands import highpass as highpass
from ._bands import low_shelf as low_shelf
from ._bands import lowpass as lowpass
from ._chain import Chain as Chain
from ._delivery import Report as Report
from ._effect import Effect as Effect
from ._effect import Param as Param
from ._effect import Processed as Processed
from ._effects import *  # noqa: F403
from ._files import Blocks as Blocks
from ._files import FileInfo as FileInfo
from ._files import Writer as Writer
from ._files import blocks as blocks
from ._files import info as info
from ._files import read as read
from ._files import write as write
from ._files import writer as writer
from ._loudness import loudness as loudness
from ._loudness import meter_of as meter_of
from ._master import Delivered as Delivered
from ._master import master as master
from ._master import normalize as normalize
from ._meter import ChannelLoudness as ChannelLoudness
from ._meter import Loudness as Loudness
from ._meter import LoudnessMeter as LoudnessMeter
from ._mixdsp import __version__ as __version__
from ._mixdsp import simd_level as simd_level
from ._mixer import Bus as Bus
from ._mixer import Mixer as Mixer
from ._mixer import Send as Send
from ._mixer import Track as Track
from ._resample import resample as resample
from ._stream import Stream as Stream
from ._targets import TARGETS as TARGETS
from ._targets import Target as Target

if TYPE_CHECKING:
    from . import plot as plot


def __getattr__(name: str) -> Any:
    # Where matplotlib is not needed it is not looked for.
    if name == "plot":
        return importlib.import_module("mixdsp.plot")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
