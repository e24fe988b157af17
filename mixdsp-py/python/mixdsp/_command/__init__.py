"""The ``mixdsp`` command: check, loudness, compare, normalize, master, deliver, album, codecs, mix."""

from ._main import main as main
