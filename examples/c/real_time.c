/* The shape of a real-time program: one thread processes blocks as they come, another one, the interface,
   changes parameters and watches the meter. Neither waits for the other.

   A limiter holds a ceiling while its input gain is turned up and down. The program prints what the
   interface sees, and returns 1 when a sample comes out above the ceiling or a call fails.

   cc -std=c11 real_time.c $(pkg-config --cflags --libs mixdsp) -lm -lpthread && ./a.out */
#include <math.h>
#include <mixdsp.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>

#define RATE 48000
#define FRAMES 120
#define SECONDS 10
#define CEILING_DB (-3.0)

typedef struct {
  mixdsp_unit *limiter;
  atomic_uint frames, granted; /* how far the audio is, and how far it may go: the clock of this example */
  atomic_int failures;
} program;

/* What a sound card would call. Nothing here allocates, locks or waits. */
static void audio_callback(program *p, float *const *io, uint32_t frames) {
  if (mixdsp_process(p->limiter, (const float *const *)io, NULL, io, frames) != MIXDSP_OK) p->failures++;
}

static void *audio_thread(void *argument) {
  program *p = argument;
  static float left[FRAMES], right[FRAMES];
  float *const io[2] = { left, right };
  const float ceiling = (float)pow(10, CEILING_DB / 20);
  double phase = 0;
  for (uint32_t frame = 0; frame < SECONDS * RATE; frame += FRAMES) {
    for (int i = 0; i < FRAMES; i++, phase += 2 * 3.14159265358979324 * 110 / RATE) {
      const double swell = 0.6 + 0.4 * sin(phase / 97); /* a bass that comes and goes */
      left[i] = (float)(swell * sin(phase)), right[i] = (float)(swell * sin(1.5 * phase));
    }
    while (p->granted <= frame) sched_yield(); /* a sound card would call when it is time */
    audio_callback(p, io, FRAMES);
    for (int i = 0; i < FRAMES; i++) p->failures += fabsf(left[i]) > ceiling || fabsf(right[i]) > ceiling;
    p->frames = frame + FRAMES;
  }
  return NULL;
}

int main(void) {
  program p = { NULL, 0, 0, 0 };
  pthread_t thread;
  const mixdsp_setting settings[] = { { MIXDSP_LIMITER_CEILING_DB, CEILING_DB } };
  mixdsp_spec spec = MIXDSP_SPEC(RATE, 2);
  spec.settings = settings;
  spec.setting_count = 1;
  spec.flags = MIXDSP_SHARED; /* this thread wants to read the meter */
  mixdsp_status status = mixdsp_new(mixdsp_limiter(), &spec, &p.limiter);
  if (status != MIXDSP_OK || pthread_create(&thread, NULL, audio_thread, &p) != 0) {
    printf("%s\n", mixdsp_status_text(status));
    return 1;
  }

  /* The interface: every quarter of a second of audio, a new input gain and a look at the meter. */
  double deepest = 0;
  for (int step = 0; step < 4 * SECONDS; step++) {
    const double gain_db = 6 * (step / 4 % 4);
    double reduction = NAN;
    p.granted = (unsigned)(step + 1) * RATE / 4;
    while (p.frames < p.granted) sched_yield(); /* where a real one would draw */
    if (mixdsp_set(p.limiter, MIXDSP_LIMITER_INPUT_GAIN_DB, gain_db) != MIXDSP_OK) p.failures++;
    if (mixdsp_get(p.limiter, MIXDSP_LIMITER_GAIN_REDUCTION_DB, &reduction) == MIXDSP_OK) {
      deepest = fmax(deepest, fabs(reduction));
    }
    if (step % 4 == 3) printf("  input %+5.1f dB   reduction %5.1f dB\n", gain_db, reduction);
  }
  pthread_join(thread, NULL);
  printf("  %.0f ms late, %d failures\n", 1000.0 * (double)mixdsp_latency(p.limiter) / RATE, p.failures);
  if (!(deepest > 10)) printf("  the meter never moved\n");
  mixdsp_free(p.limiter);
  return p.failures != 0 || !(deepest > 10);
}
