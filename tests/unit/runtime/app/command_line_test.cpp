#include "runtime/app/command_line.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;
using namespace flipsync::app;

namespace {

parsed parse(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "flipsync");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string value_of(const parsed& p, std::string_view path) {
  std::string out = "(none)";
  for (const auto& value : p.line.values)
    if (value.path == path)
      out = value.text;
  return out;
}

} // namespace

TEST_CASE("global options stand before or after the command") {
  for (const auto& p : {parse({"--data", "/d", "--config", "a", "serve", "--config", "b"}),
                        parse({"serve", "--config", "a", "--config", "b", "--data", "/d"})}) {
    REQUIRE_FALSE(p.exit);
    CHECK(p.line.command == "serve");
    CHECK(p.line.config_files == std::vector<std::string>{"a", "b"});
    CHECK(value_of(p, "store.data_dir") == "/d");
  }
}

TEST_CASE("flags of serve become options of the configuration") {
  const auto p = parse({"serve", "--listen", "0.0.0.0:80", "--insecure", "--set", "turn.seed=7"});
  REQUIRE_FALSE(p.exit);
  CHECK(value_of(p, "server.listen") == "0.0.0.0:80");
  CHECK(value_of(p, "server.insecure") == "true");
  CHECK(value_of(p, "turn.seed") == "7");
}

TEST_CASE("the words of a message are kept apart from the flags around them") {
  const auto p = parse({"chat", "--agent", "pricing", "what", "should", "--json", "it cost",
                        "--timeout", "20s", "--audience", "seller", "--conversation", "c1"});
  REQUIRE_FALSE(p.exit);
  CHECK(p.line.chat.words == std::vector<std::string>{"what", "should", "it cost"});
  CHECK(p.line.chat.agent == "pricing");
  CHECK(p.line.chat.conversation == "c1");
  CHECK(p.line.chat.who == audience::seller);
  CHECK(p.line.chat.timeout == std::chrono::seconds{20});
  CHECK(p.line.json);
}

TEST_CASE("a message that begins with a dash follows two dashes") {
  const auto p = parse({"chat", "--", "-5% off?"});
  REQUIRE_FALSE(p.exit);
  CHECK(p.line.chat.words == std::vector<std::string>{"-5% off?"});
}

TEST_CASE("wrong use ends with two, help and version with none") {
  CHECK(parse({}).exit == 2);
  CHECK(parse({"dance"}).exit == 2);
  CHECK(parse({"serve", "--loud"}).exit == 2);
  CHECK(parse({"serve", "extra"}).exit == 2);
  CHECK(parse({"import", "file.csv"}).exit == 2);
  CHECK(parse({"chat", "--timeout", "20"}).exit == 2);
  CHECK(parse({"chat", "--audience", "everyone"}).exit == 2);
  CHECK(parse({"--set", "turn.seed"}).exit == 2);
  CHECK(parse({"--help"}).exit == 0);
  CHECK(parse({"chat", "--help"}).exit == 0);
  CHECK(parse({"--version"}).exit == 0);
}

TEST_CASE("what asks a running service may be told where it is and with which key") {
  const auto budget = parse({"budget", "--json", "--url", "http://there:1", "--key-file", "k"});
  REQUIRE_FALSE(budget.exit);
  CHECK(budget.line.command == "budget");
  CHECK(budget.line.json);
  CHECK(budget.line.budget.service.url == "http://there:1");
  CHECK(budget.line.budget.service.key_file == "k");
  const auto stats = parse({"cache", "stats", "--url", "http://there:2", "--ca-file", "c"});
  REQUIRE_FALSE(stats.exit);
  CHECK(stats.line.cache.verb == "stats");
  CHECK(stats.line.cache.service.url == "http://there:2");
  CHECK(stats.line.cache.service.ca_file == "c");
  CHECK(parse({"budget", "today"}).exit == 2);
}

TEST_CASE("the configuration can be printed and checked without a command") {
  CHECK(parse({"--print-config"}).line.print_config);
  CHECK(parse({"serve", "--check-config"}).line.check_config);
}

TEST_CASE("the completion script knows every command and its options") {
  const auto script = completion_script();
  for (const auto* word :
       {"serve", "chat", "import", "agents", "--listen", "--dry-run", "--config"})
    CHECK(script.find(word) != std::string::npos);
}
