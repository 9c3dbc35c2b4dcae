#include "agents/executive/options.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "runtime/core/text/number_text.hpp"
#include "runtime/core/text/vocabulary.hpp"

namespace flipsync::executive {

namespace {

constexpr std::size_t longest_label = 40;
constexpr std::size_t most_label_words = 4;
constexpr double tolerance = 1e-9;

constexpr std::array<std::string_view, 10> agents{
  "executive", "market",    "competitor", "pricing",     "content",
  "listing",   "inventory", "logistics",  "marketplace", "concierge"};
constexpr std::array<std::string_view, 13> burdens{
  "cost",  "costs", "risk",  "risks",  "effort", "time",      "price",
  "delay", "days",  "weeks", "months", "spend",  "complexity"};

std::string_view trim(std::string_view text) {
  constexpr std::string_view edges = " \t\r\n,;.?!";
  const auto from = text.find_first_not_of(edges);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(edges) - from + 1);
}

bool is_agent(std::string_view label) {
  const auto folded = fold(label);
  return std::find(agents.begin(), agents.end(), folded) != agents.end();
}

bool is_weights(std::string_view label) {
  const auto folded = fold(label);
  return folded == "weights" || folded == "weight" || folded == "criteria";
}

/// Where the label that ends at `colon` begins; npos where what stands there is no label.
std::size_t label_start(std::string_view text, std::size_t colon) {
  const auto before = text.substr(0, colon);
  auto from = before.find_last_of(",;\n.?!:");
  from = from == std::string_view::npos ? 0 : from + 1;
  // "Which is better, A: … or B: …"
  for (const std::string_view joint : {" or ", " and ", " vs "})
    if (const auto at = before.rfind(joint);
        at != std::string_view::npos && at + joint.size() > from)
      from = at + joint.size();
  const auto label = trim(before.substr(from));
  const bool fits =
    !label.empty() && label.size() <= longest_label && words_of(label).size() <= most_label_words;
  return fits ? from : std::string_view::npos;
}

struct label_span {
  std::size_t from;
  std::size_t colon;
};

std::vector<label_span> find_labels(std::string_view text) {
  std::vector<label_span> spans;
  for (auto colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    const bool ends_word =
      colon + 1 == text.size() || text[colon + 1] == ' ' || text[colon + 1] == '\n';
    const auto from = ends_word ? label_start(text, colon) : std::string_view::npos;
    if (from != std::string_view::npos)
      spans.push_back({from, colon});
  }
  return spans;
}

std::optional<double> number_in(std::string_view word) {
  while (word.ends_with(',') || word.ends_with('.'))
    word.remove_suffix(1);
  const bool share = word.ends_with('%');
  if (share)
    word.remove_suffix(1);
  if (word.starts_with('$'))
    word.remove_prefix(1);
  if (word.starts_with('+'))
    word.remove_prefix(1);
  auto digits = std::string{word};
  for (auto comma = digits.find(','); comma != std::string::npos; comma = digits.find(',', comma)) {
    // One before three digits groups them.
    const auto group = std::string_view{digits}.substr(comma + 1);
    if (comma == 0 || group.size() < 3
        || group.substr(0, 3).find_first_not_of("0123456789") != std::string_view::npos
        || (group.size() > 3 && group[3] != ',' && group[3] != '.'))
      return std::nullopt;
    digits.erase(comma, 1);
  }
  const auto value = number_of(digits);
  if (!value || digits.find_first_not_of("0123456789.-") != std::string::npos)
    return std::nullopt;
  return share ? *value / 100 : *value;
}

/// The number of one item and the words around it.
std::optional<std::pair<std::string, double>> read_item(std::string_view item) {
  std::string name;
  std::optional<double> value;
  for (item = trim(item); !item.empty();) {
    const auto end = std::min(item.find(' '), item.size());
    const auto word = item.substr(0, end);
    if (const auto number = number_in(word); number && !value)
      value = number;
    else if (word != "=" && word != "is" && word != "of")
      name += (name.empty() ? "" : " ") + fold(word);
    item = trim(item.substr(end));
  }
  if (!value || name.empty())
    return std::nullopt;
  return std::pair{std::move(name), *value};
}

const double* value_of(const figures& values, const std::string& criterion) {
  const auto found =
    std::find_if(values.begin(), values.end(), [&](const auto& v) { return v.first == criterion; });
  return found == values.end() ? nullptr : &found->second;
}

std::vector<std::string> criteria_of(const option_set& set) {
  std::vector<std::string> criteria;
  for (const auto& one : set.options)
    for (const auto& [name, value] : one.values)
      if (std::find(criteria.begin(), criteria.end(), name) == criteria.end())
        criteria.push_back(name);
  return criteria;
}

/// Adds one criterion's weighted shares to the scores.
void add_criterion(const option_set& set, const std::string& criterion, double weight,
                   std::vector<scored_option>& scored) {
  double low = INFINITY;
  double high = -INFINITY;
  for (const auto& one : set.options)
    if (const auto* value = value_of(one.values, criterion)) {
      low = std::min(low, *value);
      high = std::max(high, *value);
    }
  for (std::size_t i = 0; i < set.options.size(); ++i) {
    const auto* value = value_of(set.options[i].values, criterion);
    if (value == nullptr) {
      scored[i].missing.push_back(criterion);
      continue;
    }
    const double share = high > low ? (*value - low) / (high - low) : 1;
    scored[i].score += weight * (high > low && less_is_better(criterion) ? 1 - share : share);
  }
}

} // namespace

std::vector<labelled> labelled_parts(std::string_view text) {
  const auto spans = find_labels(text);
  std::vector<labelled> parts;
  for (std::size_t i = 0; i < spans.size(); ++i) {
    const auto end = i + 1 < spans.size() ? spans[i + 1].from : text.size();
    const auto body = text.substr(spans[i].colon + 1, end - spans[i].colon - 1);
    auto trimmed = trim(body);
    for (const std::string_view joint : {" or", " and", " vs"})
      if (i + 1 < spans.size() && trimmed.ends_with(joint))
        trimmed.remove_suffix(joint.size());
    parts.push_back({std::string{trim(text.substr(spans[i].from, spans[i].colon - spans[i].from))},
                     std::string{trim(trimmed)}});
  }
  return parts;
}

figures read_figures(std::string_view body) {
  figures values;
  while (!body.empty()) {
    auto end =
      std::min({body.find(", "), body.find(';'), body.find('\n'), body.find(" and "), body.size()});
    if (auto item = read_item(body.substr(0, end));
        item && value_of(values, item->first) == nullptr)
      values.push_back(std::move(*item));
    body.remove_prefix(
      std::min(end + (body.substr(end).starts_with(" and ") ? 5 : 1), body.size()));
  }
  return values;
}

option_set read_options(std::string_view text) {
  option_set set;
  for (auto& part : labelled_parts(text)) {
    if (is_weights(part.label))
      set.weights = read_figures(part.body);
    else if (!is_agent(part.label))
      set.options.push_back({part.label, part.body, read_figures(part.body)});
  }
  return set;
}

bool less_is_better(std::string_view criterion) {
  const auto words = words_of(criterion);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return std::find(burdens.begin(), burdens.end(), word) != burdens.end();
  });
}

std::vector<scored_option> score_options(const option_set& set) {
  const auto criteria = criteria_of(set);
  if (criteria.empty())
    return {};
  std::vector<scored_option> scored;
  for (const auto& one : set.options)
    scored.push_back({one.name, 0, {}});
  double weights = 0;
  for (const auto& criterion : criteria) {
    const auto* given = value_of(set.weights, criterion);
    const double weight = set.weights.empty() ? 1 : given != nullptr ? std::max(*given, 0.0) : 0;
    weights += weight;
    if (weight > 0)
      add_criterion(set, criterion, weight, scored);
  }
  if (weights <= 0)
    return {};
  for (auto& one : scored)
    one.score = std::round(1000 * one.score / weights) / 10;
  std::stable_sort(scored.begin(), scored.end(),
                   [](const auto& a, const auto& b) { return a.score > b.score; });
  return scored;
}

std::vector<vote> read_votes(std::string_view text) {
  std::vector<vote> votes;
  for (const auto& part : labelled_parts(text)) {
    if (!is_agent(part.label))
      continue;
    const auto words = part.body;
    // The option keeps its spelling, so the number is cut off instead of being folded away.
    const auto space = words.find_last_of(' ');
    if (space == std::string::npos)
      continue;
    const auto confidence = number_in(std::string_view{words}.substr(space + 1));
    const auto option = trim(std::string_view{words}.substr(0, space));
    if (confidence && !option.empty())
      votes.push_back({fold(part.label), std::string{option}, *confidence});
  }
  return votes;
}

consensus count_votes(const std::vector<vote>& votes) {
  consensus result;
  double all = 0;
  for (const auto& one : votes) {
    const double confidence =
      std::isfinite(one.confidence) ? std::clamp(one.confidence, 0.0, 1.0) : 0;
    all += confidence;
    const auto known =
      std::find_if(result.shares.begin(), result.shares.end(),
                   [&](const auto& share) { return fold(share.first) == fold(one.option); });
    if (known == result.shares.end())
      result.shares.emplace_back(one.option, confidence);
    else
      known->second += confidence;
  }
  if (all <= 0)
    return {};
  for (auto& [option, share] : result.shares)
    share /= all;
  std::stable_sort(result.shares.begin(), result.shares.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  result.accepted = result.shares.front().second >= consensus_from - tolerance;
  return result;
}

} // namespace flipsync::executive
