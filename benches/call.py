"""What a call from Python costs, beside pedalboard in the same run.

    pip install ./mixdsp-py pedalboard && python benches/call.py

Each row is the fastest of several repeats, the two sides taking turns. The first row has a bound: a 64-frame
call of gain on a stream with ``out=`` costs at most 0.6 of pedalboard's Gain.
"""

import sys
import timeit

import mixdsp as mx
import numpy as np
import pedalboard

RATE = 48_000
REPEATS = 15


def fastest(ours, theirs, number):
    """Seconds per call of both."""
    both = ([], [])
    for _ in range(REPEATS):
        for times, call in zip(both, (ours, theirs)):
            times.append(timeit.timeit(call, number=number) / number)
    return min(both[0]), min(both[1])


def row(name, ours, theirs, number, unit=1e6, label="us"):
    a, b = fastest(ours, theirs, number)
    print(f"{name:48} {a * unit:9.3f} {b * unit:9.3f} {label}   ratio {a / b:.2f}")
    return a / b


def main():
    block = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 64)).astype(np.float32)
    out = np.empty_like(block)
    print(f"mixdsp {mx.__version__} ({mx.simd_level()}), pedalboard {pedalboard.__version__}")
    print(f"{'':48} {'mixdsp':>9} {'pedalboard':>9}")
    gain, theirs = mx.Gain(-6), pedalboard.Gain(-6)
    stream = gain.stream(RATE)
    bound = row(
        "gain, 64 frames, stream with out=",
        lambda: stream(block, out=out),
        lambda: theirs.process(block, RATE, reset=False),
        20_000,
    )
    row("gain, 64 frames, stream", lambda: stream(block), lambda: theirs(block, RATE, reset=False), 20_000)
    row("gain, 64 frames, one call", lambda: gain(block, RATE), lambda: theirs(block, RATE), 5_000)

    minute = np.random.default_rng(0).uniform(-0.5, 0.5, (2, 60 * RATE)).astype(np.float32)
    one = mx.Equalizer(mx.bell(1_000, 3, q=1))
    peak = pedalboard.PeakFilter(1_000, 3, 1)
    row("one bell, 60 s stereo", lambda: one(minute, RATE), lambda: peak(minute, RATE), 1, 1e3, "ms")
    frequencies = [60, 120, 300, 800, 1_500, 3_000, 6_000, 12_000]
    eight = mx.Equalizer([mx.bell(f, 3, q=1) for f in frequencies])
    peaks = pedalboard.Pedalboard([pedalboard.PeakFilter(f, 3, 1) for f in frequencies])
    row("eight bells, 60 s stereo", lambda: eight(minute, RATE), lambda: peaks(minute, RATE), 1, 1e3, "ms")
    row("gain, 60 s stereo", lambda: gain(minute, RATE), lambda: theirs(minute, RATE), 1, 1e3, "ms")
    print(f"bound of the first row: 0.60, {'kept' if bound <= 0.6 else 'MISSED'}")
    return 0 if bound <= 0.6 else 1


if __name__ == "__main__":
    sys.exit(main())
