#include "adapters/providers/common/line_splitter.hpp"

#include <catch2/catch_test_macros.hpp>

#include <vector>

using flipsync::providers::line_splitter;

namespace {

std::vector<std::string> lines_of(std::string_view bytes, std::size_t cut, bool& sound) {
  line_splitter splitter{64};
  std::vector<std::string> lines;
  const auto keep = [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  };
  sound = splitter.feed(bytes.substr(0, cut), keep) && splitter.feed(bytes.substr(cut), keep)
          && splitter.finish(keep);
  return lines;
}

} // namespace

TEST_CASE("all three line endings split lines, wherever the bytes are cut") {
  constexpr std::string_view bytes = "one\ntwo\r\nthree\rfour\n\nfive\r\n\r\nsix";
  const std::vector<std::string> expected{"one", "two", "three", "four", "", "five", "", "six"};
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    bool sound = false;
    CHECK(lines_of(bytes, cut, sound) == expected);
    CHECK(sound);
  }
}

TEST_CASE("a line longer than allowed is refused, in one piece or in many") {
  bool sound = true;
  lines_of(std::string(65, 'x'), 0, sound);
  CHECK_FALSE(sound);
  lines_of(std::string(65, 'x'), 30, sound);
  CHECK_FALSE(sound);
  lines_of(std::string(64, 'x'), 30, sound);
  CHECK(sound);
}

TEST_CASE("a reader that says stop is asked no more") {
  line_splitter splitter{64};
  int asked = 0;
  CHECK_FALSE(splitter.feed("a\nb\nc\n", [&](std::string_view) { return ++asked < 2; }));
  CHECK(asked == 2);
}
