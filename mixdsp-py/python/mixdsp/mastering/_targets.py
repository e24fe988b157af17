"""What platforms and standards ask for: dated data, each with its source."""

from __future__ import annotations

import difflib
from typing import NamedTuple, Optional

from .. import _mixdsp


class Target(NamedTuple):
    """A loudness target."""

    #: As written in code and on the command line.
    key: str
    #: As shown to people.
    name: str
    #: Integrated loudness in LUFS.
    lufs: float
    #: How far a delivery may be off, in LU.
    tolerance_lu: float
    #: Highest true peak in dBTP.
    true_peak_db: float
    #: Highest short-term loudness in LUFS, where there is one.
    short_term_max_lufs: Optional[float]
    #: What happens to a master that is not there: ``down_only``, ``up_to_peak`` (up as far as its true peak
    #: allows), ``up_with_limiter`` (all the way, by its own limiter), ``delivery`` (nothing: it has to be there).
    playback: str
    #: Whether the platform or standard says so itself; others report it.
    official: bool
    #: When it was looked up: year and month.
    as_of: str
    #: Where.
    source: str

    def gain_db(self, lufs: float, true_peak_db: float) -> float:
        """By how many decibels the platform changes the level of a master of this loudness and true peak."""
        return _mixdsp.playback_gain_db(self.key, lufs, true_peak_db) or 0.0


#: Every target by its key.
TARGETS: dict[str, Target] = {each["key"]: Target(**each) for each in _mixdsp.targets()}


def find(key: object) -> Target:
    """The target of a key."""
    if isinstance(key, Target):
        return key
    if not isinstance(key, str):
        raise TypeError(f"target must be a name, not {type(key).__name__}")
    found = TARGETS.get(key)
    if found is None:
        near = difflib.get_close_matches(key.lower(), TARGETS, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"target = {key!r} is not one of {', '.join(TARGETS)}{hint}")
    return found
