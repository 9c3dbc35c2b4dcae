#include "config/bind.hpp"
#include "config/limit_options.hpp"
#include "config/option_tables.hpp"
#include "config/option_units.hpp"

namespace flipsync::config {
namespace {

using table = std::vector<option>;
using s = settings;

void add_ollama(table& t) {
  using g = ollama_settings;
  t.push_back(bind<&s::ollama, &g::host>(
                "ollama.host", "Where ollama listens, without a name and password; empty is "
                               "http://127.0.0.1:11434, and does not make it a fallback by itself.")
                .env({"OLLAMA_HOST"}));
  t.push_back(bind<&s::ollama, &g::model>("ollama.model", "Model of the default tier.")
                .env({"OLLAMA_MODEL"}));
  t.push_back(bind<&s::ollama, &g::model_fast>("ollama.model_fast",
                                               "Model of the fast tier; empty takes ollama.model.")
                .env({"OLLAMA_MODEL_FAST"}));
  t.push_back(bind<&s::ollama, &g::model_strong>(
    "ollama.model_strong", "Model of the strong tier; empty takes ollama.model."));
  t.push_back(bind<&s::ollama, &g::temperature>(
                "ollama.temperature", "As models.temperature, where ollama is asked first.")
                .between(0, 2)
                .env({"OLLAMA_TEMPERATURE"}));
  t.push_back(bind<&s::ollama, &g::max_tokens>("ollama.max_tokens",
                                               "As models.max_tokens, where ollama is asked first.")
                .between(1, 1'000'000)
                .env({"OLLAMA_MAX_TOKENS"}));
  t.push_back(
    bind<&s::ollama, &g::num_thread>("ollama.num_thread", "Threads that the model may use.")
      .between(1, 1024)
      .env({"MODEL_N_THREADS"}));
  t.push_back(bind<&s::ollama, &g::num_batch>("ollama.num_batch", "Tokens evaluated in one batch.")
                .between(1, 65536));
  t.push_back(bind<&s::ollama, &g::num_gpu>("ollama.num_gpu",
                                            "Layers on the GPU; 0 is none, -1 is all that fit.")
                .between(-1, 100'000)
                .env({"OLLAMA_NUM_GPU"}));
  t.push_back(bind<&s::ollama, &g::keep_alive>(
                "ollama.keep_alive", "How long ollama keeps the model loaded; -1 is for ever.")
                .env({"OLLAMA_KEEP_ALIVE"}));
  t.push_back(bind<&s::ollama, &g::prewarm>(
    "ollama.prewarm", "Loads the model when the service starts, in the background, where ollama is "
                      "asked first."));
  t.push_back(bind<&s::ollama, &g::prewarm_timeout>(
                "ollama.prewarm_timeout", "Time that the model may take to load at the start.")
                .between(second, hour));
  t.push_back(bind<&s::ollama, &g::max_concurrent>("ollama.max_concurrent", "Attempts at once.")
                .between(1, 10'000)
                .env({"OLLAMA_NUM_PARALLEL"}));
  t.push_back(bind<&s::ollama, &g::max_waiting>("ollama.max_waiting",
                                                "Attempts that may wait for a free place.")
                .between(0, 100'000));
  add_limits<&s::ollama_limits>(t, "ollama");
}

/// What all providers in the cloud have; `title` is how people call it, `variable` holds its key.
template <auto Group>
void add_hosted(table& t, const std::string& name, const std::string& title,
                const std::string& variable) {
  using g = hosted_settings;
  const auto path = [&](const char* key) { return name + "." + key; };
  t.push_back(
    bind<Group, &g::api_keys>(path("api_key"),
                              "Key of the " + title
                                + " API; several, separated by commas, go in turn, and one that is "
                                  "refused or limited leaves the others in use. At most 32.")
      .env({variable})
      .hidden());
  t.push_back(bind<Group, &g::api_key_file>(path("api_key_file"),
                                            "File that holds the key, or several, one a line; read "
                                            "where the environment has none.")
                .file_name());
  t.push_back(
    bind<Group, &g::headers>(path("headers"), "Further headers of each request, as NAME: VALUE.")
      .hidden());
  t.push_back(bind<Group, &g::model>(path("model"), "Model of the default tier."));
  t.push_back(bind<Group, &g::model_fast>(path("model_fast"), "Model of the fast tier; empty takes "
                                                                + path("model") + "."));
  t.push_back(bind<Group, &g::model_strong>(
    path("model_strong"), "Model of the strong tier; empty takes " + path("model") + "."));
  t.push_back(bind<Group, &g::context>(
                path("context"),
                "Context window of that model in tokens, prompt and answer together; 0 is unknown.")
                .between(0, 100'000'000));
  t.push_back(bind<Group, &g::max_concurrent>(path("max_concurrent"), "Attempts at once.")
                .between(1, 10'000));
  t.push_back(
    bind<Group, &g::max_waiting>(path("max_waiting"), "Attempts that may wait for a free place.")
      .between(0, 100'000));
}

template <auto Group>
option thinking_room(const char* path) {
  using g = std::remove_cvref_t<decltype(std::declval<settings&>().*Group)>;
  return bind<Group, &g::thinking_tokens>(
           path, "Tokens that models which think get beyond the longest answer, since their "
                 "thinking counts against it.")
    .between(0, 1'000'000);
}

void add_openai(table& t) {
  using g = openai_settings;
  add_hosted<&s::openai>(t, "openai", "OpenAI", "OPENAI_API_KEY");
  add_limits<&s::openai_limits>(t, "openai");
  t.push_back(bind<&s::openai, &g::base_url>("openai.base_url",
                                             "The API's address, without a name and password; any "
                                             "server that speaks the same protocol, which may then "
                                             "go without a key.")
                .env({"OPENAI_BASE_URL"}));
}

void add_anthropic(table& t) {
  using g = anthropic_settings;
  add_hosted<&s::anthropic>(t, "anthropic", "Anthropic", "ANTHROPIC_API_KEY");
  add_limits<&s::anthropic_limits>(t, "anthropic");
  t.push_back(bind<&s::anthropic, &g::base_url>("anthropic.base_url",
                                                "The API's address, without a name and password.")
                .env({"ANTHROPIC_BASE_URL"}));
  t.push_back(bind<&s::anthropic, &g::max_tokens>(
                "anthropic.max_tokens",
                "Longest answer in tokens where neither agent nor models.max_tokens says.")
                .between(1, 1'000'000));
  t.push_back(bind<&s::anthropic, &g::effort>(
                "anthropic.effort", "How much models think that do so by themselves; default "
                                    "leaves it to them.")
                .one_of({"default", "low", "medium", "high", "xhigh", "max"}));
  t.push_back(thinking_room<&s::anthropic>("anthropic.thinking_tokens"));
}

void add_gemini(table& t) {
  using g = gemini_settings;
  add_hosted<&s::gemini>(t, "gemini", "Gemini", "GEMINI_API_KEY");
  add_limits<&s::gemini_limits>(t, "gemini");
  t.push_back(bind<&s::gemini, &g::base_url>("gemini.base_url",
                                             "The API's address, without a name and password.")
                .env({"GEMINI_BASE_URL"}));
  t.push_back(bind<&s::gemini, &g::thinking_level>(
                "gemini.thinking_level", "How much models from version 3 on think; default leaves "
                                         "it to them.")
                .one_of({"default", "minimal", "low", "medium", "high"}));
  t.push_back(thinking_room<&s::gemini>("gemini.thinking_tokens"));
}

} // namespace

void add_providers(table& t) {
  add_ollama(t);
  add_openai(t);
  add_anthropic(t);
  add_gemini(t);
}

} // namespace flipsync::config
