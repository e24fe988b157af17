"""The mixer: tracks and buses into one stereo mix, aligned to the sample whatever stands in them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from .. import _mixdsp
from . import _arrays
from ._automation import Automate
from ._chain import Chain
from ._progress import Progress, told
from ._strip import Bus, Inserts, Strip, Track, chain_of

Array = npt.NDArray[Any]
#: Seconds of an endless tail that are kept.
LONGEST_TAIL = 20.0
#: What is quieter than this at the end of a tail is not kept: -120 dBFS.
SILENCE = 1e-6


class Mixer:
    """Tracks and buses into one stereo mix.

    >>> mix = mx.Mixer(48_000)                                      # doctest: +SKIP
    >>> mix.track("vox", vox, chain=[eq, comp], gain_db=-3, pan=-0.2, sends={"verb": -12})
    >>> mix.track("bass", bass, chain=[mx.Compressor(-24, 6, key="kick")])
    >>> mix.track("kick", kick)
    >>> mix.bus("verb", mx.Reverb(decay_seconds=1.8, mix=1))
    >>> mix.master = mx.Chain([mx.Limiter()])
    >>> stereo = mix.render()

    Parallel ways meet to the sample, whatever latency stands in them. An effect with ``key="name"`` listens to that
    track or bus before its fader. With every fader at 0 dB and nothing else the mix is the sum of its stereo tracks;
    mono tracks stand in the middle, 3 dB down on each side.

    ``mix["vox"]`` is a track or bus, whose attributes may be changed between two renders.
    """

    def __init__(self, sample_rate: float) -> None:
        #: In hertz.
        self.sample_rate: float = _arrays.check_rate(sample_rate)
        self._strips: dict[str, Strip] = {}
        self._master = Bus("master", None, 0.0, 0.0, None, None, False, None)

    @property
    def master(self) -> Chain:
        """What runs on the whole mix."""
        return self._master.chain

    @master.setter
    def master(self, chain: Inserts) -> None:
        self._master.chain = chain_of(chain)

    @property
    def master_gain_db(self) -> float:
        """Level of the mix behind :attr:`master`, -96 to 24 dB."""
        return self._master.gain_db

    @master_gain_db.setter
    def master_gain_db(self, value: float) -> None:
        self._master.gain_db = value

    def track(
        self,
        name: str,
        audio: Any,
        *,
        chain: Inserts = None,
        gain_db: float = 0.0,
        pan: float = 0.0,
        sends: Optional[Mapping[str, Any]] = None,
        output: Optional[str] = None,
        mute: bool = False,
        solo: bool = False,
        invert: bool = False,
        automate: Optional[Automate] = None,
        axis: int = -1,
        start_seconds: float = 0.0,
    ) -> Track:
        """Adds a track.

        Parameters
        ----------
        name : str
        audio : array or path
            (samples,), (1 or 2 channels, samples); files are taken to the mixer's rate.
        chain : effect or list of effects
        gain_db : float, -96 to 24 dB
        pan : float, -1 left to 1 right
        sends : dict
            From the name of a bus to a level in dB, or to a :class:`Send`.
        output : str
            The bus that it goes to in place of the master.
        mute, solo, invert : bool
        automate : dict
            ``"gain_db"``, ``"trim_db"``, ``"pan"``, ``"mute"``, ``"sends.verb"``, or of the chain ``"member.parameter"``
            or ``"inserts[0].parameter"``, to a list of (seconds, value).
        axis : int
            The axis of time; 0 for (samples, channels).
        start_seconds : float
            When the audio begins.
        """
        strip: dict[str, Any] = dict(chain=chain, gain_db=gain_db, pan=pan, sends=sends, output=output, mute=mute)
        track = Track(name, self._audio(name, audio, axis, start_seconds), solo, invert, automate=automate, **strip)
        self._add(track)
        return track

    def _audio(self, name: str, audio: Any, axis: int, start_seconds: float) -> Array:
        if _arrays.is_path(audio):
            # Files stand above the engine: only a track that is one needs them.
            from ..files import read, resample

            array, rate = read(audio)
            if rate != self.sample_rate:
                array = resample(array, rate, self.sample_rate)
            planes = array
        else:
            array = _arrays.as_audio(audio, name)
            planes = _arrays.planes(array, _arrays.time_axis(array, axis), name)
        if planes.ndim != 2 or planes.shape[0] > 2:
            raise ValueError(f"{name} has the shape {array.shape}: a track has one or two channels")
        frames = _arrays.tail_frames(float(start_seconds), self.sample_rate, None)
        if frames:
            planes = np.concatenate([np.zeros((planes.shape[0], frames), planes.dtype), planes], axis=1)
        return planes

    def bus(
        self,
        name: str,
        chain: Inserts = None,
        *,
        gain_db: float = 0.0,
        pan: float = 0.0,
        sends: Optional[Mapping[str, Any]] = None,
        output: Optional[str] = None,
        mute: bool = False,
        automate: Optional[Automate] = None,
    ) -> Bus:
        """Adds a bus, where tracks meet by their ``output`` or their ``sends``; parameters as of :meth:`track`."""
        bus = Bus(name, chain, gain_db, pan, sends, output, mute, automate)
        self._add(bus)
        return bus

    def _add(self, strip: Strip) -> None:
        if not isinstance(strip.name, str) or not strip.name:
            raise TypeError("a track or bus needs a name")
        if strip.name in self._strips or strip.name == "master":
            raise ValueError(f"there is a track or bus called {strip.name!r} already")
        self._strips[strip.name] = strip

    @property
    def tracks(self) -> dict[str, Track]:
        """The tracks by name."""
        return {name: strip for name, strip in self._strips.items() if isinstance(strip, Track)}

    @property
    def buses(self) -> dict[str, Bus]:
        """The buses by name."""
        return {name: strip for name, strip in self._strips.items() if isinstance(strip, Bus)}

    def __getitem__(self, name: str) -> Strip:
        if name == "master":
            return self._master
        if name not in self._strips:
            raise KeyError(f"no track or bus {name!r}: there are {', '.join(self._strips) or 'none'}")
        return self._strips[name]

    def __delitem__(self, name: str) -> None:
        self[name]
        del self._strips[name]

    def __contains__(self, name: object) -> bool:
        return name in self._strips

    def render(
        self,
        *,
        tail: Union[str, float] = "auto",
        axis: int = -1,
        progress: Progress = None,
        check_finite: bool = True,
    ) -> Array:
        """Mixes everything: (2, samples), not late, as long as the longest track and its tail.

        float64 when a track is, otherwise float32.

        Parameters
        ----------
        tail : "auto", "cut" or seconds
            What comes after the longest track: until silence (-120 dBFS, at most 20 s), nothing, or so much.
        axis : int
            0 for (samples, 2).
        progress : bool or function
            Shows a bar, or is called with the share that is done.
        check_finite : bool
            Whether a sample that is not finite raises; otherwise it reads as 0.
        """
        _arrays.check_axis(axis)
        tracks = list(self.tracks.values())
        double = any(track.audio.dtype == np.float64 for track in tracks)
        kind = np.float64 if double else np.float32
        nodes = [strip._node() for strip in (*self._strips.values(), self._master)]
        console = _mixdsp.Console(self.sample_rate, nodes, double)
        length = max((track.audio.shape[1] for track in tracks), default=0)
        longest = round(LONGEST_TAIL * self.sample_rate)
        natural = console.tail
        auto = longest if natural is None else min(natural, longest)
        frames = length + _arrays.tail_frames(tail, self.sample_rate, lambda: auto)
        out = np.empty((2, frames), kind)
        inputs = [track.audio.astype(kind, copy=False) for track in tracks]
        with told(progress, "render") as tell:
            console.render(inputs, out, bool(check_finite), tell)
        if tail == "auto":
            out = out[:, : length + _sounding(out[:, length:])]
        return out.T if axis == 0 else out

    def __repr__(self) -> str:
        return f"<Mixer {self.sample_rate:g} Hz, tracks {list(self.tracks)}, buses {list(self.buses)}>"


def _sounding(tail: Array) -> int:
    """How many samples of a tail are not silence."""
    loud = np.flatnonzero((np.abs(tail) > SILENCE).any(axis=0))
    return int(loud[-1]) + 1 if loud.size else 0
