#pragma once
/// What an I/O thread does beside its connections.

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <memory>
#include <vector>

#include "runtime/core/ports/shared_loop.hpp"
#include "runtime/core/ports/thread_loan.hpp"

namespace flipsync {

/// Lends the thread to the runtime (docs/adr/0019), and drives the loops that are guests on it
/// (docs/adr/0028). Made and used on the I/O thread, and alive while its `io` runs.
class side_work {
public:
  explicit side_work(boost::asio::io_context& io);
  ~side_work();
  side_work(const side_work&) = delete;
  side_work& operator=(const side_work&) = delete;

  /// One that cannot be watched goes on by itself at once.
  void take_in(const std::shared_ptr<loop_guest>& guest);
  /// Every guest goes on by itself; `io` has no work of this any more, unless the runtime is lent
  /// to.
  void move_out();

private:
  struct place {
    std::shared_ptr<loop_guest> guest;
    boost::asio::posix::stream_descriptor watched; ///< the guest's own, which is not closed here
  };
  using steady = loop_guest::steady;

  /// `run` before the thread waits again.
  void ask();
  /// The guest that is ready first, if any; then what is lent; then what that has asked of guests.
  void run(loop_guest* ready);
  void watch(const std::shared_ptr<place>& where);
  void arm();
  void let_go_of_ended();

  boost::asio::io_context& io_;
  thread_loan loan_;
  std::vector<std::shared_ptr<place>> places_;
  boost::asio::steady_timer timer_;
  steady::time_point armed_ = steady::time_point::max();
  bool running_ = false;
  bool wanted_ = false; ///< again, once it has run
  bool asked_ = false;
};

} // namespace flipsync
