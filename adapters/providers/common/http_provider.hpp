#pragma once
/// A model provider over HTTP: a codec and a byte exchange, put together.

#include <memory>

#include "adapters/providers/common/codec.hpp"
#include "adapters/providers/common/provider_settings.hpp"
#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/ports/model_provider.hpp"

namespace flipsync::providers {

/// Tokens and outcome reach the observer on the exchange's own thread, with no hop between. A
/// streamed reply ends at its end mark, even if the server leaves the connection open.
std::shared_ptr<model_provider> make_http_provider(provider_settings settings,
                                                   std::unique_ptr<const provider_codec> codec,
                                                   std::shared_ptr<byte_exchange> http);

} // namespace flipsync::providers
