/* What libebur128 measures in 16-bit WAV files with a head of 44 bytes, in the scanner's words. */
#include <ebur128.h>
#include <stdio.h>

int main(int count, char **names) {
  for (int i = 1; i < count; i++) {
    static short samples[8 * 4800];
    unsigned char head[44];
    FILE *file = fopen(names[i], "rb");
    if (file == NULL || fread(head, 1, 44, file) != 44) return 1;
    const unsigned channels = head[22], rate = head[24] | (unsigned)head[25] << 8 | (unsigned)head[26] << 16;
    ebur128_state *state = ebur128_init(channels, rate, EBUR128_MODE_I);
    size_t frames;
    double loudness;
    while ((frames = fread(samples, 2 * channels, 4800, file)) > 0) ebur128_add_frames_short(state, samples, frames);
    ebur128_loudness_global(state, &loudness);
    printf("%.2f %s\n", loudness, names[i]);
    ebur128_destroy(&state);
    fclose(file);
  }
  return 0;
}
