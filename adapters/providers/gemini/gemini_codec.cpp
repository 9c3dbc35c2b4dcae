#include "adapters/providers/gemini/gemini_codec.hpp"

#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/model_list.hpp"
#include "adapters/providers/common/url.hpp"
#include "adapters/providers/gemini/gemini_body.hpp"
#include "adapters/providers/gemini/gemini_dialect.hpp"

namespace flipsync {

namespace {

constexpr std::string_view collection = "models/";

class gemini_codec final : public providers::provider_codec {
public:
  explicit gemini_codec(gemini_settings settings)
    : settings_{std::move(settings)},
      url_{providers::versioned_url(settings_.base_url, "/v1beta")} {}

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {true, true, settings_.context_tokens};
  }

  [[nodiscard]] std::optional<std::uint32_t>
  most_answer_tokens(const model_request& request) const override {
    return gemini_max_tokens(request, settings_);
  }

  [[nodiscard]] exchange_request encode(const model_request& request) const override {
    const auto& model = request.model.empty() ? settings_.default_model : request.model;
    // A name with a slash ("models/…", "tunedModels/…") says its collection itself.
    std::string path = "/";
    if (model.find('/') == std::string::npos)
      path += collection;
    path += providers::url_part(model, true);
    path += request.stream ? ":streamGenerateContent?alt=sse" : ":generateContent";
    auto out = ask("POST", path, request.key);
    out.headers.emplace_back("content-type", "application/json");
    out.body = providers::text_of(gemini_body(request, settings_));
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request), make_gemini_dialect());
  }

  [[nodiscard]] exchange_request check_request(std::uint32_t key) const override {
    return ask("GET", "/models?pageSize=1", key);
  }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request(std::string_view page,
                                                std::uint32_t key) const override {
    std::string path = "/models?pageSize=1000";
    if (!page.empty())
      path += "&pageToken=" + providers::url_part(page);
    return ask("GET", path, key);
  }

  [[nodiscard]] result<providers::model_page> decode_models(const exchange_head& head,
                                                            std::string_view body) const override {
    const providers::list_form form{
      "models", "name", "nextPageToken", {}, "supportedGenerationMethods", "generateContent"};
    auto page = providers::read_model_page(head, body, form, providers::frame_for(settings_));
    if (page)
      for (auto& name : page->names)
        if (name.starts_with(collection))
          name.erase(0, collection.size());
    return page;
  }

private:
  [[nodiscard]] exchange_request ask(const char* method, const std::string& path,
                                     std::uint32_t key) const {
    exchange_request out;
    out.method = method;
    out.url = url_ + path;
    out.headers = settings_.extra_headers;
    if (const auto& own = settings_.key_at(key); !own.empty())
      out.headers.emplace_back("x-goog-api-key", own);
    return out;
  }

  gemini_settings settings_;
  std::string url_;
};

} // namespace

bool gemini_thinks(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos)
    model.remove_prefix(slash + 1);
  constexpr std::string_view brand = "gemini-";
  if (!model.starts_with(brand) || model.size() == brand.size())
    return false;
  const char first = model[brand.size()];
  return first < '0' || first > '2';
}

std::unique_ptr<providers::provider_codec> make_gemini_codec(gemini_settings settings) {
  return std::make_unique<gemini_codec>(std::move(settings));
}

} // namespace flipsync
