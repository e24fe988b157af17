/* mixdsp_params.h: one accessor per processor, and the ids of its config, parameters and readings.
   Written by `cargo run -p generate`; do not edit. Included by mixdsp.h.

   An id belongs to its row for ever, and says whose row it is: that of another processor is MIXDSP_EID.
   CONFIG is fixed when a unit is built, the rest can change at any time. Rows of a group name the first
   item: MIXDSP_AT(id, 3) is the fourth.
   Each comment: unit, range, value of a fresh unit, what it is. Frequencies end below 0.499 of the rate. */
#ifndef MIXDSP_PARAMS_H
#define MIXDSP_PARAMS_H

#define MIXDSP_VERSION        "0.1.0"
#define MIXDSP_VERSION_NUMBER 100 /* major * 10000 + minor * 100 + patch */

/* Gain: Changes the level, turns the polarity, or silences. */
const mixdsp_class *mixdsp_gain(void);
#define MIXDSP_GAIN_GAIN_DB UINT64_C(0xca1400000001) /* dB, -96 to 24, default 0: Change of level. */
#define MIXDSP_GAIN_INVERT  UINT64_C(0xca1400000002) /* 0 off, 1 on, default 0: Turns the polarity round. */
#define MIXDSP_GAIN_MUTE    UINT64_C(0xca1400000003) /* 0 off, 1 on, default 0: Silences the output. */

/* Equalizer: Shapes tone by bands that follow the analogue curve up to 20 kHz. */
const mixdsp_class *mixdsp_equalizer(void);
#define MIXDSP_EQUALIZER_CONFIG_BANDS                 UINT64_C(0x1db4000003e9) /* 1 to 64, default 8: How many bands there are. */
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE        UINT64_C(0x1db4000003ea) /* default 48: The steepest slope that a band may have; each 12 dB per octave take memory. */
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_6      0
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_12     1
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_18     2
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_24     3
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_36     4
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_48     5
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_72     6
#define MIXDSP_EQUALIZER_CONFIG_STEEPEST_SLOPE_96     7
#define MIXDSP_EQUALIZER_BANDS_ENABLED                UINT64_C(0x231200000001) /* each of the bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_EQUALIZER_BANDS_KIND                   UINT64_C(0x231200000002) /* each of the bands, default bell: What the band does. */
#define MIXDSP_EQUALIZER_BANDS_KIND_BELL              0
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF         1
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_SHELF        2
#define MIXDSP_EQUALIZER_BANDS_KIND_HIGH_PASS         3
#define MIXDSP_EQUALIZER_BANDS_KIND_LOW_PASS          4
#define MIXDSP_EQUALIZER_BANDS_KIND_BAND_PASS         5
#define MIXDSP_EQUALIZER_BANDS_KIND_NOTCH             6
#define MIXDSP_EQUALIZER_BANDS_KIND_ALL_PASS          7
#define MIXDSP_EQUALIZER_BANDS_KIND_TILT              8
#define MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ           UINT64_C(0x231200000003) /* each of the bands, Hz, 10 to 20000, default 1000: Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_EQUALIZER_BANDS_GAIN_DB                UINT64_C(0x231200000004) /* each of the bands, dB, -24 to 24, default 0: Gain of a bell, shelf or tilt; the others have none. */
#define MIXDSP_EQUALIZER_BANDS_Q                      UINT64_C(0x231200000005) /* each of the bands, 0.1 to 40, default 0.7071: Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. */
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE    UINT64_C(0x231200000006) /* each of the bands, default 12: How fast a pass falls; 6 makes an all-pass one of first order, the others have none. */
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_6  0
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_12 1
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_18 2
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_24 3
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_36 4
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_48 5
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_72 6
#define MIXDSP_EQUALIZER_BANDS_SLOPE_DB_PER_OCTAVE_96 7
#define MIXDSP_EQUALIZER_BANDS_SHELF_BY               UINT64_C(0x231200000007) /* each of the bands, default q: What says how steep a shelf is. */
#define MIXDSP_EQUALIZER_BANDS_SHELF_BY_Q             0
#define MIXDSP_EQUALIZER_BANDS_SHELF_BY_SLOPE         1
#define MIXDSP_EQUALIZER_BANDS_SHELF_SLOPE            UINT64_C(0x231200000008) /* each of the bands, 0.1 to 1, default 1: Steepness of a shelf by slope: 1 is the steepest without overshoot. */
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT              UINT64_C(0x231200000009) /* each of the bands, default all: What the band works on; anything but all needs a unit of two channels. */
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT_ALL          0
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT_LEFT         1
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT_RIGHT        2
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT_MID          3
#define MIXDSP_EQUALIZER_BANDS_PLACEMENT_SIDE         4
#define MIXDSP_EQUALIZER_BANDS_PROPORTIONAL_Q         UINT64_C(0x23120000000a) /* each of the bands, 0 off, 1 on, default 0: Whether a bell grows narrower with its gain: `q` then holds at 12 dB. */

/* Dynamic equalizer: Bells and shelves whose gain changes with the level in them. */
const mixdsp_class *mixdsp_dynamic_equalizer(void);
#define MIXDSP_DYNAMIC_EQUALIZER_CONFIG_BANDS          UINT64_C(0x440e000003e9) /* 1 to 32, default 4: How many bands there are. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_ENABLED         UINT64_C(0x2b1f00000001) /* each of the bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KIND            UINT64_C(0x2b1f00000002) /* each of the bands, default bell: What the band does. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KIND_BELL       0
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KIND_LOW_SHELF  1
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KIND_HIGH_SHELF 2
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_FREQUENCY_HZ    UINT64_C(0x2b1f00000003) /* each of the bands, Hz, 10 to 20000, default 1000: Centre of a bell, middle of a shelf's slope. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_GAIN_DB         UINT64_C(0x2b1f00000004) /* each of the bands, dB, -24 to 24, default 0: Gain at levels below the threshold. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_Q               UINT64_C(0x2b1f00000005) /* each of the bands, 0.1 to 40, default 0.7071: Narrowness of a bell and of what it listens to, steepness of a shelf. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_THRESHOLD_DB    UINT64_C(0x2b1f00000006) /* each of the bands, dB, -80 to 0, default -24: Level in the band, as a sine's peak, above which the gain changes. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_RATIO           UINT64_C(0x2b1f00000007) /* each of the bands, 1 to 1000, default 4: How many decibels above the threshold leave one, before the range ends it. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_RANGE_DB        UINT64_C(0x2b1f00000008) /* each of the bands, dB, -24 to 24, default 0: Largest change of the gain: negative turns down what is loud, positive up, and 0 nothing. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_ATTACK_MS       UINT64_C(0x2b1f00000009) /* each of the bands, ms, 0 to 250, default 10: Time constant of the change; 0 is instant. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_RELEASE_MS      UINT64_C(0x2b1f0000000a) /* each of the bands, ms, 1 to 5000, default 100: Time constant of coming back. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KEY             UINT64_C(0x2b1f0000000b) /* each of the bands, default own: What the band listens to. */
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KEY_OWN         0
#define MIXDSP_DYNAMIC_EQUALIZER_BANDS_KEY_EXTERNAL    1
#define MIXDSP_DYNAMIC_EQUALIZER_CHANGE_DB             UINT64_C(0x7843000007d1) /* reading, dB: Change of a band's gain at the last frame; the id's item is the band. */

/* Crossover: Cuts audio into bands that come out separately and add up flat. */
const mixdsp_class *mixdsp_crossover(void);
#define MIXDSP_CROSSOVER_CONFIG_SPLITS                 UINT64_C(0x2d89000003e9) /* 1 to 5, default 1: How many frequencies there are at which audio is split; the bands are one more. */
#define MIXDSP_CROSSOVER_CONFIG_SLOPE_DB_PER_OCTAVE    UINT64_C(0x2d89000003ea) /* default 24: How fast the bands fall beyond their splits. */
#define MIXDSP_CROSSOVER_CONFIG_SLOPE_DB_PER_OCTAVE_12 0
#define MIXDSP_CROSSOVER_CONFIG_SLOPE_DB_PER_OCTAVE_24 1
#define MIXDSP_CROSSOVER_CONFIG_SLOPE_DB_PER_OCTAVE_48 2
#define MIXDSP_CROSSOVER_CONFIG_PHASE                  UINT64_C(0x2d89000003eb) /* default minimum: What the bands do to the phase. */
#define MIXDSP_CROSSOVER_CONFIG_PHASE_MINIMUM          0
#define MIXDSP_CROSSOVER_CONFIG_PHASE_LINEAR           1
#define MIXDSP_CROSSOVER_CONFIG_LOWEST_HZ              UINT64_C(0x2d89000003ec) /* Hz, 20 to 2000, default 80: The lowest split that linear phase is built for: the lower, the longer are filters and latency. */
#define MIXDSP_CROSSOVER_SPLITS_FREQUENCY_HZ           UINT64_C(0x452200000001) /* each of the splits, Hz, 20 to 20000, default 200: Where the band below ends and the band above begins: both are 6 dB down. */

/* One-pole low-pass: Takes away above a frequency, gently: 6 dB per octave. */
const mixdsp_class *mixdsp_one_pole(void);
#define MIXDSP_ONE_POLE_FREQUENCY_HZ UINT64_C(0xe4c900000001) /* Hz, 10 to 20000, default 1000: Corner, where the level has fallen by 3 dB. */

/* DC blocker: Takes away a constant offset and leaves the bass. */
const mixdsp_class *mixdsp_dc_blocker(void);
#define MIXDSP_DC_BLOCKER_FREQUENCY_HZ UINT64_C(0x529b00000001) /* Hz, 1 to 40, default 5: Corner, where the level has fallen by 3 dB. */

/* Compressor: Turns down what is louder than a threshold. */
const mixdsp_class *mixdsp_compressor(void);
#define MIXDSP_COMPRESSOR_CONFIG_LOOKAHEAD_MS                    UINT64_C(0x3606000003e9) /* ms, 0 to 50, default 0: How far it looks ahead; this is its latency. */
#define MIXDSP_COMPRESSOR_CONFIG_HOLD_MS                         UINT64_C(0x3606000003ea) /* ms, 0 to 50, default 12.5: How long the detector holds: half a wave of the lowest bass. */
#define MIXDSP_COMPRESSOR_CONFIG_SIDECHAIN_BANDS                 UINT64_C(0x3606000003eb) /* 0 to 8, default 0: How many bands filter what it listens to. */
#define MIXDSP_COMPRESSOR_THRESHOLD_DB                           UINT64_C(0x60f800000001) /* dB, -80 to 0, default -18: Level above which it works; below which, upward. */
#define MIXDSP_COMPRESSOR_RATIO                                  UINT64_C(0x60f800000002) /* 1 to 1000, default 4: How many decibels in make one out, beyond the threshold. */
#define MIXDSP_COMPRESSOR_KNEE_DB                                UINT64_C(0x60f800000003) /* dB, 0 to 36, default 6: Width of the bend around the threshold. */
#define MIXDSP_COMPRESSOR_ATTACK_MS                              UINT64_C(0x60f800000004) /* ms, 0 to 250, default 10: Time constant of going down; 0 is instant. */
#define MIXDSP_COMPRESSOR_RELEASE_MS                             UINT64_C(0x60f800000005) /* ms, 1 to 5000, default 100: Time constant of coming back. */
#define MIXDSP_COMPRESSOR_MAKEUP_DB                              UINT64_C(0x60f800000006) /* dB, -24 to 24, default 0: Gain after compression. */
#define MIXDSP_COMPRESSOR_MIX                                    UINT64_C(0x60f800000007) /* 0 to 1, default 1: Share of the compressed sound; the rest is dry. */
#define MIXDSP_COMPRESSOR_LINK                                   UINT64_C(0x60f800000008) /* 0 to 1, default 1: 1 turns all channels down alike, 0 each by itself. */
#define MIXDSP_COMPRESSOR_DETECTOR                               UINT64_C(0x60f800000009) /* default peak_hold: What counts as level. */
#define MIXDSP_COMPRESSOR_DETECTOR_PEAK                          0
#define MIXDSP_COMPRESSOR_DETECTOR_PEAK_HOLD                     1
#define MIXDSP_COMPRESSOR_DETECTOR_RMS                           2
#define MIXDSP_COMPRESSOR_RANGE_DB                               UINT64_C(0x60f80000000a) /* dB, 0 to 100, default 100: Most gain reduction. */
#define MIXDSP_COMPRESSOR_DIRECTION                              UINT64_C(0x60f80000000b) /* default downward: Which levels it changes. */
#define MIXDSP_COMPRESSOR_DIRECTION_DOWNWARD                     0
#define MIXDSP_COMPRESSOR_DIRECTION_UPWARD                       1
#define MIXDSP_COMPRESSOR_MAX_BOOST_DB                           UINT64_C(0x60f80000000c) /* dB, 0 to 40, default 12: Most gain upward. */
#define MIXDSP_COMPRESSOR_TOPOLOGY                               UINT64_C(0x60f80000000d) /* default feed_forward: Whether the detector hears the input or the output; a sidechain is always heard as it is. */
#define MIXDSP_COMPRESSOR_TOPOLOGY_FEED_FORWARD                  0
#define MIXDSP_COMPRESSOR_TOPOLOGY_FEEDBACK                      1
#define MIXDSP_COMPRESSOR_AUTO_RELEASE                           UINT64_C(0x60f80000000e) /* 0 off, 1 on, default 0: Whether a reduction that has lasted comes back slowly, while short peaks come back by the release. */
#define MIXDSP_COMPRESSOR_SLOW_RELEASE_MS                        UINT64_C(0x60f80000000f) /* ms, 100 to 20000, default 1500: Time constant of coming back from a reduction that has lasted, with auto release. */
#define MIXDSP_COMPRESSOR_SLOW_CHARGE_MS                         UINT64_C(0x60f800000010) /* ms, 10 to 10000, default 500: Time constant by which a reduction counts as lasting, with auto release. */
#define MIXDSP_COMPRESSOR_AUTO_MAKEUP                            UINT64_C(0x60f800000011) /* default off: How make-up gain is found. */
#define MIXDSP_COMPRESSOR_AUTO_MAKEUP_OFF                        0
#define MIXDSP_COMPRESSOR_AUTO_MAKEUP_STATIC                     1
#define MIXDSP_COMPRESSOR_AUTO_MAKEUP_LOUDNESS                   2
#define MIXDSP_COMPRESSOR_RMS_WINDOW_MS                          UINT64_C(0x60f800000012) /* ms, 0.1 to 1000, default 10: Time constant of the detector's window, for `rms`. */
#define MIXDSP_COMPRESSOR_LISTEN                                 UINT64_C(0x60f800000013) /* 0 off, 1 on, default 0: Lets the filtered sidechain be heard in place of the output. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_ENABLED                UINT64_C(0x231200000001) /* each of the sidechain_bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND                   UINT64_C(0x231200000002) /* each of the sidechain_bands, default bell: What the band does. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_BELL              0
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_LOW_SHELF         1
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_HIGH_SHELF        2
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_HIGH_PASS         3
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_LOW_PASS          4
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_BAND_PASS         5
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_NOTCH             6
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_ALL_PASS          7
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_KIND_TILT              8
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_FREQUENCY_HZ           UINT64_C(0x231200000003) /* each of the sidechain_bands, Hz, 10 to 20000, default 1000: Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_GAIN_DB                UINT64_C(0x231200000004) /* each of the sidechain_bands, dB, -24 to 24, default 0: Gain of a bell, shelf or tilt; the others have none. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_Q                      UINT64_C(0x231200000005) /* each of the sidechain_bands, 0.1 to 40, default 0.7071: Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE    UINT64_C(0x231200000006) /* each of the sidechain_bands, default 12: How fast a pass falls; 6 makes an all-pass one of first order, the others have none. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_6  0
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_12 1
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_18 2
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_24 3
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_36 4
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_48 5
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_72 6
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_96 7
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SHELF_BY               UINT64_C(0x231200000007) /* each of the sidechain_bands, default q: What says how steep a shelf is. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SHELF_BY_Q             0
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SHELF_BY_SLOPE         1
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_SHELF_SLOPE            UINT64_C(0x231200000008) /* each of the sidechain_bands, 0.1 to 1, default 1: Steepness of a shelf by slope: 1 is the steepest without overshoot. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT              UINT64_C(0x231200000009) /* each of the sidechain_bands, default all: What the band works on; anything but all needs a unit of two channels. */
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT_ALL          0
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT_LEFT         1
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT_RIGHT        2
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT_MID          3
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PLACEMENT_SIDE         4
#define MIXDSP_COMPRESSOR_SIDECHAIN_BANDS_PROPORTIONAL_Q         UINT64_C(0x23120000000a) /* each of the sidechain_bands, 0 off, 1 on, default 0: Whether a bell grows narrower with its gain: `q` then holds at 12 dB. */
#define MIXDSP_COMPRESSOR_GAIN_REDUCTION_DB                      UINT64_C(0x9428000007d1) /* reading, dB: Largest gain reduction of all channels at the last frame; negative where it raises. */

/* Gate: Takes away what is softer than a threshold. */
const mixdsp_class *mixdsp_gate(void);
#define MIXDSP_GATE_CONFIG_LOOKAHEAD_MS                    UINT64_C(0x81fd000003e9) /* ms, 0 to 50, default 0: How far it looks ahead; this is its latency. */
#define MIXDSP_GATE_CONFIG_SIDECHAIN_BANDS                 UINT64_C(0x81fd000003ea) /* 0 to 8, default 0: How many bands filter what it listens to. */
#define MIXDSP_GATE_THRESHOLD_DB                           UINT64_C(0x486b00000001) /* dB, -80 to 0, default -40: Level at which it opens. */
#define MIXDSP_GATE_HYSTERESIS_DB                          UINT64_C(0x486b00000002) /* dB, 0 to 24, default 6: How far under the threshold the level must fall before it closes. */
#define MIXDSP_GATE_HOLD_MS                                UINT64_C(0x486b00000003) /* ms, 0 to 2000, default 50: How long the level must stay there before it closes. */
#define MIXDSP_GATE_RANGE_DB                               UINT64_C(0x486b00000004) /* dB, 0 to 100, default 60: What it takes away while it is closed. */
#define MIXDSP_GATE_ATTACK_MS                              UINT64_C(0x486b00000005) /* ms, 0 to 100, default 1: Time of opening, to 63.2 % of the decibels; 0 is instant. */
#define MIXDSP_GATE_RELEASE_MS                             UINT64_C(0x486b00000006) /* ms, 1 to 5000, default 100: Time of closing, to 63.2 % of the decibels. */
#define MIXDSP_GATE_LINK                                   UINT64_C(0x486b00000007) /* 0 to 1, default 1: Share of what all channels together ask for; at 1 all open and close alike. */
#define MIXDSP_GATE_LISTEN                                 UINT64_C(0x486b00000008) /* 0 off, 1 on, default 0: Lets the filtered sidechain be heard in place of the output. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_ENABLED                UINT64_C(0x231200000001) /* each of the sidechain_bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND                   UINT64_C(0x231200000002) /* each of the sidechain_bands, default bell: What the band does. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_BELL              0
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_LOW_SHELF         1
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_HIGH_SHELF        2
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_HIGH_PASS         3
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_LOW_PASS          4
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_BAND_PASS         5
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_NOTCH             6
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_ALL_PASS          7
#define MIXDSP_GATE_SIDECHAIN_BANDS_KIND_TILT              8
#define MIXDSP_GATE_SIDECHAIN_BANDS_FREQUENCY_HZ           UINT64_C(0x231200000003) /* each of the sidechain_bands, Hz, 10 to 20000, default 1000: Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_GAIN_DB                UINT64_C(0x231200000004) /* each of the sidechain_bands, dB, -24 to 24, default 0: Gain of a bell, shelf or tilt; the others have none. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_Q                      UINT64_C(0x231200000005) /* each of the sidechain_bands, 0.1 to 40, default 0.7071: Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE    UINT64_C(0x231200000006) /* each of the sidechain_bands, default 12: How fast a pass falls; 6 makes an all-pass one of first order, the others have none. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_6  0
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_12 1
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_18 2
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_24 3
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_36 4
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_48 5
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_72 6
#define MIXDSP_GATE_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_96 7
#define MIXDSP_GATE_SIDECHAIN_BANDS_SHELF_BY               UINT64_C(0x231200000007) /* each of the sidechain_bands, default q: What says how steep a shelf is. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_SHELF_BY_Q             0
#define MIXDSP_GATE_SIDECHAIN_BANDS_SHELF_BY_SLOPE         1
#define MIXDSP_GATE_SIDECHAIN_BANDS_SHELF_SLOPE            UINT64_C(0x231200000008) /* each of the sidechain_bands, 0.1 to 1, default 1: Steepness of a shelf by slope: 1 is the steepest without overshoot. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT              UINT64_C(0x231200000009) /* each of the sidechain_bands, default all: What the band works on; anything but all needs a unit of two channels. */
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT_ALL          0
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT_LEFT         1
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT_RIGHT        2
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT_MID          3
#define MIXDSP_GATE_SIDECHAIN_BANDS_PLACEMENT_SIDE         4
#define MIXDSP_GATE_SIDECHAIN_BANDS_PROPORTIONAL_Q         UINT64_C(0x23120000000a) /* each of the sidechain_bands, 0 off, 1 on, default 0: Whether a bell grows narrower with its gain: `q` then holds at 12 dB. */
#define MIXDSP_GATE_GAIN_REDUCTION_DB                      UINT64_C(0x9afe000007d1) /* reading, dB: Largest gain reduction of all channels at the last frame. */
#define MIXDSP_GATE_OPEN                                   UINT64_C(0x9afe000007d2) /* reading: 1 while the level of all channels holds it open, 0 while it closes or is closed. */

/* Expander: Turns down what is softer than a threshold, the more the softer it is. */
const mixdsp_class *mixdsp_expander(void);
#define MIXDSP_EXPANDER_CONFIG_LOOKAHEAD_MS                    UINT64_C(0x9c2d000003e9) /* ms, 0 to 50, default 0: How far it looks ahead; this is its latency. */
#define MIXDSP_EXPANDER_CONFIG_HOLD_MS                         UINT64_C(0x9c2d000003ea) /* ms, 0 to 500, default 12.5: For how long a level counts: half a wave of the lowest bass, or longer to keep tails. */
#define MIXDSP_EXPANDER_CONFIG_SIDECHAIN_BANDS                 UINT64_C(0x9c2d000003eb) /* 0 to 8, default 0: How many bands filter what it listens to. */
#define MIXDSP_EXPANDER_THRESHOLD_DB                           UINT64_C(0x03ac00000001) /* dB, -80 to 0, default -40: Level under which it turns down. */
#define MIXDSP_EXPANDER_RATIO                                  UINT64_C(0x03ac00000002) /* 1 to 100, default 2: How many decibels under the threshold come out for one that comes in. */
#define MIXDSP_EXPANDER_KNEE_DB                                UINT64_C(0x03ac00000003) /* dB, 0 to 36, default 6: Width of the bend around the threshold. */
#define MIXDSP_EXPANDER_RANGE_DB                               UINT64_C(0x03ac00000004) /* dB, 0 to 100, default 40: Most that it takes away. */
#define MIXDSP_EXPANDER_ATTACK_MS                              UINT64_C(0x03ac00000005) /* ms, 0 to 100, default 2: Time of coming up, to 63.2 % of the decibels; 0 is instant. */
#define MIXDSP_EXPANDER_RELEASE_MS                             UINT64_C(0x03ac00000006) /* ms, 1 to 5000, default 100: Time of going down, to 63.2 % of the decibels. */
#define MIXDSP_EXPANDER_LINK                                   UINT64_C(0x03ac00000007) /* 0 to 1, default 1: Share of what all channels together ask for; at 1 all are turned down alike. */
#define MIXDSP_EXPANDER_LISTEN                                 UINT64_C(0x03ac00000008) /* 0 off, 1 on, default 0: Lets the filtered sidechain be heard in place of the output. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_ENABLED                UINT64_C(0x231200000001) /* each of the sidechain_bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND                   UINT64_C(0x231200000002) /* each of the sidechain_bands, default bell: What the band does. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_BELL              0
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_LOW_SHELF         1
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_HIGH_SHELF        2
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_HIGH_PASS         3
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_LOW_PASS          4
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_BAND_PASS         5
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_NOTCH             6
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_ALL_PASS          7
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_KIND_TILT              8
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_FREQUENCY_HZ           UINT64_C(0x231200000003) /* each of the sidechain_bands, Hz, 10 to 20000, default 1000: Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_GAIN_DB                UINT64_C(0x231200000004) /* each of the sidechain_bands, dB, -24 to 24, default 0: Gain of a bell, shelf or tilt; the others have none. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_Q                      UINT64_C(0x231200000005) /* each of the sidechain_bands, 0.1 to 40, default 0.7071: Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE    UINT64_C(0x231200000006) /* each of the sidechain_bands, default 12: How fast a pass falls; 6 makes an all-pass one of first order, the others have none. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_6  0
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_12 1
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_18 2
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_24 3
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_36 4
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_48 5
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_72 6
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_96 7
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SHELF_BY               UINT64_C(0x231200000007) /* each of the sidechain_bands, default q: What says how steep a shelf is. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SHELF_BY_Q             0
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SHELF_BY_SLOPE         1
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_SHELF_SLOPE            UINT64_C(0x231200000008) /* each of the sidechain_bands, 0.1 to 1, default 1: Steepness of a shelf by slope: 1 is the steepest without overshoot. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT              UINT64_C(0x231200000009) /* each of the sidechain_bands, default all: What the band works on; anything but all needs a unit of two channels. */
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT_ALL          0
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT_LEFT         1
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT_RIGHT        2
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT_MID          3
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PLACEMENT_SIDE         4
#define MIXDSP_EXPANDER_SIDECHAIN_BANDS_PROPORTIONAL_Q         UINT64_C(0x23120000000a) /* each of the sidechain_bands, 0 off, 1 on, default 0: Whether a bell grows narrower with its gain: `q` then holds at 12 dB. */
#define MIXDSP_EXPANDER_GAIN_REDUCTION_DB                      UINT64_C(0x4ce2000007d1) /* reading, dB: Largest gain reduction of all channels at the last frame. */

/* Ducker: Turns down by a depth while the sidechain is loud. */
const mixdsp_class *mixdsp_ducker(void);
#define MIXDSP_DUCKER_CONFIG_LOOKAHEAD_MS                    UINT64_C(0x724d000003e9) /* ms, 0 to 50, default 0: How far it looks ahead; this is its latency. */
#define MIXDSP_DUCKER_CONFIG_SIDECHAIN_BANDS                 UINT64_C(0x724d000003ea) /* 0 to 8, default 0: How many bands filter what it listens to. */
#define MIXDSP_DUCKER_DEPTH_DB                               UINT64_C(0x41f500000001) /* dB, 0 to 100, default 12: By how much it turns down. */
#define MIXDSP_DUCKER_THRESHOLD_DB                           UINT64_C(0x41f500000002) /* dB, -80 to 0, default -40: Level of the sidechain at which it does. */
#define MIXDSP_DUCKER_HYSTERESIS_DB                          UINT64_C(0x41f500000003) /* dB, 0 to 24, default 6: How far under the threshold the level must fall before it comes back. */
#define MIXDSP_DUCKER_ATTACK_MS                              UINT64_C(0x41f500000004) /* ms, 0 to 250, default 30: Time of going down, to 63.2 % of the decibels; 0 is instant. */
#define MIXDSP_DUCKER_HOLD_MS                                UINT64_C(0x41f500000005) /* ms, 0 to 5000, default 400: How long the level must stay there before it comes back: pauses that are shorter change nothing. */
#define MIXDSP_DUCKER_RELEASE_MS                             UINT64_C(0x41f500000006) /* ms, 1 to 10000, default 500: Time of coming back, to 63.2 % of the decibels. */
#define MIXDSP_DUCKER_LISTEN                                 UINT64_C(0x41f500000007) /* 0 off, 1 on, default 0: Lets the filtered sidechain be heard in place of the output. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_ENABLED                UINT64_C(0x231200000001) /* each of the sidechain_bands, 0 off, 1 on, default 1: Whether the band works. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND                   UINT64_C(0x231200000002) /* each of the sidechain_bands, default bell: What the band does. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_BELL              0
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_LOW_SHELF         1
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_HIGH_SHELF        2
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_HIGH_PASS         3
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_LOW_PASS          4
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_BAND_PASS         5
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_NOTCH             6
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_ALL_PASS          7
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_KIND_TILT              8
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_FREQUENCY_HZ           UINT64_C(0x231200000003) /* each of the sidechain_bands, Hz, 10 to 20000, default 1000: Centre of a bell, notch, all-pass or tilt, middle of a shelf's slope, corner of a pass. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_GAIN_DB                UINT64_C(0x231200000004) /* each of the sidechain_bands, dB, -24 to 24, default 0: Gain of a bell, shelf or tilt; the others have none. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_Q                      UINT64_C(0x231200000005) /* each of the sidechain_bands, 0.1 to 40, default 0.7071: Narrowness of a bell, notch or all-pass, steepness of a shelf, resonance of a 12 dB pass. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE    UINT64_C(0x231200000006) /* each of the sidechain_bands, default 12: How fast a pass falls; 6 makes an all-pass one of first order, the others have none. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_6  0
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_12 1
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_18 2
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_24 3
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_36 4
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_48 5
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_72 6
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SLOPE_DB_PER_OCTAVE_96 7
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SHELF_BY               UINT64_C(0x231200000007) /* each of the sidechain_bands, default q: What says how steep a shelf is. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SHELF_BY_Q             0
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SHELF_BY_SLOPE         1
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_SHELF_SLOPE            UINT64_C(0x231200000008) /* each of the sidechain_bands, 0.1 to 1, default 1: Steepness of a shelf by slope: 1 is the steepest without overshoot. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT              UINT64_C(0x231200000009) /* each of the sidechain_bands, default all: What the band works on; anything but all needs a unit of two channels. */
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT_ALL          0
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT_LEFT         1
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT_RIGHT        2
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT_MID          3
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PLACEMENT_SIDE         4
#define MIXDSP_DUCKER_SIDECHAIN_BANDS_PROPORTIONAL_Q         UINT64_C(0x23120000000a) /* each of the sidechain_bands, 0 off, 1 on, default 0: Whether a bell grows narrower with its gain: `q` then holds at 12 dB. */
#define MIXDSP_DUCKER_GAIN_REDUCTION_DB                      UINT64_C(0xcc92000007d1) /* reading, dB: Gain reduction at the last frame. */
#define MIXDSP_DUCKER_DUCKING                                UINT64_C(0xcc92000007d2) /* reading: 1 while the sidechain holds it down, 0 while it comes back or is back. */

/* De-esser: Turns highs down while they are too large a share of the sound. */
const mixdsp_class *mixdsp_de_esser(void);
#define MIXDSP_DE_ESSER_FREQUENCY_HZ      UINT64_C(0x475300000001) /* Hz, 1000 to 16000, default 5000: Where highs begin: the middle of the shelf's slope, or the crossover. */
#define MIXDSP_DE_ESSER_THRESHOLD_DB      UINT64_C(0x475300000002) /* dB, -40 to 0, default -9: Share of the highs in the energy of all, above which they are turned down; it does not depend on the level. */
#define MIXDSP_DE_ESSER_SLOPE             UINT64_C(0x475300000003) /* 0 to 4, default 1: By how many decibels for each decibel above the threshold. */
#define MIXDSP_DE_ESSER_KNEE_DB           UINT64_C(0x475300000004) /* dB, 0 to 24, default 6: Width of the bend around the threshold. */
#define MIXDSP_DE_ESSER_RANGE_DB          UINT64_C(0x475300000005) /* dB, 0 to 24, default 9: Most that it takes away. */
#define MIXDSP_DE_ESSER_ATTACK_MS         UINT64_C(0x475300000006) /* ms, 0 to 20, default 0.7: Time constant of going down; 0 is instant. */
#define MIXDSP_DE_ESSER_RELEASE_MS        UINT64_C(0x475300000007) /* ms, 1 to 500, default 40: Time constant of coming back. */
#define MIXDSP_DE_ESSER_LISTEN            UINT64_C(0x475300000008) /* 0 off, 1 on, default 0: Lets what counts as highs be heard in place of the output. */
#define MIXDSP_DE_ESSER_MODE              UINT64_C(0x475300000009) /* default shelf: How it takes highs away. */
#define MIXDSP_DE_ESSER_MODE_SHELF        0
#define MIXDSP_DE_ESSER_MODE_SPLIT        1
#define MIXDSP_DE_ESSER_GAIN_REDUCTION_DB UINT64_C(0xc4be000007d1) /* reading, dB: Reduction of the highs at the last frame. */

/* Transient shaper: Raises or lowers what begins and what rings, at any level. */
const mixdsp_class *mixdsp_transient_shaper(void);
#define MIXDSP_TRANSIENT_SHAPER_CONFIG_LOOKAHEAD_MS UINT64_C(0xc4ea000003e9) /* ms, 0 to 10, default 0: How far it looks ahead; this is its latency. */
#define MIXDSP_TRANSIENT_SHAPER_ATTACK_DB           UINT64_C(0xc09600000001) /* dB, -15 to 15, default 0: Change of the level while it rises. */
#define MIXDSP_TRANSIENT_SHAPER_SUSTAIN_DB          UINT64_C(0xc09600000002) /* dB, -15 to 15, default 0: Change of the level while it falls. */
#define MIXDSP_TRANSIENT_SHAPER_ATTACK_MS           UINT64_C(0xc09600000003) /* ms, 2 to 100, default 15: How long attacks last: time constant by which a new level stops being one. */
#define MIXDSP_TRANSIENT_SHAPER_SUSTAIN_MS          UINT64_C(0xc09600000004) /* ms, 50 to 2000, default 300: How long sustain lasts: time constant by which an old level is forgotten. */
#define MIXDSP_TRANSIENT_SHAPER_CHANGE_DB           UINT64_C(0x8905000007d1) /* reading, dB: Change of the level at the last frame. */

/* Leveler: Rides the level of a voice or a programme to a loudness. */
const mixdsp_class *mixdsp_leveler(void);
#define MIXDSP_LEVELER_CONFIG_LOOKAHEAD_MS UINT64_C(0x3ed3000003e9) /* ms, 0 to 2000, default 0: How far it looks ahead, which is its latency: a second for whole programmes, 0 for what is live. */
#define MIXDSP_LEVELER_TARGET_LUFS         UINT64_C(0x69e500000001) /* LUFS, -50 to -6, default -18: Loudness that it rides to. */
#define MIXDSP_LEVELER_MAX_BOOST_DB        UINT64_C(0x69e500000002) /* dB, 0 to 40, default 20: Most gain. */
#define MIXDSP_LEVELER_MAX_CUT_DB          UINT64_C(0x69e500000003) /* dB, 0 to 40, default 20: Most reduction. */
#define MIXDSP_LEVELER_RESPONSE_MS         UINT64_C(0x69e500000004) /* ms, 200 to 2000, default 1000: Time constant of the gain; far from where it should be it is eight times as fast. */
#define MIXDSP_LEVELER_SILENCE_LUFS        UINT64_C(0x69e500000005) /* LUFS, -80 to -20, default -50: Momentary loudness under which it does not listen. */
#define MIXDSP_LEVELER_BRAKE_DB            UINT64_C(0x69e500000006) /* dB, 0 to 40, default 6: Most gain in silence. */
#define MIXDSP_LEVELER_GAIN_DB             UINT64_C(0xc5b9000007d1) /* reading, dB: Gain at the last frame. */
#define MIXDSP_LEVELER_LEVEL_LUFS          UINT64_C(0xc5b9000007d2) /* reading, LUFS: The level that it rides, before its gain. */

/* Saturator: Bends loud sounds by a curve, without audible aliases. */
const mixdsp_class *mixdsp_saturator(void);
#define MIXDSP_SATURATOR_CONFIG_OVERSAMPLING        UINT64_C(0x0ff5000003e9) /* default 4: How much faster than the audio the curve runs. */
#define MIXDSP_SATURATOR_CONFIG_OVERSAMPLING_1      0
#define MIXDSP_SATURATOR_CONFIG_OVERSAMPLING_2      1
#define MIXDSP_SATURATOR_CONFIG_OVERSAMPLING_4      2
#define MIXDSP_SATURATOR_CONFIG_OVERSAMPLING_8      3
#define MIXDSP_SATURATOR_CONFIG_ANTIALIASING        UINT64_C(0x0ff5000003ea) /* default first: What is done against the aliases that oversampling leaves. */
#define MIXDSP_SATURATOR_CONFIG_ANTIALIASING_OFF    0
#define MIXDSP_SATURATOR_CONFIG_ANTIALIASING_FIRST  1
#define MIXDSP_SATURATOR_CONFIG_ANTIALIASING_SECOND 2
#define MIXDSP_SATURATOR_CONFIG_PHASE               UINT64_C(0x0ff5000003eb) /* default linear: The filters of oversampling, which set the latency. */
#define MIXDSP_SATURATOR_CONFIG_PHASE_LINEAR        0
#define MIXDSP_SATURATOR_CONFIG_PHASE_LOW_LATENCY   1
#define MIXDSP_SATURATOR_CONFIG_FOCUS               UINT64_C(0x0ff5000003ec) /* default all: What it changes. */
#define MIXDSP_SATURATOR_CONFIG_FOCUS_ALL           0
#define MIXDSP_SATURATOR_CONFIG_FOCUS_HIGHS         1
#define MIXDSP_SATURATOR_CONFIG_POINTS              UINT64_C(0x0ff5000003ed) /* 0 to 16, default 0: How many points the shape `curve` has. */
#define MIXDSP_SATURATOR_DRIVE_DB                   UINT64_C(0xb07500000001) /* dB, 0 to 36, default 0: Gain before the curve. */
#define MIXDSP_SATURATOR_SHAPE                      UINT64_C(0xb07500000002) /* default soft: The curve. */
#define MIXDSP_SATURATOR_SHAPE_SOFT                 0
#define MIXDSP_SATURATOR_SHAPE_HARD                 1
#define MIXDSP_SATURATOR_SHAPE_CUBIC                2
#define MIXDSP_SATURATOR_SHAPE_TUBE                 3
#define MIXDSP_SATURATOR_SHAPE_TRANSFORMER          4
#define MIXDSP_SATURATOR_SHAPE_TAPE                 5
#define MIXDSP_SATURATOR_SHAPE_CURVE                6
#define MIXDSP_SATURATOR_BIAS                       UINT64_C(0xb07500000003) /* -0.9 to 0.9, default 0: What is added before the curve: its working point, which brings even harmonics. */
#define MIXDSP_SATURATOR_EMPHASIS_DB                UINT64_C(0xb07500000004) /* dB, -24 to 24, default 0: Gain of the high frequencies before the curve, taken back behind it: which frequencies saturate first. */
#define MIXDSP_SATURATOR_EMPHASIS_HZ                UINT64_C(0xb07500000005) /* Hz, 20 to 20000, default 3000: Where the emphasis has half of its decibels. */
#define MIXDSP_SATURATOR_FOCUS_HZ                   UINT64_C(0xb07500000006) /* Hz, 20 to 20000, default 4000: Above this it saturates, where the config's focus is the highs. */
#define MIXDSP_SATURATOR_COMPENSATION               UINT64_C(0xb07500000007) /* 0 off, 1 on, default 1: As loud after as before: the drive is taken back, and what is missing then found by the loudness of the last 3 s, by at most 30 dB. */
#define MIXDSP_SATURATOR_DC_REMOVED                 UINT64_C(0xb07500000008) /* 0 off, 1 on, default 1: Takes out the constant that a curve brings which is not symmetric, below 5 Hz. */
#define MIXDSP_SATURATOR_OUTPUT_DB                  UINT64_C(0xb07500000009) /* dB, -24 to 24, default 0: Gain of the output. */
#define MIXDSP_SATURATOR_MIX                        UINT64_C(0xb0750000000a) /* 0 to 1, default 1: Share of the saturated sound; the rest is dry. */
#define MIXDSP_SATURATOR_TAPE_BIAS                  UINT64_C(0xb0750000000b) /* 0 to 1, default 0.7: How much of a tape's magnetisation follows at once: 1 leaves no hysteresis. */
#define MIXDSP_SATURATOR_HEAD_BUMP_DB               UINT64_C(0xb0750000000c) /* dB, 0 to 6, default 1.5: Gain of the low frequencies that a tape's head raises. */
#define MIXDSP_SATURATOR_HEAD_BUMP_HZ               UINT64_C(0xb0750000000d) /* Hz, 20 to 200, default 70: Where that is: lower for a slower tape. */
#define MIXDSP_SATURATOR_POINTS_INPUT               UINT64_C(0xbada00000001) /* each of the points, -4 to 4, default 0: The driven sample. */
#define MIXDSP_SATURATOR_POINTS_OUTPUT              UINT64_C(0xbada00000002) /* each of the points, -4 to 4, default 0: What comes out for it. */
#define MIXDSP_SATURATOR_COMPENSATION_DB            UINT64_C(0x943e000007d1) /* reading, dB: Gain by which the compensation makes it as loud as before, the drive that it takes back included. */

/* Clipper: Cuts peaks off at a ceiling, without audible aliases. */
const mixdsp_class *mixdsp_clipper(void);
#define MIXDSP_CLIPPER_CONFIG_OVERSAMPLING        UINT64_C(0x860d000003e9) /* default 4: How much faster than the audio the curve runs. */
#define MIXDSP_CLIPPER_CONFIG_OVERSAMPLING_1      0
#define MIXDSP_CLIPPER_CONFIG_OVERSAMPLING_2      1
#define MIXDSP_CLIPPER_CONFIG_OVERSAMPLING_4      2
#define MIXDSP_CLIPPER_CONFIG_OVERSAMPLING_8      3
#define MIXDSP_CLIPPER_CONFIG_ANTIALIASING        UINT64_C(0x860d000003ea) /* default first: What is done against the aliases that oversampling leaves. */
#define MIXDSP_CLIPPER_CONFIG_ANTIALIASING_OFF    0
#define MIXDSP_CLIPPER_CONFIG_ANTIALIASING_FIRST  1
#define MIXDSP_CLIPPER_CONFIG_ANTIALIASING_SECOND 2
#define MIXDSP_CLIPPER_DRIVE_DB                   UINT64_C(0x56c400000001) /* dB, -24 to 24, default 0: Gain before clipping. */
#define MIXDSP_CLIPPER_CEILING_DB                 UINT64_C(0x56c400000002) /* dB, -36 to 0, default -1: What leaves stays under this on every common true-peak meter; it clips 0.22 dB lower. */
#define MIXDSP_CLIPPER_SOFTNESS_DB                UINT64_C(0x56c400000003) /* dB, 0 to 6, default 1: How far below the ceiling the curve begins to bend; 0 clips hard. */
#define MIXDSP_CLIPPER_EMPHASIS_DB                UINT64_C(0x56c400000004) /* dB, -12 to 12, default 0: Gain of the high frequencies before the curve, taken back behind it: which frequencies clip first. */
#define MIXDSP_CLIPPER_EMPHASIS_HZ                UINT64_C(0x56c400000005) /* Hz, 20 to 20000, default 3000: Where the emphasis has half of its decibels. */
#define MIXDSP_CLIPPER_CLIPPED_DB                 UINT64_C(0xd11d000007d1) /* reading, dB: By how much the last frame was clipped, of the channel that was clipped most. 0 or positive. */
#define MIXDSP_CLIPPER_CLIPPED_MAX_DB             UINT64_C(0xd11d000007d2) /* reading, dB: The largest since reset. */
#define MIXDSP_CLIPPER_CLIPPED_SHARE              UINT64_C(0xd11d000007d3) /* reading: Share of the frames since reset that were clipped in some channel. */
#define MIXDSP_CLIPPER_LIMITED_DB                 UINT64_C(0xd11d000007d4) /* reading, dB: By how much the gain behind the curve turned the last frame down. */
#define MIXDSP_CLIPPER_LIMITED_MAX_DB             UINT64_C(0xd11d000007d5) /* reading, dB: The largest since reset. */

/* Limiter: Keeps the output under a ceiling that holds on every common true-peak meter. */
const mixdsp_class *mixdsp_limiter(void);
#define MIXDSP_LIMITER_CONFIG_LOOKAHEAD_MS          UINT64_C(0x7d6b000003e9) /* ms, 0.5 to 20, default 5: How far ahead the gain begins to fall; the strongest cure for distorted bass. */
#define MIXDSP_LIMITER_CONFIG_TRUE_PEAK             UINT64_C(0x7d6b000003ea) /* 0 off, 1 on, default 1: Holds what lies between the samples too; 36 frames of latency. */
#define MIXDSP_LIMITER_CONFIG_HOLD_MS               UINT64_C(0x7d6b000003eb) /* ms, 0 to 50, default 0: How long a reduction is held before it is released. */
#define MIXDSP_LIMITER_CONFIG_LOW_FREQUENCY_HOLD_MS UINT64_C(0x7d6b000003ec) /* ms, 0 to 50, default 13: The same for reduction that low frequencies ask for; 0 for none. */
#define MIXDSP_LIMITER_CONFIG_SEPARATE              UINT64_C(0x7d6b000003ed) /* 0 off, 1 on, default 0: Gives each channel a gain of its own, which `link` ties together. */
#define MIXDSP_LIMITER_CONFIG_VERIFY                UINT64_C(0x7d6b000003ee) /* 0 off, 1 on, default 0: Measures the output by the detector's kernels, for the overshoot readings. */
#define MIXDSP_LIMITER_CONFIG_FAST_LOOKAHEAD_MS     UINT64_C(0x7d6b000003ef) /* ms, 0 to 5, default 0: How much of the look-ahead is for what is deeper than `slow_range_db`; 0 for none. */
#define MIXDSP_LIMITER_CEILING_DB                   UINT64_C(0xa90e00000001) /* dB, -40 to 0, default -1: What the output stays under. */
#define MIXDSP_LIMITER_INPUT_GAIN_DB                UINT64_C(0xa90e00000002) /* dB, -24 to 36, default 0: Gain before the limiter: the drive. */
#define MIXDSP_LIMITER_RELEASE_MS                   UINT64_C(0xa90e00000003) /* ms, 1 to 1000, default 20: Time constant of the release. */
#define MIXDSP_LIMITER_SLOW_RELEASE_MS              UINT64_C(0xa90e00000004) /* ms, 50 to 3000, default 300: Time constant of the average towards which the release is fast, and beyond which it is slow. */
#define MIXDSP_LIMITER_ADAPTIVE                     UINT64_C(0xa90e00000005) /* 0 to 1, default 0.5: How much of the release depends on the average: 0 is one time constant, 1 fast after single peaks and slow after sustained reduction. */
#define MIXDSP_LIMITER_LOW_FREQUENCY_WEIGHT         UINT64_C(0xa90e00000006) /* 0 to 1.5, default 1.15: Weight of the low frequencies in the held path; 0 turns it off, above 1 it reduces by more than the peaks ask for, at most by twice as many decibels. */
#define MIXDSP_LIMITER_LOW_FREQUENCY_HZ             UINT64_C(0xa90e00000007) /* Hz, 100 to 1000, default 400: Below this, frequencies are low. */
#define MIXDSP_LIMITER_LINK                         UINT64_C(0xa90e00000008) /* 0 to 1, default 1: With separate gains: 1 reduces all channels alike, 0 each on its own. */
#define MIXDSP_LIMITER_SLOW_RANGE_DB                UINT64_C(0xa90e00000009) /* dB, 0 to 36, default 6: The most that is released slowly: what is deeper comes back within the fast look-ahead, if there is one. */
#define MIXDSP_LIMITER_GAIN_REDUCTION_DB            UINT64_C(0x28ca000007d1) /* reading, dB: By how much the last frame was reduced; of the channel that was reduced most. 0 or positive. */
#define MIXDSP_LIMITER_GAIN_REDUCTION_MAX_DB        UINT64_C(0x28ca000007d2) /* reading, dB: The largest since reset. */
#define MIXDSP_LIMITER_OVERSHOOTS                   UINT64_C(0x28ca000007d3) /* reading: Intervals of the output over the ceiling by any of the detector's kernels; needs `verify`. */
#define MIXDSP_LIMITER_OVERSHOOT_MAX_DB             UINT64_C(0x28ca000007d4) /* reading, dB: The highest output against the ceiling by any of the meters' kernels, usually negative; needs `verify`. */

/* LoudnessMeter: Measures loudness (BS.1770-5, EBU R 128), loudness range and true peak. */
const mixdsp_class *mixdsp_loudness(void);
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT                     UINT64_C(0x484c000003e9) /* default auto: Where the loudspeakers stand, and so what each channel weighs. */
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_AUTO                0
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_MONO                1
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_DUAL_MONO           2
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_STEREO              3
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_5_0        4
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_5_1        5
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_7_1        6
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_7_1_WAVE   7
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_5_1_4      8
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_7_1_4      9
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_7_1_4_WAVE 10
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_9_1_6      11
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_SURROUND_22_2       12
#define MIXDSP_LOUDNESS_CONFIG_LAYOUT_CUSTOM              13
#define MIXDSP_LOUDNESS_CONFIG_MEASURE_LOUDNESS           UINT64_C(0x484c000003ea) /* 0 off, 1 on, default 1: Momentary and short-term loudness; integrated loudness and range bring them too. */
#define MIXDSP_LOUDNESS_CONFIG_MEASURE_INTEGRATED         UINT64_C(0x484c000003eb) /* 0 off, 1 on, default 1: Integrated loudness. */
#define MIXDSP_LOUDNESS_CONFIG_MEASURE_RANGE              UINT64_C(0x484c000003ec) /* 0 off, 1 on, default 1: Loudness range. */
#define MIXDSP_LOUDNESS_CONFIG_TRUE_PEAK_KERNEL           UINT64_C(0x484c000003ed) /* default fine: True peak, and which kernel looks for it. */
#define MIXDSP_LOUDNESS_CONFIG_TRUE_PEAK_KERNEL_OFF       0
#define MIXDSP_LOUDNESS_CONFIG_TRUE_PEAK_KERNEL_ITU       1
#define MIXDSP_LOUDNESS_CONFIG_TRUE_PEAK_KERNEL_FINE      2
#define MIXDSP_LOUDNESS_CONFIG_MEASURE_STATISTICS         UINT64_C(0x484c000003ee) /* 0 off, 1 on, default 1: Mean, mean square, clipped runs, overs between samples, and peak to short-term loudness. */
#define MIXDSP_LOUDNESS_CONFIG_SPEAKERS                   UINT64_C(0x484c000003ef) /* 0 to 24, default 0: Loudspeakers of a custom layout; as many as there are channels. */
#define MIXDSP_LOUDNESS_PAUSED                            UINT64_C(0xdbf500000001) /* 0 off, 1 on, default 0: Holds everything but momentary and short-term loudness; windows across the pause do not count. */
#define MIXDSP_LOUDNESS_SPEAKERS_AZIMUTH_DEG              UINT64_C(0x399b00000002) /* each of the speakers, °, -180 to 180, default 0: To the left positive: 0 is in front, 110 a left surround. */
#define MIXDSP_LOUDNESS_SPEAKERS_ELEVATION_DEG            UINT64_C(0x399b00000003) /* each of the speakers, °, -90 to 90, default 0: Above ear height positive. */
#define MIXDSP_LOUDNESS_SPEAKERS_LOW_FREQUENCY_EFFECTS    UINT64_C(0x399b00000004) /* each of the speakers, 0 off, 1 on, default 0: Low-frequency effects: does not count. */
#define MIXDSP_LOUDNESS_MOMENTARY                         UINT64_C(0x2d06000007d1) /* reading, LUFS: Loudness of the last 400 ms; silence has none. */
#define MIXDSP_LOUDNESS_SHORT_TERM                        UINT64_C(0x2d06000007d2) /* reading, LUFS: Loudness of the last 3 s; silence has none. */
#define MIXDSP_LOUDNESS_INTEGRATED                        UINT64_C(0x2d06000007d3) /* reading, LUFS: Gated loudness of all that was measured. */
#define MIXDSP_LOUDNESS_RANGE                             UINT64_C(0x2d06000007d4) /* reading, LU: Loudness range: from the 10th to the 95th percentile of the gated short-term loudness. */
#define MIXDSP_LOUDNESS_RANGE_LOW                         UINT64_C(0x2d06000007d5) /* reading, LUFS: The lower of the two. */
#define MIXDSP_LOUDNESS_RANGE_HIGH                        UINT64_C(0x2d06000007d6) /* reading, LUFS: The higher of the two. */
#define MIXDSP_LOUDNESS_MOMENTARY_MAX                     UINT64_C(0x2d06000007d7) /* reading, LUFS: Largest momentary loudness. */
#define MIXDSP_LOUDNESS_SHORT_TERM_MAX                    UINT64_C(0x2d06000007d8) /* reading, LUFS: Largest short-term loudness. */
#define MIXDSP_LOUDNESS_TRUE_PEAK_DB                      UINT64_C(0x2d06000007d9) /* reading, dBTP: Largest true peak of any channel. */
#define MIXDSP_LOUDNESS_SAMPLE_PEAK_DB                    UINT64_C(0x2d06000007da) /* reading, dBFS: Largest sample of any channel. */
#define MIXDSP_LOUDNESS_PLR                               UINT64_C(0x2d06000007db) /* reading, LU: Peak to loudness ratio: true peak less integrated loudness. */
#define MIXDSP_LOUDNESS_PSR                               UINT64_C(0x2d06000007dc) /* reading, LU: Peak to short-term loudness ratio of the last 3 s. */
#define MIXDSP_LOUDNESS_PSR_MIN                           UINT64_C(0x2d06000007dd) /* reading, LU: Its smallest value. */
#define MIXDSP_LOUDNESS_RMS_DB                            UINT64_C(0x2d06000007de) /* reading, dBFS: Root mean square over all channels; a full-scale sine reads -3.01. */
#define MIXDSP_LOUDNESS_CREST_DB                          UINT64_C(0x2d06000007df) /* reading, dB: Sample peak over root mean square. */
#define MIXDSP_LOUDNESS_DC                                UINT64_C(0x2d06000007e0) /* reading: The mean farthest from 0 of any channel, in full scales. */
#define MIXDSP_LOUDNESS_CLIPPED_RUNS                      UINT64_C(0x2d06000007e1) /* reading: Runs of two or more samples at full scale, over all channels. */
#define MIXDSP_LOUDNESS_OVERS                             UINT64_C(0x2d06000007e2) /* reading: Passages between samples over full scale, over all channels. */
#define MIXDSP_LOUDNESS_RELATIVE_GATE                     UINT64_C(0x2d06000007e3) /* reading, LUFS: The relative gate of the integrated loudness. */
#define MIXDSP_LOUDNESS_MEASURED_SECONDS                  UINT64_C(0x2d06000007e4) /* reading, s: How much audio was measured. */
#define MIXDSP_LOUDNESS_CHANNEL_MOMENTARY                 UINT64_C(0x2d0600000835) /* reading, LUFS: Momentary loudness of a channel alone, with its weight. */
#define MIXDSP_LOUDNESS_CHANNEL_SHORT_TERM                UINT64_C(0x2d0600000836) /* reading, LUFS: Short-term loudness of a channel alone, with its weight. */
#define MIXDSP_LOUDNESS_CHANNEL_SHARE                     UINT64_C(0x2d0600000837) /* reading: Share of a channel, 0 to 1, in the weighted energy of all blocks above -70 LUFS. */
#define MIXDSP_LOUDNESS_CHANNEL_TRUE_PEAK_DB              UINT64_C(0x2d0600000838) /* reading, dBTP: True peak of a channel. */
#define MIXDSP_LOUDNESS_CHANNEL_TRUE_PEAK_FRAME           UINT64_C(0x2d0600000839) /* reading, frames: Frame of that peak, or before it. */
#define MIXDSP_LOUDNESS_CHANNEL_SAMPLE_PEAK_DB            UINT64_C(0x2d060000083a) /* reading, dBFS: Largest sample of a channel. */
#define MIXDSP_LOUDNESS_CHANNEL_SAMPLE_PEAK_FRAME         UINT64_C(0x2d060000083b) /* reading, frames: Frame where it first was. */
#define MIXDSP_LOUDNESS_CHANNEL_RMS_DB                    UINT64_C(0x2d060000083c) /* reading, dBFS: Root mean square of a channel. */
#define MIXDSP_LOUDNESS_CHANNEL_DC                        UINT64_C(0x2d060000083d) /* reading: Mean of a channel in full scales. */
#define MIXDSP_LOUDNESS_CHANNEL_CLIPPED_RUNS              UINT64_C(0x2d060000083e) /* reading: Runs of two or more samples at full scale. */
#define MIXDSP_LOUDNESS_CHANNEL_LONGEST_CLIPPED_RUN       UINT64_C(0x2d060000083f) /* reading: Samples of the longest of them. */
#define MIXDSP_LOUDNESS_CHANNEL_FIRST_CLIPPED_RUN         UINT64_C(0x2d0600000840) /* reading, frames: Frame where the first of them began. */
#define MIXDSP_LOUDNESS_CHANNEL_OVERS                     UINT64_C(0x2d0600000841) /* reading: Passages between samples over full scale. */
#define MIXDSP_LOUDNESS_CHANNEL_FIRST_OVER                UINT64_C(0x2d0600000842) /* reading, frames: Frame before the first of them. */

/* LevelMeter: Measures peak and RMS with ballistics and peak hold. */
const mixdsp_class *mixdsp_level_meter(void);
#define MIXDSP_LEVEL_METER_ATTACK_MS            UINT64_C(0x185e00000001) /* ms, 0 to 100, default 0: Time constant with which the peak rises; 0 reads every sample in full. */
#define MIXDSP_LEVEL_METER_FALL_DB_PER_SECOND   UINT64_C(0x185e00000002) /* dB/s, 1 to 1000, default 11.8: How fast the peak falls. */
#define MIXDSP_LEVEL_METER_HOLD_SECONDS         UINT64_C(0x185e00000003) /* s, 0 to 60, default 1: How long the held peak stays before it falls. */
#define MIXDSP_LEVEL_METER_AVERAGE_MS           UINT64_C(0x185e00000004) /* ms, 1 to 10000, default 77: Time constant of the mean square. */
#define MIXDSP_LEVEL_METER_PEAK_DB              UINT64_C(0x12c7000007d1) /* reading, dBFS: Peak of the channel whose peak is highest. */
#define MIXDSP_LEVEL_METER_HELD_PEAK_DB         UINT64_C(0x12c7000007d2) /* reading, dBFS: Held peak of the channel whose held peak is highest. */
#define MIXDSP_LEVEL_METER_PEAK_MAX_DB          UINT64_C(0x12c7000007d3) /* reading, dBFS: Highest peak of any channel since reset. */
#define MIXDSP_LEVEL_METER_RMS_DB               UINT64_C(0x12c7000007d4) /* reading, dBFS: Root mean square of the channel where it is highest; a full-scale sine reads -3.01. */
#define MIXDSP_LEVEL_METER_RMS_MAX_DB           UINT64_C(0x12c7000007d5) /* reading, dBFS: Highest root mean square of any channel since reset. */
#define MIXDSP_LEVEL_METER_CHANNEL_PEAK_DB      UINT64_C(0x12c700000835) /* reading, dBFS: Peak of a channel. */
#define MIXDSP_LEVEL_METER_CHANNEL_HELD_PEAK_DB UINT64_C(0x12c700000836) /* reading, dBFS: Held peak of a channel. */
#define MIXDSP_LEVEL_METER_CHANNEL_PEAK_MAX_DB  UINT64_C(0x12c700000837) /* reading, dBFS: Highest peak of a channel since reset. */
#define MIXDSP_LEVEL_METER_CHANNEL_RMS_DB       UINT64_C(0x12c700000838) /* reading, dBFS: Root mean square of a channel. */
#define MIXDSP_LEVEL_METER_CHANNEL_RMS_MAX_DB   UINT64_C(0x12c700000839) /* reading, dBFS: Highest root mean square of a channel since reset. */

/* CorrelationMeter: Measures how alike left and right are, and which is louder. */
const mixdsp_class *mixdsp_correlation_meter(void);
#define MIXDSP_CORRELATION_METER_AVERAGE_MS      UINT64_C(0x199e00000001) /* ms, 10 to 10000, default 300: Time constant of the averages. */
#define MIXDSP_CORRELATION_METER_CORRELATION     UINT64_C(0xded8000007d1) /* reading: From 1, mono, over 0, unrelated, to -1, where a mono sum cancels. `None` while a channel is under -120 dBFS. */
#define MIXDSP_CORRELATION_METER_CORRELATION_MIN UINT64_C(0xded8000007d2) /* reading: The lowest since reset. */
#define MIXDSP_CORRELATION_METER_BALANCE         UINT64_C(0xded8000007d3) /* reading: From -1, all of the energy on the left, to 1, all on the right. `None` while both are under -120 dBFS. */
#define MIXDSP_CORRELATION_METER_MONO_LOSS_DB    UINT64_C(0xded8000007d4) /* reading, dB: By how much the mono sum is quieter than both channels together: 0 for mono, 3 for unrelated channels, at most 120. `None` while both are under -120 dBFS. */

/* Delay: Repeats what was heard after a time, ever softer. */
const mixdsp_class *mixdsp_delay(void);
#define MIXDSP_DELAY_CONFIG_MAXIMUM_SECONDS     UINT64_C(0xcb01000003e9) /* s, 0.001 to 60, default 2: The longest time that can be set; at least 16 frames are kept. */
#define MIXDSP_DELAY_TIME_MS                    UINT64_C(0xa07f00000001) /* ms, 1 to 60000, default 500: Time to the first echo, and between echoes; at least 16 frames, at most what was built for. */
#define MIXDSP_DELAY_FEEDBACK                   UINT64_C(0xa07f00000002) /* 0 to 0.999, default 0.4: Level of each echo against the one before, as an amplitude factor. */
#define MIXDSP_DELAY_MIX                        UINT64_C(0xa07f00000003) /* 0 to 1, default 0.3: Share of the echoes in the output; the rest is the dry sound. */
#define MIXDSP_DELAY_PING_PONG                  UINT64_C(0xa07f00000004) /* 0 off, 1 on, default 0: Sends the middle of the input to the left and crosses the feedback, so that echoes go left, right, left; with two channels only. */
#define MIXDSP_DELAY_LOW_CUT                    UINT64_C(0xa07f00000005) /* 0 off, 1 on, default 0: Whether each echo loses lows against the one before. */
#define MIXDSP_DELAY_LOW_CUT_HZ                 UINT64_C(0xa07f00000006) /* Hz, 20 to 2000, default 150: Where the low cut begins: -3 dB per echo, 12 dB per octave. */
#define MIXDSP_DELAY_HIGH_CUT                   UINT64_C(0xa07f00000007) /* 0 off, 1 on, default 0: Whether each echo loses highs against the one before. */
#define MIXDSP_DELAY_HIGH_CUT_HZ                UINT64_C(0xa07f00000008) /* Hz, 200 to 20000, default 3500: Where the high cut begins: -3 dB per echo, 12 dB per octave. */
#define MIXDSP_DELAY_SYNC                       UINT64_C(0xa07f00000009) /* default off: A note value that sets the time in place of `time_ms`; one too long for the delay is halved until it fits. */
#define MIXDSP_DELAY_SYNC_OFF                   0
#define MIXDSP_DELAY_SYNC_SIXTY_FOURTH          1
#define MIXDSP_DELAY_SYNC_SIXTY_FOURTH_DOTTED   2
#define MIXDSP_DELAY_SYNC_SIXTY_FOURTH_TRIPLET  3
#define MIXDSP_DELAY_SYNC_THIRTY_SECOND         4
#define MIXDSP_DELAY_SYNC_THIRTY_SECOND_DOTTED  5
#define MIXDSP_DELAY_SYNC_THIRTY_SECOND_TRIPLET 6
#define MIXDSP_DELAY_SYNC_SIXTEENTH             7
#define MIXDSP_DELAY_SYNC_SIXTEENTH_DOTTED      8
#define MIXDSP_DELAY_SYNC_SIXTEENTH_TRIPLET     9
#define MIXDSP_DELAY_SYNC_EIGHTH                10
#define MIXDSP_DELAY_SYNC_EIGHTH_DOTTED         11
#define MIXDSP_DELAY_SYNC_EIGHTH_TRIPLET        12
#define MIXDSP_DELAY_SYNC_QUARTER               13
#define MIXDSP_DELAY_SYNC_QUARTER_DOTTED        14
#define MIXDSP_DELAY_SYNC_QUARTER_TRIPLET       15
#define MIXDSP_DELAY_SYNC_HALF                  16
#define MIXDSP_DELAY_SYNC_HALF_DOTTED           17
#define MIXDSP_DELAY_SYNC_HALF_TRIPLET          18
#define MIXDSP_DELAY_SYNC_WHOLE                 19
#define MIXDSP_DELAY_SYNC_WHOLE_DOTTED          20
#define MIXDSP_DELAY_SYNC_WHOLE_TRIPLET         21
#define MIXDSP_DELAY_TEMPO_BPM                  UINT64_C(0xa07f0000000a) /* bpm, 20 to 400, default 120: Quarter notes per minute, for `sync`. */
#define MIXDSP_DELAY_FREEZE                     UINT64_C(0xa07f0000000b) /* 0 off, 1 on, default 0: Repeats what the delay holds for ever, unchanged, and lets nothing in; the time is held too, as whole frames. */
#define MIXDSP_DELAY_TIME_CHANGE                UINT64_C(0xa07f0000000c) /* default crossfade: How a time that is set is come to. */
#define MIXDSP_DELAY_TIME_CHANGE_CROSSFADE      0
#define MIXDSP_DELAY_TIME_CHANGE_GLIDE          1
#define MIXDSP_DELAY_GLIDE_MS                   UINT64_C(0xa07f0000000d) /* ms, 10 to 5000, default 500: How long a change of the time takes where it glides. */
#define MIXDSP_DELAY_DELAY_MS                   UINT64_C(0x9161000007d1) /* reading, ms: The time of what is heard now: while it glides, when a note value sets it, when it is frozen. */

/* Chorus: Adds copies whose pitch wavers, as when several play the same. */
const mixdsp_class *mixdsp_chorus(void);
#define MIXDSP_CHORUS_RATE_HZ                    UINT64_C(0x189a00000001) /* Hz, 0.01 to 20, default 0.8: How often the pitch wavers. */
#define MIXDSP_CHORUS_DEPTH_MS                   UINT64_C(0x189a00000002) /* ms, 0 to 20, default 2: By how much the delay swings, from its shortest to its longest. */
#define MIXDSP_CHORUS_DELAY_MS                   UINT64_C(0x189a00000003) /* ms, 1 to 50, default 7: The shortest delay. */
#define MIXDSP_CHORUS_VOICES                     UINT64_C(0x189a00000004) /* 1 to 4, default 1: How many copies there are. */
#define MIXDSP_CHORUS_STEREO_DEG                 UINT64_C(0x189a00000005) /* °, 0 to 180, default 90: By how much of its period each channel swings later than the one before. */
#define MIXDSP_CHORUS_MIX                        UINT64_C(0x189a00000006) /* 0 to 1, default 0.5: Share of the copies; the rest is dry. */
#define MIXDSP_CHORUS_PHASE_DEG                  UINT64_C(0x189a00000007) /* °, 0 to 360, default 0: Where in its period the oscillator begins. */
#define MIXDSP_CHORUS_SYNC                       UINT64_C(0x189a00000008) /* default off: A note value that sets the rate in place of `rate_hz`. */
#define MIXDSP_CHORUS_SYNC_OFF                   0
#define MIXDSP_CHORUS_SYNC_SIXTY_FOURTH          1
#define MIXDSP_CHORUS_SYNC_SIXTY_FOURTH_DOTTED   2
#define MIXDSP_CHORUS_SYNC_SIXTY_FOURTH_TRIPLET  3
#define MIXDSP_CHORUS_SYNC_THIRTY_SECOND         4
#define MIXDSP_CHORUS_SYNC_THIRTY_SECOND_DOTTED  5
#define MIXDSP_CHORUS_SYNC_THIRTY_SECOND_TRIPLET 6
#define MIXDSP_CHORUS_SYNC_SIXTEENTH             7
#define MIXDSP_CHORUS_SYNC_SIXTEENTH_DOTTED      8
#define MIXDSP_CHORUS_SYNC_SIXTEENTH_TRIPLET     9
#define MIXDSP_CHORUS_SYNC_EIGHTH                10
#define MIXDSP_CHORUS_SYNC_EIGHTH_DOTTED         11
#define MIXDSP_CHORUS_SYNC_EIGHTH_TRIPLET        12
#define MIXDSP_CHORUS_SYNC_QUARTER               13
#define MIXDSP_CHORUS_SYNC_QUARTER_DOTTED        14
#define MIXDSP_CHORUS_SYNC_QUARTER_TRIPLET       15
#define MIXDSP_CHORUS_SYNC_HALF                  16
#define MIXDSP_CHORUS_SYNC_HALF_DOTTED           17
#define MIXDSP_CHORUS_SYNC_HALF_TRIPLET          18
#define MIXDSP_CHORUS_SYNC_WHOLE                 19
#define MIXDSP_CHORUS_SYNC_WHOLE_DOTTED          20
#define MIXDSP_CHORUS_SYNC_WHOLE_TRIPLET         21
#define MIXDSP_CHORUS_TEMPO_BPM                  UINT64_C(0x189a00000009) /* bpm, 20 to 400, default 120: Quarter notes per minute, for `sync`. */
#define MIXDSP_CHORUS_HOLD                       UINT64_C(0x189a0000000a) /* 0 off, 1 on, default 0: Lets the oscillator stand where it is. */

/* Flanger: Sweeps a comb of notches through a sound, by a short delay against it. */
const mixdsp_class *mixdsp_flanger(void);
#define MIXDSP_FLANGER_CONFIG_THROUGH_ZERO_MS     UINT64_C(0x6a4a000003e9) /* ms, 0 to 10, default 0: How long the dry sound waits so that the delayed one can pass it; this is the latency. */
#define MIXDSP_FLANGER_RATE_HZ                    UINT64_C(0x099400000001) /* Hz, 0.01 to 20, default 0.25: How often the comb sweeps. */
#define MIXDSP_FLANGER_DEPTH_MS                   UINT64_C(0x099400000002) /* ms, 0 to 10, default 3: By how much the delay swings, from its shortest to its longest. */
#define MIXDSP_FLANGER_DELAY_MS                   UINT64_C(0x099400000003) /* ms, 0.1 to 10, default 0.5: The shortest delay; at least 3 frames. */
#define MIXDSP_FLANGER_FEEDBACK                   UINT64_C(0x099400000004) /* -0.95 to 0.95, default 0: What comes back into the line, as an amplitude factor; negative turned round. */
#define MIXDSP_FLANGER_STEREO_DEG                 UINT64_C(0x099400000005) /* °, 0 to 180, default 0: By how much of its period each channel swings later than the one before. */
#define MIXDSP_FLANGER_MIX                        UINT64_C(0x099400000006) /* 0 to 1, default 0.5: Share of the delayed sound; the rest is dry. */
#define MIXDSP_FLANGER_INVERT                     UINT64_C(0x099400000007) /* 0 off, 1 on, default 0: Turns the delayed sound round. */
#define MIXDSP_FLANGER_PHASE_DEG                  UINT64_C(0x099400000008) /* °, 0 to 360, default 0: Where in its period the oscillator begins. */
#define MIXDSP_FLANGER_SYNC                       UINT64_C(0x099400000009) /* default off: A note value that sets the rate in place of `rate_hz`. */
#define MIXDSP_FLANGER_SYNC_OFF                   0
#define MIXDSP_FLANGER_SYNC_SIXTY_FOURTH          1
#define MIXDSP_FLANGER_SYNC_SIXTY_FOURTH_DOTTED   2
#define MIXDSP_FLANGER_SYNC_SIXTY_FOURTH_TRIPLET  3
#define MIXDSP_FLANGER_SYNC_THIRTY_SECOND         4
#define MIXDSP_FLANGER_SYNC_THIRTY_SECOND_DOTTED  5
#define MIXDSP_FLANGER_SYNC_THIRTY_SECOND_TRIPLET 6
#define MIXDSP_FLANGER_SYNC_SIXTEENTH             7
#define MIXDSP_FLANGER_SYNC_SIXTEENTH_DOTTED      8
#define MIXDSP_FLANGER_SYNC_SIXTEENTH_TRIPLET     9
#define MIXDSP_FLANGER_SYNC_EIGHTH                10
#define MIXDSP_FLANGER_SYNC_EIGHTH_DOTTED         11
#define MIXDSP_FLANGER_SYNC_EIGHTH_TRIPLET        12
#define MIXDSP_FLANGER_SYNC_QUARTER               13
#define MIXDSP_FLANGER_SYNC_QUARTER_DOTTED        14
#define MIXDSP_FLANGER_SYNC_QUARTER_TRIPLET       15
#define MIXDSP_FLANGER_SYNC_HALF                  16
#define MIXDSP_FLANGER_SYNC_HALF_DOTTED           17
#define MIXDSP_FLANGER_SYNC_HALF_TRIPLET          18
#define MIXDSP_FLANGER_SYNC_WHOLE                 19
#define MIXDSP_FLANGER_SYNC_WHOLE_DOTTED          20
#define MIXDSP_FLANGER_SYNC_WHOLE_TRIPLET         21
#define MIXDSP_FLANGER_TEMPO_BPM                  UINT64_C(0x09940000000a) /* bpm, 20 to 400, default 120: Quarter notes per minute, for `sync`. */
#define MIXDSP_FLANGER_HOLD                       UINT64_C(0x09940000000b) /* 0 off, 1 on, default 0: Lets the oscillator stand where it is. */

/* Phaser: Sweeps notches through a sound, by all-passes against it. */
const mixdsp_class *mixdsp_phaser(void);
#define MIXDSP_PHASER_CONFIG_STAGES              UINT64_C(0x59db000003e9) /* 2 to 12, default 4: How many all-passes there are; two make a notch. */
#define MIXDSP_PHASER_RATE_HZ                    UINT64_C(0xf17900000001) /* Hz, 0.01 to 20, default 0.5: How often the notches sweep. */
#define MIXDSP_PHASER_FREQUENCY_HZ               UINT64_C(0xf17900000002) /* Hz, 50 to 8000, default 800: The middle of the sweep, where each all-pass turns the phase by 90 degrees. */
#define MIXDSP_PHASER_RANGE_OCTAVES              UINT64_C(0xf17900000003) /* 0 to 6, default 2: From the lowest to the highest, in octaves; near 0.45 of the sample rate the sweep is held back. */
#define MIXDSP_PHASER_FEEDBACK                   UINT64_C(0xf17900000004) /* -0.95 to 0.95, default 0: What comes back, as an amplitude factor; negative turned round. */
#define MIXDSP_PHASER_STEREO_DEG                 UINT64_C(0xf17900000005) /* °, 0 to 180, default 0: By how much of its period each channel sweeps later than the one before. */
#define MIXDSP_PHASER_MIX                        UINT64_C(0xf17900000006) /* 0 to 1, default 0.5: Share of what was turned; the rest is dry. */
#define MIXDSP_PHASER_PHASE_DEG                  UINT64_C(0xf17900000007) /* °, 0 to 360, default 0: Where in its period the oscillator begins. */
#define MIXDSP_PHASER_SYNC                       UINT64_C(0xf17900000008) /* default off: A note value that sets the rate in place of `rate_hz`. */
#define MIXDSP_PHASER_SYNC_OFF                   0
#define MIXDSP_PHASER_SYNC_SIXTY_FOURTH          1
#define MIXDSP_PHASER_SYNC_SIXTY_FOURTH_DOTTED   2
#define MIXDSP_PHASER_SYNC_SIXTY_FOURTH_TRIPLET  3
#define MIXDSP_PHASER_SYNC_THIRTY_SECOND         4
#define MIXDSP_PHASER_SYNC_THIRTY_SECOND_DOTTED  5
#define MIXDSP_PHASER_SYNC_THIRTY_SECOND_TRIPLET 6
#define MIXDSP_PHASER_SYNC_SIXTEENTH             7
#define MIXDSP_PHASER_SYNC_SIXTEENTH_DOTTED      8
#define MIXDSP_PHASER_SYNC_SIXTEENTH_TRIPLET     9
#define MIXDSP_PHASER_SYNC_EIGHTH                10
#define MIXDSP_PHASER_SYNC_EIGHTH_DOTTED         11
#define MIXDSP_PHASER_SYNC_EIGHTH_TRIPLET        12
#define MIXDSP_PHASER_SYNC_QUARTER               13
#define MIXDSP_PHASER_SYNC_QUARTER_DOTTED        14
#define MIXDSP_PHASER_SYNC_QUARTER_TRIPLET       15
#define MIXDSP_PHASER_SYNC_HALF                  16
#define MIXDSP_PHASER_SYNC_HALF_DOTTED           17
#define MIXDSP_PHASER_SYNC_HALF_TRIPLET          18
#define MIXDSP_PHASER_SYNC_WHOLE                 19
#define MIXDSP_PHASER_SYNC_WHOLE_DOTTED          20
#define MIXDSP_PHASER_SYNC_WHOLE_TRIPLET         21
#define MIXDSP_PHASER_TEMPO_BPM                  UINT64_C(0xf17900000009) /* bpm, 20 to 400, default 120: Quarter notes per minute, for `sync`. */
#define MIXDSP_PHASER_HOLD                       UINT64_C(0xf1790000000a) /* 0 off, 1 on, default 0: Lets the oscillator stand where it is. */

/* Tremolo: Lets the level waver, or a sound go from side to side. */
const mixdsp_class *mixdsp_tremolo(void);
#define MIXDSP_TREMOLO_RATE_HZ                    UINT64_C(0x453c00000001) /* Hz, 0.01 to 20, default 5: How often the level wavers. */
#define MIXDSP_TREMOLO_DEPTH                      UINT64_C(0x453c00000002) /* 0 to 1, default 0.5: How deep the level goes: 0.5 is 3 dB, 1 silence. */
#define MIXDSP_TREMOLO_EDGE                       UINT64_C(0x453c00000003) /* 0 to 1, default 0: From a sine to nearly a square. */
#define MIXDSP_TREMOLO_STEREO_DEG                 UINT64_C(0x453c00000004) /* °, 0 to 180, default 0: By how much of its period each channel wavers later than the one before. */
#define MIXDSP_TREMOLO_PHASE_DEG                  UINT64_C(0x453c00000005) /* °, 0 to 360, default 0: Where in its period the oscillator begins. */
#define MIXDSP_TREMOLO_SYNC                       UINT64_C(0x453c00000006) /* default off: A note value that sets the rate in place of `rate_hz`. */
#define MIXDSP_TREMOLO_SYNC_OFF                   0
#define MIXDSP_TREMOLO_SYNC_SIXTY_FOURTH          1
#define MIXDSP_TREMOLO_SYNC_SIXTY_FOURTH_DOTTED   2
#define MIXDSP_TREMOLO_SYNC_SIXTY_FOURTH_TRIPLET  3
#define MIXDSP_TREMOLO_SYNC_THIRTY_SECOND         4
#define MIXDSP_TREMOLO_SYNC_THIRTY_SECOND_DOTTED  5
#define MIXDSP_TREMOLO_SYNC_THIRTY_SECOND_TRIPLET 6
#define MIXDSP_TREMOLO_SYNC_SIXTEENTH             7
#define MIXDSP_TREMOLO_SYNC_SIXTEENTH_DOTTED      8
#define MIXDSP_TREMOLO_SYNC_SIXTEENTH_TRIPLET     9
#define MIXDSP_TREMOLO_SYNC_EIGHTH                10
#define MIXDSP_TREMOLO_SYNC_EIGHTH_DOTTED         11
#define MIXDSP_TREMOLO_SYNC_EIGHTH_TRIPLET        12
#define MIXDSP_TREMOLO_SYNC_QUARTER               13
#define MIXDSP_TREMOLO_SYNC_QUARTER_DOTTED        14
#define MIXDSP_TREMOLO_SYNC_QUARTER_TRIPLET       15
#define MIXDSP_TREMOLO_SYNC_HALF                  16
#define MIXDSP_TREMOLO_SYNC_HALF_DOTTED           17
#define MIXDSP_TREMOLO_SYNC_HALF_TRIPLET          18
#define MIXDSP_TREMOLO_SYNC_WHOLE                 19
#define MIXDSP_TREMOLO_SYNC_WHOLE_DOTTED          20
#define MIXDSP_TREMOLO_SYNC_WHOLE_TRIPLET         21
#define MIXDSP_TREMOLO_TEMPO_BPM                  UINT64_C(0x453c00000007) /* bpm, 20 to 400, default 120: Quarter notes per minute, for `sync`. */
#define MIXDSP_TREMOLO_HOLD                       UINT64_C(0x453c00000008) /* 0 off, 1 on, default 0: Lets the oscillator stand where it is. */

/* Reverb: Adds a room whose decay is what it says at every frequency. */
const mixdsp_class *mixdsp_reverb(void);
#define MIXDSP_REVERB_CONFIG_SIZE         UINT64_C(0xd9ff000003e9) /* 0.2 to 2, default 1: Size of the room: factor of a box of 17 by 12 by 7 m, and of the network's delays of 30 to 190 ms. */
#define MIXDSP_REVERB_CONFIG_PRE_DELAY_MS UINT64_C(0xd9ff000003ea) /* ms, 0 to 500, default 10: Time before the reverb begins. */
#define MIXDSP_REVERB_CONFIG_DISTANCE     UINT64_C(0xd9ff000003eb) /* 0 to 1, default 0.5: How far away the sound stands in the room: 0 near, its reflections late and apart; 1 far, they come close behind it. */
#define MIXDSP_REVERB_DECAY_SECONDS       UINT64_C(0xd4cb00000001) /* s, 0.1 to 30, default 1.8: Time in which the middle frequencies lose 60 dB. */
#define MIXDSP_REVERB_BASS_RATIO          UINT64_C(0xd4cb00000002) /* 0.25 to 4, default 1.1: Decay of the bass as a factor of the middle's. */
#define MIXDSP_REVERB_TREBLE_RATIO        UINT64_C(0xd4cb00000003) /* 0.1 to 2, default 0.5: Decay of the treble as a factor of the middle's. */
#define MIXDSP_REVERB_BASS_HZ             UINT64_C(0xd4cb00000004) /* Hz, 40 to 1000, default 250: Frequency below which the bass ratio holds. */
#define MIXDSP_REVERB_TREBLE_HZ           UINT64_C(0xd4cb00000005) /* Hz, 1000 to 16000, default 4000: Frequency above which the treble ratio holds. */
#define MIXDSP_REVERB_MIX                 UINT64_C(0xd4cb00000006) /* 0 to 1, default 0.3: Level of the reverb, of which 1 is as loud as steady noise that comes in; the dry sound gives way, so that a mix is as loud as the dry sound, or up to 1 dB softer. */
#define MIXDSP_REVERB_WIDTH               UINT64_C(0xd4cb00000007) /* 0 to 1, default 1: Width of the reverb: 0 is mono, 1 is two channels that have nothing in common. */
#define MIXDSP_REVERB_MODULATION          UINT64_C(0xd4cb00000008) /* 0 to 1, default 0.15: How far the reads of the modulated lines move. */
#define MIXDSP_REVERB_FREEZE              UINT64_C(0xd4cb00000009) /* 0 off, 1 on, default 0: Holds what sounds for ever and lets nothing new in. */
#define MIXDSP_REVERB_EARLY               UINT64_C(0xd4cb0000000a) /* 0 to 1, default 0.5: How much of the sound before the late reverb are single reflections of walls; the rest is diffuse. */

/* Pan: Places a mono sound between left and right, or balances a stereo one. */
const mixdsp_class *mixdsp_pan(void);
#define MIXDSP_PAN_PAN                UINT64_C(0x478400000001) /* -1 to 1, default 0: From -1, left, over 0, centre, to 1, right. */
#define MIXDSP_PAN_LAW                UINT64_C(0x478400000002) /* default constant_power: How far each side falls in the centre. */
#define MIXDSP_PAN_LAW_CONSTANT_POWER 0
#define MIXDSP_PAN_LAW_COMPROMISE     1
#define MIXDSP_PAN_LAW_CONSTANT_SUM   2
#define MIXDSP_PAN_LAW_LINEAR         3
#define MIXDSP_PAN_LAW_CENTRE         4
#define MIXDSP_PAN_CENTRE_DB          UINT64_C(0x478400000003) /* dB, -12 to -1, default -3: Level of each side in the centre, where the law is `centre`. */

/* Dual pan: Places the left and the right of a stereo sound, each by itself. */
const mixdsp_class *mixdsp_dual_pan(void);
#define MIXDSP_DUAL_PAN_LEFT_PAN           UINT64_C(0xfc4100000001) /* -1 to 1, default -1: Where the left channel stands, from -1, left, to 1, right. */
#define MIXDSP_DUAL_PAN_RIGHT_PAN          UINT64_C(0xfc4100000002) /* -1 to 1, default 1: Where the right channel stands, from -1, left, to 1, right. */
#define MIXDSP_DUAL_PAN_LAW                UINT64_C(0xfc4100000003) /* default constant_power: How far each side falls in the centre. */
#define MIXDSP_DUAL_PAN_LAW_CONSTANT_POWER 0
#define MIXDSP_DUAL_PAN_LAW_COMPROMISE     1
#define MIXDSP_DUAL_PAN_LAW_CONSTANT_SUM   2
#define MIXDSP_DUAL_PAN_LAW_LINEAR         3
#define MIXDSP_DUAL_PAN_LAW_CENTRE         4
#define MIXDSP_DUAL_PAN_CENTRE_DB          UINT64_C(0xfc4100000004) /* dB, -12 to -1, default -3: Level of each side in the centre, where the law is `centre`. */

/* Rotation: Turns the stereo field, and keeps its power. */
const mixdsp_class *mixdsp_rotation(void);
#define MIXDSP_ROTATION_ANGLE_DEG UINT64_C(0xdf0900000001) /* °, -90 to 90, default 0: To the right positive: 45 brings what stands in the centre to the right. */

/* Width: Makes a stereo sound narrower or wider. */
const mixdsp_class *mixdsp_width(void);
#define MIXDSP_WIDTH_WIDTH UINT64_C(0xa87400000001) /* 0 to 2, default 1: Factor of the side: 0 is mono, 1 leaves the sound as it is. */

/* Imager: Makes a stereo sound mono below a frequency, and narrower or wider by band above. */
const mixdsp_class *mixdsp_imager(void);
#define MIXDSP_IMAGER_CONFIG_BANDS  UINT64_C(0x6bbe000003e9) /* 0 to 4, default 0: How many bands have a width of their own, each from its frequency on. */
#define MIXDSP_IMAGER_MONO_BELOW_HZ UINT64_C(0xb98600000001) /* Hz, 20 to 1000, default 120: Where the lows end, whose width is `low_width`: 6 dB down, 48 dB per octave. */
#define MIXDSP_IMAGER_LOW_WIDTH     UINT64_C(0xb98600000002) /* 0 to 2, default 0: Factor of the side in the lows: 0 is mono. */
#define MIXDSP_IMAGER_WIDTH         UINT64_C(0xb98600000003) /* 0 to 2, default 1: Factor of the side above the lows, up to the first band: 0 is mono, 1 leaves the sound as it is. */
#define MIXDSP_IMAGER_BANDS_FROM_HZ UINT64_C(0x15a100000001) /* each of the bands, Hz, 20 to 20000, default 2000: Where the band begins; it goes up to the next one's beginning. */
#define MIXDSP_IMAGER_BANDS_WIDTH   UINT64_C(0x15a100000002) /* each of the bands, 0 to 2, default 1: Factor of the side in the band: 0 is mono, 1 leaves the sound as it is. */

/* Haas: Puts a sound on one side by delaying the other. */
const mixdsp_class *mixdsp_haas(void);
#define MIXDSP_HAAS_DELAY_MS     UINT64_C(0xce7c00000001) /* ms, 1 to 35, default 12: By how much the other side comes later, to the nearest frame; at least 16 frames. */
#define MIXDSP_HAAS_LEVEL_DB     UINT64_C(0xce7c00000002) /* dB, -24 to 0, default -3: Level of the side that comes later. */
#define MIXDSP_HAAS_SIDE         UINT64_C(0xce7c00000003) /* default left: Where the sound is heard: the side that leads. */
#define MIXDSP_HAAS_SIDE_LEFT    0
#define MIXDSP_HAAS_SIDE_RIGHT   1
#define MIXDSP_HAAS_COMB_LOSS_DB UINT64_C(0x2587000007d1) /* reading, dB: By how much the mono sum of what left and right have alike is lower at the comb's bottoms than at its tops, at most 120. */
#define MIXDSP_HAAS_MONO_LOSS_DB UINT64_C(0x2587000007d2) /* reading, dB: By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for mono, 3 for unrelated channels. */

/* Decorrelator: Makes the middle of a sound wide, without a trace of it in mono. */
const mixdsp_class *mixdsp_decorrelator(void);
#define MIXDSP_DECORRELATOR_AMOUNT       UINT64_C(0x926900000001) /* 0 to 1, default 0.85: Side against mid of what left and right had alike: 1 makes them unrelated, 0 leaves them. */
#define MIXDSP_DECORRELATOR_FROM_HZ      UINT64_C(0x926900000002) /* Hz, 50 to 2000, default 250: Above which the sound is made wide: 3 dB down, 6 dB per octave. */
#define MIXDSP_DECORRELATOR_MONO_LOSS_DB UINT64_C(0xf80d000007d1) /* reading, dB: By how much the mono sum of the present sound is quieter than both channels together, averaged over 300 ms: 0 for mono, 3 for unrelated channels. */

/* Crossfeed: Lets each ear hear some of the other side's lows, for headphones. */
const mixdsp_class *mixdsp_crossfeed(void);
#define MIXDSP_CROSSFEED_FREQUENCY_HZ UINT64_C(0x530700000001) /* Hz, 300 to 2000, default 700: Below which the sides are mixed. */
#define MIXDSP_CROSSFEED_FEED_DB      UINT64_C(0x530700000002) /* dB, 1 to 15, default 4.5: How far the other side is below the own one at the lowest frequencies: the less, the narrower. */

/* Vbap: Places a sound among the loudspeakers of a surround layout. */
const mixdsp_class *mixdsp_vbap(void);
#define MIXDSP_VBAP_CONFIG_LAYOUT                UINT64_C(0x20ce000003e9) /* default surround_5_1: Which loudspeakers there are; as many channels come out. */
#define MIXDSP_VBAP_CONFIG_LAYOUT_SURROUND_5_1   0
#define MIXDSP_VBAP_CONFIG_LAYOUT_SURROUND_7_1   1
#define MIXDSP_VBAP_CONFIG_LAYOUT_SURROUND_5_1_4 2
#define MIXDSP_VBAP_CONFIG_LAYOUT_SURROUND_7_1_4 3
#define MIXDSP_VBAP_AZIMUTH_DEG                  UINT64_C(0x157c00000001) /* °, -180 to 180, default 0: To the left positive: 0 is in front, 110 a left surround. */
#define MIXDSP_VBAP_ELEVATION_DEG                UINT64_C(0x157c00000002) /* °, -90 to 90, default 0: Above ear height positive; what is below it is placed at ear height. */
#define MIXDSP_VBAP_SPREAD_DEG                   UINT64_C(0x157c00000003) /* °, 0 to 180, default 0: The angle of the cone that the sound comes from. */

/* Fold-down: Folds a surround mix down to stereo, mono or 5.1. */
const mixdsp_class *mixdsp_fold_down(void);
#define MIXDSP_FOLD_DOWN_CONFIG_TO              UINT64_C(0x054b000003e9) /* default stereo: What comes out. */
#define MIXDSP_FOLD_DOWN_CONFIG_TO_STEREO       0
#define MIXDSP_FOLD_DOWN_CONFIG_TO_MONO         1
#define MIXDSP_FOLD_DOWN_CONFIG_TO_SURROUND_5_1 2
#define MIXDSP_FOLD_DOWN_CENTRE_DB              UINT64_C(0x60fc00000001) /* dB, -60 to 10, default -3.0103: Level of the centre in left and right. */
#define MIXDSP_FOLD_DOWN_SURROUND_DB            UINT64_C(0x60fc00000002) /* dB, -60 to 10, default -3.0103: Level of the surrounds in left and right. */
#define MIXDSP_FOLD_DOWN_LFE_DB                 UINT64_C(0x60fc00000003) /* dB, -60 to 10, default -60: Level of the low-frequency effects in left and right; cinemas play them 10 dB louder. */
#define MIXDSP_FOLD_DOWN_BACK_DB                UINT64_C(0x60fc00000004) /* dB, -60 to 10, default -3.0103: Level of the backs of 7.1 in the surrounds. */
#define MIXDSP_FOLD_DOWN_HEIGHT_DB              UINT64_C(0x60fc00000005) /* dB, -60 to 10, default -3.0103: Level of the heights in what they stand above. */
#define MIXDSP_FOLD_DOWN_NORMALISE              UINT64_C(0x60fc00000006) /* 0 off, 1 on, default 1: Turns everything down until no output can be louder than its inputs all together at full scale. */

/* Mid-side matrix: Turns left and right into mid and side, or back. */
const mixdsp_class *mixdsp_mid_side(void);
#define MIXDSP_MID_SIDE_DIRECTION        UINT64_C(0x28a900000001) /* default encode: Which way. */
#define MIXDSP_MID_SIDE_DIRECTION_ENCODE 0
#define MIXDSP_MID_SIDE_DIRECTION_DECODE 1

/* Align: Makes a path wait by whole frames, so that it meets a slower one. */
const mixdsp_class *mixdsp_align(void);
#define MIXDSP_ALIGN_CONFIG_FRAMES UINT64_C(0x22f0000003e9) /* frames, 0 to 1000000, default 0: How long the path waits. */

/* Dither: Quantises to the bits of a delivery with triangular noise, plain or shaped. */
const mixdsp_class *mixdsp_dither(void);
#define MIXDSP_DITHER_CONFIG_BITS            UINT64_C(0xef84000003e9) /* bit, 8 to 24, default 16: Bits of the delivery. */
#define MIXDSP_DITHER_CONFIG_SEED            UINT64_C(0xef84000003ea) /* 0 to 65535, default 0: Which of the possible noises. */
#define MIXDSP_DITHER_CONFIG_NOISE           UINT64_C(0xef84000003eb) /* default white: What the noise is like. */
#define MIXDSP_DITHER_CONFIG_NOISE_WHITE     0
#define MIXDSP_DITHER_CONFIG_NOISE_HIGH_PASS 1
#define MIXDSP_DITHER_CONFIG_NOISE_SHAPED    2

#endif
