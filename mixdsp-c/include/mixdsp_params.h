/* mixdsp_params.h: one accessor per processor, and the ids of its config, parameters and readings.
   Written by `cargo run -p generate`; do not edit. Included by mixdsp.h.

   An id belongs to its row for ever. Rows of a group name the first item: MIXDSP_AT(id, 3) is the fourth.
   Each comment: unit, range, value of a fresh unit, what it is. Frequencies end below 0.499 of the rate. */
#ifndef MIXDSP_PARAMS_H
#define MIXDSP_PARAMS_H

#define MIXDSP_VERSION        "0.1.0"
#define MIXDSP_VERSION_NUMBER 100 /* major * 10000 + minor * 100 + patch */

/* Gain: Changes the level, turns the polarity, or silences. */
const mixdsp_class *mixdsp_gain(void);
#define MIXDSP_GAIN_GAIN_DB    1u /* dB, -96 to 24, default 0: Change of level. */
#define MIXDSP_GAIN_INVERT     2u /* 0 off, 1 on, default 0: Turns the polarity round. */
#define MIXDSP_GAIN_MUTE       3u /* 0 off, 1 on, default 0: Silences the output. */

/* Equalizer: Shapes tone by bells, shelves and passes that follow the analogue curve up to 20 kHz. */
const mixdsp_class *mixdsp_equalizer(void);
#define MIXDSP_EQUALIZER_BANDS                 1001u /* config, 1 to 64, default 8: How many bands there are. */
#define MIXDSP_EQUALIZER_BANDS_ENABLED            1u /* each of the bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_EQUALIZER_BANDS_KIND               2u /* each of the bands, default 0: What the band does. */
#define MIXDSP_EQUALIZER_BANDS_KIND_BELL           0
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF      1
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_SHELF     2
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_PASS      3
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_PASS       4
#define MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ       3u /* each of the bands, Hz, 10 to 20000, default 1000: Centre of a bell, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_EQUALIZER_BANDS_GAIN_DB            4u /* each of the bands, dB, -24 to 24, default 0: Gain of a bell or a shelf; passes have none. */
#define MIXDSP_EQUALIZER_BANDS_Q                  5u /* each of the bands, 0.1 to 40, default 0.7071: Narrowness of a bell, steepness of a shelf, resonance of a pass. */

#endif
