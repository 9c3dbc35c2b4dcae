#include "adapters/bridge/handlers/caller.hpp"

#include <charconv>

namespace flipsync {

namespace {

/// Changes whenever what stands behind a cursor does.
constexpr std::string_view cursor_head = "c1_";

} // namespace

std::string tenant_of(const http_session& session) { return session.sender().who().tenant; }

audience audience_of(const http_session& session) {
  const auto own = audience_of(session.sender().who().who);
  const auto asked = session.query().text("audience");
  const auto who = asked ? parse_audience(*asked) : result<audience>{own};
  // A shopper stays one, whatever it asks.
  return own == audience::shopper || !who ? own : *who;
}

back_office* office_of(http_session& session) {
  auto* office = session.services().runtime.office();
  if (office == nullptr)
    session.problem(error{errc::not_found, "this runtime has no back office"});
  return office;
}

std::string cursor_of(std::uint64_t place) {
  char digits[16];
  const auto* end = std::to_chars(digits, digits + sizeof digits, place, 36).ptr;
  return std::string{cursor_head}.append(digits, static_cast<std::size_t>(end - digits));
}

result<std::uint64_t> place_of(const http_session& session) {
  auto text = session.query().text("cursor").value_or(std::string_view{});
  if (text.empty())
    return std::uint64_t{0};
  std::uint64_t place = 0;
  if (text.starts_with(cursor_head)) {
    text.remove_prefix(cursor_head.size());
    const auto* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, place, 36);
    if (read.ec == std::errc{} && read.ptr == end && place != 0)
      return place;
  }
  return error{errc::invalid_request, "this is no cursor of ours"}.with("field", "cursor");
}

} // namespace flipsync
