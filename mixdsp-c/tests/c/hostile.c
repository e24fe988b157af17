/* Calls that no program should make, of the compiled library, for the sanitizers: NULL anywhere, wrong sizes,
   misaligned and too little memory, unknown ids, values that are no numbers, memory that holds no unit. Each
   must be refused with its code and change nothing. */
#include "channels.h"
#include <math.h>
#include <stdio.h>
#include <string.h>

static int failures;
static void is(int line, const char *call, long long got, long long wanted) {
  if (got == wanted) return;
  printf("line %d: %s is %lld and not %lld\n", line, call, got, wanted);
  failures++;
}
#define IS(call, wanted) is(__LINE__, #call, (long long)(call), (long long)(wanted))

static const mixdsp_class *const none = NULL;

/* Every call on something that is no unit. */
static void no_unit(mixdsp_unit *unit, mixdsp_status wanted) {
  float samples[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, *io[2];
  double value = 7, other = 7;
  mixdsp_setting room[1];
  io[0] = samples, io[1] = samples + 4;
  IS(mixdsp_process(unit, (const float *const *)io, NULL, io, 4), wanted);
  IS(mixdsp_process(unit, NULL, NULL, NULL, 0), wanted);
  IS(mixdsp_process_f64(unit, NULL, NULL, NULL, 4), wanted);
  IS(mixdsp_process_interleaved(unit, samples, samples, 4), wanted);
  IS(mixdsp_feed(unit, samples, MIXDSP_F32, 4), wanted);
  IS(mixdsp_reset(unit), wanted);
  IS(mixdsp_latency(unit), 0);
  IS(mixdsp_tail(unit), 0);
  IS(mixdsp_sanitized_samples(unit), 0);
  IS(mixdsp_response(unit, 1000, 0, &value, &other), wanted);
  IS(mixdsp_set(unit, 1, 0), wanted);
  IS(mixdsp_glide(unit, 1, 0, 10), wanted);
  IS(mixdsp_get(unit, 1, &value), wanted);
  IS(mixdsp_save(unit, room, 1), 0);
  IS(mixdsp_load(unit, room, 0), wanted);
  IS(mixdsp_class_of(unit) == NULL, 1);
  IS(mixdsp_loudness_seed(unit, samples, MIXDSP_F32, 4), wanted);
  IS(mixdsp_loudness_finish(unit), wanted);
  IS(mixdsp_loudness_restart(unit), wanted);
  IS(mixdsp_loudness_merge(unit, NULL), unit == NULL ? MIXDSP_EARG : wanted);
  IS(mixdsp_loudness_write(unit, NULL, 0), 0);
  IS(mixdsp_loudness_read(unit, (const uint8_t *)samples, 8), wanted);
  IS(value == 7 && other == 7 && samples[0] == 1 && samples[7] == 8, 1);
}


/* Whether a class has this row: bands are those of several. */
static int has(const mixdsp_class *kind, uint64_t id) {
  for (uint32_t row = 0; row < mixdsp_param_count(kind); row++) {
    mixdsp_param param;
    param.size = sizeof param;
    mixdsp_param_at(kind, row, &param);
    if (param.id == id) return 1;
  }
  return 0;
}

/* No id of another processor, and no item that is too large, names anything in a unit. */
static void foreign_ids(mixdsp_unit *unit, const mixdsp_class *own, const mixdsp_spec *spec) {
  const uint32_t items[] = { 4096, 65536, 1u << 20, 0xffffffffu };
  double value = 7;
  for (uint32_t at = 0; mixdsp_class_at(at) != NULL; at++) {
    const mixdsp_class *kind = mixdsp_class_at(at);
    for (uint32_t row = 0; row < mixdsp_param_count(kind); row++) {
      mixdsp_param param;
      param.size = sizeof param;
      mixdsp_param_at(kind, row, &param);
      for (int i = has(own, param.id) ? 0 : -1; i < 4; i++) {
        const uint64_t id = i < 0 ? param.id : MIXDSP_AT(param.id, items[i]);
        const mixdsp_setting setting = { id, param.initial };
        mixdsp_spec bad = *spec;
        bad.settings = &setting, bad.setting_count = 1;
        IS(mixdsp_set(unit, id, param.initial), MIXDSP_EID);
        IS(mixdsp_glide(unit, id, param.initial, 9), MIXDSP_EID);
        IS(mixdsp_get(unit, id, &value), MIXDSP_EID);
        IS(mixdsp_load(unit, &setting, 1), MIXDSP_EID);
        IS(mixdsp_bytes(own, &bad), 0);
        if (i != 0) IS(mixdsp_choice_text(own, id, 0) == NULL, 1);
      }
    }
  }
  IS(value, 7);
}

/* Whether a fresh unit has this row: a group may have no items at first. */
static int exists(const mixdsp_class *kind, const mixdsp_param *param) {
  mixdsp_param count;
  count.size = sizeof count;
  for (uint32_t row = 0; mixdsp_param_at(kind, row, &count) == MIXDSP_OK; row++) {
    if (count.id == param->count_id) return count.initial > 0;
  }
  return 1;
}

int main(void) {
  const double odd[] = { NAN, INFINITY, -INFINITY, 1e300, -1e300 };
  for (uint32_t at = 0; mixdsp_class_at(at) != NULL; at++) {
    const mixdsp_class *kind = mixdsp_class_at(at);
    mixdsp_spec spec = spec_of(kind), bad;
    mixdsp_unit *unit = (mixdsp_unit *)&bad;
    const size_t bytes = mixdsp_bytes(kind, &spec);
    unsigned char *memory, *before;
    IS(bytes != 0, 1);
    IS(bytes % 8, 0);
    /* One byte to spare on both sides, so that the sanitizer sees any step outside. */
    memory = malloc(bytes + 8), before = malloc(bytes + 8);
    if (!memory || !before) return 1;
    memset(memory, 0x5a, bytes + 8), memset(before, 0x5a, bytes + 8);

    /* What is refused leaves the memory as it was. */
    IS(mixdsp_init(kind, &spec, memory, bytes - 1, &unit), MIXDSP_EMEM), IS(unit == NULL, 1);
    IS(mixdsp_init(kind, &spec, memory, 0, &unit), MIXDSP_EMEM);
    IS(mixdsp_init(kind, &spec, NULL, bytes, &unit), MIXDSP_EMEM);
    IS(mixdsp_init(kind, &spec, memory + 4, bytes, &unit), MIXDSP_EARG);
    IS(mixdsp_init(kind, &spec, memory, bytes, NULL), MIXDSP_EARG);
    IS(mixdsp_init(kind, NULL, memory, bytes, &unit), MIXDSP_EARG);
    IS(mixdsp_init(none, &spec, memory, bytes, &unit), MIXDSP_EARG);
    bad = spec, bad.size = 4, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_EABI);
    bad = spec, bad.size++, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_EABI);
    bad = spec, bad.sample_type = MIXDSP_I16, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_ETYPE);
    bad = spec, bad.flags = ~0u, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_EARG);
    bad = spec, bad.inputs = 0, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_ECHAN);
    bad = spec, bad.outputs = 65535, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_ECHAN);
    bad = spec, bad.sample_rate = 0, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_ERATE);
    bad = spec, bad.setting_count = 1, IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_EARG);
    for (int i = 0; i < 3; i++) {
      bad = spec, bad.sample_rate = odd[i];
      IS(mixdsp_init(kind, &bad, memory, bytes, &unit), MIXDSP_ERATE);
      IS(mixdsp_bytes(kind, &bad), 0);
    }
    for (uint32_t row = 0; row < mixdsp_param_count(kind); row++) {
      mixdsp_param param;
      param.size = sizeof param;
      IS(mixdsp_param_at(kind, row, &param), MIXDSP_OK);
      for (int i = 0; i < 5; i++) {
        mixdsp_setting setting = { param.id, odd[i] };
        bad = spec, bad.settings = &setting, bad.setting_count = 1;
        IS(mixdsp_init(kind, &bad, memory, bytes, &unit),
           param.role == MIXDSP_READING || !exists(kind, &param) ? MIXDSP_EID : MIXDSP_ERANGE);
        IS(mixdsp_bytes(kind, &bad), 0);
      }
    }
    IS(memcmp(memory, before, bytes + 8), 0);
    no_unit((mixdsp_unit *)(void *)memory, MIXDSP_EUNIT); /* its init failed */

    /* A unit that is sound refuses what is not. */
    IS(mixdsp_init(kind, &spec, memory, bytes, &unit), MIXDSP_OK);
    IS(memcmp(memory + bytes, before, 8), 0);
    memcpy(before, memory, bytes);
    no_unit((mixdsp_unit *)(void *)before, MIXDSP_EUNIT); /* a copy is no unit */
    if (unit) {
      float samples[8 * CHANNELS] = { 0 }, *io[CHANNELS], *same[CHANNELS], *gap[CHANNELS];
      double value = 7;
      mixdsp_setting saved[1024];
      for (int channel = 0; channel < CHANNELS; channel++) {
        same[channel] = gap[channel] = io[channel] = samples + 8 * channel;
      }
      same[1] = samples + 7;
      gap[0] = NULL;
      IS(mixdsp_process(unit, NULL, NULL, io, 8), MIXDSP_EARG);
      IS(mixdsp_process(unit, (const float *const *)gap, NULL, io, 8), MIXDSP_EARG);
      IS(mixdsp_process(unit, (const float *const *)io, NULL, gap, 8), MIXDSP_EARG);
      IS(mixdsp_process(unit, (const float *const *)io, NULL, same, 8), MIXDSP_EARG);
      IS(mixdsp_process_f64(unit, NULL, NULL, NULL, 8), MIXDSP_ETYPE);
      IS(mixdsp_process_interleaved(unit, NULL, samples, 8), MIXDSP_EARG);
      IS(mixdsp_process_interleaved(unit, samples, samples + 1, 7), MIXDSP_EARG);
      IS(mixdsp_feed(unit, NULL, MIXDSP_F32, 8), MIXDSP_EARG);
      IS(mixdsp_feed(unit, samples, 99, 8), MIXDSP_ETYPE);
      IS(mixdsp_process(unit, NULL, NULL, NULL, 0), MIXDSP_OK);
      IS(mixdsp_process(unit, (const float *const *)io, NULL, io, 8), MIXDSP_OK);
      IS(mixdsp_get(unit, 1, NULL), MIXDSP_EARG);
      IS(mixdsp_response(unit, 1000, 0, NULL, &value), MIXDSP_EARG);
      IS(mixdsp_set(unit, 0, 0), MIXDSP_EID);
      IS(mixdsp_set(unit, 0xffffffff, 0), MIXDSP_EID);
      IS(mixdsp_get(unit, 4000, &value), MIXDSP_EID);
      IS(mixdsp_load(unit, NULL, 1), MIXDSP_EARG);
      foreign_ids(unit, kind, &spec);
      for (uint32_t row = 0; row < mixdsp_param_count(kind); row++) {
        mixdsp_param param;
        param.size = sizeof param;
        mixdsp_param_at(kind, row, &param);
        for (int i = 0; i < 5; i++) {
          const int is_param = param.role == MIXDSP_PARAM && exists(kind, &param);
          IS(mixdsp_set(unit, param.id, odd[i]), is_param ? MIXDSP_ERANGE : MIXDSP_EID);
          IS(mixdsp_glide(unit, param.id, odd[i], 9), is_param ? MIXDSP_ERANGE : MIXDSP_EID);
        }
      }
      IS(mixdsp_save(unit, NULL, 0) <= 1024, 1);
      IS(mixdsp_save(unit, saved, mixdsp_save(unit, NULL, 0)), mixdsp_save(unit, NULL, 0));
      IS(mixdsp_load(unit, saved, mixdsp_save(unit, NULL, 0)), MIXDSP_OK);
      IS(value, 7);
    }
    free(memory), free(before);
  }

  static uint64_t zeros[512];
  no_unit(NULL, MIXDSP_EARG);
  no_unit((mixdsp_unit *)(void *)zeros, MIXDSP_EUNIT);
  no_unit((mixdsp_unit *)(void *)((char *)zeros + 1), MIXDSP_EARG);
  {
    mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
    mixdsp_unit *compressor;
    double before = 0, after = 1;
    IS(mixdsp_new(mixdsp_compressor(), &spec, &compressor), MIXDSP_OK);
    IS(mixdsp_get(compressor, MIXDSP_COMPRESSOR_THRESHOLD_DB, &before), MIXDSP_OK);
    IS(mixdsp_set(compressor, MIXDSP_GAIN_GAIN_DB, -6), MIXDSP_EID);
    IS(mixdsp_get(compressor, MIXDSP_COMPRESSOR_THRESHOLD_DB, &after), MIXDSP_OK);
    IS(before == after, 1);
    mixdsp_free(compressor);
  }
  IS(mixdsp_bytes(NULL, NULL), 0);
  IS(mixdsp_class_key(NULL) == NULL, 1);
  IS(mixdsp_class_name(NULL) == NULL, 1);
  IS(mixdsp_class_doc(NULL) == NULL, 1);
  IS(mixdsp_param_count(NULL), 0);
  IS(mixdsp_param_at(NULL, 0, NULL), MIXDSP_EARG);
  IS(mixdsp_choice_text(NULL, 1, 0) == NULL, 1);
  IS(mixdsp_find(NULL, "mix"), 0);
  IS(mixdsp_find(mixdsp_gain(), NULL), 0);
  IS(mixdsp_abi(), MIXDSP_ABI);
  IS(strcmp(mixdsp_version(), MIXDSP_VERSION), 0);
  if (failures == 0) printf("every hostile call was refused\n");
  return failures != 0;
}
