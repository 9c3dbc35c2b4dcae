#include "runtime/core/agent/message_stop_words.hpp"

#include <algorithm>
#include <array>

namespace flipsync::reading {

namespace {

/// Words that name nothing one could look up in a catalogue: function words, courtesy, words of
/// price and praise. Sorted.
constexpr std::array<std::string_view, 198> stop_words{
  "a",        "about",      "above",     "add",     "affordable", "all",       "also",
  "am",       "an",         "and",       "another", "any",        "anybody",   "anyone",
  "anything", "are",        "around",    "as",      "at",         "available", "be",
  "been",     "below",      "best",      "better",  "between",    "but",       "buy",
  "by",       "can",        "cannot",    "cant",    "cart",       "cheap",     "cheaper",
  "cheapest", "compare",    "cool",      "cost",    "costs",      "could",     "currently",
  "did",      "difference", "do",        "does",    "dollar",     "dollars",   "dont",
  "else",     "expensive",  "find",      "for",     "from",       "get",       "give",
  "good",     "got",        "great",     "had",     "has",        "have",      "hello",
  "help",     "hey",        "hi",        "how",     "i",          "id",        "if",
  "ill",      "im",         "in",        "is",      "it",         "its",       "ive",
  "just",     "kind",       "know",      "less",    "let",        "like",      "list",
  "looking",  "lot",        "many",      "max",     "may",        "me",        "mean",
  "might",    "min",        "more",      "most",    "much",       "my",        "need",
  "never",    "new",        "nice",      "no",      "not",        "nothing",   "now",
  "of",       "offer",      "ok",        "okay",    "on",         "one",       "ones",
  "only",     "or",         "order",     "other",   "our",        "out",       "over",
  "pay",      "paying",     "per",       "please",  "pls",        "price",     "priced",
  "prices",   "product",    "products",  "put",     "really",     "recommend", "right",
  "see",      "sell",       "sells",     "should",  "show",       "size",      "so",
  "some",     "someone",    "something", "sort",    "spend",      "spending",  "stock",
  "such",     "suggest",    "sure",      "tell",    "than",       "thank",     "thanks",
  "that",     "thats",      "the",       "their",   "them",       "then",      "there",
  "these",    "they",       "thing",     "things",  "this",       "those",     "to",
  "today",    "too",        "try",       "type",    "u",          "under",     "up",
  "us",       "very",       "want",      "was",     "we",         "well",      "were",
  "what",     "whats",      "when",      "where",   "which",      "who",       "will",
  "with",     "within",     "wont",      "worth",   "would",      "you",       "your",
  "youre",    "yours"};
static_assert(std::is_sorted(stop_words.begin(), stop_words.end()));

/// They say which of several products is wanted, and name none either. Sorted.
constexpr std::array<std::string_view, 7> choosing_words{
  "costliest", "dearest", "highest", "least", "lowest", "priciest", "similar"};
static_assert(std::is_sorted(choosing_words.begin(), choosing_words.end()));

} // namespace

bool is_stop_word(std::string_view word) {
  return std::binary_search(stop_words.begin(), stop_words.end(), word)
         || std::binary_search(choosing_words.begin(), choosing_words.end(), word);
}

} // namespace flipsync::reading
