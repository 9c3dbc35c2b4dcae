#include "runtime/core/turn/tell.hpp"

#include <exception>

#include "runtime/core/log.hpp"

namespace flipsync {

namespace {

void log_thrown(const std::string& turn, const char* what) {
  log::error("sink_threw", {{"turn", turn}, {"what", what}});
}

template <class F>
bool call_sink(const std::string& turn, const F& call) {
  try {
    call();
    return true;
  } catch (const std::exception& e) {
    log_thrown(turn, e.what());
  } catch (...) {
    log_thrown(turn, "no std::exception");
  }
  return false;
}

} // namespace

bool tell(event_sink& sink, const turn_event& event) {
  return call_sink(event.turn, [&] { sink.on_event(event); });
}

bool tell(event_sink& sink, const turn_reply& answer) {
  return call_sink(answer.id, [&] { sink.on_answer(answer); });
}

} // namespace flipsync
