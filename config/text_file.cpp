#include "config/text_file.hpp"

#include <filesystem>
#include <fstream>

namespace flipsync::config {

result<std::string> read_text_file(const std::string& path) {
  std::error_code code;
  std::ifstream in{path, std::ios::binary};
  if (!in || std::filesystem::is_directory(path, code))
    return error{errc::invalid_request, path + ": this file cannot be read"}.with("field", path);
  // A pipe has no size, so the bound is on what is read.
  std::string text(max_file_bytes + 1, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  if (text.size() > max_file_bytes)
    return error{errc::invalid_request, path + ": a configuration file has at most 1 MiB"}.with(
      "field", path);
  return text;
}

} // namespace flipsync::config
