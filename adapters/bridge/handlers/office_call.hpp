#pragma once
/// A question to the back office on its way: asked on the I/O thread, answered there.

#include <atomic>
#include <functional>
#include <memory>
#include <optional>

#include "adapters/bridge/http_session.hpp"

namespace flipsync {

inline constexpr std::string_view json_type = "application/json";

template <class T>
class office_call final : public completion, public std::enable_shared_from_this<office_call<T>> {
public:
  using writer = std::function<void(http_session&, const T&)>;

  explicit office_call(writer write) : write_{std::move(write)} {}

  /// Calls `ask` with the callback to give to the office; `write` answers, errors are problems.
  template <class Ask>
  static void start(http_session& session, Ask ask, writer write) {
    auto call = std::make_shared<office_call>(std::move(write));
    session.wait_for(call);
    ask([call, to = session.services().completions](result<T> found) {
      call->found_.emplace(std::move(found));
      call->done_.store(true, std::memory_order_release);
      to->push(call);
    });
  }

  bool ready() override { return done_.load(std::memory_order_acquire); }

  void answer(http_session& session) override {
    if (!*found_)
      return session.problem(found_->error());
    write_(session, **found_);
  }

private:
  writer write_;
  std::optional<result<T>> found_; ///< published by done_
  std::atomic<bool> done_{false};
};

} // namespace flipsync
