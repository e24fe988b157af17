//! Floor 5: what a reverb can be set to and built for.

use crate::params::params;

params! {
    /// Settings of a [`Reverb`](crate::Reverb).
    pub struct ReverbParams {
        /// Time in which the middle frequencies lose 60 dB.
        DECAY_SECONDS = 1, decay_seconds ("Decay"): log(0.1..=30.0, "s") = 1.8;
        /// Decay of the bass as a factor of the middle's.
        BASS_RATIO = 2, bass_ratio ("Bass decay"): log(0.25..=4.0, "") = 1.1;
        /// Decay of the treble as a factor of the middle's.
        TREBLE_RATIO = 3, treble_ratio ("Treble decay"): log(0.1..=2.0, "") = 0.5;
        /// Frequency below which the bass ratio holds.
        BASS_HZ = 4, bass_hz ("Bass below"): log(40.0..=1000.0, "Hz") = 250.0;
        /// Frequency above which the treble ratio holds.
        TREBLE_HZ = 5, treble_hz ("Treble above"): log(1000.0..=16000.0, "Hz") = 4000.0;
        /// Level of the reverb, of which 1 is as loud as steady noise that comes in; the dry sound gives way, so that a mix is as loud as the dry sound, or up to 1 dB softer.
        MIX = 6, mix ("Mix"): linear(0.0..=1.0, "") = 0.3;
        /// Width of the reverb: 0 is mono, 1 is two channels that have nothing in common.
        WIDTH = 7, width ("Width"): linear(0.0..=1.0, "") = 1.0;
        /// How far the reads of the modulated lines move.
        MODULATION = 8, modulation ("Modulation"): linear(0.0..=1.0, "") = 0.15;
        /// Holds what sounds for ever and lets nothing new in.
        FREEZE = 9, freeze ("Freeze"): switch() = false;
        /// How much of the sound before the late reverb are single reflections of walls; the rest is diffuse.
        EARLY = 10, early ("Early reflections"): linear(0.0..=1.0, "") = 0.5;
    }
}

params! {
    /// What is fixed when a [`Reverb`](crate::Reverb) is built.
    pub struct ReverbConfig {
        /// Size of the room: factor of a box of 17 by 12 by 7 m, and of the network's delays of 30 to 190 ms.
        SIZE = 1001, size ("Size"): linear(0.2..=2.0, "") = 1.0;
        /// Time before the reverb begins.
        PRE_DELAY_MS = 1002, pre_delay_ms ("Pre-delay"): linear(0.0..=500.0, "ms") = 10.0;
        /// How far away the sound stands in the room: 0 near, its reflections late and apart; 1 far, they come close behind it.
        DISTANCE = 1003, distance ("Distance"): linear(0.0..=1.0, "") = 0.5;
    }
}
