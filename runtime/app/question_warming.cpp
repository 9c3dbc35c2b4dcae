#include "runtime/app/question_warming.hpp"

#include "runtime/core/log.hpp"

namespace flipsync::app {
namespace {

class question_note final : public event_sink {
public:
  explicit question_note(std::size_t number) : number_{number} {}

  void on_event(const turn_event& event) override {
    if (event.type == event_type::failed && event.reply && event.reply->why.code != errc::cancelled)
      log::warn("question_not_warmed", {{"number", std::to_string(number_)},
                                        {"code", std::string{to_string(event.reply->why.code)}}});
  }

private:
  std::size_t number_; ///< in the configured list, from 1; the text is not logged
};

} // namespace

question_warming::question_warming(facade& runtime, const std::vector<std::string>& questions) {
  for (const auto& question : questions) {
    turn_request request;
    request.message = question;
    request.kept = false;
    running_.push_back(
      runtime.submit(std::move(request), std::make_shared<question_note>(running_.size() + 1)));
  }
}

question_warming::~question_warming() {
  for (const auto& one : running_)
    one.cancel("the service ends");
}

} // namespace flipsync::app
