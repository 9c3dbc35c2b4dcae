#pragma once
/// A folder of a test's own, with the environment that makes the program keep to it.

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "tests/integration/cli/process.hpp"

namespace flipsync::test {

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

class scratch {
public:
  scratch() {
    auto pattern = (std::filesystem::temp_directory_path() / "flipsync-cli-XXXXXX").string();
    folder_ = mkdtemp(pattern.data());
  }
  ~scratch() { std::filesystem::remove_all(folder_); }
  scratch(const scratch&) = delete;
  scratch& operator=(const scratch&) = delete;

  [[nodiscard]] std::string path(const std::string& name = {}) const {
    return (folder_ / name).string();
  }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream{folder_ / name, std::ios::binary} << text;
    return path(name);
  }
  /// HOME is the folder, and no model is loaded unasked; more variables may follow.
  [[nodiscard]] process::variables env(process::variables more = {}) const {
    more.insert(more.begin(), {{"HOME", folder_.string()}, {"FLIPSYNC_OLLAMA_PREWARM", "false"}});
    return more;
  }
  /// A catalogue of three products.
  std::string products() const {
    return write("products.csv", "sku,title,price,brand,category,stock,cost\n"
                                 "K-1,Copper Kettle,49.90,Boil,Kitchen,12,20.00\n"
                                 "K-2,Steel Kettle,29.90,Boil,Kitchen,0,12.00\n"
                                 "M-1,Blue Mug,9.50,Clay,Kitchen,80,2.00\n");
  }

private:
  std::filesystem::path folder_;
};

} // namespace flipsync::test
