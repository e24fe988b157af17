// mixdsp.hpp: a unit that owns its memory, for C++11 and later. Header only; the interface below is C's.
//
// A Unit moves and is never copied. Every call tells its status; nothing throws. Units, ranges, errors and
// threads are those of the C functions in mixdsp.h.
#pragma once
#include "mixdsp.h"
#include <cstdint>
#include <type_traits>
#include <utility>

namespace mixdsp {

class Unit {
public:
  Unit() noexcept : unit_(nullptr) {}
  ~Unit() { mixdsp_free(unit_); }
  Unit(Unit &&other) noexcept : unit_(other.unit_) { other.unit_ = nullptr; }
  Unit &operator=(Unit &&other) noexcept {
    std::swap(unit_, other.unit_);
    return *this;
  }
  Unit(const Unit &) = delete;
  Unit &operator=(const Unit &) = delete;

  // [set-up] Builds a unit, and keeps the old one when it cannot be made.
  mixdsp_status make(const mixdsp_class *kind, const mixdsp_spec &spec) noexcept {
    mixdsp_unit *fresh = nullptr;
    const mixdsp_status status = mixdsp_new(kind, &spec, &fresh);
    if (status == MIXDSP_OK) {
      mixdsp_free(unit_);
      unit_ = fresh;
    }
    return status;
  }

  // Whether there is a unit. Without one, every call is MIXDSP_EARG and every count 0.
  explicit operator bool() const noexcept { return unit_ != nullptr; }
  mixdsp_unit *get() const noexcept { return unit_; }

  // [owner] In place, or from `in` to `out`.
  mixdsp_status process(float *const *io, std::uint32_t frames) noexcept {
    return mixdsp_process(unit_, io, nullptr, io, frames);
  }
  mixdsp_status process(double *const *io, std::uint32_t frames) noexcept {
    return mixdsp_process_f64(unit_, io, nullptr, io, frames);
  }
  mixdsp_status process(const float *const *in, float *const *out, std::uint32_t frames,
                        const float *const *sidechain = nullptr) noexcept {
    return mixdsp_process(unit_, in, sidechain, out, frames);
  }
  mixdsp_status process(const double *const *in, double *const *out, std::uint32_t frames,
                        const double *const *sidechain = nullptr) noexcept {
    return mixdsp_process_f64(unit_, in, sidechain, out, frames);
  }
  mixdsp_status process_interleaved(const float *in, float *out, std::uint32_t frames) noexcept {
    return mixdsp_process_interleaved(unit_, in, out, frames);
  }
  mixdsp_status feed(const void *samples, std::uint32_t format, std::uint32_t frames) noexcept {
    return mixdsp_feed(unit_, samples, format, frames);
  }
  mixdsp_status reset() noexcept { return mixdsp_reset(unit_); }
  mixdsp_status response(double frequency_hz, std::uint32_t at, double &real, double &imaginary) noexcept {
    return mixdsp_response(unit_, frequency_hz, at, &real, &imaginary);
  }
  mixdsp_status static_curve_db(double level_db, double &out_db) noexcept {
    return mixdsp_static_curve_db(unit_, level_db, &out_db);
  }
  std::uint64_t tail() noexcept { return mixdsp_tail(unit_); }

  // [any]
  mixdsp_status set(std::uint64_t id, double value) noexcept { return mixdsp_set(unit_, id, value); }
  mixdsp_status glide(std::uint64_t id, double target, std::uint32_t frames) noexcept {
    return mixdsp_glide(unit_, id, target, frames);
  }
  mixdsp_status get(std::uint64_t id, double &value) const noexcept { return mixdsp_get(unit_, id, &value); }
  mixdsp_status load(const mixdsp_setting *settings, std::uint32_t count) noexcept {
    return mixdsp_load(unit_, settings, count);
  }
  std::uint32_t save(mixdsp_setting *settings, std::uint32_t capacity) const noexcept {
    return mixdsp_save(unit_, settings, capacity);
  }
  std::uint64_t latency() const noexcept { return mixdsp_latency(unit_); }
  std::uint64_t sanitized_samples() const noexcept { return mixdsp_sanitized_samples(unit_); }
  const mixdsp_class *kind() const noexcept { return mixdsp_class_of(unit_); }

private:
  mixdsp_unit *unit_;
};

static_assert(!std::is_copy_constructible<Unit>::value && std::is_nothrow_move_constructible<Unit>::value,
              "a unit stays where it is; its owner moves");

} // namespace mixdsp
