#include "adapters/bridge/slot_list.hpp"

#include <catch2/catch_test_macros.hpp>

using namespace flipsync;

namespace {

struct thing {
  std::size_t slot = 0;
  int calls = 0;
};

} // namespace

TEST_CASE("things may remove themselves while each one is called") {
  slot_list<thing> list;
  std::vector<std::shared_ptr<thing>> all;
  for (int i = 0; i < 5; ++i) {
    all.push_back(std::make_shared<thing>());
    list.add(all.back());
  }
  list.each([&](thing& each) {
    ++each.calls;
    if (&each != all[2].get())
      list.remove(each);
  });
  CHECK(list.size() == 1);
  for (const auto& each : all)
    CHECK(each->calls == 1);
  list.each([&](thing& each) { CHECK(&each == all[2].get()); });
  list.remove(*all[2]);
  CHECK(list.empty());
}
