/* Prints loudness, range and true peak of WAV files, each and all together.

   cc -std=c99 loudness_scanner.c $(pkg-config --cflags --libs mixdsp) -o loudness_scanner
   ./loudness_scanner a.wav b.wav

   Reads 16 and 32 bit whole numbers and 32 and 64 bit floating point, 1 to 24 channels. */
#include <mixdsp.h>
#include <stdio.h>
#include <string.h>

static uint32_t little_endian(const unsigned char *bytes, int count) {
  uint32_t value = 0;
  while (count-- > 0) value = value << 8 | bytes[count];
  return value;
}

/* What the head of a file says, and where its samples begin: there. */
typedef struct { uint32_t channels, rate, format, bytes_per_sample, data_bytes; } wav;

static const char *read_head(FILE *file, wav *head) {
  unsigned char chunk[8], format[40];
  uint32_t tag = 0, bits = 0;
  if (fread(format, 1, 12, file) != 12 || memcmp(format, "RIFF", 4) != 0 || memcmp(format + 8, "WAVE", 4) != 0) {
    return "not a WAV file";
  }
  while (fread(chunk, 1, 8, file) == 8) {
    uint32_t size = little_endian(chunk + 4, 4);
    if (memcmp(chunk, "data", 4) == 0) {
      if (tag == 0) return "no format before the samples";
      head->data_bytes = size;
      head->bytes_per_sample = bits / 8;
      if (tag == 1 && bits == 16) head->format = MIXDSP_I16;
      else if (tag == 1 && bits == 32) head->format = MIXDSP_I32;
      else if (tag == 3 && bits == 32) head->format = MIXDSP_F32;
      else if (tag == 3 && bits == 64) head->format = MIXDSP_F64;
      else return "samples of a kind that this program does not read";
      return NULL;
    }
    if (memcmp(chunk, "fmt ", 4) == 0 && size >= 16) {
      const uint32_t count = size < sizeof format ? size : (uint32_t)sizeof format;
      if (fread(format, 1, count, file) != count) break;
      tag = little_endian(format, 2);
      head->channels = little_endian(format + 2, 2);
      head->rate = little_endian(format + 4, 4);
      bits = little_endian(format + 14, 2);
      if (tag == 0xfffe && size >= 40) tag = little_endian(format + 24, 2); /* extensible: the real one */
      size -= count;
    }
    if (fseek(file, (long)(size + (size & 1)), SEEK_CUR) != 0) break;
  }
  return "no samples";
}

static double reading(const mixdsp_unit *meter, uint64_t id) {
  double value = 0;
  return mixdsp_get(meter, id, &value) == MIXDSP_OK ? value : -1.0 / 0.0;
}

static void report(const mixdsp_unit *meter, const char *name) {
  printf("%8.2f LUFS %7.2f LU %8.2f dBTP   momentary up to %.2f, short-term up to %.2f   %s\n",
         reading(meter, MIXDSP_LOUDNESS_INTEGRATED), reading(meter, MIXDSP_LOUDNESS_RANGE),
         reading(meter, MIXDSP_LOUDNESS_TRUE_PEAK_DB), reading(meter, MIXDSP_LOUDNESS_MOMENTARY_MAX),
         reading(meter, MIXDSP_LOUDNESS_SHORT_TERM_MAX), name);
}

/* Measures a file; the meter is the caller's to free. */
static const char *scan(FILE *file, mixdsp_unit **meter) {
  static double samples[24 * 4096]; /* aligned for every format */
  wav head;
  mixdsp_status status;
  const char *problem = read_head(file, &head);
  if (problem != NULL) return problem;
  if (head.channels < 1 || head.channels > 24) return "more than 24 channels";
  mixdsp_spec spec = MIXDSP_SPEC(head.rate, head.channels);
  if ((status = mixdsp_new(mixdsp_loudness(), &spec, meter)) != MIXDSP_OK) return mixdsp_status_text(status);
  const uint32_t frame_bytes = head.channels * head.bytes_per_sample;
  for (uint32_t left = head.data_bytes / frame_bytes; left > 0;) {
    const size_t frames = fread(samples, frame_bytes, left < 4096 ? left : 4096, file);
    if (frames == 0) break; /* shorter than its head says */
    if ((status = mixdsp_feed(*meter, samples, head.format, (uint32_t)frames)) != MIXDSP_OK) break;
    left -= (uint32_t)frames;
  }
  mixdsp_loudness_finish(*meter);
  return status == MIXDSP_OK ? NULL : mixdsp_status_text(status);
}

int main(int count, char **names) {
  mixdsp_unit *all = NULL;
  int failures = 0, merged = 0;
  for (int i = 1; i < count; i++) {
    mixdsp_unit *meter = NULL;
    FILE *file = fopen(names[i], "rb");
    const char *problem = file != NULL ? scan(file, &meter) : "cannot be opened";
    if (file != NULL) fclose(file);
    if (problem != NULL) {
      fprintf(stderr, "%s: %s\n", names[i], problem);
      mixdsp_free(meter);
      failures++;
      continue;
    }
    report(meter, names[i]);
    if (all == NULL) {
      all = meter;
      continue;
    }
    if (mixdsp_loudness_merge(all, meter) != MIXDSP_OK) {
      fprintf(stderr, "%s: of another rate or other channels, so not part of the whole\n", names[i]);
    }
    merged++;
    mixdsp_free(meter);
  }
  if (merged > 0) report(all, "all together");
  mixdsp_free(all);
  if (count < 2) fprintf(stderr, "usage: %s file.wav ...\n", names[0]);
  return failures != 0 || count < 2;
}
