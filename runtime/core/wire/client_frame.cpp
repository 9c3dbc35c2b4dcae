#include "runtime/core/wire/client_frame.hpp"

#include <algorithm>
#include <array>

#include "runtime/core/wire/json.hpp"
#include "runtime/core/wire/json_append.hpp"
#include "runtime/core/wire/json_input.hpp"
#include "runtime/core/wire/request_reader.hpp"

namespace flipsync::wire {

namespace {

using element = simdjson::dom::element;
using object = simdjson::dom::object;

constexpr std::array<std::pair<std::string_view, frame_kind>, 5> kinds{
  {{"message", frame_kind::message},
   {"cancel", frame_kind::cancel},
   {"ping", frame_kind::ping},
   {"subscribe", frame_kind::subscribe},
   {"resume", frame_kind::resume}}};

result<void> read_id(element value, std::string& id) {
  std::int64_t number = 0;
  std::string_view text;
  if (value.is_null())
    return {};
  if (value.get(number) == simdjson::SUCCESS)
    append_integer(id, number);
  else if (value.get(text) == simdjson::SUCCESS && text.size() <= max_frame_id)
    append_string(id, text);
  else
    return wrong_type("id", "a string of at most 128 bytes or a whole number");
  return {};
}

result<void> read_kind(element value, frame_kind& kind) {
  std::string_view text;
  if (value.get(text) == simdjson::SUCCESS)
    for (const auto& [name, known] : kinds)
      if (name == text) {
        kind = known;
        return {};
      }
  return wrong_type("type", "one of message, cancel, ping, subscribe, resume");
}

result<void> read_topics(element value, client_frame& into) {
  constexpr auto wanted = "a list of: agents, decisions";
  simdjson::dom::array topics;
  if (value.get(topics) != simdjson::SUCCESS)
    return wrong_type("topics", wanted);
  for (const auto topic : topics) {
    std::string_view name;
    if (topic.get(name) != simdjson::SUCCESS || (name != "agents" && name != "decisions"))
      return wrong_type("topics", wanted);
    (name == "agents" ? into.agents : into.decisions) = true;
  }
  return {};
}

/// A member of a frame that is no message.
result<void> read_member(std::string_view name, element value, client_frame& into) {
  const auto kind = into.kind;
  if (name == "turn" && (kind == frame_kind::cancel || kind == frame_kind::resume)) {
    std::string_view turn;
    if (value.get(turn) != simdjson::SUCCESS || turn.empty())
      return wrong_type(name, "a turn's id");
    into.turn = turn;
    return {};
  }
  if (name == "after_seq" && kind == frame_kind::resume) {
    if (value.get(into.after_seq) != simdjson::SUCCESS)
      return wrong_type(name, "a whole number from 0");
    return {};
  }
  if (name == "topics" && kind == frame_kind::subscribe)
    return read_topics(value, into);
  return wrong_field(name, "a frame of this type has no field of this name");
}

result<void> read_message(object frame, client_frame& into) {
  request_reader reader;
  reader.request().stream = true;
  for (const auto [name, value] : frame) {
    if (name == "type" || name == "id")
      continue;
    if (auto done = reader.member(name, value); !done)
      return done;
  }
  into.request = std::move(reader.request());
  return {};
}

result<void> read_other(object frame, client_frame& into) {
  bool topics = false;
  bool after = false;
  for (const auto [name, value] : frame) {
    if (name == "type" || name == "id")
      continue;
    if (auto done = read_member(name, value, into); !done)
      return done;
    topics = topics || name == "topics";
    after = after || name == "after_seq";
  }
  if (into.kind == frame_kind::subscribe && !topics)
    return wrong_field("topics", "topics is missing; an empty list ends what was subscribed");
  if (after && into.turn.empty())
    return wrong_field("turn", "turn is missing");
  return {};
}

} // namespace

result<void> parse_client_frame(std::string_view json, client_frame& into) {
  const auto frame = parse_object(json, "frame");
  if (!frame)
    return frame.error();
  // The id first: whatever else is wrong is told with it.
  if (element id; (*frame)["id"].get(id) == simdjson::SUCCESS)
    if (auto done = read_id(id, into.id); !done)
      return done;
  if (element type; (*frame)["type"].get(type) == simdjson::SUCCESS) {
    if (auto done = read_kind(type, into.kind); !done)
      return done;
  } else if ((*frame)["message"].error() != simdjson::SUCCESS) {
    return wrong_field("type", "type is missing: message, cancel, ping, subscribe or resume");
  }
  return into.kind == frame_kind::message ? read_message(*frame, into) : read_other(*frame, into);
}

void add_frame_id(std::string& frame, std::string_view id) {
  if (id.empty())
    return;
  frame.pop_back();
  frame.append(R"(,"id":)").append(id).append("}");
}

std::string error_frame(const error& why, std::string_view id) {
  std::string out;
  append_error_frame(out, why);
  add_frame_id(out, id);
  return out;
}

std::string pong_frame(wall_time now, std::string_view id) {
  std::string out;
  json_object object{out};
  object.text("type", "pong");
  append_time(object.key("at"), now);
  object.close();
  add_frame_id(out, id);
  return out;
}

std::string subscribed_frame(const client_frame& asked) {
  std::string out;
  std::vector<std::string_view> topics;
  if (asked.agents)
    topics.emplace_back("agents");
  if (asked.decisions)
    topics.emplace_back("decisions");
  json_object object{out};
  object.text("type", "subscribed");
  append_array(object.key("topics"), topics,
               [](std::string& o, std::string_view topic) { append_string(o, topic); });
  object.close();
  add_frame_id(out, asked.id);
  return out;
}

std::string resumable_frame(std::chrono::milliseconds hold, std::string_view id) {
  std::string out;
  json_object object{out};
  object.text("type", "resumable");
  append_integer(object.key("hold_ms"), hold.count());
  object.close();
  add_frame_id(out, id);
  return out;
}

std::string resumed_frame(std::string_view turn, std::uint64_t after_seq, bool running,
                          std::string_view id) {
  std::string out;
  json_object object{out};
  object.text("type", "resumed");
  object.text("turn", turn);
  object.number("after_seq", after_seq);
  object.boolean("running", running);
  object.close();
  add_frame_id(out, id);
  return out;
}

std::string draining_frame(std::size_t turns) {
  std::string out;
  json_object object{out};
  object.text("type", "draining");
  object.number("turns", turns);
  object.close();
  return out;
}

std::string agents_frame(wall_time now, const std::vector<agent_status>& agents) {
  std::string out;
  json_object object{out};
  object.text("type", "agents");
  append_time(object.key("at"), now);
  append_array(object.key("agents"), agents,
               [](std::string& o, const agent_status& agent) { append_json(o, agent); });
  object.close();
  return out;
}

} // namespace flipsync::wire
