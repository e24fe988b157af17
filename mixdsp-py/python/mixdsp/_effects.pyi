"""One class per processor of the catalogue. Written by `make generate`; do not edit."""

from collections.abc import Sequence
from typing import Any, Literal, Union

from ._effect import Effect as Effect, Param, Place, Unit
from ._record import Record

class Processor(Record, Effect):
    """An effect whose parameters stand in a table."""

    def _units(self, prefix: str = "") -> list[Unit]: ...
    def _place(self, name: str) -> Place: ...
    def _readings(self) -> dict[str, Place]: ...
    def _listens(self) -> bool: ...
    @property
    def params(self) -> dict[str, Param]:
        """Every parameter by name: unit, range, default, present value and what it does."""
    def to_dict(self) -> dict[str, Any]:
        """Everything that makes the effect, as plain values that JSON can hold."""

class Gain(Processor):
    """Changes the level, turns the polarity, or silences.

    Parameters
    ----------
    gain_db : float, -96 to 24 dB, default 0.0
        Change of level.
    invert : bool, default False
        Turns the polarity round.
    mute : bool, default False
        Silences the output.
    """

    def __init__(
        self,
        gain_db: float = 0.0,
        invert: bool = False,
        mute: bool = False,
    ) -> None: ...
    @property
    def gain_db(self) -> float:
        """Change of level. (float, -96 to 24 dB, default 0.0)"""
    @gain_db.setter
    def gain_db(self, value: float) -> None: ...
    @property
    def invert(self) -> bool:
        """Turns the polarity round. (bool, default False)"""
    @invert.setter
    def invert(self, value: bool) -> None: ...
    @property
    def mute(self) -> bool:
        """Silences the output. (bool, default False)"""
    @mute.setter
    def mute(self, value: bool) -> None: ...

class Equalizer(Processor):
    """Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz.

    Parameters
    ----------
    bands : list of Equalizer.Band, at most 64, default ()
        In series.
    """

    class Band(Record):
        """One of the bands of :class:`Equalizer`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", default "bell"
            What the band does.
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000.0
            Centre of a bell, middle of a shelf's slope, corner of a pass.
        gain_db : float, -24 to 24 dB, default 0.0
            Gain of a bell or a shelf; passes have none.
        q : float, 0.1 to 40, default 0.7071067811865476
            Narrowness of a bell, steepness of a shelf, resonance of a pass.
        """

        def __init__(
            self,
            enabled: bool = True,
            kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"] = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
        ) -> None: ...
        @property
        def enabled(self) -> bool:
            """Whether the band works. (bool, default True)"""
        @enabled.setter
        def enabled(self, value: bool) -> None: ...
        @property
        def kind(self) -> Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"]:
            """What the band does. (str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", default "bell")"""
        @kind.setter
        def kind(self, value: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass"]) -> None: ...
        @property
        def frequency_hz(self) -> float:
            """Centre of a bell, middle of a shelf's slope, corner of a pass. (float, 10 to 20000 Hz, below half the sample rate, default 1000.0)"""
        @frequency_hz.setter
        def frequency_hz(self, value: float) -> None: ...
        @property
        def gain_db(self) -> float:
            """Gain of a bell or a shelf; passes have none. (float, -24 to 24 dB, default 0.0)"""
        @gain_db.setter
        def gain_db(self, value: float) -> None: ...
        @property
        def q(self) -> float:
            """Narrowness of a bell, steepness of a shelf, resonance of a pass. (float, 0.1 to 40, default 0.7071067811865476)"""
        @q.setter
        def q(self, value: float) -> None: ...

    def __init__(
        self,
        bands: Union[Equalizer.Band, Sequence[Union[Equalizer.Band, Sequence[Equalizer.Band], dict[str, Any]]]] = (),
    ) -> None: ...
    @property
    def bands(self) -> list[Equalizer.Band]:
        """In series. (list of Equalizer.Band, at most 64, default ())"""
    @bands.setter
    def bands(self, value: Union[Equalizer.Band, Sequence[Union[Equalizer.Band, Sequence[Equalizer.Band], dict[str, Any]]]]) -> None: ...

__all__ = [
    "Gain",
    "Equalizer",
]
