#include "config/assemble.hpp"

#include <catch2/catch_test_macros.hpp>

#include "adapters/store/sqlite_store.hpp"
#include "tests/unit/config/temporary_file.hpp"

using namespace flipsync;
using flipsync::test::temporary_file;

namespace {

using names = std::vector<std::string>;

assembly assembled(const config::settings& values) {
  auto out = config::assemble(values);
  INFO((out ? std::string{} : out.error().message));
  REQUIRE(out.has_value());
  return *std::move(out);
}

names provider_names(const assembly& parts) {
  names out;
  for (const auto& entry : parts.providers)
    out.push_back(entry.provider->name());
  return out;
}

} // namespace

TEST_CASE("the defaults assemble to ten agents over the embedded provider") {
  const auto parts = assembled({});
  CHECK(parts.agents.size() == 10);
  CHECK(parts.router.agents.size() == 10);
  CHECK(parts.router.shopper_default == "concierge");
  CHECK(parts.router.seller_default == "executive");
  CHECK(provider_names(parts) == names{"offline"});
  CHECK(parts.models.provider == "offline");
  CHECK(parts.models.fallbacks.empty());
  CHECK(parts.store == nullptr);
  CHECK_FALSE(parts.version.empty());
  CHECK(parts.rules.marketplaces.size() == 3);
}

TEST_CASE("the defaults of the settings are the defaults of the core") {
  const auto core = assembled({}).core;
  const core_settings usual;
  CHECK(core.turn_deadline == usual.turn_deadline);
  CHECK(core.attempt_timeout == usual.attempt_timeout);
  CHECK(core.max_turns_in_flight == usual.max_turns_in_flight);
  CHECK(core.max_queue_per_conversation == usual.max_queue_per_conversation);
  CHECK(core.max_conversations == usual.max_conversations);
  CHECK(core.passivate_after == usual.passivate_after);
  CHECK(core.restart_max == usual.restart_max);
  CHECK(core.restart_window == usual.restart_window);
  CHECK(core.history_limit == usual.history_limit);
  CHECK(core.retry_attempts == usual.retry_attempts);
  CHECK(core.retry_base == usual.retry_base);
  CHECK(core.rate_limit_retry_base == usual.rate_limit_retry_base);
  CHECK(core.retry_cap == usual.retry_cap);
  CHECK(core.read_cache_bytes == usual.read_cache_bytes);
  CHECK(core.read_cache_ttl == usual.read_cache_ttl);
  CHECK(core.max_reply_bytes == usual.max_reply_bytes);
  CHECK(core.worker_threads == usual.worker_threads);
  CHECK(core.model_list_ttl == usual.model_list_ttl);
  CHECK(core.model_list_timeout == usual.model_list_timeout);
}

TEST_CASE("the conduct under fault is by default the core's own") {
  const auto conduct = assembled({}).core.conduct;
  const conduct_settings usual;
  CHECK(conduct.breaker.consecutive == usual.breaker.consecutive);
  CHECK(conduct.breaker.window == usual.breaker.window);
  CHECK(conduct.breaker.percent == usual.breaker.percent);
  CHECK(conduct.breaker.open_for == usual.breaker.open_for);
  CHECK(conduct.bucket.max == usual.bucket.max);
  CHECK(conduct.bucket.per_success == usual.bucket.per_success);
  CHECK(conduct.patience == usual.patience);
  CHECK(conduct.key_ejection == usual.key_ejection);
  CHECK(conduct.hold_tokens == usual.hold_tokens);
  CHECK(conduct.hedge_after == usual.hedge_after);
}

TEST_CASE("a provider's limits and models arrive in its entry") {
  config::settings s;
  s.models.provider = "openai";
  s.openai.api_keys = {"k"};
  s.openai.model_strong = "large";
  s.openai_limits.model_long = "roomy";
  s.openai_limits.requests_per_minute = 60;
  s.openai_limits.tokens_per_minute = 9000;
  s.openai_limits.first_token_timeout = std::chrono::seconds{2};
  const auto entry = assembled(s).providers.at(0);
  CHECK(entry.long_model == "roomy");
  CHECK(entry.rate.requests_per_minute == 60);
  CHECK(entry.rate.tokens_per_minute == 9000);
  CHECK(entry.first_token_timeout == std::chrono::seconds{2});
  using tier = std::pair<std::string, std::string>;
  CHECK(entry.tier_models
        == std::vector<tier>{
          {"fast", "gpt-3.5-turbo"}, {"default", "gpt-4-turbo"}, {"strong", "large"}});
}

TEST_CASE("the shipped table routes as the design's does") {
  const auto tasks = assembled({}).models.tasks;
  for (const auto* task : {"genre", "factual", "summary", "transcription"}) {
    CHECK(tasks.providers(task, priority::speed) == names{"ollama"});
    CHECK(tasks.providers(task, priority::quality) == names{"gemini"});
    CHECK(tasks.providers(task, priority::cost) == names{"ollama"});
  }
  CHECK(tasks.providers("audio", priority::quality) == names{"gemini"});
  CHECK(tasks.providers("audio", priority::cost) == names{"ollama"});
  CHECK(tasks.providers("creative", priority::speed) == names{"anthropic"});
  CHECK(tasks.providers("creative", priority::cost) == names{"ollama"});
  CHECK(tasks.providers("tools", priority::speed) == names{"ollama"});
  CHECK(tasks.providers("tools", priority::quality) == names{"openai"});
  CHECK(tasks.providers("", priority::quality) == names{"anthropic", "openai"});
  CHECK(tasks.providers("", priority::cost) == names{"ollama", "gemini"});
  CHECK(tasks.limits_of("creative")->max_tokens == 2000);
  CHECK(tasks.limits_of("transcription")->temperature == 0.2);
}

TEST_CASE("the table applies where nobody has set a primary and two models can be asked") {
  config::settings s;
  s.models.provider = "ollama"; // the profile's
  s.ollama.host = "http://127.0.0.1:11434";
  CHECK_FALSE(assembled(s).models.by_task);
  s.openai.api_keys = {"k"};
  CHECK(assembled(s).models.by_task);
  s.models.chosen = true;
  CHECK_FALSE(assembled(s).models.by_task);
  s.routing.mode = "by_task";
  CHECK(assembled(s).models.by_task);
  s.routing.mode = "primary";
  s.models.chosen = false;
  CHECK_FALSE(assembled(s).models.by_task);
}

TEST_CASE("keys alone send nothing away from the embedded provider") {
  config::settings s;
  s.openai.api_keys = {"k"};
  s.ollama.host = "http://127.0.0.1:11434";
  auto routing = assembled(s).models;
  CHECK_FALSE(routing.by_task);
  CHECK(routing.fallbacks.empty());
  s.routing.mode = "by_task";
  routing = assembled(s).models;
  CHECK(routing.by_task);
  CHECK_FALSE(routing.primary_stands_in);
  CHECK(routing.fallbacks == names{"ollama", "openai"});
}

TEST_CASE("a row of the table that cannot be read is refused by its option") {
  config::settings s;
  s.routing.table = {"tools: one"};
  auto refused = config::assemble(s);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message.starts_with("routing.table: 'tools: one'"));
  s.routing.table = {"tools: olama | openai | openai"};
  refused = config::assemble(s);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message == "routing.table: there is no provider 'olama'");
  s.routing = {};
  s.routing.limits = {"tools"};
  refused = config::assemble(s);
  REQUIRE(refused.has_error());
  CHECK(refused.error().detail("field") == "routing.limits");
}

TEST_CASE("each limit of the settings arrives in the core") {
  config::settings s;
  s.turn.deadline = std::chrono::seconds{7};
  s.models.attempt_timeout = std::chrono::seconds{3};
  s.turn.max_in_flight = 9;
  s.supervision.restart_max = 1;
  s.store.read_cache = 4096;
  s.turn.seed = 42;
  const auto parts = assembled(s);
  CHECK(parts.core.turn_deadline == std::chrono::seconds{7});
  CHECK(parts.core.attempt_timeout == std::chrono::seconds{3});
  CHECK(parts.core.max_turns_in_flight == 9);
  CHECK(parts.core.restart_max == 1);
  CHECK(parts.core.read_cache_bytes == 4096);
  CHECK(parts.seed == 42);
}

TEST_CASE("openai answers with a model per tier and falls back to a configured ollama") {
  config::settings s;
  s.models.provider = "openai";
  s.models.chosen = true;
  s.openai.api_keys = {"k"};
  s.openai.max_concurrent = 5;
  s.ollama.host = "http://127.0.0.1:11434";
  const auto parts = assembled(s);
  CHECK(provider_names(parts) == names{"openai", "ollama", "offline"});
  CHECK(parts.models.fallbacks == names{"ollama"});
  CHECK(parts.providers[0].max_concurrent == 5);
  CHECK(parts.providers[0].provider->default_model() == "gpt-4-turbo");
  CHECK(parts.providers[1].provider->default_model() == "gemma3:4b");
  using tier = std::pair<std::string, std::string>;
  CHECK(parts.models.tier_models
        == std::vector<tier>{{"fast", "gpt-3.5-turbo"}, {"default", "gpt-4-turbo"}});
}

TEST_CASE("one named model serves every tier of the first provider and of no other") {
  config::settings s;
  s.models.provider = "ollama";
  s.models.model = "mistral:7b";
  s.openai.api_keys = {"k"};
  const auto parts = assembled(s);
  for (const auto& [tier, model] : parts.models.tier_models)
    CHECK(model == "mistral:7b");
  CHECK(parts.models.tier_models.size() == 3);
  CHECK(parts.providers[0].provider->default_model() == "mistral:7b");
  CHECK(parts.providers[1].provider->default_model() == "gpt-4-turbo");
}

TEST_CASE(
  "ollama's own temperature and length go before the general ones where it is asked first") {
  config::settings s;
  s.models.temperature = 0.7;
  s.models.max_tokens = 512;
  s.ollama.temperature = 0.2;
  s.ollama.max_tokens = 64;
  s.ollama.num_gpu = 0;
  CHECK(assembled(s).models.tuning.temperature == 0.7);
  s.models.provider = "ollama";
  const auto tuning = assembled(s).models.tuning;
  CHECK(tuning.temperature == 0.2);
  CHECK(tuning.max_tokens == 64);
  CHECK(tuning.num_gpu == 0);
}

TEST_CASE("an agent that names a provider which is not configured is refused by name") {
  const temporary_file file{"[[agent]]\nname = \"picky\"\naudience = \"seller\"\n"
                            "prompt = \"Only the best.\"\nprovider = \"openai\"\n"};
  config::settings s;
  s.agents.extra_files = {file.path()};
  const auto refused = config::assemble(s);
  REQUIRE(refused.has_error());
  CHECK(refused.error().message
        == "agent 'picky': the provider 'openai' is not configured; configured: offline");
  s.openai.api_keys = {"k"};
  CHECK(assembled(s).agents.size() == 11);
}

TEST_CASE("a shop file of one's own replaces rules") {
  const temporary_file file{"name = \"Corner Shop\"\n"};
  config::settings s;
  s.shop.file = file.path();
  CHECK(assembled(s).rules.shop_name == "Corner Shop");
  s.shop.file = "/nowhere/shop.toml";
  CHECK(config::assemble(s).error().code == errc::invalid_request);
}

TEST_CASE("the shop is opened in the folder that is named, and nowhere else") {
  const temporary_file place{""};
  const auto folder = place.folder() / "data";
  const auto shop = config::open_shop({}, default_shop_rules(), folder.string());
  REQUIRE(shop.has_value());
  CHECK((*shop)->counts().value().products == 0);
  CHECK(std::filesystem::is_directory(folder));
  const auto impossible = config::open_shop({}, default_shop_rules(), place.path() + "/data");
  CHECK(impossible.error().code == errc::store_failed);
}
