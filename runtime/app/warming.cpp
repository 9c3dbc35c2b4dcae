#include "runtime/app/warming.hpp"

#include <chrono>
#include <string>
#include <utility>

#include "runtime/core/log.hpp"

namespace flipsync::app {
namespace {

using steady = std::chrono::steady_clock;

class call_note final : public flight_observer {
public:
  call_note(std::string provider, std::string model)
    : provider_{std::move(provider)},
      model_{std::move(model)} {}

  void on_token(std::string_view) override {}

  void on_finished(result<model_reply> outcome) override {
    const auto took =
      std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - began_).count();
    // A model that thinks may have used up the one token that it was given: it is loaded.
    const bool loaded = outcome || outcome.error().detail("reason") == "length";
    if (loaded)
      log::info("model_loaded",
                {{"provider", provider_}, {"model", model_}, {"took_ms", std::to_string(took)}});
    else
      log::warn("model_not_loaded", {{"provider", provider_},
                                     {"model", model_},
                                     {"code", std::string{to_string(outcome.error().code)}},
                                     {"reason", reason_of(outcome.error())}});
  }

private:
  static std::string reason_of(const error& why) {
    const auto reason = why.detail("reason");
    return reason.empty() ? why.message : std::string{reason};
  }

  std::string provider_;
  std::string model_;
  steady::time_point began_ = steady::now();
};

} // namespace

warming::warming(const std::vector<config::warm_up>& calls) {
  for (const auto& call : calls)
    running_.push_back(call.provider->start(
      call.request, std::make_shared<call_note>(call.provider->name(), call.request.model)));
}

warming::~warming() {
  for (const auto& running : running_)
    running->cancel();
}

} // namespace flipsync::app
