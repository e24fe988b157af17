/* mixdsp.h: the signal processing of mixing and mastering, for C99 and later and C++11 and later.

   A *class* is a kind of processor (mixdsp_gain(), mixdsp_equalizer() ...: mixdsp_params.h lists them with
   their ids). A *unit* is one processor at work, in memory that the caller gives: the library allocates
   nothing, ever, and needs no other library. Audio is any number of frames; the output bits do not depend
   on how the audio is cut into blocks. Levels: 1.0 is full scale.

   Threads. Calls marked [any] may come from any thread at any time, also while another thread is inside the
   unit; they wait for nobody. Calls marked [owner] belong to one thread at a time, the one that processes;
   a second thread gets MIXDSP_EBUSY. Both kinds never allocate, lock, make a system call or loop without
   bound. Calls marked [set-up] come before and after: nothing else may use the unit meanwhile.

   Errors. A call that is refused says why and changes nothing. NULL, wrong sizes, misaligned or zeroed
   memory and unknown ids are refused; functions that return a count then return 0, those that return text
   or a class NULL. Text is UTF-8 and static. */
#ifndef MIXDSP_H
#define MIXDSP_H
#include <stddef.h>
#include <stdint.h>

#define MIXDSP_ABI 2u /* changes when compiled programs would break; also the number in the soname */

#ifdef __cplusplus
extern "C" {
#endif

typedef struct mixdsp_unit  mixdsp_unit;
typedef struct mixdsp_class mixdsp_class;

typedef int32_t mixdsp_status; /* 0 or an error; numbers are never used again for something else */
#define MIXDSP_OK       0
#define MIXDSP_EARG   (-1)  /* an argument is NULL, misaligned, too large, or overlaps another */
#define MIXDSP_EMEM   (-2)  /* too little memory */
#define MIXDSP_ERATE  (-3)  /* sample rate outside 8000 to 384000 Hz */
#define MIXDSP_ECHAN  (-4)  /* the processor does not take this number of channels */
#define MIXDSP_EABI   (-5)  /* a struct's size is not the one this library knows */
#define MIXDSP_ENONE  (-6)  /* no reading yet */
#define MIXDSP_EID    (-7)  /* no such parameter, config value or reading */
#define MIXDSP_ERANGE (-8)  /* a value outside its range, or not a number */
#define MIXDSP_ETYPE  (-9)  /* no such sample type, or not the unit's */
#define MIXDSP_EUNIT  (-10) /* this memory holds no unit: never initialised, failed, copied or moved */
#define MIXDSP_EBUSY  (-11) /* another thread is inside the unit, or sets this parameter right now */
#define MIXDSP_EGLIDE (-12) /* a switch or a choice cannot glide */
#define MIXDSP_EKIND  (-13) /* the unit is of another class than the function is for */
#define MIXDSP_EMISMATCH (-14) /* measurements of different rates, channels or contents cannot be added */
#define MIXDSP_EDATA  (-15) /* bytes that are damaged, or not what mixdsp_loudness_write wrote */

enum { MIXDSP_F32 = 0, MIXDSP_F64 = 1, MIXDSP_I16 = 2, MIXDSP_I32 = 3 }; /* sample types */
enum { MIXDSP_BASELINE = 1, /* flag: only the vector instructions every processor of this kind has, for the
                               same bits on other machines; otherwise the best that are found here */
       MIXDSP_SHARED = 2 }; /* flag: readings are [any]; blocks leave them where all can see every 20 ms */

typedef struct mixdsp_setting { /* a value for a config row or a parameter */
  uint64_t id;                  /* MIXDSP_GAIN_GAIN_DB, MIXDSP_EQUALIZER_CONFIG_BANDS ... */
  double   value;
} mixdsp_setting;

typedef struct mixdsp_spec {    /* what a unit is built for */
  uint32_t size;                /* sizeof(mixdsp_spec) */
  uint32_t sample_type;         /* MIXDSP_F32 or MIXDSP_F64 */
  uint32_t flags;               /* 0, or MIXDSP_BASELINE | MIXDSP_SHARED */
  uint32_t setting_count;
  uint16_t inputs, outputs;     /* channels, 1 to 24 each */
  uint16_t sidechain;           /* channels that dynamics listen to in place of the input, 0 to 24 */
  uint16_t reserved;
  double   sample_rate;         /* hertz, 8000 to 384000 */
  const mixdsp_setting *settings; /* config and first values of parameters; the rest are defaults */
} mixdsp_spec;

/* A spec as initialiser: float, as many channels out as in, defaults. */
#define MIXDSP_SPEC(rate, channels) \
  { sizeof(mixdsp_spec), MIXDSP_F32, 0, 0, (uint16_t)(channels), (uint16_t)(channels), 0, 0, (double)(rate), NULL }

/* The id of a group's row in item `item`, from 0: a band of an equalizer, a tap of a delay. An item that is too
   large, however large, gives an id that the processor does not have. `item` is evaluated twice. */
#define MIXDSP_AT(id, item) \
  ((uint64_t)(id) + (((uint64_t)(item) > 65535u ? UINT64_C(65536) : (uint64_t)(item)) << 16))

#include "mixdsp_params.h"

/* --- set-up ----------------------------------------------------------------------------------------- */

uint32_t    mixdsp_abi(void);     /* [any] compare with MIXDSP_ABI */
const char *mixdsp_version(void); /* [any] compare with MIXDSP_VERSION */
const char *mixdsp_simd(void);    /* [any] the best vector instructions found here: AVX2, SSE2, NEON, scalar */
const char *mixdsp_status_text(mixdsp_status status); /* [any] a sentence */

/* [any] Bytes of memory that a unit needs; 0 when the spec is refused (mixdsp_init says why). */
size_t mixdsp_bytes(const mixdsp_class *kind, const mixdsp_spec *spec);

/* [set-up] Builds a unit in `memory`: mixdsp_bytes() bytes or more, aligned to 8, as from malloc or a static
   array of uint64_t. *unit becomes `memory`, or NULL on an error. The unit stays where it is (a copy is no
   unit), and holds nothing else: its memory may be freed or reused when no call is inside. */
mixdsp_status mixdsp_init(const mixdsp_class *kind, const mixdsp_spec *spec, void *memory, size_t bytes,
                          mixdsp_unit **unit);

/* --- audio ------------------------------------------------------------------------------------------ */

/* [owner] Processes `frames` frames, any number, 0 too. in: one pointer per input. out: one per output;
   out[c] may be in[c], and overlaps nothing else; NULL when only readings matter. sidechain: one pointer per
   sidechain channel, or NULL: then dynamics listen to their input. A sample that is not finite reads as 0, one
   beyond +-1e9 as +-1e9; the output is always finite. MIXDSP_ETYPE on a unit of the other sample type. */
mixdsp_status mixdsp_process(mixdsp_unit *unit, const float *const *in, const float *const *sidechain,
                             float *const *out, uint32_t frames);
mixdsp_status mixdsp_process_f64(mixdsp_unit *unit, const double *const *in, const double *const *sidechain,
                                 double *const *out, uint32_t frames);

/* [owner] The same for frames one after the other (left, right, left, right), without a sidechain. out may be in
   where there are as many outputs as inputs; otherwise they do not overlap. */
mixdsp_status mixdsp_process_interleaved(mixdsp_unit *unit, const float *in, float *out, uint32_t frames);

/* [owner] Lets a unit of either type hear interleaved samples, and drops its output: for meters. format:
   MIXDSP_F32, MIXDSP_F64, or MIXDSP_I16, MIXDSP_I32, whose lowest value is -1.0. */
mixdsp_status mixdsp_feed(mixdsp_unit *unit, const void *samples, uint32_t format, uint32_t frames);

/* [owner] Clears audio state and ends every ramp and glide where it was going; parameters stay. After set
   and reset a unit begins with the new values, as if it had been built with them. */
mixdsp_status mixdsp_reset(mixdsp_unit *unit);

/* [any] Frames by which the output is late. Fixed when built. */
uint64_t mixdsp_latency(const mixdsp_unit *unit);

/* [owner] Frames after the end of the input until the output stays under -120 dB of what full scale makes of
   it: an upper bound at the present parameters. UINT64_MAX when it never ends. */
uint64_t mixdsp_tail(mixdsp_unit *unit);

/* [owner] What a filter makes of a steady sine of frequency_hz, 0 to half the rate, as a complex factor. at:
   MIXDSP_SETTLED or MIXDSP_NOW. MIXDSP_ENONE when the processor is no filter. To draw a curve while another
   thread processes, ask a second unit with the same settings (mixdsp_save). */
enum { MIXDSP_SETTLED = 0, MIXDSP_NOW = 1 }; /* once everything has come to rest; at the next frame */
mixdsp_status mixdsp_response(mixdsp_unit *unit, double frequency_hz, uint32_t at, double *real,
                              double *imaginary);

/* [owner] The static curve of dynamics: the level in decibels that leaves for a steady level that comes in, once
   everything has come to rest. MIXDSP_ENONE when the processor's gain does not follow the level. */
mixdsp_status mixdsp_static_curve_db(mixdsp_unit *unit, double level_db, double *out_db);

/* [any] Samples of input and sidechain so far that were replaced: not finite, or beyond +-1e9. */
uint64_t mixdsp_sanitized_samples(const mixdsp_unit *unit);

/* --- parameters ------------------------------------------------------------------------------------- */

/* [any] Sets a parameter; it moves there silently in about 20 ms from the next block on. Units and ranges
   stand in mixdsp_params.h; a value outside is MIXDSP_ERANGE, an id of another processor MIXDSP_EID. Between two
   blocks the last value of each parameter counts, and they are taken in the order of mixdsp_save. MIXDSP_EBUSY:
   two threads set the same parameter at the same instant. */
mixdsp_status mixdsp_set(mixdsp_unit *unit, uint64_t id, double value);

/* [any] Lets a parameter follow a straight line that reaches `target` after `frames` frames of the next
   blocks, without ramp or lag. For automation. MIXDSP_EGLIDE for switches, choices and whole numbers. */
mixdsp_status mixdsp_glide(mixdsp_unit *unit, uint64_t id, double target, uint32_t frames);

/* [any] A parameter (as set; in a glide, where it was after the last block) or a config value.
   [owner], or [any] with MIXDSP_SHARED: a reading, of a channel by MIXDSP_AT(id, channel) where it exists per
   channel; MIXDSP_ENONE when there is none (yet). */
mixdsp_status mixdsp_get(const mixdsp_unit *unit, uint64_t id, double *value);

/* [any] Writes config and all parameters (glides: where they go) when `capacity` holds them; returns how
   many there are. They build the same unit again as a spec's settings: ids never change their meaning. */
uint32_t mixdsp_save(const mixdsp_unit *unit, mixdsp_setting *settings, uint32_t capacity);

/* [any] Sets every parameter, or none when one is refused. MIXDSP_ERANGE: also when a config value differs
   from the unit's, which needs a new unit. MIXDSP_EBUSY: some parameters were set, call again. */
mixdsp_status mixdsp_load(mixdsp_unit *unit, const mixdsp_setting *settings, uint32_t count);

/* --- loudness meter ---------------------------------------------------------------------------------
   A mixdsp_loudness() unit hears by mixdsp_process (which leaves the audio as it is) or mixdsp_feed, and
   reports by mixdsp_get: MIXDSP_LOUDNESS_INTEGRATED and so on. Its layout and what
   it measures are config, MIXDSP_LOUDNESS_PAUSED pauses it, mixdsp_reset clears it. Beside that: [owner] */

/* What one channel has measured. Levels are NaN and frames UINT64_MAX where there is nothing (yet); frames
   count from the beginning of the measurement. */
typedef struct mixdsp_channel {
  uint32_t size;                      /* sizeof(mixdsp_channel), set before the call */
  uint32_t reserved;
  double momentary, short_term;       /* LUFS, as if it were the only channel, with its weight */
  double share;                       /* of the energy of all channels, 0 to 1 */
  double true_peak_db, sample_peak_db, rms_db; /* dBTP, dBFS, dBFS */
  double dc;                          /* mean, in full scales */
  uint64_t true_peak_frame, sample_peak_frame;
  uint64_t clipped_runs, longest_clipped_run, first_clipped_run; /* runs; samples; frame */
  uint64_t overs, first_over;         /* passages over full scale between samples; frame */
} mixdsp_channel;
mixdsp_status mixdsp_loudness_channel(const mixdsp_unit *unit, uint32_t channel, mixdsp_channel *measures);

/* Hears interleaved samples without measuring them: the 3 s before the part that is to be measured, so that
   the part measures as it does within the whole. */
mixdsp_status mixdsp_loudness_seed(mixdsp_unit *unit, const void *samples, uint32_t format, uint32_t frames);

/* Looks at the last samples as if silence followed. At the end of a file, before true peak is read. */
mixdsp_status mixdsp_loudness_finish(mixdsp_unit *unit);

/* Starts a new measurement on running audio: momentary and short-term loudness go on. */
mixdsp_status mixdsp_loudness_restart(mixdsp_unit *unit);

/* Adds what another meter measured, as if its audio had come after this one's: for albums. It may have another
   rate, and fewer channels. Owns both. */
mixdsp_status mixdsp_loudness_merge(mixdsp_unit *unit, mixdsp_unit *other);

/* Writes the measurement when `capacity` bytes hold it; returns how many it takes. Any later version reads
   it: mixdsp_loudness_read adds it as mixdsp_loudness_merge does. */
size_t mixdsp_loudness_write(mixdsp_unit *unit, uint8_t *bytes, size_t capacity);
mixdsp_status mixdsp_loudness_read(mixdsp_unit *unit, const uint8_t *bytes, size_t count);

/* --- description, for hosts, bindings and presets [any] --------------------------------------------- */

enum { MIXDSP_PARAM = 0, MIXDSP_CONFIG = 1, MIXDSP_READING = 2 }; /* roles: changes any time; fixed when
                                                                     built; is reported */
enum { MIXDSP_LINEAR = 0, MIXDSP_LOGARITHMIC = 1, /* scalings: evenly; by ratio */
       MIXDSP_FREQUENCY = 2,                      /* by ratio, and below 0.499 of the sample rate */
       MIXDSP_WHOLE = 3, MIXDSP_SWITCH = 4,       /* whole numbers; 0 off, 1 on */
       MIXDSP_CHOICE = 5 };                       /* 0 to choice_count - 1: mixdsp_choice_text */

typedef struct mixdsp_param { /* one row */
  uint32_t size;              /* sizeof(mixdsp_param), set before the call */
  uint32_t role;
  uint64_t id;                /* in a group, of the first item */
  uint64_t count_id;          /* in a group, the config row that says how many items there are; else 0 */
  uint32_t scaling, choice_count;
  const char *key, *name;     /* "gain_db" for code and presets, "Gain" for people */
  const char *unit, *doc;     /* "dB", "" for bare numbers; one sentence */
  const char *group;          /* "bands" for rows that repeat, otherwise NULL */
  double minimum, maximum, initial; /* infinite and NaN for readings */
} mixdsp_param;

const mixdsp_class *mixdsp_class_at(uint32_t index); /* every class from 0 on, then NULL; links them all */
const mixdsp_class *mixdsp_class_of(const mixdsp_unit *unit);
const char *mixdsp_class_key(const mixdsp_class *kind);  /* "equalizer" */
const char *mixdsp_class_name(const mixdsp_class *kind); /* "Equalizer" */
const char *mixdsp_class_doc(const mixdsp_class *kind);  /* one sentence */
uint32_t mixdsp_param_count(const mixdsp_class *kind);   /* rows: config, parameters, groups, readings */
mixdsp_status mixdsp_param_at(const mixdsp_class *kind, uint32_t index, mixdsp_param *param);
const char *mixdsp_choice_text(const mixdsp_class *kind, uint64_t id, uint32_t choice);
/* The id of "mix", "bands[3].gain_db" or "config.bands"; 0 when there is none. */
uint64_t mixdsp_find(const mixdsp_class *kind, const char *key);

#ifdef __cplusplus
}
#endif

/* --- units on the heap: inline, so that malloc and free are the program's own ----------------------- */

#ifndef MIXDSP_NO_HEAP
#include <stdlib.h>

/* [set-up] Builds a unit in memory from malloc. *unit is NULL on an error. */
static inline mixdsp_status mixdsp_new(const mixdsp_class *kind, const mixdsp_spec *spec, mixdsp_unit **unit) {
  size_t bytes = mixdsp_bytes(kind, spec);
  void *memory = bytes != 0 ? malloc(bytes) : NULL;
  mixdsp_status status = mixdsp_init(kind, spec, memory, bytes, unit);
  if (status != MIXDSP_OK) free(memory);
  return status;
}

/* [set-up] Ends a unit from mixdsp_new; NULL is fine. */
static inline void mixdsp_free(mixdsp_unit *unit) { free(unit); }
#endif
#endif
