#include "adapters/providers/anthropic/anthropic_provider.hpp"

#include <utility>

#include "adapters/providers/anthropic/anthropic_codec.hpp"
#include "adapters/providers/common/http_provider.hpp"

namespace flipsync {

std::shared_ptr<model_provider> make_anthropic_provider(anthropic_settings settings,
                                                        std::shared_ptr<byte_exchange> http) {
  provider_settings common = settings;
  return providers::make_http_provider(std::move(common), make_anthropic_codec(std::move(settings)),
                                       std::move(http));
}

} // namespace flipsync
