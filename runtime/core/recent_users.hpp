#pragma once
/// How many different users were there lately: for figures, not for decisions.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/core/types/units.hpp"

namespace flipsync {

/// Counts users by a 64-bit hash of who they are, in a table that grows with them up to `most`
/// places of 16 bytes. Noting one looks at a handful of places however many there are, and
/// allocates only when the table grows. Not thread-safe.
class recent_users {
public:
  static constexpr std::chrono::minutes lately{5};
  /// Above about three quarters of it, some are left out: the count is then a lower bound.
  static constexpr std::size_t most = std::size_t{1} << 17;

  /// `kind` tells apart what may have the same name ("customer", "conversation").
  void seen(std::string_view tenant, std::string_view kind, std::string_view name, mono_time now);
  /// Those seen within `lately` of `now`.
  [[nodiscard]] std::size_t count(mono_time now) const;

private:
  struct place {
    std::uint64_t user = 0; ///< 0: nobody yet
    mono_time at{};
  };

  [[nodiscard]] bool note(std::uint64_t user, mono_time now);
  void grow(mono_time now);

  std::vector<place> places_; ///< empty, or a power of two
};

} // namespace flipsync
