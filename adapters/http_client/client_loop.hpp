#pragma once
/// The client's thread: one libcurl multi handle driven by sockets becoming ready and by one timer.

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <curl/curl.h>

#include <memory>
#include <optional>
#include <vector>

#include "adapters/http_client/easy_handle.hpp"
#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/http_client.hpp"
#include "adapters/http_client/mailbox.hpp"
#include "adapters/http_client/recent_peak.hpp"
#include "adapters/http_client/socket_watch.hpp"

namespace flipsync::http {

/// Constructed anywhere, then run, and destroyed, by one thread; others reach it through the
/// mailbox.
class client_loop {
public:
  explicit client_loop(http_client_settings settings);
  ~client_loop();
  client_loop(const client_loop&) = delete;
  client_loop& operator=(const client_loop&) = delete;

  [[nodiscard]] const std::shared_ptr<mailbox>& inbox() const noexcept { return inbox_; }
  /// Returns once the mailbox was closed and every exchange was finished.
  void run();

private:
  struct free_multi {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  static int on_socket_wish(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer_wish(CURLM*, long milliseconds, void* self);

  // What the io_context calls; each ends in settle().
  void take_mail();
  void socket_ready(int socket, int events);
  void timer_fired();

  /// Everything that follows from libcurl having moved: finished transfers, free places, the timer.
  void settle();
  void run_curl_timer();
  void reap();
  void fill_places();
  void arm_timer();

  void accept(std::shared_ptr<exchange> fresh);
  [[nodiscard]] std::unique_ptr<easy_handle> free_easy();
  void begin(exchange& next);
  [[nodiscard]] bool still_sending(const exchange& running) const;
  void expire(steady::time_point now);
  void end(exchange& done, const result<void>& outcome);
  void end_all();
  [[nodiscard]] result<void> outcome_of(const exchange& done, CURLcode code) const;
  void allow_idle_connections();

  http_client_settings settings_;
  /// Shared with the mailbox, which may still post to it when it has been stopped.
  std::shared_ptr<boost::asio::io_context> shared_io_ =
    std::make_shared<boost::asio::io_context>(1);
  boost::asio::io_context& io_ = *shared_io_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer timer_;
  steady::time_point armed_for_ = steady::time_point::max();
  std::optional<steady::time_point> curl_due_;
  std::shared_ptr<mailbox> inbox_;
  mailbox::batch mail_;
  bool closing_ = false;

  exchange_list waiting_;
  exchange_list active_;
  recent_peak used_lately_;
  deadline_set deadlines_;

  socket_watch sockets_;
  std::vector<std::unique_ptr<easy_handle>> idle_easies_;
  std::unique_ptr<CURLM, free_multi> multi_;
};

} // namespace flipsync::http
