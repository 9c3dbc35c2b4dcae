/// Writes the sample shop's files: flipsync_sample_shop FOLDER. The shipped ones lie beside this
/// source; a test says that they are what this program writes.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "config/sample/generate.hpp"

namespace {

bool write(const std::filesystem::path& file, const std::string& text) {
  std::ofstream out{file, std::ios::binary};
  out << text;
  out.close();
  if (!out)
    std::fprintf(stderr, "cannot write %s\n", file.c_str());
  return static_cast<bool>(out);
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: flipsync_sample_shop FOLDER\n", stderr);
    return 2;
  }
  try {
    const std::filesystem::path folder{argv[1]};
    const auto files = flipsync::sample::generate(flipsync::sample::shipped_seed);
    const bool done =
      write(folder / "products.csv", files.products) && write(folder / "prices.csv", files.prices)
      && write(folder / "orders.csv", files.orders) && write(folder / "rates.csv", files.rates);
    return done ? 0 : 1;
  } catch (const std::exception& why) {
    std::fprintf(stderr, "%s\n", why.what());
    return 1;
  }
}
