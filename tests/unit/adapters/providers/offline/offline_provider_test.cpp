#include "adapters/providers/offline/offline_provider.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

struct recorder final : flight_observer {
  void on_token(std::string_view text) override { tokens.emplace_back(text); }
  void on_finished(result<model_reply> got) override {
    ++finishes;
    outcome = std::move(got);
  }
  std::vector<std::string> tokens;
  result<model_reply> outcome = error{errc::internal, "not finished"};
  int finishes = 0;
};

std::shared_ptr<recorder> answer(std::vector<std::string> facts, bool stream) {
  model_request request;
  request.model = "anything";
  request.messages = {{chat_role::user, "What does the kettle cost?"}};
  request.facts = std::move(facts);
  request.stream = stream;
  auto seen = std::make_shared<recorder>();
  make_offline_provider()->start(request, seen)->cancel();
  return seen;
}

} // namespace

TEST_CASE("few facts become one paragraph, with blanks and end marks put right") {
  CHECK(compose_from_facts({"The kettle costs $24.50", "  It is in \n stock.  ", "Is it blue?"})
        == "The kettle costs $24.50. It is in stock. Is it blue?");
}

TEST_CASE("many facts become a lead sentence and a list") {
  CHECK(compose_from_facts({"Four found.", "One", "Two", "Three"})
        == "Four found.\n\n- One.\n- Two.\n- Three.");
}

TEST_CASE("repeated and empty facts are left out") {
  CHECK(compose_from_facts({"One.", "", " \n", "One", "Two."}) == "One. Two.");
}

TEST_CASE("without facts the answer says that the data has nothing, and invents nothing") {
  CHECK(compose_from_facts({}) == "The shop's data has nothing on this.");
  CHECK(compose_from_facts({"  "}) == "The shop's data has nothing on this.");
}

TEST_CASE("the embedded provider names itself and its model, whatever model was asked for") {
  const auto provider = make_offline_provider();
  CHECK(provider->name() == "offline");
  CHECK(provider->default_model() == "facts-1");
  const auto seen = answer({"The kettle costs $24.50."}, false);
  REQUIRE(seen->outcome.has_value());
  CHECK(seen->finishes == 1);
  CHECK(seen->outcome->model == "facts-1");
  CHECK(seen->outcome->text == "The kettle costs $24.50.");
  CHECK(seen->outcome->finish_reason == "stop");
  CHECK(seen->outcome->tokens == token_usage{5, 4});
  CHECK(seen->tokens.empty());
}

TEST_CASE("a streamed answer comes word by word and adds up to the text") {
  const auto seen = answer({"Four found.", "One", "Two", "Three"}, true);
  REQUIRE(seen->outcome.has_value());
  CHECK(seen->tokens
        == std::vector<std::string>{"Four ", "found.\n\n", "- ", "One.\n", "- ", "Two.\n", "- ",
                                    "Three."});
  std::string joined;
  for (const auto& token : seen->tokens)
    joined += token;
  CHECK(joined == seen->outcome->text);
  CHECK(seen->outcome->first_token.count() > 0);
}

TEST_CASE("the embedded provider is always there and lists its one model") {
  const auto provider = make_offline_provider();
  bool there = false;
  provider->check(std::chrono::milliseconds{1},
                  [&](const result<void>& ok) { there = ok.has_value(); });
  CHECK(there);
  std::vector<std::string> names;
  provider->models(std::chrono::milliseconds{1},
                   [&](result<std::vector<std::string>> list) { names = *list; });
  CHECK(names == std::vector<std::string>{"facts-1"});
}
