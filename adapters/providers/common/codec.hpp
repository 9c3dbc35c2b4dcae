#pragma once
/// How a vendor's protocol is spoken: pure functions from a model request to bytes, and from bytes
/// to a reply. `http_provider` moves the bytes.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync::providers {

/// Takes each piece of a streamed reply as it is decoded. What it is given lives until it returns.
class reply_sink {
public:
  virtual ~reply_sink() = default;
  virtual void text(std::string_view piece) = 0;
  virtual void tool_call(const tool_call_piece& piece) = 0;
};

/// Decodes one reply: head, then feed*, then finish. No input makes it throw or grow without bound.
class reply_decoder {
public:
  enum class state : std::uint8_t {
    more,   ///< wants more bytes
    done,   ///< the reply is whole; what may still come has no meaning
    failed, ///< no bytes can make it right any more; `finish` has the error
  };

  virtual ~reply_decoder() = default;
  virtual void head(const exchange_head& head) = 0;
  /// Hands what is new to `sink`, where the request is streamed.
  virtual state feed(std::string_view bytes, reply_sink& sink) = 0;
  /// The reply, or why there is none; `transport` is how the exchange ended. Call once.
  virtual result<model_reply> finish(const result<void>& transport, reply_sink& sink) = 0;
  /// What the attempt is known to have used so far.
  [[nodiscard]] virtual token_usage usage() const noexcept = 0;
  /// False where the connection should not be used again, since what came over it was broken.
  [[nodiscard]] virtual bool connection_is_sound() const noexcept = 0;
};

/// A part of the list of models.
struct model_page {
  std::vector<std::string> names;
  std::string next; ///< asks for the page after it; empty: this is the last
};

/// Immutable; thread-safe.
class provider_codec {
public:
  virtual ~provider_codec() = default;
  [[nodiscard]] virtual model_capabilities capabilities() const noexcept = 0;
  /// As model_provider has it.
  [[nodiscard]] virtual std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const {
    return request.tuning.max_tokens;
  }
  /// Method, URL, headers and body; `http_provider` adds the limits. Only for requests in which
  /// `fault_of` (request_rules.hpp) finds no fault.
  [[nodiscard]] virtual exchange_request encode(const model_request& request) const = 0;
  [[nodiscard]] virtual std::unique_ptr<reply_decoder>
  decoder(const model_request& request) const = 0;

  /// With that of the provider's keys, here and below.
  [[nodiscard]] virtual exchange_request check_request(std::uint32_t key) const = 0;
  [[nodiscard]] virtual result<void> decode_check(const exchange_head& head,
                                                  std::string_view body) const = 0;
  /// `page` is empty for the first page, else what the page before said is next.
  [[nodiscard]] virtual exchange_request models_request(std::string_view page,
                                                        std::uint32_t key) const = 0;
  /// errc::not_found: the server is there, and lists no models.
  [[nodiscard]] virtual result<model_page> decode_models(const exchange_head& head,
                                                         std::string_view body) const = 0;
};

} // namespace flipsync::providers
