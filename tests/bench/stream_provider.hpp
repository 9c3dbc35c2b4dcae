#pragma once
/// A model provider that streams: it speaks just enough of the chat-completions protocol, on one
/// thread, and each of its tokens says when it was sent, so that who reads it knows how long it was
/// under way.

#include <chrono>
#include <cstdint>
#include <memory>

namespace flipsync::bench {

struct stream_pace {
  int tokens = 1;                        ///< of each answer
  std::chrono::milliseconds interval{0}; ///< between them, and before the first
};

class stream_provider {
public:
  explicit stream_provider(stream_pace pace);
  ~stream_provider();
  stream_provider(const stream_provider&) = delete;
  stream_provider& operator=(const stream_provider&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace flipsync::bench
