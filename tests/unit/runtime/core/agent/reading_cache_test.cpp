#include "runtime/core/agent/reading_cache.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace flipsync;

namespace {

struct kept {
  vocabulary words;
  shop_rules rules = default_shop_rules();
  reading_cache cache;

  std::shared_ptr<const message_reading>
  read(std::string_view text, const earlier_talk& earlier = {}, bool may_keep = true) {
    return cache.read(text, words, rules, earlier, may_keep);
  }
};

} // namespace

TEST_CASE("a message that was read before is not read again") {
  kept c;
  const auto first = c.read("show me kettles");
  CHECK(first->text == "show me kettles");
  CHECK(c.read("show me kettles") == first);
  CHECK(c.read("show me kettles", {"A-1"}) == first);
  CHECK(c.read("show me lamps") != first);
}

TEST_CASE("a message is read anew with another catalogue's words") {
  kept c;
  const auto before = c.read("show me kettles");
  CHECK(before->category.empty());
  c.words.add(entity_kind::category, "Kettles");
  ++c.words.version;
  CHECK(c.read("show me kettles")->category == "Kettles");
  c.words = {};
  CHECK(c.read("show me kettles")->category.empty());
}

TEST_CASE("what a pronoun means in one conversation is not said to another") {
  kept c;
  CHECK(c.read("is it waterproof", {"A-1"})->sku == "A-1");
  CHECK(c.read("is it waterproof", {"B-2"})->sku == "B-2");
  const auto alone = c.read("is it waterproof");
  CHECK(alone->unresolved_pronoun);
  CHECK(alone->sku.empty());
  CHECK(c.read("is it waterproof", {"A-1"})->sku == "A-1");
  CHECK(c.read("is it waterproof") == alone);
}

TEST_CASE("a message that may not be kept leaves nothing behind") {
  kept c;
  const std::weak_ptr<const message_reading> gone = c.read("my name is Ada", {}, false);
  CHECK(gone.expired());
  const auto mine = c.read("hello");
  CHECK(c.read("hello", {}, false) == mine);
}

TEST_CASE("readings are forgotten on demand") {
  kept c;
  const std::weak_ptr<const message_reading> gone = c.read("my name is Ada");
  CHECK_FALSE(gone.expired());
  c.cache.clear();
  CHECK(gone.expired());
}

TEST_CASE("messages that share a place are told apart, and only so many are kept") {
  kept c;
  const auto count = 4 * reading_cache::places;
  std::vector<std::weak_ptr<const message_reading>> all;
  for (std::size_t round = 0; round < 2; ++round)
    for (std::size_t i = 0; i < count; ++i) {
      const auto text = "message " + std::to_string(i);
      const auto reading = c.read(text);
      REQUIRE(reading->text == text);
      all.push_back(reading);
    }
  std::set<std::shared_ptr<const message_reading>> alive;
  for (const auto& each : all)
    if (auto reading = each.lock())
      alive.insert(std::move(reading));
  CHECK(alive.size() <= reading_cache::places);
  CHECK(alive.size() > reading_cache::places / 2);
}

TEST_CASE("a long message is read and not kept") {
  kept c;
  const std::string text(reading_cache::longest + 1, 'x');
  const std::weak_ptr<const message_reading> gone = c.read(text);
  CHECK(gone.expired());
  const auto just_short = c.read(text.substr(1));
  CHECK(c.read(text.substr(1)) == just_short);
}

TEST_CASE("threads that read the same messages at once get what each says") {
  kept c;
  std::vector<std::thread> readers;
  readers.reserve(4);
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    readers.emplace_back([&c, &wrong] {
      for (int i = 0; i < 500; ++i) {
        const auto text = "message " + std::to_string(i % 7);
        const auto reading = c.read(text, i % 3 == 0 ? earlier_talk{"A-1"} : earlier_talk{});
        if (reading->text != text || reading->words.size() != 2)
          ++wrong;
      }
    });
  for (auto& each : readers)
    each.join();
  CHECK(wrong == 0);
}
