#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync {

std::string_view exchange_head::header(std::string_view lower_case_name) const noexcept {
  for (const auto& [name, value] : headers)
    if (name == lower_case_name)
      return value;
  return {};
}

} // namespace flipsync
