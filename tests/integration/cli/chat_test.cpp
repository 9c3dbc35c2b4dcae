#include <catch2/catch_test_macros.hpp>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

#include "tests/integration/cli/http_get.hpp"
#include "tests/integration/cli/scratch.hpp"

using namespace flipsync::test;

namespace {

struct shop : scratch {
  shop() {
    const auto done = run({"import", products(), "--kind", "products"}, env());
    INFO(done.err);
    REQUIRE(done.code == 0);
  }
};

} // namespace

TEST_CASE("one message gets its answer, the products and one line that says who answered") {
  const shop here;
  const auto done = run({"chat", "do you have a kettle?", "--audience", "shopper"}, here.env());
  INFO(done.err);
  CHECK(done.code == 0);
  CHECK(has(done.out, "Copper Kettle"));
  CHECK(has(done.out, "K-1"));
  CHECK(has(done.out, "[ok | concierge | "));
  CHECK(done.err.empty());
}

TEST_CASE("a reply as JSON is one line") {
  const shop here;
  const auto done = run({"chat", "--json", "--agent", "pricing", "price of K-1"}, here.env());
  INFO(done.err);
  CHECK(done.code == 0);
  CHECK(std::count(done.out.begin(), done.out.end(), '\n') == 1);
  CHECK(done.out.starts_with("{\"id\":"));
  CHECK(has(done.out, "\"agent\":\"pricing\""));
}

TEST_CASE("each line of a pipe is a message of one conversation, whatever it begins with") {
  const shop here;
  const auto done = run({"chat", "--json", "--agent", "pricing"}, here.env(),
                        "price of K-1\n\n/quit price of M-1\nprice of M-1");
  INFO(done.err);
  CHECK(done.code == 0);
  REQUIRE(std::count(done.out.begin(), done.out.end(), '\n') == 3);
  const auto conversation = [](const std::string& json) {
    const auto at = json.find("\"conversation_id\":\"");
    return json.substr(at, json.find('"', at + 19) - at);
  };
  CHECK(conversation(done.out) == conversation(done.out.substr(done.out.rfind("{\"id\":"))));
}

TEST_CASE("a line of a pipe that is far too long is said and left out, and the others are asked") {
  const shop here;
  const std::string huge((std::size_t{5} << 20) + 17, 'x');
  const auto within = run({"chat", "--json", "--agent", "pricing"}, here.env(),
                          "price of K-1\n" + huge + "\nprice of M-1\n");
  INFO(within.err);
  CHECK(within.code == 2);
  CHECK(has(within.err, "the line is longer than 1 MiB"));
  CHECK(std::count(within.out.begin(), within.out.end(), '\n') == 2);
  const auto last = run({"chat", "--json"}, here.env(), huge);
  CHECK(last.code == 2);
  CHECK(has(last.err, "the line is longer than 1 MiB"));
  CHECK(last.out.empty());
}

TEST_CASE("a conversation goes on in the next run of the program") {
  const shop here;
  CHECK(run({"chat", "--conversation", "c-1", "--audience", "shopper", "show me the copper kettle"},
            here.env())
          .code
        == 0);
  const auto done =
    run({"chat", "--conversation", "c-1", "--audience", "shopper", "is it in stock?"}, here.env());
  CHECK(done.code == 0);
  CHECK(has(done.out, "| c-1]"));
}

TEST_CASE("what cannot be asked is wrong use") {
  const shop here;
  const auto nobody = run({"chat", "--agent", "nobody", "hello"}, here.env());
  CHECK(nobody.code == 2);
  CHECK(has(nobody.err, "no agent of that name"));
  CHECK(run({"chat", "--agent", "pricing", "--audience", "shopper", "hello"}, here.env()).code
        == 2);
  CHECK(run({"chat", std::string(8001, 'x')}, here.env()).code == 2);
  CHECK(run({"chat", "\xff\xfe"}, here.env()).code == 2);
}

TEST_CASE("a provider that cannot be reached ends with three and is named") {
  const shop here;
  const auto done =
    run({"chat", "--agent", "executive", "what is our strategy?", "--timeout", "5s"},
        here.env({{"LLM_PROVIDER", "ollama"},
                  {"OLLAMA_HOST", "http://127.0.0.1:9"},
                  {"FLIPSYNC_MODELS_RETRY_ATTEMPTS", "1"}}));
  CHECK(done.code == 3);
  CHECK(has(done.err, "ollama"));
}

TEST_CASE("a reader that has gone is no crash") {
  const shop here;
  process chat{{"chat", "do you have a kettle?"}, here.env()};
  chat.close_output();
  const auto done = chat.wait();
  CHECK(done.code == 1);
  CHECK(done.err.starts_with("flipsync: "));
}

TEST_CASE("the roster is listed for people and for machines") {
  const scratch here;
  const auto people = run({"agents"}, here.env());
  INFO(people.err);
  CHECK(people.code == 0);
  CHECK(has(people.out, "concierge"));
  CHECK(has(people.out, "skills: "));
  const auto machines = run({"agents", "--json"}, here.env());
  CHECK(std::count(machines.out.begin(), machines.out.end(), '\n') == 10);
  CHECK(has(machines.out, "\"name\":\"executive\""));
}

TEST_CASE("without data folder option the data follows XDG, then home") {
  const scratch here;
  CHECK(run({"agents"}, here.env({{"XDG_DATA_HOME", here.path("xdg")}})).code == 0);
  CHECK(std::filesystem::is_directory(here.path("xdg/flipsync")));
  CHECK(run({"agents"}, here.env()).code == 0);
  CHECK(std::filesystem::is_directory(here.path(".local/share/flipsync")));
  CHECK(run({"agents", "--data", here.path("mine")}, here.env()).code == 0);
  CHECK(std::filesystem::is_directory(here.path("mine")));
}

TEST_CASE("an output that is closed or full is an error and no crash") {
  const shop here;
  const auto full =
    std::system(("HOME=" + here.path()
                 + " " FLIPSYNC_PROGRAM " chat 'do you have a kettle?' >/dev/full 2>/dev/null")
                  .c_str());
  CHECK(WEXITSTATUS(full) == 1);
  const auto closed = std::system(
    ("HOME=" + here.path() + " " FLIPSYNC_PROGRAM " chat 'do you have a kettle?' >&- 2>/dev/null")
      .c_str());
  CHECK(WEXITSTATUS(closed) == 1);
}

TEST_CASE("an interrupt cancels the answer that is being waited for") {
  const shop here;
  silent_server provider;
  process chat{{"chat", "--agent", "executive", "what is our strategy?"},
               here.env({{"LLM_PROVIDER", "ollama"}, {"OLLAMA_HOST", provider.address()}})};
  provider.wait_for_connection();
  chat.signal(SIGINT);
  const auto done = chat.wait();
  CHECK(done.code == 1);
  CHECK(has(done.err, "cancelled"));
}
