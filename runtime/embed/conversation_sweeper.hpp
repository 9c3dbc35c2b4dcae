#pragma once
/// Deletes stored conversations that were silent too long, a few at a time.

#include <memory>

#include "runtime/core/services.hpp"

namespace flipsync {

/// Goes through the store once an hour; between two steps the store does other work.
class conversation_sweeper : public std::enable_shared_from_this<conversation_sweeper> {
public:
  conversation_sweeper(std::shared_ptr<const environment> env,
                       std::shared_ptr<services_board> board)
    : env_{std::move(env)},
      board_{std::move(board)} {}

  /// Begins, and goes on until the alarms are closed or the last handle is dropped. No effect where
  /// conversations are kept for ever.
  void start();

private:
  class errand;
  void look_from(std::uint64_t row);
  void look_in(store_port& store, std::uint64_t row);
  void go_on(std::uint64_t row, std::chrono::milliseconds pause);

  std::shared_ptr<const environment> env_;
  std::shared_ptr<services_board> board_;
};

} // namespace flipsync
