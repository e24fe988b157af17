/* Writes WAV files for the loudness scanner: 20 s of 1 kHz in stereo at -23 dBFS, which EBU Tech 3341 wants to
   read -23.0 LUFS, then 20 s of it 10 dB louder; as 16 bit, 32 bit and float. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void number(FILE *file, uint32_t value, int bytes) {
  while (bytes-- > 0) fputc((int)(value & 255), file), value >>= 8;
}

static int write_file(const char *folder, const char *name, int tag, int bits) {
  char path[4096];
  const uint32_t rate = 48000, frames = 40 * rate, bytes = frames * 2 * (uint32_t)bits / 8;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "wb");
  if (file == NULL) return 1;
  fputs("RIFF", file), number(file, bytes + 36, 4), fputs("WAVEfmt ", file), number(file, 16, 4);
  number(file, (uint32_t)tag, 2), number(file, 2, 2), number(file, rate, 4);
  number(file, rate * 2 * (uint32_t)bits / 8, 4), number(file, (uint32_t)bits / 4, 2);
  number(file, (uint32_t)bits, 2), fputs("data", file), number(file, bytes, 4);
  for (uint32_t frame = 0; frame < frames; frame++) {
    const double level = pow(10, (frame < frames / 2 ? -23 : -13) / 20.0);
    const double value = level * sin(2 * 3.14159265358979324 * 1000 * frame / rate);
    const float real = (float)value;
    uint32_t raw;
    memcpy(&raw, &real, 4);
    if (tag == 1) raw = (uint32_t)(int32_t)lrint(value * (bits == 16 ? 32768.0 : 2147483648.0));
    for (int channel = 0; channel < 2; channel++) number(file, raw, bits / 8);
  }
  return fclose(file) != 0;
}

int main(int count, char **words) {
  return count != 2 || write_file(words[1], "i16.wav", 1, 16) || write_file(words[1], "i32.wav", 1, 32) ||
         write_file(words[1], "f32.wav", 3, 32);
}
