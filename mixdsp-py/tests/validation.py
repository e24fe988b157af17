"""What tests measure, as lines that docs/VALIDATION.md is made from; see mixdsp/tests/common/report.rs."""

import os
import pathlib


def measured(section, requirement, value, unit, oracle, *, most=None, least=None, exactly=None):
    """Reports a value, then asserts that it keeps to its bound."""
    if exactly is not None:
        bound, holds = f"exactly {exactly:g}", value == exactly
    elif most is not None:
        bound, holds = f"at most {most:g}", value <= most
    else:
        bound, holds = f"at least {least:g}", value >= least
    depth = "validation-long" if os.environ.get("MIXDSP_DEPTH") == "long" else "validation"
    folder = pathlib.Path(__file__).resolve().parents[2] / "target" / depth
    folder.mkdir(parents=True, exist_ok=True)
    tail = f" {unit}" if unit else ""
    cells = [requirement, bound + tail, f"{float(value):.4g}{tail}", oracle]
    with open(folder / f"{section}.tsv", "a", encoding="utf-8") as file:
        file.write("\t".join(cells) + "\n")
    assert holds, f"{requirement}: measured {value}{tail}, {bound}{tail}"
