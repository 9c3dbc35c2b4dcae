/// usage: flipsync_write_config_docs ROOT; writes what is made from the table of options.

#include <fstream>
#include <iostream>
#include <iterator>

#include "config/render.hpp"

namespace {

constexpr std::string_view begin_mark = "<!-- options: made from config/options.cpp -->\n";
constexpr std::string_view end_mark = "<!-- end of options -->\n";

bool rewrite_tables(const std::string& path) {
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  const auto begin = text.find(begin_mark);
  const auto end = text.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin)
    return false;
  const auto from = begin + begin_mark.size();
  text.replace(from, end - from, flipsync::config::option_tables());
  return static_cast<bool>(std::ofstream{path, std::ios::binary} << text);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: flipsync_write_config_docs ROOT\n";
    return 2;
  }
  const std::string root = argv[1];
  std::ofstream sample{root + "/config/flipsync.toml", std::ios::binary};
  if (!(sample << flipsync::config::sample_file())
      || !rewrite_tables(root + "/docs/configuration.md")) {
    std::cerr << "cannot write config/flipsync.toml or docs/configuration.md under " << root
              << "\n";
    return 1;
  }
  return 0;
}
