#include "adapters/providers/openai/openai_provider.hpp"

#include <utility>

#include "adapters/providers/common/http_provider.hpp"
#include "adapters/providers/openai/openai_codec.hpp"

namespace flipsync {

std::shared_ptr<model_provider> make_openai_provider(openai_settings settings,
                                                     std::shared_ptr<byte_exchange> http) {
  provider_settings common = settings;
  return providers::make_http_provider(std::move(common), make_openai_codec(std::move(settings)),
                                       std::move(http));
}

} // namespace flipsync
