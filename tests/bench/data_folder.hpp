#pragma once
/// Where the measured program keeps its data.

#include <filesystem>
#include <initializer_list>
#include <string>

namespace flipsync::bench {

/// A folder of this process below the system's own for temporary files; gone at the end, whatever
/// ended the benchmark.
class data_folder {
public:
  /// `name` tells the benchmarks of one process apart.
  explicit data_folder(const std::string& name);
  ~data_folder();
  data_folder(const data_folder&) = delete;
  data_folder& operator=(const data_folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  /// For `--data`.
  [[nodiscard]] std::string data() const { return (path_ / "data").string(); }
  /// Imports `<kind>.csv` of the sample folder for each kind. Throws std::runtime_error if the
  /// program refuses.
  void import(const std::string& program, const std::string& sample,
              std::initializer_list<std::string> kinds) const;

private:
  std::filesystem::path path_;
};

} // namespace flipsync::bench
