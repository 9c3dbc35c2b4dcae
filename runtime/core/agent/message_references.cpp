#include "runtime/core/agent/message_references.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace flipsync::reading {

namespace {

constexpr std::array<std::string_view, 8> id_fillers{"id",  "number", "no",  "nr",
                                                     "num", "is",     "nbr", "code"};
/// "refund for A-2231", "tracking number of my order 7".
constexpr std::array<std::string_view, 4> id_links{"for", "of", "my", "the"};
constexpr std::array<std::string_view, 6> order_words{"order",    "orders",   "purchase",
                                                      "shipment", "tracking", "refund"};
/// Before "order" they make it a verb: "should we order 1000 mugs".
constexpr std::array<std::string_view, 12> before_verb{
  "to", "i", "we", "should", "must", "can", "will", "would", "you", "ill", "id", "lets"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::size_t digits_in(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_digit));
}

/// Letters, digits and hyphens with a digit among them ("10045", "A-2231").
bool looks_like_id(std::string_view text) {
  return digits_in(text) > 0 && text.size() <= 40
         && std::all_of(text.begin(), text.end(),
                        [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; });
}

std::string_view without_hash(std::string_view text) {
  return text.starts_with('#') ? text.substr(1) : text;
}

/// "EBY-100001": a prefix and a long number. Where the catalogue knows no such SKU, it is an
/// order's.
bool looks_like_order_id(std::string_view text) {
  const auto hyphen = text.find('-');
  if (hyphen == std::string_view::npos || hyphen < 2 || hyphen > 5)
    return false;
  const auto digits = text.substr(hyphen + 1);
  return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(hyphen), is_letter)
         && digits.size() >= 5 && digits_in(digits) == digits.size();
}

class reference_reader {
public:
  reference_reader(message_parts& parts, message_reading& out) : parts_{parts}, out_{out} {}

  void order();
  void zone();
  void named_sku();

private:
  [[nodiscard]] std::string_view word_of(std::size_t token) const {
    const auto& t = parts_.tokens[token];
    return t.words == 1 ? std::string_view{out_.words[t.first]} : std::string_view{};
  }
  [[nodiscard]] bool is_used(std::size_t token) const {
    const auto& t = parts_.tokens[token];
    return t.words > 0 && parts_.used[t.first];
  }
  /// The token after `at`, past "number", "id" …; nullopt at the end. `named` says whether there
  /// was one.
  [[nodiscard]] std::optional<std::size_t> target_after(std::size_t at, bool& named) const;
  [[nodiscard]] bool is_order_number(std::size_t word_at, std::size_t id_at, bool named) const;
  void use_span(std::size_t from, std::size_t to);

  message_parts& parts_;
  message_reading& out_;
};

std::optional<std::size_t> reference_reader::target_after(std::size_t at, bool& named) const {
  const auto word = word_of(at);
  const bool linked = word == "refund" || word == "tracking" || word == "shipment";
  for (auto next = at + 1; next < parts_.tokens.size(); ++next) {
    const bool filler = one_of(word_of(next), id_fillers);
    const bool link = linked && one_of(word_of(next), id_links);
    named = named || filler;
    if (!filler && !link && parts_.tokens[next].words > 0)
      return next;
  }
  return std::nullopt;
}

/// "order 10045", "order number 7" and "order A-2231" name an order; "order 50 mugs" is a quantity.
bool reference_reader::is_order_number(std::size_t word_at, std::size_t id_at, bool named) const {
  const auto& t = parts_.tokens[id_at];
  const auto id = without_hash(t.raw);
  if (!looks_like_id(id) || t.currency || is_used(id_at) || (t.number && !t.unit.empty()))
    return false;
  if (named || t.hash)
    return true;
  const bool verb = word_at > 0 && one_of(word_of(word_at - 1), before_verb);
  // "a refund of 150" speaks of money: behind a link an order's id needs more than digits.
  const bool linked = id_at > word_at + 1;
  return !verb && digits_in(id) >= 3 && !(linked && t.number);
}

void reference_reader::use_span(std::size_t from, std::size_t to) {
  for (auto at = from; at <= to; ++at)
    parts_.use(parts_.tokens[at]);
}

void reference_reader::order() {
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    const auto& t = parts_.tokens[at];
    const bool bare =
      !is_used(at)
      && (looks_like_order_id(t.raw) || (t.hash && t.number && t.whole && digits_in(t.raw) >= 3));
    bool named = false;
    const auto id_at = bare                               ? std::optional{at}
                       : one_of(word_of(at), order_words) ? target_after(at, named)
                                                          : std::nullopt;
    if (!id_at || !(bare || is_order_number(at, *id_at, named)))
      continue;
    out_.order_id = std::string{without_hash(parts_.tokens[*id_at].raw)};
    use_span(at, *id_at);
    return;
  }
}

void reference_reader::zone() {
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    bool named = false;
    const auto next = word_of(at) == "zone" ? target_after(at, named) : std::nullopt;
    if (!next || parts_.tokens[*next].words == 0)
      continue;
    const auto name = without_hash(parts_.tokens[*next].raw);
    // A zone is a short code; "which zone applies" names none.
    if (digits_in(name) == 0 && name.size() > 3)
      continue;
    out_.zone = std::string{name};
    use_span(at, *next);
    return;
  }
}

void reference_reader::named_sku() {
  for (std::size_t at = 0; at < parts_.tokens.size() && out_.sku.empty(); ++at) {
    bool named = false;
    const auto next = word_of(at) == "sku" ? target_after(at, named) : std::nullopt;
    if (!next)
      continue;
    const auto code = without_hash(parts_.tokens[*next].raw);
    if (!looks_like_id(code))
      continue;
    out_.sku = std::string{code};
    use_span(at, *next);
  }
}

/// Words after which "it" stands for nothing ("is it possible").
constexpr std::array<std::string_view, 10> empty_it{"possible", "ok",   "okay", "true", "going",
                                                    "raining",  "late", "time", "too",  "seems"};
/// "its margin"; before other words it is rather an "it's".
constexpr std::array<std::string_view, 24> properties{
  "price",  "cost",        "margin", "profit",   "stock", "cover", "weight",      "size",
  "color",  "colour",      "brand",  "material", "title", "text",  "description", "listing",
  "rivals", "competitors", "sales",  "demand",   "fees",  "score", "reviews",     "keywords"};
constexpr std::array<std::string_view, 4> things{"one", "product", "item", "option"};
constexpr std::array<std::string_view, 3> courtesies{"please", "thanks", "pls"};

constexpr std::array<std::string_view, 7> determiners{"a",   "an",   "the", "my",
                                                      "our", "your", "some"};
/// After a determiner they do not name a thing by themselves.
constexpr std::array<std::string_view, 12> no_things{"best",  "good", "first", "second",
                                                     "third", "same", "bit",   "price",
                                                     "right", "way",  "cost",  "fourth"};

/// "the toaster": a determiner and what may be a thing the catalogue does not know; "the margin" is
/// one of it.
bool names_thing(const std::vector<std::string>& words, std::size_t at) {
  return at + 1 < words.size() && one_of(words[at], determiners)
         && !one_of(words[at + 1], no_things) && !one_of(words[at + 1], properties);
}

struct pronoun {
  std::size_t at = 0; ///< its first word
  /// "the second one": which of the products that were listed; nullopt: "it".
  std::optional<std::size_t> ordinal;
};

constexpr std::array<std::string_view, 5> ordinals{"first", "second", "third", "fourth", "fifth"};
/// Between ordinals: "the first one and the second".
constexpr std::array<std::string_view, 8> joints{"and", "or",     "with", "to",
                                                 "vs",  "versus", "the",  "one"};

class pronoun_finder {
public:
  explicit pronoun_finder(const std::vector<std::string>& words) : words_{words} {}

  /// "The first and second": empty where there are not several, or they count something else ("the
  /// first and second floor").
  [[nodiscard]] std::vector<pronoun> find_joined() const {
    std::vector<pronoun> found;
    std::size_t at = 0;
    while (at < words_.size() && !ordinal_at(at))
      ++at;
    auto end = at;
    while (const auto index = ordinal_at(at)) {
      found.push_back({at, *index});
      end = ++at;
      while (one_of(word(at), joints))
        ++at;
    }
    if (word(end) == "one" || word(end) == "ones" || word(end) == "products" || word(end) == "items"
        || one_of(word(end), things))
      ++end;
    return found.size() > 1 && ends(end) ? found : std::vector<pronoun>{};
  }

  [[nodiscard]] std::optional<pronoun> find() const {
    for (std::size_t at = 0; at < words_.size(); ++at)
      if (const auto found = at_word(at))
        return found;
    return std::nullopt;
  }

private:
  [[nodiscard]] std::string_view word(std::size_t at) const {
    return at < words_.size() ? std::string_view{words_[at]} : std::string_view{};
  }
  [[nodiscard]] std::optional<std::size_t> ordinal_at(std::size_t at) const {
    const auto found = std::find(ordinals.begin(), ordinals.end(), word(at));
    return found == ordinals.end()
             ? std::nullopt
             : std::optional{static_cast<std::size_t>(found - ordinals.begin())};
  }
  /// Nothing but courtesy follows.
  [[nodiscard]] bool ends(std::size_t at) const {
    return at >= words_.size() || (one_of(word(at), courtesies) && ends(at + 1));
  }
  [[nodiscard]] std::optional<pronoun> at_word(std::size_t at) const;

  const std::vector<std::string>& words_;
};

std::optional<pronoun> pronoun_finder::at_word(std::size_t at) const {
  const pronoun product{at, std::nullopt};
  const auto here = word(at);
  const auto next = word(at + 1);
  if (here == "it") {
    // "what does it cost to ship", "how long does it take": about no product.
    const bool empty =
      one_of(next, empty_it) || next == "take" || next == "takes" || word(at + 2) == "to";
    return empty ? std::nullopt : std::optional{product};
  }
  if (here == "its")
    return one_of(next, properties) ? std::optional{product} : std::nullopt;
  if (here == "them" || here == "those" || here == "these")
    return one_of(here, std::array<std::string_view, 1>{"them"}) || next == "ones" || ends(at + 1)
             ? std::optional{product}
             : std::nullopt;
  if (here == "that" || here == "this")
    return next == "one" || (at > 0 && ends(at + 1)) ? std::optional{product} : std::nullopt;
  const bool article = at > 0 && word(at - 1) == "the";
  if (next == "one" || (article && (one_of(next, things) || ends(at + 1))))
    if (const auto ordinal = ordinal_at(at))
      return pronoun{at, ordinal};
  return std::nullopt;
}

/// The product that it means; empty where none was spoken of.
std::string meant_by(const pronoun& found, const earlier_talk& earlier) {
  const auto index = found.ordinal.value_or(0);
  if (found.ordinal && !earlier.listed.empty())
    return index < earlier.listed.size() ? earlier.listed[index] : std::string{};
  return index == 0 ? earlier.sku : std::string{};
}

} // namespace

void read_references(message_parts& parts, message_reading& out) {
  reference_reader reader{parts, out};
  reader.named_sku();
  reader.order();
  reader.zone();
}

namespace {

/// Several of the products shown before are named, as if by their SKUs.
void name_joined(const std::vector<pronoun>& joined, const std::vector<std::string>& listed,
                 message_parts& parts, message_reading& out) {
  out.points_back = true;
  for (const auto& each : joined) {
    parts.use(each.at, 1);
    const auto index = each.ordinal.value_or(0);
    if (index >= listed.size())
      continue;
    const auto& sku = listed[index];
    const auto later = std::find_if(out.entities.begin(), out.entities.end(),
                                    [&](const entity& e) { return e.first_word > each.at; });
    out.entities.insert(later, {entity_kind::sku, sku, each.at, 1});
    if (out.sku.empty())
      out.sku = sku;
  }
  out.unresolved_pronoun = out.sku.empty();
}

} // namespace

void resolve_order(const earlier_talk& earlier, message_reading& out) {
  if (!out.order_id.empty())
    return;
  for (std::size_t at = 0; at + 1 < out.words.size(); ++at)
    if (out.words[at + 1] == "order"
        && (out.words[at] == "that" || out.words[at] == "this" || out.words[at] == "the")) {
      out.points_back = true;
      out.earlier_order = earlier.order_id;
      return;
    }
}

void resolve_pronoun(const earlier_talk& earlier, const std::vector<bool>& named,
                     message_parts& parts, message_reading& out) {
  const pronoun_finder finder{out.words};
  if (!out.sku.empty())
    return;
  if (const auto joined = finder.find_joined(); !joined.empty())
    return name_joined(joined, earlier.listed, parts, out);
  const auto found = finder.find();
  if (!found)
    return;
  parts.use(found->at, 1);
  for (std::size_t at = 0; at < found->at; ++at)
    // An ordinal counts in a list, whatever else is spoken of.
    if (named[at] || (!found->ordinal && names_thing(out.words, at)))
      return;
  out.points_back = true;
  if (!found->ordinal && earlier.order_is_last)
    out.earlier_order = earlier.order_id;
  out.sku = meant_by(*found, earlier);
  if (out.sku.empty())
    out.unresolved_pronoun = std::find(named.begin(), named.end(), true) == named.end();
}

} // namespace flipsync::reading
