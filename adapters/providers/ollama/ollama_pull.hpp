#pragma once
/// Pulling models: POST /api/pull, whose answer tells its progress line by line.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/providers/common/failure.hpp"
#include "adapters/providers/common/line_splitter.hpp"
#include "adapters/providers/ollama/ollama_provider.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_fetcher.hpp"

namespace flipsync {

exchange_request pull_request(const ollama_settings& settings, const std::string& model);

/// Decodes one pull's answer. Pure; no input makes it throw or grow without bound.
class pull_decoder {
public:
  using sink = std::function<void(const fetch_progress&)>;

  explicit pull_decoder(providers::failure_frame frame);
  void head(const exchange_head& head) { head_ = head; }
  /// False once the rest has no meaning.
  bool feed(std::string_view bytes, const sink& progress);
  /// Ok only where the server said that all went well. Call once.
  result<void> finish(const result<void>& transport, const sink& progress);

private:
  struct part {
    std::string digest;
    std::uint64_t done = 0;
    std::uint64_t total = 0;
  };

  bool line(std::string_view text, const sink& progress);
  void take_part(std::string_view digest, std::uint64_t done, std::uint64_t total);
  void fail(error why) { failure_ = std::move(why); }

  providers::failure_frame frame_;
  exchange_head head_;
  providers::line_splitter lines_;
  std::string refusal_;
  std::vector<part> parts_;
  fetch_progress now_;
  bool succeeded_ = false;
  std::optional<error> failure_;
};

std::shared_ptr<model_fetcher> make_ollama_fetcher(ollama_settings settings,
                                                   std::shared_ptr<byte_exchange> http);

} // namespace flipsync
