// The names of the small enums, which are part of the wire format.
#include <catch2/catch_test_macros.hpp>

#include <set>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/ports/store.hpp"
#include "runtime/core/types/turn_event.hpp"
#include "runtime/core/types/turn_reply.hpp"

using namespace flipsync;

namespace {

template <class E>
std::vector<std::string_view> names_up_to(E last) {
  std::vector<std::string_view> out;
  for (int value = 0; value <= static_cast<int>(last); ++value)
    out.push_back(to_string(static_cast<E>(value)));
  return out;
}

using names = std::vector<std::string_view>;

} // namespace

TEST_CASE("Event types are named as in the event model") {
  CHECK(names_up_to(event_type::failed)
        == names{"turn_started", "routed", "part_started", "progress", "token", "part_finished",
                 "decision", "tool_call", "tool_result", "restarted", "completed", "failed"});
  CHECK(is_terminal(event_type::completed));
  CHECK(is_terminal(event_type::failed));
  CHECK_FALSE(is_terminal(event_type::token));
}

TEST_CASE("Turn and part statuses are named as in the reply") {
  CHECK(names_up_to(turn_status::failed) == names{"ok", "partial", "failed"});
  CHECK(names_up_to(part_status::cancelled)
        == names{"ok", "cached", "heuristic", "skipped", "timed_out", "failed", "cancelled"});
}

TEST_CASE("Chat roles are named as models know them") {
  CHECK(names_up_to(chat_role::tool) == names{"system", "user", "assistant", "tool"});
}

TEST_CASE("Import kinds parse from their names and nothing else") {
  CHECK(names_up_to(import_kind::rates) == names{"products", "prices", "orders", "rates"});
  CHECK(parse_import_kind("orders").value() == import_kind::orders);
  CHECK(parse_import_kind("order").error().detail("field") == "kind");
}
