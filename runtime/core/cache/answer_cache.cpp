#include "runtime/core/cache/answer_cache.hpp"

#include <algorithm>

namespace flipsync {

namespace {

constexpr std::string_view name_prefix = "flipsync:answer2:";

bool matches(const answer_label& label, std::string_view provider, std::string_view what) {
  return (provider.empty() || label.provider == provider)
         && (what.empty() || to_string(label.what) == what);
}

} // namespace

std::string name_of(const answer_place& place) {
  std::string name{name_prefix};
  name += place.label.provider;
  name += ':';
  name += to_string(place.label.what);
  name += ':';
  name += hex_of(place.key);
  return name;
}

std::string names_of(std::string_view provider, std::string_view what) {
  std::string pattern{name_prefix};
  for (const auto part : {provider, what}) {
    if (part.empty())
      pattern += '*';
    else
      pattern += part;
    pattern += ':';
  }
  pattern += '*';
  return pattern;
}

answer_cache::answer_cache(cache_settings settings, std::shared_ptr<clock_port> clock,
                           std::shared_ptr<second_cache> second)
  : settings_{std::move(settings)},
    personal_{settings_.personal},
    clock_{std::move(clock)},
    answers_{settings_.answers ? settings_.answer_bytes : 0},
    second_{std::move(second)} {}

std::string_view answer_cache::why_alone(const model_request& request, const model_tuning& tuning,
                                         cache_use use) const {
  if (!settings_.answers)
    return "caching is off";
  return flipsync::why_alone(request, tuning, use, settings_.max_temperature, personal_);
}

template <class Change>
void answer_cache::count(const answer_label& label, Change&& change) {
  const std::lock_guard lock{mutex_};
  change(tallies_[label]);
}

void answer_cache::hit(const answer_label& label, const kept_answer& answer) {
  count(label, [&](tally& t) {
    ++t.hits;
    t.saved_tokens += answer.tokens.in + std::uint64_t{answer.tokens.out};
    t.saved = t.saved + answer.cost;
    t.saved_time += answer.took;
  });
}

answer_cache::found_answer answer_cache::find(const answer_place& place) {
  const auto now = clock_->now();
  auto found = answers_.find(place.key, now);
  if (!found.value)
    return {};
  hit(place.label, *found.value);
  return {std::move(found.value),
          std::chrono::duration_cast<std::chrono::milliseconds>(found.expires - now)};
}

void answer_cache::missed(const answer_label& label) {
  count(label, [](tally& t) { ++t.misses; });
}

void answer_cache::find_second(const answer_place& place, std::function<void(found_answer)> done) {
  second_->find(
    name_of(place), [this, place, done = std::move(done)](const std::optional<std::string>& bytes) {
      auto read = bytes ? decode_answer(*bytes) : std::nullopt;
      if (!read)
        return done({});
      const auto left = left_of(*read, place.label.what);
      if (left.count() <= 0)
        return done({});
      const found_answer found{std::make_shared<const kept_answer>(std::move(*read)), left};
      keep_here(place, found);
      hit(place.label, *found.answer);
      count(place.label, [](tally& t) { ++t.from_second; });
      done(found);
    });
}

void answer_cache::keep(const answer_place& place, kept_answer answer) {
  answer.made = clock_->wall();
  const auto lifetime = settings_.lifetimes.of(place.label.what);
  const found_answer fresh{std::make_shared<const kept_answer>(std::move(answer)), lifetime};
  keep_here(place, fresh);
  if (second_)
    second_->keep(name_of(place), encode(*fresh.answer), lifetime);
}

std::chrono::milliseconds answer_cache::left_of(const kept_answer& answer,
                                                answer_class what) const {
  // Of an answer from the future, by a clock that is ahead of this one, all is left.
  const auto now = clock_->wall();
  return settings_.lifetimes.of(what) - (now - std::min(answer.made, now));
}

void answer_cache::keep_here(const answer_place& place, const found_answer& fresh) {
  const auto bytes = weight_of(*fresh.answer);
  answers_.keep(place.key, place.label, fresh.answer, bytes, clock_->now() + fresh.left,
                [this](const answer_label& gone) { count(gone, [](tally& t) { ++t.evictions; }); });
}

void answer_cache::shared(const answer_label& label, const kept_answer& answer) {
  count(label, [&](tally& t) {
    ++t.shared;
    t.saved_tokens += answer.tokens.in + std::uint64_t{answer.tokens.out};
    t.saved = t.saved + answer.cost;
  });
}

std::size_t answer_cache::clear(std::string_view provider, std::string_view what) {
  if (second_)
    second_->clear(names_of(provider, what), [](const std::optional<std::uint64_t>&) {});
  return answers_.drop([&](const answer_label& label) { return matches(label, provider, what); });
}

std::vector<cache_view> answer_cache::show() const {
  std::map<answer_label, cache_view> rows;
  const auto row_of = [&](const answer_label& label) -> cache_view& {
    auto& row = rows[label];
    row.name = to_string(label.what);
    row.provider = label.provider;
    row.max_bytes = answers_.max_bytes();
    return row;
  };
  answers_.look([&](const answer_label& label, std::size_t bytes) {
    auto& row = row_of(label);
    ++row.entries;
    row.bytes += bytes;
  });
  {
    const std::lock_guard lock{mutex_};
    for (const auto& [label, t] : tallies_) {
      auto& row = row_of(label);
      row.hits = t.hits;
      row.misses = t.misses;
      row.evictions = t.evictions;
      row.shared = t.shared;
      row.from_second = t.from_second;
      row.saved_tokens = t.saved_tokens;
      row.saved = t.saved;
      row.saved_time = t.saved_time;
    }
  }
  std::vector<cache_view> out;
  out.reserve(rows.size());
  for (auto& [label, row] : rows)
    out.push_back(std::move(row));
  return out;
}

std::optional<second_cache_view> answer_cache::show_second() const {
  return second_ ? std::optional{second_->show()} : std::nullopt;
}

} // namespace flipsync
