#include "runtime/core/model/task_table.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

using names = std::vector<std::string>;

task_table small() {
  return {*parse_task_rows({"tools: near | far | far", "any: near | far farther | near"}),
          *parse_task_limits({"tools: 1000, 0.1"})};
}

} // namespace

TEST_CASE("a row names the providers of its task by priority") {
  CHECK(small().providers("tools", priority::speed) == names{"near"});
  CHECK(small().providers("tools", priority::quality) == names{"far"});
  CHECK(small().providers("tools", priority::cost) == names{"far"});
}

TEST_CASE("a message without a task goes by its priority alone") {
  CHECK(small().providers("", priority::speed) == names{"near"});
  CHECK(small().providers("", priority::quality) == names{"far", "farther"});
  CHECK(small().providers("", priority::unset).empty());
}

TEST_CASE("a task without a priority wants speed, and an unknown task is not in the table") {
  CHECK(small().providers("tools", priority::unset) == names{"near"});
  CHECK(small().providers("dancing", priority::speed).empty());
}

TEST_CASE("a task has its length and its temperature, where it is listed") {
  const auto table = small();
  REQUIRE(table.limits_of("tools") != nullptr);
  CHECK(table.limits_of("tools")->max_tokens == 1000);
  CHECK(table.limits_of("tools")->temperature == 0.1);
  CHECK(table.limits_of("") == nullptr);
}

TEST_CASE("a row that is not of the form is refused with its text") {
  for (const auto* row :
       {"tools", "tools: a | b", "tools: a | b | c | d", ": a | b | c", "tools: a || c"}) {
    const auto parsed = parse_task_rows({row});
    REQUIRE_FALSE(parsed.has_value());
    CHECK(parsed.error().message.find(row) != std::string::npos);
  }
  for (const auto* row : {"tools: 5", "tools: 0, 0.1", "tools: 5, 3", "tools: x, 0.1",
                          "tools: 5, nan", ": 5, 1", "tools: 2000000, 1"})
    CHECK_FALSE(parse_task_limits({row}).has_value());
}

TEST_CASE("a cell may name several providers in order") {
  const auto parsed = parse_task_rows({"  any :  a  b |c|  d "});
  REQUIRE(parsed.has_value());
  CHECK(parsed->front() == task_row{"any", {"a", "b"}, {"c"}, {"d"}});
}
