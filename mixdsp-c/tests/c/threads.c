/* A second thread sets parameters while the first processes, as a program with an interface does. */
#include "mixdsp.h"
#include <pthread.h>
#include <stdio.h>

static volatile int done;

static void *control(void *argument) {
  mixdsp_unit *unit = argument;
  long wrong = 0;
  for (int round = 0; round < 20000; round++) {
    double value = -1;
    const double wanted = -(round % 60);
    wrong += mixdsp_set(unit, MIXDSP_COMPRESSOR_THRESHOLD_DB, wanted) != MIXDSP_OK;
    wrong += mixdsp_get(unit, MIXDSP_COMPRESSOR_THRESHOLD_DB, &value) != MIXDSP_OK || value != wanted;
    wrong += mixdsp_glide(unit, MIXDSP_COMPRESSOR_RATIO, 1 + round % 9, 100) != MIXDSP_OK;
    const mixdsp_status status = mixdsp_get(unit, MIXDSP_COMPRESSOR_GAIN_REDUCTION_DB, &value);
    wrong += status != MIXDSP_OK && status != MIXDSP_ENONE;
    wrong += mixdsp_sanitized_samples(unit) != 0;
  }
  done = 1;
  return (void *)wrong;
}

int main(void) {
  mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
  mixdsp_unit *unit;
  pthread_t thread;
  void *wrong;
  long blocks = 0, failed = 0;
  static float left[64], right[64];
  float *io[2];
  io[0] = left, io[1] = right;
  spec.flags = MIXDSP_SHARED;
  if (mixdsp_new(mixdsp_compressor(), &spec, &unit) != MIXDSP_OK) return 1;
  if (pthread_create(&thread, NULL, control, unit) != 0) return 1;
  while (!done || blocks < 100) {
    for (int i = 0; i < 64; i++) left[i] = right[i] = (float)((i % 16) - 8) / 8;
    failed += mixdsp_process(unit, (const float *const *)io, NULL, io, 64) != MIXDSP_OK;
    for (int i = 0; i < 64; i++) failed += !(left[i] >= -1 && left[i] <= 1);
    blocks++;
  }
  pthread_join(thread, &wrong);
  mixdsp_free(unit);
  printf("%ld blocks beside 20000 changes, %ld + %ld things wrong\n", blocks, failed, (long)wrong);
  return failed != 0 || wrong != NULL;
}
