"""The signal processing of mixing and mastering, on numpy arrays.

>>> import mixdsp as mx
>>> eq = mx.Equalizer([mx.highpass(30), mx.bell(320, -2.5, q=1.2)])
>>> y = eq(x, sample_rate)                              # doctest: +SKIP

Arrays are ``(samples,)``, ``(channels, samples)`` or ``(..., channels, samples)``; pass ``axis=0`` for
``(samples, channels)``. float32 in gives float32 out, float64 gives float64.
"""

import sys as _sys
from typing import TYPE_CHECKING

from ._later import names_of as _names_of

# Names that stand twice in a line are passed on: so type checkers take it. The classes of the processors come by the
# star, so that a new one needs no line here.
from ._mixdsp import __version__ as __version__
from ._mixdsp import simd_level as simd_level
from .engine import Band as Band
from .engine import Bands as Bands
from .engine import Chain as Chain
from .engine import Delta as Delta
from .engine import Effect as Effect
from .engine import LeftRight as LeftRight
from .engine import MidSide as MidSide
from .engine import Oversampled as Oversampled
from .engine import Parallel as Parallel
from .engine import Param as Param
from .engine import Processed as Processed
from .engine import Stream as Stream
from .engine import bandpass as bandpass
from .engine import bell as bell
from .engine import high_shelf as high_shelf
from .engine import highpass as highpass
from .engine import low_shelf as low_shelf
from .engine import lowpass as lowpass
from .engine import multiband_compressor as multiband_compressor
from .engine import notch as notch
from .engine import tilt as tilt
from .engine._processors import *  # noqa: F403

if TYPE_CHECKING:
    from . import engine as engine
    from . import files as files
    from . import mastering as mastering
    from . import plot as plot
    from .engine import Acoustics as Acoustics
    from .engine import Alignment as Alignment
    from .engine import BandAlignment as BandAlignment
    from .engine import Bus as Bus
    from .engine import ChannelLoudness as ChannelLoudness
    from .engine import Clip as Clip
    from .engine import Group as Group
    from .engine import Loudness as Loudness
    from .engine import LoudnessMeter as LoudnessMeter
    from .engine import Mixer as Mixer
    from .engine import Send as Send
    from .engine import Track as Track
    from .engine import acoustics as acoustics
    from .engine import align as align
    from .engine import impulse_response as impulse_response
    from .engine import sweep as sweep
    from .engine import sweep_response as sweep_response
    from .files import Blocks as Blocks
    from .files import Broadcast as Broadcast
    from .files import FileInfo as FileInfo
    from .files import Writer as Writer
    from .files import blocks as blocks
    from .files import info as info
    from .files import r128_tags as r128_tags
    from .files import read as read
    from .files import replaygain as replaygain
    from .files import resample as resample
    from .files import tag_loudness as tag_loudness
    from .files import write as write
    from .files import write_tags as write_tags
    from .files import writer as writer
    from .mastering import CODECS as CODECS
    from .mastering import DESTINATIONS as DESTINATIONS
    from .mastering import TARGETS as TARGETS
    from .mastering import Album as Album
    from .mastering import AlbumTrack as AlbumTrack
    from .mastering import Codec as Codec
    from .mastering import Coded as Coded
    from .mastering import Comparison as Comparison
    from .mastering import Delivered as Delivered
    from .mastering import Destination as Destination
    from .mastering import Limited as Limited
    from .mastering import LimitingWarning as LimitingWarning
    from .mastering import Made as Made
    from .mastering import MadeTrack as MadeTrack
    from .mastering import MixedStem as MixedStem
    from .mastering import Report as Report
    from .mastering import RoughMix as RoughMix
    from .mastering import Target as Target
    from .mastering import TooMuchLimiting as TooMuchLimiting
    from .mastering import album as album
    from .mastering import codecs as codecs
    from .mastering import deliver as deliver
    from .mastering import encode as encode
    from .mastering import compare as compare
    from .mastering import limit_offline as limit_offline
    from .mastering import loudness as loudness
    from .mastering import master as master
    from .mastering import match_tone as match_tone
    from .mastering import meter_of as meter_of
    from .mastering import normalize as normalize
    from .mastering import rough_mix as rough_mix
else:
    _LATER = {
        "engine": (
            "Acoustics",
            "Alignment",
            "BandAlignment",
            "Bus",
            "ChannelLoudness",
            "Clip",
            "Group",
            "Loudness",
            "LoudnessMeter",
            "Mixer",
            "Send",
            "Track",
            "acoustics",
            "align",
            "impulse_response",
            "sweep",
            "sweep_response",
        ),
        "files": (
            *("Blocks", "Broadcast", "FileInfo", "Writer", "blocks", "info", "r128_tags", "read", "replaygain"),
            *("resample", "tag_loudness", "write", "write_tags", "writer"),
        ),
        "mastering": (
            "CODECS",
            "DESTINATIONS",
            "TARGETS",
            "Album",
            "AlbumTrack",
            "Codec",
            "Coded",
            "Comparison",
            "Delivered",
            "Destination",
            "Limited",
            "LimitingWarning",
            "Made",
            "MadeTrack",
            "MixedStem",
            "Report",
            "RoughMix",
            "Target",
            "TooMuchLimiting",
            "album",
            "codecs",
            "deliver",
            "encode",
            "compare",
            "limit_offline",
            "loudness",
            "master",
            "match_tone",
            "meter_of",
            "normalize",
            "rough_mix",
        ),
        "plot": (),
        # What pickles of 0.1 make meters with.
        "engine._meter": ("_restored",),
    }
    __getattr__, __dir__ = _names_of(__name__, _LATER)

# Pickles of 0.1 name the modules in which things stood then. All of those things are here.
_OLD_HOMES = ("_chain", "_delivery", "_effect", "_files", "_master", "_meter", "_mixer", "_targets")
_sys.modules.update({f"{__name__}.{home}": _sys.modules[__name__] for home in _OLD_HOMES})
