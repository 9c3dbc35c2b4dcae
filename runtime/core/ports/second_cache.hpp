#pragma once
/// A cache outside of the process as a port: slower than memory, shared by several processes, and
/// free to be away at any time.

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace flipsync {

struct second_cache_view {
  bool up = false;            ///< it is asked; else it is left alone until it is tried again
  std::uint64_t failures = 0; ///< commands that failed or came too late
  std::uint64_t dropped = 0; ///< commands that were not even begun: it was away, or too much waited
};

/// Thread-safe; no member blocks. Its errors are misses. No callback runs once it is destroyed.
class second_cache {
public:
  virtual ~second_cache() = default;
  /// `done` once, on any thread, possibly before this returns: the bytes, or nothing.
  virtual void find(std::string name, std::function<void(std::optional<std::string>)> done) = 0;
  virtual void keep(std::string name, std::string bytes, std::chrono::milliseconds lifetime) = 0;
  /// Forgets every entry whose name matches `pattern`, in which `*` stands for any text. `done` as
  /// of `find`: how many there were; nothing where that cannot be said.
  virtual void clear(std::string pattern,
                     std::function<void(std::optional<std::uint64_t>)> done) = 0;
  [[nodiscard]] virtual second_cache_view show() const = 0;
};

} // namespace flipsync
