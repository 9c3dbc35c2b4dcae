#include "runtime/core/model/token_gate.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::token_gate;

TEST_CASE("the first to ask may speak, again and again, and nobody else") {
  token_gate gate;
  CHECK_FALSE(gate.claimed());
  CHECK(gate.claim(2));
  CHECK(gate.claimed());
  CHECK(gate.claim(2));
  CHECK_FALSE(gate.claim(1));
  CHECK(gate.held_by(2));
  CHECK_FALSE(gate.held_by(1));
}

TEST_CASE("after the speaker failed another may begin") {
  token_gate gate;
  CHECK(gate.claim(1));
  gate.reopen();
  CHECK(gate.claim(2));
  CHECK_FALSE(gate.claim(1));
}
