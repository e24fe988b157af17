/* Reads interleaved 32-bit floats from standard input; prints integrated loudness, range and true peak as
 * libebur128 measures them. Arguments: channels, rate. */
#include <ebur128.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    unsigned channels = argc > 1 ? (unsigned)atoi(argv[1]) : 2;
    unsigned long rate = argc > 2 ? strtoul(argv[2], NULL, 10) : 48000;
    ebur128_state *state =
        ebur128_init(channels, rate, EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_TRUE_PEAK);
    static float block[24 * 1024];
    double integrated = 0.0, range = 0.0, peak = 0.0;
    size_t frames;
    if (!state) return 1;
    while ((frames = fread(block, sizeof(float) * channels, 1024, stdin)) > 0)
        ebur128_add_frames_float(state, block, frames);
    for (size_t i = 0; i < 64 * channels; i++) block[i] = 0.0f;
    ebur128_loudness_global(state, &integrated);
    ebur128_loudness_range(state, &range);
    ebur128_add_frames_float(state, block, 64);
    for (unsigned channel = 0; channel < channels; channel++) {
        double own = 0.0;
        ebur128_true_peak(state, channel, &own);
        if (own > peak) peak = own;
    }
    printf("%.9f %.9f %.9f\n", integrated, range, peak);
    ebur128_destroy(&state);
    return 0;
}
