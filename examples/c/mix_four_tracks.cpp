// A mix of four tracks in C++: each with equalizer, compressor and place, a reverb that all share, a limiter
// on the sum, and a meter behind it. The tracks are made up here; the mix can be written to a WAV file.
//
//     c++ -std=c++11 mix_four_tracks.cpp $(pkg-config --cflags --libs mixdsp) && ./a.out [mix.wav]
//
// Prints loudness and peak, and returns 1 when a call fails or the true peak is above the ceiling.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <initializer_list>
#include <mixdsp.hpp>
#include <vector>

namespace {

const double rate = 48000, ceiling_db = -1;
const uint32_t block = 512, blocks = 1125; // 12 s
int failures = 0;

void check(mixdsp_status status) {
  if (status == MIXDSP_OK) return;
  std::printf("%s\n", mixdsp_status_text(status));
  failures++;
}

// A unit with config and parameters.
mixdsp::Unit make(const mixdsp_class *kind, uint16_t inputs, uint16_t outputs,
                  const std::vector<mixdsp_setting> &settings) {
  mixdsp_spec spec = MIXDSP_SPEC(rate, inputs);
  spec.outputs = outputs;
  spec.settings = settings.data();
  spec.setting_count = static_cast<uint32_t>(settings.size());
  mixdsp::Unit unit;
  check(unit.make(kind, spec));
  return unit;
}

// One band of an equalizer.
std::vector<mixdsp_setting> band(uint32_t kind, double frequency_hz, double gain_db) {
  return {{MIXDSP_EQUALIZER_CONFIG_BANDS, 1},
          {MIXDSP_EQUALIZER_BANDS_KIND, static_cast<double>(kind)},
          {MIXDSP_EQUALIZER_BANDS_FREQUENCY_HZ, frequency_hz},
          {MIXDSP_EQUALIZER_BANDS_GAIN_DB, gain_db}};
}

struct Track {
  const char *name;
  double (*sound)(double seconds);
  double send; // to the reverb
  mixdsp::Unit equalizer, compressor, pan;
};

double tone(double frequency, double seconds) { return std::sin(2 * 3.14159265358979324 * frequency * seconds); }
double kick(double t) {
  const double beat = std::fmod(t, 0.5);
  return 0.9 * std::exp(-beat * 12) * tone(50 + 60 * std::exp(-beat * 40), beat);
}
double bass(double t) { return 0.4 * std::tanh(3 * tone(std::fmod(t, 4) < 2 ? 55 : 41.2, t)); }
double chords(double t) { return 0.1 * (tone(220, t) + tone(277.2, t) + tone(329.6, t) + tone(440.7, t)); }
double lead(double t) {
  const double note = std::fmod(t, 0.25), pitch = 440 * std::pow(2, std::floor(std::fmod(t * 4, 8)) / 12);
  return 0.3 * std::exp(-note * 8) * (tone(pitch, t) + 0.3 * tone(3 * pitch, t));
}

Track track(const char *name, double (*sound)(double), double send, const std::vector<mixdsp_setting> &shape,
            double threshold_db, double pan) {
  return Track{name, sound, send, make(mixdsp_equalizer(), 1, 1, shape),
               make(mixdsp_compressor(), 1, 1, {{MIXDSP_COMPRESSOR_THRESHOLD_DB, threshold_db}}),
               make(mixdsp_pan(), 1, 2, {{MIXDSP_PAN_PAN, pan}})};
}

void write_wav(const char *path, const std::vector<float> &frames) {
  std::FILE *file = std::fopen(path, "wb");
  if (!file) return void(failures++);
  const uint32_t bytes = static_cast<uint32_t>(frames.size() * 4);
  const auto number = [file](uint32_t value, int count) {
    for (; count > 0; count--, value >>= 8) std::fputc(static_cast<int>(value & 255), file);
  };
  std::fputs("RIFF", file), number(bytes + 36, 4), std::fputs("WAVEfmt ", file), number(16, 4);
  number(3, 2), number(2, 2), number(48000, 4), number(48000 * 8, 4), number(8, 2), number(32, 2);
  std::fputs("data", file), number(bytes, 4);
  std::fwrite(frames.data(), 4, frames.size(), file);
  std::fclose(file);
}

} // namespace

int main(int count, char **words) {
  std::vector<Track> tracks;
  tracks.push_back(track("kick", kick, 0, band(MIXDSP_EQUALIZER_BANDS_KIND_BELL, 60, 3), -12, 0));
  tracks.push_back(track("bass", bass, 0, band(MIXDSP_EQUALIZER_BANDS_KIND_HIGH_PASS, 35, 0), -18, 0));
  tracks.push_back(track("chords", chords, 0.3, band(MIXDSP_EQUALIZER_BANDS_KIND_LOW_SHELF, 250, -6), -24, -0.5));
  tracks.push_back(track("lead", lead, 0.2, band(MIXDSP_EQUALIZER_BANDS_KIND_HIGH_SHELF, 6000, 4), -18, 0.4));
  mixdsp::Unit reverb = make(mixdsp_reverb(), 2, 2, {{MIXDSP_REVERB_MIX, 1}, {MIXDSP_REVERB_DECAY_SECONDS, 2.2}});
  mixdsp::Unit limiter = make(mixdsp_limiter(), 2, 2,
                              {{MIXDSP_LIMITER_CEILING_DB, ceiling_db}, {MIXDSP_LIMITER_INPUT_GAIN_DB, 4}});
  mixdsp::Unit meter = make(mixdsp_loudness(), 2, 2, {});

  std::vector<float> mix;
  float place[2][block], bus[2][block], room[2][block];
  float *const placed[2] = {place[0], place[1]}, *const summed[2] = {bus[0], bus[1]},
        *const hall[2] = {room[0], room[1]};
  for (uint32_t at = 0; at < blocks; at++) {
    for (float *channel : {bus[0], bus[1], room[0], room[1]}) std::fill(channel, channel + block, 0.0f);
    for (Track &one : tracks) {
      float mono[block];
      float *const io[1] = {mono};
      for (uint32_t i = 0; i < block; i++) mono[i] = static_cast<float>(one.sound((at * block + i) / rate));
      check(one.equalizer.process(io, block));
      check(one.compressor.process(io, block));
      check(one.pan.process(io, placed, block));
      for (int channel = 0; channel < 2; channel++) {
        for (uint32_t i = 0; i < block; i++) {
          bus[channel][i] += place[channel][i];
          room[channel][i] += static_cast<float>(one.send) * place[channel][i];
        }
      }
    }
    check(reverb.process(hall, block));
    for (int channel = 0; channel < 2; channel++) {
      for (uint32_t i = 0; i < block; i++) bus[channel][i] += room[channel][i];
    }
    check(limiter.process(summed, block));
    check(meter.process(summed, block));
    for (uint32_t i = 0; i < block; i++) mix.push_back(bus[0][i]), mix.push_back(bus[1][i]);
  }

  for (Track &one : tracks) {
    double reduction = 0;
    check(one.compressor.get(MIXDSP_COMPRESSOR_GAIN_REDUCTION_DB, reduction));
    std::printf("  %-8s compressor at %5.1f dB\n", one.name, reduction);
  }
  double integrated = 0, range = 0, true_peak = 0, limited = 0;
  check(meter.get(MIXDSP_LOUDNESS_INTEGRATED, integrated));
  check(meter.get(MIXDSP_LOUDNESS_RANGE, range));
  check(meter.get(MIXDSP_LOUDNESS_TRUE_PEAK_DB, true_peak));
  check(limiter.get(MIXDSP_LIMITER_GAIN_REDUCTION_MAX_DB, limited));
  std::printf("  mix      %.1f LUFS, range %.1f LU, true peak %.2f dBTP, limiter at most %.1f dB\n", integrated, range,
              true_peak, limited);
  if (!(true_peak <= ceiling_db + 0.05)) {
    std::printf("the ceiling did not hold\n");
    failures++;
  }
  if (count > 1) write_wav(words[1], mix);
  return failures != 0;
}
