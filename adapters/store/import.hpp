#pragma once
/// Imports: CSV and NDJSON files into the store (docs/data.md). All or nothing by default; what the
/// file says already changes nothing.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/store/sqlite_store.hpp"

namespace flipsync {

enum class import_format : std::uint8_t {
  detect, ///< by the file's name (.ndjson, .jsonl, .json), else by its first character ('{')
  csv,
  ndjson,
};

/// How a file's columns become ours.
struct column_mapping {
  /// Reads Shopify's product export as it is.
  bool shopify = false;
  /// (our column, their column), from a TOML file of `sku = "Item No"` lines.
  std::vector<std::pair<std::string, std::string>> columns;
};

/// What `--map` says: empty (our own names), "shopify", or the path of a TOML file with
/// `our_column = "their column"` at top level or in a table named after the kind. Errors:
/// invalid_request (no such file, no TOML, unknown column of ours).
result<column_mapping> load_mapping(std::string_view map, import_kind kind);

/// The same from text: `ours=theirs` pairs separated by semicolons. Errors: invalid_request.
result<column_mapping> parse_mapping(std::string_view pairs, import_kind kind);

struct import_options {
  import_kind kind = import_kind::products;
  import_format format = import_format::detect;
  column_mapping map;
  /// The file or body's name, for the report and the import log.
  std::string name;
  /// The import's time: for prices without `seen_at` and for relative times ("-3d").
  wall_time now{};
  /// Everything is checked and counted, nothing is changed.
  bool dry_run = false;
  /// True: good rows are taken, bad ones reported. False: one bad row and nothing is changed.
  bool partial = false;
};

struct rejected_row {
  std::uint64_t line = 0; ///< of the file, from 1, where the row begins
  std::string reason;
  friend bool operator==(const rejected_row&, const rejected_row&) = default;
};

struct import_report {
  import_kind kind = import_kind::products;
  std::string name;
  /// Data rows met: inserted + updated + unchanged + rejected + skipped + not_for_sale.
  std::uint64_t rows = 0;
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t skipped = 0;      ///< image-only rows of a Shopify export
  std::uint64_t not_for_sale = 0; ///< its rows of drafts, archived, unlisted, unpublished products
  std::uint64_t removed = 0;      ///< products that left the catalogue, since they became so
  std::uint64_t rejected = 0; ///< all of them; `rejections` lists the first max_listed_rejections
  std::vector<rejected_row> rejections;
  bool dry_run = false;
  bool committed = false; ///< false: dry run, or rows were rejected: the counts say what would be
  std::uint64_t catalogue_version = 0; ///< after the import
  friend bool operator==(const import_report&, const import_report&) = default;
};
inline constexpr std::size_t max_listed_rejections = 1000;
/// Longest row of a file, in bytes; a longer one (an unclosed quote, mostly) ends the import.
inline constexpr std::size_t max_row_bytes = 1024 * 1024;

struct import_progress {
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::uint64_t total_bytes = 0;
};
/// Called every thousand rows and at the end, on the importing thread. False stops the import: it
/// returns errc::cancelled and nothing is changed.
using import_watch = std::function<bool(const import_progress&)>;

/// Imports one file, streaming, in one transaction. Rows that are rejected are no error: they are
/// in the report, with committed = false unless `partial`. Errors: invalid_request (no such file,
/// no header, a required column is missing), cancelled, store_failed (nothing is changed).
result<import_report> import_file(sqlite_store& store, const std::filesystem::path& file,
                                  const import_options& options, const import_watch& watch = {});
/// The same for text that is already in memory (a request's body).
result<import_report> import_text(sqlite_store& store, std::string_view text,
                                  const import_options& options, const import_watch& watch = {});

/// Imports products.csv, prices.csv, orders.csv and rates.csv of a folder, those that exist, in
/// that order (the sample shop's form). One transaction per file. Errors: as import_file;
/// invalid_request if the folder has none of them.
result<std::vector<import_report>> import_folder(sqlite_store& store,
                                                 const std::filesystem::path& folder,
                                                 const import_options& options,
                                                 const import_watch& watch = {});

/// The report as a JSON object (`--json`, the HTTP route) and as lines for a human.
std::string to_json(const import_report& report);
std::string to_text(const import_report& report);

} // namespace flipsync
