#include "adapters/store/import_rows.hpp"

#include <catch2/catch_test_macros.hpp>

#include "store_fixture.hpp"

using namespace flipsync;

namespace {

using cells = std::vector<field>;

result<decoded_row<product>> decode(cells row) {
  column_names names{import_kind::products, {}};
  return decode_product({1, std::move(row), ""}, names);
}

std::string why_not(cells row) {
  const auto decoded = decode(std::move(row));
  return decoded ? "" : decoded.error().message;
}

/// A good product row with one more cell.
cells with(std::string_view name, std::string_view value) {
  return {{"sku", "A"}, {"title", "Lamp"}, {"price", "1"}, {name, value}};
}

const row_clock noon{test::test_now(), test::test_now()};

} // namespace

TEST_CASE("A full product row becomes a product") {
  const auto row = decode({{"sku", " A-1 "},
                           {"title", "Lamp"},
                           {"price", "$1,299.50"},
                           {"brand", "Fernwick"},
                           {"cost", "700"},
                           {"stock", "12"},
                           {"max_stock", "40.0"},
                           {"velocity_per_day", "0.5"},
                           {"lead_time_days", "7"},
                           {"weight_g", "900"},
                           {"tags", "light; desk ;;"},
                           {"age_restricted", "Yes"},
                           {"color", "green"},
                           {"size", ""}})
                     .value();
  const auto& item = row.item;
  CHECK(item.sku == "A-1");
  CHECK(item.price == money{129950});
  CHECK(item.cost == money{70000});
  CHECK(item.stock == 12);
  CHECK(item.max_stock == 40);
  CHECK(item.velocity_per_day == 0.5);
  CHECK(item.weight_g == 900);
  CHECK(item.tags == std::vector<std::string>{"light", "desk"});
  CHECK(item.age_restricted);
  CHECK(item.attributes
        == std::vector<std::pair<std::string, std::string>>{{"color", "green"}, {"size", ""}});
  CHECK(row.present.has(column::cost));
  CHECK_FALSE(row.present.has(column::category));
}

TEST_CASE("A wrong product row says what is wrong") {
  CHECK(why_not({{"title", "Lamp"}, {"price", "1"}}) == "no sku");
  CHECK(why_not({{"sku", " "}, {"title", "Lamp"}, {"price", "1"}}) == "no sku");
  CHECK(why_not({{"sku", "A"}, {"price", "1"}}) == "no title");
  CHECK(why_not({{"sku", "A"}, {"title", "Lamp"}, {"price", ""}}) == "no price");
  CHECK(why_not({{"sku", "A"}, {"title", "Lamp"}, {"price", "cheap"}})
          .starts_with("price 'cheap' is no"));
  CHECK(why_not({{"sku", "A"}, {"title", "Lamp"}, {"price", "-1"}}) == "price '-1' is negative");
  CHECK(why_not(with("stock", "-3")) == "stock '-3' is negative");
  CHECK(why_not(with("stock", "1.5")) == "stock '1.5' is no whole number");
  CHECK(why_not(with("stock", "many")) == "stock 'many' is no number");
  CHECK(why_not(with("stock", "99999999999")) == "stock '99999999999' is too large");
  CHECK(why_not(with("velocity_per_day", "nan")) == "velocity_per_day 'nan' is no number");
  CHECK(why_not(with("cost", "-0.01")) == "cost '-0.01' is negative");
  CHECK(why_not(with("age_restricted", "maybe"))
        == "age_restricted 'maybe' is neither true nor false");
  CHECK(why_not(with("SKU", "B")) == "two columns are sku");
  CHECK(why_not(with("brand", "a\x01z")) == "brand holds a control character");
  CHECK(why_not(with("brand", std::string(201, 'x'))) == "brand is longer than 200 bytes");
  CHECK(why_not(with("brand", "ok")).empty());
}

TEST_CASE("A line break in a title, a brand or a category is a blank") {
  const auto row = decode({{"sku", "A"},
                           {"title", "\nStudio \r\n  Lamp,\tblue\n"},
                           {"price", "1"},
                           {"brand", "Fern\nwick"},
                           {"category", "Desk\r\nLamps"}})
                     .value();
  CHECK(row.item.title == "Studio Lamp, blue");
  CHECK(row.item.brand == "Fern wick");
  CHECK(row.item.category == "Desk Lamps");
  CHECK(why_not({{"sku", "A\nB"}, {"title", "Lamp"}, {"price", "1"}})
        == "sku holds a control character");
}

TEST_CASE("Import times are RFC 3339 or count back from the anchor") {
  using namespace std::chrono;
  const auto now = test::test_now();
  CHECK(parse_import_time("-3d", now).value() == now - hours{72});
  CHECK(parse_import_time("-12h", now).value() == now - hours{12});
  CHECK(parse_import_time("-3d12h30m", now).value() == now - hours{84} - minutes{30});
  CHECK(parse_import_time("-0m", now).value() == now);
  CHECK(parse_import_time("2026-02-01T00:00:00Z", now).value()
        == wall_time{sys_days{year{2026} / 2 / 1}});
  for (const auto* bad : {"-", "-d", "-3", "-3w", "-3d-2h", "--3d", "3d", "-99999999999d",
                          "-40000d", "yesterday", "-3 d"}) {
    INFO(bad);
    CHECK_FALSE(parse_import_time(bad, now).has_value());
  }
}

TEST_CASE("A price, an order and a rate want their own columns") {
  column_names prices{import_kind::prices, {}};
  const auto price = decode_price(
    {1, {{"sku", "A"}, {"competitor", "BrightCart"}, {"price", "9.99"}, {"seen_at", ""}}, ""},
    prices, noon);
  CHECK(price.value().item.seen_at == test::test_now());
  CHECK_FALSE(price.value().present.has(column::seen_at));
  CHECK(decode_price({1, {{"sku", "A"}, {"price", "9"}}, ""}, prices, noon).error().message
        == "no competitor");
  CHECK_FALSE(
    decode_price({1, {{"sku", "A"}, {"competitor", "B"}, {"price", "9"}, {"seen_at", "soon"}}, ""},
                 prices, noon)
      .has_value());

  column_names orders{import_kind::orders, {}};
  const auto order = [&](std::string_view quantity, std::string_view price = "2") {
    return decode_order({1,
                         {{"order_id", "O"},
                          {"sku", "A"},
                          {"quantity", quantity},
                          {"unit_price", price},
                          {"ordered_at", "-1d"}},
                         ""},
                        orders, noon);
  };
  CHECK(order("2").value().item.ordered_at == test::days_ago(1));
  CHECK(order("0").error().message == "quantity is 0");
  CHECK(order("1000000000", "100").has_value());
  CHECK(order("1000000000", "100.01").error().message
        == "quantity times unit_price is over $100 billion");
  CHECK(order("").error().message == "no quantity");
  CHECK(order("-1").error().message == "quantity '-1' is negative");

  column_names rates{import_kind::rates, {}};
  const auto rate = [&](std::string_view weight) {
    return decode_rate({1,
                        {{"carrier", "C"},
                         {"service", "S"},
                         {"zone", "Z"},
                         {"max_weight_g", weight},
                         {"price", "4"},
                         {"days", "3"}},
                        ""},
                       rates);
  };
  CHECK(rate("500").value().item.days == 3);
  CHECK(rate("0").error().message == "max_weight_g is 0");
  CHECK(rate("").error().message == "no max_weight_g");
}

TEST_CASE("A time in the future is refused, a day ahead is a clock's or a zone's") {
  column_names prices{import_kind::prices, {}};
  column_names orders{import_kind::orders, {}};
  const auto price = [&](std::string_view seen) {
    const auto read =
      decode_price({1, {{"sku", "A"}, {"competitor", "B"}, {"price", "9"}, {"seen_at", seen}}, ""},
                   prices, noon);
    return read ? "" : read.error().message;
  };
  CHECK(price("2026-03-02T12:00:00Z").empty());
  CHECK(price("2026-03-02T12:00:01Z") == "seen_at '2026-03-02T12:00:01Z' is in the future");
  const auto order = decode_order({1,
                                   {{"order_id", "O"},
                                    {"sku", "A"},
                                    {"quantity", "1"},
                                    {"unit_price", "9"},
                                    {"ordered_at", "2206-01-01"}},
                                   ""},
                                  orders, noon);
  CHECK(order.error().message == "ordered_at '2206-01-01' is in the future");
}

TEST_CASE("Columns of one name in two spellings are refused") {
  CHECK(
    why_not({{"sku", "A"}, {"title", "T"}, {"price", "1"}, {"Volume ml", ""}, {"volume-ML", "2"}})
    == "two columns are volume_ml");
}

TEST_CASE("An attribute in another spelling is the one that is stored") {
  product stored;
  stored.sku = "A";
  // As older versions kept two spellings.
  stored.attributes = {{"Color", "red"}, {"fit", "slim"}, {"color", "blue"}, {"Size", "L"}};
  const auto row =
    decode({{"sku", "A"}, {"title", "T"}, {"price", "9"}, {"COLOR", "green"}, {"size", ""}})
      .value();
  CHECK(merged(stored, row).attributes
        == std::vector<std::pair<std::string, std::string>>{{"Color", "green"}, {"fit", "slim"}});
}

TEST_CASE("What a row does not say stays as it is stored") {
  product stored;
  stored.sku = "A";
  stored.title = "Old";
  stored.cost = money{500};
  stored.stock = 4;
  stored.attributes = {{"color", "red"}, {"size", "L"}};
  const auto row = decode({{"sku", "a"},
                           {"title", "New"},
                           {"price", "9"},
                           {"stock", ""},
                           {"color", ""},
                           {"fit", "slim"}})
                     .value();
  const auto after = merged(stored, row);
  CHECK(after.sku == "A");
  CHECK(after.title == "New");
  CHECK(after.cost == money{500});
  CHECK_FALSE(after.stock);
  CHECK(after.attributes
        == std::vector<std::pair<std::string, std::string>>{{"size", "L"}, {"fit", "slim"}});
}
