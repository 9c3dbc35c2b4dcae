#include "adapters/bridge/inbox.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

using namespace flipsync;

namespace {

class nothing final : public completion {
public:
  bool ready() override { return true; }
  void answer(http_session&) override {}
};

} // namespace

TEST_CASE("a batch wakes its reader once") {
  int woken = 0;
  inbox box{[&] { ++woken; }};
  for (int i = 0; i < 3; ++i)
    box.push(std::make_shared<nothing>());
  CHECK(woken == 1);
  std::vector<std::shared_ptr<completion>> taken;
  box.drain(taken);
  CHECK(taken.size() == 3);
  taken.clear();
  box.push(std::make_shared<nothing>());
  CHECK(woken == 2);
}

TEST_CASE("a closed inbox drops what comes and wakes nobody") {
  int woken = 0;
  inbox box{[&] { ++woken; }};
  const auto item = std::make_shared<nothing>();
  box.push(item);
  box.close();
  CHECK(item.use_count() == 1);
  box.push(item);
  CHECK(item.use_count() == 1);
  CHECK(woken == 1);
}

TEST_CASE("nothing is lost between many writers and one reader") {
  constexpr int writers = 4;
  constexpr int each = 5'000;
  std::atomic<int> wakes{0};
  inbox box{[&] {
    wakes.fetch_add(1);
    wakes.notify_one();
  }};
  std::vector<std::thread> threads;
  threads.reserve(writers);
  for (int w = 0; w < writers; ++w)
    threads.emplace_back([&] {
      for (int i = 0; i < each; ++i)
        box.push(std::make_shared<nothing>());
    });
  int got = 0;
  int seen = 0;
  std::vector<std::shared_ptr<completion>> taken;
  while (got < writers * each) {
    wakes.wait(seen);
    seen = wakes.load();
    box.drain(taken);
    got += static_cast<int>(taken.size());
    taken.clear();
  }
  for (auto& t : threads)
    t.join();
  CHECK(got == writers * each);
}
