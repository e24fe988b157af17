//! Floor 5: what can be set on an imager.

use crate::params::params;

params! {
    /// What is fixed when an [`Imager`](crate::Imager) is built.
    pub struct ImagerConfig {
        /// How many bands have a width of their own, each from its frequency on.
        BANDS = 1001, bands ("Bands"): whole(0..=4, "") = 0;
    }
}

params! {
    /// Settings of an [`Imager`](crate::Imager) that exist once.
    pub struct ImagerParams {
        /// Where the lows end, whose width is `low_width`: 6 dB down, 48 dB per octave.
        MONO_BELOW_HZ = 1, mono_below_hz ("Mono below"): frequency(20.0..=1000.0) = 120.0;
        /// Factor of the side in the lows: 0 is mono.
        LOW_WIDTH = 2, low_width ("Low width"): linear(0.0..=2.0, "") = 0.0;
        /// Factor of the side above the lows, up to the first band: 0 is mono, 1 leaves the sound as it is.
        WIDTH = 3, width ("Width"): linear(0.0..=2.0, "") = 1.0;
    }
}

params! {
    /// One band of an [`Imager`](crate::Imager).
    pub struct ImagerBand {
        /// Where the band begins; it goes up to the next one's beginning.
        FROM_HZ = 1, from_hz ("From"): frequency(20.0..=20000.0) = 2000.0;
        /// Factor of the side in the band: 0 is mono, 1 leaves the sound as it is.
        WIDTH = 2, width ("Width"): linear(0.0..=2.0, "") = 1.0;
    }
}
