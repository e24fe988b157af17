/* Hosts often let their processor flush tiny numbers to zero. What every processor gives must not depend on
   it: noise, then silence until everything has died away, with and without. */
#include "channels.h"
#include <stdio.h>
#include <string.h>
#if defined(__x86_64__)
#include <xmmintrin.h>
#define FLUSH(on) _mm_setcsr((on) ? _mm_getcsr() | 0x8040u : _mm_getcsr() & ~0x8040u)
#elif defined(__aarch64__)
static void flush(int on) {
  uint64_t control;
  __asm__ volatile("mrs %0, fpcr" : "=r"(control));
  control = on ? control | 1u << 24 : control & ~(uint64_t)(1u << 24);
  __asm__ volatile("msr fpcr, %0" : : "r"(control));
}
#define FLUSH(on) flush(on)
#endif

#define BLOCK 256
#define BLOCKS 800
static float heard[2][BLOCKS * BLOCK];

static int render(const mixdsp_class *kind, int flushed, float *out) {
  mixdsp_spec spec = spec_of(kind);
  mixdsp_unit *unit;
  uint32_t seed = 1;
  static float left[BLOCK], right[BLOCK], other[CHANNELS][BLOCK];
  float *io[CHANNELS]; /* in place; what cuts into bands has several outputs for an input */
  for (int channel = 0; channel < CHANNELS; channel++) io[channel] = other[channel];
  io[0] = left, io[1] = right;
  if (mixdsp_new(kind, &spec, &unit) != MIXDSP_OK) return 1;
  for (uint32_t at = 0; at < mixdsp_param_count(kind); at++) { /* every band of an equalizer at work */
    mixdsp_param param;
    param.size = sizeof param;
    mixdsp_param_at(kind, at, &param);
    if (param.role != MIXDSP_PARAM || param.scaling != MIXDSP_LINEAR) continue;
    mixdsp_set(unit, param.id, param.minimum + 0.7 * (param.maximum - param.minimum));
  }
  for (int block = 0; block < BLOCKS; block++) {
    for (int i = 0; i < BLOCK; i++) {
      seed = seed * 1664525u + 1013904223u;
      left[i] = block < 40 ? (float)seed / 4294967296.0f - 0.5f : 0;
      right[i] = -left[i];
    }
    FLUSH(flushed);
    const mixdsp_status status = mixdsp_process(unit, (const float *const *)io, NULL, io, BLOCK);
    FLUSH(0);
    if (status != MIXDSP_OK) return 1;
    memcpy(out + block * BLOCK, left, sizeof left);
  }
  mixdsp_free(unit);
  return 0;
}

int main(void) {
  int failures = 0;
  for (uint32_t at = 0; mixdsp_class_at(at) != NULL; at++) {
    const mixdsp_class *kind = mixdsp_class_at(at);
    failures += render(kind, 0, heard[0]) + render(kind, 1, heard[1]);
    for (int i = 0; i < BLOCK * BLOCKS; i++) {
      if (memcmp(&heard[0][i], &heard[1][i], sizeof(float)) != 0) {
        printf("%s: frame %d is %g, and %g when flushed\n", mixdsp_class_key(kind), i, heard[0][i], heard[1][i]);
        failures++;
        break;
      }
    }
  }
  if (failures == 0) printf("flush to zero changes nothing\n");
  return failures != 0;
}
