#pragma once
/// The bytes of a connection read as HTTP/1.1 responses (RFC 9112), for an exchange.

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "runtime/core/types/error.hpp"

namespace flipsync::http {

class exchange;

/// One for a connection, used for one response after the other. Not thread-safe.
class response_reader {
public:
  enum class state : std::uint8_t { more, whole, failed };

  response_reader();
  ~response_reader();
  response_reader(const response_reader&) = delete;
  response_reader& operator=(const response_reader&) = delete;

  /// The next response is for `to`, which outlives its reading. `bodiless`: it answers HEAD.
  void begin(exchange& to, bool bodiless);
  /// Reads on. Interim responses are passed over; a body packed with gzip is unpacked.
  state read(std::string_view bytes);
  /// The server has closed its side.
  state end_of_input();

  /// Whether the connection may carry another exchange. Only after state::whole.
  [[nodiscard]] bool keeps() const noexcept;
  /// Why reading failed: what the exchange said when it stopped, malformed_reply, or
  /// provider_unavailable where the response was cut.
  [[nodiscard]] const error& failure() const noexcept { return failure_; }

private:
  class parser;

  state fail(const error& why);
  state broken(const std::string& reason);

  exchange* to_ = nullptr;
  bool bodiless_ = false;
  std::unique_ptr<parser> parser_;
  std::string kept_; ///< the begin of what can be read only whole: a head, a chunk's size
  bool surplus_ = false;
  error failure_;
};

} // namespace flipsync::http
