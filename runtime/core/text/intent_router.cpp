#include "runtime/core/text/intent_router.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <unordered_map>
#include <utility>

#include "runtime/core/text/term_index.hpp"

namespace flipsync {

namespace {

constexpr std::size_t remembered_messages = 5;
constexpr std::size_t most_runners_up = 3;
/// A misspelt word may have meant something else.
constexpr double misspelt_share = 0.75;

/// Weights found in a text of `words` words as a score of 0 to 1: weight / (weight + room), where
/// the room for other meanings is 0.5 + words / 20. One phrase in ten words gives 0.75, one keyword
/// 0.6, one catalogue hit 0.5; in forty words 0.55, 0.38 and 0.29. More evidence always raises the
/// score, more words without evidence always lower it.
double normalised(double weight, std::size_t words) {
  if (weight <= 0)
    return 0;
  const double room = 0.5 + static_cast<double>(words) / 20.0;
  return weight / (weight + room);
}

bool reaches(audience caller, audience agent) {
  return caller == audience::any || agent == audience::any || caller == agent;
}

/// A text as its terms are looked for in it: a product's name or SKU is one word that is part of no
/// term, so that "WIN-1001" does not speak of winning and a `*` reaches across a title.
struct searched_text {
  std::vector<std::string> words;
  std::vector<bool> fixed; ///< the word belongs to a catalogue name
  std::vector<bool> brand; ///< the word belongs to a brand's name
};

searched_text without_products(std::vector<std::string> words, const std::vector<entity>& found) {
  searched_text out;
  const auto count = words.size();
  std::vector<const entity*> at(count, nullptr);
  for (const auto& hit : found)
    std::fill_n(at.begin() + static_cast<std::ptrdiff_t>(hit.first_word), hit.words, &hit);
  out.words.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const auto* name = at[i];
    const bool product =
      name != nullptr && (name->kind == entity_kind::product || name->kind == entity_kind::sku);
    if (product && i != name->first_word)
      continue;
    out.words.push_back(product ? std::string{} : std::move(words[i]));
    out.fixed.push_back(name != nullptr);
    out.brand.push_back(name != nullptr && name->kind == entity_kind::brand);
  }
  return out;
}

double score(const text_evidence& text, std::size_t agent) {
  return normalised(text.agents[agent].weight, text.words);
}

bool contains(const std::vector<std::string_view>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// The longest term of `a` holds that of `b` and has more words of its own.
bool says_more(const text_evidence::for_agent& a, const text_evidence::for_agent& b) {
  return a.longest > b.longest && b.longest > 0 && a.longest_at <= b.longest_at
         && a.longest_end >= b.longest_end;
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// "pricing: A 0.9; inventory: B 0.6": how many of the labels `is_agent` takes for an agent.
template <class Test>
std::size_t labelled_agents(std::string_view text, Test is_agent) {
  std::size_t count = 0;
  for (auto colon = text.find(':'); colon != std::string_view::npos;
       colon = text.find(':', colon + 1)) {
    const auto before = text.substr(0, colon);
    const auto edge = before.find_last_of(",;\n.?!:");
    if (is_agent(trimmed(edge == std::string_view::npos ? before : before.substr(edge + 1))))
      ++count;
  }
  return count;
}

} // namespace

struct intent_router::index {
  term_index terms;
  std::unordered_map<std::string, std::size_t> names; ///< lower-case name or alias → agent
  std::vector<std::uint8_t> entity_masks;             ///< per agent: bit per entity_kind

  [[nodiscard]] text_evidence read(std::string_view text, const vocabulary& catalogue,
                                   double entity_weight) const;
  void count_terms(text_evidence& out, const std::vector<term_index::hit>& hits,
                   const searched_text& text) const;
  void count_entities(text_evidence& out, double weight) const;
  /// The agent of that name or alias; nullopt if there is none.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name_or_alias) const;
};

/// An agent's terms do not overlap: at each place the longest counts, its words then are used up; a
/// term counts once however often it is said.
void intent_router::index::count_terms(text_evidence& out, const std::vector<term_index::hit>& hits,
                                       const searched_text& text) const {
  for (const auto& hit : hits) {
    const auto& term = terms.terms()[hit.term];
    auto& agent = out.agents[term.owner];
    const auto first = text.brand.begin() + static_cast<std::ptrdiff_t>(hit.first);
    const bool only_brand = std::all_of(first, first + static_cast<std::ptrdiff_t>(hit.words),
                                        [](bool brand) { return brand; });
    if (hit.first < agent.covered || only_brand)
      continue;
    agent.covered = hit.first + hit.words;
    if (contains(agent.matched, term.text))
      continue;
    agent.matched.emplace_back(term.text);
    agent.weight += hit.misspelt ? term.weight * misspelt_share : term.weight;
    if (term.words > agent.longest) {
      agent.longest = term.words;
      agent.longest_at = hit.first;
      agent.longest_end = hit.first + hit.words;
    }
  }
}

void intent_router::index::count_entities(text_evidence& out, double weight) const {
  for (const auto& hit : out.entities) {
    for (std::size_t at = 0; at < out.agents.size(); ++at) {
      auto& agent = out.agents[at];
      const bool speaks = ((entity_masks[at] >> static_cast<unsigned>(hit.kind)) & 1u) != 0;
      if (!speaks || contains(agent.matched, hit.name))
        continue;
      agent.matched.emplace_back(hit.name);
      agent.weight += weight;
    }
  }
}

text_evidence intent_router::index::read(std::string_view text, const vocabulary& catalogue,
                                         double entity_weight) const {
  text_evidence out;
  auto words = words_of(text);
  out.words = words.size();
  out.agents.resize(entity_masks.size());
  out.entities = catalogue.find(words);
  const auto searched = without_products(std::move(words), out.entities);
  count_terms(out, terms.find(searched.words, searched.fixed), searched);
  count_entities(out, entity_weight);
  return out;
}

std::optional<std::size_t> intent_router::index::find(std::string_view name_or_alias) const {
  const auto at = names.find(lower(name_or_alias));
  return at == names.end() ? std::nullopt : std::optional{at->second};
}

/// One routing decision under way: the scores of the agents that the caller may reach.
class intent_router::decision {
public:
  decision(const router_config& config, const index& idx, const route_input& input,
           const evidence_of& read);

  [[nodiscard]] result<route_choice> take() const;

private:
  /// Whom the caller may be routed to, best first; equal scores keep the configured order, but for
  /// one at the front whose term holds the other's ("return on investment", "investment").
  struct candidate {
    std::size_t agent = 0;
    double score = 0;
  };

  [[nodiscard]] std::optional<std::size_t> reachable(std::string_view name) const;
  [[nodiscard]] std::size_t fallback() const;
  [[nodiscard]] route_choice choose(std::size_t agent, std::string reason) const;

  const router_config& config_;
  const index& index_;
  const route_input& input_;
  const text_evidence& message_;
  std::vector<candidate> candidates_;
};

intent_router::decision::decision(const router_config& config, const index& idx,
                                  const route_input& input, const evidence_of& read)
  : config_{config},
    index_{idx},
    input_{input},
    message_{read(input.message)} {
  const auto count = std::min(input.recent.size(), remembered_messages);
  std::vector<double> history(config.agents.size(), 0.0);
  for (std::size_t i = input.recent.size() - count; i < input.recent.size(); ++i) {
    const auto& earlier = read(input.recent[i]);
    for (std::size_t at = 0; at < history.size(); ++at)
      history[at] += score(earlier, at) / static_cast<double>(count);
  }
  // Without a history the message speaks alone, so that the thresholds mean the same in a first
  // turn.
  const double share = count == 0 ? 1.0 : config.message_share;
  for (std::size_t at = 0; at < config.agents.size(); ++at)
    if (reaches(input.who, config.agents[at].who))
      candidates_.push_back({at, share * score(message_, at) + (1.0 - share) * history[at]});
  std::stable_sort(candidates_.begin(), candidates_.end(),
                   [](const candidate& a, const candidate& b) { return a.score > b.score; });
  for (std::size_t i = 1;
       i < candidates_.size() && candidates_[i].score == candidates_.front().score; ++i)
    if (says_more(message_.agents[candidates_[i].agent],
                  message_.agents[candidates_.front().agent]))
      std::swap(candidates_[i], candidates_.front());
}

std::optional<std::size_t> intent_router::decision::reachable(std::string_view name) const {
  const auto at = name.empty() ? std::nullopt : index_.find(name);
  return at && reaches(input_.who, config_.agents[*at].who) ? at : std::nullopt;
}

/// Where nothing speaks clearly: the shopper's or the seller's default agent. A caller of both
/// rosters is taken for a shopper unless what little was found speaks for a seller's agent. A
/// roster without the default agent falls back on its first that may be reached.
std::size_t intent_router::decision::fallback() const {
  const auto& best = candidates_.front();
  const bool sellers_word = best.score > 0 && config_.agents[best.agent].who == audience::seller;
  const bool seller =
    input_.who == audience::seller || (input_.who == audience::any && sellers_word);
  const auto at = reachable(seller ? config_.seller_default : config_.shopper_default);
  if (at)
    return *at;
  return std::min_element(candidates_.begin(), candidates_.end(),
                          [](const candidate& a, const candidate& b) { return a.agent < b.agent; })
    ->agent;
}

route_choice intent_router::decision::choose(std::size_t agent, std::string reason) const {
  route_choice out;
  out.agent = config_.agents[agent].name;
  out.reason = std::move(reason);
  for (const auto text : message_.agents[agent].matched)
    out.matched.emplace_back(text);
  for (const auto& other : candidates_) {
    if (other.agent == agent)
      out.score = other.score;
    else if (other.score > 0 && out.runners_up.size() < most_runners_up)
      out.runners_up.push_back({config_.agents[other.agent].name, other.score});
  }
  return out;
}

result<route_choice> intent_router::decision::take() const {
  if (candidates_.empty())
    return error{errc::not_found, "no agent serves a " + std::string{to_string(input_.who)}};
  const auto& best = candidates_.front();
  if (best.score >= config_.keep_below)
    return choose(best.agent, "matched");
  // A conversation under way stays where it is unless the message is clear, however little it says:
  // "and why?" belongs to whoever has just answered.
  if (const auto current = reachable(input_.current))
    return choose(
      *current, *current == best.agent && best.score >= config_.default_below ? "matched" : "kept");
  if (best.score >= config_.default_below)
    return choose(best.agent, "matched");
  return choose(fallback(), "default");
}

intent_router::intent_router(router_config config)
  : config_{std::move(config)},
    index_{std::make_unique<index>()} {
  for (std::size_t at = 0; at < config_.agents.size(); ++at) {
    const auto& agent = config_.agents[at];
    const auto owner = static_cast<std::uint32_t>(at);
    index_->names.try_emplace(lower(agent.name), at);
    for (const auto& alias : agent.aliases)
      index_->names.try_emplace(lower(alias), at);
    for (const auto& phrase : agent.phrases)
      index_->terms.add(owner, config_.phrase_weight, phrase);
    for (const auto& keyword : agent.keywords)
      index_->terms.add(owner, config_.keyword_weight, keyword);
    unsigned mask = 0;
    for (const auto kind : agent.entities)
      mask |= 1u << static_cast<unsigned>(kind);
    index_->entity_masks.push_back(static_cast<std::uint8_t>(mask));
  }
}

intent_router::~intent_router() = default;

std::string intent_router::resolve(std::string_view name_or_alias) const {
  const auto at = index_->find(name_or_alias);
  return at ? config_.agents[*at].name : std::string{};
}

text_evidence intent_router::read(std::string_view text, const vocabulary& words) const {
  return index_->read(text, words, config_.entity_weight);
}

result<route_choice> intent_router::route(const route_input& input, const vocabulary& words) const {
  std::deque<text_evidence> found;
  return decide(input, [&](std::string_view text) -> const text_evidence& {
    return found.emplace_back(read(text, words));
  });
}

result<route_choice> intent_router::decide(const route_input& input,
                                           const evidence_of& read) const {
  const auto chosen = [&](std::size_t at, const char* reason) -> result<route_choice> {
    const auto& agent = config_.agents[at];
    if (input.who == audience::shopper && agent.who == audience::seller)
      return error{errc::forbidden, "the agent " + agent.name + " is not for shoppers"}.with(
        "agent", agent.name);
    route_choice out;
    out.agent = agent.name;
    out.score = 1;
    out.reason = reason;
    return out;
  };
  if (!input.agent.empty()) {
    const auto at = index_->find(input.agent);
    if (!at)
      return error{errc::not_found, "there is no agent of that name"}.with(
        "agent", std::string{input.agent});
    return chosen(*at, "explicit");
  }
  // A pin to an agent that is no longer configured has lost its meaning.
  if (const auto at = index_->find(input.pinned))
    return chosen(*at, "pinned");
  // The votes of several agents are for none of them.
  const auto votes = labelled_agents(
    input.message, [&](std::string_view label) { return index_->find(label).has_value(); });
  if (const auto at = index_->find(config_.seller_default);
      votes > 1 && at && reaches(input.who, config_.agents[*at].who))
    return chosen(*at, "matched");
  return decision{config_, *index_, input, read}.take();
}

} // namespace flipsync
