// The C++ owner: statuses, the old unit when a new one cannot be made, moves.
#include "mixdsp.hpp"
#include <cmath>
#include <cstdio>
#include <utility>
#include <vector>

static int failures = 0;
#define CHECK(what)                                                                                    \
  do {                                                                                                 \
    if (!(what)) {                                                                                     \
      std::printf("line %d: not so: %s\n", __LINE__, #what);                                           \
      failures++;                                                                                      \
    }                                                                                                  \
  } while (0)

int main() {
  mixdsp::Unit unit;
  double value = 5, other = 5;
  CHECK(!unit && unit.set(1, 0) == MIXDSP_EARG && unit.get(1, value) == MIXDSP_EARG && value == 5);
  CHECK(unit.reset() == MIXDSP_EARG && unit.tail() == 0 && unit.latency() == 0 && unit.kind() == nullptr);

  mixdsp_spec spec = MIXDSP_SPEC(48000, 2);
  CHECK(unit.make(mixdsp_gain(), spec) == MIXDSP_OK && unit && unit.kind() == mixdsp_gain());
  CHECK(unit.set(MIXDSP_GAIN_GAIN_DB, -20) == MIXDSP_OK && unit.set(MIXDSP_GAIN_GAIN_DB, 99) == MIXDSP_ERANGE);
  CHECK(unit.set(77, 0) == MIXDSP_EID && unit.glide(MIXDSP_GAIN_MUTE, 1, 5) == MIXDSP_EGLIDE);
  CHECK(unit.reset() == MIXDSP_OK);

  // A new one that cannot be made leaves the old one at work.
  mixdsp_spec bad = spec;
  bad.sample_rate = 1;
  CHECK(unit.make(mixdsp_gain(), bad) == MIXDSP_ERATE && unit);
  CHECK(unit.get(MIXDSP_GAIN_GAIN_DB, value) == MIXDSP_OK && value == -20);

  std::vector<float> left(100, 1.0f), right(100, -1.0f);
  float *const io[] = {left.data(), right.data()};
  CHECK(unit.process(io, 100) == MIXDSP_OK && std::fabs(left[99] - 0.1f) < 1e-6f);
  CHECK(unit.process(static_cast<const float *const *>(io), io, 100) == MIXDSP_OK);
  CHECK(std::fabs(right[0] + 0.01f) < 1e-6f);
  std::vector<double> wide(100);
  double *const doubles[] = {wide.data(), wide.data()};
  CHECK(unit.process(doubles, 100) == MIXDSP_ETYPE);
  CHECK(unit.response(1000, MIXDSP_SETTLED, value, other) == MIXDSP_OK && std::fabs(value - 0.1) < 1e-12 && other == 0);

  // Moves carry the unit; what was moved from is empty.
  mixdsp_unit *const place = unit.get();
  mixdsp::Unit second(std::move(unit));
  CHECK(second.get() == place && second.get(MIXDSP_GAIN_GAIN_DB, value) == MIXDSP_OK);
  mixdsp::Unit third;
  CHECK(third.make(mixdsp_equalizer(), spec) == MIXDSP_OK);
  third = std::move(second);
  CHECK(third.get() == place && third.kind() == mixdsp_gain());
  std::vector<mixdsp::Unit> many;
  for (int i = 0; i < 5; i++) many.push_back(mixdsp::Unit());
  for (mixdsp::Unit &each : many) CHECK(each.make(mixdsp_delay(), spec) == MIXDSP_OK);
  many.erase(many.begin());
  CHECK(many.size() == 4 && many[3] && many[3].kind() == mixdsp_delay());

  mixdsp_setting saved[3];
  CHECK(third.save(saved, 3) == 3 && saved[0].value == -20 && third.load(saved, 3) == MIXDSP_OK);
  CHECK(third.process_interleaved(left.data(), left.data(), 50) == MIXDSP_OK);
  CHECK(third.feed(left.data(), MIXDSP_F32, 50) == MIXDSP_OK && third.sanitized_samples() == 0);
  if (failures == 0) std::printf("the C++ owner does what it says\n");
  return failures != 0;
}
