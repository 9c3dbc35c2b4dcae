#pragma once
/// A vendor's half of a reply decoder: what the JSON means. Framing, limits, tokens and errors are
/// the same for all and lie in `dialect_decoder`.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/common/failure.hpp"
#include "adapters/providers/common/provider_settings.hpp"
#include "adapters/providers/common/reply_draft.hpp"

namespace flipsync::providers {

/// What one piece of a reply meant.
struct meaning {
  enum class kind : std::uint8_t {
    more,      ///< taken into the draft
    done,      ///< the reply's own end mark
    malformed, ///< not what the protocol says; may be skipped in a stream
    refused,   ///< the provider reports a failure: `words`
    unusable,  ///< the answer has ended in a way that makes it none: `words.message`
    filtered,  ///< the provider's content filter ended the answer
  };
  kind what = kind::more;
  failure_words words{};
};

/// One reply's; may keep state between events.
class reply_dialect {
public:
  enum class framing : std::uint8_t { sse, ndjson };

  virtual ~reply_dialect() = default;
  [[nodiscard]] virtual framing stream_framing() const noexcept = 0;
  /// A whole reply's body: `done` or what is wrong with it.
  virtual meaning whole(std::string_view body, reply_draft& draft) = 0;
  /// One event (SSE: with its name) or line of a streamed reply.
  virtual meaning event(std::string_view name, std::string_view data, reply_draft& draft) = 0;
};

/// What a decoder needs to know beside the dialect.
struct decoder_setup {
  failure_frame frame;
  std::string model; ///< reported where the provider names none
  bool streamed = false;
  call_namer namer;
  asked_for asked;
  /// Of text and tool calls together.
  std::size_t max_reply_bytes = 1024 * 1024;
};

/// The usual set-up for a request: secrets and quotes to keep out of errors included.
decoder_setup setup_for(const provider_settings& settings, const model_request& request);
/// Whose error, and what must not show in it, where there is no model request.
failure_frame frame_for(const provider_settings& settings);

std::unique_ptr<reply_decoder> make_decoder(decoder_setup setup,
                                            std::unique_ptr<reply_dialect> dialect);

/// Ok for 2xx, else the error that the response stands for.
result<void> expect_success(const exchange_head& head, std::string_view body,
                            const failure_frame& frame);

/// True for 2xx.
constexpr bool is_success(int status) noexcept { return status >= 200 && status < 300; }

} // namespace flipsync::providers
