"""Every processor of the catalogue, and random ones of its kind, straight from the tables."""

import math

import mixdsp as mx
import numpy as np
from hypothesis import strategies as st
from mixdsp._mixdsp import catalogue

RATE = 48_000
SHEETS = {sheet["key"]: sheet for sheet in catalogue()}
CLASSES = {key: mx.Effect._registry[key] for key in SHEETS}
#: Those that are made of values alone; what is built with audio has tests of its own, in test_assets.py.
EFFECTS = [cls for key, cls in CLASSES.items() if not SHEETS[key]["assets"]]


def key_of(cls):
    return next(key for key, each in CLASSES.items() if each is cls)


def sheet_of(cls):
    return SHEETS[key_of(cls)]


def fixed_rows(sheet):
    """Config rows that are arguments: all but the numbers of items."""
    counts = {group["count"] for group in sheet["groups"]}
    return [row for row in sheet["config"] if row["key"] not in counts]


def choices(row):
    """Choices as Python has them: numbers where all are numbers."""
    return [int(text) if all(map(str.isdigit, row["choices"])) else text for text in row["choices"]]


def values(row):
    if row["scaling"] == "switch":
        return st.booleans()
    if row["scaling"] == "choice":
        return st.sampled_from(choices(row))
    if row["scaling"] == "whole":
        return st.integers(int(row["min"]), int(row["max"]))
    low, high = row["min"], row["max"]
    if low > 0:
        return st.floats(math.log(low), math.log(high)).map(lambda e: min(max(math.exp(e), low), high))
    return st.floats(low, high)


def config_values(row):
    """Config in the lower part of its range: memory for tests, not for minutes."""
    if row["scaling"] in ("switch", "choice"):
        return values(row)
    high = row["min"] + (row["max"] - row["min"]) * 0.02
    if row["scaling"] == "whole":
        return st.integers(int(row["min"]), max(int(high), int(row["default"])))
    return st.floats(row["min"], max(high, row["default"]))


def effects(cls):
    """A random effect of a class, whose config allows its parameters."""
    return any_effects(cls).filter(is_possible)


def is_possible(fx):
    try:
        fx.latency_samples(RATE)
    except ValueError:
        return False
    return True


@st.composite
def any_effects(draw, cls):
    sheet = sheet_of(cls)
    kwargs = {row["key"]: draw(values(row)) for row in sheet["rows"] if draw(st.booleans())}
    for group in sheet["groups"]:
        item, most = vars(cls)[group["key"]].item, min(5, vars(cls)[group["key"]].max)
        fields = st.fixed_dictionaries({}, optional={row["key"]: values(row) for row in group["rows"]})
        kwargs[group["key"]] = draw(st.lists(fields.map(lambda f, item=item: item(**f)), max_size=most))
    for row in fixed_rows(sheet):
        if draw(st.booleans()):
            kwargs[row["key"]] = draw(config_values(row))
    return cls(**kwargs)


def takes(fx, channels):
    try:
        fx._recipe().outputs(RATE, channels)
    except ValueError:
        return False
    return True


def channels_of(fx):
    """A number of channels that the effect takes."""
    return next(c for c in (2, 1, *range(3, 25)) if takes(fx, c))


def noise(*shape, dtype=np.float32, seed=0):
    return np.random.default_rng(seed).uniform(-0.5, 0.5, shape).astype(dtype)


def tail_of(fx):
    """A tail that a test can hold in memory: the whole one, or half a second of a longer one."""
    tail = fx.tail_samples(RATE)
    return "auto" if tail is not None and tail < 4 * RATE else 0.5
