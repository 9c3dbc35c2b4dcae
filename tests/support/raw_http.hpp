#pragma once
/// A blocking HTTP client for tests of servers, so plain that it can also send what no client
/// should.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace flipsync::testing {

struct raw_response {
  int status = 0;
  std::map<std::string, std::string> headers; ///< names in lower case
  std::string body;
  /// Empty where there is none.
  [[nodiscard]] std::string header(const std::string& lower_case_name) const {
    const auto found = headers.find(lower_case_name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

/// One connection to 127.0.0.1. Every call throws std::runtime_error when nothing happens for 20 s.
class raw_http {
public:
  /// `receive_buffer`: bytes the kernel may hold for us, 0 for its default.
  explicit raw_http(std::uint16_t port, int receive_buffer = 0);
  ~raw_http();
  raw_http(const raw_http&) = delete;
  raw_http& operator=(const raw_http&) = delete;
  raw_http(raw_http&& other) noexcept;
  raw_http& operator=(raw_http&&) = delete;

  /// Sends all of it; false if the server has closed.
  bool send(std::string_view bytes);
  /// Sends a request and reads its response.
  raw_response request(std::string_view method, std::string_view target, std::string_view body = {},
                       std::string_view extra_headers = {});
  /// Reads one response; its body by length, in chunks or to the end. `to_head`: it has no body, as
  /// none has whose status says so (100, 204, 304).
  raw_response read_response(bool to_head = false);
  /// Reads a response's head only; its body is read by read_chunk or read_all.
  raw_response read_head();
  /// The next chunk of a chunked body; empty at its end.
  std::string read_chunk();
  /// Everything up to the end of the connection (or its reset).
  std::string read_all();
  /// Whatever comes next; empty at the end of the connection.
  std::string read_some();
  /// Exactly so many bytes, whatever they are.
  std::string read_bytes(std::size_t count) { return take(count); }
  /// True once the server closes without sending anything more.
  bool closed_by_server();
  void shutdown_write();
  /// Closes; with `reset` by RST instead of FIN.
  void close(bool reset = false);

private:
  bool fill();
  std::string take(std::size_t bytes);
  std::string take_line();

  int fd_ = -1;
  std::string buffer_;
};

/// The head and body of a POST with a JSON body.
std::string json_post(std::string_view target, std::string_view body,
                      std::string_view extra_headers = {});

} // namespace flipsync::testing
