#include "agents/common/approval.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

using namespace flipsync;

TEST_CASE("each agent has its limits of approval and rejection") {
  struct row {
    const char* agent;
    double confidence;
    approval expected;
  };
  const auto c = GENERATE(
    row{"pricing", 0.8, approval::automatic}, row{"pricing", 0.79, approval::human},
    row{"pricing", 0.6, approval::human}, row{"pricing", 0.59, approval::rejected},
    row{"content", 0.9, approval::automatic}, row{"content", 0.89, approval::human},
    row{"content", 0.5, approval::human}, row{"content", 0.49, approval::rejected},
    row{"logistics", 0.85, approval::automatic}, row{"logistics", 0.84, approval::human},
    row{"logistics", 0.6, approval::human}, row{"logistics", 0.59, approval::rejected},
    row{"executive", 0.8, approval::automatic}, row{"executive", 0.7, approval::human},
    row{"executive", 0.69, approval::rejected}, row{"an eleventh", 0.8, approval::automatic});
  INFO(c.agent << " at " << c.confidence);
  CHECK(approve(c.agent, c.confidence, false) == c.expected);
}

TEST_CASE("a sum of tenths that is a hair below its limit still reaches it") {
  CHECK(approve("pricing", 0.5 + 0.1 + 0.1 + 0.1, false) == approval::automatic);
}

TEST_CASE("what only a human may allow goes to a human whatever the confidence") {
  for (const double confidence : {0.0, 0.59, 0.7, 1.0})
    CHECK(approve("pricing", confidence, true) == approval::human);
}

TEST_CASE("verdicts have names") {
  CHECK(to_string(approval::automatic) == "automatic");
  CHECK(to_string(approval::human) == "human");
  CHECK(to_string(approval::rejected) == "rejected");
}
