"""One class per processor of the catalogue. Written by `make generate`; do not edit."""

from collections.abc import Sequence
from typing import Any, Literal, Optional, Union

from ._effect import Effect as Effect, Param, Place, Unit
from ._record import GroupField, Record
from ._rows import Row

class Processor(Record, Effect):
    """An effect whose parameters stand in a table."""

    _rows: list[Row]
    _groups: list[GroupField]
    _config: list[Row]
    _reading_rows: list[Row]

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
    """Shapes tone by bands that follow the analogue curve up to 20 kHz.

    Parameters
    ----------
    bands : list of Equalizer.Band, at most 64, default ()
        In series.
    steepest_slope : int, 6, 12, 18, 24, 36, 48, 72, 96, default 48
        The steepest slope that a band may have; each 12 dB per octave take memory.
    """

    class Band(Record):
        """One of the bands of :class:`Equalizer`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt", default "bell"
            What the band does.
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000.0
            Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.
        gain_db : float, -24 to 24 dB, default 0.0
            Gain of a bell, shelf or tilt; the others have none.
        q : float, 0.1 to 40, default 0.7071067811865476
            Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.
        slope_db_per_octave : int, 6, 12, 18, 24, 36, 48, 72, 96, default 12
            How fast a pass falls; 6 makes an all-pass one of first order, the others have none.
        shelf_by : str, "q", "slope", default "q"
            What says how steep a shelf is.
        shelf_slope : float, 0.1 to 1, default 1.0
            Steepness of a shelf by slope: 1 is the steepest without overshoot.
        placement : str, "all", "left", "right", "mid", "side", default "all"
            What the band works on; anything but all needs a unit of two channels.
        proportional_q : bool, default False
            Whether a bell grows narrower with its gain: `q` then holds at 12 dB.
        """

        def __init__(
            self,
            enabled: bool = True,
            kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"] = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
            slope_db_per_octave: Literal[6, 12, 18, 24, 36, 48, 72, 96] = 12,
            shelf_by: Literal["q", "slope"] = "q",
            shelf_slope: float = 1.0,
            placement: Literal["all", "left", "right", "mid", "side"] = "all",
            proportional_q: bool = False,
        ) -> None: ...
        @property
        def enabled(self) -> bool:
            """Whether the band works. (bool, default True)"""
        @enabled.setter
        def enabled(self, value: bool) -> None: ...
        @property
        def kind(self) -> Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"]:
            """What the band does. (str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt", default "bell")"""
        @kind.setter
        def kind(self, value: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"]) -> None: ...
        @property
        def frequency_hz(self) -> float:
            """Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. (float, 10 to 20000 Hz, below half the sample rate, default 1000.0)"""
        @frequency_hz.setter
        def frequency_hz(self, value: float) -> None: ...
        @property
        def gain_db(self) -> float:
            """Gain of a bell, shelf or tilt; the others have none. (float, -24 to 24 dB, default 0.0)"""
        @gain_db.setter
        def gain_db(self, value: float) -> None: ...
        @property
        def q(self) -> float:
            """Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. (float, 0.1 to 40, default 0.7071067811865476)"""
        @q.setter
        def q(self, value: float) -> None: ...
        @property
        def slope_db_per_octave(self) -> Literal[6, 12, 18, 24, 36, 48, 72, 96]:
            """How fast a pass falls; 6 makes an all-pass one of first order, the others have none. (int, 6, 12, 18, 24, 36, 48, 72, 96, default 12)"""
        @slope_db_per_octave.setter
        def slope_db_per_octave(self, value: Literal[6, 12, 18, 24, 36, 48, 72, 96]) -> None: ...
        @property
        def shelf_by(self) -> Literal["q", "slope"]:
            """What says how steep a shelf is. (str, "q", "slope", default "q")"""
        @shelf_by.setter
        def shelf_by(self, value: Literal["q", "slope"]) -> None: ...
        @property
        def shelf_slope(self) -> float:
            """Steepness of a shelf by slope: 1 is the steepest without overshoot. (float, 0.1 to 1, default 1.0)"""
        @shelf_slope.setter
        def shelf_slope(self, value: float) -> None: ...
        @property
        def placement(self) -> Literal["all", "left", "right", "mid", "side"]:
            """What the band works on; anything but all needs a unit of two channels. (str, "all", "left", "right", "mid", "side", default "all")"""
        @placement.setter
        def placement(self, value: Literal["all", "left", "right", "mid", "side"]) -> None: ...
        @property
        def proportional_q(self) -> bool:
            """Whether a bell grows narrower with its gain: `q` then holds at 12 dB. (bool, default False)"""
        @proportional_q.setter
        def proportional_q(self, value: bool) -> None: ...

    def __init__(
        self,
        bands: Union[Equalizer.Band, Sequence[Union[Equalizer.Band, Sequence[Equalizer.Band], dict[str, Any]]]] = (),
        *,
        steepest_slope: Literal[6, 12, 18, 24, 36, 48, 72, 96] = 48,
    ) -> None: ...
    @property
    def bands(self) -> list[Equalizer.Band]:
        """In series. (list of Equalizer.Band, at most 64, default ())"""
    @bands.setter
    def bands(self, value: Union[Equalizer.Band, Sequence[Union[Equalizer.Band, Sequence[Equalizer.Band], dict[str, Any]]]]) -> None: ...
    @property
    def steepest_slope(self) -> Literal[6, 12, 18, 24, 36, 48, 72, 96]:
        """The steepest slope that a band may have; each 12 dB per octave take memory. (int, 6, 12, 18, 24, 36, 48, 72, 96, default 48)"""
    @steepest_slope.setter
    def steepest_slope(self, value: Literal[6, 12, 18, 24, 36, 48, 72, 96]) -> None: ...

class DynamicEqualizer(Processor):
    """Bells and shelves whose gain changes with the level in them.

    Parameters
    ----------
    bands : list of DynamicEqualizer.Band, at most 32, default ()
        In series.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.
    """

    class Band(Record):
        """One of the bands of :class:`DynamicEqualizer`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : str, "bell", "low_shelf", "high_shelf", default "bell"
            What the band does.
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000.0
            Centre of a bell, middle of a shelf's slope.
        gain_db : float, -24 to 24 dB, default 0.0
            Gain at levels below the threshold.
        q : float, 0.1 to 40, default 0.7071067811865476
            Narrowness of a bell and of what it listens to, steepness of a shelf.
        threshold_db : float, -80 to 0 dB, default -24.0
            Level in the band, as a sine's peak, above which the gain changes.
        ratio : float, 1 to 1000, default 4.0
            How many decibels above the threshold leave one, before the range ends it.
        range_db : float, -24 to 24 dB, default 0.0
            Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing.
        attack_ms : float, 0 to 250 ms, default 10.0
            Time constant of the change; 0 is instant.
        release_ms : float, 1 to 5000 ms, default 100.0
            Time constant of coming back.
        key : str, "own", "external", default "own"
            What the band listens to.
        """

        def __init__(
            self,
            enabled: bool = True,
            kind: Literal["bell", "low_shelf", "high_shelf"] = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
            threshold_db: float = -24.0,
            ratio: float = 4.0,
            range_db: float = 0.0,
            attack_ms: float = 10.0,
            release_ms: float = 100.0,
            key: Literal["own", "external"] = "own",
        ) -> None: ...
        @property
        def enabled(self) -> bool:
            """Whether the band works. (bool, default True)"""
        @enabled.setter
        def enabled(self, value: bool) -> None: ...
        @property
        def kind(self) -> Literal["bell", "low_shelf", "high_shelf"]:
            """What the band does. (str, "bell", "low_shelf", "high_shelf", default "bell")"""
        @kind.setter
        def kind(self, value: Literal["bell", "low_shelf", "high_shelf"]) -> None: ...
        @property
        def frequency_hz(self) -> float:
            """Centre of a bell, middle of a shelf's slope. (float, 10 to 20000 Hz, below half the sample rate, default 1000.0)"""
        @frequency_hz.setter
        def frequency_hz(self, value: float) -> None: ...
        @property
        def gain_db(self) -> float:
            """Gain at levels below the threshold. (float, -24 to 24 dB, default 0.0)"""
        @gain_db.setter
        def gain_db(self, value: float) -> None: ...
        @property
        def q(self) -> float:
            """Narrowness of a bell and of what it listens to, steepness of a shelf. (float, 0.1 to 40, default 0.7071067811865476)"""
        @q.setter
        def q(self, value: float) -> None: ...
        @property
        def threshold_db(self) -> float:
            """Level in the band, as a sine's peak, above which the gain changes. (float, -80 to 0 dB, default -24.0)"""
        @threshold_db.setter
        def threshold_db(self, value: float) -> None: ...
        @property
        def ratio(self) -> float:
            """How many decibels above the threshold leave one, before the range ends it. (float, 1 to 1000, default 4.0)"""
        @ratio.setter
        def ratio(self, value: float) -> None: ...
        @property
        def range_db(self) -> float:
            """Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing. (float, -24 to 24 dB, default 0.0)"""
        @range_db.setter
        def range_db(self, value: float) -> None: ...
        @property
        def attack_ms(self) -> float:
            """Time constant of the change; 0 is instant. (float, 0 to 250 ms, default 10.0)"""
        @attack_ms.setter
        def attack_ms(self, value: float) -> None: ...
        @property
        def release_ms(self) -> float:
            """Time constant of coming back. (float, 1 to 5000 ms, default 100.0)"""
        @release_ms.setter
        def release_ms(self, value: float) -> None: ...
        @property
        def key(self) -> Literal["own", "external"]:
            """What the band listens to. (str, "own", "external", default "own")"""
        @key.setter
        def key(self, value: Literal["own", "external"]) -> None: ...

    def __init__(
        self,
        bands: Union[DynamicEqualizer.Band, Sequence[Union[DynamicEqualizer.Band, Sequence[DynamicEqualizer.Band], dict[str, Any]]]] = (),
        *,
        key: Optional[str] = None,
    ) -> None: ...
    @property
    def bands(self) -> list[DynamicEqualizer.Band]:
        """In series. (list of DynamicEqualizer.Band, at most 32, default ())"""
    @bands.setter
    def bands(self, value: Union[DynamicEqualizer.Band, Sequence[Union[DynamicEqualizer.Band, Sequence[DynamicEqualizer.Band], dict[str, Any]]]]) -> None: ...
    @property
    def key(self) -> Optional[str]:
        """The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead. (str, default None)"""
    @key.setter
    def key(self, value: Optional[str]) -> None: ...

class Crossover(Processor):
    """Cuts audio into bands that come out separately and add up flat.

    Parameters
    ----------
    splits : list of Crossover.Split, at most 5, default ()
        In series.
    slope_db_per_octave : int, 12, 24, 48, default 24
        How fast the bands fall beyond their splits.
    """

    class Split(Record):
        """One of the splits of :class:`Crossover`.

        Parameters
        ----------
        frequency_hz : float, 20 to 20000 Hz, below half the sample rate, default 200.0
            Where the band below ends and the band above begins: both are 6 dB down.
        """

        def __init__(
            self,
            frequency_hz: float = 200.0,
        ) -> None: ...
        @property
        def frequency_hz(self) -> float:
            """Where the band below ends and the band above begins: both are 6 dB down. (float, 20 to 20000 Hz, below half the sample rate, default 200.0)"""
        @frequency_hz.setter
        def frequency_hz(self, value: float) -> None: ...

    def __init__(
        self,
        splits: Union[Crossover.Split, Sequence[Union[Crossover.Split, Sequence[Crossover.Split], dict[str, Any]]]] = (),
        *,
        slope_db_per_octave: Literal[12, 24, 48] = 24,
    ) -> None: ...
    @property
    def splits(self) -> list[Crossover.Split]:
        """In series. (list of Crossover.Split, at most 5, default ())"""
    @splits.setter
    def splits(self, value: Union[Crossover.Split, Sequence[Union[Crossover.Split, Sequence[Crossover.Split], dict[str, Any]]]]) -> None: ...
    @property
    def slope_db_per_octave(self) -> Literal[12, 24, 48]:
        """How fast the bands fall beyond their splits. (int, 12, 24, 48, default 24)"""
    @slope_db_per_octave.setter
    def slope_db_per_octave(self, value: Literal[12, 24, 48]) -> None: ...

class LinearPhase(Processor):
    """Shapes tone like the equalizer, with all or the higher bands in linear phase.

    Parameters
    ----------
    bands : list of LinearPhase.Band, at most 64, default ()
        In series.
    bandwidth_hz : float, 2 to 2000 Hz, default 25.0
        The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency.
    minimum_phase_below_hz : float, 0 to 20000 Hz, default 0.0
        Bands at lower frequencies run with their natural phase and without latency.
    steepest_slope : int, 6, 12, 18, 24, 36, 48, 72, 96, default 48
        The steepest slope that a band may have; each 12 dB per octave take memory.
    """

    class Band(Record):
        """One of the bands of :class:`LinearPhase`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt", default "bell"
            What the band does.
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000.0
            Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.
        gain_db : float, -24 to 24 dB, default 0.0
            Gain of a bell, shelf or tilt; the others have none.
        q : float, 0.1 to 40, default 0.7071067811865476
            Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.
        slope_db_per_octave : int, 6, 12, 18, 24, 36, 48, 72, 96, default 12
            How fast a pass falls; 6 makes an all-pass one of first order, the others have none.
        shelf_by : str, "q", "slope", default "q"
            What says how steep a shelf is.
        shelf_slope : float, 0.1 to 1, default 1.0
            Steepness of a shelf by slope: 1 is the steepest without overshoot.
        placement : str, "all", "left", "right", "mid", "side", default "all"
            What the band works on; anything but all needs a unit of two channels.
        proportional_q : bool, default False
            Whether a bell grows narrower with its gain: `q` then holds at 12 dB.
        """

        def __init__(
            self,
            enabled: bool = True,
            kind: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"] = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
            slope_db_per_octave: Literal[6, 12, 18, 24, 36, 48, 72, 96] = 12,
            shelf_by: Literal["q", "slope"] = "q",
            shelf_slope: float = 1.0,
            placement: Literal["all", "left", "right", "mid", "side"] = "all",
            proportional_q: bool = False,
        ) -> None: ...
        @property
        def enabled(self) -> bool:
            """Whether the band works. (bool, default True)"""
        @enabled.setter
        def enabled(self, value: bool) -> None: ...
        @property
        def kind(self) -> Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"]:
            """What the band does. (str, "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt", default "bell")"""
        @kind.setter
        def kind(self, value: Literal["bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"]) -> None: ...
        @property
        def frequency_hz(self) -> float:
            """Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. (float, 10 to 20000 Hz, below half the sample rate, default 1000.0)"""
        @frequency_hz.setter
        def frequency_hz(self, value: float) -> None: ...
        @property
        def gain_db(self) -> float:
            """Gain of a bell, shelf or tilt; the others have none. (float, -24 to 24 dB, default 0.0)"""
        @gain_db.setter
        def gain_db(self, value: float) -> None: ...
        @property
        def q(self) -> float:
            """Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. (float, 0.1 to 40, default 0.7071067811865476)"""
        @q.setter
        def q(self, value: float) -> None: ...
        @property
        def slope_db_per_octave(self) -> Literal[6, 12, 18, 24, 36, 48, 72, 96]:
            """How fast a pass falls; 6 makes an all-pass one of first order, the others have none. (int, 6, 12, 18, 24, 36, 48, 72, 96, default 12)"""
        @slope_db_per_octave.setter
        def slope_db_per_octave(self, value: Literal[6, 12, 18, 24, 36, 48, 72, 96]) -> None: ...
        @property
        def shelf_by(self) -> Literal["q", "slope"]:
            """What says how steep a shelf is. (str, "q", "slope", default "q")"""
        @shelf_by.setter
        def shelf_by(self, value: Literal["q", "slope"]) -> None: ...
        @property
        def shelf_slope(self) -> float:
            """Steepness of a shelf by slope: 1 is the steepest without overshoot. (float, 0.1 to 1, default 1.0)"""
        @shelf_slope.setter
        def shelf_slope(self, value: float) -> None: ...
        @property
        def placement(self) -> Literal["all", "left", "right", "mid", "side"]:
            """What the band works on; anything but all needs a unit of two channels. (str, "all", "left", "right", "mid", "side", default "all")"""
        @placement.setter
        def placement(self, value: Literal["all", "left", "right", "mid", "side"]) -> None: ...
        @property
        def proportional_q(self) -> bool:
            """Whether a bell grows narrower with its gain: `q` then holds at 12 dB. (bool, default False)"""
        @proportional_q.setter
        def proportional_q(self, value: bool) -> None: ...

    def __init__(
        self,
        bands: Union[LinearPhase.Band, Sequence[Union[LinearPhase.Band, Sequence[LinearPhase.Band], dict[str, Any]]]] = (),
        *,
        bandwidth_hz: float = 25.0,
        minimum_phase_below_hz: float = 0.0,
        steepest_slope: Literal[6, 12, 18, 24, 36, 48, 72, 96] = 48,
    ) -> None: ...
    @property
    def bands(self) -> list[LinearPhase.Band]:
        """In series. (list of LinearPhase.Band, at most 64, default ())"""
    @bands.setter
    def bands(self, value: Union[LinearPhase.Band, Sequence[Union[LinearPhase.Band, Sequence[LinearPhase.Band], dict[str, Any]]]]) -> None: ...
    @property
    def bandwidth_hz(self) -> float:
        """The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency. (float, 2 to 2000 Hz, default 25.0)"""
    @bandwidth_hz.setter
    def bandwidth_hz(self, value: float) -> None: ...
    @property
    def minimum_phase_below_hz(self) -> float:
        """Bands at lower frequencies run with their natural phase and without latency. (float, 0 to 20000 Hz, default 0.0)"""
    @minimum_phase_below_hz.setter
    def minimum_phase_below_hz(self, value: float) -> None: ...
    @property
    def steepest_slope(self) -> Literal[6, 12, 18, 24, 36, 48, 72, 96]:
        """The steepest slope that a band may have; each 12 dB per octave take memory. (int, 6, 12, 18, 24, 36, 48, 72, 96, default 48)"""
    @steepest_slope.setter
    def steepest_slope(self, value: Literal[6, 12, 18, 24, 36, 48, 72, 96]) -> None: ...

class OnePoleLowPass(Processor):
    """Takes away above a frequency, gently: 6 dB per octave.

    Parameters
    ----------
    frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000.0
        Corner, where the level has fallen by 3 dB.
    """

    def __init__(
        self,
        frequency_hz: float = 1000.0,
    ) -> None: ...
    @property
    def frequency_hz(self) -> float:
        """Corner, where the level has fallen by 3 dB. (float, 10 to 20000 Hz, below half the sample rate, default 1000.0)"""
    @frequency_hz.setter
    def frequency_hz(self, value: float) -> None: ...

class Compressor(Processor):
    """Turns down what is louder than a threshold.

    Parameters
    ----------
    threshold_db : float, -80 to 0 dB, default -18.0
        Level above which it works.
    ratio : float, 1 to 1000, default 4.0
        How many decibels in make one out, above the threshold.
    knee_db : float, 0 to 36 dB, default 6.0
        Width of the bend around the threshold.
    attack_ms : float, 0 to 250 ms, default 10.0
        Time constant of going down; 0 is instant.
    release_ms : float, 1 to 5000 ms, default 100.0
        Time constant of coming back.
    makeup_db : float, -24 to 24 dB, default 0.0
        Gain after compression.
    mix : float, 0 to 1, default 1.0
        Share of the compressed sound; the rest is dry.
    link : float, 0 to 1, default 1.0
        1 turns all channels down alike, 0 each by itself.
    detector : str, "peak", "peak_hold", default "peak_hold"
        What counts as level.
    lookahead_ms : float, 0 to 50 ms, default 0.0
        How far it looks ahead; this is its latency.
    hold_ms : float, 0 to 50 ms, default 12.5
        How long the detector holds: half a wave of the lowest bass.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.
    """

    def __init__(
        self,
        threshold_db: float = -18.0,
        ratio: float = 4.0,
        knee_db: float = 6.0,
        attack_ms: float = 10.0,
        release_ms: float = 100.0,
        makeup_db: float = 0.0,
        mix: float = 1.0,
        link: float = 1.0,
        detector: Literal["peak", "peak_hold"] = "peak_hold",
        *,
        lookahead_ms: float = 0.0,
        hold_ms: float = 12.5,
        key: Optional[str] = None,
    ) -> None: ...
    @property
    def threshold_db(self) -> float:
        """Level above which it works. (float, -80 to 0 dB, default -18.0)"""
    @threshold_db.setter
    def threshold_db(self, value: float) -> None: ...
    @property
    def ratio(self) -> float:
        """How many decibels in make one out, above the threshold. (float, 1 to 1000, default 4.0)"""
    @ratio.setter
    def ratio(self, value: float) -> None: ...
    @property
    def knee_db(self) -> float:
        """Width of the bend around the threshold. (float, 0 to 36 dB, default 6.0)"""
    @knee_db.setter
    def knee_db(self, value: float) -> None: ...
    @property
    def attack_ms(self) -> float:
        """Time constant of going down; 0 is instant. (float, 0 to 250 ms, default 10.0)"""
    @attack_ms.setter
    def attack_ms(self, value: float) -> None: ...
    @property
    def release_ms(self) -> float:
        """Time constant of coming back. (float, 1 to 5000 ms, default 100.0)"""
    @release_ms.setter
    def release_ms(self, value: float) -> None: ...
    @property
    def makeup_db(self) -> float:
        """Gain after compression. (float, -24 to 24 dB, default 0.0)"""
    @makeup_db.setter
    def makeup_db(self, value: float) -> None: ...
    @property
    def mix(self) -> float:
        """Share of the compressed sound; the rest is dry. (float, 0 to 1, default 1.0)"""
    @mix.setter
    def mix(self, value: float) -> None: ...
    @property
    def link(self) -> float:
        """1 turns all channels down alike, 0 each by itself. (float, 0 to 1, default 1.0)"""
    @link.setter
    def link(self, value: float) -> None: ...
    @property
    def detector(self) -> Literal["peak", "peak_hold"]:
        """What counts as level. (str, "peak", "peak_hold", default "peak_hold")"""
    @detector.setter
    def detector(self, value: Literal["peak", "peak_hold"]) -> None: ...
    @property
    def lookahead_ms(self) -> float:
        """How far it looks ahead; this is its latency. (float, 0 to 50 ms, default 0.0)"""
    @lookahead_ms.setter
    def lookahead_ms(self, value: float) -> None: ...
    @property
    def hold_ms(self) -> float:
        """How long the detector holds: half a wave of the lowest bass. (float, 0 to 50 ms, default 12.5)"""
    @hold_ms.setter
    def hold_ms(self, value: float) -> None: ...
    @property
    def key(self) -> Optional[str]:
        """The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead. (str, default None)"""
    @key.setter
    def key(self, value: Optional[str]) -> None: ...

class Limiter(Processor):
    """Keeps the output under a ceiling that holds on every common true-peak meter.

    Parameters
    ----------
    ceiling_db : float, -40 to 0 dB, default -1.0
        What the output stays under.
    input_gain_db : float, -24 to 36 dB, default 0.0
        Gain before the limiter: the drive.
    release_ms : float, 1 to 1000 ms, default 20.0
        Time constant of the release.
    slow_release_ms : float, 50 to 3000 ms, default 300.0
        Time constant of the average towards which the release is fast, and beyond which it is slow.
    adaptive : float, 0 to 1, default 0.5
        How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and slow after sustained reduction.
    low_frequency_weight : float, 0 to 1.5, default 1.15
        Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks ask for, at most by twice as many decibels.
    low_frequency_hz : float, 100 to 1000 Hz, below half the sample rate, default 400.0
        Below this, frequencies are low.
    link : float, 0 to 1, default 1.0
        With separate gains: 1 reduces all channels alike, 0 each on its own.
    lookahead_ms : float, 0.5 to 20 ms, default 5.0
        How far ahead the gain begins to fall; the strongest cure for distorted bass.
    true_peak : bool, default True
        Holds what lies between the samples too; 36 frames of latency.
    hold_ms : float, 0 to 50 ms, default 0.0
        How long a reduction is held before it is released.
    low_frequency_hold_ms : float, 0 to 50 ms, default 13.0
        The same for reduction that low frequencies ask for; 0 for none.
    separate : bool, default False
        Gives each channel a gain of its own, which `link` ties together.
    verify : bool, default False
        Measures the output by the detector's kernels, for the overshoot readings.
    """

    def __init__(
        self,
        ceiling_db: float = -1.0,
        input_gain_db: float = 0.0,
        release_ms: float = 20.0,
        slow_release_ms: float = 300.0,
        adaptive: float = 0.5,
        low_frequency_weight: float = 1.15,
        low_frequency_hz: float = 400.0,
        link: float = 1.0,
        *,
        lookahead_ms: float = 5.0,
        true_peak: bool = True,
        hold_ms: float = 0.0,
        low_frequency_hold_ms: float = 13.0,
        separate: bool = False,
        verify: bool = False,
    ) -> None: ...
    @property
    def ceiling_db(self) -> float:
        """What the output stays under. (float, -40 to 0 dB, default -1.0)"""
    @ceiling_db.setter
    def ceiling_db(self, value: float) -> None: ...
    @property
    def input_gain_db(self) -> float:
        """Gain before the limiter: the drive. (float, -24 to 36 dB, default 0.0)"""
    @input_gain_db.setter
    def input_gain_db(self, value: float) -> None: ...
    @property
    def release_ms(self) -> float:
        """Time constant of the release. (float, 1 to 1000 ms, default 20.0)"""
    @release_ms.setter
    def release_ms(self, value: float) -> None: ...
    @property
    def slow_release_ms(self) -> float:
        """Time constant of the average towards which the release is fast, and beyond which it is slow. (float, 50 to 3000 ms, default 300.0)"""
    @slow_release_ms.setter
    def slow_release_ms(self, value: float) -> None: ...
    @property
    def adaptive(self) -> float:
        """How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and slow after sustained reduction. (float, 0 to 1, default 0.5)"""
    @adaptive.setter
    def adaptive(self, value: float) -> None: ...
    @property
    def low_frequency_weight(self) -> float:
        """Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks ask for, at most by twice as many decibels. (float, 0 to 1.5, default 1.15)"""
    @low_frequency_weight.setter
    def low_frequency_weight(self, value: float) -> None: ...
    @property
    def low_frequency_hz(self) -> float:
        """Below this, frequencies are low. (float, 100 to 1000 Hz, below half the sample rate, default 400.0)"""
    @low_frequency_hz.setter
    def low_frequency_hz(self, value: float) -> None: ...
    @property
    def link(self) -> float:
        """With separate gains: 1 reduces all channels alike, 0 each on its own. (float, 0 to 1, default 1.0)"""
    @link.setter
    def link(self, value: float) -> None: ...
    @property
    def lookahead_ms(self) -> float:
        """How far ahead the gain begins to fall; the strongest cure for distorted bass. (float, 0.5 to 20 ms, default 5.0)"""
    @lookahead_ms.setter
    def lookahead_ms(self, value: float) -> None: ...
    @property
    def true_peak(self) -> bool:
        """Holds what lies between the samples too; 36 frames of latency. (bool, default True)"""
    @true_peak.setter
    def true_peak(self, value: bool) -> None: ...
    @property
    def hold_ms(self) -> float:
        """How long a reduction is held before it is released. (float, 0 to 50 ms, default 0.0)"""
    @hold_ms.setter
    def hold_ms(self, value: float) -> None: ...
    @property
    def low_frequency_hold_ms(self) -> float:
        """The same for reduction that low frequencies ask for; 0 for none. (float, 0 to 50 ms, default 13.0)"""
    @low_frequency_hold_ms.setter
    def low_frequency_hold_ms(self, value: float) -> None: ...
    @property
    def separate(self) -> bool:
        """Gives each channel a gain of its own, which `link` ties together. (bool, default False)"""
    @separate.setter
    def separate(self, value: bool) -> None: ...
    @property
    def verify(self) -> bool:
        """Measures the output by the detector's kernels, for the overshoot readings. (bool, default False)"""
    @verify.setter
    def verify(self, value: bool) -> None: ...

class Meter(Processor):
    """Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.

    Parameters
    ----------
    paused : bool, default False
        Holds everything but momentary and short-term loudness; windows across the pause do not count.
    speakers : list of Meter.Speaker, at most 24, default ()
        In series.
    layout : str, "auto", "mono", "dual_mono", "stereo", "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4", "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom", default "auto"
        Where the loudspeakers stand, and so what each channel weighs.
    measure_loudness : bool, default True
        Momentary and short-term loudness; integrated loudness and range bring them too.
    measure_integrated : bool, default True
        Integrated loudness.
    measure_range : bool, default True
        Loudness range.
    true_peak_kernel : str, "off", "itu", "fine", default "fine"
        True peak, and which kernel looks for it.
    measure_statistics : bool, default True
        Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness.
    """

    class Speaker(Record):
        """One of the speakers of :class:`Meter`.

        Parameters
        ----------
        azimuth_deg : float, -180 to 180 °, default 0.0
            To the left positive: 0 is in front, 110 a left surround.
        elevation_deg : float, -90 to 90 °, default 0.0
            Above ear height positive.
        low_frequency_effects : bool, default False
            Low-frequency effects: does not count.
        """

        def __init__(
            self,
            azimuth_deg: float = 0.0,
            elevation_deg: float = 0.0,
            low_frequency_effects: bool = False,
        ) -> None: ...
        @property
        def azimuth_deg(self) -> float:
            """To the left positive: 0 is in front, 110 a left surround. (float, -180 to 180 °, default 0.0)"""
        @azimuth_deg.setter
        def azimuth_deg(self, value: float) -> None: ...
        @property
        def elevation_deg(self) -> float:
            """Above ear height positive. (float, -90 to 90 °, default 0.0)"""
        @elevation_deg.setter
        def elevation_deg(self, value: float) -> None: ...
        @property
        def low_frequency_effects(self) -> bool:
            """Low-frequency effects: does not count. (bool, default False)"""
        @low_frequency_effects.setter
        def low_frequency_effects(self, value: bool) -> None: ...

    def __init__(
        self,
        paused: bool = False,
        speakers: Union[Meter.Speaker, Sequence[Union[Meter.Speaker, Sequence[Meter.Speaker], dict[str, Any]]]] = (),
        *,
        layout: Literal["auto", "mono", "dual_mono", "stereo", "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4", "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom"] = "auto",
        measure_loudness: bool = True,
        measure_integrated: bool = True,
        measure_range: bool = True,
        true_peak_kernel: Literal["off", "itu", "fine"] = "fine",
        measure_statistics: bool = True,
    ) -> None: ...
    @property
    def paused(self) -> bool:
        """Holds everything but momentary and short-term loudness; windows across the pause do not count. (bool, default False)"""
    @paused.setter
    def paused(self, value: bool) -> None: ...
    @property
    def speakers(self) -> list[Meter.Speaker]:
        """In series. (list of Meter.Speaker, at most 24, default ())"""
    @speakers.setter
    def speakers(self, value: Union[Meter.Speaker, Sequence[Union[Meter.Speaker, Sequence[Meter.Speaker], dict[str, Any]]]]) -> None: ...
    @property
    def layout(self) -> Literal["auto", "mono", "dual_mono", "stereo", "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4", "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom"]:
        """Where the loudspeakers stand, and so what each channel weighs. (str, "auto", "mono", "dual_mono", "stereo", "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4", "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom", default "auto")"""
    @layout.setter
    def layout(self, value: Literal["auto", "mono", "dual_mono", "stereo", "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4", "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom"]) -> None: ...
    @property
    def measure_loudness(self) -> bool:
        """Momentary and short-term loudness; integrated loudness and range bring them too. (bool, default True)"""
    @measure_loudness.setter
    def measure_loudness(self, value: bool) -> None: ...
    @property
    def measure_integrated(self) -> bool:
        """Integrated loudness. (bool, default True)"""
    @measure_integrated.setter
    def measure_integrated(self, value: bool) -> None: ...
    @property
    def measure_range(self) -> bool:
        """Loudness range. (bool, default True)"""
    @measure_range.setter
    def measure_range(self, value: bool) -> None: ...
    @property
    def true_peak_kernel(self) -> Literal["off", "itu", "fine"]:
        """True peak, and which kernel looks for it. (str, "off", "itu", "fine", default "fine")"""
    @true_peak_kernel.setter
    def true_peak_kernel(self, value: Literal["off", "itu", "fine"]) -> None: ...
    @property
    def measure_statistics(self) -> bool:
        """Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness. (bool, default True)"""
    @measure_statistics.setter
    def measure_statistics(self, value: bool) -> None: ...

class LevelMeter(Processor):
    """Measures peak and RMS with ballistics and peak hold.

    Parameters
    ----------
    attack_ms : float, 0 to 100 ms, default 0.0
        Time constant with which the peak rises; 0 reads every sample in full.
    fall_db_per_second : float, 1 to 1000 dB/s, default 11.8
        How fast the peak falls.
    hold_seconds : float, 0 to 60 s, default 1.0
        How long the held peak stays before it falls.
    average_ms : float, 1 to 10000 ms, default 77.0
        Time constant of the mean square.
    """

    def __init__(
        self,
        attack_ms: float = 0.0,
        fall_db_per_second: float = 11.8,
        hold_seconds: float = 1.0,
        average_ms: float = 77.0,
    ) -> None: ...
    @property
    def attack_ms(self) -> float:
        """Time constant with which the peak rises; 0 reads every sample in full. (float, 0 to 100 ms, default 0.0)"""
    @attack_ms.setter
    def attack_ms(self, value: float) -> None: ...
    @property
    def fall_db_per_second(self) -> float:
        """How fast the peak falls. (float, 1 to 1000 dB/s, default 11.8)"""
    @fall_db_per_second.setter
    def fall_db_per_second(self, value: float) -> None: ...
    @property
    def hold_seconds(self) -> float:
        """How long the held peak stays before it falls. (float, 0 to 60 s, default 1.0)"""
    @hold_seconds.setter
    def hold_seconds(self, value: float) -> None: ...
    @property
    def average_ms(self) -> float:
        """Time constant of the mean square. (float, 1 to 10000 ms, default 77.0)"""
    @average_ms.setter
    def average_ms(self, value: float) -> None: ...

class CorrelationMeter(Processor):
    """Measures how alike left and right are, and which is louder.

    Parameters
    ----------
    average_ms : float, 10 to 10000 ms, default 300.0
        Time constant of the averages.
    """

    def __init__(
        self,
        average_ms: float = 300.0,
    ) -> None: ...
    @property
    def average_ms(self) -> float:
        """Time constant of the averages. (float, 10 to 10000 ms, default 300.0)"""
    @average_ms.setter
    def average_ms(self, value: float) -> None: ...

class Delay(Processor):
    """Repeats what was heard after a time, ever softer.

    Parameters
    ----------
    time_ms : float, 1 to 60000 ms, default 500.0
        Time to the first echo, and between echoes; at least 16 frames, at most what was built for.
    feedback : float, 0 to 0.999, default 0.4
        Level of each echo against the one before, as an amplitude factor.
    mix : float, 0 to 1, default 0.3
        Share of the echoes in the output; the rest is the dry sound.
    ping_pong : bool, default False
        Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with two channels only.
    low_cut : bool, default False
        Whether each echo loses lows against the one before.
    low_cut_hz : float, 20 to 2000 Hz, below half the sample rate, default 150.0
        Where the low cut begins: -3 dB per echo, 12 dB per octave.
    high_cut : bool, default False
        Whether each echo loses highs against the one before.
    high_cut_hz : float, 200 to 20000 Hz, below half the sample rate, default 3500.0
        Where the high cut begins: -3 dB per echo, 12 dB per octave.
    sync : str, "off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted", "whole_triplet", default "off"
        A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits.
    tempo_bpm : float, 20 to 400 bpm, default 120.0
        Quarter notes per minute, for `sync`.
    freeze : bool, default False
        Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames.
    maximum_seconds : float, 0.001 to 60 s, default 2.0
        The longest time that can be set; at least 16 frames are kept.
    """

    def __init__(
        self,
        time_ms: float = 500.0,
        feedback: float = 0.4,
        mix: float = 0.3,
        ping_pong: bool = False,
        low_cut: bool = False,
        low_cut_hz: float = 150.0,
        high_cut: bool = False,
        high_cut_hz: float = 3500.0,
        sync: Literal["off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted", "whole_triplet"] = "off",
        tempo_bpm: float = 120.0,
        freeze: bool = False,
        *,
        maximum_seconds: float = 2.0,
    ) -> None: ...
    @property
    def time_ms(self) -> float:
        """Time to the first echo, and between echoes; at least 16 frames, at most what was built for. (float, 1 to 60000 ms, default 500.0)"""
    @time_ms.setter
    def time_ms(self, value: float) -> None: ...
    @property
    def feedback(self) -> float:
        """Level of each echo against the one before, as an amplitude factor. (float, 0 to 0.999, default 0.4)"""
    @feedback.setter
    def feedback(self, value: float) -> None: ...
    @property
    def mix(self) -> float:
        """Share of the echoes in the output; the rest is the dry sound. (float, 0 to 1, default 0.3)"""
    @mix.setter
    def mix(self, value: float) -> None: ...
    @property
    def ping_pong(self) -> bool:
        """Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with two channels only. (bool, default False)"""
    @ping_pong.setter
    def ping_pong(self, value: bool) -> None: ...
    @property
    def low_cut(self) -> bool:
        """Whether each echo loses lows against the one before. (bool, default False)"""
    @low_cut.setter
    def low_cut(self, value: bool) -> None: ...
    @property
    def low_cut_hz(self) -> float:
        """Where the low cut begins: -3 dB per echo, 12 dB per octave. (float, 20 to 2000 Hz, below half the sample rate, default 150.0)"""
    @low_cut_hz.setter
    def low_cut_hz(self, value: float) -> None: ...
    @property
    def high_cut(self) -> bool:
        """Whether each echo loses highs against the one before. (bool, default False)"""
    @high_cut.setter
    def high_cut(self, value: bool) -> None: ...
    @property
    def high_cut_hz(self) -> float:
        """Where the high cut begins: -3 dB per echo, 12 dB per octave. (float, 200 to 20000 Hz, below half the sample rate, default 3500.0)"""
    @high_cut_hz.setter
    def high_cut_hz(self, value: float) -> None: ...
    @property
    def sync(self) -> Literal["off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted", "whole_triplet"]:
        """A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits. (str, "off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted", "whole_triplet", default "off")"""
    @sync.setter
    def sync(self, value: Literal["off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted", "whole_triplet"]) -> None: ...
    @property
    def tempo_bpm(self) -> float:
        """Quarter notes per minute, for `sync`. (float, 20 to 400 bpm, default 120.0)"""
    @tempo_bpm.setter
    def tempo_bpm(self, value: float) -> None: ...
    @property
    def freeze(self) -> bool:
        """Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames. (bool, default False)"""
    @freeze.setter
    def freeze(self, value: bool) -> None: ...
    @property
    def maximum_seconds(self) -> float:
        """The longest time that can be set; at least 16 frames are kept. (float, 0.001 to 60 s, default 2.0)"""
    @maximum_seconds.setter
    def maximum_seconds(self, value: float) -> None: ...

class Reverb(Processor):
    """Adds a room whose decay is what it says at every frequency.

    Parameters
    ----------
    decay_seconds : float, 0.1 to 30 s, default 1.8
        Time in which the middle frequencies lose 60 dB.
    bass_ratio : float, 0.25 to 4, default 1.1
        Decay of the bass as a factor of the middle's.
    treble_ratio : float, 0.1 to 2, default 0.5
        Decay of the treble as a factor of the middle's.
    bass_hz : float, 40 to 1000 Hz, default 250.0
        Frequency below which the bass ratio holds.
    treble_hz : float, 1000 to 16000 Hz, default 4000.0
        Frequency above which the treble ratio holds.
    mix : float, 0 to 1, default 0.3
        Share of the reverb; the rest is dry.
    width : float, 0 to 1, default 1.0
        Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.
    modulation : float, 0 to 1, default 1.0
        How far the swinging lines swing.
    freeze : bool, default False
        Holds what sounds for ever and lets nothing new in.
    size : float, 0.5 to 2, default 1.0
        Size of the room: factor of the network's delays of 30 to 70 ms.
    pre_delay_ms : float, 0 to 500 ms, default 10.0
        Time before the reverb begins.
    """

    def __init__(
        self,
        decay_seconds: float = 1.8,
        bass_ratio: float = 1.1,
        treble_ratio: float = 0.5,
        bass_hz: float = 250.0,
        treble_hz: float = 4000.0,
        mix: float = 0.3,
        width: float = 1.0,
        modulation: float = 1.0,
        freeze: bool = False,
        *,
        size: float = 1.0,
        pre_delay_ms: float = 10.0,
    ) -> None: ...
    @property
    def decay_seconds(self) -> float:
        """Time in which the middle frequencies lose 60 dB. (float, 0.1 to 30 s, default 1.8)"""
    @decay_seconds.setter
    def decay_seconds(self, value: float) -> None: ...
    @property
    def bass_ratio(self) -> float:
        """Decay of the bass as a factor of the middle's. (float, 0.25 to 4, default 1.1)"""
    @bass_ratio.setter
    def bass_ratio(self, value: float) -> None: ...
    @property
    def treble_ratio(self) -> float:
        """Decay of the treble as a factor of the middle's. (float, 0.1 to 2, default 0.5)"""
    @treble_ratio.setter
    def treble_ratio(self, value: float) -> None: ...
    @property
    def bass_hz(self) -> float:
        """Frequency below which the bass ratio holds. (float, 40 to 1000 Hz, default 250.0)"""
    @bass_hz.setter
    def bass_hz(self, value: float) -> None: ...
    @property
    def treble_hz(self) -> float:
        """Frequency above which the treble ratio holds. (float, 1000 to 16000 Hz, default 4000.0)"""
    @treble_hz.setter
    def treble_hz(self, value: float) -> None: ...
    @property
    def mix(self) -> float:
        """Share of the reverb; the rest is dry. (float, 0 to 1, default 0.3)"""
    @mix.setter
    def mix(self, value: float) -> None: ...
    @property
    def width(self) -> float:
        """Width of the reverb: 0 is mono, 1 is two channels that have nothing in common. (float, 0 to 1, default 1.0)"""
    @width.setter
    def width(self, value: float) -> None: ...
    @property
    def modulation(self) -> float:
        """How far the swinging lines swing. (float, 0 to 1, default 1.0)"""
    @modulation.setter
    def modulation(self, value: float) -> None: ...
    @property
    def freeze(self) -> bool:
        """Holds what sounds for ever and lets nothing new in. (bool, default False)"""
    @freeze.setter
    def freeze(self, value: bool) -> None: ...
    @property
    def size(self) -> float:
        """Size of the room: factor of the network's delays of 30 to 70 ms. (float, 0.5 to 2, default 1.0)"""
    @size.setter
    def size(self, value: float) -> None: ...
    @property
    def pre_delay_ms(self) -> float:
        """Time before the reverb begins. (float, 0 to 500 ms, default 10.0)"""
    @pre_delay_ms.setter
    def pre_delay_ms(self, value: float) -> None: ...

class Pan(Processor):
    """Places a mono sound between left and right, or balances a stereo one.

    Parameters
    ----------
    pan : float, -1 to 1, default 0.0
        From -1, left, over 0, centre, to 1, right.
    law : str, "constant_power", "compromise", "constant_sum", default "constant_power"
        How far each side falls in the centre.
    """

    def __init__(
        self,
        pan: float = 0.0,
        law: Literal["constant_power", "compromise", "constant_sum"] = "constant_power",
    ) -> None: ...
    @property
    def pan(self) -> float:
        """From -1, left, over 0, centre, to 1, right. (float, -1 to 1, default 0.0)"""
    @pan.setter
    def pan(self, value: float) -> None: ...
    @property
    def law(self) -> Literal["constant_power", "compromise", "constant_sum"]:
        """How far each side falls in the centre. (str, "constant_power", "compromise", "constant_sum", default "constant_power")"""
    @law.setter
    def law(self, value: Literal["constant_power", "compromise", "constant_sum"]) -> None: ...

class Width(Processor):
    """Makes a stereo sound narrower or wider.

    Parameters
    ----------
    width : float, 0 to 2, default 1.0
        Factor of the side: 0 is mono, 1 leaves the sound as it is.
    """

    def __init__(
        self,
        width: float = 1.0,
    ) -> None: ...
    @property
    def width(self) -> float:
        """Factor of the side: 0 is mono, 1 leaves the sound as it is. (float, 0 to 2, default 1.0)"""
    @width.setter
    def width(self, value: float) -> None: ...

class MidSide(Processor):
    """Turns left and right into mid and side, or back.

    Parameters
    ----------
    direction : str, "encode", "decode", default "encode"
        Which way.
    """

    def __init__(
        self,
        direction: Literal["encode", "decode"] = "encode",
    ) -> None: ...
    @property
    def direction(self) -> Literal["encode", "decode"]:
        """Which way. (str, "encode", "decode", default "encode")"""
    @direction.setter
    def direction(self, value: Literal["encode", "decode"]) -> None: ...

class Align(Processor):
    """Makes a path wait by whole frames, so that it meets a slower one.

    Parameters
    ----------
    frames : int, 0 to 1000000 frames, default 0
        How long the path waits.
    """

    def __init__(
        self,
        *,
        frames: int = 0,
    ) -> None: ...
    @property
    def frames(self) -> int:
        """How long the path waits. (int, 0 to 1000000 frames, default 0)"""
    @frames.setter
    def frames(self, value: int) -> None: ...

class Dither(Processor):
    """Quantises to the bits of a delivery with triangular noise.

    Parameters
    ----------
    bits : int, 8 to 24 bit, default 16
        Bits of the delivery.
    seed : int, 0 to 65535, default 0
        Which of the possible noises.
    """

    def __init__(
        self,
        *,
        bits: int = 16,
        seed: int = 0,
    ) -> None: ...
    @property
    def bits(self) -> int:
        """Bits of the delivery. (int, 8 to 24 bit, default 16)"""
    @bits.setter
    def bits(self, value: int) -> None: ...
    @property
    def seed(self) -> int:
        """Which of the possible noises. (int, 0 to 65535, default 0)"""
    @seed.setter
    def seed(self, value: int) -> None: ...

__all__ = [
    "Gain",
    "Equalizer",
    "DynamicEqualizer",
    "Crossover",
    "LinearPhase",
    "OnePoleLowPass",
    "Compressor",
    "Limiter",
    "Meter",
    "LevelMeter",
    "CorrelationMeter",
    "Delay",
    "Reverb",
    "Pan",
    "Width",
    "MidSide",
    "Align",
    "Dither",
]
