#pragma once
/// The key of a model's answer: everything that determines it, and nothing else.

#include <string>
#include <string_view>

#include "runtime/core/cache/digest.hpp"
#include "runtime/core/model/model_request.hpp"

namespace flipsync {

/// Views, valid while what they look at is.
struct answer_question {
  std::string_view tenant;
  std::string_view provider;
  /// What the provider's configuration adds to each answer: its server, how much it thinks. No
  /// secret.
  std::string_view identity;
  std::string_view model; ///< as it is asked for, never empty
  std::string_view locale;
  std::uint64_t catalogue = 0; ///< version of the shop's data; 0 where it plays no part
  const model_request& request;
  /// As it is sent. What only says how a local server runs the model (threads, batch, GPU layers,
  /// keep_alive) is left out, as are the request's own tuning, `stream` and `timeout`.
  const model_tuning& tuning;
};

/// The canonical bytes. The first of them name the encoding's version: another one is another key.
canonical_text canonical_question(const answer_question& question);
digest256 key_of(const answer_question& question);

} // namespace flipsync
