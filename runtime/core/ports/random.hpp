#pragma once
/// Randomness and ids as a port: a seeded generator gives the same run for the same seed, the
/// machine's gives ids that nobody can foresee.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Thread-safe.
class random_port {
public:
  virtual ~random_port() = default;
  /// 64 uniform bits.
  virtual std::uint64_t next() = 0;
  /// Uniform in [0, bound) by rejection; 0 if bound is 0. Never by a std distribution, whose
  /// results differ between libraries.
  std::uint64_t below(std::uint64_t bound);
  /// A new id: `prefix`, an underscore and 20 characters of base 32.
  std::string id(std::string_view prefix);
  /// One whose 20 characters follow nine that sort by time, for what is stored by its id: rows of
  /// one time then lie side by side in the index, and many of them change one page of it.
  std::string id_in_time(std::string_view prefix, wall_time at);
};

/// xoshiro256** behind a mutex, seeded by splitmix64. Who sees some of its ids can work out the
/// others: for runs that are to be repeated.
std::unique_ptr<random_port> make_random(std::uint64_t seed);

/// The kernel's generator (getrandom), some kilobytes at a time. Ids of conversations and turns are
/// drawn from it, since who knows one may go on with it. Throws std::system_error where there is
/// none, here or when it is next asked.
std::unique_ptr<random_port> make_machine_random();

} // namespace flipsync
