#include "adapters/providers/common/sse_parser.hpp"

#include <catch2/catch_test_macros.hpp>

#include <utility>
#include <vector>

using flipsync::providers::sse_event;
using flipsync::providers::sse_parser;

namespace {

using events = std::vector<std::pair<std::string, std::string>>;

events parse(std::string_view bytes, std::size_t piece) {
  sse_parser parser{1024};
  events seen;
  const sse_parser::sink keep = [&](const sse_event& e) {
    seen.emplace_back(e.name, e.data);
    return true;
  };
  while (!bytes.empty()) {
    REQUIRE(parser.feed(bytes.substr(0, piece), keep));
    bytes.remove_prefix(std::min(piece, bytes.size()));
  }
  REQUIRE(parser.finish(keep));
  return seen;
}

} // namespace

TEST_CASE("event streams are read as the standard says, in pieces of any size") {
  constexpr std::string_view bytes = "\xEF\xBB\xBF: a comment\n"
                                     "data: one\n\n"
                                     "event: named\r\ndata:two\r\ndata:  lines\r\n\r\n"
                                     "id: 7\rretry: 10\rdata\r\r"
                                     "unknown: x\n\n"
                                     "event: without data\n\n"
                                     "data: after\n\n";
  const events expected{{"", "one"}, {"named", "two\n lines"}, {"", ""}, {"", "after"}};
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    CHECK(parse(bytes, piece) == expected);
}

TEST_CASE("lines that are no field are kept from the first that looks like JSON on") {
  const auto stray_of = [](const std::string& bytes, std::size_t piece) {
    sse_parser parser{1024 * 1024};
    const sse_parser::sink keep = [](const sse_event&) { return true; };
    for (std::size_t at = 0; at < bytes.size(); at += piece)
      REQUIRE(parser.feed(std::string_view{bytes}.substr(at, piece), keep));
    REQUIRE(parser.finish(keep));
    return parser.stray();
  };
  const std::string bytes = "unknown: x\ndata: one\n\n{\r\n  \"error\": 7\r\n: comment\nid: 1\n}";
  for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
    CHECK(stray_of(bytes, piece) == "{\n  \"error\": 7\n}\n");
  CHECK(stray_of("data: {\n\nunknown\n", 100).empty());
  std::string endless = "[\n";
  while (endless.size() < 200 * 1024)
    endless += "  \"line\",\n";
  CHECK(stray_of(endless, 4096).size() <= 64 * 1024);
}

TEST_CASE("a last event without its empty line is handed over at the end") {
  CHECK(parse("data: one\n\ndata: two", 5) == events{{"", "one"}, {"", "two"}});
  CHECK(parse("data: one\n", 100) == events{{"", "one"}});
}

TEST_CASE("an event larger than allowed is refused, also when made of small lines") {
  const sse_parser::sink keep = [](const sse_event&) { return true; };
  sse_parser one_line{1024};
  CHECK_FALSE(one_line.feed("data: " + std::string(2000, 'x'), keep));
  sse_parser many_lines{1024};
  bool sound = true;
  for (int i = 0; i < 1000 && sound; ++i)
    sound = many_lines.feed("data: xxxxxxxx\n", keep);
  CHECK_FALSE(sound);
}
