#include <catch2/catch_test_macros.hpp>

#include <atomic>
#include <thread>

#include "store_fixture.hpp"

using namespace flipsync;
using test::store_fixture;
using skus = std::vector<std::string>;

namespace {

struct shop_of_five : store_fixture {
  shop_of_five() {
    must_load(import_kind::products,
              "sku,title,price,category,cost,stock,velocity_per_day,lead_time_days\n"
              "FAST,Kettle,50,Kitchen,30,3,9,10\n"
              "EMPTY,Pan,40,Kitchen,20,0,9,5\n"
              "HEAP,Vase,20,Home,10,500,9,5\n"
              "IDLE,Clock,30,Home,29,7,9,5\n"
              "FINE,Rug,100,Home,,60,9,5\n");
    must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status,ordered_at\n"
                                   "1,FINE,1,100,delivered,-60d\n"
                                   "2,FAST,30,50,delivered,-20d\n"
                                   "3,FAST,15,48,shipped,-10d\n"
                                   "3,FINE,30,100,shipped,-10d\n"
                                   "4,EMPTY,6,40,pending,-1d\n"
                                   "5,HEAP,3,20,delivered,-2d\n"
                                   "6,FAST,99,50,cancelled,-1d\n"
                                   "7,FAST,99,50,Refunded,-1d\n");
    must_load(import_kind::prices, "sku,competitor,price,marketplace,seen_at\n"
                                   "FAST,X,49,amazon,-9d\n"
                                   "FAST,X,45,amazon,-2d\n"
                                   "FAST,Y,55,ebay,-3d\n"
                                   "HEAP,X,10,amazon,-5d\n"
                                   "HEAP,X,10,amazon,-4d\n"
                                   "FINE,X,120,amazon,-1d\n"
                                   "GONE,Z,1,amazon,-8d\n"
                                   "GONE,Z,2,amazon,-1h\n");
  }
  skus attention_skus(attention what, std::uint32_t limit = 10) const {
    skus out;
    for (const auto& line : ask<attention_rows>(attention_query{what, limit}).lines)
      out.push_back(line.item->sku);
    return out;
  }
};

} // namespace

TEST_CASE("A dossier has the product, its rivals and its sales") {
  const shop_of_five shop;
  const auto row = shop.dossier("fast");
  REQUIRE(row.item);
  CHECK(row.item->title == "Kettle");
  CHECK(row.item->cost == money{3000});
  REQUIRE(row.rivals.size() == 2);
  CHECK(row.rivals[0] == rival_price{"FAST", "X", money{4500}, "amazon", test::days_ago(2)});
  CHECK(row.rivals[1].competitor == "Y");
  REQUIRE(row.rival_history.size() == 1);
  CHECK(row.rival_history[0].price == money{4900});
  // Cancelled and refunded orders are no sales.
  CHECK(row.last_14_days.units == 15);
  CHECK(row.last_14_days.revenue == money{15 * 4800});
  CHECK(row.last_14_days.days_observed == 14);
  CHECK(row.last_30_days.units == 45);
  CHECK(row.last_30_days.revenue == money{15 * 4800 + 30 * 5000});
  CHECK(row.last_90_days.units == 45);
  CHECK(row.last_90_days.days_observed == 60);
}

TEST_CASE("A dossier is found by text too, and says when there is no such product") {
  const shop_of_five shop;
  CHECK(shop.ask<product_dossier_row>(product_dossier{"", "the kettle"}).item->sku == "FAST");
  CHECK(shop.ask<product_dossier_row>(product_dossier{"NOPE", "vase"}).item->sku == "HEAP");
  CHECK_FALSE(shop.ask<product_dossier_row>(product_dossier{"NOPE", ""}).item);
  CHECK_FALSE(shop.ask<product_dossier_row>(product_dossier{"", "zeppelin"}).item);
}

TEST_CASE("Sales windows end at the asking time and start at the first order") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,10\n");
  CHECK(shop.dossier("A").last_30_days.days_observed == 0);
  shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,ordered_at\n"
                                      "1,A,1,10,-3d12h\n2,A,5,10,2026-03-02T00:00:00Z\n");
  const auto row = shop.dossier("A");
  CHECK(row.last_14_days.units == 1);
  CHECK(row.last_14_days.days_observed == 3);
}

TEST_CASE("The summary adds the shop up") {
  const shop_of_five shop;
  const auto row = shop.ask<shop_summary_row>(shop_summary_query{});
  CHECK(row.products == 5);
  CHECK(row.out_of_stock == 1);
  CHECK(row.stock_value_at_cost == money{3 * 3000 + 500 * 1000 + 7 * 2900});
  CHECK(row.stock_value_at_price == money{3 * 5000 + 500 * 2000 + 7 * 3000 + 60 * 10000});
  const std::int64_t fast = 30 * 5000 + 15 * 4800;
  CHECK(row.revenue_30_days == money{fast + 30 * 10000 + 6 * 4000 + 3 * 2000});
  CHECK(row.cost_of_sales_30_days == money{45 * 3000 + 6 * 2000 + 3 * 1000});
  CHECK(row.revenue_with_cost_30_days == money{fast + 6 * 4000 + 3 * 2000});
  CHECK(row.orders_30_days == 4);
  CHECK(row.open_orders == 1);
  REQUIRE(row.categories.size() == 2);
  CHECK(row.categories[0].category == "Home");
  CHECK(row.categories[0].products == 3);
  CHECK(row.categories[0].units_30_days == 33);
  CHECK(row.categories[1].revenue_30_days == money{fast + 6 * 4000});
}

TEST_CASE("The summary's figures are of all categories and orders, listed or known or not") {
  const store_fixture shop;
  std::string products = "sku,title,price,category,cost,stock\n";
  for (int i = 10; i < 35; ++i)
    products += "P" + std::to_string(i) + ",Thing,10,C" + std::to_string(i) + ",4,2\n";
  shop.must_load(import_kind::products, products);
  shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status,ordered_at\n"
                                      "1,P12,3,10,delivered,-2d\n"
                                      "1,UNKNOWN,5,7,delivered,-2d\n");
  const auto row = shop.ask<shop_summary_row>(shop_summary_query{});
  CHECK(row.products == 25);
  CHECK(row.categories.size() == 20);
  CHECK(row.categories[0].category == "C12");
  CHECK(row.stock_value_at_cost == money{25 * 2 * 400});
  CHECK(row.revenue_30_days == money{3 * 1000 + 5 * 700});
  CHECK(row.cost_of_sales_30_days == money{3 * 400});
  CHECK(row.revenue_with_cost_30_days == money{3 * 1000});
  const auto shown = shop.ask<shop_summary_row>(shop_summary_query{}, audience::shopper);
  CHECK(shown.stock_value_at_cost == money{});
  CHECK(shown.cost_of_sales_30_days == money{});
  CHECK(shown.stock_value_at_price == money{25 * 2 * 1000});
}

TEST_CASE("An empty shop has an empty summary") {
  const store_fixture shop;
  const auto row = shop.ask<shop_summary_row>(shop_summary_query{});
  CHECK(row.products == 0);
  CHECK(row.categories.empty());
  CHECK(row.revenue_30_days == money{});
}

TEST_CASE("Attention names the products that need it, worst first") {
  const shop_of_five shop;
  // FAST sells 1.5 a day: its reorder point is 1.5 x 1.5 x 10, it has 3.
  CHECK(shop.attention_skus(attention::low_stock) == skus{"EMPTY", "FAST"});
  // IDLE never sold. HEAP sold 3 in 60 days: 500 last for ever, and hold the most money.
  CHECK(shop.attention_skus(attention::dead_stock) == skus{"HEAP", "IDLE"});
  CHECK(shop.attention_skus(attention::undercut) == skus{"HEAP", "FAST"});
  CHECK(shop.attention_skus(attention::best_sellers) == skus{"FAST", "FINE", "EMPTY", "HEAP"});
  CHECK(shop.attention_skus(attention::thin_margin) == skus{"IDLE"});
  CHECK(shop.attention_skus(attention::thinnest_margin).front() == "IDLE");
  CHECK(shop.attention_skus(attention::thinnest_margin).size() > 1);
  CHECK(shop.attention_skus(attention::best_sellers, 1) == skus{"FAST"});
}

TEST_CASE("A scope narrows lists and figures before their limit") {
  const shop_of_five shop;
  const auto best = [&](product_scope scope) {
    skus out;
    for (const auto& line :
         shop.ask<attention_rows>(attention_query{attention::best_sellers, 1, std::move(scope)})
           .lines)
      out.push_back(line.item->sku);
    return out;
  };
  CHECK(best({}) == skus{"FAST"});
  CHECK(best({"home", ""}) == skus{"FINE"});
  product_scope cheap;
  cheap.max_price = money{2500};
  CHECK(best(cheap) == skus{"HEAP"});
  product_scope named;
  named.text = "pans";
  CHECK(best(named) == skus{"EMPTY"});
  named.text = "zeppelin";
  CHECK(best(named).empty());
  const auto row = shop.ask<shop_summary_row>(shop_summary_query{{"KITCHEN", ""}});
  CHECK(row.products == 2);
  CHECK(row.out_of_stock == 1);
  CHECK(row.stock_value_at_price == money{3 * 5000});
  // Of orders, those that hold something of the scope, with its lines alone.
  CHECK(row.orders_30_days == 3);
  CHECK(row.open_orders == 1);
  CHECK(row.revenue_30_days == money{30 * 5000 + 15 * 4800 + 6 * 4000});
  const auto moves = shop.ask<price_feed_rows>(price_feed_query{"", 1, {"Kitchen", ""}}).moves;
  REQUIRE(moves.size() == 1);
  CHECK(moves[0].sku == "FAST");
  const auto orders = shop.ask<order_rows>(order_query{"", 1, {"Home", ""}}).lines;
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].sku == "HEAP");
}

TEST_CASE(
  "Dead stock is what lasts more than 180 days by the sales of 30, and all of it is added up") {
  const store_fixture shop;
  std::string products = "sku,title,price,cost,stock\n";
  std::string orders = "order_id,sku,quantity,unit_price,status,ordered_at\n";
  for (int i = 10; i < 22; ++i)
    products += "IDLE" + std::to_string(i) + ",Vase,10,4,5\n";
  // SLOWED sold well 60 days ago and hardly since; EXACT lasts 180 days to the day.
  shop.must_load(import_kind::products,
                 products + "SLOWED,Clock,30,20,31\nEXACT,Rug,9,1,42\nFREE,Gift,9,,3\n");
  shop.must_load(import_kind::orders, orders
                                        + "1,SLOWED,50,30,delivered,-60d\n"
                                          "2,SLOWED,5,30,delivered,-2d\n"
                                          "3,EXACT,7,9,delivered,-2d\n");
  const auto rows = shop.ask<attention_rows>(attention_query{attention::dead_stock, 10});
  CHECK(rows.lines.size() == 10);
  CHECK(rows.total == 14);
  CHECK(rows.lines[0].item->sku == "SLOWED");
  CHECK(rows.tied_up_at_cost == money{12 * 5 * 400 + 31 * 2000});
  const auto shown =
    shop.ask<attention_rows>(attention_query{attention::dead_stock, 10}, audience::shopper);
  CHECK(shown.tied_up_at_cost == money{});
}

TEST_CASE("A rival's price of 0 undercuts nothing") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price\nA,Lamp,10\nB,Pen,10\n");
  shop.must_load(import_kind::prices, "sku,competitor,price\nA,X,0\nB,X,0\nB,Y,9\n");
  const auto rows = shop.ask<attention_rows>(attention_query{attention::undercut, 1});
  REQUIRE(rows.lines.size() == 1);
  CHECK(rows.lines[0].item->sku == "B");
}

TEST_CASE("Attention carries the figures of a dossier") {
  const shop_of_five shop;
  const auto rows = shop.ask<attention_rows>(attention_query{attention::undercut, 10});
  REQUIRE(rows.lines.size() == 2);
  CHECK(rows.lines[1].rivals.front().price == money{4500});
  CHECK(rows.lines[1].last_30_days.units == 45);
  CHECK(rows.lines[1].rival_history.empty());
}

TEST_CASE("With less than 14 days of orders the product's own velocity counts") {
  const store_fixture shop;
  shop.must_load(import_kind::products,
                 "sku,title,price,stock,velocity_per_day\n"
                 "SLOW,Lamp,10,20,0.1\nQUICK,Pen,1,20,4\nUNKNOWN,Rug,9,20,\n");
  shop.must_load(import_kind::orders,
                 "order_id,sku,quantity,unit_price,ordered_at\n1,SLOW,9,10,-5d\n");
  const auto names = [&](attention what) {
    skus out;
    for (const auto& line : shop.ask<attention_rows>(attention_query{what, 10}).lines)
      out.push_back(line.item->sku);
    return out;
  };
  CHECK(names(attention::low_stock) == skus{"QUICK"});
  CHECK(names(attention::dead_stock) == skus{"SLOW"});
  CHECK(names(attention::best_sellers) == skus{"QUICK", "SLOW"});
}

TEST_CASE("The price feed has moves, newest first, and no repeats") {
  const shop_of_five shop;
  const auto all = shop.ask<price_feed_rows>(price_feed_query{"", 10});
  REQUIRE(all.moves.size() == 2);
  CHECK(all.moves[0].sku == "GONE");
  CHECK(all.moves[0].title == "GONE");
  CHECK(all.moves[1].title == "Kettle");
  CHECK(all.moves[1].before == money{4900});
  CHECK(all.moves[1].after == money{4500});
  CHECK(all.moves[1].seen_at == test::days_ago(2));
  CHECK(shop.ask<price_feed_rows>(price_feed_query{"fast", 10}).moves.size() == 1);
  CHECK(shop.ask<price_feed_rows>(price_feed_query{"HEAP", 10}).moves.empty());
  CHECK(shop.ask<price_feed_rows>(price_feed_query{"", 1}).moves.size() == 1);
}

TEST_CASE("Orders are looked up by number, else the newest come") {
  const shop_of_five shop;
  const auto three = shop.ask<order_rows>(order_query{"3", 1});
  REQUIRE(three.lines.size() == 2);
  CHECK(three.lines[0].sku == "FAST");
  CHECK(three.lines[0].state == order_state::sold);
  CHECK(shop.ask<order_rows>(order_query{"4", 1}).lines[0].state == order_state::open);
  CHECK(shop.ask<order_rows>(order_query{"7", 1}).lines[0].state == order_state::undone);
  const auto newest = shop.ask<order_rows>(order_query{"", 3});
  REQUIRE(newest.lines.size() == 3);
  CHECK(newest.lines[0].order_id == "4");
  CHECK(newest.lines[2].order_id == "7");
  CHECK(shop.ask<order_rows>(order_query{"99", 3}).lines.empty());
}

TEST_CASE("Orders are narrowed by product, status, marketplace and time, and all of them counted") {
  const store_fixture shop;
  shop.must_load(import_kind::orders,
                 "order_id,sku,quantity,unit_price,marketplace,status,ordered_at\n"
                 "1,A,1,10,amazon,Cancelled,-20d\n"
                 "2,A,1,10,Walmart,pending,-10d\n"
                 "2,B,1,10,Walmart,pending,-10d\n"
                 "3,B,1,10,walmart,delivered,-9d\n"
                 "4,B,1,10,ebay,canceled,-2d\n"
                 "5,B,1,10,ebay,delivered,2026-03-02T00:00:00Z\n");
  order_query query;
  query.limit = 1;
  query.counted = true;
  const auto count = [&] { return shop.ask<order_rows>(query).orders; };
  CHECK(count() == 5);
  CHECK(shop.ask<order_rows>(query).lines.size() == 1);
  query.sku = "b";
  CHECK(count() == 4);
  query.statuses = {"cancelled", "canceled"};
  CHECK(count() == 1);
  query.sku.clear();
  CHECK(count() == 2);
  query.statuses.clear();
  query.marketplace = "walmart";
  CHECK(count() == 2);
  query.open_only = true;
  CHECK(count() == 1);
  CHECK(shop.ask<order_rows>(query).lines[0].order_id == "2");
  query.open_only = false;
  query.period = time_span{test::days_ago(10), test::days_ago(9)};
  CHECK(count() == 1);
  query.marketplace.clear();
  query.period = time_span{test::days_ago(9), test::days_ago(-400)};
  CHECK(count() == 2); // none that lies ahead
  query.counted = false;
  CHECK(count() == 0);
}

TEST_CASE("Sales are told of a period as well, up to its end and to now") {
  const shop_of_five shop;
  const time_span early{test::days_ago(25), test::days_ago(10)};
  const auto row = shop.ask<shop_summary_row>(shop_summary_query{{}, early});
  CHECK(row.orders_30_days == 1);
  CHECK(row.revenue_30_days == money{30 * 5000});
  CHECK(row.cost_of_sales_30_days == money{30 * 3000});
  CHECK(row.categories[0].category == "Kitchen");
  CHECK(row.first_order == test::days_ago(60));
  CHECK(row.products == 5);
  CHECK_FALSE(shop.ask<shop_summary_row>(shop_summary_query{}).first_order);
  CHECK(shop.ask<shop_summary_row>(shop_summary_query{{"Home", ""}, early}).orders_30_days == 0);
  const auto fast = shop.ask<product_dossier_row>(product_dossier{"FAST", "", early});
  REQUIRE(fast.in_period);
  CHECK(fast.in_period->units == 30);
  CHECK(fast.in_period->revenue == money{30 * 5000});
  CHECK_FALSE(shop.dossier("FAST").in_period);
  const time_span late{test::days_ago(5), test::days_ago(-30)};
  const auto best =
    shop.ask<attention_rows>(attention_query{attention::best_sellers, 10, {}, late}).lines;
  REQUIRE(best.size() == 2);
  CHECK(best[0].item->sku == "EMPTY");
  CHECK(best[0].in_period->units == 6);
  CHECK(best[1].item->sku == "HEAP");
}

TEST_CASE("Undercuts are told of the rivals that are named") {
  const shop_of_five shop;
  const auto by = [&](std::string words) {
    skus out;
    for (const auto& line :
         shop
           .ask<attention_rows>(attention_query{attention::undercut, 10, {}, {}, std::move(words)})
           .lines)
      out.push_back(line.item->sku);
    return out;
  };
  CHECK(by("") == skus{"HEAP", "FAST"});
  CHECK(by("x") == skus{"HEAP", "FAST"});
  CHECK(by("y undercut") == skus{});
  CHECK(by("nobody known") == skus{"HEAP", "FAST"});
  const attention_query of_y{attention::undercut, 10, {}, {}, "y"};
  CHECK(shop.ask<attention_rows>(of_y).rivals == skus{"Y"});
}

TEST_CASE("Rates that carry the weight come cheapest first, the lightest step of each service") {
  const store_fixture shop;
  shop.must_load(import_kind::rates,
                 "carrier,service,zone,max_weight_g,price,days\n"
                 "P,Eco,local,500,4,5\nP,Eco,local,1000,6,5\nP,Eco,local,5000,9,5\n"
                 "Q,Fast,local,2000,5,1\nQ,Fast,far,2000,12,3\nP,Eco,far,500,8,\n");
  const auto rates = [&](std::int64_t weight, std::string zone) {
    std::vector<std::pair<std::string, std::int64_t>> out;
    for (const auto& rate : shop.ask<rate_rows>(rate_query{weight, std::move(zone)}).rates)
      out.emplace_back(rate.carrier, rate.price.cents);
    return out;
  };
  using lines = std::vector<std::pair<std::string, std::int64_t>>;
  CHECK(rates(800, "LOCAL") == lines{{"Q", 500}, {"P", 600}});
  CHECK(rates(500, "local") == lines{{"P", 400}, {"Q", 500}});
  CHECK(rates(3000, "") == lines{{"P", 900}});
  CHECK(rates(9000, "").empty());
  CHECK(rates(0, "far") == lines{{"P", 800}, {"Q", 1200}});
  CHECK(shop.ask<rate_rows>(rate_query{1, "nowhere"}).zones == skus{"far", "local"});
}

TEST_CASE("A large rate table keeps its dearest rates") {
  const store_fixture shop;
  std::string table = "carrier,service,zone,max_weight_g,price\n";
  for (int i = 0; i < 10'001; ++i)
    table += "C" + std::to_string(i / 100) + ",S,Zone-" + std::to_string(i % 10) + ","
             + std::to_string(100 * (i + 1)) + "," + std::to_string(i + 1) + "\n";
  shop.must_load(import_kind::rates, table);
  const auto of_zone = shop.ask<rate_rows>(rate_query{0, "zone 0"});
  REQUIRE(of_zone.rates.size() == 1001);
  CHECK(of_zone.rates.back().price == money{1'000'100});
  CHECK_FALSE(of_zone.cut);
  const auto all = shop.ask<rate_rows>(rate_query{});
  CHECK(all.rates.size() == 10'000);
  CHECK(all.cut);
  CHECK(all.zones.size() == 10);
}

TEST_CASE("A batch is answered in order, from one snapshot") {
  const shop_of_five shop;
  read_batch batch;
  batch.now = test::test_now();
  batch.queries = {product_dossier{"FAST", ""}, shop_summary_query{}, order_query{"4", 1}};
  const auto read = shop.store->read(batch).value();
  REQUIRE(read.rows.size() == 3);
  CHECK(std::get<product_dossier_row>(read.rows[0]).item->sku == "FAST");
  CHECK(std::get<shop_summary_row>(read.rows[1]).products == 5);
  CHECK(std::get<order_rows>(read.rows[2]).lines.size() == 1);
  CHECK(read.catalogue_version == shop.store->catalogue_version());
}

TEST_CASE("A second thread surveys while the first reads and keeps turns") {
  const shop_of_five shop;
  read_batch batch;
  batch.now = test::test_now();
  batch.queries = {shop_summary_query{}, attention_query{attention::low_stock, 5}};
  std::atomic<bool> over = false;
  std::atomic<int> sound = 0;
  std::thread second{[&] {
    do {
      const auto read = shop.store->survey(batch);
      const auto words = shop.store->load_vocabulary();
      if (read && words && std::get<shop_summary_row>(read->rows[0]).products == 5)
        ++sound;
    } while (!over);
  }};
  int kept = 0;
  for (int i = 0; i < 100; ++i) {
    auto turn = std::make_shared<stored_turn>();
    turn->conversation_id = "c";
    turn->turn_id = "t" + std::to_string(i);
    kept += shop.store->append({turn}) && shop.store->read(batch) ? 1 : 0;
  }
  over = true;
  second.join();
  CHECK(kept == 100);
  CHECK(sound > 0);
}

TEST_CASE("A survey shows what was imported before it") {
  const shop_of_five shop;
  read_batch batch;
  batch.now = test::test_now();
  batch.queries = {shop_summary_query{}};
  const auto before = shop.store->survey(batch).value();
  shop.must_load(import_kind::products, "sku,title,price\nNEW,Lamp,5\n");
  const auto after = shop.store->survey(batch).value();
  CHECK(std::get<shop_summary_row>(after.rows[0]).products == 6);
  CHECK(after.catalogue_version == before.catalogue_version + 1);
}

TEST_CASE("What is low on stock keeps the safety stock that the product names") {
  const store_fixture shop;
  shop.must_load(import_kind::products, "sku,title,price,stock,velocity_per_day,lead_time_days,"
                                        "Safety Stock\n"
                                        "SAFE,Hoodie,9,30,1,4,200\n"
                                        "RULE,Mug,9,7,1,4,\n"
                                        "LESS,Rug,9,6,1,4,1\n"
                                        "ODD,Pan,9,6,1,4,-5\n");
  const auto rows = shop.ask<attention_rows>(attention_query{attention::low_stock, 10});
  skus found;
  for (const auto& line : rows.lines)
    found.push_back(line.item->sku);
  // The rule's reorder point is 4 + 2; LESS's own is 4 + 1, with 6 there.
  CHECK(found == skus{"ODD", "SAFE"});
}

TEST_CASE("An order is found with and without the hash of its id, the very id first") {
  const store_fixture shop;
  shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,ordered_at\n"
                                      "#1001,A,1,10,-2d\n#1001,B,1,10,-2d\n"
                                      "#1002,A,1,10,-2d\n1002,B,1,10,-2d\n"
                                      "#x-3,A,1,10,-2d\n");
  const auto lines_of = [&](std::string id) {
    skus out;
    for (const auto& line : shop.ask<order_rows>(order_query{std::move(id), 5}).lines)
      out.push_back(line.order_id + ' ' + line.sku);
    return out;
  };
  CHECK(lines_of("1001") == skus{"#1001 A", "#1001 B"});
  CHECK(lines_of("#1001") == skus{"#1001 A", "#1001 B"});
  CHECK(lines_of("1002") == skus{"1002 B"});
  CHECK(lines_of("#1002") == skus{"#1002 A"});
  CHECK(lines_of("X-3") == skus{"#x-3 A"});
  CHECK(lines_of("001").empty());
}

TEST_CASE("Orders that await whatever it is are still open") {
  const store_fixture shop;
  shop.must_load(import_kind::orders, "order_id,sku,quantity,unit_price,status,ordered_at\n"
                                      "1,A,1,10,Awaiting Fulfillment,-2d\n"
                                      "2,A,1,10,awaiting-pickup,-2d\n"
                                      "3,A,1,10,awaiting payment,-2d\n"
                                      "4,A,1,10,On-Hold,-2d\n"
                                      "5,A,1,10,delivered,-2d\n");
  CHECK(shop.ask<shop_summary_row>(shop_summary_query{}).open_orders == 4);
}
