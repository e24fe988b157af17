"""``mixdsp check``: what is to know of a file before it goes out, on one screen."""

from __future__ import annotations

import math
from typing import Any, Optional

from ..mastering import TARGETS, Target
from ._listen import Heard
from ._table import clock

#: A mean of more than this, in full scales, is a fault: -60 dBFS.
MOST_DC = 1e-3
#: Losing more than this in mono is a fault, in LU.
MOST_MONO_LOSS = 6.0
#: Silence longer than this at an end is told of, in seconds.
LONG_SILENCE = 2.0
#: What a loudness needs, in seconds, and what it has to be over to count.
SHORTEST, GATE_LUFS = 0.4, -70.0
SIDES = ("left", "right")
#: Left and right less alike than this in the bass are out of phase.
LEAST_BASS_CORRELATION = -0.3
#: Noise in pauses is a fault from here on, in dBFS, when it lies so far under what is loud, in dB; louder than that it is
#: rather music.
FLOOR_DBFS, LEAST_BELOW_DB, MUSIC_DBFS = -70.0, 20.0, -40.0
#: Rates that files are made from, and how near to half of one a spectrum ends then. What ends lower than this share of half
#: the rate was encoded with loss, or cut.
USUAL_RATES, NEAR_HALF, LOSSY_SHARE = (32_000, 44_100, 48_000, 88_200, 96_000), 0.08, 0.94


def row(heard: Heard, target: Optional[Target]) -> dict[str, Any]:
    """Everything as plain values."""
    found: dict[str, Any] = {
        "format": heard.info.format,
        "sample_rate": heard.info.sample_rate,
        "channels": heard.info.channels,
        "bits": heard.info.bits,
        "seconds": heard.seconds,
    }
    loudness = heard.loudness.to_dict()
    del loudness["sample_rate"], loudness["seconds"]
    found["channel_readings"] = loudness.pop("channels")
    found.update(loudness)
    found["silence_start"], found["silence_end"] = heard.silence
    loss = heard.mono_loss
    found["mono_loss"] = loss if loss is None or math.isfinite(loss) else None
    found["correlation"] = heard.correlation
    found["bandwidth_hz"] = heard.premaster["bandwidth_hz"]
    found["bass_correlation"] = heard.premaster["bass_correlation"]
    found["late_samples"] = heard.premaster["lag_samples"]
    found["noise_floor"] = _floor(heard)
    found["platforms"] = {each.key: _platform(each, heard) for each in TARGETS.values()}
    found["faults"] = faults(heard, target)
    return found


def _platform(target: Target, heard: Heard) -> dict[str, Any]:
    lufs, peak = heard.loudness.integrated, heard.loudness.true_peak
    if lufs is None or peak is None:
        return {"gain_db": None, "plays_lufs": None, "fits": None, "misses": []}
    gain = target.gain_db(lufs, peak)
    misses = []
    if peak > target.true_peak_db + 0.005:
        misses.append(f"true peak {peak - target.true_peak_db:.2f} dB over {target.true_peak_db:g} dBTP")
    if target.playback == "delivery":
        off = lufs - target.lufs
        if abs(off) > target.tolerance_lu:
            misses.append(f"{abs(off):.1f} LU {'loud' if off > 0 else 'quiet'}")
        short, most = heard.loudness.short_term_max, target.short_term_max_lufs
        if most is not None and short is not None and short > most:
            misses.append(f"short-term {short - most:.1f} LU over {most:g} LUFS")
    return {"gain_db": gain, "plays_lufs": lufs + gain, "fits": not misses, "misses": misses}


def faults(heard: Heard, target: Optional[Target]) -> list[str]:
    """What should be looked at, in words."""
    loudness = heard.loudness
    found = []
    if loudness.integrated is None:
        found.append(_unmeasured(heard))
    if loudness.clipped_runs:
        found.append(f"clipped: {loudness.clipped_runs} runs of samples at full scale, {_first(heard, 'clipped_run')}")
    elif loudness.overs:
        found.append(f"clips when played: {loudness.overs} peaks between samples over full scale, {_first(heard, 'over')}")
    if loudness.dc is not None and abs(loudness.dc) > MOST_DC:
        found.append(f"DC offset of {loudness.dc:+.4f}")
    loss = heard.mono_loss
    if loss is not None and loss > MOST_MONO_LOSS:
        found.append(f"loses {loss:.1f} LU in mono" if math.isfinite(loss) else "nothing is left in mono")
    found += _premaster(heard)
    for seconds, end in zip(heard.silence, ("start", "end")):
        if seconds > LONG_SILENCE and loudness.integrated is not None:
            found.append(f"{seconds:.1f} s of silence at the {end}")
    if target is not None and loudness.integrated is not None and loudness.true_peak is not None:
        off = loudness.integrated - target.lufs
        if abs(off) > target.tolerance_lu:
            found.append(f"{abs(off):.1f} LU {'louder' if off > 0 else 'quieter'} than {target.name}")
        over = loudness.true_peak - target.true_peak_db
        if over > 0.005:
            found.append(f"true peak {over:.2f} dB over what {target.name} allows")
    return found


def _floor(heard: Heard) -> Optional[float]:
    """The noise in pauses, in dBFS, where there are pauses."""
    floor, loudest = heard.premaster["floor_db"], heard.premaster["loudest_db"]
    if floor is None or loudest is None or loudest - floor < LEAST_BELOW_DB or floor > MUSIC_DBFS:
        return None
    return float(floor)


def _premaster(heard: Heard) -> list[str]:
    """Faults that loudness and peaks do not show."""
    found = []
    bass, late, edge = (heard.premaster[name] for name in ("bass_correlation", "lag_samples", "bandwidth_hz"))
    if bass is not None and bass < LEAST_BASS_CORRELATION:
        found.append(f"bass out of phase: left and right correlate by {bass:+.2f} below 120 Hz")
    if late is not None:
        side, rate = SIDES[1 if late > 0 else 0], heard.info.sample_rate
        found.append(f"the {side} channel is late by {abs(late)} samples, {1000 * abs(late) / rate:.2f} ms")
    floor = _floor(heard)
    if floor is not None and floor > FLOOR_DBFS:
        found.append(f"noise of {floor:.1f} dBFS in the pauses")
    if edge is not None:
        rate = heard.info.sample_rate
        origin = next((each for each in USUAL_RATES if each < 0.95 * rate and (1 - NEAR_HALF) * each / 2 <= edge <= 1.01 * each / 2), None)
        if origin is not None:
            found.append(f"wrong rate: nothing above {edge / 1000:.1f} kHz, so it was {origin} Hz once and not {rate} Hz")
        elif edge < LOSSY_SHARE * rate / 2:
            found.append(f"nothing above {edge / 1000:.1f} kHz: encoded with loss, or cut")
    return found


def _unmeasured(heard: Heard) -> str:
    """Why there is no loudness."""
    loudness = heard.loudness
    if loudness.sample_peak is None:
        return "silent: every sample is 0" if heard.seconds else "empty: there is no audio in it"
    if heard.seconds < SHORTEST:
        return f"too short to be measured: loudness needs {SHORTEST:g} s, this has {heard.seconds:.2f} s"
    if loudness.rms is not None and loudness.rms > GATE_LUFS + 3:
        return "no loudness: nothing sounds but low-frequency effects, which do not count"
    return f"too quiet to be measured: nothing is over {GATE_LUFS:g} LUFS, the largest sample is {loudness.sample_peak:.1f} dBFS"


def _first(heard: Heard, what: str) -> str:
    times = [
        (seconds, side)
        for side, channel in enumerate(heard.loudness.channels)
        if (seconds := getattr(channel, f"first_{what}_seconds")) is not None
    ]
    if not times:
        return "somewhere"
    seconds, side = min(times)
    return f"the first at {clock(seconds)} {_side(heard, side)}"


def _side(heard: Heard, channel: int) -> str:
    return SIDES[channel] if heard.info.channels == 2 else f"in channel {channel + 1}"


def _number(value: Optional[float], decimals: int = 1, sign: bool = False) -> str:
    if value is None:
        return "-"
    return f"{value:+.{decimals}f}" if sign else f"{value:.{decimals}f}"


def screen(path: str, heard: Heard, found: list[str]) -> str:
    """One screen of text."""
    info, r = heard.info, heard.loudness
    bits = f", {info.bits} bit" if info.bits else ""
    channels = {1: "mono", 2: "stereo"}.get(info.channels, f"{info.channels} channels")
    peaks = ", ".join(
        f"{_number(c.true_peak, 2)} {_side(heard, n)} at {clock(c.true_peak_seconds)}"
        for n, c in enumerate(r.channels)
        if c.true_peak is not None
    )
    longest = max((c.longest_clipped_run or 0 for c in r.channels), default=0)
    clipping = f"{r.clipped_runs or 0} runs"
    if r.clipped_runs:
        clipping += f" (longest {longest} samples, {_first(heard, 'clipped_run')})"
    clipping += f", {r.overs or 0} overs between samples"
    if r.overs:
        clipping += f" ({_first(heard, 'over')})"
    lines = [
        f"{path}",
        f"{info.format.upper()}, {info.sample_rate} Hz, {channels}{bits}, {clock(heard.seconds)}",
        "",
        f"Loudness    {_number(r.integrated)} LUFS integrated, range {_number(r.range)} LU, "
        f"short-term max {_number(r.short_term_max)}, momentary max {_number(r.momentary_max)}",
        f"True peak   {_number(r.true_peak, 2)} dBTP" + (f" ({peaks})" if peaks else ""),
        f"Dynamics    PLR {_number(r.plr)} LU, least PSR {_number(r.psr_min)} LU, RMS {_number(r.rms)} dBFS, "
        f"sample peak {_number(r.sample_peak, 2)} dBFS",
        f"Clipping    {clipping}",
        f"DC          {_number(r.dc, 5, True)}",
        f"Silence     {heard.silence[0]:.3f} s at the start, {heard.silence[1]:.3f} s at the end",
    ]
    edge, floor, bass = heard.premaster["bandwidth_hz"], _floor(heard), heard.premaster["bass_correlation"]
    lines.append(
        f"Noise       {_number(floor)} dBFS in pauses; spectrum up to {_number((edge or info.sample_rate / 2) / 1000)} kHz"
        + (f"; bass correlation {_number(bass, 2, True)}" if bass is not None else "")
    )
    if heard.mono_loss is not None:
        lines.append(f"Mono        loses {_number(heard.mono_loss)} LU, correlation {_number(heard.correlation, 2, True)}")
    lines += ["", f"{'Platform':36}{'asks':>8}{'changes':>10}{'plays at':>10}{'fits':>6}"]
    for target in TARGETS.values():
        told = _platform(target, heard)
        change = "-" if target.playback == "delivery" else _number(told["gain_db"], 1, True) + " dB"
        fits = {True: "yes", False: "no", None: "-"}[told["fits"]]
        why = f"  {', '.join(told['misses'])}" if told["misses"] else ""
        lines.append(f"{target.name:36}{target.lufs:8.1f}{change:>10}{_number(told['plays_lufs']):>10}{fits:>6}{why}")
    fitting = [each for each in TARGETS.values() if _platform(each, heard)["fits"]]
    fine = "Nothing to complain about." if fitting else "No fault, but it fits none of these as it is: see the reasons above."
    lines += ["", *(f"! {fault}" for fault in found)] if found else ["", fine]
    return "\n".join(lines) + "\n"
