"""pedalboard's effects, by its names and parameters, as effects of mixdsp."""

from __future__ import annotations

import math
import os
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from ... import engine, files
from ._plugin import Plugin
from ._runners import Array, Effected, Mapped, Parallel, Runner, Series


#: What theirs makes of an impulse response: the root of the energy of its loudest channel.
LEVEL_OF_RESPONSE = 0.125
#: Below this nothing is gated.
LEAST_THRESHOLD_DB = -80.0


def _gain_to_decibels(gain: float) -> float:
    return 20 * math.log10(gain) if gain > 0 else -96.0


class Gain(Plugin):
    """A level, in decibels."""

    _names = ("gain_db",)

    def __init__(self, gain_db: float = 1.0) -> None:
        self.gain_db = gain_db

    def _pieces(self) -> list[Any]:
        return [engine.Gain(self.gain_db)]


class Invert(Plugin):
    """Turns the polarity round."""

    def _pieces(self) -> list[Any]:
        return [engine.Gain(invert=True)]


class Clipping(Plugin):
    """Cuts off what is beyond a threshold."""

    _names = ("threshold_db",)

    def __init__(self, threshold_db: float = -6.0) -> None:
        self.threshold_db = threshold_db

    def _pieces(self) -> list[Any]:
        limit = np.float32(10 ** (self.threshold_db / 20))

        def clip(block: Array) -> Any:
            return np.clip(block, -limit, limit)

        return [lambda sample_rate, channels: Mapped(clip)]


class Distortion(Plugin):
    """Bends loud sounds by a hyperbolic tangent, sample by sample. :class:`mixdsp.Saturator` does it without aliases."""

    _names = ("drive_db",)

    def __init__(self, drive_db: float = 25) -> None:
        self.drive_db = drive_db

    def _pieces(self) -> list[Any]:
        drive = np.float32(10 ** (self.drive_db / 20))

        def bend(block: Array) -> Any:
            return np.tanh(block * drive)

        return [lambda sample_rate, channels: Mapped(bend)]


class Convolution(Plugin):
    """The sound of an impulse response, from a file or an array with a rate."""

    _names = ("mix",)

    def __init__(
        self,
        impulse_response_filename: Union[str, os.PathLike[str], npt.NDArray[np.float32]],
        mix: float = 1.0,
        sample_rate: Optional[float] = None,
    ) -> None:
        self._filename: Optional[str] = None
        if isinstance(impulse_response_filename, np.ndarray):
            if sample_rate is None:
                raise RuntimeError("sample_rate must be provided when passing a numpy array as an impulse response.")
            response, self._rate = np.atleast_2d(np.asarray(impulse_response_filename, np.float32)), float(sample_rate)
            self._response = response.T if response.shape[0] > response.shape[1] else response
        else:
            self._filename = os.fspath(impulse_response_filename)
            try:
                self._response, self._rate = files.read(self._filename)
            except (OSError, ValueError) as error:
                raise RuntimeError(f"Unable to load impulse response: {error}") from None
        self.mix = mix

    @property
    def impulse_response_filename(self) -> Optional[str]:
        """The file, where there is one."""
        return self._filename

    @property
    def impulse_response(self) -> Optional[npt.NDArray[np.float32]]:
        """The array, where one was given."""
        return None if self._filename else self._response

    def __repr__(self) -> str:
        channels, samples = self._response.shape
        shown = f"impulse_response=<{samples} samples of {channels}-channel audio at {self._rate:g} Hz>"
        if self._filename:
            shown = f"impulse_response_filename={self._filename}"
        return f"<{__package__}.Convolution {shown} mix={self.mix:g} at {id(self):#x}>"

    def _pieces(self) -> list[Any]:
        def runner(sample_rate: float, channels: int) -> Runner:
            response = files.resample(self._response, self._rate, sample_rate)[: min(channels, 2)]
            # As loud as theirs.
            loudest = max(float(np.sum(np.square(channel, dtype=float))) for channel in response)
            scaled = response * np.float32(LEVEL_OF_RESPONSE / math.sqrt(loudest) if loudest else 1.0)
            reverb = engine.ConvolutionReverb(scaled, self.mix, trim=False, normalise=False)
            return Effected(reverb, sample_rate, channels)

        return [runner]


class NoiseGate(Plugin):
    """Turns down what is softer than a threshold."""

    _names = ("threshold_db", "ratio", "attack_ms", "release_ms")

    def __init__(
        self, threshold_db: float = -100.0, ratio: float = 10, attack_ms: float = 1.0, release_ms: float = 100.0
    ) -> None:
        self.threshold_db = threshold_db
        self.ratio = ratio
        self.attack_ms = attack_ms
        self.release_ms = release_ms

    def _pieces(self) -> list[Any]:
        if self.threshold_db < LEAST_THRESHOLD_DB:
            return [engine.Gain(0.0)]
        return [
            engine.Expander(
                self.threshold_db,
                self.ratio,
                knee_db=0,
                range_db=100,
                attack_ms=self.attack_ms,
                release_ms=self.release_ms,
                link=0,
            )
        ]


class HighpassFilter(Plugin):
    """Takes away 6 dB per octave below a frequency."""

    _names = ("cutoff_frequency_hz",)

    def __init__(self, cutoff_frequency_hz: float = 50) -> None:
        self.cutoff_frequency_hz = cutoff_frequency_hz

    def _pieces(self) -> list[Any]:
        return [engine.Equalizer(engine.highpass(self.cutoff_frequency_hz, slope_db_per_octave=6))]


class LowpassFilter(Plugin):
    """Takes away 6 dB per octave above a frequency."""

    _names = ("cutoff_frequency_hz",)

    def __init__(self, cutoff_frequency_hz: float = 50) -> None:
        self.cutoff_frequency_hz = cutoff_frequency_hz

    def _pieces(self) -> list[Any]:
        return [engine.Equalizer(engine.lowpass(self.cutoff_frequency_hz, slope_db_per_octave=6))]


class _Band(Plugin):
    _names = ("cutoff_frequency_hz", "gain_db", "q")

    def __init__(self, cutoff_frequency_hz: float = 440, gain_db: float = 0.0, q: float = math.sqrt(0.5)) -> None:
        self.cutoff_frequency_hz = cutoff_frequency_hz
        self.gain_db = gain_db
        self.q = q


class PeakFilter(_Band):
    """Raises or lowers around a frequency."""

    def _pieces(self) -> list[Any]:
        return [engine.Equalizer(engine.bell(self.cutoff_frequency_hz, self.gain_db, q=self.q))]


class LowShelfFilter(_Band):
    """Raises or lowers below a frequency."""

    def _pieces(self) -> list[Any]:
        return [engine.Equalizer(engine.low_shelf(self.cutoff_frequency_hz, self.gain_db, q=self.q))]


class HighShelfFilter(_Band):
    """Raises or lowers above a frequency."""

    def _pieces(self) -> list[Any]:
        return [engine.Equalizer(engine.high_shelf(self.cutoff_frequency_hz, self.gain_db, q=self.q))]


class Compressor(Plugin):
    """Turns down what is louder than a threshold, each channel by itself, without a knee."""

    _names = ("threshold_db", "ratio", "attack_ms", "release_ms")

    def __init__(
        self, threshold_db: float = 0, ratio: float = 1, attack_ms: float = 1.0, release_ms: float = 100
    ) -> None:
        self.threshold_db = threshold_db
        self.ratio = ratio
        self.attack_ms = attack_ms
        self.release_ms = release_ms

    def _pieces(self) -> list[Any]:
        return [
            engine.Compressor(
                self.threshold_db,
                self.ratio,
                knee_db=0,
                attack_ms=self.attack_ms,
                release_ms=self.release_ms,
                link=0,
                detector="peak",
            )
        ]


class Limiter(Plugin):
    """Holds the level under a threshold. It adds no gain."""

    _names = ("threshold_db", "release_ms")

    def __init__(self, threshold_db: float = -10.0, release_ms: float = 100.0) -> None:
        self.threshold_db = threshold_db
        self.release_ms = release_ms

    def _pieces(self) -> list[Any]:
        return [engine.Limiter(self.threshold_db, release_ms=self.release_ms, true_peak=False)]


class BrickwallLimiter(Plugin):
    """Holds samples, or the true peak, under a ceiling."""

    _names = ("ceiling_db", "release_ms", "lookahead_ms", "true_peak")

    def __init__(
        self,
        ceiling_db: float = -1.0,
        release_ms: float = 100.0,
        lookahead_ms: float = 5.0,
        true_peak: bool = False,
    ) -> None:
        self.ceiling_db = ceiling_db
        self.release_ms = release_ms
        self.lookahead_ms = lookahead_ms
        self.true_peak = true_peak

    def _pieces(self) -> list[Any]:
        return [
            engine.Limiter(
                self.ceiling_db,
                release_ms=self.release_ms,
                lookahead_ms=self.lookahead_ms,
                true_peak=bool(self.true_peak),
            )
        ]


class Delay(Plugin):
    """Echoes."""

    _names = ("delay_seconds", "feedback", "mix")

    def __init__(self, delay_seconds: float = 0.5, feedback: float = 0.0, mix: float = 0.5) -> None:
        self.delay_seconds = delay_seconds
        self.feedback = feedback
        self.mix = mix

    def _pieces(self) -> list[Any]:
        longest = max(self.delay_seconds, 0.001)
        return [engine.Delay(1000 * self.delay_seconds, self.feedback, self.mix, maximum_seconds=longest)]


#: Freeverb's combs are 30.6 ms long on the mean and feed back ``0.28 room_size + 0.7``.
COMB_SECONDS, LEAST_FEEDBACK, FEEDBACK_RANGE = 0.0306, 0.7, 0.28
#: What Freeverb multiplies the dry level by.
DRY_SCALE = 2.0
#: How much louder steady noise comes out of Freeverb's wet side than of ours, in dB, beside what follows from the
#: feedback: measured at its defaults. Ours does not get louder as the decay gets longer, theirs by half of what a comb
#: does.
WET_GAIN_DB = 1.1


class Reverb(Plugin):
    """A room. Ours is another one than Freeverb: decay, level and brightness are set to be like it."""

    _names = ("room_size", "damping", "wet_level", "dry_level", "width", "freeze_mode")

    def __init__(
        self,
        room_size: float = 0.5,
        damping: float = 0.5,
        wet_level: float = 0.33,
        dry_level: float = 0.4,
        width: float = 1.0,
        freeze_mode: float = 0.0,
    ) -> None:
        self.room_size = room_size
        self.damping = damping
        self.wet_level = wet_level
        self.dry_level = dry_level
        self.width = width
        self.freeze_mode = freeze_mode

    def _wet(self) -> engine.Reverb:
        for name in self._names:
            value = getattr(self, name)
            if not 0 <= value <= 1:
                raise ValueError(f"{name} = {value} is outside 0 to 1")
        feedback = LEAST_FEEDBACK + FEEDBACK_RANGE * self.room_size
        return engine.Reverb(
            decay_seconds=3 * COMB_SECONDS / -math.log10(feedback),
            bass_ratio=1.0,
            # Freeverb's treble at 8 kHz dies in 0.6 of the time at a damping of one half, in 0.4 at a full one.
            treble_ratio=1.0 - 0.75 * self.damping + 0.15 * self.damping**2,
            mix=1.0,
            width=self.width,
            modulation=0.0,
            freeze=self.freeze_mode >= 0.5,
            pre_delay_ms=0.0,
        )

    def _pieces(self) -> list[Any]:
        wet, dry = self._wet(), DRY_SCALE * self.dry_level
        feedback = LEAST_FEEDBACK + FEEDBACK_RANGE * self.room_size
        loudness = WET_GAIN_DB - 5 * math.log10(1 - feedback**2) + _gain_to_decibels(self.wet_level)

        def runner(sample_rate: float, channels: int) -> Runner:
            def straight(block: Array) -> Any:
                return block * np.float32(dry)

            def scaled(block: Array) -> Any:
                return block * np.float32(10 ** (loudness / 20) if self.wet_level else 0.0)

            room = Effected(wet, sample_rate, channels)
            return Parallel([Mapped(straight), Series([room, Mapped(scaled)])], channels)

        return [runner]
