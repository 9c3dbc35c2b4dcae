#include "agents/common/json_writer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <cmath>
#include <limits>

using namespace flipsync;

TEST_CASE("an object holds its members in order, each by its type") {
  CHECK(json_object{}.str() == "{}");
  CHECK(json_object{}
          .add("text", "a \"b\"\n")
          .add("yes", true)
          .add("n", std::int64_t{-3})
          .add("size", std::size_t{7})
          .add("share", 0.25)
          .add("price", money{4990})
          .str()
        == R"({"text":"a \"b\"\n","yes":true,"n":-3,"size":7,"share":0.25,"price":49.90})");
}

TEST_CASE("what has no value and what is no finite number is null") {
  CHECK(json_object{}
          .add("none", std::optional<money>{})
          .add("some", std::optional<std::int64_t>{2})
          .add("endless", std::numeric_limits<double>::infinity())
          .add("nan", std::nan(""))
          .str()
        == R"({"none":null,"some":2,"endless":null,"nan":null})");
}

TEST_CASE("lists of texts and of JSON values become arrays") {
  CHECK(json_object{}
          .add("names", std::vector<std::string>{"a", "b\\"})
          .add("none", std::vector<std::string>{})
          .str()
        == R"({"names":["a","b\\"],"none":[]})");
  CHECK(json_array({}) == "[]");
  CHECK(json_object{}.raw("all", json_array({"1", "{}"})).str() == R"({"all":[1,{}]})");
}
