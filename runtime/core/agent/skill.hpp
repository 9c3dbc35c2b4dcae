#pragma once
/// Skills: what an agent can compute from the shop's data. Pure and stateless; the runtime fetches
/// between the two halves, one batch for all parts of a turn.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/core/agent/shop_rules.hpp"
#include "runtime/core/ports/store.hpp"
#include "runtime/core/text/vocabulary.hpp"
#include "runtime/core/types/derived.hpp"
#include "runtime/core/types/turn_reply.hpp"
#include "runtime/core/types/turn_request.hpp"

namespace flipsync {

/// What a message says, as far as rules can read it; made once per turn by `read_message`.
struct message_reading {
  std::string text;               ///< the message as received
  std::vector<std::string> words; ///< folded
  std::vector<entity> entities;
  std::string subject; ///< what is asked about: the message without inquiry and price words
  std::string sku;     ///< a SKU that is named, or the one a pronoun refers to
  std::string category;
  std::string brand;
  std::vector<std::string> excluded; ///< what is not wanted ("not black"): names or folded words
  std::string order_id;
  std::string zone;
  std::optional<money> min_price;
  std::optional<money> max_price;
  /// A bare amount of money ("an offer of $40"). One that says what a thing may cost ("for $40",
  /// "from $40", "around $40") bounds the price too.
  std::optional<money> amount;
  std::size_t amount_at = 0; ///< its first word
  /// "screen over 6.5": limits on attributes that are numbers, by the attribute's folded name.
  std::vector<product_search::attribute_range> measures;
  std::optional<std::int64_t> quantity;
  std::optional<std::int64_t> weight_g;
  std::vector<std::size_t> topics; ///< the shop's topics that it holds, as places in the rules
  bool topic_answered = false;     ///< one of them has an answer
  bool product_inquiry = false;    ///< BUSINESS: goes to product search without a model call
  bool names_goods = false;        ///< no entity and no inquiry, but words of products' names only
  bool unresolved_pronoun = false; ///< "it", "that one" with no earlier product
  std::string earlier_order;       ///< the order of before that "it" or "that order" may mean
  bool points_back = false;        ///< what it says depends on what was spoken of before
  derived beside;                  ///< what agents conclude from it, made once a turn
};

/// What a conversation has spoken of before: what its next message may point back to.
struct earlier_talk {
  std::string sku; ///< "it": the first product of the newest answer that told of any
  /// What "the second one" counts: the products of the newest answer that told of several, in
  /// order.
  std::vector<std::string> listed{};
  std::string order_id{};     ///< the order that was named last
  bool order_is_last = false; ///< no product was named since, so that "it" may be the order
  [[nodiscard]] bool empty() const noexcept {
    return sku.empty() && listed.empty() && order_id.empty();
  }
};

struct skill_input {
  const message_reading& message;
  audience who = audience::any;
  bool age_confirmed = false;
  std::string_view locale{};
  wall_time now{};
  const vocabulary* words = nullptr;
  /// Rule tables from config (fees, limits, thresholds, topic pairs); never null.
  const shop_rules* rules = nullptr;
  /// False in a turn, which reads a skill's sentences and not its JSON: the skill may leave that
  /// out.
  bool wants_json = true;
};

struct skill_output {
  /// Findings as full sentences, with the numbers of the store: the facts of the prompt and the
  /// text of the embedded provider.
  std::vector<std::string> facts;
  /// The same as a JSON object, for tool calls and the API; "{}" where it was not wanted and the
  /// skill spared it. A turn always gets the `show_products` of a decision.
  std::string json = "{}";
  std::vector<product_card> products;
  /// The products that the facts tell of, in that order: what a pronoun may mean next. The first
  /// few are kept.
  std::vector<std::string> skus;
  std::vector<std::string> quick_replies;
  std::vector<std::string> missing; ///< data that the rules wanted and the store lacks
};

class skill {
public:
  virtual ~skill() = default;
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
  [[nodiscard]] virtual std::string_view description() const noexcept = 0;
  /// JSON schema of the arguments when called as a tool.
  [[nodiscard]] virtual std::string_view schema() const noexcept = 0;
  /// The reads it needs; may be empty.
  [[nodiscard]] virtual std::vector<store_query> needs(const skill_input& input) const = 0;
  /// `rows[i]` answers the i-th query of `needs` for the same input.
  [[nodiscard]] virtual result<skill_output>
  compute(const skill_input& input, const std::vector<const store_rows*>& rows) const = 0;
};

/// Reads a message with the catalogue's words and the configured inquiry phrases; pronouns refer to
/// `earlier`. Pure. Defined in runtime/core/agent/message_reading.cpp.
message_reading read_message(std::string_view message, const vocabulary& words,
                             const shop_rules& rules, const earlier_talk& earlier);

} // namespace flipsync
