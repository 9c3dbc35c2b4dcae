// Bytes of the second cache, which others may have written.

#include <string_view>

#include "runtime/core/cache/kept_answer.hpp"
#include "tests/fuzz/fuzz.hpp"

using namespace flipsync;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (const auto read = decode_answer(bytes))
    fuzz::require(encode(*read) == bytes, "an answer has one form");
  // With a check that fits, so that what lies behind it is reached.
  if (const auto read = decode_answer(sealed(bytes)))
    fuzz::require(decode_answer(encode(*read)).has_value(), "what was read can be read again");
  return 0;
}
