#include <mixdsp.hpp>

int main() {
  mixdsp::Unit unit;
  mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
  return unit.make(mixdsp_reverb(), spec) != MIXDSP_OK || unit.set(MIXDSP_REVERB_MIX, 0.1) != MIXDSP_OK;
}
