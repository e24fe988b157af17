"""Effects, chains of them, streams, the mixer, and the loudness meter."""

from typing import TYPE_CHECKING

from .._later import names_of as _names_of

# The classes of the processors come by the star, so that a new one needs no line here.
from ._bands import Band as Band
from ._bands import bandpass as bandpass
from ._bands import bell as bell
from ._bands import high_shelf as high_shelf
from ._bands import highpass as highpass
from ._bands import low_shelf as low_shelf
from ._bands import lowpass as lowpass
from ._bands import notch as notch
from ._bands import tilt as tilt
from ._call import Processed as Processed
from ._chain import Chain as Chain
from ._effect import Effect as Effect
from ._join import Bands as Bands
from ._join import Delta as Delta
from ._join import LeftRight as LeftRight
from ._join import MidSide as MidSide
from ._join import Oversampled as Oversampled
from ._join import Parallel as Parallel
from ._multiband import multiband_compressor as multiband_compressor
from ._parameters import Param as Param
from ._processors import *  # noqa: F403
from ._stream import Stream as Stream

if TYPE_CHECKING:
    from ._alignment import Alignment as Alignment
    from ._alignment import BandAlignment as BandAlignment
    from ._alignment import align as align
    from ._meter import ChannelLoudness as ChannelLoudness
    from ._meter import Loudness as Loudness
    from ._meter import LoudnessMeter as LoudnessMeter
    from ._mixer import Group as Group
    from ._mixer import Mixer as Mixer
    from ._rooms import Acoustics as Acoustics
    from ._rooms import acoustics as acoustics
    from ._rooms import impulse_response as impulse_response
    from ._rooms import sweep as sweep
    from ._rooms import sweep_response as sweep_response
    from ._strip import Bus as Bus
    from ._strip import Clip as Clip
    from ._strip import Send as Send
    from ._strip import Track as Track
else:
    _LATER = {
        "_alignment": ("Alignment", "BandAlignment", "align"),
        "_meter": ("ChannelLoudness", "Loudness", "LoudnessMeter"),
        "_mixer": ("Group", "Mixer"),
        "_rooms": ("Acoustics", "acoustics", "impulse_response", "sweep", "sweep_response"),
        "_strip": ("Bus", "Clip", "Send", "Track"),
    }
    __getattr__, __dir__ = _names_of(__name__, _LATER)
