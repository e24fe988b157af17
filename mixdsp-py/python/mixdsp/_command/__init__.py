"""The ``mixdsp`` command: check, loudness, compare, normalize, master, mix."""

from ._main import main as main
