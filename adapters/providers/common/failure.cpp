#include "adapters/providers/common/failure.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>
#include <optional>

#include "adapters/providers/common/retry_after.hpp"

namespace flipsync::providers {

namespace {

constexpr std::size_t max_reason_bytes = 300;
/// Shorter texts are common words, which would blank too much.
constexpr std::size_t shortest_secret = 6;

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

/// All of a failure's words in lower case, to look for marks in.
std::string all_of(const failure_words& words) {
  return lower_case(words.code + '\n' + words.type + '\n' + words.marks + '\n' + words.message);
}

bool has_one_of(std::string_view text, std::initializer_list<std::string_view> marks) {
  return std::any_of(marks.begin(), marks.end(), [&](std::string_view mark) {
    return text.find(mark) != std::string_view::npos;
  });
}

bool says_too_long(std::string_view words) {
  return has_one_of(words, {"context_length_exceeded", "context length", "context window",
                            "context size", "prompt is too long", "prompt too long",
                            "input is too long", "input token count", "too many tokens",
                            "maximum prompt length", "exceed context limit", "request_too_large"});
}

bool says_filtered(std::string_view words) {
  return has_one_of(words, {"content_filter", "content filter", "content_policy", "content policy",
                            "content management policy", "responsibleaipolicyviolation",
                            "was flagged", "moderation"});
}

/// Or the credit. Some say so only with a status of 400.
bool says_quota_is_used_up(std::string_view words) {
  return has_one_of(words,
                    {"insufficient_quota", "billing_hard_limit", "credit balance", "perday"});
}

/// Google says of a key that it does not know, or that has run out, only with a status of 400.
bool says_key_is_wrong(std::string_view words) {
  return has_one_of(words, {"api_key_invalid", "api key not valid", "api key expired"});
}

void blank_out(std::string& text, std::string_view secret) {
  if (secret.size() < shortest_secret)
    return;
  for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), "[key]");
}

/// Keys that are not ours to know but look like one, often printed half masked.
void blank_out_keys(std::string& text) {
  for (const std::string_view begin : {"sk-", "AIza", "Bearer "})
    for (auto at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 5)) {
      const auto end = text.find_first_of(" \"',;)", at + begin.size());
      text.replace(at, (end == std::string::npos ? text.size() : end) - at, "[key]");
    }
}

void cut_to(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes)
    return;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0U) == 0x80U)
    --bytes;
  text.resize(bytes);
}

std::optional<int> status_in(const failure_words& words) {
  int status = 0;
  const auto& code = words.code;
  const auto [end, failed] = std::from_chars(code.data(), code.data() + code.size(), status);
  if (failed != std::errc{} || end != code.data() + code.size() || status < 400 || status > 599)
    return std::nullopt;
  return status;
}

struct verdict {
  errc code;
  const char* message;
  bool reason_is_key = false;
  bool quota_is_used_up = false;
};

verdict judge(int status, std::string_view words) {
  if (status == 401 || (status == 400 && says_key_is_wrong(words)))
    return {errc::provider_rejected, "the provider does not accept the key", true};
  if (status == 402 || ((status == 400 || status == 429) && says_quota_is_used_up(words)))
    return {errc::provider_rejected, "the quota at the provider is used up", false, true};
  if (status == 429)
    return {errc::rate_limited, "the provider's rate limit is reached"};
  const bool refused = status == 400 || status == 403 || status == 413 || status == 422;
  if (refused && says_filtered(words))
    return {errc::content_filtered, "the provider's content filter refused"};
  if (status == 403)
    return {errc::provider_rejected, "the provider does not accept the key", true};
  if ((refused || status == 500) && says_too_long(words))
    return {errc::context_too_long, "the prompt does not fit the model"};
  if (status >= 500 || status == 408)
    return {errc::provider_unavailable, "the provider has a fault"};
  if (status >= 300 && status < 400)
    return {errc::provider_rejected, "the provider answers with a redirect, which is not followed"};
  return {errc::provider_rejected, "the provider refuses the request"};
}

} // namespace

std::string safe_reason(std::string_view text, const failure_frame& frame) {
  std::string reason{text.substr(0, 4 * max_reason_bytes)};
  for (const auto& quote : frame.quotes)
    if (!quote.empty() && reason.find(quote) != std::string::npos)
      return "(withheld: it quotes the message)";
  for (const auto& secret : frame.secrets)
    blank_out(reason, secret);
  blank_out_keys(reason);
  for (auto& c : reason)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F)
      c = ' ';
  cut_to(reason, max_reason_bytes);
  return reason;
}

error provider_error(errc code, std::string message, const failure_frame& frame,
                     std::string_view reason) {
  error out{code, std::move(message)};
  out.with("provider", frame.provider);
  if (!reason.empty())
    out.with("reason", safe_reason(reason, frame));
  return out;
}

error failure_of_status(const exchange_head& head, const failure_words& words,
                        const failure_frame& frame, wall_time now) {
  const auto found = judge(head.status, all_of(words));
  // What a provider says of a key often repeats part of it.
  const std::string_view said = words.message.empty() ? words.code : words.message;
  error out{found.code, found.message};
  out.with("provider", frame.provider).with("status", std::to_string(head.status));
  if (found.reason_is_key)
    out.with("reason", "key");
  else
    out.with("reason",
             said.empty() ? "status " + std::to_string(head.status) : safe_reason(said, frame));
  if (found.quota_is_used_up)
    out.with("limit", "quota");
  if (found.code == errc::rate_limited || found.code == errc::provider_unavailable)
    out.retry_after = retry_after_of(head, now);
  if (found.code == errc::rate_limited && !out.retry_after)
    out.retry_after = words.retry_after;
  return out;
}

error failure_within_reply(const failure_words& words, const failure_frame& frame) {
  if (const auto status = status_in(words)) {
    exchange_head head;
    head.status = *status;
    return failure_of_status(head, words, frame, {});
  }
  const auto kind = lower_case(words.code + '\n' + words.type);
  const auto all = all_of(words);
  const bool used_up = says_quota_is_used_up(all) || has_one_of(kind, {"billing"});
  errc code = errc::provider_unavailable;
  if (used_up)
    code = errc::provider_rejected;
  else if (has_one_of(kind, {"rate_limit", "resource_exhausted"}))
    code = errc::rate_limited;
  else if (says_filtered(all))
    code = errc::content_filtered;
  else if (says_too_long(all))
    code = errc::context_too_long;
  else if (has_one_of(kind, {"invalid_request", "invalid_argument", "not_found", "authentication",
                             "permission"}))
    code = errc::provider_rejected;
  const std::string_view said = words.message.empty() ? words.code : words.message;
  auto out = provider_error(code, "the provider reports a failure within its answer", frame, said);
  if (used_up)
    out.with("limit", "quota");
  return out;
}

} // namespace flipsync::providers
