#include <catch2/catch_test_macros.hpp>

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
  CHECK(shop.store->forget_conversations(test::days_ago(5)).value() == 1);
  CHECK_FALSE(shop.store->history("default", "old", 5).value().exists);
  CHECK(shop.store->history("default", "young", 5).value().messages.size() == 2);
  CHECK(shop.store->append({turn_of("old", 9)}).has_value());
  CHECK(shop.store->history("default", "old", 50).value().messages.size() == 2);
}
