"""Tone match: the equalizer that gives a recording the tonal balance of others."""

from __future__ import annotations

from typing import Any, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._processors import Equalizer
from ..files._sources import ArraySource, FileSource, Source

#: The ends of what each option takes.
_OPTIONS = {key: (least, most) for key, least, most, _ in _mixdsp.tone_options()}


def match_tone(
    x: Any,
    reference: Any,
    sample_rate: Optional[float] = None,
    *,
    amount: float = 1.0,
    width: float = 0.0,
    smoothing_octaves: float = 1 / 6,
    limit_db: float = 6.0,
    edge_limit_db: float = 6.0,
    tilt_limit_db: float = 1.5,
    flank_limit_db: float = 18.0,
    q_limit: float = 2.0,
    bands: int = 10,
    axis: int = -1,
) -> Equalizer:
    """The equalizer that gives ``x`` the tonal balance of ``reference``. It changes no loudness.

    A tilt comes first; what is left beside it is limited, wide and has no steep flanks, because what stands out there is the
    music, not its tone.

    >>> eq = mx.match_tone(mix, "reference.flac", 48_000, amount=0.7)       # doctest: +SKIP
    >>> y = eq(mix, 48_000)                                                 # doctest: +SKIP

    Parameters
    ----------
    x : array or path
        (samples,) or (channels, samples).
    reference : array, path, or a list of them
        Of several the mean is taken, each as loud as the others. Arrays have the sample rate of ``x``.
    sample_rate : float, 8000 to 384000 Hz
        Of the arrays.
    amount : float, 0 to 1
        How much of the difference is taken.
    width : float, 0 to 1
        How much of the difference in width is taken, by up to six bands on the sides; both have two channels.
    smoothing_octaves : float, 0 to 2
        Width of the smoothing; the wider, the more of the music's own lines is left.
    limit_db : float, 0 to 24 dB
        Most boost and most cut beside the tilt.
    edge_limit_db : float, 0 to 24 dB
        The same below 60 Hz and above 14 kHz.
    tilt_limit_db : float, 0 to 6 dB per octave
        Steepest tilt.
    flank_limit_db : float, 1 to 144 dB per octave
        Steepest flank.
    q_limit : float, 0.3 to 8
        Highest Q of a band.
    bands : int, 1 to 64
        Of the equalizer, at most; ten follow most curves to 0.3 dB.
    axis : int
        The axis of time; 0 for (samples, channels).

    Raises ``ValueError`` when one of the recordings is silent.
    """
    given = {
        "amount": amount,
        "smoothing_octaves": smoothing_octaves,
        "limit_db": limit_db,
        "edge_limit_db": edge_limit_db,
        "tilt_limit_db": tilt_limit_db,
        "flank_limit_db": flank_limit_db,
        "q_limit": q_limit,
    }
    _arrays.check_number(width, "width", 0.0, 1.0)
    options = [_arrays.check_number(given[name], name, *ends) for name, ends in _OPTIONS.items()]
    count = _arrays.check_count(bands, "bands", int(Equalizer.bands.max))
    many = isinstance(reference, (list, tuple)) and bool(reference)
    references = list(reference) if many else [reference]
    heard = [source_of(each, sample_rate, axis) for each in (x, *references)]
    target, *others = map(_listened, heard)
    found = _mixdsp.match_tone(target, others, options, count)
    if found is not None and width > 0:
        found = found + _sides(heard, width, options)
    if found is None:
        for source in heard:
            # The windows of a third of a second, rounded up, that tones are taken of.
            shortest = 1 << (int(source.sample_rate / 3) - 1).bit_length()
            if source.samples is not None and source.samples < shortest:
                raise ValueError(f"a recording of {source.samples} samples is too short for its tone: {shortest} are needed")
        raise ValueError("a recording without sound has no tone to match")
    made = []
    for numbers in found:
        band = Equalizer.Band()
        for (key, parameter), number in zip(band._parameters.items(), numbers):
            setattr(band, key, parameter.from_number(number))
        made.append(band)
    return Equalizer(made)


#: Bands on the sides, at most, and over how many octaves their curve is smoothed.
_SIDE_BANDS = 6
_SIDE_OCTAVES = 1.0


def _sides(heard: list[Source], width: float, options: list[float]) -> list[list[float]]:
    """The bands on the sides that make the first as wide as the others."""
    if any(source.channels != 2 for source in heard):
        raise ValueError("width is matched between recordings of two channels")
    pairs = []
    for source in heard:
        middle, side = (_mixdsp.ToneListener(source.sample_rate, 1) for _ in range(2))
        for block in source.blocks():
            middle.feed(np.ascontiguousarray(0.5 * (block[:1] + block[1:])))
            side.feed(np.ascontiguousarray(0.5 * (block[:1] - block[1:])))
        pairs.append((middle, side))
    names = list(_OPTIONS)
    options = list(options)
    options[names.index("amount")] = width
    options[names.index("smoothing_octaves")] = max(options[names.index("smoothing_octaves")], _SIDE_OCTAVES)
    # Without sides there is nothing to widen.
    return _mixdsp.match_width(pairs[0], pairs[1:], options, _SIDE_BANDS) or []


def source_of(x: Any, sample_rate: Optional[float], axis: int) -> Source:
    if _arrays.is_path(x):
        return FileSource(x)
    if sample_rate is None:
        raise TypeError("sample_rate is missing")
    array = _arrays.as_audio(x)
    planes: npt.NDArray[Any] = _arrays.planes(array, _arrays.time_axis(array, axis))
    if planes.ndim != 2:
        raise ValueError(f"x has the shape {array.shape}: (samples,) or (channels, samples) is needed")
    return ArraySource(planes, _arrays.check_rate(sample_rate))


def _listened(source: Source) -> _mixdsp.ToneListener:
    listener = _mixdsp.ToneListener(source.sample_rate, source.channels)
    for block in source.blocks():
        listener.feed(block)
    return listener
