#include <catch2/catch_test_macros.hpp>

#include <utility>

#include "adapters/store/sqlite.hpp"
#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;

namespace {

const day_point monday{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};

spending_row row_of(std::string tenant, std::string model, std::int64_t nanos) {
  spending_row row;
  row.day = monday;
  row.tenant = std::move(tenant);
  row.provider = "openai";
  row.model = std::move(model);
  row.answers = 1;
  row.tokens_in = 10;
  row.tokens_out = 5;
  row.cost = {nanos};
  return row;
}

/// Has what a test gives it.
struct purse : spending_source {
  std::vector<spending_row> unsaved;
  std::vector<spending_row> take_unsaved() override { return std::exchange(unsaved, {}); }
  void give_back(const std::vector<spending_row>& rows) override {
    unsaved.insert(unsaved.end(), rows.begin(), rows.end());
  }
};

std::shared_ptr<stored_turn> some_turn() {
  auto turn = std::make_shared<stored_turn>();
  turn->conversation_id = "c";
  turn->turn_id = "t1";
  turn->agent = "concierge";
  turn->question = {"user", "question", "", test::test_now(), {}};
  turn->answer = {"assistant", "answer", "concierge", test::test_now(), {}};
  return turn;
}

struct followed_purse : store_fixture {
  std::shared_ptr<purse> money = std::make_shared<purse>();
  followed_purse() { store->spending()->follow(money); }

  /// As another process reads it.
  [[nodiscard]] std::vector<spending_row> kept(day_point day = monday) const {
    return test::must_open(folder.path() / "data")->spending()->of_day(day).value();
  }
};

} // namespace

TEST_CASE("What is spent adds up by day, tenant and model, and is there after a restart") {
  const followed_purse shop;
  auto* book = shop.store->spending();
  shop.money->unsaved = {row_of("a", "x", 100), row_of("b", "x", 7)};
  REQUIRE(book->keep().has_value());
  CHECK(shop.money->unsaved.empty());
  auto lost = row_of("a", "x", 0);
  lost.answers = 0;
  lost.failures = 1;
  lost.wasted = {3};
  auto next_day = row_of("a", "x", 50);
  next_day.day += std::chrono::days{1};
  shop.money->unsaved = {lost, row_of("a", "y", 1), next_day};
  REQUIRE(book->keep().has_value());

  const auto rows = shop.kept();
  REQUIRE(rows.size() == 3);
  auto sum = row_of("a", "x", 100);
  sum.failures = 1;
  sum.tokens_in = 20;
  sum.tokens_out = 10;
  sum.wasted = {3};
  CHECK(rows[0] == sum);
  CHECK(rows[1] == row_of("a", "y", 1));
  CHECK(rows[2] == row_of("b", "x", 7));
  CHECK(shop.kept(monday - std::chrono::days{1}).empty());
}

TEST_CASE("What was spent is kept in the commit of a turn, in the store's thread or at once") {
  const followed_purse shop;
  shop.money->unsaved = {row_of("a", "x", 100)};
  REQUIRE(shop.store->append({some_turn()}).has_value());
  CHECK(shop.kept() == std::vector{row_of("a", "x", 100)});
  shop.money->unsaved = {row_of("b", "x", 1)};
  REQUIRE(shop.store->append_now(some_turn()));
  CHECK(shop.kept().size() == 2);
  CHECK(shop.money->unsaved.empty());
}

TEST_CASE(
  "What was spent goes back to where it came from if the commit fails, and no turn is kept") {
  const followed_purse shop;
  shop.money->unsaved = {row_of("a", "x", 100)};
  {
    sql::connection other{shop.folder.path() / "data" / "conversations.db", {}};
    const sql::transaction writing{other, sql::transaction_kind::write};
    CHECK_FALSE(shop.store->append_now(some_turn()));
  }
  CHECK(shop.money->unsaved == std::vector{row_of("a", "x", 100)});
  {
    sql::connection other{shop.folder.path() / "data" / "conversations.db", {}};
    other.execute("ALTER TABLE spending RENAME TO elsewhere");
  }
  CHECK(shop.store->append({some_turn()}).error().code == errc::store_failed);
  CHECK(shop.store->spending()->keep().error().code == errc::store_failed);
  CHECK(shop.money->unsaved == std::vector{row_of("a", "x", 100)});
  CHECK_FALSE(shop.store->history("default", "c", 5).value().exists);
}

TEST_CASE("Nothing to keep is no error, and neither is nobody to follow") {
  const followed_purse shop;
  CHECK(shop.store->spending()->keep().has_value());
  const store_fixture alone;
  CHECK(alone.store->spending()->keep().has_value());
}
