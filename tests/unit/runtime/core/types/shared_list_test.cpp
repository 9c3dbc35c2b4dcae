#include "runtime/core/types/shared_list.hpp"

#include <catch2/catch_test_macros.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

using namespace flipsync;

TEST_CASE("a copied list shares its items until one of the two is changed") {
  shared_list<std::string> list{"a", "b"};
  auto copy = list;
  CHECK(&copy.items() == &list.items());
  copy.push_back("c");
  CHECK(copy.items() == std::vector<std::string>{"a", "b", "c"});
  CHECK(list.items() == std::vector<std::string>{"a", "b"});
  CHECK_FALSE(copy == list);
  copy = list;
  copy.edit(0) = "z";
  CHECK(copy.items() == std::vector<std::string>{"z", "b"});
  CHECK(list.front() == "a");
  auto cleared = list;
  cleared.clear();
  CHECK(cleared.empty());
  CHECK(list.size() == 2);
}

TEST_CASE("lists are equal where their items are, shared or not") {
  const shared_list<std::string> list{"a", "b"};
  CHECK(list == shared_list<std::string>{"a", "b"});
  CHECK(shared_list<std::string>{} == shared_list<std::string>{std::vector<std::string>{}});
  CHECK_FALSE(list == shared_list<std::string>{"b", "a"});
}

TEST_CASE("an empty list has no items, made or not") {
  const shared_list<std::string> list;
  CHECK(list.empty());
  CHECK(list.size() == 0);
  CHECK(list.begin() == list.end());
}

TEST_CASE("a list of something larger keeps it alive") {
  struct larger {
    std::vector<std::string> texts{"first", "last"};
  };
  auto whole = std::make_shared<const larger>();
  const std::weak_ptr<const larger> alive{whole};
  {
    const shared_list<std::string> list{
      std::shared_ptr<const std::vector<std::string>>{whole, &whole->texts}};
    whole.reset();
    REQUIRE_FALSE(alive.expired());
    CHECK(list.front() == "first");
    CHECK(list.back() == "last");
    CHECK(list[1] == "last");
  }
  CHECK(alive.expired());
}
