/// What the HTTP door costs: a bare Beast server beside our bridge with a facade that answers at
/// once, in the same process, under the same load. See README.md.

#include <sys/resource.h>

#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "adapters/bridge/bridge.hpp"
#include "runtime/core/session/session.hpp"
#include "runtime/core/wire/json.hpp"
#include "tests/bench/bare_server.hpp"
#include "tests/bench/load_gen.hpp"

namespace flipsync::bench {

namespace {

turn_reply sample_reply() {
  turn_reply reply;
  reply.id = "turn_0123456789abcdefghij";
  reply.conversation_id = "conv_0123456789abcdefghij";
  reply.agent = "executive";
  reply.route = {"executive", 0.82, "matched", {"hello"}, {{"market", 0.4}, {"content", 0.2}}};
  reply.message = "Good morning! Three products are below their reorder point; shall I list them?";
  reply.quick_replies = {"Yes, list them", "Not now", "Show prices"};
  for (const auto* name : {"response", "product_decision", "quick_replies"}) {
    part_report part;
    part.name = name;
    part.required = part.name == "response";
    part.provider = "offline";
    part.model = "facts-1";
    part.took = std::chrono::microseconds{120};
    reply.parts.push_back(part);
  }
  return reply;
}

/// Answers every turn with the same reply: within submit, or from one other thread.
class instant_facade final : public facade {
public:
  explicit instant_facade(bool own_thread) {
    if (own_thread)
      thread_ = std::thread{[this] { work(); }};
  }
  ~instant_facade() override {
    {
      const std::lock_guard lock{mutex_};
      ended_ = true;
    }
    changed_.notify_one();
    if (thread_.joinable())
      thread_.join();
  }

  turn generate(direct_request, std::shared_ptr<event_sink> sink) override {
    return submit({}, std::move(sink));
  }
  void models(std::function<void(std::vector<model_offer>)> done) override { done({}); }

  turn submit(turn_request, std::shared_ptr<event_sink> sink) override {
    if (!thread_.joinable()) {
      answer(*sink);
      return {};
    }
    {
      const std::lock_guard lock{mutex_};
      waiting_.push_back(std::move(sink));
      if (waiting_.size() > 1)
        return {};
    }
    changed_.notify_one();
    return {};
  }
  result<std::shared_ptr<session>> open_session(session_options,
                                                std::shared_ptr<session_port>) override {
    return error{errc::internal, "none"};
  }
  void agents(std::function<void(result<std::vector<agent_status>>)> done) override {
    done(std::vector<agent_status>{});
  }
  [[nodiscard]] health_report health() const override { return {}; }
  [[nodiscard]] std::string metrics_text() const override { return {}; }

private:
  void answer(event_sink& sink) const {
    turn_event event;
    event.type = event_type::completed;
    event.reply = reply_;
    sink.on_event(event);
  }

  void work() {
    std::deque<std::shared_ptr<event_sink>> batch;
    for (;;) {
      {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
        if (ended_)
          return;
        batch.swap(waiting_);
      }
      for (const auto& sink : batch)
        answer(*sink);
      batch.clear();
    }
  }

  const std::shared_ptr<const turn_reply> reply_ = std::make_shared<turn_reply>(sample_reply());
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<event_sink>> waiting_;
  bool ended_ = false;
  std::thread thread_;
};

double cpu_of_process() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) {
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

void measure(const char* name, std::uint16_t port, std::string request,
             std::chrono::milliseconds duration) {
  for (const std::size_t connections : {std::size_t{1}, std::size_t{64}}) {
    load_settings settings;
    settings.port = port;
    settings.requests = {std::move(request)};
    settings.connections = connections;
    settings.duration = duration;
    settings.warm_up = std::chrono::milliseconds{0};
    const auto before = cpu_of_process();
    const auto result = run_load(settings);
    const auto server = cpu_of_process() - before - result.generator_cpu_seconds;
    const auto each =
      result.requests == 0 ? 0.0 : server * 1e6 / static_cast<double>(result.requests);
    std::printf("%-34s %3zu conn  %s  server CPU %5.1f us/req\n", name, connections,
                show(result).c_str(), each);
    std::fflush(stdout);
    request = std::move(settings.requests.front());
  }
}

void measure_bridge(const char* name, bool own_thread, const std::string& request,
                    std::chrono::milliseconds duration) {
  bridge_settings settings;
  settings.port = 0;
  auto started = bridge::start(settings, std::make_shared<instant_facade>(own_thread));
  if (!started) {
    std::fprintf(stderr, "%s\n", started.error().message.c_str());
    std::exit(1);
  }
  measure(name, (*started)->port(), request, duration);
}

int run(int argc, char** argv) {
  const std::chrono::milliseconds duration{argc > 1 ? std::atoi(argv[1]) : 2000};
  if (duration.count() <= 0) {
    std::fprintf(stderr, "usage: bridge_floor [MILLISECONDS]\n");
    return 2;
  }
  const auto chat = json_request("/api/v1/chat", R"({"message":"good morning, anything urgent?"})");
  const auto stream =
    json_request("/api/v1/chat/stream", R"({"message":"good morning, anything urgent?"})");
  {
    const bare_server bare{wire::to_json(sample_reply())};
    measure("bare Beast, same body", bare.port(), chat, duration);
  }
  measure_bridge("bridge, GET /livez", false, "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n",
                 duration);
  measure_bridge("bridge, chat, facade on I/O thread", false, chat, duration);
  measure_bridge("bridge, chat, facade on a thread", true, chat, duration);
  measure_bridge("bridge, SSE, facade on a thread", true, stream, duration);
  return 0;
}

} // namespace

} // namespace flipsync::bench

int main(int argc, char** argv) { return flipsync::bench::run(argc, argv); }
