#include "runtime/core/ports/random.hpp"

#include <sys/random.h>

#include <array>
#include <bit>
#include <cerrno>
#include <mutex>
#include <span>
#include <system_error>
#include <utility>

namespace flipsync {

namespace {

/// Spreads a seed over the generator's state, so that near seeds give unlike runs.
std::uint64_t splitmix64(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15u;
  auto z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

class xoshiro256 final : public random_port {
public:
  explicit xoshiro256(std::uint64_t seed) {
    for (auto& word : state_)
      word = splitmix64(seed);
  }

  std::uint64_t next() override {
    const std::lock_guard hold{mutex_};
    const auto out = std::rotl(state_[1] * 5, 7) * 9;
    const auto shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = std::rotl(state_[3], 45);
    return out;
  }

private:
  std::mutex mutex_;
  std::array<std::uint64_t, 4> state_{};
};

void fill(std::span<std::byte> bytes) {
  while (!bytes.empty()) {
    const auto got = ::getrandom(bytes.data(), bytes.size(), 0);
    if (got > 0)
      bytes = bytes.subspan(static_cast<std::size_t>(got));
    else if (errno != EINTR)
      throw std::system_error{errno, std::generic_category(), "getrandom"};
  }
}

class machine_random final : public random_port {
public:
  machine_random() { refill(); }

  std::uint64_t next() override {
    const std::lock_guard hold{mutex_};
    if (used_ == words_.size())
      refill();
    // What was given out is not kept: memory that leaks tells nothing of ids in use.
    return std::exchange(words_[used_++], 0);
  }

private:
  void refill() {
    fill(std::as_writable_bytes(std::span{words_}));
    used_ = 0;
  }

  std::mutex mutex_;
  std::array<std::uint64_t, 512> words_{};
  std::size_t used_ = 0;
};

constexpr std::string_view base32 = "abcdefghijklmnopqrstuvwxyz234567";
/// The same digits, in the order in which a string of them sorts as its number does.
constexpr std::string_view sorted_base32 = "234567abcdefghijklmnopqrstuvwxyz";

void append_digits(std::string& out, std::uint64_t bits, int count) {
  for (int i = 0; i < count; ++i, bits >>= 5)
    out += base32[bits & 31u];
}

} // namespace

std::uint64_t random_port::below(std::uint64_t bound) {
  if (bound == 0)
    return 0;
  // The first `2^64 mod bound` values are thrown away: they would make low results likelier.
  const auto skip = (0 - bound) % bound;
  auto value = next();
  while (value < skip)
    value = next();
  return value % bound;
}

std::string random_port::id(std::string_view prefix) {
  std::string out;
  out.reserve(prefix.size() + 21);
  out.append(prefix);
  out += '_';
  for (int half = 0; half < 2; ++half)
    append_digits(out, next(), 10);
  return out;
}

std::string random_port::id_in_time(std::string_view prefix, wall_time at) {
  constexpr int time_digits = 9; // of five bits: milliseconds up to the year 3084
  const auto ms = std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch()).count();
  std::string out;
  out.reserve(prefix.size() + 30);
  out.append(prefix);
  out += '_';
  for (int i = time_digits; i-- > 0;)
    out += sorted_base32[(static_cast<std::uint64_t>(ms) >> (5 * i)) & 31u];
  for (int half = 0; half < 2; ++half)
    append_digits(out, next(), 10);
  return out;
}

std::unique_ptr<random_port> make_random(std::uint64_t seed) {
  return std::make_unique<xoshiro256>(seed);
}

std::unique_ptr<random_port> make_machine_random() { return std::make_unique<machine_random>(); }

} // namespace flipsync
