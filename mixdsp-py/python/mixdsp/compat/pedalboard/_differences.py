"""Where mixdsp does something else than pedalboard, and what it does not have."""

#: What sounds different, and why.
DIFFERENCES: dict[str, str] = {
    "Plugin": "Results never depend on buffer_size. At most 24 channels. A parameter out of range raises where it is set, not when audio runs.",
    "HighpassFilter": "First order as theirs; near half the sample rate the curve stays the analogue one, where theirs is "
    "bent by the bilinear transform (0.1 dB apart at 5 kHz and 48 kHz, more above).",
    "LowpassFilter": "As HighpassFilter: theirs falls to nothing at half the sample rate, ours keeps 6 dB per octave.",
    "PeakFilter": "The same analogue curve; theirs is narrower near half the sample rate. Of all filters: q is at most 40, "
    "which rings for seconds already.",
    "LowShelfFilter": "The same analogue curve; theirs is bent near half the sample rate.",
    "HighShelfFilter": "The same analogue curve; theirs is bent near half the sample rate.",
    "Convolution": "Mono and stereo; without latency. More channels than the response has hear its first one.",
    "NoiseGate": "Attack and release as the Compressor's. Nothing is gated below a threshold of -80 dB.",
    "Compressor": "Attack and release are what they say: 63 % of the way in that time. Theirs is about six times as fast "
    "(the time of a full turn, not of a radian), and smooths the level before the curve; ours smooths the reduction.",
    "Limiter": "Adds no gain: theirs raises everything by up to 10 dB before it limits. The threshold is the ceiling, and is "
    "never passed; a look-ahead of 5 ms, compensated.",
    "BrickwallLimiter": "The ceiling holds on every common meter with true_peak=True. The release is adaptive.",
    "Delay": "From 1 ms to 60 s; a feedback of at most 0.999.",
    "Reverb": "Another room: a network without the flutter of Freeverb's combs. Decay, level and brightness are set to be "
    "alike; the samples are not.",
    "io": "AudioFile writes WAV, FLAC and AIFF of 16, 24 and 32 bits, rounded to the nearest step; no 8 bits, MP3 and Ogg; a quality of FLAC changes nothing. Resampling is mixdsp's. read_raw gives the same "
    "numbers for integers of 8, 16, 24 and 32 bits.",
}

_NO_EFFECT = "mixdsp has no such effect"
#: Names of pedalboard that are not there.
MISSING: dict[str, str] = {
    "Bitcrush": _NO_EFFECT,
    "Chorus": "use mixdsp.Chorus",
    "GSMFullRateCompressor": _NO_EFFECT,
    "IIRFilter": "use HighpassFilter, LowpassFilter, PeakFilter and the shelves, or mixdsp.Equalizer",
    "LadderFilter": _NO_EFFECT,
    "MP3Compressor": _NO_EFFECT,
    "Phaser": "use mixdsp.Phaser",
    "PitchShift": _NO_EFFECT,
    "Resample": "use mixdsp.resample",
    "ExternalPlugin": "mixdsp hosts no plugins",
    "VST3Plugin": "mixdsp hosts no plugins",
    "AudioUnitPlugin": "mixdsp hosts no plugins",
    "load_plugin": "mixdsp hosts no plugins",
    "time_stretch": _NO_EFFECT,
}
