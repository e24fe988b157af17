"""pedalboard's names for what mixdsp has, so that its scripts run after changing one import::

    from mixdsp.compat.pedalboard import Pedalboard, Compressor, Gain, Reverb

:data:`DIFFERENCES` tells where the two differ on purpose, :data:`MISSING` what is not there. All calls give float32,
as pedalboard's do.
"""

from typing import Any

from ..._nearest import nearest
from . import io as io
from ._containers import Chain as Chain
from ._containers import Mix as Mix
from ._containers import Pedalboard as Pedalboard
from ._containers import PluginContainer as PluginContainer
from ._containers import process as process
from ._differences import DIFFERENCES as DIFFERENCES
from ._differences import MISSING as MISSING
from ._effects import BrickwallLimiter as BrickwallLimiter
from ._effects import Clipping as Clipping
from ._effects import Compressor as Compressor
from ._effects import Convolution as Convolution
from ._effects import Delay as Delay
from ._effects import Distortion as Distortion
from ._effects import Gain as Gain
from ._effects import HighpassFilter as HighpassFilter
from ._effects import HighShelfFilter as HighShelfFilter
from ._effects import Invert as Invert
from ._effects import Limiter as Limiter
from ._effects import LowpassFilter as LowpassFilter
from ._effects import LowShelfFilter as LowShelfFilter
from ._effects import NoiseGate as NoiseGate
from ._effects import PeakFilter as PeakFilter
from ._effects import Reverb as Reverb
from ._plugin import Plugin as Plugin


def __getattr__(name: str) -> Any:
    if name in MISSING:
        raise AttributeError(f"mixdsp.compat.pedalboard has no {name} yet: {MISSING[name]}")
    near = "" if name.startswith("_") else nearest(name, globals())
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}{near}")
