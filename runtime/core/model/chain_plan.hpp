#pragma once
/// Which providers and models a call may go to, in which order, and why: pure.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/model/model_request.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

struct assembly;
struct model_routing;
struct provider_entry;

/// What a call needs of a provider beyond plain text.
struct model_needs {
  bool tools = false;
  bool json_schema = false;
  std::uint32_t tokens = 0; ///< of prompt and answer, by estimate
};
/// A token is taken for four bytes of the prompt; the answer for its limit, or 256.
model_needs needs_of(const model_request& request) noexcept;

/// Prompt and answer of a request, in tokens, by the same estimate.
std::uint32_t estimated_tokens(const model_request& request) noexcept;

/// Prompt of a request, in tokens: as it usually is, and at most, since some writing takes a token
/// for fewer than four bytes and each message and tool has a frame.
std::uint32_t prompt_tokens(const model_request& request) noexcept;
std::uint32_t most_prompt_tokens(const model_request& request) noexcept;

/// What is asked, as far as it decides who answers.
struct chain_question {
  const model_request& request;
  std::string_view provider; ///< named by the call; empty: as routed
  std::string_view tier;     ///< "fast", "default", "strong"
  std::string_view message;  ///< the user's own words, for the classifier
  std::string_view task;
  priority prefer = priority::unset;
  /// Longest answer on the fast tier, where it has a limit.
  std::optional<std::uint32_t> fast_answer{};
};

/// Estimated, where no provider has told how many it counted.
inline constexpr std::uint32_t bytes_per_token = 4;

struct chain_route {
  std::size_t provider = 0;         ///< index of its entry
  std::string model;                ///< never empty
  std::uint32_t context_tokens = 0; ///< 0: not known
  bool for_long_prompts = false;    ///< only for prompts that do not fit the others
  bool fast = false;                ///< the fast tier's model, asked as that tier is
  /// The default tier's model of the provider before it, for what that one's fast model cannot hold
  /// or tell whole.
  bool after_fast = false;
};

struct chain {
  std::vector<chain_route> routes; ///< primary first
  std::string why;                 ///< why the primary, and who was left out
};

/// The order is the primary's, then the fallbacks'; a call that names its provider has only that
/// one. Left out are providers that are not configured or lack what the call needs; a provider's
/// model for long prompts comes after all, and first for a prompt that is known not to fit. A
/// fast model other than the default one is followed by that one; where the prompt may not fit the
/// fast tier, the default model takes its place. Source: PROVIDERS, profiles.
chain plan_chain(const chain_question& question, const model_routing& routing,
                 const std::vector<provider_entry>& providers);

} // namespace flipsync
