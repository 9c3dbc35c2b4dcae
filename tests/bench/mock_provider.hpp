#pragma once
/// A model provider that costs as little as one can: it speaks just enough of the OpenAI protocol
/// for the benchmark, on one thread, and waits as long as the model's name says ("wait-300" is 300
/// ms).

#include <cstdint>
#include <memory>

namespace flipsync::bench {

class mock_provider {
public:
  mock_provider();
  ~mock_provider();
  mock_provider(const mock_provider&) = delete;
  mock_provider& operator=(const mock_provider&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;
  /// Answers given so far. Thread-safe.
  [[nodiscard]] std::uint64_t answered() const noexcept;

private:
  struct server;
  std::unique_ptr<server> server_;
};

} // namespace flipsync::bench
