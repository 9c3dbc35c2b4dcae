#include "runtime/core/store/read_cache.hpp"

#include <catch2/catch_test_macros.hpp>

#include <set>

using namespace flipsync;
using namespace std::chrono_literals;

namespace {

class hand_clock : public clock_port {
public:
  [[nodiscard]] mono_time now() const noexcept override { return time; }
  [[nodiscard]] wall_time wall() const noexcept override { return {}; }
  void arm(mono_time, std::function<void()>) override {}
  mono_time time{};
};

std::shared_ptr<const store_rows> rows(std::uint64_t total, std::size_t text = 0) {
  product_search_rows found;
  found.total = total;
  if (text > 0)
    found.hits.push_back({.item = {.sku = "S", .description = std::string(text, 'x')}});
  return std::make_shared<const store_rows>(found);
}

store_query search(const std::string& text) { return product_search{.text = text}; }

struct rig {
  std::shared_ptr<hand_clock> clock = std::make_shared<hand_clock>();
  read_cache cache{64 * 1024, 1000ms, clock};
};

} // namespace

TEST_CASE("any field of a query that matters changes its key") {
  product_search base{.text = "a", .category = "b", .brand = "c", .limit = 5};
  std::set<std::string> keys{key_of(base)};
  const auto differs = [&](auto change) {
    auto other = base;
    change(other);
    CHECK(keys.insert(key_of(other)).second);
  };
  differs([](product_search& q) { q.text = "aa"; });
  differs([](product_search& q) { q.category = "bb"; });
  differs([](product_search& q) { q.brand = "cc"; });
  differs([](product_search& q) { q.min_price = money{1}; });
  differs([](product_search& q) { q.max_price = money{1}; });
  differs([](product_search& q) { q.in_stock_only = true; });
  differs([](product_search& q) { q.limit = 6; });
  differs([](product_search& q) { q.loose_category = true; });
  differs([](product_search& q) { q.other_categories = {"b"}; });
  differs([](product_search& q) { q.other_brands = {"b"}; });
  differs([](product_search& q) { q.without = {"b"}; });
  differs([](product_search& q) { q.attributes = {{"size", 1.0, {}}}; });
  differs([](product_search& q) { q.attributes = {{"size", {}, 1.0}}; });
  differs([](product_search& q) {
    q.text = "ab";
    q.category = "";
  });
  CHECK(keys.insert(key_of(product_dossier{"a", "b"})).second);
  CHECK(keys.insert(key_of(order_query{"", 5})).second);
  CHECK(keys.insert(key_of(order_query{"", 5, {"Audio", ""}})).second);
  CHECK(keys.insert(key_of(order_query{"", 5, {"", "Audio"}})).second);
  const time_span day{wall_time{}, wall_time{} + std::chrono::hours{24}};
  const time_span night{wall_time{}, wall_time{} + std::chrono::hours{12}};
  for (const auto& span : {day, night}) {
    CHECK(keys.insert(key_of(product_dossier{"A", "", span})).second);
    CHECK(keys.insert(key_of(shop_summary_query{{}, span})).second);
    CHECK(keys.insert(key_of(attention_query{attention::best_sellers, 10, {}, span})).second);
    order_query placed;
    placed.period = span;
    CHECK(keys.insert(key_of(placed)).second);
  }
  CHECK(keys.insert(key_of(attention_query{attention::undercut, 10, {}, {}, "acme"})).second);
  order_query orders;
  const auto other = [&] { return keys.insert(key_of(orders)).second; };
  orders.sku = "A";
  CHECK(other());
  orders.marketplace = "ebay";
  CHECK(other());
  orders.open_only = true;
  CHECK(other());
  orders.counted = true;
  CHECK(other());
  orders.statuses = {"pending"};
  CHECK(other());
  orders.statuses = {"pen", "ding"};
  CHECK(other());
  CHECK(key_of(base) == key_of(product_search{base}));
}

TEST_CASE("a shopper's rows are kept apart from the others'") {
  rig r;
  r.cache.put(audience::seller, search("a"), 1, rows(7));
  CHECK(r.cache.get(audience::seller, search("a"), 1));
  CHECK(r.cache.get(audience::any, search("a"), 1));
  CHECK_FALSE(r.cache.get(audience::shopper, search("a"), 1));
  CHECK_FALSE(r.cache.get(audience::seller, search("b"), 1));
}

TEST_CASE("a new version of the catalogue empties the cache, and old rows do not come back") {
  rig r;
  r.cache.put(audience::any, search("a"), 1, rows(7));
  CHECK_FALSE(r.cache.get(audience::any, search("a"), 2));
  r.cache.put(audience::any, search("a"), 1, rows(7)); // was read before the import
  CHECK_FALSE(r.cache.get(audience::any, search("a"), 2));
  CHECK(r.cache.bytes() == 0);
}

TEST_CASE("rows expire") {
  rig r;
  r.cache.put(audience::any, search("a"), 1, rows(7));
  r.clock->time += 999ms;
  CHECK(r.cache.get(audience::any, search("a"), 1));
  r.clock->time += 1ms;
  CHECK_FALSE(r.cache.get(audience::any, search("a"), 1));
  CHECK(r.cache.bytes() == 0);
}

TEST_CASE("the cache keeps to its bytes and lets go of what was used longest ago") {
  rig r;
  for (int i = 0; i < 100; ++i) {
    r.cache.put(audience::any, search(std::to_string(i)), 1, rows(1, 4000));
    CHECK(r.cache.get(audience::any, search("0"), 1)); // used each time, so it stays
    CHECK(r.cache.bytes() <= 64 * 1024);
  }
  CHECK_FALSE(r.cache.get(audience::any, search("1"), 1));
  CHECK(r.cache.get(audience::any, search("99"), 1));
}

TEST_CASE("rows too large for their share are not kept") {
  rig r;
  r.cache.put(audience::any, search("a"), 1, rows(1, 60'000));
  CHECK_FALSE(r.cache.get(audience::any, search("a"), 1));
}
