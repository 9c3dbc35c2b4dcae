#include "runtime/core/types/error.hpp"

#include <boost/throw_exception.hpp>

#include <array>
#include <stdexcept>

namespace flipsync {

namespace {

/// In the order of the enum: the position is the value.
constexpr std::array<std::string_view, 21> names{
  "none",
  "invalid_request",
  "unauthorized",
  "forbidden",
  "not_found",
  "conflict",
  "overloaded",
  "rate_limited",
  "over_budget",
  "deadline_exceeded",
  "cancelled",
  "provider_unavailable",
  "provider_rejected",
  "context_too_long",
  "content_filtered",
  "malformed_reply",
  "agent_down",
  "store_failed",
  "node_lost",
  "shutting_down",
  "internal",
};
static_assert(names.size() == static_cast<std::size_t>(errc::internal) + 1);

} // namespace

std::string_view to_string(errc code) noexcept {
  const auto at = static_cast<std::size_t>(code);
  return at < names.size() ? names[at] : std::string_view{"internal"};
}

std::optional<errc> errc_from_string(std::string_view name) noexcept {
  for (std::size_t at = 0; at < names.size(); ++at)
    if (names[at] == name)
      return static_cast<errc>(at);
  return std::nullopt;
}

std::string_view error::detail(std::string_view name) const noexcept {
  for (const auto& [key, value] : details)
    if (key == name)
      return value;
  return {};
}

bool retryable(errc code) noexcept {
  switch (code) {
  case errc::overloaded:
  case errc::rate_limited:
  case errc::provider_unavailable:
  case errc::malformed_reply:
  case errc::deadline_exceeded:
  case errc::agent_down:
  case errc::store_failed:
  case errc::node_lost:
  case errc::shutting_down:
    return true;
  case errc::none:
  case errc::invalid_request:
  case errc::unauthorized:
  case errc::forbidden:
  case errc::not_found:
  case errc::conflict:
  case errc::over_budget:
  case errc::cancelled:
  case errc::provider_rejected:
  case errc::context_too_long:
  case errc::content_filtered:
  case errc::internal:
    return false;
  }
  return false;
}

void throw_exception_from_error(const error& e, const boost::source_location& where) {
  std::string what{to_string(e.code)};
  if (!e.message.empty())
    what += ": " + e.message;
  boost::throw_exception(std::runtime_error{what}, where);
}

} // namespace flipsync
