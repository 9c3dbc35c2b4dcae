#pragma once
/// A primary that fails as told beside a healthy second, for the tests of conduct under fault.

#include <catch2/catch_test_macros.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/core/virtual_runtime.hpp"

namespace flipsync::test {

using namespace std::chrono_literals;

inline script failing(error why, std::chrono::milliseconds after = 0ms) {
  return script{.after = after, .why = std::move(why)};
}

inline error down() { return error{errc::provider_unavailable, "scripted"}.with("status", "503"); }

inline error refused() {
  return error{errc::provider_unavailable, "scripted"}.with("phase", "connect");
}

inline error late(const char* phase) {
  return error{errc::deadline_exceeded, "scripted"}.with("phase", phase);
}

inline error cut() { return error{errc::malformed_reply, "scripted"}.with("cut", "true"); }

/// A primary that fails as told and a healthy second.
struct pair_of : virtual_runtime {
  explicit pair_of(std::function<script(const model_request&, std::size_t)> primary,
                   std::function<void(assembly&)> change = {})
    : virtual_runtime{[change = std::move(change)](assembly& parts, agent_library&) {
        parts.models.fallbacks = {"second"};
        if (change)
          change(parts);
      }} {
    play = std::move(primary);
  }
  std::shared_ptr<event_log> say(bool stream = false) {
    turn_request request;
    request.message = "hello";
    request.agent = "seller";
    request.stream = stream;
    auto log = submit(std::move(request));
    run();
    return log;
  }
  health_snapshot health_of(std::size_t index) {
    return runtime->env().provider_state[index]->health.snapshot(runtime->env().clock->now());
  }
};

inline std::function<script(const model_request&, std::size_t)> always(const error& why) {
  return [why](const model_request&, std::size_t) { return failing(why); };
}

inline std::vector<std::string> tried(const event_log& log) {
  std::vector<std::string> names;
  for (const auto& one : log.reply().parts.at(0).attempts)
    names.push_back(one.provider);
  return names;
}

using list = std::vector<std::string>;

inline void check_second_answered(const event_log& log) {
  CHECK(log.reply().status == turn_status::ok);
  CHECK(log.reply().message == "from the second");
  CHECK(log.reply().parts[0].provider == "second");
  CHECK(log.reply().usage == token_usage{10, 5}); // of the answer alone
  CHECK(log.in_order());
}

} // namespace flipsync::test
