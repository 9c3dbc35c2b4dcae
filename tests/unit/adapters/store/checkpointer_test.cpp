#include "adapters/store/checkpointer.hpp"

#include <catch2/catch_test_macros.hpp>

#include <filesystem>
#include <string>

#include "tests/unit/adapters/store/store_fixture.hpp"

using namespace flipsync;

TEST_CASE("a log that has grown is moved into the database by the checkpointer's own thread") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "log.db";
  sql::connection writer{file, {}};
  writer.execute("CREATE TABLE t(x BLOB)");
  {
    sql::checkpointer watch{file, {}, writer};
    // 4 MiB in commits of their own: more than the pages that wake the thread.
    for (int i = 0; i < 64; ++i)
      writer.execute("INSERT INTO t VALUES(randomblob(65536))");
  }
  CHECK(std::filesystem::file_size(file) > 2'000'000);
}

TEST_CASE("what was committed is there for another connection while it is checkpointed") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "log.db";
  sql::connection writer{file, {}};
  sql::connection reader{file, {}};
  writer.execute("CREATE TABLE t(x BLOB)");
  const sql::checkpointer watch{file, {}, writer};
  for (int i = 0; i < 200; ++i) {
    writer.execute("INSERT INTO t VALUES(randomblob(65536))");
    sql::query count{reader, "SELECT count(*) FROM t"};
    REQUIRE(count.step());
    CHECK(count.integer(0) == i + 1);
  }
}

TEST_CASE("the disk is near when the log is about to make its writer wait") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "log.db";
  sql::connection writer{file, {}};
  writer.execute("CREATE TABLE t(x BLOB)");
  // Who still reads an old state keeps the log from beginning anew.
  sql::connection reader{file, {}};
  const sql::transaction old_state{reader, sql::transaction_kind::read};
  sql::query count{reader, "SELECT count(*) FROM t"};
  REQUIRE(count.step());
  const sql::checkpointer watch{file, {}, writer};
  CHECK_FALSE(watch.disk_is_near());
  // Two commits that end a little below the limit.
  for (int i = 0; i < 2; ++i)
    writer.execute("INSERT INTO t VALUES(zeroblob("
                   + std::to_string((sql::checkpointer::hard_limit - 128) / 2 * 4096) + "))");
  CHECK(watch.disk_is_near());
}

TEST_CASE("who reads an old state for long makes no commit wait for it") {
  const test::temporary_folder folder;
  const auto file = folder.path() / "log.db";
  const sql::open_settings patient{.busy_timeout = std::chrono::minutes{1}};
  sql::connection writer{file, patient};
  writer.execute("CREATE TABLE t(x BLOB)");
  sql::connection reader{file, {}};
  const sql::checkpointer watch{file, patient, writer};
  const auto add = [&](int pages) {
    writer.execute("INSERT INTO t VALUES(zeroblob(" + std::to_string(pages * 4096) + "))");
  };
  {
    const sql::transaction old_state{reader, sql::transaction_kind::read};
    sql::query count{reader, "SELECT count(*) FROM t"};
    REQUIRE(count.step());
    const auto began = std::chrono::steady_clock::now();
    add(sql::checkpointer::hard_limit + 16); // tries, and gives up
    CHECK_FALSE(watch.disk_is_near());
    add(1); // does not try again
    add(sql::checkpointer::next_try + 16);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{30});
  }
  add(sql::checkpointer::next_try + 16); // succeeds, and the next begins the log anew
  add(1);
  add(1);
  CHECK_FALSE(watch.disk_is_near());
  CHECK(std::filesystem::file_size(file) > std::uintmax_t{sql::checkpointer::hard_limit} * 4096);
}
