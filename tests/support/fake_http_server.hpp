#pragma once
/// An HTTP/1.1 server for tests, in the test's own process, on a free port of the loopback address.
/// It answers by script, so that every fault of a real server can be played, and records what it
/// saw.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace flipsync::testing {

struct fake_request {
  std::string method; ///< empty: what came is no HTTP; `body` has it
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers; ///< names in lower case
  std::string body;
  std::size_t connection = 0; ///< index into fake_http_server::connections()
  std::chrono::steady_clock::time_point received;
  /// The header's value; empty where there is none.
  [[nodiscard]] std::string_view header(std::string_view lower_case_name) const;
};

/// What the server does to answer a request, step by step. After the last step it waits for the
/// next request on the same connection.
class fake_response {
public:
  enum class action : std::uint8_t {
    send,
    wait,
    close, ///< orderly end of the connection
    reset, ///< the connection is torn down (RST)
    hang,  ///< nothing more happens until the client closes
  };
  struct step {
    action what = action::send;
    std::string bytes;
    std::chrono::milliseconds time{0};
    std::uint32_t times = 1; ///< send: how often
  };

  /// A whole response with its length.
  static fake_response whole(int status, std::string_view content_type, std::string_view body,
                             const std::vector<std::pair<std::string, std::string>>& headers = {});
  static fake_response json(std::string_view body) { return whole(200, "application/json", body); }
  /// The head of a chunked response; add the body with `chunk`, the end with `last_chunk`.
  static fake_response chunked(int status, std::string_view content_type);
  /// A chunked response with these pieces, `gap` between them, and its end.
  static fake_response stream(std::string_view content_type, const std::vector<std::string>& pieces,
                              std::chrono::milliseconds gap = std::chrono::milliseconds{0});
  /// Accepts the request and never says a word.
  static fake_response silence();

  fake_response& send(std::string bytes, std::uint32_t times = 1);
  fake_response& chunk(std::string_view bytes, std::uint32_t times = 1);
  fake_response& last_chunk() { return send("0\r\n\r\n"); }
  fake_response& wait(std::chrono::milliseconds time);
  fake_response& close();
  fake_response& reset();
  fake_response& hang();
  /// Waits before everything else.
  fake_response& after(std::chrono::milliseconds time);

  [[nodiscard]] const std::vector<step>& steps() const noexcept { return steps_; }

private:
  std::vector<step> steps_;
};

/// A connection as the server saw it.
struct fake_connection {
  std::chrono::steady_clock::time_point opened;
  /// When the client's end of stream (or reset) arrived; unset while open or if the server closed.
  std::optional<std::chrono::steady_clock::time_point> closed_by_client;
  bool open = true;
  std::uint32_t requests = 0;
};

/// All members are thread-safe. Runs on a thread of its own from construction to destruction.
class fake_http_server {
public:
  /// Called on the server's thread for each request.
  using handler = std::function<fake_response(const fake_request&)>;

  explicit fake_http_server(handler answer = {});
  ~fake_http_server();
  fake_http_server(const fake_http_server&) = delete;
  fake_http_server& operator=(const fake_http_server&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// "http://127.0.0.1:<port>" followed by `path`.
  [[nodiscard]] std::string url(std::string_view path = "") const;

  /// Answers that come before the handler's, each for one request, in this order.
  void push(fake_response next);
  /// Off: requests are answered but not kept (for measuring).
  void record_requests(bool on);

  [[nodiscard]] std::vector<fake_request> requests() const;
  [[nodiscard]] std::vector<fake_connection> connections() const;
  [[nodiscard]] std::size_t open_connections() const;
  /// Waits until so many requests have arrived, or so many connections were closed by the client;
  /// false if that does not happen within `limit`.
  bool wait_for_requests(std::size_t count,
                         std::chrono::milliseconds limit = std::chrono::seconds{10}) const;
  bool wait_for_closed(std::size_t count,
                       std::chrono::milliseconds limit = std::chrono::seconds{10}) const;

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace flipsync::testing
