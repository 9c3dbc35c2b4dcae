#include "agents/executive/options.hpp"

#include <catch2/catch_approx.hpp>
#include <catch2/catch_test_macros.hpp>

using namespace flipsync::executive;
using Catch::Approx;

namespace {

std::vector<std::string> labels(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& part : labelled_parts(text))
    found.push_back(part.label + "=" + part.body);
  return found;
}

using names = std::vector<std::string>;

} // namespace

TEST_CASE("labelled parts are found behind semicolons, commas, lines and joining words") {
  CHECK(labels("A: one; B: two") == names{"A=one", "B=two"});
  CHECK(labels("A: one, B: two") == names{"A=one", "B=two"});
  CHECK(labels("A: one\nB: two") == names{"A=one", "B=two"});
  CHECK(labels("Which is better, A: one or B: two?") == names{"A=one", "B=two"});
  CHECK(labels("Buy stock: revenue 5, risk 2; Run ads: revenue 3")
        == names{"Buy stock=revenue 5, risk 2", "Run ads=revenue 3"});
}

TEST_CASE("a time, a URL and an endless label are no labels") {
  CHECK(labels("at 10:30").empty());
  CHECK(labels("see http://x.y").empty());
  CHECK(labels("this is a very long introduction: x").empty());
  CHECK(labels(": x").empty());
  CHECK(labels("").empty());
}

TEST_CASE("figures are a number with words around it, once per criterion") {
  const auto values =
    read_figures("revenue 5, 2 risk and effort = 1.5; margin 30%, note, 7, revenue 9");
  REQUIRE(values.size() == 4);
  CHECK(values[0] == std::pair<std::string, double>{"revenue", 5});
  CHECK(values[1] == std::pair<std::string, double>{"risk", 2});
  CHECK(values[2] == std::pair<std::string, double>{"effort", 1.5});
  CHECK(values[3].second == Approx(0.3));
  CHECK(read_figures("revenue 9,000, cost 1,250,000.5; risk 2")
        == figures{{"revenue", 9000}, {"cost", 1'250'000.5}, {"risk", 2}});
  for (const auto* text : {"revenue 9,00", "risk 1,2345", "gain 1,23,456"}) {
    INFO(text);
    CHECK(read_figures(text).empty());
  }
  CHECK(read_figures("nan risk, inf risk, 0x10 risk").empty());
  CHECK(read_figures("").empty());
}

TEST_CASE("options are scored between the worst and the best of each criterion") {
  const auto scored = score_options(
    read_options("A: revenue 10, quality 5; B: revenue 0, quality 5; C: revenue 5, quality 5"));
  REQUIRE(scored.size() == 3);
  CHECK(scored[0].name == "A");
  CHECK(scored[0].score == Approx(100));
  CHECK(scored[1].name == "C");
  CHECK(scored[1].score == Approx(75));
  CHECK(scored[2].name == "B");
  CHECK(scored[2].score == Approx(50));
}

TEST_CASE("of burdens the lowest is best") {
  CHECK(less_is_better("risk"));
  CHECK(less_is_better("delivery time"));
  CHECK_FALSE(less_is_better("revenue"));
  const auto scored = score_options(read_options("A: risk 9; B: risk 1"));
  CHECK(scored[0].name == "B");
  CHECK(scored[0].score == Approx(100));
  CHECK(scored[1].score == Approx(0));
}

TEST_CASE("named weights count, unnamed criteria then weigh nothing") {
  const auto scored = score_options(
    read_options("A: revenue 10, reach 0; B: revenue 0, reach 10; weights: revenue 3, reach 1"));
  CHECK(scored[0].name == "A");
  CHECK(scored[0].score == Approx(75));
  CHECK(scored[1].score == Approx(25));
  const auto one =
    score_options(read_options("A: revenue 1, reach 9; B: revenue 2, reach 0; weights: revenue 1"));
  CHECK(one[0].name == "B");
  CHECK(score_options(read_options("A: x 1; B: x 2; weights: x -1")).empty());
}

TEST_CASE("a missing value counts as the worst and is named, and ties keep their order") {
  const auto scored = score_options(read_options("A: revenue 5; B: reach 5"));
  REQUIRE(scored.size() == 2);
  CHECK(scored[0].name == "A");
  CHECK(scored[0].score == scored[1].score);
  CHECK(scored[0].missing == names{"reach"});
  CHECK(scored[1].missing == names{"revenue"});
}

TEST_CASE("options without figures have no scores") {
  CHECK(score_options(read_options("A: lower prices; B: more ads")).empty());
  CHECK(score_options({}).empty());
  CHECK(read_options("A: lower prices; B: more ads").options.size() == 2);
}

TEST_CASE("agents' labels are votes and no options") {
  const auto votes = read_votes("pricing: lower it 0.9; Inventory: keep it 60%, someone: x 1");
  REQUIRE(votes.size() == 2);
  CHECK(votes[0].agent == "pricing");
  CHECK(votes[0].option == "lower it");
  CHECK(votes[0].confidence == Approx(0.9));
  CHECK(votes[1].confidence == Approx(0.6));
  CHECK(read_options("pricing: A 0.9; market: B 0.5").options.empty());
  CHECK(read_votes("pricing: A; market: 0.5; content: ").empty());
}

TEST_CASE("a consensus is accepted at a share of 0.7") {
  const auto at = count_votes({{"pricing", "A", 0.7}, {"market", "B", 0.3}});
  CHECK(at.accepted);
  CHECK(at.shares[0].second == Approx(0.7));
  CHECK_FALSE(count_votes({{"pricing", "A", 0.69}, {"market", "B", 0.31}}).accepted);
  const auto summed =
    count_votes({{"pricing", "A", 0.5}, {"market", "B", 0.4}, {"content", "a", 0.5}});
  CHECK(summed.shares.size() == 2);
  CHECK(summed.shares[0].first == "A");
  CHECK(summed.accepted);
}

TEST_CASE("confidence outside its range is brought into it, and none is no consensus") {
  CHECK(count_votes({{"pricing", "A", 99}, {"market", "B", 1}}).shares[0].second == Approx(0.5));
  CHECK(count_votes({{"pricing", "A", -1}}).shares.empty());
  CHECK_FALSE(count_votes({}).accepted);
}
