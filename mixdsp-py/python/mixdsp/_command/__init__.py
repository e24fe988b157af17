"""The ``mixdsp`` command: check, loudness, normalize, master, mix."""

from ._main import main as main
