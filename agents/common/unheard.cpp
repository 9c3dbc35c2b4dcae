#include "agents/common/unheard.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "agents/common/marketplaces.hpp"
#include "agents/common/period.hpp"
#include "agents/common/target.hpp"
#include "agents/common/wording.hpp"

namespace flipsync {

namespace {

constexpr std::array<std::string_view, 4> bare_bounds{"below", "under", "above", "over"};
constexpr std::array<std::string_view, 7> than_bounds{"less",  "more",    "fewer", "higher",
                                                      "lower", "greater", "bigger"};
/// What may stand between "if" and the end of what it says.
constexpr std::size_t longest_quote = 60;
constexpr std::size_t most_products = 8;
constexpr std::array<std::string_view, 8> interrogatives{"what", "which", "who", "where",
                                                         "when", "how",   "why", "whats"};

/// A word as the message has it, and as it folds.
struct raw_word {
  std::string_view raw; ///< without the marks that end a clause
  std::string folded;
  bool ends_clause = false;
};

std::vector<raw_word> raw_words(std::string_view text) {
  constexpr std::string_view marks = ",;?!:)\"";
  std::vector<raw_word> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find_first_of(" \t\n", at), text.size());
    auto raw = text.substr(at, end - at);
    at = end + 1;
    const auto whole = raw.size();
    while (!raw.empty() && (marks.find(raw.back()) != std::string_view::npos || raw.back() == '.'))
      raw.remove_suffix(1);
    if (!raw.empty())
      words.push_back({raw, fold(raw), raw.size() < whole});
    else if (!words.empty())
      words.back().ends_clause = true;
  }
  return words;
}

/// "5", "$100", "20%", "1,000".
bool is_figure(std::string_view raw) {
  if (raw.starts_with('$'))
    raw.remove_prefix(1);
  if (raw.ends_with('%'))
    raw.remove_suffix(1);
  return !raw.empty() && raw.front() >= '0' && raw.front() <= '9'
         && std::all_of(raw.begin(), raw.end(),
                        [](char c) { return (c >= '0' && c <= '9') || c == '.' || c == ','; });
}

bool is_percent_sign(const raw_word& word) { return word.raw == "%" || word.folded == "percent"; }

/// How many words from `at` on are a figure with its percent sign; 0 if they are no percentage.
std::size_t percentage_at(const std::vector<raw_word>& words, std::size_t at) {
  if (!is_figure(words[at].raw))
    return 0;
  if (words[at].raw.ends_with('%'))
    return 1;
  return at + 1 < words.size() && is_percent_sign(words[at + 1]) ? 2 : 0;
}

/// How many words from `at` on compare with a number; 0 if they do not.
std::size_t bound_at(const std::vector<raw_word>& words, std::size_t at) {
  const auto word = [&](std::size_t place) {
    return place < words.size() ? std::string_view{words[place].folded} : std::string_view{};
  };
  const auto one_of_them = [&](const auto& list) {
    return std::find(list.begin(), list.end(), word(at)) != list.end();
  };
  std::size_t figure = 0;
  if (one_of_them(bare_bounds))
    figure = at + 1;
  else if (one_of_them(than_bounds) && word(at + 1) == "than")
    figure = at + 2;
  else if (word(at) == "at" && (word(at + 1) == "least" || word(at + 1) == "most"))
    figure = at + 2;
  if (figure == 0 || figure >= words.size() || !is_figure(words[figure].raw))
    return 0;
  const auto percent = percentage_at(words, figure);
  auto end = figure + std::max<std::size_t>(percent, 1);
  if (word(end) == "units" || word(end) == "days" || word(end) == "dollars")
    ++end;
  return end - at;
}

/// From there to the end of the clause.
std::size_t clause_at(const std::vector<raw_word>& words, std::size_t at) {
  std::size_t end = at;
  while (end < words.size() && !words[end].ends_clause)
    ++end;
  return std::min(end + 1, words.size()) - at;
}

/// "if stock is 60": what follows holds a figure.
std::size_t condition_at(const std::vector<raw_word>& words, std::size_t at) {
  if (words[at].folded != "if")
    return 0;
  const auto count = clause_at(words, at);
  const auto first = words.begin() + static_cast<std::ptrdiff_t>(at);
  return std::any_of(first, first + static_cast<std::ptrdiff_t>(count),
                     [](const raw_word& word) { return is_figure(word.raw); })
           ? count
           : 0;
}

std::string quote(const std::vector<raw_word>& words, std::size_t at, std::size_t count) {
  std::string text;
  for (auto i = at; i < at + count; ++i)
    text.append(text.empty() ? "" : " ").append(words[i].raw);
  if (wording::length(text) > longest_quote)
    text = std::string{wording::clip(text, longest_quote)} + " …";
  return "“" + text + "”";
}

/// Everything of the message that is one of the skill's deaf spots, as it stands there.
std::vector<std::string> passed_over(const skill_input& input, const heard& by_skill) {
  const bool list = !target_of(input.message).named;
  const auto words = raw_words(input.message.text);
  std::vector<std::string> quotes;
  for (std::size_t at = 0; at < words.size();) {
    const auto condition = condition_at(words, at);
    const auto bound = bound_at(words, at);
    const auto percentage = percentage_at(words, at);
    // A bound of one product is a question that its figures answer.
    if (condition > 0 && !by_skill.condition)
      quotes.push_back(quote(words, at, condition));
    else if (condition == 0 && bound > 0 && list && !by_skill.bound)
      quotes.push_back(quote(words, at, bound));
    else if (condition == 0 && bound == 0 && percentage > 0 && !by_skill.percentage)
      quotes.push_back(quote(words, at, percentage));
    at += std::max({condition, bound, percentage, std::size_t{1}});
  }
  return quotes;
}

void say_periods(const skill_input& input, const heard& by_skill, skill_output& out) {
  const auto periods = periods_of(input.message, input.now);
  if (by_skill.period) {
    if (periods.size() > 1)
      out.facts.push_back("Only one span of time was looked at, “"
                          + as_said(periods[0], input.message) + "”; ask for “"
                          + as_said(periods[1], input.message) + "” by itself.");
    return;
  }
  const auto other = std::find_if(periods.begin(), periods.end(),
                                  [](const asked_period& period) { return !period.usual; });
  if (other != periods.end())
    out.facts.push_back("This does not look at “" + as_said(*other, input.message)
                        + "” by itself: sales are of the last 30 days, all else is as it is now.");
}

/// "What should I charge and how long will it last?": the second question, from its first word on.
std::optional<std::string> second_question(const std::vector<raw_word>& words) {
  const auto asks = [&](std::size_t at) {
    return std::find(interrogatives.begin(), interrogatives.end(), words[at].folded)
           != interrogatives.end();
  };
  bool asked = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const bool begins = at > 0 && (words[at - 1].folded == "and" || words[at - 1].ends_clause);
    if (asked && begins && asks(at))
      return quote(words, at, clause_at(words, at));
    asked = asked || asks(at);
  }
  return std::nullopt;
}

} // namespace

void say_unheard(const skill_input& input, const heard& by_skill, skill_output& out) {
  say_periods(input, by_skill, out);
  if (!by_skill.marketplace)
    if (const auto name = marketplace_named(input); !name.empty())
      out.facts.push_back("This is over all marketplaces; " + spoken(name)
                          + " alone cannot be told.");
  if (const auto quotes = passed_over(input, by_skill); !quotes.empty())
    out.facts.push_back("This takes no account of " + wording::list(quotes) + ".");
  if (!by_skill.questions)
    if (const auto other = second_question(raw_words(input.message.text)))
      out.facts.push_back("One question is answered at a time; ask " + *other + " by itself.");
}

void say_other_products(const message_reading& message, const product& shown, skill_output& out) {
  std::vector<std::string> others;
  for (const auto& one : named_products(message, most_products)) {
    const bool same =
      one.sku.empty() ? fold(one.text) == fold(shown.title) : fold(one.sku) == fold(shown.sku);
    auto name = one.sku.empty() ? "“" + one.text + "”" : one.sku;
    if (!same && std::find(others.begin(), others.end(), name) == others.end())
      others.push_back(std::move(name));
  }
  if (!others.empty())
    out.facts.push_back("Only " + shown.sku + " was looked at; ask for " + wording::list(others)
                        + (others.size() == 1 ? " by itself." : " by themselves."));
}

} // namespace flipsync
