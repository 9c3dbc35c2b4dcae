#include "adapters/providers/openai/openai_codec.hpp"

#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_write.hpp"
#include "adapters/providers/common/model_list.hpp"
#include "adapters/providers/common/url.hpp"
#include "adapters/providers/openai/openai_body.hpp"
#include "adapters/providers/openai/openai_dialect.hpp"

namespace flipsync {

namespace {

/// Not every compatible server lists its models.
bool has_no_list(const exchange_head& head) noexcept {
  return head.status == 404 || head.status == 405;
}

class openai_codec final : public providers::provider_codec {
public:
  explicit openai_codec(openai_settings settings)
    : settings_{std::move(settings)},
      url_{openai_url(settings_.base_url)} {}

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {true, true, settings_.context_tokens};
  }

  [[nodiscard]] exchange_request encode(const model_request& request) const override {
    const auto& model = request.model.empty() ? settings_.default_model : request.model;
    auto out = ask("POST", "/chat/completions", request.key);
    out.headers.emplace_back("content-type", "application/json");
    out.body = openai_body(request, model);
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request), make_openai_dialect());
  }

  [[nodiscard]] exchange_request check_request(std::uint32_t key) const override {
    return ask("GET", "/models", key);
  }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    if (has_no_list(head)) // that it says so shows that it is there
      return {};
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request(std::string_view,
                                                std::uint32_t key) const override {
    return ask("GET", "/models", key);
  }

  [[nodiscard]] result<providers::model_page> decode_models(const exchange_head& head,
                                                            std::string_view body) const override {
    const auto frame = providers::frame_for(settings_);
    if (has_no_list(head))
      return providers::provider_error(errc::not_found, "the server does not list its models",
                                       frame);
    providers::list_form form{"data", "id"};
    form.may_be_bare = true;
    return providers::read_model_page(head, body, form, frame);
  }

private:
  [[nodiscard]] exchange_request ask(const char* method, const char* path,
                                     std::uint32_t key) const {
    exchange_request out;
    out.method = method;
    out.url = url_ + path;
    out.headers = settings_.extra_headers;
    if (const auto& own = settings_.key_at(key); !own.empty())
      out.headers.emplace_back("authorization", "Bearer " + own);
    if (!settings_.organization.empty())
      out.headers.emplace_back("openai-organization", settings_.organization);
    if (!settings_.project.empty())
      out.headers.emplace_back("openai-project", settings_.project);
    return out;
  }

  openai_settings settings_;
  std::string url_;
};

} // namespace

std::string openai_url(std::string_view base) { return providers::versioned_url(base, "/v1"); }

bool openai_reasons(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos)
    model.remove_prefix(slash + 1);
  const bool o_series = model.size() >= 2 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9';
  // From the fifth generation on; "gpt-35-turbo" is how Azure writes 3.5.
  constexpr std::string_view gpt = "gpt-";
  const auto generation = model.starts_with(gpt) ? model.substr(gpt.size()) : std::string_view{};
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const bool late = !generation.empty() && generation[0] >= '5' && generation[0] <= '9'
                    && (generation.size() == 1 || !is_digit(generation[1]));
  return o_series || late;
}

std::unique_ptr<providers::provider_codec> make_openai_codec(openai_settings settings) {
  return std::make_unique<openai_codec>(std::move(settings));
}

} // namespace flipsync
