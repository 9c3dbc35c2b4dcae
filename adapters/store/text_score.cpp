#include "adapters/store/text_score.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <memory>
#include <new>

namespace flipsync {

namespace {

/// Of title, brand, category, subcategory and everything else (schema.cpp).
constexpr std::array weights{10.0, 6.0, 4.0, 4.0, 1.0};
/// The usual parameters of BM25, which are FTS5's as well: how soon more of a word says no more,
/// and how much a long text counts less.
constexpr double k1 = 1.2;
constexpr double b = 0.75;
/// What a word is worth that most products have.
constexpr double least_rarity = 1e-6;

/// What is the same for all rows of one search.
struct search_figures {
  double average_length = 0;
  std::vector<double> rarity; ///< of each phrase
};

int count_row(const Fts5ExtensionApi*, Fts5Context*, void* count) {
  ++*static_cast<std::int64_t*>(count);
  return SQLITE_OK;
}

int measure(const Fts5ExtensionApi& api, Fts5Context* at, search_figures& out) {
  sqlite3_int64 rows = 0;
  sqlite3_int64 tokens = 0;
  if (const int code = api.xRowCount(at, &rows); code != SQLITE_OK)
    return code;
  if (const int code = api.xColumnTotalSize(at, -1, &tokens); code != SQLITE_OK)
    return code;
  out.average_length = static_cast<double>(tokens) / static_cast<double>(rows);
  const auto phrases = api.xPhraseCount(at);
  for (int phrase = 0; phrase < phrases; ++phrase) {
    std::int64_t having = 0;
    if (const int code = api.xQueryPhrase(at, phrase, &having, count_row); code != SQLITE_OK)
      return code;
    const auto with = static_cast<double>(having) + 0.5;
    const auto without = static_cast<double>(rows - having) + 0.5;
    out.rarity.push_back(std::max(std::log(without / with), least_rarity));
  }
  return SQLITE_OK;
}

/// Measured with the first row of a search, and kept by FTS5 until its last. Null and a code where
/// it fails.
const search_figures* figures_of(const Fts5ExtensionApi& api, Fts5Context* at, int& code) {
  if (const auto* known = api.xGetAuxdata(at, 0))
    return static_cast<const search_figures*>(known);
  auto fresh = std::make_unique<search_figures>();
  if (code = measure(api, at, *fresh); code != SQLITE_OK)
    return nullptr;
  const auto* figures = fresh.release(); // FTS5 deletes it, also where it cannot keep it
  code = api.xSetAuxdata(at, const_cast<search_figures*>(figures),
                         [](void* kept) { delete static_cast<search_figures*>(kept); });
  return code == SQLITE_OK ? figures : nullptr;
}

int length_of_row(const Fts5ExtensionApi& api, Fts5Context* at, double& out) {
  auto& lengths = *static_cast<text_lengths*>(api.xUserData(at));
  const auto row = api.xRowid(at);
  auto tokens = lengths.find(row);
  if (tokens == 0) {
    int counted = 0;
    if (const int code = api.xColumnSize(at, -1, &counted); code != SQLITE_OK)
      return code;
    tokens = static_cast<std::uint32_t>(std::max(counted, 0));
    lengths.keep(row, tokens);
  }
  out = tokens;
  return SQLITE_OK;
}

/// How often the phrase stands in the row, by the weight of where.
int frequency_of(const Fts5ExtensionApi& api, Fts5Context* at, int phrase, double& out) {
  Fts5PhraseIter place{};
  int column = 0;
  int offset = 0;
  if (const int code = api.xPhraseFirst(at, phrase, &place, &column, &offset); code != SQLITE_OK)
    return code;
  for (out = 0; column >= 0; api.xPhraseNext(at, &place, &column, &offset))
    if (static_cast<std::size_t>(column) < weights.size())
      out += weights[static_cast<std::size_t>(column)];
  return SQLITE_OK;
}

int score(const Fts5ExtensionApi& api, Fts5Context* at, double& out) {
  int code = SQLITE_OK;
  const auto* figures = figures_of(api, at, code);
  double length = 0;
  if (figures == nullptr || (code = length_of_row(api, at, length)) != SQLITE_OK)
    return code;
  const auto damping = k1 * (1 - b + b * length / figures->average_length);
  double sum = 0;
  for (std::size_t phrase = 0; phrase < figures->rarity.size(); ++phrase) {
    double frequency = 0;
    if (code = frequency_of(api, at, static_cast<int>(phrase), frequency); code != SQLITE_OK)
      return code;
    sum += figures->rarity[phrase] * frequency * (k1 + 1) / (frequency + damping);
  }
  out = 1 - 1 / (1 + sum);
  return SQLITE_OK;
}

/// What FTS5 calls; nothing may be thrown through it.
void text_score(const Fts5ExtensionApi* api, Fts5Context* at, sqlite3_context* answer, int,
                sqlite3_value**) {
  try {
    double value = 0;
    if (const int code = score(*api, at, value); code != SQLITE_OK)
      sqlite3_result_error_code(answer, code);
    else
      sqlite3_result_double(answer, value);
  } catch (const std::bad_alloc&) {
    sqlite3_result_error_nomem(answer);
  }
}

/// As FTS5's documentation has it: its functions are asked for by a pointer that is bound.
fts5_api* extension_of(sqlite3* db) {
  fts5_api* out = nullptr;
  sqlite3_stmt* statement = nullptr;
  if (const int code = sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &statement, nullptr);
      code != SQLITE_OK)
    throw sql::failure{code, sqlite3_errmsg(db)};
  sqlite3_bind_pointer(statement, 1, &out, "fts5_api_ptr", nullptr);
  sqlite3_step(statement);
  sqlite3_finalize(statement);
  if (out == nullptr)
    throw sql::failure{SQLITE_ERROR, "this SQLite has no full-text search (FTS5)"};
  return out;
}

} // namespace

void text_lengths::of_version(std::uint64_t version, std::int64_t first, std::int64_t last) {
  if (version == version_ && first == first_ && last == last_)
    return;
  version_ = version;
  first_ = first;
  last_ = last;
  tokens_.clear();
}

std::uint32_t text_lengths::find(std::int64_t row) const noexcept {
  const auto at = static_cast<std::size_t>(row - first_);
  return row >= first_ && at < tokens_.size() ? tokens_[at] : 0;
}

void text_lengths::keep(std::int64_t row, std::uint32_t tokens) {
  constexpr std::int64_t most = 4'000'000; // of two bytes each: the others are looked up
  if (row < first_ || row > last_ || row - first_ >= most
      || tokens > std::numeric_limits<std::uint16_t>::max())
    return;
  const auto at = static_cast<std::size_t>(row - first_);
  if (at >= tokens_.size())
    tokens_.resize(std::max(at + 1, tokens_.size() + tokens_.size() / 2));
  tokens_[at] = static_cast<std::uint16_t>(tokens);
}

void add_text_score(sql::connection& db, text_lengths& lengths) {
  auto* fts = extension_of(db.handle());
  if (const int code = fts->xCreateFunction(fts, "text_score", &lengths, text_score, nullptr);
      code != SQLITE_OK)
    throw sql::failure{code, "the function text_score was refused"};
}

} // namespace flipsync
