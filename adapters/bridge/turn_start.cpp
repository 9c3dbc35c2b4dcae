#include "adapters/bridge/turn_start.hpp"

#include <algorithm>

#include "adapters/bridge/access/key_digest.hpp"
#include "adapters/bridge/cache_wish.hpp"
#include "adapters/bridge/http_session.hpp"

namespace flipsync {

namespace {

/// Whose names these are: of the key itself, since its name may have been another's before, and of
/// what it may, which its file can change. The digest's length is fixed and a role has no blank, so
/// that they never run together.
std::string scope_of(const client& from) {
  const auto& digest = from.key->digest.bytes;
  std::string scope{reinterpret_cast<const char*>(digest.data()), digest.size()};
  scope.append(to_string(from.who().who)).append(1, ' ').append(from.who().tenant);
  return scope;
}

} // namespace

result<idempotency_mark> request_mark(const http_session& session, std::string_view place) {
  constexpr std::size_t longest = 255;
  const auto& request = session.request();
  if (!request.has_idempotency_key)
    return idempotency_mark{};
  const auto& name = request.idempotency_key;
  const auto visible =
    std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (name.empty() || name.size() > longest || !visible)
    return error{errc::invalid_request, "an Idempotency-Key has 1 to 255 visible characters"}.with(
      "field", "idempotency-key");
  std::string content{place};
  content.append(1, '\0').append(request.body);
  const auto digest = digest_of(content);
  return idempotency_mark{
    name, {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()}};
}

result<turn_start> start_marked(idempotency_table& known, const client& from,
                                const idempotency_mark& mark, std::shared_ptr<event_sink> sink,
                                const turn_beginner& begin) {
  const auto entry = known.begin(scope_of(from), mark.name, mark.content);
  if (!entry)
    return entry.error();
  turn_start out{entry->turn->join(std::move(sink)), !entry->fresh};
  if (!entry->fresh)
    return out;
  if (auto running = begin(entry->turn))
    entry->turn->runs(std::move(*running));
  else
    entry->turn->refuse(running.error());
  return out;
}

result<turn_start> start_turn(facade& runtime, access_gate& gate, idempotency_table& known,
                              const client& from, const idempotency_mark& mark,
                              turn_request&& request, std::shared_ptr<event_sink> sink) {
  const auto begin = [&](std::shared_ptr<event_sink> to) -> result<turn> {
    auto pass = gate.admit(from, request, access_gate::time_point::clock::now());
    if (!pass)
      return pass.error();
    return runtime.submit(std::move(request), hold_until_end(std::move(*pass), std::move(to)));
  };
  if (!mark.name.empty())
    return start_marked(known, from, mark, std::move(sink), begin);
  auto running = begin(std::move(sink));
  if (!running)
    return running.error();
  return turn_start{std::move(*running), false};
}

bool start_turn(http_session& session, turn_request&& request, std::shared_ptr<event_sink> sink,
                std::string_view place) {
  const auto wish = cache_wish_of(session.request());
  if (!wish) {
    session.problem(wish.error());
    return false;
  }
  request.cache = *wish;
  auto& services = session.services();
  const bool detach = request.detach;
  const auto mark = request_mark(session, place);
  auto begun = mark ? start_turn(services.runtime, services.gate, services.named_turns,
                                 session.sender(), *mark, std::move(request), std::move(sink))
                    : result<turn_start>{mark.error()};
  if (!begun) {
    session.problem(begun.error());
    return false;
  }
  if (begun->replayed)
    session.add_header(replayed_header);
  // A detached turn goes on when its client leaves, so it is not the connection's to cancel.
  if (!detach)
    session.running(std::move(begun->running));
  return true;
}

} // namespace flipsync
