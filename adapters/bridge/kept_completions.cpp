#include "adapters/bridge/kept_completions.hpp"

#include "adapters/bridge/completions/write_reply.hpp"
#include "adapters/bridge/completions_exchange.hpp"

namespace flipsync {

namespace {

constexpr std::string_view cached_header = "X-FlipSync-Cache: hit\r\n";

std::string written_whole(const completions::reply_head& head, const turn_reply& reply) {
  std::string out;
  completions::append_completion(out, head, reply);
  return out;
}

std::string written_as_stream(completions::reply_head head, const turn_reply& reply, bool usage) {
  std::string out;
  const completions::chunk_writer writer{std::move(head), usage};
  writer.role(out);
  writer.content(out, reply.message);
  writer.end(out, reply);
  return out;
}

std::int64_t seconds_now() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::floor<std::chrono::seconds>(now).count();
}

} // namespace

void completion_keeper::set(std::string model, bool streamed, bool usage, wire::costs how) {
  model_ = std::move(model);
  streamed_ = streamed;
  usage_ = usage;
  costs_ = how;
}

void completion_keeper::keep(const turn_reply& reply) const {
  const auto time = good_for(reply);
  if (time.count() <= 0)
    return;
  kept_turn turn{as_kept(reply), {}, streamed_, savings_of(reply)};
  turn.reply.id = turns_.new_turn_id(); // made now, so that the answer cannot speak of it
  completions::reply_head head{turn.reply.id, model_, 0, costs_};
  turn.written = {streamed_ ? written_as_stream(std::move(head), turn.reply, usage_)
                            : written_whole(head, turn.reply),
                  turn.reply.id};
  turns_.keep(key_, std::move(turn), time);
}

std::shared_ptr<completion_keeper> keeper_of(http_session& session, cache_use wish) {
  auto* turns = session.services().runtime.kept_turns();
  if (turns == nullptr || !turns->on() || wish == cache_use::refused)
    return nullptr;
  const auto& who = session.sender().who();
  const received_request received{.tenant = who.tenant,
                                  .role = to_string(who.who),
                                  .place =
                                    wish == cache_use::asked ? "completions, asked" : "completions",
                                  .body = session.request().body};
  return std::make_shared<completion_keeper>(*turns, turns->key_of(received));
}

bool answer_kept(http_session& session, const completion_keeper& place) {
  auto& services = session.services();
  auto& turns = *services.runtime.kept_turns();
  const auto kept = turns.find(place.key());
  if (!kept)
    return false;
  // Its sender's limits hold all the same.
  if (const auto pass = services.gate.admit(session.sender(), http_session::clock::now()); !pass) {
    completions_problem(session, pass.error());
    return true;
  }
  session.add_header(cached_header);
  const auto id = turns.new_turn_id();
  if (kept->streamed) {
    std::string chunks;
    kept->written.append(chunks, id, seconds_now());
    session.begin_stream();
    session.stream_piece(chunks);
    session.end_stream();
  } else {
    kept->written.append(session.begin_response(200, "application/json"), id, seconds_now());
    session.end_response();
  }
  return true;
}

} // namespace flipsync
