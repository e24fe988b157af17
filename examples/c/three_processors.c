/* A short mix through the processors of the library, in static memory: no malloc anywhere.

   A loud 100 Hz tone with a 5 kHz tone on top goes through a gain, an equalizer, and a gain that fades out
   by automation. The program measures both tones at every step, says what it found, and returns 1 when a
   level is not the one that was asked for.

   cc -std=c99 three_processors.c $(pkg-config --cflags --libs mixdsp) -lm && ./a.out */
#include <math.h>
#include <mixdsp.h>
#include <stdio.h>

#define RATE 48000.0
#define FRAMES 512   /* of one block; any number will do, and it may change */
#define BLOCKS 94    /* about a second */
#define WORDS 2048   /* 8 bytes each, per unit; mixdsp_bytes tells what is needed */

static uint64_t gain_memory[WORDS], equalizer_memory[WORDS], fader_memory[WORDS];
static float left[FRAMES], right[FRAMES];
static int failures;

/* Stops counting on any status but OK. */
static void expect(mixdsp_status status, const char *what) {
  if (status != MIXDSP_OK) {
    printf("  %s: %s\n", what, mixdsp_status_text(status));
    failures++;
  }
}

static mixdsp_unit *make(const mixdsp_class *kind, const mixdsp_spec *spec, void *memory) {
  mixdsp_unit *unit = NULL;
  expect(mixdsp_init(kind, spec, memory, WORDS * 8, &unit), mixdsp_class_key(kind));
  printf("  %-10s %5lu bytes, %u frames late\n", mixdsp_class_name(kind), (unsigned long)mixdsp_bytes(kind, spec),
         (unsigned)mixdsp_latency(unit));
  return unit;
}

/* How strong a tone is: correlation with sine and cosine, one complex number per tone. */
typedef struct { double frequency, cosine, sine; } meter;

static void listen(meter *m, const float *samples, uint64_t first) {
  for (int i = 0; i < FRAMES; i++) {
    const double phase = 2 * 3.14159265358979324 * m->frequency * (double)(first + (uint64_t)i) / RATE;
    m->cosine += samples[i] * cos(phase);
    m->sine += samples[i] * sin(phase);
  }
}

static double level_db(const meter *m, double frames) {
  return 20 * log10(2 * sqrt(m->cosine * m->cosine + m->sine * m->sine) / frames);
}

static void report(const char *what, const meter *m, double frames, double wanted) {
  const double level = level_db(m, frames);
  const int good = fabs(level - wanted) < 0.1;
  printf("  %-28s %6.0f Hz  %7.2f dB, %7.2f asked for%s\n", what, m->frequency, level, wanted, good ? "" : "  WRONG");
  failures += !good;
}

int main(void) {
  if (mixdsp_abi() != MIXDSP_ABI) {
    printf("this program was compiled for another mixdsp\n");
    return 1;
  }
  printf("mixdsp %s, vector instructions: %s\n", mixdsp_version(), mixdsp_simd());

  /* Two bands are enough; what is not named here is at its default. */
  const mixdsp_setting settings[] = {
    { MIXDSP_EQUALIZER_CONFIG_BANDS, 0, 2 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_KIND, 0), 0, MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, 0), 0, 1000 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_GAIN_DB, 0), 0, -12 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, 1), 0, 5000 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_GAIN_DB, 1), 0, 6 },
  };
  mixdsp_spec spec = MIXDSP_SPEC(RATE, 2);
  mixdsp_unit *gain = make(mixdsp_gain(), &spec, gain_memory);
  mixdsp_unit *fader = make(mixdsp_gain(), &spec, fader_memory);
  spec.settings = settings;
  spec.setting_count = sizeof settings / sizeof settings[0];
  mixdsp_unit *equalizer = make(mixdsp_equalizer(), &spec, equalizer_memory);

  /* Set and reset: it begins there. Without the reset it would move there in 20 ms. */
  expect(mixdsp_set(gain, MIXDSP_GAIN_GAIN_DB, -6), "set");
  expect(mixdsp_reset(gain), "reset");
  if (mixdsp_set(gain, MIXDSP_GAIN_GAIN_DB, 100) != MIXDSP_ERANGE) {
    printf("  100 dB of gain should have been refused\n");
    failures++;
  }

  meter low[3] = { { 100, 0, 0 }, { 100, 0, 0 }, { 100, 0, 0 } };
  meter high[3] = { { 5000, 0, 0 }, { 5000, 0, 0 }, { 5000, 0, 0 } };
  float *io[2] = { left, right };
  const float *const *in = (const float *const *)io;
  double fade = NAN;
  for (int block = 0; block < 2 * BLOCKS; block++) {
    const uint64_t first = (uint64_t)block * FRAMES;
    for (int i = 0; i < FRAMES; i++) {
      const double t = (double)(first + (uint64_t)i) / RATE;
      left[i] = (float)(0.5 * sin(2 * 3.14159265358979324 * 100 * t) + 0.1 * sin(2 * 3.14159265358979324 * 5000 * t));
      right[i] = -left[i];
    }
    /* The first second lets everything settle, the second one is measured. */
    const int heard = block >= BLOCKS;
    if (block == BLOCKS) expect(mixdsp_glide(fader, MIXDSP_GAIN_GAIN_DB, -60, BLOCKS * FRAMES), "glide");
    if (heard) listen(&low[0], left, first), listen(&high[0], left, first);
    expect(mixdsp_process(gain, in, NULL, io, FRAMES), "gain");
    if (heard) listen(&low[1], left, first), listen(&high[1], left, first);
    expect(mixdsp_process(equalizer, in, NULL, io, FRAMES), "equalizer");
    if (heard) listen(&low[2], left, first), listen(&high[2], right, first);
    expect(mixdsp_process(fader, in, NULL, io, FRAMES), "fader");
    if (block == BLOCKS + BLOCKS / 2 - 1) expect(mixdsp_get(fader, MIXDSP_GAIN_GAIN_DB, &fade), "get");
  }

  const double frames = (double)BLOCKS * FRAMES;
  report("as it came, left", &low[0], frames, -6.02);
  report("", &high[0], frames, -20);
  report("gain -6 dB", &low[1], frames, -12.02);
  report("", &high[1], frames, -26);
  report("low shelf -12, bell +6 dB", &low[2], frames, -24.02);
  report("", &high[2], frames, -20);
  printf("  fader half way through       %7.2f dB, %7.2f asked for\n", fade, -30.0);
  failures += !(fabs(fade + 30) < 1e-9);
  double peak = 0;
  for (int i = FRAMES - 8; i < FRAMES; i++) peak = fmax(peak, fabs(left[i]));
  printf("  and at the end               %7.1f dB at most\n", 20 * log10(peak));
  failures += !(peak < 0.001);

  printf(failures == 0 ? "all as it should be\n" : "%d things are wrong\n", failures);
  return failures != 0;
}
