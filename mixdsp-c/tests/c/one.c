/* The smallest program that uses one processor, for its size. */
#define MIXDSP_NO_HEAP
#include "mixdsp.h"
#ifndef ONE
#define ONE mixdsp_gain
#endif
static uint64_t memory[8192];
static float left[64];
int main(void) {
  mixdsp_spec spec = MIXDSP_SPEC(48000, 1);
  mixdsp_unit *unit;
  float *io[1];
  io[0] = left;
  if (mixdsp_init(ONE(), &spec, memory, sizeof memory, &unit) != MIXDSP_OK) return 1;
  return mixdsp_process(unit, (const float *const *)io, 0, io, 64) != MIXDSP_OK;
}
