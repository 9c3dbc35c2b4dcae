#include "runtime/core/model/cost_ledger.hpp"

#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

namespace flipsync {

namespace {

using namespace std::chrono_literals;

class set_clock : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return {}; }
  [[nodiscard]] wall_time wall() const noexcept override { return at; }
  void arm(mono_time, std::function<void()>) override {}
  wall_time at{std::chrono::sys_days{std::chrono::year{2026} / 11 / 25} + 22h};
};

class watched : public cost_watcher {
public:
  void charged(std::string_view, std::string_view, usd amount, bool lost) override {
    (lost ? wasted : cost) += amount;
  }
  void refused(std::string_view limit) override { refusals.emplace_back(limit); }
  void reached(std::string_view limit, std::string_view tenant, unsigned percent, usd,
               usd) override {
    alerts.push_back(std::string{limit} + ' ' + std::string{tenant} + ' '
                     + std::to_string(percent));
  }
  usd cost;
  usd wasted;
  std::vector<std::string> refusals;
  std::vector<std::string> alerts;
};

constexpr usd cents(std::int64_t n) { return {n * 10'000'000}; }

struct bench {
  explicit bench(cost_limits limits)
    : ledger{std::make_shared<cost_ledger>(clock, limits, watcher)} {}

  result<std::shared_ptr<cost_ledger::hold>> reserve(usd most, std::string tenant = "shop",
                                                     std::string conversation = "c1") {
    return ledger->reserve({std::move(tenant), std::move(conversation), turn, "openai", "gpt"},
                           most);
  }
  void spend(usd amount, bool answered = true, std::string tenant = "shop") {
    auto held = reserve(amount, std::move(tenant));
    REQUIRE(held);
    (*held)->settle({amount, answered, 10, 5});
  }
  void next_turn() { turn = std::make_shared<turn_account>(); }

  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::shared_ptr<watched> watcher = std::make_shared<watched>();
  std::shared_ptr<turn_account> turn = std::make_shared<turn_account>();
  std::shared_ptr<cost_ledger> ledger;
};

constexpr usd none{};

} // namespace

TEST_CASE("what is set aside counts until it is settled with what it has cost") {
  bench b{{none, none, none, cents(10)}};
  auto first = b.reserve(cents(6));
  REQUIRE(first);
  CHECK_FALSE(b.reserve(cents(5)));
  (*first)->settle({cents(2), true, 1, 1});
  CHECK(b.reserve(cents(8)));
  CHECK(b.ledger->show(std::nullopt).lines.front().spent == cents(2));
}

TEST_CASE("what is not settled goes back when it is let go") {
  bench b{{none, none, none, cents(10)}};
  {
    auto held = b.reserve(cents(10));
    REQUIRE(held);
    CHECK_FALSE(b.reserve(cents(1)));
  }
  CHECK(b.reserve(cents(10)));
}

TEST_CASE("only the first settlement counts") {
  bench b{{none, none, none, cents(10)}};
  auto held = b.reserve(cents(5));
  (*held)->settle({cents(1), false, 1, 1});
  (*held)->settle({cents(4), true, 1, 1});
  held->reset();
  const auto line = b.ledger->show(std::nullopt).lines.front();
  CHECK(line.spent == cents(1));
  CHECK(line.reserved == none);
  CHECK(b.turn->wasted() == cents(1));
  CHECK(b.turn->cost() == none);
}

TEST_CASE("what is set aside can become another turn's, of another conversation") {
  bench b{{cents(10), cents(10), none, none}};
  auto held = b.reserve(cents(6));
  REQUIRE(held);
  const auto beginner = b.turn;
  b.next_turn();
  (*held)->move_to("c2", b.turn);
  CHECK_FALSE(b.reserve(cents(5), "shop", "c2"));
  (*held)->settle({cents(6), true, 1, 1});
  CHECK(b.turn->cost() == cents(6));
  CHECK(beginner->cost() == none);
  b.next_turn();
  CHECK_FALSE(b.reserve(cents(5), "shop", "c2"));
  CHECK(b.reserve(cents(10), "shop", "c1"));
  // What is settled stays where it is.
  (*held)->move_to("c1", b.turn);
  CHECK(b.turn->cost() == none);
  CHECK(b.reserve(cents(10), "shop", "c1"));
}

TEST_CASE("each limit refuses by its name and says what is left") {
  SECTION("request") {
    bench b{{cents(10), none, none, none}};
    b.spend(cents(7));
    const auto refused = b.reserve(cents(4));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == errc::over_budget);
    CHECK(refused.error().detail("limit") == "request");
    CHECK(refused.error().detail("limit_usd") == "0.1");
    CHECK(refused.error().detail("spent_usd") == "0.07");
    CHECK(refused.error().detail("needed_usd") == "0.04");
    CHECK(refused.error().detail("resets_at").empty());
    CHECK_FALSE(refused.error().retry_after);
    CHECK(refused.error().message
          == "the request's limit of $0.1 leaves $0.03, and the next model call may cost $0.04");
    b.next_turn();
    CHECK(b.reserve(cents(4)));
  }
  SECTION("conversation") {
    bench b{{none, cents(10), none, none}};
    b.spend(cents(7));
    b.next_turn();
    const auto refused = b.reserve(cents(4));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail("limit") == "conversation");
    CHECK(refused.error().detail("resets_at") == "2026-11-26T00:00:00.000Z");
    CHECK(refused.error().retry_after == 2h);
    CHECK(b.reserve(cents(4), "shop", "c2"));
    CHECK(b.reserve(cents(4), "other", "c1")); // another tenant's of the same name
  }
  SECTION("tenant") {
    bench b{{none, none, cents(10), none}};
    b.spend(cents(7));
    const auto refused = b.reserve(cents(4));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail("limit") == "tenant");
    CHECK(b.reserve(cents(4), "other"));
  }
  SECTION("day") {
    bench b{{none, none, none, cents(10)}};
    b.spend(cents(7));
    const auto refused = b.reserve(cents(4), "other");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().detail("limit") == "day");
    CHECK(b.watcher->refusals == std::vector<std::string>{"day"});
  }
}

TEST_CASE("a request may allow itself less than the limit, and not more") {
  bench b{{cents(10), none, none, none}};
  b.turn = std::make_shared<turn_account>(cents(3));
  CHECK_FALSE(b.reserve(cents(4)));
  CHECK(b.reserve(cents(3)));
  b.turn = std::make_shared<turn_account>(cents(50));
  CHECK_FALSE(b.reserve(cents(11)));
  b.turn = std::make_shared<turn_account>(none);
  CHECK_FALSE(b.reserve(usd{1}));
}

TEST_CASE("waste counts against the limits and is no cost of an answer") {
  bench b{{cents(10), none, none, none}};
  b.spend(cents(6), false);
  CHECK_FALSE(b.reserve(cents(5)));
  CHECK(b.turn->wasted() == cents(6));
  CHECK(b.turn->cost() == none);
  const auto rows = b.ledger->show(std::nullopt).rows;
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].wasted == cents(6));
  CHECK(rows[0].cost == none);
  CHECK(rows[0].answers == 0);
  CHECK(rows[0].failures == 1);
}

TEST_CASE("each share of a limit is told once a day") {
  bench b{{none, none, cents(100), cents(1000)}};
  b.spend(cents(49));
  CHECK(b.watcher->alerts.empty());
  b.spend(cents(1));
  b.spend(cents(1));
  CHECK(b.watcher->alerts == std::vector<std::string>{"tenant shop 50"});
  b.spend(cents(44));
  CHECK(b.watcher->alerts
        == std::vector<std::string>{"tenant shop 50", "tenant shop 80", "tenant shop 90"});
  CHECK_FALSE(b.reserve(cents(6)));
  CHECK_FALSE(b.reserve(cents(6)));
  CHECK(b.watcher->alerts.back() == "tenant shop 100"); // by the refusal
  CHECK(b.watcher->alerts.size() == 4);
  b.clock->at += 2h;
  b.spend(cents(50));
  CHECK(b.watcher->alerts.size() == 5);
  CHECK(b.watcher->alerts.back() == "tenant shop 50");
}

TEST_CASE("at midnight UTC a new day begins, and what is under way counts for it") {
  bench b{{none, none, none, cents(10)}};
  b.spend(cents(5));
  auto over_midnight = b.reserve(cents(5));
  REQUIRE(over_midnight);
  b.clock->at += 2h;
  CHECK(b.ledger->show(std::nullopt).lines.front().spent == none);
  CHECK_FALSE(b.reserve(cents(6)));
  CHECK(b.reserve(cents(5)));
  (*over_midnight)->settle({cents(4), true, 1, 1});
  const auto view = b.ledger->show(std::nullopt);
  CHECK(view.lines.front().spent == cents(4));
  REQUIRE(view.rows.size() == 1);
  CHECK(view.rows[0].day == std::chrono::sys_days{std::chrono::year{2026} / 11 / 26});
}

TEST_CASE("a wall clock that is set back begins no day anew") {
  bench b{{none, none, none, cents(10)}};
  b.spend(cents(8));
  b.clock->at -= 48h;
  CHECK_FALSE(b.reserve(cents(5)));
}

TEST_CASE("what was spent before a restart counts, and raises no alert again") {
  bench b{{none, none, none, cents(10)}};
  const auto today = b.ledger->today();
  b.ledger->recall(
    {{today, "shop", "openai", "gpt", 3, 1, 30, 15, cents(6), cents(1)},
     {today - std::chrono::days{1}, "shop", "openai", "gpt", 9, 9, 9, 9, cents(9), cents(9)}});
  CHECK_FALSE(b.reserve(cents(4)));
  const auto alerts = b.watcher->alerts;
  CHECK(alerts == std::vector<std::string>{"day  100"});
  b.spend(cents(1));
  CHECK(b.watcher->alerts.back() == "day  80");
  CHECK(b.ledger->take_unsaved().size() == 1); // only what is new
}

TEST_CASE("what was settled is handed out once to be kept, and again if it could not be") {
  bench b{{}};
  int asked = 0;
  b.ledger->on_unsaved([&] { ++asked; });
  b.spend(cents(1));
  b.spend(cents(2));
  b.spend(cents(1), false);
  CHECK(asked == 1);
  const auto rows = b.ledger->take_unsaved();
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].cost == cents(3));
  CHECK(rows[0].wasted == cents(1));
  CHECK(rows[0].answers == 2);
  CHECK(rows[0].tokens_in == 30);
  CHECK(b.ledger->take_unsaved().empty());
  CHECK_FALSE(b.ledger->has_unsaved());
  b.ledger->give_back({});
  CHECK(asked == 1);
  b.ledger->give_back(rows);
  CHECK(asked == 2);
  CHECK(b.ledger->has_unsaved());
  b.next_turn();
  b.spend(cents(1));
  CHECK(b.ledger->take_unsaved().front().cost == cents(4));
}

TEST_CASE("limits that change apply to what comes") {
  bench b{{none, none, none, cents(10)}};
  b.spend(cents(8));
  CHECK_FALSE(b.reserve(cents(5)));
  b.ledger->set_limits({none, none, none, cents(20)});
  CHECK(b.reserve(cents(5)));
  b.ledger->set_limits({none, none, none, cents(1)});
  CHECK_FALSE(b.reserve(usd{1}));
  b.ledger->set_limits({});
  b.next_turn();
  CHECK(b.reserve(cents(9)));
}

TEST_CASE("a tenant sees only its own") {
  bench b{{}};
  b.spend(cents(1));
  b.spend(cents(2), true, "other");
  const auto all = b.ledger->show(std::nullopt);
  CHECK(all.lines.size() == 3); // the day's, and two tenants'
  CHECK(all.rows.size() == 2);
  const auto own = b.ledger->show("other");
  REQUIRE(own.lines.size() == 1);
  CHECK(own.lines[0].spent == cents(2));
  REQUIRE(own.rows.size() == 1);
  CHECK(own.rows[0].tenant == "other");
  CHECK(b.ledger->show("nobody").lines.front().spent == none);
}

TEST_CASE("threads that race for the last cent do not overspend together") {
  bench b{{none, none, none, cents(50)}};
  b.ledger = std::make_shared<cost_ledger>(b.clock, b.ledger->limits()); // nobody watches
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> racers;
    racers.reserve(4);
    for (int i = 0; i < 4; ++i)
      racers.emplace_back([&] {
        for (int n = 0; n < 1000; ++n)
          if (auto held = b.reserve(cents(1)); held) {
            (*held)->settle({cents(1), true, 1, 1});
            ++passed;
          }
      });
  }
  CHECK(passed.load() == 50);
  CHECK(b.ledger->show(std::nullopt).lines.front().spent == cents(50));
}

} // namespace flipsync
