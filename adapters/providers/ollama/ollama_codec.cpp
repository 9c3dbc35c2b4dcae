#include "adapters/providers/ollama/ollama_codec.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "adapters/providers/common/dialect.hpp"
#include "adapters/providers/common/json_read.hpp"

namespace flipsync {

namespace {

namespace json = boost::json;
using providers::failure_words;
using providers::meaning;
using providers::reply_draft;
using simdjson::dom::element;

/// POST /api/chat: one object, or one a line with `done` in the last.
class ollama_dialect final : public providers::reply_dialect {
public:
  [[nodiscard]] framing stream_framing() const noexcept override { return framing::ndjson; }

  meaning whole(std::string_view body, reply_draft& draft) override {
    auto found = event({}, body, draft);
    // A body that stops short of its end is no whole answer.
    if (found.what == meaning::kind::more)
      found.what = meaning::kind::malformed;
    return found;
  }

  meaning event(std::string_view, std::string_view data, reply_draft& draft) override {
    meaning found{meaning::kind::malformed};
    providers::with_json(data, [&](element root) {
      if (root.is_object())
        found = read(root, data, draft);
    });
    return found;
  }

private:
  static meaning read(element root, std::string_view data, reply_draft& draft) {
    if (providers::member(root, "error"))
      return {meaning::kind::refused, providers::read_failure(data)};
    bool done = false;
    const auto said = providers::member(root, "done");
    if (said && said->get(done) != simdjson::SUCCESS)
      return {meaning::kind::malformed};
    const auto message = providers::member(root, "message");
    if (!message && !done)
      return {meaning::kind::malformed};
    if (message)
      draft.text += providers::text_of(*message, "content");
    if (draft.model.empty())
      draft.model = providers::text_of(root, "model");
    if (!done)
      return {};
    draft.finish_reason = providers::text_of(root, "done_reason");
    if (draft.finish_reason.empty())
      draft.finish_reason = "stop";
    draft.tokens = {providers::count_of(root, "prompt_eval_count"),
                    providers::count_of(root, "eval_count")};
    return {meaning::kind::done};
  }
};

template <class T>
void put(json::object& into, const char* name, const std::optional<T>& value) {
  if (value)
    into[name] = *value;
}

json::object options_of(const model_tuning& tuning) {
  json::object options;
  put(options, "temperature", tuning.temperature);
  put(options, "top_k", tuning.top_k);
  put(options, "top_p", tuning.top_p);
  put(options, "num_ctx", tuning.num_ctx);
  put(options, "num_predict", tuning.max_tokens);
  put(options, "num_batch", tuning.num_batch);
  put(options, "num_gpu", tuning.num_gpu);
  put(options, "num_thread", tuning.num_thread);
  if (!tuning.stop.empty())
    options["stop"] = json::array(tuning.stop.begin(), tuning.stop.end());
  return options;
}

/// A duration with its unit is text ("24h"); a bare number is one (seconds, -1 for always).
json::value keep_alive_of(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failed == std::errc{} && end == text.data() + text.size())
    return number;
  return json::value(text);
}

class ollama_codec final : public providers::provider_codec {
public:
  explicit ollama_codec(ollama_settings settings)
    : settings_{std::move(settings)},
      url_{ollama_url(settings_.base_url)} {}

  [[nodiscard]] model_capabilities capabilities() const noexcept override {
    return {true, true, settings_.context_tokens};
  }

  [[nodiscard]] exchange_request encode(const model_request& request) const override {
    json::object body;
    body["model"] = request.model.empty() ? settings_.default_model : request.model;
    json::array messages;
    for (const auto& message : request.messages)
      messages.push_back({{"role", to_string(message.role)}, {"content", message.text}});
    body["messages"] = std::move(messages);
    body["stream"] = request.stream;
    if (auto options = options_of(request.tuning); !options.empty())
      body["options"] = std::move(options);
    const auto& keep =
      request.tuning.keep_alive.empty() ? settings_.keep_alive : request.tuning.keep_alive;
    if (!keep.empty())
      body["keep_alive"] = keep_alive_of(keep);
    auto out = ask("POST", "/api/chat");
    out.headers.emplace_back("content-type", "application/json");
    out.body = json::serialize(body);
    return out;
  }

  [[nodiscard]] std::unique_ptr<providers::reply_decoder>
  decoder(const model_request& request) const override {
    return providers::make_decoder(providers::setup_for(settings_, request),
                                   std::make_unique<ollama_dialect>());
  }

  [[nodiscard]] exchange_request check_request() const override {
    return ask("GET", "/api/version");
  }

  [[nodiscard]] result<void> decode_check(const exchange_head& head,
                                          std::string_view body) const override {
    return providers::expect_success(head, body, providers::frame_for(settings_));
  }

  [[nodiscard]] exchange_request models_request() const override { return ask("GET", "/api/tags"); }

  [[nodiscard]] result<std::vector<std::string>>
  decode_models(const exchange_head& head, std::string_view body) const override {
    const auto frame = providers::frame_for(settings_);
    if (auto ok = providers::expect_success(head, body, frame); !ok)
      return ok.error();
    std::vector<std::string> names;
    bool understood = false;
    providers::with_json(body, [&](element root) {
      simdjson::dom::array list;
      const auto models = providers::member(root, "models");
      understood = models && models->get(list) == simdjson::SUCCESS;
      if (understood)
        for (const auto model : list)
          if (const auto name = providers::text_of(model, "name"); !name.empty())
            names.emplace_back(name);
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
    if (!settings_.key.empty()) // a server behind a proxy that asks for one
      out.headers.emplace_back("authorization", "Bearer " + settings_.key);
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
