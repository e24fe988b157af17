"""Calls as the machine sees them: threads, interrupts, memory."""

import copy
import gc
import pathlib
import pickle
import subprocess
import sys
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import mixdsp as mx
import numpy as np
import pytest
from catalogue import EFFECTS, RATE, channels_of, noise

TESTS = pathlib.Path(__file__).parent


def test_one_object_from_many_threads(cls):
    fx = cls()
    arrays = [noise(channels_of(fx), 4_000, seed=seed) for seed in range(8)]
    expected = [fx(x, RATE) for x in arrays]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            for y, z in zip(pool.map(lambda x: fx(x, RATE), arrays), expected):
                assert np.array_equal(y, z)


def test_a_parameter_set_while_others_process():
    fx = mx.Gain()
    x = np.ones((1, 50_000))
    stop = threading.Event()

    def turn():
        value = 0
        while not stop.is_set():
            value = -6 - value
            fx.gain_db = value

    thread = threading.Thread(target=turn)
    thread.start()
    try:
        for _ in range(200):
            y = fx(x, RATE)
            assert (y == y[0, 0]).all(), "one call has one value"
    finally:
        stop.set()
        thread.join()


@pytest.mark.parametrize("way", ["call", "stream"])
def test_other_threads_run_during_a_long_call(way):
    """The interpreter is released: a thread that counts gets on while the engine works."""
    fx = mx.Equalizer([mx.bell(100 * k, 1) for k in range(1, 65)])
    x = noise(8, 300_000)
    ticks, done = [0], threading.Event()

    def count():
        while not done.wait(0.001):
            ticks[0] += 1

    run = fx.stream(RATE, 8) if way == "stream" else lambda x: fx(x, RATE)
    thread = threading.Thread(target=count)
    thread.start()
    before = ticks[0]
    run(x)
    during = ticks[0] - before
    done.set()
    thread.join()
    assert during > 20


INTERRUPTED = """
import os, signal, sys, threading, time
import numpy as np, mixdsp as mx
fx = mx.Equalizer([mx.bell(100 * k, 1) for k in range(1, 65)])
x = np.zeros((2, 40_000_000), np.float32)
when = []
def interrupt():
    time.sleep(0.5)
    when.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
run = {
    "call": lambda: fx(x, 48_000),
    "in place": lambda: fx(x, 48_000, out=x),
    "threads": lambda: fx([x, x], 48_000, threads=2),
    "stream": lambda: fx.stream(48_000)(x),
    "flush": lambda: fx.stream(48_000).flush(800.0),
}[sys.argv[1]]
threading.Thread(target=interrupt).start()
try:
    run()
    print("finished")
except KeyboardInterrupt:
    print(time.perf_counter() - when[0])
"""


INTERRUPTED_EFFECTS = """
import os, signal, sys, threading, time
import numpy as np, mixdsp as mx
from catalogue import EFFECTS, channels_of
def interrupt():
    time.sleep(0.15)
    when.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
for cls in EFFECTS:
    fx, when = cls(), []
    x = np.zeros((channels_of(fx), 4_000_000), np.float32)
    out = np.empty_like(fx(x[:, :1], 48_000), shape=(fx(x[:, :1], 48_000).shape[0], x.shape[1]))
    timer = threading.Thread(target=interrupt)
    timer.start()
    try:
        while True:  # longer than it takes to be interrupted
            fx(x, 48_000, out=out)
    except KeyboardInterrupt:
        print(cls.__name__, time.perf_counter() - when[0])
    timer.join()
"""


@pytest.mark.alone
@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C as Unix does")
def test_ctrl_c_stops_any_effect():
    line = [sys.executable, "-c", INTERRUPTED_EFFECTS]
    run = subprocess.run(line, capture_output=True, text=True, check=True, cwd=TESTS)
    rows = dict(line.split() for line in run.stdout.splitlines())
    assert len(rows) == len(EFFECTS)
    assert {name: seconds for name, seconds in rows.items() if float(seconds) > 0.2} == {}


@pytest.mark.alone
@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C as Unix does")
@pytest.mark.parametrize("way", ["call", "in place", "threads", "stream", "flush"])
def test_ctrl_c_stops_a_long_call(way):
    run = subprocess.run([sys.executable, "-c", INTERRUPTED, way], capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.2, run.stdout


@pytest.mark.long
def test_no_leak_over_10_000_calls():
    x = noise(2, 64)
    out = np.empty_like(x)
    eq = mx.Equalizer([mx.bell(300, 3), mx.high_shelf(8_000, 1)])
    chain = mx.Chain(eq=eq, out=mx.Gain(-3))
    stream = chain.stream(RATE)

    def work(count):
        for i in range(count):
            chain(x, RATE, automate={"out.gain_db": [(0, -3), (1e-4, -6)]})
            stream(x, out=out)
            stream(x)
            if i % 10 == 0:
                eq.response([100.0], RATE)
                with eq.stream(RATE) as other:
                    other(x)
                    other.flush()
                for wrong in (lambda: chain(x[:0], RATE), lambda: stream(x[:1]), lambda: chain(x, 1)):
                    with pytest.raises(ValueError):
                        wrong()

    _does_not_grow(work, 500, 500, 10_000)


@pytest.mark.long
def test_no_leak_in_any_effect(cls):
    fx = cls()
    x = noise(channels_of(fx), 64)

    def work(count):
        for _ in range(count):
            fx(x, RATE)
            fx.process(x, RATE).report
            fx.latency_samples(RATE), fx.tail_samples(RATE)
            with fx.stream(RATE, x.shape[0]) as s:
                s(x)
                s.flush("cut")
            copy.deepcopy(fx) == pickle.loads(pickle.dumps(fx))
            with pytest.raises(ValueError):
                fx(x, 1)

    _does_not_grow(work, 100, 50, 600)


def _does_not_grow(work, warm, settle, many):
    """Runs `work` so many times, and holds what the last runs leave to 20 kB of Python's and 2 MB of the system's.

    An interpreter without a lock frees some things late, so there it has three tries: what leaks does so every time.
    """
    work(warm)
    tracemalloc.start()
    work(settle)
    gc.collect()
    resident = _resident()
    tries = 1 if getattr(sys, "_is_gil_enabled", lambda: True)() else 3
    grown = []
    for _ in range(tries):
        before = tracemalloc.get_traced_memory()[0]
        work(many)
        gc.collect()
        grown.append(tracemalloc.get_traced_memory()[0] - before)
        if grown[-1] < 20_000:
            break
    tracemalloc.stop()
    assert min(grown) < 20_000, grown
    assert _resident() - resident < 2_000_000


def _resident():
    try:
        with open("/proc/self/statm") as file:
            return int(file.read().split()[1]) * 4096
    except FileNotFoundError:
        return 0


MEMORY = """
import sys
import numpy as np, mixdsp as mx
chain = mx.Chain([mx.Equalizer([mx.bell(300, 3)] * 8), mx.Gain(-3)])
x = np.random.default_rng(0).random((2, 10_000_000), np.float32)
chain(x[:, :1000], 48_000)
# Not getrusage, whose peak begins with that of the parent.
def peak():
    return next(1024 * int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
before = peak()
y = chain(x, 48_000, out=x if sys.argv[1] == "in place" else None)
print(peak() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak as Linux tells it")
@pytest.mark.parametrize(("way", "output"), [("new", 80_000_000), ("in place", 0)])
def test_a_call_needs_its_output_and_at_most_10_megabytes(way, output):
    run = subprocess.run([sys.executable, "-c", MEMORY, way], capture_output=True, text=True, check=True)
    assert int(run.stdout) < output + 10_000_000


EVERY_EFFECT = """
import sys, numpy as np, mixdsp as mx
from catalogue import EFFECTS, channels_of
def peak(reset=False):
    if reset:
        open("/proc/self/clear_refs", "w").write("5")
    return next(1024 * int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmHWM"))
for cls in EFFECTS:
    fx = cls()
    x = np.random.default_rng(0).random((channels_of(fx), 2_000_000), np.float32)
    fx(x[:, :1000], 48_000)
    before = peak(reset=True)
    y = fx(x, 48_000)
    print(cls.__name__, peak() - before - y.nbytes)
    del x, y
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak as Linux tells it")
def test_a_call_of_any_effect_needs_its_output_and_at_most_10_megabytes():
    line = [sys.executable, "-c", EVERY_EFFECT]
    run = subprocess.run(line, capture_output=True, text=True, check=True, cwd=TESTS)
    rows = dict(line.split() for line in run.stdout.splitlines())
    assert len(rows) == len(EFFECTS)
    assert {name: int(extra) for name, extra in rows.items() if int(extra) > 10_000_000} == {}


def test_importing_brings_numpy_and_nothing_else():
    code = """
import sys, numpy
before = set(sys.modules)
import mixdsp
print(*sorted({name.partition(".")[0] for name in set(sys.modules) - before}))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(run.stdout.split()) - set(sys.stdlib_module_names) <= {"mixdsp", "numpy"}
