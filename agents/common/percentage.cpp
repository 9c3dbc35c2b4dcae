#include "agents/common/percentage.hpp"

#include <algorithm>

#include "runtime/core/text/number_text.hpp"

namespace flipsync {

std::optional<double> percentage_of(std::string_view text) {
  for (std::size_t at = text.find_first_of("0123456789"); at != std::string_view::npos;) {
    const auto end = std::min(text.find_first_not_of("0123456789.", at), text.size());
    const auto after = text.find_first_not_of(' ', end);
    const auto rest = after == std::string_view::npos ? std::string_view{} : text.substr(after);
    if (rest.starts_with('%') || rest.starts_with("percent"))
      return number_of(text.substr(at, end - at));
    at = text.find_first_of("0123456789", end);
  }
  return std::nullopt;
}

} // namespace flipsync
