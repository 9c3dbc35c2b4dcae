#pragma once
/// One exchange under way: its limits, and what the server says, turned into observer calls.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <set>
#include <string_view>
#include <utility>

#include "adapters/http_client/mailbox.hpp"
#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync::http {

using steady = std::chrono::steady_clock;

class exchange;
/// More than any sound server sends.
constexpr std::size_t max_head_bytes = std::size_t{64} * 1024;

/// Ordered by time; each exchange under way has exactly one entry.
using deadline_set = std::set<std::pair<steady::time_point, exchange*>>;
using exchange_list = std::list<std::shared_ptr<exchange>>;

/// Where an exchange is, which says what limit applies and how a failure is named.
enum class phase : std::uint8_t { waiting, connecting, first_byte, body };

/// `cancel` is for any thread; everything else for the client's thread alone.
class exchange final : public exchange_handle, public std::enable_shared_from_this<exchange> {
public:
  exchange(exchange_request request, std::shared_ptr<exchange_observer> observer,
           std::shared_ptr<mailbox> inbox);

  void cancel() override;
  [[nodiscard]] bool cancelled() const noexcept {
    return cancelled_.load(std::memory_order_acquire);
  }
  [[nodiscard]] const exchange_request& request() const noexcept { return request_; }

  // --- its way through the phases
  // -----------------------------------------------------------------

  /// Begins the phase's time, and moves the exchange's timer where that brings its limit nearer.
  void enter(phase p) noexcept;
  [[nodiscard]] phase where() const noexcept { return phase_; }
  /// When the exchange must have moved on.
  [[nodiscard]] steady::time_point deadline() const noexcept;
  /// The name of the limit that `deadline` stands for, as the port's `phase` detail.
  [[nodiscard]] std::string_view limit_name() const noexcept;
  /// The phase's name in errors that are no timeouts: connect, head or body.
  [[nodiscard]] std::string_view failure_phase() const noexcept;

  // --- what the server says; false means: stop, close the connection
  // --------------------------------

  /// Any bytes at all.
  bool heard() noexcept;
  /// A head may follow one of an interim response.
  bool head_begins(int status) noexcept;
  bool header(std::string_view name, std::string_view value) noexcept;
  bool head_ends() noexcept;
  /// The three above, by lines as libcurl hands them over.
  bool header_line(std::string_view line) noexcept;
  bool body_bytes(std::string_view bytes) noexcept;
  /// Why one of these said stop; errc::none if none did.
  [[nodiscard]] const error& stopped() const noexcept { return stopped_; }

  /// Tells the observer, unless the exchange was cancelled, and lets go of request and observer.
  void finish(const result<void>& outcome) noexcept;

  // --- the loop's own notes
  // -----------------------------------------------------------------------

  struct easy_handle* easy = nullptr;
  class plain_connection* plain = nullptr;
  exchange_list::iterator place;

  /// Puts its one timer into `all`, which must outlive the exchange's time in it.
  void list_in(deadline_set& all);
  /// Takes the timer out again; false where there was none: not accepted yet, or ended.
  bool unlist() noexcept;
  /// Moves the timer to the present deadline.
  void relist() noexcept;

private:
  bool takes_head(std::size_t bytes) noexcept;
  bool stop(errc code, const char* why) noexcept;
  [[nodiscard]] steady::time_point phase_deadline() const noexcept;

  exchange_request request_;
  std::shared_ptr<exchange_observer> observer_;
  deadline_set* deadlines_ = nullptr;
  deadline_set::iterator timer_;
  std::shared_ptr<mailbox> inbox_;
  std::atomic<bool> cancelled_{false};
  phase phase_ = phase::waiting;
  bool head_done_ = false;
  steady::time_point started_;
  steady::time_point moved_; ///< entered the phase, or last heard from the server
  exchange_head head_;
  std::size_t head_bytes_ = 0;
  std::size_t body_bytes_ = 0;
  error stopped_;
};

} // namespace flipsync::http
