"""What a delivery came to, as a row of a table."""

from __future__ import annotations

from typing import Any

from ._table import Column, Row

DELIVERY = [
    Column("before", "before"),
    Column("gain_db", "gain"),
    Column("limiter_db", "limiter"),
    Column("limiting_p99_db", "99 %"),
    Column("after", "after"),
    Column("true_peak", "dBTP"),
    Column("reached", "reached"),
    Column("out", "file", -1),
]


def delivery_row(report: Any, out: str) -> Row:
    """The row of what was written to ``out``."""
    return {
        "out": out,
        "before": report.before.integrated,
        "gain_db": report.gain_db,
        "limiter_db": report.limiter_db,
        "limiting_max_db": report.limiting_max_db,
        "limiting_p99_db": report.limiting_p99_db,
        "compression_db": report.compression_db,
        "clipping_over_db": report.clipping_over_db,
        "clipping_p99_db": report.clipping_p99_db,
        "clipped_share": report.clipped_share,
        "pumping_db": report.pumping_db,
        "fast_motion_db": report.fast_motion_db,
        "warnings": report.warnings,
        "after": report.after.integrated,
        "range": report.after.range,
        "true_peak": report.after.true_peak,
        "sample_rate": report.sample_rate,
        "passes": report.passes,
        "reached": report.reached,
    }
