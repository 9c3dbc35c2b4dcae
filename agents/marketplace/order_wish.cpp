#include "agents/marketplace/order_wish.hpp"

#include <algorithm>
#include <array>

#include "agents/common/focus_plan.hpp"
#include "agents/common/marketplaces.hpp"
#include "agents/common/period.hpp"
#include "agents/common/seller_skill.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"
#include "runtime/core/text/number_text.hpp"

namespace flipsync::marketplace {

namespace {

constexpr std::uint32_t usual_lines = 5;
constexpr std::uint32_t wished_lines = 10;
constexpr double most_wished = 50;
constexpr std::size_t most_other_ids = 8;

/// Words for statuses, and how imports may spell them.
struct status_words {
  std::string_view said;
  std::array<std::string_view, 2> stored;
};
constexpr auto statuses = std::to_array<status_words>({{"cancelled", {"cancelled", "canceled"}},
                                                       {"canceled", {"cancelled", "canceled"}},
                                                       {"pending", {"pending", ""}},
                                                       {"processing", {"processing", ""}},
                                                       {"shipped", {"shipped", ""}},
                                                       {"delivered", {"delivered", ""}},
                                                       {"refunded", {"refunded", ""}},
                                                       {"returned", {"returned", ""}},
                                                       {"unpaid", {"unpaid", ""}},
                                                       {"paid", {"paid", ""}}});
constexpr std::array<std::string_view, 4> open_words{"open", "unshipped", "unfulfilled",
                                                     "outstanding"};
constexpr std::array<std::string_view, 6> negations{"not",  "never",  "arent",
                                                    "isnt", "havent", "hasnt"};
constexpr std::array<std::string_view, 6> before_count{"last",   "newest", "latest",
                                                       "recent", "first",  "top"};

bool holds_one_of(const message_reading& message, std::span<const std::string_view> words) {
  return holds_any_phrase(message.words, words);
}

/// What is not yet shipped or delivered is open.
void read_status(const message_reading& message, order_wish& wish) {
  const auto found = std::find_if(statuses.begin(), statuses.end(), [&](const auto& one) {
    return holds_phrase(message.words, one.said);
  });
  const bool denied = found != statuses.end() && holds_one_of(message, negations);
  if (denied || holds_one_of(message, open_words)) {
    wish.query.open_only = true;
    wish.status = "open";
  } else if (found != statuses.end()) {
    for (const auto stored : found->stored)
      if (!stored.empty())
        wish.query.statuses.emplace_back(stored);
    wish.status = found->said;
  }
}

/// The 10 of "the last 10 orders"; 0 if none is said.
std::uint32_t wished_count(const std::vector<std::string>& words) {
  for (std::size_t at = 0; at + 1 < words.size(); ++at) {
    const auto n = number_of(words[at]);
    if (!n || *n < 1 || *n > most_wished)
      continue;
    const bool of_orders =
      words[at + 1] == "orders" || (at + 2 < words.size() && words[at + 2] == "orders");
    const bool led =
      at > 0
      && std::find(before_count.begin(), before_count.end(), words[at - 1]) != before_count.end();
    if (of_orders && (led || words[at + 1] != "orders"))
      return static_cast<std::uint32_t>(*n);
  }
  return 0;
}

bool is_ascii_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

/// "EBY-100001".
bool built_like_order_id(std::string_view word) {
  const auto hyphen = word.find('-');
  if (hyphen == std::string_view::npos || hyphen < 2 || hyphen > 5 || word.size() < hyphen + 6)
    return false;
  return std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(hyphen),
                     is_ascii_letter)
         && std::all_of(word.begin() + static_cast<std::ptrdiff_t>(hyphen) + 1, word.end(),
                        is_ascii_digit);
}

} // namespace

order_wish orders_wished(const skill_input& input) {
  const auto& message = input.message;
  order_wish wish;
  std::vector<std::string> described;
  read_status(message, wish);
  wish.query.marketplace = marketplace_named(input);
  if (!wish.query.marketplace.empty())
    described.push_back("on " + spoken(wish.query.marketplace));
  const auto target = target_of(message);
  if (target.named) {
    wish.query.sku = target.sku;
    wish.query.scope.text = target.text;
    described.push_back("with " + (target.sku.empty() ? "“" + target.text + "”" : target.sku));
  } else {
    wish.query.scope = scope_of(message);
  }
  // Orders are listed by time, so the last 30 days are a span like any other here.
  if (const auto periods = periods_of(message, input.now); !periods.empty()) {
    wish.query.period = span_of(periods.front());
    described.push_back("placed " + spoken(periods.front()));
  }
  for (const auto& one : described)
    wish.described += " " + one;
  wish.query.counted = !described.empty() || !wish.status.empty() || !wish.query.scope.empty();
  const auto count = wished_count(message.words);
  wish.query.limit = count > 0 ? count : wish.query.counted ? wished_lines : usual_lines;
  return wish;
}

std::vector<std::string> other_order_ids(const message_reading& message, const std::string& id) {
  const std::string_view text = message.text;
  std::vector<std::string> others;
  for (std::size_t at = 0; at < text.size() && others.size() < most_other_ids;) {
    const auto end = std::min(text.find_first_of(" \t\n,;?!.", at), text.size());
    const auto word = text.substr(at, end - at);
    at = end + 1;
    const bool product =
      std::any_of(message.entities.begin(), message.entities.end(), [&](const entity& hit) {
        return hit.kind == entity_kind::sku && folds_alike(hit.name, word);
      });
    if (built_like_order_id(word) && !product && !folds_alike(word, id)
        && std::find(others.begin(), others.end(), word) == others.end())
      others.emplace_back(word);
  }
  return others;
}

} // namespace flipsync::marketplace
