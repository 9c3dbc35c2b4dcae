#pragma once
/// A whole response that the thread which has it may send by itself (docs/adr/0020).

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <utility>

#include "adapters/bridge/response_writer.hpp"

namespace flipsync {

/// Between an I/O thread, whose connection waits for an answer and writes nothing meanwhile, and
/// the one thread that brings it. Opened and closed by the I/O thread; while it is open, the socket
/// is there.
class direct_send {
public:
  /// `socket`: non-blocking and with nothing unsent before it. Once `draining`, whose head is
  /// another one, nothing is sent any more; it must stay until close. I/O thread, once.
  void open(int socket, const response_head& head, const std::atomic<bool>& draining);

  /// Writes the beginning of the body down, by what `append_start(std::string&)` appends. False,
  /// and without effect, where it is not open. Any thread, once.
  template <class F>
  [[nodiscard]] bool prepare(F&& append_start) {
    const std::lock_guard lock{mutex_};
    if (socket_ < 0)
      return false;
    const auto socket = std::exchange(socket_, -1); // not used any more where the next throws
    append_start(writer_.output());
    prepared_ = true;
    socket_ = socket;
    return true;
  }

  /// Sends the response, as far as the socket takes it; its beginning by `append_start` unless it
  /// is prepared. Without effect where it is not open, or sent already. Any thread; never waits for
  /// the client.
  template <class F, class G>
  void send(F&& append_start, G&& append_end) {
    const std::lock_guard lock{mutex_};
    if (socket_ < 0 || draining_->load(std::memory_order_relaxed))
      return;
    const auto socket = std::exchange(socket_, -1);
    if (!prepared_)
      append_start(writer_.output());
    append_end(writer_.output());
    send_all(socket);
  }

  /// Whether the response is on its way. Any thread.
  [[nodiscard]] bool sent() const;

  struct outcome {
    bool sent = false;
    std::string unsent; ///< of a response that is sent: what the socket did not take
  };
  /// Nothing is sent from here on. I/O thread.
  outcome close();

private:
  void send_all(int socket);

  mutable std::mutex mutex_;
  int socket_ = -1;                             ///< -1: not open
  const std::atomic<bool>* draining_ = nullptr; ///< while open
  bool prepared_ = false;
  bool sent_ = false;
  response_writer writer_;
};

} // namespace flipsync
