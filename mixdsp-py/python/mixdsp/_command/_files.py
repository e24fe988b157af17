"""Which files a command is about: named, in folders, or listed on standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from typing import NamedTuple

#: Names of files that are looked at in folders.
ENDINGS = (".wav", ".wave", ".flac", ".mp3", ".ogg", ".oga", ".m4a", ".mp4")


class Found(NamedTuple):
    """A file, and its place under the folder that was named."""

    path: str
    place: str


class NothingFound(Exception):
    """There is no file to work on."""


def collect(paths: Iterable[str], recursive: bool) -> list[Found]:
    """Files in the order of their names; a file that is named twice is taken once.

    ``-``, or no path where standard input is not a terminal, reads a list, a path on each line.
    """
    named = list(paths)
    if not named and not sys.stdin.isatty():
        named = ["-"]
    found: dict[str, Found] = {}
    for path in named:
        for each in _listed() if path == "-" else [path]:
            for one in _under(each, recursive):
                found.setdefault(os.path.abspath(one.path), one)
    if not found:
        raise NothingFound("no files: name some, or a folder with -r, or give a list on standard input")
    return list(found.values())


def _listed() -> Iterator[str]:
    for line in sys.stdin:
        path = line.rstrip("\r\n")
        if path:
            yield path


def _under(path: str, recursive: bool) -> Iterator[Found]:
    if not os.path.isdir(path):
        yield Found(path, os.path.basename(path))
        return
    if not recursive:
        raise NothingFound(f"{path} is a folder: -r looks into it")
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and not name.startswith("."):
                whole = os.path.join(folder, name)
                yield Found(whole, os.path.relpath(whole, path))


def outputs(files: list[Found], out: str) -> list[str]:
    """Where each file is written: ``out`` itself for one file when it ends in .wav, otherwise under the folder ``out``,
    where it was under its own."""
    if len(files) == 1 and out.lower().endswith(".wav") and not os.path.isdir(out):
        return [out]
    made = [os.path.join(out, os.path.splitext(file.place)[0] + ".wav") for file in files]
    taken: dict[str, str] = {}
    for file, name in zip(files, made):
        key = os.path.normcase(os.path.abspath(name))
        if key in taken:
            raise NothingFound(f"{taken[key]} and {file.path} would both become {name}")
        taken[key] = file.path
        if os.path.exists(name) and os.path.samefile(name, file.path):
            raise NothingFound(f"{name} would be written over itself: give another folder")
    return made
