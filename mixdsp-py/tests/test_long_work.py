"""Long work on arrays and files as the machine sees it: interrupts, memory, threads, leaks."""

import gc
import subprocess
import sys
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import mixdsp as mx
import numpy as np
import pytest

RATE = 48_000

INTERRUPTED = """
import os, signal, sys, threading, time
import numpy as np, mixdsp as mx
way, folder = sys.argv[1:]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background begins without it
x = np.zeros((2, 40_000_000), np.float32)
x[:, ::1000] = 0.5
if way in ("read", "file loudness"):
    mx.write(folder + "/x.wav", x, 48_000, bits=16, dither=False)
mix = mx.Mixer(48_000)
mix.track("x", x, chain=[mx.Reverb()])
when = []
def interrupt():
    time.sleep(0.3)
    when.append(time.perf_counter())
    os.kill(os.getpid(), signal.SIGINT)
run = {
    "loudness": lambda: mx.loudness(x, 48_000),
    "threads": lambda: mx.loudness([x, x, x], 48_000, threads=2),
    "file loudness": lambda: mx.loudness(folder + "/x.wav"),
    "normalize": lambda: mx.normalize(x, 48_000, lufs=-9),
    "resample": lambda: mx.resample(x, 48_000, 44_100),
    "mixer": lambda: mix.render(),
    "write": lambda: mx.write(folder + "/y.wav", x, 48_000),
    "read": lambda: mx.read(folder + "/x.wav"),
}[way]
threading.Thread(target=interrupt).start()
try:
    for _ in range(20):  # longer than it takes to be interrupted
        run()
    print("finished")
except KeyboardInterrupt:
    print(time.perf_counter() - when[0])
"""
WAYS = ["loudness", "threads", "file loudness", "normalize", "resample", "mixer", "write", "read"]


@pytest.mark.alone
@pytest.mark.skipif(sys.platform == "win32", reason="sends the signal of Ctrl-C as Unix does")
@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_stops_long_work(way, tmp_path):
    line = [sys.executable, "-c", INTERRUPTED, way, str(tmp_path)]
    run = subprocess.run(line, capture_output=True, text=True, check=True)
    assert float(run.stdout) < 0.2, run.stdout
    assert not (tmp_path / "y.wav").exists() and not list(tmp_path.glob(".*")), "no half file"


MEMORY = """
import sys
import numpy as np, mixdsp as mx
way, folder = sys.argv[1:]
x = np.empty((2, 10_000_000), np.float32)
np.random.default_rng(0).random(dtype=np.float32, out=x)
x *= 0.2
if way.startswith("file"):
    mx.write(folder + "/x.wav", x, 48_000, bits=16)
    del x
    x = np.zeros((2, 1_000), np.float32)
run = {
    "loudness": lambda x: mx.loudness(x, 48_000),
    "normalize": lambda x: mx.normalize(x, 48_000, lufs=-20),
    "resample": lambda x: mx.resample(x, 48_000, 44_100),
    "write": lambda x: mx.write(folder + "/y.wav", x, 48_000),
    "file loudness": lambda x: mx.loudness(folder + "/x.wav"),
    "file master": lambda x: mx.master(folder + "/x.wav", lufs=-20, chain=mx.Gain(-3), out=folder + "/y.wav"),
    "file to file": lambda x: mx.normalize(folder + "/x.wav", lufs=-20, out=folder + "/y.wav"),
}[way]
if not way.startswith("file"):
    run(x[:, :100_000].copy())
def peak(reset=False):
    if reset:
        open("/proc/self/clear_refs", "w").write("5")
    return next(1024 * int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))
before = peak(reset=True)
y = run(x)
print(peak() - before)
"""
#: Beside 10 MB: the arrays that come back, and the loudest passages on which a master is planned.
OUTPUTS = {"file master": 25_000_000, "normalize": 80_000_000, "resample": 73_500_000}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the peak as Linux tells it")
@pytest.mark.parametrize("way", ["loudness", "normalize", "resample", "write", "file loudness", "file master", "file to file"])
def test_work_needs_its_output_and_at_most_10_megabytes(way, tmp_path):
    line = [sys.executable, "-c", MEMORY, way, str(tmp_path)]
    run = subprocess.run(line, capture_output=True, text=True, check=True)
    assert int(run.stdout) < OUTPUTS.get(way, 0) + 10_000_000, run.stdout


def test_many_threads_on_one_mixer_and_one_meter():
    x = np.random.default_rng(0).uniform(-0.3, 0.3, (2, 20_000)).astype(np.float32)
    mix = mx.Mixer(RATE)
    mix.track("x", x, chain=[mx.Compressor(), mx.Delay(50)])
    expected = mix.render()
    with ThreadPoolExecutor(8) as pool:
        assert all(np.array_equal(y, expected) for y in pool.map(lambda _: mix.render(), range(40)))
        reports = list(pool.map(lambda _: mx.loudness(x, RATE), range(40)))
        assert reports == [reports[0]] * 40
    meter = mx.LoudnessMeter(RATE)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: meter.add(x), range(40)))
    assert meter.seconds == pytest.approx(40 * 20_000 / RATE), "every block counts once"


def test_threads_on_files(tmp_path):
    x = np.random.default_rng(0).uniform(-0.3, 0.3, (2, 20_000)).astype(np.float32)

    def there_and_back(at):
        mx.write(tmp_path / f"{at}.wav", x, RATE, bits=32)
        return mx.read(tmp_path / f"{at}.wav")[0]

    with ThreadPoolExecutor(8) as pool:
        assert all(np.array_equal(y, x) for y in pool.map(there_and_back, range(40)))


def test_nothing_leaks(tmp_path):
    x = np.random.default_rng(0).uniform(-0.3, 0.3, (2, 500)).astype(np.float32)
    mx.write(tmp_path / "x.wav", x, RATE)

    def work(count):
        for _ in range(count):
            meter = mx.LoudnessMeter(RATE)
            meter.add(x)
            meter.merge(meter)
            mx.resample(x, 48_000, 44_100)
            mx.read(tmp_path / "x.wav")
            mix = mx.Mixer(RATE)
            mix.track("x", x, chain=mx.Gain())
            mix.render()
            with pytest.raises(ValueError):
                meter.add(x[:1])

    work(100)
    tracemalloc.start()
    work(50)
    gc.collect()
    first = tracemalloc.get_traced_memory()[0]
    work(500)
    gc.collect()
    assert tracemalloc.get_traced_memory()[0] - first < 20_000
    tracemalloc.stop()


@pytest.mark.parametrize("rate", [8_000, 44_100, 384_000])
def test_all_of_it_at_any_rate(rate):
    x = np.random.default_rng(0).uniform(-0.3, 0.3, (2, rate)).astype(np.float32)
    assert mx.loudness(x, rate).integrated is not None
    assert mx.normalize(x, rate, lufs=-12).report.reached
    mix = mx.Mixer(rate)
    mix.track("x", x, chain=mx.Limiter())
    assert mix.render(tail="cut").shape == x.shape
    for wrong in (7_999, 384_001, np.nan):
        for call in (lambda: mx.loudness(x, wrong), lambda: mx.Mixer(wrong), lambda: mx.normalize(x, wrong, lufs=-9)):  # noqa: B023
            with pytest.raises(ValueError, match="sample_rate = .* is outside 8000 to 384000 Hz"):
                call()
