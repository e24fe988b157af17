"""A command over many files: jobs, progress, errors, interrupts.

One file that cannot be read is told of and the others go on.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import Any, Optional, TextIO, Union

from ..mastering import TooMuchLimiting
from ._files import Found, explain
from ._journal import Journal

#: What a script can tell from the exit code.
FINE, FOUND, WRONG_USE, FAILED, INTERRUPTED = 0, 1, 2, 3, 130

Row = dict[str, Any]
#: Works on a file; the second is called with the share that is done, and may raise.
Work = Callable[[Found, Callable[[float], None]], Row]


class Stopped(BaseException):
    """Raised inside a job when the run is interrupted."""


class Progress:
    """One line on a terminal; nothing elsewhere."""

    def __init__(self, total: int, stream: Optional[TextIO] = None, wanted: bool = True) -> None:
        self.stream = stream or sys.stderr
        self.shown = wanted and self.stream.isatty()
        self.total = total
        self.done = 0
        self.shares: dict[str, float] = {}
        self.lock = Lock()
        self.last = 0.0

    def tell(self, name: str, share: float) -> None:
        with self.lock:
            self.shares[name] = share
            self._draw(name)

    def finish(self, name: str) -> None:
        with self.lock:
            self.shares.pop(name, None)
            self.done += 1
            self._draw(name)

    def _draw(self, name: str) -> None:
        now = time.monotonic()
        if not self.shown or now - self.last < 0.1:
            return
        self.last = now
        share = (self.done + sum(self.shares.values())) / max(self.total, 1)
        text = f"{100 * share:3.0f} %  {self.done}/{self.total}  {name}"
        self.stream.write("\r\x1b[2K" + text[:100])
        self.stream.flush()

    def clear(self) -> None:
        if self.shown:
            self.stream.write("\r\x1b[2K")
            self.stream.flush()


def run(
    files: list[Found],
    work: Work,
    *,
    jobs: int,
    journal: Journal,
    given: Callable[[Row], None],
    failed: Optional[Callable[[Found, str], None]] = None,
    outputs: Optional[list[str]] = None,
    quiet: bool = False,
) -> int:
    """Works on every file; ``given`` gets the rows in the order of the files, ``failed`` in its turn a file with what is
    wrong with it. Returns FINE, FOUND (a loudness was refused), FAILED or INTERRUPTED."""
    progress = Progress(len(files), wanted=not quiet)
    stop = Event()
    #: A row, what went wrong, or nothing after an interrupt.
    rows: dict[int, Union[Row, str, None]] = {}
    next_row = 0
    code = FINE

    def one(at: int) -> Row:
        file = files[at]
        output = outputs[at] if outputs else None
        kept = journal.find(file.path, output)
        if kept is not None:
            return kept

        def tell(share: float) -> None:
            if stop.is_set():
                raise Stopped
            progress.tell(file.path, share)

        tell(0.0)
        row = {"file": file.path, **work(file, tell)}
        journal.add(file.path, row, output)
        return row

    def settle(at: int, future: Future[Row]) -> None:
        nonlocal code
        progress.finish(files[at].path)
        try:
            rows[at] = future.result()
        except Stopped:
            rows[at] = None
        except (OSError, ValueError) as error:
            told = explain(error, files[at].path)
            rows[at] = told
            code = max(code, FOUND if isinstance(error, TooMuchLimiting) else FAILED)
            progress.clear()
            print(f"mixdsp: {told}", file=sys.stderr)
            sys.stderr.write(getattr(error, "table", ""))

    with ThreadPoolExecutor(max(1, min(jobs, len(files)))) as pool:
        futures = {pool.submit(one, at): at for at in range(len(files))}
        left = set(futures)
        try:
            while left:
                # With a timeout, so that an interrupt is heard.
                finished, left = wait(left, timeout=0.1, return_when=FIRST_COMPLETED)
                for future in finished:
                    settle(futures[future], future)
                while next_row in rows:
                    row = rows.pop(next_row)
                    if isinstance(row, str):
                        if failed is not None:
                            failed(files[next_row], row)
                    elif row is not None:
                        progress.clear()
                        given(row)
                    next_row += 1
        except KeyboardInterrupt:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            progress.clear()
            print("mixdsp: interrupted", file=sys.stderr)
            return INTERRUPTED
    progress.clear()
    return code
