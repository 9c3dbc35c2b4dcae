#include "agents/roster.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

#include "agents/common/target.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;

namespace {

const std::vector<std::pair<std::string, std::vector<std::string>>> roster{
  {"executive", {"business_summary", "option_scoring", "risk_list", "consensus_vote"}},
  {"market", {"price_band", "sales_velocity", "opportunity_score"}},
  {"competitor", {"rival_prices", "undercut_detection", "price_moves"}},
  {"pricing", {"price_recommendation", "margin_check"}},
  {"content", {"seo_score", "content_limits"}},
  {"listing", {"listing_validation", "listing_price", "listing_template"}},
  {"inventory", {"stock_cover", "reorder_advice", "buying_opportunity", "dead_stock"}},
  {"logistics", {"carrier_options", "parcel_split"}},
  {"marketplace", {"order_lookup", "offer_evaluation", "refund_check", "fee_calculation"}},
  {"concierge",
   {"product_search", "product_pitch", "quick_replies", "cart_hints", "product_decision"}}};

agent_library shipped() {
  agent_library library;
  add_shipped_agents(library);
  return library;
}

} // namespace

TEST_CASE("every shipped skill is there, with a description and a schema that is a JSON object") {
  const auto library = shipped();
  std::size_t count = 0;
  for (const auto& [agent, skills] : roster)
    for (const auto& name : skills) {
      INFO(name);
      const auto* found = library.find_skill(name);
      REQUIRE(found != nullptr);
      CHECK(found->name() == name);
      CHECK(found->description().ends_with('.'));
      CHECK(is_json_object(std::string{found->schema()}));
      ++count;
    }
  // One more: the sellers' quick replies, which no agent lists.
  CHECK(library.skill_names().size() == count + 1);
}

TEST_CASE("every agent plans one required response, and only with skills that exist") {
  const auto library = shipped();
  const fake_shop shop;
  for (const auto& [agent, skills] : roster) {
    agent_spec spec;
    spec.name = agent;
    spec.skills = skills;
    for (const auto* message : {"hello", "what about AU-0012?", "order 1001", "A: x 1; B: x 2"}) {
      INFO(agent << ": " << message);
      const auto plan = shop.plan(library.plan_of(agent), spec, message);
      std::set<std::string> names;
      for (const auto& one : plan) {
        CHECK(names.insert(one.name).second);
        CHECK(one.required == (one.name == "response"));
        CHECK((one.deadline_share > 0 && one.deadline_share <= 1));
        for (const auto& skill : one.skills)
          CHECK(library.find_skill(skill) != nullptr);
      }
      CHECK_FALSE(part(plan, "response").skills.empty());
    }
  }
}

TEST_CASE("no skill fails, stays silent without a word, or breaks its JSON on an empty shop and "
          "odd messages") {
  const auto library = shipped();
  const fake_shop shop;
  const std::string long_message(8000, 'x');
  for (const auto& name : library.skill_names())
    for (const std::string& message :
         {std::string{}, std::string{"?!"}, std::string{"\xF0\x9F\x98\x80 AU-0012"}, long_message,
          std::string{"A: ; B:"}, std::string{"::: ::"}, std::string{"0 0 0 0 % $"},
          std::string{"offer of $0 for AU-0012"}, std::string{"ship 1000000 kg to zone zone"}}) {
      INFO(name << ": " << message.substr(0, 40));
      const auto out = shop.tell(*library.find_skill(name), message);
      CHECK((!out.facts.empty() || !out.missing.empty() || !out.quick_replies.empty()
             || out.json != "{}"));
      for (const auto& fact : out.facts)
        CHECK((fact.ends_with('.') || fact.ends_with('"') || fact.ends_with('?')));
    }
}

TEST_CASE("sellers' skills refuse shoppers") {
  const auto library = shipped();
  const fake_shop shop;
  for (const auto& [agent, skills] : roster)
    for (const auto& name : skills) {
      INFO(name);
      const auto out = shop.run(*library.find_skill(name), "hello", audience::shopper);
      CHECK(out.has_value() == (agent == "concierge"));
    }
}
