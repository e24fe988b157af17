"""Alignment of microphones: which is late, by how much, and which is turned round."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays


class BandAlignment(NamedTuple):
    """What one octave says of two recordings."""

    #: The middle of the octave.
    frequency_hz: float
    #: Delay of the track in this octave alone, within half a period of the whole's.
    delay_frames: float
    #: How alike both are in this octave once they are aligned as a whole, from -1 to 1.
    correlation: float


class Alignment(NamedTuple):
    """How a track stands to a reference that hears the same source."""

    #: By how many frames the track is later than the reference; negative where it is earlier.
    delay_frames: float
    #: Whether the track is the reference turned round.
    inverted: bool
    #: How alike both are once they are aligned, 0 to 1: below 0.3 they hardly have a source in common.
    correlation: float
    #: The same by octaves.
    bands: tuple[BandAlignment, ...]

    def apply(self, track: npt.ArrayLike) -> npt.NDArray[Any]:
        """The track as it meets the reference: moved by its delay, also between samples, and turned round where it was.

        The same shape and dtype; what comes in from beyond the ends is silence.
        """
        array = _arrays.as_audio(track, "track")
        rows = array.reshape(-1, array.shape[-1])
        moved = [_mixdsp.aligned(_row(row), self.delay_frames, self.inverted) for row in rows]
        return np.asarray(moved, array.dtype).reshape(array.shape)


def align(
    track: npt.ArrayLike, reference: npt.ArrayLike, sample_rate: float, *, most_ms: float = 50.0
) -> Optional[Alignment]:
    """By how much a track is later than a reference that hears the same source, and whether it is turned round.

    By generalized correlation (Knapp and Carter, 1976): what only one of them hears, noise and other sources, does not
    count. Several channels are added up. ``None`` where one of both is silent.

    >>> import numpy as np
    >>> import mixdsp as mx
    >>> snare = np.random.default_rng(1).normal(size=96_000) * np.exp(-np.arange(96_000) % 24_000 / 2_000)
    >>> overhead = -0.5 * np.concatenate([np.zeros(100), snare[:-100]])
    >>> found = mx.align(overhead, snare, 48_000)
    >>> round(found.delay_frames, 2), found.inverted
    (100.0, True)
    >>> aligned = found.apply(overhead)

    :class:`Align` makes a path wait too, but counts as latency, which calls and mixers take away again.

    Parameters
    ----------
    track, reference : array, (samples,) or (channels, samples)
    sample_rate : 8000 to 384000 Hz
    most_ms : 0.1 to 1000 ms
        The largest delay that is looked for, either way.
    """
    both = [_mono(track, "track"), _mono(reference, "reference")]
    found = _mixdsp.alignment(*both, _arrays.check_rate(sample_rate), most_ms)
    if found is None:
        return None
    delay_frames, inverted, correlation, bands = found
    return Alignment(delay_frames, inverted, correlation, tuple(BandAlignment(*band) for band in bands))


def _mono(audio: npt.ArrayLike, name: str) -> npt.NDArray[np.float64]:
    array = np.asarray(_arrays.as_audio(audio, name), np.float64)
    if array.ndim > 2:
        raise ValueError(f"{name} has the shape {array.shape}: it is (samples,) or (channels, samples)")
    return _row(np.atleast_2d(array).sum(axis=0))


def _row(samples: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    return np.ascontiguousarray(samples, np.float64)
