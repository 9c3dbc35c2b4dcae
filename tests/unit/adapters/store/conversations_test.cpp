#include <catch2/catch_test_macros.hpp>

#include <thread>

#include "adapters/store/sqlite.hpp"
#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

std::shared_ptr<stored_turn> turn_of(std::string conversation, int number) {
  auto turn = std::make_shared<stored_turn>();
  turn->conversation_id = std::move(conversation);
  turn->turn_id = "t" + std::to_string(number);
  turn->customer_id = "c1";
  turn->who = audience::shopper;
  turn->agent = number % 2 ? "concierge" : "pricing";
  turn->question = {
    "user", "question " + std::to_string(number), "", test::days_ago(10 - number), {}};
  turn->answer = {"assistant",
                  "answer " + std::to_string(number),
                  turn->agent,
                  test::days_ago(10 - number),
                  {"A-1", "B 2"}};
  return turn;
}

} // namespace

TEST_CASE("A conversation is read as it was stored, the last messages oldest first") {
  const store_fixture shop;
  CHECK(shop.store->append({turn_of("c", 1), turn_of("c", 2), turn_of("d", 3)}).has_value());
  CHECK(shop.store->append({turn_of("c", 4)}).has_value());
  const auto all = shop.store->history("default", "c", 20).value();
  CHECK(all.exists);
  CHECK(all.agent == "pricing");
  REQUIRE(all.messages.size() == 6);
  CHECK(all.messages[0].text == "question 1");
  CHECK(all.messages[0].role == "user");
  CHECK(all.messages[0].skus.empty());
  CHECK(all.messages[1].agent == "concierge");
  CHECK(all.messages[5].text == "answer 4");
  CHECK(all.messages[5].skus == std::vector<std::string>{"A-1", "B 2"});
  CHECK(all.messages[5].at == test::days_ago(6));
  const auto last = shop.store->history("default", "c", 3).value();
  REQUIRE(last.messages.size() == 3);
  CHECK(last.messages[0].text == "answer 2");
}

TEST_CASE("A conversation that never was does not exist, and tenants do not share theirs") {
  const store_fixture shop;
  auto turn = turn_of("c", 1);
  turn->tenant = "other";
  CHECK(shop.store->append({turn}).has_value());
  CHECK_FALSE(shop.store->history("default", "c", 5).value().exists);
  CHECK(shop.store->history("other", "c", 5).value().messages.size() == 2);
}

TEST_CASE(
  "A turn that begins its conversation is stored without a look for it, and goes on from there") {
  const store_fixture shop;
  auto first = turn_of("c", 1);
  first->begins = true;
  CHECK(shop.store->append({first, turn_of("c", 2)}).has_value());
  CHECK(shop.store->history("default", "c", 9).value().messages.size() == 4);
  // An id that was there after all: nothing is mixed up, and nothing of it kept.
  auto again = turn_of("c", 3);
  again->begins = true;
  CHECK(shop.store->append({turn_of("d", 4), again}).error().code == errc::store_failed);
  CHECK(shop.store->history("default", "c", 9).value().messages.size() == 4);
  CHECK_FALSE(shop.store->history("default", "d", 9).value().exists);
}

TEST_CASE("A turn that is appended at once is kept like any other") {
  const store_fixture shop;
  CHECK(shop.store->append({turn_of("c", 1)}).has_value());
  CHECK(shop.store->append_now(turn_of("c", 2)));
  const auto again = test::must_open(shop.folder.path() / "data");
  const auto read = again->history("default", "c", 5).value();
  REQUIRE(read.messages.size() == 4);
  CHECK(read.messages[3].text == "answer 2");
}

TEST_CASE("While another process writes, no turn is appended at once and nobody waits") {
  const store_fixture shop; // waits 10 s for others elsewhere
  const auto before = std::chrono::steady_clock::now();
  {
    sql::connection other{shop.folder.path() / "data" / "conversations.db", {}};
    const sql::transaction writing{other, sql::transaction_kind::write};
    CHECK_FALSE(shop.store->append_now(turn_of("c", 1)));
  }
  CHECK(std::chrono::steady_clock::now() - before < std::chrono::seconds{9});
  CHECK_FALSE(shop.store->history("default", "c", 5).value().exists);
  CHECK(shop.store->append({turn_of("c", 1)}).has_value());
  CHECK(shop.store->history("default", "c", 5).value().messages.size() == 2);
}

TEST_CASE("Where commits reach the disk, no turn is appended at once") {
  const test::temporary_folder folder;
  store_options options;
  options.data_dir = folder.path();
  options.synchronous_full = true;
  const auto store = open_store(options).value();
  CHECK_FALSE(store->append_now(turn_of("c", 1)));
  CHECK(store->append({turn_of("c", 1)}).has_value());
}

TEST_CASE("Turns that are appended at once beside the store's own thread are kept once each") {
  const store_fixture shop;
  constexpr int each = 200;
  int at_once = 0;
  std::thread beside{[&] {
    for (int i = 0; i < each; ++i)
      at_once += shop.store->append_now(turn_of("a" + std::to_string(i), 1)) ? 1 : 0;
  }};
  for (int i = 0; i < each; ++i)
    CHECK(shop.store->append({turn_of("b" + std::to_string(i), 1)}).has_value());
  beside.join();
  CHECK(shop.store->counts().value().conversations == static_cast<std::uint64_t>(each + at_once));
}

TEST_CASE("Appending nothing is fine") {
  const store_fixture shop;
  CHECK(shop.store->append({}).has_value());
  CHECK(shop.store->counts().value().conversations == 0);
}

TEST_CASE("Any text survives in a conversation") {
  const store_fixture shop;
  auto turn = turn_of("c", 1);
  turn->question.text = std::string{"'; DROP TABLE messages; -- \xF0\x9F\x8D\xB7 \0 end", 36};
  turn->answer.text.clear();
  CHECK(shop.store->append({turn}).has_value());
  const auto read = shop.store->history("default", "c", 5).value();
  CHECK(read.messages.at(0).text == turn->question.text);
  CHECK(read.messages.at(1).text.empty());
}

TEST_CASE("Old conversations are forgotten with their messages, younger ones stay") {
  const store_fixture shop;
  CHECK(shop.store->append({turn_of("old", 1), turn_of("young", 8)}).has_value());
  const auto swept = shop.store->archive()->remove_silent(test::days_ago(5), 0, 10).value();
  CHECK(swept.removed == 1);
  CHECK(swept.next == 0);
  CHECK_FALSE(shop.store->history("default", "old", 5).value().exists);
  CHECK(shop.store->history("default", "young", 5).value().messages.size() == 2);
  CHECK(shop.store->append({turn_of("old", 9)}).has_value());
  CHECK(shop.store->history("default", "old", 50).value().messages.size() == 2);
}

TEST_CASE("Conversations are listed newest first, page by page, of one tenant") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  for (int i = 1; i <= 5; ++i)
    CHECK(shop.store->append({turn_of("c" + std::to_string(i), i)}).has_value());
  auto other = turn_of("c9", 6);
  other->tenant = "other";
  CHECK(shop.store->append({other}).has_value());
  const auto first = archive.conversations("default", 0, 2).value();
  REQUIRE(first.items.size() == 2);
  CHECK(first.items[0].id == "c5");
  CHECK(first.items[0].messages == 2);
  CHECK(first.items[0].customer_id == "c1");
  CHECK(first.next != 0);
  const auto second = archive.conversations("default", first.next, 3).value();
  REQUIRE(second.items.size() == 3);
  CHECK(second.items[2].id == "c1");
  CHECK(second.next == 0);
  CHECK(archive.conversations("nobody", 0, 5).value().items.empty());
}

TEST_CASE("A conversation's messages come in pages, oldest first") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  CHECK(shop.store->append({turn_of("c", 1), turn_of("c", 2)}).has_value());
  const auto first = archive.messages("default", "c", 0, 3, nullptr).value();
  REQUIRE(first);
  CHECK(first->conversation.messages == 4);
  REQUIRE(first->items.size() == 3);
  CHECK(first->items[1].skus == std::vector<std::string>{"A-1", "B 2"});
  CHECK(first->next == 3);
  const auto second = archive.messages("default", "c", first->next, 3, nullptr).value();
  REQUIRE(second);
  CHECK(second->items.size() == 1);
  CHECK(second->next == 0);
  CHECK_FALSE(archive.messages("other", "c", 0, 3, nullptr).value());
}

TEST_CASE("Of a conversation's messages those of some agents' turns can be read alone") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  for (int i = 1; i <= 4; ++i) {
    auto turn = turn_of("c", i);
    turn->answer.agent = i % 2 == 0 ? "pricing" : "concierge";
    CHECK(shop.store->append({turn}).has_value());
  }
  const std::vector<std::string> open{"concierge", "support"};
  for (const std::uint32_t limit : {1U, 2U, 3U, 9U}) {
    INFO(limit);
    std::vector<std::uint64_t> numbers;
    std::uint64_t after = 0;
    do {
      const auto page = archive.messages("default", "c", after, limit, &open).value();
      REQUIRE(page);
      for (const auto& item : page->items)
        numbers.push_back(item.number);
      after = page->next;
    } while (after != 0);
    CHECK(numbers == std::vector<std::uint64_t>{1, 2, 5, 6});
  }
  const std::vector<std::string> nobody;
  CHECK(archive.messages("default", "c", 0, 9, &nobody).value()->items.empty());
}

TEST_CASE("Pages of messages may begin and end within a turn") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  for (int i = 1; i <= 3; ++i)
    CHECK(shop.store->append({turn_of("c", i)}).has_value());
  for (const std::uint32_t limit : {1U, 2U, 3U, 5U}) {
    INFO(limit);
    std::vector<std::uint64_t> numbers;
    std::uint64_t after = 0;
    do {
      const auto page = archive.messages("default", "c", after, limit, nullptr).value();
      REQUIRE(page);
      CHECK(page->items.size() <= limit);
      for (const auto& item : page->items) {
        numbers.push_back(item.number);
        CHECK(item.role == (item.number % 2 ? "user" : "assistant"));
      }
      after = page->next;
    } while (after != 0);
    CHECK(numbers == std::vector<std::uint64_t>{1, 2, 3, 4, 5, 6});
  }
}

TEST_CASE("A conversation is begun empty and removed with all that it holds") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  conversation_summary fresh;
  fresh.id = "c";
  CHECK(archive.begin("default", fresh).has_value());
  CHECK(shop.store->history("default", "c", 5).value().exists);
  CHECK(shop.store->append({turn_of("c", 1)}).has_value());
  CHECK(archive.begin("default", fresh).has_value());
  CHECK(archive.messages("default", "c", 0, 9, nullptr).value()->items.size() == 2);
  CHECK(archive.remove("default", "c").value());
  CHECK_FALSE(archive.remove("default", "c").value());
  CHECK_FALSE(shop.store->history("default", "c", 5).value().exists);
}

TEST_CASE("A sweep looks at so many conversations and says where to go on") {
  const store_fixture shop;
  auto& archive = *shop.store->archive();
  for (int i = 1; i <= 5; ++i)
    CHECK(shop.store->append({turn_of("c" + std::to_string(i), i)}).has_value());
  const auto all = test::days_ago(-1);
  const auto first = archive.remove_silent(all, 0, 2).value();
  CHECK(first.removed == 2);
  CHECK(first.next == 3);
  const auto second = archive.remove_silent(all, first.next, 2).value();
  CHECK(second.next == 5);
  CHECK(archive.remove_silent(all, second.next, 2).value().next == 0);
  CHECK(archive.conversations("default", 0, 9).value().items.empty());
}
