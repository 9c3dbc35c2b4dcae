/// The model gateway: what it adds to a call of the HTTP client, and what a provider that fails
/// half its calls costs those who wait. See README.md for what is measured and how.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <future>
#include <string>
#include <vector>

#include "adapters/http_client/http_client.hpp"
#include "config/assemble.hpp"
#include "config/load.hpp"
#include "runtime/core/log.hpp"
#include "runtime/embed/runtime.hpp"
#include "tests/bench/budget_table.hpp"
#include "tests/bench/data_folder.hpp"
#include "tests/bench/load_gen.hpp"
#include "tests/bench/mock_provider.hpp"
#include "tests/bench/service.hpp"

namespace flipsync::bench {

namespace {

using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

budget_table table;

std::string url_of(const mock_provider& mock) {
  return "http://127.0.0.1:" + std::to_string(mock.port());
}

// --- what the gateway adds ----------------------------------------------------------------------

/// Waits for one answer, however it comes.
class waiter {
public:
  void ended(bool good) { outcome_.set_value(good); }
  void wait() {
    if (!outcome_.get_future().get())
      throw std::runtime_error{"a call failed"};
  }

private:
  std::promise<bool> outcome_;
};

class bare_call final : public exchange_observer {
public:
  explicit bare_call(waiter& to) : to_{to} {}
  void on_head(const exchange_head& head) override { good_ = head.status == 200; }
  bool on_chunk(std::string_view) override { return true; }
  void on_finished(const result<void>& outcome) override {
    to_.ended(good_ && outcome.has_value());
  }

private:
  waiter& to_;
  bool good_ = false;
};

class direct_sink final : public event_sink {
public:
  explicit direct_sink(waiter& to) : to_{to} {}
  void on_event(const turn_event& event) override {
    if (is_terminal(event.type))
      to_.ended(event.type == event_type::completed);
  }

private:
  waiter& to_;
};

/// Microseconds of each of `count` calls, one after another.
template <class Call>
void measure(std::vector<double>& into, int count, Call call) {
  for (int i = 0; i < count; ++i) {
    waiter done;
    const auto began = steady::now();
    call(done);
    done.wait();
    into.push_back(std::chrono::duration<double, std::micro>(steady::now() - began).count());
  }
}

double median(std::vector<double>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

std::shared_ptr<running_runtime> runtime_with(const mock_provider& mock) {
  const auto loaded = config::load_settings({{},
                                             {{"LLM_PROVIDER", "openai"},
                                              {"LLM_MODEL", "now"},
                                              {"OPENAI_API_KEY", "bench"},
                                              {"ENABLE_CACHING", "false"},
                                              {"OPENAI_BASE_URL", url_of(mock) + "/v1"}},
                                             {}});
  if (!loaded)
    throw std::runtime_error{loaded.error().message};
  auto parts = config::assemble(loaded->values);
  if (!parts)
    throw std::runtime_error{parts.error().message};
  auto started = start_runtime(*std::move(parts));
  if (!started)
    throw std::runtime_error{started.error().message};
  return *std::move(started);
}

void overhead(bool quick) {
  const mock_provider mock;
  const auto client = make_http_client();
  const auto runtime = runtime_with(mock);
  const auto bare = [&](waiter& done) {
    exchange_request request;
    request.url = url_of(mock) + "/v1/chat/completions";
    request.headers = {{"content-type", "application/json"}};
    request.body = R"({"model":"now","messages":[{"role":"user","content":"hi"}]})";
    client->start(std::move(request), std::make_shared<bare_call>(done));
  };
  const auto through = [&](waiter& done) {
    direct_request request;
    request.model = "openai/now";
    request.ask.messages.push_back({chat_role::user, "hi", {}, {}});
    runtime->generate(std::move(request), std::make_shared<direct_sink>(done));
  };
  std::vector<double> floor;
  std::vector<double> ours;
  std::vector<double> unused;
  measure(unused, 200, bare);
  measure(unused, 200, through);
  // By turns, since the machine's own speed moves.
  for (int block = 0; block < 10; ++block) {
    measure(floor, quick ? 400 : 2000, bare);
    measure(ours, quick ? 400 : 2000, through);
  }
  const auto least = median(floor);
  budget_table::show("added by the gateway to a call, p50", median(ours) - least, "us");
  budget_table::show("  the HTTP client alone, the whole call, p50", least, "us");
}

// --- a provider that fails half its calls -------------------------------------------------------

constexpr milliseconds silence_limit{200};

load_result turns_with(const std::string& program, const std::string& data, bool failing,
                       bool quick) {
  const mock_provider primary{mock_dialect::openai, failing};
  const mock_provider second{mock_dialect::ollama};
  const service running{
    program,
    data,
    {"--log-level", "error"},
    {"LLM_PROVIDER=openai", "LLM_MODEL=now", "OPENAI_API_KEY=bench", "ENABLE_CACHING=false",
     "OPENAI_BASE_URL=" + url_of(primary) + "/v1",
     "FLIPSYNC_OPENAI_FIRST_BYTE_TIMEOUT=" + std::to_string(silence_limit.count()) + "ms",
     "OLLAMA_HOST=" + url_of(second), "FLIPSYNC_OLLAMA_PREWARM=false"}};
  load_settings settings;
  settings.port = running.port();
  for (const std::string message :
       {"Do you have wireless headphones under $100?", "looking for a desk lamp"})
    settings.requests.push_back(
      json_request("/api/v1/chat", R"({"message":")" + message + R"(","audience":"shopper"})"));
  settings.connections = 64;
  settings.warm_up = milliseconds{0}; // the first failures are the ones that count
  settings.duration = milliseconds{quick ? 4000 : 20'000};
  return run_load(settings);
}

void half_failing(const std::string& program, const std::string& sample, bool quick) {
  const data_folder folder{"gateway-bench"};
  folder.import(program, sample, {"products", "prices", "orders", "rates"});
  const auto data = folder.data();
  const auto sound = turns_with(program, data, false, quick);
  const auto failing = turns_with(program, data, true, quick);
  const auto all =
    static_cast<double>(std::max<std::uint64_t>(1, failing.requests + failing.errors));
  table.at_least("turns answered, one of two providers fails half",
                 static_cast<double>(failing.requests) / all * 100, "%", 99.9, show(failing));
  table.at_most("  p99 added to a turn", (failing.p99 - sound.p99) / 1000, "ms",
                static_cast<double>(silence_limit.count()));
  budget_table::show("  the slowest turn", failing.max / 1000, "ms");
  budget_table::show("  both providers sound, turns a second", sound.per_second(), "/s",
                     show(sound));
}

} // namespace

int run(const std::string& program, const std::string& sample, bool quick) {
  log::set_level("error");
  std::printf("The model gateway, %s\n", program.c_str());
  overhead(quick);
  half_failing(program, sample, quick);
  return table.verdict();
}

} // namespace flipsync::bench

int main(int argc, char** argv) {
  std::vector<std::string> words;
  bool quick = false;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick")
      quick = true;
    else
      words.push_back(word);
  }
  if (words.size() != 2) {
    std::fprintf(stderr, "usage: gateway_bench PROGRAM SAMPLE_FOLDER [--quick]\n");
    return 2;
  }
  try {
    return flipsync::bench::run(words[0], words[1], quick);
  } catch (const std::exception& wrong) {
    std::fprintf(stderr, "gateway_bench: %s\n", wrong.what());
    return 1;
  }
}
