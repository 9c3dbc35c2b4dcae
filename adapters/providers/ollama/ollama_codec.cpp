#include "adapters/providers/ollama/ollama_codec.hpp"

#include <algorithm>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/model_list.hpp"
#include "adapters/providers/ollama/ollama_body.hpp"
#include "adapters/providers/ollama/ollama_dialect.hpp"

namespace flipsync {

namespace {

class ollama_codec final : public providers::provider_codec {
public:
  explicit ollama_codec(ollama_settings settings)
    : settings_{std::move(settings)},
      url_{ollama_url(settings_.base_url)} {}

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {.tools = true,
            .json_schema = true,
            .context_tokens = settings_.context_tokens,
            .context_by_request = true};
  }

  [[nodiscard]] exchange_request encode(const model_request& request) const override {
    auto out = ask("POST", "/api/chat", request.key);
    out.headers.emplace_back("content-type", "application/json");
    out.body = providers::text_of(ollama_body(request, settings_));
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request), make_ollama_dialect());
  }

  [[nodiscard]] exchange_request check_request(std::uint32_t key) const override {
    return ask("GET", "/api/version", key);
  }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request(std::string_view,
                                                std::uint32_t key) const override {
    return ask("GET", "/api/tags", key);
  }

  [[nodiscard]] result<providers::model_page> decode_models(const exchange_head& head,
                                                            std::string_view body) const override {
    return providers::read_model_page(head, body, {"models", "name"},
                                      providers::frame_for(settings_));
  }

private:
  [[nodiscard]] exchange_request ask(const char* method, const char* path,
                                     std::uint32_t key) const {
    exchange_request out;
    out.method = method;
    out.url = url_ + path;
    out.headers = settings_.extra_headers;
    if (const auto& own = settings_.key_at(key);
        !own.empty()) // a server behind a proxy that asks for one
      out.headers.emplace_back("authorization", "Bearer " + own);
    return out;
  }

  ollama_settings settings_;
  std::string url_;
};

} // namespace

std::string ollama_url(std::string_view host) {
  constexpr std::string_view listening = "0.0.0.0";
  constexpr std::string_view itself = "127.0.0.1";
  std::string scheme = "http://";
  const auto scheme_end = host.find("://");
  const bool has_scheme = scheme_end != std::string_view::npos;
  if (has_scheme) {
    scheme = host.substr(0, scheme_end + 3);
    host.remove_prefix(scheme_end + 3);
  }
  while (host.ends_with('/'))
    host.remove_suffix(1);
  std::string rest{host};
  if (rest.empty() || rest.front() == ':')
    rest.insert(0, itself);
  if (rest.starts_with(listening))
    rest.replace(0, listening.size(), itself);
  const auto port_from = rest.starts_with('[') ? rest.find(']') : 0; // an IPv6 address has colons
  if (!has_scheme && rest.find(':', port_from) == std::string::npos)
    rest.insert(std::min(rest.size(), rest.find('/')), ":11434");
  return scheme + rest;
}

std::unique_ptr<providers::provider_codec> make_ollama_codec(ollama_settings settings) {
  return std::make_unique<ollama_codec>(std::move(settings));
}

} // namespace flipsync
