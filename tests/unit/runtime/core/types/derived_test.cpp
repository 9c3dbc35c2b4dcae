#include "runtime/core/types/derived.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace flipsync {

namespace {

struct length {
  std::size_t value;
};

struct named {
  std::string name;
  derived beside{};
  friend bool operator==(const named&, const named&) = default;
};

} // namespace

TEST_CASE("what is derived from a value is computed once for each type") {
  const named one{"lamp"};
  int made = 0;
  const auto read = [&]() -> const length& {
    return one.beside.get<length>([&] {
      ++made;
      return length{one.name.size()};
    });
  };
  CHECK(read().value == 4);
  CHECK(&read() == &read());
  CHECK(one.beside.get<std::string>([&] { return one.name + "s"; }) == "lamps");
  CHECK(read().value == 4);
  CHECK(made == 1);
}

TEST_CASE("a copy of a value that was changed derives anew") {
  const named one{"lamp"};
  const auto count = [](const named& of) {
    return of.beside.get<length>([&] { return length{of.name.size()}; }).value;
  };
  CHECK(count(one) == 4);
  auto other = one;
  other.name = "lamps";
  CHECK(count(other) == 5);
  other = one;
  CHECK(count(other) == 4);
  auto third = std::move(other);
  third.name += "hade";
  CHECK(count(third) == 8);
  CHECK(count(one) == 4);
}

TEST_CASE("what is derived does not count when values are compared") {
  const named one{"lamp"};
  const named other{"lamp"};
  one.beside.get<length>([] { return length{1}; });
  CHECK(one == other);
}

TEST_CASE("what cannot be derived is tried again") {
  const derived place;
  CHECK_THROWS_AS(place.get<length>([]() -> length { throw std::runtime_error{"no"}; }),
                  std::runtime_error);
  CHECK(place.get<length>([] { return length{7}; }).value == 7);
}

TEST_CASE("threads that derive at once all read the one that stays") {
  for (int round = 0; round < 200; ++round) {
    const derived place;
    std::atomic<int> ready = 0;
    std::vector<const length*> seen(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < seen.size(); ++i)
      threads.emplace_back([&, i] {
        ++ready;
        while (ready.load() < 4)
          std::this_thread::yield();
        seen[i] = &place.get<length>([i] { return length{i}; });
        place.get<std::size_t>([i] { return i; });
      });
    for (auto& each : threads)
      each.join();
    for (const auto* each : seen)
      CHECK(each == seen.front());
  }
}

} // namespace flipsync
