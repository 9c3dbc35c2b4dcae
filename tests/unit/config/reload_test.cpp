#include "config/reload.hpp"

#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "config/live_options.hpp"
#include "config/options.hpp"

namespace flipsync::config {

namespace {

loaded_settings loaded(std::vector<command_line_value> values = {}) {
  return load_settings({std::move(values), {}, {}}).value();
}

} // namespace

TEST_CASE("nothing that differs is nothing to do") {
  const auto plan = plan_reload(loaded(), loaded());
  CHECK(plan.changed.empty());
  CHECK(plan.needs_restart.empty());
}

TEST_CASE("a live option changes, and one that needs a restart stays and is named") {
  const auto now = loaded();
  const auto fresh = loaded({{"costs.per_day", "2", "--set"},
                             {"turn.deadline", "5s", "--set"},
                             {"server.io_threads", "4", "--set"}});
  const auto plan = plan_reload(now, fresh);
  CHECK(plan.changed == std::vector<std::string>{"turn.deadline", "costs.per_day"});
  CHECK(plan.needs_restart == std::vector<std::string>{"server.io_threads"});
  CHECK(plan.next.values.costs.per_day == 2);
  CHECK(plan.next.values.turn.deadline == std::chrono::seconds{5});
  CHECK(plan.next.values.server.io_threads == now.values.server.io_threads);
  // And again, for as long as it differs.
  CHECK(plan_reload(plan.next, fresh).needs_restart
        == std::vector<std::string>{"server.io_threads"});
  CHECK(plan_reload(plan.next, fresh).changed.empty());
}

TEST_CASE("ports, folders, threads and encryption need a restart, what a turn looks at does not") {
  for (const auto* path : {"server.listen", "store.data_dir", "turn.worker_threads", "turn.seed",
                           "tls.certificate", "session.max_turns", "ollama.prewarm"}) {
    INFO(path);
    REQUIRE(find_option(path) != nullptr);
    CHECK_FALSE(find_option(path)->live);
  }
  for (const auto* path : {"models.provider", "models.model", "openai.api_key", "routing.mode",
                           "costs.per_day", "agents.file", "shop.file", "log.level", "profile"}) {
    INFO(path);
    REQUIRE(find_option(path) != nullptr);
    CHECK(find_option(path)->live);
  }
}

TEST_CASE("the files that settings name are listed, without what is read at the start alone") {
  settings values;
  values.agents.extra_files = {"more.toml", "more.toml"};
  values.costs.prices_file = "prices.toml";
  values.tls.certificate = "cert.pem";
  const auto files = named_files(values);
  CHECK(std::count(files.begin(), files.end(), "more.toml") == 1);
  CHECK(std::count(files.begin(), files.end(), "prices.toml") == 1);
  CHECK(std::count(files.begin(), files.end(), "cert.pem") == 0);
}

} // namespace flipsync::config
