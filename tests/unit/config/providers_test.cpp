#include "config/providers.hpp"

#include <catch2/catch_test_macros.hpp>

#include "config/check.hpp"

using namespace flipsync;
using namespace flipsync::config;
using names = std::vector<std::string>;
using tiers = std::vector<std::pair<std::string, std::string>>;

namespace {

names models_of(const std::vector<warm_up>& calls) {
  names out;
  for (const auto& call : calls)
    out.push_back(call.request.model);
  return out;
}

} // namespace

TEST_CASE("every provider is built with its own default model and what it can do") {
  settings s;
  s.models.num_ctx = 2048;
  const auto built = build_providers(s, {"ollama", "gemini", "anthropic", "openai", "offline"});
  REQUIRE(built.size() == 5);
  names seen;
  for (const auto& entry : built)
    seen.push_back(entry.provider->name() + " " + entry.provider->default_model());
  CHECK(seen
        == names{"ollama gemma3:4b", "gemini gemini-3.5-flash-lite", "anthropic claude-haiku-5-5",
                 "openai gpt-4-turbo", "offline facts-1"});
  for (std::size_t i = 0; i < 4; ++i) {
    CHECK(built[i].provider->capabilities().tools);
    CHECK(built[i].provider->capabilities().json_schema);
  }
  CHECK(built[0].provider->capabilities().context_tokens == 2048);
  CHECK(built[1].provider->capabilities().context_tokens == 1'048'576);
  CHECK(built[3].provider->capabilities().context_tokens == 128'000);
}

TEST_CASE("another server, key or header is another access to a provider, and is not shown") {
  settings s;
  s.openai.api_keys = {"sk-old"};
  const auto access = [&] { return build_providers(s, {"openai"}).front().access_identity; };
  const auto before = access();
  CHECK(before.find("sk-old") == std::string::npos);
  CHECK(access() == before);
  s.openai.api_keys = {"sk-new"};
  const auto with_key = access();
  CHECK(with_key != before);
  s.openai.headers = {"api-key: other"};
  const auto with_header = access();
  CHECK(with_header != with_key);
  s.openai.base_url = "http://127.0.0.1:9000/v1";
  CHECK(access() != with_header);
  const auto ollama = [&] { return build_providers(s, {"ollama"}).front().access_identity; };
  const auto here = ollama();
  s.ollama.host = "gpu";
  CHECK(ollama() != here);
}

TEST_CASE("the tiers are those of the primary, unless one model is named for all") {
  settings s;
  s.models.provider = "anthropic";
  CHECK(tier_models(s) == tiers{{"default", "claude-haiku-5-5"}, {"strong", "claude-opus-5-5"}});
  s.models.provider = "gemini";
  CHECK(tier_models(s)
        == tiers{{"default", "gemini-3.5-flash-lite"}, {"strong", "gemini-3.8-flash"}});
  s.models.model = "gemini-2.5-pro";
  CHECK(tier_models(s)
        == tiers{
          {"fast", "gemini-2.5-pro"}, {"default", "gemini-2.5-pro"}, {"strong", "gemini-2.5-pro"}});
  s.models.provider = "offline";
  s.models.model.clear();
  CHECK(tier_models(s).empty());
}

TEST_CASE("a primary on one's own machine is warmed with the options of its turns") {
  settings s;
  s.models.provider = "ollama";
  s.models.num_ctx = 2048;
  s.ollama.model_fast = "llama3.2:1b";
  s.ollama.model_strong = "llama3.3:70b";
  const auto built = build_providers(s, configured_providers(s));
  const auto calls = warm_ups(s, built);
  CHECK(models_of(calls) == names{"llama3.2:1b", "gemma3:4b"});
  CHECK(calls[0].request.tuning.num_ctx == 1024); // the fast tier's
  CHECK(calls[1].request.tuning.num_ctx == 2048);
  CHECK(calls[0].request.tuning.max_tokens == 1);
  CHECK(calls[0].request.timeout == s.ollama.prewarm_timeout);
  s.models.model = "mistral:7b";
  CHECK(models_of(warm_ups(s, built)) == names{"mistral:7b"});
  CHECK(warm_ups(s, built)[0].request.tuning.num_ctx == 2048);
  s.ollama.prewarm = false;
  CHECK(warm_ups(s, built).empty());
}

TEST_CASE("nothing is warmed where another provider is asked first") {
  settings s;
  s.ollama.host = "gpu";
  CHECK(warm_ups(s, build_providers(s, configured_providers(s))).empty());
}

TEST_CASE("models to fetch are those that settings and agents name") {
  settings s;
  s.ollama.model_fast = "llama3.2:1b";
  agent_spec with_model;
  with_model.provider = "ollama";
  with_model.model = "mistral:7b";
  agent_spec elsewhere;
  elsewhere.model = "gpt-9";
  CHECK(fetchable_models(s, {with_model, elsewhere, with_model})
        == names{"gemma3:4b", "llama3.2:1b", "mistral:7b"});
  s.models.provider = "ollama";
  s.models.model = "qwen3:4b";
  elsewhere.model = "phi4:14b";
  CHECK(fetchable_models(s, {elsewhere}) == names{"qwen3:4b", "phi4:14b"});
}
