#include "runtime/core/agent/message_exclusions.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "runtime/core/agent/message_stop_words.hpp"

namespace flipsync::reading {

namespace {

constexpr std::size_t most_excluded = 8;
/// "noise cancelling", "natural rubber": a thing has no more words than this.
constexpr std::size_t longest_thing = 3;

/// They say by themselves that what follows is not wanted.
constexpr std::array<std::string_view, 3> plain_negators{"without", "except", "excluding"};
/// "no" and "not" after these deny something else: "do you not have", "is it not", "why not",
/// "there is no".
constexpr std::array<std::string_view, 42> deniers{
  "am",   "any",   "are",    "can",  "cannot", "could", "did",   "do",  "does",  "found", "had",
  "has",  "have",  "he",     "i",    "if",     "is",    "it",    "may", "might", "must",  "or",
  "see",  "she",   "should", "that", "there",  "they",  "this",  "was", "we",    "were",  "what",
  "when", "where", "which",  "who",  "why",    "will",  "would", "you", "order"};
/// … but in "ones that are not black", "which is not", "that have no".
constexpr std::array<std::string_view, 3> relatives{"that", "which", "who"};
constexpr std::array<std::string_view, 4> relative_verbs{"are", "is", "has", "have"};
/// Between a negator and what it denies.
constexpr std::array<std::string_view, 14> fillers{"a",  "an", "any", "as",   "by", "for", "from",
                                                   "in", "of", "the", "made", "be", "to",  "with"};
/// What "not" denies of a thing without naming another.
constexpr std::array<std::string_view, 12> states{"bad",     "found",   "interested", "listed",
                                                  "needed",  "selling", "shipped",    "sold",
                                                  "working", "sure",    "necessary",  "yet"};

/// Something that can be excluded: a catalogue name or plain words.
struct thing {
  std::size_t first = 0;
  std::size_t words = 0;
  std::optional<entity_kind> kind;
};

class exclusion_reader {
public:
  exclusion_reader(message_parts& parts, message_reading& out)
    : parts_{parts},
      out_{out},
      ends_(out.words.size(), false),
      minus_(out.words.size(), 0) {
    std::size_t words = 0;
    for (const auto& t : parts.tokens) {
      words = std::max(words, t.first + t.words);
      if (words > 0 && (t.pause || t.words == 0))
        ends_[words - 1] = true;
      if (t.words > 0 && t.first > 0 && t.raw.size() > 1 && t.raw.front() == '-'
          && is_letter(t.raw[1]))
        minus_[t.first] = t.words;
    }
  }

  bool run() {
    for (std::size_t at = 0; at < out_.words.size() && out_.excluded.size() < most_excluded;) {
      const auto found = denied_at(at);
      at = found ? exclude_all(at, *found) : at + 1;
    }
    return !out_.excluded.empty();
  }

private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

  [[nodiscard]] std::string_view word(std::size_t at) const {
    return at < out_.words.size() ? std::string_view{out_.words[at]} : std::string_view{};
  }
  [[nodiscard]] std::string_view before(std::size_t at, std::size_t steps) const {
    return at >= steps ? word(at - steps) : std::string_view{};
  }

  [[nodiscard]] std::optional<thing> denied_at(std::size_t at) const {
    if (minus_[at] > 0)
      return thing_at(at, true, minus_[at]);
    const auto here = word(at);
    if (parts_.used[at] || ends_[at])
      return std::nullopt;
    if (one_of(here, plain_negators))
      return thing_after(at, true);
    if ((here == "dont" || here == "not") && word(at + 1) == "want")
      return before(at, 1) == "you" ? std::nullopt : thing_after(at + 1, true);
    if (here == "arent" || here == "isnt")
      return one_of(before(at, 1), relatives) ? thing_after(at, true) : std::nullopt;
    if (here != "no" && here != "not")
      return std::nullopt;
    const auto last = before(at, 1);
    const bool relative = one_of(last, relative_verbs) && one_of(before(at, 2), relatives);
    if (!relative && (one_of(last, deniers) || asks_whether()))
      return std::nullopt;
    // A plain word is denied where that follows what it is denied of: "headphones not wireless",
    // "a bag with no zipper"; "not sure about the headphones" is another thing.
    const bool of_something =
      here == "no" ? last == "with" || relative : relative || last == "but" || is_named(last);
    return thing_after(at, of_something);
  }

  /// "Are the headphones not black?"
  [[nodiscard]] bool asks_whether() const {
    return (word(0) == "are" || word(0) == "is") && word(1) != "there";
  }

  [[nodiscard]] static bool is_named(std::string_view last) {
    return !last.empty() && !is_stop_word(last);
  }

  [[nodiscard]] std::optional<thing> thing_after(std::size_t at, bool plain) const {
    for (auto next = at + 1; next < out_.words.size() && !ends_[next - 1]; ++next)
      if (const auto found = thing_at(next, plain, longest_thing))
        return found;
      else if (!one_of(word(next), fillers))
        return std::nullopt;
    return std::nullopt;
  }

  /// `plain`: words that are no catalogue name will do as well.
  [[nodiscard]] std::optional<thing> thing_at(std::size_t at, bool plain, std::size_t most) const {
    if (const auto* hit = entity_over(at)) {
      const bool sorts = hit->kind == entity_kind::category || hit->kind == entity_kind::brand
                         || hit->kind == entity_kind::attribute;
      return sorts && hit->first_word == at ? std::optional{thing{at, hit->words, hit->kind}}
                                            : std::nullopt;
    }
    if (!plain || !out_.product_inquiry)
      return std::nullopt;
    std::size_t words = 0;
    while (words < most && at + words < out_.words.size() && is_plain(at + words)
           && (words == 0 || !ends_[at + words - 1]))
      ++words;
    return words > 0 ? std::optional{thing{at, words, std::nullopt}} : std::nullopt;
  }

  [[nodiscard]] bool is_plain(std::size_t at) const {
    const auto here = word(at);
    return !parts_.used[at] && !is_stop_word(here) && !one_of(here, states)
           && std::none_of(here.begin(), here.end(), is_digit) && entity_over(at) == nullptr;
  }

  [[nodiscard]] const entity* entity_over(std::size_t at) const {
    for (const auto& hit : out_.entities)
      if (hit.first_word <= at && at < hit.first_word + hit.words)
        return &hit;
    return nullptr;
  }

  /// Excludes what was found and what is joined to it ("plastic or leather"); returns where to go
  /// on.
  std::size_t exclude_all(std::size_t negator, thing found) {
    for (;;) {
      const auto next = joined_to(found);
      exclude(found);
      if (!next || out_.excluded.size() == most_excluded)
        break;
      found = *next;
    }
    const auto end = found.first + found.words;
    parts_.use(negator, end - negator);
    return end;
  }

  /// "Without plastic or zippers", "no black and no white"; after an "and" something else may be
  /// wanted, unless it is of the same kind.
  [[nodiscard]] std::optional<thing> joined_to(const thing& found) const {
    const auto joint = found.first + found.words;
    const auto how = word(joint);
    if (how != "or" && how != "nor" && how != "and")
      return std::nullopt;
    const auto next = thing_after(joint, how != "and" && !found.kind);
    return next && (how != "and" || next->kind == found.kind) ? next : std::nullopt;
  }

  void exclude(const thing& what) {
    std::string words;
    if (what.kind == entity_kind::category || what.kind == entity_kind::brand)
      words = entity_over(what.first)->name;
    else
      for (auto at = what.first; at < what.first + what.words; ++at)
        words += (words.empty() ? "" : " ") + out_.words[at];
    if (std::find(out_.excluded.begin(), out_.excluded.end(), words) == out_.excluded.end())
      out_.excluded.push_back(std::move(words));
    std::erase_if(out_.entities, [&](const entity& hit) { return hit.first_word == what.first; });
  }

  message_parts& parts_;
  message_reading& out_;
  std::vector<bool> ends_; ///< a comma or the like follows the word
  /// How many words a hyphen stands before that joins them to nothing.
  std::vector<std::size_t> minus_;
};

/// Nearly no message has one.
bool may_exclude(const message_reading& out) {
  constexpr std::array<std::string_view, 8> negators{"no",        "not",  "without", "except",
                                                     "excluding", "dont", "arent",   "isnt"};
  return out.text.find(" -") != std::string::npos
         || std::any_of(out.words.begin(), out.words.end(),
                        [&](const std::string& word) { return one_of(word, negators); });
}

} // namespace

bool read_exclusions(message_parts& parts, message_reading& out) {
  return may_exclude(out) && exclusion_reader{parts, out}.run();
}

} // namespace flipsync::reading
