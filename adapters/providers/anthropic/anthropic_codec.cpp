#include "adapters/providers/anthropic/anthropic_codec.hpp"

#include <charconv>
#include <optional>
#include <utility>

#include "adapters/providers/anthropic/anthropic_body.hpp"
#include "adapters/providers/anthropic/anthropic_dialect.hpp"
#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/model_list.hpp"
#include "adapters/providers/common/url.hpp"

namespace flipsync {

namespace {

class anthropic_codec final : public providers::provider_codec {
public:
  explicit anthropic_codec(anthropic_settings settings)
    : settings_{std::move(settings)},
      url_{providers::versioned_url(settings_.base_url, "/v1")} {}

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {true, true, settings_.context_tokens};
  }

  [[nodiscard]] std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const override {
    return anthropic_max_tokens(request, settings_);
  }

  [[nodiscard]] exchange_request encode(const model_request& request) const override {
    auto out = ask("POST", "/messages", request.key);
    out.headers.emplace_back("content-type", "application/json");
    out.body = providers::text_of(anthropic_body(request, settings_));
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request),
                                   make_anthropic_dialect());
  }

  [[nodiscard]] exchange_request check_request(std::uint32_t key) const override {
    return ask("GET", "/models?limit=1", key);
  }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request(std::string_view page,
                                                std::uint32_t key) const override {
    std::string path = "/models?limit=1000";
    if (!page.empty())
      path += "&after_id=" + providers::url_part(page);
    return ask("GET", path, key);
  }

  [[nodiscard]] result<providers::model_page> decode_models(const exchange_head& head,
                                                            std::string_view body) const override {
    return providers::read_model_page(head, body, {"data", "id", "last_id", "has_more"},
                                      providers::frame_for(settings_));
  }

private:
  [[nodiscard]] exchange_request ask(const char* method, const std::string& path,
                                     std::uint32_t key) const {
    exchange_request out;
    out.method = method;
    out.url = url_ + path;
    out.headers = settings_.extra_headers;
    out.headers.emplace_back("anthropic-version", settings_.version);
    if (const auto& own = settings_.key_at(key); !own.empty())
      out.headers.emplace_back("x-api-key", own);
    return out;
  }

  anthropic_settings settings_;
  std::string url_;
};

/// Takes a number of at most two digits, which longer ones (dates) are not.
std::optional<int> take_version(std::string_view& text) {
  const auto part = text.substr(0, text.find('-'));
  int number = 0;
  const auto [end, failed] = std::from_chars(part.data(), part.data() + part.size(), number);
  if (failed != std::errc{} || end != part.data() + part.size() || part.size() > 2)
    return std::nullopt;
  text.remove_prefix(std::min(text.size(), part.size() + 1));
  return number;
}

} // namespace

bool claude_thinks(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos)
    model.remove_prefix(slash + 1);
  constexpr std::string_view brand = "claude-";
  if (!model.starts_with(brand))
    return false;
  model.remove_prefix(brand.size());
  if (model.empty() || (model[0] >= '0' && model[0] <= '9'))
    return false; // up to version 3 the number came before the family
  const auto family_end = model.find('-');
  if (family_end == std::string_view::npos)
    return false;
  model.remove_prefix(family_end + 1);
  const auto major = take_version(model);
  const auto minor = take_version(model);
  return major && (*major > 4 || (*major == 4 && minor.value_or(0) >= 7));
}

std::unique_ptr<providers::provider_codec> make_anthropic_codec(anthropic_settings settings) {
  return std::make_unique<anthropic_codec>(std::move(settings));
}

} // namespace flipsync
