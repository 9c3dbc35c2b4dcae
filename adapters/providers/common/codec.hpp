#pragma once
/// How a vendor's protocol is spoken: pure functions from a model request to bytes, and from bytes
/// to a reply. `http_provider` moves the bytes.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/ports/byte_exchange.hpp"

namespace flipsync::providers {

using token_sink = std::function<void(std::string_view)>;

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
  /// Hands each new piece of text to `tokens` as it is decoded.
  virtual state feed(std::string_view bytes, const token_sink& tokens) = 0;
  /// The reply, or why there is none; `transport` is how the exchange ended. Call once.
  virtual result<model_reply> finish(const result<void>& transport, const token_sink& tokens) = 0;
  /// False where the connection should not be used again, since what came over it was broken.
  [[nodiscard]] virtual bool connection_is_sound() const noexcept = 0;
};

/// Immutable; thread-safe.
class provider_codec {
public:
  virtual ~provider_codec() = default;
  /// Method, URL, headers and body; `http_provider` adds the limits.
  [[nodiscard]] virtual exchange_request encode(const model_request& request) const = 0;
  [[nodiscard]] virtual std::unique_ptr<reply_decoder>
  decoder(const model_request& request) const = 0;

  [[nodiscard]] virtual exchange_request check_request() const = 0;
  [[nodiscard]] virtual result<void> decode_check(const exchange_head& head,
                                                  std::string_view body) const = 0;
  [[nodiscard]] virtual exchange_request models_request() const = 0;
  [[nodiscard]] virtual result<std::vector<std::string>>
  decode_models(const exchange_head& head, std::string_view body) const = 0;
};

} // namespace flipsync::providers
