// What a conversation at rest remembers, packed.
#include "runtime/core/turn/packed_history.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace std::string_literals;

namespace {

void check_same(const stored_message& is, const stored_message& should) {
  CHECK(is.role == should.role);
  CHECK(is.text == should.text);
  CHECK(is.agent == should.agent);
  CHECK(is.at == should.at);
  CHECK(is.skus == should.skus);
}

} // namespace

TEST_CASE("a packed history comes back as it was") {
  const wall_time at{wall_time::duration{1'234'567'890'123}};
  conversation_history history;
  history.agent = "concierge";
  history.messages = {
    {"user", "naïve\0 \n\"quoted\""s, {}, at, {}},
    {"assistant", std::string(70'000, 'x'), "concierge", at, {"A-1", "", "B-2"}},
    {"user", "", {}, wall_time{}, {}},
  };
  const auto again = unpack(pack(history));
  CHECK(again.exists);
  CHECK(again.agent == history.agent);
  REQUIRE(again.messages.size() == history.messages.size());
  for (std::size_t i = 0; i < history.messages.size(); ++i)
    check_same(again.messages[i], history.messages[i]);
}

TEST_CASE("an empty history is packed into something") {
  const auto packed = pack({});
  CHECK_FALSE(packed.empty());
  const auto again = unpack(packed);
  CHECK(again.agent.empty());
  CHECK(again.messages.empty());
}
