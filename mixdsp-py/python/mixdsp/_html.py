"""What notebooks show: the parameters, and the curve of what has one."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from ._effect import Effect

WIDTH, HEIGHT, REACH_DB = 480, 180, 24.0
RATE = 48_000.0


def page(effect: Effect) -> str:
    """An effect as HTML that needs nothing else."""
    rows = "".join(
        f"<tr><td>{escape(p.name)}</td><td>{escape(str(p.value))} {escape(p.unit)}</td></tr>"
        for p in effect.params.values()
    )
    table = f"<table>{rows}</table>" if rows else ""
    return f"<div><b>{escape(type(effect).__name__)}</b>{curve(effect)}{table}</div>"


def curve(effect: Effect) -> str:
    """The response from 20 Hz to 20 kHz as an inline picture; nothing for what is not a filter."""
    hertz = np.geomspace(20, 20_000, 241)
    try:
        gain = np.abs(effect.response(hertz, RATE))
    except (TypeError, ValueError):
        return ""
    level = np.clip(20 * np.log10(np.maximum(gain, 1e-9)), -REACH_DB, REACH_DB)
    x = np.linspace(0, WIDTH, hertz.size)
    y = HEIGHT / 2 * (1 - level / REACH_DB)
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y))
    lines = "".join(_grid(db, f"{db:+g} dB") for db in (-12, 0, 12))
    marks = "".join(_mark(f) for f in (100, 1000, 10_000))
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        'style="display:block;background:#fff">'
        f'{lines}{marks}<polyline points="{points}" fill="none" stroke="#1565c0" stroke-width="2"/></svg>'
    )


def _grid(db: float, text: str) -> str:
    y = HEIGHT / 2 * (1 - db / REACH_DB)
    return (
        f'<line x1="0" y1="{y}" x2="{WIDTH}" y2="{y}" stroke="#ccc"/>'
        f'<text x="2" y="{y - 2}" font-size="9" fill="#777">{text}</text>'
    )


def _mark(hertz: float) -> str:
    x = WIDTH * np.log(hertz / 20) / np.log(1000)
    text = f"{hertz / 1000:g} kHz" if hertz >= 1000 else f"{hertz:g} Hz"
    return (
        f'<line x1="{x:.1f}" y1="0" x2="{x:.1f}" y2="{HEIGHT}" stroke="#ccc"/>'
        f'<text x="{x + 2:.1f}" y="{HEIGHT - 3}" font-size="9" fill="#777">{text}</text>'
    )
