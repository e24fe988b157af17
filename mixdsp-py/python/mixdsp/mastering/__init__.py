"""From a mix to a delivery: loudness, targets, limiting, tone."""

from ._compare import Comparison as Comparison
from ._compare import compare as compare
from ._delivery import LimitingWarning as LimitingWarning
from ._delivery import Report as Report
from ._delivery import TooMuchLimiting as TooMuchLimiting
from ._limiting import Limited as Limited
from ._limiting import limit_offline as limit_offline
from ._loudness import loudness as loudness
from ._loudness import meter_of as meter_of
from ._master import Delivered as Delivered
from ._master import master as master
from ._master import normalize as normalize
from ._rough import MixedStem as MixedStem
from ._rough import RoughMix as RoughMix
from ._rough import rough_mix as rough_mix
from ._targets import TARGETS as TARGETS
from ._targets import Target as Target
from ._tone import match_tone as match_tone
