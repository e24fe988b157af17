"""Impulse responses of rooms: from recordings of a sweep, from an effect's settings, and what they say."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays

Samples = npt.NDArray[np.float64]


class Acoustics(NamedTuple):
    """What an impulse response says of its room, as ISO 3382-1 has it. A measure that it does not reach is ``None``."""

    #: Reverberation time, for 60 dB, from -5 to -35 dB.
    t30_seconds: Optional[float]
    #: The same from -5 to -25 dB.
    t20_seconds: Optional[float]
    #: Early decay time: the same from 0 to -10 dB.
    early_decay_seconds: Optional[float]
    #: Clarity of speech: energy of the first 50 ms against the rest.
    clarity_50_db: Optional[float]
    #: Clarity of music: that of the first 80 ms.
    clarity_80_db: Optional[float]


def acoustics(response: npt.ArrayLike, sample_rate: float) -> Acoustics:
    """Decay times and clarity of an impulse response. Several channels count as one by their energy.

    Noise behind the response counts as part of it, and lengthens it: cut it off before.

    >>> import numpy as np
    >>> import mixdsp as mx
    >>> decay = 10 ** (-3 * np.arange(96_000) / 48_000)          # 60 dB in a second
    >>> round(mx.acoustics(decay, 48_000).t30_seconds, 3)
    1.0

    Parameters
    ----------
    response : array, (samples,) or (channels, samples)
    sample_rate : 8000 to 384000 Hz
    """
    array = np.asarray(_arrays.as_audio(response, "response"), np.float64)
    if array.ndim > 2:
        raise ValueError(f"response has the shape {array.shape}: it is (samples,) or (channels, samples)")
    channels = [np.ascontiguousarray(channel) for channel in np.atleast_2d(array)]
    return Acoustics(*_mixdsp.acoustics(channels, _arrays.check_rate(sample_rate)))


def impulse_response(
    effect: Any, sample_rate: float, seconds: Optional[float] = None, *, channels: int = 2
) -> Samples:
    """What an effect makes of a click: the room of a :class:`Reverb` with ``mix=1`` for :class:`ConvolutionReverb`.

    With two channels these are four rows, a true stereo response: left to left, left to right, right to left, right to right.

    >>> import mixdsp as mx
    >>> hall = mx.Reverb.preset("hall", mix=1, modulation=0)
    >>> mx.impulse_response(hall, 48_000, 3.0).shape
    (4, 144000)

    Parameters
    ----------
    effect : a processor, or a chain or tree of them
    sample_rate : 8000 to 384000 Hz
    seconds : 0.001 to 40; as long as the effect sounds on, at most 40, where it is not given
    channels : 1 or 2

    Returns
    -------
    float64 array, (samples,) for one channel and (4, samples) for two
    """
    rate = _arrays.check_rate(sample_rate)
    if channels not in (1, 2):
        raise ValueError(f"channels = {channels}: it is 1 or 2")
    tail = effect.tail_samples(rate) if seconds is None else None
    known = 40.0 if tail is None else min(tail / rate, 40.0)
    length = known if seconds is None else _arrays.check_number(seconds, "seconds", 0.001, 40.0)
    frames = max(1, round(length * rate))
    clicks = np.zeros((channels, channels, frames))
    clicks[range(channels), range(channels), 0] = 1.0
    heard = [np.asarray(effect(click if channels == 2 else click[0], rate), np.float64) for click in clicks]
    return heard[0] if channels == 1 else np.concatenate(heard)


def sweep(
    sample_rate: float, seconds: float = 5.0, *, from_hz: float = 20.0, to_hz: Optional[float] = None
) -> Samples:
    """An exponential sweep at full scale, to play into a room and record: see :func:`sweep_response`.

    Parameters
    ----------
    sample_rate : 8000 to 384000 Hz
    seconds : 0.1 to 60
    from_hz : 1 Hz to a quarter of the sample rate
    to_hz : twice ``from_hz`` to half the sample rate; that where it is not given
    """
    return _mixdsp.sweep(*_sweep(sample_rate, seconds, from_hz, to_hz))


def sweep_response(
    recording: npt.ArrayLike,
    sample_rate: float,
    seconds: float = 5.0,
    *,
    from_hz: float = 20.0,
    to_hz: Optional[float] = None,
    response_seconds: float = 2.0,
) -> Samples:
    """The impulse response behind the recording of a sweep: what :class:`ConvolutionReverb` takes.

    Deconvolution by the sweep's spectrum (Farina, AES 108, 2000): distortion of the loudspeaker ends up before the response
    and is left out. The recording begins with the sweep, or earlier than what is heard of it.

    >>> import mixdsp as mx
    >>> played = mx.sweep(48_000, 1)
    >>> response = mx.sweep_response(0.5 * played, 48_000, 1, response_seconds=0.1)
    >>> bool(abs(response).argmax() == 0)
    True

    Parameters
    ----------
    recording : array, (samples,) or (channels, samples)
    sample_rate, seconds, from_hz, to_hz : as those of the :func:`sweep` that was played
    response_seconds : 0.001 to 40

    Returns
    -------
    float64 array of the shape of ``recording``, ``response_seconds`` long
    """
    array = np.asarray(_arrays.as_audio(recording, "recording"), np.float64)
    if array.ndim > 2:
        raise ValueError(f"recording has the shape {array.shape}: it is (samples,) or (channels, samples)")
    played = _sweep(sample_rate, seconds, from_hz, to_hz)
    length = _arrays.check_number(response_seconds, "response_seconds", 0.001, 40.0)
    frames = max(1, round(length * played[0]))
    found = [_mixdsp.sweep_response(np.ascontiguousarray(one), played, frames) for one in np.atleast_2d(array)]
    return found[0] if array.ndim == 1 else np.stack(found)


def _sweep(sample_rate: float, seconds: float, from_hz: Any, to_hz: Any) -> tuple[float, float, float, float]:
    rate = _arrays.check_rate(sample_rate)
    seconds = _arrays.check_number(seconds, "seconds", 0.1, 60.0)
    low = _arrays.check_number(from_hz, "from_hz", 1.0, 0.25 * rate)
    high = 0.5 * rate if to_hz is None else _arrays.check_number(to_hz, "to_hz", 2.0 * low, 0.5 * rate)
    return rate, seconds, low, high
