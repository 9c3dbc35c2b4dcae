#pragma once
/// Whether a message is simple enough for the cheap model or wants the strong one: pure, and it
/// says why.

#include <cstdint>
#include <string>
#include <string_view>

namespace flipsync {

enum class complexity : std::uint8_t { simple, complex };
std::string_view to_string(complexity c) noexcept;

struct complexity_verdict {
  complexity what = complexity::simple;
  std::string reason; ///< a few words: "short, asks for one thing", "asks to compare; 24 words"
};

/// Reads English marks of work: what is to be weighed, explained, planned or written, and how much
/// is said. Other languages are judged by their length alone.
complexity_verdict complexity_of(std::string_view message);

} // namespace flipsync
