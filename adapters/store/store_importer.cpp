#include "adapters/store/store_importer.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "adapters/store/columns.hpp"
#include "adapters/store/import.hpp"

namespace flipsync {

namespace {

result<import_options> options_of(const import_request& request) {
  import_options out;
  const auto kind = parse_import_kind(request.kind);
  if (!kind)
    return kind.error();
  // Never a file's name: that would let a caller read the server's files.
  auto map = request.map.empty() || request.map == "shopify" ? load_mapping(request.map, *kind)
                                                             : parse_mapping(request.map, *kind);
  if (!map)
    return map.error();
  out.kind = *kind;
  out.map = *std::move(map);
  out.format = request.format == "csv"      ? import_format::csv
               : request.format == "ndjson" ? import_format::ndjson
                                            : import_format::detect;
  out.name = request.name;
  out.now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  out.dry_run = request.dry_run;
  return out;
}

class store_importer final : public importer_port {
public:
  explicit store_importer(store_options options) : options_{std::move(options)} {}

  result<int> open_file() override {
    const auto& folder = options_.data_dir;
    int file = ::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
      auto path = (folder / "import-XXXXXX").string();
      file = ::mkostemp(path.data(), O_CLOEXEC);
      if (file >= 0)
        ::unlink(path.c_str());
    }
    if (file < 0)
      return error{errc::store_failed,
                   std::string{"no file can be made in the data folder: "} + std::strerror(errno)};
    return file;
  }

  result<import_outcome> run(int file, const import_request& request,
                             const std::function<bool()>& go_on) override {
    const auto options = options_of(request);
    if (!options)
      return options.error();
    auto store = open_store(options_);
    if (!store)
      return store.error();
    const auto done = import_file(**store, "/proc/self/fd/" + std::to_string(file), *options,
                                  [&](const import_progress&) { return go_on(); });
    if (!done)
      return done.error();
    return import_outcome{done->committed, done->rejected, to_json(*done)};
  }

  [[nodiscard]] result<void> check(const import_request& request) const override {
    const auto options = options_of(request);
    return options ? result<void>{} : result<void>{options.error()};
  }

private:
  const store_options options_;
};

} // namespace

std::shared_ptr<importer_port> make_store_importer(store_options options) {
  return std::make_shared<store_importer>(std::move(options));
}

} // namespace flipsync
