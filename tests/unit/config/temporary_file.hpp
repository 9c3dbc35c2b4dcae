#pragma once
/// A file in a folder of its own, gone with the object.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace flipsync::test {

class temporary_file {
public:
  explicit temporary_file(const std::string& text, const std::string& name = "test.toml") {
    std::string pattern = (std::filesystem::temp_directory_path() / "flipsync-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
    path_ = folder_ / name;
    std::ofstream{path_, std::ios::binary} << text;
  }
  ~temporary_file() { std::filesystem::remove_all(folder_); }
  temporary_file(const temporary_file&) = delete;
  temporary_file& operator=(const temporary_file&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

private:
  std::filesystem::path folder_;
  std::filesystem::path path_;
};

} // namespace flipsync::test
