"""Code as people write it, for type checkers: every line below must pass, and errors marked so must be found."""

from typing import Any, Optional

import mixdsp as mx
import numpy as np
import numpy.typing as npt

x: npt.NDArray[np.float32] = np.zeros((2, 64), np.float32)
eq = mx.Equalizer([mx.highpass(30, slope_db_per_octave=24), mx.bell(320, -2.5, q=1.2), mx.high_shelf(9e3, 1.5)])
y: npt.NDArray[Any] = eq(x, 48_000)
batch: list[npt.NDArray[Any]] = eq([x, x], 48_000, threads=2)
eq(x.T, 48_000, axis=0, tail="auto")
eq(x, 48_000, tail=0, out=x, automate={"bands[0].gain_db": [(0.0, 1.0)]}, check_finite=False)
eq.bands[0].gain_db = 3
eq.bands = [mx.bell(100, 1)]
kind: str = eq.bands[0].kind
response: npt.NDArray[np.complex128] = eq.response([100, 1000], 48_000)
tail: Optional[int] = eq.tail_samples(48_000)
gain = mx.Gain(-6, invert=True)
gain.mute = True
level: float = gain.gain_db
same: mx.Gain = mx.Gain.from_dict(gain.to_dict())
chain = mx.Chain(eq=eq, out=gain)
chain.append(mx.Gain())
part: mx.Chain = chain[:1]
first: mx.Effect = chain[0]
unit: str = chain.params["out.gain_db"].unit
with chain.stream(48_000, channels=2) as stream:
    block: npt.NDArray[Any] = stream(x[:, :8], out=x[:, :8])
    stream.set("out.mute", True)
    rest: npt.NDArray[Any] = stream.flush()
audio: npt.NDArray[Any] = gain.process(x, 48_000).audio
several: list[mx.Processed] = gain.process([x, x], 48_000)

mx.Gain("loud")  # type: ignore[arg-type]  # pyright: ignore
mx.Gain(loudness=3)  # type: ignore[call-arg]  # pyright: ignore
mx.Band(kind="comb")  # type: ignore[arg-type]  # pyright: ignore
gain.gain = 3  # type: ignore[attr-defined]  # pyright: ignore
