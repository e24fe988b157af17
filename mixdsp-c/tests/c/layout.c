/* Prints how a C compiler lays out every struct: name, offset, size. tests/layout.rs compares. */
#include "mixdsp.h"
#include <stdio.h>

#define STRUCT(s) printf(#s " 0 %lu\n", (unsigned long)sizeof(s))
#define FIELD(s, f) printf(#s "." #f " %lu %lu\n", (unsigned long)offsetof(s, f), (unsigned long)sizeof(((s *)0)->f))

int main(void) {
  STRUCT(mixdsp_setting);
  FIELD(mixdsp_setting, id);
  FIELD(mixdsp_setting, value);
  STRUCT(mixdsp_spec);
  FIELD(mixdsp_spec, size);
  FIELD(mixdsp_spec, sample_type);
  FIELD(mixdsp_spec, flags);
  FIELD(mixdsp_spec, setting_count);
  FIELD(mixdsp_spec, inputs);
  FIELD(mixdsp_spec, outputs);
  FIELD(mixdsp_spec, sidechain);
  FIELD(mixdsp_spec, reserved);
  FIELD(mixdsp_spec, sample_rate);
  FIELD(mixdsp_spec, settings);
  STRUCT(mixdsp_param);
  FIELD(mixdsp_param, size);
  FIELD(mixdsp_param, role);
  FIELD(mixdsp_param, id);
  FIELD(mixdsp_param, count_id);
  FIELD(mixdsp_param, scaling);
  FIELD(mixdsp_param, choice_count);
  FIELD(mixdsp_param, key);
  FIELD(mixdsp_param, name);
  FIELD(mixdsp_param, unit);
  FIELD(mixdsp_param, doc);
  FIELD(mixdsp_param, group);
  FIELD(mixdsp_param, minimum);
  FIELD(mixdsp_param, maximum);
  FIELD(mixdsp_param, initial);
  STRUCT(mixdsp_channel);
  FIELD(mixdsp_channel, size);
  FIELD(mixdsp_channel, reserved);
  FIELD(mixdsp_channel, momentary);
  FIELD(mixdsp_channel, short_term);
  FIELD(mixdsp_channel, share);
  FIELD(mixdsp_channel, true_peak_db);
  FIELD(mixdsp_channel, sample_peak_db);
  FIELD(mixdsp_channel, rms_db);
  FIELD(mixdsp_channel, dc);
  FIELD(mixdsp_channel, true_peak_frame);
  FIELD(mixdsp_channel, sample_peak_frame);
  FIELD(mixdsp_channel, clipped_runs);
  FIELD(mixdsp_channel, longest_clipped_run);
  FIELD(mixdsp_channel, first_clipped_run);
  FIELD(mixdsp_channel, overs);
  FIELD(mixdsp_channel, first_over);
  printf("mixdsp_status 0 %lu\n", (unsigned long)sizeof(mixdsp_status));
  return 0;
}
