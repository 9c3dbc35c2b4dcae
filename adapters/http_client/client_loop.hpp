#pragma once
/// The exchanges under way, driven by sockets becoming ready and by time. One libcurl multi handle
/// makes all connections; it carries exchanges over TLS or a proxy itself, and hands connections
/// without either to the pool of plain ones (docs/adr/0030).

#include <curl/curl.h>

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "adapters/http_client/easy_handle.hpp"
#include "adapters/http_client/exchange.hpp"
#include "adapters/http_client/http_client.hpp"
#include "adapters/http_client/mailbox.hpp"
#include "adapters/http_client/plain_pool.hpp"
#include "adapters/http_client/recent_peak.hpp"
#include "adapters/http_client/socket_watch.hpp"

namespace flipsync::http {

/// Constructed anywhere, then driven by one thread at a time: by `run`, or by a host that calls
/// `ready` and `tend`. All others reach it through the mailbox.
class client_loop {
public:
  explicit client_loop(http_client_settings settings);
  ~client_loop();
  client_loop(const client_loop&) = delete;
  client_loop& operator=(const client_loop&) = delete;

  [[nodiscard]] const std::shared_ptr<mailbox>& inbox() const noexcept { return inbox_; }
  /// Returns once the mailbox was closed and every exchange was finished.
  void run();

  // As of loop_guest (runtime/core/ports/shared_loop.hpp).
  void move_in(std::function<void()> soon);
  void move_out() noexcept;
  [[nodiscard]] int descriptor() const noexcept { return sockets_.descriptor(); }
  void ready();
  void tend();
  /// When there is something to do although no socket is ready.
  [[nodiscard]] std::optional<steady::time_point> due() const;
  [[nodiscard]] bool ended() const noexcept { return closing_; }

private:
  struct free_multi {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  static int on_socket_wish(CURL*, curl_socket_t socket, int what, void* self, void*);
  static int on_timer_wish(CURLM*, long milliseconds, void* self);

  // What a wait ends with; each ends in settle().
  void take_mail();
  void socket_ready(int socket, int events);
  void time_has_come();

  /// Everything that follows from libcurl having moved: finished transfers, free places, its
  /// own time.
  void settle();
  void run_curl_timer();
  void reap();
  void fill_places();
  void accept(std::shared_ptr<exchange> fresh);
  [[nodiscard]] std::unique_ptr<easy_handle> free_easy();
  void begin(exchange& next);
  /// Hands the exchange to libcurl, which carries it or only connects for it.
  result<void> begin_by_libcurl(exchange& next, bool only_connect);
  void let_go_of_easy(exchange& done);
  void connected(exchange& next);
  void begin_plain(exchange& next, const plain_target& where);
  void plain_ready(plain_connection& on, int events);
  void after(exchange& of, plain_connection::step step);
  /// Nothing where libcurl carries the exchange. Valid until the next call.
  [[nodiscard]] const std::optional<plain_target>& plain_target_of_next(const exchange& next);
  [[nodiscard]] bool still_sending(const exchange& running) const;
  void expire(steady::time_point now);
  void end(exchange& done, const result<void>& outcome);
  void end_all();
  [[nodiscard]] result<void> outcome_of(const exchange& done, CURLcode code) const;
  void allow_idle_connections();
  void set_if_new(CURLMoption which, std::size_t& set, std::size_t value);

  http_client_settings settings_;
  const std::string agent_;
  socket_watch sockets_;
  plain_pool plain_;
  std::optional<steady::time_point> curl_due_;
  std::atomic<std::thread::id> driver_{};
  std::function<void()> soon_; ///< while a host drives
  /// From the thread that drives, which needs no bell.
  bool mail_came_ = false;
  std::shared_ptr<mailbox> inbox_;
  mailbox::batch mail_;
  bool closing_ = false;

  exchange_list waiting_;
  exchange_list active_;
  recent_peak used_lately_;
  deadline_set deadlines_;

  std::size_t with_libcurl_ = 0; ///< of the active ones
  /// What the addresses asked for lately say: reading one costs more than sending the request.
  std::unordered_map<std::string, std::optional<plain_target>> targets_;

  std::vector<std::unique_ptr<easy_handle>> idle_easies_;
  std::size_t libcurl_keeps_ = 0;
  std::size_t libcurl_opens_ = 0;
  std::unique_ptr<CURLM, free_multi> multi_;
};

} // namespace flipsync::http
