#include "adapters/store/ndjson.hpp"

#include <catch2/catch_test_macros.hpp>

#include "adapters/store/byte_sources.hpp"
#include "adapters/store/import.hpp"

using namespace flipsync;

namespace {

struct read_row {
  std::uint64_t line;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string error;
};

std::vector<read_row> rows_of(std::string_view text) {
  std::vector<read_row> out;
  const auto source = make_text_source(text);
  ndjson_records records{*source};
  for (record row; records.next(row).value();) {
    read_row copy{row.line, {}, row.error};
    for (const auto& f : row.fields)
      copy.fields.emplace_back((f.attribute ? "@" : "") + std::string{f.name}, f.value);
    out.push_back(std::move(copy));
  }
  return out;
}

} // namespace

TEST_CASE("NDJSON values become the text that a CSV cell would hold") {
  const auto rows =
    rows_of("\xEF\xBB\xBF"
            R"({"sku":"A","price":19.99,"stock":3,"big":18446744073709551615,"low":-2,)"
            R"("ok":true,"none":null,"tags":["x","y z"],"attributes":{"color":"red"}})"
            "\n");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].error.empty());
  const std::vector<std::pair<std::string, std::string>> wanted{
    {"sku", "A"},     {"price", "19.99"}, {"stock", "3"}, {"big", "18446744073709551615"},
    {"low", "-2"},    {"ok", "true"},     {"none", ""},   {"tags", "x;y z"},
    {"@color", "red"}};
  CHECK(rows[0].fields == wanted);
}

TEST_CASE("Numbers keep their decimals, without an exponent") {
  const auto rows = rows_of("{\"a\":0.1,\"b\":1234567.5,\"c\":1e-7,\"d\":100.0,\"e\":1e3}\n");
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].fields[0].second == "0.1");
  CHECK(rows[0].fields[1].second == "1234567.5");
  CHECK(rows[0].fields[2].second == "0.000000");
  CHECK(rows[0].fields[3].second == "100");
  CHECK(rows[0].fields[4].second == "1000");
}

TEST_CASE("Lines of NDJSON are counted, blank ones passed over, the last may lack its end") {
  const auto rows = rows_of("{\"a\":1}\r\n\n   \n{\"b\":2}");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].line == 1);
  CHECK(rows[1].line == 4);
}

TEST_CASE("An NDJSON line that is no row says why, and reading goes on") {
  const auto rows = rows_of("{\"a\":\n[1]\n{\"a\":{\"b\":1}}\n{\"a\":[1]}\n{\"a\":1,\"a\":2}\n"
                            "{\"a\":\"\xFF\"}\n{\"a\":\"\\u0000\"}\n{\"a\":\""
                            + std::string(max_row_bytes, 'x') + "\"}\n{\"a\":1}\n");
  REQUIRE(rows.size() == 9);
  for (std::size_t i = 0; i < 8; ++i) {
    INFO(i);
    CHECK_FALSE(rows[i].error.empty());
  }
  CHECK(rows[1].error == "it is no JSON object");
  CHECK(rows[2].error == "'a' is no text, number or list of texts");
  CHECK(rows[4].error == "it names 'a' twice");
  CHECK(rows[6].error == "the text holds a zero byte");
  CHECK(rows[7].error == "the row is longer than 1 MiB");
  CHECK(rows[8].error.empty());
  CHECK(rows[8].line == 9);
}
