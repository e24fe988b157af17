"""The nearest neighbour of a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str:
    """``; did you mean 'x'?`` where a known name is near, otherwise nothing."""
    # Rarely needed.
    from difflib import get_close_matches

    names = [each for each in dict.fromkeys(known) if not each.startswith("_")]
    lower = {each.lower(): each for each in reversed(names)}
    found = get_close_matches(name.lower(), lower, n=1, cutoff=0.6)
    return f"; did you mean {lower[found[0]]!r}?" if found else ""


def no_attribute(owner: object, name: str) -> AttributeError:
    """The error of an attribute that an object does not have."""
    kind = type(owner)
    known = (*dir(kind), *getattr(kind, "_names", ()), *getattr(kind, "_attributes", ()))
    return AttributeError(f"{kind.__name__!r} object has no attribute {name!r}{nearest(name, known)}")
