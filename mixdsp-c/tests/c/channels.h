/* What a processor is tried with: stereo where it takes that, more outputs where it cuts into bands, and otherwise the
   first numbers of channels that it takes. */
#include "mixdsp.h"

enum { CHANNELS = 24 };

static mixdsp_spec spec_of(const mixdsp_class *kind) {
  mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
  for (; spec.outputs <= CHANNELS; spec.outputs += 2) {
    if (mixdsp_bytes(kind, &spec) != 0) return spec;
  }
  for (spec.inputs = 1; spec.inputs <= CHANNELS; spec.inputs++) {
    for (spec.outputs = 1; spec.outputs <= CHANNELS; spec.outputs++) {
      if (mixdsp_bytes(kind, &spec) != 0) return spec;
    }
  }
  return spec;
}
