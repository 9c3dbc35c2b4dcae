#include "adapters/providers/common/failure.hpp"
#include "adapters/providers/common/json_read.hpp"
#include "adapters/providers/common/retry_after.hpp"

namespace flipsync::providers {

namespace {

using simdjson::dom::element;

/// Codes come as text or as numbers.
std::string text_or_number(element from, std::string_view name) {
  const auto found = member(from, name);
  if (!found)
    return {};
  std::int64_t number = 0;
  if (found->get(number) == simdjson::SUCCESS)
    return std::to_string(number);
  return std::string{text_of(from, name)};
}

/// One of Google's details: ErrorInfo, QuotaFailure, RetryInfo.
void take_detail(element detail, failure_words& words) {
  if (const auto reason = text_of(detail, "reason"); !reason.empty())
    words.marks.append(reason).append("\n");
  if (const auto delay = text_of(detail, "retryDelay"); !delay.empty())
    words.retry_after = parse_reset_duration(delay);
  simdjson::dom::array violations;
  const auto list = member(detail, "violations");
  if (list && list->get(violations) == simdjson::SUCCESS)
    for (const auto violation : violations)
      words.marks.append(text_of(violation, "quotaId")).append("\n");
}

failure_words words_of_object(element from) {
  failure_words words;
  words.message = text_of(from, "message");
  words.code = text_or_number(from, "code");
  words.type = text_of(from, "type");
  if (words.type.empty())
    words.type = text_of(from, "status");
  simdjson::dom::array details;
  const auto list = member(from, "details");
  if (list && list->get(details) == simdjson::SUCCESS)
    for (const auto detail : details)
      take_detail(detail, words);
  return words;
}

failure_words words_of(element root) {
  if (root.is_array()) {
    element first;
    return root.at(0).get(first) == simdjson::SUCCESS && first.is_object() ? words_of(first)
                                                                           : failure_words{};
  }
  const auto inner = member(root, "error");
  if (inner && inner->is_object())
    return words_of_object(*inner);
  if (const auto text = text_of(root, "error"); !text.empty())
    return {std::string{text}, {}, {}};
  auto words = words_of_object(root);
  if (words.message.empty())
    words.message = text_of(root, "detail");
  return words;
}

bool looks_like_markup(std::string_view body) {
  const auto first = body.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && body[first] == '<';
}

} // namespace

failure_words read_failure(std::string_view body) {
  failure_words words;
  if (with_json(body, [&](element root) { words = words_of(root); }))
    return words;
  if (looks_like_markup(body))
    words.message = "an HTML page";
  else
    words.message = body.substr(0, 600);
  return words;
}

std::optional<failure_words> find_failure(std::string_view text) {
  failure_words words;
  with_json(text, [&](element root) { words = words_of(root); });
  if (words.message.empty() && words.code.empty())
    return std::nullopt;
  return words;
}

} // namespace flipsync::providers
