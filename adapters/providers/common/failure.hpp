#pragma once
/// A provider's refusals and faults as our errors: the one place where a status becomes an errc.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/ports/byte_exchange.hpp"
#include "runtime/core/types/error.hpp"
#include "runtime/core/types/units.hpp"

namespace flipsync::providers {

/// What a provider says of a failure, in its own words.
struct failure_words {
  std::string message;
  std::string code;  ///< "context_length_exceeded", "429", …
  std::string type;  ///< "rate_limit_error", "RESOURCE_EXHAUSTED", …
  std::string marks; ///< reasons and quotas from `details`, a line each
  std::optional<std::chrono::milliseconds> retry_after; ///< where the body says it
};

/// What must not show in an error, and whose error it is.
struct failure_frame {
  std::string provider;
  /// Keys and header values; texts that quote one are blanked there.
  std::vector<std::string> secrets;
  /// Beginnings of the request's messages; a text that quotes one is withheld altogether.
  std::vector<std::string> quotes;
};

/// Reads {"error": "…"}, {"error": {"message", "code", "type" or "status"}}, {"message"},
/// {"detail"}, or a list with one of these. A body that is no JSON gives its beginning as the
/// message, HTML none of it. Of `error.details` (Google's) it takes reasons, quotas and RetryInfo.
failure_words read_failure(std::string_view body);

/// The same of what need not be a failure: nullopt where it is no JSON, or tells of none.
std::optional<failure_words> find_failure(std::string_view text);

/// The error for a response whose status is not 2xx:
///   429 rate_limited (an exhausted quota, also as 400 or 402, provider_rejected with the detail
///   limit=quota, since waiting does not help), 5xx and
///   408 provider_unavailable, 401 and 403 provider_rejected with reason "key", a prompt that is
///   too long context_too_long, a content filter content_filtered, other statuses
///   provider_rejected.
/// Details: provider, status, reason (at most 300 bytes). Pure.
error failure_of_status(const exchange_head& head, const failure_words& words,
                        const failure_frame& frame, wall_time now);

/// The error for a failure that is reported within a response of status 200. Its kind is read from
/// the code and type. Pure.
error failure_within_reply(const failure_words& words, const failure_frame& frame);

/// An error of `code` that carries provider and, unless empty, reason, bounded and without secrets.
error provider_error(errc code, std::string message, const failure_frame& frame,
                     std::string_view reason = {});

/// `text` on one line, at most 300 bytes of whole characters, without what the frame forbids.
std::string safe_reason(std::string_view text, const failure_frame& frame);

} // namespace flipsync::providers
