#include "runtime/core/model/fault.hpp"

#include <array>

namespace flipsync {

namespace {

/// In the order of the enum.
constexpr std::array<std::string_view, fault_kinds> names{
  "none",        "rate_limited",  "server_error",     "unreachable",
  "silent",      "slow_start",    "stalled",          "cut",
  "garbled",     "oversized",     "context_too_long", "filtered",
  "key_refused", "quota_used_up", "model_refused",    "request_refused",
  "no_room",     "actor_down",    "outgrown",         "wordless",
  "outrun",      "final_here",
};

fault of_expired(const error& why) noexcept {
  const auto phase = why.detail("phase");
  if (phase == "first_token")
    return fault::slow_start;
  if (phase == "idle" || why.detail("cut") == "true")
    return fault::stalled;
  // An attempt whose whole time is over is as silent to its caller as one that never began.
  return fault::silent;
}

fault of_malformed(const error& why) noexcept {
  if (why.detail("cut") == "true")
    return fault::cut;
  const auto limit = why.detail("limit");
  if (limit == "fast")
    return fault::outgrown;
  if (limit == "length")
    return fault::wordless;
  return limit == "size" ? fault::oversized : fault::garbled;
}

fault of_rejected(const error& why) noexcept {
  if (why.detail("reason") == "key")
    return fault::key_refused;
  if (why.detail("limit") == "quota")
    return fault::quota_used_up;
  return why.detail("status") == "404" ? fault::model_refused : fault::request_refused;
}

fault of_unavailable(const error& why) noexcept {
  if (why.detail("cut") == "true")
    return fault::cut;
  const auto phase = why.detail("phase");
  return phase.empty() ? fault::server_error : fault::unreachable;
}

} // namespace

std::string_view to_string(fault f) noexcept {
  const auto at = static_cast<std::size_t>(f);
  return at < names.size() ? names[at] : std::string_view{"final_here"};
}

fault fault_of(const error& why) noexcept {
  switch (why.code) {
  case errc::none:
    return fault::none;
  case errc::rate_limited:
    return fault::rate_limited;
  case errc::provider_unavailable:
    return of_unavailable(why);
  case errc::deadline_exceeded:
    return of_expired(why);
  case errc::malformed_reply:
    return of_malformed(why);
  case errc::context_too_long:
    return fault::context_too_long;
  case errc::content_filtered:
    return fault::filtered;
  case errc::provider_rejected:
    return of_rejected(why);
  case errc::overloaded:
    return fault::no_room;
  case errc::agent_down:
  case errc::internal:
    return fault::actor_down;
  case errc::cancelled:
    return why.detail("race").empty() ? fault::final_here : fault::outrun;
  case errc::invalid_request:
  case errc::unauthorized:
  case errc::forbidden:
  case errc::not_found:
  case errc::conflict:
  case errc::over_budget:
  case errc::store_failed:
  case errc::node_lost:
  case errc::shutting_down:
    return fault::final_here;
  }
  return fault::final_here;
}

bool is_of_key(fault f) noexcept {
  return f == fault::key_refused || f == fault::rate_limited || f == fault::quota_used_up;
}

culprit culprit_of(fault f) noexcept {
  switch (f) {
  case fault::unreachable:
    return culprit::provider;
  case fault::quota_used_up:
    return culprit::key;
  case fault::server_error:
  case fault::silent:
  case fault::slow_start:
  case fault::stalled:
  case fault::cut:
  case fault::garbled:
  case fault::oversized:
  case fault::model_refused:
    return culprit::model;
  case fault::none:
  case fault::rate_limited: // it says itself when it wants to be asked again
  case fault::context_too_long:
  case fault::filtered:
  case fault::key_refused: // its key is ejected instead
  case fault::request_refused:
  case fault::no_room:
  case fault::actor_down:
  case fault::outgrown:
  case fault::wordless:
  case fault::outrun:
  case fault::final_here:
    return culprit::nobody;
  }
  return culprit::nobody;
}

error not_wanted() { return error{errc::cancelled, "nobody waits for this call any more"}; }

error lost_race() {
  return error{errc::cancelled, "another provider answered first"}.with("race", "lost");
}

} // namespace flipsync
