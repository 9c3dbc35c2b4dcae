#pragma once
/// A listening bridge on a free port, with a scripted facade behind it.

#include <memory>
#include <stdexcept>
#include <utility>

#include "adapters/bridge/bridge.hpp"
#include "runtime/core/log.hpp"
#include "tests/support/fake_facade.hpp"
#include "tests/support/raw_http.hpp"

namespace flipsync::testing {

struct door {
  explicit door(bridge_settings settings = {}) {
    log::set_level("warn");
    settings.port = 0;
    settings.id_seed = 1;
    auto started = bridge::start(std::move(settings), runtime);
    if (!started)
      throw std::runtime_error{started.error().message};
    listener = std::move(*started);
  }

  [[nodiscard]] raw_http connect(int receive_buffer = 0) const {
    return raw_http{listener->port(), receive_buffer};
  }

  /// Leaves each turn to the test (see fake_facade::next_turn).
  void hold_turns() {
    runtime->on_submit = [](const std::shared_ptr<fake_turn>&) {};
  }

  std::shared_ptr<fake_facade> runtime = std::make_shared<fake_facade>();
  std::unique_ptr<bridge> listener;
};

inline constexpr const char* json_type = "Content-Type: application/json\r\n";
inline constexpr const char* hello = R"({"message":"hello"})";

} // namespace flipsync::testing
