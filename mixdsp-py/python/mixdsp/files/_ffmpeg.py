"""ffmpeg's program, for what is encoded by it: found, named with its version, and never left running.

Python runs it, not the core: processes, pipes and interrupts are the host's.
"""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, NamedTuple, Optional

import numpy as np
import numpy.typing as npt

#: Samples per channel that are decoded at a time.
DECODED = 1 << 16
#: Seconds between two looks whether an interrupt came.
PATIENCE = 0.2


class NoFfmpeg(OSError):
    """ffmpeg's program is not installed, or lacks what is needed."""


class Ffmpeg(NamedTuple):
    """The program."""

    path: str
    #: As it names itself: ``5.1.9-0+deb12u1``.
    version: str
    encoders: frozenset[str]


@functools.lru_cache(maxsize=8)
def _asked(path: str) -> Ffmpeg:
    def said(option: str) -> str:
        command = [path, "-hide_banner", option]
        return subprocess.run(command, capture_output=True, text=True, errors="replace", check=True, timeout=60).stdout

    try:
        words = said("-version").split()
        lines = (line.split() for line in said("-encoders").splitlines())
    except (OSError, subprocess.SubprocessError) as error:
        raise NoFfmpeg(f"{path} does not run: {error}") from None
    if words[:2] != ["ffmpeg", "version"]:
        raise NoFfmpeg(f"{path} is not ffmpeg")
    return Ffmpeg(path, words[2], frozenset(line[1] for line in lines if len(line) > 2 and line[0].startswith("A")))


def find(program: str = "ffmpeg") -> Ffmpeg:
    """The program, or what to do where there is none."""
    path = shutil.which(program)
    if path is None:
        raise NoFfmpeg(
            f"{program} is not installed: MP3, AAC, Opus and Vorbis are encoded by ffmpeg's program, which "
            "https://ffmpeg.org and every package manager have"
        )
    return _asked(path)


@contextmanager
def running(command: list[str], out: Optional[int]) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A program at work, and what it complains of. However the block is left, it does not go on."""
    with tempfile.TemporaryFile() as complaints:
        # A session of its own: an interrupt at the terminal is ours to answer.
        child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=complaints, start_new_session=True
        )
        try:
            yield child, complaints
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


def _fail(child: subprocess.Popen[bytes], complaints: IO[bytes], what: str) -> None:
    if child.returncode:
        complaints.seek(0)
        lines = complaints.read().decode(errors="replace").strip().splitlines()
        raise OSError(f"{what}: ffmpeg failed: {lines[-1] if lines else f'code {child.returncode}'}")


def encode(ffmpeg: Ffmpeg, source: str, out: str, arguments: list[str], tell: Callable[[float], None]) -> None:
    """Encodes a file. What ``tell`` raises ends the program too."""
    command = [ffmpeg.path, "-hide_banner", "-nostdin", "-loglevel", "error", "-y", "-i", source, "-map", "0:a", "-vn"]
    with running([*command, *arguments, out], None) as (child, complaints):
        while True:
            try:
                child.wait(PATIENCE)
                break
            except subprocess.TimeoutExpired:
                tell(0.0)
        _fail(child, complaints, os.path.basename(out))


def decode(ffmpeg: Ffmpeg, path: str, channels: int) -> Iterator[npt.NDArray[np.float32]]:
    """What a file decodes to, in blocks of (channels, samples), not clipped."""
    command = [ffmpeg.path, "-hide_banner", "-nostdin", "-loglevel", "error", "-i", path, "-map", "0:a"]
    with running([*command, "-f", "f32le", "-c:a", "pcm_f32le", "-"], subprocess.PIPE) as (child, complaints):
        assert child.stdout is not None
        while data := child.stdout.read(4 * channels * DECODED):
            whole = np.frombuffer(data, "<f4", len(data) // (4 * channels) * channels)
            yield np.ascontiguousarray(whole.reshape(-1, channels).T)
        child.wait()
        _fail(child, complaints, os.path.basename(path))
