"""The sound of the notebooks: stems of a song.

Where the stems of Francium are (26 files, CC0, 48 kHz: ichbinsoftware/everythingisfree), in ``$MIXDSP_AUDIO/francium`` or
in ``shared/audio/francium`` beside the checkout, they are read; otherwise a small song is made, so that the notebooks
run anywhere.
"""

import os
import pathlib

import mixdsp as mx
import numpy as np

RATE = 48_000
BEAT = 60 / 128
#: What the notebooks mix, and the files that belong to it.
PARTS = {
    "kick": ["kick"],
    "beat": ["big_beat", "claps"],
    "hats": ["hats", "open_hats"],
    "bass": ["sine"],
    "synth": ["minilogue_synth"],
    "texture": ["texture", "melody_glitch"],
    "vox": ["vox_lead"],
}


def folder():
    """The folder of Francium's stems, or ``None``."""
    here = pathlib.Path(__file__).resolve()
    beside = here.parents[3] / "shared" / "audio"
    found = pathlib.Path(os.environ.get("MIXDSP_AUDIO", beside)) / "francium"
    return found if (found / "kick.m4a").exists() else None


def stems(start_seconds=75.0, seconds=20.0):
    """Stereo float32 stems by name, as long as each other, and their sample rate."""
    place = folder()
    if place is None:
        return made(seconds), RATE
    found = {}
    for name, files in PARTS.items():
        parts = []
        for file in files:
            rate = mx.info(place / f"{file}.m4a").sample_rate
            first = round(start_seconds * rate)
            x, rate = mx.read(place / f"{file}.m4a", start=first, stop=first + round(seconds * rate))
            parts.append(x)
        found[name] = np.sum(parts, axis=0, dtype=np.float32)
    return found, rate


def made(seconds):
    """A song of synthetic stems: four on the floor in A minor."""
    random = np.random.default_rng(0)
    samples = round(seconds * RATE)
    t = np.arange(samples) / RATE
    beat = t / BEAT
    since = (beat % 1) * BEAT
    step = ((beat * 4) % 1) * BEAT / 4
    noise = random.standard_normal(samples)
    roots = np.array([55.0, 43.65, 65.41, 49.0])[(beat // 4).astype(int) % 4]
    phase = 2 * np.pi * np.cumsum(roots) / RATE
    chord = sum(np.sin(r * phase + i) for i, r in enumerate((4, 4.757, 5.993, 8)))
    melody = 440 * 2 ** (np.array([0, 3, 7, 5, 3, 7, 10, 12])[(beat * 2).astype(int) % 8] / 12)
    voice = np.sin(2 * np.pi * np.cumsum(melody) / RATE + 2 * np.sin(2 * np.pi * 5 * t))
    pulse = ((beat * 2) % 1) < 0.6
    parts = {
        "kick": 0.8 * np.sin(2 * np.pi * (50 * since + 8 * (1 - np.exp(-since * 40)))) * np.exp(-since * 9),
        "beat": 0.2 * noise * np.exp(-((beat + 1) % 2) * BEAT * 25),
        "hats": 0.1 * np.diff(noise, prepend=0) * np.exp(-step * 60),
        "bass": 0.4 * np.tanh(2 * np.sin(phase)) * pulse,
        "synth": 0.08 * chord * (1 + 0.3 * np.sin(2 * np.pi * 0.3 * t)),
        "texture": 0.03 * np.convolve(noise, np.hanning(64) / 32, "same"),
        "vox": 0.25 * voice * pulse * (0.4 + 0.6 * np.sin(2 * np.pi * t / 9) ** 2),
    }
    wide = ("synth", "texture")
    sides = {name: [x, np.roll(x, 37 if name in wide else 0)] for name, x in parts.items()}
    return {name: np.array(both, np.float32) for name, both in sides.items()}
