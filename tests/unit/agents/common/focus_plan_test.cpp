#include "agents/common/focus_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using names = std::vector<std::string>;

namespace {

const std::vector<skill_cue> cues{{"stock", asked_by_default::always, {"stock", "run out"}},
                                  {"price", asked_by_default::for_product, {"price"}},
                                  {"news", asked_by_default::for_shop, {"news"}},
                                  {"rare", asked_by_default::never, {"rare"}, {"price"}}};

agent_spec spec_with(names skills) {
  agent_spec spec;
  spec.name = "some";
  spec.skills = std::move(skills);
  return spec;
}

fake_shop shop_with_mug() {
  fake_shop shop;
  shop.products = {make_dossier(make_product("KI-0003", "Stone Mug", 1000))};
  return shop;
}

names response_skills(const agent_spec& spec, std::string_view message) {
  return part(shop_with_mug().plan(*make_focus_plan(cues), spec, message), "response").skills;
}

} // namespace

TEST_CASE("a phrase is found as whole words in their order") {
  const auto words = words_of("When does it run out of stock?");
  CHECK(holds_phrase(words, "run out"));
  CHECK(holds_phrase(words, "when"));
  CHECK(holds_phrase(words, "stock"));
  CHECK_FALSE(holds_phrase(words, "out run"));
  CHECK_FALSE(holds_phrase(words, "run outside"));
  CHECK_FALSE(holds_phrase(words, "sto"));
  CHECK_FALSE(holds_phrase(words, "stock market"));
  CHECK_FALSE(holds_phrase(words, ""));
  CHECK_FALSE(holds_phrase({}, "stock"));
}

TEST_CASE("a phrase is found where its first word comes twice") {
  CHECK(holds_phrase(words_of("run run out"), "run out"));
}

TEST_CASE("cues choose the skills, several of them in configured order") {
  const auto spec = spec_with({"price", "stock", "news", "rare"});
  CHECK(response_skills(spec, "any news on the stock?") == names{"stock", "news"});
  CHECK(response_skills(spec, "something rare") == names{"rare"});
}

TEST_CASE("without a cue the usual skills are taken, by whether a product is named") {
  const auto spec = spec_with({"price", "stock", "news", "rare"});
  CHECK(response_skills(spec, "KI-0003") == names{"price", "stock"});
  CHECK(response_skills(spec, "good morning") == names{"stock", "news"});
}

TEST_CASE("a skill that another one covers is left out beside it") {
  const auto spec = spec_with({"price", "stock", "rare"});
  CHECK(response_skills(spec, "the price and stock of something rare") == names{"stock", "rare"});
  CHECK(response_skills(spec, "the price") == names{"price"});
}

TEST_CASE("where nothing is left, all configured skills are taken") {
  CHECK(response_skills(spec_with({"rare"}), "good morning") == names{"rare"});
}

TEST_CASE("a user's own skill is always taken, and only configured skills are") {
  const auto spec = spec_with({"price", "mine"});
  CHECK(response_skills(spec, "the price") == names{"price", "mine"});
  CHECK(response_skills(spec, "the stock") == names{"mine"});
}

TEST_CASE(
  "a seller's turn has a required response by a model and optional quick replies by rules") {
  const auto plan = shop_with_mug().plan(*make_focus_plan(cues), spec_with({"stock"}), "stock");
  REQUIRE(plan.size() == 2);
  const auto& response = part(plan, "response");
  CHECK(response.required);
  CHECK(response.source == part_source::model);
  CHECK(response.deadline_share == 0.97);
  CHECK(response.after.empty());
  const auto& replies = part(plan, "quick_replies");
  CHECK_FALSE(replies.required);
  CHECK(replies.source == part_source::rules);
  CHECK(replies.deadline_share == 0.9);
}

TEST_CASE(
  "sellers' quick replies name the product, differ from the question and are at most four") {
  const auto shop = shop_with_mug();
  const auto replies = make_seller_quick_replies();
  const auto about_product = shop.tell(*replies, "Who undercuts KI-0003?").quick_replies;
  CHECK(about_product.size() == 4);
  for (const auto& reply : about_product) {
    CHECK(reply.find("KI-0003") != std::string::npos);
    CHECK(reply != "Who undercuts KI-0003?");
  }
  const auto about_shop = shop.tell(*replies, "what should i reorder").quick_replies;
  CHECK(about_shop
        == names{"What should I do today?", "Where are we undercut?", "Which margins are thinnest?",
                 "Which stock does not sell?"});
}
