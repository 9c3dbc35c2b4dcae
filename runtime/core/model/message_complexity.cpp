#include "runtime/core/model/message_complexity.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "runtime/core/text/ascii.hpp"

namespace flipsync {

namespace {

/// Points from which a message is complex.
constexpr int enough = 3;
/// Words beyond these say nothing new.
constexpr std::size_t most_words = 200;
/// Letters that may follow a stem.
constexpr std::size_t longest_ending = 4;

/// Work that a message may ask for. Sorted; compared by stem, so that "compare" is also "compares"
/// and "comparing".
constexpr std::array<std::string_view, 61> works{
  "advise",   "analys",   "analyz",   "argu",      "assess",     "brainstorm", "build",
  "calculat", "categor",  "compar",   "compos",    "convert",    "correct",    "creat",
  "critic",   "debat",    "decid",    "defin",     "describ",    "design",     "develop",
  "discuss",  "draft",    "elaborat", "estimat",   "evaluat",    "explain",    "explor",
  "figure",   "forecast", "improv",   "interpret", "invent",     "investigat", "justif",
  "model",    "negotiat", "optimis",  "optimiz",   "outlin",     "plan",       "predict",
  "prepar",   "priorit",  "propos",   "rank",      "reposition", "research",   "restructur",
  "review",   "rewrit",   "segment",  "simulat",   "solve",      "strateg",    "suggest",
  "summar",   "teach",    "think",    "weigh",     "write",
};

/// Things that only come up where something is thought through. Sorted.
constexpr std::array<std::string_view, 38> matters{
  "advantage", "alternativ", "analys",  "approach",  "argument", "assum",    "better",
  "cause",     "conclusion", "cons",    "consequen", "decision", "differen", "disadvantage",
  "effect",    "evidence",   "flaw",    "forecast",  "impact",   "implicat", "long-term",
  "method",    "option",     "priorit", "pros",      "rather",   "reason",   "report",
  "risk",      "scenario",   "smarter", "step",      "strateg",  "sure",     "trade-off",
  "versus",    "weakness",   "worth",
};

static_assert(std::is_sorted(works.begin(), works.end()));
static_assert(std::is_sorted(matters.begin(), matters.end()));

struct words_found {
  std::vector<std::string_view> words; ///< of letters and hyphens
  std::vector<bool> begins;            ///< words[i] begins a sentence or clause
  std::size_t sentences = 1;
  std::size_t commas = 0;
};

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
}

bool ends_sentence(char c) noexcept { return c == '.' || c == '?' || c == '!' || c == '\n'; }

/// `text` is in lower case and outlives what is found.
words_found read(std::string_view text) {
  words_found found;
  found.words.reserve(text.size() / 5 + 1);
  bool begins = true;
  bool ended = false;
  for (std::size_t at = 0; at < text.size() && found.words.size() < most_words;) {
    const char c = text[at];
    if (!is_letter(c)) {
      ended = ended || (ends_sentence(c) && (at + 1 == text.size() || text[at + 1] == ' '));
      found.commas += c == ',' ? 1 : 0;
      begins = begins || ended || c == ',' || c == ':' || c == ';';
      ++at;
      continue;
    }
    const auto first = at;
    while (at < text.size() && (is_letter(text[at]) || text[at] == '-'))
      ++at;
    const auto word = text.substr(first, at - first);
    found.sentences += ended && !found.words.empty() ? 1 : 0;
    ended = false;
    // What joins and what is polite hands its place on to the word after it.
    const bool joins = word == "and" || word == "please" || word == "then" || word == "me"
                       || word == "to" || word == "help" || word == "you" || word == "us";
    found.begins.push_back(begins);
    begins = joins;
    found.words.push_back(word);
  }
  return found;
}

/// Whether any stem begins with each letter: most words need no search.
template <std::size_t N>
constexpr std::array<bool, 256> beginnings(const std::array<std::string_view, N>& stems) {
  std::array<bool, 256> letters{};
  for (const auto stem : stems)
    letters[static_cast<unsigned char>(stem.front())] = true;
  return letters;
}

template <std::size_t N>
bool has_stem(const std::array<std::string_view, N>& stems, const std::array<bool, 256>& letters,
              std::string_view word) {
  if (!letters[static_cast<unsigned char>(word.front())])
    return false;
  const auto after = std::upper_bound(stems.begin(), stems.end(), word);
  if (after == stems.begin())
    return false;
  const auto stem = *(after - 1);
  return word.starts_with(stem) && word.size() <= stem.size() + longest_ending;
}

/// Points with their reasons.
class tally {
public:
  void add(int points, std::string_view reason) {
    points_ += points;
    if (!reasons_.empty())
      reasons_ += "; ";
    reasons_ += reason;
  }
  [[nodiscard]] int points() const noexcept { return points_; }
  [[nodiscard]] std::string take() { return std::move(reasons_); }

private:
  int points_ = 0;
  std::string reasons_;
};

void weigh_work(const words_found& found, tally& sum) {
  static constexpr auto letters = beginnings(works);
  int best = 0;
  std::string_view which;
  for (std::size_t i = 0; i < found.words.size(); ++i) {
    if (!has_stem(works, letters, found.words[i]))
      continue;
    const int points = found.begins[i] ? 3 : 1;
    if (points > best) {
      best = points;
      which = found.words[i];
    }
  }
  if (best > 0)
    sum.add(best, (best == 3 ? "asks to " : "speaks of ") + std::string{which});
}

void weigh_matters(const words_found& found, tally& sum) {
  static constexpr auto letters = beginnings(matters);
  std::string_view which;
  int points = 0;
  for (const auto word : found.words)
    if (has_stem(matters, letters, word)) {
      points = std::min(points + 2, 4);
      which = which.empty() ? word : which;
    }
  if (points > 0)
    sum.add(points, "is about " + std::string{which});
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), word) != all.end();
}

/// Questions that no single fact answers.
void weigh_questions(const words_found& found, tally& sum) {
  const auto& words = found.words;
  const auto next = [&](std::size_t i) {
    return i + 1 < words.size() ? std::string_view{words[i + 1]} : std::string_view{};
  };
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "why")
      return sum.add(3, "asks why");
    if (is_one_of(words[i], {"how", "what", "where", "which"})
        && is_one_of(next(i), {"should", "would", "could", "if", "happens"}))
      return sum.add(3, std::string{"asks "}.append(words[i]).append(" ").append(next(i)));
    if (found.begins[i] && words[i] == "should" && is_one_of(next(i), {"i", "we"}))
      return sum.add(3, "asks for a decision");
  }
}

void weigh_size(const words_found& found, tally& sum) {
  const auto count = found.words.size();
  const int points = count >= 30 ? 3 : count >= 18 ? 2 : count >= 12 ? 1 : 0;
  if (points > 0)
    sum.add(points, std::to_string(count) + (count == most_words ? " words or more" : " words"));
  if (found.sentences > 1 && count >= 8)
    sum.add(1, "several sentences");
  if (found.commas > 1 && count >= 8)
    sum.add(1, "a list");
}

} // namespace

std::string_view to_string(complexity c) noexcept {
  return c == complexity::simple ? "simple" : "complex";
}

complexity_verdict complexity_of(std::string_view message) {
  const auto text = ascii_lower(message);
  const auto found = read(text);
  tally sum;
  weigh_work(found, sum);
  weigh_matters(found, sum);
  weigh_questions(found, sum);
  weigh_size(found, sum);
  if (sum.points() >= enough)
    return {complexity::complex, sum.take()};
  return {complexity::simple,
          found.words.size() < 12 ? "short, asks for one thing" : "asks for one thing"};
}

} // namespace flipsync
