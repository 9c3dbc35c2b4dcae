#pragma once
/// A folder that is gone after the test.

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>

namespace flipsync::testing {

class scratch {
public:
  scratch() {
    auto name = (std::filesystem::temp_directory_path() / "flipsync-access-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
      throw std::runtime_error{"no scratch folder"};
    path_ = name;
  }
  ~scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

  void write(std::string_view name, std::string_view text) const {
    const auto file = path_ / name;
    std::ofstream{file, std::ios::binary} << text;
    ::chmod(file.c_str(), S_IRUSR | S_IWUSR);
  }

  [[nodiscard]] unsigned mode_of(std::string_view name) const {
    struct stat about {};
    return ::stat((path_ / name).c_str(), &about) == 0 ? about.st_mode & 07777 : 0;
  }

  [[nodiscard]] std::ptrdiff_t files() const {
    return std::distance(std::filesystem::directory_iterator{path_},
                         std::filesystem::directory_iterator{});
  }

private:
  std::filesystem::path path_;
};

} // namespace flipsync::testing
