"""Files that are there whole or not at all, also when several programs have a hand in them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from .. import _mixdsp


def make_folder(out: str) -> None:
    """Makes the folder of a file, where a link leads too."""
    os.makedirs(os.path.dirname(os.path.realpath(out)), exist_ok=True)


@contextmanager
def made(out: str, keep: bool = True) -> Iterator[str]:
    """A hidden file that becomes ``out`` at the end; after an error, or without ``keep``, nothing is left of it."""
    make_folder(out)
    aside = _mixdsp.Aside(out)
    hidden = os.fspath(aside.path)
    try:
        yield hidden
        if keep:
            aside.commit()
    except OSError as error:
        # People know the file by its name.
        if error.filename is not None and os.fspath(error.filename) == hidden:
            error.filename = out
        raise
    finally:
        aside.discard()
