#include "adapters/store/import.hpp"

#include <blake3.h>

#include <algorithm>
#include <set>
#include <unordered_map>

#include "adapters/store/byte_sources.hpp"
#include "adapters/store/csv.hpp"
#include "adapters/store/import_apply.hpp"
#include "adapters/store/ndjson.hpp"
#include "adapters/store/shopify.hpp"
#include "adapters/store/store_state.hpp"

namespace flipsync {

namespace {

/// Rows between two calls of the watch.
constexpr std::uint64_t rows_between_reports = 1000;

/// Where each key was first seen, by 128 bits of BLAKE3: a fixed few bytes a row, however long the
/// keys.
class seen_keys {
public:
  /// The line where the key was before, or 0; remembers it.
  std::uint64_t note(std::string_view key, std::uint64_t line) {
    const auto [at, fresh] = lines_.emplace(digest_of_key(key), line);
    return fresh ? 0 : at->second;
  }
  [[nodiscard]] bool has(std::string_view key) const { return lines_.contains(digest_of_key(key)); }

private:
  struct digest {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    friend bool operator==(const digest&, const digest&) = default;
  };
  static digest digest_of_key(std::string_view key) {
    blake3_hasher hasher;
    blake3_hasher_init(&hasher);
    blake3_hasher_update(&hasher, key.data(), key.size());
    digest d{};
    blake3_hasher_finalize(&hasher, reinterpret_cast<std::uint8_t*>(&d), sizeof d);
    return d;
  }
  struct digest_hash {
    std::size_t operator()(const digest& d) const noexcept { return d.low; }
  };
  std::unordered_map<digest, std::uint64_t, digest_hash> lines_;
};

/// A larger page cache while rows go in by the thousand; given back at the end.
class roomy_cache {
public:
  explicit roomy_cache(sql::connection& db) : db_{db} { db_.execute("PRAGMA cache_size=-32768"); }
  ~roomy_cache() {
    try {
      db_.execute("PRAGMA cache_size=-2000; PRAGMA shrink_memory");
    } catch (const sql::failure&) {
      // A cache that stays large is no reason to fail an import that is done.
    }
  }
  roomy_cache(const roomy_cache&) = delete;
  roomy_cache& operator=(const roomy_cache&) = delete;

private:
  sql::connection& db_;
};

class importer {
public:
  importer(sqlite_store& store, byte_source& bytes, const import_options& options,
           const import_watch& watch)
    : store_{store.internals()},
      bytes_{bytes},
      options_{options},
      watch_{watch},
      names_{options.kind, options.map} {
    report_.kind = options.kind;
    report_.name = options.name;
  }

  result<import_report> run() {
    auto sum = digest_of(bytes_);
    if (!sum)
      return sum.error();
    digest_ = std::move(*sum);
    if (auto opened = open_rows(); !opened)
      return opened.error();
    if (auto checked = check_header(); !checked)
      return checked.error();
    return sql::guarded("the import failed, nothing was changed", [&] { return write(); });
  }

private:
  result<void> open_rows() {
    auto format = options_.format;
    char head[4] = {};
    const auto got = bytes_.read(head, sizeof head);
    if (!got)
      return got.error();
    const std::string_view start{head, *got};
    if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF"))
      return error{errc::invalid_request, "the file is UTF-16; save it as UTF-8"}.with("field",
                                                                                       "file");
    if (format == import_format::detect)
      format = detect(start);
    if (auto back = bytes_.rewind(); !back)
      return back.error();
    if (format == import_format::ndjson)
      rows_ = std::make_unique<ndjson_records>(bytes_);
    else
      rows_ = std::make_unique<csv_records>(bytes_);
    return {};
  }

  [[nodiscard]] import_format detect(std::string_view start) const {
    const auto extension = std::filesystem::path{options_.name}.extension();
    if (extension == ".ndjson" || extension == ".jsonl" || extension == ".json")
      return import_format::ndjson;
    if (start.starts_with("\xEF\xBB\xBF"))
      start.remove_prefix(3);
    return extension != ".csv" && trim(start).starts_with('{') ? import_format::ndjson
                                                               : import_format::csv;
  }

  result<void> check_header() {
    const auto header = rows_->header();
    if (!header)
      return header.error();
    if (options_.map.shopify)
      return header->empty() ? result<void>{} : shopify_rows::check_header(*header);
    if (header->empty())
      return {};
    const auto missing = names_.missing(*header);
    if (missing.empty())
      return {};
    std::string list;
    for (const auto c : missing)
      list += (list.empty() ? "" : ", ") + std::string{to_string(c)};
    return error{errc::invalid_request,
                 "the file has no column for " + list + " (its columns can be named with --map)"}
      .with("field", std::string{to_string(missing.front())});
  }

  result<import_report> write() {
    const roomy_cache cache{store_.catalogue.file()};
    sql::transaction tx{store_.catalogue.file(), sql::transaction_kind::write};
    const auto before = store_.catalogue.stored_version();
    const auto tenant = store_.catalogue.add_tenant(store_.options.tenant);
    anchor_ = find_anchor(tenant).value_or(options_.now);
    applier_ =
      make_applier(options_.kind, {store_.catalogue.file(), tenant, {options_.now, anchor_}});
    if (auto done = write_rows(); !done)
      return done.error();
    remove_not_for_sale();
    const bool changed = report_.inserted + report_.updated + report_.removed > 0;
    report_.dry_run = options_.dry_run;
    report_.committed = !options_.dry_run && (report_.rejected == 0 || options_.partial);
    report_.catalogue_version = before;
    if (report_.committed && changed) {
      // Above what any process may have seen, so that no cache takes new rows for old.
      report_.catalogue_version = std::max(before, store_.version.load()) + 1;
      applier_->finish();
      raise_version();
      log_import(tenant);
      tx.commit();
      store_.version.raise_to(report_.catalogue_version);
    }
    return std::move(report_);
  }

  result<void> write_rows() {
    record row;
    for (;;) {
      const auto more = rows_->next(row);
      if (!more)
        return more.error();
      if (!*more)
        break;
      ++report_.rows;
      take(row);
      if (report_.rows % rows_between_reports == 0 && !tell())
        return stopped();
    }
    return tell() ? result<void>{} : stopped();
  }

  static error stopped() {
    return error{errc::cancelled, "the import was stopped; nothing was changed"};
  }

  bool tell() {
    return !watch_ || watch_({report_.rows, rows_->bytes_read(), bytes_.total_bytes()});
  }

  void take(const record& read) {
    const record* row = &read;
    if (options_.map.shopify) {
      const auto what = shopify_.map(read, mapped_);
      if (what != shopify_row::product)
        return pass_over(what);
      row = &mapped_;
    }
    if (!row->error.empty())
      return reject(row->line, row->error);
    if (const auto decoded = applier_->decode(*row, names_); !decoded)
      return reject(row->line, decoded.error().message);
    if (const auto first = seen_.note(applier_->key(), row->line); first != 0)
      return reject(row->line, applier_->shown_key() + " is in the file twice, first in line "
                                 + std::to_string(first));
    switch (applier_->apply()) {
    case row_outcome::inserted:
      ++report_.inserted;
      return;
    case row_outcome::updated:
      ++report_.updated;
      return;
    case row_outcome::unchanged:
      ++report_.unchanged;
      return;
    }
  }

  void pass_over(shopify_row what) {
    if (what == shopify_row::image) {
      ++report_.skipped;
      return;
    }
    ++report_.not_for_sale;
    const auto& sku = mapped_.fields.front().value;
    if (sku.size() <= max_name_bytes)
      not_for_sale_.emplace(nocase_key(sku));
  }

  /// At the end, since a draft may have the SKU of a product that another row offers.
  void remove_not_for_sale() {
    for (const auto& sku : not_for_sale_)
      if (!seen_.has(sku) && applier_->remove(sku))
        ++report_.removed;
  }

  void reject(std::uint64_t line, std::string reason) {
    ++report_.rejected;
    if (report_.rejections.size() < max_listed_rejections)
      report_.rejections.push_back({line, std::move(reason)});
  }

  std::optional<wall_time> find_anchor(tenant_id tenant) {
    sql::query q{store_.catalogue.file(),
                 "SELECT anchor FROM imports WHERE tenant = ? AND kind = ? AND digest = ?"};
    q.bind_all(tenant, to_string(options_.kind), std::string_view{digest_});
    return q.step() ? std::optional{q.time(0)} : std::nullopt;
  }

  void raise_version() {
    sql::query q{store_.catalogue.file(),
                 "UPDATE meta SET value = ? WHERE name = 'catalogue_version'"};
    q.bind(static_cast<std::int64_t>(report_.catalogue_version));
    q.run();
  }

  void log_import(tenant_id tenant) {
    sql::query q{
      store_.catalogue.file(),
      "INSERT INTO imports(tenant, kind, name, digest, anchor, at, inserted, updated, rejected,"
      " catalogue_version) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
      " ON CONFLICT(tenant, kind, digest) DO UPDATE SET at = excluded.at,"
      " inserted = excluded.inserted, updated = excluded.updated, rejected = excluded.rejected,"
      " catalogue_version = excluded.catalogue_version"};
    q.bind_all(
      tenant, to_string(options_.kind), std::string_view{options_.name}, std::string_view{digest_},
      anchor_, options_.now, static_cast<std::int64_t>(report_.inserted),
      static_cast<std::int64_t>(report_.updated), static_cast<std::int64_t>(report_.rejected),
      static_cast<std::int64_t>(report_.catalogue_version));
    q.run();
  }

  sqlite_store::state& store_;
  byte_source& bytes_;
  const import_options& options_;
  const import_watch& watch_;
  column_names names_;
  std::string digest_;
  wall_time anchor_{};
  std::unique_ptr<record_source> rows_;
  std::unique_ptr<row_applier> applier_;
  shopify_rows shopify_;
  record mapped_;
  seen_keys seen_;
  std::set<std::string> not_for_sale_; ///< SKUs that rows said to be so
  import_report report_;
};

} // namespace

result<import_report> import_file(sqlite_store& store, const std::filesystem::path& file,
                                  const import_options& options, const import_watch& watch) {
  auto source = open_file_source(file);
  if (!source)
    return source.error();
  auto named = options;
  if (named.name.empty())
    named.name = file.filename().string();
  return importer{store, **source, named, watch}.run();
}

result<import_report> import_text(sqlite_store& store, std::string_view text,
                                  const import_options& options, const import_watch& watch) {
  const auto source = make_text_source(text);
  return importer{store, *source, options, watch}.run();
}

result<std::vector<import_report>> import_folder(sqlite_store& store,
                                                 const std::filesystem::path& folder,
                                                 const import_options& options,
                                                 const import_watch& watch) {
  std::vector<import_report> reports;
  for (const auto kind :
       {import_kind::products, import_kind::prices, import_kind::orders, import_kind::rates}) {
    const auto file = folder / (std::string{to_string(kind)} + ".csv");
    std::error_code why;
    if (!std::filesystem::exists(file, why))
      continue;
    auto own = options;
    own.kind = kind;
    own.name = file.filename().string();
    auto done = import_file(store, file, own, watch);
    if (!done)
      return done.error();
    reports.push_back(std::move(*done));
  }
  if (reports.empty())
    return error{errc::invalid_request, folder.string()
                                          + " holds no products.csv, prices.csv, orders.csv "
                                            "or rates.csv"}
      .with("field", "folder");
  return reports;
}

} // namespace flipsync
