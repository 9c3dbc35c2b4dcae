#pragma once
/// The HTTP door (API.md): HTTP/1.1 over TCP in front of one `facade`. It moves bytes, keeps limits
/// and translates; every answer comes from the facade. No CAF in it, no vendor, no file.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "adapters/bridge/access/access_gate.hpp"
#include "adapters/bridge/tls/tls_context.hpp"
#include "runtime/core/facade.hpp"
#include "runtime/core/turn/idempotency_table.hpp"
#include "runtime/core/types/error.hpp"

namespace flipsync {

class shared_loop;

/// What the door listens on and what it bears. All limits are of API.md, "Limits".
struct bridge_settings {
  /// IPv4 or IPv6 address, or "localhost". One that is not loopback needs `keys` or `insecure`.
  std::string host = "127.0.0.1";
  /// 0 picks a free port; `bridge::port()` tells which.
  std::uint16_t port = 8080;
  /// Allows a listener that others on the network reach, without API keys.
  bool insecure = false;
  /// Who may what. Without keys everybody may everything.
  key_ring keys;
  /// Limits of clients and origins of pages; what the listener itself decides is filled in.
  access_settings access;
  /// Certificate and key of an encrypted door; both empty: it is not.
  tls_files tls;
  /// How replies to requests with an Idempotency-Key are kept.
  idempotency_limits idempotency;
  /// Threads that move bytes, 1 to 64; a connection stays on one of them.
  unsigned io_threads = 1;

  /// Largest request body, bytes.
  std::size_t max_body = 256 * 1024;
  /// Largest file that is imported, bytes; it is not held in memory.
  std::size_t max_upload = 64 * 1024 * 1024;
  /// Largest request line and headers together, bytes; 1 KiB to 1 MiB.
  std::size_t max_header = 16 * 1024;
  /// Most open sockets; a further client is told 503 and closed.
  std::size_t max_sockets = 10'000;
  /// Most bytes of later requests that are taken in while an earlier one is answered.
  std::size_t max_pipelined = 64 * 1024;
  /// Most unsent bytes of one event stream; a reader that lags further is cut off.
  std::size_t max_stream_buffer = 1024 * 1024;

  /// Largest message of a WebSocket's client, bytes; a larger one closes it with 1009.
  std::size_t max_frame = 64 * 1024;

  /// From a request's first byte to its last.
  std::chrono::milliseconds request_timeout{10'000};
  /// The same for a file, which besides must not stop coming for as long as `request_timeout`.
  std::chrono::milliseconds upload_timeout{600'000};
  /// How long a connection may stay open between two requests.
  std::chrono::milliseconds idle_timeout{60'000};
  /// How long a client may take no byte of its response.
  std::chrono::milliseconds write_timeout{30'000};
  /// A comment line keeps a quiet event stream open.
  std::chrono::milliseconds heartbeat{15'000};

  /// How long the machine's cores are kept from sleeping once something has come from a client or
  /// gone to one; 0: they are not (docs/adr/0036). At most one minute.
  std::chrono::milliseconds keep_cores_awake{0};
  /// By which the kernel is told so.
  std::string wake_latency_device = "/dev/cpu_dma_latency";

  /// Most messages of one request that warms the caches.
  std::size_t max_warming = 100;
  /// Whether POST /api/v1/benchmark runs turns, and how many at most for one request.
  bool benchmark = false;
  std::size_t max_benchmark = 1000;

  /// How long a WebSocket's client may take for the opening or the closing handshake.
  std::chrono::milliseconds close_timeout{2'000};

  /// Seed of the minted request ids; 0 takes one from the machine.
  std::uint64_t id_seed = 0;

  /// Loops that the I/O thread drives as well, where it is the only one (docs/adr/0028); null:
  /// none.
  std::shared_ptr<shared_loop> guests;
};

/// A listening door. All members are thread-safe.
class bridge {
public:
  /// Binds, listens and starts its threads. Errors: invalid_request with `field` (host, port, a
  /// limit or tls), forbidden (a privileged port, not loopback without `keys` and not `insecure`,
  /// or `keep_cores_awake` without the right to), conflict (the address is in use), internal.
  static result<std::unique_ptr<bridge>> start(bridge_settings settings,
                                               std::shared_ptr<facade> runtime);

  /// Whether `start` would take the settings, as far as that is told without a socket: ranges,
  /// address and keys. Errors: as start.
  static result<void> check(const bridge_settings& settings);

  /// Whether `start` could listen there: binds and lets go. Errors: as start, but for those of
  /// `keep_cores_awake`.
  static result<void> try_listen(const bridge_settings& settings);

  bridge(const bridge&) = delete;
  bridge& operator=(const bridge&) = delete;
  /// Stops.
  ~bridge();

  /// The port listened on.
  [[nodiscard]] std::uint16_t port() const noexcept;
  /// "http://127.0.0.1:8080" or https, for people.
  [[nodiscard]] std::string url() const;

  /// Accepts no connection and starts no turn from now on; /readyz answers 503. What is in flight
  /// goes on; WebSockets are told, and closed once their turns have ended. Returns at once.
  void begin_drain();
  /// Waits until no request is in flight and, after begin_drain, no WebSocket is open; false if
  /// `grace` was over first.
  bool wait_idle(std::chrono::milliseconds grace);
  /// Cancels the turns that are left, closes every socket and joins the threads. No effect twice.
  void stop();

  /// Takes other API keys from the next request on. A door that has had keys never opens again: an
  /// empty ring is nobody.
  void replace_keys(key_ring keys);

  /// Gives new connections another certificate; no effect on a door that is not encrypted.
  void replace_certificate(std::shared_ptr<const tls_context> fresh);

  /// Connections that are open now, WebSockets included.
  [[nodiscard]] std::size_t open_sockets() const noexcept;
  /// Requests being read, run or answered now. Here and in the metrics, an answer that the thread
  /// which ended its turn has sent may be missed for some microseconds (docs/adr/0020).
  [[nodiscard]] std::size_t requests_in_flight() const noexcept;
  /// The door's own metrics (flipsync_http_*), Prometheus text.
  [[nodiscard]] std::string metrics_text() const;

private:
  class impl;
  explicit bridge(std::unique_ptr<impl> body);
  std::unique_ptr<impl> impl_;
};

} // namespace flipsync
