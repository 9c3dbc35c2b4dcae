#pragma once
/// What the fuzz targets share: an input that is read piece by piece, and a check that ends the
/// process, so that the fuzzer keeps the input.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace flipsync::fuzz {

/// Ends the process with the sentence that does not hold.
inline void require(bool holds, const char* sentence) {
  if (holds)
    return;
  std::fprintf(stderr, "does not hold: %s\n", sentence);
  std::abort();
}

/// The fuzzer's bytes: a few that choose, the rest is what is decoded.
class input {
public:
  input(const std::uint8_t* data, std::size_t size)
    : bytes_{reinterpret_cast<const char*>(data), size} {}

  /// A number below `count`; 0 once the bytes are used up.
  std::size_t choose(std::size_t count) {
    if (bytes_.empty())
      return 0;
    const auto chosen = static_cast<unsigned char>(bytes_.front()) % count;
    bytes_.remove_prefix(1);
    return chosen;
  }
  [[nodiscard]] std::string_view rest() const noexcept { return bytes_; }

private:
  std::string_view bytes_;
};

} // namespace flipsync::fuzz
