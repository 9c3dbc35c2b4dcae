#include "adapters/bridge/completions/exact_stream.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::completions::exact_stream;

TEST_CASE("an answer that goes straight through is passed on piece by piece") {
  exact_stream said;
  CHECK(said.add("one ") == "one ");
  CHECK(said.add("two") == "two");
  CHECK(said.finish("one two") == "");
}

TEST_CASE("an answer that is begun anew and says the same goes on where the first was cut") {
  exact_stream said;
  said.add("The answer ");
  CHECK(said.restart());
  CHECK(said.add("The") == "");
  CHECK(said.add(" answer is") == "is");
  CHECK(said.add(" 42") == " 42");
  CHECK(said.finish("The answer is 42") == "");
}

TEST_CASE("an answer that is begun anew and differs cannot go on") {
  exact_stream said;
  said.add("The answer ");
  CHECK(said.restart());
  CHECK(said.add("The ") == "");
  CHECK_FALSE(said.add("reply").has_value());
}

TEST_CASE("an answer that is begun anew and stays shorter is not whole") {
  exact_stream said;
  said.add("The answer is 42");
  CHECK(said.restart());
  CHECK(said.add("The answer") == "");
  CHECK_FALSE(said.finish("The answer").has_value());
}

TEST_CASE("an answer may be cut more than once") {
  exact_stream said;
  said.add("ab");
  CHECK(said.restart());
  CHECK(said.add("a") == "");
  CHECK(said.restart());
  CHECK(said.add("abc") == "c");
  CHECK(said.finish("abcd") == "d");
}

TEST_CASE("what was never streamed comes with the end") {
  exact_stream said;
  CHECK_FALSE(said.begun());
  CHECK(said.finish("all at once") == "all at once");
}

TEST_CASE("after a piece of a tool call no new answer can be proved the same") {
  exact_stream said;
  said.sent_call();
  CHECK(said.begun());
  CHECK_FALSE(said.restart());
}
