"""Progress of long work: ``progress=True``, or a function of one's own."""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Callable, Optional, Union

#: What ``progress=`` takes: off, on, or a function that is called with the share that is done, 0 to 1.
Progress = Union[bool, Callable[[float], Any], None]
Tell = Callable[[float], None]
INTERVAL_SECONDS = 0.1


def _nothing(share: float) -> None:
    pass


@contextmanager
def told(progress: Progress, what: str) -> Iterator[Tell]:
    """A function to be called with the share that is done. It shows a bar of tqdm where that is installed, otherwise
    a line on standard error; what is called too often is dropped."""
    if progress is None or progress is False:
        yield _nothing
    elif progress is True:
        show = _bar(what) or _Line(what)
        try:
            yield _seldom(show.show)
        finally:
            show.close()
    elif callable(progress):
        yield _seldom(progress)
    else:
        raise TypeError(f"progress must be True, False or a function, not {type(progress).__name__}")


def part(tell: Tell, start: float, end: float) -> Tell:
    """The progress of a part of the work."""
    return lambda share: tell(start + (end - start) * share)


def _seldom(show: Callable[[float], Any]) -> Tell:
    last = -INTERVAL_SECONDS
    shown = -1.0

    def tell(share: float) -> None:
        nonlocal last, shown
        now = time.monotonic()
        share = min(max(share, 0.0), 1.0)
        if share > shown and (now - last >= INTERVAL_SECONDS or share >= 1.0):
            last, shown = now, share
            show(share)

    return tell


class _Line:
    """A percentage on standard error."""

    def __init__(self, what: str) -> None:
        self.what = what

    def show(self, share: float) -> None:
        print(f"\r{self.what} {100 * share:3.0f} %", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        print(file=sys.stderr)


class _Bar:
    """A bar of tqdm."""

    def __init__(self, bar: Any) -> None:
        self.bar = bar

    def show(self, share: float) -> None:
        self.bar.n = round(100 * share)
        self.bar.refresh()

    def close(self) -> None:
        self.bar.close()


def _bar(what: str) -> Optional[_Bar]:
    try:
        with warnings.catch_warnings():
            # A notebook without widgets gets a plain bar; that needs no warning.
            warnings.simplefilter("ignore")
            from tqdm.auto import tqdm  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        return None
    return _Bar(tqdm(total=100, desc=what, unit="%", bar_format="{desc} {percentage:3.0f} %|{bar}| {elapsed}<{remaining}"))
