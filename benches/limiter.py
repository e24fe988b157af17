"""The limiter beside pedalboard's BrickwallLimiter(true_peak=True), through Python, in the same run.

    tools/python -m pip install pedalboard && tools/python benches/limiter.py

Stereo, 48 kHz, float32, ceiling -1, both at the look-ahead of 5 ms that they have by default. Two loops: 20 s
in one call, and as a stream of 512-frame blocks. The sides take turns; what counts is the median of the
quotients of processor time. Fails when ours takes more than a quarter of theirs, and says so when pedalboard has no such class.
"""

import statistics
import subprocess
import sys
import time

import mixdsp as mx
import numpy as np

RATE = 48_000
BLOCK = 512
SECONDS = 20
ROUNDS = 15
BOUND = 0.25


def music():
    """Bass, chords and hits that come and go, driven 9 dB over full scale at the loudest."""
    time_s = np.arange(SECONDS * RATE) / RATE
    random = np.random.default_rng(1)
    loudness = 0.3 + 0.7 * np.abs(np.sin(2 * np.pi * 0.2 * time_s))
    bass = 0.5 * np.sin(2 * np.pi * 55 * time_s)
    chord = sum(np.sin(2 * np.pi * f * time_s) for f in (220, 277.2, 329.6, 440)) / 8
    hits = random.uniform(-1, 1, (2, time_s.size)) * np.exp(-25 * (time_s % 0.5))
    return (2.8 * loudness * (bass + chord + hits) / 1.5).astype(np.float32)


def timed(run):
    start = time.process_time()
    run()
    return time.process_time() - start


def main():
    try:
        import pedalboard

        theirs = pedalboard.BrickwallLimiter(ceiling_db=-1.0, lookahead_ms=5.0, true_peak=True)
    except (ImportError, AttributeError) as error:
        subprocess.run(["tools/absent", f"limiter beside pedalboard's BrickwallLimiter: {error}"], check=False)
        return 0
    ours = mx.Limiter()
    x = music()
    blocks = [np.ascontiguousarray(x[:, at : at + BLOCK]) for at in range(0, x.shape[1] - BLOCK, BLOCK)]
    out = np.empty_like(blocks[0])
    stream = ours.stream(RATE, 2)

    def stream_ours():
        for block in blocks:
            stream(block, out=out)

    def stream_theirs():
        for block in blocks:
            theirs.process(block, RATE, reset=False)

    loops = [
        (f"{SECONDS} s in one call", lambda: ours(x, RATE), lambda: theirs(x, RATE)),
        (f"stream of {BLOCK}-frame blocks", stream_ours, stream_theirs),
    ]
    print(f"mixdsp {mx.__version__} ({mx.simd_level()}), pedalboard {pedalboard.__version__}")
    failed = False
    for name, run_ours, run_theirs in loops:
        pairs = [(timed(run_ours), timed(run_theirs)) for _ in range(ROUNDS + 1)][1:]
        ratio = statistics.median(a / b for a, b in pairs)
        nanoseconds = [statistics.median(side) * 1e9 / (SECONDS * RATE) for side in zip(*pairs)]
        verdict = f"within {BOUND}" if ratio <= BOUND else f"MISSES {BOUND}"
        failed |= ratio > BOUND
        print(f"{name:28} {nanoseconds[0]:7.1f} and {nanoseconds[1]:7.1f} ns per frame, {ratio:.3f}: {verdict}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
