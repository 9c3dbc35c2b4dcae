#include "adapters/store/schema.hpp"

#include <catch2/catch_test_macros.hpp>

#include <array>

#include "store_fixture.hpp"

using namespace flipsync;

namespace {

constexpr std::array<sql::migration, 3> steps{"CREATE TABLE a(x INTEGER); INSERT INTO a VALUES(1)",
                                              "ALTER TABLE a ADD COLUMN y INTEGER DEFAULT 2",
                                              "UPDATE a SET y = y + x"};

std::int64_t number(sql::connection& db, std::string_view sql) {
  sql::query q{db, sql};
  return q.step() ? q.integer(0) : -1;
}

} // namespace

TEST_CASE("A database is brought up to date from every earlier version") {
  for (std::size_t from = 0; from <= steps.size(); ++from) {
    INFO(from);
    const test::temporary_folder folder;
    sql::connection db{folder.path() / "x.db", {}};
    REQUIRE(sql::migrate(db, std::span{steps}.first(from), "x.db").has_value());
    CHECK(db.user_version() == static_cast<std::int64_t>(from));
    REQUIRE(sql::migrate(db, steps, "x.db").has_value());
    CHECK(db.user_version() == 3);
    CHECK(number(db, "SELECT y FROM a") == 3);
    REQUIRE(sql::migrate(db, steps, "x.db").has_value());
    CHECK(number(db, "SELECT y FROM a") == 3);
  }
}

TEST_CASE("The catalogue keeps its rows from every earlier schema") {
  const auto all = sql::catalogue_migrations();
  for (std::size_t from = 1; from <= all.size(); ++from) {
    INFO(from);
    const test::temporary_folder folder;
    {
      sql::connection db{folder.path() / "catalogue.db", {}};
      REQUIRE(sql::migrate(db, all.first(from), "catalogue.db").has_value());
      db.execute("INSERT INTO tenants VALUES(1, 'default');"
                 "INSERT INTO rates VALUES(1, 'P', 'S', 'local', 500, 400, 2)");
    }
    const auto store = test::must_open(folder.path());
    CHECK(store->counts().value().rates == 1);
    import_options options;
    options.now = test::test_now();
    CHECK(import_text(*store, "sku,title,price\nA,Lamp,1\n", options).value().committed);
  }
}

TEST_CASE("A catalogue that was searched by the shop's own business is so no more") {
  const test::temporary_folder folder;
  {
    sql::connection db{folder.path() / "catalogue.db", {}};
    REQUIRE(sql::migrate(db, sql::catalogue_migrations().first(2), "catalogue.db").has_value());
    db.execute("INSERT INTO tenants VALUES(1, 'default');"
               "INSERT INTO products SELECT (1 << 40) + 1, 1, 100, 5, 0, 'A-1', 'lamp', '', '', '',"
               " 'Lamp', '', '', '', 50, NULL, NULL, NULL, NULL, 'warm;cosy',"
               R"( '{"color":"Blue","dimmable":"yes","supplier":"Acme","unit_cost":"12.34"}',)"
               " 'Shines.', 'a 1 shines warm cosy blue dimmable acme 12 34';"
               "INSERT INTO product_words(product_words) VALUES('rebuild');"
               "INSERT INTO product_numbers VALUES((1 << 40) + 1, 'unit cost', 12.34),"
               " ((1 << 40) + 1, 'hours', 3)");
  }
  const auto store = test::must_open(folder.path());
  CHECK(store->catalogue_version() == 1);
  sql::connection db{folder.path() / "catalogue.db", {}};
  CHECK(number(db, "SELECT body_key = 'a 1 shines warm cosy blue dimmable' FROM products") == 1);
  const auto hits = [&](const std::string& word) {
    return number(db,
                  "SELECT count(*) FROM product_words WHERE product_words MATCH '" + word + "'");
  };
  CHECK(hits("acme") == 0);
  CHECK(hits("34") == 0);
  CHECK(hits("dimmable") == 1);
  CHECK(number(db, "SELECT count(*) FROM product_numbers") == 1);
}

TEST_CASE("Conversations keep what was said from every earlier schema") {
  const auto all = sql::conversation_migrations();
  for (const std::size_t from : {std::size_t{1}, std::size_t{2}}) {
    INFO(from);
    const test::temporary_folder folder;
    {
      sql::connection db{folder.path() / "conversations.db", {}};
      REQUIRE(sql::migrate(db, all.first(from), "conversations.db").has_value());
      db.execute("INSERT INTO conversations VALUES(3, 'default', 'empty', 'c1', 1, '', 50, 60),"
                 " (7, 'default', 'long', 'c2', 1, 'pricing', 100, 900),"
                 " (8, 'other', 'long', '', 0, 'concierge', 100, 200);"
                 "INSERT INTO messages VALUES(7, 1, 't1', 'user', 'one?', '', 100, ''),"
                 " (7, 2, 't1', 'assistant', 'one.', 'concierge', 110, 'A' || char(10)),"
                 " (7, 3, 't2', 'user', 'two?', '', 890, ''),"
                 " (7, 4, 't2', 'assistant', 'two.', 'pricing', 900, ''),"
                 " (8, 1, 't3', 'user', 'else?', '', 100, ''),"
                 " (8, 2, 't3', 'assistant', 'else.', 'concierge', 200, '')");
    }
    const auto store = test::must_open(folder.path());
    const auto history = store->history("default", "long", 10).value();
    CHECK(history.agent == "pricing");
    REQUIRE(history.messages.size() == 4);
    CHECK(history.messages[0].text == "one?");
    CHECK(history.messages[1].skus == std::vector<std::string>{"A"});
    CHECK(history.messages[1].at == wall_time{std::chrono::milliseconds{110}});
    CHECK(history.messages[3].agent == "pricing");
    const auto listed = store->archive()->conversations("default", 0, 10).value().items;
    REQUIRE(listed.size() == 2);
    CHECK(listed[0].messages == 4);
    CHECK(listed[0].customer_id == "c2");
    CHECK(listed[1].id == "empty");
    CHECK(listed[1].messages == 0);
    CHECK(store->history("default", "empty", 10).value().exists);
    CHECK(store->history("other", "long", 10).value().messages.size() == 2);
    CHECK(store->archive()->messages("default", "long", 2, 1, nullptr).value()->items.at(0).turn_id
          == "t2");
  }
}

TEST_CASE("A step that fails leaves the database as it was") {
  const test::temporary_folder folder;
  sql::connection db{folder.path() / "x.db", {}};
  REQUIRE(sql::migrate(db, std::span{steps}.first(1), "x.db").has_value());
  constexpr std::array<sql::migration, 3> broken{steps[0], steps[1], "UPDATE nowhere SET x = 1"};
  CHECK_THROWS_AS(sql::migrate(db, broken, "x.db"), sql::failure);
  CHECK(db.user_version() == 1);
  CHECK(number(db, "SELECT count(*) FROM pragma_table_info('a')") == 1);
}

TEST_CASE("A database made by a newer program is refused") {
  const test::temporary_folder folder;
  for (const auto* file : {"catalogue.db", "conversations.db"}) {
    {
      const auto store = test::must_open(folder.path() / file);
      CHECK(store);
    }
    sql::connection{folder.path() / file / file, {}}.execute("PRAGMA user_version=99");
    store_options options;
    options.data_dir = folder.path() / file;
    const auto refused = open_store(options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::conflict);
    CHECK(refused.error().detail("file") == file);
  }
}

TEST_CASE("A file that is no database is an error, not a crash") {
  const test::temporary_folder folder;
  (void)folder.write("catalogue.db", std::string(8192, 'x'));
  store_options options;
  options.data_dir = folder.path();
  const auto refused = open_store(options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::store_failed);
}

TEST_CASE("A data folder that cannot be made is an error") {
  const test::temporary_folder folder;
  store_options options;
  options.data_dir = folder.write("file", "x") / "data";
  const auto refused = open_store(options);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().code == errc::store_failed);
  CHECK_FALSE(lock_data_dir(options.data_dir).has_value());
}

TEST_CASE("Commits are synchronous as the options say") {
  for (const bool full : {false, true}) {
    const test::temporary_folder folder;
    sql::connection db{folder.path() / "x.db", {full, std::chrono::milliseconds{100}}};
    CHECK(number(db, "PRAGMA synchronous") == (full ? 2 : 1));
    CHECK(number(db, "PRAGMA foreign_keys") == 1);
    sql::query mode{db, "PRAGMA journal_mode"};
    REQUIRE(mode.step());
    CHECK(mode.text(0) == "wal");
  }
}

TEST_CASE("Orders that were taken for closed while they awaited something are open afterwards") {
  const test::temporary_folder folder;
  {
    sql::connection db{folder.path() / "catalogue.db", {}};
    REQUIRE(sql::migrate(db, sql::catalogue_migrations().first(2), "catalogue.db").has_value());
    db.execute("INSERT INTO tenants VALUES(1, 'default');"
               "INSERT INTO orders VALUES(1, '1', 'A', 1, 10, '', '', 'Awaiting Pickup', 1, 5),"
               " (1, '2', 'A', 1, 10, '', '', 'awaiting_review', 1, 5),"
               " (1, '3', 'A', 1, 10, '', '', 'delivered', 1, 5),"
               " (1, '4', 'A', 1, 10, '', '', 'awaitingly', 1, 5)");
  }
  const auto store = test::must_open(folder.path());
  CHECK(store->catalogue_version() == 1);
  sql::connection db{folder.path() / "catalogue.db", {}};
  CHECK(number(db, "SELECT count(*) FROM orders WHERE state = 0") == 2);
}
