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

#include "adapters/bridge/awake_cores.hpp"
#include "adapters/bridge/connection.hpp"
#include "adapters/bridge/side_work.hpp"
#include "adapters/bridge/slot_list.hpp"
#include "adapters/bridge/websocket_connection.hpp"

namespace flipsync {

class worker {
public:
  /// `busy_changed` is told when a connection begins (true) or ends (false) to have work,
  /// `websocket_gone` when a WebSocket has closed; I/O thread. Drives the guests that come by
  /// `guests`, if there is one.
  worker(const bridge_settings& settings, facade& runtime, access_gate& gate,
         idempotency_table& named_turns, const tls_slot& tls, const std::atomic<bool>& draining,
         const std::atomic<std::size_t>& in_flight, std::uint64_t id_seed,
         std::function<void(std::string&)> door_metrics,
         std::function<void(std::string&)> door_figures, std::function<void(bool)> busy_changed,
         std::function<void()> websocket_gone, std::shared_ptr<shared_loop> guests = nullptr);
  ~worker();
  worker(const worker&) = delete;
  worker& operator=(const worker&) = delete;

  /// Starts the thread. Errors: internal, forbidden (as awake_cores::open).
  result<void> start();
  /// Tells the WebSockets that the service is stopping. Any thread.
  void drain();
  /// Closes every connection, ends the thread and waits for it.
  void stop();

  boost::asio::io_context& io() noexcept { return io_; }
  /// Takes a connection over. Any thread.
  void adopt(boost::asio::ip::tcp::socket socket, bool refused);
  [[nodiscard]] const http_metrics& metrics() const noexcept { return metrics_; }

  // For its connections.
  session_services& services() noexcept { return services_; }
  void remove(connection& gone);
  void add_websocket(taken_socket socket, websocket_upgrade upgrade);
  void remove(websocket_connection& gone);
  /// By which a session wakes its WebSocket.
  [[nodiscard]] const std::shared_ptr<handover<websocket_connection>>& wakes() const noexcept {
    return wakes_;
  }
  void note_busy(bool busy) { busy_changed_(busy); }
  /// Something has come from a client, or there is something for one.
  void note_work() {
    if (awake_)
      awake_->note();
  }

private:
  void run();
  void add(boost::asio::ip::tcp::socket socket, bool refused);
  void drain_inbox();
  /// Whoever has an answer finds it counted, though the word of it may still be on its way here.
  void settle();
  void drain_wakes();
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
  std::unique_ptr<awake_cores> awake_; ///< null: cores may sleep
  std::function<void(bool)> busy_changed_;
  std::function<void()> websocket_gone_;
  slot_list<connection> connections_;
  slot_list<websocket_connection> websockets_;
  std::shared_ptr<handover<websocket_connection>> wakes_;
  std::vector<std::shared_ptr<websocket_connection>> woken_;
  connection::clock::time_point websockets_looked_at_{};
  std::vector<std::shared_ptr<completion>> drained_;
  const std::shared_ptr<shared_loop> guests_;
  side_work* side_ = nullptr; ///< while the thread runs; I/O thread
  std::thread thread_;
};

} // namespace flipsync
