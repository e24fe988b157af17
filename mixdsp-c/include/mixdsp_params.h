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
#define MIXDSP_EQUALIZER_BANDS                        1001u /* config, 1 to 64, default 8: How many bands there are. */
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE               1002u /* config, default 5: The steepest slope that a band may have; each 12 dB per octave take memory. */
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_6                 0
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_12                1
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_18                2
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_24                3
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_36                4
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_48                5
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_72                6
#define MIXDSP_EQUALIZER_STEEPEST_SLOPE_96                7
#define MIXDSP_EQUALIZER_BANDS_ENABLED                   1u /* each of the bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_EQUALIZER_BANDS_KIND                      2u /* each of the bands, default 0: What the band does. */
#define MIXDSP_EQUALIZER_BANDS_KIND_BELL                  0
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF             1
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_SHELF            2
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_PASS             3
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_PASS              4
#define MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ              3u /* each of the bands, Hz, 10 to 20000, default 1000: Centre of a bell, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_EQUALIZER_BANDS_GAIN_DB                   4u /* each of the bands, dB, -24 to 24, default 0: Gain of a bell or a shelf; passes have none. */
#define MIXDSP_EQUALIZER_BANDS_Q                         5u /* each of the bands, 0.1 to 40, default 0.7071: Narrowness of a bell, steepness of a shelf, resonance of a pass of 12 dB per octave. */
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE       6u /* each of the bands, default 1: How fast a pass falls; bells and shelves have none. */
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_6      0
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_12     1
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_18     2
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_24     3
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_36     4
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_48     5
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_72     6
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_96     7

/* Delay: Repeats what was heard after a time, ever softer. */
const mixdsp_class *mixdsp_delay(void);
#define MIXDSP_DELAY_MAXIMUM_SECONDS 1001u /* config, s, 0.001 to 60, default 2: The longest time that can be set; at least 16 frames are kept. */
#define MIXDSP_DELAY_TIME_MS            1u /* ms, 1 to 60000, default 500: Time to the first echo, and between echoes; at least 16 frames, at most what was built for. */
#define MIXDSP_DELAY_FEEDBACK           2u /* 0 to 0.999, default 0.4: Level of each echo against the one before, as an amplitude factor. */
#define MIXDSP_DELAY_MIX                3u /* 0 to 1, default 0.3: Share of the echoes in the output; the rest is the dry sound. */

/* Pan: Places a mono sound between left and right, or balances a stereo one. */
const mixdsp_class *mixdsp_pan(void);
#define MIXDSP_PAN_PAN                   1u /* -1 to 1, default 0: From -1, left, over 0, centre, to 1, right. */
#define MIXDSP_PAN_LAW                   2u /* default 0: How far each side falls in the centre. */
#define MIXDSP_PAN_LAW_CONSTANT_POWER     0
#define MIXDSP_PAN_LAW_COMPROMISE         1
#define MIXDSP_PAN_LAW_CONSTANT_SUM       2

/* Width: Makes a stereo sound narrower or wider. */
const mixdsp_class *mixdsp_width(void);
#define MIXDSP_WIDTH_WIDTH    1u /* 0 to 2, default 1: Factor of the side: 0 is mono, 1 leaves the sound as it is. */

/* Mid-side: Turns left and right into mid and side, or back. */
const mixdsp_class *mixdsp_mid_side(void);
#define MIXDSP_MID_SIDE_DIRECTION           1u /* default 0: Which way. */
#define MIXDSP_MID_SIDE_DIRECTION_ENCODE     0
#define MIXDSP_MID_SIDE_DIRECTION_DECODE     1

/* Align: Makes a path wait by whole frames, so that it meets a slower one. */
const mixdsp_class *mixdsp_align(void);
#define MIXDSP_ALIGN_FRAMES 1001u /* config, frames, 0 to 1000000, default 0: How long the path waits. */

/* Dither: Quantises to the bits of a delivery with triangular noise. */
const mixdsp_class *mixdsp_dither(void);
#define MIXDSP_DITHER_BITS 1001u /* config, bit, 8 to 24, default 16: Bits of the delivery. */
#define MIXDSP_DITHER_SEED 1002u /* config, 0 to 65535, default 0: Which of the possible noises. */

#endif
