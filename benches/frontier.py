"""Loudness against what it costs, for limiters: the drawing and the table of docs/design/limiting.md.

    tools/python -m pip install pedalboard scipy
    tools/python benches/frontier.py mix.wav --svg docs/design/limiting.svg --table docs/design/limiting_frontier.md

A programme is driven harder and harder into each limiter, whose output is brought to a true peak of -1 dBTP. What comes of it:

    loudness     integrated, LUFS
    pumping      rms of the gain in dB, 0.5 to 10 Hz
    fast motion  power of the gain above 30 Hz against its mean squared, dB

The gain is what fits output to input best, every half millisecond; of a clipper it is what it amounts to.
"""

import argparse
import subprocess
import sys

import mixdsp as mx
import numpy as np
from scipy import signal

CEILING_DB = -1.0
DRIVES_DB = (3, 6, 9, 12, 15, 18, 21, 24)
#: Samples over which a gain is fitted.
STEP = 24


def streaming(x, rate):
    return mx.Limiter.preset("mastering", ceiling_db=CEILING_DB)(x, rate)


def offline(x, rate):
    return mx.limit_offline(x, rate, ceiling_db=CEILING_DB).audio


def clipper_and_offline(x, rate):
    """The clipper takes what is more than 4 dB over the ceiling."""
    down = np.float32(10 ** (-(CEILING_DB + 4.0) / 20))
    return offline(mx.Clipper(ceiling_db=0.0, softness_db=1.0)(x * down, rate) / down, rate)


def ffmpeg_alimiter(x, rate):
    """At four times the rate, with its own attack and release of 5 and 50 ms."""
    limit = 10 ** ((CEILING_DB - 0.25) / 20)
    chain = f"aresample={4 * rate},alimiter=limit={limit}:level=false:latency=true,aresample={rate}"
    pipe = ["-f", "f32le", "-ar", str(rate), "-ac", str(len(x))]
    command = ["ffmpeg", "-v", "error", *pipe, "-i", "-", "-af", chain, *pipe, "-"]
    done = subprocess.run(command, input=np.ascontiguousarray(x.T, np.float32).tobytes(), capture_output=True, check=True)
    y = np.frombuffer(done.stdout, np.float32).reshape(-1, len(x)).T[:, : x.shape[1]]
    return np.pad(y, ((0, 0), (0, x.shape[1] - y.shape[1])))


def pedalboard_limiter(x, rate):
    import pedalboard

    return pedalboard.Limiter(threshold_db=CEILING_DB, release_ms=100)(x, rate)


LIMITERS = {
    "streaming, `mastering`": (streaming, "#1f77b4"),
    "offline": (offline, "#d62728"),
    "clipper and offline": (clipper_and_offline, "#ff7f0e"),
    "ffmpeg's alimiter at 4x": (ffmpeg_alimiter, "#2ca02c"),
    "pedalboard.Limiter": (pedalboard_limiter, "#7f7f7f"),
}


def gain_of(x, y):
    """The gain every [`STEP`] samples."""
    count = x.shape[1] // STEP
    fold = lambda a: a[:, : count * STEP].sum(0, dtype=np.float64).reshape(count, STEP).sum(1)  # noqa: E731
    xy, xx = fold(x * y), fold(x * x)
    heard = xx > 1e-6
    at = np.arange(count)
    return np.interp(at, at[heard], xy[heard] / xx[heard])


def pumping(gain, rate):
    count = len(gain) // 10 * 10
    slow = (20 * np.log10(np.maximum(gain[:count], 1e-3))).reshape(-1, 10).mean(1)
    band = signal.butter(2, [0.5, 10], "bandpass", fs=rate / 10, output="sos")
    return float(np.sqrt(np.mean(signal.sosfiltfilt(band, slow) ** 2)))


def fast_motion(gain, rate):
    high = signal.butter(4, 30, "highpass", fs=rate, output="sos")
    return float(10 * np.log10(np.mean(signal.sosfiltfilt(high, gain) ** 2) / np.mean(gain) ** 2))


def measured(x, rate):
    """A row for each limiter and drive: name, drive, loudness, pumping, fast motion."""
    for name, (limiter, _) in LIMITERS.items():
        for drive in DRIVES_DB:
            driven = (x * 10 ** (drive / 20)).astype(np.float32)
            y = limiter(driven, rate)
            over = mx.loudness(y, rate).true_peak - CEILING_DB
            gain = gain_of(driven, y)
            loud = mx.loudness(y, rate).integrated - over
            row = (name, drive, loud, pumping(gain, rate / STEP), fast_motion(gain, rate / STEP))
            print("{:26} {:+3d} dB {:7.2f} LUFS  pumping {:5.2f} dB  fast motion {:6.1f} dB".format(*row), flush=True)
            yield row


def panel(rows, column, title, left, ticks):
    """One drawing: loudness to the right, the column up."""
    width, height, low, high = 380, 300, ticks[0], ticks[-1]
    across = lambda lufs: left + (lufs + 16) / 14 * width  # noqa: E731
    up = lambda value: 350 - (value - low) / (high - low) * height  # noqa: E731
    parts = [f'<text x="{left}" y="36" font-weight="bold">{title}</text>']
    for lufs in range(-16, -1, 2):
        parts.append(f'<path d="M{across(lufs):.0f} 50V350" stroke="#ddd"/><text x="{across(lufs):.0f}" y="368" text-anchor="middle">{lufs}</text>')
    for tick in ticks:
        parts.append(f'<path d="M{left} {up(tick):.0f}h{width}" stroke="#ddd"/><text x="{left - 6}" y="{up(tick) + 4:.0f}" text-anchor="end">{tick}</text>')
    parts.append(f'<text x="{left + width / 2}" y="388" text-anchor="middle">integrated loudness at -1 dBTP, LUFS</text>')
    for name, (_, colour) in LIMITERS.items():
        points = " ".join(f"{across(row[2]):.1f},{up(min(max(row[column], low), high)):.1f}" for row in rows if row[0] == name)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
    return parts


def drawn(rows):
    parts = ['<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 900 440" font-family="sans-serif" font-size="12">']
    parts.append('<rect width="900" height="440" fill="white"/>')
    parts += panel(rows, 3, "Pumping: gain, 0.5 to 10 Hz, dB rms", 50, (0, 1, 2, 3, 4, 5))
    parts += panel(rows, 4, "Fast motion: gain above 30 Hz against its mean, dB", 500, (-70, -60, -50, -40, -30, -20, -10))
    for at, (name, (_, colour)) in enumerate(LIMITERS.items()):
        x = 50 + 170 * at
        parts.append(f'<path d="M{x} 418h24" stroke="{colour}" stroke-width="3"/><text x="{x + 30}" y="422">{name.replace("`", "")}</text>')
    return "\n".join([*parts, "</svg>", ""])


def table(rows):
    lines = ["| limiter | drive, dB | loudness, LUFS | pumping, dB | fast motion, dB |", "| --- | ---: | ---: | ---: | ---: |"]
    lines += ["| {} | {} | {:.2f} | {:.2f} | {:.1f} |".format(*row) for row in rows]
    return "\n".join([*lines, ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("mix")
    parser.add_argument("--svg")
    parser.add_argument("--table")
    options = parser.parse_args()
    x, rate = mx.read(options.mix)
    rows = list(measured(x, int(rate)))
    for path, text in ((options.svg, drawn(rows)), (options.table, table(rows))):
        if path:
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
