#include "adapters/providers/openai/openai_codec.hpp"

#include <utility>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_read.hpp"
#include "adapters/providers/openai/openai_body.hpp"
#include "adapters/providers/openai/openai_dialect.hpp"

namespace flipsync {

namespace {

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
    auto out = ask("POST", "/chat/completions");
    out.headers.emplace_back("content-type", "application/json");
    out.body = boost::json::serialize(openai_body(request, model));
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request), make_openai_dialect());
  }

  [[nodiscard]] exchange_request check_request() const override { return ask("GET", "/models"); }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    // Not every compatible server lists its models; that it says so shows that it is there.
    if (head.status == 404 || head.status == 405)
      return {};
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request() const override { return ask("GET", "/models"); }

  [[nodiscard]] result<std::vector<std::string>>
  decode_models(const exchange_head& head, std::string_view body) const override {
    const auto frame = providers::frame_for(settings_);
    if (auto ok = providers::expect_success(head, body, frame); !ok)
      return ok.error();
    std::vector<std::string> names;
    bool understood = false;
    providers::with_json(body, [&](simdjson::dom::element root) {
      simdjson::dom::array list;
      const auto data = providers::member(root, "data");
      understood = data && data->get(list) == simdjson::SUCCESS;
      if (understood)
        for (const auto model : list)
          if (const auto id = providers::text_of(model, "id"); !id.empty())
            names.emplace_back(id);
    });
    if (!understood)
      return providers::provider_error(errc::malformed_reply, "the list of models is unreadable",
                                       frame);
    return names;
  }

private:
  [[nodiscard]] exchange_request ask(const char* method, const char* path) const {
    exchange_request out;
    out.method = method;
    out.url = url_ + path;
    out.headers = settings_.extra_headers;
    if (!settings_.key.empty())
      out.headers.emplace_back("authorization", "Bearer " + settings_.key);
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

std::string openai_url(std::string_view base) {
  while (base.ends_with('/'))
    base.remove_suffix(1);
  const auto scheme_end = base.find("://");
  const auto host = scheme_end == std::string_view::npos ? 0 : scheme_end + 3;
  std::string url{base};
  if (base.find('/', host) == std::string_view::npos)
    url += "/v1";
  return url;
}

bool openai_reasons(std::string_view model) {
  if (const auto slash = model.rfind('/'); slash != std::string_view::npos)
    model.remove_prefix(slash + 1);
  const bool o_series = model.size() >= 2 && model[0] == 'o' && model[1] >= '1' && model[1] <= '9';
  return o_series || model.starts_with("gpt-5");
}

std::unique_ptr<providers::provider_codec> make_openai_codec(openai_settings settings) {
  return std::make_unique<openai_codec>(std::move(settings));
}

} // namespace flipsync
