"""The loudness meter as an object, and what it reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays
from ._processors import Meter

Array = npt.NDArray[Any]
_READINGS = {reading.key: reading for reading in Meter._table.readings}


#: Names of layouts that need nothing else.
LAYOUTS: tuple[str, ...] = tuple(name for name in vars(Meter)["layout"].choices if name != "custom")


@dataclass(frozen=True)
class ChannelLoudness:
    """What one channel measured. ``None`` where there is nothing yet, or where it was left out."""

    #: Its share, 0 to 1, of the weighted energy.
    share: Optional[float]
    #: Largest true peak in dBTP, and when it was, in seconds.
    true_peak: Optional[float]
    true_peak_seconds: Optional[float]
    #: Largest sample in dBFS, and when it was, in seconds.
    sample_peak: Optional[float]
    sample_peak_seconds: Optional[float]
    #: Root mean square in dBFS.
    rms: Optional[float]
    #: Mean in full scales.
    dc: Optional[float]
    #: Runs of two or more samples at full scale, samples of the longest, and when the first began, in seconds.
    clipped_runs: Optional[int]
    longest_clipped_run: Optional[int]
    first_clipped_run_seconds: Optional[float]
    #: Passages between samples over full scale, and when the first was, in seconds.
    overs: Optional[int]
    first_over_seconds: Optional[float]


@dataclass(frozen=True)
class Loudness:
    """Loudness and peaks of a programme (BS.1770-5, EBU R 128). ``None`` for what silence does not have, what is
    too short to be measured, and what was left out."""

    #: Gated loudness of all of it in LUFS.
    integrated: Optional[float]
    #: Loudness range in LU: from the 10th to the 95th percentile of the gated short-term loudness.
    range: Optional[float]
    #: Largest loudness of 400 ms in LUFS.
    momentary_max: Optional[float]
    #: Largest loudness of 3 s in LUFS.
    short_term_max: Optional[float]
    #: Largest true peak of any channel in dBTP.
    true_peak: Optional[float]
    #: Largest sample of any channel in dBFS.
    sample_peak: Optional[float]
    #: The two ends of the range in LUFS.
    range_low: Optional[float]
    range_high: Optional[float]
    #: Peak to loudness ratio in LU, and the smallest ratio of peak to short-term loudness.
    plr: Optional[float]
    psr_min: Optional[float]
    #: Root mean square in dBFS, and how far the sample peak lies above it in dB.
    rms: Optional[float]
    crest: Optional[float]
    #: The mean farthest from 0 of any channel in full scales.
    dc: Optional[float]
    #: Runs of two or more samples at full scale, and passages between samples over it.
    clipped_runs: Optional[int]
    overs: Optional[int]
    #: The relative gate in LUFS.
    relative_gate: Optional[float]
    #: How much was measured.
    seconds: float
    sample_rate: float
    #: Each channel alone.
    channels: tuple[ChannelLoudness, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain values that JSON can hold."""
        found = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "channels"}
        found["channels"] = [dict(vars(channel)) for channel in self.channels]
        return found

    def __repr__(self) -> str:
        shown = (f"{name}={_short(getattr(self, name))}" for name in _SHOWN)
        return f"Loudness({', '.join(shown)}, ...)"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{label}</td><td>{_short(getattr(self, name))} {unit}</td></tr>" for name, label, unit in _TABLE
        )
        return f"<div><b>Loudness</b><table>{rows}</table></div>"


_SHOWN = ("integrated", "range", "momentary_max", "short_term_max", "true_peak", "sample_peak")
_TABLE = (
    ("integrated", "Integrated", "LUFS"),
    ("range", "Range", "LU"),
    ("momentary_max", "Momentary max", "LUFS"),
    ("short_term_max", "Short-term max", "LUFS"),
    ("true_peak", "True peak", "dBTP"),
    ("sample_peak", "Sample peak", "dBFS"),
    ("plr", "PLR", "LU"),
    ("clipped_runs", "Clipped runs", ""),
)


def _speakers_of(mask: int, channels: int) -> list[dict[str, Any]]:
    """The loudspeakers of a mask, one for each channel."""
    if isinstance(mask, bool) or not isinstance(mask, (int, np.integer)):
        raise TypeError(f"layout must be a str or an int, not {type(mask).__name__}")
    found = _mixdsp.speakers_of_mask(int(mask)) if 0 <= mask < 1 << 32 else []
    if len(found) != channels:
        raise ValueError(f"layout = {mask:#x} has {len(found)} loudspeakers, {channels} channels are needed")
    names = ("azimuth_deg", "elevation_deg", "low_frequency_effects")
    return [dict(zip(names, speaker)) for speaker in found]


def _short(value: Optional[float]) -> str:
    return "None" if value is None else f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


class LoudnessMeter:
    """Measures what is added to it, block by block (BS.1770-5, EBU Tech 3341 and 3342). Memory does not grow.

    >>> meter = mx.LoudnessMeter(48_000, channels=2)                # doctest: +SKIP
    >>> for block in blocks:
    ...     meter.add(block)
    >>> meter.integrated

    Meters that measured parts of a programme, or songs of an album, :meth:`merge` to what one meter would have
    measured; they pickle, so the parts may be measured on many machines. What travels is the measurement: windows
    and filters, which belong to audio that goes on, start afresh.

    Parameters
    ----------
    sample_rate : float, 8000 to 384000 Hz
    channels : int, 1 to 24
    layout : str or int
        Where the loudspeakers stand: ``"auto"`` by the number of channels, ``"mono"``, ``"dual_mono"``,
        ``"stereo"``, ``"surround_5_1"`` and others, ``"custom"`` with ``speakers``; or a speaker mask of WAVE, one
        bit for each channel (``mx.info(path).mask``).
    speakers : list of dict
        For a custom layout, of each channel: ``azimuth_deg``, ``elevation_deg``, ``low_frequency_effects``.
    true_peak : "fine", "itu" or "off"
        Which kernel looks between the samples.
    range, integrated, statistics : bool
        What is left out costs no time.
    history : bool
        Keeps momentary and short-term loudness every 100 ms for :attr:`history`; 80 bytes per second. It does not
        travel.
    """

    def __init__(
        self,
        sample_rate: float,
        channels: int = 2,
        layout: Union[str, int] = "auto",
        *,
        speakers: Sequence[Any] = (),
        true_peak: str = "fine",
        range: bool = True,
        integrated: bool = True,
        statistics: bool = True,
        history: bool = False,
    ) -> None:
        rate = _arrays.check_rate(sample_rate)
        count = _arrays.check_count(channels, "channels", _mixdsp.MAX_CHANNELS)
        #: As it was asked for.
        self._layout = layout
        if not isinstance(layout, str):
            speakers = _speakers_of(layout, count)
            layout = "custom"
        settings: dict[str, Any] = dict(layout=layout, true_peak_kernel=true_peak)
        table = Meter(
            speakers=list(speakers),
            measure_integrated=integrated,
            measure_range=range,
            measure_statistics=statistics,
            **settings,
        )
        config, ids, values = table._numbers()
        self._table = table
        self._arguments = (rate, count, bool(history))
        self._meter = _mixdsp.Meter(rate, count, config, ids, values, bool(history))

    @property
    def sample_rate(self) -> float:
        """In hertz."""
        return self._arguments[0]

    @property
    def channels(self) -> int:
        return self._arguments[1]

    @property
    def layout(self) -> Union[str, int]:
        """Where the loudspeakers stand, as it was asked for."""
        return self._layout

    # Audio.

    def add(self, block: npt.ArrayLike, *, axis: int = -1, check_finite: bool = True) -> None:
        """Measures a block of any length: (samples,), (channels, samples), or with ``axis=0`` (samples, channels).

        How the audio is cut makes no difference. A sample that is not finite raises, with nothing measured, unless
        ``check_finite`` is False; then it reads as 0.
        """
        array, time_first = self._block(block, axis)
        self._meter.feed(array, time_first, bool(check_finite), False)

    def seed(self, block: npt.ArrayLike, *, axis: int = -1) -> None:
        """Hears what comes before the part that is to be measured, up to 3 s of it, without measuring it.

        So that the blocks of the part are those of the whole, seed and part begin at multiples of 100 ms.
        """
        array, time_first = self._block(block, axis)
        self._meter.feed(array, time_first, True, True)

    def _block(self, block: npt.ArrayLike, axis: int) -> tuple[Array, bool]:
        array = _arrays.as_audio(block, "block")
        if array.ndim not in (1, 2):
            raise ValueError(f"block has the shape {array.shape}: (channels, samples) is needed")
        time_first = array.ndim == 2 and _arrays.time_axis(array, axis) == -2
        channels = array.shape[1] if time_first else array.shape[0] if array.ndim == 2 else 1
        if channels != self.channels:
            raise ValueError(f"block has the shape {array.shape}: {channels} channels, the meter has {self.channels}")
        return array, time_first

    def finish(self) -> None:
        """Looks at the last 24 samples as if silence followed: for the end of a programme."""
        self._meter.finish()

    def reset(self) -> None:
        """Forgets everything."""
        self._meter.reset()

    def pause(self) -> None:
        """Holds the measurement; momentary and short-term loudness go on."""
        self._meter.hold(True)

    def resume(self) -> None:
        """Goes on measuring. Windows that reach back over the pause do not count."""
        self._meter.hold(False)

    # Readings.

    def reading(self, name: str, channel: int = 0) -> Optional[float]:
        """A reading by the name that the table of the meter gives it; ``None`` when there is none yet."""
        found = _READINGS.get(name)
        if found is None:
            raise ValueError(f"no reading {name!r}: there are {', '.join(_READINGS)}")
        return self._meter.value(_mixdsp.item_id(found.id, channel))

    @property
    def momentary(self) -> Optional[float]:
        """Loudness of the last 400 ms in LUFS."""
        return self.reading("momentary")

    @property
    def short_term(self) -> Optional[float]:
        """Loudness of the last 3 s in LUFS."""
        return self.reading("short_term")

    @property
    def integrated(self) -> Optional[float]:
        """Gated loudness of all that was measured in LUFS."""
        return self.reading("integrated")

    @property
    def range(self) -> Optional[float]:
        """Loudness range in LU."""
        return self.reading("range")

    @property
    def true_peak(self) -> Optional[float]:
        """Largest true peak in dBTP."""
        return self.reading("true_peak_db")

    @property
    def sample_peak(self) -> Optional[float]:
        """Largest sample in dBFS."""
        return self.reading("sample_peak_db")

    @property
    def seconds(self) -> float:
        """How much was measured."""
        return self.reading("measured_seconds") or 0.0

    @property
    def history(self) -> Optional[tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]]:
        """Momentary and short-term loudness in LUFS every 100 ms, NaN where a window is not whole; ``None`` when
        the meter does not keep them."""
        return self._meter.curves()

    def report(self) -> Loudness:
        """Everything that was measured so far."""
        read = self.reading

        def whole(name: str, channel: int = 0) -> Optional[int]:
            value = read(name, channel)
            return None if value is None else int(value)

        def seconds(name: str, channel: int) -> Optional[float]:
            value = read(name, channel)
            return None if value is None else value / self.sample_rate

        channels = tuple(
            ChannelLoudness(
                share=read("channel_share", c),
                true_peak=read("channel_true_peak_db", c),
                true_peak_seconds=seconds("channel_true_peak_frame", c),
                sample_peak=read("channel_sample_peak_db", c),
                sample_peak_seconds=seconds("channel_sample_peak_frame", c),
                rms=read("channel_rms_db", c),
                dc=read("channel_dc", c),
                clipped_runs=whole("channel_clipped_runs", c),
                longest_clipped_run=whole("channel_longest_clipped_run", c),
                first_clipped_run_seconds=seconds("channel_first_clipped_run", c),
                overs=whole("channel_overs", c),
                first_over_seconds=seconds("channel_first_over", c),
            )
            for c in range(self.channels)
        )
        return Loudness(
            integrated=read("integrated"),
            range=read("range"),
            momentary_max=read("momentary_max"),
            short_term_max=read("short_term_max"),
            true_peak=read("true_peak_db"),
            sample_peak=read("sample_peak_db"),
            range_low=read("range_low"),
            range_high=read("range_high"),
            plr=read("plr"),
            psr_min=read("psr_min"),
            rms=read("rms_db"),
            crest=read("crest_db"),
            dc=read("dc"),
            clipped_runs=whole("clipped_runs"),
            overs=whole("overs"),
            relative_gate=read("relative_gate"),
            seconds=self.seconds,
            sample_rate=self.sample_rate,
            channels=channels,
        )

    # Parts.

    def merge(self, other: LoudnessMeter) -> None:
        """Adds what another meter measured, as if its audio had come after this one's.

        The other may have another rate, and fewer channels. Raises ``ValueError`` when it has more, or when the two
        differ in what they measure.
        """
        if not isinstance(other, LoudnessMeter):
            raise TypeError(f"merge takes a LoudnessMeter, not {type(other).__name__}")
        self._meter.merge_bytes(other.to_bytes())

    def to_bytes(self) -> bytes:
        """The measurement as bytes, a few kilobytes however long the audio was; see :meth:`merge_bytes`."""
        return self._meter.to_bytes()

    def merge_bytes(self, data: bytes) -> None:
        """Adds a measurement that :meth:`to_bytes` of another meter gave."""
        self._meter.merge_bytes(data)

    def __reduce__(self) -> Any:
        return _restored, (self._table.to_dict(), self._arguments, self.to_bytes(), self._layout)

    def __repr__(self) -> str:
        return (
            f"<LoudnessMeter {self.sample_rate:g} Hz, {self.channels} channels, {self.seconds:.1f} s, "
            f"integrated {_short(self.integrated)} LUFS>"
        )


def _restored(
    table: dict[str, Any],
    arguments: tuple[float, int, bool],
    measured: bytes,
    layout: Union[str, int, None] = None,
) -> LoudnessMeter:
    rate, channels, history = arguments
    # A mask brings its loudspeakers; what was pickled before there were masks has none.
    is_mask = layout is not None and not isinstance(layout, str)
    meter = LoudnessMeter(
        rate,
        channels,
        layout if layout is not None and is_mask else table["layout"],
        speakers=() if is_mask else table["speakers"],
        true_peak=table["true_peak_kernel"],
        range=table["measure_range"],
        integrated=table["measure_integrated"],
        statistics=table["measure_statistics"],
        history=history,
    )
    meter.merge_bytes(measured)
    return meter
