#include "runtime/core/ports/random.hpp"

#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators.hpp>

#include <array>
#include <limits>
#include <set>
#include <thread>
#include <vector>

using namespace flipsync;

TEST_CASE("The generator is xoshiro256** seeded by splitmix64") {
  // First outputs for seed 0, worked out from the published reference algorithms.
  const auto random = make_random(0);
  CHECK(random->next() == 0x99EC5F36CB75F2B4u);
  CHECK(random->next() == 0xBF6E1F784956452Au);
  CHECK(random->next() == 0x1A5F849D4933E6E0u);
}

TEST_CASE("The same seed gives the same run, another seed another") {
  const auto a = make_random(42);
  const auto b = make_random(42);
  const auto c = make_random(43);
  const auto first = a->next();
  CHECK(first == b->next());
  CHECK(first != c->next());
  CHECK(a->id("t") == b->id("t"));
}

TEST_CASE("The machine's numbers do not come again, neither from one generator nor from another") {
  const auto a = make_machine_random();
  const auto b = make_machine_random();
  std::set<std::uint64_t> seen;
  constexpr std::size_t each = 2000; // several times what is taken from the kernel at once
  for (std::size_t i = 0; i < each; ++i) {
    seen.insert(a->next());
    seen.insert(b->next());
  }
  CHECK(seen.size() == 2 * each);
  CHECK_FALSE(seen.contains(0));
}

TEST_CASE("Numbers below a bound stay below it and reach every value") {
  const auto random = make_random(7);
  std::array<int, 6> counts{};
  for (int i = 0; i < 6000; ++i)
    ++counts.at(random->below(6));
  for (const auto count : counts)
    CHECK((count > 850 && count < 1150));
  CHECK(random->below(0) == 0);
  CHECK(random->below(1) == 0);
  constexpr auto large = (std::numeric_limits<std::uint64_t>::max() / 3) * 2;
  for (int i = 0; i < 100; ++i)
    CHECK(random->below(large) < large);
}

TEST_CASE("An id is its prefix, an underscore and twenty characters of base 32") {
  const auto random = make_random(1);
  const auto id = random->id("turn");
  REQUIRE(id.size() == 25);
  CHECK(id.starts_with("turn_"));
  CHECK(id.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567", 5) == std::string::npos);
}

TEST_CASE("Ids in time sort by the millisecond they were drawn in, and differ within it") {
  const auto random = make_random(1);
  const auto at = [](std::int64_t ms) { return wall_time{std::chrono::milliseconds{ms}}; };
  const auto noon = random->id_in_time("conv", at(1'764'158'400'000));
  REQUIRE(noon.size() == 34);
  CHECK(noon.starts_with("conv_"));
  CHECK(noon.find_first_not_of("abcdefghijklmnopqrstuvwxyz234567", 5) == std::string::npos);
  auto last = noon.substr(0, 14);
  for (std::int64_t ms = 1; ms < 3000; ++ms) {
    const auto later = random->id_in_time("conv", at(1'764'158'400'000 + ms)).substr(0, 14);
    REQUIRE(last < later);
    last = later;
  }
  const auto same = random->id_in_time("conv", at(1'764'158'400'000));
  CHECK(same.substr(0, 14) == noon.substr(0, 14));
  CHECK(same != noon);
}

TEST_CASE("Ids drawn by several threads do not repeat") {
  const bool seeded = GENERATE(true, false);
  const auto random = seeded ? make_random(1) : make_machine_random();
  std::array<std::vector<std::string>, 4> drawn;
  {
    std::vector<std::jthread> threads;
    threads.reserve(drawn.size());
    for (auto& mine : drawn)
      threads.emplace_back([&random, &mine] {
        for (int i = 0; i < 2000; ++i)
          mine.push_back(random->id("x"));
      });
  }
  std::set<std::string> all;
  for (const auto& mine : drawn)
    all.insert(mine.begin(), mine.end());
  CHECK(all.size() == 8000);
}
