/* A short mix through gain, equalizer and delay, in static memory: no malloc anywhere.

   Two tones, a loud one of 100 Hz and a softer one of 5 kHz, go through the gain and the equalizer, which
   makes room below and adds air above; the gain then fades out by automation. A click goes through the
   delay. The program measures what comes out, says what it found, and returns 1 when something is not what
   was asked for.

   cc -std=c99 three_processors.c $(pkg-config --cflags --libs mixdsp) -lm && ./a.out */
#include <math.h>
#include <mixdsp.h>
#include <stdio.h>

#define RATE 48000
#define FRAMES 480 /* of one block; any number will do, and it may change from block to block */
#define SECOND (RATE / FRAMES)
#define PI 3.14159265358979324

/* In words of 8 bytes. mixdsp_bytes tells what a unit needs. */
static uint64_t gain_memory[256], equalizer_memory[2048], delay_memory[65536];
static float left[FRAMES], right[FRAMES];
static float *const io[2] = { left, right };
static int failures;

static void check(int is_right, const char *what) {
  if (!is_right) printf("  WRONG: %s\n", what);
  failures += !is_right;
}

static void ok(mixdsp_status status) { check(status == MIXDSP_OK, mixdsp_status_text(status)); }

static mixdsp_unit *make(const mixdsp_class *kind, const mixdsp_setting *settings, uint32_t count, void *memory,
                         size_t bytes) {
  mixdsp_spec spec = MIXDSP_SPEC(RATE, 2);
  mixdsp_unit *unit;
  spec.settings = settings;
  spec.setting_count = count;
  ok(mixdsp_init(kind, &spec, memory, bytes, &unit));
  printf("  %-10s %7lu bytes, %lu frames late\n", mixdsp_class_name(kind),
         (unsigned long)mixdsp_bytes(kind, &spec), (unsigned long)mixdsp_latency(unit));
  return unit;
}

static void process(mixdsp_unit *unit) { ok(mixdsp_process(unit, (const float *const *)io, NULL, io, FRAMES)); }

static void play_tones(int block) {
  for (int i = 0; i < FRAMES; i++) {
    const double t = (double)(block * FRAMES + i) / RATE;
    left[i] = right[i] = (float)(0.5 * sin(2 * PI * 100 * t) + 0.05 * sin(2 * PI * 5000 * t));
  }
}

/* Level in decibels of a tone in this block, which holds a whole number of its periods. */
static double level(double frequency) {
  double sine = 0, cosine = 0;
  for (int i = 0; i < FRAMES; i++) {
    sine += left[i] * sin(2 * PI * frequency * i / RATE);
    cosine += left[i] * cos(2 * PI * frequency * i / RATE);
  }
  return 20 * log10(2 * sqrt(sine * sine + cosine * cosine) / FRAMES);
}

static void report(const char *what, double low_db, double high_db) {
  const double low = level(100), high = level(5000);
  printf("  %-36s %6.2f and %6.2f dB\n", what, low, high);
  check(fabs(low - low_db) < 0.02 && fabs(high - high_db) < 0.02, "a level is off");
}

int main(void) {
  printf("mixdsp %s, vector instructions: %s\n", mixdsp_version(), mixdsp_simd());
  check(mixdsp_abi() == MIXDSP_ABI, "this program was compiled for another mixdsp");

  /* What is fixed (CONFIG) and first values of parameters; what is not named is at its default. */
  const mixdsp_setting tone[] = {
    { MIXDSP_EQUALIZER_CONFIG_BANDS, 2 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_KIND, 0), MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, 0), 800 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_GAIN_DB, 0), -12 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, 1), 5000 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_GAIN_DB, 1), 6 },
    { MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_Q, 1), 4 },
  };
  const mixdsp_setting echo[] = {
    { MIXDSP_DELAY_CONFIG_MAXIMUM_SECONDS, 0.5 },
    { MIXDSP_DELAY_TIME_MS, 250 },
    { MIXDSP_DELAY_FEEDBACK, 0.5 },
    { MIXDSP_DELAY_MIX, 1 },
  };
  mixdsp_unit *gain = make(mixdsp_gain(), NULL, 0, gain_memory, sizeof gain_memory);
  mixdsp_unit *equalizer = make(mixdsp_equalizer(), tone, 7, equalizer_memory, sizeof equalizer_memory);
  mixdsp_unit *delay = make(mixdsp_delay(), echo, 4, delay_memory, sizeof delay_memory);

  /* From here on the gain moves there silently, in 20 ms. What is out of range is refused. */
  ok(mixdsp_set(gain, MIXDSP_GAIN_GAIN_DB, -6));
  check(mixdsp_set(gain, MIXDSP_GAIN_GAIN_DB, 100) == MIXDSP_ERANGE, "100 dB of gain were not refused");

  /* A second for everything to come to rest; the last block is measured at every step. */
  printf("100 Hz and 5 kHz\n");
  for (int block = 0; block < SECOND; block++) {
    const int is_last = block == SECOND - 1;
    play_tones(block);
    if (is_last) report("as they came", -6.02, -26.02);
    process(gain);
    if (is_last) report("gain -6 dB", -12.02, -32.02);
    process(equalizer);
    /* The shelf is 0.005 dB short of -12 at 100 Hz, and still takes 0.02 dB at 5 kHz. */
    if (is_last) report("low shelf -12 dB, bell +6 dB", -24.02, -26.03);
  }

  /* A fade of a second, and where it is half way. */
  double now;
  ok(mixdsp_glide(gain, MIXDSP_GAIN_GAIN_DB, -66, RATE));
  for (int block = 0; block < SECOND; block++) {
    play_tones(block);
    process(gain);
    if (block == SECOND / 2 - 1) {
      ok(mixdsp_get(gain, MIXDSP_GAIN_GAIN_DB, &now));
      printf("  %-36s %6.2f dB\n", "fade from -6 to -66 dB, half way", now);
      check(fabs(now + 36) < 1e-9, "the fade is not where it should be");
    }
  }
  play_tones(0);
  process(gain);
  report("and at its end", -72.02, -92.02);

  printf("a click\n");
  for (int block = 0; block < SECOND; block++) {
    for (int i = 0; i < FRAMES; i++) left[i] = right[i] = block == 0 && i == 0;
    process(delay);
    for (int i = 0; i < FRAMES; i++) {
      if (fabs(left[i]) < 1e-6) continue;
      const double at_ms = 1000.0 * (block * FRAMES + i) / RATE;
      printf("  echo after %.1f ms, %.2f dB\n", at_ms, 20 * log10(fabs(left[i])));
      const double wanted = at_ms < 251 ? 1 : at_ms < 501 ? 0.5 : 0.25;
      check(fmod(at_ms, 250) == 0 && fabs(left[i] - wanted) < 1e-6 && right[i] == left[i], "this echo");
      failures -= 100; /* three are expected */
    }
  }
  failures += 300;
  printf("  silent %.1f s after its input ends\n", (double)mixdsp_tail(delay) / RATE);

  printf(failures == 0 ? "all as it should be\n" : "something is wrong\n");
  return failures != 0;
}
