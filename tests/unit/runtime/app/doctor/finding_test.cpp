#include "runtime/app/doctor/finding.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync::app;

namespace {

const findings some{{verdict::ok, "port", "free", {}},
                    {verdict::warning, "clock", "not \"kept\"", "keep it"},
                    {verdict::problem, "store", "damaged", "put back a copy"}};

} // namespace

TEST_CASE("findings are lines with the advice under them, and a sum") {
  CHECK(as_text(some)
        == "ok       port   free\n"
           "warning  clock  not \"kept\"\n"
           "         -> keep it\n"
           "problem  store  damaged\n"
           "         -> put back a copy\n"
           "1 problem, 1 warning.\n");
  CHECK(as_text({{verdict::ok, "port", "free", {}}})
        == "ok       port  free\nno problems, no warnings.\n");
}

TEST_CASE("findings are one JSON object for machines") {
  CHECK(
    as_json({some[1]})
    == "{\"problems\":0,\"warnings\":1,\"findings\":[{\"check\":\"clock\",\"state\":\"warning\","
       "\"detail\":\"not \\\"kept\\\"\",\"advice\":\"keep it\"}]}\n");
}

TEST_CASE("only a problem is one") {
  CHECK(any_problem(some));
  CHECK_FALSE(any_problem({some[0], some[1]}));
}
