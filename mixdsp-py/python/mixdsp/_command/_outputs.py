"""What a command writes: where it goes, that nothing is lost by it, and that it is there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from .. import _mixdsp
from ..files._whole import made as made
from ..files._whole import make_folder as make_folder
from ._files import Found, NothingFound, explain

#: Endings of a page.
PAGES = (".html", ".htm")


class Output(NamedTuple):
    """A file to be written."""

    path: str
    #: What it is, in words.
    role: str
    #: Whether it may replace a file.
    replace: bool


def refuse_harm(inputs: Iterable[tuple[str, str]], outputs: Iterable[Output]) -> None:
    """Refuses outputs that would replace an input, each other, or what is there; before any work.

    ``inputs`` are paths and what they are, in words.
    """
    try:
        _mixdsp.check_outputs(list(inputs), list(outputs), "--overwrite replaces it")
    except (OSError, ValueError) as error:
        # It names the file.
        raise NothingFound(explain(error, "")) from None


def named(files: list[Found], out: str, ending: str = "wav") -> list[str]:
    """Where each file is written: ``out`` itself for one file when it ends as an audio file, otherwise under the folder
    ``out``, where it was under its own."""
    is_folder = os.path.isdir(out) or out.endswith((os.sep, os.altsep or os.sep))
    if not is_folder and _ending("-o", out):
        try:
            _mixdsp.check_ending(out)
        except ValueError as error:
            raise NothingFound(f"-o {error}; a folder of that name is made when it ends in a slash") from None
        if len(files) != 1:
            raise NothingFound(f"-o {out}: {len(files)} files cannot become one: give a folder")
        return [out]
    return [os.path.join(out, f"{os.path.splitext(file.place)[0]}.{ending}") for file in files]


def refuse_ending(option: str, path: str, endings: tuple[str, ...] = (".wav", ".wave")) -> None:
    """Refuses a name that does not end as what is written."""
    if _ending(option, path) not in endings:
        raise NothingFound(f"{option} {path}: what is written ends in {endings[0]}")


def _ending(option: str, path: str) -> str:
    if not path:
        raise NothingFound(f"{option} is empty")
    return os.path.splitext(path)[1].lower()
