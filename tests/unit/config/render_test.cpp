#include "config/render.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <iterator>

#include "tests/unit/config/temporary_file.hpp"

using namespace flipsync::config;
using flipsync::test::temporary_file;

namespace {

std::string repository_file(const std::string& path) {
  std::ifstream in{std::string{FLIPSYNC_SOURCE_DIR} + "/" + path, std::ios::binary};
  REQUIRE(in);
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE("the sample file shows every option and loads back to the defaults") {
  const auto text = repository_file("config/flipsync.toml");
  const temporary_file file{text};
  const auto loaded = load_settings({{}, {}, {file.path()}});
  INFO((loaded ? std::string{} : loaded.error().message));
  REQUIRE(loaded.has_value());
  const settings defaults;
  for (std::size_t i = 0; i < options().size(); ++i) {
    const auto& o = options()[i];
    INFO(o.path);
    CHECK(o.get(loaded->values) == o.get(defaults));
    const bool written = !o.secret && o.get(defaults) != option_value{};
    CHECK((loaded->origins[i].from == source::file) == written);
    CHECK(text.find(variable_name(o.path)) != std::string::npos);
  }
}

TEST_CASE("the sample file is the one made from the table of options") {
  INFO("build flipsync_write_config_docs and run it on the checkout");
  CHECK(repository_file("config/flipsync.toml") == sample_file());
}

TEST_CASE("docs/configuration.md holds the tables made from the table of options") {
  INFO("build flipsync_write_config_docs and run it on the checkout");
  CHECK(repository_file("docs/configuration.md").find(option_tables()) != std::string::npos);
}

TEST_CASE("the printed configuration names each value's source") {
  const auto loaded = load_settings({{{"server.listen", "127.0.0.1:9", "--listen"}},
                                     {{"FLIPSYNC_ENV", "development"}, {"OLLAMA_HOST", "gpu"}},
                                     {}});
  REQUIRE(loaded.has_value());
  const auto text = print_config(*loaded);
  const auto line_of = [&](const std::string& start) {
    const auto at = text.find("\n" + start);
    return at == std::string::npos ? std::string{}
                                   : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
  };
  CHECK(line_of("server.listen = ").ends_with("# command line --listen"));
  CHECK(line_of("ollama.host = \"gpu\"").ends_with("# environment OLLAMA_HOST"));
  CHECK(line_of("models.top_k = 40").ends_with("# profile development"));
  CHECK(line_of("turn.deadline = \"30s\"").ends_with("# default"));
  CHECK(line_of("# ollama.num_gpu is not set").ends_with("# default"));
}

TEST_CASE("the printed configuration can be loaded again and gives the same settings") {
  const auto first = load_settings(
    {{{"models.top_k", "", "--set"}, {"models.fast_stop", "a\t\"b\"\\\x1b\x7f", "--set"}},
     {{"FLIPSYNC_ENV", "development"}, {"MODEL_N_CTX", "512"}},
     {}});
  REQUIRE(first.has_value());
  const temporary_file file{print_config(*first)};
  const auto second = load_settings({{}, {}, {file.path()}});
  INFO((second ? std::string{} : second.error().message));
  REQUIRE(second.has_value());
  for (const auto& o : options())
    CHECK(o.get(first->values) == o.get(second->values));
}

TEST_CASE("a secret is said to be set and never shown") {
  const auto loaded = load_settings(
    {{}, {{"OPENAI_API_KEY", "sk-hidden"}, {"FLIPSYNC_OPENAI_HEADERS", "api-key: sk-hidden"}}, {}});
  REQUIRE(loaded.has_value());
  const auto text = print_config(*loaded);
  CHECK(text.find("sk-hidden") == std::string::npos);
  CHECK(text.find("# openai.headers is set (secret)") != std::string::npos);
  CHECK(text.find("# gemini.headers is not set") != std::string::npos);
  CHECK(text.find("# openai.api_key is set (secret)") != std::string::npos);
  CHECK(text.find("environment OPENAI_API_KEY") != std::string::npos);
  const auto two = load_settings({{}, {{"OPENAI_API_KEY", "sk-hidden-1,sk-hidden-2"}}, {}});
  REQUIRE(two.has_value());
  CHECK(print_config(*two).find("# openai.api_key is set (2 secrets)") != std::string::npos);
  CHECK(print_config(*two).find("sk-hidden") == std::string::npos);
}

TEST_CASE("a variable that changes nothing is listed as such") {
  const auto loaded = load_settings({{}, {{"WHISPER_HOST", "http://u:secret@h"}}, {}});
  REQUIRE(loaded.has_value());
  const auto text = print_config(*loaded);
  CHECK(text.find("# WHISPER_HOST has no effect in this version") != std::string::npos);
  CHECK(text.find("secret@") == std::string::npos);
}
