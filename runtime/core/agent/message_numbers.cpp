#include "runtime/core/agent/message_numbers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "runtime/core/text/number_text.hpp"

namespace flipsync::reading {

namespace {

constexpr std::array<std::string_view, 8> currency_words{"dollars", "dollar", "bucks", "buck",
                                                         "usd",     "euros",  "euro",  "eur"};
constexpr std::array<std::string_view, 9> upper_words{
  "under", "below", "max", "maximum", "within", "upto", "cheaper", "less", "budget"};
constexpr std::array<std::string_view, 6> lower_words{"over", "above",   "min",
                                                      "more", "minimum", "starting"};
/// What may stand between a bound's word and its number ("less than $5", "at most about 30").
constexpr std::array<std::string_view, 8> bound_fillers{"than", "about", "of", "is",
                                                        "at",   "the",   "a",  "around"};
/// After an amount, they bound it ("$50 max").
constexpr std::array<std::string_view, 4> upper_after{"max", "maximum", "tops", "budget"};
constexpr std::array<std::string_view, 2> lower_after{"min", "minimum"};
/// Before an amount: about so much, and what may be spent.
constexpr std::array<std::string_view, 7> around_words{"around", "about", "approximately", "approx",
                                                       "near",   "circa", "roughly"};
constexpr std::array<std::string_view, 5> spend_words{"for", "spend", "spending", "have", "pay"};
/// How far from an amount "around" reaches, to both sides.
constexpr std::int64_t around_percent = 20;
/// Between an attribute's name and the words of its limit ("a screen of at least 6.5").
constexpr std::array<std::string_view, 5> measure_fillers{"of", "is", "a", "the", "that"};
constexpr std::size_t most_measures = 8;
/// After a number without a currency sign: it counts or measures something else than money.
constexpr auto other_units = std::to_array<std::string_view>(
  {"kg",     "kilo",     "kilos",   "g",          "gr",      "gram",       "grams",  "lb",
   "lbs",    "pound",    "pounds",  "oz",         "ounce",   "ounces",     "day",    "days",
   "week",   "weeks",    "month",   "months",     "year",    "years",      "hour",   "hours",
   "minute", "minutes",  "percent", "unit",       "units",   "pcs",        "piece",  "pieces",
   "inch",   "inches",   "cm",      "mm",         "ml",      "liter",      "liters", "watt",
   "watts",  "stars",    "degrees", "characters", "l",       "litre",      "litres", "cl",
   "dl",     "m",        "meter",   "meters",     "metre",   "metres",     "km",     "ft",
   "foot",   "feet",     "yards",   "mah",        "ah",      "wh",         "w",      "kw",
   "v",      "volt",     "volts",   "amp",        "amps",    "hz",         "khz",    "mhz",
   "ghz",    "mb",       "gb",      "tb",         "mp",      "megapixels", "px",     "lm",
   "lumen",  "lumens",   "rpm",     "psi",        "port",    "ports",      "player", "players",
   "person", "persons",  "people",  "seats",      "colors",  "colours",    "pages",  "sheets",
   "cups",   "servings", "slots",   "business",   "working", "layers",     "kcal"});
/// Before a bound's word, they turn it round ("I don't want to spend more than $40").
constexpr std::array<std::string_view, 8> negations{"not",  "nothing", "never", "dont",
                                                    "cant", "cannot",  "wont",  "without"};
constexpr std::ptrdiff_t negation_reaches = 5; // words
constexpr std::array<std::string_view, 16> counted_after{
  "unit", "units", "pcs",   "pc",   "piece", "pieces", "item",   "items",
  "pair", "pairs", "boxes", "more", "of",    "x",      "copies", "extra"};
constexpr std::array<std::string_view, 19> counted_before{
  "buy", "buying", "order",    "ordering", "purchase", "reorder", "restock", "get",  "need", "want",
  "add", "take",   "quantity", "qty",      "ship",     "send",    "another", "sell", "sold"};

constexpr double grams_per_pound = 453.59237;
constexpr double grams_per_ounce = 28.349523125;
constexpr double heaviest_g = 1e9;
constexpr double most_pieces = 1e6;

double grams_of(std::string_view unit) {
  if (unit == "kg" || unit == "kgs" || unit == "kilo" || unit == "kilos" || unit == "kilogram"
      || unit == "kilograms")
    return 1000;
  if (unit == "g" || unit == "gr" || unit == "gram" || unit == "grams")
    return 1;
  if (unit == "lb" || unit == "lbs" || unit == "pound" || unit == "pounds")
    return grams_per_pound;
  if (unit == "oz" || unit == "ounce" || unit == "ounces")
    return grams_per_ounce;
  return 0;
}

/// One pass over the tokens with the words around each number at hand.
class number_reader {
public:
  number_reader(message_parts& parts, message_reading& out) : parts_{parts}, out_{out} {}

  /// Whether the number's place says that it is an amount or a count.
  [[nodiscard]] bool is_counted(std::size_t at) const;
  void measures(const vocabulary& catalogue);
  void weights();
  void price_ranges();
  void price_bounds();
  void amounts();
  void quantities();

private:
  [[nodiscard]] std::string_view word_at(std::size_t token, std::ptrdiff_t step) const;
  [[nodiscard]] bool is_free(std::size_t at) const;
  [[nodiscard]] bool says_currency(std::size_t at) const;
  [[nodiscard]] bool may_be_price(std::size_t at) const;
  void use_price(std::size_t at);
  void set_range(std::size_t low, std::size_t high);
  /// What a bound's words before a number say.
  struct bound {
    int direction = 0;           ///< 1: an upper one, -1: a lower one, 0: none
    std::ptrdiff_t from = 0;     ///< the first of its words, from the number on
    std::ptrdiff_t negation = 0; ///< the word before them that turned it round; 0: none
  };
  [[nodiscard]] bound bound_before(std::size_t at) const;
  [[nodiscard]] std::ptrdiff_t negation_before(std::size_t at, std::ptrdiff_t back) const;
  /// The direction. Uses the words.
  int take_bound_before(std::size_t at);
  int take_bound_after(std::size_t at);
  /// The sign of comparison before the number; 0: none.
  [[nodiscard]] char comparison_before(std::size_t at) const;
  /// What the words before a bare amount say of the price.
  void bound_by_amount(std::size_t at, money amount);
  bool take_measure(std::size_t at, const vocabulary& catalogue);
  void use_word(std::size_t at, std::ptrdiff_t step);
  bool take_quantity(std::size_t at, std::int64_t value);
  [[nodiscard]] bool before_product(std::size_t at) const;

  message_parts& parts_;
  message_reading& out_;
};

/// The folded word of the token that lies `step` tokens away; empty beyond the ends and for tokens
/// of several words.
std::string_view number_reader::word_at(std::size_t token, std::ptrdiff_t step) const {
  const auto at = static_cast<std::ptrdiff_t>(token) + step;
  if (at < 0 || at >= static_cast<std::ptrdiff_t>(parts_.tokens.size()))
    return {};
  const auto& t = parts_.tokens[static_cast<std::size_t>(at)];
  return t.words == 1 ? std::string_view{out_.words[t.first]} : std::string_view{};
}

/// A number that nothing else has claimed.
bool number_reader::is_free(std::size_t at) const {
  const auto& t = parts_.tokens[at];
  return t.number && t.words > 0 && !parts_.used[t.first];
}

bool number_reader::says_currency(std::size_t at) const {
  const auto& t = parts_.tokens[at];
  return t.currency || one_of(std::string_view{t.unit}, currency_words)
         || one_of(word_at(at, 1), currency_words);
}

/// True for "$30" and for a bare "30" that no unit follows.
bool number_reader::may_be_price(std::size_t at) const {
  const auto& t = parts_.tokens[at];
  if (!is_free(at) || t.hash || !amount_of(t))
    return false;
  return says_currency(at) || (t.unit.empty() && !one_of(word_at(at, 1), other_units));
}

void number_reader::use_price(std::size_t at) {
  parts_.use(parts_.tokens[at]);
  if (one_of(word_at(at, 1), currency_words))
    parts_.use(parts_.tokens[at + 1]);
}

/// "2 kg", "500g" and "2 lb 3 oz"; several are added up only where they follow one another.
void number_reader::weights() {
  double grams = 0;
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    const auto& t = parts_.tokens[at];
    if (!is_free(at) || t.currency)
      continue;
    const bool apart = t.unit.empty();
    const double factor = grams_of(apart ? word_at(at, 1) : std::string_view{t.unit});
    if (factor == 0) {
      if (grams > 0)
        break;
      continue;
    }
    grams += *t.number * factor;
    parts_.use(t);
    if (apart)
      parts_.use(parts_.tokens[at + 1]);
  }
  if (grams > 0 && grams <= heaviest_g)
    out_.weight_g = std::max<std::int64_t>(1, std::llround(grams));
}

void number_reader::set_range(std::size_t low, std::size_t high) {
  out_.min_price = amount_of(parts_.tokens[low]);
  out_.max_price = amount_of(parts_.tokens[high]);
  if (*out_.min_price > *out_.max_price)
    std::swap(out_.min_price, out_.max_price);
  for (const auto at : {low, high})
    use_price(at);
}

/// "between 20 and 40", "from $20 to $40", "$20 to $40", "$20-40", "20 - 40 dollars".
void number_reader::price_ranges() {
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    const auto hyphen = at + 1 < parts_.tokens.size() && parts_.tokens[at + 1].to_previous;
    const auto joint = word_at(at, 1);
    const bool spaced = at + 1 < parts_.tokens.size() && parts_.tokens[at + 1].raw == "-";
    const bool joined = joint == "and" || joint == "to" || spaced;
    const auto high = hyphen ? at + 1 : joined ? at + 2 : parts_.tokens.size();
    if (high >= parts_.tokens.size() || !may_be_price(at) || !may_be_price(high))
      continue;
    const auto lead = word_at(at, -1);
    const bool led = lead == "between" || (lead == "from" && joint == "to");
    const bool signs = says_currency(at) || says_currency(high);
    if (!led && (!signs || joint == "and"))
      continue;
    set_range(at, high);
    if (led)
      parts_.use(parts_.tokens[at - 1]);
    if (joined)
      parts_.use(parts_.tokens[at + 1]);
    return;
  }
}

/// "<$50", and "< $50", whose sign is a token of its own.
char number_reader::comparison_before(std::size_t at) const {
  if (parts_.tokens[at].comparison != 0 || at == 0)
    return parts_.tokens[at].comparison;
  const auto& previous = parts_.tokens[at - 1];
  return previous.raw.empty() ? previous.comparison : char{0};
}

number_reader::bound number_reader::bound_before(std::size_t at) const {
  if (const char sign = comparison_before(at); sign == '<' || sign == '>')
    return {sign == '<' ? 1 : -1, parts_.tokens[at].comparison != 0 ? 0 : -1};
  std::ptrdiff_t back = -1;
  while (one_of(word_at(at, back), bound_fillers))
    --back;
  const auto word = word_at(at, back);
  const auto previous = word_at(at, back - 1);
  // "at most", "up to" and "at least" end in the word before the number.
  if (word == "most" || (word == "to" && previous == "up"))
    return {1, back - 1};
  if (word == "least")
    return {-1, back - 1};
  const int direction = one_of(word, upper_words) ? 1 : one_of(word, lower_words) ? -1 : 0;
  if (direction == 0)
    return {};
  if (previous == "no")
    return {-direction, back, back - 1};
  if (const auto negation = negation_before(at, back - 1); negation != 0)
    return {-direction, back, negation};
  return {direction, back};
}

std::ptrdiff_t number_reader::negation_before(std::size_t at, std::ptrdiff_t back) const {
  for (const auto last = back - negation_reaches; back > last; --back) {
    const auto word = word_at(at, back);
    if (word.empty() || word == "mind" || word == "care") // "I don't mind more than $40"
      return 0;
    if (one_of(word, negations))
      return back;
  }
  return 0;
}

int number_reader::take_bound_before(std::size_t at) {
  const auto found = bound_before(at);
  if (found.direction == 0)
    return 0;
  for (auto back = found.from; back < 0; ++back)
    use_word(at, back);
  if (found.negation != 0)
    use_word(at, found.negation);
  return found.direction;
}

void number_reader::use_word(std::size_t at, std::ptrdiff_t step) {
  if (!word_at(at, step).empty())
    parts_.use(parts_.tokens[static_cast<std::size_t>(static_cast<std::ptrdiff_t>(at) + step)]);
}

/// "screen over 6.5", "a battery of at least 3000 mAh", "vintage between 2015 and 2020".
void number_reader::measures(const vocabulary& catalogue) {
  for (std::size_t at = 0; at < parts_.tokens.size() && out_.measures.size() < most_measures; ++at)
    if (is_free(at) && !says_currency(at) && !parts_.tokens[at].hash)
      take_measure(at, catalogue);
}

bool number_reader::take_measure(std::size_t at, const vocabulary& catalogue) {
  const auto is_number = [&](std::size_t token) {
    return token < parts_.tokens.size() && is_free(token) && !says_currency(token);
  };
  const bool between = word_at(at, -1) == "between" && word_at(at, 1) == "and" && is_number(at + 2);
  const bool hyphen = is_number(at + 1) && parts_.tokens[at + 1].to_previous;
  const auto found = between ? bound{0, -1} : hyphen ? bound{} : bound_before(at);
  if (found.direction == 0 && !between && !hyphen)
    return false;
  auto back = found.from - 1;
  while (one_of(word_at(at, back), measure_fillers)
         || (found.negation != 0 && back == found.negation))
    --back;
  const auto name = catalogue.measure_of(word_at(at, back));
  if (name.empty())
    return false;
  while (catalogue.measure_of(word_at(at, back - 1)) == name) // "battery hours"
    --back;
  product_search::attribute_range limit{std::string{name}, std::nullopt, std::nullopt};
  auto last = at;
  if (found.direction == 0) {
    last = between ? at + 2 : at + 1;
    limit.low = *parts_.tokens[at].number;
    limit.high = *parts_.tokens[last].number;
    if (*limit.low > *limit.high)
      std::swap(limit.low, limit.high);
  } else {
    (found.direction > 0 ? limit.high : limit.low) = *parts_.tokens[at].number;
  }
  for (; back < 0; ++back)
    use_word(at, back);
  if (found.negation != 0)
    use_word(at, found.negation);
  for (auto token = at; token <= last; ++token)
    parts_.use(parts_.tokens[token]);
  // "3000 mAh" may be a value that the catalogue knows; here it is a limit.
  std::erase_if(out_.entities, [&](const entity& hit) {
    return hit.kind == entity_kind::attribute && hit.first_word >= parts_.tokens[at].first
           && hit.first_word < parts_.tokens[last].first + parts_.tokens[last].words;
  });
  if (one_of(word_at(last, 1), other_units))
    use_word(last, 1);
  out_.measures.push_back(std::move(limit));
  return true;
}

bool number_reader::is_counted(std::size_t at) const {
  const auto after = word_at(at, 1);
  const bool between =
    word_at(at, -1) == "between" || (word_at(at, -1) == "and" && word_at(at, -3) == "between");
  return between || says_currency(at) || bound_before(at).direction != 0
         || one_of(after, counted_after) || one_of(after, other_units);
}

/// "$30 or less", "20 dollars and up", "$50 max" where that is not the next number's.
int number_reader::take_bound_after(std::size_t at) {
  const std::ptrdiff_t from = one_of(word_at(at, 1), currency_words) ? 2 : 1;
  const auto joint = word_at(at, from);
  const auto word = word_at(at, from + 1);
  const auto following = at + static_cast<std::size_t>(from) + 1;
  const bool ends = following >= parts_.tokens.size() || !parts_.tokens[following].number;
  if (ends && (one_of(joint, upper_after) || one_of(joint, lower_after))) {
    use_word(at, from);
    return one_of(joint, upper_after) ? 1 : -1;
  }
  if (joint != "or" && joint != "and")
    return 0;
  const bool upper = word == "less" || word == "under" || word == "below" || word == "cheaper";
  const bool lower = word == "more" || word == "up" || word == "above" || word == "over";
  if (!upper && !lower)
    return 0;
  for (const auto step : {from, from + 1})
    parts_.use(parts_.tokens[at + static_cast<std::size_t>(step)]);
  return upper ? 1 : -1;
}

void number_reader::price_bounds() {
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    if (!may_be_price(at))
      continue;
    int direction = take_bound_before(at);
    if (direction == 0 && says_currency(at))
      direction = take_bound_after(at);
    auto& bound = direction > 0 ? out_.max_price : out_.min_price;
    if (direction == 0 || bound)
      continue;
    bound = amount_of(parts_.tokens[at]);
    use_price(at);
  }
}

void number_reader::bound_by_amount(std::size_t at, money amount) {
  if (out_.min_price || out_.max_price)
    return;
  const auto before = word_at(at, -1);
  const bool around = comparison_before(at) == '~' || one_of(before, around_words);
  const std::int64_t reach =
    around ? amount.cents / 100 * around_percent + amount.cents % 100 * around_percent / 100 : 0;
  if (around || before == "from")
    out_.min_price = money{amount.cents - reach};
  if (around || one_of(before, spend_words))
    out_.max_price = money{amount.cents + reach};
  if (out_.min_price || out_.max_price)
    use_word(at, -1);
}

void number_reader::amounts() {
  for (std::size_t at = 0; at < parts_.tokens.size(); ++at) {
    if (!may_be_price(at) || !says_currency(at))
      continue;
    if (!out_.amount) {
      out_.amount = amount_of(parts_.tokens[at]);
      out_.amount_at = parts_.tokens[at].first;
      bound_by_amount(at, *out_.amount);
    }
    use_price(at);
  }
}

/// "12 KIT-1001": a product's SKU or name follows.
bool number_reader::before_product(std::size_t at) const {
  const auto& t = parts_.tokens[at];
  return std::any_of(out_.entities.begin(), out_.entities.end(), [&](const entity& hit) {
    return (hit.kind == entity_kind::sku || hit.kind == entity_kind::product)
           && hit.first_word == t.first + t.words;
  });
}

bool number_reader::take_quantity(std::size_t at, std::int64_t value) {
  const auto after = word_at(at, 1);
  const auto before = word_at(at, -1);
  const bool unit_after = one_of(after, counted_after);
  const bool other = one_of(after, other_units) && !unit_after;
  if (other || before == "zone"
      || !(unit_after || one_of(before, counted_before) || before_product(at)))
    return false;
  out_.quantity = value;
  parts_.use(parts_.tokens[at]);
  if (unit_after && after != "of")
    parts_.use(parts_.tokens[at + 1]);
  return true;
}

void number_reader::quantities() {
  for (std::size_t at = 0; at < parts_.tokens.size() && !out_.quantity; ++at) {
    const auto& t = parts_.tokens[at];
    if (t.words == 0 || parts_.used[t.first] || t.hash)
      continue;
    const bool times = t.unit == "x" || t.unit == "pcs";
    if (t.number && t.whole && *t.number >= 1 && *t.number <= most_pieces
        && (t.unit.empty() || times)) {
      const auto value = static_cast<std::int64_t>(*t.number);
      if (times) {
        out_.quantity = value;
        parts_.use(t);
      } else {
        take_quantity(at, value);
      }
      continue;
    }
    if (const auto value = counted_by(word_at(at, 0)))
      take_quantity(at, *value);
  }
}

} // namespace

void message_parts::use(std::size_t first, std::size_t count) {
  for (std::size_t i = first; i < first + count && i < used.size(); ++i)
    used[i] = true;
}

void drop_counted_skus(message_parts& parts, message_reading& out) {
  const number_reader reader{parts, out};
  for (std::size_t at = 0; at < parts.tokens.size(); ++at) {
    const auto& t = parts.tokens[at];
    if (!t.number || t.words != 1 || t.hash || !reader.is_counted(at))
      continue;
    std::erase_if(out.entities, [&](const entity& hit) {
      return hit.kind == entity_kind::sku && hit.words == 1 && hit.first_word == t.first;
    });
  }
}

void read_numbers(message_parts& parts, message_reading& out, const vocabulary& catalogue) {
  number_reader reader{parts, out};
  reader.measures(catalogue);
  reader.weights();
  reader.price_ranges();
  reader.price_bounds();
  reader.amounts();
  reader.quantities();
}

} // namespace flipsync::reading
