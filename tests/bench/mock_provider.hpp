#pragma once
/// A model provider that costs as little as one can: it speaks just enough of one vendor's protocol
/// for the benchmark, on one thread, and waits as long as the model's name says ("wait-300" is 300
/// ms). It can be one that fails half its calls.

#include <cstdint>
#include <memory>

namespace flipsync::bench {

enum class mock_dialect : std::uint8_t { openai, ollama };

class mock_provider {
public:
  /// `failing`: of four calls one is answered with 503 at once, one never.
  explicit mock_provider(mock_dialect dialect = mock_dialect::openai, bool failing = false);
  ~mock_provider();
  mock_provider(const mock_provider&) = delete;
  mock_provider& operator=(const mock_provider&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Whole answers given so far. Thread-safe.
  [[nodiscard]] std::uint64_t answered() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace flipsync::bench
