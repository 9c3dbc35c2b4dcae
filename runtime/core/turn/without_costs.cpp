#include "runtime/core/turn/without_costs.hpp"

#include <utility>

namespace flipsync {

namespace {

template <class T>
void forget_costs(T& of) {
  of.cost = of.wasted = of.saved = usd{};
}

turn_reply blind(const turn_reply& reply) {
  auto out = reply;
  forget_costs(out);
  for (auto& part : out.parts)
    forget_costs(part);
  return out;
}

class cost_blind_sink final : public event_sink {
public:
  explicit cost_blind_sink(std::shared_ptr<event_sink> sink) : sink_{std::move(sink)} {}

  void on_event(const turn_event& event) override {
    if (!event.reply && !event.part)
      return sink_->on_event(event);
    auto seen = event;
    if (event.reply)
      seen.reply = std::make_shared<turn_reply>(blind(*event.reply));
    if (event.part) {
      auto part = std::make_shared<part_report>(*event.part);
      forget_costs(*part);
      seen.part = std::move(part);
    }
    sink_->on_event(seen);
  }
  void on_answer(const turn_reply& answer) override { sink_->on_answer(blind(answer)); }
  [[nodiscard]] bool wants_steps() const noexcept override { return sink_->wants_steps(); }

private:
  std::shared_ptr<event_sink> sink_;
};

} // namespace

std::shared_ptr<event_sink> without_costs(std::shared_ptr<event_sink> sink) {
  return std::make_shared<cost_blind_sink>(std::move(sink));
}

} // namespace flipsync
