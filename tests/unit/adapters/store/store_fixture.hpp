#pragma once
/// A store in a folder of its own that is gone afterwards, and short ways to fill and ask it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/store/import.hpp"

namespace flipsync::test {

class temporary_folder {
public:
  temporary_folder() {
    std::string name = (std::filesystem::temp_directory_path() / "flipsync-store-XXXXXX").string();
    if (!::mkdtemp(name.data()))
      throw std::runtime_error{"no temporary folder"};
    path_ = name;
  }
  ~temporary_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  temporary_folder(const temporary_folder&) = delete;
  temporary_folder& operator=(const temporary_folder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// Writes a file into the folder and returns its path.
  [[nodiscard]] std::filesystem::path write(std::string_view name, std::string_view text) const {
    auto file = path_ / name;
    std::ofstream{file, std::ios::binary} << text;
    return file;
  }

private:
  std::filesystem::path path_;
};

/// The time that tests live in: 2026-03-01T12:00:00Z.
inline wall_time test_now() {
  return wall_time{std::chrono::sys_days{std::chrono::year{2026} / 3 / 1}} + std::chrono::hours{12};
}
inline wall_time days_ago(int days) { return test_now() - std::chrono::hours{24 * days}; }

inline std::shared_ptr<sqlite_store> must_open(const std::filesystem::path& folder) {
  store_options options;
  options.data_dir = folder;
  return open_store(options).value();
}

struct store_fixture {
  temporary_folder folder;
  std::shared_ptr<sqlite_store> store = must_open(folder.path() / "data");

  static import_options options_for(import_kind kind) {
    import_options options;
    options.kind = kind;
    options.now = test_now();
    return options;
  }
  result<import_report> load(import_kind kind, std::string_view text) const {
    return import_text(*store, text, options_for(kind));
  }
  /// Imports rows that must all be good.
  import_report must_load(import_kind kind, std::string_view text) const {
    auto report = load(kind, text).value();
    if (!report.committed)
      throw std::runtime_error{to_text(report)};
    return report;
  }
  template <class Rows>
  Rows ask(store_query query, audience who = audience::seller) const {
    read_batch batch;
    batch.who = who;
    batch.now = test_now();
    batch.queries.push_back(std::move(query));
    return std::get<Rows>(store->read(batch).value().rows.at(0));
  }
  product_search_rows search(product_search query) const {
    return ask<product_search_rows>(std::move(query));
  }
  product_search_rows search(std::string text) const {
    product_search query;
    query.text = std::move(text);
    return search(query);
  }
  /// The SKUs that a search finds, in order.
  template <class Query>
  std::vector<std::string> found(Query&& query) const {
    std::vector<std::string> skus;
    for (const auto& hit : search(std::forward<Query>(query)).hits)
      skus.push_back(hit.item.sku);
    return skus;
  }
  product_dossier_row dossier(std::string sku) const {
    return ask<product_dossier_row>(product_dossier{std::move(sku), ""});
  }
};

} // namespace flipsync::test
