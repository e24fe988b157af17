"""Rows as people and programs read them: a table, JSON, CSV."""

from __future__ import annotations

import csv
import json
import sys
from typing import Any, NamedTuple, Optional, TextIO

Row = dict[str, Any]


class Column(NamedTuple):
    """A column of a table."""

    key: str
    heading: str
    #: Decimals of a number; -1 for text.
    decimals: int = 2


class Rows:
    """Writes rows as they come. JSON is an object per line for several files, one object for a single one."""

    def __init__(self, columns: list[Column], form: str, out: Optional[TextIO] = None, single: bool = False) -> None:
        self.columns = columns
        self.form = form
        self.out = out or sys.stdout
        self.single = single
        self.begun = False

    def add(self, row: Row) -> None:
        if self.form == "json":
            print(json.dumps(row, indent=2 if self.single else None), file=self.out, flush=True)
        elif self.form == "csv":
            writer = csv.writer(self.out, lineterminator="\n")
            if not self.begun:
                writer.writerow([column.key for column in self.columns])
            writer.writerow([_plain(row.get(column.key)) for column in self.columns])
            self.out.flush()
        else:
            if not self.begun:
                print("  ".join(self._cell(column, column.heading) for column in self.columns), file=self.out)
            texts = (_text(row.get(column.key), column.decimals) for column in self.columns)
            line = "  ".join(self._cell(column, text) for column, text in zip(self.columns, texts))
            print(line, file=self.out, flush=True)
        self.begun = True

    def _cell(self, column: Column, text: str) -> str:
        return text if column.decimals < 0 else text.rjust(max(len(column.heading), 7))


def _plain(value: Any) -> Any:
    return "" if value is None else value


def _text(value: Any, decimals: int) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.{max(decimals, 0)}f}" if isinstance(value, float) else str(value)


def clock(seconds: Optional[float]) -> str:
    """A time as people write it: 3:42.113."""
    if seconds is None:
        return "-"
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes}:{rest / 1000:06.3f}"
    return f"{hours}:{int(minutes):02d}:{rest / 1000:06.3f}" if hours else text
