"""``limit_offline``: the smoothest gain under a ceiling, for a programme that is known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ..engine._progress import Progress, Tell, part, told
from ..files._reading import Path
from ..files._sources import Scratch, Sink, Source
from ._delivery import TRUE_PEAK_RANGE_DB
from ._master import NO_ENDS, Work

Array = npt.NDArray[Any]

#: What the gain before the limiter may be.
INPUT_GAIN_RANGE_DB = (-60.0, 60.0)


@dataclass(frozen=True)
class Limited:
    """What ``limit_offline`` returns."""

    #: The audio, as the input was laid out; ``None`` where it went to a file.
    audio: Any
    #: The reduction in dB at each sample, the same for all channels: (samples,), or (..., samples) of independent items.
    #: ``None`` where the audio went to a file.
    gain_reduction_db: Any
    #: The largest reduction in dB.
    gain_reduction_max_db: float
    #: Rate in hertz.
    sample_rate: float


def limit_offline(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    ceiling_db: float = -1.0,
    input_gain_db: float = 0.0,
    axis: int = -1,
    out: Optional[Path] = None,
    overwrite: bool = False,
    bits: Union[int, str] = 24,
    strict: bool = True,
    progress: Progress = None,
) -> Limited:
    """Limits a programme that is known: of all gains that hold the ceiling, the one that moves least.

    It goes down as smoothly as it comes back, so it has no attack and no release; all channels are turned down alike. The
    true peak stays under the ceiling on every common meter, and what is under it anyway comes out bit for bit. The
    result is as long as the input and not late, and the same for arrays and for files, whose length does not matter.
    While audio runs there is :class:`Limiter`.

    >>> r = mx.limit_offline(x, 48_000, input_gain_db=6)             # doctest: +SKIP
    >>> r.audio, r.gain_reduction_db                                 # doctest: +SKIP
    >>> mx.limit_offline("mix.wav", out="limited.wav")               # doctest: +SKIP

    Parameters
    ----------
    x : array or path
        (samples,), (channels, samples) or (..., channels, samples) of independent items; or a file.
    sample_rate : float, 8000 to 384000 Hz
        Not for files.
    ceiling_db : float, -40 to 0 dBTP
        What the true peak stays under.
    input_gain_db : float, -60 to 60 dB
        Gain before the limiter: the drive.
    axis, out, overwrite, bits, strict, progress
        As in :func:`normalize`.
    """
    _arrays.check_number(ceiling_db, "ceiling_db", *TRUE_PEAK_RANGE_DB)
    _arrays.check_number(input_gain_db, "input_gain_db", *INPUT_GAIN_RANGE_DB)
    if isinstance(x, (list, tuple)):
        raise TypeError("a list has no one programme: limit each of its items")
    with told(progress, "limit offline") as tell:
        work = Work(x, sample_rate, axis, out, bits, overwrite, strict=strict)
        sources: list[Source] = []
        sinks: list[Sink] = []
        scratches: list[Scratch] = []
        audio = work.prepare(x, 0, None, None, NO_ENDS, sources, sinks, scratches)
        courses: list[Array] = []
        most = 0.0
        try:
            for i, (source, sink) in enumerate(zip(sources, sinks)):
                course: list[Array] = []
                sink.start()
                inner = part(tell, i / len(sources), (i + 1) / len(sources))
                for block, reduction in _limited(source, ceiling_db, input_gain_db, inner):
                    sink.write(block)
                    most = max(most, float(reduction.max(initial=0.0)))
                    if not work.are_files:
                        course.append(reduction)
                courses.append(np.concatenate([np.zeros(0, np.float32), *course]))
            for sink in sinks:
                sink.finish()
        except BaseException:
            for sink in sinks:
                sink.abandon()
            raise
    if work.are_files:
        return Limited(None, None, most, sources[0].sample_rate)
    given = _arrays.as_audio(x)
    items = _arrays.planes(given, _arrays.time_axis(given, axis)).shape[:-2]
    shaped = np.stack(courses).reshape(*items, -1) if courses else np.zeros((*items, 0), np.float32)
    return Limited(audio, shaped, most, work.rate)


def _limited(source: Source, ceiling_db: float, input_gain_db: float, tell: Tell) -> Iterator[tuple[Array, Array]]:
    """The output, not late, and its reduction in dB."""
    run: Optional[_mixdsp.OfflineLimiter] = None
    late = done = 0
    for block in source.blocks():
        if run is None:
            double = block.dtype == np.float64
            run = _mixdsp.OfflineLimiter(source.sample_rate, source.channels, ceiling_db, input_gain_db, double)
            late = run.latency
        audio, reduction = run.process(block)
        skip = min(late, block.shape[1])
        late -= skip
        done += block.shape[1]
        tell(done / max(source.samples or done, 1))
        yield audio[:, skip:], reduction[0, skip:]
    if run is not None:
        run.end()
        audio, reduction = run.process(np.zeros((source.channels, run.latency), audio.dtype))
        yield audio[:, late:], reduction[0, late:]
