#pragma once
/// One I/O thread: its connections, its inbox, its tick.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "adapters/bridge/connection.hpp"

namespace flipsync {

class worker {
public:
  /// `busy_changed` is told when a connection begins (true) or ends (false) to have work; I/O
  /// thread.
  worker(const bridge_settings& settings, facade& runtime, access_gate& gate,
         idempotency_table& named_turns, const std::atomic<bool>& draining, std::uint64_t id_seed,
         std::function<void(std::string&)> door_metrics,
         std::function<void(std::string&)> door_figures, std::function<void(bool)> busy_changed);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Starts the thread. Errors: internal.
  result<void> start();
  /// Closes every connection, ends the thread and waits for it.
  void stop();

  boost::asio::io_context& io() noexcept { return io_; }
  /// Takes a connection over. Any thread.
  void adopt(boost::asio::ip::tcp::socket socket, bool refused);
  [[nodiscard]] const http_metrics& metrics() const noexcept { return metrics_; }

  // For its connections.
  session_services& services() noexcept { return services_; }
  void remove(connection& gone);
  void note_busy(bool busy) { busy_changed_(busy); }

private:
  void run();
  void add(boost::asio::ip::tcp::socket socket, bool refused);
  void drain_inbox();
  void arm_tick();
  void on_tick();
  void close_all();

  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> keep_running_;
  boost::asio::steady_timer tick_;
  std::chrono::milliseconds tick_length_;
  bool ticking_ = false;
  bool stopping_ = false; ///< I/O thread
  http_metrics metrics_;
  session_services services_;
  std::function<void(bool)> busy_changed_;
  std::vector<std::shared_ptr<connection>> connections_;
  std::vector<std::shared_ptr<completion>> drained_;
  std::thread thread_;
};

} // namespace flipsync
