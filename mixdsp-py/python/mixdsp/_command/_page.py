"""``mixdsp check --html``: the same as a page that needs nothing else."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple, Optional

import numpy as np

from ._check import screen
from ._listen import Heard

WIDTH, HEIGHT, LOW, HIGH = 900, 220, -50.0, 0.0
#: More points than this are thinned out, the loudest of neighbours kept.
MOST_POINTS = 1800

STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2em auto; max-width: 60em; padding: 0 1em; color: #222; }
section { border-top: 1px solid #ccc; margin-top: 2em; } pre { overflow-x: auto; font-size: 13px; }
svg { width: 100%; height: auto; background: #fafafa; } .fault { color: #b00020; }
"""


class Entry(NamedTuple):
    """A file on the page."""

    path: str
    #: What was heard; ``None`` of a file that could not be read.
    heard: Optional[Heard]
    #: What should be looked at, in words.
    faults: list[str]


def page(entries: list[Entry], passed: list[str]) -> str:
    """A page of all files, with those that failed, and those that were passed over by their names."""
    sections = "".join(map(_section, entries))
    if passed:
        names = "".join(f"<li>{escape(path)}</li>" for path in passed)
        sections += f"<section><h2>Passed over, no audio by their names</h2><ul>{names}</ul></section>"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>mixdsp check</title><style>{STYLE}</style>'
        f"<h1>mixdsp check</h1>{sections}</html>\n"
    )


def _section(entry: Entry) -> str:
    told = "".join(f'<p class="fault">{escape(fault)}</p>' for fault in entry.faults)
    if entry.heard is not None:
        text = escape(screen(entry.path, entry.heard, entry.faults))
        told += f"{_history(entry.heard)}<pre>{text}</pre>"
    return f"<section><h2>{escape(entry.path)}</h2>{told}</section>"


def _history(heard: Heard) -> str:
    """Momentary and short-term loudness over time, and the integrated as a line."""
    parts = []
    for level in range(-40, 0, 10):
        y = _y(level)
        parts.append(f'<line x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="4" y="{y - 3:.1f}" font-size="10" fill="#888">{level} LUFS</text>')
    for curve, colour, width in zip(heard.history, ("#90caf9", "#1565c0"), (1, 2)):
        points = _points(curve)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"/>')
    if heard.loudness.integrated is not None:
        y = _y(heard.loudness.integrated)
        parts.append(f'<line x1="0" y1="{y:.1f}" x2="{WIDTH}" y2="{y:.1f}" stroke="#b00020" stroke-dasharray="6 4"/>')
    label = "momentary (light) and short-term (dark) loudness over time; dashed: integrated"
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg><p>{label}</p>'


def _y(level: Any) -> Any:
    return HEIGHT * (1 - (np.clip(level, LOW, HIGH) - LOW) / (HIGH - LOW))


def _points(curve: Any) -> str:
    values = np.where(np.isfinite(curve), curve, LOW)
    step = -(-values.size // MOST_POINTS) or 1
    padded = np.concatenate([values, np.full(-values.size % step, LOW)])
    loudest = padded.reshape(-1, step).max(axis=1)
    x = np.arange(loudest.size) * step * WIDTH / max(values.size - 1, 1)
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, _y(loudest)))
