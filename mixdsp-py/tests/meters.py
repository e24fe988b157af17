"""True peak by six meters, of which four are not from here."""

import os
import re
import shutil
import subprocess
import tempfile

import mixdsp as mx
import numpy as np
import scipy.signal


def ready():
    return all(shutil.which(name) for name in ("ffmpeg", "sox"))


def true_peaks_db(x, rate):
    """By name, in dBTP."""
    found = {}
    for kernel in ("fine", "itu"):
        meter = mx.LoudnessMeter(rate, x.shape[0], true_peak=kernel)
        meter.add(x)
        meter.finish()
        found[f"mixdsp {kernel}"] = meter.true_peak
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.wav")
        mx.write(path, x, rate, bits=32)
        said = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", path, "-af", "ebur128=peak=true:framelog=verbose", "-f", "null", "-"], capture_output=True, text=True).stderr
        found["ffmpeg ebur128"] = float(re.findall(r"Peak:\s+(\S+) dBFS", said)[-1])
        raw = subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-i", path, "-ar", str(4 * rate), "-f", "f32le", "-"], capture_output=True, check=True).stdout
        found["ffmpeg swresample x4"] = 20 * np.log10(np.abs(np.frombuffer(raw, np.float32)).max())
        up = os.path.join(folder, "y.wav")
        subprocess.run(["sox", "-V1", "-G", path, "-b", "32", "-e", "floating-point", up, "gain", "-6", "rate", "-v", str(4 * rate)], check=True)
        found["sox rate -v x4"] = 20 * np.log10(np.abs(mx.read(up)[0]).max()) + 6
    found["scipy polyphase x8"] = 20 * np.log10(np.abs(scipy.signal.resample_poly(x.astype(np.float64), 8, 1, axis=-1)).max())
    return found
