#include "adapters/bridge/completions/chat_request.hpp"
#include "adapters/bridge/completions/read_messages.hpp"
#include "adapters/bridge/completions/read_tools.hpp"

namespace flipsync::completions {

namespace {

constexpr std::int64_t most_tokens = 10'000'000;

result<std::vector<std::string>> read_stops(const std::string& field, dom::element value) {
  std::vector<std::string> stops;
  const auto take = [&](const std::string& at, dom::element item) -> result<void> {
    auto text = read_text(at, item);
    if (!text)
      return text.error();
    if (text->empty())
      return wrong(at, at + " is empty");
    stops.push_back(std::move(*text));
    return {};
  };
  if (value.is_string()) {
    if (auto done = take(field, value); !done)
      return done.error();
    return stops;
  }
  dom::array items;
  if (value.get(items) != simdjson::SUCCESS || items.size() > max_stops)
    return wrong_type(field, "a string or an array of at most 4 strings");
  for (const auto item : items)
    if (auto done = take(element_of(field, stops.size()), item); !done)
      return done.error();
  return stops;
}

/// Reads the members of a request, each into its place.
class reader {
public:
  result<chat_request> read(dom::object body) {
    const auto done = each_member(
      {}, body, [this](const auto& field, auto, auto value) { return member(field, value); });
    if (!done)
      return done.error();
    return checked();
  }

private:
  using element = dom::element;
  struct rule {
    std::string_view name;
    result<void> (reader::*set)(const std::string&, element);
    bool models_only; ///< means nothing to an agent
  };
  static const rule rules[];

  result<void> member(const std::string& field, element value);

  model_tuning& tuning() { return request_.ask.tuning; }

  result<void> model(const std::string& field, element value) {
    return store(request_.model, read_text(field, value));
  }
  result<void> messages(const std::string& field, element value) {
    return store(request_.ask.messages, read_messages(field, value));
  }
  result<void> stream(const std::string& field, element value) {
    return store(request_.ask.stream, read_flag(field, value));
  }
  result<void> stream_options(const std::string& field, element value) {
    has_stream_options_ = true;
    const auto object = read_object(field, value);
    if (!object)
      return object.error();
    return each_member(field, *object, [&](const auto& at, auto name, auto flag) -> result<void> {
      return name == "include_usage" ? store(request_.include_usage, read_flag(at, flag))
                                     : unknown_field(at);
    });
  }
  result<void> temperature(const std::string& field, element value) {
    return store(tuning().temperature, read_number(field, value, 0, 2));
  }
  result<void> top_p(const std::string& field, element value) {
    return store(tuning().top_p, read_number(field, value, 0, 1));
  }
  result<void> presence(const std::string& field, element value) {
    return store(tuning().presence_penalty, read_number(field, value, -2, 2));
  }
  result<void> frequency(const std::string& field, element value) {
    return store(tuning().frequency_penalty, read_number(field, value, -2, 2));
  }
  /// The older and the newer name of one limit.
  result<void> max_tokens(const std::string& field, element value) {
    if (tuning().max_tokens)
      return wrong(field, "max_tokens and max_completion_tokens are the same limit");
    const auto limit = read_whole(field, value, 1, most_tokens);
    if (!limit)
      return limit.error();
    tuning().max_tokens = static_cast<std::uint32_t>(*limit);
    return {};
  }
  result<void> stop(const std::string& field, element value) {
    return store(tuning().stop, read_stops(field, value));
  }
  result<void> seed(const std::string& field, element value) {
    return store(tuning().seed, read_whole(field, value, INT64_MIN, INT64_MAX));
  }
  result<void> tools(const std::string& field, element value) {
    return store(request_.ask.tools, read_tools(field, value));
  }
  result<void> choice(const std::string& field, element value) {
    has_choice_ = true;
    return store(request_.ask.choice, read_choice(field, value));
  }
  result<void> format(const std::string& field, element value) {
    return store(request_.ask.format, read_format(field, value));
  }
  result<void> user(const std::string& field, element value) {
    return store(request_.user, read_text(field, value));
  }
  /// What a caller notes about its own requests; nothing is kept, so nothing is lost.
  result<void> metadata(const std::string& field, element value) {
    return value.is_object() ? result<void>{} : wrong_type(field, "an object");
  }

  /// Fields of which only one value can be had, which is what goes without saying.
  result<void> n(const std::string& field, element value) {
    const auto count = read_whole(field, value, 1, 1);
    return count ? result<void>{} : count.error();
  }
  template <bool Only>
  result<void> only(const std::string& field, element value) {
    const auto flag = read_flag(field, value);
    if (flag && *flag == Only)
      return {};
    return wrong_type(field, Only ? "true, or left out" : "false, or left out");
  }

  result<chat_request> checked() {
    if (request_.model.empty())
      return wrong("model", "model is missing");
    if (request_.model.size() > max_model_name)
      return wrong("model", "model is longer than " + std::to_string(max_model_name) + " bytes");
    if (request_.ask.messages.empty())
      return wrong("messages", "messages is missing");
    if (has_stream_options_ && !request_.ask.stream)
      return wrong("stream_options", "stream_options goes with stream");
    if (has_choice_ && request_.ask.tools.empty())
      return wrong("tool_choice", "tool_choice goes with tools");
    const auto& wanted = request_.ask.choice.name;
    const auto& offered = request_.ask.tools;
    if (!wanted.empty() && std::none_of(offered.begin(), offered.end(), [&](const tool_spec& tool) {
          return tool.name == wanted;
        }))
      return wrong("tool_choice", "tool_choice names a function that is not among the tools");
    return std::move(request_);
  }

  chat_request request_;
  bool has_stream_options_ = false;
  bool has_choice_ = false;
};

const reader::rule reader::rules[]{
  {"model", &reader::model, false},
  {"messages", &reader::messages, false},
  {"stream", &reader::stream, false},
  {"stream_options", &reader::stream_options, false},
  {"temperature", &reader::temperature, true},
  {"top_p", &reader::top_p, true},
  {"max_tokens", &reader::max_tokens, true},
  {"max_completion_tokens", &reader::max_tokens, true},
  {"stop", &reader::stop, true},
  {"seed", &reader::seed, true},
  {"presence_penalty", &reader::presence, true},
  {"frequency_penalty", &reader::frequency, true},
  {"tools", &reader::tools, true},
  {"tool_choice", &reader::choice, true},
  {"parallel_tool_calls", &reader::only<true>, true},
  {"response_format", &reader::format, true},
  {"user", &reader::user, false},
  {"metadata", &reader::metadata, false},
  {"n", &reader::n, false},
  {"store", &reader::only<false>, false},
  {"logprobs", &reader::only<false>, false},
};

result<void> reader::member(const std::string& field, element value) {
  for (const auto& [name, set, models_only] : rules) {
    if (name != field)
      continue;
    if (models_only)
      request_.for_models.push_back(field);
    return (this->*set)(field, value);
  }
  return unknown_field(field);
}

} // namespace

result<chat_request> parse_chat_request(std::string_view json) {
  const auto body = parse_object(json, max_depth);
  if (!body)
    return body.error();
  return reader{}.read(*body);
}

} // namespace flipsync::completions
