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

std::vector<store_query> widened(std::vector<store_query> reads) {
  for (auto& read : reads)
    if (auto* search = std::get_if<product_search>(&read))
      search->limit = widened_search;
    else if (auto* list = std::get_if<attention_query>(&read))
      list->limit = widened_search;
  return reads;
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
    known.wide_reads = widened(known.reads);
    return known;
  });
}

} // namespace flipsync::concierge
