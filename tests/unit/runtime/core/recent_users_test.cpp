#include "runtime/core/recent_users.hpp"

#include <catch2/catch_test_macros.hpp>

#include <string>

namespace flipsync {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr mono_time start{std::chrono::hours{1}};

} // namespace

TEST_CASE("a user is counted once, however often seen, until five minutes have passed") {
  recent_users users;
  CHECK(users.count(start) == 0);
  users.seen("shop", "user", "ann", start);
  users.seen("shop", "user", "ann", start + seconds{10});
  CHECK(users.count(start + seconds{10}) == 1);
  CHECK(users.count(start + seconds{10} + minutes{5}) == 1);
  CHECK(users.count(start + seconds{11} + minutes{5}) == 0);
}

TEST_CASE("users are different by name, kind and tenant") {
  recent_users users;
  users.seen("shop", "user", "ann", start);
  users.seen("shop", "user", "bob", start);
  users.seen("shop", "conversation", "ann", start);
  users.seen("other", "user", "ann", start);
  CHECK(users.count(start) == 4);
}

TEST_CASE("many users are counted exactly well below the bound") {
  recent_users users;
  constexpr std::size_t many = 50'000;
  for (std::size_t i = 0; i < many; ++i)
    users.seen("shop", "user", "user " + std::to_string(i), start + std::chrono::milliseconds{i});
  CHECK(users.count(start + seconds{50}) == many);
  // Again, later: the same ones.
  for (std::size_t i = 0; i < many; ++i)
    users.seen("shop", "user", "user " + std::to_string(i), start + minutes{4});
  CHECK(users.count(start + minutes{4}) == many);
}

TEST_CASE("beyond the bound the count stays a lower bound, and recovers when users go") {
  recent_users users;
  for (std::size_t i = 0; i < 3 * recent_users::most; ++i)
    users.seen("shop", "user", "user " + std::to_string(i), start);
  const auto full = users.count(start);
  CHECK(full <= recent_users::most);
  CHECK(full >= recent_users::most * 3 / 4);
  const auto later = start + minutes{6};
  for (std::size_t i = 0; i < 1000; ++i)
    users.seen("shop", "user", "later " + std::to_string(i), later);
  CHECK(users.count(later) == 1000);
}

} // namespace flipsync
