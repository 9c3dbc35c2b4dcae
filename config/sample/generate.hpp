#pragma once
/// The sample shop's files, made from its catalogue and a seed. The same seed gives the same bytes
/// on every machine: integers only, no library distribution. Times are relative ("-3d7h"), so that
/// the sample does not age: the importer counts them back from its own time.

#include <cstdint>
#include <string>

namespace flipsync::sample {

/// The seed of the files that are shipped.
inline constexpr std::uint64_t shipped_seed = 2026;

struct files {
  std::string products;
  std::string prices;
  std::string orders;
  std::string rates;
};

files generate(std::uint64_t seed);

} // namespace flipsync::sample
