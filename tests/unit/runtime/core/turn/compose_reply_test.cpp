#include "runtime/core/turn/compose_reply.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

part_outcome outcome(const std::string& name, part_status status, bool required = false) {
  part_outcome part;
  part.report.name = name;
  part.report.status = status;
  part.report.required = required;
  part.text = "text of " + name;
  return part;
}

std::shared_ptr<const skill_output> showing(std::vector<product_card> products) {
  skill_output output;
  output.products = std::move(products);
  return std::make_shared<const skill_output>(std::move(output));
}

turn_reply reply_of(const std::vector<part_outcome>& parts) {
  agent_task task;
  task.route.agent = "concierge";
  gathered all;
  for (const auto& part : parts)
    all.parts.push_back(std::make_shared<const part_outcome>(part));
  return compose_reply(task, all);
}

} // namespace

TEST_CASE("a reply is as whole as its parts") {
  struct row {
    part_status response;
    part_status extra;
    turn_status expected;
  };
  using enum part_status;
  for (const auto& [response, extra, expected] : {
         row{ok, ok, turn_status::ok},
         row{cached, heuristic, turn_status::ok},
         row{ok, skipped, turn_status::ok},
         row{ok, timed_out, turn_status::partial},
         row{ok, failed, turn_status::partial},
         row{ok, cancelled, turn_status::partial},
         row{failed, ok, turn_status::failed},
         row{timed_out, timed_out, turn_status::failed},
       }) {
    const auto reply = reply_of({outcome("response", response, true), outcome("products", extra)});
    CHECK(reply.status == expected);
    CHECK(reply.parts.size() == 2);
    CHECK(reply.message.empty() == (expected == turn_status::failed));
  }
}

TEST_CASE("a required part that is missing says why, and which part it was") {
  auto lost = outcome("response", part_status::failed, true);
  lost.report.why = error{errc::provider_unavailable, "down"}.with("provider", "p");
  const auto reply = reply_of({outcome("quick_replies", part_status::ok), lost});
  CHECK(reply.why.code == errc::provider_unavailable);
  CHECK(reply.why.detail("provider") == "p");
  CHECK(reply.why.detail("part") == "response");
}

TEST_CASE(
  "only the parts made for it show products and quick replies, at most four and none twice") {
  auto response = outcome("response", part_status::ok, true);
  response.output = showing({{.sku = "HIDDEN"}});
  auto products = outcome("products", part_status::ok);
  products.output = showing({{.sku = "A"}, {.sku = "A"}, {.sku = "B"}});
  auto replies = outcome("quick_replies", part_status::heuristic);
  skill_output six;
  six.quick_replies = {"1", "1", "2", "3", "4", "5"};
  replies.output = std::make_shared<const skill_output>(six);
  const auto reply = reply_of({response, products, replies});
  REQUIRE(reply.products.size() == 2);
  CHECK(reply.products[0].sku == "A");
  CHECK(reply.quick_replies == std::vector<std::string>{"1", "2", "3", "4"});
}

TEST_CASE("a reply shares the lists that a part found, and has them when the part is gone") {
  auto products = outcome("products", part_status::ok);
  products.output = showing({{.sku = "A"}, {.sku = "B"}});
  const auto* found = &products.output->products;
  const auto reply = reply_of({products});
  CHECK(&reply.products.items() == found);
  products = {};
  REQUIRE(reply.products.size() == 2);
  CHECK(reply.products[1].sku == "B");
}

TEST_CASE("what a part used is added up, whoever used it") {
  auto one = outcome("response", part_status::ok, true);
  one.report.tokens = {10, 2};
  one.report.cost = {30};
  auto two = outcome("quick_replies", part_status::ok);
  two.report.tokens = {5, 1};
  two.report.cost = {12};
  const auto reply = reply_of({one, two});
  CHECK(reply.usage == token_usage{15, 3});
  CHECK(reply.cost == usd{42});
}

TEST_CASE("a model's decision is read as no only where it says no") {
  for (const auto& [text, yes] :
       std::vector<std::pair<std::string, bool>>{{"yes", true},
                                                 {"Yes, show them.", true},
                                                 {"no", false},
                                                 {"No.", false},
                                                 {"NO - greeting", false},
                                                 {"false", false},
                                                 {"", true},
                                                 {"nothing fits", true},
                                                 {"I know a few", true}}) {
    skill_output output;
    read_model_text("product_decision", text, output);
    part_outcome decision;
    decision.output = std::make_shared<const skill_output>(output);
    INFO(text);
    CHECK(says_yes(decision) == yes);
  }
}

TEST_CASE("a decision counts however its JSON is written, and none is a yes") {
  for (const auto& [text, yes] : std::vector<std::pair<std::string, bool>>{
         {R"({"show_products":true,"reason":"a product is named"})", true},
         {R"({"show_products":false,"reason":"a greeting"})", false},
         {R"({"show_products": false})", false},
         {R"({"reason":"a greeting","show_products":false})", false},
         {R"({"reason":"show_products is true"})", true},
         {"{}", true},
         {"", true}}) {
    skill_output output;
    output.json = text;
    part_outcome decision;
    decision.output = std::make_shared<const skill_output>(output);
    INFO(text);
    CHECK(says_yes(decision) == yes);
  }
  CHECK(says_yes(part_outcome{}));
}

TEST_CASE("a model's quick replies are its lines, without list marks") {
  skill_output output;
  read_model_text("quick_replies", "- Show more\n* \"Add to cart\"\n\n  Compare  \r\nA\nB\n",
                  output);
  CHECK(output.quick_replies
        == std::vector<std::string>{"Show more", "Add to cart", "Compare", "A"});
}
