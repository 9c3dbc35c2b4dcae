#include "runtime/core/model/chain_plan.hpp"

#include <catch2/catch_test_macros.hpp>

#include "runtime/core/assembly.hpp"

using namespace flipsync;

namespace {

/// A provider that only has a name and abilities.
class named_provider : public model_provider {
public:
  named_provider(std::string name, model_capabilities able)
    : name_{std::move(name)},
      model_{name_ + "-default"},
      able_{able} {}
  const std::string& name() const noexcept override { return name_; }
  const std::string& default_model() const noexcept override { return model_; }
  model_capabilities capabilities() const noexcept override { return able_; }
  std::shared_ptr<flight_handle> start(const model_request&,
                                       std::shared_ptr<flight_observer>) override {
    return nullptr;
  }
  void check(std::chrono::milliseconds, std::function<void(result<void>)> done) override {
    done({});
  }
  void models(std::chrono::milliseconds,
              std::function<void(result<std::vector<std::string>>)> done) override {
    done(std::vector<std::string>{});
  }

private:
  std::string name_;
  std::string model_;
  model_capabilities able_;
};

struct shop {
  std::vector<provider_entry> providers;
  model_routing routing;
  model_request request;
  chain_question question{.request = request};

  shop() {
    add("ollama", {.context_tokens = 2048});
    add("openai", {.tools = true, .json_schema = true, .context_tokens = 128000});
    add("gemini", {.tools = true, .context_tokens = 1000000});
    routing.provider = "ollama";
    routing.fallbacks = {"gemini", "openai"};
    routing.tasks.rows = *parse_task_rows({"tools: ollama | openai | openai",
                                           "creative: anthropic | anthropic | ollama",
                                           "any: ollama | anthropic openai | ollama gemini"});
    request.messages = {{chat_role::user, "hello"}};
  }
  void add(std::string name, model_capabilities able) {
    providers.push_back({std::make_shared<named_provider>(std::move(name), able)});
  }
  chain plan() const { return plan_chain(question, routing, providers); }
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& route : plan().routes)
      out.push_back(providers[route.provider].provider->name());
    return out;
  }
};

using list = std::vector<std::string>;

} // namespace

TEST_CASE("the primary comes first, then the fallbacks as configured") {
  CHECK(shop{}.names() == list{"ollama", "gemini", "openai"});
  CHECK(shop{}.plan().why == "the configured primary");
}

TEST_CASE("who is not configured or named twice is in the chain once or not at all") {
  shop s;
  s.routing.fallbacks = {"anthropic", "ollama", "openai", "openai"};
  CHECK(s.names() == list{"ollama", "openai"});
}

TEST_CASE("a call that names its provider has no other") {
  shop s;
  s.question.provider = "openai";
  CHECK(s.names() == list{"openai"});
  s.question.provider = "anthropic";
  CHECK(s.names().empty());
}

TEST_CASE("the table picks the primary by task and priority where it applies") {
  shop s;
  s.question.task = "tools";
  s.question.prefer = priority::quality;
  CHECK(s.names().front() == "ollama"); // a primary was set: it is everybody's
  s.routing.by_task = true;
  CHECK(s.names() == list{"openai", "ollama", "gemini"});
  CHECK(s.plan().why == "by the table: task tools priority quality");
}

TEST_CASE("a table's provider that is not configured is passed over") {
  shop s;
  s.routing.by_task = true;
  s.question.prefer = priority::quality; // anthropic, openai
  CHECK(s.names() == list{"openai", "ollama", "gemini"});
  s.question.task = "creative"; // anthropic alone
  CHECK(s.names() == list{"ollama", "gemini", "openai"});
}

TEST_CASE("a primary that answers without a model stands in for nobody, and nobody for it") {
  shop s;
  s.add("embedded", {});
  s.routing.provider = "embedded";
  s.routing.primary_stands_in = false;
  s.routing.by_task = true;
  CHECK(s.names() == list{"embedded"});
  s.question.prefer = priority::quality;
  CHECK(s.names() == list{"openai", "gemini"});
}

TEST_CASE("who cannot do what the call needs is left out, and that is said") {
  shop s;
  s.request.tools.push_back({"look", "looks", "{}"});
  CHECK(s.names() == list{"gemini", "openai"});
  CHECK(s.plan().why.find("ollama left out: no tools") != std::string::npos);
  s.request.format.what = answer_format::kind::json_schema;
  CHECK(s.names() == list{"openai"});
}

TEST_CASE("a prompt that is too long for a model goes to those that hold it") {
  shop s;
  s.request.messages.edit(0).text.assign(400'000, 'x');
  CHECK(s.names() == list{"gemini", "openai"});
  s.request.messages.edit(0).text.assign(2'000'000, 'x');
  CHECK(s.names() == list{"gemini"});
}

TEST_CASE("where no model seems large enough, the largest is asked all the same") {
  shop s;
  s.request.messages.edit(0).text.assign(40'000'000, 'x');
  CHECK(s.names() == list{"gemini"});
}

TEST_CASE("a model for long prompts stands by, and comes first for one that fits nowhere") {
  shop s;
  s.providers.resize(1);
  s.providers[0].long_model = "roomy";
  auto routes = s.plan().routes;
  REQUIRE(routes.size() == 2);
  CHECK(routes[1].model == "roomy");
  CHECK(routes[1].for_long_prompts);
  s.request.messages.edit(0).text.assign(400'000, 'x');
  routes = s.plan().routes;
  REQUIRE(routes.size() == 2);
  CHECK(routes[0].model == "roomy");
  CHECK_FALSE(routes[0].for_long_prompts);
}

TEST_CASE("a tier picks the model, and one that is missing is the default tier's") {
  shop s;
  s.providers[0].tier_models = {{"fast", "small"}, {"default", "middle"}};
  s.question.tier = "fast";
  CHECK(s.plan().routes[0].model == "small");
  s.question.tier = "strong";
  CHECK(s.plan().routes[0].model == "middle");
  CHECK(s.plan().routes[1].model == "gemini-default");
}

TEST_CASE("a model's name is the primary's, and a fallback answers with its own") {
  shop s;
  s.request.model = "mine";
  CHECK(s.plan().routes[0].model == "mine");
  CHECK(s.plan().routes[1].model == "gemini-default");
}

TEST_CASE("a simple message takes the cheap model, a complex one the strong one, with the reason") {
  shop s;
  s.routing.by_complexity = true;
  s.providers[0].tier_models = {{"fast", "small"}, {"default", "middle"}, {"strong", "large"}};
  s.question.message = "hello";
  CHECK(s.plan().routes[0].model == "small");
  CHECK(s.plan().why
        == "the configured primary; simple message (short, asks for one thing); fast tier");
  s.question.message = "compare the two and explain which is better";
  CHECK(s.plan().routes[0].model == "large");
  s.question.tier = "fast"; // an agent's own wish goes before it
  CHECK(s.plan().routes[0].model == "small");
}

TEST_CASE("what a call needs is read from its request") {
  model_request request;
  request.messages = {{chat_role::system, std::string(400, 'x')}};
  request.tuning.max_tokens = 50;
  CHECK(needs_of(request).tokens == 150);
  CHECK_FALSE(needs_of(request).tools);
}

namespace {

/// ollama with a small model for simple messages.
struct fast_shop : shop {
  fast_shop() {
    providers[0] = {std::make_shared<named_provider>(
      "ollama", model_capabilities{.context_tokens = 2048, .context_by_request = true})};
    providers[0].tier_models = {{"fast", "small"}, {"default", "middle"}};
    routing.by_complexity = true;
    routing.fallbacks = {"openai"};
    routing.tuning.num_ctx = 2048;
    routing.fast = {100, 1024, {}, {}};
    question.tier = "default";
    question.message = "hi";
    question.fast_answer = 100;
  }
  std::vector<std::string> models() const {
    std::vector<std::string> out;
    for (const auto& route : plan().routes)
      out.push_back(route.model);
    return out;
  }
};

} // namespace

TEST_CASE("a fast model is followed by the default one, for what it cannot tell whole") {
  const fast_shop s;
  CHECK(s.models() == list{"small", "middle", "openai-default"});
  const auto routes = s.plan().routes;
  CHECK(routes[0].fast);
  CHECK(routes[0].context_tokens == 1024);
  CHECK(routes[1].after_fast);
  CHECK(routes[1].context_tokens == 2048);
  CHECK_FALSE(routes[2].fast);
  CHECK(s.plan().why.ends_with("fast tier"));
}

TEST_CASE("a prompt that may not fit the fast tier goes to the default tier's model") {
  fast_shop s;
  s.request.messages = {{chat_role::system, std::string(2600, 'x'), {}, {}},
                        {chat_role::user, "hi", {}, {}}};
  CHECK(s.models() == list{"small", "middle", "openai-default"}); // 867, two frames and 100
  s.request.messages.edit(0).text.assign(2800, 'x');
  CHECK(s.models() == list{"middle", "openai-default"});
  CHECK(s.plan().why.ends_with("ollama: the prompt may not fit the fast tier"));
  s.routing.fast.num_ctx = 0;
  CHECK(s.models() == list{"small", "middle", "openai-default"});
}

TEST_CASE("where one model serves both tiers there is no fast tier") {
  fast_shop s;
  s.providers[0].tier_models = {{"fast", "middle"}, {"default", "middle"}};
  CHECK(s.models() == list{"middle", "openai-default"});
  CHECK_FALSE(s.plan().routes[0].fast);
}
