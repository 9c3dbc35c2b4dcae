#pragma once
/// Bodies that a server compressed with gzip, as they come in.

#include <functional>
#include <memory>
#include <string_view>

struct z_stream_s;

namespace flipsync::http {

/// Not thread-safe.
class gzip_decoder {
public:
  gzip_decoder();
  ~gzip_decoder();
  gzip_decoder(const gzip_decoder&) = delete;
  gzip_decoder& operator=(const gzip_decoder&) = delete;

  enum class outcome : std::uint8_t { good, broken, stopped };
  /// Hands on what the bytes unpack to, in pieces of at most 16 KiB; `sink` says false to stop.
  outcome feed(std::string_view bytes, const std::function<bool(std::string_view)>& sink);
  /// Whether all that was fed so far is a whole number of gzip streams.
  [[nodiscard]] bool complete() const noexcept { return complete_; }

private:
  std::unique_ptr<z_stream_s> stream_;
  bool ready_;
  bool complete_ = false;
};

} // namespace flipsync::http
