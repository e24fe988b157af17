/* Runs blocks of 512 frames of stereo through one processor, for tools that count instructions.
   cost CLASS BLOCKS; without arguments: name and bytes of every class. */
#include "channels.h"
#include <stdio.h>

int main(int count, char **words) {
  static float left[512], right[512];
  float *io[CHANNELS];
  mixdsp_spec spec;
  mixdsp_unit *unit;
  uint32_t seed = 1;
  for (int channel = 0; channel < CHANNELS; channel++) io[channel] = channel % 2 == 0 ? left : right;
  if (count < 3) {
    for (uint32_t at = 0; mixdsp_class_at(at) != NULL; at++) {
      spec = spec_of(mixdsp_class_at(at));
      printf("%s %lu\n", mixdsp_class_key(mixdsp_class_at(at)),
             (unsigned long)mixdsp_bytes(mixdsp_class_at(at), &spec));
    }
    return 0;
  }
  const mixdsp_class *kind = mixdsp_class_at((uint32_t)atoi(words[1]));
  spec = spec_of(kind);
  if (mixdsp_new(kind, &spec, &unit) != MIXDSP_OK) return 1;
  if (kind == mixdsp_equalizer()) { /* all eight bands at work */
    for (uint32_t band = 0; band < 8; band++) {
      mixdsp_set(unit, MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_GAIN_DB, band), 3);
      mixdsp_set(unit, MIXDSP_AT(MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, band), 60 << band);
    }
    mixdsp_reset(unit);
  }
  for (int i = 0; i < 512; i++) {
    seed = seed * 1664525u + 1013904223u;
    left[i] = right[i] = (float)(seed >> 8) / 16777216.0f - 0.5f;
  }
  static float out[CHANNELS][512];
  float *to[CHANNELS];
  for (int channel = 0; channel < CHANNELS; channel++) to[channel] = out[channel];
  for (int block = 0; block < atoi(words[2]); block++) {
    if (mixdsp_process(unit, (const float *const *)io, NULL, to, 512) != MIXDSP_OK) return 1;
  }
  mixdsp_free(unit);
  return 0;
}
