#include "adapters/store/csv.hpp"

#include <catch2/catch_test_macros.hpp>

#include "adapters/store/byte_sources.hpp"
#include "adapters/store/import.hpp"

using namespace flipsync;

namespace {

using table = std::vector<std::vector<std::string>>;

/// Hands out one byte at a time, so that every boundary falls between two reads.
class dripping_source final : public byte_source {
public:
  explicit dripping_source(std::string_view text) : text_{text} {}
  result<std::size_t> read(char* into, std::size_t) override {
    if (at_ == text_.size())
      return std::size_t{0};
    *into = text_[at_++];
    return std::size_t{1};
  }
  result<void> rewind() override {
    at_ = 0;
    return {};
  }
  [[nodiscard]] std::uint64_t total_bytes() const noexcept override { return text_.size(); }

private:
  std::string_view text_;
  std::size_t at_ = 0;
};

table cells_of(byte_source& source) {
  table out;
  csv_reader reader{source};
  for (csv_row row; reader.next(row);) {
    REQUIRE(row.error.empty());
    out.emplace_back(row.cells.begin(), row.cells.end());
  }
  return out;
}

std::string first_error(std::string_view text) {
  const auto source = make_text_source(text);
  csv_reader reader{*source};
  for (csv_row row; reader.next(row);)
    if (!row.error.empty())
      return std::to_string(row.line) + ": " + row.error;
  return "";
}

} // namespace

TEST_CASE("CSV is read as RFC 4180 has it, however the bytes arrive") {
  struct example {
    std::string_view text;
    table wanted;
  };
  const std::vector<example> examples{
    {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
    {"a,b\r\n1,2", {{"a", "b"}, {"1", "2"}}},
    {"\xEF\xBB\xBF"
     "a,b\n",
     {{"a", "b"}}},
    {"\"a,1\",\"say \"\"hi\"\"\"\n", {{"a,1", "say \"hi\""}}},
    {"\"two\r\nlines\",x\r\n", {{"two\r\nlines", "x"}}},
    {"a,,\n,,\n", {{"a", "", ""}, {"", "", ""}}},
    {"\"\"\n", {{""}}},
    {"\n\na\n\n", {{"a"}}},
    {"7\" tablet,x\n", {{"7\" tablet", "x"}}},
    {"a\rb\n", {{"a\rb"}}},
    {"", {}},
    {"caf\xC3\xA9\n", {{"caf\xC3\xA9"}}},
  };
  for (const auto& [text, wanted] : examples) {
    INFO(text);
    const auto whole = make_text_source(text);
    CHECK(cells_of(*whole) == wanted);
    dripping_source drops{text};
    CHECK(cells_of(drops) == wanted);
  }
}

TEST_CASE("A CSV row that breaks the rules is named with its line") {
  CHECK(first_error("a\n\"open\n\n") == "2: a quote is opened and never closed");
  CHECK(first_error("a\n\"x\"y\n") == "2: text follows a closing quote");
  CHECK(first_error("a\n\"1\n2\"\n\xFF\n") == "4: the text is not UTF-8");
  CHECK(first_error(std::string_view{"a\nb\0c\n", 6}) == "2: the text holds a zero byte");
  CHECK(first_error("a\n\"" + std::string(max_row_bytes + 1, 'x') + "\"\n")
        == "2: the row is longer than 1 MiB");
  CHECK(first_error("a\n\"" + std::string(max_row_bytes + 9, 'x') + "\nb\n")
        == "2: the row is longer than 1 MiB, and a quote in it is open: nothing from here on was"
           " read");
}

TEST_CASE("A CSV row that is too long takes no other with it") {
  const std::string much(max_row_bytes, 'x');
  for (const auto& long_row : {much + "x,1", much + much + much + ",2", "1," + much + ",\"3\",4",
                               "\"" + much + "x\",5", much + "x,"}) {
    const auto text = "a,b\n" + long_row + "\nc,d\n";
    const auto whole = make_text_source(text);
    dripping_source drops{text};
    for (auto* source : {whole.get(), static_cast<byte_source*>(&drops)}) {
      csv_reader reader{*source};
      csv_row row;
      REQUIRE(reader.next(row));
      REQUIRE(reader.next(row));
      CHECK(row.error == "the row is longer than 1 MiB");
      CHECK(row.line == 2);
      REQUIRE(reader.next(row));
      CHECK(row.error.empty());
      CHECK(row.cells == std::vector<std::string_view>{"c", "d"});
      CHECK_FALSE(reader.next(row));
    }
  }
}

TEST_CASE("Reading goes on behind a broken CSV row") {
  const auto source = make_text_source("\"x\"y,1\n\"ok\",2\n");
  csv_reader reader{*source};
  csv_row row;
  REQUIRE(reader.next(row));
  CHECK_FALSE(row.error.empty());
  REQUIRE(reader.next(row));
  CHECK(row.error.empty());
  CHECK(row.cells == std::vector<std::string_view>{"ok", "2"});
  CHECK(row.line == 2);
  CHECK_FALSE(reader.next(row));
}

TEST_CASE("CSV records take their names from the header") {
  const auto source = make_text_source(" sku , title\nA,B\nC\n");
  csv_records records{*source};
  CHECK(records.header().value() == std::vector<std::string>{"sku", "title"});
  record row;
  REQUIRE(records.next(row).value());
  REQUIRE(row.fields.size() == 2);
  CHECK(row.fields[0].name == "sku");
  CHECK(row.fields[1].value == "B");
  REQUIRE(records.next(row).value());
  CHECK(row.line == 3);
  CHECK(row.error == "it has 1 fields, the header has 2");
  CHECK_FALSE(records.next(row).value());
}

TEST_CASE("A CSV file without a usable header is refused") {
  for (const auto* text : {"", "a,a\n", "\"open\n", "\xFF\n"}) {
    const auto source = make_text_source(text);
    csv_records records{*source};
    const auto header = records.header();
    REQUIRE_FALSE(header.has_value());
    CHECK(header.error().code == errc::invalid_request);
    CHECK(header.error().detail("field") == "header");
  }
}
