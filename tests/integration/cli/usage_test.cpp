#include <catch2/catch_test_macros.hpp>

#include "tests/integration/cli/scratch.hpp"

using namespace flipsync::test;

TEST_CASE("every command explains itself") {
  const scratch here;
  const auto whole = run({"--help"}, here.env());
  CHECK(whole.code == 0);
  CHECK(has(whole.out, "Exit codes"));
  for (const std::string command : {"serve", "chat", "import", "agents", "models", "pull", "budget",
                                    "cache", "doctor", "completions"}) {
    INFO(command);
    CHECK(has(whole.out, command));
    const auto help = run({command, "--help"}, here.env());
    CHECK(help.code == 0);
    CHECK(has(help.out, "Usage: flipsync " + command));
    CHECK(help.err.empty());
  }
}

TEST_CASE("the version is one line") {
  const scratch here;
  const auto version = run({"--version"}, here.env());
  CHECK(version.code == 0);
  CHECK(version.out.starts_with("flipsync "));
  CHECK(version.out.find('\n') == version.out.size() - 1);
}

TEST_CASE("wrong use says what is wrong on stderr and ends with two") {
  const scratch here;
  for (const auto& arguments : std::vector<std::vector<std::string>>{{},
                                                                     {"dance"},
                                                                     {"serve", "--loud"},
                                                                     {"import"},
                                                                     {"import", "x.csv"},
                                                                     {"pull"},
                                                                     {"chat", "--timeout", "x"}}) {
    const auto wrong = run(arguments, here.env());
    CHECK(wrong.code == 2);
    CHECK(wrong.out.empty());
    CHECK_FALSE(wrong.err.empty());
  }
}

TEST_CASE("a wrong configuration ends with two before anything is started") {
  const scratch here;
  const auto file = here.write("my.toml", "[server]\nlistn = \"x\"\n");
  for (const std::string command : {"serve", "chat", "agents"}) {
    const auto wrong = run({command, "--config", file}, here.env());
    CHECK(wrong.code == 2);
    CHECK(has(wrong.err, "my.toml:2: server.listn: no such option; did you mean server.listen?"));
  }
  CHECK_FALSE(std::filesystem::exists(here.path(".local")));
}

TEST_CASE("openai without a key is said at the start") {
  const scratch here;
  const auto wrong = run({"serve"}, here.env({{"FLIPSYNC_ENV", "production"}}));
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err, "OPENAI_API_KEY"));
}

TEST_CASE("a mistyped variable is warned of and changes nothing") {
  const scratch here;
  const auto done = run({"--check-config"}, here.env({{"FLIPSYNC_SEVER_LISTEN", "x"}}));
  CHECK(done.code == 0);
  CHECK(has(done.err, "did you mean FLIPSYNC_SERVER_LISTEN?"));
}

TEST_CASE("the printed configuration shows where values come from and hides the key") {
  const scratch here;
  const auto shown = run({"--print-config", "--log-level", "error"},
                         here.env({{"OPENAI_API_KEY", "sk-hidden"}, {"LLM_PROVIDER", "openai"}}));
  CHECK(shown.code == 0);
  CHECK(has(shown.out, "command line --log-level"));
  CHECK(has(shown.out, "environment LLM_PROVIDER"));
  CHECK_FALSE(has(shown.out, "sk-hidden"));
}

TEST_CASE("a right configuration is called right, with what it amounts to") {
  const scratch here;
  const auto extra = here.write("garden.toml", "[[agent]]\nname = \"gardener\"\n"
                                               "audience = \"seller\"\nprompt = \"Plants.\"\n");
  const auto right = run({"--check-config", "--set", "agents.extra_files=" + extra}, here.env());
  CHECK(right.code == 0);
  CHECK(has(right.out, "11 agents"));
  CHECK_FALSE(std::filesystem::exists(here.path(".local")));
}

TEST_CASE("what serve would refuse to listen on is found by the check") {
  const scratch here;
  const auto name = run({"--check-config", "--set", "server.listen=example.com:80"}, here.env());
  CHECK(name.code == 2);
  CHECK(has(name.err, "'example.com' is no IP address to listen on"));
  const std::vector<std::string> open{"--check-config", "--set", "server.listen=0.0.0.0:8080"};
  const auto keyless = run(open, here.env());
  CHECK(keyless.code == 2);
  CHECK(has(keyless.err, "flipsync keys add"));
  CHECK(run({"serve", "--check-config", "--listen", "0.0.0.0:8080", "--insecure"}, here.env()).code
        == 0);
  CHECK(run(open, here.env({{"FLIPSYNC_API_KEYS", "t:seller:" + std::string(32, 'k')}})).code == 0);
}

TEST_CASE("the check and the print are made in place of any command") {
  const scratch here;
  for (const std::string command : {"doctor", "completions", "agents"}) {
    INFO(command);
    const auto checked = run({command, "--check-config"}, here.env());
    CHECK(checked.code == 0);
    CHECK(checked.out.starts_with("The configuration is right"));
    const auto printed = run({command, "--print-config"}, here.env());
    CHECK(printed.code == 0);
    CHECK(has(printed.out, "server.listen = "));
    CHECK(run({command, "--check-config", "--set", "server.listn=x"}, here.env()).code == 2);
  }
}

TEST_CASE("settings that do not fit each other are named with their places, and printed") {
  const scratch here;
  const auto file = here.write("my.toml", "[models]\nretry_base = \"2s\"\n");
  const std::vector<std::string> wrong{"--config", file, "--set", "models.retry_cap=1s"};
  auto checked = wrong;
  checked.emplace_back("--check-config");
  auto printed = wrong;
  printed.emplace_back("--print-config");
  for (const auto& arguments : {checked, printed}) {
    const auto done = run(arguments, here.env());
    CHECK(done.code == 2);
    CHECK(has(done.err, "models.retry_cap: it must not be shorter than models.retry_base "
                        "(models.retry_base: file "));
    CHECK(has(done.err, "my.toml:2; models.retry_cap: command line --set)"));
    CHECK(has(done.out, "models.retry_cap = \"1s\"") == (arguments == printed));
  }
}

TEST_CASE("a key whose name is taken is wrong use") {
  const scratch here;
  const std::vector<std::string> add{"keys", "add", "--role", "seller", "--name", "mine"};
  CHECK(run(add, here.env()).code == 0);
  const auto again = run(add, here.env());
  CHECK(again.code == 2);
  CHECK(has(again.err, "there is a key named 'mine'"));
}

TEST_CASE("an agent's skill that does not exist is found by the check") {
  const scratch here;
  const auto extra =
    here.write("odd.toml", "[[agent]]\nname = \"odd\"\naudience = \"seller\"\nprompt = \"Odd.\"\n"
                           "skills = [\"juggling\"]\n");
  const auto wrong = run({"--check-config", "--set", "agents.extra_files=" + extra}, here.env());
  CHECK(wrong.code == 2);
  CHECK(has(wrong.err, "agent 'odd': there is no skill 'juggling'"));
}

TEST_CASE("the completion script is one that bash accepts") {
  const scratch here;
  const auto script = run({"completions"}, here.env());
  CHECK(script.code == 0);
  const auto file = here.write("completion.bash", script.out);
  CHECK(std::system(("bash -n " + file).c_str()) == 0);
  // What bash offers after these words; of the last one only what is there already.
  const auto offered = [&](const std::string& words) {
    const auto out = here.path("offered");
    const auto asked = here.write("ask.bash", "source " + file + "\nCOMP_WORDS=(flipsync " + words
                                                + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n"
                                                  "_flipsync flipsync \"${COMP_WORDS[-1]}\" x\n"
                                                  "echo \"${COMPREPLY[@]}\" > "
                                                + out + '\n');
    CHECK(std::system(("bash " + asked).c_str()) == 0);
    std::ifstream in{out};
    std::string line;
    std::getline(in, line);
    return line;
  };
  CHECK(offered("ke") == "keys");
  CHECK(has(offered("''"), "doctor"));
  CHECK(offered("--pr") == "--print-config");
  CHECK(offered("keys ''") == "add list revoke");
  CHECK(offered("keys add --r") == "--role");
  CHECK(offered("cache clear --c") == "--class --ca-file --config --check-config");
  CHECK(offered("--config keys.toml --log-level debug serve --li") == "--listen");
  CHECK(offered("--set turn.seed = 7 se") == "serve");
  CHECK(offered("--print-config chat --a") == "--agent --audience --age-confirmed");
  CHECK(offered("--config ke").empty()); // a file's name
  CHECK(offered("import pro").empty());
}
