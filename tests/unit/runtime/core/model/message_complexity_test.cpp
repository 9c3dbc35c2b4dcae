#include "runtime/core/model/message_complexity.hpp"

#include <catch2/catch_test_macros.hpp>

#include <fstream>
#include <string>
#include <vector>

using namespace flipsync;

namespace {

struct labelled {
  std::string label;
  std::string message;
};

std::vector<labelled> read_half(const std::string& name) {
  std::ifstream in{std::string{FLIPSYNC_SOURCE_DIR}
                   + "/tests/unit/runtime/core/model/complexity_corpus/" + name + ".tsv"};
  std::vector<labelled> out;
  for (std::string line; std::getline(in, line);)
    if (const auto tab = line.find('\t'); !line.starts_with('#') && tab != std::string::npos)
      out.push_back({line.substr(0, tab), line.substr(tab + 1)});
  return out;
}

double share_right(const std::vector<labelled>& half) {
  std::size_t right = 0;
  for (const auto& [label, message] : half)
    if (to_string(complexity_of(message).what) == label)
      ++right;
    else
      UNSCOPED_INFO(label << ": " << message << " (" << complexity_of(message).reason << ')');
  return static_cast<double>(right) / static_cast<double>(half.size());
}

} // namespace

TEST_CASE("nine of ten messages of either half are judged as a person judged them") {
  // The rules were written with the first half in sight; the second is the measure.
  for (const auto* name : {"train", "heldout"}) {
    const auto half = read_half(name);
    REQUIRE(half.size() == 80);
    CHECK(share_right(half) >= 0.9);
  }
}

TEST_CASE("the reason names what counted") {
  CHECK(complexity_of("hi").reason == "short, asks for one thing");
  CHECK(complexity_of("please compare these two").reason == "asks to compare");
  CHECK(complexity_of("why is that?").reason == "asks why");
}

TEST_CASE("a language without marks is judged by its length") {
  CHECK(complexity_of("wo ist mein Paket?").what == complexity::simple);
  std::string much;
  for (int i = 0; i < 40; ++i)
    much += "Wort ";
  CHECK(complexity_of(much).what == complexity::complex);
}

TEST_CASE("no message is too odd or too long to judge") {
  CHECK(complexity_of("").what == complexity::simple);
  CHECK(complexity_of(std::string(100000, '.')).what == complexity::simple);
  CHECK(complexity_of(std::string(100000, 'a')).what == complexity::simple);
  CHECK(complexity_of("\xff\xfe,,,").what == complexity::simple);
}
