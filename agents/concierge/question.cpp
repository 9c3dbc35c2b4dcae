#include "agents/concierge/question.hpp"

#include <utility>

#include "agents/common/target.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t most_compared = 4;

std::vector<store_query> reads_for(const message_reading& message, const question& known) {
  std::vector<store_query> reads;
  if (known.of_unknown)
    return reads;
  if (known.best_sellers) {
    auto scope = best_seller_scope(message);
    reads.emplace_back(attention_query{attention::best_sellers, shown_products, scope});
    // Where none has those words, those that sell best of all are shown.
    if (!std::exchange(scope.text, {}).empty())
      reads.emplace_back(attention_query{attention::best_sellers, shown_products, scope});
  } else if (known.about_named) {
    for (const auto& target : named_products(message, most_compared))
      reads.emplace_back(*dossier_query(target));
  } else if (auto query = search_query(message)) {
    reads.emplace_back(std::move(*query));
  }
  return reads;
}

/// A type of its own, by which they are kept beside the message.
struct withholding_reads {
  std::vector<store_query> reads;
};

withholding_reads withholding(const std::vector<store_query>& reads, const shop_rules& rules) {
  withholding_reads out;
  for (auto read : reads) {
    if (auto* list = std::get_if<attention_query>(&read))
      list->limit = widened_search;
    if (const auto* search = std::get_if<product_search>(&read)) {
      auto open = *search;
      open.gate = {true, rules.age_gated_categories};
      out.reads.emplace_back(std::move(open));
    }
    out.reads.push_back(std::move(read));
  }
  return out;
}

} // namespace

const question& question_of(const message_reading& message) {
  return message.beside.get<question>([&message] {
    question known;
    known.of_unknown = asks_of_unknown(message);
    known.about_named = about_named(message);
    known.best_sellers = wants_best_sellers(message);
    known.decided = decide(message);
    known.reads = reads_for(message, known);
    return known;
  });
}

const std::vector<store_query>& careful_reads(const skill_input& input) {
  const auto& known = question_of(input.message);
  return input.message.beside
    .get<withholding_reads>([&] { return withholding(known.reads, *input.rules); })
    .reads;
}

} // namespace flipsync::concierge
