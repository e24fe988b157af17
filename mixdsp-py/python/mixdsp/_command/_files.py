"""Which files a command is about: named, in folders, or listed on standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Hashable, Iterable, Iterator
from typing import NamedTuple, Optional

#: Names of files that are looked at in folders.
ENDINGS = (
    *(".wav", ".wave", ".flac", ".mp3", ".ogg", ".oga", ".opus", ".m4a", ".m4b", ".mp4", ".mov", ".aac"),
    *(".aif", ".aiff", ".aifc", ".caf", ".mka", ".mkv", ".webm", ".mp2", ".mp1"),
)
#: What mixdsp makes while it works begins with this.
OURS = ".mixdsp-"
#: Names on one line; a page has them all.
MOST_NAMES = 100


class Found(NamedTuple):
    """A file, and its place under the folder that was named."""

    path: str
    place: str


class NothingFound(Exception):
    """There is no file to work on, or what was asked for cannot be."""


class Search:
    """What is found, and what is not taken: all of it is told, on standard error."""

    def __init__(self, recursive: bool, out: Optional[str]) -> None:
        self.recursive = recursive
        self.files: list[Found] = []
        #: What lies in the folders and is not audio by its name.
        self.passed: list[str] = []
        #: Folders that could not be read, with the reason.
        self.failed: list[tuple[str, str]] = []
        self._out = None if out is None else _identity(out)
        self._own: list[str] = []
        self._known: dict[Hashable, str] = {}

    def add(self, path: str) -> None:
        """A file, or all of a folder."""
        if not os.path.isdir(path):
            self._take(Found(path, os.path.basename(path)))
        elif self.recursive:
            self._walk(path)
        else:
            raise NothingFound(f"{path} is a folder: -r looks into it")

    def _take(self, file: Found) -> None:
        identity = _identity(file.path)
        first = self._known.get(identity)
        if first is None:
            self._known[identity] = file.path
            self.files.append(file)
        elif os.path.abspath(first) != os.path.abspath(file.path):
            _tell(f"{file.path}: the same file as {first}, and taken once")

    def _walk(self, top: str) -> None:
        def failed(error: OSError) -> None:
            self.failed.append((str(error.filename), error.strerror or str(error)))

        for folder, folders, names in os.walk(top, onerror=failed):
            below = {name: os.path.join(folder, name) for name in sorted(folders)}
            folders[:] = [name for name, path in below.items() if not self._is_own(path)]
            # Links are not gone into: they may lead round in a circle.
            self.passed += [below[name] + os.sep for name in folders if os.path.islink(below[name])]
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.startswith(OURS) or self._is_own(path):
                    continue
                if name.lower().endswith(ENDINGS) and not name.startswith("."):
                    self._take(Found(path, os.path.relpath(path, top)))
                else:
                    self.passed.append(path)

    def _is_own(self, path: str) -> bool:
        """Whether this is where the results go, so that a second run does not take those of the first."""
        is_own = self._out is not None and _identity(path) == self._out
        if is_own:
            self._own.append(path)
        return is_own

    def tell(self) -> None:
        """Says what is not taken."""
        if self._own:
            _tell(f"left out, as results go there: {_listed(self._own)}")
        if self.passed:
            _tell(f"passed over, no audio by their names: {_listed(self.passed)}")
        for folder, reason in self.failed:
            _tell(f"{folder}: {reason}")


def _identity(path: str) -> Hashable:
    """What makes two paths one file. A file with several names, each its own, is several."""
    try:
        facts = os.stat(path)
    except OSError:
        return os.path.abspath(path)
    if os.path.isdir(path) or facts.st_nlink == 1:
        return facts.st_dev, facts.st_ino
    return os.path.realpath(path)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMES} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more


def _tell(line: str) -> None:
    print(f"mixdsp: {line}", file=sys.stderr)


def collect(paths: Iterable[str], recursive: bool, out: Optional[str] = None) -> Search:
    """Files in the order of their names; a file that is named twice is taken once.

    ``-``, or no path where standard input is not a terminal, reads a list, a path on each line. What a search in folders
    meets at ``out``, where results go, is left out.
    """
    named = list(paths)
    if not named and not sys.stdin.isatty():
        named = ["-"]
    search = Search(recursive, out)
    for path in named:
        for each in _lines() if path == "-" else [path]:
            search.add(each)
    search.tell()
    if not search.files:
        raise NothingFound("no files: name some, or a folder with -r, or give a list on standard input")
    return search


def _lines() -> Iterator[str]:
    for line in sys.stdin:
        path = line.rstrip("\r\n")
        if path:
            yield path


def explain(error: Exception, path: str) -> str:
    """One line about a file."""
    text = str(error).splitlines()[0] if str(error) else type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename or path}: {error.strerror}"
    return text if path in text else f"{path}: {text}"
