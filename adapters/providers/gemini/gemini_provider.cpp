#include "adapters/providers/gemini/gemini_provider.hpp"

#include <utility>

#include "adapters/providers/common/http_provider.hpp"
#include "adapters/providers/gemini/gemini_codec.hpp"

namespace flipsync {

std::shared_ptr<model_provider> make_gemini_provider(gemini_settings settings,
                                                     std::shared_ptr<byte_exchange> http) {
  provider_settings common = settings;
  return providers::make_http_provider(std::move(common), make_gemini_codec(std::move(settings)),
                                       std::move(http));
}

} // namespace flipsync
