"""One class per processor of the catalogue. Written by `make generate`; do not edit."""

# Annotations are evaluated here, so that `inspect.signature` shows types and no texts.
from typing import Literal, Optional

from ._asset import Audio, AudioOf
from ._parameters import Choice, Items, ItemsOf, Name, Number, Reading, Switch, Whole
from ._processor import Processor, Table
from ._record import Record

__all__ = [
    "Align",
    "Chorus",
    "Clipper",
    "Compressor",
    "ConvolutionReverb",
    "CorrelationMeter",
    "Crossfeed",
    "Crossover",
    "DCBlocker",
    "DeEsser",
    "Decorrelator",
    "Delay",
    "Dither",
    "DualPan",
    "Ducker",
    "DynamicEqualizer",
    "Equalizer",
    "Expander",
    "Fir",
    "Flanger",
    "FoldDown",
    "Gain",
    "Gate",
    "Haas",
    "Imager",
    "LevelMeter",
    "Leveler",
    "Limiter",
    "LinearPhase",
    "Meter",
    "MidSideMatrix",
    "OnePoleLowPass",
    "Pan",
    "Phaser",
    "ResonanceSuppressor",
    "Reverb",
    "Rotation",
    "Saturator",
    "TransientShaper",
    "Tremolo",
    "Vbap",
    "Width",
]


class Gain(Processor):
    """Changes the level, turns the polarity, or silences.

    Parameters
    ----------
    gain_db : float, -96 to 24 dB, default 0
        Change of level.
    invert : bool, default False
        Turns the polarity round.
    mute : bool, default False
        Silences the output.
    """

    __slots__ = ()
    _table = Table(0, "gain")

    gain_db: Number = Number(-96.0, 24.0, "dB", default=0.0, id=0xca1400000001, doc="Change of level.")
    invert: Switch = Switch(default=False, id=0xca1400000002, doc="Turns the polarity round.")
    mute: Switch = Switch(default=False, id=0xca1400000003, doc="Silences the output.")

    def __init__(self, gain_db: float = 0.0, invert: bool = False, mute: bool = False) -> None:
        super().__init__()
        self.gain_db = gain_db
        self.invert = invert
        self.mute = mute


class Equalizer(Processor):
    """Shapes tone by bands that follow the analogue curve up to 20 kHz.

    Parameters
    ----------
    bands : list of Equalizer.Band, at most 64, default ()
        In order.
    steepest_slope : {6, 12, 18, 24, 36, 48, 72, 96}, default 48
        The steepest slope that a band may have; each 12 dB per octave take memory. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(1, "equalizer", config=("bands", "steepest_slope"))

    class Band(Record):
        """One of the bands of :class:`Equalizer`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : str, default "bell"
            What the band does. One of "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch",
            "all_pass", "tilt".
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000
            Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.
        gain_db : float, -24 to 24 dB, default 0
            Gain of a bell, shelf or tilt; the others have none.
        q : float, 0.1 to 40, default 0.7071
            Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.
        slope_db_per_octave : {6, 12, 18, 24, 36, 48, 72, 96}, default 12
            How fast a pass falls; 6 makes an all-pass one of first order, the others have none.
        shelf_by : {"q", "slope"}, default "q"
            What says how steep a shelf is.
        shelf_slope : float, 0.1 to 1, default 1
            Steepness of a shelf by slope: 1 is the steepest without overshoot.
        placement : {"all", "left", "right", "mid", "side"}, default "all"
            What the band works on; anything but all needs a unit of two channels.
        proportional_q : bool, default False
            Whether a bell grows narrower with its gain: `q` then holds at 12 dB.
        """

        __slots__ = ()

        enabled: Switch = Switch(default=True, id=0x231200000001, doc="Whether the band works.")
        _Kind = Literal[
            "bell", "low_shelf", "high_shelf", "high_pass", "low_pass", "band_pass", "notch", "all_pass", "tilt"
        ]
        kind: Choice[_Kind] = Choice(_Kind, default="bell", id=0x231200000002, doc="What the band does.")
        frequency_hz: Number = Number(
            10.0,
            20000.0,
            "Hz",
            default=1000.0,
            id=0x231200000003,
            doc="Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass.",
        )
        gain_db: Number = Number(
            -24.0,
            24.0,
            "dB",
            default=0.0,
            id=0x231200000004,
            doc="Gain of a bell, shelf or tilt; the others have none.",
        )
        q: Number = Number(
            0.1,
            40.0,
            default=0.7071067811865476,
            id=0x231200000005,
            doc="Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass.",
        )
        _SlopeDbPerOctave = Literal[6, 12, 18, 24, 36, 48, 72, 96]
        slope_db_per_octave: Choice[_SlopeDbPerOctave] = Choice(
            _SlopeDbPerOctave,
            default=12,
            id=0x231200000006,
            doc="How fast a pass falls; 6 makes an all-pass one of first order, the others have none.",
        )
        _ShelfBy = Literal["q", "slope"]
        shelf_by: Choice[_ShelfBy] = Choice(
            _ShelfBy, default="q", id=0x231200000007, doc="What says how steep a shelf is."
        )
        shelf_slope: Number = Number(
            0.1,
            1.0,
            default=1.0,
            id=0x231200000008,
            doc="Steepness of a shelf by slope: 1 is the steepest without overshoot.",
        )
        _Placement = Literal["all", "left", "right", "mid", "side"]
        placement: Choice[_Placement] = Choice(
            _Placement,
            default="all",
            id=0x231200000009,
            doc="What the band works on; anything but all needs a unit of two channels.",
        )
        proportional_q: Switch = Switch(
            default=False,
            id=0x23120000000a,
            doc="Whether a bell grows narrower with its gain: `q` then holds at 12 dB.",
        )

        def __init__(
            self,
            enabled: bool = True,
            kind: _Kind = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
            slope_db_per_octave: _SlopeDbPerOctave = 12,
            shelf_by: _ShelfBy = "q",
            shelf_slope: float = 1.0,
            placement: _Placement = "all",
            proportional_q: bool = False,
        ) -> None:
            super().__init__()
            self.enabled = enabled
            self.kind = kind
            self.frequency_hz = frequency_hz
            self.gain_db = gain_db
            self.q = q
            self.slope_db_per_octave = slope_db_per_octave
            self.shelf_by = shelf_by
            self.shelf_slope = shelf_slope
            self.placement = placement
            self.proportional_q = proportional_q

    bands: Items[Band] = Items(Band, 1, 64, doc="In order.")
    _SteepestSlope = Literal[6, 12, 18, 24, 36, 48, 72, 96]
    steepest_slope: Choice[_SteepestSlope] = Choice(
        _SteepestSlope,
        default=48,
        id=0x1db4000003ea,
        fixed=True,
        doc="The steepest slope that a band may have; each 12 dB per octave take memory.",
    )

    def __init__(self, bands: ItemsOf[Band] = (), *, steepest_slope: _SteepestSlope = 48) -> None:
        super().__init__()
        self.bands = bands
        self.steepest_slope = steepest_slope


class DynamicEqualizer(Processor):
    """Bells and shelves whose gain changes with the level in them.

    Parameters
    ----------
    bands : list of DynamicEqualizer.Band, at most 32, default ()
        In order.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    change_db : dB
        Change of a band's gain at the last frame; the id's item is the band.
    """

    __slots__ = ()
    _table = Table(
        2,
        "dynamic_equalizer",
        config=("bands",),
        readings=(
            Reading(
                0x7843000007d1,
                "change_db",
                "dB",
                "Change of a band's gain at the last frame; the id's item is the band.",
            ),
        ),
        takes_sidechain=True,
    )

    class Band(Record):
        """One of the bands of :class:`DynamicEqualizer`.

        Parameters
        ----------
        enabled : bool, default True
            Whether the band works.
        kind : {"bell", "low_shelf", "high_shelf"}, default "bell"
            What the band does.
        frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000
            Centre of a bell, middle of a shelf's slope.
        gain_db : float, -24 to 24 dB, default 0
            Gain at levels below the threshold.
        q : float, 0.1 to 40, default 0.7071
            Narrowness of a bell and of what it listens to, steepness of a shelf.
        threshold_db : float, -80 to 0 dB, default -24
            Level in the band, as a sine's peak, above which the gain changes.
        ratio : float, 1 to 1000, default 4
            How many decibels above the threshold leave one, before the range ends it.
        range_db : float, -24 to 24 dB, default 0
            Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing.
        attack_ms : float, 0 to 250 ms, default 10
            Time constant of the change; 0 is instant.
        release_ms : float, 1 to 5000 ms, default 100
            Time constant of coming back.
        key : {"own", "external"}, default "own"
            What the band listens to.
        """

        __slots__ = ()

        enabled: Switch = Switch(default=True, id=0x2b1f00000001, doc="Whether the band works.")
        _Kind = Literal["bell", "low_shelf", "high_shelf"]
        kind: Choice[_Kind] = Choice(_Kind, default="bell", id=0x2b1f00000002, doc="What the band does.")
        frequency_hz: Number = Number(
            10.0, 20000.0, "Hz", default=1000.0, id=0x2b1f00000003, doc="Centre of a bell, middle of a shelf's slope."
        )
        gain_db: Number = Number(
            -24.0, 24.0, "dB", default=0.0, id=0x2b1f00000004, doc="Gain at levels below the threshold."
        )
        q: Number = Number(
            0.1,
            40.0,
            default=0.7071067811865476,
            id=0x2b1f00000005,
            doc="Narrowness of a bell and of what it listens to, steepness of a shelf.",
        )
        threshold_db: Number = Number(
            -80.0,
            0.0,
            "dB",
            default=-24.0,
            id=0x2b1f00000006,
            doc="Level in the band, as a sine's peak, above which the gain changes.",
        )
        ratio: Number = Number(
            1.0,
            1000.0,
            default=4.0,
            id=0x2b1f00000007,
            doc="How many decibels above the threshold leave one, before the range ends it.",
        )
        range_db: Number = Number(
            -24.0,
            24.0,
            "dB",
            default=0.0,
            id=0x2b1f00000008,
            doc="Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing.",
        )
        attack_ms: Number = Number(
            0.0, 250.0, "ms", default=10.0, id=0x2b1f00000009, doc="Time constant of the change; 0 is instant."
        )
        release_ms: Number = Number(
            1.0, 5000.0, "ms", default=100.0, id=0x2b1f0000000a, doc="Time constant of coming back."
        )
        _Key = Literal["own", "external"]
        key: Choice[_Key] = Choice(_Key, default="own", id=0x2b1f0000000b, doc="What the band listens to.")

        def __init__(
            self,
            enabled: bool = True,
            kind: _Kind = "bell",
            frequency_hz: float = 1000.0,
            gain_db: float = 0.0,
            q: float = 0.7071067811865476,
            threshold_db: float = -24.0,
            ratio: float = 4.0,
            range_db: float = 0.0,
            attack_ms: float = 10.0,
            release_ms: float = 100.0,
            key: _Key = "own",
        ) -> None:
            super().__init__()
            self.enabled = enabled
            self.kind = kind
            self.frequency_hz = frequency_hz
            self.gain_db = gain_db
            self.q = q
            self.threshold_db = threshold_db
            self.ratio = ratio
            self.range_db = range_db
            self.attack_ms = attack_ms
            self.release_ms = release_ms
            self.key = key

    bands: Items[Band] = Items(Band, 1, 32, doc="In order.")
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

    def __init__(self, bands: ItemsOf[Band] = (), *, key: Optional[str] = None) -> None:
        super().__init__()
        self.bands = bands
        self.key = key


class Crossover(Processor):
    """Cuts audio into bands that come out separately and add up flat.

    Parameters
    ----------
    splits : list of Crossover.Split, at most 5, default ()
        In order.
    slope_db_per_octave : {12, 24, 48}, default 24
        How fast the bands fall beyond their splits. Fixed while audio runs.
    phase : {"minimum", "linear"}, default "minimum"
        What the bands do to the phase. Fixed while audio runs.
    lowest_hz : float, 20 to 2000 Hz, below half the sample rate, default 80
        The lowest split that linear phase is built for: the lower, the longer are filters and latency. Fixed while
        audio runs.
    """

    __slots__ = ()
    _table = Table(3, "crossover", config=("splits", "slope_db_per_octave", "phase", "lowest_hz"))

    class Split(Record):
        """One of the splits of :class:`Crossover`.

        Parameters
        ----------
        frequency_hz : float, 20 to 20000 Hz, below half the sample rate, default 200
            Where the band below ends and the band above begins: both are 6 dB down.
        """

        __slots__ = ()

        frequency_hz: Number = Number(
            20.0,
            20000.0,
            "Hz",
            default=200.0,
            id=0x452200000001,
            doc="Where the band below ends and the band above begins: both are 6 dB down.",
        )

        def __init__(self, frequency_hz: float = 200.0) -> None:
            super().__init__()
            self.frequency_hz = frequency_hz

    splits: Items[Split] = Items(Split, 1, 5, doc="In order.")
    _SlopeDbPerOctave = Literal[12, 24, 48]
    slope_db_per_octave: Choice[_SlopeDbPerOctave] = Choice(
        _SlopeDbPerOctave, default=24, id=0x2d89000003ea, fixed=True, doc="How fast the bands fall beyond their splits."
    )
    _Phase = Literal["minimum", "linear"]
    phase: Choice[_Phase] = Choice(
        _Phase, default="minimum", id=0x2d89000003eb, fixed=True, doc="What the bands do to the phase."
    )
    lowest_hz: Number = Number(
        20.0,
        2000.0,
        "Hz",
        default=80.0,
        id=0x2d89000003ec,
        fixed=True,
        doc="The lowest split that linear phase is built for: the lower, the longer are filters and latency.",
    )

    def __init__(
        self,
        splits: ItemsOf[Split] = (),
        *,
        slope_db_per_octave: _SlopeDbPerOctave = 24,
        phase: _Phase = "minimum",
        lowest_hz: float = 80.0,
    ) -> None:
        super().__init__()
        self.splits = splits
        self.slope_db_per_octave = slope_db_per_octave
        self.phase = phase
        self.lowest_hz = lowest_hz


class LinearPhase(Processor):
    """Shapes tone like the equalizer, with all or the higher bands in linear phase.

    Parameters
    ----------
    bands : list of Equalizer.Band, at most 64, default ()
        In order.
    bandwidth_hz : float, 2 to 2000 Hz, default 25
        The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency. Fixed while audio runs.
    minimum_phase_below_hz : float, 0 to 20000 Hz, default 0
        Bands at lower frequencies run with their natural phase and without latency. Fixed while audio runs.
    steepest_slope : {6, 12, 18, 24, 36, 48, 72, 96}, default 48
        The steepest slope that a band may have; each 12 dB per octave take memory. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(4, "linear_phase", config=("bands", "bandwidth_hz", "minimum_phase_below_hz", "steepest_slope"))

    Band = Equalizer.Band

    bands: Items[Equalizer.Band] = Items(Equalizer.Band, 1, 64, doc="In order.")
    bandwidth_hz: Number = Number(
        2.0,
        2000.0,
        "Hz",
        default=25.0,
        id=0x55d3000003ea,
        fixed=True,
        doc="The narrowest bandwidth that is followed to 0.1 dB; it sets length and latency.",
    )
    minimum_phase_below_hz: Number = Number(
        0.0,
        20000.0,
        "Hz",
        default=0.0,
        id=0x55d3000003eb,
        fixed=True,
        doc="Bands at lower frequencies run with their natural phase and without latency.",
    )
    _SteepestSlope = Literal[6, 12, 18, 24, 36, 48, 72, 96]
    steepest_slope: Choice[_SteepestSlope] = Choice(
        _SteepestSlope,
        default=48,
        id=0x55d3000003ec,
        fixed=True,
        doc="The steepest slope that a band may have; each 12 dB per octave take memory.",
    )

    def __init__(
        self,
        bands: ItemsOf[Equalizer.Band] = (),
        *,
        bandwidth_hz: float = 25.0,
        minimum_phase_below_hz: float = 0.0,
        steepest_slope: _SteepestSlope = 48,
    ) -> None:
        super().__init__()
        self.bands = bands
        self.bandwidth_hz = bandwidth_hz
        self.minimum_phase_below_hz = minimum_phase_below_hz
        self.steepest_slope = steepest_slope


class Fir(Processor):
    """Filters all channels by the same taps.

    Parameters
    ----------
    taps : array (samples,) or path, 1 to 2097152 samples
        Impulse response of the filter at the rate of the audio; the same for all channels. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(5, "fir")

    taps: Audio = Audio(
        1, 1, 2097152, doc="Impulse response of the filter at the rate of the audio; the same for all channels."
    )

    def __init__(self, taps: AudioOf) -> None:
        super().__init__()
        self.taps = taps


class OnePoleLowPass(Processor):
    """Takes away above a frequency, gently: 6 dB per octave.

    Parameters
    ----------
    frequency_hz : float, 10 to 20000 Hz, below half the sample rate, default 1000
        Corner, where the level has fallen by 3 dB.
    """

    __slots__ = ()
    _table = Table(6, "one_pole")

    frequency_hz: Number = Number(
        10.0, 20000.0, "Hz", default=1000.0, id=0xe4c900000001, doc="Corner, where the level has fallen by 3 dB."
    )

    def __init__(self, frequency_hz: float = 1000.0) -> None:
        super().__init__()
        self.frequency_hz = frequency_hz


class DCBlocker(Processor):
    """Takes away a constant offset and leaves the bass.

    Parameters
    ----------
    frequency_hz : float, 1 to 40 Hz, below half the sample rate, default 5
        Corner, where the level has fallen by 3 dB.
    """

    __slots__ = ()
    _table = Table(7, "dc_blocker")

    frequency_hz: Number = Number(
        1.0, 40.0, "Hz", default=5.0, id=0x529b00000001, doc="Corner, where the level has fallen by 3 dB."
    )

    def __init__(self, frequency_hz: float = 5.0) -> None:
        super().__init__()
        self.frequency_hz = frequency_hz


class Compressor(Processor):
    """Turns down what is louder than a threshold.

    Parameters
    ----------
    threshold_db : float, -80 to 0 dB, default -18
        Level above which it works; below which, upward.
    ratio : float, 1 to 1000, default 4
        How many decibels in make one out, beyond the threshold.
    knee_db : float, 0 to 36 dB, default 6
        Width of the bend around the threshold.
    attack_ms : float, 0 to 250 ms, default 10
        Time constant of going down; 0 is instant.
    release_ms : float, 1 to 5000 ms, default 100
        Time constant of coming back.
    makeup_db : float, -24 to 24 dB, default 0
        Gain after compression.
    mix : float, 0 to 1, default 1
        Share of the compressed sound; the rest is dry.
    link : float, 0 to 1, default 1
        1 turns all channels down alike, 0 each by itself.
    detector : {"peak", "peak_hold", "rms"}, default "peak_hold"
        What counts as level.
    range_db : float, 0 to 100 dB, default 100
        Most gain reduction.
    direction : {"downward", "upward"}, default "downward"
        Which levels it changes.
    max_boost_db : float, 0 to 40 dB, default 12
        Most gain upward.
    topology : {"feed_forward", "feedback"}, default "feed_forward"
        Whether the detector hears the input or the output; a sidechain is always heard as it is.
    auto_release : bool, default False
        Whether a reduction that has lasted comes back slowly, while short peaks come back by the release.
    slow_release_ms : float, 100 to 20000 ms, default 1500
        Time constant of coming back from a reduction that has lasted, with auto release.
    slow_charge_ms : float, 10 to 10000 ms, default 500
        Time constant by which a reduction counts as lasting, with auto release.
    auto_makeup : {"off", "static", "loudness"}, default "off"
        How make-up gain is found.
    rms_window_ms : float, 0.1 to 1000 ms, default 10
        Time constant of the detector's window, for `rms`.
    listen : bool, default False
        Lets the filtered sidechain be heard in place of the output.
    sidechain_bands : list of Equalizer.Band, at most 8, default ()
        In order.
    lookahead_ms : float, 0 to 50 ms, default 0
        How far it looks ahead; this is its latency. Fixed while audio runs.
    hold_ms : float, 0 to 50 ms, default 12.5
        How long the detector holds: half a wave of the lowest bass. Fixed while audio runs.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    gain_reduction_db : dB
        Largest gain reduction of all channels at the last frame; negative where it raises.

    Presets
    -------
    clean : preset
        As little sound of its own as possible: the default.
    bus_glue : preset
        For a bus: root mean square, 2:1, slow attack, and a release that follows the music.
    opto : preset
        As an optical cell: feedback, a wide knee, and a release that takes the longer the longer it has worked.
    fet : preset
        As a field-effect transistor: feedback, an attack under a millisecond, and a ratio that rises with the level.
    """

    __slots__ = ()
    _table = Table(
        8,
        "compressor",
        config=("lookahead_ms", "hold_ms", "sidechain_bands"),
        readings=(
            Reading(
                0x9428000007d1,
                "gain_reduction_db",
                "dB",
                "Largest gain reduction of all channels at the last frame; negative where it raises.",
            ),
        ),
        takes_sidechain=True,
    )
    _presets = {
        "clean": {},
        "bus_glue": {
            "ratio": 2.0,
            "attack_ms": 30.0,
            "release_ms": 120.0,
            "detector": "rms",
            "auto_release": True,
            "slow_release_ms": 1200.0,
        },
        "opto": {
            "knee_db": 18.0,
            "release_ms": 60.0,
            "detector": "rms",
            "topology": "feedback",
            "auto_release": True,
            "slow_release_ms": 3000.0,
            "slow_charge_ms": 2500.0,
        },
        "fet": {
            "ratio": 8.0,
            "knee_db": 20.0,
            "attack_ms": 0.5,
            "release_ms": 150.0,
            "detector": "peak",
            "topology": "feedback",
        },
    }

    SidechainBand = Equalizer.Band

    threshold_db: Number = Number(
        -80.0, 0.0, "dB", default=-18.0, id=0x60f800000001, doc="Level above which it works; below which, upward."
    )
    ratio: Number = Number(
        1.0, 1000.0, default=4.0, id=0x60f800000002, doc="How many decibels in make one out, beyond the threshold."
    )
    knee_db: Number = Number(
        0.0, 36.0, "dB", default=6.0, id=0x60f800000003, doc="Width of the bend around the threshold."
    )
    attack_ms: Number = Number(
        0.0, 250.0, "ms", default=10.0, id=0x60f800000004, doc="Time constant of going down; 0 is instant."
    )
    release_ms: Number = Number(
        1.0, 5000.0, "ms", default=100.0, id=0x60f800000005, doc="Time constant of coming back."
    )
    makeup_db: Number = Number(-24.0, 24.0, "dB", default=0.0, id=0x60f800000006, doc="Gain after compression.")
    mix: Number = Number(
        0.0, 1.0, default=1.0, id=0x60f800000007, doc="Share of the compressed sound; the rest is dry."
    )
    link: Number = Number(
        0.0, 1.0, default=1.0, id=0x60f800000008, doc="1 turns all channels down alike, 0 each by itself."
    )
    _Detector = Literal["peak", "peak_hold", "rms"]
    detector: Choice[_Detector] = Choice(_Detector, default="peak_hold", id=0x60f800000009, doc="What counts as level.")
    range_db: Number = Number(0.0, 100.0, "dB", default=100.0, id=0x60f80000000a, doc="Most gain reduction.")
    _Direction = Literal["downward", "upward"]
    direction: Choice[_Direction] = Choice(
        _Direction, default="downward", id=0x60f80000000b, doc="Which levels it changes."
    )
    max_boost_db: Number = Number(0.0, 40.0, "dB", default=12.0, id=0x60f80000000c, doc="Most gain upward.")
    _Topology = Literal["feed_forward", "feedback"]
    topology: Choice[_Topology] = Choice(
        _Topology,
        default="feed_forward",
        id=0x60f80000000d,
        doc="Whether the detector hears the input or the output; a sidechain is always heard as it is.",
    )
    auto_release: Switch = Switch(
        default=False,
        id=0x60f80000000e,
        doc="Whether a reduction that has lasted comes back slowly, while short peaks come back by the release.",
    )
    slow_release_ms: Number = Number(
        100.0,
        20000.0,
        "ms",
        default=1500.0,
        id=0x60f80000000f,
        doc="Time constant of coming back from a reduction that has lasted, with auto release.",
    )
    slow_charge_ms: Number = Number(
        10.0,
        10000.0,
        "ms",
        default=500.0,
        id=0x60f800000010,
        doc="Time constant by which a reduction counts as lasting, with auto release.",
    )
    _AutoMakeup = Literal["off", "static", "loudness"]
    auto_makeup: Choice[_AutoMakeup] = Choice(
        _AutoMakeup, default="off", id=0x60f800000011, doc="How make-up gain is found."
    )
    rms_window_ms: Number = Number(
        0.1, 1000.0, "ms", default=10.0, id=0x60f800000012, doc="Time constant of the detector's window, for `rms`."
    )
    listen: Switch = Switch(
        default=False, id=0x60f800000013, doc="Lets the filtered sidechain be heard in place of the output."
    )
    sidechain_bands: Items[Equalizer.Band] = Items(Equalizer.Band, 0, 8, doc="In order.")
    lookahead_ms: Number = Number(
        0.0, 50.0, "ms", default=0.0, id=0x3606000003e9, fixed=True, doc="How far it looks ahead; this is its latency."
    )
    hold_ms: Number = Number(
        0.0,
        50.0,
        "ms",
        default=12.5,
        id=0x3606000003ea,
        fixed=True,
        doc="How long the detector holds: half a wave of the lowest bass.",
    )
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

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
        detector: _Detector = "peak_hold",
        range_db: float = 100.0,
        direction: _Direction = "downward",
        max_boost_db: float = 12.0,
        topology: _Topology = "feed_forward",
        auto_release: bool = False,
        slow_release_ms: float = 1500.0,
        slow_charge_ms: float = 500.0,
        auto_makeup: _AutoMakeup = "off",
        rms_window_ms: float = 10.0,
        listen: bool = False,
        sidechain_bands: ItemsOf[Equalizer.Band] = (),
        *,
        lookahead_ms: float = 0.0,
        hold_ms: float = 12.5,
        key: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.threshold_db = threshold_db
        self.ratio = ratio
        self.knee_db = knee_db
        self.attack_ms = attack_ms
        self.release_ms = release_ms
        self.makeup_db = makeup_db
        self.mix = mix
        self.link = link
        self.detector = detector
        self.range_db = range_db
        self.direction = direction
        self.max_boost_db = max_boost_db
        self.topology = topology
        self.auto_release = auto_release
        self.slow_release_ms = slow_release_ms
        self.slow_charge_ms = slow_charge_ms
        self.auto_makeup = auto_makeup
        self.rms_window_ms = rms_window_ms
        self.listen = listen
        self.sidechain_bands = sidechain_bands
        self.lookahead_ms = lookahead_ms
        self.hold_ms = hold_ms
        self.key = key


class Gate(Processor):
    """Takes away what is softer than a threshold.

    Parameters
    ----------
    threshold_db : float, -80 to 0 dB, default -40
        Level at which it opens.
    hysteresis_db : float, 0 to 24 dB, default 6
        How far under the threshold the level must fall before it closes.
    hold_ms : float, 0 to 2000 ms, default 50
        How long the level must stay there before it closes.
    range_db : float, 0 to 100 dB, default 60
        What it takes away while it is closed.
    attack_ms : float, 0 to 100 ms, default 1
        Time of opening, to 63.2 % of the decibels; 0 is instant.
    release_ms : float, 1 to 5000 ms, default 100
        Time of closing, to 63.2 % of the decibels.
    link : float, 0 to 1, default 1
        Share of what all channels together ask for; at 1 all open and close alike.
    listen : bool, default False
        Lets the filtered sidechain be heard in place of the output.
    sidechain_bands : list of Equalizer.Band, at most 8, default ()
        In order.
    lookahead_ms : float, 0 to 50 ms, default 0
        How far it looks ahead; this is its latency. Fixed while audio runs.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    gain_reduction_db : dB
        Largest gain reduction of all channels at the last frame.
    open : number
        1 while the level of all channels holds it open, 0 while it closes or is closed.
    """

    __slots__ = ()
    _table = Table(
        9,
        "gate",
        config=("lookahead_ms", "sidechain_bands"),
        readings=(
            Reading(
                0x9afe000007d1, "gain_reduction_db", "dB", "Largest gain reduction of all channels at the last frame."
            ),
            Reading(
                0x9afe000007d2,
                "open",
                "",
                "1 while the level of all channels holds it open, 0 while it closes or is closed.",
            ),
        ),
        takes_sidechain=True,
    )

    SidechainBand = Equalizer.Band

    threshold_db: Number = Number(-80.0, 0.0, "dB", default=-40.0, id=0x486b00000001, doc="Level at which it opens.")
    hysteresis_db: Number = Number(
        0.0,
        24.0,
        "dB",
        default=6.0,
        id=0x486b00000002,
        doc="How far under the threshold the level must fall before it closes.",
    )
    hold_ms: Number = Number(
        0.0, 2000.0, "ms", default=50.0, id=0x486b00000003, doc="How long the level must stay there before it closes."
    )
    range_db: Number = Number(
        0.0, 100.0, "dB", default=60.0, id=0x486b00000004, doc="What it takes away while it is closed."
    )
    attack_ms: Number = Number(
        0.0,
        100.0,
        "ms",
        default=1.0,
        id=0x486b00000005,
        doc="Time of opening, to 63.2 % of the decibels; 0 is instant.",
    )
    release_ms: Number = Number(
        1.0, 5000.0, "ms", default=100.0, id=0x486b00000006, doc="Time of closing, to 63.2 % of the decibels."
    )
    link: Number = Number(
        0.0,
        1.0,
        default=1.0,
        id=0x486b00000007,
        doc="Share of what all channels together ask for; at 1 all open and close alike.",
    )
    listen: Switch = Switch(
        default=False, id=0x486b00000008, doc="Lets the filtered sidechain be heard in place of the output."
    )
    sidechain_bands: Items[Equalizer.Band] = Items(Equalizer.Band, 0, 8, doc="In order.")
    lookahead_ms: Number = Number(
        0.0, 50.0, "ms", default=0.0, id=0x81fd000003e9, fixed=True, doc="How far it looks ahead; this is its latency."
    )
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

    def __init__(
        self,
        threshold_db: float = -40.0,
        hysteresis_db: float = 6.0,
        hold_ms: float = 50.0,
        range_db: float = 60.0,
        attack_ms: float = 1.0,
        release_ms: float = 100.0,
        link: float = 1.0,
        listen: bool = False,
        sidechain_bands: ItemsOf[Equalizer.Band] = (),
        *,
        lookahead_ms: float = 0.0,
        key: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.threshold_db = threshold_db
        self.hysteresis_db = hysteresis_db
        self.hold_ms = hold_ms
        self.range_db = range_db
        self.attack_ms = attack_ms
        self.release_ms = release_ms
        self.link = link
        self.listen = listen
        self.sidechain_bands = sidechain_bands
        self.lookahead_ms = lookahead_ms
        self.key = key


class Expander(Processor):
    """Turns down what is softer than a threshold, the more the softer it is.

    Parameters
    ----------
    threshold_db : float, -80 to 0 dB, default -40
        Level under which it turns down.
    ratio : float, 1 to 100, default 2
        How many decibels under the threshold come out for one that comes in.
    knee_db : float, 0 to 36 dB, default 6
        Width of the bend around the threshold.
    range_db : float, 0 to 100 dB, default 40
        Most that it takes away.
    attack_ms : float, 0 to 100 ms, default 2
        Time of coming up, to 63.2 % of the decibels; 0 is instant.
    release_ms : float, 1 to 5000 ms, default 100
        Time of going down, to 63.2 % of the decibels.
    link : float, 0 to 1, default 1
        Share of what all channels together ask for; at 1 all are turned down alike.
    listen : bool, default False
        Lets the filtered sidechain be heard in place of the output.
    sidechain_bands : list of Equalizer.Band, at most 8, default ()
        In order.
    lookahead_ms : float, 0 to 50 ms, default 0
        How far it looks ahead; this is its latency. Fixed while audio runs.
    hold_ms : float, 0 to 500 ms, default 12.5
        For how long a level counts: half a wave of the lowest bass, or longer to keep tails. Fixed while audio runs.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    gain_reduction_db : dB
        Largest gain reduction of all channels at the last frame.
    """

    __slots__ = ()
    _table = Table(
        10,
        "expander",
        config=("lookahead_ms", "hold_ms", "sidechain_bands"),
        readings=(
            Reading(
                0x4ce2000007d1, "gain_reduction_db", "dB", "Largest gain reduction of all channels at the last frame."
            ),
        ),
        takes_sidechain=True,
    )

    SidechainBand = Equalizer.Band

    threshold_db: Number = Number(
        -80.0, 0.0, "dB", default=-40.0, id=0x3ac00000001, doc="Level under which it turns down."
    )
    ratio: Number = Number(
        1.0,
        100.0,
        default=2.0,
        id=0x3ac00000002,
        doc="How many decibels under the threshold come out for one that comes in.",
    )
    knee_db: Number = Number(
        0.0, 36.0, "dB", default=6.0, id=0x3ac00000003, doc="Width of the bend around the threshold."
    )
    range_db: Number = Number(0.0, 100.0, "dB", default=40.0, id=0x3ac00000004, doc="Most that it takes away.")
    attack_ms: Number = Number(
        0.0,
        100.0,
        "ms",
        default=2.0,
        id=0x3ac00000005,
        doc="Time of coming up, to 63.2 % of the decibels; 0 is instant.",
    )
    release_ms: Number = Number(
        1.0, 5000.0, "ms", default=100.0, id=0x3ac00000006, doc="Time of going down, to 63.2 % of the decibels."
    )
    link: Number = Number(
        0.0,
        1.0,
        default=1.0,
        id=0x3ac00000007,
        doc="Share of what all channels together ask for; at 1 all are turned down alike.",
    )
    listen: Switch = Switch(
        default=False, id=0x3ac00000008, doc="Lets the filtered sidechain be heard in place of the output."
    )
    sidechain_bands: Items[Equalizer.Band] = Items(Equalizer.Band, 0, 8, doc="In order.")
    lookahead_ms: Number = Number(
        0.0, 50.0, "ms", default=0.0, id=0x9c2d000003e9, fixed=True, doc="How far it looks ahead; this is its latency."
    )
    hold_ms: Number = Number(
        0.0,
        500.0,
        "ms",
        default=12.5,
        id=0x9c2d000003ea,
        fixed=True,
        doc="For how long a level counts: half a wave of the lowest bass, or longer to keep tails.",
    )
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

    def __init__(
        self,
        threshold_db: float = -40.0,
        ratio: float = 2.0,
        knee_db: float = 6.0,
        range_db: float = 40.0,
        attack_ms: float = 2.0,
        release_ms: float = 100.0,
        link: float = 1.0,
        listen: bool = False,
        sidechain_bands: ItemsOf[Equalizer.Band] = (),
        *,
        lookahead_ms: float = 0.0,
        hold_ms: float = 12.5,
        key: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.threshold_db = threshold_db
        self.ratio = ratio
        self.knee_db = knee_db
        self.range_db = range_db
        self.attack_ms = attack_ms
        self.release_ms = release_ms
        self.link = link
        self.listen = listen
        self.sidechain_bands = sidechain_bands
        self.lookahead_ms = lookahead_ms
        self.hold_ms = hold_ms
        self.key = key


class Ducker(Processor):
    """Turns down by a depth while the sidechain is loud.

    Parameters
    ----------
    depth_db : float, 0 to 100 dB, default 12
        By how much it turns down.
    threshold_db : float, -80 to 0 dB, default -40
        Level of the sidechain at which it does.
    hysteresis_db : float, 0 to 24 dB, default 6
        How far under the threshold the level must fall before it comes back.
    attack_ms : float, 0 to 250 ms, default 30
        Time of going down, to 63.2 % of the decibels; 0 is instant.
    hold_ms : float, 0 to 5000 ms, default 400
        How long the level must stay there before it comes back: pauses that are shorter change nothing.
    release_ms : float, 1 to 10000 ms, default 500
        Time of coming back, to 63.2 % of the decibels.
    listen : bool, default False
        Lets the filtered sidechain be heard in place of the output.
    sidechain_bands : list of Equalizer.Band, at most 8, default ()
        In order.
    lookahead_ms : float, 0 to 50 ms, default 0
        How far it looks ahead; this is its latency. Fixed while audio runs.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    gain_reduction_db : dB
        Gain reduction at the last frame.
    ducking : number
        1 while the sidechain holds it down, 0 while it comes back or is back.
    """

    __slots__ = ()
    _table = Table(
        11,
        "ducker",
        config=("lookahead_ms", "sidechain_bands"),
        readings=(
            Reading(0xcc92000007d1, "gain_reduction_db", "dB", "Gain reduction at the last frame."),
            Reading(
                0xcc92000007d2, "ducking", "", "1 while the sidechain holds it down, 0 while it comes back or is back."
            ),
        ),
        takes_sidechain=True,
    )

    SidechainBand = Equalizer.Band

    depth_db: Number = Number(0.0, 100.0, "dB", default=12.0, id=0x41f500000001, doc="By how much it turns down.")
    threshold_db: Number = Number(
        -80.0, 0.0, "dB", default=-40.0, id=0x41f500000002, doc="Level of the sidechain at which it does."
    )
    hysteresis_db: Number = Number(
        0.0,
        24.0,
        "dB",
        default=6.0,
        id=0x41f500000003,
        doc="How far under the threshold the level must fall before it comes back.",
    )
    attack_ms: Number = Number(
        0.0,
        250.0,
        "ms",
        default=30.0,
        id=0x41f500000004,
        doc="Time of going down, to 63.2 % of the decibels; 0 is instant.",
    )
    hold_ms: Number = Number(
        0.0,
        5000.0,
        "ms",
        default=400.0,
        id=0x41f500000005,
        doc="How long the level must stay there before it comes back: pauses that are shorter change nothing.",
    )
    release_ms: Number = Number(
        1.0, 10000.0, "ms", default=500.0, id=0x41f500000006, doc="Time of coming back, to 63.2 % of the decibels."
    )
    listen: Switch = Switch(
        default=False, id=0x41f500000007, doc="Lets the filtered sidechain be heard in place of the output."
    )
    sidechain_bands: Items[Equalizer.Band] = Items(Equalizer.Band, 0, 8, doc="In order.")
    lookahead_ms: Number = Number(
        0.0, 50.0, "ms", default=0.0, id=0x724d000003e9, fixed=True, doc="How far it looks ahead; this is its latency."
    )
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

    def __init__(
        self,
        depth_db: float = 12.0,
        threshold_db: float = -40.0,
        hysteresis_db: float = 6.0,
        attack_ms: float = 30.0,
        hold_ms: float = 400.0,
        release_ms: float = 500.0,
        listen: bool = False,
        sidechain_bands: ItemsOf[Equalizer.Band] = (),
        *,
        lookahead_ms: float = 0.0,
        key: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.depth_db = depth_db
        self.threshold_db = threshold_db
        self.hysteresis_db = hysteresis_db
        self.attack_ms = attack_ms
        self.hold_ms = hold_ms
        self.release_ms = release_ms
        self.listen = listen
        self.sidechain_bands = sidechain_bands
        self.lookahead_ms = lookahead_ms
        self.key = key


class DeEsser(Processor):
    """Turns highs down while they are too large a share of the sound.

    Parameters
    ----------
    frequency_hz : float, 1000 to 16000 Hz, below half the sample rate, default 5000
        Where highs begin: the middle of the shelf's slope, or the crossover.
    threshold_db : float, -40 to 0 dB, default -9
        Share of the highs in the energy of all, above which they are turned down; it does not depend on the level.
    slope : float, 0 to 4, default 1
        By how many decibels for each decibel above the threshold.
    knee_db : float, 0 to 24 dB, default 6
        Width of the bend around the threshold.
    range_db : float, 0 to 24 dB, default 9
        Most that it takes away.
    attack_ms : float, 0 to 20 ms, default 0.7
        Time constant of going down; 0 is instant.
    release_ms : float, 1 to 500 ms, default 40
        Time constant of coming back.
    listen : bool, default False
        Lets what counts as highs be heard in place of the output.
    mode : {"shelf", "split"}, default "shelf"
        How it takes highs away.

    Readings
    --------
    gain_reduction_db : dB
        Reduction of the highs at the last frame.
    """

    __slots__ = ()
    _table = Table(
        12,
        "de_esser",
        readings=(
            Reading(0xc4be000007d1, "gain_reduction_db", "dB", "Reduction of the highs at the last frame."),
        ),
    )

    frequency_hz: Number = Number(
        1000.0,
        16000.0,
        "Hz",
        default=5000.0,
        id=0x475300000001,
        doc="Where highs begin: the middle of the shelf's slope, or the crossover.",
    )
    threshold_db: Number = Number(
        -40.0,
        0.0,
        "dB",
        default=-9.0,
        id=0x475300000002,
        doc="Share of the highs in the energy of all, above which they are turned down; it does not depend on the "
        "level.",
    )
    slope: Number = Number(
        0.0, 4.0, default=1.0, id=0x475300000003, doc="By how many decibels for each decibel above the threshold."
    )
    knee_db: Number = Number(
        0.0, 24.0, "dB", default=6.0, id=0x475300000004, doc="Width of the bend around the threshold."
    )
    range_db: Number = Number(0.0, 24.0, "dB", default=9.0, id=0x475300000005, doc="Most that it takes away.")
    attack_ms: Number = Number(
        0.0, 20.0, "ms", default=0.7, id=0x475300000006, doc="Time constant of going down; 0 is instant."
    )
    release_ms: Number = Number(1.0, 500.0, "ms", default=40.0, id=0x475300000007, doc="Time constant of coming back.")
    listen: Switch = Switch(
        default=False, id=0x475300000008, doc="Lets what counts as highs be heard in place of the output."
    )
    _Mode = Literal["shelf", "split"]
    mode: Choice[_Mode] = Choice(_Mode, default="shelf", id=0x475300000009, doc="How it takes highs away.")

    def __init__(
        self,
        frequency_hz: float = 5000.0,
        threshold_db: float = -9.0,
        slope: float = 1.0,
        knee_db: float = 6.0,
        range_db: float = 9.0,
        attack_ms: float = 0.7,
        release_ms: float = 40.0,
        listen: bool = False,
        mode: _Mode = "shelf",
    ) -> None:
        super().__init__()
        self.frequency_hz = frequency_hz
        self.threshold_db = threshold_db
        self.slope = slope
        self.knee_db = knee_db
        self.range_db = range_db
        self.attack_ms = attack_ms
        self.release_ms = release_ms
        self.listen = listen
        self.mode = mode


class ResonanceSuppressor(Processor):
    """Turns down resonances: what sticks out of the spectrum and stays.

    Parameters
    ----------
    depth : float, 0 to 1, default 1
        Share of what sticks out that is taken away.
    threshold_db : float, 1 to 24 dB, default 7
        How far something must stick out of its neighbourhood at 1 kHz; less finds more, and takes tones for resonances.
    tilt_db_per_octave : float, -3 to 3 dB/oct, default 0
        How much more sensitive it is to highs, and less to lows.
    selectivity : float, 5 to 40, default 20
        Q of what is looked for; half and twice as narrow is found too.
    persistence_seconds : float, 1 to 120 s, default 30
        Time constant of what is remembered; nothing is turned down before a third of it was heard.
    attack_ms : float, 10 to 10000 ms, default 500
        Time constant of going down.
    release_ms : float, 10 to 60000 ms, default 3000
        Time constant of coming back.
    range_db : float, 0 to 24 dB, default 18
        Most that it takes from one resonance.
    low_hz : float, 80 to 14000 Hz, below half the sample rate, default 200
        Resonances below this frequency are left alone: bass notes look like them.
    high_hz : float, 80 to 14000 Hz, below half the sample rate, default 9000
        Resonances above this frequency are left alone.
    resonances : int, 1 to 16, default 8
        How many resonances it can turn down at a time. Fixed while audio runs.
    key : str, default None
        The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead.

    Readings
    --------
    gain_reduction_db : dB
        Largest reduction of all resonances at the last frame.
    frequency_hz : Hz
        Where a resonance is that is turned down; the id's item counts them.
    reduction_db : dB
        By how much it is turned down.
    """

    __slots__ = ()
    _table = Table(
        13,
        "resonance_suppressor",
        config=("resonances",),
        readings=(
            Reading(
                0x58f3000007d1, "gain_reduction_db", "dB", "Largest reduction of all resonances at the last frame."
            ),
            Reading(
                0x58f3000007d2,
                "frequency_hz",
                "Hz",
                "Where a resonance is that is turned down; the id's item counts them.",
            ),
            Reading(0x58f3000007d3, "reduction_db", "dB", "By how much it is turned down."),
        ),
        takes_sidechain=True,
    )

    depth: Number = Number(0.0, 1.0, default=1.0, id=0xeca00000001, doc="Share of what sticks out that is taken away.")
    threshold_db: Number = Number(
        1.0,
        24.0,
        "dB",
        default=7.0,
        id=0xeca00000002,
        doc="How far something must stick out of its neighbourhood at 1 kHz; less finds more, and takes tones for "
        "resonances.",
    )
    tilt_db_per_octave: Number = Number(
        -3.0,
        3.0,
        "dB/oct",
        default=0.0,
        id=0xeca00000003,
        doc="How much more sensitive it is to highs, and less to lows.",
    )
    selectivity: Number = Number(
        5.0, 40.0, default=20.0, id=0xeca00000004, doc="Q of what is looked for; half and twice as narrow is found too."
    )
    persistence_seconds: Number = Number(
        1.0,
        120.0,
        "s",
        default=30.0,
        id=0xeca00000005,
        doc="Time constant of what is remembered; nothing is turned down before a third of it was heard.",
    )
    attack_ms: Number = Number(10.0, 10000.0, "ms", default=500.0, id=0xeca00000006, doc="Time constant of going down.")
    release_ms: Number = Number(
        10.0, 60000.0, "ms", default=3000.0, id=0xeca00000007, doc="Time constant of coming back."
    )
    range_db: Number = Number(
        0.0, 24.0, "dB", default=18.0, id=0xeca00000008, doc="Most that it takes from one resonance."
    )
    low_hz: Number = Number(
        80.0,
        14000.0,
        "Hz",
        default=200.0,
        id=0xeca00000009,
        doc="Resonances below this frequency are left alone: bass notes look like them.",
    )
    high_hz: Number = Number(
        80.0, 14000.0, "Hz", default=9000.0, id=0xeca0000000a, doc="Resonances above this frequency are left alone."
    )
    resonances: Whole = Whole(
        1, 16, default=8, id=0x5e30000003e9, fixed=True, doc="How many resonances it can turn down at a time."
    )
    key: Name = Name(
        "The track or bus of a :class:`Mixer` that it listens to; calls and streams take ``sidechain`` instead."
    )

    def __init__(
        self,
        depth: float = 1.0,
        threshold_db: float = 7.0,
        tilt_db_per_octave: float = 0.0,
        selectivity: float = 20.0,
        persistence_seconds: float = 30.0,
        attack_ms: float = 500.0,
        release_ms: float = 3000.0,
        range_db: float = 18.0,
        low_hz: float = 200.0,
        high_hz: float = 9000.0,
        *,
        resonances: int = 8,
        key: Optional[str] = None,
    ) -> None:
        super().__init__()
        self.depth = depth
        self.threshold_db = threshold_db
        self.tilt_db_per_octave = tilt_db_per_octave
        self.selectivity = selectivity
        self.persistence_seconds = persistence_seconds
        self.attack_ms = attack_ms
        self.release_ms = release_ms
        self.range_db = range_db
        self.low_hz = low_hz
        self.high_hz = high_hz
        self.resonances = resonances
        self.key = key


class TransientShaper(Processor):
    """Raises or lowers what begins and what rings, at any level.

    Parameters
    ----------
    attack_db : float, -15 to 15 dB, default 0
        Change of the level while it rises.
    sustain_db : float, -15 to 15 dB, default 0
        Change of the level while it falls.
    attack_ms : float, 2 to 100 ms, default 15
        How long attacks last: time constant by which a new level stops being one.
    sustain_ms : float, 50 to 2000 ms, default 300
        How long sustain lasts: time constant by which an old level is forgotten.
    lookahead_ms : float, 0 to 10 ms, default 0
        How far it looks ahead; this is its latency. Fixed while audio runs.

    Readings
    --------
    change_db : dB
        Change of the level at the last frame.
    """

    __slots__ = ()
    _table = Table(
        14,
        "transient_shaper",
        config=("lookahead_ms",),
        readings=(
            Reading(0x8905000007d1, "change_db", "dB", "Change of the level at the last frame."),
        ),
    )

    attack_db: Number = Number(
        -15.0, 15.0, "dB", default=0.0, id=0xc09600000001, doc="Change of the level while it rises."
    )
    sustain_db: Number = Number(
        -15.0, 15.0, "dB", default=0.0, id=0xc09600000002, doc="Change of the level while it falls."
    )
    attack_ms: Number = Number(
        2.0,
        100.0,
        "ms",
        default=15.0,
        id=0xc09600000003,
        doc="How long attacks last: time constant by which a new level stops being one.",
    )
    sustain_ms: Number = Number(
        50.0,
        2000.0,
        "ms",
        default=300.0,
        id=0xc09600000004,
        doc="How long sustain lasts: time constant by which an old level is forgotten.",
    )
    lookahead_ms: Number = Number(
        0.0, 10.0, "ms", default=0.0, id=0xc4ea000003e9, fixed=True, doc="How far it looks ahead; this is its latency."
    )

    def __init__(
        self,
        attack_db: float = 0.0,
        sustain_db: float = 0.0,
        attack_ms: float = 15.0,
        sustain_ms: float = 300.0,
        *,
        lookahead_ms: float = 0.0,
    ) -> None:
        super().__init__()
        self.attack_db = attack_db
        self.sustain_db = sustain_db
        self.attack_ms = attack_ms
        self.sustain_ms = sustain_ms
        self.lookahead_ms = lookahead_ms


class Leveler(Processor):
    """Rides the level of a voice or a programme to a loudness.

    Parameters
    ----------
    target_lufs : float, -50 to -6 LUFS, default -18
        Loudness that it rides to.
    max_boost_db : float, 0 to 40 dB, default 20
        Most gain.
    max_cut_db : float, 0 to 40 dB, default 20
        Most reduction.
    response_ms : float, 200 to 2000 ms, default 1000
        Time constant of the gain; far from where it should be it is eight times as fast.
    silence_lufs : float, -80 to -20 LUFS, default -50
        Momentary loudness under which it does not listen.
    brake_db : float, 0 to 40 dB, default 6
        Most gain in silence.
    lookahead_ms : float, 0 to 2000 ms, default 0
        How far it looks ahead, which is its latency: a second for whole programmes, 0 for what is live. Fixed while
        audio runs.

    Readings
    --------
    gain_db : dB
        Gain at the last frame.
    level_lufs : LUFS
        The level that it rides, before its gain.
    """

    __slots__ = ()
    _table = Table(
        15,
        "leveler",
        config=("lookahead_ms",),
        readings=(
            Reading(0xc5b9000007d1, "gain_db", "dB", "Gain at the last frame."),
            Reading(0xc5b9000007d2, "level_lufs", "LUFS", "The level that it rides, before its gain."),
        ),
    )

    target_lufs: Number = Number(
        -50.0, -6.0, "LUFS", default=-18.0, id=0x69e500000001, doc="Loudness that it rides to."
    )
    max_boost_db: Number = Number(0.0, 40.0, "dB", default=20.0, id=0x69e500000002, doc="Most gain.")
    max_cut_db: Number = Number(0.0, 40.0, "dB", default=20.0, id=0x69e500000003, doc="Most reduction.")
    response_ms: Number = Number(
        200.0,
        2000.0,
        "ms",
        default=1000.0,
        id=0x69e500000004,
        doc="Time constant of the gain; far from where it should be it is eight times as fast.",
    )
    silence_lufs: Number = Number(
        -80.0, -20.0, "LUFS", default=-50.0, id=0x69e500000005, doc="Momentary loudness under which it does not listen."
    )
    brake_db: Number = Number(0.0, 40.0, "dB", default=6.0, id=0x69e500000006, doc="Most gain in silence.")
    lookahead_ms: Number = Number(
        0.0,
        2000.0,
        "ms",
        default=0.0,
        id=0x3ed3000003e9,
        fixed=True,
        doc="How far it looks ahead, which is its latency: a second for whole programmes, 0 for what is live.",
    )

    def __init__(
        self,
        target_lufs: float = -18.0,
        max_boost_db: float = 20.0,
        max_cut_db: float = 20.0,
        response_ms: float = 1000.0,
        silence_lufs: float = -50.0,
        brake_db: float = 6.0,
        *,
        lookahead_ms: float = 0.0,
    ) -> None:
        super().__init__()
        self.target_lufs = target_lufs
        self.max_boost_db = max_boost_db
        self.max_cut_db = max_cut_db
        self.response_ms = response_ms
        self.silence_lufs = silence_lufs
        self.brake_db = brake_db
        self.lookahead_ms = lookahead_ms


class Saturator(Processor):
    """Bends loud sounds by a curve, without audible aliases.

    Parameters
    ----------
    drive_db : float, 0 to 36 dB, default 0
        Gain before the curve.
    shape : {"soft", "hard", "cubic", "tube", "transformer", "tape", "curve"}, default "soft"
        The curve.
    bias : float, -0.9 to 0.9, default 0
        What is added before the curve: its working point, which brings even harmonics.
    emphasis_db : float, -24 to 24 dB, default 0
        Gain of the high frequencies before the curve, taken back behind it: which frequencies saturate first.
    emphasis_hz : float, 20 to 20000 Hz, below half the sample rate, default 3000
        Where the emphasis has half of its decibels.
    focus_hz : float, 20 to 20000 Hz, below half the sample rate, default 4000
        Above this it saturates, where the config's focus is the highs.
    compensation : bool, default True
        As loud after as before: the drive is taken back, and what is missing then found by the loudness of the last 3
        s, by at most 30 dB.
    dc_removed : bool, default True
        Takes out the constant that a curve brings which is not symmetric, below 5 Hz.
    output_db : float, -24 to 24 dB, default 0
        Gain of the output.
    mix : float, 0 to 1, default 1
        Share of the saturated sound; the rest is dry.
    tape_bias : float, 0 to 1, default 0.7
        How much of a tape's magnetisation follows at once: 1 leaves no hysteresis.
    head_bump_db : float, 0 to 6 dB, default 1.5
        Gain of the low frequencies that a tape's head raises.
    head_bump_hz : float, 20 to 200 Hz, below half the sample rate, default 70
        Where that is: lower for a slower tape.
    points : list of Saturator.Point, at most 16, default ()
        In order.
    oversampling : {1, 2, 4, 8}, default 4
        How much faster than the audio the curve runs. Fixed while audio runs.
    antialiasing : {"off", "first", "second"}, default "first"
        What is done against the aliases that oversampling leaves. Fixed while audio runs.
    phase : {"linear", "low_latency"}, default "linear"
        The filters of oversampling, which set the latency. Fixed while audio runs.
    focus : {"all", "highs"}, default "all"
        What it changes. Fixed while audio runs.

    Readings
    --------
    compensation_db : dB
        Gain by which the compensation makes it as loud as before, the drive that it takes back included.

    Presets
    -------
    warm : preset
        A little of everything, the low frequencies first: for buses and masters.
    tube : preset
        Even harmonics for voices and bass.
    tape : preset
        Density and a head bump, for drums, buses and masters.
    fet : preset
        The odd harmonics of a field-effect transistor: behind the compressor's preset of that name.
    exciter : preset
        Harmonics of what lies above 4 kHz, added to the input.
    """

    __slots__ = ()
    _table = Table(
        16,
        "saturator",
        config=("oversampling", "antialiasing", "phase", "focus", "points"),
        readings=(
            Reading(
                0x943e000007d1,
                "compensation_db",
                "dB",
                "Gain by which the compensation makes it as loud as before, the drive that it takes back included.",
            ),
        ),
    )
    _presets = {
        "warm": {"drive_db": 3.0, "shape": "transformer"},
        "tube": {"drive_db": 9.0, "shape": "tube"},
        "tape": {"drive_db": 6.0, "shape": "tape"},
        "fet": {"shape": "cubic", "bias": 0.014, "mix": 0.8},
        "exciter": {"focus": "highs", "drive_db": 18.0, "shape": "tube", "mix": 0.25},
    }

    class Point(Record):
        """One of the points of :class:`Saturator`.

        Parameters
        ----------
        input : float, -4 to 4, default 0
            The driven sample.
        output : float, -4 to 4, default 0
            What comes out for it.
        """

        __slots__ = ()

        input: Number = Number(-4.0, 4.0, default=0.0, id=0xbada00000001, doc="The driven sample.")
        output: Number = Number(-4.0, 4.0, default=0.0, id=0xbada00000002, doc="What comes out for it.")

        def __init__(self, input: float = 0.0, output: float = 0.0) -> None:
            super().__init__()
            self.input = input
            self.output = output

    drive_db: Number = Number(0.0, 36.0, "dB", default=0.0, id=0xb07500000001, doc="Gain before the curve.")
    _Shape = Literal["soft", "hard", "cubic", "tube", "transformer", "tape", "curve"]
    shape: Choice[_Shape] = Choice(_Shape, default="soft", id=0xb07500000002, doc="The curve.")
    bias: Number = Number(
        -0.9,
        0.9,
        default=0.0,
        id=0xb07500000003,
        doc="What is added before the curve: its working point, which brings even harmonics.",
    )
    emphasis_db: Number = Number(
        -24.0,
        24.0,
        "dB",
        default=0.0,
        id=0xb07500000004,
        doc="Gain of the high frequencies before the curve, taken back behind it: which frequencies saturate first.",
    )
    emphasis_hz: Number = Number(
        20.0, 20000.0, "Hz", default=3000.0, id=0xb07500000005, doc="Where the emphasis has half of its decibels."
    )
    focus_hz: Number = Number(
        20.0,
        20000.0,
        "Hz",
        default=4000.0,
        id=0xb07500000006,
        doc="Above this it saturates, where the config's focus is the highs.",
    )
    compensation: Switch = Switch(
        default=True,
        id=0xb07500000007,
        doc="As loud after as before: the drive is taken back, and what is missing then found by the loudness of the "
        "last 3 s, by at most 30 dB.",
    )
    dc_removed: Switch = Switch(
        default=True,
        id=0xb07500000008,
        doc="Takes out the constant that a curve brings which is not symmetric, below 5 Hz.",
    )
    output_db: Number = Number(-24.0, 24.0, "dB", default=0.0, id=0xb07500000009, doc="Gain of the output.")
    mix: Number = Number(0.0, 1.0, default=1.0, id=0xb0750000000a, doc="Share of the saturated sound; the rest is dry.")
    tape_bias: Number = Number(
        0.0,
        1.0,
        default=0.7,
        id=0xb0750000000b,
        doc="How much of a tape's magnetisation follows at once: 1 leaves no hysteresis.",
    )
    head_bump_db: Number = Number(
        0.0, 6.0, "dB", default=1.5, id=0xb0750000000c, doc="Gain of the low frequencies that a tape's head raises."
    )
    head_bump_hz: Number = Number(
        20.0, 200.0, "Hz", default=70.0, id=0xb0750000000d, doc="Where that is: lower for a slower tape."
    )
    points: Items[Point] = Items(Point, 0, 16, doc="In order.")
    _Oversampling = Literal[1, 2, 4, 8]
    oversampling: Choice[_Oversampling] = Choice(
        _Oversampling, default=4, id=0xff5000003e9, fixed=True, doc="How much faster than the audio the curve runs."
    )
    _Antialiasing = Literal["off", "first", "second"]
    antialiasing: Choice[_Antialiasing] = Choice(
        _Antialiasing,
        default="first",
        id=0xff5000003ea,
        fixed=True,
        doc="What is done against the aliases that oversampling leaves.",
    )
    _Phase = Literal["linear", "low_latency"]
    phase: Choice[_Phase] = Choice(
        _Phase,
        default="linear",
        id=0xff5000003eb,
        fixed=True,
        doc="The filters of oversampling, which set the latency.",
    )
    _Focus = Literal["all", "highs"]
    focus: Choice[_Focus] = Choice(_Focus, default="all", id=0xff5000003ec, fixed=True, doc="What it changes.")

    def __init__(
        self,
        drive_db: float = 0.0,
        shape: _Shape = "soft",
        bias: float = 0.0,
        emphasis_db: float = 0.0,
        emphasis_hz: float = 3000.0,
        focus_hz: float = 4000.0,
        compensation: bool = True,
        dc_removed: bool = True,
        output_db: float = 0.0,
        mix: float = 1.0,
        tape_bias: float = 0.7,
        head_bump_db: float = 1.5,
        head_bump_hz: float = 70.0,
        points: ItemsOf[Point] = (),
        *,
        oversampling: _Oversampling = 4,
        antialiasing: _Antialiasing = "first",
        phase: _Phase = "linear",
        focus: _Focus = "all",
    ) -> None:
        super().__init__()
        self.drive_db = drive_db
        self.shape = shape
        self.bias = bias
        self.emphasis_db = emphasis_db
        self.emphasis_hz = emphasis_hz
        self.focus_hz = focus_hz
        self.compensation = compensation
        self.dc_removed = dc_removed
        self.output_db = output_db
        self.mix = mix
        self.tape_bias = tape_bias
        self.head_bump_db = head_bump_db
        self.head_bump_hz = head_bump_hz
        self.points = points
        self.oversampling = oversampling
        self.antialiasing = antialiasing
        self.phase = phase
        self.focus = focus


class Clipper(Processor):
    """Cuts peaks off at a ceiling, without audible aliases.

    Parameters
    ----------
    drive_db : float, -24 to 24 dB, default 0
        Gain before clipping.
    ceiling_db : float, -36 to 0 dB, default -1
        What leaves stays under this on every common true-peak meter; it clips 0.22 dB lower.
    softness_db : float, 0 to 6 dB, default 1
        How far below the ceiling the curve begins to bend; 0 clips hard.
    emphasis_db : float, -12 to 12 dB, default 0
        Gain of the high frequencies before the curve, taken back behind it: which frequencies clip first.
    emphasis_hz : float, 20 to 20000 Hz, below half the sample rate, default 3000
        Where the emphasis has half of its decibels.
    oversampling : {1, 2, 4, 8}, default 4
        How much faster than the audio the curve runs. Fixed while audio runs.
    antialiasing : {"off", "first", "second"}, default "first"
        What is done against the aliases that oversampling leaves. Fixed while audio runs.

    Readings
    --------
    clipped_db : dB
        By how much the last frame was clipped, of the channel that was clipped most. 0 or positive.
    clipped_max_db : dB
        The largest since reset.
    clipped_share : number
        Share of the frames since reset that were clipped in some channel.
    limited_db : dB
        By how much the gain behind the curve turned the last frame down.
    limited_max_db : dB
        The largest since reset.
    """

    __slots__ = ()
    _table = Table(
        17,
        "clipper",
        config=("oversampling", "antialiasing"),
        readings=(
            Reading(
                0xd11d000007d1,
                "clipped_db",
                "dB",
                "By how much the last frame was clipped, of the channel that was clipped most. 0 or positive.",
            ),
            Reading(0xd11d000007d2, "clipped_max_db", "dB", "The largest since reset."),
            Reading(
                0xd11d000007d3,
                "clipped_share",
                "",
                "Share of the frames since reset that were clipped in some channel.",
            ),
            Reading(
                0xd11d000007d4, "limited_db", "dB", "By how much the gain behind the curve turned the last frame down."
            ),
            Reading(0xd11d000007d5, "limited_max_db", "dB", "The largest since reset."),
        ),
    )

    drive_db: Number = Number(-24.0, 24.0, "dB", default=0.0, id=0x56c400000001, doc="Gain before clipping.")
    ceiling_db: Number = Number(
        -36.0,
        0.0,
        "dB",
        default=-1.0,
        id=0x56c400000002,
        doc="What leaves stays under this on every common true-peak meter; it clips 0.22 dB lower.",
    )
    softness_db: Number = Number(
        0.0,
        6.0,
        "dB",
        default=1.0,
        id=0x56c400000003,
        doc="How far below the ceiling the curve begins to bend; 0 clips hard.",
    )
    emphasis_db: Number = Number(
        -12.0,
        12.0,
        "dB",
        default=0.0,
        id=0x56c400000004,
        doc="Gain of the high frequencies before the curve, taken back behind it: which frequencies clip first.",
    )
    emphasis_hz: Number = Number(
        20.0, 20000.0, "Hz", default=3000.0, id=0x56c400000005, doc="Where the emphasis has half of its decibels."
    )
    _Oversampling = Literal[1, 2, 4, 8]
    oversampling: Choice[_Oversampling] = Choice(
        _Oversampling, default=4, id=0x860d000003e9, fixed=True, doc="How much faster than the audio the curve runs."
    )
    _Antialiasing = Literal["off", "first", "second"]
    antialiasing: Choice[_Antialiasing] = Choice(
        _Antialiasing,
        default="first",
        id=0x860d000003ea,
        fixed=True,
        doc="What is done against the aliases that oversampling leaves.",
    )

    def __init__(
        self,
        drive_db: float = 0.0,
        ceiling_db: float = -1.0,
        softness_db: float = 1.0,
        emphasis_db: float = 0.0,
        emphasis_hz: float = 3000.0,
        *,
        oversampling: _Oversampling = 4,
        antialiasing: _Antialiasing = "first",
    ) -> None:
        super().__init__()
        self.drive_db = drive_db
        self.ceiling_db = ceiling_db
        self.softness_db = softness_db
        self.emphasis_db = emphasis_db
        self.emphasis_hz = emphasis_hz
        self.oversampling = oversampling
        self.antialiasing = antialiasing


class Limiter(Processor):
    """Keeps the output under a ceiling that holds on every common true-peak meter.

    Parameters
    ----------
    ceiling_db : float, -40 to 0 dB, default -1
        What the output stays under.
    input_gain_db : float, -24 to 36 dB, default 0
        Gain before the limiter: the drive.
    release_ms : float, 1 to 1000 ms, default 20
        Time constant of the release.
    slow_release_ms : float, 50 to 3000 ms, default 300
        Time constant of the average towards which the release is fast, and beyond which it is slow.
    adaptive : float, 0 to 1, default 0.5
        How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and slow after
        sustained reduction.
    low_frequency_weight : float, 0 to 1.5, default 1.15
        Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks ask
        for, at most by twice as many decibels.
    low_frequency_hz : float, 100 to 1000 Hz, below half the sample rate, default 400
        Below this, frequencies are low.
    link : float, 0 to 1, default 1
        With separate gains: 1 reduces all channels alike, 0 each on its own.
    slow_range_db : float, 0 to 36 dB, default 6
        The most that is released slowly: what is deeper comes back within the fast look-ahead, if there is one.
    lookahead_ms : float, 0.5 to 20 ms, default 5
        How far ahead the gain begins to fall; the strongest cure for distorted bass. Fixed while audio runs.
    true_peak : bool, default True
        Holds what lies between the samples too; 36 frames of latency. Fixed while audio runs.
    hold_ms : float, 0 to 50 ms, default 0
        How long a reduction is held before it is released. Fixed while audio runs.
    low_frequency_hold_ms : float, 0 to 50 ms, default 13
        The same for reduction that low frequencies ask for; 0 for none. Fixed while audio runs.
    separate : bool, default False
        Gives each channel a gain of its own, which `link` ties together. Fixed while audio runs.
    verify : bool, default False
        Measures the output by the detector's kernels, for the overshoot readings. Fixed while audio runs.
    fast_lookahead_ms : float, 0 to 5 ms, default 0
        How much of the look-ahead is for what is deeper than `slow_range_db`; 0 for none. Fixed while audio runs.

    Readings
    --------
    gain_reduction_db : dB
        By how much the last frame was reduced; of the channel that was reduced most. 0 or positive.
    gain_reduction_max_db : dB
        The largest since reset.
    overshoots : number
        Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`.
    overshoot_max_db : dB
        The highest output against the ceiling by any of the meters' kernels, usually negative; needs `verify`.

    Presets
    -------
    mastering : preset
        For the last step of a master: 10 ms of look-ahead, clean bass, and what is deeper than 6 dB in a moment.
    mix : preset
        For buses and streams: the default.
    live : preset
        For the stage: 1.5 ms of look-ahead, and a hold in its place.
    transparent : preset
        Style: the gain moves slowly, for a few decibels that nobody is to hear.
    punchy : preset
        Style: strokes are cut short in a moment, and what lies under and behind them stays up.
    loud : preset
        Style: the most loudness for the least drive, at the cost of the cleanest bass.
    safe : preset
        Style: 20 ms of look-ahead, a hold and a slow release for everything: bass stays a tone however it is driven,
        and loudness is given away.
    """

    __slots__ = ()
    _table = Table(
        18,
        "limiter",
        config=(
            "lookahead_ms", "true_peak", "hold_ms", "low_frequency_hold_ms", "separate", "verify", "fast_lookahead_ms"
        ),
        readings=(
            Reading(
                0x28ca000007d1,
                "gain_reduction_db",
                "dB",
                "By how much the last frame was reduced; of the channel that was reduced most. 0 or positive.",
            ),
            Reading(0x28ca000007d2, "gain_reduction_max_db", "dB", "The largest since reset."),
            Reading(
                0x28ca000007d3,
                "overshoots",
                "",
                "Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`.",
            ),
            Reading(
                0x28ca000007d4,
                "overshoot_max_db",
                "dB",
                "The highest output against the ceiling by any of the meters' kernels, usually negative; needs "
                "`verify`.",
            ),
        ),
    )
    _presets = {
        "mastering": {"lookahead_ms": 10.0, "low_frequency_hold_ms": 4.0, "fast_lookahead_ms": 1.5, "release_ms": 10.0},
        "mix": {},
        "live": {"lookahead_ms": 1.5, "hold_ms": 10.0, "low_frequency_hold_ms": 0.0, "release_ms": 50.0},
        "transparent": {
            "lookahead_ms": 15.0,
            "fast_lookahead_ms": 1.5,
            "release_ms": 40.0,
            "slow_release_ms": 600.0,
            "slow_range_db": 9.0,
        },
        "punchy": {"lookahead_ms": 6.0, "fast_lookahead_ms": 1.0, "release_ms": 15.0, "slow_range_db": 2.0},
        "loud": {"low_frequency_hold_ms": 0.0, "fast_lookahead_ms": 1.0, "release_ms": 4.0, "slow_range_db": 4.0},
        "safe": {"lookahead_ms": 20.0, "hold_ms": 10.0, "release_ms": 80.0},
    }

    ceiling_db: Number = Number(-40.0, 0.0, "dB", default=-1.0, id=0xa90e00000001, doc="What the output stays under.")
    input_gain_db: Number = Number(
        -24.0, 36.0, "dB", default=0.0, id=0xa90e00000002, doc="Gain before the limiter: the drive."
    )
    release_ms: Number = Number(1.0, 1000.0, "ms", default=20.0, id=0xa90e00000003, doc="Time constant of the release.")
    slow_release_ms: Number = Number(
        50.0,
        3000.0,
        "ms",
        default=300.0,
        id=0xa90e00000004,
        doc="Time constant of the average towards which the release is fast, and beyond which it is slow.",
    )
    adaptive: Number = Number(
        0.0,
        1.0,
        default=0.5,
        id=0xa90e00000005,
        doc="How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and "
        "slow after sustained reduction.",
    )
    low_frequency_weight: Number = Number(
        0.0,
        1.5,
        default=1.15,
        id=0xa90e00000006,
        doc="Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks "
        "ask for, at most by twice as many decibels.",
    )
    low_frequency_hz: Number = Number(
        100.0, 1000.0, "Hz", default=400.0, id=0xa90e00000007, doc="Below this, frequencies are low."
    )
    link: Number = Number(
        0.0,
        1.0,
        default=1.0,
        id=0xa90e00000008,
        doc="With separate gains: 1 reduces all channels alike, 0 each on its own.",
    )
    slow_range_db: Number = Number(
        0.0,
        36.0,
        "dB",
        default=6.0,
        id=0xa90e00000009,
        doc="The most that is released slowly: what is deeper comes back within the fast look-ahead, if there is one.",
    )
    lookahead_ms: Number = Number(
        0.5,
        20.0,
        "ms",
        default=5.0,
        id=0x7d6b000003e9,
        fixed=True,
        doc="How far ahead the gain begins to fall; the strongest cure for distorted bass.",
    )
    true_peak: Switch = Switch(
        default=True,
        id=0x7d6b000003ea,
        fixed=True,
        doc="Holds what lies between the samples too; 36 frames of latency.",
    )
    hold_ms: Number = Number(
        0.0,
        50.0,
        "ms",
        default=0.0,
        id=0x7d6b000003eb,
        fixed=True,
        doc="How long a reduction is held before it is released.",
    )
    low_frequency_hold_ms: Number = Number(
        0.0,
        50.0,
        "ms",
        default=13.0,
        id=0x7d6b000003ec,
        fixed=True,
        doc="The same for reduction that low frequencies ask for; 0 for none.",
    )
    separate: Switch = Switch(
        default=False,
        id=0x7d6b000003ed,
        fixed=True,
        doc="Gives each channel a gain of its own, which `link` ties together.",
    )
    verify: Switch = Switch(
        default=False,
        id=0x7d6b000003ee,
        fixed=True,
        doc="Measures the output by the detector's kernels, for the overshoot readings.",
    )
    fast_lookahead_ms: Number = Number(
        0.0,
        5.0,
        "ms",
        default=0.0,
        id=0x7d6b000003ef,
        fixed=True,
        doc="How much of the look-ahead is for what is deeper than `slow_range_db`; 0 for none.",
    )

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
        slow_range_db: float = 6.0,
        *,
        lookahead_ms: float = 5.0,
        true_peak: bool = True,
        hold_ms: float = 0.0,
        low_frequency_hold_ms: float = 13.0,
        separate: bool = False,
        verify: bool = False,
        fast_lookahead_ms: float = 0.0,
    ) -> None:
        super().__init__()
        self.ceiling_db = ceiling_db
        self.input_gain_db = input_gain_db
        self.release_ms = release_ms
        self.slow_release_ms = slow_release_ms
        self.adaptive = adaptive
        self.low_frequency_weight = low_frequency_weight
        self.low_frequency_hz = low_frequency_hz
        self.link = link
        self.slow_range_db = slow_range_db
        self.lookahead_ms = lookahead_ms
        self.true_peak = true_peak
        self.hold_ms = hold_ms
        self.low_frequency_hold_ms = low_frequency_hold_ms
        self.separate = separate
        self.verify = verify
        self.fast_lookahead_ms = fast_lookahead_ms


class Meter(Processor):
    """Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak.

    Parameters
    ----------
    paused : bool, default False
        Holds everything but momentary and short-term loudness; windows across the pause do not count.
    speakers : list of Meter.Speaker, at most 24, default ()
        In order.
    layout : str, default "auto"
        Where the loudspeakers stand, and so what each channel weighs. One of "auto", "mono", "dual_mono", "stereo",
        "surround_5_0", "surround_5_1", "surround_7_1", "surround_7_1_wave", "surround_5_1_4", "surround_7_1_4",
        "surround_7_1_4_wave", "surround_9_1_6", "surround_22_2", "custom". Fixed while audio runs.
    measure_loudness : bool, default True
        Momentary and short-term loudness; integrated loudness and range bring them too. Fixed while audio runs.
    measure_integrated : bool, default True
        Integrated loudness. Fixed while audio runs.
    measure_range : bool, default True
        Loudness range. Fixed while audio runs.
    true_peak_kernel : {"off", "itu", "fine"}, default "fine"
        True peak, and which kernel looks for it. Fixed while audio runs.
    measure_statistics : bool, default True
        Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness. Fixed while audio runs.

    Readings
    --------
    momentary : LUFS
        Loudness of the last 400 ms; silence has none.
    short_term : LUFS
        Loudness of the last 3 s; silence has none.
    integrated : LUFS
        Gated loudness of all that was measured.
    range : LU
        Loudness range: from the 10th to the 95th percentile of the gated short-term loudness.
    range_low : LUFS
        The lower of the two.
    range_high : LUFS
        The higher of the two.
    momentary_max : LUFS
        Largest momentary loudness.
    short_term_max : LUFS
        Largest short-term loudness.
    true_peak_db : dBTP
        Largest true peak of any channel.
    sample_peak_db : dBFS
        Largest sample of any channel.
    plr : LU
        Peak to loudness ratio: true peak less integrated loudness.
    psr : LU
        Peak to short-term loudness ratio of the last 3 s.
    psr_min : LU
        Its smallest value.
    rms_db : dBFS
        Root mean square over all channels; a full-scale sine reads -3.01.
    crest_db : dB
        Sample peak over root mean square.
    dc : number
        The mean farthest from 0 of any channel, in full scales.
    clipped_runs : number
        Runs of two or more samples at full scale, over all channels.
    overs : number
        Passages between samples over full scale, over all channels.
    relative_gate : LUFS
        The relative gate of the integrated loudness.
    measured_seconds : s
        How much audio was measured.
    channel_momentary : LUFS
        Momentary loudness of a channel alone, with its weight.
    channel_short_term : LUFS
        Short-term loudness of a channel alone, with its weight.
    channel_share : number
        Share of a channel, 0 to 1, in the weighted energy of all blocks above -70 LUFS.
    channel_true_peak_db : dBTP
        True peak of a channel.
    channel_true_peak_frame : frames
        Frame of that peak, or before it.
    channel_sample_peak_db : dBFS
        Largest sample of a channel.
    channel_sample_peak_frame : frames
        Frame where it first was.
    channel_rms_db : dBFS
        Root mean square of a channel.
    channel_dc : number
        Mean of a channel in full scales.
    channel_clipped_runs : number
        Runs of two or more samples at full scale.
    channel_longest_clipped_run : number
        Samples of the longest of them.
    channel_first_clipped_run : frames
        Frame where the first of them began.
    channel_overs : number
        Passages between samples over full scale.
    channel_first_over : frames
        Frame before the first of them.
    """

    __slots__ = ()
    _table = Table(
        19,
        "loudness",
        config=(
            "layout",
            "measure_loudness",
            "measure_integrated",
            "measure_range",
            "true_peak_kernel",
            "measure_statistics",
            "speakers",
        ),
        readings=(
            Reading(0x2d06000007d1, "momentary", "LUFS", "Loudness of the last 400 ms; silence has none."),
            Reading(0x2d06000007d2, "short_term", "LUFS", "Loudness of the last 3 s; silence has none."),
            Reading(0x2d06000007d3, "integrated", "LUFS", "Gated loudness of all that was measured."),
            Reading(
                0x2d06000007d4,
                "range",
                "LU",
                "Loudness range: from the 10th to the 95th percentile of the gated short-term loudness.",
            ),
            Reading(0x2d06000007d5, "range_low", "LUFS", "The lower of the two."),
            Reading(0x2d06000007d6, "range_high", "LUFS", "The higher of the two."),
            Reading(0x2d06000007d7, "momentary_max", "LUFS", "Largest momentary loudness."),
            Reading(0x2d06000007d8, "short_term_max", "LUFS", "Largest short-term loudness."),
            Reading(0x2d06000007d9, "true_peak_db", "dBTP", "Largest true peak of any channel."),
            Reading(0x2d06000007da, "sample_peak_db", "dBFS", "Largest sample of any channel."),
            Reading(0x2d06000007db, "plr", "LU", "Peak to loudness ratio: true peak less integrated loudness."),
            Reading(0x2d06000007dc, "psr", "LU", "Peak to short-term loudness ratio of the last 3 s."),
            Reading(0x2d06000007dd, "psr_min", "LU", "Its smallest value."),
            Reading(
                0x2d06000007de, "rms_db", "dBFS", "Root mean square over all channels; a full-scale sine reads -3.01."
            ),
            Reading(0x2d06000007df, "crest_db", "dB", "Sample peak over root mean square."),
            Reading(0x2d06000007e0, "dc", "", "The mean farthest from 0 of any channel, in full scales."),
            Reading(
                0x2d06000007e1, "clipped_runs", "", "Runs of two or more samples at full scale, over all channels."
            ),
            Reading(0x2d06000007e2, "overs", "", "Passages between samples over full scale, over all channels."),
            Reading(0x2d06000007e3, "relative_gate", "LUFS", "The relative gate of the integrated loudness."),
            Reading(0x2d06000007e4, "measured_seconds", "s", "How much audio was measured."),
            Reading(
                0x2d0600000835, "channel_momentary", "LUFS", "Momentary loudness of a channel alone, with its weight."
            ),
            Reading(
                0x2d0600000836, "channel_short_term", "LUFS", "Short-term loudness of a channel alone, with its weight."
            ),
            Reading(
                0x2d0600000837,
                "channel_share",
                "",
                "Share of a channel, 0 to 1, in the weighted energy of all blocks above -70 LUFS.",
            ),
            Reading(0x2d0600000838, "channel_true_peak_db", "dBTP", "True peak of a channel."),
            Reading(0x2d0600000839, "channel_true_peak_frame", "frames", "Frame of that peak, or before it."),
            Reading(0x2d060000083a, "channel_sample_peak_db", "dBFS", "Largest sample of a channel."),
            Reading(0x2d060000083b, "channel_sample_peak_frame", "frames", "Frame where it first was."),
            Reading(0x2d060000083c, "channel_rms_db", "dBFS", "Root mean square of a channel."),
            Reading(0x2d060000083d, "channel_dc", "", "Mean of a channel in full scales."),
            Reading(0x2d060000083e, "channel_clipped_runs", "", "Runs of two or more samples at full scale."),
            Reading(0x2d060000083f, "channel_longest_clipped_run", "", "Samples of the longest of them."),
            Reading(0x2d0600000840, "channel_first_clipped_run", "frames", "Frame where the first of them began."),
            Reading(0x2d0600000841, "channel_overs", "", "Passages between samples over full scale."),
            Reading(0x2d0600000842, "channel_first_over", "frames", "Frame before the first of them."),
        ),
    )

    class Speaker(Record):
        """One of the speakers of :class:`Meter`.

        Parameters
        ----------
        azimuth_deg : float, -180 to 180 °, default 0
            To the left positive: 0 is in front, 110 a left surround.
        elevation_deg : float, -90 to 90 °, default 0
            Above ear height positive.
        low_frequency_effects : bool, default False
            Low-frequency effects: does not count.
        """

        __slots__ = ()

        azimuth_deg: Number = Number(
            -180.0,
            180.0,
            "°",
            default=0.0,
            id=0x399b00000002,
            doc="To the left positive: 0 is in front, 110 a left surround.",
        )
        elevation_deg: Number = Number(
            -90.0, 90.0, "°", default=0.0, id=0x399b00000003, doc="Above ear height positive."
        )
        low_frequency_effects: Switch = Switch(
            default=False, id=0x399b00000004, doc="Low-frequency effects: does not count."
        )

        def __init__(
            self, azimuth_deg: float = 0.0, elevation_deg: float = 0.0, low_frequency_effects: bool = False
        ) -> None:
            super().__init__()
            self.azimuth_deg = azimuth_deg
            self.elevation_deg = elevation_deg
            self.low_frequency_effects = low_frequency_effects

    paused: Switch = Switch(
        default=False,
        id=0xdbf500000001,
        doc="Holds everything but momentary and short-term loudness; windows across the pause do not count.",
    )
    speakers: Items[Speaker] = Items(Speaker, 0, 24, doc="In order.")
    _Layout = Literal[
        "auto",
        "mono",
        "dual_mono",
        "stereo",
        "surround_5_0",
        "surround_5_1",
        "surround_7_1",
        "surround_7_1_wave",
        "surround_5_1_4",
        "surround_7_1_4",
        "surround_7_1_4_wave",
        "surround_9_1_6",
        "surround_22_2",
        "custom",
    ]
    layout: Choice[_Layout] = Choice(
        _Layout,
        default="auto",
        id=0x484c000003e9,
        fixed=True,
        doc="Where the loudspeakers stand, and so what each channel weighs.",
    )
    measure_loudness: Switch = Switch(
        default=True,
        id=0x484c000003ea,
        fixed=True,
        doc="Momentary and short-term loudness; integrated loudness and range bring them too.",
    )
    measure_integrated: Switch = Switch(default=True, id=0x484c000003eb, fixed=True, doc="Integrated loudness.")
    measure_range: Switch = Switch(default=True, id=0x484c000003ec, fixed=True, doc="Loudness range.")
    _TruePeakKernel = Literal["off", "itu", "fine"]
    true_peak_kernel: Choice[_TruePeakKernel] = Choice(
        _TruePeakKernel, default="fine", id=0x484c000003ed, fixed=True, doc="True peak, and which kernel looks for it."
    )
    measure_statistics: Switch = Switch(
        default=True,
        id=0x484c000003ee,
        fixed=True,
        doc="Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness.",
    )

    def __init__(
        self,
        paused: bool = False,
        speakers: ItemsOf[Speaker] = (),
        *,
        layout: _Layout = "auto",
        measure_loudness: bool = True,
        measure_integrated: bool = True,
        measure_range: bool = True,
        true_peak_kernel: _TruePeakKernel = "fine",
        measure_statistics: bool = True,
    ) -> None:
        super().__init__()
        self.paused = paused
        self.speakers = speakers
        self.layout = layout
        self.measure_loudness = measure_loudness
        self.measure_integrated = measure_integrated
        self.measure_range = measure_range
        self.true_peak_kernel = true_peak_kernel
        self.measure_statistics = measure_statistics


class LevelMeter(Processor):
    """Measures peak and RMS with ballistics and peak hold.

    Parameters
    ----------
    attack_ms : float, 0 to 100 ms, default 0
        Time constant with which the peak rises; 0 reads every sample in full.
    fall_db_per_second : float, 1 to 1000 dB/s, default 11.8
        How fast the peak falls.
    hold_seconds : float, 0 to 60 s, default 1
        How long the held peak stays before it falls.
    average_ms : float, 1 to 10000 ms, default 77
        Time constant of the mean square.

    Readings
    --------
    peak_db : dBFS
        Peak of the channel whose peak is highest.
    held_peak_db : dBFS
        Held peak of the channel whose held peak is highest.
    peak_max_db : dBFS
        Highest peak of any channel since reset.
    rms_db : dBFS
        Root mean square of the channel where it is highest; a full-scale sine reads -3.01.
    rms_max_db : dBFS
        Highest root mean square of any channel since reset.
    channel_peak_db : dBFS
        Peak of a channel.
    channel_held_peak_db : dBFS
        Held peak of a channel.
    channel_peak_max_db : dBFS
        Highest peak of a channel since reset.
    channel_rms_db : dBFS
        Root mean square of a channel.
    channel_rms_max_db : dBFS
        Highest root mean square of a channel since reset.
    """

    __slots__ = ()
    _table = Table(
        20,
        "level_meter",
        readings=(
            Reading(0x12c7000007d1, "peak_db", "dBFS", "Peak of the channel whose peak is highest."),
            Reading(0x12c7000007d2, "held_peak_db", "dBFS", "Held peak of the channel whose held peak is highest."),
            Reading(0x12c7000007d3, "peak_max_db", "dBFS", "Highest peak of any channel since reset."),
            Reading(
                0x12c7000007d4,
                "rms_db",
                "dBFS",
                "Root mean square of the channel where it is highest; a full-scale sine reads -3.01.",
            ),
            Reading(0x12c7000007d5, "rms_max_db", "dBFS", "Highest root mean square of any channel since reset."),
            Reading(0x12c700000835, "channel_peak_db", "dBFS", "Peak of a channel."),
            Reading(0x12c700000836, "channel_held_peak_db", "dBFS", "Held peak of a channel."),
            Reading(0x12c700000837, "channel_peak_max_db", "dBFS", "Highest peak of a channel since reset."),
            Reading(0x12c700000838, "channel_rms_db", "dBFS", "Root mean square of a channel."),
            Reading(0x12c700000839, "channel_rms_max_db", "dBFS", "Highest root mean square of a channel since reset."),
        ),
    )

    attack_ms: Number = Number(
        0.0,
        100.0,
        "ms",
        default=0.0,
        id=0x185e00000001,
        doc="Time constant with which the peak rises; 0 reads every sample in full.",
    )
    fall_db_per_second: Number = Number(
        1.0, 1000.0, "dB/s", default=11.8, id=0x185e00000002, doc="How fast the peak falls."
    )
    hold_seconds: Number = Number(
        0.0, 60.0, "s", default=1.0, id=0x185e00000003, doc="How long the held peak stays before it falls."
    )
    average_ms: Number = Number(
        1.0, 10000.0, "ms", default=77.0, id=0x185e00000004, doc="Time constant of the mean square."
    )

    def __init__(
        self,
        attack_ms: float = 0.0,
        fall_db_per_second: float = 11.8,
        hold_seconds: float = 1.0,
        average_ms: float = 77.0,
    ) -> None:
        super().__init__()
        self.attack_ms = attack_ms
        self.fall_db_per_second = fall_db_per_second
        self.hold_seconds = hold_seconds
        self.average_ms = average_ms


class CorrelationMeter(Processor):
    """Measures how alike left and right are, and which is louder.

    Parameters
    ----------
    average_ms : float, 10 to 10000 ms, default 300
        Time constant of the averages.

    Readings
    --------
    correlation : number
        From 1, mono, over 0, unrelated, to -1, where a mono sum cancels. `None` while a channel is under -120 dBFS.
    correlation_min : number
        The lowest since reset.
    balance : number
        From -1, all of the energy on the left, to 1, all on the right. `None` while both are under -120 dBFS.
    mono_loss_db : dB
        By how much the mono sum is quieter than both channels together: 0 for mono, 3 for unrelated channels, at most
        120. `None` while both are under -120 dBFS.
    """

    __slots__ = ()
    _table = Table(
        21,
        "correlation_meter",
        readings=(
            Reading(
                0xded8000007d1,
                "correlation",
                "",
                "From 1, mono, over 0, unrelated, to -1, where a mono sum cancels. `None` while a channel is under "
                "-120 dBFS.",
            ),
            Reading(0xded8000007d2, "correlation_min", "", "The lowest since reset."),
            Reading(
                0xded8000007d3,
                "balance",
                "",
                "From -1, all of the energy on the left, to 1, all on the right. `None` while both are under -120 "
                "dBFS.",
            ),
            Reading(
                0xded8000007d4,
                "mono_loss_db",
                "dB",
                "By how much the mono sum is quieter than both channels together: 0 for mono, 3 for unrelated "
                "channels, at most 120. `None` while both are under -120 dBFS.",
            ),
        ),
    )

    average_ms: Number = Number(
        10.0, 10000.0, "ms", default=300.0, id=0x199e00000001, doc="Time constant of the averages."
    )

    def __init__(self, average_ms: float = 300.0) -> None:
        super().__init__()
        self.average_ms = average_ms


class Delay(Processor):
    """Repeats what was heard after a time, ever softer.

    Parameters
    ----------
    time_ms : float, 1 to 60000 ms, default 500
        Time to the first echo, and between echoes; at least 16 frames, at most what was built for.
    feedback : float, 0 to 0.999, default 0.4
        Level of each echo against the one before, as an amplitude factor.
    mix : float, 0 to 1, default 0.3
        Share of the echoes in the output; the rest is the dry sound.
    ping_pong : bool, default False
        Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with
        two channels only.
    low_cut : bool, default False
        Whether each echo loses lows against the one before.
    low_cut_hz : float, 20 to 2000 Hz, below half the sample rate, default 150
        Where the low cut begins: -3 dB per echo, 12 dB per octave.
    high_cut : bool, default False
        Whether each echo loses highs against the one before.
    high_cut_hz : float, 200 to 20000 Hz, below half the sample rate, default 3500
        Where the high cut begins: -3 dB per echo, 12 dB per octave.
    sync : str, default "off"
        A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits. One
        of "off", "sixty_fourth", "sixty_fourth_dotted", "sixty_fourth_triplet", "thirty_second",
        "thirty_second_dotted", "thirty_second_triplet", "sixteenth", "sixteenth_dotted", "sixteenth_triplet", "eighth",
        "eighth_dotted", "eighth_triplet", "quarter", "quarter_dotted", "quarter_triplet", "half", "half_dotted",
        "half_triplet", "whole", "whole_dotted", "whole_triplet".
    tempo_bpm : float, 20 to 400 bpm, default 120
        Quarter notes per minute, for `sync`.
    freeze : bool, default False
        Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames.
    time_change : {"crossfade", "glide"}, default "crossfade"
        How a time that is set is come to.
    glide_ms : float, 10 to 5000 ms, default 500
        How long a change of the time takes where it glides.
    maximum_seconds : float, 0.001 to 60 s, default 2
        The longest time that can be set; at least 16 frames are kept. Fixed while audio runs.

    Readings
    --------
    delay_ms : ms
        The time of what is heard now: while it glides, when a note value sets it, when it is frozen.
    """

    __slots__ = ()
    _table = Table(
        22,
        "delay",
        config=("maximum_seconds",),
        readings=(
            Reading(
                0x9161000007d1,
                "delay_ms",
                "ms",
                "The time of what is heard now: while it glides, when a note value sets it, when it is frozen.",
            ),
        ),
    )

    time_ms: Number = Number(
        1.0,
        60000.0,
        "ms",
        default=500.0,
        id=0xa07f00000001,
        doc="Time to the first echo, and between echoes; at least 16 frames, at most what was built for.",
    )
    feedback: Number = Number(
        0.0,
        0.999,
        default=0.4,
        id=0xa07f00000002,
        doc="Level of each echo against the one before, as an amplitude factor.",
    )
    mix: Number = Number(
        0.0, 1.0, default=0.3, id=0xa07f00000003, doc="Share of the echoes in the output; the rest is the dry sound."
    )
    ping_pong: Switch = Switch(
        default=False,
        id=0xa07f00000004,
        doc="Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; "
        "with two channels only.",
    )
    low_cut: Switch = Switch(
        default=False, id=0xa07f00000005, doc="Whether each echo loses lows against the one before."
    )
    low_cut_hz: Number = Number(
        20.0,
        2000.0,
        "Hz",
        default=150.0,
        id=0xa07f00000006,
        doc="Where the low cut begins: -3 dB per echo, 12 dB per octave.",
    )
    high_cut: Switch = Switch(
        default=False, id=0xa07f00000007, doc="Whether each echo loses highs against the one before."
    )
    high_cut_hz: Number = Number(
        200.0,
        20000.0,
        "Hz",
        default=3500.0,
        id=0xa07f00000008,
        doc="Where the high cut begins: -3 dB per echo, 12 dB per octave.",
    )
    _Sync = Literal[
        "off",
        "sixty_fourth",
        "sixty_fourth_dotted",
        "sixty_fourth_triplet",
        "thirty_second",
        "thirty_second_dotted",
        "thirty_second_triplet",
        "sixteenth",
        "sixteenth_dotted",
        "sixteenth_triplet",
        "eighth",
        "eighth_dotted",
        "eighth_triplet",
        "quarter",
        "quarter_dotted",
        "quarter_triplet",
        "half",
        "half_dotted",
        "half_triplet",
        "whole",
        "whole_dotted",
        "whole_triplet",
    ]
    sync: Choice[_Sync] = Choice(
        _Sync,
        default="off",
        id=0xa07f00000009,
        doc="A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it "
        "fits.",
    )
    tempo_bpm: Number = Number(
        20.0, 400.0, "bpm", default=120.0, id=0xa07f0000000a, doc="Quarter notes per minute, for `sync`."
    )
    freeze: Switch = Switch(
        default=False,
        id=0xa07f0000000b,
        doc="Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole "
        "frames.",
    )
    _TimeChange = Literal["crossfade", "glide"]
    time_change: Choice[_TimeChange] = Choice(
        _TimeChange, default="crossfade", id=0xa07f0000000c, doc="How a time that is set is come to."
    )
    glide_ms: Number = Number(
        10.0, 5000.0, "ms", default=500.0, id=0xa07f0000000d, doc="How long a change of the time takes where it glides."
    )
    maximum_seconds: Number = Number(
        0.001,
        60.0,
        "s",
        default=2.0,
        id=0xcb01000003e9,
        fixed=True,
        doc="The longest time that can be set; at least 16 frames are kept.",
    )

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
        sync: _Sync = "off",
        tempo_bpm: float = 120.0,
        freeze: bool = False,
        time_change: _TimeChange = "crossfade",
        glide_ms: float = 500.0,
        *,
        maximum_seconds: float = 2.0,
    ) -> None:
        super().__init__()
        self.time_ms = time_ms
        self.feedback = feedback
        self.mix = mix
        self.ping_pong = ping_pong
        self.low_cut = low_cut
        self.low_cut_hz = low_cut_hz
        self.high_cut = high_cut
        self.high_cut_hz = high_cut_hz
        self.sync = sync
        self.tempo_bpm = tempo_bpm
        self.freeze = freeze
        self.time_change = time_change
        self.glide_ms = glide_ms
        self.maximum_seconds = maximum_seconds


class Chorus(Processor):
    """Adds copies whose pitch wavers, as when several play the same.

    Parameters
    ----------
    rate_hz : float, 0.01 to 20 Hz, default 0.8
        How often the pitch wavers.
    depth_ms : float, 0 to 20 ms, default 2
        By how much the delay swings, from its shortest to its longest.
    delay_ms : float, 1 to 50 ms, default 7
        The shortest delay.
    voices : int, 1 to 4, default 1
        How many copies there are.
    stereo_deg : float, 0 to 180 °, default 90
        By how much of its period each channel swings later than the one before.
    mix : float, 0 to 1, default 0.5
        Share of the copies; the rest is dry.
    phase_deg : float, 0 to 360 °, default 0
        Where in its period the oscillator begins.
    sync : str, default "off"
        A note value that sets the rate in place of `rate_hz`. One of "off", "sixty_fourth", "sixty_fourth_dotted",
        "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth",
        "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter",
        "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted",
        "whole_triplet".
    tempo_bpm : float, 20 to 400 bpm, default 120
        Quarter notes per minute, for `sync`.
    hold : bool, default False
        Lets the oscillator stand where it is.

    Presets
    -------
    vibrato : preset
        The pitch wavers by itself, without the dry sound.
    ensemble : preset
        Three slow voices, wide: for strings and pads.
    doubler : preset
        One late voice that hardly wavers, as a second take: for voices and guitars.
    """

    __slots__ = ()
    _table = Table(23, "chorus")
    _presets = {
        "vibrato": {"rate_hz": 5.0, "depth_ms": 1.0, "delay_ms": 1.0, "stereo_deg": 0.0, "mix": 1.0},
        "ensemble": {"rate_hz": 0.5, "depth_ms": 4.0, "delay_ms": 10.0, "voices": 3},
        "doubler": {"rate_hz": 0.3, "depth_ms": 3.0, "delay_ms": 25.0, "stereo_deg": 180.0, "mix": 0.4},
    }

    rate_hz: Number = Number(0.01, 20.0, "Hz", default=0.8, id=0x189a00000001, doc="How often the pitch wavers.")
    depth_ms: Number = Number(
        0.0,
        20.0,
        "ms",
        default=2.0,
        id=0x189a00000002,
        doc="By how much the delay swings, from its shortest to its longest.",
    )
    delay_ms: Number = Number(1.0, 50.0, "ms", default=7.0, id=0x189a00000003, doc="The shortest delay.")
    voices: Whole = Whole(1, 4, default=1, id=0x189a00000004, doc="How many copies there are.")
    stereo_deg: Number = Number(
        0.0,
        180.0,
        "°",
        default=90.0,
        id=0x189a00000005,
        doc="By how much of its period each channel swings later than the one before.",
    )
    mix: Number = Number(0.0, 1.0, default=0.5, id=0x189a00000006, doc="Share of the copies; the rest is dry.")
    phase_deg: Number = Number(
        0.0, 360.0, "°", default=0.0, id=0x189a00000007, doc="Where in its period the oscillator begins."
    )
    _Sync = Literal[
        "off",
        "sixty_fourth",
        "sixty_fourth_dotted",
        "sixty_fourth_triplet",
        "thirty_second",
        "thirty_second_dotted",
        "thirty_second_triplet",
        "sixteenth",
        "sixteenth_dotted",
        "sixteenth_triplet",
        "eighth",
        "eighth_dotted",
        "eighth_triplet",
        "quarter",
        "quarter_dotted",
        "quarter_triplet",
        "half",
        "half_dotted",
        "half_triplet",
        "whole",
        "whole_dotted",
        "whole_triplet",
    ]
    sync: Choice[_Sync] = Choice(
        _Sync, default="off", id=0x189a00000008, doc="A note value that sets the rate in place of `rate_hz`."
    )
    tempo_bpm: Number = Number(
        20.0, 400.0, "bpm", default=120.0, id=0x189a00000009, doc="Quarter notes per minute, for `sync`."
    )
    hold: Switch = Switch(default=False, id=0x189a0000000a, doc="Lets the oscillator stand where it is.")

    def __init__(
        self,
        rate_hz: float = 0.8,
        depth_ms: float = 2.0,
        delay_ms: float = 7.0,
        voices: int = 1,
        stereo_deg: float = 90.0,
        mix: float = 0.5,
        phase_deg: float = 0.0,
        sync: _Sync = "off",
        tempo_bpm: float = 120.0,
        hold: bool = False,
    ) -> None:
        super().__init__()
        self.rate_hz = rate_hz
        self.depth_ms = depth_ms
        self.delay_ms = delay_ms
        self.voices = voices
        self.stereo_deg = stereo_deg
        self.mix = mix
        self.phase_deg = phase_deg
        self.sync = sync
        self.tempo_bpm = tempo_bpm
        self.hold = hold


class Flanger(Processor):
    """Sweeps a comb of notches through a sound, by a short delay against it.

    Parameters
    ----------
    rate_hz : float, 0.01 to 20 Hz, default 0.25
        How often the comb sweeps.
    depth_ms : float, 0 to 10 ms, default 3
        By how much the delay swings, from its shortest to its longest.
    delay_ms : float, 0.1 to 10 ms, default 0.5
        The shortest delay; at least 3 frames.
    feedback : float, -0.95 to 0.95, default 0
        What comes back into the line, as an amplitude factor; negative turned round.
    stereo_deg : float, 0 to 180 °, default 0
        By how much of its period each channel swings later than the one before.
    mix : float, 0 to 1, default 0.5
        Share of the delayed sound; the rest is dry.
    invert : bool, default False
        Turns the delayed sound round.
    phase_deg : float, 0 to 360 °, default 0
        Where in its period the oscillator begins.
    sync : str, default "off"
        A note value that sets the rate in place of `rate_hz`. One of "off", "sixty_fourth", "sixty_fourth_dotted",
        "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth",
        "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter",
        "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted",
        "whole_triplet".
    tempo_bpm : float, 20 to 400 bpm, default 120
        Quarter notes per minute, for `sync`.
    hold : bool, default False
        Lets the oscillator stand where it is.
    through_zero_ms : float, 0 to 10 ms, default 0
        How long the dry sound waits so that the delayed one can pass it; this is the latency. Fixed while audio runs.

    Presets
    -------
    jet : preset
        A slow sweep that rings.
    tape : preset
        Two tape machines that pass each other: through zero.
    """

    __slots__ = ()
    _table = Table(24, "flanger", config=("through_zero_ms",))
    _presets = {
        "jet": {"rate_hz": 0.15, "depth_ms": 5.0, "feedback": 0.7},
        "tape": {"through_zero_ms": 2.5, "rate_hz": 0.1, "depth_ms": 4.0, "invert": True},
    }

    rate_hz: Number = Number(0.01, 20.0, "Hz", default=0.25, id=0x99400000001, doc="How often the comb sweeps.")
    depth_ms: Number = Number(
        0.0,
        10.0,
        "ms",
        default=3.0,
        id=0x99400000002,
        doc="By how much the delay swings, from its shortest to its longest.",
    )
    delay_ms: Number = Number(
        0.1, 10.0, "ms", default=0.5, id=0x99400000003, doc="The shortest delay; at least 3 frames."
    )
    feedback: Number = Number(
        -0.95,
        0.95,
        default=0.0,
        id=0x99400000004,
        doc="What comes back into the line, as an amplitude factor; negative turned round.",
    )
    stereo_deg: Number = Number(
        0.0,
        180.0,
        "°",
        default=0.0,
        id=0x99400000005,
        doc="By how much of its period each channel swings later than the one before.",
    )
    mix: Number = Number(0.0, 1.0, default=0.5, id=0x99400000006, doc="Share of the delayed sound; the rest is dry.")
    invert: Switch = Switch(default=False, id=0x99400000007, doc="Turns the delayed sound round.")
    phase_deg: Number = Number(
        0.0, 360.0, "°", default=0.0, id=0x99400000008, doc="Where in its period the oscillator begins."
    )
    _Sync = Literal[
        "off",
        "sixty_fourth",
        "sixty_fourth_dotted",
        "sixty_fourth_triplet",
        "thirty_second",
        "thirty_second_dotted",
        "thirty_second_triplet",
        "sixteenth",
        "sixteenth_dotted",
        "sixteenth_triplet",
        "eighth",
        "eighth_dotted",
        "eighth_triplet",
        "quarter",
        "quarter_dotted",
        "quarter_triplet",
        "half",
        "half_dotted",
        "half_triplet",
        "whole",
        "whole_dotted",
        "whole_triplet",
    ]
    sync: Choice[_Sync] = Choice(
        _Sync, default="off", id=0x99400000009, doc="A note value that sets the rate in place of `rate_hz`."
    )
    tempo_bpm: Number = Number(
        20.0, 400.0, "bpm", default=120.0, id=0x9940000000a, doc="Quarter notes per minute, for `sync`."
    )
    hold: Switch = Switch(default=False, id=0x9940000000b, doc="Lets the oscillator stand where it is.")
    through_zero_ms: Number = Number(
        0.0,
        10.0,
        "ms",
        default=0.0,
        id=0x6a4a000003e9,
        fixed=True,
        doc="How long the dry sound waits so that the delayed one can pass it; this is the latency.",
    )

    def __init__(
        self,
        rate_hz: float = 0.25,
        depth_ms: float = 3.0,
        delay_ms: float = 0.5,
        feedback: float = 0.0,
        stereo_deg: float = 0.0,
        mix: float = 0.5,
        invert: bool = False,
        phase_deg: float = 0.0,
        sync: _Sync = "off",
        tempo_bpm: float = 120.0,
        hold: bool = False,
        *,
        through_zero_ms: float = 0.0,
    ) -> None:
        super().__init__()
        self.rate_hz = rate_hz
        self.depth_ms = depth_ms
        self.delay_ms = delay_ms
        self.feedback = feedback
        self.stereo_deg = stereo_deg
        self.mix = mix
        self.invert = invert
        self.phase_deg = phase_deg
        self.sync = sync
        self.tempo_bpm = tempo_bpm
        self.hold = hold
        self.through_zero_ms = through_zero_ms


class Phaser(Processor):
    """Sweeps notches through a sound, by all-passes against it.

    Parameters
    ----------
    rate_hz : float, 0.01 to 20 Hz, default 0.5
        How often the notches sweep.
    frequency_hz : float, 50 to 8000 Hz, below half the sample rate, default 800
        The middle of the sweep, where each all-pass turns the phase by 90 degrees.
    range_octaves : float, 0 to 6, default 2
        From the lowest to the highest, in octaves; near 0.45 of the sample rate the sweep is held back.
    feedback : float, -0.95 to 0.95, default 0
        What comes back, as an amplitude factor; negative turned round.
    stereo_deg : float, 0 to 180 °, default 0
        By how much of its period each channel sweeps later than the one before.
    mix : float, 0 to 1, default 0.5
        Share of what was turned; the rest is dry.
    phase_deg : float, 0 to 360 °, default 0
        Where in its period the oscillator begins.
    sync : str, default "off"
        A note value that sets the rate in place of `rate_hz`. One of "off", "sixty_fourth", "sixty_fourth_dotted",
        "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth",
        "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter",
        "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted",
        "whole_triplet".
    tempo_bpm : float, 20 to 400 bpm, default 120
        Quarter notes per minute, for `sync`.
    hold : bool, default False
        Lets the oscillator stand where it is.
    stages : int, 2 to 12, default 4
        How many all-passes there are; two make a notch. Fixed while audio runs.

    Presets
    -------
    slow : preset
        A slow wide sweep: for keys and pads.
    resonant : preset
        Six all-passes with much feedback: for guitars.
    """

    __slots__ = ()
    _table = Table(25, "phaser", config=("stages",))
    _presets = {
        "slow": {"rate_hz": 0.12, "range_octaves": 3.0, "stereo_deg": 90.0},
        "resonant": {"stages": 6, "rate_hz": 0.4, "range_octaves": 3.0, "feedback": 0.7},
    }

    rate_hz: Number = Number(0.01, 20.0, "Hz", default=0.5, id=0xf17900000001, doc="How often the notches sweep.")
    frequency_hz: Number = Number(
        50.0,
        8000.0,
        "Hz",
        default=800.0,
        id=0xf17900000002,
        doc="The middle of the sweep, where each all-pass turns the phase by 90 degrees.",
    )
    range_octaves: Number = Number(
        0.0,
        6.0,
        default=2.0,
        id=0xf17900000003,
        doc="From the lowest to the highest, in octaves; near 0.45 of the sample rate the sweep is held back.",
    )
    feedback: Number = Number(
        -0.95,
        0.95,
        default=0.0,
        id=0xf17900000004,
        doc="What comes back, as an amplitude factor; negative turned round.",
    )
    stereo_deg: Number = Number(
        0.0,
        180.0,
        "°",
        default=0.0,
        id=0xf17900000005,
        doc="By how much of its period each channel sweeps later than the one before.",
    )
    mix: Number = Number(0.0, 1.0, default=0.5, id=0xf17900000006, doc="Share of what was turned; the rest is dry.")
    phase_deg: Number = Number(
        0.0, 360.0, "°", default=0.0, id=0xf17900000007, doc="Where in its period the oscillator begins."
    )
    _Sync = Literal[
        "off",
        "sixty_fourth",
        "sixty_fourth_dotted",
        "sixty_fourth_triplet",
        "thirty_second",
        "thirty_second_dotted",
        "thirty_second_triplet",
        "sixteenth",
        "sixteenth_dotted",
        "sixteenth_triplet",
        "eighth",
        "eighth_dotted",
        "eighth_triplet",
        "quarter",
        "quarter_dotted",
        "quarter_triplet",
        "half",
        "half_dotted",
        "half_triplet",
        "whole",
        "whole_dotted",
        "whole_triplet",
    ]
    sync: Choice[_Sync] = Choice(
        _Sync, default="off", id=0xf17900000008, doc="A note value that sets the rate in place of `rate_hz`."
    )
    tempo_bpm: Number = Number(
        20.0, 400.0, "bpm", default=120.0, id=0xf17900000009, doc="Quarter notes per minute, for `sync`."
    )
    hold: Switch = Switch(default=False, id=0xf1790000000a, doc="Lets the oscillator stand where it is.")
    stages: Whole = Whole(
        2, 12, default=4, id=0x59db000003e9, fixed=True, doc="How many all-passes there are; two make a notch."
    )

    def __init__(
        self,
        rate_hz: float = 0.5,
        frequency_hz: float = 800.0,
        range_octaves: float = 2.0,
        feedback: float = 0.0,
        stereo_deg: float = 0.0,
        mix: float = 0.5,
        phase_deg: float = 0.0,
        sync: _Sync = "off",
        tempo_bpm: float = 120.0,
        hold: bool = False,
        *,
        stages: int = 4,
    ) -> None:
        super().__init__()
        self.rate_hz = rate_hz
        self.frequency_hz = frequency_hz
        self.range_octaves = range_octaves
        self.feedback = feedback
        self.stereo_deg = stereo_deg
        self.mix = mix
        self.phase_deg = phase_deg
        self.sync = sync
        self.tempo_bpm = tempo_bpm
        self.hold = hold
        self.stages = stages


class Tremolo(Processor):
    """Lets the level waver, or a sound go from side to side.

    Parameters
    ----------
    rate_hz : float, 0.01 to 20 Hz, default 5
        How often the level wavers.
    depth : float, 0 to 1, default 0.5
        How deep the level goes: 0.5 is 3 dB, 1 silence.
    edge : float, 0 to 1, default 0
        From a sine to nearly a square.
    stereo_deg : float, 0 to 180 °, default 0
        By how much of its period each channel wavers later than the one before.
    phase_deg : float, 0 to 360 °, default 0
        Where in its period the oscillator begins.
    sync : str, default "off"
        A note value that sets the rate in place of `rate_hz`. One of "off", "sixty_fourth", "sixty_fourth_dotted",
        "sixty_fourth_triplet", "thirty_second", "thirty_second_dotted", "thirty_second_triplet", "sixteenth",
        "sixteenth_dotted", "sixteenth_triplet", "eighth", "eighth_dotted", "eighth_triplet", "quarter",
        "quarter_dotted", "quarter_triplet", "half", "half_dotted", "half_triplet", "whole", "whole_dotted",
        "whole_triplet".
    tempo_bpm : float, 20 to 400 bpm, default 120
        Quarter notes per minute, for `sync`.
    hold : bool, default False
        Lets the oscillator stand where it is.

    Presets
    -------
    auto_pan : preset
        From side to side, with even power.
    chopper : preset
        On and off by sixteenth notes.
    """

    __slots__ = ()
    _table = Table(26, "tremolo")
    _presets = {
        "auto_pan": {"rate_hz": 0.3, "depth": 1.0, "stereo_deg": 180.0},
        "chopper": {"depth": 1.0, "edge": 1.0, "sync": "eighth"},
    }

    rate_hz: Number = Number(0.01, 20.0, "Hz", default=5.0, id=0x453c00000001, doc="How often the level wavers.")
    depth: Number = Number(
        0.0, 1.0, default=0.5, id=0x453c00000002, doc="How deep the level goes: 0.5 is 3 dB, 1 silence."
    )
    edge: Number = Number(0.0, 1.0, default=0.0, id=0x453c00000003, doc="From a sine to nearly a square.")
    stereo_deg: Number = Number(
        0.0,
        180.0,
        "°",
        default=0.0,
        id=0x453c00000004,
        doc="By how much of its period each channel wavers later than the one before.",
    )
    phase_deg: Number = Number(
        0.0, 360.0, "°", default=0.0, id=0x453c00000005, doc="Where in its period the oscillator begins."
    )
    _Sync = Literal[
        "off",
        "sixty_fourth",
        "sixty_fourth_dotted",
        "sixty_fourth_triplet",
        "thirty_second",
        "thirty_second_dotted",
        "thirty_second_triplet",
        "sixteenth",
        "sixteenth_dotted",
        "sixteenth_triplet",
        "eighth",
        "eighth_dotted",
        "eighth_triplet",
        "quarter",
        "quarter_dotted",
        "quarter_triplet",
        "half",
        "half_dotted",
        "half_triplet",
        "whole",
        "whole_dotted",
        "whole_triplet",
    ]
    sync: Choice[_Sync] = Choice(
        _Sync, default="off", id=0x453c00000006, doc="A note value that sets the rate in place of `rate_hz`."
    )
    tempo_bpm: Number = Number(
        20.0, 400.0, "bpm", default=120.0, id=0x453c00000007, doc="Quarter notes per minute, for `sync`."
    )
    hold: Switch = Switch(default=False, id=0x453c00000008, doc="Lets the oscillator stand where it is.")

    def __init__(
        self,
        rate_hz: float = 5.0,
        depth: float = 0.5,
        edge: float = 0.0,
        stereo_deg: float = 0.0,
        phase_deg: float = 0.0,
        sync: _Sync = "off",
        tempo_bpm: float = 120.0,
        hold: bool = False,
    ) -> None:
        super().__init__()
        self.rate_hz = rate_hz
        self.depth = depth
        self.edge = edge
        self.stereo_deg = stereo_deg
        self.phase_deg = phase_deg
        self.sync = sync
        self.tempo_bpm = tempo_bpm
        self.hold = hold


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
    bass_hz : float, 40 to 1000 Hz, default 250
        Frequency below which the bass ratio holds.
    treble_hz : float, 1000 to 16000 Hz, default 4000
        Frequency above which the treble ratio holds.
    mix : float, 0 to 1, default 0.3
        Level of the reverb, of which 1 is as loud as steady noise that comes in; the dry sound gives way, so that a mix
        is as loud as the dry sound, or up to 1 dB softer.
    width : float, 0 to 1, default 1
        Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.
    modulation : float, 0 to 1, default 0.15
        How far the reads of the modulated lines move.
    freeze : bool, default False
        Holds what sounds for ever and lets nothing new in.
    early : float, 0 to 1, default 0.5
        How much of the sound before the late reverb are single reflections of walls; the rest is diffuse.
    size : float, 0.2 to 2, default 1
        Size of the room: factor of a box of 17 by 12 by 7 m, and of the network's delays of 30 to 190 ms. Fixed while
        audio runs.
    pre_delay_ms : float, 0 to 500 ms, default 10
        Time before the reverb begins. Fixed while audio runs.
    distance : float, 0 to 1, default 0.5
        How far away the sound stands in the room: 0 near, its reflections late and apart; 1 far, they come close behind
        it. Fixed while audio runs.

    Presets
    -------
    room : preset
        A small room with hard walls close by, 0.4 s: puts dry tracks in one place.
    chamber : preset
        An echo chamber, 1.1 s and even from bass to treble: for voices and snares.
    hall : preset
        A concert hall, 2.2 s, warm in the bass and dark in the treble.
    plate : preset
        A plate, 1.8 s: dense at once, bright, without walls and with little bass.
    cathedral : preset
        A cathedral, 5.5 s: far walls, and treble that the air takes.
    """

    __slots__ = ()
    _table = Table(27, "reverb", config=("size", "pre_delay_ms", "distance"))
    _presets = {
        "room": {
            "size": 0.5,
            "pre_delay_ms": 0.0,
            "distance": 0.3,
            "decay_seconds": 0.4,
            "treble_ratio": 0.7,
            "modulation": 0.2,
        },
        "chamber": {
            "size": 0.75,
            "pre_delay_ms": 4.0,
            "decay_seconds": 1.1,
            "bass_ratio": 1.0,
            "treble_ratio": 0.7,
            "modulation": 0.2,
        },
        "hall": {
            "size": 1.1,
            "pre_delay_ms": 18.0,
            "distance": 0.6,
            "decay_seconds": 2.2,
            "bass_ratio": 1.25,
            "treble_ratio": 0.45,
            "early": 0.6,
        },
        "plate": {
            "size": 0.9,
            "pre_delay_ms": 0.0,
            "bass_ratio": 0.8,
            "treble_ratio": 0.7,
            "treble_hz": 6000.0,
            "modulation": 0.2,
            "early": 0.0,
        },
        "cathedral": {
            "size": 1.8,
            "pre_delay_ms": 30.0,
            "distance": 0.8,
            "decay_seconds": 5.5,
            "bass_ratio": 1.2,
            "treble_ratio": 0.3,
            "treble_hz": 3000.0,
            "early": 0.3,
        },
    }

    decay_seconds: Number = Number(
        0.1, 30.0, "s", default=1.8, id=0xd4cb00000001, doc="Time in which the middle frequencies lose 60 dB."
    )
    bass_ratio: Number = Number(
        0.25, 4.0, default=1.1, id=0xd4cb00000002, doc="Decay of the bass as a factor of the middle's."
    )
    treble_ratio: Number = Number(
        0.1, 2.0, default=0.5, id=0xd4cb00000003, doc="Decay of the treble as a factor of the middle's."
    )
    bass_hz: Number = Number(
        40.0, 1000.0, "Hz", default=250.0, id=0xd4cb00000004, doc="Frequency below which the bass ratio holds."
    )
    treble_hz: Number = Number(
        1000.0, 16000.0, "Hz", default=4000.0, id=0xd4cb00000005, doc="Frequency above which the treble ratio holds."
    )
    mix: Number = Number(
        0.0,
        1.0,
        default=0.3,
        id=0xd4cb00000006,
        doc="Level of the reverb, of which 1 is as loud as steady noise that comes in; the dry sound gives way, so "
        "that a mix is as loud as the dry sound, or up to 1 dB softer.",
    )
    width: Number = Number(
        0.0,
        1.0,
        default=1.0,
        id=0xd4cb00000007,
        doc="Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.",
    )
    modulation: Number = Number(
        0.0, 1.0, default=0.15, id=0xd4cb00000008, doc="How far the reads of the modulated lines move."
    )
    freeze: Switch = Switch(default=False, id=0xd4cb00000009, doc="Holds what sounds for ever and lets nothing new in.")
    early: Number = Number(
        0.0,
        1.0,
        default=0.5,
        id=0xd4cb0000000a,
        doc="How much of the sound before the late reverb are single reflections of walls; the rest is diffuse.",
    )
    size: Number = Number(
        0.2,
        2.0,
        default=1.0,
        id=0xd9ff000003e9,
        fixed=True,
        doc="Size of the room: factor of a box of 17 by 12 by 7 m, and of the network's delays of 30 to 190 ms.",
    )
    pre_delay_ms: Number = Number(
        0.0, 500.0, "ms", default=10.0, id=0xd9ff000003ea, fixed=True, doc="Time before the reverb begins."
    )
    distance: Number = Number(
        0.0,
        1.0,
        default=0.5,
        id=0xd9ff000003eb,
        fixed=True,
        doc="How far away the sound stands in the room: 0 near, its reflections late and apart; 1 far, they come close "
        "behind it.",
    )

    def __init__(
        self,
        decay_seconds: float = 1.8,
        bass_ratio: float = 1.1,
        treble_ratio: float = 0.5,
        bass_hz: float = 250.0,
        treble_hz: float = 4000.0,
        mix: float = 0.3,
        width: float = 1.0,
        modulation: float = 0.15,
        freeze: bool = False,
        early: float = 0.5,
        *,
        size: float = 1.0,
        pre_delay_ms: float = 10.0,
        distance: float = 0.5,
    ) -> None:
        super().__init__()
        self.decay_seconds = decay_seconds
        self.bass_ratio = bass_ratio
        self.treble_ratio = treble_ratio
        self.bass_hz = bass_hz
        self.treble_hz = treble_hz
        self.mix = mix
        self.width = width
        self.modulation = modulation
        self.freeze = freeze
        self.early = early
        self.size = size
        self.pre_delay_ms = pre_delay_ms
        self.distance = distance


class ConvolutionReverb(Processor):
    """Adds the sound of a room that was recorded, without latency.

    Parameters
    ----------
    response : array (channels, samples), at most 4 or path, 1 to 2097152 samples
        Impulse response at the rate of the audio: one channel, left and right, or left to left, left to right, right to
        left, right to right. Fixed while audio runs.
    mix : float, 0 to 1, default 0.3
        Share of the reverb; the rest is dry.
    bands : list of Equalizer.Band, at most 8, default ()
        In order.
    pre_delay_ms : float, 0 to 500 ms, default 0
        Time before the reverb begins. Fixed while audio runs.
    decay : float, 0.05 to 1, default 1
        Decay time as a factor of the impulse response's own. Fixed while audio runs.
    trim : bool, default True
        Cuts off what the impulse response has before its beginning, 60 dB under its peak, and behind its end, 100 dB.
        Fixed while audio runs.
    normalise : bool, default True
        Scales the impulse response so that no frequency comes out louder than it goes in. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(28, "convolution_reverb", config=("pre_delay_ms", "decay", "trim", "normalise", "bands"))

    Band = Equalizer.Band

    response: Audio = Audio(
        4,
        1,
        2097152,
        doc="Impulse response at the rate of the audio: one channel, left and right, or left to left, left to right, "
        "right to left, right to right.",
    )
    mix: Number = Number(0.0, 1.0, default=0.3, id=0x325800000001, doc="Share of the reverb; the rest is dry.")
    bands: Items[Equalizer.Band] = Items(Equalizer.Band, 0, 8, doc="In order.")
    pre_delay_ms: Number = Number(
        0.0, 500.0, "ms", default=0.0, id=0xcb12000003e9, fixed=True, doc="Time before the reverb begins."
    )
    decay: Number = Number(
        0.05,
        1.0,
        default=1.0,
        id=0xcb12000003ea,
        fixed=True,
        doc="Decay time as a factor of the impulse response's own.",
    )
    trim: Switch = Switch(
        default=True,
        id=0xcb12000003eb,
        fixed=True,
        doc="Cuts off what the impulse response has before its beginning, 60 dB under its peak, and behind its end, "
        "100 dB.",
    )
    normalise: Switch = Switch(
        default=True,
        id=0xcb12000003ec,
        fixed=True,
        doc="Scales the impulse response so that no frequency comes out louder than it goes in.",
    )

    def __init__(
        self,
        response: AudioOf,
        mix: float = 0.3,
        bands: ItemsOf[Equalizer.Band] = (),
        *,
        pre_delay_ms: float = 0.0,
        decay: float = 1.0,
        trim: bool = True,
        normalise: bool = True,
    ) -> None:
        super().__init__()
        self.response = response
        self.mix = mix
        self.bands = bands
        self.pre_delay_ms = pre_delay_ms
        self.decay = decay
        self.trim = trim
        self.normalise = normalise


class Pan(Processor):
    """Places a mono sound between left and right, or balances a stereo one.

    Parameters
    ----------
    pan : float, -1 to 1, default 0
        From -1, left, over 0, centre, to 1, right.
    law : str, default "constant_power"
        How far each side falls in the centre. One of "constant_power", "compromise", "constant_sum", "linear",
        "centre".
    centre_db : float, -12 to -1 dB, default -3
        Level of each side in the centre, where the law is `centre`.
    """

    __slots__ = ()
    _table = Table(29, "pan")

    pan: Number = Number(-1.0, 1.0, default=0.0, id=0x478400000001, doc="From -1, left, over 0, centre, to 1, right.")
    _Law = Literal["constant_power", "compromise", "constant_sum", "linear", "centre"]
    law: Choice[_Law] = Choice(
        _Law, default="constant_power", id=0x478400000002, doc="How far each side falls in the centre."
    )
    centre_db: Number = Number(
        -12.0,
        -1.0,
        "dB",
        default=-3.0,
        id=0x478400000003,
        doc="Level of each side in the centre, where the law is `centre`.",
    )

    def __init__(self, pan: float = 0.0, law: _Law = "constant_power", centre_db: float = -3.0) -> None:
        super().__init__()
        self.pan = pan
        self.law = law
        self.centre_db = centre_db


class DualPan(Processor):
    """Places the left and the right of a stereo sound, each by itself.

    Parameters
    ----------
    left_pan : float, -1 to 1, default -1
        Where the left channel stands, from -1, left, to 1, right.
    right_pan : float, -1 to 1, default 1
        Where the right channel stands, from -1, left, to 1, right.
    law : str, default "constant_power"
        How far each side falls in the centre. One of "constant_power", "compromise", "constant_sum", "linear",
        "centre".
    centre_db : float, -12 to -1 dB, default -3
        Level of each side in the centre, where the law is `centre`.
    """

    __slots__ = ()
    _table = Table(30, "dual_pan")

    left_pan: Number = Number(
        -1.0, 1.0, default=-1.0, id=0xfc4100000001, doc="Where the left channel stands, from -1, left, to 1, right."
    )
    right_pan: Number = Number(
        -1.0, 1.0, default=1.0, id=0xfc4100000002, doc="Where the right channel stands, from -1, left, to 1, right."
    )
    _Law = Literal["constant_power", "compromise", "constant_sum", "linear", "centre"]
    law: Choice[_Law] = Choice(
        _Law, default="constant_power", id=0xfc4100000003, doc="How far each side falls in the centre."
    )
    centre_db: Number = Number(
        -12.0,
        -1.0,
        "dB",
        default=-3.0,
        id=0xfc4100000004,
        doc="Level of each side in the centre, where the law is `centre`.",
    )

    def __init__(
        self, left_pan: float = -1.0, right_pan: float = 1.0, law: _Law = "constant_power", centre_db: float = -3.0
    ) -> None:
        super().__init__()
        self.left_pan = left_pan
        self.right_pan = right_pan
        self.law = law
        self.centre_db = centre_db


class Rotation(Processor):
    """Turns the stereo field, and keeps its power.

    Parameters
    ----------
    angle_deg : float, -90 to 90 °, default 0
        To the right positive: 45 brings what stands in the centre to the right.
    """

    __slots__ = ()
    _table = Table(31, "rotation")

    angle_deg: Number = Number(
        -90.0,
        90.0,
        "°",
        default=0.0,
        id=0xdf0900000001,
        doc="To the right positive: 45 brings what stands in the centre to the right.",
    )

    def __init__(self, angle_deg: float = 0.0) -> None:
        super().__init__()
        self.angle_deg = angle_deg


class Width(Processor):
    """Makes a stereo sound narrower or wider.

    Parameters
    ----------
    width : float, 0 to 2, default 1
        Factor of the side: 0 is mono, 1 leaves the sound as it is.
    """

    __slots__ = ()
    _table = Table(32, "width")

    width: Number = Number(
        0.0, 2.0, default=1.0, id=0xa87400000001, doc="Factor of the side: 0 is mono, 1 leaves the sound as it is."
    )

    def __init__(self, width: float = 1.0) -> None:
        super().__init__()
        self.width = width


class Imager(Processor):
    """Makes a stereo sound mono below a frequency, and narrower or wider by band above.

    Parameters
    ----------
    mono_below_hz : float, 20 to 1000 Hz, below half the sample rate, default 120
        Where the lows end, whose width is `low_width`: 6 dB down, 48 dB per octave.
    low_width : float, 0 to 2, default 0
        Factor of the side in the lows: 0 is mono.
    width : float, 0 to 2, default 1
        Factor of the side above the lows, up to the first band: 0 is mono, 1 leaves the sound as it is.
    bands : list of Imager.Band, at most 4, default ()
        In order.
    """

    __slots__ = ()
    _table = Table(33, "imager", config=("bands",))

    class Band(Record):
        """One of the bands of :class:`Imager`.

        Parameters
        ----------
        from_hz : float, 20 to 20000 Hz, below half the sample rate, default 2000
            Where the band begins; it goes up to the next one's beginning.
        width : float, 0 to 2, default 1
            Factor of the side in the band: 0 is mono, 1 leaves the sound as it is.
        """

        __slots__ = ()

        from_hz: Number = Number(
            20.0,
            20000.0,
            "Hz",
            default=2000.0,
            id=0x15a100000001,
            doc="Where the band begins; it goes up to the next one's beginning.",
        )
        width: Number = Number(
            0.0,
            2.0,
            default=1.0,
            id=0x15a100000002,
            doc="Factor of the side in the band: 0 is mono, 1 leaves the sound as it is.",
        )

        def __init__(self, from_hz: float = 2000.0, width: float = 1.0) -> None:
            super().__init__()
            self.from_hz = from_hz
            self.width = width

    mono_below_hz: Number = Number(
        20.0,
        1000.0,
        "Hz",
        default=120.0,
        id=0xb98600000001,
        doc="Where the lows end, whose width is `low_width`: 6 dB down, 48 dB per octave.",
    )
    low_width: Number = Number(
        0.0, 2.0, default=0.0, id=0xb98600000002, doc="Factor of the side in the lows: 0 is mono."
    )
    width: Number = Number(
        0.0,
        2.0,
        default=1.0,
        id=0xb98600000003,
        doc="Factor of the side above the lows, up to the first band: 0 is mono, 1 leaves the sound as it is.",
    )
    bands: Items[Band] = Items(Band, 0, 4, doc="In order.")

    def __init__(
        self, mono_below_hz: float = 120.0, low_width: float = 0.0, width: float = 1.0, bands: ItemsOf[Band] = ()
    ) -> None:
        super().__init__()
        self.mono_below_hz = mono_below_hz
        self.low_width = low_width
        self.width = width
        self.bands = bands


class Haas(Processor):
    """Puts a sound on one side by delaying the other.

    Parameters
    ----------
    delay_ms : float, 1 to 35 ms, default 12
        By how much the other side comes later, to the nearest frame; at least 16 frames.
    level_db : float, -24 to 0 dB, default -3
        Level of the side that comes later.
    side : {"left", "right"}, default "left"
        Where the sound is heard: the side that leads.

    Readings
    --------
    comb_loss_db : dB
        By how much the mono sum of what left and right have alike is lower at the comb's bottoms than at its tops, at
        most 120.
    mono_loss_db : dB
        By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0
        for mono, 3 for unrelated channels.
    """

    __slots__ = ()
    _table = Table(
        34,
        "haas",
        readings=(
            Reading(
                0x2587000007d1,
                "comb_loss_db",
                "dB",
                "By how much the mono sum of what left and right have alike is lower at the comb's bottoms than at its "
                "tops, at most 120.",
            ),
            Reading(
                0x2587000007d2,
                "mono_loss_db",
                "dB",
                "By how much the mono sum of the present sound is quieter than both channels together, averaged over "
                "300 ms: 0 for mono, 3 for unrelated channels.",
            ),
        ),
    )

    delay_ms: Number = Number(
        1.0,
        35.0,
        "ms",
        default=12.0,
        id=0xce7c00000001,
        doc="By how much the other side comes later, to the nearest frame; at least 16 frames.",
    )
    level_db: Number = Number(
        -24.0, 0.0, "dB", default=-3.0, id=0xce7c00000002, doc="Level of the side that comes later."
    )
    _Side = Literal["left", "right"]
    side: Choice[_Side] = Choice(
        _Side, default="left", id=0xce7c00000003, doc="Where the sound is heard: the side that leads."
    )

    def __init__(self, delay_ms: float = 12.0, level_db: float = -3.0, side: _Side = "left") -> None:
        super().__init__()
        self.delay_ms = delay_ms
        self.level_db = level_db
        self.side = side


class Decorrelator(Processor):
    """Makes the middle of a sound wide, without a trace of it in mono.

    Parameters
    ----------
    amount : float, 0 to 1, default 0.85
        Side against mid of what left and right had alike: 1 makes them unrelated, 0 leaves them.
    from_hz : float, 50 to 2000 Hz, below half the sample rate, default 250
        Above which the sound is made wide: 3 dB down, 6 dB per octave.

    Readings
    --------
    mono_loss_db : dB
        By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0
        for mono, 3 for unrelated channels.
    """

    __slots__ = ()
    _table = Table(
        35,
        "decorrelator",
        readings=(
            Reading(
                0xf80d000007d1,
                "mono_loss_db",
                "dB",
                "By how much the mono sum of the present sound is quieter than both channels together, averaged over "
                "300 ms: 0 for mono, 3 for unrelated channels.",
            ),
        ),
    )

    amount: Number = Number(
        0.0,
        1.0,
        default=0.85,
        id=0x926900000001,
        doc="Side against mid of what left and right had alike: 1 makes them unrelated, 0 leaves them.",
    )
    from_hz: Number = Number(
        50.0,
        2000.0,
        "Hz",
        default=250.0,
        id=0x926900000002,
        doc="Above which the sound is made wide: 3 dB down, 6 dB per octave.",
    )

    def __init__(self, amount: float = 0.85, from_hz: float = 250.0) -> None:
        super().__init__()
        self.amount = amount
        self.from_hz = from_hz


class Crossfeed(Processor):
    """Lets each ear hear some of the other side's lows, for headphones.

    Parameters
    ----------
    frequency_hz : float, 300 to 2000 Hz, below half the sample rate, default 700
        Below which the sides are mixed.
    feed_db : float, 1 to 15 dB, default 4.5
        How far the other side is below the own one at the lowest frequencies: the less, the narrower.

    Presets
    -------
    standard : preset
        Nearest to a pair of loudspeakers at 60 degrees, 3 m away: the default.
    chu_moy : preset
        As in the amplifier by Chu Moy.
    jan_meier : preset
        As in the amplifiers by Jan Meier: the gentlest.
    """

    __slots__ = ()
    _table = Table(36, "crossfeed")
    _presets = {
        "standard": {},
        "chu_moy": {"feed_db": 6.0},
        "jan_meier": {"frequency_hz": 650.0, "feed_db": 9.5},
    }

    frequency_hz: Number = Number(
        300.0, 2000.0, "Hz", default=700.0, id=0x530700000001, doc="Below which the sides are mixed."
    )
    feed_db: Number = Number(
        1.0,
        15.0,
        "dB",
        default=4.5,
        id=0x530700000002,
        doc="How far the other side is below the own one at the lowest frequencies: the less, the narrower.",
    )

    def __init__(self, frequency_hz: float = 700.0, feed_db: float = 4.5) -> None:
        super().__init__()
        self.frequency_hz = frequency_hz
        self.feed_db = feed_db


class Vbap(Processor):
    """Places a sound among the loudspeakers of a surround layout.

    Parameters
    ----------
    azimuth_deg : float, -180 to 180 °, default 0
        To the left positive: 0 is in front, 110 a left surround.
    elevation_deg : float, -90 to 90 °, default 0
        Above ear height positive; what is below it is placed at ear height.
    spread_deg : float, 0 to 180 °, default 0
        The angle of the cone that the sound comes from.
    layout : str, default "surround_5_1"
        Which loudspeakers there are; as many channels come out. One of "surround_5_1", "surround_7_1",
        "surround_5_1_4", "surround_7_1_4". Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(37, "vbap", config=("layout",))

    azimuth_deg: Number = Number(
        -180.0,
        180.0,
        "°",
        default=0.0,
        id=0x157c00000001,
        doc="To the left positive: 0 is in front, 110 a left surround.",
    )
    elevation_deg: Number = Number(
        -90.0,
        90.0,
        "°",
        default=0.0,
        id=0x157c00000002,
        doc="Above ear height positive; what is below it is placed at ear height.",
    )
    spread_deg: Number = Number(
        0.0, 180.0, "°", default=0.0, id=0x157c00000003, doc="The angle of the cone that the sound comes from."
    )
    _Layout = Literal["surround_5_1", "surround_7_1", "surround_5_1_4", "surround_7_1_4"]
    layout: Choice[_Layout] = Choice(
        _Layout,
        default="surround_5_1",
        id=0x20ce000003e9,
        fixed=True,
        doc="Which loudspeakers there are; as many channels come out.",
    )

    def __init__(
        self,
        azimuth_deg: float = 0.0,
        elevation_deg: float = 0.0,
        spread_deg: float = 0.0,
        *,
        layout: _Layout = "surround_5_1",
    ) -> None:
        super().__init__()
        self.azimuth_deg = azimuth_deg
        self.elevation_deg = elevation_deg
        self.spread_deg = spread_deg
        self.layout = layout


class FoldDown(Processor):
    """Folds a surround mix down to stereo, mono or 5.1.

    Parameters
    ----------
    centre_db : float, -60 to 10 dB, default -3.0103
        Level of the centre in left and right.
    surround_db : float, -60 to 10 dB, default -3.0103
        Level of the surrounds in left and right.
    lfe_db : float, -60 to 10 dB, default -60
        Level of the low-frequency effects in left and right; cinemas play them 10 dB louder.
    back_db : float, -60 to 10 dB, default -3.0103
        Level of the backs of 7.1 in the surrounds.
    height_db : float, -60 to 10 dB, default -3.0103
        Level of the heights in what they stand above.
    normalise : bool, default True
        Turns everything down until no output can be louder than its inputs all together at full scale.
    to : {"stereo", "mono", "surround_5_1"}, default "stereo"
        What comes out. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(38, "fold_down", config=("to",))

    centre_db: Number = Number(
        -60.0, 10.0, "dB", default=-3.0103, id=0x60fc00000001, doc="Level of the centre in left and right."
    )
    surround_db: Number = Number(
        -60.0, 10.0, "dB", default=-3.0103, id=0x60fc00000002, doc="Level of the surrounds in left and right."
    )
    lfe_db: Number = Number(
        -60.0,
        10.0,
        "dB",
        default=-60.0,
        id=0x60fc00000003,
        doc="Level of the low-frequency effects in left and right; cinemas play them 10 dB louder.",
    )
    back_db: Number = Number(
        -60.0, 10.0, "dB", default=-3.0103, id=0x60fc00000004, doc="Level of the backs of 7.1 in the surrounds."
    )
    height_db: Number = Number(
        -60.0, 10.0, "dB", default=-3.0103, id=0x60fc00000005, doc="Level of the heights in what they stand above."
    )
    normalise: Switch = Switch(
        default=True,
        id=0x60fc00000006,
        doc="Turns everything down until no output can be louder than its inputs all together at full scale.",
    )
    _To = Literal["stereo", "mono", "surround_5_1"]
    to: Choice[_To] = Choice(_To, default="stereo", id=0x54b000003e9, fixed=True, doc="What comes out.")

    def __init__(
        self,
        centre_db: float = -3.0103,
        surround_db: float = -3.0103,
        lfe_db: float = -60.0,
        back_db: float = -3.0103,
        height_db: float = -3.0103,
        normalise: bool = True,
        *,
        to: _To = "stereo",
    ) -> None:
        super().__init__()
        self.centre_db = centre_db
        self.surround_db = surround_db
        self.lfe_db = lfe_db
        self.back_db = back_db
        self.height_db = height_db
        self.normalise = normalise
        self.to = to


class MidSideMatrix(Processor):
    """Turns left and right into mid and side, or back.

    Parameters
    ----------
    direction : {"encode", "decode"}, default "encode"
        Which way.
    """

    __slots__ = ()
    _table = Table(39, "mid_side")

    _Direction = Literal["encode", "decode"]
    direction: Choice[_Direction] = Choice(_Direction, default="encode", id=0x28a900000001, doc="Which way.")

    def __init__(self, direction: _Direction = "encode") -> None:
        super().__init__()
        self.direction = direction


class Align(Processor):
    """Makes a path wait by whole frames, so that it meets a slower one.

    Parameters
    ----------
    frames : int, 0 to 1000000 frames, default 0
        How long the path waits. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(40, "align", config=("frames",))

    frames: Whole = Whole(
        0, 1000000, "frames", default=0, id=0x22f0000003e9, fixed=True, doc="How long the path waits."
    )

    def __init__(self, *, frames: int = 0) -> None:
        super().__init__()
        self.frames = frames


class Dither(Processor):
    """Quantises to the bits of a delivery with triangular noise, plain or shaped.

    Parameters
    ----------
    bits : int, 8 to 24 bit, default 16
        Bits of the delivery. Fixed while audio runs.
    seed : int, 0 to 65535, default 0
        Which of the possible noises. Fixed while audio runs.
    noise : {"white", "high_pass", "shaped"}, default "white"
        What the noise is like. Fixed while audio runs.
    """

    __slots__ = ()
    _table = Table(41, "dither", config=("bits", "seed", "noise"))

    bits: Whole = Whole(8, 24, "bit", default=16, id=0xef84000003e9, fixed=True, doc="Bits of the delivery.")
    seed: Whole = Whole(0, 65535, default=0, id=0xef84000003ea, fixed=True, doc="Which of the possible noises.")
    _Noise = Literal["white", "high_pass", "shaped"]
    noise: Choice[_Noise] = Choice(
        _Noise, default="white", id=0xef84000003eb, fixed=True, doc="What the noise is like."
    )

    def __init__(self, *, bits: int = 16, seed: int = 0, noise: _Noise = "white") -> None:
        super().__init__()
        self.bits = bits
        self.seed = seed
        self.noise = noise
