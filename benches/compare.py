"""Speed and memory beside pedalboard, pyloudnorm and scipy, in one run, as ratios.

    pip install ./mixdsp-py pedalboard pyloudnorm scipy && python benches/compare.py [--json]

60 s of stereo float32. Each row is the fastest of several repeats, the two sides taking turns, so that what else the
machine does falls on both. Rows with a bound fail the script when they miss it.
"""

import argparse
import json
import subprocess
import sys
import threading
import time

import mixdsp as mx
import numpy as np
import pedalboard as pb
import pyloudnorm
import scipy
import scipy.signal

RATE = 48_000
SECONDS = 60
REPEATS = 12


def audio(seconds=SECONDS):
    return np.random.default_rng(0).uniform(-0.4, 0.4, (2, seconds * RATE)).astype(np.float32)


def resonant():
    """Noise that falls by 6 dB per octave, with resonances of 12 dB."""
    noise = scipy.signal.lfilter([1], [1, -0.95], audio(), axis=1)
    for hz in (300, 2_000, 5_000):
        noise += 3 * scipy.signal.lfilter(*scipy.signal.iirpeak(hz, 40, fs=RATE), noise, axis=1)
    return (0.1 * noise).astype(np.float32)


def fastest(*calls, repeats=REPEATS):
    """The shortest time of each call in seconds, taking turns."""
    best = [float("inf")] * len(calls)
    for _ in range(repeats):
        for at, call in enumerate(calls):
            start = time.perf_counter()
            call()
            best[at] = min(best[at], time.perf_counter() - start)
    return best


def chains():
    """High-pass, three bells, shelf, compressor, delay, reverb: as near to each other as both can be."""
    ours = mx.Chain(
        [
            mx.Equalizer(mx.highpass(80)),
            mx.Equalizer(mx.bell(200, 3, q=1)),
            mx.Equalizer(mx.bell(1_000, -2, q=1)),
            mx.Equalizer(mx.bell(4_000, 2, q=1)),
            mx.Equalizer(mx.high_shelf(8_000, 2)),
            mx.Compressor(-20, 4, attack_ms=5, release_ms=100),
            mx.Delay(250, 0.3, 0.3),
            mx.Reverb(decay_seconds=1.5, mix=0.3),
        ]
    )
    theirs = pb.Pedalboard(
        [
            pb.HighpassFilter(80),
            pb.PeakFilter(200, 3, 1),
            pb.PeakFilter(1_000, -2, 1),
            pb.PeakFilter(4_000, 2, 1),
            pb.HighShelfFilter(8_000, 2),
            pb.Compressor(-20, 4, 5, 100),
            pb.Delay(0.25, 0.3, 0.3),
            pb.Reverb(0.5, wet_level=0.3),
        ]
    )
    return ours, theirs


def gains_of_two_threads(*calls):
    """How many times as much two threads do as one, for each call."""

    def together(call, threads):
        workers = [threading.Thread(target=call) for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    times = fastest(*(lambda c=call, n=threads: together(c, n) for call in calls for threads in (1, 2)), repeats=24)
    return [2 * one / two for one, two in zip(times[::2], times[1::2], strict=True)]


# The high-water mark that Linux keeps; that of getrusage begins with the parent's.
MEMORY = """
import numpy as np
import mixdsp as mx
x = np.empty((2, {samples}), np.float32)
np.random.default_rng(0).random(dtype=np.float32, out=x)
x *= 0.4
fx = {effect}
w = x[:, :48000].copy(); {warm}; del w
def peak():
    with open("/proc/self/status") as lines:
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
before = peak()
{call}
print(peak() - before)
"""


def memory(effect, call, output_bytes, samples=SECONDS * RATE):
    """Bytes that a call takes at its peak beside its input and its output."""
    warm = call.replace("out=x", "out=w").replace("(x,", "(w,")
    code = MEMORY.format(effect=effect, call=call, warm=warm, samples=samples)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(told.stdout) - output_bytes


def import_seconds(module):
    """The least time of the processor that importing takes in a fresh interpreter, beside starting it."""
    code = f"import time; start = time.process_time(); import {module}; print(time.process_time() - start)"
    runs = (subprocess.run([sys.executable, "-c", code], capture_output=True, text=True) for _ in range(9))
    return min(float(run.stdout) for run in runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="rows as JSON")
    options = parser.parse_args()
    x = audio()
    rows = []

    def row(name, peer, a, b, bound=None, unit="ms", scale=1e3):
        rows.append({"name": name, "peer": peer, "mixdsp": a, "theirs": b, "ratio": a / b, "bound": bound})
        if not options.json:
            kept = "" if bound is None else f"  at most {bound:g}: {'kept' if a / b <= bound else 'MISSED'}"
            ours, others = a * scale, b * scale
            print(f"{name:34} {ours:10.2f} {others:10.2f} {unit:3} {peer:12} ratio {a / b:5.2f}{kept}", flush=True)

    def check(name, value, text, kept):
        rows.append({"name": name, "value": value, "kept": kept})
        if not options.json:
            print(f"{name:34} {text}: {'kept' if kept else 'MISSED'}", flush=True)

    if not options.json:
        print(f"mixdsp {mx.__version__} ({mx.simd_level()}), pedalboard {pb.__version__}, scipy {scipy.__version__}")
        print(f"{SECONDS} s of stereo float32 at {RATE} Hz; fastest of {REPEATS}\n")

    ours, theirs = chains()
    seven, plugins = mx.Chain(ours[:-1]), pb.Pedalboard([theirs[at] for at in range(7)])
    row("the same without the reverb", "pedalboard", *fastest(lambda: seven(x, RATE), lambda: plugins(x, RATE)))
    row("chain of 8", "pedalboard", *fastest(lambda: ours(x, RATE), lambda: theirs(x, RATE)), bound=0.5)
    bell, peak = mx.Equalizer(mx.bell(1_000, 3, q=1)), pb.PeakFilter(1_000, 3, 1)
    row("one bell", "pedalboard", *fastest(lambda: bell(x, RATE), lambda: peak(x, RATE)), bound=0.7)
    sos = scipy.signal.butter(2, 1_000, fs=RATE, output="sos")
    row("one bell", "scipy", *fastest(lambda: bell(x, RATE), lambda: scipy.signal.sosfilt(sos, x), repeats=3))
    meter, t = pyloudnorm.Meter(RATE), np.ascontiguousarray(x.T)
    both = fastest(lambda: mx.loudness(x, RATE), lambda: meter.integrated_loudness(t), repeats=5)
    row("loudness with everything", "pyloudnorm", *both, bound=0.4)
    comp, compressor = mx.Compressor(-20, 4), pb.Compressor(-20, 4)
    row("compressor", "pedalboard", *fastest(lambda: comp(x, RATE), lambda: compressor(x, RATE)))
    reverb, freeverb = mx.Reverb(mix=0.3), pb.Reverb(0.5)
    row("reverb", "pedalboard", *fastest(lambda: reverb(x, RATE), lambda: freeverb(x, RATE)))
    suppress, pinkish = mx.ResonanceSuppressor(), resonant()
    both = fastest(lambda: suppress(pinkish, RATE), lambda: freeverb(pinkish, RATE))
    row("resonance suppressor, 3 found", "pb.Reverb", *both, bound=1.5)
    limit, limiter = mx.Limiter(), pb.BrickwallLimiter(true_peak=True)
    row("limiter, true peak", "pedalboard", *fastest(lambda: limit(x, RATE), lambda: limiter(x, RATE), repeats=3))
    up = lambda: mx.resample(x, RATE, 44_100)  # noqa: E731
    poly = lambda: scipy.signal.resample_poly(x, 147, 160, axis=1)  # noqa: E731
    row("48 kHz to 44.1 kHz", "scipy", *fastest(up, poly, repeats=3))

    a, b = gains_of_two_threads(lambda: chains()[0](x, RATE), lambda: chains()[1](x, RATE))
    check("two threads, two chains", a, f"{a:.2f} times as much, pedalboard {b:.2f}", a >= b - 0.05)

    size = x.nbytes
    for name, effect, call, out in (
        ("chain, a new array", "mx.Chain([mx.Equalizer(mx.bell(100, 3)), mx.Reverb()])", "y = fx(x, 48000)", size),
        ("chain, in place", "mx.Chain([mx.Equalizer(mx.bell(100, 3)), mx.Reverb()])", "fx(x, 48000, out=x)", 0),
        ("loudness", "None", "y = mx.loudness(x, 48000)", 0),
    ):
        extra = memory(effect, call, out) / 1e6
        check(f"memory of {name}", extra, f"{extra:.1f} MB beside input and output", extra <= 10)

    numpy_seconds = import_seconds("numpy")
    extra = import_seconds("mixdsp") - numpy_seconds
    check("import", extra, f"{1e3 * extra:.0f} ms beside numpy's {1e3 * numpy_seconds:.0f} ms", extra <= 0.030)

    if options.json:
        print(json.dumps(rows, indent=2))
    missed = [r for r in rows if r.get("kept") is False or (r.get("bound") and r["ratio"] > r["bound"])]
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
