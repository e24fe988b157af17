"""Slips as people make them: type checkers must find each one, and nothing else."""

import mixdsp as mx
from mixdsp import Limitr  # wrong

compressor = mx.Compressor(-20, 4)
eq = mx.Equalizer(mx.bell(100, 3))

mx.Compresor(-20, 4)  # wrong
mx.mastr  # wrong
mx.files.raed  # wrong
mx.Compressor(treshold_db=-20)  # wrong
mx.Compressor("loud")  # wrong
mx.Limiter(true_peak="yes")  # wrong
mx.Band(kind="comb")  # wrong
compressor.treshold_db = -20  # wrong
compressor.threshold_db = "loud"  # wrong
compressor.ratio.upper()  # wrong
eq.bands = "bell"  # wrong
eq.bands[0].kind = "comb"  # wrong
eq.bands[0].gain  # wrong
