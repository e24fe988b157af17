"""Files on the tracks of a mixer."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from ..engine import _arrays
from ._reading import BLOCK, Blocks, info, read, tell_notes
from ._resampling import resample

if TYPE_CHECKING:
    from ..engine._strip import Clip

Array = npt.NDArray[Any]


def start_of(clip: Clip, rate: float) -> int:
    """The sample at which a clip begins."""
    return math.floor(clip.start_seconds * rate + 0.5)


def check(name: str, clips: Iterable[Clip], rate: float) -> None:
    """Refuses what cannot be played, and tells what is to be known of the files."""
    _arrays.check_whole_rate(rate)
    for clip in clips:
        _arrays.check_number(clip.start_seconds, f"{name}: start_seconds", 0.0, 1e6)
        _arrays.check_number(clip.gain_db, f"{name}: clip gain_db", -96.0, 24.0)
        facts = info(clip.file)
        tell_notes(clip.file, facts.notes)
        if facts.channels > 2:
            raise ValueError(
                f"{name}: {os.fspath(clip.file)} has {facts.channels} channels: a track has one or two channels"
            )


def shape(name: str, clips: Iterable[Clip], rate: float) -> tuple[int, int]:
    """Channels of a track of files, and its length in samples at the mixer's rate."""
    channels, length = 1, 0
    for clip in clips:
        facts = info(clip.file)
        samples = facts.samples
        if samples is None:
            with Blocks(clip.file, BLOCK, -1, 0, None) as blocks:
                samples = sum(block.shape[1] for block in blocks)
        at_rate = _mixdsp.resampled_length(samples, facts.sample_rate, _arrays.check_whole_rate(rate))
        channels = max(channels, facts.channels)
        length = max(length, start_of(clip, rate) + at_rate)
    return channels, length


def decoded(clips: Iterable[Clip], rate: float) -> Array:
    """The sum of a track's files at the mixer's rate."""
    sounds = []
    for clip in clips:
        sound, own = read(clip.file)
        if own != rate:
            sound = resample(sound, own, _arrays.check_whole_rate(rate))
        sounds.append((start_of(clip, rate), np.float32(10 ** (clip.gain_db / 20)) * sound))
    channels = max(sound.shape[0] for _, sound in sounds)
    out = np.zeros((channels, max(start + sound.shape[1] for start, sound in sounds)), np.float32)
    for start, sound in sounds:
        out[:, start : start + sound.shape[1]] += sound
    return out
