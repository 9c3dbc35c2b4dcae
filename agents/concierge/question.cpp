#include "agents/concierge/question.hpp"

#include "agents/common/target.hpp"

namespace flipsync::concierge {

namespace {

constexpr std::size_t most_compared = 4;

std::vector<store_query> reads_for(const message_reading& message, const question& known) {
  std::vector<store_query> reads;
  if (known.of_unknown)
    return reads;
  if (known.best_sellers) {
    reads.emplace_back(attention_query{attention::best_sellers, shown_products});
  } else if (known.about_named) {
    for (const auto& target : named_products(message, most_compared))
      reads.emplace_back(*dossier_query(target));
  } else if (auto query = search_query(message)) {
    reads.emplace_back(std::move(*query));
  }
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
    return known;
  });
}

} // namespace flipsync::concierge
