#include <catch2/catch_test_macros.hpp>

#include "agents/concierge/concierge_skills.hpp"
#include "tests/unit/agents/fake_shop.hpp"

using namespace flipsync;
using namespace flipsync::test;
using names = std::vector<std::string>;

namespace {

fake_shop lamp_shop() {
  fake_shop shop;
  auto item = make_product("LI-0001", "Desk Lamp", 1000);
  item.category = "Lighting";
  shop.products = {make_dossier(item)};
  return shop;
}

agent_spec shipped_spec() {
  agent_spec spec;
  spec.name = "concierge";
  spec.skills = {"product_search", "product_pitch", "quick_replies", "cart_hints",
                 "product_decision"};
  return spec;
}

part_plan plan_for(std::string_view message, const agent_spec& spec = shipped_spec()) {
  return lamp_shop().plan(*concierge::plan(), spec, message, audience::shopper);
}

names part_names(const part_plan& plan) {
  names all;
  for (const auto& one : plan)
    all.push_back(one.name);
  return all;
}

} // namespace

TEST_CASE("a storefront turn has a required response and three optional parts by rules") {
  const auto plan = plan_for("show me lamps");
  CHECK(part_names(plan) == names{"response", "product_decision", "products", "quick_replies"});
  const auto& response = part(plan, "response");
  CHECK(response.required);
  CHECK(response.source == part_source::model);
  CHECK(response.deadline_share == 0.97);
  for (const auto* name : {"product_decision", "products", "quick_replies"}) {
    CHECK_FALSE(part(plan, name).required);
    CHECK(part(plan, name).source == part_source::rules);
    CHECK(part(plan, name).deadline_share == 0.9);
  }
  CHECK(part(plan, "products").after == "product_decision");
  CHECK(part(plan, "quick_replies").after.empty());
}

TEST_CASE("the answer is informed by the search, the pitch, the cart, or what the shop carries") {
  CHECK(part(plan_for("show me lamps"), "response").skills == names{"product_search"});
  CHECK(part(plan_for("tell me about Desk Lamp"), "response").skills == names{"product_pitch"});
  CHECK(part(plan_for("tell me about Desk Lamp"), "products").skills == names{"product_pitch"});
  CHECK(part(plan_for("add Desk Lamp to cart"), "response").skills == names{"cart_hints"});
  CHECK(part(plan_for("hello"), "response").skills == names{"product_decision"});
  CHECK(part(plan_for("how much is it?"), "response").skills == names{"product_decision"});
  CHECK(part(plan_for("show me something similar to Desk Lamp"), "products").skills
        == names{"product_search"});
}

TEST_CASE("where the rules say no, nothing is read for products, unless a model decides") {
  CHECK(part(plan_for("hello"), "products").skills.empty());
  auto spec = shipped_spec();
  part_contract decision;
  decision.name = "product_decision";
  decision.source = part_source::model;
  spec.parts = {decision};
  CHECK(part(plan_for("hello", spec), "products").skills == names{"product_search"});
}

TEST_CASE("only configured skills are planned with") {
  auto spec = shipped_spec();
  spec.skills = {"product_search"};
  const auto plan = plan_for("show me lamps", spec);
  CHECK(part_names(plan) == names{"response", "products"});
  CHECK(part(plan, "products").after.empty());
  CHECK(part(plan_for("hello", spec), "products").skills == names{"product_search"});
  spec.skills.clear();
  CHECK(part_names(plan_for("show me lamps", spec)) == names{"response"});
}

TEST_CASE("a user's own skills inform the answer too") {
  auto spec = shipped_spec();
  spec.skills.push_back("store_hours");
  CHECK(part(plan_for("hello", spec), "response").skills
        == names{"product_decision", "store_hours"});
}
