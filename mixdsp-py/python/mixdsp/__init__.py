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
from ._effect import Effect as Effect
from ._effect import Param as Param
from ._effect import Processed as Processed
from ._effects import *  # noqa: F403
from ._mixdsp import __version__ as __version__
from ._mixdsp import simd_level as simd_level
from ._stream import Stream as Stream

if TYPE_CHECKING:
    from ._delivery import LimitingWarning as LimitingWarning
    from ._delivery import Report as Report
    from ._delivery import TooMuchLimiting as TooMuchLimiting
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
    from ._mixer import Bus as Bus
    from ._mixer import Mixer as Mixer
    from ._mixer import Send as Send
    from ._mixer import Track as Track
    from ._resample import resample as resample
    from ._targets import TARGETS as TARGETS
    from ._targets import Target as Target
    from ._tone import match_tone as match_tone
    from . import plot as plot

# Imported when they are first asked for, so that effects alone are there at once.
_LATER: dict[str, str] = {
    "LimitingWarning": "_delivery",
    "Report": "_delivery",
    "TooMuchLimiting": "_delivery",
    "Blocks": "_files",
    "FileInfo": "_files",
    "Writer": "_files",
    "blocks": "_files",
    "info": "_files",
    "read": "_files",
    "write": "_files",
    "writer": "_files",
    "loudness": "_loudness",
    "meter_of": "_loudness",
    "Delivered": "_master",
    "master": "_master",
    "normalize": "_master",
    "ChannelLoudness": "_meter",
    "Loudness": "_meter",
    "LoudnessMeter": "_meter",
    "Bus": "_mixer",
    "Mixer": "_mixer",
    "Send": "_mixer",
    "Track": "_mixer",
    "resample": "_resample",
    "TARGETS": "_targets",
    "Target": "_targets",
    "match_tone": "_tone",
}


def __getattr__(name: str) -> Any:
    if name == "plot":
        return importlib.import_module("mixdsp.plot")
    if name in _LATER:
        found = getattr(importlib.import_module(f"mixdsp.{_LATER[name]}"), name)
        globals()[name] = found
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER, "plot"})
