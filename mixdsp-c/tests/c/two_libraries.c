/* Two Rust libraries in one program. */
#include "mixdsp.h"

uint32_t other_sum(uint32_t count);

int main(void) {
  mixdsp_spec spec = MIXDSP_SPEC(48000, 1);
  return !(mixdsp_bytes(mixdsp_gain(), &spec) != 0 && other_sum(10) == 45);
}
