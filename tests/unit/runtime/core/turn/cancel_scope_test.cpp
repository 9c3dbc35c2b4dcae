#include "runtime/core/turn/cancel_scope.hpp"

#include <catch2/catch_test_macros.hpp>

using flipsync::cancel_scope;

TEST_CASE("a scope under another ends with it") {
  const auto parent = std::make_shared<cancel_scope>();
  const auto child = cancel_scope::under(parent);
  int told = 0;
  child->listen([&] { ++told; });
  parent->cancel();
  CHECK(child->ended());
  CHECK(told == 1);
}

TEST_CASE("a scope under another ends alone without ending the other") {
  const auto parent = std::make_shared<cancel_scope>();
  const auto child = cancel_scope::under(parent);
  child->cancel();
  CHECK(child->ended());
  CHECK_FALSE(parent->ended());
}

TEST_CASE("a scope under one that has ended has ended") {
  const auto parent = std::make_shared<cancel_scope>();
  parent->cancel();
  CHECK(cancel_scope::under(parent)->ended());
}

TEST_CASE("a scope that is gone is not told, and keeps its parent no longer") {
  const auto parent = std::make_shared<cancel_scope>();
  int told = 0;
  cancel_scope::under(parent)->listen([&] { ++told; });
  parent->cancel();
  CHECK(told == 0);
}
