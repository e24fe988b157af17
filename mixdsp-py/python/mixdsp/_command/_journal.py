"""What a run has done so far, so that an interrupted one resumes.

A line of JSON per file: which file it was (path, size, time of change), what was asked of it, and what came of it. A
line that was cut off is not read.
"""

from __future__ import annotations

import hashlib
import json
import os
from threading import Lock
from typing import Any, Optional

from ._files import ENDINGS, NothingFound, explain

#: How every line begins, also one that was cut off.
BEGIN = '{"file": "'


def mark(path: str) -> list[int]:
    """What changes when a file does."""
    facts = os.stat(path)
    return [facts.st_size, facts.st_mtime_ns]


def digest(options: dict[str, Any]) -> str:
    """A short name for what was asked."""
    return hashlib.sha256(json.dumps(options, sort_keys=True, default=str).encode()).hexdigest()[:16]


class Journal:
    """Lines of a file; without a path it keeps nothing. A file that is no journal is refused, and left as it is."""

    def __init__(self, path: Optional[str], options: dict[str, Any]) -> None:
        self.path = path
        self.asked = digest(options)
        self.lock = Lock()
        self.done: dict[str, dict[str, Any]] = {}
        if path is None:
            return
        if not path or path.lower().endswith(ENDINGS):
            raise NothingFound(f"--resume {path}: not the name of a journal, which is text")
        if os.path.isfile(path):
            try:
                with open(path, encoding="utf-8", errors="replace") as lines:
                    ours = [self._read(line) for line in lines if line.strip()]
            except OSError as error:
                raise NothingFound(explain(error, path)) from None
            if not all(ours):
                raise NothingFound(f"{path}: there is such a file, and it is no journal: give another name")

    def _read(self, line: str) -> bool:
        """Reads a line; whether it is one of a journal."""
        try:
            entry = json.loads(line)
        except ValueError:
            return line.startswith(BEGIN)
        if not isinstance(entry, dict) or not {"file", "asked", "mark", "row"} <= entry.keys():
            return False
        if entry["asked"] == self.asked:
            self.done[str(entry["file"])] = entry
        return True

    def find(self, path: str, output: Optional[str] = None) -> Optional[dict[str, Any]]:
        """What came of a file that has not changed since, and whose output is still there."""
        entry = self.done.get(os.path.abspath(path))
        try:
            if entry is None or entry["mark"] != mark(path):
                return None
            if output is not None and entry.get("made") != mark(output):
                return None
        except OSError:
            return None
        row = entry["row"]
        return row if isinstance(row, dict) else None

    def add(self, path: str, row: dict[str, Any], output: Optional[str] = None) -> None:
        """Writes a line."""
        if self.path is None:
            return
        entry = {"file": os.path.abspath(path), "asked": self.asked, "mark": mark(path), "row": row}
        if output is not None:
            entry["made"] = mark(output)
        with self.lock:
            os.makedirs(os.path.dirname(os.path.realpath(self.path)), exist_ok=True)
            # A line that was cut off must not swallow this one.
            whole = not os.path.exists(self.path) or not os.path.getsize(self.path) or _ends(self.path)
            with open(self.path, "a", encoding="utf-8") as out:
                out.write(("" if whole else "\n") + json.dumps(entry) + "\n")

    def forget(self) -> None:
        """The run is complete: nothing is left to resume."""
        if self.path is not None and os.path.exists(self.path):
            os.remove(self.path)


def _ends(path: str) -> bool:
    with open(path, "rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read(1) == b"\n"
