#pragma once
/// Where encrypted bytes are read into.

#include <array>

namespace flipsync {

/// A whole record of TLS and what goes around it. Of the thread, not of a connection, so that an
/// idle one holds none; what is in it is used up before the thread reads again.
inline std::array<char, 17 * 1024>& secret_buffer() {
  static thread_local std::array<char, 17 * 1024> buffer;
  return buffer;
}

} // namespace flipsync
