/// What the cost ledger adds to an attempt: one reservation and one settlement, alone and with as
/// many threads as there are cores. See README.md.

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "runtime/core/model/cost_ledger.hpp"

namespace flipsync::bench {

namespace {

class steady_clock_port final : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] wall_time wall() const noexcept override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
  void arm(mono_time, std::function<void()>) override {}
};

void spend(cost_ledger& ledger, int times) {
  const auto turn = std::make_shared<turn_account>();
  for (int i = 0; i < times; ++i)
    if (auto held = ledger.reserve({"default", "conv", turn, "openai", "gpt-4o"}, usd{1000}))
      (*held)->settle({usd{10}, true, 100, 20});
}

void line(const char* what, unsigned threads) {
  constexpr int times = 500'000;
  const auto ledger = std::make_shared<cost_ledger>(
    std::make_shared<steady_clock_port>(), cost_limits{usd{}, usd{}, usd{}, usd{1LL << 60}});
  const auto began = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> all;
    for (unsigned i = 0; i < threads; ++i)
      all.emplace_back([&] { spend(*ledger, times); });
  }
  const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - began;
  std::printf("  %-44s %8.0f ns\n", what, took.count() / times / threads);
}

} // namespace

} // namespace flipsync::bench

int main() {
  std::puts("cost ledger, reserve and settle of one attempt");
  flipsync::bench::line("one thread", 1);
  flipsync::bench::line("2 threads, time of both shared by all", 2);
  return 0;
}
