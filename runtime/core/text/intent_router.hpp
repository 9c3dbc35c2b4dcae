#pragma once
/// Which agent a message is for, and why (BUSINESS: routing a message to an agent). Pure.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/core/text/vocabulary.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// An agent as the router sees it; in configured order, which breaks ties.
struct routed_agent {
  std::string name;
  std::vector<std::string> aliases;
  audience who = audience::seller;
  std::vector<std::string> phrases;  ///< weight 3.0; several words, or one that is as telling
  std::vector<std::string> keywords; ///< weight 1.5
  std::vector<entity_kind> entities; ///< weight 1.0 each: kinds of catalogue hit that speak for it
};

struct router_config {
  std::vector<routed_agent> agents;
  std::string shopper_default = "concierge";
  std::string seller_default = "executive";
  double phrase_weight = 3.0;
  double keyword_weight = 1.5;
  double entity_weight = 1.0;
  double message_share = 0.7; ///< the rest is the last five messages'
  double default_below = 0.3;
  double keep_below = 0.5;
};

struct route_input {
  std::string_view message;
  std::string_view agent;   ///< explicitly asked for: name or alias; empty: none
  std::string_view pinned;  ///< the conversation's pin, if any
  std::string_view current; ///< the agent of the conversation's last turn
  audience who = audience::any;
  std::vector<std::string_view>
    recent; ///< the user's last messages, oldest first; the last five count
};

/// What one text says for each of a router's agents, in configured order. Points into the router,
/// which must outlive it, and into itself: moved, not copied.
struct text_evidence {
  struct for_agent {
    double weight = 0;
    std::size_t covered = 0; ///< words before this position have been counted
    /// The longest term that matched: its own words, and where it stands in the text.
    std::size_t longest = 0;
    std::size_t longest_at = 0;
    std::size_t longest_end = 0;
    std::vector<std::string_view> matched;
  };
  text_evidence() = default;
  text_evidence(text_evidence&&) = default;
  text_evidence& operator=(text_evidence&&) = default;
  text_evidence(const text_evidence&) = delete;
  text_evidence& operator=(const text_evidence&) = delete;
  ~text_evidence() = default;

  std::vector<for_agent> agents;
  std::vector<entity> entities; ///< `matched` points into their names
  std::size_t words = 0;
};

/// Immutable and thread-safe once built.
class intent_router {
public:
  /// What `read` says of a text. Valid until the routing that asked has returned.
  using evidence_of = std::function<const text_evidence&(std::string_view text)>;

  explicit intent_router(router_config config);
  ~intent_router();
  intent_router(const intent_router&) = delete;
  intent_router& operator=(const intent_router&) = delete;

  /// Errors: not_found (no such agent, or none for this audience), forbidden (a shopper asked for a
  /// seller's agent, or the conversation is pinned to one). A conversation with a current agent
  /// stays with it below `keep_below`; without one the default agent answers below `default_below`.
  /// A caller of both rosters gets the seller's default where what little matched speaks for a
  /// seller's agent, else the shopper's.
  [[nodiscard]] result<route_choice> route(const route_input& input, const vocabulary& words) const;
  /// As `route`, with what was read of the texts before; asks for the message and for the recent
  /// ones, if it must weigh them.
  [[nodiscard]] result<route_choice> decide(const route_input& input,
                                            const evidence_of& read) const;
  [[nodiscard]] text_evidence read(std::string_view text, const vocabulary& words) const;
  /// The canonical name for a name or alias (any case); empty if there is none.
  [[nodiscard]] std::string resolve(std::string_view name_or_alias) const;

private:
  struct index;
  class decision;
  router_config config_;
  std::unique_ptr<index> index_;
};

} // namespace flipsync
