"""The usual multiband compressor, made of bands and compressors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, Optional, Union

from ._chain import Chain
from ._effect import Effect
from ._join import Bands
from ._processors import Compressor

#: One value for all bands, or one for each, from the lowest.
PerBand = Union[float, Sequence[float]]

#: Times of the lowest and of the highest band; those between lie in between, by ratio.
ATTACK_MS = (40.0, 5.0)
RELEASE_MS = (300.0, 80.0)


def multiband_compressor(
    splits_hz: Sequence[float] = (150.0, 2500.0),
    threshold_db: PerBand = -24.0,
    ratio: PerBand = 3.0,
    *,
    knee_db: PerBand = 6.0,
    attack_ms: Optional[PerBand] = None,
    release_ms: Optional[PerBand] = None,
    makeup_db: PerBand = 0.0,
    range_db: PerBand = 100.0,
    link: PerBand = 1.0,
    upward_threshold_db: PerBand = -45.0,
    upward_ratio: PerBand = 1.0,
    max_boost_db: PerBand = 12.0,
    lookahead_ms: float = 0.0,
    slope_db_per_octave: int = 24,
    phase: Literal["minimum", "linear"] = "minimum",
    solo: Sequence[int] = (),
    bypass: Sequence[int] = (),
    **compressor: Any,
) -> Bands:
    """A compressor for each band of a crossover, downward and, where ``upward_ratio`` is above 1, upward.

    Every value but those of the crossover is one for all bands or a list with one for each, from the lowest. What comes
    out is :class:`Bands`: its members can be changed, automated (``"bands[0].threshold_db"``) and replaced.

    Parameters
    ----------
    splits_hz : list of float, 20 to 20000 Hz
        Where the bands meet, lowest first: one to five.
    threshold_db, ratio, knee_db, makeup_db, range_db, link
        As of :class:`Compressor`.
    attack_ms, release_ms : default from 40 and 300 ms in the lowest band to 5 and 80 ms in the highest
    upward_threshold_db, upward_ratio, max_boost_db
        Of the compressor that turns up what is softer; with a ratio of 1 there is none.
    lookahead_ms : float, 0 to 50 ms
        Of every band; this is the latency.
    slope_db_per_octave, phase, solo, bypass
        As of :class:`Bands`. Linear phase is built for the lowest split.
    **compressor
        Other parameters of :class:`Compressor`, for all bands alike: ``detector``, ``topology``, ``auto_release`` ...

    Raises ``ValueError`` when a list has another length than there are bands, or a value is outside its range.
    """
    splits = [float(hz) for hz in splits_hz]
    if splits != sorted(splits) or len(set(splits)) != len(splits):
        raise ValueError(f"splits_hz = {splits} are not in rising order")
    count = len(splits) + 1

    def each(name: str, value: Optional[PerBand], ends: tuple[float, float] = (0.0, 0.0)) -> list[float]:
        if value is None:
            low, high = ends
            return [low * (high / low) ** (band / max(count - 1, 1)) for band in range(count)]
        if isinstance(value, (int, float)):
            return [float(value)] * count
        values = [float(one) for one in value]
        if len(values) != count:
            raise ValueError(f"{name} has {len(values)} values for {count} bands")
        return values

    down = {
        "threshold_db": each("threshold_db", threshold_db),
        "ratio": each("ratio", ratio),
        "knee_db": each("knee_db", knee_db),
        "attack_ms": each("attack_ms", attack_ms, ATTACK_MS),
        "release_ms": each("release_ms", release_ms, RELEASE_MS),
        "makeup_db": each("makeup_db", makeup_db),
        "range_db": each("range_db", range_db),
        "link": each("link", link),
    }
    up = {
        "threshold_db": each("upward_threshold_db", upward_threshold_db),
        "ratio": each("upward_ratio", upward_ratio),
        "max_boost_db": each("max_boost_db", max_boost_db),
    }

    def band(at: int) -> Effect:
        own: dict[str, Any] = {name: values[at] for name, values in down.items()}
        downward = Compressor(**own, lookahead_ms=lookahead_ms, **compressor)
        raised: dict[str, Any] = {name: values[at] for name, values in up.items()}
        if raised["ratio"] == 1.0:
            return downward
        shared: dict[str, Any] = {name: own[name] for name in ("knee_db", "attack_ms", "release_ms", "link")}
        upward = Compressor(**raised, **shared, direction="upward", **compressor)
        return Chain(upward=upward, downward=downward)

    return Bands(
        splits,
        [band(at) for at in range(count)],
        slope_db_per_octave=slope_db_per_octave,
        phase=phase,
        lowest_hz=min([2000.0, *splits]),
        solo=solo,
        bypass=bypass,
    )
