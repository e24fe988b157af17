"""Loudness of arrays and files."""

from __future__ import annotations

from threading import Lock
from typing import Any, Optional, Union, overload

import numpy as np

from ..engine import _arrays
from ..engine._meter import Loudness, LoudnessMeter
from ..engine._progress import Progress, Tell, part, told
from ..files import _reading


@overload
def loudness(
    x: list[Any],
    sample_rate: Optional[float] = ...,
    *,
    axis: int = ...,
    layout: Union[str, int] = ...,
    threads: Optional[int] = ...,
    progress: Progress = ...,
    check_finite: bool = ...,
    strict: bool = ...,
) -> list[Loudness]: ...
@overload
def loudness(
    x: Any,
    sample_rate: Optional[float] = ...,
    *,
    axis: int = ...,
    layout: Union[str, int] = ...,
    threads: Optional[int] = ...,
    progress: Progress = ...,
    check_finite: bool = ...,
    strict: bool = ...,
) -> Loudness: ...
def loudness(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    axis: int = -1,
    layout: Union[str, int] = "auto",
    threads: Optional[int] = None,
    progress: Progress = None,
    check_finite: bool = True,
    strict: bool = True,
) -> Any:
    """Measures loudness (BS.1770-5, EBU R 128), loudness range, true peak and more.

    >>> mx.loudness(x, 48_000).integrated                           # doctest: +SKIP
    -14.2
    >>> mx.loudness("song.flac").true_peak                          # doctest: +SKIP
    -0.98

    Parameters
    ----------
    x : array, path, or a list of them
        (samples,), (channels, samples), or (..., channels, samples), which gives a list. A file is read block by
        block.
    sample_rate : float, 8000 to 384000 Hz
        Not for files, which know it.
    axis : int
        The axis of time; 0 for (samples, channels).
    layout : str or int
        Where the loudspeakers stand; see :class:`LoudnessMeter`. ``"auto"`` goes by what a file says, where it does.
    threads : int, optional
        Threads for lists; one when not given.
    progress : bool or function
        Shows a bar, or is called with the share that is done.
    check_finite : bool
        Whether a sample that is not finite raises; otherwise it reads as 0.
    strict : bool
        Whether a damaged file raises; otherwise all of it that can be decoded is measured, with a warning of each part
        that is missing.

    For the loudness of an album merge the meters of its songs: see :func:`meter_of`.
    """
    many, sources = _sources(x, axis)
    meters = _measure(sources, sample_rate, layout, threads, progress, check_finite, strict)
    reports = [meter.report() for meter in meters]
    return reports if many else reports[0]


def meter_of(
    x: Any,
    sample_rate: Optional[float] = None,
    *,
    axis: int = -1,
    layout: Union[str, int] = "auto",
    history: bool = False,
    progress: Progress = None,
    check_finite: bool = True,
    strict: bool = True,
) -> LoudnessMeter:
    """The meter that measured an array or a file to its end: to merge, to keep, or for its history.

    The parameters are those of :func:`loudness`; ``history`` keeps the loudness every 100 ms.
    """
    many, sources = _sources(x, axis)
    if many:
        raise ValueError("meter_of takes one array or file")
    with told(progress, "loudness") as tell:
        return _one(sources[0], sample_rate, layout, tell, check_finite, strict, history=history)


def _sources(x: Any, axis: int) -> tuple[bool, list[Any]]:
    """Paths, and planes of (channels, samples)."""
    if _arrays.is_path(x):
        return False, [x]
    if isinstance(x, (list, tuple)) and x and (_arrays.is_batch(x) or all(_arrays.is_path(each) for each in x)):
        found = [_sources(each, axis) for each in x]
        if any(many for many, _ in found):
            raise ValueError("a list holds files, or arrays of (samples,) or (channels, samples)")
        return True, [sources[0] for _, sources in found]
    array = _arrays.as_audio(x)
    planes = _arrays.planes(array, _arrays.time_axis(array, axis))
    if planes.ndim == 2:
        return False, [planes]
    return True, [planes[item] for item in np.ndindex(planes.shape[:-2])]


def _measure(
    sources: list[Any],
    sample_rate: Optional[float],
    layout: Union[str, int],
    threads: Optional[int],
    progress: Progress,
    check_finite: bool,
    strict: bool,
) -> list[LoudnessMeter]:
    count = 1 if threads is None else _arrays.check_count(threads, "threads", 1024)
    with told(progress, "loudness") as tell:
        if count == 1 or len(sources) < 2:
            shares = np.linspace(0, 1, len(sources) + 1)
            return [
                _one(source, sample_rate, layout, part(tell, shares[i], shares[i + 1]), check_finite, strict)
                for i, source in enumerate(sources)
            ]
        lock, done, stop = Lock(), 0, False

        def job(source: Any) -> LoudnessMeter:
            nonlocal done

            def listen(share: float) -> None:
                if stop:
                    raise InterruptedError("stopped")

            meter = _one(source, sample_rate, layout, listen, check_finite, strict)
            with lock:
                done += 1
                tell(done / len(sources))
            return meter

        # Rarely needed, and not quick to import.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(count) as pool:
            futures = [pool.submit(job, source) for source in sources]
            try:
                return [future.result() for future in futures]
            except BaseException:
                stop = True
                pool.shutdown(wait=False, cancel_futures=True)
                raise


def _one(
    source: Any,
    sample_rate: Optional[float],
    layout: Union[str, int],
    tell: Tell,
    check_finite: bool,
    strict: bool,
    *,
    history: bool = False,
) -> LoudnessMeter:
    if _arrays.is_path(source):
        if sample_rate is not None:
            raise TypeError("a file knows its sample rate: leave sample_rate out")
        with _reading.blocks(source, strict=strict, check_finite=check_finite) as blocks:
            stands = blocks.info.mask if layout == "auto" and blocks.info.mask is not None else layout
            meter = LoudnessMeter(blocks.sample_rate, blocks.channels, stands, history=history)
            done, total = 0, blocks.info.samples
            for block in blocks:
                meter.add(block, check_finite=check_finite)
                done += block.shape[1]
                if total:
                    tell(min(done / total, 1.0))
            _reading.tell_notes(source, map(_reading.told_part, blocks.missing))
    else:
        if sample_rate is None:
            raise TypeError("sample_rate is missing")
        channels, samples = source.shape
        meter = LoudnessMeter(sample_rate, channels, layout, history=history)
        for start in range(0, samples, _reading.BLOCK):
            meter.add(source[:, start : start + _reading.BLOCK], check_finite=check_finite)
            tell(min(start + _reading.BLOCK, samples) / samples)
    meter.finish()
    tell(1.0)
    return meter
