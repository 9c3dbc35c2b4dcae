#include "config/load.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>

#include "tests/unit/config/temporary_file.hpp"

using namespace flipsync;
using namespace flipsync::config;
using flipsync::test::temporary_file;

namespace {

loaded_settings load(const load_input& input) {
  auto out = load_settings(input);
  INFO((out ? std::string{} : out.error().message));
  REQUIRE(out.has_value());
  return *std::move(out);
}

std::string failure(const load_input& input) {
  const auto out = load_settings(input);
  REQUIRE(out.has_error());
  CHECK(out.error().code == errc::invalid_request);
  return out.error().message;
}

origin origin_of(const loaded_settings& loaded, std::string_view path) {
  return loaded.origins[static_cast<std::size_t>(find_option(path) - options().data())];
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE("nothing given means the defaults, embedded, from nowhere") {
  const auto loaded = load({});
  const settings defaults;
  for (std::size_t i = 0; i < options().size(); ++i) {
    INFO(options()[i].path);
    CHECK(options()[i].get(loaded.values) == options()[i].get(defaults));
    CHECK(loaded.origins[i].from == source::defaults);
  }
  CHECK(loaded.values.models.provider == "offline");
  CHECK(loaded.warnings.empty());
}

TEST_CASE("each source goes over every weaker one") {
  const temporary_file early{"[models]\nattempt_timeout = \"3s\"\n"};
  const temporary_file late{"[models]\nattempt_timeout = \"4s\"\n"};
  load_input input;
  input.env = {{"FLIPSYNC_ENV", "development"}};
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{15});
  CHECK(origin_of(load(input), "models.attempt_timeout").from == source::profile);

  input.files = {early.path()};
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{3});
  CHECK(origin_of(load(input), "models.attempt_timeout").place == early.path() + ":2");

  input.files = {early.path(), late.path()};
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{4});
  input.files = {late.path(), early.path()};
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{3});

  input.env.emplace_back("FLIPSYNC_MODELS_ATTEMPT_TIMEOUT", "5s");
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{5});
  CHECK(origin_of(load(input), "models.attempt_timeout").from == source::environment);

  input.command_line = {{"models.attempt_timeout", "6s", "--set"}};
  CHECK(load(input).values.models.attempt_timeout == std::chrono::seconds{6});
  CHECK(origin_of(load(input), "models.attempt_timeout").place == "--set");
}

TEST_CASE("an option's own variable goes before its older name") {
  const auto loaded =
    load({{}, {{"OLLAMA_HOST", "http://old:1"}, {"FLIPSYNC_OLLAMA_HOST", "http://new:2"}}, {}});
  CHECK(loaded.values.ollama.host == "http://new:2");
  CHECK(origin_of(loaded, "ollama.host").place == "FLIPSYNC_OLLAMA_HOST");
}

TEST_CASE("an empty variable counts as not set") {
  const auto loaded = load({{}, {{"LLM_PROVIDER", ""}, {"OLLAMA_NUM_PARALLEL", ""}}, {}});
  CHECK(loaded.values.models.provider == "offline");
  CHECK(loaded.values.ollama.max_concurrent == 2);
}

TEST_CASE("the development profile is what the user's documents say") {
  const auto v = load({{}, {{"FLIPSYNC_ENV", "development"}}, {}}).values;
  CHECK(v.models.provider == "ollama");
  CHECK(v.ollama.model == "gemma3:4b");
  CHECK(v.models.attempt_timeout == std::chrono::seconds{15});
  CHECK(v.models.max_tokens == 512);
  CHECK(v.models.temperature == 0.7);
  CHECK(v.models.top_k == 40);
  CHECK(v.models.top_p == 0.9);
  CHECK(v.models.num_ctx == 2048);
  CHECK(v.ollama.keep_alive == "24h");
}

TEST_CASE("the production profile is what the user's documents say") {
  const auto v = load({{}, {{"FLIPSYNC_ENV", "production"}, {"OPENAI_API_KEY", "k"}}, {}}).values;
  CHECK(v.models.provider == "openai");
  CHECK(v.openai.model == "gpt-4-turbo");
  CHECK(v.openai.model_fast == "gpt-3.5-turbo");
  CHECK(v.models.attempt_timeout == std::chrono::seconds{10});
  CHECK(v.models.max_tokens == 1024);
  CHECK(v.models.temperature == 0.7);
}

TEST_CASE("a profile may also be named in a file, and the environment changes it") {
  const temporary_file file{"profile = \"production\"\n"};
  load_input input{{}, {{"OPENAI_API_KEY", "k"}}, {file.path()}};
  CHECK(load(input).values.models.provider == "openai");
  input.env.emplace_back("FLIPSYNC_ENV", "development");
  CHECK(load(input).values.models.provider == "ollama");
}

TEST_CASE("an unknown profile is refused with those that exist") {
  CHECK(failure({{}, {{"FLIPSYNC_ENV", "staging"}}, {}})
        == "FLIPSYNC_ENV: profile: 'staging' is not known; allowed: one of embedded, development, "
           "production");
}

TEST_CASE("the variables of the user's documents reach their options") {
  const auto v = load({{},
                       {{"LLM_PROVIDER", "ollama"},
                        {"LLM_MODEL", "mistral:7b"},
                        {"OPENAI_BASE_URL", "http://127.0.0.1:9/v1"},
                        {"OLLAMA_HOST", "gpu:11434"},
                        {"OLLAMA_MODEL", "a"},
                        {"OLLAMA_MODEL_FAST", "b"},
                        {"OLLAMA_TEMPERATURE", "0.5"},
                        {"OLLAMA_MAX_TOKENS", "2048"},
                        {"OLLAMA_NUM_PARALLEL", "4"},
                        {"OLLAMA_NUM_GPU", "0"},
                        {"OLLAMA_KEEP_ALIVE", "1h"},
                        {"MODEL_N_CTX", "512"},
                        {"MODEL_MAX_TOKENS", "50"},
                        {"MODEL_N_THREADS", "8"},
                        {"LOG_LEVEL", "WARNING"}},
                       {}})
                   .values;
  CHECK(v.models.provider == "ollama");
  CHECK(v.models.model == "mistral:7b");
  CHECK(v.openai.base_url == "http://127.0.0.1:9/v1");
  CHECK(v.ollama.host == "gpu:11434");
  CHECK(v.ollama.model == "a");
  CHECK(v.ollama.model_fast == "b");
  CHECK(v.ollama.temperature == 0.5);
  CHECK(v.ollama.max_tokens == 2048);
  CHECK(v.ollama.max_concurrent == 4);
  CHECK(v.ollama.num_gpu == 0);
  CHECK(v.ollama.keep_alive == "1h");
  CHECK(v.models.num_ctx == 512);
  CHECK(v.models.max_tokens == 50);
  CHECK(v.ollama.num_thread == 8);
  CHECK(v.log.level == "warn");
}

TEST_CASE("an unknown key and an unknown section are errors with place and neighbour") {
  const temporary_file file{
    "[server]\nlisten = \"127.0.0.1:1\"\nlistn = \"x\"\n\n[weather]\nsun = 1\n"};
  const auto text = failure({{}, {}, {file.path()}});
  CHECK(has(text, file.path() + ":3: server.listn: no such option; did you mean server.listen?"));
  CHECK(has(text, file.path() + ":5: weather: no such section"));
}

TEST_CASE("a wrong type is an error that says what is there and what is allowed") {
  const temporary_file file{"[turn]\nmax_in_flight = \"many\"\ndeadline = 30\nseed = 1.5\n"
                            "[server]\ninsecure = 1\n[models]\nfallbacks = [1]\n[turns]\n"};
  const auto text = failure({{}, {}, {file.path()}});
  CHECK(
    has(text, ":2: turn.max_in_flight: this is a text; allowed: a whole number from 1 to 1000000"));
  CHECK(has(text, ":3: turn.deadline: this is a whole number; allowed: a duration"));
  CHECK(has(text, ":4: turn.seed: this is a number with a fraction"));
  CHECK(has(text, ":6: server.insecure: this is a whole number; allowed: true or false"));
  CHECK(has(text, ":8: models.fallbacks: this is a list; allowed: a list of texts"));
}

TEST_CASE("a value out of range in a file is an error with its line") {
  const temporary_file file{"[models]\ntemperature = 3\n"};
  CHECK(has(failure({{}, {}, {file.path()}}), ":2: models.temperature: 3 is out of range"));
}

TEST_CASE("a file that is no TOML, is missing or is a folder is an error and no crash") {
  const temporary_file broken{"[server\nlisten ="};
  CHECK(has(failure({{}, {}, {broken.path()}}), broken.path() + ":1"));
  CHECK(has(failure({{}, {}, {"/nowhere/flipsync.toml"}}), "cannot be read"));
  CHECK(has(failure({{}, {}, {broken.folder().string()}}), "cannot be read"));
  const temporary_file binary{std::string{"\xff\xfe\x00\x01", 4}};
  CHECK(has(failure({{}, {}, {binary.path()}}), binary.path()));
}

TEST_CASE("all that is wrong is told at once") {
  const temporary_file file{"[turn]\nnope = 1\n"};
  const auto text = failure({{{"turn.seed", "x", "--set"}, {"a.b", "1", "--set"}},
                             {{"OLLAMA_NUM_PARALLEL", "zero"}},
                             {file.path()}});
  CHECK(has(text, "turn.nope"));
  CHECK(has(text, "--set: turn.seed: 'x' is not understood"));
  CHECK(has(text, "--set: no such option: a.b"));
  CHECK(has(text, "OLLAMA_NUM_PARALLEL: ollama.max_concurrent: 'zero'"));
}

TEST_CASE("a secret is refused in a file and on the command line, and its value is not repeated") {
  const temporary_file file{"[openai]\napi_key = \"sk-hidden\"\n"};
  const auto in_file = failure({{}, {}, {file.path()}});
  CHECK(has(in_file, "FLIPSYNC_OPENAI_API_KEY"));
  CHECK_FALSE(has(in_file, "sk-hidden"));
  const auto in_arguments = failure({{{"openai.api_key", "sk-hidden", "--set"}}, {}, {}});
  CHECK_FALSE(has(in_arguments, "sk-hidden"));
}

TEST_CASE("where a secret may stand is said, and a file only where an option names one") {
  const auto refusal = [](const std::string& section, const std::string& key) {
    const temporary_file file{"[" + section + "]\n" + key + " = \"sk-hidden\"\n"};
    return failure({{}, {}, {file.path()}});
  };
  CHECK(has(refusal("openai", "api_key"), "or name a file by openai.api_key_file"));
  CHECK(has(refusal("access", "keys"), "flipsync keys add"));
  CHECK_FALSE(has(refusal("access", "keys"), "name a file"));
  using named = std::pair<std::string, std::string>;
  for (const auto& [section, key] :
       {named{"cache", "redis_url"}, named{"models", "proxy_login"}, named{"openai", "headers"}}) {
    const auto text = refusal(section, key);
    CHECK(has(text, "does not stand in a configuration file; set FLIPSYNC_"));
    CHECK_FALSE(has(text, "_file"));
  }
}

TEST_CASE(
  "a key is read from the file that the configuration names, and the environment's goes first") {
  const temporary_file key{"sk-from-file\n", "key"};
  std::filesystem::permissions(key.path(), std::filesystem::perms::owner_read);
  load_input input{{{"openai.api_key_file", key.path(), "--set"}}, {}, {}};
  const auto loaded = load(input);
  CHECK(loaded.values.openai.api_keys == std::vector<std::string>{"sk-from-file"});
  CHECK(origin_of(loaded, "openai.api_key").place == key.path());
  CHECK(loaded.warnings.empty());
  input.env = {{"OPENAI_API_KEY", "sk-env"}};
  CHECK(load(input).values.openai.api_keys.front() == "sk-env");
}

TEST_CASE("several keys stand between commas in the environment, and one a line in a file") {
  using keys = std::vector<std::string>;
  CHECK(load({{}, {{"OPENAI_API_KEY", "sk-1, sk-2,sk-3"}}, {}}).values.openai.api_keys
        == keys{"sk-1", "sk-2", "sk-3"});
  const temporary_file file{"sk-a\r\n\n  sk-b \nsk,c\n", "key"};
  std::filesystem::permissions(file.path(), std::filesystem::perms::owner_read);
  CHECK(load({{{"gemini.api_key_file", file.path(), "--set"}}, {}, {}}).values.gemini.api_keys
        == keys{"sk-a", "sk-b", "sk,c"});
}

TEST_CASE("keys that are none, twice the same or too many are refused by their place alone") {
  const auto blank = failure({{}, {{"OPENAI_API_KEY", "sk-1,sk two"}}, {}});
  CHECK(has(blank, "openai.api_key: key 2 has blanks"));
  CHECK_FALSE(has(blank, "sk two"));
  CHECK(has(failure({{}, {{"OPENAI_API_KEY", "sk-1,sk-2,sk-1"}}, {}}),
            "openai.api_key: key 3 is the same as key 1"));
  std::string many = "sk-0";
  for (int i = 1; i <= 32; ++i)
    many += ",sk-" + std::to_string(i);
  CHECK(has(failure({{}, {{"OPENAI_API_KEY", many}}, {}}), "at most 32 keys"));
}

TEST_CASE("a key file that others can read is warned of, one that holds no key is an error") {
  const temporary_file open{"sk-open", "key"};
  std::filesystem::permissions(open.path(), std::filesystem::perms{0644});
  CHECK(load({{{"openai.api_key_file", open.path(), "--set"}}, {}, {}}).warnings.size() == 1);
  const temporary_file empty{"\n", "key"};
  CHECK(has(failure({{{"openai.api_key_file", empty.path(), "--set"}}, {}, {}}), "holds no key"));
  const temporary_file two{"one two", "key"};
  CHECK(has(failure({{{"openai.api_key_file", two.path(), "--set"}}, {}, {}}), "holds no key"));
}

TEST_CASE("a file of certificates that is none is an error, since every call would fail by it") {
  const temporary_file sound{"-----BEGIN CERTIFICATE-----\n", "pem"};
  CHECK(load({{{"models.ca_file", sound.path(), "--set"}}, {}, {}}).values.models.ca_file
        == sound.path());
  const temporary_file key{"-----BEGIN PRIVATE KEY-----\n", "pem"};
  for (const auto& path : {key.path(), key.path() + ".none"})
    CHECK(has(failure({{{"models.ca_file", path, "--set"}}, {}, {}}),
              "models.ca_file: " + path + " cannot be read or holds no certificate"));
}

TEST_CASE("a relative path in a file means beside that file") {
  const temporary_file file{"[agents]\nextra_files = [\"mine.toml\", \"/abs.toml\"]\n"
                            "[shop]\nfile = \"../shop.toml\"\n"};
  const auto v = load({{}, {}, {file.path()}}).values;
  CHECK(v.agents.extra_files
        == std::vector<std::string>{(file.folder() / "mine.toml").string(), "/abs.toml"});
  CHECK(v.shop.file == (file.folder().parent_path() / "shop.toml").string());
}

TEST_CASE("a mistyped FLIPSYNC_ variable is a warning with its neighbour") {
  const auto loaded =
    load({{}, {{"FLIPSYNC_SEVER_LISTEN", "x"}, {"FLIPSYNC_WHATEVER", "y"}, {"OTHER", "z"}}, {}});
  REQUIRE(loaded.warnings.size() == 2);
  CHECK(loaded.warnings[0]
        == "FLIPSYNC_SEVER_LISTEN is no option and changes nothing; did you mean "
           "FLIPSYNC_SERVER_LISTEN?");
  CHECK(loaded.warnings[1] == "FLIPSYNC_WHATEVER is no option and changes nothing");
}

TEST_CASE("a primary is chosen by anybody but a profile") {
  CHECK_FALSE(load({{}, {{"FLIPSYNC_ENV", "development"}}, {}}).values.models.chosen);
  CHECK(load({{}, {{"LLM_PROVIDER", "ollama"}}, {}}).values.models.chosen);
  CHECK(load({{}, {{"LLM_MODEL", "mistral"}}, {}}).values.models.chosen);
}

TEST_CASE("variables of the build are no options and no typos") {
  CHECK(load({{}, {{"FLIPSYNC_DEPS", "x"}, {"FLIPSYNC_CAF_ROOT", "y"}}, {}}).warnings.empty());
}

TEST_CASE("a variable without effect is accepted and reported as such") {
  const auto loaded = load({{}, {{"WHISPER_HOST", "http://x"}, {"ENABLE_METRICS", ""}}, {}});
  REQUIRE(loaded.idle.size() == 1);
  CHECK(loaded.idle.front().name == "WHISPER_HOST");
}

TEST_CASE(
  "a cache's lifetime is in seconds in the variables that say so, and has a unit elsewhere") {
  CHECK(load({{}, {{"CACHE_TTL", "60"}}, {}}).values.cache.ttl == std::chrono::seconds{60});
  CHECK(load({{}, {{"CACHE_TTL_GRAMMAR", "2h"}}, {}}).values.cache.ttl_grammar
        == std::chrono::hours{2});
  CHECK(has(failure({{}, {{"FLIPSYNC_CACHE_TTL", "60"}}, {}}), "FLIPSYNC_CACHE_TTL"));
}

TEST_CASE("contradictions are found once the single values are right") {
  CHECK(has(failure({{}, {{"FLIPSYNC_ENV", "production"}}, {}}), "openai.api_key"));
  CHECK(has(failure({{{"server.listen", "nowhere", "--listen"}}, {}, {}}), "server.listen"));
}

TEST_CASE("a contradiction is told with where its options came from") {
  const temporary_file file{"[session]\nping_interval = \"3m\"\n"};
  const load_input input{{}, {}, {file.path()}};
  CHECK(has(failure(input), "session.gone_after: it must be longer than session.ping_interval ("
                            "session.ping_interval: file "
                              + file.path() + ":2; session.gone_after: default)"));
  CHECK(load_values(input).has_value());
}

TEST_CASE("the data folder is the one given, else XDG's, else under home") {
  settings s;
  CHECK(data_folder(s, {{"XDG_DATA_HOME", "/x"}, {"HOME", "/h"}}).value() == "/x/flipsync");
  CHECK(data_folder(s, {{"XDG_DATA_HOME", "relative"}, {"HOME", "/h"}}).value()
        == "/h/.local/share/flipsync");
  CHECK(data_folder(s, {}).has_error());
  s.store.data_dir = "here";
  CHECK(data_folder(s, {{"HOME", "/h"}}).value() == "here");
}

TEST_CASE("every provider in the cloud reads its key from its variable or its file") {
  const temporary_file key{"k-from-file\n", "key"};
  std::filesystem::permissions(key.path(), std::filesystem::perms::owner_read);
  const auto v = load({{{"gemini.api_key_file", key.path(), "--set"}},
                       {{"ANTHROPIC_API_KEY", "k-env"},
                        {"ANTHROPIC_BASE_URL", "http://127.0.0.1:9"},
                        {"GEMINI_BASE_URL", "http://127.0.0.1:8"},
                        {"FLIPSYNC_OPENAI_HEADERS", "X-A: 1, X-B: 2"}},
                       {}})
                   .values;
  CHECK(v.gemini.api_keys.front() == "k-from-file");
  CHECK(v.anthropic.api_keys.front() == "k-env");
  CHECK(v.anthropic.base_url == "http://127.0.0.1:9");
  CHECK(v.gemini.base_url == "http://127.0.0.1:8");
  CHECK(v.openai.headers == std::vector<std::string>{"X-A: 1", "X-B: 2"});
  CHECK(v.openai.api_keys.empty());
}
