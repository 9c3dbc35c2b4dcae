#include <catch2/catch_test_macros.hpp>

#include "tests/integration/cli/scratch.hpp"

using namespace flipsync::test;

namespace {

finished import(const scratch& here, std::vector<std::string> more) {
  more.insert(more.begin(), "import");
  more.insert(more.end(), {"--kind", "products", "--data", here.path("data")});
  return run(more, here.env());
}

} // namespace

TEST_CASE("an import reports its rows, and the same file again changes nothing") {
  const scratch here;
  const auto file = here.products();
  const auto first = import(here, {file, "--json"});
  INFO(first.err);
  CHECK(first.code == 0);
  CHECK(has(first.out, "\"inserted\":3"));
  CHECK(first.err.empty());
  const auto second = import(here, {file, "--json"});
  CHECK(second.code == 0);
  CHECK(has(second.out, "\"unchanged\":3"));
}

TEST_CASE("rejected rows are told by line, end with one and change nothing") {
  const scratch here;
  const auto file =
    here.write("bad.csv", "sku,title,price\nA,Good,1.00\n,No sku,2.00\nC,No price,free\n");
  const auto bad = import(here, {file});
  CHECK(bad.code == 1);
  CHECK(has(bad.out, "3"));
  CHECK(has(bad.out, "4"));
  const auto again = import(here, {file, "--json"});
  CHECK(has(again.out, "\"rejected\":2"));
  CHECK(has(again.out, "\"inserted\":1"));
  CHECK(has(again.out, "\"committed\":false"));
}

TEST_CASE("a partial import takes the good rows and still ends with one") {
  const scratch here;
  const auto file = here.write("bad.csv", "sku,title,price\nA,Good,1.00\n,No sku,2.00\n");
  const auto bad = import(here, {file, "--partial", "--json"});
  CHECK(bad.code == 1);
  CHECK(has(bad.out, "\"committed\":true"));
  CHECK(has(import(here, {file, "--partial", "--json"}).out, "\"unchanged\":1"));
}

TEST_CASE("a dry run changes nothing") {
  const scratch here;
  const auto file = here.products();
  CHECK(import(here, {file, "--dry-run"}).code == 0);
  CHECK(has(import(here, {file, "--json"}).out, "\"inserted\":3"));
}

TEST_CASE("a file that is not there and a kind that does not exist are wrong use") {
  const scratch here;
  CHECK(import(here, {"nowhere.csv"}).code == 2);
  CHECK(
    run({"import", here.products(), "--kind", "dreams", "--data", here.path("data")}, here.env())
      .code
    == 2);
}

TEST_CASE("a data folder that cannot be made is out of reach") {
  const scratch here;
  const auto file = here.products();
  const auto done =
    run({"import", file, "--kind", "products", "--data", file + "/data"}, here.env());
  CHECK(done.code == 3);
  CHECK_FALSE(done.err.empty());
}
