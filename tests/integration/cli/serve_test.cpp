#include <catch2/catch_test_macros.hpp>

#include <csignal>

#include "tests/integration/cli/http_get.hpp"
#include "tests/integration/cli/scratch.hpp"

using namespace flipsync::test;

namespace {

/// "flipsync ready at http://127.0.0.1:41234 (pid 7)" → 41234.
int port_of(const std::string& ready) {
  return std::stoi(ready.substr(ready.find("127.0.0.1:") + 10));
}

struct service {
  explicit service(const scratch& here, process::variables more = {})
    : program{{"serve", "--listen", "127.0.0.1:0"}, here.env(std::move(more))},
      ready{program.read_line().value_or("")} {
    REQUIRE(has(ready, "http://127.0.0.1:"));
  }
  process program;
  std::string ready;
};

} // namespace

TEST_CASE("one line says the service is ready, with its address and process") {
  const scratch here;
  service s{here};
  CHECK(has(s.ready, "(pid " + std::to_string(s.program.pid()) + ")"));
  CHECK(port_of(s.ready) > 0);
  CHECK(has(http_get(port_of(s.ready), "/livez"), "HTTP/1.1 200"));
  CHECK(has(http_get(port_of(s.ready), "/readyz"), "HTTP/1.1 200"));
  s.program.signal(SIGTERM);
  const auto done = s.program.wait();
  INFO(done.err);
  CHECK(done.code == 0);
  CHECK(done.out.empty());
  CHECK(has(done.err, "stopped"));
}

TEST_CASE("an interrupt drains as a termination does") {
  const scratch here;
  service s{here};
  s.program.signal(SIGINT);
  CHECK(s.program.wait().code == 0);
}

TEST_CASE("a second signal ends at once although a turn still runs") {
  const scratch here;
  silent_server provider;
  service s{here, {{"LLM_PROVIDER", "ollama"}, {"OLLAMA_HOST", provider.address()}}};
  pending_post turn{port_of(s.ready), "/api/v1/chat",
                    R"({"message":"what is our strategy?","agent":"executive"})"};
  provider.wait_for_connection();
  s.program.signal(SIGTERM);
  // Draining shows: it is said of the service before the second signal comes.
  wait_until_refused(port_of(s.ready));
  s.program.signal(SIGTERM);
  CHECK(s.program.wait().code == 1);
}

TEST_CASE("two services do not share a data folder") {
  const scratch here;
  service first{here};
  const auto second = run({"serve", "--listen", "127.0.0.1:0"}, here.env());
  CHECK(second.code == 3);
  CHECK(has(second.err, std::to_string(first.program.pid())));
}

TEST_CASE("an address in use is out of reach") {
  const scratch here;
  const scratch other;
  service first{here};
  const auto second =
    run({"serve", "--listen", "127.0.0.1:" + std::to_string(port_of(first.ready))}, other.env());
  CHECK(second.code == 3);
}

TEST_CASE("a listener that others reach needs insecure") {
  const scratch here;
  const auto refused = run({"serve", "--listen", "0.0.0.0:0"}, here.env());
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "insecure"));
}

TEST_CASE("a lost ready line does not stop the service") {
  const scratch here;
  const int port = free_port();
  process program{{"serve", "--listen", "127.0.0.1:" + std::to_string(port)}, here.env()};
  program.close_output();
  wait_until_ready(port);
  program.signal(SIGTERM);
  CHECK(program.wait().code == 0);
}
