#pragma once
/// A session over a scripted facade, run by whoever calls it, in time that the test moves.

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

#include "tests/support/fake_facade.hpp"
#include "tests/support/recording_port.hpp"

namespace flipsync::testing {

/// One connected client.
struct client {
  client(fake_facade& runtime, session_options options = {}) {
    auto opened = runtime.open_session(std::move(options), port);
    if (!opened)
      throw std::runtime_error{opened.error().message};
    live = std::move(*opened);
  }
  ~client() { live->closed(session_end::left); }
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  void say(std::string frame) { live->frame(std::move(frame)); }
  /// The last frame that the session has sent.
  std::string last() {
    look();
    return port->frames.empty() ? std::string{} : port->frames.back();
  }
  std::size_t count(std::string_view text) {
    look();
    return port->count(text);
  }
  void look() { port->take_from(*live); }

  std::shared_ptr<recording_port> port = std::make_shared<recording_port>();
  std::shared_ptr<session> live;
};

/// A facade whose turns are the test's to end.
inline std::shared_ptr<fake_facade> holding_facade() {
  auto runtime = std::make_shared<fake_facade>();
  runtime->on_submit = [](const std::shared_ptr<fake_turn>& t) {
    t->emit(event_type::turn_started, "c");
  };
  return runtime;
}

inline session_options resumable() {
  session_options options;
  options.resumable = true;
  return options;
}

} // namespace flipsync::testing
