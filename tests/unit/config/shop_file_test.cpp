#include "config/shop_file.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/embedded.hpp"

using namespace flipsync;
using namespace flipsync::config;

namespace {

std::string shop_refusal(std::string_view text) {
  const auto out = parse_shop(text, "shop.toml");
  REQUIRE(out.has_error());
  CHECK(out.error().code == errc::invalid_request);
  return out.error().message;
}

} // namespace

TEST_CASE("the shipped shop.toml says what the built-in rules say") {
  const auto read = parse_shop(shop_toml(), "shop.toml").value();
  const auto built_in = default_shop_rules();
  CHECK(read.shop_name == built_in.shop_name);
  CHECK(read.currency == built_in.currency);
  CHECK(read.inquiry_phrases == built_in.inquiry_phrases);
  CHECK(read.topics == built_in.topics);
  CHECK(read.default_replies == built_in.default_replies);
  CHECK(read.banned_words == built_in.banned_words);
  CHECK(read.age_gated_categories == built_in.age_gated_categories);
  CHECK(read.default_lead_time_days == built_in.default_lead_time_days);
  CHECK(read.human_refund_above == built_in.human_refund_above);
  CHECK(read.refund_days == built_in.refund_days);
  REQUIRE(read.marketplaces.size() == built_in.marketplaces.size());
  for (std::size_t i = 0; i < read.marketplaces.size(); ++i) {
    const auto& a = read.marketplaces[i];
    const auto& b = built_in.marketplaces[i];
    INFO(b.name);
    CHECK(a.name == b.name);
    CHECK(a.price_thousandths == b.price_thousandths);
    CHECK(a.title_limit == b.title_limit);
    CHECK(a.title_warn == b.title_warn);
    CHECK(a.bullets == b.bullets);
    CHECK(a.description_limit == b.description_limit);
    CHECK(a.fee_thousandths == b.fee_thousandths);
    CHECK(a.fixed_fee == b.fixed_fee);
  }
}

TEST_CASE("what a shop file leaves out keeps its default") {
  const auto rules = parse_shop("name = \"Corner Shop\"\ndefault_replies = []\n", "x").value();
  CHECK(rules.shop_name == "Corner Shop");
  CHECK(rules.default_replies.empty());
  CHECK(rules.marketplaces.size() == default_shop_rules().marketplaces.size());
}

TEST_CASE("a list of marketplaces replaces the shipped one") {
  const auto rules =
    parse_shop("[[marketplace]]\nname = \"etsy\"\nfee_share = 0.065\nfixed_fee = \"0.20\"\n", "x")
      .value();
  REQUIRE(rules.marketplaces.size() == 1);
  CHECK(rules.marketplaces[0].fee_thousandths == 65);
  CHECK(rules.marketplaces[0].fixed_fee == money{20});
  CHECK(rules.marketplaces[0].price_thousandths == 1000);
}

TEST_CASE("a topic has replies, an answer or both") {
  const auto topics =
    parse_shop("[[topic]]\nword = \"Gift Wrap\"\nanswer = \"Yes.\"\n", "x").value().topics;
  REQUIRE(topics.size() == 1);
  CHECK(topics[0] == shop_topic{"gift wrap", {}, "Yes."});
}

TEST_CASE("wrong shop rules are refused with line, key and what is allowed") {
  CHECK(shop_refusal("\nnmae = \"x\"\n").starts_with("shop.toml:2: nmae: no such key: allowed: "));
  CHECK(shop_refusal("human_refund_above = 100\n")
        == "shop.toml:1: human_refund_above: allowed: an amount as text, like \"0.40\"");
  CHECK(shop_refusal("human_refund_above = \"-1\"\n").find("human_refund_above")
        != std::string::npos);
  CHECK(shop_refusal("refund_days = -1\n").find("from 0 to 3650") != std::string::npos);
  CHECK(shop_refusal("currency = \"dollars\"\n").find("three-letter") != std::string::npos);
  CHECK(shop_refusal("[[marketplace]]\nname = \"x\"\nfee_share = 0.1234\n").find("three decimals")
        != std::string::npos);
  CHECK(shop_refusal("[[marketplace]]\ntitle_limit = 3\n").find("with a name")
        != std::string::npos);
  CHECK(shop_refusal("marketplace = 3\n").find("[[marketplace]]") != std::string::npos);
  CHECK(shop_refusal("[[topic]]\nword = \"x\"\n").find("replies or an answer")
        != std::string::npos);
  CHECK(shop_refusal("banned_words = [1]\n").find("banned_words") != std::string::npos);
  CHECK(shop_refusal("name = \n").starts_with("shop.toml:1"));
}
