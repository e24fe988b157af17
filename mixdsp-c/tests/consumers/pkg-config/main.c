#include <mixdsp.h>
#include <stdio.h>

int main(void) {
  mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
  mixdsp_unit *unit;
  if (mixdsp_new(mixdsp_limiter(), &spec, &unit) != MIXDSP_OK) return 1;
  printf("a limiter of mixdsp %s, %u frames late\n", mixdsp_version(), (unsigned)mixdsp_latency(unit));
  mixdsp_free(unit);
  return mixdsp_abi() != MIXDSP_ABI;
}
